// Turns Telegram's text with entities into elements; offsets count UTF-16 units, as JavaScript's strings do.

import { el } from "./dom.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const PLAIN_LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]|(?<![\w/])\/[a-z][a-z0-9_]{0,31}(?![\w/])/gi;

/** `taps` = {command(text), link(address)}: what a tapped command or link does. */
export function richText(text, entities = [], taps = {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return render(text, 0, text.length, sorted, taps);
}

function render(text, from, to, entities, taps) {
  const nodes = [];
  let at = from;
  for (let i = 0; i < entities.length; i += 1) {
    const entity = entities[i];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || entity.offset >= to) continue;
    nodes.push(...plain(text.slice(at, entity.offset), taps));
    const inside = entities.slice(i + 1).filter((e) => e.offset < end);
    nodes.push(wrapped(entity, text.slice(entity.offset, end), () => render(text, entity.offset, end, inside, taps), taps));
    at = end;
  }
  nodes.push(...plain(text.slice(at, to), taps));
  return nodes;
}

function wrapped(entity, raw, children, taps) {
  switch (entity.type) {
    case "bot_command": return command(raw, taps);
    case "url": return link(raw, [raw], taps);
    case "text_link": return link(entity.url, children(), taps);
    case "email": return link(`mailto:${raw}`, [raw], taps);
    case "phone_number": return link(`tel:${raw.replace(/[^\d+]/g, "")}`, [raw], taps);
    case "spoiler": return spoiler(children());
    case "code": case "pre": return el(TAGS[entity.type], {}, raw);
    case "mention": case "hashtag": case "cashtag": case "text_mention":
      return el("span", { class: "mention" }, ...children());
    default: return el(TAGS[entity.type] ?? "span", {}, ...children());
  }
}

/** Telegram's apps find commands and addresses in plain text by themselves. */
function plain(text, taps) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(PLAIN_LINK)) {
    if (found.index > at) nodes.push(text.slice(at, found.index));
    nodes.push(found[0].startsWith("/") ? command(found[0], taps) : link(found[0], [found[0]], taps));
    at = found.index + found[0].length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}

function command(text, taps) {
  return el("button", { type: "button", class: "command", onclick: () => taps.command?.(text) }, text);
}

/** A link leads out only to the web, a mail program or a telephone; anything else stays text. */
export function safeAddress(address) {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  return /^(https?|mailto|tel):/i.test(whole) && URL.canParse(whole) ? whole : null;
}

function link(address, children, taps) {
  const safe = safeAddress(address);
  if (!safe) return el("span", {}, ...children);
  const onclick = (event) => {
    if (taps.link?.(safe)) event.preventDefault();
  };
  return el("a", { href: safe, target: "_blank", rel: "noopener noreferrer", onclick }, ...children);
}

function spoiler(children) {
  const show = (event) => event.currentTarget.classList.add("shown");
  return el("button", { type: "button", class: "spoiler", onclick: show }, ...children);
}
