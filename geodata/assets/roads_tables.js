// The tables of a road opening; a row that stands for a road shows it on the map, a missing link goes into the scenario.
import { h, replace } from "./dom.js";
import { lookAt } from "./look.js";
import { Panel, panelOf, release } from "./panel.js";
import { pad, tell } from "./sketchpad.js";

const MAP = ".st-key-roads_answer";
const FOLDED = new Set(["spread", "points"]);

class Tables extends Panel {
  constructor(c) { super(c, []); this.drawn = ""; }

  update() {
    if (this.data.part !== "try") pad.setAnswer(this.data.shapes.map((s) => ({ ...s, pick: s.id })));
    const key = JSON.stringify([this.data.lang, this.data.tables, this.data.method, this.data.heading, this.data.command]);
    if (this.drawn === key) return;
    this.drawn = key;
    lookAt(MAP, null); // another answer, other places
    const focus = document.activeElement?.dataset?.pick;
    const open = new Set([...this.root.querySelectorAll("details[open]")].map((d) => d.dataset.fold));
    replace(this.root,
      this.data.tables.map((table, i) => this.table(table, i)),
      this.data.method.length
        ? h("details.cp-ask-fold", { "data-fold": "method" }, h("summary", {}, this.word("method")), h("ul.cp-ans-lines", {}, this.data.method.map((line) => h("li", {}, line)))) : null,
      this.command());
    for (const fold of this.root.querySelectorAll("details")) if (open.has(fold.dataset.fold)) fold.open = true;
    if (focus) this.root.querySelector(`[data-pick="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
    this.root.classList.add("cp-ready");
  }

  command() {
    if (!this.data.command) return null;
    const note = this.word("command_note") + (this.data.files ? ` ${this.word("command_file")}` : "");
    return h("details.cp-ask-fold", { "data-fold": "command" }, h("summary", {}, this.word("command")), h("p.cp-muted", {}, note), h("pre.cp-siting-command", { tabindex: "0" }, this.data.command));
  }

  // A place of the table is found on the map; pressed again it is let go.
  look(e, place) {
    const again = e.currentTarget.getAttribute("aria-pressed") === "true";
    for (const b of this.root.querySelectorAll(".cp-ans-look")) b.setAttribute("aria-pressed", String(!again && b === e.currentTarget));
    lookAt(MAP, again ? null : place);
  }

  table(table, place) {
    const tag = this.data.heading && place === 0 ? h("span.cp-tag.cp-tag-demo", {}, this.data.heading) : null;
    const body = h("div.cp-scroll.cp-wide", { tabindex: "0", role: "region", "aria-label": table.title }, h("table.cp-plain-table", {}, h("caption.cp-hidden", {}, table.title),
      h("thead", {}, h("tr", {}, table.columns.map((c) => (c.name ? h(`th${c.right ? ".cp-right" : ""}`, { scope: "col" }, c.name) : h("td", {}))))),
      h("tbody", {}, table.rows.map((row) => this.row(row, table)))));
    const note = table.note ? h("p.cp-muted", {}, table.note) : null;
    if (FOLDED.has(table.key)) return h("details.cp-ask-fold", { "data-fold": table.key, "data-table": table.key }, h("summary", {}, table.title), body, note);
    return h("section.cp-ans-table", { "data-table": table.key }, h("h3", {}, tag, table.title), body, note);
  }

  row(row, table) {
    const named = table.columns.length > 1 && table.key === "rank" ? 1 : 0; // the cell that carries the button
    const see = row.pick ? (e) => { if (!e.target.closest("button")) { tell({ see: row.pick }); pad.show(row.pick); } } : null; // by keyboard the button does it
    return h("tr", { class: [row.on ? "cp-row-on" : "", row.pick ? "cp-row-pick" : ""].join(" ").trim() || null, onclick: see }, row.cells.map((c, i) => {
      const right = table.columns[i].right ? ".cp-right" : "";
      let inside = [c.text, c.range ? h("small", {}, c.range) : null];
      if (row.place && i === named) {
        const label = this.word("look", { id: row.place.id });
        inside = h("button.cp-ans-look", { type: "button", "aria-pressed": "false", title: label, "aria-label": label, onclick: (e) => this.look(e, row.place) }, c.text);
      }
      if (row.pick && i === named) {
        inside = h("button.cp-row-button", { type: "button", "data-pick": row.pick, "aria-pressed": String(row.on), "aria-label": this.word("pick", { name: row.name }),
          onclick: () => { tell({ see: row.pick }); pad.show(row.pick); } }, h("span", {}, c.text));
      }
      if (row.entries && i === row.cells.length - 1) {
        const act = (name, what) => h("button.cp-button.cp-small", {
          type: "button", [`data-${name}`]: row.pick, "aria-label": this.word(`${name}_of`, { name: row.name }), onclick: () => tell(what),
        }, this.word(`${name}_this`));
        inside = h("span.cp-row-acts", {}, act("try", { add: row.entries }), act("hold", { hold: row.entries, name: row.name }));
      }
      return i === named ? h("th", { scope: "row" }, inside) : h(`td${right}`, {}, inside);
    }));
  }
}

export function render(c) {
  panelOf(c, () => new Tables(c)).update();
}

export { release };
