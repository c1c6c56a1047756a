// One slide, laid out once in units of its own height: the same in the page, across the room and in the overview.
import { chartOf, colourOf } from "./chart.js";
import { h } from "./dom.js";

const SHORT = 22; // so short a name is never broken
const LEAST = 0.55; // so far words may shrink before they are moved by hand
const MOST = 1.3; // so far what stands beside a map grows where there is room

function table(t) {
  return h("div.cp-slide-table", {}, h("table", {}, h("caption", {}, t.title),
    h("thead", {}, h("tr", {}, t.headings.map((name, i) => h("th", { scope: "col", class: t.numeric[i] ? "cp-right" : null }, name)))),
    h("tbody", {}, t.rows.map((row, n) => h(n === t.rows.length - 1 && t.total ? "tr.cp-slide-total" : "tr", {}, row.map((cell, i) => h(i ? "td" : "th", { scope: i ? null : "row", class: t.numeric[i] || (!i && cell.length < SHORT) ? (t.numeric[i] ? "cp-right" : "cp-whole") : null }, cell)))))));
}

function legend(entries, word, kind, most = 8) {
  if (!entries.length) return null;
  return h(`ul.cp-slide-legend${kind ? `.${kind}` : entries.length > most ? ".cp-slide-two" : ""}`, { "aria-label": word("legend") }, entries.map((e) => h("li", {}, h("img", { src: e.mark, alt: "" }), h("span", {}, e.name), e.count ? h("b", {}, e.count) : null)));
}

function series(chart) {
  if (chart.series.length < 2) return null;
  return h("ul.cp-slide-legend.cp-slide-series", {}, chart.series.map((s, k) => h("li", {}, h("i", { style: `background:${colourOf(k)}` }), s.name)));
}

const sentences = (texts) => h("div.cp-slide-words", {}, texts.map((text, i) => h(i ? "p" : "p.cp-slide-first", {}, text)));

const figure = (map) => h("figure.cp-slide-map", {}, h("img", { src: new URL(map.url, document.baseURI).href, alt: map.alt, draggable: "false" }));

function body(slide, word) {
  if (slide.waiting !== undefined) {
    return h("div.cp-slide-wait", { role: "status" }, h("p", {}, slide.said || word("working")), h("progress", { max: 1, value: slide.waiting, "aria-label": word("working") }));
  }
  if (slide.map) {
    return [figure(slide.map), h("div.cp-slide-beside", {}, sentences(slide.sentences), slide.table ? table(slide.table) : null, legend(slide.map.legend, word, "", slide.table ? 4 : 8), legend(slide.map.ground, word, "cp-slide-ground"))];
  }
  if (slide.chart) return [h("div.cp-slide-beside.cp-slide-lead", {}, sentences(slide.sentences), series(slide.chart)), h("div.cp-slide-chart", {}, chartOf(slide.chart, slide.chart.kind === "bar" ? 390 : 360))];
  if (slide.table) return [h("div.cp-slide-beside.cp-slide-lead", {}, sentences(slide.sentences)), table(slide.table)];
  return h("div.cp-slide-beside", {}, sentences(slide.sentences));
}

// `told`: title, number, of, marks, district, lang, word.
export function slideOf(slide, told) {
  const foot = [slide.note, slide.sources?.length ? `${told.word("sources")}${told.lang === "zh" ? "：" : ": "}${slide.sources.join(told.lang === "zh" ? "；" : "; ")}` : ""].filter(Boolean);
  return h(`article.cp-slide.cp-kind-${slide.waiting === undefined ? slide.kind : "text"}`, { lang: told.lang === "zh" ? "zh-CN" : "en" },
    h("header", {}, slide.demo ? h("span.cp-slide-demo", {}, told.word("demo")) : null, h("h2", {}, told.title)),
    h("div.cp-slide-body", {}, body(slide, told.word)),
    h("footer", {}, h("div.cp-slide-foot", {}, foot.map((text, i) => h(i ? "p" : "p.cp-slide-note", {}, text))),
      h("div.cp-slide-marks", {}, h("p", {}, `${told.district} · ${told.number} / ${told.of}`), slide.map ? told.marks.map((line) => h("p", {}, line)) : null)));
}

// Words beside a map are as large as its room allows; those that do not fit shrink together; what would be too small to read is moved by hand instead, and never cut in silence.
export function fit(el) {
  for (const part of el.querySelectorAll(".cp-slide-body > *, h2, .cp-slide-foot")) {
    part.classList.remove("cp-slide-over");
    const over = () => part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1;
    let size = part.matches(".cp-kind-map .cp-slide-beside") ? MOST : 1;
    part.style.setProperty("--fit", size);
    while (size > LEAST && over()) {
      size -= 0.04;
      part.style.setProperty("--fit", size.toFixed(2));
    }
    part.classList.toggle("cp-slide-over", over());
  }
}
