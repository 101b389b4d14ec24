// A chat's messages in order: days, albums, edits in place, and scrolling that leaves the reader where they are.

import { fillAlbum, fillMessage } from "./bubble.js";
import { el, iconButton } from "./dom.js";
import { dayOf, say } from "./language.js";

const NEAR = 48;

export class Messages {
  /** `acts` = {press, photo, command, link, menu(message, x, y), edit(message), seen()} */
  constructor(acts) {
    this.acts = acts;
    this.byId = new Map();
    this.late = new Map();
    this.blocks = new Map();
    this.unseen = 0;
    this.pinned = true;
    this.inner = el("div", { class: "thread-inner", role: "log", "aria-live": "polite", "aria-busy": "true", "aria-label": say("ข้อความ", "Messages") });
    this.scroller = el("div", { class: "thread", tabindex: "0", "aria-label": say("ข้อความในแชท", "Chat messages"), onscroll: () => this.scrolled() }, this.inner);
    this.count = el("span", { class: "count" });
    this.jump = iconButton("down", say("ไปข้อความล่าสุด", "Go to the latest message"), { class: "jump", hidden: true, onclick: () => this.toBottom() });
    this.jump.append(this.count);
    this.element = el("div", { class: "thread-box" }, this.scroller, this.jump);
    this.watch();
    listenForMenus(this.inner, this);
  }

  get empty() {
    return this.byId.size === 0;
  }

  /** Call before asking the server for the list: what comes in meanwhile is newer than its answer. */
  expect() {
    this.late = new Map();
  }

  /** Takes a fresh list from the server: whatever differs is changed in place. */
  replaceAll(messages) {
    const known = this.byId.size > 0;
    const fresh = known ? messages.filter((message) => !message.out && !this.byId.has(message.message_id)).length : 0;
    this.byId = new Map(messages.map((message) => [message.message_id, message]));
    for (const [id, message] of this.late) message ? this.byId.set(id, message) : this.byId.delete(id);
    this.render();
    this.inner.setAttribute("aria-busy", "false");
    if (!known) this.toBottom();
    else this.noticed(fresh);
  }

  put(message) {
    const fresh = !this.byId.has(message.message_id);
    this.byId.set(message.message_id, message);
    this.late.set(message.message_id, message);
    this.render();
    if (fresh && message.out) this.toBottom();
    else if (fresh) this.noticed(1);
  }

  remove(messageId) {
    this.byId.delete(messageId);
    this.late.set(messageId, null);
    this.render();
  }

  /** The officer's own last text, for editing with the arrow key. */
  lastOwnText() {
    return [...this.byId.values()].filter((message) => message.out && message.text !== undefined).pop();
  }

  find(node) {
    const holder = node.closest?.("[data-message-id]");
    return holder ? this.byId.get(Number(holder.dataset.messageId)) : undefined;
  }

  render() {
    const wanted = blocksOf([...this.byId.values()].sort((a, b) => a.message_id - b.message_id));
    let before = null;
    for (const block of wanted) {
      const node = this.nodeFor(block);
      const place = before ? before.nextSibling : this.inner.firstChild;
      if (node !== place) this.inner.insertBefore(node, place);
      before = node;
    }
    const keys = new Set(wanted.map((block) => block.key));
    for (const [key, { node }] of this.blocks) {
      if (keys.has(key)) continue;
      node.remove();
      this.blocks.delete(key);
    }
    if (this.pinned) this.toBottom();
  }

  nodeFor(block) {
    const stamp = JSON.stringify(block.messages);
    const known = this.blocks.get(block.key);
    if (known?.stamp === stamp) return known.node;
    const node = known?.node ?? block.make();
    if (block.album) fillAlbum(node, block.messages, this.acts);
    else if (!block.day) fillMessage(node, block.messages[0], this.acts);
    this.blocks.set(block.key, { node, stamp });
    return node;
  }

  /** Says whether the reader can see new messages as they come; the phone tells it. */
  onScreen() {
    return this.pinned && !document.hidden && this.element.offsetParent !== null;
  }

  noticed(many) {
    this.unseen = this.onScreen() ? 0 : this.unseen + many;
    this.showUnseen();
  }

  showUnseen() {
    this.count.textContent = this.unseen ? String(this.unseen) : "";
    this.jump.hidden = this.pinned;
    this.acts.seen(this.unseen);
  }

  /** Only people move the view while nothing grows or shrinks: a change of size never lets go of the end. */
  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const resized = scrollHeight !== this.height || clientHeight !== this.room;
    if (this.pinned && resized) return this.toBottom();
    this.pinned = scrollHeight - scrollTop - clientHeight < NEAR;
    this.measured();
    if (this.onScreen()) this.unseen = 0;
    this.showUnseen();
  }

  toBottom() {
    this.pinned = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.measured();
    this.noticed(0);
  }

  measured() {
    this.height = this.scroller.scrollHeight;
    this.room = this.scroller.clientHeight;
  }

  /** Photos that load and keyboards that open change the heights: whoever was at the bottom stays there. */
  watch() {
    const sizes = new ResizeObserver(() => this.pinned && this.toBottom());
    sizes.observe(this.scroller);
    sizes.observe(this.inner);
  }
}

function blocksOf(messages) {
  const blocks = [];
  let day = "";
  for (const message of messages) {
    const today = dayOf(message.date);
    if (today !== day) blocks.push({ key: `day ${today}`, day: true, messages: [], make: () => el("div", { class: "day" }, today) });
    day = today;
    const album = message.media_group_id && `album ${message.media_group_id}`;
    const last = blocks[blocks.length - 1];
    if (album && last.key === album) last.messages.push(message);
    else if (album) blocks.push({ key: album, album: true, messages: [message], make: () => el("div", { class: "message album", "data-testid": "album" }) });
    else blocks.push({ key: `message ${message.message_id}`, messages: [message], make: () => el("div", { class: "message", "data-testid": "message" }) });
  }
  return blocks;
}

/** Right click, a long press or a double click on a message. */
function listenForMenus(inner, messages) {
  const { acts } = messages;
  const open = (event) => {
    const message = messages.find(event.target);
    if (!message || event.target.closest("a")) return;
    event.preventDefault();
    acts.menu(message, event.clientX, event.clientY);
  };
  let timer;
  const cancel = () => clearTimeout(timer);
  inner.addEventListener("contextmenu", open);
  inner.addEventListener("dblclick", (event) => {
    const message = messages.find(event.target);
    if (message?.out && message.text !== undefined && !event.target.closest("button")) acts.edit(message);
  });
  inner.addEventListener("touchstart", (event) => {
    const { clientX, clientY } = event.touches[0];
    const { target } = event;
    timer = setTimeout(() => open({ target, clientX, clientY, preventDefault() {} }), 500);
  }, { passive: true });
  for (const end of ["touchend", "touchmove", "touchcancel"]) inner.addEventListener(end, cancel, { passive: true });
}
