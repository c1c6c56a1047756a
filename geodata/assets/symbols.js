// The symbols of the legend: a shape, a colour and a letter; hollow and dashed for demo sites.

const NS = "http://www.w3.org/2000/svg";

function ring(n, radius, turn = -90) {
  return Array.from({ length: n }, (_, i) => {
    const a = ((turn + (360 / n) * i) * Math.PI) / 180;
    return `${(radius * Math.cos(a)).toFixed(2)},${(radius * Math.sin(a)).toFixed(2)}`;
  }).join(" ");
}

function star(outer, inner) {
  return Array.from({ length: 10 }, (_, i) => {
    const r = i % 2 ? inner : outer;
    const a = ((-90 + 36 * i) * Math.PI) / 180;
    return `${(r * Math.cos(a)).toFixed(2)},${(r * Math.sin(a)).toFixed(2)}`;
  }).join(" ");
}

const OUTLINES = {
  circle: () => ["circle", { r: 9.6 }],
  square: () => ["rect", { x: -8.8, y: -8.8, width: 17.6, height: 17.6, rx: 2 }],
  triangle: () => ["polygon", { points: "0,-12.4 12.4,9.4 -12.4,9.4" }],
  diamond: () => ["polygon", { points: "0,-11.4 11.4,0 0,11.4 -11.4,0" }],
  pentagon: () => ["polygon", { points: ring(5, 11) }],
  hexagon: () => ["polygon", { points: ring(6, 10.8, 0) }],
  star: () => ["polygon", { points: star(12, 6.6) }],
  cross: () => ["path", { d: "M-4.6,-10.4H4.6V-4.6H10.4V4.6H4.6V10.4H-4.6V4.6H-10.4V-4.6H-4.6Z" }],
  line: () => ["rect", { x: -10.6, y: -6.6, width: 21.2, height: 13.2, rx: 6.6 }],
};
const LETTER_Y = { triangle: 3.7, star: 1 };
const LETTER_SIZE = { triangle: 10.5, star: 9.5, cross: 11, line: 11 };

export function make(tag, attrs) {
  const el = document.createElementNS(NS, tag);
  for (const [k, v] of Object.entries(attrs)) el.setAttribute(k, v);
  return el;
}

// How sure a place is decides how its symbol is drawn; five ways that differ without colour.
export const wayOf = (cls) =>
  ({ stand_in: "demo", proposed: "proposed", rehearsal: "proposed", area: "area", unlocated: "unlocated" })[cls] ?? "solid";

// A line that stands for a street whose course nobody surveyed.
export const isRoughCourse = (site) => Boolean(site.geometry?.type.includes("LineString") && site.location_class !== "surveyed" && site.uncertainty_m > 10);

export function symbol(style, way = "solid") {
  const svg = make("svg", { viewBox: "-13 -13 26 26", class: `cp-sym cp-sym-${way}`, "aria-hidden": "true" });
  svg.style.setProperty("--c", style.colour);
  const [tag, attrs] = (OUTLINES[style.shape] ?? OUTLINES.circle)();
  svg.append(make(tag, { ...attrs, class: "cp-sym-body" }));
  if (way === "proposed") svg.append(make(tag, { ...attrs, class: "cp-sym-inner", transform: "scale(.72)" }));
  if (way !== "proposed" || style.letter) {
    const text = make("text", { y: LETTER_Y[style.shape] ?? 0.4, class: "cp-sym-letter" });
    if (LETTER_SIZE[style.shape]) text.style.fontSize = `${LETTER_SIZE[style.shape]}px`;
    text.textContent = style.letter;
    svg.append(text);
  }
  return svg;
}
