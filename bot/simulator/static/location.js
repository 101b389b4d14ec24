// The location picker: numbers, a map to point at, places to start from; sent as a pin, live, or as a named venue.

import { el } from "./dom.js";
import { say } from "./language.js";
import { BOUNDS, PLACES, WIDTH, countryMap } from "./thailand.js";

const LIVE_SECONDS = 900;

export class LocationPicker {
  constructor(send) {
    this.send = send;
    this.latitude = this.number("latitude", say("ละติจูด", "Latitude"), PLACES[0][1], -90, 90);
    this.longitude = this.number("longitude", say("ลองจิจูด", "Longitude"), PLACES[0][2], -180, 180);
    this.accuracy = el("select", { "data-testid": "accuracy" }, ...[["", say("ไม่ระบุ", "not given")], ["5", "5 ม."], ["50", "50 ม."], ["500", "500 ม."], ["1500", "1,500 ม."]]
      .map(([value, text]) => el("option", { value }, say(text, text.replace("ม.", "m")))));
    this.title = el("input", { type: "text", "data-testid": "venue-title", value: PLACES[0][0] });
    this.address = el("input", { type: "text", "data-testid": "venue-address", value: "" });
    this.venue = el("div", { class: "fields", hidden: true }, field(say("ชื่อสถานที่", "Name"), this.title), field(say("ที่อยู่", "Address"), this.address));
    this.kinds = this.kindChoice();
    this.map = this.countryMap();
    this.element = el("form", { class: "picker", novalidate: true, onsubmit: (event) => this.submit(event) },
      el("div", { class: "picker-top" }, this.map, el("div", { class: "fields" },
        field(say("ละติจูด (เหนือ)", "Latitude (north)"), this.latitude), field(say("ลองจิจูด (ตะวันออก)", "Longitude (east)"), this.longitude),
        field(say("ความคลาดเคลื่อน", "Accuracy"), this.accuracy), this.kinds)),
      this.venue, this.places(), this.problem = el("p", { class: "problem", role: "alert" }),
      el("button", { type: "submit", class: "strong", "data-testid": "send-location" }, say("ส่งตำแหน่งนี้", "Send this location")));
    this.moved();
  }

  number(testid, label, value, min, max) {
    return el("input", { type: "number", step: "any", inputmode: "decimal", min, max, value, "data-testid": testid, "aria-label": label, oninput: () => this.moved() });
  }

  kindChoice() {
    const kinds = [["pin", say("ตำแหน่ง", "Pin")], ["live", say("ตำแหน่งสด", "Live")], ["venue", say("สถานที่", "Venue")]];
    const name = `kind-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    return el("fieldset", { class: "segments", onchange: () => { this.venue.hidden = this.kind !== "venue"; } },
      el("legend", { class: "off-screen" }, say("ชนิดของตำแหน่ง", "Kind of location")),
      ...kinds.map(([value, text], i) => el("label", {}, el("input", { type: "radio", name, value, checked: i === 0, "data-testid": `kind-${value}` }), el("span", {}, text))));
  }

  get kind() {
    return this.kinds.querySelector("input:checked").value;
  }

  countryMap() {
    const { map, movePin } = countryMap();
    this.movePin = movePin;
    const point = (event) => {
      const frame = map.getBoundingClientRect();
      const east = BOUNDS.west + ((event.clientX - frame.left) / frame.width) * WIDTH;
      const north = BOUNDS.north - ((event.clientY - frame.top) / frame.height) * (BOUNDS.north - BOUNDS.south);
      this.put(north, east);
    };
    map.addEventListener("click", point);
    return el("div", { class: "picker-map", "data-testid": "map", title: say("แตะแผนที่เพื่อเลือกจุด", "Tap the map to choose a point") }, map);
  }

  places() {
    return el("div", { class: "chips", role: "group", "aria-label": say("สถานที่ตัวอย่าง", "Sample places") }, ...PLACES.map(([name, latitude, longitude]) => el("button", {
      type: "button", class: "chip", onclick: () => { this.put(latitude, longitude); this.title.value = name; },
    }, name)));
  }

  put(latitude, longitude) {
    this.latitude.value = latitude.toFixed(5);
    this.longitude.value = longitude.toFixed(5);
    this.moved();
  }

  moved() {
    this.movePin?.(this.latitude.valueAsNumber || 0, this.longitude.valueAsNumber || 0);
  }

  submit(event) {
    event.preventDefault();
    if (!this.element.checkValidity() || this.latitude.value === "" || this.longitude.value === "") {
      this.problem.textContent = say("พิกัดยังไม่ถูกต้อง ละติจูดคือ -90 ถึง 90 และลองจิจูดคือ -180 ถึง 180", "These are not coordinates yet: latitude runs from -90 to 90, longitude from -180 to 180");
      return;
    }
    this.problem.textContent = "";
    this.send(this.what());
  }

  what() {
    const point = { latitude: this.latitude.valueAsNumber, longitude: this.longitude.valueAsNumber };
    if (this.kind === "venue") return { venue: { ...point, title: this.title.value || say("สถานที่", "Place"), address: this.address.value || say("ไม่ระบุที่อยู่", "No address") } };
    const accuracy = this.accuracy.value ? { horizontal_accuracy: Number(this.accuracy.value) } : {};
    return { location: { ...point, ...accuracy, ...(this.kind === "live" ? { live_period: LIVE_SECONDS } : {}) } };
  }
}

function field(label, input) {
  return el("label", { class: "labelled" }, el("span", {}, label), input);
}
