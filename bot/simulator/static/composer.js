// Where the officer writes: text, the bot's commands, editing and replying, and pasted pictures.

import { summaryOf } from "./bubble.js";
import { autogrow, el, icon, iconButton } from "./dom.js";
import { say } from "./language.js";

const LONGEST = 4096;

export class Composer {
  /** `acts` = {send(text, replyTo), edit(message, text), attach(), files(files), lastOwnText(), focusThread()} */
  constructor(acts, commands, keyboardToggle) {
    this.acts = acts;
    this.editing = null;
    this.replying = null;
    this.input = el("textarea", {
      "data-testid": "composer", rows: "1", autocomplete: "off", enterkeyhint: "send", "aria-label": say("พิมพ์ข้อความ", "Write a message"),
      oninput: () => this.changed(), onkeydown: (event) => this.key(event), onpaste: (event) => this.pasted(event),
    });
    this.grow = autogrow(this.input);
    this.slash = el("div", { class: "slash", role: "menu", "aria-label": say("คำสั่งของบอต", "The bot's commands"), hidden: true });
    this.context = el("div", { class: "context", hidden: true });
    this.menuButton = el("button", { type: "button", class: "menu-button", "data-testid": "menu", "aria-expanded": "false", onclick: () => this.toggleMenu() }, icon("menu"), el("span", {}, say("เมนู", "Menu")));
    this.know(commands);
    this.sendButton = iconButton("send", say("ส่ง", "Send"), { class: "send", "data-testid": "send", onclick: () => this.submit() });
    const attach = iconButton("clip", say("แนบรูป ไฟล์ หรือตำแหน่ง", "Attach a photo, file or place"), { class: "attach", "data-testid": "attach", onclick: () => acts.attach() });
    const bar = el("div", { class: "bar" }, this.menuButton, el("div", { class: "field" }, this.input, keyboardToggle, attach), this.sendButton);
    this.element = el("div", { class: "composer" }, this.slash, this.context, bar);
    this.placeholder();
    this.changed();
  }

  /** The bot may tell its commands after the page was opened. */
  know(commands) {
    this.commands = commands;
    this.menuButton.hidden = commands.length === 0;
  }

  placeholder(text) {
    this.input.placeholder = text || say("ข้อความ", "Message");
  }

  get text() {
    return this.input.value;
  }

  write(text) {
    this.input.value = text;
    this.changed();
    this.grow();
  }

  changed() {
    const typed = this.text.trim();
    this.element.classList.toggle("filled", typed !== "");
    this.sendButton.setAttribute("aria-disabled", String(typed === ""));
    const start = /^\/\w*$/.test(this.text) ? this.text.slice(1).toLowerCase() : null;
    if (start !== null) this.list(this.commands.filter(({ command }) => command.startsWith(start)));
    else this.list([]);
  }

  toggleMenu() {
    this.list(this.slash.hidden ? this.commands : []);
    this.slash.querySelector("button")?.focus();
  }

  list(commands) {
    this.slash.hidden = commands.length === 0;
    this.menuButton.setAttribute("aria-expanded", String(!this.slash.hidden));
    this.slash.replaceChildren(...commands.map(({ command, description }) => el("button", {
      type: "button", role: "menuitem", "data-testid": "command", onclick: () => this.pick(`/${command}`), onkeydown: (event) => this.walk(event),
    }, el("span", {}, description), el("code", {}, `/${command}`))));
  }

  async pick(command) {
    this.list([]);
    if (this.text.startsWith("/")) this.write("");
    await this.acts.send(command);
  }

  walk(event) {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (step) {
      event.preventDefault();
      (event.currentTarget[step] ?? this.input).focus();
    } else if (event.key === "Escape") {
      this.list([]);
      this.input.focus();
    }
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") this.forget();
    else if (event.key === "ArrowDown" && !this.slash.hidden) {
      event.preventDefault();
      this.slash.querySelector("button").focus();
    } else if (event.key === "ArrowUp" && this.text === "" && this.acts.lastOwnText()) {
      event.preventDefault();
      this.edit(this.acts.lastOwnText());
    }
  }

  pasted(event) {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    this.acts.files([...event.clipboardData.files]);
  }

  edit(message) {
    this.forget();
    this.editing = message;
    this.showContext("pencil", say("แก้ไขข้อความ", "Edit message"), message);
    this.write(message.text);
  }

  reply(message) {
    this.forget();
    this.replying = message;
    this.showContext("reply", say("ตอบกลับ", "Reply"), message);
  }

  showContext(picture, title, message) {
    const close = iconButton("close", say("ยกเลิก", "Cancel"), { "data-testid": "context-cancel", onclick: () => this.forget() });
    this.context.replaceChildren(icon(picture), el("div", { class: "context-words" }, el("strong", {}, title), el("span", {}, summaryOf(message))), close);
    this.context.hidden = false;
    this.input.focus();
  }

  forget() {
    if (this.editing) this.write("");
    this.editing = null;
    this.replying = null;
    this.context.hidden = true;
    this.list([]);
  }

  /** Sends what is written, in pieces no longer than Telegram's; what could not be sent comes back. */
  async submit() {
    const text = this.text.trim();
    const { editing, replying } = this;
    if (!text) return;
    this.write("");
    this.forget();
    this.input.focus();
    if (editing) {
      const saved = text === editing.text || await this.acts.edit(editing, text);
      if (!saved) this.edit({ ...editing, text });
      return;
    }
    for (let at = 0; at < text.length; at += LONGEST) {
      if (await this.acts.send(text.slice(at, at + LONGEST), replying?.message_id)) continue;
      this.write(text.slice(at) + (this.text && `\n${this.text}`));
      return;
    }
  }
}
