// Proposed sites on a mounted map: numbered, with a double outline, to be chosen and dragged; candidates on request.
/* global L */
import { h } from "./dom.js";
import { fetchJson } from "./fetched.js";

const WAIT_MS = 200;
const NEAR_ZOOM = 15;
const CROWD = 15; // more sites than this stand too near each other for numbers on a map of the whole district
const CROWD_ZOOM = 13.6;
const PANE = "proposed";

export class ProposedSites {
  constructor(onSelect, onWish) {
    Object.assign(this, { onSelect, onWish, map: null, data: null, drawn: "", marks: new Map(), places: new Map(), candidatesShown: false, later: 0, picked: "" });
  }

  // The map is mounted beside us, sooner or later, and anew when the district changes.
  show(data) {
    this.data = data;
    clearTimeout(this.later);
    const map = document.querySelector(".st-key-siting_map_box .cp-map")?.chanheMap;
    if (!map || !window.L) {
      this.later = setTimeout(() => this.show(this.data), WAIT_MS);
      return;
    }
    if (map !== this.map) {
      this.group?.remove();
      this.map = map;
      if (!map.getPane(PANE)) map.createPane(PANE).style.zIndex = 640; // above the names of the ground
      map.on("zoomend", () => this.crowd());
      this.group = L.layerGroup().addTo(map);
      this.drawn = "";
    }
    const key = JSON.stringify([data.sites, data.colour, data.places]);
    if (key !== this.drawn) {
      this.drawn = key;
      this.places = new Map();
      this.draw();
    }
    // A map that is mounted anew later is found then.
    this.later = setTimeout(() => this.show(this.data), 10 * WAIT_MS);
  }

  draw() {
    this.group.clearLayers();
    this.marks.clear();
    this.ringed = null;
    this.dots = null;
    for (const site of this.data.sites) {
      const icon = L.divIcon({ className: "cp-prop", html: h("span", { style: `--c:${this.data.colour}` }, String(site.n)), iconSize: [24, 24] });
      const mark = L.marker([site.lat, site.lon], { icon, pane: PANE, draggable: true, title: site.tip, alt: site.tip, keyboard: true, riseOnHover: true });
      mark.on("click", () => this.onSelect(site.id));
      mark.on("keypress", (e) => { if (e.originalEvent.key === "Enter") this.onSelect(site.id); });
      mark.on("dragend", () => { const at = mark.getLatLng(); this.onWish({ kind: "move", id: site.id, lon: at.lng, lat: at.lat }); });
      mark.addTo(this.group);
      this.marks.set(site.id, mark);
      mark.getElement()?.setAttribute("aria-label", site.tip);
    }
    if (this.candidatesShown) this.showCandidates(true);
    this.crowd();
    this.select(this.picked, false);
  }

  crowd() {
    const on = (this.data?.sites.length ?? 0) > CROWD && this.map.getZoom() < CROWD_ZOOM;
    this.map.getContainer().classList.toggle("cp-props-crowded", on);
  }

  // The place of any candidate, fetched when it is first asked for.
  async find(id) {
    if (!this.places.has(id)) this.places = new Map((await fetchJson(this.data.places)).map(([name, lon, lat]) => [name, { lon, lat }]));
    return this.places.get(id);
  }

  showCandidates(on) {
    this.candidatesShown = on;
    this.dots?.remove();
    this.dots = null;
    if (!on || !this.map) return;
    const url = this.data.places;
    fetchJson(url).then((places) => {
      if (!this.candidatesShown || this.data.places !== url || this.dots) return;
      const renderer = L.canvas({ padding: 0.2 });
      const style = { renderer, radius: 3.4, stroke: true, color: "#1d252c", weight: 1, fillColor: "#ffffff", fillOpacity: 0.9 };
      this.dots = L.layerGroup(places.map(([id, lon, lat]) => L.circleMarker([lat, lon], style).on("click", () => this.onSelect(id)))).addTo(this.group);
    });
  }

  select(id, move = true) {
    this.picked = id;
    this.ringed?.remove();
    for (const [name, mark] of this.marks) mark.getElement()?.classList.toggle("cp-prop-on", name === id);
    const mark = this.marks.get(id);
    if (mark && move && this.map && !this.map.getBounds().contains(mark.getLatLng())) this.map.panTo(mark.getLatLng());
  }

  ring(lon, lat, near = true) {
    if (!this.map) return;
    this.ringed?.remove();
    this.ringed = L.circleMarker([lat, lon], { radius: 12, color: "#c0392b", weight: 3, fill: false, interactive: false }).addTo(this.group);
    if (near) this.map.setView([lat, lon], Math.max(this.map.getZoom(), NEAR_ZOOM));
    else if (!this.map.getBounds().contains([lat, lon])) this.map.panTo([lat, lon]);
    if (near) this.map.getContainer().scrollIntoView({ block: "nearest" });
  }

  release() {
    clearTimeout(this.later);
    this.group?.remove();
  }
}
