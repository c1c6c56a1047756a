// Roads on the maps of the page: those of the answer, those of the scenario, and the one that is being drawn.
/* global L */
import { h, metres, replace } from "./dom.js";
import { snapped } from "./snap.js";
import { handles } from "./vertices.js";

const MAPS = ".st-key-roads_answer .cp-map";
const NEAR_PX = 4; // a double click is two clicks at one place
const LOOK_MS = 250;
const NEAREST = 17;
const PALE = { trying: 0.55, drawing: 0.2 }; // how much is left of the squares, so that the streets show
const ROAD = "#b0124f";
const CLOSED = "#3c4650";
const POINTS = { add_facility: "#1d5c87", move_facility: "#1d5c87", open_gate: "#1c6b3c", close_gate: CLOSED, close_street: CLOSED };

export const tell = (what) => document.dispatchEvent(new CustomEvent("cp-roads", { detail: what }));

const places = (type, at) => (type === "Point" ? [at] : type === "LineString" ? at : type?.startsWith("Multi") || type === "Polygon" ? at.flat(type === "MultiPolygon" ? 2 : 1) : []);

const place = (p) => [Number(p.lng.toFixed(7)), Number(p.lat.toFixed(7))];

class Sketchpad {
  constructor() {
    this.answer = [];
    this.scenario = [];
    this.known = [];
    this.task = null;
    this.twin = false;
    this.two = false;
    this.trying = false;
    this.edited = null;
    this.caught = null;
  }

  maps() { return [...document.querySelectorAll(MAPS)].map((el) => el.chanheMap).filter(Boolean); }

