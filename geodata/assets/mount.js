// The mount: runs what Folium rendered, keeps that very map while its content hash stays the same.
/* global L */
import { addGround, addWatermark } from "./ground.js";
import { addSites } from "./sites.js";
import { addValues } from "./values.js";
import { format, h, replace } from "./dom.js";
import { addTools } from "./tools.js";
import { explore } from "./explore.js";

const KEPT = new WeakMap();
const SCRIPTS = new Map();

// What Folium's elements call; the map object carries what they made.
window.chanhe ??= {};
Object.assign(window.chanhe, {
  ground: (map, options) => { map.chanhe ??= {}; map.chanhe.ground = addGround(map, options); },
  sites: (map) => { map.chanhe ??= {}; map.chanhe.sites = addSites(map); },
  values: (map, id, options) => { map.chanhe ??= {}; (map.chanhe.values ??= {})[id] = addValues(map, id, options); },
});

function script(url) {
  const href = new URL(url, document.baseURI).href;
  if (!SCRIPTS.has(href)) {
    const loading = new Promise((resolve, reject) => {
      const el = h("script", { src: href, onload: resolve, onerror: () => reject(new Error(href)) });
      document.head.append(el);
    });
    loading.catch(() => SCRIPTS.delete(href));
    SCRIPTS.set(href, loading);
  }
  return SCRIPTS.get(href);
}

