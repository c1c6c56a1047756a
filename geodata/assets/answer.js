// A coverage answer: its sentences; beside the map the legend and the curve; below it the figures and what they rest on.
import { h, number, replace } from "./dom.js";
import { lookAt } from "./look.js";
import { Panel, panelOf, release } from "./panel.js";
import { make, symbol } from "./symbols.js";

const WIDTH = 440;
const HEIGHT = 266;
const LEFT = 42;
const BOTTOM = 34;
const TOP = 38;
const ROW = 15; // marks too near each other for one line of text stand on two
const MAP = ".st-key-coverage_map";
const DASHES = ["", "7 4", "2 3", "9 3 2 3"];

// The share is what is asked for: it alone stands out.
function withShare(sentence, plain) {
  const found = plain ? null : sentence.match(/\d[\d.,]*(?:–[\d.,]+)?\s%/);
  if (!found) return [sentence];
  return [sentence.slice(0, found.index), h("b.cp-figure", {}, found[0]), sentence.slice(found.index + found[0].length)];
}

class Answer extends Panel {
  constructor(c) { super(c, []); this.drawn = ""; }

  update() {
    const key = JSON.stringify(this.data);
    if (this.drawn === key) return;
    this.drawn = key;
    if (this.data.part === "below") lookAt(MAP, null); // another answer, other places
    const open = new Set([...this.root.querySelectorAll("details[open]")].map((d) => d.dataset.fold));
    replace(this.root, this[this.data.part]());
    for (const fold of this.root.querySelectorAll("details")) if (open.has(fold.dataset.fold)) fold.open = true;
    this.root.classList.add("cp-ready");
  }

  top() {
    const [head, ...rest] = this.data.sentences;
    return [
      h("div.cp-ans-head", {}, this.data.heading ? h("span.cp-tag.cp-tag-demo", {}, this.data.heading) : null, h("h2", {}, this.data.question)),
      h("div.cp-ans-sentences", { role: "status", "aria-live": "polite" },
        h("p.cp-ans-first", {}, withShare(head ?? "", this.data.plain)), rest.map((s) => h("p", {}, withShare(s, this.data.plain)))),
      this.readings(),
      this.checks(),
      h("p.cp-muted.cp-ans-access", {}, this.data.access),
    ];
  }

  // What the answer was checked for: a mark and a line each, so that a glance tells whether all is well.
  checks() {
    const list = this.data.checks ?? [];
    if (!list.length) return null;
    const marks = { good: "✓", bad: "✗", note: "○" };
    return h("div.cp-ans-checks", {}, h("h3", {}, this.data.checks_title),
      h("ul", {}, list.map((c) => h(`li.cp-check-${c.mark}`, {}, h("i", { "aria-hidden": "true" }, marks[c.mark]), h("span", {}, c.text)))));
  }

  // One short reading a row: where a layer may have several, one line of them is kept free, so that another standard moves nothing below.
  readings() {
    const r = this.data.readings;
    if (!r) return null;
    return h("ul.cp-ans-readings", { "aria-label": r.title || null, "aria-hidden": r.rows.length ? null : "true" },
      r.rows.map((row) => h(`li${row.lead ? ".cp-lead" : ""}`, {}, h("span", {}, row.name), row.held ? h("small", {}, row.held) : null, h("b", {}, row.share))));
  }

  // What the map speaks of, where several layers are chosen; the panel of the question takes it into the address.
  pick() {
    const { choices, now } = this.data;
    const mark = (c) => (c.style ? symbol(c.style) : null);
    if (choices.length < 2) return h("p.cp-ans-pick", {}, h("span.cp-muted", {}, this.word("show")), choices.map((c) => h("b", {}, mark(c), this.say(c))));
    const press = (e, key) => {
      for (const b of this.root.querySelectorAll(".cp-segments button")) b.setAttribute("aria-pressed", String(b === e.currentTarget));
      window.dispatchEvent(new CustomEvent("chanhe-show", { detail: key }));
    };
    return h("div.cp-ans-pick", { role: "group", "aria-label": this.word("show") }, h("span.cp-muted", { "aria-hidden": "true" }, this.word("show")),
      h("div.cp-segments", {}, choices.map((c) => h("button", { type: "button", "aria-pressed": String(c.key === now), "data-show": c.key, onclick: (e) => press(e, c.key) }, mark(c), this.say(c)))));
  }