  // Maps come and go with the answer; whatever is there carries what is drawn.
  open() {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  close() {
    clearInterval(this.timer);
    this.stop();
    this.known = [];
    this.answer = [];
    this.scenario = [];
    this.edited = null;
  }

  look() {
    const maps = this.maps();
    if (maps.length === this.known.length && maps.every((m, i) => m === this.known[i])) return;
    for (const map of maps) if (!this.known.includes(map)) this.prepare(map);
    this.known = maps;
    this.refresh();
  }

  prepare(map) {
    map.createPane("sketch").style.zIndex = 440;
    map.createPane("drawing").style.zIndex = 680;
    map.createPane("handles").style.zIndex = 690;
    map.cpSketch = L.layerGroup().addTo(map);
    map.cpDrawing = L.layerGroup().addTo(map);
    map.on("move", () => this.follow(map));
    if (this.task) this.listen(map);
    this.fade();
  }

  // Squares pale where a road is tried, and more so while it is drawn.
  fade() {
    const part = this.task || this.edited ? PALE.drawing : this.trying ? PALE.trying : 1;
    for (const map of this.maps()) map.chanhe?.values?.cells?.setOpacity(part);
  }

  setTrying(on) { this.trying = on; this.fade(); }

  // Where a point catches: on a street, or on another road of the scenario.
  catches(map, latlng, own = null) {
    const roads = this.scenario.filter((s) => s.type === "LineString" && s.kind === "open_road" && !s.held && s.id !== own).map((s) => s.at);
    return snapped(map, latlng, [...(map.chanhe?.ground?.streets ?? []), ...roads]);
  }

  // Two maps beside each other show one extent.
  follow(map) {
    if (this.following || !map.getContainer().offsetWidth) return;
    this.following = true;
    for (const other of this.known) {
      if (other !== map && other.getContainer().isConnected) other.setView(map.getCenter(), map.getZoom(), { animate: false });
    }
    this.following = false;
  }

  setAnswer(shapes) { this.answer = shapes; this.refresh(); }
  setScenario(shapes) { this.scenario = shapes; this.refresh(); }

  // Of two maps the first shows the state before: what is only then there is faint on it, and of two scenarios each has its map.
  setSides(twin, two) { this.twin = twin; this.two = two; }

  refresh() {
    if (this.dragging) return;
    const focused = document.activeElement?.dataset?.vertex;
    if (this.edited && !this.scenario.some((s) => s.id === this.edited)) this.edited = null;
    this.fade();
    this.known.forEach((map, side) => {
      map.cpSketch.clearLayers();
      const apart = this.twin && this.known.length > 1;
      for (const shape of [...this.answer, ...this.scenario]) {
        if (!apart) this.add(map, shape, Boolean(shape.held));
        else if (!this.two) this.add(map, shape, side === 0);
        else if (Boolean(shape.held) === (side === 0)) this.add(map, shape, false);
      }
    });
    const last = this.known.at(-1); // of two maps the one that shows the scenario
    if (!this.edited || !last) return;
    this.handle(last);
    const again = this.focusOn ?? focused;
    this.focusOn = null;
    if (again !== undefined) last.getContainer().querySelector(`[data-vertex="${again}"]`)?.focus({ preventScroll: true });
  }

  // The points of the road that is being changed.
  handle(map) {
    const shape = this.scenario.find((s) => s.id === this.edited);
    handles(map, map.cpSketch, shape.at, {
      label: shape.point, catches: (on, latlng) => this.catches(on, latlng, shape.id), busy: (on) => { this.dragging = on; },
      move: (at, i) => { this.focusOn = i; shape.move(at); },
    });
  }

  edit(id) {
    this.edited = this.edited === id ? null : id;
    this.refresh();
    if (this.edited) this.show(id);
  }

  add(map, shape, faint) {
    let where;
    try { where = places(shape.type, shape.at).map(([lon, lat]) => L.latLng(lat, lon)); } catch { return; }
    if (!where.length) return;
    const strong = shape.on !== false && !faint;
    const made = [];
    if (shape.type === "Point") {
      const own = POINTS[shape.kind] ?? ROAD;
      const look = faint ? { color: own, fillColor: "#fff", fillOpacity: 0.6 } : { color: "#fff", fillColor: own, fillOpacity: 1 };
      made.push(L.circleMarker(where[0], { pane: "sketch", radius: 8, weight: 2, ...look }));
    } else {
      const colour = shape.kind === "close_street" ? CLOSED : ROAD;
      if (strong) made.push(L.polyline(where, { pane: "sketch", color: "#fff", weight: 8, opacity: 0.9, interactive: false }));
      const dashArray = shape.bad ? "2 6" : faint ? "1 6" : shape.kind === "close_street" ? "6 5" : null;
      const look = strong ? { weight: 4.5, opacity: 1 } : { weight: 3, opacity: 0.75 };
      made.push(L.polyline(where, { pane: "sketch", color: shape.bad ? "#a3200d" : colour, dashArray, ...look }));
    }
    const hit = made.at(-1);
    const number = shape.kind === "link" && !strong; // of many each has its small number
    if (shape.name) hit.bindTooltip(() => h("span", {}, shape.name), { permanent: true, direction: "top", className: number ? "cp-tip cp-tip-number" : "cp-tip" });
    if (shape.move && !faint) hit.on("click", (e) => { if (this.task) return; L.DomEvent.stopPropagation(e); tell({ edit: shape.id }); });
    if (shape.pick) hit.on("click", (e) => { L.DomEvent.stopPropagation(e); tell({ see: shape.pick }); });
    for (const layer of made) layer.addTo(map.cpSketch);
  }

  show(id) {
    const shape = [...this.answer, ...this.scenario].find((s) => s.id === id);
    const where = shape ? places(shape.type, shape.at).map(([lon, lat]) => [lat, lon]) : [];
    if (!where.length) return;
    for (const map of this.known) if (!map.getBounds().pad(-0.1).contains(where)) map.panTo(L.latLngBounds(where).getCenter(), { animate: false });
  }

  // The last so many changes of the scenario, brought into view.
  fit(many) {
    const where = this.scenario.filter((s) => !s.held).slice(-many).flatMap((s) => places(s.type, s.at)).map(([lon, lat]) => [lat, lon]);
    if (where.length) for (const map of this.known) map.fitBounds(L.latLngBounds(where).pad(0.3), { animate: false, maxZoom: NEAREST });
  }

  // Draw one thing: `points` 1 for a place, 2 for a line of at least two.
  start(task) {
    this.stop();
    this.edited = null;
    this.task = { ...task, at: [] };
    this.refresh();
    this.onKey = (e) => this.key(e);
    document.addEventListener("keydown", this.onKey, true);
    for (const map of this.known) this.listen(map);
    this.bar();
  }

  listen(map) {
    const column = map.getContainer().parentElement;
    column.classList.add("cp-is-measuring");
    map.doubleClickZoom.disable();
    map.cpOn = {
      click: (e) => this.point(map, this.catching(map, e) ?? e.latlng),
      dblclick: () => this.finish(),
      mousemove: (e) => { this.caught = this.catching(map, e); this.task.under = this.caught ?? e.latlng; this.line(); },
    };
    map.on(map.cpOn);
    map.cpBar = h("div.cp-measure.cp-draw-bar", { role: "status" });
    L.DomEvent.disableClickPropagation(map.cpBar);
    column.append(map.cpBar);
  }

  catching(map, e) { return this.task.catches && !e.originalEvent?.altKey ? this.catches(map, e.latlng) : null; }

  stop() {
    if (!this.task) return;
    document.removeEventListener("keydown", this.onKey, true);
    for (const map of this.known) {
      map.getContainer().parentElement?.classList.remove("cp-is-measuring");
      map.doubleClickZoom.enable();
      if (map.cpOn) map.off(map.cpOn);
      map.cpOn = null;
      map.cpBar?.remove();
      map.cpDrawing.clearLayers();
    }
    const { ended, at, finished } = this.task;
    this.task = null;
    this.caught = null;
    this.fade();
    ended?.(finished ? [] : at.map(place));
  }

  point(map, latlng) {
    const last = this.task.at.at(-1);
    if (last && map.latLngToContainerPoint(last).distanceTo(map.latLngToContainerPoint(latlng)) < NEAR_PX) return;
    this.task.at.push(latlng);
    this.task.short = false;
    if (this.task.points === 1) { this.finish(); return; }
    this.line();
    this.bar();
  }

  key(e) {
    const tag = document.activeElement?.tagName;
    if (tag === "INPUT" || tag === "SELECT" || tag === "TEXTAREA") return;
    const inMap = this.known.find((m) => m.getContainer() === document.activeElement);
    if (e.key === "Escape") this.stop();
    else if (e.key === "Enter" && (tag !== "BUTTON" || document.activeElement.closest(".cp-roads"))) this.finish();
    else if (e.key === "Backspace") { this.task.at.pop(); this.line(); this.bar(); }
    else if (e.key === " " && inMap) this.point(inMap, this.catching(inMap, { latlng: inMap.getCenter(), originalEvent: e }) ?? inMap.getCenter());
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  finish() {
    if (!this.task) return;
    if (this.task.at.length < this.task.points) {
      this.task.short = true;
      this.bar();
      return;
    }
    const { at, done } = this.task;
    this.task.finished = true;
    this.stop();
    done(at.map(place));
  }

  line() {
    for (const map of this.known) {
      map.cpDrawing.clearLayers();
      const { at, under } = this.task;
      const style = { pane: "drawing", color: ROAD, interactive: false };
      if (at.length) L.polyline(under ? [...at, under] : at, { ...style, weight: 3, dashArray: "6 4" }).addTo(map.cpDrawing);
      if (at.length > 1) L.polyline(at, { ...style, weight: 4.5 }).addTo(map.cpDrawing);
      if (this.caught) L.circleMarker(this.caught, { ...style, radius: 9, weight: 2.5, fill: false }).addTo(map.cpDrawing);
      at.forEach((p) => L.circleMarker(p, { ...style, radius: 5, weight: 2, fillColor: "#fff", fillOpacity: 1 }).addTo(map.cpDrawing));
    }
  }

  bar() {
    const { at, points, word, short } = this.task;
    for (const map of this.known) {
      const length = at.slice(1).reduce((sum, p, i) => sum + map.distance(at[i], p), 0);
      const sofar = at.length ? h("b", {}, word("draw_length", { m: metres(length), n: at.length })) : h("span", {}, word(points === 1 ? "draw_point" : "draw_road"));
      replace(map.cpBar,
        short ? h("span.cp-problem", { role: "alert" }, word("draw_short")) : sofar,
        points > 1 && at.length > 1 ? h("button.cp-button.cp-small.cp-primary", { type: "button", "data-draw": "end", onclick: () => this.finish() }, word("draw_end")) : null,
        h("button.cp-link", { type: "button", "data-draw": "stop", onclick: () => this.stop() }, word("draw_stop")));
    }
  }
}

export const pad = new Sketchpad();
