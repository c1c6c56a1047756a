// The points of a drawn road as handles on the map: dragged, moved by arrow keys, taken away by Delete.
/* global L */
import { h } from "./dom.js";

const STEP_PX = 4;
const ARROWS = { ArrowLeft: [-STEP_PX, 0], ArrowRight: [STEP_PX, 0], ArrowUp: [0, -STEP_PX], ArrowDown: [0, STEP_PX] };
const FEWEST = 2;

// `move(at)` takes the whole line as [lon, lat]; `catches(map, latlng)` says where an end catches, or null.
export function handles(map, group, at, { label, move, catches, busy }) {
  const end = (i) => i === 0 || i === at.length - 1;
  const placed = (i, p) => at.map((old, k) => (k === i ? [Number(p.lng.toFixed(7)), Number(p.lat.toFixed(7))] : old));
  at.forEach(([lon, lat], i) => {
    const text = label(i + 1);
    const icon = L.divIcon({ className: "cp-vertex", html: h("span", {}), iconSize: [24, 24] });
    const mark = L.marker([lat, lon], { icon, pane: "handles", draggable: true, keyboard: true, title: text, alt: text, autoPanOnFocus: false });
    const line = L.polyline([], { pane: "drawing", color: "#b0124f", weight: 3, dashArray: "6 4", interactive: false }).addTo(group);
    mark.on("dragstart", () => busy(true));
    mark.on("drag", () => {
      const caught = end(i) && catches(map, mark.getLatLng());
      if (caught) mark.setLatLng(caught);
      mark.getElement().classList.toggle("cp-vertex-caught", Boolean(caught));
      line.setLatLngs(placed(i, mark.getLatLng()).map(([x, y]) => [y, x]));
    });
    mark.on("dragend", () => { busy(false); move(placed(i, mark.getLatLng()), i); });
    mark.addTo(group);
    const el = mark.getElement();
    el.setAttribute("aria-label", text);
    el.dataset.vertex = i;
    el.addEventListener("keydown", (e) => {
      const by = ARROWS[e.key];
      const taken = (e.key === "Delete" || e.key === "Backspace") && at.length > FEWEST;
      if (!by && !taken) return;
      e.preventDefault();
      e.stopPropagation();
      if (taken) move(at.filter((_, k) => k !== i), Math.max(0, i - 1));
      else move(placed(i, map.layerPointToLatLng(map.latLngToLayerPoint([lat, lon]).add(by))), i);
    });
  });
}
