// The explore page: strip, search, layers, tray and table around one map; everything it narrows, it narrows here.
/* global L */
import { readAddress, writeAddress, emptyFilters } from "./address.js";
import { h, icon, number, replace, withFigures } from "./dom.js";
import { mapNote } from "./empty.js";
import { passes, searchAndFilters } from "./filters.js";
import { fetchJson } from "./fetched.js";
import { placing } from "./place.js";
import { popups } from "./popups.js";
import { tableTwin } from "./table.js";
import { layerTree } from "./tree.js";
import { tray } from "./tray.js";
import { byYear, countsText } from "./years.js";

function index(facts) {
  facts.byId = new Map(facts.sites.map((s) => [s.id, s]));
  facts.layerOf = Object.fromEntries(facts.layers.map((l) => [l.key, l]));
  facts.byLayer = {};
  for (const site of facts.sites) (facts.byLayer[site.layer] ??= []).push(site);
  return facts;
}

// A nameless site is called by its layer and number.
function numbered(one, site, lang) {
  const n = (site.id.match(/(\d+)$/) ?? [])[1];
  const what = one[lang] + (n ? ` ${Number(n)}` : "");
  return what.charAt(0).toUpperCase() + what.slice(1);
}

export function explore(app) {
  const side = app.root.querySelector(".cp-side");
  const below = app.root.querySelector(".cp-below");
  const strip = h("section.cp-strip");
  const message = h("div.cp-message", { role: "status", "aria-live": "polite" });
  const find = searchAndFilters(app);
  const tree = layerTree(app);
  const trayPart = tray(app);
  const form = placing(app);
  const table = tableTwin(app);
  const note = mapNote(app);
  const popup = popups(app, closed);
  const tabs = h("div.cp-tabs", { role: "tablist" });
  const panels = h("div.cp-panels", { role: "tabpanel", id: "cp-panel", tabindex: "-1" }, tree.el, trayPart.el);
  const busy = h("div.cp-side-body", {}, find.el, tabs, panels);

  const bareName = (site, lang) => numbered(app.facts.kinds[site.commitment] ?? app.facts.layerOf[site.layer].one, site, lang);
  let spoken = "";
  let factsUrl = "";
  let lastNonce = null;
  let labelling = 0;
  let stripOf = "";
  let asked = null;

  const opening = () => app.facts.layers.filter((l) => l.opening).map((l) => l.key);

  Object.assign(app, {
    nameOf(site) {
      const own = site[`name_${app.lang}`] || site.name_zh || site.name_en;
      if (own) return own;
      const what = bareName(site, app.lang);
      return site.location_class === "unlocated" ? app.word("name_unlocated", { name: what }) : what;
    },
    // The words a search looks through, in both languages; the server searches the same for a download.
    textOf: (site) => site.find,
    // Does it pass search and filters? And is its layer switched on besides?
    matches: (site) => passes(app, site),
    visible: (site) => app.state.on.has(site.layer) && passes(app, site) && (site.location_class !== "stand_in" || app.state.demo),
    set(changes) {
      Object.assign(app.state, changes);
      app.refresh();
    },
    toggleLayer(key, on) {
      const next = new Set(app.state.on);
      if (on) next.add(key); else next.delete(key);
      app.set({ on: next });
    },
    onlyLayer: (key) => app.set({ on: new Set([key]) }),
    allLayers: (all) => app.set({ on: new Set(all ? app.facts.layers.map((l) => l.key) : opening()) }),
    setOpacity(key, value) {
      app.state.opacity[key] = value;
      app.sites.setOpacity(key, value);
      save();
    },
    clearFilters: () => app.set({ q: "", filters: emptyFilters() }),
    goTo(at, zoom) { app.map.setView([at[1], at[0]], Math.max(app.map.getZoom(), zoom), { animate: false }); },
    place(commitment, site) { form.start(commitment, site); },
    unplace(site) { app.send("place", { unplace: true, site_id: site, nonce: Date.now() }); },
    say_message(m) { showMessage(m); },
    bringMap: () => app.column.scrollIntoView({ block: "nearest" }), // on a phone it may stand above the window
    select(id, { move = false, still = false, bring = false } = {}) {
      const site = app.facts.byId.get(id);
      if (!site) return;
      app.state.selected = id;
      if (!app.state.on.has(site.layer)) app.state.on = new Set([...app.state.on, site.layer]);
      app.refresh();
      table.reveal(id);
      app.sites.select(id);
      popup.open(site, { move, still });
      if (bring) app.bringMap();
    },
    downloadUrl(format) {
      const s = app.state;
      const q = new URLSearchParams({ layers: [...s.on].join(","), lang: app.lang });
      for (const [name, values] of Object.entries(s.filters)) if (values.size) q.set(name, [...values].join(","));
      if (s.q.trim()) q.set("q", s.q.trim());
      if (s.demoFile) q.set("demo", "1");
      return new URL(`download/sites.${format}?${q}`, document.baseURI).href;
    },
  });

  function closed() {
    if (!app.state.selected) return;
    app.state.selected = null;
    app.sites.select(null);
    app.refresh();
  }

  let saving = 0;
  function save() {
    clearTimeout(saving);
    saving = setTimeout(() => writeAddress(app.state, opening()), 120);
  }

  app.refresh = () => {
    const ids = new Set();
    for (const site of app.facts.sites) {
      if (site.at && passes(app, site) && (site.location_class !== "stand_in" || app.state.demo)) ids.add(site.id);
    }
    app.sites.show(app.facts, ids);
    for (const layer of app.facts.layers) {
      app.sites.showLayer(layer.key, app.state.on.has(layer.key));
      app.sites.setOpacity(layer.key, app.state.opacity[layer.key] ?? 1);
    }
    app.tools?.showBase?.call && showBase();
    buildStrip();
    find.refresh();
    tree.refresh();
    trayPart.refresh();
    table.refresh();
    note.refresh();
    tabsNow();
    save();
    cancelAnimationFrame(labelling);
    labelling = requestAnimationFrame(() => app.map?.chanhe?.ground?.labels?.place()); // the names make room for the symbols
  };

  let shownBase = "";
  function showBase() {
    if (shownBase === app.state.base) return;
    shownBase = app.state.base;
    app.tools.showBase(shownBase);
  }

  function tabsNow() {
    const all = app.facts.sites.filter((s) => s.location_class === "unlocated" && app.matches(s));
    const counted = all.filter((s) => s.counted);
    const past = byYear(app, all).filter(([year]) => year !== app.facts.year).flatMap(([, sites]) => sites);
    const waiting = counted.length || !past.length ? number(counted.length) : countsText(app, past);
    const tab = (name, ...text) => h("button.cp-tab", {
      type: "button", role: "tab", "aria-selected": String(app.state.panel === name), "aria-controls": "cp-panel", id: `cp-tab-${name}`, onclick: () => { app.set({ panel: name }); side.querySelector(`#cp-tab-${name}`)?.focus(); },
    }, ...text);
    replace(tabs, tab("layers", app.word("tab_layers")), tab("tray", app.word("tab_tray"), h("b.cp-badge", {}, waiting)));
    panels.setAttribute("aria-labelledby", `cp-tab-${app.state.panel}`);
    tree.el.hidden = app.state.panel !== "layers";
    trayPart.el.hidden = app.state.panel !== "tray";
  }

  // The strip speaks of the promises; where the filter shows earlier years alone it speaks of those.
  function stripNow() {
    const years = [...app.state.filters.year].map(Number);
    if (!years.length || years.includes(app.facts.year)) return { ...app.facts.strip, text: app.say(app.facts.strip.sentence) };
    const sites = app.facts.sites.filter((s) => s.origin === "programme" && s.location_class !== "stand_in" && years.includes(s.year));
    const of = (held, ...classes) => held.filter((s) => classes.includes(s.location_class)).length;
    const located = (held) => held.length - of(held, "unlocated", "proposed");
    const text = byYear(app, sites).map(([year, held]) => app.word("past_sentence", { year, now: app.facts.year, located: number(located(held)), unlocated: number(of(held, "unlocated")) })).join(" ");
    return { promised: sites.length, located: located(sites), proposed: of(sites, "proposed"), unlocated: of(sites, "unlocated"), named: 0, text };
  }

  function buildStrip() {
    const c = stripNow();
    const now = JSON.stringify([c, app.lang]);
    if (now === stripOf) return;
    stripOf = now;
    const all = Math.max(c.promised, 1);
    const seg = (kind, n) => n ? h(`i.cp-seg-${kind}`, { style: `flex-grow:${n / all}` }) : null;
    const item = (kind, n) => h(`li.cp-count-${kind}`, {}, h("i.cp-dot"), h("span", {}, app.word(kind)), h("b", {}, number(n)));
    replace(strip,
      h("p.cp-sentence", {}, withFigures(c.text)),
      h("div.cp-bar", { "aria-hidden": "true" }, seg("located", c.located), seg("proposed", c.proposed), seg("unlocated", c.unlocated)),
      h("ul.cp-counts", { "aria-hidden": "true" }, item("located", c.located), item("proposed", c.proposed), item("unlocated", c.unlocated)),
      h("p.cp-muted.cp-named", { style: c.named ? null : "visibility:hidden" }, app.word("named_projects", { n: number(c.named) })),
      h("div.cp-actions", {},
        h("button.cp-button", { type: "button", "data-go": "bring", onclick: () => app.send("go", { page: "bring", nonce: Date.now() }) }, icon("upload"), app.word("import_positions")),
        h("button.cp-button.cp-primary", { type: "button", onclick: () => { app.set({ panel: "tray" }); form.start(null, null); } }, icon("pin"), app.word("place"))));
  }

  function showMessage(m) {
    replace(message, m ? h(`div.${m.ok ? "cp-good" : "cp-bad"}`, {}, h("span", {}, m.text),
      m.undo ? h("button.cp-link", { type: "button", onclick: () => app.send("undo", { nonce: Date.now() }) }, icon("undo"), app.word("undo")) : null,
      h("button.cp-link", { type: "button", "aria-label": app.word("close"), onclick: () => showMessage(null) }, icon("close"))) : null);
  }

  function onMove() {
    if (!app.state || app.resizing) return;
    if (app.fitted) { app.state.view = null; } else {
      const c = app.map.getCenter();
      const [lat, lng, zoom] = app.state.view ?? [NaN, NaN, NaN];
      // A resize moves the centre by part of a pixel: the link stays as it was.
      const same = zoom === app.map.getZoom() && app.map.latLngToLayerPoint([lat, lng]).distanceTo(app.map.latLngToLayerPoint(c)) < 2;
      if (!same) app.state.view = [c.lat, c.lng, app.map.getZoom()];
    }
    sizeSymbols();
    save();
  }

  function sizeSymbols() {
    const z = app.map.getZoom();
    const far = window.innerWidth >= 1600 || document.fullscreenElement ? 1.25 : 1; // read across a room
    const px = Math.round((z < 12.4 ? 16 : z < 13.4 ? 19 : z < 14.6 ? 24 : z < 15.8 ? 29 : 34) * far);
    app.map.getContainer().style.setProperty("--cp-sym", `${px}px`);
  }

  function bind() {
    app.sites = app.map.chanhe.sites;
    app.sites.setNames(app.nameOf, (layer) => app.say(layer.name));
    // While placing or measuring, a click on a symbol is a click on the map.
    app.sites.onPick((id) => {
      if (form.busy || app.column.classList.contains("cp-is-measuring")) return false;
      app.select(id);
      return true;
    });
    app.map.on("moveend", onMove);
    app.map.on("resize", sizeSymbols);
    app.map.on("moveend", () => popup.settle());
    app.column.append(note.el);
    shownBase = "";
    sizeSymbols();
  }
  app.remounted = () => { bind(); };
  bind();

  return {
    async update(data) {
      if (data.facts_url !== factsUrl) {
        app.facts = index({ ...await fetchJson(data.facts_url) });
        factsUrl = data.facts_url;
        spoken = "";
      }
      const first = !app.state;
      if (first) { // everything stands at once, so that nothing moves afterwards
        replace(side, strip, message, form.el, busy);
        replace(below, table.el);
        app.state = readAddress(opening());
        if (!app.facts.byId.has(app.state.selected)) app.state.selected = null; // a link to what was there once
        if (app.state.view) { app.fitted = false; app.map.setView(app.state.view.slice(0, 2), app.state.view[2], { animate: false }); }
      }
      if (spoken !== data.lang) {
        spoken = data.lang;
        tabs.setAttribute("aria-label", app.word("tabs"));
        find.build();
        tree.build();
        form.rewrite();
      }
      const m = data.message;
      if (m && m.nonce !== lastNonce) {
        lastNonce = m.nonce;
        showMessage(m);
        form.answered(m);
      } else if (m && message.childElementCount) {
        showMessage(m); // the language changed while it stood there
      }
      app.refresh();
      setTimeout(() => app.tools && showBase(), 0);
      if (first) asked = app.state.selected;
      else if (popup.isOpen && app.facts.byId.has(app.state.selected)) popup.refresh(app.facts.byId.get(app.state.selected));
    },
    // What a link asks for is opened when everything around it has its place.
    stands() {
      if (asked) app.select(asked, { move: !app.state.view, still: Boolean(app.state.view) });
      asked = null;
    },
    resized: () => popup.settle(),
    baseSeen: () => form.rewrite(),
    escape: () => popup.close(),
    release() { clearTimeout(saving); },
  };
}
