// What the page of road openings is asked, and the scenario: what was drawn, brought and named.
import { h, icon, replace } from "./dom.js";
import { Panel, panelOf, release } from "./panel.js";
import { pad } from "./sketchpad.js";
import { symbol } from "./symbols.js";

const NAMES = ["part", "layers", "speed", "m", "see", "view", "show", "len", "top", "s", "b"];
const KEPT = "chanhe-roads";
const LONGEST_LINK = 6000;
const MOST_FILE = 5e6;
const TYPING = 700;
const NARROW = window.matchMedia("(max-width: 640px)");
const STREETS = ["open_road", "close_street", "close_gate", "open_gate"];

class Roads extends Panel {
  constructor(c) {
    super(c, NAMES);
    this.drawn = "";
    this.past = [];
    this.kind = null;
    this.site = "";
    this.message = null;
    this.other = false;
    this.restore(c);
    this.seen = c.data.loaded?.nonce;
    this.onTold = (e) => this.told(e.detail);
    document.addEventListener("cp-roads", this.onTold);
    pad.open();
  }

  release() {
    document.removeEventListener("cp-roads", this.onTold);
    pad.close();
    super.release();
  }

  // A scenario too long for a link is kept by this browser until its window closes, so that a reload loses nothing.
  addressed() {
    const long = (this.asked.s ?? "").length > LONGEST_LINK;
    try {
      if (long) window.sessionStorage.setItem(KEPT, this.asked.s);
      else window.sessionStorage.removeItem(KEPT);
    } catch { /* a browser that keeps nothing: the file remains */ }
    return long ? { ...this.asked, s: "" } : this.asked;
  }

  restore(c) {
    if (this.asked.s || this.asked.part !== "try") return;
    let kept = null;
    try { kept = window.sessionStorage.getItem(KEPT); } catch { return; }
    if (!kept) return;
    this.asked.s = kept;
    this.message = { ok: true, message: c.data.words.kept_here };
    setTimeout(() => this.set({}));
  }

  told(what) {
    if (what.see !== undefined) this.set({ see: what.see });
    if (what.add) this.change([...this.entries(), what.add], { part: "try", see: "" });
  }

  entries(name = "s") {
    try {
      const found = JSON.parse(this.asked[name] || "[]");
      return Array.isArray(found) ? found.filter((e) => Array.isArray(e) && e.length === 4 && e[3] && typeof e[3] === "object") : [];
    } catch { return []; }
  }

  change(entries, more = {}) {
    this.past.push(this.asked.s ?? "");
    this.set({ s: entries.length ? JSON.stringify(entries) : "", ...more });
  }

  set(changes, wait = 0) {
    this.ask(changes, wait);
    this.update();
  }

  update() {
    const loaded = this.data.loaded;
    if (loaded && loaded.nonce !== this.seen) {
      this.seen = loaded.nonce;
      this.message = loaded;
      if (loaded.entries.length) { this.change([...this.entries(), ...loaded.entries]); return; }
    }
    const now = this.asked.part ?? "";
    const two = now === "try" && this.asked.b !== undefined;
    pad.setSides(this.asked.view === "twin", two);
    pad.setScenario(now === "try" ? [...(two ? this.shapes("b") : []), ...this.shapes()] : []);
    if (now === "try") pad.setAnswer([]);
    const key = JSON.stringify([this.data.lang, this.data.offer, this.data.openings, this.data.problems, this.asked, this.message, this.kind, this.site, this.other, this.data.sites, this.data.refused, this.data.held_wrong]);
    if (this.drawn === key) return;
    this.drawn = key;
    const before = this.root.contains(document.activeElement) ? document.activeElement : null;
    const typed = before?.type === "text" ? [before.value, before.selectionStart, before.selectionEnd] : null;
    this.draw();
    const again = before?.dataset.control && this.root.querySelector(`[data-control="${CSS.escape(before.dataset.control)}"]`);
    again?.focus({ preventScroll: true });
    if (again && typed) { // a name that is being typed stays as it is while the answer comes
      again.value = typed[0];
      again.setSelectionRange(typed[1], typed[2]);
    }
    this.root.classList.add("cp-ready");
  }

  shapes(name = "s") {
    const bad = new Set(name === "s" ? this.data.problems.filter((p) => p.level === "error").map((p) => p.row) : []);
    return this.entries(name).map(([kind, type, at, told], i) => ({ id: `${name}-${i}`, kind, type, at, name: this.titleOf(kind, told), bad: bad.has(i + 1), held: name === "b" }));
  }

  nameOf(told) {
    return String(told[`name_${this.lang}`] || told.name_zh || told.name_en || "");
  }

  siteOf(id) {
    const site = this.data.sites.find((s) => s.id === id);
    return site ? this.say(site) : id;
  }

