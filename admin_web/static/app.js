// Conveniences of every page. Without them everything still works.

document.documentElement.classList.add("scripted");

// --- a form that is on its way shows it, and goes only once

const busyWords = new Map();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  const changes = form.method === "post";
  if (form.dataset.sent || (changes && document.querySelector('form[data-sent][method="post"]'))) return event.preventDefault();
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("button:not([type=button])");
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  if (!changes) return;
  busyWords.set(button, [...button.childNodes]);
  button.replaceChildren(document.body.dataset.working);
});

// A page that comes back out of the browser's memory can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  for (const [button, words] of busyWords) button.replaceChildren(...words);
  busyWords.clear();
});

// --- filters apply as they are chosen

for (const form of document.querySelectorAll("[data-filters]")) {
  form.addEventListener("change", ({ target }) => {
    if (target.name === "province") for (const name of ["district", "lao"]) if (form.elements[name]) form.elements[name].value = "";
    if (target.name === "district" && form.elements.lao) form.elements.lao.value = "";
    if (target.name === "form" && form.elements.type) form.elements.type.value = "";
    if (target.matches("select")) form.requestSubmit();
  });
  // An address without empty filters is one that can be passed on.
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });
}

document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// --- what is half written survives a reload, or signing in again

const forget = (unwanted) => {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith("kept.") && unwanted(name)) sessionStorage.removeItem(name);
};

// Nothing stays of what was decided, after signing out, or of another reviewer in the same tab.
const own = document.body.dataset.reviewer && `kept.${document.body.dataset.reviewer}.`;
if (own) forget((name) => !name.startsWith(own));
for (const one of document.querySelectorAll("[data-done]")) forget((name) => name.startsWith(`${own}${one.dataset.done}.`));
document.addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action")?.startsWith("/sign-out")) forget(() => true);
});

for (const form of document.querySelectorAll("form[data-keep]")) {
  const name = `kept.${form.dataset.keep}`;
  const fields = () => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");
  const kept = sessionStorage.getItem(name);
  if (kept && !form.closest("details")?.open) {
    const values = new Map(JSON.parse(kept));
    for (const one of fields()) {
      if (one.type === "checkbox") one.checked = values.get(`${one.name}=${one.value}`) ?? one.checked;
      else one.value = values.get(one.name) ?? one.value;
    }
    const panel = form.closest("details");
    const filled = fields().some((one) => (one.type === "checkbox" ? one.checked : one.value));
    if (panel && filled && !document.querySelector("details[open] > form[data-keep]")) panel.open = true;
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.addEventListener("input", () => {
    const values = fields().map((one) => (one.type === "checkbox" ? [`${one.name}=${one.value}`, one.checked] : [one.name, one.value]));
    sessionStorage.setItem(name, JSON.stringify(values));
  });
}

// --- keys

export const typing = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || event.isComposing ||
  event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], .leaflet-container");

export const busy = () => document.querySelector("dialog[open]") !== null;

const follow = (key) => document.querySelector(`a[data-key="${key}"]`)?.click();

// The same places of the keyboard under its Thai letters.
const THAI = { "่": "j", "า": "k", "ฟ": "a", "แ": "c", "พ": "r", "ฝ": "/", "ฦ": "?" };
export const keyOf = (event) => THAI[event.key] ?? (event.key.length === 1 ? event.key.toLowerCase() : event.key);

const cards = [...document.querySelectorAll("[data-list] .entry-card")];

const choose = (step) => {
  if (!cards.length) return;
  const now = cards.findIndex((card) => card.classList.contains("chosen"));
  const next = cards[Math.min(cards.length - 1, Math.max(0, now + step))] ?? cards[0];
  for (const card of cards) card.classList.toggle("chosen", card === next);
  next.querySelector("a").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  if (typing(event) || busy()) return;
  const key = keyOf(event);
  if (key === "?") document.getElementById("keys")?.showModal();
  else if (key === "/") {
    const search = document.getElementById("q");
    if (search) search.select();
    else location.assign(document.querySelector('a[data-key="up"]')?.href ?? "/");
  }
  else if (key === "j" || key === "ArrowRight") cards.length && key === "j" ? choose(1) : follow("on");
  else if (key === "k" || key === "ArrowLeft") cards.length && key === "k" ? choose(-1) : follow("back");
  else return;
  event.preventDefault();
});

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

for (const button of document.querySelectorAll("[data-open]"))
  button.addEventListener("click", () => document.getElementById(button.dataset.open).showModal());

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
});
