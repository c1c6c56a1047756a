// The ledger: filters above, one table a part of the report, the report's words in every row.
import { h, icon, number, replace, withFigures } from "./dom.js";
import { fetchJson } from "./fetched.js";
import { Panel, panelOf, release } from "./panel.js";

const NAMES = ["q", "g", "y", "k", "p"];
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const COUNTS = ["located", "proposed", "unlocated", "completed"];

class Ledger extends Panel {
  constructor(c) {
    super(c, NAMES);
    this.head = h("header.cp-led-head");
    this.tools = h("section.cp-led-tools");
    this.status = h("p.cp-led-status", { role: "status", "aria-live": "polite" });
    this.list = h("div.cp-led-list");
    this.foot = h("footer.cp-led-foot");
    replace(this.root, this.head, this.tools, this.list, this.foot);
    this.drawn = "";
  }

  update() {
    const key = `${this.data.facts} ${this.data.lang}`;
    fetchJson(this.data.facts).then((facts) => {
      if (this.data.facts !== key.split(" ")[0]) return;
      this.facts = facts;
      if (this.drawn !== key) {
        this.drawn = key;
        this.drawHead();
        this.drawTools();
        this.drawList();
        this.drawFoot();
      }
      this.refresh();
      this.root.classList.add("cp-ready");
    });
  }

  drawHead() {
    const title = h("div.cp-led-title", {}, h("h1", {}, this.word("title")), h("p.cp-led-lead", {}, this.word("lead")));
    if (!this.facts.rows.length) {
      replace(this.head, title, h("p.cp-nothing", {}, this.word("no_ledger")));
      this.tools.hidden = true;
      return;
    }
    this.tools.hidden = false;
    const year = this.facts.year;
    const past = this.facts.results;
    const all = Math.max(year.promised, 1);
    const seg = (kind) => year[kind] ? h(`i.cp-seg-${kind}`, { style: `flex-grow:${year[kind] / all}` }) : null;
    const count = (kind) => h(`li.cp-count-${kind}`, {}, h("i.cp-dot"), h("span", {}, this.word(kind)), h("b", {}, number(year[kind])));
    const places = past.located + past.proposed + past.unlocated;
    const values = { entries: number(past.entries), background: past.background ? this.word("results_background", { n: number(past.background) }) : "", places: number(places), completed: `${number(past.completed)}${past.as_of ? ` (${this.word("as_of", { date: past.as_of })})` : ""}`, located: number(past.located), unlocated: number(past.unlocated) };
    if (this.lang === "zh") values.completed = values.completed.replace(" (", "（").replace(")", "）");
    replace(this.head,
      title,
      h("div.cp-led-cards", {},
        h("section.cp-card.cp-card-main", { "aria-label": this.word("promised_2022") },
          h("h2", {}, this.word("promised_2022")),
          h("p.cp-sentence", {}, withFigures(this.data.sentence)),
          h("div.cp-bar", { "aria-hidden": "true" }, seg("located"), seg("proposed"), seg("unlocated")),
          h("ul.cp-counts", {}, ["located", "proposed", "unlocated"].map(count), h("li", {}, h("span", {}, this.word("completed")), this.completedOf(year.completed, year.completed_as_of))),
          h("p.cp-muted", {}, `${this.data.beside}${this.lang === "zh" ? "。" : "."}`)),
        h("section.cp-card", { "aria-label": this.word("results_2021") },
          h("h2", {}, this.word("results_2021")),
          h("p.cp-sentence.cp-small-sentence", {}, withFigures(this.word("results_sentence", values))),
          h("p.cp-muted", {}, this.word("results_apart")))));
  }

  // Nothing is said to be unfinished that nobody has told of: a report ends where it was printed.
  completedOf(n, asOf) {
    if (n || asOf) return [h("b", {}, number(n)), asOf ? h("small", {}, this.word("as_of", { date: asOf })) : null];
    return [h("b.cp-led-unknown", {}, this.word("unknown")), this.facts.told_until ? h("small", {}, this.word("told_until", { date: this.facts.told_until })) : null];
  }

