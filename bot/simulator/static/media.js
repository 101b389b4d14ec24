// What a message can carry besides text: photos, files, places, contacts and the kinds a form does not take.

import { fileAddress } from "./api.js";
import { el, icon } from "./dom.js";
import { lengthOf, say, sizeOf } from "./language.js";
import { pointMap } from "./thailand.js";

/** The element for a message's attachment, or null for a plain text. */
export function mediaOf(message, onPhoto) {
  if (message.photo) return photo(message, onPhoto);
  if (message.venue) return place(message.venue.location, message.venue);
  if (message.location) return place(message.location);
  if (message.sticker) return el("div", { class: "sticker", role: "img", "aria-label": say("สติกเกอร์", "Sticker") }, icon("smile"));
  if (message.voice) return voice(message.voice);
  if (message.video || message.video_note) return video(message.video ?? message.video_note);
  if (message.contact) return contact(message.contact);
  if (message.document) return file(message.document);
  if (message.text === undefined) return el("p", { class: "unknown" }, say("ข้อความชนิดนี้แสดงที่นี่ไม่ได้", "This kind of message cannot be shown here"));
  return null;
}

/** True where the attachment fills the bubble, so that the time lies on top of it. */
export const isPicture = (message) => Boolean(message.photo || message.sticker || message.video || message.video_note);

function photo(message, onPhoto) {
  const largest = message.photo.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
  const address = fileAddress(largest.file_id);
  const image = el("img", {
    src: address, width: largest.width, height: largest.height, decoding: "async",
    alt: message.caption ? say(`รูปภาพ: ${message.caption}`, `Photo: ${message.caption}`) : say("รูปภาพ", "Photo"),
  });
  const shape = largest.width / largest.height;
  const button = el("button", { type: "button", class: "photo", "aria-label": say("ดูรูปเต็มจอ", "Open the photo"), onclick: () => onPhoto?.(address) }, image);
  button.style.setProperty("--shape", Math.min(Math.max(shape, 0.6), 2.2));
  return button;
}

function file(document) {
  const name = document.file_name ?? say("ไฟล์", "File");
  const badge = document.thumbnail
    ? el("img", { class: "file-thumb", src: fileAddress(document.thumbnail.file_id), alt: "" })
    : el("span", { class: "file-badge" }, icon("file"));
  return el("a", { class: "file", href: fileAddress(document.file_id), download: name }, badge,
    el("span", { class: "file-words" }, el("span", { class: "file-name" }, name), el("span", { class: "faint" }, sizeOf(document.file_size))));
}

function place({ latitude, longitude, horizontal_accuracy: accuracy, live_period: live }, venue) {
  const numbers = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const facts = [
    venue?.title && el("strong", {}, venue.title),
    venue?.address && el("span", {}, venue.address),
    live && el("strong", {}, say("ตำแหน่งสด", "Live location")),
    el("span", { class: venue || live ? "faint" : "" }, numbers),
    accuracy && el("span", { class: "faint" }, say(`คลาดเคลื่อนไม่เกิน ${accuracy} เมตร`, `within ${accuracy} m`)),
  ];
  return el("div", { class: "place", "data-testid": "place" }, pointMap(latitude, longitude), el("div", { class: "place-words" }, ...facts));
}

function contact({ first_name: first, last_name: last, phone_number: phone }) {
  return el("div", { class: "file" }, el("span", { class: "file-badge" }, icon("person")),
    el("span", { class: "file-words" }, el("span", { class: "file-name" }, [first, last].filter(Boolean).join(" ")), el("span", { class: "faint" }, phone)));
}

function voice({ duration }) {
  const bars = Array.from({ length: 26 }, (_, i) => {
    const bar = el("i", {});
    bar.style.height = `${5 + Math.abs(Math.sin(i * 1.7) * 11 + Math.sin(i * 0.6) * 6)}px`;
    return bar;
  });
  return el("div", { class: "file", role: "img", "aria-label": say("ข้อความเสียง", "Voice message") }, el("span", { class: "file-badge" }, icon("play")),
    el("span", { class: "file-words" }, el("span", { class: "wave" }, ...bars), el("span", { class: "faint" }, lengthOf(duration))));
}

function video({ duration }) {
  return el("div", { class: "video", role: "img", "aria-label": say("วิดีโอ", "Video") },
    el("span", { class: "file-badge" }, icon("play")), el("span", { class: "video-length" }, lengthOf(duration)));
}