  // A row of places beyond the standard is found on the map; pressed again it is let go.
  look(e, place) {
    const again = e.currentTarget.getAttribute("aria-pressed") === "true";
    for (const b of this.root.querySelectorAll(".cp-ans-look")) b.setAttribute("aria-pressed", String(!again && b === e.currentTarget));
    lookAt(MAP, again ? null : place);
  }

  side() {
    return [this.legend(), this.curve()];
  }

  legend() {
    const l = this.data.legend;
    return h("section.cp-ans-legend", {}, h("h3", {}, l.title),
      h("ul", {}, l.classes.map((c) => h("li", {}, h("i", { style: `background:${c.colour}` }), h("span", {}, this.say(c), c.within ? h("small", {}, this.word("within")) : null), h("b", {}, c.people), h("small", {}, c.share)))),
      l.standards ? h("p.cp-muted", {}, l.standards) : null,
      l.sites.length ? h("ul.cp-ans-marks", {}, l.sites.map((s) => h("li", {}, h(`i.cp-spot${s.demo ? ".cp-spot-demo" : ""}`, { style: `--c:${s.colour}` }), h("span", {}, s.text)))) : null,
      l.bands ? h("p.cp-muted", {}, l.bands) : null,
      l.draw ? h("p.cp-ans-draw", {}, l.draw) : null,
      h("p.cp-muted", {}, l.note));
  }