  titleOf(kind, told) {
    return this.nameOf(told) || [this.word(`kind_${kind}`), told.site ? this.siteOf(told.site) : ""].filter(Boolean).join(" · ");
  }

  draw() {
    const part = this.asked.part ?? "";
    replace(this.root,
      h("h1", {}, this.word("title")),
      h("p.cp-muted", {}, this.word("lead")),
      this.part("part", this.segments("part", [["", this.word("part_rank")], ["try", this.word("part_try")], ["links", this.word("part_links")]], { see: "" })),
      part === "try" ? this.scenario() : null,
      this.more(this.layers(), part === "links" ? this.limits() : null, this.how(), this.picture(part)));
  }

  more(...children) {
    if (!NARROW.matches) return children;
    return h("details.cp-ask-fold", { open: Boolean(this.root.querySelector(".cp-ask-more[open]")), class: "cp-ask-fold cp-ask-more" }, h("summary", {}, this.word("more")), ...children);
  }

  part(name, ...children) {
    return h("fieldset.cp-ask", {}, h("legend", {}, this.word(name)), ...children);
  }

  segments(name, options, beside = {}) {
    const now = this.asked[name] ?? "";
    return h("div.cp-segments", {}, options.map(([key, text]) => h("button", {
      type: "button", "aria-pressed": String(now === key), "data-control": `${name}-${key}`, onclick: () => { if (name === "part") pad.stop(); this.set({ [name]: key, ...beside }); },
    }, text)));
  }

  select(name, label, options, now) {
    return h("label.cp-ask-inline", {}, this.word(label), h("select", { "data-control": name, onchange: (e) => this.set({ [name]: e.target.value }) },
      options.map(([value, text]) => h("option", { value, selected: value === now }, text))));
  }

  layers() {
    const offer = this.data.offer;
    const named = (this.asked.layers ?? "").split(",").filter(Boolean);
    const chosen = new Set(named.length ? named : [offer.opening]);
    const toggle = (key) => {
      if (chosen.has(key)) chosen.delete(key); else chosen.add(key);
      const next = offer.layers.map((l) => l.key).filter((k) => chosen.has(k));
      if (next.length) this.set({ layers: next.length === 1 && next[0] === offer.opening ? "" : next.join(","), show: "" });
    };
    return this.part("layers", h("div.cp-ask-layers", {}, offer.layers.map((l) => h("button.cp-chip", {
      type: "button", "aria-pressed": String(chosen.has(l.key)), "data-control": `layer-${l.key}`, onclick: () => toggle(l.key),
    }, symbol(l.style), this.say(l.name)))));
  }

  how() {
    const offer = this.data.offer;
    const speed = this.asked.speed ?? "";
    const metres = this.asked.m ?? "";
    const other = this.other || (metres !== "" && !offer.distances.includes(metres));
    const speeds = [...offer.speeds.map((s, i) => [i ? s.value : "", this.say(s)]), ...(speed && !offer.speeds.some((s) => s.value === speed) ? [[speed, `${speed} m/s`]] : [])];
    return this.part("how",
      this.select("speed", "speed", speeds, speed), this.refused("speed"),
      h("label.cp-ask-inline", {}, this.word("standard"), h("select", { "data-control": "m", onchange: (e) => { this.other = e.target.value === "other"; this.set(this.other ? {} : { m: e.target.value }); } },
        [["", this.word("own_standard")], ...offer.distances.map((d) => [d, `${d} m`]), ["other", this.word("other_standard")]].map(([value, text]) => h("option", { value, selected: value === (other ? "other" : metres) }, text)))),
      other ? h("label.cp-ask-inline", {}, this.word("metres_field"), h("input", { type: "number", min: "1", max: "20000", step: "10", inputmode: "numeric", "data-control": "metres", value: metres, oninput: (e) => this.ask({ m: e.target.value }, TYPING) })) : null,
      this.refused("m"));
  }

  refused(name) {
    const told = this.data.refused[name];
    return told ? h("p.cp-problem", { role: "alert" }, told) : null;
  }

  limits() {
    const offer = this.data.offer;
    const number = (name, label, value, unit, most, step) => h("label.cp-ask-inline", {}, this.word(label), h("input", {
      type: "number", min: "1", max: String(most), step, inputmode: "numeric", "data-control": name, value, oninput: (e) => this.ask({ [name]: e.target.value, see: "" }, TYPING),
    }), unit);
    return this.part("limits", number("len", "length", this.asked.len ?? offer.length, "m", 1000, "10"), this.refused("len"),
      number("top", "top", this.asked.top ?? offer.top, this.word("unit_links"), 100, "1"), this.refused("top"));
  }

