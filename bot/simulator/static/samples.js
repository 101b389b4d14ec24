// Sample photos painted in the browser, so that a form with photos can be tried with no picture at hand.

import { el } from "./dom.js";
import { say } from "./language.js";

const SCENES = [
  { name: "temple", label: say("วัดบนเนิน", "Temple hill"), sky: ["#6db3e8", "#fde7c4"], ground: "#6f9e58", paint: temple },
  { name: "market", label: say("ตลาดเช้า", "Morning market"), sky: ["#f6b26b", "#fff0d6"], ground: "#b08a62", paint: market },
  { name: "river", label: say("ภูเขาและแม่น้ำ", "Mountains"), sky: ["#8ec9f0", "#e9f6ff"], ground: "#4f8a5b", paint: mountains },
  { name: "fair", label: say("งานบุญตอนเย็น", "Evening fair"), sky: ["#5b4b8a", "#f2a07b"], ground: "#57473f", paint: fair },
  { name: "dark", label: say("มืดเกินไป", "Too dark"), sky: ["#04050a", "#090a10"], ground: "#050505", paint: mountains },
  { name: "blurred", label: say("ไม่ชัด", "Blurred"), sky: ["#8ec9f0", "#fde7c4"], ground: "#6f9e58", paint: temple, blur: 26 },
  { name: "tiny", label: say("เล็กเกินไป", "Too small"), sky: ["#6db3e8", "#fde7c4"], ground: "#6f9e58", paint: temple, width: 160, height: 120 },
];

let made = 0;

/** Lets the officer tick sample pictures, then hands them over as files. */
export function sampleSheet(sheets, use) {
  const chosen = new Set();
  const button = el("button", { type: "button", class: "strong", disabled: true, "data-testid": "use-samples", onclick: async () => {
    button.disabled = true;
    const files = await Promise.all([...chosen].map(sampleFile));
    use(files);
  } });
  const label = () => { button.textContent = chosen.size ? say(`ใช้ ${chosen.size} รูป`, `Use ${chosen.size}`) : say("เลือกรูปก่อน", "Choose photos first"); };
  const tiles = SCENES.map((scene) => {
    const canvas = painted({ ...scene, width: 160, height: 120, blur: scene.blur && 3 }, "");
    const tile = el("button", { type: "button", class: "sample", "aria-pressed": "false", "data-testid": `sample-${scene.name}` }, canvas, el("span", {}, scene.label));
    tile.addEventListener("click", () => {
      const on = !chosen.delete(scene);
      if (on) chosen.add(scene);
      tile.setAttribute("aria-pressed", String(on));
      button.disabled = chosen.size === 0;
      label();
    });
    return tile;
  });
  label();
  sheets.sheet(say("รูปตัวอย่าง", "Sample photos"), el("div", { class: "samples" }, ...tiles), button);
}

function sampleFile(scene) {
  made += 1;
  const name = `${scene.name}-${made}.jpg`;
  const canvas = painted({ width: 1600, height: 1200, ...scene }, String(made));
  return new Promise((done) => canvas.toBlob((blob) => done(new File([blob], name, { type: "image/jpeg" })), "image/jpeg", 0.9));
}

/** A scene in a canvas of 1600 by 1200 units, whatever its real size, with a number so that no two are alike. */
function painted({ sky, ground, paint, name, width, height, blur }, number) {
  const canvas = el("canvas", { width, height });
  const pen = canvas.getContext("2d");
  pen.scale(width / 1600, height / 1200);
  if (blur) pen.filter = `blur(${blur}px)`;
  const air = pen.createLinearGradient(0, 0, 0, 800);
  air.addColorStop(0, sky[0]);
  air.addColorStop(1, sky[1]);
  pen.fillStyle = air;
  pen.fillRect(-80, -80, 1760, 1360);
  const dark = name === "dark";
  if (dark) pen.globalAlpha = 0.05;
  paint(pen, ground);
  if (!blur && !dark) grain(pen, number || "0");
  pen.font = "700 150px sans-serif";
  pen.fillStyle = "rgba(255,255,255,.88)";
  pen.fillText(number, 70, 1130);
  return canvas;
}

