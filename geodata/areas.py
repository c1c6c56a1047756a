"""Service areas as polygons: the streets within reach, each with a strip on both sides, united."""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

from geodata.errors import Misasked
from geodata.network import Network
from geodata.reach import Stretches, reached
from geodata.snapping import Entries
from layers import Text

STRIP_M: Final = 30.0
"""Width of the strip on each side of a reached street: about a plot's depth. The people in a polygon are not counted from
it; whether somebody is served is asked of the walk itself."""
QUARTER_SEGMENTS: Final = 8
"""Straight pieces to a quarter circle; with eight the area is 0.04 to 0.08 % below the round one."""


def service_bands(network: Network, node_walk_m: npt.NDArray[np.floating], entries: Entries, bands_m: Sequence[float], *,
                  crs: str, strip_m: float = STRIP_M) -> gpd.GeoDataFrame:
    """Return what lies within each walking distance, as bands that do not overlap.

    The streets are cut exactly where the distance ends, every stretch is widened by `strip_m` and all are united.

    Args:
        network: the streets.
        node_walk_m: walk of every node to its nearest entry.
        entries: where the sites meet the streets.
        bands_m: outer limits in metres, any order.
        crs: of the network.
        strip_m: width on each side of a street.

    Returns:
        One row a band from the nearest: `from_m`, `to_m`, `street_m` (metres of street in the band), `area_m2`, polygons;
        a band that reaches nothing is an empty polygon.

    Raises:
        Misasked: a band is not a positive number, or there is none.
    """
    limits = sorted(set(bands_m))
    if not limits or not all(np.isfinite(limit) and limit > 0 for limit in limits):
        raise Misasked(Text(f"服务区的距离须为正数（米），现为：{', '.join(map(str, bands_m)) or '空'}。",
                            f"Service areas need distances above 0 m; found: {', '.join(map(str, bands_m)) or 'none'}."))
    shapes, street_m = [], [0.0]
    so_far: shapely.Geometry = shapely.Polygon()
    done = np.zeros(network.edges, dtype=bool)
    for limit in limits:
        stretches = reached(network, node_walk_m, entries, limit)
        street_m.append(float((stretches.to_m - stretches.from_m).sum()))
        fresh = ~done[stretches.edge]
        strips = shapely.buffer(_pieces(network, stretches, fresh), strip_m, quad_segs=QUARTER_SEGMENTS)
        whole = shapely.union_all([so_far, *strips])
        shapes.append(shapely.difference(whole, so_far) if not shapely.is_empty(so_far) else whole)
        so_far = whole
        length_m = network.edge_m[stretches.edge]
        done[stretches.edge[(stretches.from_m <= 0) & (stretches.to_m >= length_m)]] = True
    return gpd.GeoDataFrame(
        {"from_m": [0.0, *limits[:-1]], "to_m": limits, "street_m": np.diff(street_m), "area_m2": shapely.area(shapes)},
        geometry=shapes, crs=crs)


def _pieces(network: Network, stretches: Stretches, fresh: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    """The geometry of some of the stretches; whole edges as they are."""
    edge, start, end = stretches.edge[fresh], stretches.from_m[fresh], stretches.to_m[fresh]
    lines = network.lines[edge].copy()
    for i in np.flatnonzero((start > 0) | (end < network.edge_m[edge])):
        lines[i] = substring(lines[i], start[i], end[i])
    return lines