  drawTools() {
    const f = this.facts;
    const focus = document.activeElement?.dataset?.tool;
    this.search = h("input.cp-search-input", {
      type: "search", "data-tool": "q", placeholder: this.word("search"), "aria-label": this.word("search"), value: this.asked.q ?? "",
      oninput: (e) => this.ask({ q: e.target.value.trim() }, 180),
    });
    const families = [...new Set(f.groups.map((g) => this.say(g.family)))];
    this.group = h("select", { "data-tool": "g", "aria-label": this.word("group"), onchange: (e) => this.ask({ g: e.target.value }) },
      h("option", { value: "" }, this.word("all_groups")),
      families.map((family) => h("optgroup", { label: family }, f.groups.filter((g) => this.say(g.family) === family && this.rowsOf(g.key).length).map((g) => h("option", { value: g.key }, this.say(g.name))))));
    this.periods = this.chips("y", "period", f.periods, (row) => f.groups.find((g) => g.key === row.group).period);
    this.kinds = this.chips("k", "kind", f.kinds, (row) => row.kind);
    this.places = h("input", { type: "checkbox", "data-tool": "p", onchange: (e) => this.ask({ p: e.target.checked ? "1" : "" }) });
    replace(this.tools,
      h("h2.cp-hidden", {}, this.word("filters")),
      h("div.cp-led-find", {}, h("div.cp-search", {}, icon("search"), this.search), h("div.cp-led-group", {}, this.group)),
      h("label.cp-check.cp-inline", {}, this.places, h("span", {}, this.word("places_only"))),
      this.status,
      h("div.cp-led-chips", {}, this.periods, this.kinds));
    if (focus) this.tools.querySelector(`[data-tool="${focus}"]`)?.focus();
  }

  rowsOf(group) { return this.facts.rows.filter((row) => row.group === group); }

  chips(name, title, choices, of) {
    const count = (key) => this.facts.rows.filter((row) => of(row) === key).length;
    const chip = (key, text, n) => h("button.cp-chip", { type: "button", "data-name": name, "data-key": key, "data-tool": `${name}-${key}`, onclick: () => this.ask({ [name]: key }) }, text, " ", h("small", {}, number(n)));
    return h("fieldset.cp-filter.cp-led-filter", {}, h("legend", {}, this.word(title)),
      chip("", this.word("all"), this.facts.rows.length), choices.map((choice) => chip(choice.key, capital(this.say(choice)), count(choice.key))));
  }

  drawList() {
    this.rows = new Map();
    const f = this.facts;
    this.groups = f.groups.filter((g) => this.rowsOf(g.key).length).map((g) => {
      const bodies = this.rowsOf(g.key).map((row) => {
        const el = this.rowOf(row);
        this.rows.set(row.id, { row, el });
        return el;
      });
      const size = h("small");
      const el = h("section.cp-led-section", { id: `cp-led-${g.key}` },
        h(`table.cp-led-table${this.rowsOf(g.key).some((row) => row.counts) ? "" : ".cp-led-bare"}`, {}, h("caption", {}, h("h3", {}, this.say(g.name)), size),
          h("thead", {}, h("tr", {}, h("th", { scope: "col" }, this.word("item")), h("th.cp-right", { scope: "col" }, this.word(g.period === "2022" ? "promised" : "amount")),
            COUNTS.map((name) => h("th.cp-right", { scope: "col" }, this.word(name), name === "completed" && g.period === "2022" && f.told_until ? h("small", {}, this.word("told_until", { date: f.told_until.replace("-", "\u2011") })) : null)), h("th", { scope: "col" }, h("span.cp-hidden", {}, this.word("map"))))),
          h("tbody", {}, bodies)));
      return { key: g.key, family: this.say(g.family), el, size };
    });
    this.nothing = h("p.cp-nothing", {}, this.word("nothing"));
    this.families = [];
    const parts = [];
    for (const group of this.groups) {
      if (this.families.at(-1)?.name !== group.family) {
        const el = h("h2.cp-led-family", {}, group.family);
        this.families.push({ name: group.family, el, groups: [] });
        parts.push(el);
      }
      this.families.at(-1).groups.push(group);
      parts.push(group.el);
    }
    replace(this.list, this.nothing, parts);
  }

  rowOf(row) {
    const tags = [
      row.kind === "context" ? h("span.cp-tag", {}, this.word("context")) : null,
      row.effect ? h("span.cp-tag", {}, this.say(this.facts.effects[row.effect])) : null,
      row.inferred ? h("span.cp-tag.cp-tag-inferred", { title: this.word("inferred_why") }, this.word("inferred")) : null,
    ];
    const link = (l) => h(`p.cp-led-link${l.to ? "" : ".cp-led-sum"}`, {}, this.say(l.text), l.to ? h("button.cp-link", { type: "button", "aria-label": this.say(l.text), onclick: () => this.reveal(l.to) }, "↗") : null);
    const note = this.say(row.note);
    const name = capital(this.say(row.name));
    const head = h("th.cp-led-item", { scope: "row" },
      h("div.cp-led-name", {}, h("strong", {}, name), tags),
      h("q", { lang: "zh-CN" }, row.quote), this.lang === "en" ? h("p.cp-led-gloss", {}, name, this.say(row.amount) ? `: ${this.say(row.amount)}` : "", " ", h("small", {}, `(${this.word("our_words")})`)) : null,
      h("span.cp-led-where", { lang: "zh-CN" }, row.section),
      note ? h("p.cp-led-note", {}, note) : null, row.links.map(link));
    const amount = h("td.cp-right.cp-led-amount", { "data-label": this.word("promised") }, this.say(row.amount) || h("span.cp-muted", {}, this.word("no_number")));
    return h("tr", { id: `cp-row-${row.id}`, tabindex: "-1" }, head, amount, this.countsOf(row), h("td.cp-led-go", {}, row.counts ? this.mapLink(row, name) : null));
  }

