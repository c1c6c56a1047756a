// Search and filters. They narrow the map, the tray, the table and the downloads alike.
import { h, icon, number, replace } from "./dom.js";
import { symbol, wayOf } from "./symbols.js";
import { countsText } from "./years.js";

const FIELDS = { status: "status", year: "year", class: "location_class", origin: "origin", group: "group" };

// In the order of the report and of the product's own lists; the latest year first.
function inOrder(app, name, values) {
  const order = app.facts.orders[name];
  return [...values].sort((a, b) => (order ? order.indexOf(a) - order.indexOf(b) : b - a));
}

const valueOf = (app, site, name) => String((name === "group" ? app.facts.commitments[site.commitment]?.group : site[FIELDS[name]]) ?? "");

// Every value a filter can take, whatever is shown now.
function choices(app) {
  const found = Object.fromEntries(Object.keys(FIELDS).map((k) => [k, new Set()]));
  for (const site of app.facts.sites) {
    for (const name of Object.keys(FIELDS)) {
      const value = valueOf(app, site, name);
      if (value) found[name].add(value);
    }
  }
  return found;
}

// What a value of one filter would show: sites of the layers switched on that pass the search and all other filters.
// Demo sites are counted nowhere but under their own name.
function shownBy(app, name, value) {
  return app.facts.sites.filter((s) => app.state.on.has(s.layer) && valueOf(app, s, name) === value && passes(app, s, name)
    && (s.location_class === "stand_in" ? app.state.demo && value === "stand_in" : true));
}

export function passes(app, site, but = "") {
  const f = app.state.filters;
  for (const name of Object.keys(FIELDS)) {
    if (name === but || !f[name].size) continue;
    if (!f[name].has(valueOf(app, site, name))) return false;
  }
  const q = app.state.q.trim().toLowerCase();
  return !q || app.textOf(site).includes(q);
}

