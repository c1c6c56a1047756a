// A siting answer: in words with the solver's figures; the proposed sites on the map beside their legend; tables below.
import { h, replace } from "./dom.js";
import { Panel, panelOf, release } from "./panel.js";
import { ProposedSites } from "./proposed.js";
import { make } from "./symbols.js";

const WIDTH = 440;
const HEIGHT = 240;
const LEFT = 46;
const BOTTOM = 34;
const TOP = 14;

const tell = (name, detail) => window.dispatchEvent(new CustomEvent(name, { detail }));

class Sited extends Panel {
  constructor(c) {
    super(c, []);
    this.drawn = "";
    this.onSelect = (e) => this.selected?.(e.detail);
    window.addEventListener("cp-siting-select", this.onSelect);
  }

  release() {
    window.removeEventListener("cp-siting-select", this.onSelect);
    this.map?.release();
    super.release();
  }

  update() {
    const key = JSON.stringify(this.data);
    if (this.drawn !== key) {
      this.drawn = key;
      const open = new Set([...this.root.querySelectorAll("details[open]")].map((d) => d.dataset.fold));
      replace(this.root, this[this.data.part]());
      for (const fold of this.root.querySelectorAll("details")) if (open.has(fold.dataset.fold)) fold.open = true;
      this.root.classList.add("cp-ready");
    }
    this.map?.show(this.data);
  }

  top() {
    const d = this.data;
    const [head, ...rest] = d.sentences;
    return h(`div${d.waiting ? ".cp-siting-waiting" : ""}`, {},
      h("div.cp-ans-head", {}, d.heading ? h("span.cp-tag.cp-tag-demo", {}, d.heading) : null, h("h2", {}, d.question)),
      h("div.cp-ans-sentences", { role: "status", "aria-live": "polite" }, h("p.cp-ans-first", {}, head), rest.map((s) => h("p", {}, s))),
      h("dl.cp-siting-figures", {},
        h("div", { "data-status": d.status.key }, h("dt", {}, this.word("figure_status")), h("dd", {}, d.status.text)),
        d.figures.map((f) => h("div", {}, h("dt", {}, f.name), h("dd", {}, f.text)))));
  }

  side() {
    const d = this.data;
    const l = d.legend;
    this.map ??= new ProposedSites((id) => tell("cp-siting-select", { id }), (wish) => tell("cp-siting-wish", wish));
    const all = h("input", { type: "checkbox", "data-control": "candidates", onchange: (e) => this.map.showCandidates(e.target.checked) });
    all.checked = this.map.candidatesShown;
    this.detail = h("div.cp-siting-detail", { role: "status" });
    this.selected = (what) => this.pick(what);
    this.pick({ id: d.sites.some((s) => s.id === this.picked) ? this.picked : "" });
    return [
      h("section.cp-ans-legend", {}, h("h3", {}, l.title),
        h("ul", {}, l.classes.map((c) => h("li", {}, h("i", { style: `background:${c.colour}` }), h("span", {}, this.say(c), c.within ? h("small", {}, this.word("within")) : null), h("b", {}, c.people), h("small", {}, c.share)))),
        h("ul.cp-ans-marks", {}, d.sites.length ? h("li", {}, h("i.cp-spot.cp-prop-key", { style: `--c:${d.colour}` }), h("span", {}, l.proposed)) : null,
          l.kept ? h("li", {}, h("i.cp-spot", { style: `--c:${d.colour}` }), h("span", {}, l.kept)) : null),
        h("p.cp-muted", {}, l.note)),
      h("label.cp-check.cp-inline", {}, all, h("span", {}, this.word("show_candidates", { n: d.candidates.toLocaleString("en-US") }))),
      this.detail,
      d.further.length ? h("div.cp-siting-further", {}, d.further.map((f) => h("button.cp-button.cp-small", { type: "button", "data-control": `more-${f.more}`, onclick: () => tell("cp-siting-more", f.more) }, f.text))) : null,
    ];
  }

