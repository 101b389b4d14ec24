// The page: officers side by side, which of them are open, and who a deep link starts.

import { api } from "./api.js";
import { el, icon } from "./dom.js";
import { say, switchLanguage } from "./language.js";
import { Phone, initial } from "./phone.js";

// A browser keeps six connections to one host: four streams leave two for sending.
const MOST_OPEN = 4;
const PHONE_WIDTH = 400;
const REFRESH_MS = 3000;
const NAMES = [
  "สายฝน ใจงาม", "ก้องภพ ทุ่งทอง", "ดวงใจ ริมธาร", "ปกรณ์ นาดี", "ลำดวน ศรีเรือน", "เมฆา ภูผา", "อรุณี บ้านสวน", "วาริน คำหล้า",
  "จันทร์เพ็ญ แก้วใส", "ธารา ท่าน้ำ", "มะลิ หอมไกล", "ภูมิ ไร่งาม",
];

const officers = document.getElementById("officers");
const board = document.getElementById("phones");
const phones = new Map();
let open = [];
let bot;
let payload = new URLSearchParams(location.search).get("start");

const room = () => Math.max(1, Math.min(MOST_OPEN, Math.floor(window.innerWidth / PHONE_WIDTH)));

function adopt(chat) {
  const known = phones.get(chat.id);
  if (known) {
    if (known.chat.blocked !== chat.blocked) {
      known.chat.blocked = chat.blocked;
      known.showFoot();
    }
    return known;
  }
  const phone = new Phone(chat, bot, { unseen: showOfficers, startsElsewhere: startWithNewOfficer, started });
  phone.tab = tabFor(phone);
  phones.set(chat.id, phone);
  officers.append(phone.tab);
  return phone;
}

function tabFor(phone) {
  const picture = phone.chat.type === "group" ? icon("group") : initial(phone.chat.name);
  return el("button", { type: "button", class: "officer", "data-testid": `officer-${phone.chat.id}`, onclick: () => select(phone) },
    el("span", { class: "avatar small", "aria-hidden": "true" }, picture), el("span", { class: "officer-name" }, phone.chat.name), el("span", { class: "dot", hidden: true }));
}

function showOfficers() {
  for (const phone of phones.values()) {
    phone.tab.setAttribute("aria-pressed", String(open.includes(phone)));
    const dot = phone.tab.querySelector(".dot");
    dot.hidden = !phone.unseen;
    dot.textContent = phone.unseen ? String(phone.unseen) : "";
    phone.tab.setAttribute("aria-label", phone.unseen ? say(`${phone.chat.name} มีข้อความใหม่ ${phone.unseen} ข้อความ`, `${phone.chat.name}, ${phone.unseen} new`) : phone.chat.name);
  }
  document.title = [...phones.values()].some((phone) => phone.unseen) ? say("● ท้องถิ่น · โทรศัพท์จำลอง", "● Thongthin · phones") : say("ท้องถิ่น · โทรศัพท์จำลอง", "Thongthin · phones");
}

/** Brings a phone onto the desk; the one not looked at for longest makes room. */
function select(phone) {
  open = [...open.filter((other) => other !== phone), phone].slice(-room());
  localStorage.setItem("officer", phone.chat.id);
  lay();
  phone.tab.scrollIntoView({ inline: "nearest", block: "nearest" });
}

/** Puts the open phones on the desk in the officers' order, and lets the others' streams go. */
function lay() {
  let before = null;
  for (const phone of phones.values()) {
    if (!open.includes(phone)) {
      phone.leave();
      phone.element.remove();
      continue;
    }
    const place = before ? before.nextSibling : board.firstChild;
    if (phone.element !== place) board.insertBefore(phone.element, place);
    before = phone.element;
    if (!document.hidden) phone.open();
  }
  showOfficers();
}

async function addOfficer(type = "private") {
  const taken = new Set([...phones.values()].map((phone) => phone.chat.name));
  const name = type === "group" ? say("กลุ่มทดลอง", "Test group") : NAMES.find((free) => !taken.has(free)) ?? say(`เจ้าหน้าที่ ${phones.size + 1}`, `Officer ${phones.size + 1}`);
  const phone = adopt(await api.addChat(name, type));
  select(phone);
  return phone;
}

async function startWithNewOfficer() {
  for (const phone of phones.values()) if (phone.payload !== null) phone.offerStart(null);
  (await addOfficer()).offerStart(payload);
}

function started() {
  payload = null;
  const address = new URL(window.location.href);
  address.searchParams.delete("start");
  history.replaceState(null, "", address);
}

async function refresh() {
  if (document.hidden) return;
  try {
    const now = await api.bot();
    if (JSON.stringify(now) !== JSON.stringify(bot)) for (const phone of phones.values()) phone.know(now);
    bot = now;
    for (const chat of await api.chats()) adopt(chat);
    await Promise.all([...phones.values()].filter((phone) => !open.includes(phone)).map((phone) => phone.lookIn()));
    if (open.length < room()) fillDesk();
    else showOfficers();
  } catch { /* The phones say themselves that the line is down. */ }
}

function fillDesk() {
  const more = [...phones.values()].filter((phone) => !open.includes(phone)).slice(0, room() - open.length);
  open = [...more, ...open];
  lay();
}

function tools() {
  const add = el("button", { type: "button", class: "tool add", "data-testid": "add-officer", title: say("เพิ่มเจ้าหน้าที่", "Add an officer"), onclick: () => addOfficer() }, icon("plus"), el("span", {}, say("เพิ่มเจ้าหน้าที่", "Add officer")));
  const group = el("button", { type: "button", class: "tool extra", "data-testid": "add-group", onclick: () => addOfficer("group") }, icon("group"), el("span", {}, say("กลุ่ม", "Group")));
  const tongue = el("button", { type: "button", class: "tool", lang: say("en", "th"), title: say("Switch to English", "เปลี่ยนเป็นภาษาไทย"), onclick: switchLanguage }, say("EN", "ไทย"));
  document.getElementById("tools").append(add, group, tongue);
  document.getElementById("title").textContent = say("ท้องถิ่น · โทรศัพท์จำลอง", "Thongthin · phones");
  officers.setAttribute("aria-label", say("เจ้าหน้าที่", "Officers"));
}

async function begin() {
  bot = await api.bot();
  for (const chat of await api.chats()) adopt(chat);
  const last = phones.get(Number(localStorage.getItem("officer")));
  const chosen = last ?? [...phones.values()][0] ?? await addOfficer();
  select(chosen);
  fillDesk();
  if (payload !== null) chosen.offerStart(payload);
  window.addEventListener("resize", () => { open = open.slice(-room()); fillDesk(); });
  document.addEventListener("visibilitychange", () => {
    for (const phone of open) if (document.hidden) phone.close(); else phone.open();
  });
  setInterval(refresh, REFRESH_MS);
}

tools();
begin().catch((failure) => {
  board.replaceChildren(el("div", { class: "broken", role: "alert" }, el("p", {}, say("เปิดแชทไม่ได้ ตรวจว่าโปรแกรมจำลองยังทำงานอยู่ แล้วลองใหม่", "The chat could not be opened: check that the simulator is running, then try again")),
    el("p", { class: "faint" }, failure.message), el("button", { type: "button", class: "strong", onclick: () => location.reload() }, say("ลองใหม่", "Try again"))));
});
