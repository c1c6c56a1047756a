"""The walking network of one district: frozen arrays, made once from its streets.

Edge `i` is row `i` of the streets. Every edge can be entered at any point of it; between two nodes the shorter of
parallel edges is walked, and a loop (both ends one node) is never a way through, but is entered like any other edge.
"""

from dataclasses import dataclass, fields
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geodata.errors import BadInput
from layers import Text

Ids = npt.NDArray[np.uint32]
Metres = npt.NDArray[np.float64]

ENTERABLE_NODES = 50
"""Fragments of fewer nodes are kept and listed, but nobody enters the network there."""
JOIN_M = 0.001
"""End points that agree to the millimetre are one node."""
LONGER_M = 1e-6
"""A walk is longer or shorter only by more than this: the rest is the rounding of metres."""


@dataclass(frozen=True, eq=False)
class Descent:
    """Where the edges of changed streets come from; the network they were changed from stays as it is.

    Attributes:
        base: the network before.
        edge: the edge of `base` that each edge is a piece of, -1 for a street that was added. Pieces come first, in the
            order of `base` and along each edge; a base edge without a piece was closed.
        from_m: metres along that edge at which the piece begins; 0 for added streets.
        by: number of the change that added each street, -1 for those from before.
    """

    base: "Network"
    edge: npt.NDArray[np.int64]
    from_m: Metres
    by: npt.NDArray[np.int64]

    @cached_property
    def closed(self) -> npt.NDArray[np.bool_]:
        """Which edges of `base` were closed."""
        closed = np.ones(self.base.edges, dtype=bool)
        closed[self.edge[self.edge >= 0]] = False
        return closed


@dataclass(frozen=True, eq=False)
class Network:
    """Streets as arrays, in metres of the district's metric CRS. Nodes run along a Hilbert curve: neighbours lie close.

    Attributes:
        x: node eastings, shape (nodes,).
        y: node northings.
        first_arc: arcs of node `i` are `first_arc[i]:first_arc[i + 1]`, shape (nodes + 1,).
        arc_to: node at the other end of each arc.
        arc_m: length of each arc.
        edge_u: node at the start of each edge's geometry, shape (edges,).
        edge_v: node at its end.
        edge_m: its length along the geometry.
        lines: its geometry, LineString.
        component: number of each node's connected part, 0 the largest.
        enterable: whether each edge belongs to a part of at least ENTERABLE_NODES nodes, here or in the network before.
        descent: set where a scenario changed the streets.
    """

    x: Metres
    y: Metres
    first_arc: Ids
    arc_to: Ids
    arc_m: Metres
    edge_u: Ids
    edge_v: Ids
    edge_m: Metres
    lines: npt.NDArray[np.object_]
    component: Ids
    enterable: npt.NDArray[np.bool_]
    descent: Descent | None = None

    def __post_init__(self) -> None:
        """Freeze every array."""
        for field in fields(self):
            if field.name != "descent":
                getattr(self, field.name).setflags(write=False)

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.x)

    @property
    def edges(self) -> int:
        """How many edges there are."""
        return len(self.edge_m)

    @property
    def nbytes(self) -> int:
        """Bytes held by the arrays; the line objects, shared with the streets, are not counted."""
        return sum(getattr(self, f.name).nbytes for f in fields(self) if f.name not in {"lines", "descent"})

    @cached_property
    def index(self) -> tuple[shapely.STRtree, npt.NDArray[np.int64]]:
        """A search tree over the enterable edges, with the edge number of each of its entries."""
        numbers = np.flatnonzero(self.enterable)
        return shapely.STRtree(self.lines[numbers]), numbers

    @cached_property
    def arc_lengths_m(self) -> tuple[float, float]:
        """Mean and greatest length of the arcs; 0 without any."""
        return (float(self.arc_m.mean()), float(self.arc_m.max())) if len(self.arc_m) else (0.0, 0.0)

    def component_sizes(self) -> npt.NDArray[np.int64]:
        """Return how many nodes each connected part has, the largest first."""
        return np.bincount(self.component).astype(np.int64)


def build_network(streets: gpd.GeoDataFrame, *, base: Network | None = None) -> Network:
    """Build the walking network of `streets`.

    Args:
        streets: LineStrings in a metric CRS, split at junctions. With integer columns `u` and `v` (no gaps) these join
            the edges, so that a bridge need not touch the street below it; else equal end points do.
        base: the network these streets were changed from; the columns `base_edge`, `base_from_m` and `opened_by`
            then say what of it each is (see Descent).

    Raises:
        BadInput: a geometry is missing, not a LineString, or not finite.
    """
    lines = np.asarray(streets.geometry.values, dtype=object)
    length_m, ends = _measure(lines)
    joined = ends.round(int(-np.log10(JOIN_M))) + 0.0  # + 0.0: minus zero is zero
    keys = _keys(streets, joined)
    _, first, node = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(_hilbert(ends[first]), kind="stable")
    rank = np.empty(len(order), dtype=np.uint32)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    node = rank[node.reshape(-1)]
    xy = ends[first][order]
    u, v = node[: len(lines)], node[len(lines) :]
    first_arc, arc_to, arc_m = _arcs(len(xy), u, v, length_m)
    component = _components(len(xy), u, v)
    sizes = np.bincount(component, minlength=1)
    enterable = sizes[component[u]] >= ENTERABLE_NODES
    descent = None
    if base is not None:
        descent = Descent(base, streets["base_edge"].to_numpy(np.int64), streets["base_from_m"].to_numpy(np.float64),
                          streets["opened_by"].to_numpy(np.int64))
        old = descent.edge >= 0
        enterable[old] |= base.enterable[descent.edge[old]]
    return Network(
        x=xy[:, 0].copy(), y=xy[:, 1].copy(), first_arc=first_arc, arc_to=arc_to, arc_m=arc_m,
        edge_u=u, edge_v=v, edge_m=length_m, lines=lines.copy(), component=component,
        enterable=enterable, descent=descent,
    )