export function searchAndFilters(app) {
  const input = h("input.cp-search-input", {
    type: "search", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": "cp-hits", autocomplete: "off", spellcheck: "false",
  });
  const hits = h("ul.cp-hits", { id: "cp-hits", role: "listbox", hidden: true });
  const button = h("button.cp-button.cp-filter-button", { type: "button", "aria-expanded": "false", "aria-controls": "cp-filters" });
  const panel = h("div.cp-filters", { id: "cp-filters", hidden: true });
  const chips = h("div.cp-chips");
  let active = -1;
  let options = [];

  function close() {
    hits.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  }

  // Whoever goes to a place or a layer looks for it, not for sites of its name.
  function clear() {
    input.value = "";
    app.set({ q: "" });
  }

  function find(q) {
    const out = [];
    for (const label of app.facts.places) {
      if (`${label.zh} ${label.en}`.toLowerCase().includes(q)) out.push({ text: app.say(label), note: app.word("a_place"), go: () => { clear(); app.goTo(label.at, 15); app.bringMap(); } });
    }
    for (const layer of app.facts.layers) {
      if (`${layer.name.zh} ${layer.name.en}`.toLowerCase().includes(q) && app.facts.byLayer[layer.key]?.length) {
        out.push({ text: app.say(layer.name), note: app.word("a_layer"), mark: symbol(layer.style), go: () => { clear(); app.toggleLayer(layer.key, true); } });
      }
    }
    for (const site of app.facts.sites) {
      if (out.length > 60) break;
      if (!app.textOf(site).includes(q) || (site.location_class === "stand_in" && !app.state.demo)) continue;
      const layer = app.facts.layerOf[site.layer];
      out.push({ text: app.nameOf(site), note: app.word(`class_${site.location_class}`), mark: layer && symbol(layer.style, wayOf(site.location_class)), go: () => app.select(site.id, { move: true, bring: true }) });
    }
    return out.slice(0, 8);
  }

  function suggest() {
    const q = input.value.trim().toLowerCase();
    options = q ? find(q) : [];
    active = -1;
    replace(hits, options.map((o, i) => h("li.cp-hit", { role: "option", id: `cp-hit-${i}`, "aria-selected": "false", onmousedown: (e) => { e.preventDefault(); close(); o.go(); } },
      o.mark ?? icon("pin"), h("span", {}, o.text), h("small", {}, o.note))));
    hits.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!hits.hidden));
  }

  input.addEventListener("input", () => { app.set({ q: input.value }); suggest(); });
  input.addEventListener("focus", () => { if (input.value) suggest(); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      if (input.value || !hits.hidden) e.stopPropagation(); // a popup stays open
      if (hits.hidden) clear();
      close();
      return;
    }
    if (e.key === "Enter" && options.length) { options[Math.max(active, 0)].go(); close(); return; }
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    e.preventDefault();
    if (hits.hidden) return;
    active = (active + (e.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
    [...hits.children].forEach((el, i) => el.setAttribute("aria-selected", String(i === active)));
    input.setAttribute("aria-activedescendant", `cp-hit-${active}`);
  });
  button.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    app.refresh();
  });

  const wording = (name, value) => name === "year" ? value
    : name === "group" ? app.say(app.facts.groups[value] ?? { zh: value, en: value })
    : app.word(`${name === "class" ? "class" : name}_${value}`);

  function flip(name, value) {
    const next = { ...app.state.filters, [name]: new Set(app.state.filters[name]) };
    if (!next[name].delete(value)) next[name].add(value);
    app.set({ filters: next });
  }

  return {
    el: h("div.cp-find", {}, h("div.cp-find-row", {}, h("div.cp-search", {}, icon("search"), input, hits), button), panel, chips),
    build() {
      input.placeholder = app.word("search_hint");
      input.setAttribute("aria-label", app.word("search_hint"));
      hits.setAttribute("aria-label", app.word("search_hits"));
      input.value = app.state.q;
      const found = choices(app);
      replace(button, icon("filter"), h("span", {}, app.word("filters")), h("b.cp-badge", { hidden: true }));
      replace(panel, Object.entries(found).filter(([, v]) => v.size > 1).map(([name, values]) => h("fieldset.cp-filter", {},
        h("legend", {}, app.word(`filter_${name}`)),
        inOrder(app, name, values).map((value) => h("button.cp-chip", {
          type: "button", "aria-pressed": "false", "data-filter": name, "data-value": value, onclick: () => flip(name, value),
        }, wording(name, value), h("small", {}))))), h("p.cp-muted", {}, app.word("filter_note")));
    },
    refresh() {
      if (document.activeElement !== input) input.value = app.state.q;
      let n = 0;
      for (const chip of panel.querySelectorAll(".cp-chip")) {
        const on = app.state.filters[chip.dataset.filter].has(chip.dataset.value);
        chip.setAttribute("aria-pressed", String(on));
        n += on ? 1 : 0;
        if (panel.hidden) continue;
        const held = shownBy(app, chip.dataset.filter, chip.dataset.value);
        chip.lastChild.textContent = chip.dataset.filter === "year" ? number(held.length) : countsText(app, held);
        chip.classList.toggle("cp-chip-none", !held.length);
      }
      const badge = button.querySelector(".cp-badge");
      if (badge) { badge.textContent = n; badge.hidden = !n; }
      const on = Object.entries(app.state.filters).flatMap(([name, values]) => [...values].map((v) => [name, v]));
      replace(chips, on.map(([name, value]) => h("button.cp-chip.cp-chip-on", { type: "button", onclick: () => flip(name, value), "aria-label": `${app.word("remove_filter")} ${wording(name, value)}` }, wording(name, value), icon("close"))),
        on.length || app.state.q ? h("button.cp-link", { type: "button", onclick: () => { input.value = ""; app.clearFilters(); } }, app.word("clear_filters")) : null);
    },
  };
}