function triangle(pen, x, y, w, h, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(x - w / 2, y);
  pen.lineTo(x, y - h);
  pen.lineTo(x + w / 2, y);
  pen.fill();
}

function box(pen, x, y, w, h, colour) {
  pen.fillStyle = colour;
  pen.fillRect(x, y, w, h);
}

function temple(pen, ground) {
  pen.fillStyle = ground;
  pen.beginPath();
  pen.ellipse(800, 1230, 1300, 480, 0, 0, Math.PI * 2);
  pen.fill();
  box(pen, 480, 620, 460, 210, "#f4efe2");
  for (let i = 0; i < 6; i += 1) box(pen, 510 + i * 75, 660, 26, 170, "#b5563a");
  triangle(pen, 710, 640, 640, 150, "#a63d2f");
  triangle(pen, 710, 560, 430, 190, "#c25a35");
  triangle(pen, 1150, 830, 330, 640, "#e2b13c");
  box(pen, 1000, 790, 300, 50, "#f7e6b5");
}

function market(pen, ground) {
  box(pen, -80, 760, 1760, 520, ground);
  const colours = ["#d64541", "#2e86ab", "#3fa34d", "#f2c14e", "#8e5ea2"];
  for (let i = 0; i < 5; i += 1) {
    const left = 40 + i * 310;
    box(pen, left + 20, 560, 12, 340, "#5d4b3c");
    box(pen, left + 250, 560, 12, 340, "#5d4b3c");
    triangle(pen, left + 140, 580, 310, 150, colours[i]);
    box(pen, left, 800, 280, 110, "#8a6642");
    for (let j = 0; j < 12; j += 1) {
      pen.fillStyle = colours[(i + j) % 5];
      pen.beginPath();
      pen.arc(left + 24 + (j % 6) * 46, 780 - Math.floor(j / 6) * 34, 22, 0, Math.PI * 2);
      pen.fill();
    }
  }
}

function mountains(pen, ground) {
  triangle(pen, 380, 860, 1000, 520, "#7c9cb5");
  triangle(pen, 1160, 860, 1200, 660, "#64879f");
  triangle(pen, 780, 860, 700, 360, "#4f7285");
  box(pen, -80, 850, 1760, 430, ground);
  pen.fillStyle = "#a9d5ea";
  pen.beginPath();
  pen.moveTo(700, 850);
  pen.bezierCurveTo(1000, 980, 500, 1040, 760, 1280);
  pen.lineTo(1180, 1280);
  pen.bezierCurveTo(860, 1060, 1200, 960, 780, 850);
  pen.fill();
}

function fair(pen, ground) {
  box(pen, -80, 860, 1760, 420, ground);
  for (let i = 0; i < 7; i += 1) triangle(pen, 160 + i * 220, 900, 200, 220 + (i % 3) * 60, ["#e8c547", "#d1495b", "#30638e"][i % 3]);
  pen.fillStyle = "#fff3c4";
  for (let i = 0; i < 60; i += 1) {
    pen.beginPath();
    pen.arc(i * 28, 420 + Math.sin(i / 4) * 60, 9, 0, Math.PI * 2);
    pen.fill();
  }
}

/** Specks that differ with the number: a real photo is never flat, and a form may look at sharpness. */
function grain(pen, number) {
  let seed = Number(number) * 7919 + 17;
  for (let i = 0; i < 2600; i += 1) {
    seed = (seed * 48271) % 2147483647;
    const tone = seed % 2 ? "255,255,255" : "20,30,10";
    pen.fillStyle = `rgba(${tone},${0.12 + (seed % 7) / 40})`;
    pen.fillRect(seed % 1600, (seed >> 8) % 1200, 3 + (seed % 5), 3 + (seed % 4));
  }
}
