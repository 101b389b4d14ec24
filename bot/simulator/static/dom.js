// Makes elements; every text goes in as a text node, so that nothing a person writes becomes markup.

const SVG = "http://www.w3.org/2000/svg";

/** el("button", {class: "x", "aria-label": "…", onclick: f}, "text", child, null) */
export function el(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const ICONS = {
  send: ["M4 12 20 5l-4.5 15-4-6z", "M11.5 14 20 5"],
  clip: ["M8 12.5 14.2 6.300a3.2 3.2 0 0 1 4.5 4.500l-8 8a5 5 0 0 1-7-7l7.5-7.5"],
  menu: ["M5 8h14M5 12h14M5 16h14"],
  keyboard: ["M4 7h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1z", "M7 11h.01M11 11h.01M15 11h.01M8 15h8"],
  down: ["M6 9.500l6 6 6-6"],
  close: ["M6.5 6.500l11 11M17.5 6.500l-11 11"],
  more: ["M12 5.500h.01M12 12h.01M12 18.500h.01"],
  plus: ["M12 5v14M5 12h14"],
  back: ["M15 5l-7 7 7 7"],
  photo: ["M4 6h16v13H4z", "M4 16l5-5 4 4 3-3 4 4", "M15.5 9.500h.01"],
  file: ["M7 3.500h7l4 4v13H7z", "M14 3.500v4h4"],
  pin: ["M12 21s7-6.5 7-11.500a7 7 0 0 0-14 0C5 14.5 12 21 12 21z", "M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20.500c1-5 14-5 15 0"],
  smile: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M8.5 14.500c1.5 2.5 5.5 2.5 7 0M9 9.500h.01M15 9.500h.01"],
  voice: ["M12 14.500a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3z", "M6 11.500a6 6 0 0 0 12 0M12 17.500v3"],
  video: ["M4 7h11v10H4z", "M15 11l5-3v8l-5-3z"],
  play: ["M8.5 5.500v13l10-6.500z"],
  pencil: ["M5 19l1-4L16.5 4.500l3 3L9 18z"],
  reply: ["M10 7l-5 5 5 5", "M5 12h9c3 0 5 2 5 5"],
  copy: ["M9 9h11v11H9z", "M5 15V4h11"],
  sparkle: ["M12 4l1.8 6.200L20 12l-6.2 1.800L12 20l-1.8-6.200L4 12l6.2-1.800z"],
  block: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M5.8 5.800l12.4 12.4"],
  link: ["M8 16 16.5 7.500M9.5 7.500h7v7"],
  group: ["M9 11.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.500c.8-4.5 12.2-4.5 13 0", "M16 5a3.2 3.2 0 0 1 0 6.300M18 15.200c2 .7 3 2.2 3.5 4.3"],
};

export function icon(name) {
  const paths = ICONS[name].map((d) => svg("path", { d }));
  return svg("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" }, ...paths);
}

/** A round button that shows only an icon; `label` is what it is called aloud and in the tooltip. */
export function iconButton(name, label, properties = {}) {
  return el("button", { type: "button", title: label, "aria-label": label, ...properties, class: `round ${properties.class ?? ""}` }, icon(name));
}

/** Grows a text box with its text, up to `most` pixels. */
export function autogrow(box, most = 132) {
  const fit = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, most)}px`;
  };
  box.addEventListener("input", fit);
  return fit;
}
