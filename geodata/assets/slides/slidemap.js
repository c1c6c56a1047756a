// One slide's map: the ground, the answer's shapes, the sites with their popups.
/* global L */
import { h } from "../dom.js";
import { DATA, geometry } from "./given.js";
import { addGround, addWatermark } from "../ground.js";
import { addSites } from "../sites.js";
import { symbol, wayOf } from "../symbols.js";

// A frame asked for before a map was taken away still comes; by then there is nothing to draw on.
const redraw = L.Canvas.prototype._redraw;
L.Canvas.include({ _redraw() { if (this._ctx) redraw.call(this); } });

const CLOSE = 24; // more proposals of a layer than this are drawn small and bare
const SHORT_PX = 26; // a named line shorter than this on the whole map would be a dab: a ring stands around it
const KNOWN = new Map(); // decoded shapes by their hash

function decoded(of) {
  if (!KNOWN.has(of)) KNOWN.set(of, DATA.shapes[of].map(geometry));
  return KNOWN.get(of);
}

function addShapes(map, shapes, place) {
  const pane = map.createPane(`a-${place}`);
  pane.style.zIndex = 300 + place;
  pane.style.pointerEvents = "none";
  const features = decoded(shapes.of).map((g, i) => ({ type: "Feature", properties: { i }, geometry: g }));
  const style = ({ properties: { i } }) => {
    const [colour, opacity] = shapes.paints[shapes.by[i]];
    const area = features[i].geometry.type.endsWith("Polygon");
    const fill = shapes.filled && area;
    return {
      stroke: !fill && shapes.width > 0, color: colour, opacity, weight: shapes.width * 1.4, fill, fillColor: colour, fillOpacity: opacity,
      dashArray: shapes.dashed ? "7 5" : null,
    };
  };
  L.geoJSON({ type: "FeatureCollection", features }, {
    renderer: L.canvas({ pane: `a-${place}`, padding: 0.2 }), pane: `a-${place}`, interactive: false, style,
    pointToLayer: (feature, at) => {
      const [colour, opacity] = shapes.paints[shapes.by[feature.properties.i]];
      return L.circleMarker(at, { radius: Math.max(3, shapes.width * 1.4), stroke: !shapes.filled, weight: 1.5, color: colour, fill: shapes.filled, fillColor: colour, fillOpacity: opacity });
    },
  }).addTo(map);
  return shapes.names.map((name, i) => name && nameOf(map, features[i].geometry, name, shapes, shapes.paints[shapes.by[i]][0])).filter(Boolean);
}

// What is written beside a shape that has a name; its text is put in by `speak`.
function nameOf(map, geometry, name, shapes, colour) {
  const bounds = L.geoJSON(geometry).getBounds();
  const [a, b] = [bounds.getNorthWest(), bounds.getSouthEast()].map((at) => map.latLngToLayerPoint(at));
  if (a.distanceTo(b) < SHORT_PX) L.circleMarker(bounds.getCenter(), { radius: 10, fill: false, color: colour, weight: 2.4, dashArray: shapes.dashed ? "4 3" : null, interactive: false, pane: "a-names" }).addTo(map);
  const text = h("span", { style: `color:${colour}` });
  const tip = L.tooltip({ permanent: true, direction: "right", offset: [12, 0], className: "cp-shape-name", pane: "a-names", interactive: false }).setLatLng(bounds.getCenter()).setContent(text).addTo(map);
  return { tip, text, name };
}

function closeLayers(sites) {
  const counts = {};
  for (const site of sites) if (wayOf(site.location_class) === "proposed") counts[site.layer] = (counts[site.layer] ?? 0) + 1;
  return new Set(Object.keys(counts).filter((key) => counts[key] > CLOSE));
}

function popup(site, lang) {
  const layer = DATA.layers[site.layer];
  return h("article.cp-pop", {},
    h("header.cp-pop-head", {}, symbol(layer.style, wayOf(site.location_class)), h("div", {}, h("strong", {}, site.name[lang]), h("span", {}, layer.name[lang]))),
    h("dl", {}, site.says.map(([name, value]) => [h("dt", {}, name[lang]), h("dd", {}, value[lang])])));
}

