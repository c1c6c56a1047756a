// Who finds room: the split as one bar, by site and by area; how many people a unit serves is asked here.
import { h, replace } from "./dom.js";
import { Panel, panelOf, release } from "./panel.js";

const TYPING = 600;

class Room extends Panel {
  constructor(c) {
    super(c, ["per"]);
    this.drawn = "";
  }

  update() {
    const key = JSON.stringify(this.data);
    if (this.drawn === key) return;
    this.drawn = key;
    const open = new Set([...this.root.querySelectorAll("details[open]")].map((d) => d.dataset.fold));
    const typing = document.activeElement?.dataset?.control === "per" && this.root.contains(document.activeElement);
    replace(this.root, this.view());
    for (const fold of this.root.querySelectorAll("details")) if (open.has(fold.dataset.fold)) fold.open = true;
    if (typing) this.root.querySelector('[data-control="per"]').focus({ preventScroll: true });
    this.root.classList.add("cp-ready");
  }

  view() {
    const d = this.data;
    return h("section.cp-ans-table", { "data-table": "room" },
      h("h3", {}, d.heading ? h("span.cp-tag.cp-tag-demo", {}, d.heading) : null, this.word("title")),
      h("p.cp-room-said", { role: "status" }, d.sentence),
      h("div.cp-room-bar", { "aria-hidden": "true" }, d.parts.map((p) => h(`i.cp-room-${p.key}`, { style: `flex-grow:${p.share}` }))),
      h("ul.cp-room-key", {}, d.parts.map((p) => h("li", {}, h(`i.cp-room-${p.key}`), h("span", {}, p.name), h("b", {}, p.text), h("small", {}, p.people)))),
      h("label.cp-ask-inline", {}, h("span", {}, this.word("per")),
        h("input", { type: "number", min: "0", step: "any", inputmode: "decimal", "data-control": "per", value: this.asked.per ?? "", oninput: (e) => this.ask({ per: e.target.value }, TYPING) }),
        h("span", {}, this.word("per_unit", { n: d.even }))),
      d.wrong ? h("p.cp-problem", { role: "alert" }, d.wrong) : null,
      d.index ? h("p.cp-muted", {}, d.index) : null,
      this.fold("sites", this.word("sites"), this.table(d.sites, this.word("sites")), true),
      d.areas.rows.length ? this.fold("areas", this.word("areas"), this.table(d.areas, this.word("areas"))) : null,
      this.fold("method", this.word("method"), h("ul.cp-ans-lines", {}, d.method.map((line) => h("li", {}, line)))),
      this.fold("command", this.word("command"), h("pre.cp-siting-command", { tabindex: "0" }, d.command)));
  }

  fold(name, title, inside, open = false) {
    return h("details.cp-ask-fold", { "data-fold": `room-${name}`, open }, h("summary", {}, title), inside);
  }

  table(table, label) {
    const right = (i) => (table.columns[i].right ? ".cp-right" : "");
    return h("div.cp-scroll.cp-wide", { tabindex: "0", role: "region", "aria-label": label }, h("table.cp-plain-table", {}, h("caption.cp-hidden", {}, label),
      h("thead", {}, h("tr", {}, table.columns.map((c, i) => h(`th${right(i)}`, { scope: "col" }, c.name)))),
      h("tbody", {}, table.rows.map((row) => h("tr", {}, row.map((text, i) => (i ? h(`td${right(i)}`, {}, text) : h("th", { scope: "row" }, text))))))));
  }
}

export function render(c) {
  panelOf(c, () => new Room(c)).update();
}

export { release };