def _measure(lines: npt.NDArray[np.object_]) -> tuple[Metres, Metres]:
    """Lengths (edges,), and end points (2 * edges, 2): all starts, then all ends."""
    bad = np.flatnonzero((shapely.get_type_id(lines) != shapely.GeometryType.LINESTRING) | shapely.is_empty(lines))
    if not len(bad):
        xy, line = shapely.get_coordinates(lines, return_index=True)
        first = np.searchsorted(line, np.arange(len(lines)))
        ends = np.vstack([xy[first], xy[np.append(first[1:], len(xy)) - 1]]) if len(lines) else xy
        length_m = np.asarray(shapely.length(lines), dtype=np.float64)
        bad = np.flatnonzero(~np.isfinite(length_m))
    if len(bad):
        raise BadInput(Text(
            "道路第 {row} 行不是有效的单条折线，请把多段线拆成单段，并删除空的几何。",
            "Street row {row} is not one valid line; split multi-part lines and remove empty geometries.",
        ).format(row=int(bad[0]) + 1))
    return length_m, ends.reshape(-1, 2)


def _keys(streets: gpd.GeoDataFrame, ends: Metres) -> npt.NDArray[np.generic]:
    """One sortable key per edge end; equal keys are one node."""
    if {"u", "v"} <= set(streets.columns) and not streets[["u", "v"]].isna().to_numpy().any():
        return np.concatenate([streets["u"].to_numpy(np.int64), streets["v"].to_numpy(np.int64)])
    return np.ascontiguousarray(ends).view(np.complex128).reshape(-1)


def _arcs(nodes: int, u: Ids, v: Ids, length_m: Metres) -> tuple[Ids, Ids, Metres]:
    """Both directions of every edge in compressed rows; loops left out, of parallel edges the shortest kept."""
    way = u != v
    tail = np.concatenate([u[way], v[way]])
    head = np.concatenate([v[way], u[way]])
    metres = np.concatenate([length_m[way], length_m[way]])
    way_of = tail.astype(np.int64) * nodes + head
    order = np.argsort(way_of, kind="stable")
    way_of = way_of[order]
    once = np.flatnonzero(np.concatenate([np.ones(min(1, len(way_of)), bool), way_of[1:] != way_of[:-1]]))
    shortest = np.minimum.reduceat(metres[order], once) if len(once) else metres
    tail, head = tail[order[once]], head[order[once]]
    first_arc = np.zeros(nodes + 1, dtype=np.uint32)
    first_arc[1:] = np.cumsum(np.bincount(tail, minlength=nodes))
    return first_arc, head, shortest


def _components(nodes: int, u: Ids, v: Ids) -> Ids:
    """Connected parts, numbered from the largest, by hooking every label to the smallest beside it."""
    label = np.arange(nodes, dtype=np.int64)
    while True:
        low = np.minimum(label[u], label[v])
        hooked = label.copy()
        np.minimum.at(hooked, label[u], low)
        np.minimum.at(hooked, label[v], low)
        while (jumped := hooked[hooked]).tobytes() != hooked.tobytes():
            hooked = jumped
        if np.array_equal(hooked, label):
            break
        label = hooked
    _, number = np.unique(label, return_inverse=True)
    rank = np.argsort(np.argsort(-np.bincount(number.reshape(-1)), kind="stable"), kind="stable")
    return rank[number.reshape(-1)].astype(np.uint32)


def _hilbert(xy: Metres, bits: int = 16) -> npt.NDArray[np.int64]:
    """Place of each point along a Hilbert curve over their bounding square (Hilbert 1891; bitwise form of Hamilton)."""
    if not len(xy):
        return np.empty(0, dtype=np.int64)
    low = xy.min(axis=0)
    side = max(float((xy.max(axis=0) - low).max()), 1e-9)
    x, y = ((xy - low) / side * (2**bits - 1)).astype(np.int64).T
    place = np.zeros(len(xy), dtype=np.int64)
    s = 2 ** (bits - 1)
    while s:
        right, up = (x & s) > 0, (y & s) > 0
        place += s * s * ((3 * right) ^ up)
        flip = right & ~up
        x, y = np.where(flip, s - 1 - (x & (s - 1)), x & (s - 1)), np.where(flip, s - 1 - (y & (s - 1)), y & (s - 1))
        x, y = np.where(up, x, y), np.where(up, y, x)
        s //= 2
    return place
