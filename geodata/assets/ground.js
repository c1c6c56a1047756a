// The quiet ground under the sites: streets by class, water, rail, neighbours, the boundary and the names.
/* global L */
import { h } from "./dom.js";
import { fetchJson } from "./fetched.js";

const WIDTHS = { trunk: 3.4, primary: 3, secondary: 2.3, tertiary: 1.7, residential: 1.1, lane: 0.75, path: 0.6 };
export const tint = (map, name) => getComputedStyle(map.getContainer()).getPropertyValue(`--m-${name}`).trim();

function styleOf(map, part, zoom) {
  const grow = Math.max(0.55, Math.min(4.5, 2 ** ((zoom - 13) * 0.62)));
  const kind = part.kind;
  switch (part.part) {
    case "neighbour":
      return { stroke: true, color: tint(map, "edge"), weight: 1, fillColor: tint(map, "outside"), fillOpacity: 1 };
    case "district":
      return { stroke: false, fillColor: tint(map, "inside"), fillOpacity: 1 };
    case "boundary":
      return { color: tint(map, "boundary"), weight: 1.8, opacity: 0.9, fill: false, dashArray: "7 3 1.5 3" };
    case "water":
      return kind === "line"
        ? { color: tint(map, "water"), weight: 2.4 * grow, fill: false, lineCap: "round" }
        : { stroke: false, fillColor: tint(map, "water"), fillOpacity: 1 };
    case "rail":
      return { color: tint(map, "rail"), weight: Math.max(1.6, 1.8 * grow), fill: false, lineCap: "butt" };
    case "rail_ties":
      return { color: tint(map, "inside"), weight: Math.max(0.8, 1 * grow), dashArray: "6 6", fill: false, lineCap: "butt" };
    default: {
      const faint = (kind === "path" || kind === "lane") && zoom < 13.6;
      return {
        color: tint(map, `street-${kind}`), weight: (WIDTHS[kind] ?? 1) * grow, fill: false,
        opacity: faint ? 0.7 : 1, dashArray: kind === "path" && zoom >= 14.5 ? "3 3" : null,
      };
    }
  }
}

export function addGround(map, options) {
  const pane = map.createPane("ground");
  pane.style.zIndex = 250;
  pane.style.pointerEvents = "none";
  const renderer = L.canvas({ pane: "ground", padding: 0.35 });
  const layers = [];
  let labels = null;
  const restyle = () => {
    const zoom = map.getZoom();
    for (const { part, layer } of layers) layer.setStyle(styleOf(map, part, zoom));
    labels?.place();
  };
  const ground = { ready: null, restyle, streets: [], setQuiet(on) { pane.style.opacity = on ? 0.25 : 1; } };
  ground.ready = fetchJson(options.url).then((collection) => {
    for (const feature of collection.features) {
      if (feature.properties.part === "label") continue;
      const style = styleOf(map, feature.properties, map.getZoom());
      const add = (props) => {
        const layer = L.geoJSON(feature, { renderer, pane: "ground", interactive: false, style: () => styleOf(map, props, map.getZoom()) });
        layers.push({ part: props, layer: layer.addTo(map) });
      };
      if (style) add(feature.properties);
      if (feature.properties.part === "rail") add({ ...feature.properties, part: "rail_ties" });
    }
    ground.streets = collection.features.filter((f) => f.properties.part === "street").flatMap(({ geometry: g }) => (g.type === "LineString" ? [g.coordinates] : g.coordinates));
    labels = addLabels(map, collection.features.filter((f) => f.properties.part === "label"));
    map.on("zoomend", restyle);
    map.on("moveend", () => labels.place());
    labels.place();
    ground.labels = labels;
  });
  return ground;
}

const FIRST = { district: 0, station: 1, rail_station: 1, neighbour: 2, axis: 3, street: 3, rail: 4, place: 5 };

// The side of the dot and the gap to it in px: wider where a symbol stands on the dot itself.
const SIDES = [8, 22].flatMap((gap) => ["right", "left", "top", "bottom"].map((side) => [side, gap]));
const free = (box, others) => !others.some((t) => box.left < t.right + 3 && box.right > t.left - 3 && box.top < t.bottom + 1 && box.bottom > t.top - 1);

// Where the text of a dotted name would stand on one side of its dot; as the style sheet puts it.
function sideBox({ at, text }, side, gap) {
  const { width: w, height: t } = text;
  const left = { right: at.left + gap, left: at.left - gap - w }[side] ?? at.left - w / 2;
  const top = { top: at.top - gap - t, bottom: at.top + gap }[side] ?? at.top - t / 2;
  return { left, right: left + w, top, bottom: top + t };
}

// A neighbour's name that the map's side would cut off is drawn in, where its own place is in view.
function drawnIn({ box, text }, frame) {
  const { left, right, top, bottom } = box.text;
  const shift = box.at.left < frame.left || box.at.left > frame.right ? 0 : Math.max(frame.left + 6 - left, 0) || Math.min(frame.right - 6 - right, 0);
  if (shift) text.style.marginLeft = `${shift}px`;
  return { left: left + shift, right: right + shift, top, bottom };
}

