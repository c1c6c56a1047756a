// What the page of road openings is asked, and the scenario: what was drawn, brought and named.
import { h, icon, replace } from "./dom.js";
import { Panel, panelOf, release } from "./panel.js";
import { pad } from "./sketchpad.js";
import { symbol } from "./symbols.js";

const NAMES = ["part", "layers", "speed", "m", "see", "view", "show", "len", "top", "s"];
const LONGEST_LINK = 6000;
const MOST_FILE = 5e6;
const TYPING = 700;
const NARROW = window.matchMedia("(max-width: 640px)");
const KINDS = ["open_road", "close_street", "add_facility", "close_gate", "open_gate"];

class Roads extends Panel {
  constructor(c) {
    super(c, NAMES);
    this.drawn = "";
    this.past = [];
    this.kind = null;
    this.facility = "";
    this.message = null;
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

  // A scenario too long for a link is kept for this visit alone.
  addressed() {
    return (this.asked.s ?? "").length > LONGEST_LINK ? { ...this.asked, s: "" } : this.asked;
  }

  told(what) {
    if (what.see !== undefined) this.set({ see: what.see });
    if (what.add) this.change([...this.entries(), what.add], { part: "try", see: "" });
  }

  entries() {
    try {
      const found = JSON.parse(this.asked.s || "[]");
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
    pad.setScenario(now === "try" ? this.shapes() : []);
    if (now === "try") pad.setAnswer([]);
    const key = JSON.stringify([this.data.lang, this.data.offer, this.data.openings, this.data.problems, this.asked, this.message, this.kind, this.facility]);
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

  shapes() {
    const bad = new Set(this.data.problems.filter((p) => p.level === "error").map((p) => p.row));
    return this.entries().map(([kind, type, at, told], i) => ({ id: `change-${i}`, kind, type, at, name: this.nameOf(told), bad: bad.has(i + 1) }));
  }

  nameOf(told) {
    return String(told[`name_${this.lang}`] || told.name_zh || told.name_en || "");
  }

  draw() {
    const part = this.asked.part ?? "";
    replace(this.root,
      h("h1", {}, this.word("title")),
      h("p.cp-muted", {}, this.word("lead")),
      this.part("part", this.segments("part", [["", this.word("part_rank")], ["try", this.word("part_try")], ["links", this.word("part_links")]], { see: "" })),
      part === "try" ? this.scenario() : null,
      this.layers(),
      this.more(part === "links" ? this.limits() : null, this.how(), this.picture(part)));
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
    const others = metres && !offer.distances.includes(metres) ? [[metres, `${metres} m`]] : [];
    return this.part("how",
      this.select("speed", "speed", [...offer.speeds.map((s, i) => [i ? s.value : "", this.say(s)]), ...(speed && !offer.speeds.some((s) => s.value === speed) ? [[speed, `${speed} m/s`]] : [])], speed),
      this.select("m", "standard", [["", this.word("own_standard")], ...offer.distances.map((d) => [d, `${d} m`]), ...others], metres));
  }

  limits() {
    const offer = this.data.offer;
    const number = (name, label, value, unit, most, step) => h("label.cp-ask-inline", {}, this.word(label), h("input", {
      type: "number", min: "1", max: String(most), step, inputmode: "numeric", "data-control": name, value, oninput: (e) => this.ask({ [name]: e.target.value, see: "" }, TYPING),
    }), unit);
    return this.part("limits", number("len", "length", this.asked.len ?? offer.length, "m", 1000, "10"), number("top", "top", this.asked.top ?? offer.top, this.word("unit_links"), 100, "1"));
  }

  picture(part) {
    const offer = this.data.offer;
    const several = this.data.chosen.length > 1;
    return this.part("picture",
      part === "" && this.data.openings.length ? this.select("see", "see", [["", this.word("best")], ...this.data.openings.map((o) => [o.id, this.say(o.name)]), ["together", this.word("together")]], this.asked.see ?? "") : null,
      several ? this.select("show", "show", offer.layers.filter((l) => this.data.chosen.includes(l.key)).map((l) => [l.key, this.say(l.name)]), this.data.shown) : null,
      this.segments("view", ["", "before", "after", "twin"].map((v) => [v, this.word(`view_${v || "diff"}`)])));
  }

  scenario() {
    const entries = this.entries();
    const general = this.data.problems.filter((p) => !p.row);
    return h("div.cp-scenario", {},
      this.part("add",
        h("div.cp-ask-chips", {}, KINDS.map((kind) => h("button.cp-chip", { type: "button", "aria-pressed": String(this.kind === kind), "data-control": `add-${kind}`, onclick: () => this.start(kind) }, icon(kind === "open_road" ? "plus" : "pin"), this.word(`add_${kind}`)))),
        h("label.cp-ask-inline", {}, this.word("which_facility"), h("select", { "data-control": "facility", onchange: (e) => { this.facility = e.target.value; } },
          this.data.offer.layers.map((l) => h("option", { value: l.key, selected: l.key === (this.facility || this.data.shown) }, this.say(l.one))))),
        this.kind ? h("p.cp-muted", { role: "status" }, this.word(this.kind === "open_road" ? "draw_road" : "draw_point")) : null,
        this.file()),
      h("fieldset.cp-ask", {}, h("legend", {}, this.word("changes", { n: entries.length })),
        this.message ? h("p", { class: this.message.ok ? "cp-muted" : "cp-problem", role: "status" }, this.message.message) : null,
        general.map((p) => this.problem(p)),
        entries.length ? h("ol.cp-changes", {}, entries.map((entry, i) => this.item(entry, i, entries))) : h("p.cp-muted", {}, this.word("changes_none")),
        h("div.cp-ask-chips", {},
          this.past.length ? h("button.cp-link", { type: "button", "data-control": "undo", onclick: () => { const s = this.past.pop(); this.message = null; this.set({ s }); } }, icon("undo"), this.word("undo")) : null,
          entries.length > 1 ? h("button.cp-link", { type: "button", "data-control": "clear", onclick: () => this.change([]) }, this.word("clear")) : null),
        entries.length ? h("p.cp-muted", {}, this.word((this.asked.s ?? "").length > LONGEST_LINK ? "link_long" : "link_is")) : null));
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
    return h("li", { class: mine.some((p) => p.level === "error") ? "cp-change-bad" : null },
      h("div.cp-change", {}, h("span.cp-change-kind", {}, this.word(`kind_${kind}`), layer ? ` · ${this.say(layer.one)}` : "", told.site ? ` · ${told.site}` : ""),
        "site" in told ? null : h("input", { type: "text", maxlength: 80, value: this.nameOf(told), "aria-label": this.word("name_of", { n: i + 1 }), "data-control": `name-${i}`, onchange: rename }),
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
    const layer = kind === "add_facility" ? this.root.querySelector('[data-control="facility"]').value : "";
    pad.start({
      points: kind === "open_road" ? 2 : 1, word: (key, values) => this.word(key, values),
      ended: () => { this.kind = null; this.update(); },
      done: (at) => this.finish(kind, at, layer),
    });
    this.kind = kind;
    this.message = null;
    this.update();
    const map = pad.known[0]?.getContainer();
    map?.focus({ preventScroll: true });
    if (NARROW.matches) map?.scrollIntoView({ block: "center" });
  }

  finish(kind, at, layer) {
    const entries = this.entries();
    const name = kind === "open_road" ? this.word("road_n", { n: entries.filter((e) => e[0] === kind).length + 1 }) : "";
    const told = { ...(name ? { name_zh: name, name_en: name } : {}), ...(layer ? { layer } : {}) };
    this.change([...entries, [kind, kind === "open_road" ? "LineString" : "Point", kind === "open_road" ? at : at[0], told]]);
    const field = this.root.querySelector(`[data-control="name-${entries.length}"]`);
    if (kind === "open_road" && !NARROW.matches) { field?.focus({ preventScroll: true }); field?.select(); }
  }
}

export function render(c) {
  panelOf(c, () => new Roads(c)).update();
}

export { release };
