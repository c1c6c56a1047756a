// The head of the page that brings data in: what to bring, into which layer, in which datum.
import { h, replace } from "./dom.js";
import { Panel, panelOf, release } from "./panel.js";

const NAMES = ["part", "layer", "datum"];

class Bring extends Panel {
  constructor(c) {
    super(c, NAMES);
    this.drawn = "";
    this.watch = new MutationObserver(() => this.speakForUploaders());
    this.watch.observe(document.body, { childList: true, subtree: true });
  }

  update() {
    const key = JSON.stringify([this.data, this.asked]);
    if (this.drawn === key) return;
    this.drawn = key;
    const focus = document.activeElement?.dataset?.control;
    this.draw();
    if (focus) this.root.querySelector(`[data-control="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
    this.speakForUploaders();
    this.root.classList.add("cp-ready");
  }

  draw() {
    const d = this.data;
    const now = d.parts.some((p) => p.key === this.asked.part) ? this.asked.part : d.parts[0].key;
    replace(this.root,
      h("h1", {}, this.word("title")), h("p.cp-led-lead", {}, this.word("lead")),
      h("div.cp-tabs.cp-bring-tabs", { role: "group", "aria-label": this.word("part") }, d.parts.map((p) => h("button.cp-tab", {
        type: "button", "aria-pressed": String(now === p.key), "aria-selected": null, class: `cp-tab${now === p.key ? " cp-tab-on" : ""}`, "data-control": `part-${p.key}`,
        onclick: () => { this.ask({ part: p.key === d.parts[0].key ? "" : p.key }); this.draw(); this.root.querySelector(`[data-control="part-${p.key}"]`)?.focus(); },
      }, p.name))),
      now === "sites" && d.open ? this.fields() : null);
  }

  fields() {
    const d = this.data;
    const datum = this.asked.datum ?? "";
    const epsg = datum.startsWith("epsg");
    const chosen = d.datums.find((o) => o.key === (epsg ? "epsg" : datum)) ?? d.datums[0];
    return h("div.cp-bring-fields", {},
      h("div.cp-field", {}, h("label", { for: "cp-bring-layer" }, this.word("layer")),
        h("select", { id: "cp-bring-layer", "data-control": "layer", onchange: (e) => this.ask({ layer: e.target.value === d.opening ? "" : e.target.value }) },
          d.layers.map((l) => h("option", { value: l.key, selected: l.key === (this.asked.layer ?? d.opening) }, l.name)))),
      h("div.cp-field", {}, h("label", { for: "cp-bring-datum" }, this.word("datum")),
        h("select", { id: "cp-bring-datum", "data-control": "datum", onchange: (e) => { this.ask({ datum: e.target.value === "epsg" ? "epsg4546" : e.target.value }); this.draw(); } },
          d.datums.map((o) => h("option", { value: o.key, selected: o.key === chosen.key }, o.name))),
        epsg ? h("div.cp-bring-epsg", {}, h("label", { for: "cp-bring-epsg" }, this.word("epsg")),
          h("input", { id: "cp-bring-epsg", type: "text", inputmode: "numeric", pattern: "[0-9]*", "data-control": "epsg", value: datum.slice(4), oninput: (e) => this.ask({ datum: `epsg${e.target.value.replace(/\D/g, "")}` }, 500) })) : null,
        h("p.cp-muted", {}, chosen.why, epsg ? ` ${this.word("epsg_help")}` : "")));
  }

  // Streamlit's uploader speaks English to screen readers; what is seen is put right by the style sheet.
  speakForUploaders() {
    for (const zone of document.querySelectorAll("[data-testid=stFileUploaderDropzone]")) {
      const said = (el, text) => { if (el && el.getAttribute("aria-label") !== text) el.setAttribute("aria-label", text); };
      const name = zone.getAttribute("aria-label") || this.word("file_sites");
      said(zone.querySelector("input[type=file]"), name);
      for (const button of zone.querySelectorAll("button")) {
        if (button.closest("[data-testid=stFileChipDeleteBtn]")) said(button, `${this.word("remove")} ${zone.querySelector("[data-testid=stFileChipName]")?.textContent ?? ""}`.trim());
        else if (button.getAttribute("kind") === "borderlessIcon") said(button, this.word("add_files"));
        else said(button, `${this.word("choose")}: ${name}`);
      }
    }
  }

  release() {
    super.release();
    this.watch.disconnect();
  }
}

export function render(c) {
  panelOf(c, () => new Bring(c)).update();
}

export { release };
