"""Service areas as polygons: the streets within reach, each with a strip on both sides, united.

Two ways to unite them: `united` is exact and what files hold; `drawn` is for the screen, several times faster.
"""

from collections.abc import Callable, Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

from geodata.errors import Misasked
from geodata.network import Network
from geodata.outlines import outline
from geodata.reach import Stretches, reached
from geodata.snapping import Entries
from layers import Text

STRIP_M: Final = 30.0
"""Width of the strip on each side of a reached street: about a plot's depth. The people in a polygon are not counted from
it; whether somebody is served is asked of the walk itself."""
QUARTER_SEGMENTS: Final = 8
"""Straight pieces to a quarter circle; with eight the area is 0.04 to 0.08 % below the round one."""
Unite = Callable[[npt.NDArray[np.object_], float], shapely.Geometry]
"""Makes one geometry of pieces of street and the width on each side."""


def united(pieces: npt.NDArray[np.object_], strip_m: float) -> shapely.Geometry:
    """Return the exact strips, each piece widened by itself and all united: what is exported."""
    return shapely.union_all(shapely.buffer(pieces, strip_m, quad_segs=QUARTER_SEGMENTS))


def drawn(pieces: npt.NDArray[np.object_], strip_m: float) -> shapely.Geometry:
    """Return the strips for the screen: at most half a per cent of the area differs from `united` (see tests/benchmarks)."""
    made = outline(pieces, strip_m)
    return united(pieces, strip_m) if made is None else made


def service_bands(network: Network, node_walk_m: npt.NDArray[np.floating], entries: Entries, bands_m: Sequence[float], *,
                  crs: str, strip_m: float = STRIP_M, unite: Unite = united) -> gpd.GeoDataFrame:
    """Return what lies within each walking distance, as bands that do not overlap.

    The streets are cut exactly where the distance ends, every stretch is widened by `strip_m` and all are united.

    Args:
        network: the streets.
        node_walk_m: walk of every node to its nearest entry.
        entries: where the sites meet the streets.
        bands_m: outer limits in metres, any order.
        crs: of the network.
        strip_m: width on each side of a street.
        unite: `united` or `drawn`.

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
        more = unite(pieces_of(network, stretches, fresh), strip_m)
        whole = more if shapely.is_empty(so_far) else shapely.union(so_far, more)
        shapes.append(shapely.difference(whole, so_far))
        so_far = whole
        length_m = network.edge_m[stretches.edge]
        done[stretches.edge[(stretches.from_m <= 0) & (stretches.to_m >= length_m)]] = True
    return gpd.GeoDataFrame(
        {"from_m": [0.0, *limits[:-1]], "to_m": limits, "street_m": np.diff(street_m), "area_m2": shapely.area(shapes)},
        geometry=shapes, crs=crs)


def pieces_of(network: Network, stretches: Stretches, some: npt.NDArray[np.bool_] | slice = slice(None)) -> npt.NDArray[np.object_]:
    """Return the geometry of the stretches, or of some; whole edges as they are."""
    edge, start, end = stretches.edge[some], stretches.from_m[some], stretches.to_m[some]
    lines = network.lines[edge].copy()
    for i in np.flatnonzero((start > 0) | (end < network.edge_m[edge])):
        lines[i] = substring(lines[i], start[i], end[i])
    return lines