  // The site or candidate chosen: what can be wished of it.
  async pick({ id, lon, lat }) {
    if (id === undefined) {
      this.map.ring(lon, lat);
      return;
    }
    this.picked = id;
    const site = this.data.sites.find((s) => s.id === id);
    this.map.select(id);
    const place = site ?? (id ? await this.map.find(id) : undefined);
    if (this.picked !== id) return;
    if (place && !site) this.map.ring(place.lon, place.lat, false);
    if (!id || !place) {
      replace(this.detail, h("p.cp-muted", {}, this.word("chosen_none")));
      return;
    }
    const wish = (kind, more = {}) => h("button.cp-button.cp-small", { type: "button", "data-control": `do-${kind}`, onclick: () => tell("cp-siting-wish", { kind, id, ...more }) }, this.word(`do_${kind}`));
    const x = h("input", { type: "number", step: "0.00001", value: String(place.lon), "data-control": "move-lon" });
    const y = h("input", { type: "number", step: "0.00001", value: String(place.lat), "data-control": "move-lat" });
    const moved = id.endsWith("→");
    replace(this.detail,
      h("p", {}, h("b", {}, site ? this.word("chosen_site", { n: site.n, id }) : this.word("chosen_candidate", { id }))),
      h("div.cp-siting-acts", {}, moved ? null : [wish("force"), wish("forbid")], wish("free")),
      site ? h("div.cp-siting-move", {}, h("label", {}, this.word("lon"), x), h("label", {}, this.word("lat"), y),
        h("button.cp-button.cp-small", { type: "button", "data-control": "do-move", onclick: () => tell("cp-siting-wish", { kind: "move", id, lon: Number(x.value), lat: Number(y.value) }) }, this.word("do_move"))) : null);
  }

  below() {
    const d = this.data;
    const list = (title, lines, fold) => lines.length ? h("details.cp-ask-fold", { "data-fold": fold }, h("summary", {}, title), h("ul.cp-ans-lines", {}, lines.map((line) => h("li", {}, line)))) : null;
    this.selected = ({ id }) => { if (id !== undefined) this.mark(id); };
    const left = h("details.cp-ask-fold", { "data-fold": "left", open: d.bad }, h("summary", {}, d.left.title),
      d.left.rows.length ? [h("p.cp-muted", {}, d.left.note), this.table({ ...d.left, title: "" }, "left", d.left.title)] : null);
    const cause = d.cause ? h("details.cp-ask-fold", { "data-fold": "cause", open: true }, h("summary", {}, d.cause.title), h("p.cp-muted", {}, d.cause.note), this.table({ ...d.cause, title: "" }, "cause", d.cause.title)) : null;
    return [
      cause,
      d.bad ? left : null,
      d.curve ? this.curve(d.curve) : null,
      d.ties ? h("section.cp-ans-table", { "data-table": "ties" }, h("h3", {}, this.word("ties")), h("p", {}, d.ties.sentence), d.ties.rows.length ? h("p.cp-muted", {}, this.word("ties_best")) : null, h("ul.cp-ans-lines", {}, d.ties.rows.map((row) => h("li", {}, h("button.cp-link", { type: "button", onclick: () => tell("cp-siting-select", { id: row.other }) }, row.text))))) : null,
      d.sites.rows.length ? this.table(d.sites, "sites") : null,
      d.reaches.rows.length ? this.table(d.reaches, "reaches") : null,
      d.bad ? null : left,
      list(this.word("method"), d.method, "method"),
      list(this.word("sources"), d.sources, "sources"),
      d.command ? h("details.cp-ask-fold", { "data-fold": "command" }, h("summary", {}, this.word("command")), h("p.cp-muted", {}, this.word("command_note")), h("pre.cp-siting-command", { tabindex: "0" }, d.command)) : null,
    ];
  }

  mark(id) {
    for (const row of this.root.querySelectorAll("tr[data-id]")) row.classList.toggle("cp-row-on", row.dataset.id === id);
  }

