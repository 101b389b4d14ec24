// One button to copy each answer.

for (const button of document.querySelectorAll("[data-copy]")) {
  const words = button.firstChild.textContent;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    let said = button.dataset.copied;
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Browsers give the clipboard to https pages only; what is chosen can still be copied by hand.
      if (!document.execCommand("copy")) said = button.dataset.byHand;
    }
    button.firstChild.textContent = said;
    setTimeout(() => { button.firstChild.textContent = words; }, 2000);
  });
}
