// What the siting page is asked: layer, what counts as best, how many, the standard, the candidates, and the wishes.
import { h, replace } from "./dom.js";
import { Panel, panelOf, release } from "./panel.js";

const NAMES = ["layer", "model", "n", "each", "mode", "m", "min", "speed", "turnout", "reach", "cand", "grid", "from", "keep", "sec", "force", "forbid", "move", "more"];
const TYPING = 600;
const NARROW = window.matchMedia("(max-width: 640px)");
const NO_WISHES = { force: "", forbid: "", move: "" };

const split = (text) => (text ?? "").split(",").filter(Boolean);

class Controls extends Panel {
  constructor(c) {
    super(c, NAMES);
    this.drawn = "";
    this.onWish = (e) => this.wish(e.detail);
    this.onMore = (e) => this.ask({ more: e.detail });
    window.addEventListener("cp-siting-wish", this.onWish);
    window.addEventListener("cp-siting-more", this.onMore);
  }

  release() {
    window.removeEventListener("cp-siting-wish", this.onWish);
    window.removeEventListener("cp-siting-more", this.onMore);
    super.release();
  }

  update() {
    const key = JSON.stringify([this.data.lang, this.data.offer]);
    if (this.drawn === key) return;
    this.drawn = key;
    this.redraw();
    this.root.classList.add("cp-ready");
  }

  // The curve and the like belong to one question: another question does without until it is asked for.
  set(changes, wait = 0) {
    this.ask({ more: "", ...changes }, wait);
    if (!wait) this.redraw();
  }

  // A wish for a candidate comes from the map or a table: forced, forbidden, dragged to a place, or none of it.
  wish({ kind, id, lon, lat }) {
    const name = encodeURIComponent(id.replace(/→$/, "")).replaceAll("~", "%7E");
    const without = (list, same) => split(this.asked[list]).filter((part) => !same(part));
    const next = {
      force: without("force", (part) => part === name), forbid: without("forbid", (part) => part === name),
      move: without("move", (part) => part.split("~")[0] === name),
    };
    if (kind === "force" || kind === "forbid") next[kind].push(name);
    if (kind === "move") next.move.push(`${name}~${lon.toFixed(6)}~${lat.toFixed(6)}`);
    this.set(Object.fromEntries(Object.entries(next).map(([list, parts]) => [list, parts.join(",")])));
  }