function northArrow() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 30");
  svg.setAttribute("aria-hidden", "true");
  for (const [d, fill] of [["M8 1L1 29L8 23Z", "#3a444a"], ["M8 1L15 29L8 23Z", "#ffffff"]]) {
    const half = document.createElementNS("http://www.w3.org/2000/svg", "path");
    for (const [name, value] of Object.entries({ d, fill, stroke: "#3a444a", "stroke-linejoin": "round" })) half.setAttribute(name, value);
    svg.append(half);
  }
  return svg;
}

// What makes the drawing a map: the arrow to the north, the line that says what kind of picture it is, the way back to its first view.
function furniture(map, host, told, fit) {
  const north = h("span");
  const badge = told.sketch ? h("p.map-badge") : null;
  const again = h("button.map-again", { type: "button", hidden: true, onclick: () => fit() });
  host.append(h("div.map-north", {}, north, northArrow()), again, ...(badge ? [badge] : []));
  L.DomEvent.disableClickPropagation(again);
  const moved = () => { again.hidden = map.getZoom() === map.chanheHome.zoom && map.getCenter().equals(map.chanheHome.at, 1e-6); };
  map.on("moveend zoomend", moved);
  map.on("unload", () => map.off("moveend zoomend", moved)); // Leaflet tells of a resized window up to 200 ms later
  return (words) => {
    north.textContent = words.north;
    again.textContent = words.again;
    if (badge) badge.textContent = words.badge;
  };
}

export function slideMap(host, told, words, lang) {
  const map = L.map(host, {
    zoomControl: false, keyboard: false, zoomSnap: 0, zoomDelta: 0.5, maxZoom: 19, minZoom: 9, wheelPxPerZoomLevel: 90,
    fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false,
  });
  map.attributionControl.remove();
  L.control.scale({ imperial: false }).addTo(map);
  map.chanheLang = lang;
  const fit = () => {
    map.fitBounds(told.bounds, { animate: false, padding: [10, 10] });
    map.chanheHome = { at: map.getCenter(), zoom: map.getZoom() };
    map.fire("moveend");
  };
  fit();
  const sayAround = furniture(map, host, told, fit);
  const ground = addGround(map, { url: "ground" });
  map.createPane("a-names").style.cssText = "z-index:620;pointer-events:none";
  const named = told.shapes.flatMap((shapes, place) => addShapes(map, shapes, place));
  const sites = addSites(map);
  const shown = told.sites.map((place) => DATA.sites[place]);
  const facts = { sites: shown, byId: new Map(shown.map((site) => [site.id, site])), layerOf: DATA.layers, close: closeLayers(shown) };
  let open = null;
  const speak = (next) => {
    map.chanheLang = next;
    sites.setNames((site) => site.name[next], (layer) => layer.name[next]);
    ground.labels?.speak(next);
    for (const { tip, text, name } of named) {
      text.textContent = name[next];
      tip.update();
    }
    addWatermark(map, told.sketch ? words[next].watermark : "");
    sayAround(words[next]);
    map.closePopup();
  };
  sites.onPick((id) => {
    const site = facts.byId.get(id);
    const [lng, lat] = site.at;
    open = L.popup({ maxWidth: 380, offset: [0, -8] }).setLatLng([lat, lng]).setContent(popup(site, map.chanheLang)).openOn(map);
    return true;
  });
  const canvases = () => {
    const found = new Set();
    map.eachLayer((layer) => { if (layer.options?.renderer?._redraw) found.add(layer.options.renderer); });
    return found;
  };
  speak(lang);
  sites.show(facts, new Set(facts.byId.keys()));
  for (const [layer, opacity] of Object.entries(told.faded)) sites.setOpacity(layer, opacity);
  let gone = false;
  map.on("unload", () => { gone = true; });
  const ready = ground.ready.then(() => { if (!gone) speak(map.chanheLang); });
  host.dataset.drawn = sites.count();
  host.dataset.shapes = told.shapes.reduce((sum, shapes) => sum + shapes.by.length, 0);
  return {
    map, speak, fit, ready,
    resized() { map.invalidateSize({ pan: false, animate: false }); fit(); },
    popupOpen: () => Boolean(open?.isOpen()),
    // A page being printed waits for no frame: what is due is drawn now.
    drawNow() {
      for (const canvas of canvases()) {
        canvas._update();
        canvas._redraw();
      }
    },
  };
}
