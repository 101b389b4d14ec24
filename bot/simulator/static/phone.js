// One officer's phone: the header, the chat with the bot, and everything the officer can do in it.

import { api, listen } from "./api.js";
import { Attachments } from "./attachments.js";
import { Composer } from "./composer.js";
import { el, icon, iconButton } from "./dom.js";
import { ReplyKeyboard } from "./keyboards.js";
import { say } from "./language.js";
import { LocationPicker } from "./location.js";
import { Messages } from "./messages.js";
import { Sheets } from "./sheets.js";

const TYPING_MS = 5500;
const ANSWER_MS = 20000;

export class Phone {
  /** `page` = {unseen(phone), startsElsewhere(), started()} */
  constructor(chat, bot, page) {
    this.chat = chat;
    this.bot = bot;
    this.page = page;
    this.payload = null;
    this.unseen = chat.unread ?? 0;
    this.lastRead = null;
    this.waiting = new Map();
    this.answered = new Set();
    this.build();
  }

  build() {
    const { bot, chat } = this;
    this.screen = el("div", { class: "screen" });
    this.sheets = new Sheets(this.screen);
    this.messages = new Messages({
      press: (id, data, button) => this.press(id, data, button), photo: (address) => this.sheets.viewer(address),
      command: (text) => this.say(text), link: (address) => this.follow(address),
      menu: (message, x, y) => this.messageMenu(message, x, y), edit: (message) => this.composer.edit(message),
      seen: (many) => { this.unseen = many; this.page.unseen(this); },
    });
    this.keyboard = new ReplyKeyboard({ text: (label) => this.say(label), place: () => this.pickPlace(), contact: () => this.attachments.contact() });
    this.attachments = new Attachments(this.sheets, {
      send: (what) => this.send(what), place: () => this.pickPlace(),
      sendFiles: (files, as, caption) => this.attempt(() => api.files(chat.id, files, as, caption), (sent) => sent.forEach((message) => this.messages.put(message))),
    }, chat.name);
    this.composer = new Composer({
      send: (text, replyTo) => this.say(text, replyTo), attach: () => this.attachments.menu(),
      edit: (message, text) => this.attempt(() => api.edit(chat.id, message.message_id, text), (edited) => this.messages.put(edited)),
      files: (files) => this.attachments.preview(files, files.every((file) => file.type.startsWith("image/")) ? "photo" : "document"),
      lastOwnText: () => this.messages.lastOwnText(),
    }, [], this.keyboard.toggle);
    this.foot = el("div", { class: "foot" });
    this.intro = el("div", { class: "intro", hidden: true }, el("h3", {}, say("บอตนี้ทำอะไรได้", "What can this bot do?")), this.description = el("p", {}));
    const owner = el("div", { class: "owner" }, el("span", {}, chat.name), el("span", {}, chat.type === "group" ? say("กลุ่ม", "group") : say("โทรศัพท์ของเจ้าหน้าที่", "the officer's phone")));
    this.screen.append(owner, this.header(), el("div", { class: "wall" }, this.messages.element, this.intro), this.foot, this.attachments.element);
    this.element = el("section", {
      class: "phone", "data-testid": `phone-${chat.id}`, "aria-label": say(`โทรศัพท์ของ ${chat.name}`, `${chat.name}'s phone`),
      ondragover: (event) => event.preventDefault(), ondrop: (event) => this.dropped(event),
    }, this.screen, this.sheets.element);
    this.know(bot);
    this.showFoot();
  }

  /** What the bot says of itself may change while the page is open. */
  know(bot) {
    this.bot = bot;
    const { type, name, language_code: tongue } = this.chat;
    this.title.textContent = type === "group" ? name : bot.name;
    this.badge.textContent = initial(this.title.textContent);
    this.description.textContent = bot.description || say("กดเริ่มเพื่อคุยกับบอต", "Press start to talk to the bot");
    const own = bot.chat_commands?.[this.chat.id];
    this.composer.know(own?.[tongue] ?? own?.default ?? bot.commands?.[tongue] ?? bot.commands?.default ?? []);
  }