  // A row with a place takes the map there, by pointer and by its button.
  table(table, name, label = table.title) {
    const cell = (text, i, row) => {
      const right = table.columns[i].right ? ".cp-right" : "";
      if (i) return h(`td${right}`, {}, text);
      return h("th", { scope: "row" }, row.lon === undefined ? text : h("button.cp-link", { type: "button", onclick: () => tell("cp-siting-select", { id: row.id, lon: row.lon, lat: row.lat }) }, text));
    };
    return h("section.cp-ans-table", { "data-table": name },
      table.title ? h("h3", {}, this.data.heading ? h("span.cp-tag.cp-tag-demo", {}, this.data.heading) : null, table.title) : null,
      h("div.cp-scroll.cp-wide.cp-siting-scroll", { tabindex: "0", role: "region", "aria-label": label }, h("table.cp-plain-table", {}, h("caption.cp-hidden", {}, label),
        h("thead", {}, h("tr", {}, table.columns.map((c) => h(`th${c.right ? ".cp-right" : ""}`, { scope: "col" }, c.name)))),
        h("tbody", {}, table.rows.map((row) => h(`tr${row.sure ? ".cp-siting-sure" : ""}`, { "data-id": row.id }, row.cells.map((text, i) => cell(text, i, row))))))),
      table.explain ? h("p.cp-muted", {}, table.explain) : null);
  }

  curve(c) {
    const last = c.points.at(-1)[0];
    const most = Math.min(1, Math.ceil(Math.max(...c.points.map((p) => p[1]), c.start) * 10 + 0.01) / 10);
    const x = (n) => LEFT + (WIDTH - LEFT - 14) * n / last;
    const y = (s) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - s / most);
    const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": c.label, class: "cp-curve" });
    const text = (value, attrs) => { const el = make("text", { class: "cp-axis", ...attrs }); el.textContent = value; svg.append(el); };
    for (let k = 0; k <= 4; k += 1) {
      const s = most * k / 4;
      svg.append(make("line", { x1: LEFT, x2: WIDTH - 14, y1: y(s), y2: y(s), class: "cp-grid" }));
      text(`${(100 * s).toFixed(most < 0.4 ? 1 : 0)} %`, { x: LEFT - 6, y: y(s) + 4, "text-anchor": "end" });
    }
    const stride = Math.max(1, Math.ceil(last / 8));
    for (let n = 0; n <= last; n += stride) text(String(n), { x: x(n), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" });
    text(this.word("curve_x"), { x: WIDTH - 14, y: HEIGHT - 4, "text-anchor": "end" });
    const line = [...(c.points[0][0] === 1 ? [[0, c.start]] : []), ...c.points];
    svg.append(make("polyline", { points: line.map(([n, s]) => `${x(n).toFixed(1)},${y(s).toFixed(1)}`).join(" "), class: "cp-line", style: "--c: var(--accent)" }));
    const dot = make("circle", { r: 4, class: "cp-siting-dot" });
    svg.append(dot);
    const said = h("p", { role: "status" });
    const slider = h("input", { type: "range", min: String(c.points[0][0]), max: String(last), value: String(last), "aria-label": this.word("curve_x"), "data-control": "curve-n", oninput: () => at() });
    const at = () => {
      const point = c.points.find((p) => p[0] === Number(slider.value));
      if (!point) return;
      dot.setAttribute("cx", x(point[0]));
      dot.setAttribute("cy", y(point[1]));
      said.textContent = c.sentences[slider.value];
    };
    at();
    return h("figure.cp-ans-curve.cp-siting-curve", { "data-table": "curve" }, h("h3", {}, c.title), h("div.cp-siting-curve-row", {}, svg, h("div", {}, slider, said,
      h("details.cp-ask-fold", { "data-fold": "curve" }, h("summary", {}, this.word("curve_table")), this.table({ title: "", columns: c.columns, rows: c.rows, explain: c.explain }, "curve-table", c.title)))));
  }
}

export function render(c) {
  panelOf(c, () => new Sited(c)).update();
}

export { release };
