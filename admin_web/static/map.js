// The map: the entry's pin and the LAO's office, over tiles where a source is set, else on a plain ground.

const { L } = window;

const point = (data, name) =>
  data[`${name}Latitude`] === "" ? null : [Number(data[`${name}Latitude`]), Number(data[`${name}Longitude`])];

const marker = (name) => L.divIcon({ className: "", html: `<span class="${name}"></span>`, iconSize: [14, 14], iconAnchor: [7, name === "pin" ? 15 : 7] });

const draw = (box) => {
  const { dataset } = box;
  const pin = [Number(dataset.latitude), Number(dataset.longitude)];
  const office = point(dataset, "office");
  const map = L.map(box, { zoomControl: false, scrollWheelZoom: false, maxZoom: 19, attributionControl: Boolean(dataset.tiles) });
  L.control.zoom({ zoomInTitle: dataset.zoomIn, zoomOutTitle: dataset.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (dataset.tiles) {
    map.attributionControl.setPrefix(false);
    const host = new URL(dataset.source.replace("*.", "")).host;
    const source = host.endsWith("openstreetmap.org") ? "© OpenStreetMap contributors" : host;
    L.tileLayer(dataset.tiles, { attribution: source, maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin" }).addTo(map);
  }
  if (office) {
    L.polyline([office, pin], { color: "currentColor", weight: 2, dashArray: "4 6", interactive: false }).addTo(map);
    L.marker(office, { icon: marker("office"), alt: dataset.office, keyboard: false }).addTo(map).bindTooltip(dataset.office, { direction: "top" });
  }
  L.marker(pin, { icon: marker("pin"), alt: dataset.pin, keyboard: false }).addTo(map).bindTooltip(dataset.pin, { direction: "top" });
  if (office) map.fitBounds(L.latLngBounds([pin, office]).pad(0.4), { maxZoom: 15, animate: false });
  else map.setView(pin, 15, { animate: false });
};

for (const box of document.querySelectorAll("[data-map]")) draw(box);