function style(url) {
  const href = new URL(url, document.baseURI).href;
  if ([...document.styleSheets].some((s) => s.href === href) || document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((resolve) => {
    // First in the head, so that our own rules come later and win.
    document.head.prepend(h("link", { rel: "stylesheet", href, onload: resolve, onerror: resolve }));
  });
}

// A Folium script makes its map once; run again for a new container it must be asked anew.
async function runFolium(url) {
  const href = new URL(url, document.baseURI).href;
  SCRIPTS.delete(href);
  document.head.querySelector(`script[src="${href}"]`)?.remove();
  await script(url);
}

export function isDark(el) {
  const probe = getComputedStyle(el).getPropertyValue("--st-background-color").trim();
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = probe || "#ffffff";
  const hex = canvas.fillStyle;
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

class App {
  constructor(root) {
    this.root = root;
    this.column = root.querySelector(".cp-map-column");
    this.queue = Promise.resolve();
    this.hash = null;
    this.mounts = 0;
    this.applyTheme = () => this.theme();
    this.scheme = window.matchMedia("(prefers-color-scheme: dark)");
    this.scheme.addEventListener("change", () => setTimeout(this.applyTheme, 150));
    this.watch = new ResizeObserver(() => this.resized());
    this.onKey = (e) => { if (e.key === "Escape" && !e.defaultPrevented && (this.tools?.escape() || this.ui?.escape?.())) e.preventDefault(); };
    document.addEventListener("keydown", this.onKey);
  }

  get lang() { return this.data.lang; }
  say(text) { return text ? text[this.lang] || text.zh : ""; }
  word(key, values) { return format(this.data.words[key] ?? key, values); }
  send(name, value) { this.setTriggerValue(name, value); }

  update({ data, setTriggerValue }) {
    this.setTriggerValue = setTriggerValue;
    this.queue = this.queue.then(() => this.apply(data)).catch((error) => this.failed(error, data));
  }

  failed(error, data) {
    console.error(error);
    const text = data.words?.map_failed ?? String(error);
    if (!this.map) replace(this.column, h("p.cp-nothing", { role: "alert" }, text));
  }

  async apply(data) {
    this.data = data;
    this.theme();
    if (data.map.hash !== this.hash) await this.mount(data);
    if (data.map.hash !== this.hash) return; // the page was left before its map stood
    this.map.chanheLang = data.lang;
    this.map.chanhe?.ground?.labels?.speak(data.lang);
    addWatermark(this.map, data.watermark);
    if (!this.ui && data.explore) this.ui = explore(this);
    await this.ui?.update(data);
    this.tools ??= addTools(this);
    this.tools.speak();
    this.patch(data.patches ?? {});
    this.credit(data.attribution);
    this.badge(data.badge);
    if (this.fitted) this.fit(false);
    this.ui?.stands?.(); // tools and badge too
    this.root.classList.add("cp-ready");
    this.root.dataset.mounts = this.mounts;
  }

  async mount(data) {
    const fetched = fetch(new URL(data.map.script, document.baseURI)).catch(() => null); // so that what follows runs at once
    await Promise.all([style(data.assets + "leaflet.css"), script(data.assets + "leaflet.js"), fetched]);
    if (!this.root.isConnected) return;
    const view = this.map ? [this.map.getCenter(), this.map.getZoom()] : null;
    this.map?.remove();
    this.tools = null;
    this.credited = "";
    const host = h("div.cp-map", { id: data.map.name, role: "application" });
    replace(this.column, host);
    await runFolium(data.map.script);
    if (!host.isConnected) return;
    this.map = window[data.map.name];
    this.hash = data.map.hash;
    this.mounts += 1;
    this.bounds = L.latLngBounds(data.map.bounds);
    this.map.chanheBounds = data.map.bounds;
    this.ground = this.map.chanhe?.ground;
    this.map.attributionControl?.setPrefix(false);
    host.setAttribute("aria-label", data.words.map_label ?? "");
    this.map.on("movestart", () => { if (!this.fitting) this.fitted = false; });
    this.watch.observe(host);
    if (view) this.map.setView(...view, { animate: false });
    else this.fit(false);
    this.map.getContainer().chanheMap = this.map;
    this.remounted?.();
  }

  fit(animate) {
    const size = this.map.getSize();
    const pad = Math.max(8, Math.round(Math.min(size.x, size.y) * 0.035));
    const foot = size.x < 600 ? (this.column.querySelector(".leaflet-bottom.leaflet-right")?.offsetHeight ?? 0) + 4 : pad;
    this.fitted = true;
    this.fitting = true;
    this.map.once("moveend", () => { this.fitting = false; });
    this.map.fitBounds(this.bounds, { animate, paddingTopLeft: [pad, pad], paddingBottomRight: [pad, foot] });
  }

  resized() {
    const box = this.map?.getContainer();
    if (!box?.offsetWidth || !box.offsetHeight) return; // the page is being left
    const keep = this.fitted;
    const [centre, zoom] = [this.map.getCenter(), this.map.getZoom()];
    this.resizing = true; // on the way the centre is elsewhere for a moment
    this.map.invalidateSize({ pan: false, animate: false });
    this.resizing = false;
    this.placeBadge();
    if (keep) this.fit(false);
    else this.map.setView(centre, zoom, { animate: false });
    this.ui?.resized?.();
  }

  patch(patches) {
    const values = this.map.chanhe?.values ?? {};
    for (const [id, p] of Object.entries(patches)) {
      const layer = values[id];
      if (!layer) continue;
      const ready = p.url && p.url !== layer.url ? layer.load(p.url) : layer.ready;
      ready.then(() => { if (p.values !== undefined) layer.paint(p); if (p.opacity !== undefined) layer.setOpacity(p.opacity); layer.show(p.show !== false); });
    }
  }

  badge(badge) {
    this.column.querySelector(".cp-map-badge")?.remove();
    if (badge) this.column.append(h("p.cp-map-badge", {}, h("strong", {}, badge.head), h("span", {}, badge.text)));
    this.placeBadge();
  }

  // On a phone the badge stands at the foot, on top of the credit, where it hides nothing of the district.
  placeBadge() {
    const badge = this.column.querySelector(".cp-map-badge");
    const foot = this.column.querySelector(".leaflet-bottom.leaflet-right");
    if (!badge || !foot) return;
    if (this.map.getSize().x < 600) foot.prepend(badge);
    else this.column.append(badge);
  }

  credit(text) {
    const control = this.map.attributionControl;
    if (!control || this.credited === text) return;
    if (this.credited) control.removeAttribution(this.credited);
    this.credited = text;
    if (text) control.addAttribution(text); // our own wording, never text from a file
  }

  theme() {
    const dark = isDark(this.root) ? "dark" : "light";
    if (this.root.dataset.theme === dark) return;
    this.root.dataset.theme = dark;
    this.map?.chanhe?.ground?.restyle();
  }

  release() {
    this.watch.disconnect();
    document.removeEventListener("keydown", this.onKey);
    this.ui?.release?.();
    this.map?.remove();
    this.map = null;
  }
}

export function render(c) {
  let app = KEPT.get(c.parentElement);
  if (!app) {
    app = new App(c.parentElement.querySelector(".cp-root"));
    KEPT.set(c.parentElement, app);
  }
  app.update(c);
}

export function release(parent) {
  KEPT.get(parent)?.release();
  KEPT.delete(parent);
}