  countsOf(row) {
    if (!row.counts) return h("td.cp-led-none", { colspan: String(COUNTS.length) }, this.say(row.counted_in) || this.word("no_place"));
    const unit = this.say(row.unit);
    const all = Math.max(row.counts.located + row.counts.proposed + row.counts.unlocated, 1);
    return COUNTS.map((name) => {
      const n = row.counts[name];
      if (name === "completed" && n === null && row.kind === "target") {
        return h(`td.cp-right.cp-led-${name}.cp-zero`, { "data-label": this.word(name), title: this.word("told_until", { date: this.facts.told_until }) }, this.word("unknown"));
      }
      const inside = n === null ? "–" : n && unit ? `${number(n)} ${unit}` : number(n);
      const extra = name === "completed" && n !== null && row.as_of ? h("small", {}, this.word("as_of", { date: row.as_of }))
        : n && unit ? h("small", {}, this.word("not_places", { unit }))
        : name === "located" && row.counts.beyond ? h("small", {}, `+${number(row.counts.beyond)} ${this.word("beyond")}`) : null;
      return h(`td.cp-right.cp-led-${name}${n ? "" : ".cp-zero"}`, { "data-label": this.word(name) }, h("b", {}, inside), extra,
        n && name !== "completed" ? h(`i.cp-led-mini.cp-seg-${name}`, { style: `width:${Math.max(4, 44 * n / all)}px`, "aria-hidden": "true" }) : null);
    });
  }

  mapLink(row, name) {
    const query = new URLSearchParams({ lang: this.lang, on: row.layer, q: this.say(row.map_name) });
    return h("a.cp-button.cp-small", { href: new URL(`?${query}`, document.baseURI).href, "aria-label": this.word("on_map_label", { name }) }, icon("map"), this.word("on_map"));
  }

  reveal(id) {
    const found = this.rows.get(id);
    if (!found) return;
    if (found.el.hidden) { this.clear(); setTimeout(() => this.reveal(id), 400); return; }
    found.el.scrollIntoView({ block: "center" });
    found.el.focus({ preventScroll: true });
    found.el.classList.add("cp-led-flash");
    setTimeout(() => found.el.classList.remove("cp-led-flash"), 1600);
  }

  clear() {
    this.search.value = "";
    this.ask({ q: "", g: "", y: "", k: "", p: "" });
  }

  drawFoot() {
    const d = this.data.document;
    const rows = this.facts.not_promises;
    replace(this.foot,
      rows.length ? h("details.cp-led-not", {}, h("summary", {}, this.word("not_promises", { n: number(rows.length) })),
        h("p.cp-muted", {}, this.word("not_promises_lead")),
        h("div.cp-scroll", { tabindex: "0", role: "region", "aria-label": this.word("not_promises", { n: number(rows.length) }) },
          h("table.cp-plain-table", {}, h("thead", {}, h("tr", {}, ["numeral", "words", "reason"].map((k) => h("th", { scope: "col" }, this.word(k))))),
            h("tbody", {}, rows.map((r) => h("tr", {}, h("th", { scope: "row", lang: "zh-CN" }, r.numeral), h("td", { lang: "zh-CN" }, r.quote), h("td", {}, this.say(r.reason)))))))) : null,
      d.title ? h("p.cp-muted", {}, this.word("source", d)) : null);
  }

  refresh() {
    const shown = new Set(this.data.shown);
    for (const [id, { el }] of this.rows) el.hidden = !shown.has(id);
    for (const group of this.groups) {
      const n = this.rowsOf(group.key).filter((row) => shown.has(row.id)).length;
      group.el.hidden = !n;
      group.size.textContent = this.word(n === 1 ? "entry" : "entries", { n: number(n) });
    }
    for (const family of this.families) family.el.hidden = family.groups.every((g) => g.el.hidden);
    this.nothing.hidden = shown.size > 0 || !this.facts.rows.length;
    if (document.activeElement !== this.search) this.search.value = this.asked.q ?? "";
    this.group.value = this.asked.g ?? "";
    this.places.checked = this.asked.p === "1";
    for (const chip of this.tools.querySelectorAll(".cp-chip")) chip.setAttribute("aria-pressed", String((this.asked[chip.dataset.name] ?? "") === chip.dataset.key));
    const narrowed = Object.keys(this.asked).length > 0;
    replace(this.status, this.word("shown", { n: number(shown.size), all: number(this.facts.rows.length) }), narrowed ? h("button.cp-link", { type: "button", onclick: () => this.clear() }, icon("close"), this.word("clear")) : null);
  }
}

export function render(c) {
  panelOf(c, () => new Ledger(c)).update();
}

export { release };
