// Many shapes by an immutable address, their classes by a short string: recolouring sends the string alone.
/* global L */
import { h } from "./dom.js";
import { fetchJson } from "./fetched.js";

export function addValues(map, id, options) {
  const pane = map.createPane(`v-${id}`);
  pane.style.zIndex = options.z ?? 300;
  const renderer = L.canvas({ pane: `v-${id}`, padding: 0.2 });
  let patch = options.patch ?? null;
  const styleAt = (i) => {
    const entry = patch ? patch.palette[patch.values.charCodeAt(i) - 48] : options.style;
    return entry ? { stroke: false, fill: true, ...entry } : { stroke: false, fill: false, opacity: 0, fillOpacity: 0 };
  };
  const layer = L.geoJSON(null, {
    renderer, pane: `v-${id}`,
    style: (f) => styleAt(f.properties.i),
    pointToLayer: (f, at) => L.circleMarker(at, { radius: options.radius ?? 4 }),
  });
  if (options.tip) {
    layer.bindTooltip((l) => h("span", {}, patch?.tips?.[l.feature.properties.i] ?? l.feature.properties.tip ?? ""), { sticky: true });
  }
  layer.addTo(map);
  const values = {
    url: options.url,
    layer,
    paint(next) {
      if (next && patch && next.values === patch.values && JSON.stringify(next.palette) === JSON.stringify(patch.palette)) {
        patch = next;
        return;
      }
      patch = next ?? patch;
      layer.setStyle((f) => styleAt(f.properties.i));
    },
    load(url) {
      values.url = url;
      return fetchJson(url).then((collection) => {
        if (values.url !== url) return;
        layer.clearLayers();
        layer.addData(collection);
      });
    },
    show(on) { pane.style.display = on ? "" : "none"; },
    setOpacity(value) { pane.style.opacity = value; },
  };
  values.ready = options.url ? values.load(options.url) : Promise.resolve();
  return values;
}
