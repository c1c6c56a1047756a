// Elements built from plain values: text always enters as text, never as markup.

export function h(spec, attrs = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const el = document.createElement(tag || "div");
  if (classes.length) el.className = classes.join(" ");
  for (const [name, value] of Object.entries(attrs)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "indeterminate") el[name] = value;
    else if (name === "style") el.style.cssText = value;
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  fill(el, children);
  return el;
}

export function fill(el, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    el.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return el;
}

export function replace(el, ...children) {
  el.textContent = "";
  return fill(el, children);
}

// Where the focus is now, to go back to: the element, or what has taken its place when its list was built anew.
export function comeBack(el, root) {
  const mark = ["row", "place", "sort", "tool", "site"].find((name) => el?.dataset?.[name] !== undefined);
  const query = el?.id ? `#${CSS.escape(el.id)}` : mark ? `[data-${mark}="${CSS.escape(el.dataset[mark])}"]` : null;
  return () => {
    const here = el !== document.body && el?.isConnected && el.getClientRects().length ? el : query && root.querySelector(query);
    (here?.getClientRects().length ? here : root.querySelector(".cp-map"))?.focus({ preventScroll: true });
  };
}

export const number = (value, digits = 0) =>
  Number(value).toLocaleString("en-US", { maximumFractionDigits: digits });

// "{n} places" with {n: 3} becomes "3 places"; unknown names stay visible.
export const format = (text, values = {}) =>
  String(text ?? "").replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

// A sentence whose figures stand out; no line begins with the dot behind one.
export function withFigures(sentence) {
  return sentence.split(/(\d+(?:[.,]\d+)*(?: ·)?)/).map((part, i) => {
    if (i % 2 === 0) return part;
    const figure = h("b.cp-figure", {}, part.replace(" ·", ""));
    return part.endsWith("·") ? h("span.cp-nowrap", {}, figure, " ·") : figure;
  });
}

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export function metres(value) {
  return value >= 1000 ? `${number(value / 1000, 2)} km` : `${number(value)} m`;
}

const ICONS = {
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10M6 6h4v4H6z",
  full: "M9.5 2.5h4v4M13.5 2.5l-4.5 4.5M6.5 13.5h-4v-4M2.5 13.5l4.5-4.5",
  ruler: "M1.8 10.6l8.8-8.8 3.6 3.6-8.8 8.8zM4.4 8l1.6 1.6M6.6 5.8l1.2 1.2M8.6 3.8l1.6 1.6",
  map: "M1.8 4l4-1.6 4.4 1.6 4-1.6v9.6l-4 1.6-4.4-1.6-4 1.6zM5.8 2.4v9.6M10.2 4v9.6",
  table: "M2 3h12v10H2zM2 6.4h12M2 9.7h12M6 6.4V13",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.4 10.4L14 14",
  filter: "M2 3.5h12M4.5 8h7M6.5 12.5h3",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  down: "M3.5 6l4.5 4.5L12.5 6",
  pin: "M8 14.5S3.2 10 3.2 6.5a4.8 4.8 0 0 1 9.6 0C12.8 10 8 14.5 8 14.5zM8 8a1.6 1.6 0 1 0 0-3.2A1.6 1.6 0 0 0 8 8z",
  upload: "M8 10.5v-8M4.8 5.4L8 2.2l3.2 3.2M2.5 10.5v3h11v-3",
  download: "M8 2.5v8M4.8 7.4L8 10.6l3.2-3.2M2.5 10.5v3h11v-3",
  link: "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2a2.6 2.6 0 0 0-3.7-3.7l-.9.9M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l.9-.9",
  back: "M10 3L5 8l5 5",
  on: "M6 3l5 5-5 5",
  up: "M3.5 10L8 5.5l4.5 4.5",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  screen: "M2 3h12v8H2zM8 11v2.5M5 13.5h6",
  notes: "M3 2.5h10v11H3zM5.5 6h5M5.5 8.5h5M5.5 11h3",
  empty: "M4 2h5.5L12.5 5v9H4zM9.5 2v3h3",
  undo: "M5.5 3L2.5 6l3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H6",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "cp-icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
