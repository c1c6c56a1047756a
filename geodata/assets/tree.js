// The layers: a switch, the symbol, a sentence, the opacity. Everything here happens in the browser alone.
import { h, number, replace } from "./dom.js";
import { narrowed } from "./empty.js";
import { isRoughCourse, symbol } from "./symbols.js";
import { byYear, countsText, yearWord } from "./years.js";

export function layerTree(app) {
  const rows = new Map();
  const root = h("div.cp-tree");

  const isDemo = (site) => site.location_class === "stand_in";

  function counts(sites) {
    const c = { located: 0, unlocated: 0, proposed: 0 };
    for (const site of sites) {
      if (site.location_class === "unlocated") c.unlocated += 1;
      else if (site.location_class === "proposed") c.proposed += 1;
      else c.located += 1;
    }
    return c;
  }

  // One group of numbers a year; an earlier one is named and quieter.
  const tallies = (years) => years.map(([year, sites]) => {
    const now = year === app.facts.year;
    return h(now ? "span.cp-tally-year" : "span.cp-tally-year.cp-tally-past", { "data-year": year }, now && years.length === 1 ? null : h("em", {}, yearWord(app, year)), tally(counts(sites)));
  });

  function tally(c) {
    const bits = [];
    if (c.located) bits.push(h("span.cp-n-located", { title: app.word("located") }, number(c.located)));
    if (c.proposed) bits.push(h("span.cp-n-proposed", { title: app.word("proposed") }, number(c.proposed)));
    if (c.unlocated) bits.push(h("span.cp-n-unlocated", { title: app.word("unlocated") }, number(c.unlocated)));
    return bits;
  }

  function sentence(years, demo) {
    const of = ([year, sites]) => {
      const c = counts(sites);
      const told = app.word("layer_sentence", { located: number(c.located), proposed: number(c.proposed), unlocated: number(c.unlocated) });
      return years.length === 1 && year === app.facts.year ? told : (year === "existing" ? yearWord(app, year) : app.word("of_year", { year })) + told;
    };
    return years.map(of).join(app.lang === "en" ? " " : "") + (demo ? app.word("layer_sentence_demo", { n: number(demo) }) : "");
  }

  function within(found) {
    const demo = found.filter(isDemo).length;
    const asked = demo && app.state.demo && app.state.filters.class.has("stand_in");
    const sites = found.filter((s) => !isDemo(s));
    return [sites.length || !asked ? app.word("within", { n: countsText(app, sites) }) : "", asked ? app.word("within_demo", { n: number(demo) }) : ""].filter(Boolean).join(app.word("counts_join"));
  }

  // What was built already but stands nowhere on the map, and lines whose course is a guess, are named in the open.
  function caveats(sites) {
    const names = (held) => held.map((s) => app.nameOf(s)).join(app.word("list_comma"));
    const lost = sites.filter((s) => s.location_class === "unlocated" && s.name_zh && s.year && s.year < app.facts.year);
    const rough = sites.filter(isRoughCourse);
    return [lost.length ? app.word("no_position", { names: names(lost) }) : "", rough.length ? app.word("course_of", { names: names(rough) }) : ""].filter(Boolean).join(app.word("counts_join"));
  }

  function rowOf(layer) {
    const id = `cp-on-${layer.key}`;
    const box = h("input", { type: "checkbox", id, onchange: () => app.toggleLayer(layer.key, box.checked) });
    const more = h("button.cp-fold", { type: "button", "aria-expanded": "false", "aria-controls": `cp-more-${layer.key}`, "aria-label": app.word("layer_more", { name: app.say(layer.name) }) });
    const counted = h("span.cp-tally", { "aria-hidden": "true" });
    const says = h("p.cp-layer-counts");
    const range = h("input", { type: "range", min: 10, max: 100, step: 5, id: `cp-op-${layer.key}`, oninput: () => app.setOpacity(layer.key, range.value / 100) });
    const only = h("button.cp-link", { type: "button", onclick: () => app.onlyLayer(layer.key) }, app.word("only_this"));
    const detail = h("div.cp-layer-more", { id: `cp-more-${layer.key}`, hidden: true },
      h("p", {}, app.say(layer.legend)), says,
      layer.standard ? h("p.cp-muted", {}, app.say(layer.standard)) : null,
      h("div.cp-opacity", {}, h("label", { for: range.id }, app.word("opacity")), range, only));
    more.addEventListener("click", () => {
      detail.hidden = !detail.hidden;
      more.setAttribute("aria-expanded", String(!detail.hidden));
    });
    const label = h("label.cp-layer-name", { for: id }, symbol(layer.style, "solid"), h("span", {}, app.say(layer.name)));
    const caveat = h("p.cp-muted.cp-caveat", { hidden: true });
    const within = h("p.cp-muted.cp-within", { hidden: true });
    const el = h("li.cp-layer", {}, h("div.cp-layer-row", {}, box, label, counted, more), within, caveat, detail);
    rows.set(layer.key, { box, counted, says, range, el, label, caveat, within });
    return el;
  }

  const key = (way, word) => h("li", {}, symbol({ colour: "#4a5560", shape: "circle", letter: "" }, way), h("span", {}, app.word(word)));

  return {
    el: root,
    build() {
      rows.clear();
      const here = (layer) => app.facts.byLayer[layer.key]?.length;
      const opening = app.facts.layers.filter((l) => l.opening && here(l));
      const other = app.facts.layers.filter((l) => !l.opening && here(l));
      const empty = app.facts.layers.filter((l) => !here(l));
      const demo = h("input", { type: "checkbox", id: "cp-demo", onchange: () => app.set({ demo: demo.checked }) });
      demo.checked = app.state.demo;
      this.demo = demo;
      const hasDemo = app.facts.sites.some((s) => s.location_class === "stand_in");
      replace(root,
        h("h2.cp-h", {}, app.word("layers_main")), h("ul.cp-layers", {}, opening.map(rowOf)),
        h("div.cp-h-row", {}, h("h2.cp-h", {}, app.word("layers_other")),
          h("span", {}, h("button.cp-link", { type: "button", onclick: () => app.allLayers(true) }, app.word("all_on")),
            h("button.cp-link", { type: "button", onclick: () => app.allLayers(false) }, app.word("back_to_opening")))),
        h("ul.cp-layers", {}, other.map(rowOf)),
        empty.length ? h("p.cp-muted.cp-empty-layers", {}, app.word("layers_empty"), empty.map((l) => app.say(l.name)).join(app.word("list_comma"))) : null,
        h("h2.cp-h", {}, app.word("how_sure")),
        h("ul.cp-ways", {}, key("solid", "key_solid"), key("area", "key_area"), key("proposed", "key_proposed"),
          hasDemo ? key("demo", "key_demo") : null),
        hasDemo ? h("label.cp-check", {}, demo, h("span", {}, app.word("show_demo"))) : null);
    },
    refresh() {
      if (this.demo) this.demo.checked = app.state.demo;
      for (const layer of app.facts.layers) {
        const row = rows.get(layer.key);
        if (!row) continue;
        const all = app.facts.byLayer[layer.key] ?? [];
        const sites = all.filter((s) => !isDemo(s)); // what a layer holds is a fact, whatever is filtered
        const demo = app.state.demo ? all.length - sites.length : 0;
        const years = byYear(app, sites);
        row.within.hidden = !narrowed(app);
        if (!row.within.hidden) row.within.textContent = within(all.filter(app.matches));
        row.box.checked = app.state.on.has(layer.key);
        row.el.classList.toggle("cp-off", !row.box.checked);
        row.range.value = Math.round((app.state.opacity[layer.key] ?? 1) * 100);
        replace(row.counted, tallies(years));
        row.says.textContent = sentence(years, demo);
        row.caveat.textContent = caveats(sites);
        row.caveat.hidden = !row.caveat.textContent;
        row.label.querySelector(".cp-sym")?.replaceWith(symbol(layer.style, demo && !counts(sites).located ? "demo" : "solid"));
      }
    },
  };
}
