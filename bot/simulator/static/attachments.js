// The paper clip's menu, and the preview of chosen pictures and files before they are sent.

import { autogrow, el, icon, iconButton } from "./dom.js";
import { say, sizeOf } from "./language.js";
import { sampleSheet } from "./samples.js";

const ALBUM = 10;

export class Attachments {
  /** `acts` = {send(what), sendFiles(files, as, caption), place()} */
  constructor(sheets, acts, officer) {
    this.sheets = sheets;
    this.acts = acts;
    this.officer = officer;
    this.photoInput = this.input("photo-input", "image/*,.heic,.heif", "photo");
    this.fileInput = this.input("file-input", undefined, "document");
    this.element = el("div", { class: "off-screen" }, this.photoInput, this.fileInput);
  }

  input(testid, accept, as) {
    return el("input", {
      type: "file", multiple: true, accept, "data-testid": testid, tabindex: "-1", "aria-hidden": "true",
      onchange: (event) => {
        const files = [...event.currentTarget.files];
        event.currentTarget.value = "";
        if (files.length) this.preview(files, as);
      },
    });
  }

  menu() {
    const { sheets, acts } = this;
    const send = (what) => () => { sheets.close(); acts.send(what); };
    const items = [
      ["photo", say("รูปภาพ", "Photo"), "#3d9be9", () => { sheets.close(); this.photoInput.click(); }],
      ["file", say("ไฟล์", "File"), "#5b7fe0", () => { sheets.close(); this.fileInput.click(); }],
      ["pin", say("ตำแหน่ง", "Location"), "#35a853", () => acts.place()],
      ["sparkle", say("รูปตัวอย่าง", "Sample photos"), "#d9822b", () => sampleSheet(sheets, (files) => this.preview(files, "photo"))],
      ["person", say("ผู้ติดต่อ", "Contact"), "#c9a227", () => this.contact()],
      ["smile", say("สติกเกอร์", "Sticker"), "#b565c9", send({ sticker: true })],
      ["voice", say("เสียง", "Voice"), "#d9534f", send({ voice: true })],
      ["video", say("วิดีโอ", "Video"), "#26a0a0", send({ video: true })],
    ];
    const buttons = items.map(([picture, label, colour, onclick]) => {
      const badge = el("span", { class: "attach-badge" }, icon(picture));
      badge.style.background = colour;
      return el("button", { type: "button", class: "attach-item", "data-testid": `attach-${picture}`, onclick }, badge, label);
    });
    sheets.sheet(say("แนบ", "Attach"), el("div", { class: "attach-grid" }, ...buttons));
  }

  contact() {
    this.sheets.close();
    return this.acts.send({ contact: { phone_number: "+66800000000", first_name: this.officer } });
  }

  preview(files, as) {
    const sheet = new Preview(files, as, this.acts, () => this.sheets.close());
    this.sheets.sheet(say("ก่อนส่ง", "Before sending"), sheet.element);
    this.sheets.onClose = () => sheet.release();
  }
}

class Preview {
  constructor(files, as, acts, done) {
    this.files = files.map((file) => ({ file, address: URL.createObjectURL(file) }));
    this.acts = acts;
    this.done = done;
    this.list = el("div", { class: "preview-list" });
    this.asFile = el("input", { type: "checkbox", checked: as === "document" });
    this.caption = el("textarea", { rows: "1", "data-testid": "caption", placeholder: say("คำบรรยาย (ไม่ใส่ก็ได้)", "Caption (optional)"), "aria-label": say("คำบรรยาย", "Caption") });
    autogrow(this.caption, 90);
    this.button = el("button", { type: "button", class: "strong", "data-testid": "send-files", "data-first": true, onclick: () => this.send() });
    this.element = el("div", { class: "preview" }, this.list,
      el("label", { class: "tick" }, this.asFile, say("ส่งเป็นไฟล์ (ไม่ย่อรูป)", "Send as file (not made smaller)")), this.caption, this.button);
    this.show();
  }

  show() {
    this.list.replaceChildren(...this.files.map((item) => this.tile(item)));
    this.button.replaceChildren(el("span", { class: "label" }, say(`ส่ง ${this.files.length} รายการ`, `Send ${this.files.length}`)), el("span", { class: "spinner" }));
    if (!this.files.length) this.done();
  }

  tile(item) {
    const name = el("span", { class: "preview-name" }, item.file.name);
    const picture = el("img", { src: item.address, alt: item.file.name, onerror: (event) => event.currentTarget.replaceWith(icon("file")) });
    const away = iconButton("close", say(`เอา ${item.file.name} ออก`, `Remove ${item.file.name}`), {
      onclick: () => { this.files = this.files.filter((other) => other !== item); this.show(); },
    });
    return el("figure", { class: "preview-tile" }, item.file.type.startsWith("image/") ? picture : icon("file"), name, el("span", { class: "faint" }, sizeOf(item.file.size)), away);
  }

  /** Telegram's albums hold ten: more go as several. Whatever was not sent stays in the preview. */
  async send() {
    if (this.button.classList.contains("waiting")) return;
    this.button.classList.add("waiting");
    while (this.files.length) {
      const some = this.files.slice(0, ALBUM);
      const sent = await this.acts.sendFiles(some.map(({ file }) => file), this.asFile.checked ? "document" : "photo", this.caption.value.trim());
      if (!sent) break;
      this.caption.value = "";
      this.files = this.files.slice(ALBUM);
    }
    this.button.classList.remove("waiting");
    if (!this.files.length) this.done();
  }

  release() {
    for (const { address } of this.files) URL.revokeObjectURL(address);
  }
}
