// What the coverage page is asked: layers, the standard they are held to, which sites count, whom and where.
import { h, replace } from "./dom.js";
import { Panel, panelOf, release } from "./panel.js";
import { symbol } from "./symbols.js";

const NAMES = ["layers", "mode", "m", "min", "speed", "turnout", "counted", "status", "year", "area", "show", "bands"];
const TYPING = 500;
const NARROW = window.matchMedia("(max-width: 640px)");

class Controls extends Panel {
  constructor(c) {
    super(c, NAMES);
    this.drawn = "";
    this.onShow = (e) => this.set({ show: e.detail }); // pressed above the map
    window.addEventListener("chanhe-show", this.onShow);
  }

  update() {
    const key = JSON.stringify([this.data.lang, this.data.offer, this.data.refused]);
    if (this.drawn === key) return;
    this.drawn = key;
    const focus = document.activeElement?.dataset?.control;
    const at = document.activeElement?.selectionStart;
    this.draw();
    const again = focus && this.root.querySelector(`[data-control="${CSS.escape(focus)}"]`);
    if (again) {
      again.focus({ preventScroll: true });
      try { if (at !== undefined && at !== null) again.setSelectionRange(at, at); } catch { /* number fields have no selection */ }
    }
    this.root.classList.add("cp-ready");
  }

  release() {
    window.removeEventListener("chanhe-show", this.onShow);
    super.release();
  }

  // What is chosen shows at once; the answer follows.
  set(changes, wait = 0) {
    this.ask(changes, wait);
  }

  draw() {
    const time = this.asked.mode === "time";
    const offer = this.data.offer;
    replace(this.root,
      h("h1", {}, this.word("title")),
      h("p.cp-muted", {}, this.word("lead")),
      this.layers(offer),
      this.more(this.part("mode", this.segments("mode", [["", this.word("by_distance")], ["time", this.word("by_time")]]), time ? this.time(offer) : this.distance(offer)),
      this.part("counted", this.segments("counted", [["", this.word("counted_each")], ...offer.counted.map((c) => [c.key, this.say(c)])])),
      this.narrowing(offer),
      this.picture(),
      offer.others.length ? h("details.cp-ask-fold", {}, h("summary", {}, this.word("others", { n: offer.others.length })),
        h("dl", {}, offer.others.flatMap((o) => [h("dt", {}, this.say(o.name)), h("dd", {}, this.say(o.why))]))) : null));
  }

  // On a narrow screen the answer comes first: what is asked beyond the layers is folded.
  more(...children) {
    if (!NARROW.matches) return children;
    return h("details.cp-ask-fold", { open: Boolean(this.root.querySelector(".cp-ask-more[open]")), class: "cp-ask-fold cp-ask-more" }, h("summary", {}, this.word("more")), ...children);
  }

  part(name, ...children) {
    return h("fieldset.cp-ask", {}, h("legend", {}, this.word(name)), ...children);
  }

  segments(name, options) {
    const now = this.asked[name] ?? "";
    return h("div.cp-segments", {}, options.map(([key, text]) => h("button", {
      type: "button", "aria-pressed": String(now === key), "data-control": `${name}-${key}`, onclick: () => { this.set({ [name]: key }); this.redraw(); },
    }, text)));
  }

