// A chart of a slide as inline SVG, in the page's own colours; every value is written beside its mark.
import { make } from "./symbols.js";

const WIDTH = 1000;
const SERIES = ["var(--accent)", "#e08a1e", "#4c9a6a", "#a0569b", "#b5473c", "#6d767c"];
const STEPS = [1, 2, 2.5, 5, 10];

export const colourOf = (place) => SERIES[place % SERIES.length];

function ticks(chart) {
  const values = chart.series.flatMap((s) => s.values).filter((v) => v !== null);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const rough = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  let step = STEPS.map((s) => s * power).find((s) => s >= rough * 0.999);
  if (!chart.percent && step < 1 && values.every(Number.isInteger)) step = 1;
  const found = [];
  for (let place = Math.floor(low / step + 1e-9); place <= Math.ceil(high / step - 1e-9); place += 1) found.push(place * step);
  return found.length > 1 ? found : [0, 1];
}

const read = (chart, value) => (chart.percent ? `${Math.round(value * 100)}\u00a0%` : Number(value.toFixed(6)).toLocaleString("en-US"));

function text(x, y, content, attrs = {}) {
  const el = make("text", { x, y, fill: "currentColor", "font-size": 21, ...attrs });
  el.textContent = content;
  return el;
}

function bars(chart, height) {
  const marks = ticks(chart);
  const [low, high] = [marks[0], marks[marks.length - 1]];
  const row = (height - 26) / chart.categories.length;
  const size = Math.min(20, row * 0.82);
  const left = Math.min(380, 24 + size * Math.max(...chart.categories.map((name) => [...name].reduce((n, c) => n + (c.charCodeAt(0) > 255 ? 1 : 0.55), 0))));
  const at = (value) => left + ((value - low) / (high - low)) * (WIDTH - left - 70);
  const thick = Math.min(26, (row * 0.78) / chart.series.length);
  const parts = marks.map((mark) => make("line", { x1: at(mark), x2: at(mark), y1: 4, y2: height - 20, stroke: "currentColor", "stroke-opacity": mark === 0 ? 0.5 : 0.13 }));
  parts.push(...marks.map((mark) => text(at(mark), height - 3, read(chart, mark), { "text-anchor": "middle", "font-size": 15, opacity: 0.75 })));
  chart.categories.forEach((name, i) => {
    const middle = 2 + row * (i + 0.5);
    parts.push(text(left - 12, middle + size * 0.35, name, { "text-anchor": "end", "font-size": size }));
    chart.series.forEach((series, k) => {
      const value = series.values[i];
      if (value === null) return;
      const y = middle + (k - chart.series.length / 2) * thick;
      parts.push(make("rect", { x: Math.min(at(0), at(value)), y: y + 0.5, width: Math.abs(at(value) - at(0)), height: Math.max(1, thick - 1), fill: colourOf(k) }));
      parts.push(text(at(Math.max(0, value)) + 6, y + thick / 2 + Math.min(7, thick * 0.36), series.labels[i], { "font-size": Math.min(20, Math.max(12, thick)), "font-weight": k ? 400 : 700 }));
    });
  });
  return parts;
}

function upright(chart, height) {
  const marks = ticks(chart);
  const [low, high] = [marks[0], marks[marks.length - 1]];
  const [left, foot] = [90, 46];
  const at = (value) => 10 + (1 - (value - low) / (high - low)) * (height - foot - 14);
  const wide = (WIDTH - left - 20) / chart.categories.length;
  const parts = marks.flatMap((mark) => [
    make("line", { x1: left, x2: WIDTH - 20, y1: at(mark), y2: at(mark), stroke: "currentColor", "stroke-opacity": mark === 0 ? 0.5 : 0.13 }),
    text(left - 10, at(mark) + 6, read(chart, mark), { "text-anchor": "end", "font-size": 18, opacity: 0.75 }),
  ]);
  const every = Math.ceil(chart.categories.length / 9);
  chart.categories.forEach((name, i) => { if (i % every === 0) parts.push(text(left + wide * (i + 0.5), height - 14, name, { "text-anchor": "middle", "font-size": 18 })); });
  chart.series.forEach((series, k) => {
    if (chart.kind === "line") {
      const points = series.values.map((v, i) => (v === null ? null : `${left + wide * (i + 0.5)},${at(v)}`));
      const path = points.map((p, i) => (p === null ? "" : `${i && points[i - 1] !== null ? "L" : "M"}${p}`)).join("");
      parts.push(make("path", { d: path, fill: "none", stroke: colourOf(k), "stroke-width": 4, "stroke-dasharray": ["", "12 7", "3 6"][k % 3] }));
      return;
    }
    const thick = (wide * 0.74) / chart.series.length;
    series.values.forEach((value, i) => {
      if (value === null) return;
      const x = left + wide * (i + 0.13) + k * thick;
      parts.push(make("rect", { x, y: Math.min(at(0), at(value)), width: Math.max(1, thick - 2), height: Math.abs(at(value) - at(0)), fill: colourOf(k) }));
      if (thick > 30) parts.push(text(x + thick / 2, at(Math.max(0, value)) - 5, series.labels[i], { "text-anchor": "middle", "font-size": 17 }));
    });
  });
  return parts;
}

export function chartOf(chart, height = 560) {
  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", class: "cp-chart" });
  const told = chart.categories.map((name, i) => `${name} ${chart.series.map((s) => `${s.name} ${s.labels[i]}`).join(", ")}`).join("; ");
  svg.setAttribute("aria-label", `${chart.title} (${chart.unit}): ${told}`);
  svg.append(...(chart.kind === "bar" ? bars(chart, height) : upright(chart, height)));
  return svg;
}
