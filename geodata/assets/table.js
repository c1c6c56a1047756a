// The table twin: the same sites as the map, sortable, by keyboard; demo sites in a table of their own.
import { h, icon, metres, number, replace } from "./dom.js";
import { emptyTable } from "./empty.js";
import { symbol, wayOf } from "./symbols.js";
import { countsText } from "./years.js";

const PAGE = 200;
const RANK = { surveyed: 0, address: 1, street: 2, area: 3, proposed: 4, unlocated: 5, stand_in: 6 };
const COLLATE = new Intl.Collator("zh-Hans-CN", { numeric: true });

function columnsOf(app, demo) {
  const layer = (s) => app.facts.layerOf[s.layer];
  const { status, group } = app.facts.orders;
  const groupOf = (s) => app.facts.commitments[s.commitment]?.group;
  const all = [
    { id: "name", get: (s) => app.nameOf(s) },
    { id: "layer", get: (s) => app.say(layer(s).name) },
    { id: "class", get: (s) => app.word(`class_${s.location_class}`), rank: (s) => RANK[s.location_class] },
    { id: "uncertainty", get: (s) => (s.uncertainty_m ? `±${metres(s.uncertainty_m)}` : ""), rank: (s) => s.uncertainty_m ?? -1, right: true },
    { id: "status", get: (s) => (s.status ? app.word(`status_${s.status}`) : ""), rank: (s) => status.indexOf(s.status) },
    { id: "year", get: (s) => s.year ?? "", rank: (s) => s.year ?? 0, right: true },
    { id: "group", get: (s) => { const g = app.facts.groups[groupOf(s)]; return g ? app.say(g) : app.word(`origin_${s.origin}`); }, rank: (s) => (groupOf(s) ? group.indexOf(groupOf(s)) : group.length) },
    { id: "hint", get: (s) => s[`place_hint_${app.lang}`] || s.place_hint_zh || "" },
  ];
  return demo ? all.slice(0, 2) : all;
}

