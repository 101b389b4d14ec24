// One message as it is seen: the bubble and the inline keyboard under it.

import { el, icon } from "./dom.js";
import { richText, safeAddress } from "./entities.js";
import { say, timeOf } from "./language.js";
import { isPicture, mediaOf } from "./media.js";

/** Fills `node` (kept across edits, so that nothing jumps) with the message. */
export function fillMessage(node, message, acts) {
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.callback : undefined;
  const buttons = message.reply_markup?.inline_keyboard;
  const event = serviceWords(message);
  node.classList.toggle("service", Boolean(event));
  node.dataset.messageId = message.message_id;
  node.dataset.out = String(Boolean(message.out));
  node.classList.toggle("has-buttons", Boolean(buttons));
  node.replaceChildren(event ? el("div", { class: "day" }, event) : bubble(message, acts), ...(buttons ? [inlineKeyboard(message, buttons, acts)] : []));
  if (focused !== undefined) node.querySelector(`[data-callback="${CSS.escape(focused)}"]`)?.focus();
}

/** Who came and who left is told in the middle of the chat, without a bubble. */
function serviceWords({ new_chat_members: came, left_chat_member: left }) {
  if (came) return say(`${names(came)} เข้ากลุ่มแล้ว`, `${names(came)} joined the group`);
  return left ? say(`${names([left])} ออกจากกลุ่มแล้ว`, `${names([left])} left the group`) : null;
}

const names = (people) => people.map((person) => person.first_name).join(", ");

/** Fills the bubble of an album: the photos in a grid, or the files one below the other, then the caption. */
export function fillAlbum(node, messages, acts) {
  const files = messages.every((message) => message.document);
  const items = messages.map((message) => el("div", {
    class: "album-item", "data-testid": "message", "data-message-id": message.message_id, "data-out": String(Boolean(message.out)),
  }, mediaOf(message, acts.photo), files && caption(message, acts)));
  const captioned = files ? null : messages.find((message) => message.caption);
  const last = messages[messages.length - 1];
  node.dataset.out = String(Boolean(last.out));
  node.replaceChildren(el("div", { class: `bubble ${files ? "" : "picture"} ${captioned ? "captioned" : ""}` },
    el("div", { class: files ? "album-files" : `album-grid of-${messages.length}` }, ...items),
    ...withMeta(captioned && caption(captioned, acts), last, !files)));
}

/** Under a picture the time flows in the caption's last line; elsewhere it comes after everything. */
function withMeta(words, message, picture) {
  if (words && picture) {
    words.append(meta(message));
    return [words];
  }
  return [words, meta(message)];
}

function bubble(message, acts) {
  const picture = isPicture(message);
  const classes = ["bubble", picture && "picture", message.caption && "captioned", message.sticker && "bare"];
  const words = message.text === undefined ? caption(message, acts) : el("div", { class: "words" }, ...richText(message.text, message.entities, acts));
  return el("div", { class: classes.filter(Boolean).join(" ") }, sender(message), quote(message.reply_to_message), mediaOf(message, acts.photo), ...withMeta(words, message, picture));
}

function caption(message, acts) {
  return message.caption ? el("div", { class: "words" }, ...richText(message.caption, message.caption_entities, acts)) : null;
}

function meta(message) {
  return el("span", { class: "meta" },
    message.edit_date && el("span", { class: "edited", "data-testid": "edited" }, say("แก้ไขแล้ว", "edited")),
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, timeOf(message.date)),
    message.out && el("span", { class: "ticks", "aria-hidden": "true" }, "✓✓"));
}

function sender(message) {
  const inGroup = message.chat && message.chat.type !== "private";
  return inGroup && !message.out && message.from ? el("div", { class: "sender" }, message.from.first_name) : null;
}

function quote(message) {
  return message ? el("div", { class: "quote" }, summaryOf(message)) : null;
}

export function summaryOf(message) {
  const words = message.text ?? message.caption;
  if (words) return words.length > 80 ? `${words.slice(0, 80)}…` : words;
  if (message.photo) return say("รูปภาพ", "Photo");
  return message.location ? say("ตำแหน่ง", "Location") : say("ไฟล์แนบ", "Attachment");
}

function inlineKeyboard(message, rows, acts) {
  return el("div", { class: "inline-keyboard" }, ...rows.map((row) => el("div", { class: "inline-row" }, ...row.map((button) => inlineButton(message, button, acts)))));
}

function inlineButton(message, { text, callback_data: data, url, copy_text: copy }, acts) {
  const address = url && safeAddress(url);
  const onclick = async (event) => {
    if (data !== undefined) await acts.press(message.message_id, data, event.currentTarget);
    else if (copy) await navigator.clipboard?.writeText(copy.text);
    else if (address && !acts.link?.(address)) window.open(address, "_blank", "noopener");
  };
  return el("button", { type: "button", class: "inline-button", "data-testid": "inline-button", "data-callback": data, title: text, onclick },
    el("span", { class: "label" }, text), address && icon("link"), el("span", { class: "spinner", "aria-hidden": "true" }));
}
