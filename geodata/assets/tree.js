// The layers: a switch, the symbol, a sentence, the opacity. Everything here happens in the browser alone.
import { h, number, replace } from "./dom.js";
import { symbol } from "./symbols.js";

export function layerTree(app) {
  const rows = new Map();
  const root = h("div.cp-tree");

  function counts(key) {
    const c = { located: 0, unlocated: 0, proposed: 0, demo: 0 };
    for (const site of app.facts.byLayer[key] ?? []) {
      if (!app.matches(site)) continue;
      if (site.location_class === "stand_in") c.demo += app.state.demo ? 1 : 0;
      else if (site.location_class === "unlocated") c.unlocated += 1;
      else if (site.location_class === "proposed") c.proposed += 1;
      else c.located += 1;
    }
    return c;
  }

  function tally(c) {
    const bits = [];
    if (c.located) bits.push(h("span.cp-n-located", { title: app.word("located") }, number(c.located)));
    if (c.proposed) bits.push(h("span.cp-n-proposed", { title: app.word("proposed") }, number(c.proposed)));
    if (c.unlocated) bits.push(h("span.cp-n-unlocated", { title: app.word("unlocated") }, number(c.unlocated)));
    return bits;
  }

  function sentence(layer, c) {
    return app.word("layer_sentence", { located: number(c.located), proposed: number(c.proposed), unlocated: number(c.unlocated) })
      + (c.demo ? app.word("layer_sentence_demo", { n: number(c.demo) }) : "");
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
    const el = h("li.cp-layer", {}, h("div.cp-layer-row", {}, box, label, counted, more), detail);
    rows.set(layer.key, { box, counted, says, range, el, label });
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
        const c = counts(layer.key);
        row.box.checked = app.state.on.has(layer.key);
        row.el.classList.toggle("cp-off", !row.box.checked);
        row.range.value = Math.round((app.state.opacity[layer.key] ?? 1) * 100);
        replace(row.counted, tally(c));
        row.says.textContent = sentence(layer, c);
        row.label.querySelector(".cp-sym")?.replaceWith(symbol(layer.style, !c.located && c.demo ? "demo" : "solid"));
      }
    },
  };
}