export function tableTwin(app) {
  const bar = h("div.cp-table-bar");
  const scroll = h("div.cp-table-scroll", { tabindex: "0", role: "region", hidden: true });
  const root = h("section.cp-table", {}, bar, scroll);
  let limit = PAGE;

  const rowsOf = (demo) => app.facts.sites.filter((s) => (s.location_class === "stand_in") === demo && app.visible(s));

  function sorted(rows, columns) {
    const [id, direction] = app.state.sort.split("-");
    const column = columns.find((c) => c.id === id);
    if (!column) return rows;
    const key = column.rank ?? column.get;
    const turn = direction === "desc" ? -1 : 1;
    const compare = column.rank ? (a, b) => key(a) - key(b) : (a, b) => COLLATE.compare(String(key(a)), String(key(b)));
    return [...rows].sort((a, b) => turn * compare(a, b));
  }

  function headerOf(column) {
    const [id, direction] = app.state.sort.split("-");
    const now = id === column.id ? (direction === "desc" ? "descending" : "ascending") : "none";
    const next = now === "ascending" ? `${column.id}-desc` : now === "descending" ? "" : `${column.id}-asc`;
    return h("th", { scope: "col", "aria-sort": now, class: column.right ? "cp-right" : null },
      h("button.cp-sort", { type: "button", "data-sort": column.id, onclick: () => app.set({ sort: next }) },
        app.word(`col_${column.id}`), h("i.cp-arrow", { "aria-hidden": "true" }, now === "ascending" ? "▲" : now === "descending" ? "▼" : "")));
  }

  function rowOf(site, columns) {
    const layer = app.facts.layerOf[site.layer];
    const on = app.state.selected === site.id;
    const cells = columns.map((column, i) => i === 0
      ? h("th", { scope: "row" }, h("button.cp-row-button", { type: "button", "data-row": site.id, "aria-pressed": String(on), onclick: () => app.select(site.id, { move: true, bring: true }) },
        symbol(layer.style, wayOf(site.location_class)), h("span", {}, column.get(site))))
      : h("td", { class: column.right ? "cp-right" : null }, column.get(site)));
    return h("tr", { class: on ? "cp-row-on" : null, "data-id": site.id }, cells);
  }

  function tab(name, text) {
    const on = app.state.table === name;
    return h("button.cp-tab", { type: "button", role: "tab", id: `cp-table-tab-${name}`, "aria-selected": String(on), tabindex: "0", onclick: () => app.set({ table: on ? "" : name }) }, text);
  }

  function downloads() {
    const links = app.data.downloads ?? [];
    if (!links.length) return null;
    const tick = h("input", { type: "checkbox", onchange: () => app.set({ demoFile: tick.checked }) });
    tick.checked = app.state.demoFile;
    return h("div.cp-downloads", {}, h("span.cp-muted", {}, icon("download"), app.word("download")),
      links.map((d) => h("a.cp-button.cp-small", { href: app.downloadUrl(d.key), download: "", title: d.title, "data-format": d.key }, d.name)),
      app.facts.sites.some((s) => s.location_class === "stand_in")
        ? h("label.cp-check.cp-inline", {}, tick, h("span", {}, app.word("download_demo"))) : null);
  }

  function onKey(e) {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    const buttons = [...scroll.querySelectorAll(".cp-row-button")];
    const at = buttons.indexOf(document.activeElement);
    if (at < 0) return;
    e.preventDefault();
    buttons[at + (e.key === "ArrowDown" ? 1 : -1)]?.focus();
  }
  scroll.addEventListener("keydown", onKey);

  return {
    el: root,
    refresh() {
      const open = app.state.table;
      const n = countsText(app, rowsOf(false));
      const nDemo = rowsOf(true).length;
      const hasDemo = app.facts.sites.some((s) => s.location_class === "stand_in");
      replace(bar,
        h("div.cp-tabs.cp-table-tabs", { role: "tablist", "aria-label": app.word("table") }, tab("sites", [icon("table"), app.word("table_sites", { n })]),
          hasDemo ? tab("demo", app.word("table_demo", { n: number(nDemo) })) : null),
        downloads(),
        open ? h("button.cp-button.cp-small.cp-icon-only", { type: "button", "aria-label": app.word("close"), onclick: () => app.set({ table: "" }) }, icon("down")) : null);
      root.classList.toggle("cp-open", Boolean(open));
      scroll.hidden = !open;
      if (!open) return;
      const focus = document.activeElement?.dataset ?? {};
      const columns = columnsOf(app, open === "demo");
      const rows = sorted(rowsOf(open === "demo"), columns);
      const top = scroll.scrollTop;
      scroll.setAttribute("aria-label", app.word(open === "demo" ? "table_demo_caption" : "table_caption"));
      replace(scroll,
        open === "demo" ? h("p.cp-pop-warn", {}, app.word("demo_site_says")) : null,
        rows.length ? h("table", {},
          h("caption.cp-hidden", {}, app.word(open === "demo" ? "table_demo_caption" : "table_caption")),
          h("thead", {}, h("tr", {}, columns.map(headerOf))),
          h("tbody", {}, rows.slice(0, limit).map((site) => rowOf(site, columns)))) : emptyTable(app),
        rows.length > limit ? h("button.cp-link", { type: "button", onclick: () => { limit += PAGE; this.refresh(); } }, app.word("table_more", { n: number(rows.length - limit) })) : null);
      scroll.scrollTop = top;
      const back = focus.row ? `[data-row="${CSS.escape(focus.row)}"]` : focus.sort ? `[data-sort="${focus.sort}"]` : null;
      if (back) scroll.querySelector(back)?.focus({ preventScroll: true });
    },
    reveal(id) {
      const row = scroll.querySelector(`tr[data-id="${CSS.escape(id)}"]`)?.getBoundingClientRect();
      if (!row || scroll.hidden) return;
      const box = scroll.getBoundingClientRect(); // within the table alone: on a phone the page stays at the map
      const head = scroll.querySelector("thead").offsetHeight;
      if (row.top < box.top + head) scroll.scrollTop -= box.top + head - row.top;
      else if (row.bottom > box.bottom) scroll.scrollTop += row.bottom - box.bottom;
    },
  };
}
