// What was found: sentences, then the problems as a table; or the facts of the data in use.
import { h, number, replace, withFigures } from "./dom.js";
import { Panel, panelOf, release } from "./panel.js";

class Found extends Panel {
  constructor(c) { super(c, []); }

  update() {
    const d = this.data;
    const whole = (d.problems ?? []).filter((p) => p.whole);
    replace(this.root, h(`section.cp-card.cp-found${d.bad ? ".cp-found-bad" : ""}`, { role: "status" },
      h("h2", {}, d.heading),
      d.lines.map((line, i) => h(`p${i ? "" : ".cp-found-first"}`, {}, withFigures(line))),
      whole.map((p) => h("p.cp-pop-warn", {}, [p.what, p.do].join(d.lang === "en" ? " " : ""))),
      d.first ? this.first(d.first) : null,
      d.facts ? h("dl.cp-facts", {}, d.facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])) : null,
      d.sources ? h("details.cp-ask-fold", {}, h("summary", {}, this.word("pack_sources")), h("ul.cp-ans-lines", {}, d.sources.map((s) => h("li", {}, s)))) : null,
      d.problems ? this.problems() : null));
    this.root.classList.add("cp-ready");
  }

  // The file's own headings and cells, so that a column read as something else is seen before it is kept.
  first(table) {
    return h("div.cp-problems", {}, h("h3", {}, table.title),
      h("div.cp-scroll", { tabindex: "0", role: "region", "aria-label": table.title }, h("table.cp-plain-table", {}, h("caption.cp-hidden", {}, table.title),
        h("thead", {}, h("tr", {}, table.columns.map((c) => h("th", { scope: "col" }, c)))),
        h("tbody", {}, table.rows.map((row) => h("tr", {}, row.map((c) => h("td", {}, c))))))));
  }

  problems() {
    const d = this.data;
    if (!d.problems.length) return d.bad ? null : h("p.cp-muted", {}, this.word("no_problems"));
    const title = this.word("problems", { errors: number(d.errors), warnings: number(d.warnings) });
    const files = new Set(d.problems.map((p) => p.file)).size > 1;
    const columns = [...(files ? ["file"] : []), "row", "field", "value", "level", "what", "do"];
    return h("div.cp-problems", {}, h("h3", {}, title),
      h("div.cp-scroll", { tabindex: "0", role: "region", "aria-label": title }, h("table.cp-plain-table", {}, h("caption.cp-hidden", {}, title),
        h("thead", {}, h("tr", {}, columns.map((c) => h("th", { scope: "col" }, this.word(`problem_${c}`))))),
        h("tbody", {}, d.problems.map((p) => h(`tr.cp-level-${p.level}`, {}, columns.map((c, i) => h(i ? "td" : "th", i ? {} : { scope: "row" }, c === "level" ? this.word(`level_${p.level}`) : p[c]))))))),
      d.all > d.problems.length ? h("p.cp-muted", {}, this.word("more_problems", { n: number(d.problems.length) })) : null);
  }
}

export function render(c) {
  panelOf(c, () => new Found(c)).update();
}

export { release };
