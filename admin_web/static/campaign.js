// The form of a campaign: its preview follows what is typed, provinces can be found, a letter too large is said at once.

const form = document.querySelector("form[data-campaign]");
const preview = document.getElementById("preview");

// --- the preview is made by the server, from the same words that go out

let waiting = null;
let asked = null;

const look = async () => {
  asked?.abort();
  asked = new AbortController();
  const data = new FormData(form);
  data.delete("letter");
  data.set("act", "preview");
  try {
    const answer = await fetch(location.pathname, { method: "POST", body: data, signal: asked.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("preview");
    const button = preview.querySelector(".look");
    if (fresh) preview.replaceChildren(...[...fresh.childNodes].filter((one) => !one.classList?.contains("look")), button);
  } catch {
    // Offline, or asked again meanwhile: the button does the same.
  }
};

form.addEventListener("input", ({ target }) => {
  if (target.type === "file" || target.dataset.find) return;
  clearTimeout(waiting);
  waiting = setTimeout(look, 600);
});

// --- a letter that is too large is not sent at all

const letter = document.getElementById("f-letter");
letter?.addEventListener("change", () => {
  const large = letter.files[0]?.size > Number(letter.dataset.most);
  letter.setCustomValidity(large ? letter.dataset.tooLarge : "");
  if (large) letter.reportValidity();
});

// --- provinces

const find = document.querySelector("[data-find]");
find?.addEventListener("input", () => {
  const wanted = find.value.trim();
  for (const one of document.querySelectorAll(".province")) one.hidden = !one.dataset.name.includes(wanted);
});
find?.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });

document.querySelector("[aria-invalid]")?.focus();
