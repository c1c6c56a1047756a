// A place named in a table, shown on the map of the same page: the map goes there and rings it.
/* global L */
import { h } from "./dom.js";

const RING = { radius: 15, color: "#b3005e", weight: 3.5, fill: false, opacity: 1, interactive: false };
const HALO = { ...RING, color: "#ffffff", weight: 7, opacity: 0.9 };
const NEAR = 15;
const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function mapOf(selector) {
  return document.querySelector(`${selector} .cp-map`)?.chanheMap ?? null;
}

// Ring the place and bring it into view; null takes the ring away.
export function lookAt(selector, place) {
  const map = mapOf(selector);
  if (!map) return;
  map.chanheRing?.remove();
  map.chanheRing = null;
  if (!place) return;
  const at = L.latLng(place.lat, place.lon);
  const pane = map.getPane("look") ?? map.createPane("look");
  pane.style.zIndex = 640;
  pane.style.pointerEvents = "none";
  const ring = L.circleMarker(at, { ...RING, pane: "look" });
  ring.bindTooltip(() => h("span", {}, place.text), { permanent: true, direction: "top", offset: [0, -14], className: "cp-look" });
  map.chanheRing = L.layerGroup([L.circleMarker(at, { ...HALO, pane: "look" }), ring]).addTo(map);
  map.setView(at, Math.max(map.getZoom(), NEAR), { animate: !still() });
  map.getContainer().scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
}
