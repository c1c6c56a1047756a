// The sites on the map: symbols, lines, outlines and circles of uncertainty, one pair of panes a layer.
/* global L */
import { h } from "./dom.js";
import { symbol, wayOf } from "./symbols.js";
import { tint } from "./ground.js";

const MANY = 500; // above this a layer's points are drawn on one canvas instead of one element each

export function addSites(map) {
  let facts = null;
  let name = (site) => site.id;
  let onPick = () => {};
  const drawn = new Map(); // id -> {site, parts: [leaflet layers], marker}
  const panes = new Map();
  let selected = null;

  function panesOf(layer) {
    if (panes.has(layer.key)) return panes.get(layer.key);
    const below = map.createPane(`s-${layer.key}`);
    const above = map.createPane(`p-${layer.key}`);
    below.style.zIndex = 400;
    above.style.zIndex = 620 - Math.min(layer.order ?? 0, 100) * 0.1;
    const made = { below, above, canvas: null };
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
    const box = h(`div.cp-mark.cp-mark-${way}`, { "data-site": site.id }, symbol(layer.style, way));
    return L.marker(at, {
      pane: `p-${layer.key}`, keyboard: false, riseOnHover: true,
      icon: L.divIcon({ html: box, className: "cp-mark-box", iconSize: [0, 0] }),
    });
  }

  function build(site, layer, many) {
    const parts = [];
    const way = wayOf(site.location_class);
    panesOf(layer);
    const pane = `s-${layer.key}`;
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
        style: { color: layer.style.colour, weight: lines ? 4 : 2, dashArray: way === "demo" && lines ? "7 5" : dash, fillColor: layer.style.colour, fillOpacity: lines ? 0 : 0.16, lineCap: way === "demo" ? "butt" : "round" },
      }));
    }
    const [lng, lat] = site.at;
    const marker = markerOf(site, layer, [lat, lng], many);
    parts.push(marker);
    for (const part of parts) {
      part.on?.("click", (e) => { if (onPick(site.id)) L.DomEvent.stopPropagation(e); });
    }
    marker.bindTooltip(() => h("span", {}, name(site)), { direction: "top", offset: [0, -10], className: "cp-tip" });
    return { site, parts, marker };
  }

  function mark(id, on) {
    const entry = drawn.get(id);
    const el = entry?.marker.getElement?.();
    el?.classList.toggle("cp-selected", on);
    if (el) entry.marker.setZIndexOffset(on ? 1000 : 0);
  }

  return {
    setNames(fn) { name = fn; },
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
      if (p) p.below.style.display = p.above.style.display = on ? "" : "none";
    },
    setOpacity(key, value) {
      const p = panes.get(key);
      if (p) p.below.style.opacity = p.above.style.opacity = value;
    },
    select(id) {
      if (selected) mark(selected, false);
      selected = id;
      if (id) mark(id, true);
    },
    count: () => drawn.size,
  };
}
