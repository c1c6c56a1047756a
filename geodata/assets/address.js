// The address bar holds what is seen: reading it restores the page, writing it sends nothing to the server.

const LISTS = ["status", "year", "class", "origin", "group"];
let remembered = ""; // what the explore page last showed in this tab, for coming back from another page

export function emptyFilters() {
  return Object.fromEntries(LISTS.map((name) => [name, new Set()]));
}

export function readAddress(openingLayers) {
  let query = new URLSearchParams(window.location.search);
  const own = [...query.keys()].some((k) => k !== "lang");
  if (!own && remembered) query = new URLSearchParams(remembered);
  const state = {
    on: new Set(openingLayers),
    opacity: {},
    q: query.get("q") ?? "",
    filters: emptyFilters(),
    demo: query.get("demo") !== "0",
    demoFile: query.get("demofile") === "1",
    selected: query.get("sel"),
    panel: ["tray", "layers"].includes(query.get("panel")) ? query.get("panel") : "layers",
    table: ["sites", "demo"].includes(query.get("table")) ? query.get("table") : "",
    sort: query.get("sort") ?? "",
    base: query.get("base") ?? "",
    view: null,
  };
  if (query.has("on")) state.on = new Set(query.get("on").split(".").filter(Boolean));
  for (const part of (query.get("op") ?? "").split(".").filter(Boolean)) {
    const [key, percent] = part.split(":");
    const value = Number(percent) / 100;
    if (value >= 0 && value < 1) state.opacity[key] = value;
  }
  for (const name of LISTS) {
    for (const value of (query.get(name) ?? "").split(".").filter(Boolean)) state.filters[name].add(value);
  }
  const view = (query.get("v") ?? "").split(",").map(Number);
  if (view.length === 3 && view.every(Number.isFinite)) state.view = view;
  return state;
}

const same = (a, b) => a.size === b.size && [...a].every((x) => b.has(x));

export function writeAddress(state, openingLayers) {
  const now = new URLSearchParams(window.location.search);
  const query = new URLSearchParams();
  if (now.has("lang")) query.set("lang", now.get("lang"));
  if (!same(state.on, new Set(openingLayers))) query.set("on", [...state.on].join("."));
  const op = Object.entries(state.opacity).filter(([, v]) => v < 1);
  if (op.length) query.set("op", op.map(([k, v]) => `${k}:${Math.round(v * 100)}`).join("."));
  if (state.q) query.set("q", state.q);
  for (const name of LISTS) if (state.filters[name].size) query.set(name, [...state.filters[name]].join("."));
  if (!state.demo) query.set("demo", "0");
  if (state.demoFile) query.set("demofile", "1");
  if (state.selected) query.set("sel", state.selected);
  if (state.panel !== "layers") query.set("panel", state.panel);
  if (state.table) query.set("table", state.table);
  if (state.sort) query.set("sort", state.sort);
  if (state.base) query.set("base", state.base);
  if (state.view) query.set("v", state.view.map((x, i) => x.toFixed(i === 2 ? 2 : 5)).join(","));
  remembered = query.toString();
  // Commas and colons are legal in a query and keep the link readable.
  const text = remembered.replace(/%2C/g, ",").replace(/%3A/g, ":");
  const url = window.location.pathname + (text ? `?${text}` : "") + window.location.hash;
  if (url !== window.location.pathname + window.location.search + window.location.hash) {
    window.history.replaceState(window.history.state, "", url);
  }
}