  redraw() {
    const focus = document.activeElement?.dataset?.control;
    this.draw();
    if (focus) this.root.querySelector(`[data-control="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }

  chosen() {
    const named = (this.asked.layers ?? "").split(",").filter(Boolean);
    return named.length ? named : [this.data.offer.opening];
  }

  layers(offer) {
    const chosen = new Set(this.chosen());
    const toggle = (key) => {
      if (chosen.has(key)) chosen.delete(key); else chosen.add(key);
      const next = offer.layers.map((l) => l.key).filter((k) => chosen.has(k));
      if (!next.length) return;
      this.set({ layers: next.length === 1 && next[0] === offer.opening ? "" : next.join(","), show: "", m: this.asked.m });
      this.redraw();
    };
    return this.part("layers", h("div.cp-ask-layers", {}, offer.layers.map((l) => h("button.cp-chip", {
      type: "button", "aria-pressed": String(chosen.has(l.key)), "data-control": `layer-${l.key}`, onclick: () => toggle(l.key),
    }, symbol(l.style), this.say(l.name)))));
  }

  distance(offer) {
    const now = this.asked.m ?? "";
    const known = offer.distances.some((d) => d.value === now);
    const chip = (value, text) => h("button.cp-chip", { type: "button", "aria-pressed": String(now === value), "data-control": `m-${value}`, onclick: () => { this.set({ m: value }); this.redraw(); } }, text);
    return h("div.cp-ask-how", {},
      h("div.cp-ask-chips", {}, chip("", this.word("own_standard")), offer.distances.map((d) => chip(d.value, this.say(d)))),
      h("label.cp-ask-inline", {}, this.word("other_distance"), h("input", {
        type: "number", min: "1", max: "20000", step: "10", inputmode: "numeric", "data-control": "m-other", value: known ? "" : now,
        oninput: (e) => this.set({ m: e.target.value }, TYPING),
      }), "m"), this.refused("m"),
      this.standards(offer), h("p.cp-muted", {}, this.say(offer.circle_source)));
  }

  refused(name) {
    const told = this.data.refused[name];
    return told ? h("p.cp-problem", { role: "alert" }, told) : null;
  }

  standards(offer) {
    const idle = offer.in_use || Object.keys(this.data.refused).length > 0;
    const used = offer.in_use ? h("li", {}, h("b", {}, this.word("in_use")), " ", this.say(offer.in_use.text), h("span.cp-muted", {}, this.say(offer.in_use.source))) : null;
    return h("ul.cp-ask-standards", {}, used, offer.standards.map((s) => h(`li${idle ? ".cp-idle" : ""}`, {}, h("b", {}, this.say(s.name)), " ", this.say(s.text), idle ? h("small", {}, this.word("unused")) : null,
      this.say(s.source) ? h("span.cp-muted", {}, this.say(s.source)) : null,
      this.say(s.note) ? h("details", {}, h("summary", {}, this.word("note")), h("p", {}, this.say(s.note))) : null)));
  }

  time(offer) {
    const speed = this.asked.speed ?? "";
    const number = (name, label, value, unit, least, step) => h("label.cp-ask-inline", {}, this.word(label), h("input", {
      type: "number", min: String(least), step, inputmode: "decimal", "data-control": name, value, oninput: (e) => this.set({ [name]: e.target.value }, TYPING),
    }), unit);
    return h("div.cp-ask-how", {},
      number("min", "minutes", this.asked.min ?? String(offer.minutes), this.word("unit_minutes"), 1, "1"), this.refused("min"),
      h("label.cp-ask-inline", {}, this.word("speed"), h("select", { "data-control": "speed", onchange: (e) => this.set({ speed: e.target.value }) },
        offer.speeds.map((s, i) => h("option", { value: i ? s.value : "", selected: speed === (i ? s.value : "") }, this.say(s))),
        speed && !offer.speeds.some((s) => s.value === speed) ? h("option", { value: speed, selected: true }, `${speed} m/s`) : null)), this.refused("speed"),
      number("turnout", "turnout", this.asked.turnout ?? "0", this.word("unit_minutes"), 0, "0.5"), this.refused("turnout"),
      offer.crew ? h("p.cp-muted", {}, this.word("crew")) : null,
      h("p.cp-muted", {}, this.word("never_mixed")), this.standards(offer));
  }

  many(name, options) {
    const now = new Set((this.asked[name] ?? "").split(",").filter(Boolean));
    return h("div.cp-ask-chips", { role: "group", "aria-label": this.word(name) }, h("span.cp-ask-name", {}, this.word(name)), options.map(([key, text]) => h("button.cp-chip", {
      type: "button", "aria-pressed": String(now.has(key)), "data-control": `${name}-${key}`,
      onclick: () => { if (now.has(key)) now.delete(key); else now.add(key); this.set({ [name]: [...now].join(",") }); this.redraw(); },
    }, text)));
  }

  narrowing(offer) {
    const areas = offer.areas.length ? h("label.cp-ask-inline", {}, this.word("area"), h("select", { "data-control": "area", onchange: (e) => this.set({ area: e.target.value }) },
      h("option", { value: "" }, this.word("all_areas")), offer.areas.map((a) => h("option", { value: a.key, selected: this.asked.area === a.key }, this.say(a))))) : h("p.cp-muted", {}, this.word("no_areas"));
    return this.part("narrow", this.many("status", offer.statuses.map((s) => [s.key, this.say(s)])), offer.years.length ? this.many("year", offer.years.map((y) => [String(y), String(y)])) : null, areas);
  }

  picture() {
    const bands = h("input", { type: "checkbox", "data-control": "bands", onchange: (e) => this.set({ bands: e.target.checked ? "1" : "" }) });
    bands.checked = this.asked.bands === "1";
    return this.part("picture", h("label.cp-check.cp-inline", {}, bands, h("span", {}, this.word("bands"))));
  }
}

export function render(c) {
  panelOf(c, () => new Controls(c)).update();
}

export { release };