  picture(part) {
    const offer = this.data.offer;
    const several = this.data.chosen.length > 1;
    return this.part("picture",
      part === "" && this.data.openings.length ? this.select("see", "see", [["", this.word("best")], ...this.data.openings.map((o) => [o.id, this.say(o.name)]), ["together", this.word("together")]], this.asked.see ?? "") : null,
      several ? this.select("show", "show", offer.layers.filter((l) => this.data.chosen.includes(l.key)).map((l) => [l.key, this.say(l.name)]), this.data.shown) : null,
      this.segments("view", ["", "before", "after", "twin"].map((v) => [v, this.word(part === "try" && this.asked.b !== undefined && { before: "view_held", after: "view_this" }[v] || `view_${v || "diff"}`)])));
  }

  scenario() {
    const entries = this.entries();
    const general = this.data.problems.filter((p) => !p.row);
    const long = (this.asked.s ?? "").length > LONGEST_LINK;
    return h("div.cp-scenario", {},
      this.part("add_roads",
        h("div.cp-ask-chips", {}, STREETS.map((kind) => this.chip(kind, kind === "open_road" ? "plus" : "pin"))),
        STREETS.includes(this.kind) ? this.hint() : null),
      this.facilities(),
      this.part("bring_in", this.file()),
      h("fieldset.cp-ask", {}, h("legend", {}, this.word("changes", { n: entries.length })),
        this.message ? h("p", { class: this.message.ok ? "cp-muted" : "cp-problem", role: "status" }, this.message.message) : null,
        general.map((p) => this.problem(p)),
        entries.length ? h("ol.cp-changes", {}, entries.map((entry, i) => this.item(entry, i, entries))) : h("p.cp-muted", {}, this.word("changes_none")),
        h("div.cp-ask-chips", {},
          this.past.length ? h("button.cp-link", { type: "button", "data-control": "undo", onclick: () => { const s = this.past.pop(); this.message = null; this.set({ s }); } }, icon("undo"), this.word("undo")) : null,
          entries.length > 1 ? h("button.cp-link", { type: "button", "data-control": "clear", onclick: () => this.change([]) }, this.word("clear")) : null,
          entries.length && !long && this.asked.b !== this.asked.s ? h("button.cp-link", { type: "button", "data-control": "hold", onclick: () => this.set({ b: this.asked.s }) }, this.word("hold")) : null),
        this.heldAgainst(),
        entries.length ? h("p.cp-muted", {}, this.word(long ? "link_long" : "link_is")) : null));
  }

  chip(kind, mark, one = "") {
    return h("button.cp-chip", { type: "button", "aria-pressed": String(this.kind === kind), "data-control": `add-${kind}`, onclick: () => this.start(kind) }, icon(mark), this.word(`add_${kind}`, { one }));
  }

  oneOf(key) {
    return this.say(this.data.offer.layers.find((l) => l.key === key)?.one);
  }

  hint() {
    return h("p.cp-muted", { role: "status" }, this.word(this.kind === "open_road" ? "draw_road" : "draw_point"));
  }

  // Facilities are those of the layer the map speaks of.
  facilities() {
    const { offer, chosen, shown, sites } = this.data;
    if (!sites.some((s) => s.id === this.site)) this.site = sites[0]?.id ?? "";
    const layers = offer.layers.filter((l) => chosen.includes(l.key));
    const none = !sites.length;
    return this.part("add_facilities",
      layers.length > 1 ? this.select("show", "which_facility", layers.map((l) => [l.key, this.say(l.one)]), shown) : null,
      h("div.cp-ask-chips", {}, this.chip("add_facility", "plus", this.oneOf(shown))),
      none ? h("p.cp-muted", {}, this.word("no_sites")) : h("label.cp-ask-inline", {}, this.word("which_site"), h("select", { "data-control": "site", onchange: (e) => { this.site = e.target.value; } },
        sites.map((s) => h("option", { value: s.id, selected: s.id === this.site }, this.say(s))))),
      none ? null : h("div.cp-ask-chips", {}, this.chip("move_facility", "pin"),
        h("button.cp-chip", { type: "button", "data-control": "add-remove_facility", onclick: () => this.change([...this.entries(), ["remove_facility", null, null, { site: this.site }]]) }, icon("close"), this.word("add_remove_facility"))),
      this.kind?.endsWith("_facility") ? this.hint() : null);
  }

  heldAgainst() {
    if (this.asked.b === undefined) return null;
    const held = this.entries("b");
    const names = held.map(([kind, , , told]) => this.titleOf(kind, told)).join(this.lang === "zh" ? "、" : ", ");
    return h("div.cp-held", {},
      h("p", {}, this.data.held_wrong ? h("span.cp-problem", { role: "alert" }, this.word("held_wrong")) : held.length ? this.word("held", { n: held.length, names }) : this.word("held_empty")),
      h("div.cp-ask-chips", {},
        h("button.cp-link", { type: "button", "data-control": "swap", onclick: () => { this.past.push(this.asked.s ?? ""); this.set({ s: held.length ? this.asked.b : "", b: this.asked.s || "[]" }); } }, this.word("swap")),
        h("button.cp-link", { type: "button", "data-control": "let-go", onclick: () => this.set({ b: "" }) }, this.word("let_go"))));
  }

