"""Streets drawn as plain lines become a network: split where they meet in plan, unless a bridge or tunnel passes over or under."""

from collections import defaultdict
from itertools import pairwise
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray

from geodata.checks import ROW
from geodata.errors import Problem
from layers import Text

CLOSE_M: Final = 0.5
"""An end this near another line, metres, was meant to touch it and is moved onto it."""
GAP_M: Final = 5.0
"""An end that stops within this of another line, metres, is reported: it may have been meant to touch."""
_SAME_M: Final = 0.02
_NO: Final = frozenset({"", "no", "0", "0.0", "false", "f", "否", "none", "nan", "<na>"})

Floats = NDArray[np.float64]
Objects = NDArray[np.object_]


def node_streets(streets: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Return streets split at their junctions with `u`, `v`, `edge_id`, and the small gaps found.

    Args:
        streets: lines in a metric CRS with ROW; `bridge`, `tunnel` and `level` (or `layer`) say what passes over what. Lines of different
            levels meet at their ends only.
    """
    lines = streets[streets.geometry.notna()].explode(index_parts=False, ignore_index=True)
    lines = lines[(lines.geom_type == "LineString") & (lines.length > _SAME_M)].reset_index(drop=True)
    level = levels(lines)
    shapes: Objects = shapely.force_2d(lines.geometry.to_numpy())
    shapes, cuts = _joined(shapes, level)
    for line, metres in _crossings(shapes, level):
        cuts[line].append(metres)
    source, pieces = _cut(shapes, cuts)
    pieces, u, v = _numbered(pieces)
    edges = lines.iloc[source].reset_index(drop=True).set_geometry(gpd.GeoSeries(pieces, crs=streets.crs))
    edges = edges.assign(u=u, v=v, edge_id=np.arange(len(edges), dtype=np.int64))
    return edges, _gaps(lines, shapes, level, edges)


def levels(lines: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the level each line runs on: what it says, else 1 on a bridge, -1 in a tunnel, 0 on the ground."""
    level = np.zeros(len(lines), dtype=np.int64)
    for name, value in (("bridge", 1), ("tunnel", -1)):
        if name in lines:
            said = lines[name].astype(object).where(lines[name].notna(), "").astype(str).str.strip().str.lower()
            level[(~said.isin(_NO)).to_numpy()] = value
    for name in ("layer", "level"):
        if name in lines:
            said = lines[name].astype(object).where(lines[name].notna(), "").astype(str).str.strip()
            whole = said.str.fullmatch(r"-?\d+(\.0+)?").to_numpy(dtype=bool)
            level[whole] = np.where(said[whole].astype(float).to_numpy() == 0, level[whole], said[whole].astype(float).to_numpy().astype(np.int64))
    return level


def _joined(shapes: Objects, level: NDArray[np.int64]) -> tuple[Objects, dict[int, list[float]]]:
    """Return lines whose ends lie exactly on what they were meant to touch, and where that cuts the other line."""
    cuts: dict[int, list[float]] = defaultdict(list)
    coords = [shapely.get_coordinates(shape) for shape in shapes]
    tree = shapely.STRtree(shapes)
    for end in (0, -1):
        points = shapely.points(np.array([c[end] for c in coords]).reshape(-1, 2))
        which, other = tree.query(points, predicate="dwithin", distance=CLOSE_M)
        order = np.lexsort((shapely.distance(points[which], shapes[other]), which)) if len(which) else np.zeros(0, int)
        done: set[int] = set()
        for line, target in zip(which[order], other[order], strict=True):
            if line == target or line in done:
                continue
            metres = float(shapely.line_locate_point(shapes[target], points[line]))
            length = float(shapely.length(shapes[target]))
            metres = 0.0 if metres < CLOSE_M else length if metres > length - CLOSE_M else metres
            if metres not in {0.0, length} and abs(level[line]) < abs(level[target]):
                continue  # a street that ends beneath a bridge does not touch it
            done.add(int(line))
            coords[line][end] = shapely.get_coordinates(shapely.line_interpolate_point(shapes[target], metres))[0]
            cuts[int(target)].append(metres)
    return np.array([shapely.linestrings(c) for c in coords], dtype=object), cuts


def _crossings(shapes: Objects, level: NDArray[np.int64]) -> list[tuple[int, float]]:
    """Return where lines of one level meet in plan, as (line, metres along it)."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    keep = (one < other) & (level[one] == level[other])
    one, other = one[keep], other[keep]
    met = shapely.intersection(shapes[one], shapes[other])
    spots, pair = shapely.get_coordinates(met, return_index=True)
    points = shapely.points(spots)
    return [(int(line), float(metres)) for side in (one, other)
            for line, metres in zip(side[pair], shapely.line_locate_point(shapes[side[pair]], points), strict=True)]


def _cut(shapes: Objects, cuts: dict[int, list[float]]) -> tuple[NDArray[np.int64], Objects]:
    """Return the pieces between cuts, and which line each comes from."""
    source: list[int] = []
    pieces: list[Any] = []
    for line, shape in enumerate(shapes):
        length = float(shape.length)
        at = [0.0, *sorted(m for m in cuts.get(line, []) if _SAME_M < m < length - _SAME_M), length]
        stops = [at[0], *(b for a, b in pairwise(at) if b - a > _SAME_M)]
        stops[-1] = length
        for start, stop in pairwise(stops):
            source.append(line)
            pieces.append(shape if len(stops) == 2 else shapely.ops.substring(shape, start, stop))
    return np.array(source, dtype=np.int64), np.array(pieces, dtype=object)


def _numbered(pieces: Objects) -> tuple[Objects, NDArray[np.int64], NDArray[np.int64]]:
    """Return the pieces with ends that meet made equal, and the number of the node at either end."""
    coords = [shapely.get_coordinates(piece) for piece in pieces]
    ends = np.array([[c[0], c[-1]] for c in coords]).reshape(-1, 2)
    points = shapely.points(ends)
    near, one = shapely.STRtree(points).query(points, predicate="dwithin", distance=_SAME_M)
    first = np.arange(len(ends))
    np.minimum.at(first, near, one)
    while (first != first[first]).any():
        first = first[first]
    _, node = np.unique(first, return_inverse=True)
    for number, c in enumerate(coords):
        c[0], c[-1] = ends[first[2 * number]], ends[first[2 * number + 1]]
    made = np.array([shapely.linestrings(c) for c in coords], dtype=object)
    return made, node[0::2].astype(np.int64), node[1::2].astype(np.int64)


def _gaps(lines: gpd.GeoDataFrame, shapes: Objects, level: NDArray[np.int64], edges: gpd.GeoDataFrame) -> list[Problem]:
    """Find dead ends that stop just short of another line of their level."""
    both, pieces = np.concatenate([edges["u"], edges["v"]]), edges.geometry.to_numpy()
    degree = np.bincount(both)
    ends = np.concatenate([shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)])[degree[both] == 1]
    loose, near = shapely.STRtree(shapes).query(ends, predicate="dwithin", distance=GAP_M)
    metres = shapely.distance(ends[loose], shapes[near])
    own = {int(i): int(n) for i, n, m in zip(loose, near, metres, strict=True) if m <= _SAME_M}
    found = {int(i): (own[int(i)], float(m)) for i, n, m in sorted(zip(loose, near, metres, strict=True), key=lambda t: -t[2])
             if m > CLOSE_M and int(i) in own and level[n] == level[own[int(i)]]}
    return [Problem(int(lines[ROW].iloc[line]), "geometry", f"{m:.1f} m", "small_gap", Text(f"端点距另一条路 {m:.1f} 米而未相接。", f"An end stops {m:.1f} m short of another street."),
                    Text("如应相接，请在原图中连通。", "Join them in the drawing if they meet."), "warning") for line, m in found.values()]
