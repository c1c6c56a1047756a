// The data of a file that carries everything: read from the page itself, coordinates put together from their steps.

const STEPS = 100000;
export const DATA = JSON.parse(document.getElementById("deck-data").textContent);

function unpacked(part) {
  if (typeof part[0] !== "number") return part.map(unpacked);
  const out = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < part.length; i += 2) {
    x += part[i];
    y += part[i + 1];
    out.push([x / STEPS, y / STEPS]);
  }
  return out;
}

export const geometry = (g) => (g.type.endsWith("Point") ? g : { type: g.type, coordinates: unpacked(g.coordinates) });

const GROUND = Promise.resolve().then(() => ({
  type: "FeatureCollection", features: DATA.ground.map((f) => ({ ...f, geometry: geometry(f.geometry) })),
}));

// What the map's scripts ask for by address stands in the page: only the ground is asked for.
export const fetchJson = () => GROUND;