function addLabels(map, features) {
  const pane = map.createPane("labels");
  pane.style.zIndex = 605; // above the demo sites, below what stands at a known place
  pane.style.pointerEvents = "none";
  pane.setAttribute("aria-hidden", "true");
  const made = features.map((feature) => {
    const p = feature.properties;
    const [lng, lat] = feature.geometry.coordinates;
    const text = h("span.cp-label-text");
    const dot = p.dot ? h("i.cp-label-dot") : null;
    const el = h(`div.cp-label.cp-label-${p.kind}`, {}, dot, text);
    const marker = L.marker([lat, lng], {
      pane: "labels", interactive: false, keyboard: false,
      icon: L.divIcon({ html: el, className: "cp-label-box", iconSize: [0, 0] }),
    }).addTo(map);
    return { p, text, el, marker, lat, lng };
  });
  made.sort((a, b) => (FIRST[a.p.kind] ?? 6) - (FIRST[b.p.kind] ?? 6));
  let lang = "zh";
  // Along its line and beside it; Chinese on a steep line stands upright.
  function write({ p, text, el }) {
    text.textContent = p[lang] || p.zh;
    const steep = lang === "zh" && Math.abs(p.angle) > 50;
    el.classList.toggle("cp-label-upright", steep);
    if (p.dot || p.kind === "neighbour") return;
    text.style.transform = steep
      ? `translate(-50%,-50%) rotate(${p.angle - 90 * Math.sign(p.angle)}deg) translateX(13px)`
      : `translate(-50%,-50%) rotate(${p.angle}deg) translateY(-11px)`;
  }
  const labels = {
    speak(next) {
      lang = next;
      for (const m of made) write(m);
      labels.place();
    },
    // Greedy: the more important name stays, one that would touch it goes. A name with a dot takes the free side of it:
    // first one that touches no symbol at all, then one that touches demo sites only.
    place() {
      if (!map.getContainer()?.isConnected) return; // its slide was left before its names came
      const taken = [...map.getContainer().parentElement.querySelectorAll(".cp-map-badge")].map((el) => el.getBoundingClientRect());
      const frame = map.getContainer().getBoundingClientRect();
      const seen = (b) => b.left > frame.left + 2 && b.right < frame.right - 2 && b.top > frame.top && b.bottom < frame.bottom;
      const zoom = map.getZoom();
      const boxes = (ways) => [...map.getContainer().querySelectorAll(ways)].map((el) => el.getBoundingClientRect()).filter((b) => b.width);
      const known = boxes(".cp-mark-solid .cp-sym, .cp-mark-area .cp-sym, .cp-mark-proposed .cp-sym");
      const every = [...known, ...boxes(".cp-mark-demo .cp-sym")];
      const shown = made.filter((m) => {
        const on = zoom >= (m.p.min_zoom ?? 0) && zoom <= (m.p.max_zoom ?? 99);
        m.el.style.display = on ? "" : "none";
        return on;
      });
      for (const m of shown) m.text.style.marginLeft = "";
      for (const m of shown) m.box = { at: m.el.getBoundingClientRect(), text: m.text.getBoundingClientRect() };
      for (const m of shown) {
        let at = m.p.dot ? null : m.p.kind === "neighbour" ? drawnIn(m, frame) : m.box.text;
        if (m.p.dot) {
          const sides = SIDES.map((side) => [side, sideBox(m.box, ...side)]).filter(([, box]) => free(box, taken));
          const best = [(b) => seen(b) && free(b, every), (b) => seen(b) && free(b, known), seen, () => true];
          const [side, box] = best.map((good) => sides.find(([, b]) => good(b))).find(Boolean) ?? [];
          if (box) { m.el.dataset.side = side[0]; m.el.style.setProperty("--gap", `${side[1]}px`); }
          at = box;
        }
        const clash = !at || !free(at, taken);
        m.el.style.display = clash ? "none" : "";
        if (!clash) taken.push(at);
      }
    },
  };
  labels.speak(map.chanheLang ?? "zh");
  return labels;
}

// The word 示意 belongs to the picture: any crop of the map carries it.
export function addWatermark(map, text) {
  const pane = map.getPane("watermark") ?? map.createPane("watermark");
  pane.style.zIndex = 395; // over the ground, under sites and popups
  pane.style.pointerEvents = "none";
  pane.replaceChildren();
  if (map.chanheMark) map.off("move zoomend resize", map.chanheMark);
  if (!text) return;
  const wide = [...text].reduce((sum, c) => sum + (c > "\u2e80" ? 52 : 32), 60);
  const tall = Math.round(wide * 0.62);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${tall}"><text x="50%" y="52%" text-anchor="middle" transform="rotate(-24 ${wide / 2} ${tall / 2})" font-family="Microsoft YaHei,PingFang SC,Noto Sans CJK SC,sans-serif" font-size="38" letter-spacing="8" fill="#808890">${text.replace(/[<>&"]/g, "")}</text></svg>`;
  const mark = h("div.cp-watermark", { "aria-hidden": "true" });
  mark.style.backgroundImage = `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
  pane.append(mark);
  map.chanheMark = () => {
    const size = map.getSize();
    mark.style.width = `${size.x}px`;
    mark.style.height = `${size.y}px`;
    L.DomUtil.setPosition(mark, map.containerPointToLayerPoint([0, 0]));
  };
  map.on("move zoomend resize", map.chanheMark);
  map.chanheMark();
}
