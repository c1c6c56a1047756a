// The map's own tools: zoom, zoom to all, full screen, measure, optional online basemaps.
/* global L */
import { h, icon, metres, number, replace } from "./dom.js";

export function addTools(app) {
  const { map } = app;
  const box = h("div.cp-tools", { role: "toolbar" });
  L.DomEvent.disableClickPropagation(box);
  const tool = (name, run) => h("button.cp-tool", { type: "button", "data-tool": name, onclick: run }, icon(name));
  const measure = measuring(app);
  const ruler = tool("ruler", () => { const on = measure.toggle(); ruler.setAttribute("aria-pressed", String(on)); });
  const opener = tool("map", () => bases.toggle());
  const bases = basemaps(app, (open) => opener.setAttribute("aria-expanded", String(open)));
  const said = h("div.cp-measure.cp-copied", { hidden: true, role: "status" });
  const buttons = {
    plus: tool("plus", () => map.setZoom(Math.min(Math.floor(map.getZoom() + 1.01), map.getMaxZoom()))),
    minus: tool("minus", () => map.setZoom(Math.ceil(map.getZoom() - 1.01))),
    fit: tool("fit", () => app.fit(true)),
    full: tool("full", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else (app.data.explore ? app.root : app.column).requestFullscreen?.(); // with its legend, switches and sentence
    }),
    ruler,
    link: tool("link", () => copied(app, said)),
    map: opener,
  };
  box.append(...Object.values(buttons));
  if (!app.data.basemaps?.length) buttons.map.remove();
  app.column.append(box, bases.el, measure.el, said);
  return {
    speak() {
      box.setAttribute("aria-label", app.word("tools"));
      for (const [name, el] of Object.entries(buttons)) {
        el.title = app.word(`tool_${name}`);
        el.setAttribute("aria-label", el.title);
      }
      bases.build();
    },
    showBase: bases.show,
    // Close what is open and give the focus back to its button; false where nothing was open.
    escape() {
      if (!bases.el.hidden) { bases.toggle(); opener.focus(); return true; }
      if (!measure.el.hidden) { ruler.click(); ruler.focus(); return true; }
      return false;
    },
  };
}

// An address without https gives no clipboard: then the old way, and if that is closed too the link itself.
async function copied(app, said) {
  const link = window.location.href;
  const byHand = () => {
    const field = h("textarea", { style: "position:fixed;opacity:0", value: link });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  const done = await (navigator.clipboard?.writeText(link).then(() => true, byHand) ?? byHand());
  said.hidden = false;
  replace(said, done ? app.word("link_copied") : [app.word("link_by_hand"), h("input", { readonly: true, value: link, "aria-label": app.word("tool_link") })]);
  clearTimeout(said.later);
  if (done) said.later = setTimeout(() => { said.hidden = true; }, 4000);
}

function basemaps(app, onToggle) {
  const panel = h("div.cp-bases", { hidden: true, role: "group" });
  const failed = h("p.cp-pop-warn", { role: "status", hidden: true });
  let tiles = [];
  // What counts is a picture on the screen: a click on it may claim more than one on sketched streets.
  function seen(on) {
    if (app.baseSeen === on) return;
    app.baseSeen = on;
    app.ui?.baseSeen?.();
  }
  function show(key) {
    tiles.forEach((t) => t.remove());
    tiles = [];
    failed.hidden = true;
    seen(false);
    const base = (app.data.basemaps ?? []).find((b) => b.key === key && b.urls);
    for (const url of base?.urls ?? []) {
      const layer = L.tileLayer(url, { attribution: base.attribution, subdomains: base.subdomains ?? "", maxZoom: 18, zIndex: 1 });
      layer.on("tileload", () => { failed.hidden = true; seen(true); });
      layer.on("tileerror", () => { failed.hidden = Boolean(app.baseSeen); });
      tiles.push(layer.addTo(app.map));
    }
    app.ground?.setQuiet(Boolean(base));
    app.root.classList.toggle("cp-on-tiles", Boolean(base));
  }
  return {
    el: panel,
    show,
    toggle() {
      panel.hidden = !panel.hidden;
      onToggle(!panel.hidden);
      if (!panel.hidden) panel.querySelector("input:checked")?.focus();
    },
    build() {
      const option = (key, name, why) => {
        const input = h("input", { type: "radio", name: "cp-base", value: key, disabled: Boolean(why), onchange: () => app.set({ base: key }) });
        input.checked = (app.state?.base || "") === key;
        return h("label.cp-check", {}, input, h("span", {}, name, why ? h("small", {}, why) : null));
      };
      panel.setAttribute("aria-label", app.word("tool_map"));
      failed.textContent = app.word("base_failed");
      replace(panel, h("strong", {}, app.word("tool_map")), option("", app.word("base_none"), ""),
        (app.data.basemaps ?? []).map((b) => option(b.key, b.name, b.why)),
        failed, h("p.cp-muted", {}, app.word("base_note")));
    },
  };
}

function area(points) {
  // Spherical excess by Simpson's cylinder projection: ample for a district.
  const R = 6371008.8;
  const rad = Math.PI / 180;
  let sum = 0;
  for (let i = 0; i < points.length; i += 1) {
    const a = points[i];
    const b = points[(i + 1) % points.length];
    sum += (b.lng - a.lng) * rad * (2 + Math.sin(a.lat * rad) + Math.sin(b.lat * rad));
  }
  return Math.abs((sum * R * R) / 2);
}

const areaText = (m2) => (m2 >= 1e6 ? `${number(m2 / 1e6, 2)} km²` : m2 >= 1e4 ? `${number(m2 / 1e4, 2)} ha` : `${number(m2)} m²`);

function measuring(app) {
  const { map } = app;
  const out = h("div.cp-measure", { hidden: true, role: "status" });
  let points = [];
  let group = null;
  const draw = () => {
    group.clearLayers();
    const style = { pane: "measure", className: "cp-measured", weight: 2.5, interactive: false };
    if (points.length > 2) L.polygon(points, { ...style, className: "cp-measured-area", stroke: false, fillOpacity: 0.1 }).addTo(group);
    L.polyline(points, { ...style, dashArray: "6 4" }).addTo(group);
    points.forEach((p) => L.circleMarker(p, { ...style, className: "cp-measured cp-measured-point", radius: 4, fillOpacity: 1 }).addTo(group));
    const length = points.slice(1).reduce((sum, p, i) => sum + map.distance(points[i], p), 0);
    replace(out, points.length < 2 ? app.word("measure_start") : h("b", {}, app.word("measure_length", { d: metres(length) })),
      points.length > 2 ? h("span", {}, app.word("measure_area", { a: areaText(area(points)) })) : null,
      points.length ? h("button.cp-link", { type: "button", onclick: (e) => { e.stopPropagation(); points = []; draw(); } }, app.word("measure_again")) : null);
  };
  const add = (e) => { points.push(e.latlng); draw(); };
  L.DomEvent.disableClickPropagation(out);
  return {
    el: out,
    toggle() {
      const on = out.hidden;
      out.hidden = !on;
      app.column.classList.toggle("cp-is-measuring", on);
      if (on) {
        map.getPane("measure") ?? (map.createPane("measure").style.zIndex = 680);
        group = L.layerGroup().addTo(map);
        points = [];
        map.on("click", add);
        draw();
      } else {
        map.off("click", add);
        group.remove();
      }
      return on;
    },
  };
}