  item(entry, i, entries) {
    const [kind, , , told] = entry;
    const layer = this.data.offer.layers.find((l) => l.key === told.layer);
    const mine = this.data.problems.filter((p) => p.row === i + 1);
    const rename = (e) => {
      const name = e.target.value.trim().slice(0, 80);
      if (name === this.nameOf(told)) return;
      this.change(entries.map((old, k) => (k === i ? [old[0], old[1], old[2], { ...old[3], name_zh: name, name_en: name }] : old)));
    };
    const earlier = () => this.change(entries.map((old, k) => (k === i - 1 ? entries[i] : k === i ? entries[i - 1] : old)));
    return h("li", { class: mine.some((p) => p.level === "error") ? "cp-change-bad" : null },
      h("div.cp-change", {}, h("span.cp-change-kind", {}, `${i + 1} · `, this.word(`kind_${kind}`), layer ? ` · ${this.say(layer.one)}` : "", told.site ? ` · ${this.siteOf(told.site)}` : ""),
        "site" in told ? null : h("input", { type: "text", maxlength: 80, value: this.nameOf(told), "aria-label": this.word("name_of", { n: i + 1 }), "data-control": `name-${i}`, onchange: rename }),
        i ? h("button.cp-link", { type: "button", "aria-label": this.word("earlier_of", { n: i + 1 }), "data-control": `earlier-${i}`, onclick: earlier }, this.word("earlier")) : null,
        h("button.cp-link", { type: "button", "aria-label": this.word("remove_of", { n: i + 1 }), "data-control": `remove-${i}`, onclick: () => this.change(entries.filter((_, k) => k !== i)) }, this.word("remove"))),
      mine.map((p) => this.problem(p)));
  }

  problem(p) {
    return h("p", { class: p.level === "error" ? "cp-problem" : "cp-muted", role: p.level === "error" ? "alert" : null }, p.text, " ", p.remedy);
  }

  file() {
    const input = h("input.cp-hidden", { type: "file", accept: ".geojson,.json,application/geo+json,application/json", id: "cp-roads-file", "data-control": "file", onchange: (e) => this.bring(e.target) });
    return h("div.cp-roads-file", {}, input, h("label.cp-button.cp-small", { for: "cp-roads-file" }, icon("upload"), this.word("open_file")), h("p.cp-muted", {}, this.word("open_adds")));
  }

  async bring(input) {
    const [file] = input.files;
    if (!file) return;
    input.value = "";
    if (file.size > MOST_FILE) {
      this.message = { ok: false, message: this.word("file_big") };
      this.update();
      return;
    }
    const reader = new FileReader();
    reader.onload = () => this.act({ do: "file", name: file.name, text: String(reader.result) });
    reader.readAsText(file, "utf-8");
  }

  start(kind) {
    if (this.kind === kind) { pad.stop(); return; }
    const told = kind === "add_facility" ? { ...this.named("add_facility", "facility_n", this.oneOf(this.data.shown)), layer: this.data.shown } : kind === "move_facility" ? { site: this.site } : {};
    pad.start({
      points: kind === "open_road" ? 2 : 1, word: (key, values) => this.word(key, values),
      ended: (left) => this.ended(kind, left), done: (at) => this.finish(kind, at, told),
    });
    this.kind = kind;
    this.message = null;
    this.update();
    const map = pad.known[0]?.getContainer();
    map?.focus({ preventScroll: true });
    if (NARROW.matches) map?.scrollIntoView({ block: "center" });
  }

  // A line that was begun and given up can be had back: undoing leads to the list with it.
  ended(kind, left) {
    this.kind = null;
    if (kind === "open_road" && left.length > 1) {
      this.past.push(JSON.stringify([...this.entries(), this.road(left)]));
      this.message = { ok: true, message: this.word("given_up") };
    }
    this.update();
  }

  road(at) {
    return ["open_road", "LineString", at, this.named("open_road", "road_n")];
  }

  named(kind, key, one = "") {
    const name = this.word(key, { n: this.entries().filter((e) => e[0] === kind).length + 1, one });
    return { name_zh: name, name_en: name };
  }

  finish(kind, at, told) {
    const entries = this.entries();
    this.change([...entries, kind === "open_road" ? this.road(at) : [kind, "Point", at[0], told]]);
    const field = this.root.querySelector(`[data-control="name-${entries.length}"]`);
    if (kind === "open_road" && !NARROW.matches) { field?.focus({ preventScroll: true }); field?.select(); }
  }
}

export function render(c) {
  panelOf(c, () => new Roads(c)).update();
}

export { release };
