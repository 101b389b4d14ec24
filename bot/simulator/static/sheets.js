// What lies over a phone's chat: sheets from below, small menus, alerts, the photo viewer and toasts.

import { el, iconButton } from "./dom.js";
import { say } from "./language.js";

const TOAST_MS = 4000;

export class Sheets {
  /** `under` is made unreachable while something modal lies over it. */
  constructor(under) {
    this.under = under;
    this.layer = el("div", { class: "layer", hidden: true, onkeydown: (event) => this.key(event) });
    this.layer.addEventListener("pointerdown", (event) => event.target === this.layer && this.close());
    this.toasts = el("div", { class: "toasts", role: "status", "aria-live": "polite" });
    this.element = el("div", { class: "sheets" }, this.layer, this.toasts);
  }

  key(event) {
    if (event.key === "Escape") this.close();
    if (event.key !== "Escape" || this.layer.hidden) return;
    event.stopPropagation();
  }

  open(kind, label, ...content) {
    if (this.layer.hidden) this.opener = document.activeElement;
    const box = el("div", { class: kind, role: "dialog", "aria-modal": "true", "aria-label": label, tabindex: "-1" }, ...content);
    this.layer.className = `layer over-${kind}`;
    this.layer.replaceChildren(box);
    this.layer.hidden = false;
    this.under.inert = true;
    (box.querySelector("[data-first]") ?? box).focus();
    return box;
  }

  close() {
    if (this.layer.hidden) return;
    this.layer.hidden = true;
    this.layer.replaceChildren();
    this.under.inert = false;
    if (this.opener?.isConnected) this.opener.focus();
    this.onClose?.();
    this.onClose = null;
  }

  /** A sheet with a title bar; closing it runs `onClose` once. */
  sheet(title, ...content) {
    const close = iconButton("close", say("ปิด", "Close"), { onclick: () => this.close() });
    return this.open("sheet", title, el("div", { class: "sheet-head" }, el("h2", {}, title), close), el("div", { class: "sheet-body" }, ...content));
  }

  /** A small menu beside the pointer; `items` = [{label, icon, act, testid}]. */
  menu(label, items, clientX, clientY) {
    const buttons = items.map(({ label: text, picture, act, testid }) => el("button", {
      type: "button", role: "menuitem", "data-testid": testid, onclick: () => { this.close(); act(); },
    }, picture, text));
    const box = this.open("menu", label, ...buttons);
    box.setAttribute("role", "menu");
    const frame = this.layer.getBoundingClientRect();
    const left = Math.min(Math.max(clientX - frame.left, 8), frame.width - box.offsetWidth - 8);
    const top = Math.min(Math.max(clientY - frame.top, 8), frame.height - box.offsetHeight - 8);
    Object.assign(box.style, { left: `${left}px`, top: `${top}px` });
    buttons[0]?.focus();
  }

  alert(text) {
    const ok = el("button", { type: "button", class: "strong", "data-first": true, onclick: () => this.close() }, say("ตกลง", "OK"));
    const box = this.open("alert", say("ข้อความจากบอต", "Message from the bot"), el("p", {}, text), ok);
    box.dataset.testid = "toast";
    box.dataset.alert = "true";
  }

  viewer(address) {
    const image = el("img", { src: address, alt: say("รูปเต็มจอ", "The whole photo") });
    const close = iconButton("close", say("ปิด", "Close"), { "data-first": true, onclick: () => this.close() });
    this.open("viewer", say("รูปภาพ", "Photo"), image, close).addEventListener("click", () => this.close());
  }

  toast(text) {
    const toast = el("div", { class: "toast", "data-testid": "toast" }, text);
    this.toasts.replaceChildren(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }
}
