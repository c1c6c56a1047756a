// The sites on the map: symbols, lines, outlines and circles of uncertainty, one pair of panes a layer.
/* global L */
import { h } from "./dom.js";
import { isRoughCourse, symbol, wayOf } from "./symbols.js";
import { tint } from "./ground.js";

const MANY = 500; // above this a layer's points are drawn on one canvas instead of one element each

export function addSites(map) {
  let facts = null;
  let name = (site) => site.id;
  let layerName = () => null;
  let onPick = () => {};
  const drawn = new Map(); // id -> {site, parts: [leaflet layers], marker}
  const panes = new Map();
  let selected = null;

  function panesOf(layer) {
    if (panes.has(layer.key)) return panes.get(layer.key);
    // Bottom up: demo sites, the names of places (605), what stands at a known place. Leaflet's tooltips are at 650.
    const lift = Math.round((100 - Math.min(layer.order ?? 0, 100)) / 10);
    const made = { canvas: null, all: [] };
    for (const [kind, z] of [["e", 398], ["s", 400], ["d", 590 + lift], ["p", 610 + lift]]) {
      const pane = map.createPane(`${kind}-${layer.key}`);
      pane.style.zIndex = z;
      made.all.push(pane);
    }
    panes.set(layer.key, made);
    return made;
  }

  function markerOf(site, layer, at, many) {
    const way = wayOf(site.location_class);
    if (many) {
      const p = panesOf(layer);
      p.canvas ??= L.canvas({ pane: `p-${layer.key}` });
      return L.circleMarker(at, {
        renderer: p.canvas, pane: `p-${layer.key}`, radius: 5, weight: 1.5, color: tint(map, "halo"),
        fillColor: layer.style.colour, fillOpacity: 0.95,
      });
    }
    const box = h(`div.cp-mark.cp-mark-${way}${way === "proposed" && facts.close?.has(layer.key) ? ".cp-mark-small" : ""}`, { "data-site": site.id }, symbol(layer.style, way));
    return L.marker(at, {
      pane: `${way === "demo" || site.location_class === "rehearsal" ? "d" : "p"}-${layer.key}`, keyboard: false, riseOnHover: true,
      icon: L.divIcon({ html: box, className: "cp-mark-box", iconSize: [0, 0] }),
    });
  }

  function build(site, layer, many) {
    const parts = [];
    const way = wayOf(site.location_class);
    panesOf(layer);
    const pane = `${way === "demo" ? "e" : "s"}-${layer.key}`;
    const g = site.geometry;
    const dash = way === "demo" ? "1 6" : way === "area" || way === "proposed" ? "8 5" : null;
    if (way === "area" && g.type === "Point" && site.uncertainty_m) {
      const [lng, lat] = g.coordinates;
      parts.push(L.circle([lat, lng], { pane, radius: site.uncertainty_m, className: "cp-doubt", color: layer.style.colour, weight: 1.4, dashArray: "6 5", fillColor: layer.style.colour, fillOpacity: 0.06, interactive: false }));
    }
    if (g.type !== "Point") {
      const lines = g.type.includes("LineString");
      const common = { pane, interactive: true, className: "cp-shape" };
      if (lines) parts.push(L.geoJSON(g, { ...common, interactive: false, style: { color: tint(map, "halo"), weight: 8, opacity: 0.85, fill: false } }));
      parts.push(L.geoJSON(g, {
        ...common,
        style: { color: layer.style.colour, weight: lines ? 4 : 2, dashArray: way === "demo" && lines ? "7 5" : isRoughCourse(site) ? "14 6" : dash, fillColor: layer.style.colour, fillOpacity: lines ? 0 : 0.16, lineCap: way === "demo" || isRoughCourse(site) ? "butt" : "round" },
      }));
    }
    const [lng, lat] = site.at;
    const marker = markerOf(site, layer, [lat, lng], many);
    parts.push(marker);
    marker.bindTooltip(() => h("span", {}, name(site), layerName(layer)), { direction: "top", offset: [0, -10], className: "cp-tip" });
    // Heard after Leaflet, which opens the tooltip at a click too: none may stay under the popup.
    for (const part of parts) {
      part.on?.("click", (e) => {
        if (onPick(site.id)) L.DomEvent.stopPropagation(e);
        marker.closeTooltip();
      });
    }
    return { site, parts, marker };
  }

  function mark(id, on) {
    const entry = drawn.get(id);
    const el = entry?.marker.getElement?.();
    el?.classList.toggle("cp-selected", on);
    if (el) entry.marker.setZIndexOffset(on ? 1000 : 0);
  }

  return {
    setNames(fn, ofLayer) {
      name = fn;
      layerName = (layer) => h("small", {}, ofLayer(layer));
    },
    onPick(fn) { onPick = fn; },
    // Draw exactly `ids`; what is drawn already and unchanged is left alone.
    show(next, ids) {
      facts = next;
      for (const [id, entry] of drawn) {
        if (ids.has(id) && facts.byId.get(id) === entry.site) continue;
        entry.parts.forEach((part) => part.remove());
        drawn.delete(id);
      }
      const counts = {};
      for (const site of facts.sites) if (site.at) counts[site.layer] = (counts[site.layer] ?? 0) + 1;
      for (const id of ids) {
        if (drawn.has(id)) continue;
        const site = facts.byId.get(id);
        const layer = facts.layerOf[site.layer];
        if (!layer || !site.at) continue;
        const entry = build(site, layer, counts[site.layer] > MANY);
        entry.parts.forEach((part) => part.addTo(map));
        drawn.set(id, entry);
      }
      if (selected) mark(selected, true);
    },
    // Switching a layer hides its two panes: nothing is built, fetched or thrown away.
    showLayer(key, on) {
      const p = panes.get(key);
      for (const pane of p?.all ?? []) pane.style.display = on ? "" : "none";
    },
    setOpacity(key, value) {
      const p = panes.get(key);
      for (const pane of p?.all ?? []) pane.style.opacity = value;
    },
    select(id) {
      if (selected) mark(selected, false);
      selected = id;
      if (id) mark(id, true);
    },
    count: () => drawn.size,
  };
}
