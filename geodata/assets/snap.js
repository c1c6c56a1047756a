// Where a point being drawn catches: the nearest place on a street of the map, or on a road of the scenario, within a few pixels.
/* global L */

export const SNAP_PX = 10;

const within = (value, one, other, by) => value >= Math.min(one, other) - by && value <= Math.max(one, other) + by;

// The place on a piece that is nearest, in degrees with longitudes shortened by `squeeze`.
function nearestOn(lon, lat, [ax, ay], [bx, by], squeeze) {
  const [dx, dy] = [(bx - ax) * squeeze, by - ay];
  const length = dx * dx + dy * dy;
  const t = length ? Math.max(0, Math.min(1, ((lon - ax) * squeeze * dx + (lat - ay) * dy) / length)) : 0;
  const at = [ax + t * (bx - ax), ay + t * (by - ay)];
  return { at, far: Math.hypot((lon - at[0]) * squeeze, lat - at[1]) };
}

// `lines` are lists of [lon, lat]; null where none comes near enough.
export function snapped(map, latlng, lines) {
  const at = map.latLngToContainerPoint(latlng);
  const edge = map.containerPointToLatLng(at.add([SNAP_PX, SNAP_PX]));
  const [x, y] = [Math.abs(edge.lng - latlng.lng), Math.abs(edge.lat - latlng.lat)];
  const squeeze = Math.cos(latlng.lat * Math.PI / 180);
  let best = null;
  for (const line of lines) {
    for (let i = 1; i < line.length; i += 1) {
      const [a, b] = [line[i - 1], line[i]];
      if (!within(latlng.lng, a[0], b[0], x) || !within(latlng.lat, a[1], b[1], y)) continue;
      const found = nearestOn(latlng.lng, latlng.lat, a, b, squeeze);
      if (!best || found.far < best.far) best = found;
    }
  }
  if (!best) return null;
  const place = L.latLng(best.at[1], best.at[0]);
  return map.latLngToContainerPoint(place).distanceTo(at) <= SNAP_PX ? place : null;
}