  curve() {
    const lines = this.data.curve;
    if (!lines.length) return null;
    const marks = [...new Set(lines.flatMap((l) => l.marks))].sort((a, b) => a - b);
    const last = lines[0].step * (lines[0].share.length - 1);
    const far = Math.max(600, ...marks.map((m) => m * 1.6), ...lines.map((l) => l.step * Math.max(1, l.share.findIndex((s) => s >= 985))));
    const most = Math.min(last, Math.ceil(far / 300) * 300);
    const x = (m) => LEFT + (WIDTH - LEFT - 12) * Math.min(m, most) / most;
    const y = (s) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - s / 1000);
    const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": this.data.curve_label, class: "cp-curve" });
    const text = (value, attrs) => { const el = make("text", attrs); el.textContent = value; svg.append(el); };
    for (let s = 0; s <= 1000; s += 250) {
      svg.append(make("line", { x1: LEFT, x2: WIDTH - 12, y1: y(s), y2: y(s), class: "cp-grid" }));
      text(`${s / 10} %`, { x: LEFT - 6, y: y(s) + 4, class: "cp-axis", "text-anchor": "end" });
    }
    const stride = most <= 900 ? 150 : most <= 1800 ? 300 : 500;
    for (let m = 0; m <= most; m += stride) text(number(m), { x: x(m), y: HEIGHT - BOTTOM + 16, class: "cp-axis", "text-anchor": "middle" });
    text(this.word("curve_x"), { x: WIDTH - 12, y: HEIGHT - 4, class: "cp-axis", "text-anchor": "end" });
    const ends = [-Infinity, -Infinity];
    for (const m of marks) {
      const row = x(m) - ends[0] > 52 || ends[0] < ends[1] ? 0 : 1;
      ends[row] = x(m);
      svg.append(make("line", { x1: x(m), x2: x(m), y1: TOP - 4 - row * ROW, y2: HEIGHT - BOTTOM, class: "cp-standard" }));
      text(`${number(m)} m`, { x: x(m), y: TOP - 8 - row * ROW, class: "cp-axis cp-standard-text", "text-anchor": "middle" });
    }
    lines.forEach((line, i) => {
      const points = (side) => line[side].map((s, k) => [x(k * line.step), y(s), k * line.step]).filter((p) => p[2] <= most + 1e-6).map((p) => `${p[0].toFixed(1)},${p[1].toFixed(1)}`);
      if (line.low.some((s, k) => s !== line.high[k])) {
        svg.append(make("polygon", { points: [...points("high"), ...points("low").reverse()].join(" "), class: "cp-range", style: `--c:${line.colour}` }));
      }
      svg.append(make("polyline", { points: points("share").join(" "), class: "cp-line", style: `--c:${line.colour}`, "stroke-dasharray": DASHES[i % DASHES.length] }));
    });
    const key = lines.length > 1 || this.data.curve_key ? h("ul.cp-ans-marks", {}, lines.map((line, i) => {
      const dash = make("svg", { viewBox: "0 0 26 10", class: "cp-curve-key", "aria-hidden": "true" });
      dash.append(make("line", { x1: 1, x2: 25, y1: 5, y2: 5, class: "cp-line", style: `--c:${line.colour}`, "stroke-dasharray": DASHES[i % DASHES.length] }));
      return h("li", {}, dash, h("span", {}, `${this.say(line.name)} · ${this.say(line.counted)}`));
    })) : null;
    return h("figure.cp-ans-curve", {}, h("h3", {}, this.data.curve_title), svg, key, this.data.curve_note ? h("figcaption.cp-muted", {}, this.data.curve_note) : null);
  }

  below() {
    const d = this.data;
    const list = (title, lines, fold) => lines.length ? h("details.cp-ask-fold", { "data-fold": fold }, h("summary", {}, title), h("ul.cp-ans-lines", {}, lines.map((line) => h("li", {}, line)))) : null;
    return [
      this.table(d.rows, this.word("rows"), "rows"),
      d.by_area ? this.table(d.by_area, this.word("by_area"), "area") : h("p.cp-muted", {}, this.word("no_by_area")),
      d.beside ? this.table(d.beside, this.word("beside"), "beside") : null,
      d.beside && d.beside_note ? h("p.cp-muted", {}, d.beside_note) : null,
      d.extra.length ? h("ul.cp-ans-lines", {}, d.extra.map((line) => h("li", {}, line))) : null,
      d.unserved_title ? h("details.cp-ask-fold", { "data-fold": "unserved" }, h("summary", {}, d.unserved_title), h("p.cp-muted", {}, d.unserved_note), d.unserved.rows.length ? this.table(d.unserved, "", "unserved") : null) : null,
      list(this.word("assumptions"), d.assumptions, "assumptions"),
      list(this.word("method"), d.method, "method"),
      list(this.word("sources"), d.sources, "sources"),
    ];
  }

  table(table, title, name) {
    const cell = (c, i, place) => {
      const right = table.columns[i].right ? ".cp-right" : "";
      if (!i && place) {
        const label = this.word("look", { id: place.id });
        return h("th", { scope: "row" }, h("button.cp-ans-look", { type: "button", "aria-pressed": "false", title: label, "aria-label": label, onclick: (e) => this.look(e, place) }, c.text));
      }
      const inside = [c.strong ? h("b", {}, c.text) : c.text, c.range ? h("small", {}, c.range) : null];
      return i ? h(`td${right}`, {}, inside) : h("th", { scope: "row" }, inside);
    };
    return h("section.cp-ans-table", { "data-table": name }, title ? h("h3", {}, this.data.heading && name !== "unserved" ? h("span.cp-tag.cp-tag-demo", {}, this.data.heading) : null, title) : null,
      h("div.cp-scroll.cp-wide", { tabindex: "0", role: "region", "aria-label": title || this.data.unserved_title }, h("table.cp-plain-table", {}, h("caption.cp-hidden", {}, title || this.data.unserved_title),
        h("thead", {}, h("tr", {}, table.columns.map((c) => h(`th${c.right ? ".cp-right" : ""}`, { scope: "col" }, c.name)))),
        h("tbody", {}, table.rows.map((row, n) => h("tr", {}, row.map((c, i) => cell(c, i, table.places?.[n]))))))));
  }
}

export function render(c) {
  panelOf(c, () => new Answer(c)).update();
}

export { release };
