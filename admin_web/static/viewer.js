// Photos over the whole screen: ← and → go through them, Esc closes.

const viewer = document.getElementById("viewer");
const image = viewer.querySelector("img");
const count = viewer.querySelector(".viewer-count");
let links = [];
let at = 0;

const show = (index) => {
  at = (index + links.length) % links.length;
  const link = links[at];
  image.width = link.dataset.width;
  image.height = link.dataset.height;
  image.src = link.href;
  image.alt = link.querySelector("img")?.alt ?? link.textContent;
  count.textContent = `${at + 1} / ${links.length}`;
  for (const button of viewer.querySelectorAll(".viewer-back, .viewer-on")) button.hidden = links.length < 2;
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-photo]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  // A photo leads to its neighbours; a frame for INFO stands alone.
  const group = link.closest(".photos, .thumbs");
  links = link.matches("figcaption *") ? [link] : [...group.querySelectorAll("a[data-photo]:not(figcaption *)")];
  show(links.indexOf(link));
  viewer.showModal();
});

viewer.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight" || event.key === "j") show(at + 1);
  else if (event.key === "ArrowLeft" || event.key === "k") show(at - 1);
  else return;
  event.preventDefault();
  event.stopPropagation();
});

viewer.addEventListener("click", (event) => {
  const what = event.target.closest("button")?.dataset.view;
  if (what === "on") show(at + 1);
  else if (what === "back") show(at - 1);
  else if (what === "close" || event.target === viewer) viewer.close();
});

// A finger's sweep does the same as the arrows.
let from = null;
viewer.addEventListener("pointerdown", (event) => { from = event.clientX; });
viewer.addEventListener("pointerup", (event) => {
  const moved = from === null ? 0 : event.clientX - from;
  from = null;
  if (Math.abs(moved) > 60 && links.length > 1) show(at + (moved < 0 ? 1 : -1));
});