  header() {
    this.status = el("span", { class: "status", "data-testid": "status", "aria-live": "polite" });
    const more = iconButton("more", say("ตัวเลือกของแชท", "Chat options"), { "data-testid": "chat-menu", onclick: (event) => this.chatMenu(event) });
    this.idle();
    this.badge = el("span", { class: "avatar", "aria-hidden": "true" });
    this.title = el("h2", {});
    return el("header", { class: "head" }, this.badge, el("div", { class: "head-words" }, this.title, this.status), more);
  }

  idle() {
    clearTimeout(this.typing);
    this.status.textContent = say("บอต", "bot");
    this.status.classList.remove("busy");
  }

  busy(text) {
    this.status.textContent = text;
    this.status.classList.add("busy");
  }

  /** Starts hearing the chat's events; `close` stops it (a browser allows few open streams). */
  open() {
    if (this.stop) return;
    this.stop = listen(this.chat.id, {
      onOpen: () => this.refresh(), onEvent: (event) => this.hear(event),
      onDrop: () => this.busy(say("กำลังเชื่อมต่อใหม่…", "reconnecting…")),
    });
  }

  close() {
    this.stop?.();
    this.stop = null;
  }

  /** Off the desk no stream is open: `lookIn` counts what came since. */
  leave() {
    if (this.loaded) this.lastRead = Math.max(0, ...this.messages.byId.keys());
    this.close();
  }

  async lookIn() {
    const incoming = (await api.messages(this.chat.id)).messages.filter((message) => !message.out);
    this.lastRead ??= incoming.at(-1 - this.unseen)?.message_id ?? 0;
    this.unseen = incoming.filter((message) => message.message_id > this.lastRead).length;
  }

  async refresh() {
    this.messages.expect();
    try {
      const { messages, keyboard, keyboard_hidden: hidden, input_placeholder: placeholder } = await api.messages(this.chat.id);
      this.messages.replaceAll(messages);
      this.setKeyboard(keyboard, placeholder, hidden);
      this.loaded = true;
      this.idle();
      this.showFoot();
    } catch {
      this.close();
      this.busy(say("กำลังเชื่อมต่อใหม่…", "reconnecting…"));
      setTimeout(() => this.element.isConnected && this.open(), 1500);
    }
  }

  hear(event) {
    switch (event.type) {
      case "message": case "edited":
        if (!event.message.out) this.idle();
        this.messages.put(event.message);
        this.showFoot();
        break;
      case "deleted": this.messages.remove(event.message_id); break;
      case "keyboard": this.setKeyboard(event.keyboard, event.placeholder, event.hidden); break;
      case "toast": this.answer(event); break;
      case "action":
        this.busy(event.action === "typing" ? say("กำลังพิมพ์…", "typing…") : say("กำลังส่ง…", "sending…"));
        this.typing = setTimeout(() => this.idle(), TYPING_MS);
        break;
      default: break;
    }
  }

  setKeyboard(keyboard, placeholder, hidden) {
    this.keyboard.set(keyboard, hidden);
    this.composer.placeholder(placeholder ?? keyboard?.input_field_placeholder);
  }

  /** Below the chat: the composer, or START before the first message, or the way back from blocking. */
  showFoot() {
    const wanted = this.footWanted();
    this.intro.hidden = !this.loaded || !this.messages.empty;
    if (this.footShows === wanted) return;
    this.footShows = wanted;
    if (wanted === "composer") this.foot.replaceChildren(this.composer.element, this.keyboard.element);
    else if (wanted === "blocked") this.foot.replaceChildren(el("button", { type: "button", class: "big", "data-testid": "unblock", onclick: () => this.setBlocked(false) }, say("เลิกบล็อกบอต", "Unblock the bot")));
    else this.foot.replaceChildren(...(wanted === "start" ? this.startButtons() : []));
  }

  footWanted() {
    if (!this.loaded) return "nothing";
    if (this.chat.blocked) return "blocked";
    return this.payload !== null || this.messages.empty ? "start" : "composer";
  }

  startButtons() {
    const start = el("button", { type: "button", class: "big", "data-testid": "start", onclick: () => this.start() }, say("เริ่ม (START)", "START"));
    const elsewhere = this.payload !== null && !this.messages.empty;
    return elsewhere ? [start, el("button", { type: "button", class: "plain", "data-testid": "start-new", onclick: () => this.page.startsElsewhere() }, say("ใช้ลิงก์นี้กับเจ้าหน้าที่คนใหม่", "Use this link with a new officer"))] : [start];
  }