  redraw() {
    const focus = document.activeElement?.dataset?.control;
    this.draw();
    if (focus) this.root.querySelector(`[data-control="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }

  draw() {
    const offer = this.data.offer;
    const open = this.root.querySelector(".cp-ask-more")?.open ?? !NARROW.matches;
    replace(this.root,
      h("h1", {}, this.word("title")),
      h("p.cp-muted", {}, this.word("lead")),
      this.layer(offer), this.model(offer), this.number(offer), this.standard(offer), this.wishes(offer),
      h("details.cp-ask-fold.cp-ask-more", { open }, h("summary", {}, this.word("fine")), this.candidates(offer), this.limits(offer)));
  }

  part(name, ...children) {
    return h("fieldset.cp-ask", {}, h("legend", {}, this.word(name)), ...children);
  }

  segments(name, options, now = this.asked[name] ?? "") {
    return h("div.cp-segments", {}, options.map(([key, text]) => h("button", {
      type: "button", "aria-pressed": String(now === key), "data-control": `${name}-${key}`, onclick: () => this.set({ [name]: key }),
    }, text)));
  }

  field(name, label, value, unit, more = {}) {
    return h("label.cp-ask-inline", {}, h("span", {}, this.word(label)), h("input", {
      type: "number", min: "0", step: "1", inputmode: "decimal", "data-control": name, value, ...more, oninput: (e) => this.set({ [name]: e.target.value }, TYPING),
    }), unit);
  }

  layer(offer) {
    const now = offer.now.layer;
    const pick = (e) => this.set({ layer: e.target.value === offer.opening ? "" : e.target.value, n: "", each: "", m: "", reach: "", ...NO_WISHES });
    return this.part("layer", h("select", { "data-control": "layer", "aria-label": this.word("layer"), onchange: pick },
      offer.layers.map((l) => h("option", { value: l.key, selected: l.key === now }, l.open ? this.word("layer_left", { name: this.say(l), n: this.say(l.left) }) : this.say(l)))));
  }

  model(offer) {
    return this.part("model", h("div.cp-siting-models", {}, offer.models.map((m) => {
      const radio = h("input", { type: "radio", name: "cp-siting-model", "data-control": `model-${m.key}`, onchange: () => this.set({ model: m.key === "mclp" ? "" : m.key }) });
      radio.checked = m.key === (this.asked.model || "mclp");
      return h("label.cp-check", {}, radio, h("span", {}, h("b", {}, this.say(m)), h("small", {}, this.say(m.why))));
    })));
  }

  number(offer) {
    const p = offer.promised;
    const told = !p.amount ? this.word("promised_none") : this.word(p.places ? "promised" : "promised_units", { name: this.say(p.name), n: this.say(p.amount) });
    const free = (this.asked.model || "mclp") === "lscp";
    return this.part("number",
      this.field("n", free ? "sites_most" : "sites", this.asked.n ?? offer.now.number, "", { min: "1", inputmode: "numeric" }),
      p.places ? null : this.field("each", "each", this.asked.each ?? "", "", { min: "1" }),
      h("p.cp-muted", {}, told));
  }

  standard(offer) {
    const time = this.asked.mode === "time";
    return this.part("standard", this.segments("mode", [["", this.word("by_distance")], ["time", this.word("by_time")]]),
      h("div.cp-ask-how", {}, time ? this.time(offer) : this.distance(offer),
        offer.reaches.length && (time || !this.asked.m) ? [h("p.cp-siting-sub", {}, this.word("reach")),
          this.segments("reach", offer.reaches.map((r, i) => [i ? r.key : "", this.say(r)])), h("p.cp-muted", {}, this.word("reach_note"))] : null,
        h("p.cp-muted", {}, this.say(offer.standard))));
  }

  distance(offer) {
    const now = this.asked.m ?? "";
    const known = offer.distances.some((d) => d.value === now);
    const chip = (value, text) => h("button.cp-chip", { type: "button", "aria-pressed": String(now === value), "data-control": `m-${value}`, onclick: () => this.set({ m: value }) }, text);
    return [h("div.cp-ask-chips", {}, offer.own ? chip("", this.word("own_standard")) : null, offer.distances.map((d) => chip(d.value, this.say(d)))),
      this.field("m", "other_distance", known ? "" : now, "m", { min: "1", max: "20000", step: "10" })];
  }

  time(offer) {
    const speed = this.asked.speed ?? "";
    return [
      this.field("min", "minutes", this.asked.min ?? offer.minutes, this.word("unit_minutes"), { min: "0.5", step: "0.5" }),
      offer.reaches.length ? null : h("label.cp-ask-inline", {}, h("span", {}, this.word("speed")), h("select", { "data-control": "speed", onchange: (e) => this.set({ speed: e.target.value }) },
        offer.speeds.map((s, i) => h("option", { value: i ? s.value : "", selected: speed === (i ? s.value : "") }, this.say(s))))),
      this.field("turnout", "turnout", this.asked.turnout ?? "0", this.word("unit_minutes"), { step: "0.5" })];
  }

  wishes(offer) {
    if (!offer.wishes.length) return null;
    const drop = (w) => h("button.cp-chip.cp-chip-on", { type: "button", title: this.word("wish_drop"), "data-control": `wish-${w.kind}-${w.id}`, onclick: () => this.wish({ kind: "free", id: w.id }) },
      this.word(`wish_${w.kind}`, { id: w.id }), h("span", { "aria-hidden": "true" }, " ×"));
    return this.part("wishes", h("div.cp-ask-chips", {}, offer.wishes.map(drop)),
      h("button.cp-link", { type: "button", "data-control": "wish-clear", onclick: () => this.set(NO_WISHES) }, this.word("wish_clear")));
  }

  candidates(offer) {
    const kind = offer.now.kind;
    const details = {
      grid: () => [this.field("grid", "grid_m", this.asked.grid ?? offer.grid, "m", { min: "20", max: "5000", step: "10" }), h("p.cp-muted", {}, this.word("grid_note"))],
      corners: () => null,
      layer: () => offer.froms.length ? h("label.cp-ask-inline", {}, h("span", {}, this.word("from_layer")), h("select", { "data-control": "from", onchange: (e) => this.set({ from: e.target.value, ...NO_WISHES }) },
        h("option", { value: "" }, this.word("from_choose")), offer.froms.map((l) => h("option", { value: l.key, selected: this.asked.from === l.key }, `${this.say(l)} (${l.n})`)))) : h("p.cp-muted", {}, this.word("from_none")),
      file: () => h("p.cp-muted", {}, this.word("file_note")),
    };
    const options = offer.candidates.map((c) => h("button", {
      type: "button", "aria-pressed": String(kind === c.key), "data-control": `cand-${c.key}`, onclick: () => this.set({ cand: c.key === "grid" ? "" : c.key, ...NO_WISHES }),
    }, this.say(c)));
    return this.part("candidates", h("div.cp-segments", {}, options), h("div.cp-ask-how", {}, details[kind]?.()));
  }

  limits(offer) {
    const keep = h("input", { type: "checkbox", "data-control": "keep", onchange: (e) => this.set({ keep: e.target.checked ? "" : "0" }) });
    keep.checked = this.asked.keep !== "0";
    return h("div.cp-ask", {}, h("label.cp-check.cp-inline", {}, keep, h("span", {}, this.word("keep"))),
      this.field("sec", "seconds", this.asked.sec ?? offer.seconds, this.word("unit_seconds"), { min: "1", max: "3600" }));
  }
}

export function render(c) {
  panelOf(c, () => new Controls(c)).update();
}

export { release };
