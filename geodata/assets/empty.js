// What a filter or a search leaves when it leaves nothing to see: said where one looks, with the way back.
import { h, number, replace } from "./dom.js";

const NAMED = 3; // so many layers are named, the others counted

export const narrowed = (app) => Boolean(app.state.q.trim() || Object.values(app.state.filters).some((values) => values.size));

const isShown = (app, site) => site.location_class !== "stand_in" || app.state.demo;

// Why the map is empty: "nothing" matches at all, matches are "hidden" in layers switched off, or "waiting" for a position.
function reason(app) {
  if (!narrowed(app)) return { why: "" };
  const found = app.facts.sites.filter((s) => isShown(app, s) && app.matches(s));
  if (!found.length) return { why: "nothing" };
  const on = found.filter((s) => app.state.on.has(s.layer));
  if (!on.length) return { why: "hidden", layers: app.facts.layers.filter((l) => found.some((s) => s.layer === l.key)) };
  return { why: on.some((s) => s.at) ? "" : "waiting" };
}

function clearing(app) {
  return h("button.cp-link", { type: "button", "data-clear": "", onclick: () => {
    app.clearFilters();
    app.root.querySelector(".cp-search-input")?.focus({ preventScroll: true });
  } }, app.word("clear_it"));
}

// The sentence and its buttons; null where there is something to see.
function told(app, { why, layers }) {
  const dot = () => h("span", { "aria-hidden": "true" }, "·");
  if (why === "nothing") return [h("span", {}, app.word("nothing_matches")), dot(), clearing(app)];
  if (why === "waiting") return [h("span", {}, app.word("matches_waiting")), dot(), h("button.cp-link", { type: "button", onclick: () => { app.set({ panel: "tray" }); app.root.querySelector("#cp-tab-tray")?.focus(); } }, app.word("see_tray")), dot(), clearing(app)];
  if (why !== "hidden") return null;
  const names = layers.slice(0, NAMED).map((l) => app.say(l.name)).join(app.word("list_comma")) + (layers.length > NAMED ? app.word("and_more", { n: number(layers.length) }) : "");
  const show = () => app.set({ on: new Set([...app.state.on, ...layers.map((l) => l.key)]) });
  return [h("span", {}, app.word("matches_hidden", { layers: names })), dot(), h("button.cp-link", { type: "button", onclick: show }, app.word("show_them")), dot(), clearing(app)];
}

// A line over the map.
export function mapNote(app) {
  const el = h("p.cp-map-note", { role: "status", hidden: true });
  let spoken = "";
  return {
    el,
    refresh() {
      const found = reason(app);
      const now = JSON.stringify([found.why, (found.layers ?? []).map((l) => l.key), app.lang]);
      if (now === spoken) return;
      spoken = now;
      const parts = told(app, found);
      el.hidden = !parts;
      replace(el, parts);
    },
  };
}

// The same inside the table, and a shorter one in the tray.
export function emptyTable(app) {
  const found = reason(app);
  const parts = found.why === "waiting" ? null : told(app, found);
  return h("p.cp-nothing", {}, parts ?? app.word(app.state.on.size ? "table_empty" : "layers_none"));
}

export function emptyTray(app) {
  if (!narrowed(app)) return h("p.cp-nothing", {}, app.word("tray_done"));
  return h("p.cp-nothing", {}, h("span", {}, app.word(reason(app).why === "nothing" ? "nothing_matches" : "tray_empty")), h("span", { "aria-hidden": "true" }, "·"), clearing(app));
}