  /** `payload` is what a deep link carries (null: none). */
  offerStart(payload) {
    this.payload = payload;
    this.footShows = null;
    this.showFoot();
  }

  async start() {
    const { payload } = this;
    if (!(await this.say(payload ? `/start ${payload}` : "/start"))) return;
    this.payload = null;
    this.page.started();
    this.showFoot();
    this.composer.input.focus();
  }

  say(text, replyTo) {
    return this.send(replyTo ? { text, reply_to: replyTo } : { text });
  }

  send(what) {
    return this.attempt(() => api.send(this.chat.id, what), (message) => this.messages.put(message));
  }

  /** Runs one request; a failure is told in a toast and answered false, so that nothing typed is thrown away. */
  async attempt(request, done) {
    try {
      done(await request());
      this.showFoot();
      return true;
    } catch (failure) {
      this.sheets.toast(say(`ส่งไม่สำเร็จ ลองอีกครั้ง (${failure.message})`, `Not sent, please try again (${failure.message})`));
      return false;
    }
  }

  async press(messageId, data, button) {
    if (button.classList.contains("waiting")) return;
    button.classList.add("waiting");
    const free = () => button.classList.remove("waiting");
    const sent = await this.attempt(() => api.press(this.chat.id, messageId, data), ({ callback_query_id: id }) => {
      if (this.answered.delete(id)) free();
      else this.waiting.set(id, free);
    });
    if (!sent) free();
    setTimeout(free, ANSWER_MS);
  }

  answer({ text, alert, callback_query_id: id }) {
    const free = this.waiting.get(id);
    if (free) free();
    else this.answered.add(id);
    this.waiting.delete(id);
    if (text && alert) this.sheets.alert(text);
    else if (text) this.sheets.toast(text);
  }

  pickPlace() {
    const picker = new LocationPicker(async (what) => {
      if (await this.send(what)) this.sheets.close();
    });
    this.sheets.sheet(say("ส่งตำแหน่ง", "Send a location"), picker.element);
  }

  /** A deep link to this bot starts it here instead of leaving the page; anything else opens as a link does. */
  follow(address) {
    const { host, pathname, searchParams } = new URL(address);
    const payload = searchParams.get("start");
    const ours = host === location.host || (host === "t.me" && pathname.slice(1).toLowerCase() === this.bot.username?.toLowerCase());
    if (!ours || payload === null) return false;
    this.say(`/start ${payload}`);
    return true;
  }

  messageMenu(message, x, y) {
    const words = message.text ?? message.caption;
    const items = [{ label: say("ตอบกลับ", "Reply"), picture: icon("reply"), act: () => this.composer.reply(message), testid: "reply" }];
    if (words) items.push({ label: say("คัดลอก", "Copy"), picture: icon("copy"), act: () => navigator.clipboard?.writeText(words), testid: "copy" });
    if (message.out && message.text !== undefined) items.push({ label: say("แก้ไข", "Edit"), picture: icon("pencil"), act: () => this.composer.edit(message), testid: "edit" });
    this.sheets.menu(say("ข้อความนี้", "This message"), items, x, y);
  }

  chatMenu(event) {
    const { right, bottom } = event.currentTarget.getBoundingClientRect();
    const label = this.chat.blocked ? say("เลิกบล็อกบอต", "Unblock the bot") : say("บล็อกบอต", "Block the bot");
    this.sheets.menu(say("ตัวเลือกของแชท", "Chat options"), [{ label, picture: icon("block"), act: () => this.setBlocked(!this.chat.blocked), testid: "block" }], right - 10, bottom);
  }

  setBlocked(blocked) {
    return this.attempt(() => api.block(this.chat.id, blocked), () => { this.chat.blocked = blocked; });
  }

  dropped(event) {
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    if (files.length) this.attachments.preview(files, files.every((file) => file.type.startsWith("image/")) ? "photo" : "document");
  }
}

export function initial(name = "") {
  // A Thai name may start with a vowel that stands before its consonant: the consonant says more.
  return [...name.replace(/^[เแโใไ]/, "")][0] ?? "?";
}
