// What the page of road openings is asked, and the scenario: what was drawn, brought and named.
import { h, icon, replace } from "./dom.js";
import { Panel, panelOf, release } from "./panel.js";
import { changeItem, finding, heldAgainst } from "./roads_changes.js";
import { fileControl } from "./roads_file.js";
import { pad } from "./sketchpad.js";
import { symbol } from "./symbols.js";

const NAMES = ["part", "layers", "speed", "m", "per", "see", "view", "show", "len", "top", "name", "s", "b", "bname"];
const KEPT = "chanhe-roads";
const LINE = "chanhe-roads-line";
const LONGEST_LINK = 6000;
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
    this.leaving = true;
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
    this.lineBack(c);
    if (this.asked.s || this.asked.part !== "try") return;
    let kept = null;
    try { kept = window.sessionStorage.getItem(KEPT); } catch { return; }
    if (!kept) return;
    this.asked.s = kept;
    this.message = { ok: true, message: c.data.words.kept_here };
    setTimeout(() => this.set({}));
  }

  // A line that was unfinished when the page was left: undoing leads to the list with it.
  lineBack(c) {
    let line = null;
    try {
      line = window.sessionStorage.getItem(LINE);
      window.sessionStorage.removeItem(LINE);
    } catch { return; }
    if (!line || this.asked.part !== "try") return;
    this.past.push(JSON.stringify([...this.entries(), JSON.parse(line)]));
    this.message = { ok: true, message: c.data.words.line_back };
  }

  told(what) {
    if (what.see !== undefined) this.set({ see: what.see });
    if (what.add) this.change([...this.entries(), ...what.add], { part: "try", see: "" });
    if (what.hold) this.set({ part: "try", see: "", b: JSON.stringify(what.hold), bname: what.name });
    if (what.edit) pad.edit(what.edit);
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
      if (loaded.entries.length) {
        this.change([...this.entries(), ...loaded.entries], loaded.name && !this.asked.name ? { name: loaded.name } : {});
        pad.fit(loaded.entries.length);
        return;
      }
    }
    const now = this.asked.part ?? "";
    const two = now === "try" && this.asked.b !== undefined;
    pad.setSides(this.asked.view === "twin", two);
    pad.setScenario(now === "try" ? [...(two ? this.shapes("b") : []), ...this.shapes()] : []);
    if (now === "try") pad.setAnswer([]);
    pad.setTrying(now === "try");
    const { lang, offer, openings, problems, sites, refused, held_wrong: wrong, capacity } = this.data;
    const key = JSON.stringify([lang, offer, openings, problems, this.asked, this.message, this.kind, this.site, this.other, sites, refused, wrong, capacity]);
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
    return this.entries(name).map(([kind, type, at, told], i, all) => ({
      id: `${name}-${i}`, kind, type, at, name: this.titleOf(kind, told), bad: bad.has(i + 1), held: name === "b", ...(name === "s" && this.movable(kind, type) ? {
        point: (n) => this.word("vertex", { n, name: this.titleOf(kind, told) }), move: (to) => this.change(all.map((old, k) => (k === i ? [kind, type, to, told] : old))),
      } : {}),
    }));
  }

  movable(kind, type) {
    return kind === "open_road" && type === "LineString";
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
    const own = speed && !offer.speeds.some((s) => s.value === speed) ? [[speed, `${speed} m/s`]] : [];
    const speeds = [...offer.speeds.map((s, i) => [i ? s.value : "", this.say(s)]), ...own];
    const standards = [["", this.word("own_standard")], ...offer.distances.map((d) => [d, `${d} m`]), ["other", this.word("other_standard")]];
    const pick = (e) => {
      this.other = e.target.value === "other";
      this.set(this.other ? {} : { m: e.target.value });
    };
    return this.part("how",
      this.select("speed", "speed", speeds, speed), this.refused("speed"),
      h("label.cp-ask-inline", {}, this.word("standard"), h("select", { "data-control": "m", onchange: pick },
        standards.map(([value, text]) => h("option", { value, selected: value === (other ? "other" : metres) }, text)))),
      other ? h("label.cp-ask-inline", {}, this.word("metres_field"), h("input", {
        type: "number", min: "1", max: "20000", step: "10", inputmode: "numeric", "data-control": "metres", value: metres, oninput: (e) => this.ask({ m: e.target.value }, TYPING),
      })) : null,
      this.refused("m"), this.per());
  }

  // Where room counts, how many people one place serves; without it all people are shared evenly.
  per() {
    if (!this.data.capacity.length || this.asked.part !== "try") return null;
    return [h("label.cp-ask-inline", {}, this.word("per"), h("input", {
      type: "number", min: "0", step: "any", inputmode: "decimal", "data-control": "per", placeholder: this.word("per_even"), value: this.asked.per ?? "",
      oninput: (e) => this.ask({ per: e.target.value }, TYPING),
    })), this.refused("per")];
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
    const { offer, chosen, openings, shown } = this.data;
    const roads = [["", this.word("best")], ...openings.map((o) => [o.id, this.say(o.name)]), ["together", this.word("together")]];
    const two = part === "try" && this.asked.b !== undefined ? { before: "view_held", after: "view_this" } : {};
    return this.part("picture",
      part === "" && openings.length ? this.select("see", "see", roads, this.asked.see ?? "") : null,
      chosen.length > 1 ? this.select("show", "show", offer.layers.filter((l) => chosen.includes(l.key)).map((l) => [l.key, this.say(l.name)]), shown) : null,
      this.segments("view", ["", "before", "after", "twin"].map((v) => [v, this.word(two[v] ?? `view_${v || "diff"}`)])));
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
      this.part("bring_in", fileControl(this)),
      h("fieldset.cp-ask", {}, h("legend", {}, this.word("changes", { n: entries.length })),
        this.message ? h("p", { class: this.message.ok ? "cp-muted" : "cp-problem", role: this.message.ok ? "status" : "alert" }, this.message.message) : null,
        general.map(finding),
        entries.length ? this.naming() : null,
        entries.length ? h("ol.cp-changes", {}, entries.map((entry, i) => changeItem(this, entry, i, entries))) : h("p.cp-muted", {}, this.word("changes_none")),
        h("div.cp-ask-chips", {},
          this.past.length ? h("button.cp-link", { type: "button", "data-control": "undo", onclick: () => this.undo() }, icon("undo"), this.word("undo")) : null,
          entries.length > 1 ? h("button.cp-link", { type: "button", "data-control": "clear", onclick: () => this.change([]) }, this.word("clear")) : null,
          entries.length && !long && this.asked.b !== this.asked.s
            ? h("button.cp-link", { type: "button", "data-control": "hold", onclick: () => this.set({ b: this.asked.s, bname: this.asked.name }) }, this.word("hold")) : null),
        heldAgainst(this),
        entries.length ? h("p.cp-muted", {}, this.word(long ? "link_long" : "link_is")) : null));
  }

  naming() {
    return h("label.cp-ask-inline", {}, this.word("scenario_name"), h("input", {
      type: "text", maxlength: 80, "data-control": "scenario-name", value: this.asked.name ?? "", onchange: (e) => this.set({ name: e.target.value.trim() }),
    }));
  }

  undo() {
    const s = this.past.pop();
    this.message = null;
    this.set({ s });
  }

  chip(kind, mark, one = "") {
    return h("button.cp-chip", {
      type: "button", "aria-pressed": String(this.kind === kind), "data-control": `add-${kind}`, onclick: () => this.start(kind),
    }, icon(mark), this.word(`add_${kind}`, { one }));
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
    const remove = () => this.change([...this.entries(), ["remove_facility", null, null, { site: this.site }]]);
    return this.part("add_facilities",
      layers.length > 1 ? this.select("show", "which_facility", layers.map((l) => [l.key, this.say(l.one)]), shown) : null,
      h("div.cp-ask-chips", {}, this.chip("add_facility", "plus", this.oneOf(shown))),
      none ? h("p.cp-muted", {}, this.word("no_sites"))
        : h("label.cp-ask-inline", {}, this.word("which_site"), h("select", { "data-control": "site", onchange: (e) => { this.site = e.target.value; } },
          sites.map((s) => h("option", { value: s.id, selected: s.id === this.site }, this.say(s))))),
      none ? null : h("div.cp-ask-chips", {}, this.chip("move_facility", "pin"),
        h("button.cp-chip", { type: "button", "data-control": "add-remove_facility", onclick: remove }, icon("close"), this.word("add_remove_facility"))),
      this.kind?.endsWith("_facility") ? this.hint() : null);
  }

  start(kind) {
    if (this.kind === kind) { pad.stop(); return; }
    const { shown } = this.data;
    const told = kind === "add_facility" ? { ...this.named("add_facility", "facility_n", this.oneOf(shown)), layer: shown } : kind === "move_facility" ? { site: this.site } : {};
    pad.start({
      points: kind === "open_road" ? 2 : 1, catches: STREETS.includes(kind), word: (key, values) => this.word(key, values),
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
    if (this.leaving) {
      try { if (kind === "open_road" && left.length > 1) window.sessionStorage.setItem(LINE, JSON.stringify(this.road(left))); } catch { /* a browser that keeps nothing */ }
      return;
    }
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
