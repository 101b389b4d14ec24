// A hand-drawn outline of Thailand, good enough to point at, and a few real places to start from.

import { svg } from "./dom.js";

export const BOUNDS = { south: 5.5, north: 20.6, west: 97.3, east: 105.7 };

// Longitude, latitude; clockwise from Mae Sai: the Mekong, the Cambodian hills, the Gulf, the Malay border, the Andaman coast, Burma.
const OUTLINE = [
  [99.88, 20.44], [100.09, 20.36], [100.4, 20.27], [100.55, 20.15], [100.45, 19.75], [100.55, 19.5], [100.9, 19.62],
  [101.25, 19.58], [101.22, 19.1], [101.3, 18.95], [101.05, 18.4], [101.15, 18.05], [100.95, 17.6], [101.1, 17.48],
  [101.45, 17.75], [101.66, 17.9], [102.1, 18.2], [102.6, 17.95], [102.75, 17.88], [103.08, 18.02], [103.3, 18.43],
  [103.65, 18.37], [104.0, 18.3], [104.3, 17.9], [104.75, 17.5], [104.8, 17.0], [104.73, 16.54], [105.05, 16.1],
  [105.4, 15.95], [105.63, 15.7], [105.5, 15.32], [105.47, 15.13], [105.55, 14.6], [105.2, 14.35], [104.6, 14.4],
  [104.0, 14.35], [103.2, 14.35], [102.9, 14.18], [102.55, 13.66], [102.35, 13.3], [102.5, 12.9], [102.75, 12.4],
  [102.91, 11.65], [102.55, 12.15], [102.05, 12.5], [101.5, 12.65], [100.9, 12.62], [100.87, 12.93], [100.97, 13.36],
  [100.58, 13.52], [100.0, 13.38], [100.08, 13.05], [99.96, 12.57], [99.98, 12.2], [99.8, 11.8], [99.55, 11.2],
  [99.25, 10.6], [99.17, 9.95], [99.25, 9.25], [99.8, 9.28], [99.95, 8.6], [100.13, 8.5], [100.25, 8.2], [100.42, 7.6],
  [100.6, 7.2], [101.0, 6.88], [101.3, 6.93], [101.6, 6.7], [101.85, 6.42], [102.09, 6.24], [101.8, 5.75],
  [101.55, 5.93], [101.1, 5.63], [101.0, 5.8], [101.1, 6.25], [100.7, 6.45], [100.3, 6.7], [100.1, 6.45], [99.7, 6.85],
  [99.4, 7.3], [99.05, 7.65], [98.9, 8.02], [98.6, 8.35], [98.4, 7.8], [98.28, 8.0], [98.22, 8.7], [98.35, 9.2],
  [98.6, 9.95], [98.78, 10.4], [99.02, 10.96], [99.4, 11.4], [99.63, 11.8], [99.45, 12.2], [99.38, 12.6], [99.18, 13.1],
  [99.18, 13.7], [98.95, 14.1], [98.55, 14.6], [98.2, 15.08], [98.4, 15.35], [98.55, 15.6], [98.6, 16.05],
  [98.88, 16.35], [98.55, 16.65], [98.5, 16.95], [98.1, 17.4], [97.75, 17.85], [97.72, 18.15], [97.4, 18.5],
  [97.75, 18.6], [97.72, 18.95], [97.85, 19.5], [98.05, 19.78], [98.5, 19.7], [98.95, 19.78], [99.1, 20.1],
  [99.5, 20.15], [99.52, 20.35],
];

export const PLACES = [
  ["เทศบาลตำบลต้นธงชัย ลำปาง", 18.3206, 99.5227],
  ["เทศบาลนครลำปาง", 18.2888, 99.4909],
  ["วัดพระธาตุลำปางหลวง", 18.2173, 99.3893],
  ["เทศบาลนครเชียงใหม่", 18.7953, 98.9986],
  ["เทศบาลนครขอนแก่น", 16.4322, 102.8236],
  ["เทศบาลนครหาดใหญ่", 7.0086, 100.4747],
  ["ศาลาว่าการกรุงเทพมหานคร", 13.7539, 100.5018],
];

// One degree of latitude is a little longer on the ground than one of longitude here.
const STRETCH = 1.03;
export const x = (longitude) => longitude - BOUNDS.west;
export const y = (latitude) => (BOUNDS.north - latitude) * STRETCH;
export const WIDTH = x(BOUNDS.east);
export const HEIGHT = y(BOUNDS.south);

function outlinePath() {
  return `M${OUTLINE.map(([lon, lat]) => `${x(lon).toFixed(2)} ${y(lat).toFixed(2)}`).join("L")}Z`;
}

function graticule(step, left, top, right, bottom) {
  const lines = [];
  for (let lon = Math.ceil((left + BOUNDS.west) / step) * step; x(lon) < right; lon += step) lines.push(`M${x(lon)} ${top}V${bottom}`);
  for (let lat = Math.floor((BOUNDS.north - top / STRETCH) / step) * step; y(lat) < bottom; lat -= step) lines.push(`M${left} ${y(lat)}H${right}`);
  return lines.join("");
}

/** The whole country, with a pin that `movePin` sets. */
export function countryMap() {
  const pin = svg("circle", { r: 0.28, class: "map-pin" });
  const map = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "country" },
    svg("path", { d: graticule(2, 0, 0, WIDTH, HEIGHT), class: "map-grid" }),
    svg("path", { d: outlinePath(), class: "map-land" }), pin);
  const movePin = (latitude, longitude) => {
    pin.setAttribute("cx", x(longitude));
    pin.setAttribute("cy", y(latitude));
  };
  return { map, movePin };
}

/** A small window of the map around one point, for a location card: no tiles, only the outline and a pin. */
export function pointMap(latitude, longitude) {
  const [w, h] = [5, 2.6];
  const [left, top] = [x(longitude) - w / 2, y(latitude) - h / 2];
  const [cx, cy] = [x(longitude), y(latitude)];
  const drop = `M${cx} ${cy}c-.12-.2-.26-.34-.26-.52a.26.26 0 0 1 .52 0c0 .18-.14.32-.26.52z`;
  return svg("svg", { viewBox: `${left} ${top} ${w} ${h}`, class: "point-map", "aria-hidden": "true" },
    svg("path", { d: outlinePath(), class: "map-land" }),
    svg("path", { d: graticule(0.5, left, top, left + w, top + h), class: "map-grid" }),
    svg("path", { d: drop, class: "map-drop" }),
    svg("circle", { cx, cy: cy - 0.52, r: 0.09, class: "map-eye" }));
}
