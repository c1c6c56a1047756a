// One slide, laid out once in units of its own height: the same in the page, across the room and in the overview.
import { chartOf, colourOf } from "./chart.js";
import { h } from "./dom.js";

const SHORT = 22; // so short a name is never broken
const LEAST = 0.55; // so far the words beside a map may shrink before they are cut

function table(t) {
  return h("div.cp-slide-table", {}, h("table", {}, h("caption", {}, t.title),
    h("thead", {}, h("tr", {}, t.headings.map((name, i) => h("th", { scope: "col", class: t.numeric[i] ? "cp-right" : null }, name)))),
    h("tbody", {}, t.rows.map((row, n) => h(n === t.rows.length - 1 && t.total ? "tr.cp-slide-total" : "tr", {}, row.map((cell, i) => h(i ? "td" : "th", { scope: i ? null : "row", class: t.numeric[i] || (!i && cell.length < SHORT) ? (t.numeric[i] ? "cp-right" : "cp-whole") : null }, cell)))))));
}

function legend(entries, word) {
  return h(entries.length > 6 ? "ul.cp-slide-legend.cp-slide-two" : "ul.cp-slide-legend", { "aria-label": word("legend") }, entries.map((e) => h("li", {}, h("img", { src: e.mark, alt: "" }), h("span", {}, e.name), e.count ? h("b", {}, e.count) : null)));
}

function series(chart) {
  if (chart.series.length < 2) return null;
  return h("ul.cp-slide-legend.cp-slide-series", {}, chart.series.map((s, k) => h("li", {}, h("i", { style: `background:${colourOf(k)}` }), s.name)));
}

const sentences = (texts) => h("div.cp-slide-words", {}, texts.map((text, i) => h(i ? "p" : "p.cp-slide-first", {}, text)));

function body(slide, word) {
  if (slide.waiting !== undefined) {
    return h("div.cp-slide-wait", { role: "status" }, h("p", {}, slide.said || word("working")), h("progress", { max: 1, value: slide.waiting, "aria-label": word("working") }));
  }
  if (slide.map) {
    return [h("figure.cp-slide-map", {}, h("img", { src: new URL(slide.map.url, document.baseURI).href, alt: slide.map.alt, draggable: "false" })),
      h("div.cp-slide-beside", {}, sentences(slide.sentences), slide.table ? table(slide.table) : null, legend(slide.map.legend, word), legend(slide.map.ground, word))];
  }
  if (slide.chart) return [h("div.cp-slide-beside.cp-slide-lead", {}, sentences(slide.sentences), series(slide.chart)), h("div.cp-slide-chart", {}, chartOf(slide.chart, slide.chart.kind === "bar" ? 390 : 360))];
  if (slide.table) return [h("div.cp-slide-beside.cp-slide-lead", {}, sentences(slide.sentences)), table(slide.table)];
  return h("div.cp-slide-beside", {}, sentences(slide.sentences));
}

// `told`: title, number, of, marks, district, lang, word.
export function slideOf(slide, told) {
  const foot = [slide.note, slide.sources?.length ? `${told.word("sources")}${told.lang === "zh" ? "：" : ": "}${slide.sources.join(told.lang === "zh" ? "；" : "; ")}` : ""].filter(Boolean);
  const plain = slide.kind === "title" || slide.kind === "divider";
  return h(`article.cp-slide.cp-kind-${slide.waiting === undefined ? slide.kind : "text"}`, { lang: told.lang === "zh" ? "zh-CN" : "en" },
    h("header", {}, slide.demo ? h("span.cp-slide-demo", {}, told.word("demo")) : null, h("h2", {}, told.title)),
    h("div.cp-slide-body", {}, body(slide, told.word)),
    h("footer", {}, h("div.cp-slide-foot", {}, foot.map((text, i) => h(i ? "p" : "p.cp-slide-note", {}, text))),
      h("p.cp-slide-marks", {}, [told.district, slide.map || plain ? told.marks : "", `${told.number} / ${told.of}`].filter(Boolean).join(" · "))));
}

// Words that do not fit shrink together; a slide is never scrolled.
export function fit(el) {
  for (const part of el.querySelectorAll(".cp-slide-body > *, header")) {
    part.style.fontSize = "";
    let size = 1;
    while (size > LEAST && (part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1)) {
      size -= 0.05;
      part.style.fontSize = `${size}em`;
    }
  }
}
