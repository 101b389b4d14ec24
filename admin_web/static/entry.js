// The verdict: its keys, its panels, and the small window before an approval.

import { busy, keyOf, typing } from "./app.js";

const approval = document.querySelector("form[data-approve]");
const sure = document.getElementById("approve");

if (approval && sure) {
  approval.addEventListener("submit", (event) => {
    if (sure.dataset.given) return;
    event.preventDefault();
    event.stopPropagation();
    // Whoever has marked a field most likely means to send it back.
    const marked = document.querySelector('input[name="flag"]:checked') !== null;
    sure.querySelector("[data-marked]").hidden = !marked;
    sure.showModal();
    sure.querySelector(marked ? "[data-not-yet]" : "[data-sure]").focus();
  }, { capture: true });
  sure.querySelector("[data-sure]").addEventListener("click", () => {
    sure.dataset.given = "yes";
    sure.close();
    approval.requestSubmit(approval.querySelector("button"));
  });
}

const panels = ["changes", "reject"].map((id) => document.getElementById(id)).filter(Boolean);

const open = (id) => {
  for (const panel of panels) panel.open = panel.id === id;
  const panel = document.getElementById(id);
  panel.closest(".verdict").scrollIntoView({ block: "start" });
  panel.querySelector("input[type=checkbox], select")?.focus({ preventScroll: true });
};

for (const link of document.querySelectorAll("[data-panel]"))
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const panel = document.getElementById(link.dataset.panel);
    if (panel.open) panel.open = false;
    else open(panel.id);
  });

// A mark beside an answer ticks its box in the panel.
const mark = () => {
  for (const box of document.querySelectorAll('input[name="flag"]'))
    document.getElementById(`field-${box.value}`)?.classList.toggle("marked", box.checked);
};
document.getElementById("changes")?.addEventListener("change", (event) => {
  if (event.target.name === "flag" && event.target.checked) document.getElementById("changes").open = true;
  mark();
});
for (const label of document.querySelectorAll(".ask-here"))
  label.addEventListener("click", () => {
    for (const panel of panels) panel.open = panel.id === "changes";
    const box = document.getElementById(label.htmlFor);
    setTimeout(() => box.checked && box.parentElement.querySelector("select").focus({ preventScroll: matchMedia("(max-width: 61.99rem)").matches }));
  });
mark();

const wrong = document.querySelector("[aria-invalid]");
wrong?.closest(".verdict")?.scrollIntoView({ block: "start" });
wrong?.focus();

document.addEventListener("keydown", (event) => {
  if (typing(event) || busy() || !approval) return;
  const key = keyOf(event);
  if (key === "a") approval.requestSubmit(approval.querySelector("button"));
  else if (key === "c") open("changes");
  else if (key === "r") open("reject");
  else return;
  event.preventDefault();
});
