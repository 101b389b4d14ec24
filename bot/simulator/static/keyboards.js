// The reply keyboard below the composer: shown, hidden, used once, persistent.

import { el, iconButton } from "./dom.js";
import { say } from "./language.js";

export class ReplyKeyboard {
  /** `acts` = {text(label), place(), contact()} */
  constructor(acts) {
    this.acts = acts;
    this.markup = null;
    this.element = el("div", { class: "reply-keyboard", hidden: true, role: "group", "aria-label": say("ปุ่มคำตอบ", "Reply keyboard") });
    this.toggle = iconButton("keyboard", say("แสดงหรือซ่อนปุ่มคำตอบ", "Show or hide the reply keyboard"), { class: "toggle", hidden: true, "data-testid": "keyboard-toggle", onclick: () => this.show(this.element.hidden) });
  }

  /** `hidden`: a keyboard for one time that was used; it stays behind its button until another comes. */
  set(markup, hidden = false) {
    const keyboard = markup?.keyboard ? markup : null;
    const state = JSON.stringify([keyboard, hidden]);
    if (state === this.state) return;
    this.state = state;
    this.markup = keyboard;
    this.element.replaceChildren(...(keyboard?.keyboard ?? []).map((row) => this.row(row)));
    this.element.classList.toggle("tall", Boolean(keyboard) && !keyboard.resize_keyboard);
    this.toggle.hidden = !keyboard || Boolean(keyboard.is_persistent && !keyboard.one_time_keyboard);
    this.show(Boolean(keyboard) && !hidden);
  }

  show(shown) {
    this.element.hidden = !shown;
    this.toggle.setAttribute("aria-expanded", String(shown));
  }

  row(buttons) {
    return el("div", { class: "reply-row" }, ...buttons.map((button) => this.button(typeof button === "string" ? { text: button } : button)));
  }

  button({ text, request_location: place, request_contact: contact }) {
    const onclick = () => {
      if (this.markup.one_time_keyboard) this.show(false);
      if (place) this.acts.place();
      else if (contact) this.acts.contact();
      else this.acts.text(text);
    };
    return el("button", { type: "button", class: "keyboard-button", "data-testid": "keyboard-button", onclick }, text);
  }
}
