"""Added roads joined to the streets: where they meet, what is cut there, and the streets that come of it.

Every place where lines meet becomes a cut on both, and a cut a node. Lines that touch share the node; lines that only
come near are joined by the straight piece between them, which is walked, so that no walk becomes shorter than the
straight line. What is cut keeps its length to the rounding of floats, and no other edge changes at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
import shapely.ops

from geodata.changes import NEAR_STREET_M, CloseGate, CloseStreet, OpenGate, OpenRoad
from geodata.network import Network
from geodata.snapping import Barriers, Numbers, crosses

TOUCH_M = 1e-6
"""Lines this near touch; cuts this near each other are one."""
Meeting = tuple[float, float, float]
"""Metres along one line, metres along the other, and the metres between."""


@dataclass(frozen=True, slots=True)
class RoadEnds:
    """How the two ends of an added road are joined.

    Attributes:
        short_m: metres from the line's start and from its end to the nearest street from before that is open.
        joined: whether the start, and whether the end, is joined to a street from before: near enough, and neither rail nor
            water between.
        roads: other added roads that the start, and that the end, is joined to; positions in the list.
        joins: how many streets and added roads it is joined to.
    """

    short_m: tuple[float, float]
    joined: tuple[bool, bool]
    roads: tuple[tuple[int, ...], tuple[int, ...]]
    joins: int


@dataclass(frozen=True, eq=False)
class Joined:
    """Changed streets.

    Attributes:
        streets: the frame of a changed District: `u`, `v`, `base_edge`, `base_from_m`, and `opened_by`, the position in
            the list of changes of what added it, -1 for a street from before.
        ends: for each road, by its position in the list of changes.
    """

    streets: gpd.GeoDataFrame
    ends: dict[int, RoadEnds]


_Bridges = dict[tuple[int, int], tuple[shapely.LineString, int, int]]
"""By the nodes at its ends: a piece that joins an added road or a gate to something near, the change it is of, and what it leads to."""


@dataclass(eq=False)
class _Knots:
    """Cuts along every line and the nodes they are; nodes found to be one are united.

    Of a closed gate `gates` holds, by the node at which one piece ends, the node at which the next begins.
    """

    network: Network
    roads: dict[int, shapely.LineString]
    cuts: dict[int, list[tuple[float, int]]] = field(default_factory=dict)
    gates: dict[int, int] = field(default_factory=dict)
    same: dict[int, int] = field(default_factory=dict)
    following: int = 0

    def __post_init__(self) -> None:
        self.following = self.network.nodes
        for number, line in self.roads.items():
            start = self.new()
            loop = shapely.distance(shapely.get_point(line, 0), shapely.get_point(line, -1)) <= TOUCH_M
            self.cuts[number] = [(0.0, start), (float(line.length), start if loop else self.new())]

    def new(self) -> int:
        """One more node."""
        self.following += 1
        return self.following - 1

    def line(self, number: int) -> shapely.LineString:
        """An edge before, or a road."""
        return self.roads[number] if number in self.roads else self.network.lines[number]

    def node(self, number: int, at_m: float) -> int:
        """The node at a place of a line, cut there if it is not yet one."""
        if number not in self.roads and number not in self.cuts:
            ends = int(self.network.edge_u[number]), int(self.network.edge_v[number])
            self.cuts[number] = [(0.0, ends[0]), (float(self.network.edge_m[number]), ends[1])]
        for known_m, node in self.cuts[number]:
            if abs(known_m - at_m) <= TOUCH_M:
                return node
        self.cuts[number].append((at_m, self.new()))
        return self.cuts[number][-1][1]

    def root(self, node: int) -> int:
        """The node that stands for all that are one with it."""
        while node in self.same:
            node = self.same[node]
        return node

    def unite(self, one: int, other: int) -> None:
        """Two nodes are one; the one from before stays."""
        low, high = sorted((self.root(one), self.root(other)))
        if low != high:
            self.same[high] = low


def join_streets(streets: gpd.GeoDataFrame, network: Network, changes: Sequence[object], *, closed: npt.NDArray[np.bool_],
                 barriers: Barriers) -> Joined:
    """Return the streets that a scenario makes of `streets`.

    Args:
        streets: as in a District.
        network: their network.
        changes: those that are roads and gates count here; the position in the list is their name.
        closed: which edges are closed.
        barriers: rail and water; no piece that bridges the way between a road and a street crosses one. The road itself
            may: it is then a bridge.
    """
    first = network.edges
    roads = {first + i: c.line for i, c in enumerate(changes) if isinstance(c, OpenRoad)}
    within = {first + i: c.within_m for i, c in enumerate(changes) if isinstance(c, OpenRoad)}
    knots = _Knots(network, roads)
    bridges: _Bridges = {}
    ends = {}
    open_edges = np.flatnonzero(~closed)
    tree = shapely.STRtree(network.lines[open_edges])
    for number, line in roads.items():
        near = [int(e) for e in np.sort(open_edges[tree.query(line, predicate="dwithin", distance=within[number])])]
        near += [n for n, other in roads.items() if n != number and line.distance(other) <= max(within[number], within[n])]
        joins = 0
        tips = [shapely.get_point(line, end) for end in (0, -1)]
        met: tuple[set[int], set[int]] = (set(), set())
        for other in near:
            reach_m = max(within[number], within.get(other, 0.0))
            for meeting in meetings(line, knots.line(other), reach_m):
                if not _join(knots, bridges, (number, other), meeting, barriers):
                    continue
                joins += 1
                for side, (tip, at_m) in enumerate(zip(tips, (0.0, float(line.length)), strict=True)):
                    # Of places so near each other one join is made, so the end's own may be this far along.
                    if abs(meeting[0] - at_m) <= 2 * reach_m + TOUCH_M and tip.distance(knots.line(other)) <= reach_m + TOUCH_M:
                        met[side].add(other)
        short_m = [float(shapely.distance(tip, network.lines[open_edges[tree.nearest(tip)]])) if len(open_edges) else np.inf for tip in tips]
        joined = [any(other < first for other in others) for others in met]
        beside = [tuple(sorted(other - first for other in others if other >= first)) for others in met]
        ends[number - first] = RoadEnds((short_m[0], short_m[1]), (joined[0], joined[1]), (beside[0], beside[1]), joins)
    for i, change in enumerate(changes):
        if isinstance(change, OpenGate):
            _open_gate(knots, bridges, change, i, streets_at_gate(network, open_edges, tree, change))
    for edge, at_m in gates_closed(network, changes, closed):
        _close_gate(knots, edge, at_m)
    return Joined(_assembled(streets, knots, changes, closed, bridges), ends)


def meetings(one: shapely.LineString, other: shapely.LineString, within_m: float) -> list[Meeting]:
    """Return where two lines meet: every touch, and between touches the nearest places within `within_m`.

    Of places less than twice `within_m` apart along `one` the nearest to `other` counts.
    """
    shared = shapely.get_coordinates(shapely.intersection(one, other))
    corners = np.concatenate([shared, shapely.get_coordinates(one), shapely.get_coordinates(other),
                              shapely.get_coordinates(shapely.shortest_line(one, other))[:1]])
    points = shapely.points(corners)
    here, there = shapely.line_locate_point(one, points), shapely.line_locate_point(other, points)
    own, others = shapely.line_interpolate_point(one, here), shapely.line_interpolate_point(other, there)
    # From a corner of either line to the nearest place on the other one.
    back, over = shapely.line_locate_point(one, others), shapely.line_locate_point(other, own)
    at, along = np.concatenate([here, back]), np.concatenate([over, there])
    gap = shapely.distance(shapely.line_interpolate_point(one, at), shapely.line_interpolate_point(other, along))
    found: list[Meeting] = []
    for i in np.lexsort((along, at, np.where(gap <= TOUCH_M, 0.0, gap))):
        if gap[i] > within_m + TOUCH_M:
            break
        apart_m = TOUCH_M if gap[i] <= TOUCH_M else 2 * within_m
        if all(abs(at[i] - a) > apart_m or (gap[i] <= TOUCH_M and abs(along[i] - b) > apart_m) for a, b, _ in found):
            found.append((float(at[i]), float(along[i]), float(gap[i])))
    return found


def _join(knots: _Knots, bridges: _Bridges, lines: tuple[int, int],
          meeting: Meeting, barriers: Barriers) -> int:
    """Cut both lines where they meet and join the cuts; 0 where rail or water lies between."""
    one, other = lines
    at, along, gap = meeting
    start = knots.line(one).interpolate(at)
    end = knots.line(other).interpolate(along)
    if gap > TOUCH_M and crosses(shapely.get_coordinates(start), shapely.get_coordinates(end), barriers)[0]:
        return 0
    nodes = knots.node(one, at), knots.node(other, along)
    if gap <= TOUCH_M:
        knots.unite(*nodes)
    else:
        bridges.setdefault((min(nodes), max(nodes)), (shapely.LineString([start, end]) if nodes[0] < nodes[1] else
                                                      shapely.LineString([end, start]), one - knots.network.edges, other))
    return 1


def streets_closed(network: Network, change: CloseStreet) -> Numbers:
    """Return the edges that a CloseStreet closes, in order; none where it lies on no street."""
    tree = shapely.STRtree(network.lines)
    if shapely.get_dimensions(change.shape) == 0:
        near = tree.query_nearest(change.shape, max_distance=max(change.within_m, NEAR_STREET_M), all_matches=False)
        return np.sort(near)
    near = np.sort(tree.query(change.shape, predicate="dwithin", distance=change.within_m))
    beside = shapely.buffer(change.shape, change.within_m)
    whole = near[shapely.covers(beside, network.lines[near])]
    if len(whole):
        return np.asarray(whole, dtype=np.int64)
    around = shapely.buffer(network.lines[near], change.within_m)
    return np.asarray(near[shapely.covers(around, change.shape)][:1], dtype=np.int64)


def gates_closed(network: Network, changes: Sequence[object], closed: npt.NDArray[np.bool_]) -> list[tuple[int, float]]:
    """Return edge and offset of every gate that is closed at the end of the list; on a closed street there is none to close."""
    tree = shapely.STRtree(network.lines)
    shut: list[tuple[int, float]] = []
    for change in changes:
        if isinstance(change, OpenGate):
            shut = [gate for gate in shut if not _is_at(network, gate, change)]
        if isinstance(change, CloseGate):
            edges = streets_of_gate(network, tree, change.place)
            shut += [(edge, float(network.lines[edge].project(change.place))) for edge in edges[~closed[edges]][:1].tolist()]
    return shut


def streets_of_gate(network: Network, tree: shapely.STRtree, place: shapely.Point) -> Numbers:
    """Return the edges a gate stands on, in order: the nearest within NEAR_STREET_M, several where they meet, none where all are farther.

    Args:
        network: the streets.
        tree: of all their lines.
        place: of the gate.
    """
    near = np.sort(tree.query(place, predicate="dwithin", distance=NEAR_STREET_M))
    away = shapely.distance(network.lines[near], place)
    return np.asarray(near[away <= away.min(initial=np.inf) + TOUCH_M], dtype=np.int64)


def _is_at(network: Network, gate: tuple[int, float], change: OpenGate) -> bool:
    """Whether an OpenGate means this closed gate."""
    return bool(network.lines[gate[0]].interpolate(gate[1]).distance(change.place) <= max(change.within_m, NEAR_STREET_M))


def streets_at_gate(network: Network, open_edges: Numbers, tree: shapely.STRtree, change: OpenGate) -> list[tuple[int, float]]:
    """Return edge and offset of the streets a gate opens into, each node once."""
    near = np.sort(open_edges[tree.query(change.place, predicate="dwithin", distance=change.within_m)])
    seen: dict[object, tuple[int, float]] = {}
    for edge in near.tolist():
        at_m, length_m = float(network.lines[edge].project(change.place)), float(network.edge_m[edge])
        node = int(network.edge_u[edge]) if at_m <= TOUCH_M else int(network.edge_v[edge]) if at_m >= length_m - TOUCH_M else (edge, at_m)
        seen.setdefault(node, (edge, at_m))
    return list(seen.values())


def _open_gate(knots: _Knots, bridges: _Bridges, change: OpenGate, by: int,
               places: list[tuple[int, float]]) -> None:
    """Join the streets at a gate by way of the gate itself; a lone street stays as it is."""
    if len(places) < 2:
        return
    hub = knots.new()
    for edge, at_m in places:
        node = knots.node(edge, at_m)
        end = knots.line(edge).interpolate(at_m)
        if end.distance(change.place) <= TOUCH_M:
            knots.unite(node, hub)
        else:
            bridges[node, hub] = (shapely.LineString([end, change.place]), by, edge)


def _close_gate(knots: _Knots, edge: int, at_m: float) -> None:
    """Part a street at a point: the piece that ends there and the piece that begins there share no node."""
    knots.node(edge, 0.0)
    at_m = min(max(at_m, 2 * TOUCH_M), float(knots.network.edge_m[edge]) - 2 * TOUCH_M)
    node = knots.node(edge, at_m)
    knots.gates[node] = knots.new()


def _assembled(streets: gpd.GeoDataFrame, knots: _Knots, changes: Sequence[object], closed: npt.NDArray[np.bool_],
               bridges: _Bridges) -> gpd.GeoDataFrame:
    """Pieces of the streets before in their order, then the added roads and what joins them."""
    network = knots.network
    rows: list[int] = []
    parts: list[tuple[shapely.LineString, int, int, float]] = []
    for edge in np.flatnonzero(~closed).tolist():
        pieces = _pieces(knots, edge) if edge in knots.cuts else [
            (network.lines[edge], int(network.edge_u[edge]), int(network.edge_v[edge]), 0.0)]
        rows += [edge] * len(pieces)
        parts += pieces
    before = streets.iloc[rows].reset_index(drop=True)
    added, by = [], []
    for number in knots.roads:
        pieces = _pieces(knots, number)
        added += pieces
        by += [number - network.edges] * len(pieces)
    driven = [_driven(changes, number) for number in by]
    for (u, v), (line, change, other) in bridges.items():
        if knots.root(u) != knots.root(v):
            added.append((line, u, v, 0.0))
            by.append(change)
            met = _driven(changes, other - network.edges) if other >= network.edges else bool(streets["vehicle"].iloc[other])
            driven.append(met and _driven(changes, change))
    table = before.assign(base_edge=np.asarray(rows, np.int64), base_from_m=[p[3] for p in parts], opened_by=np.int64(-1))
    if added:
        table = pd.concat([pd.DataFrame(table), _described(streets, changes, by, driven)], ignore_index=True)
    every = [*parts, *added]
    table["u"] = np.asarray([knots.root(u) for _, u, _, _ in every], dtype=np.int64)
    table["v"] = np.asarray([knots.root(v) for _, _, v, _ in every], dtype=np.int64)
    return gpd.GeoDataFrame(table.drop(columns="geometry"), geometry=gpd.GeoSeries([p[0] for p in every], crs=streets.crs),
                            crs=streets.crs)


def _pieces(knots: _Knots, number: int) -> list[tuple[shapely.LineString, int, int, float]]:
    """A line cut at its nodes: piece, node at its start, node at its end, metres along the line where it begins."""
    line, stops = knots.line(number), sorted(knots.cuts[number])
    found = []
    for (start, u), (end, v) in pairwise(stops):
        piece = line if len(stops) == 2 else shapely.ops.substring(line, start, end)
        found.append((piece, knots.gates.get(u, u), v, start))
    return found


def _driven(changes: Sequence[object], number: int) -> bool:
    """Whether an added road carries vehicles; what joins it to a footpath does not, or a driver would meet a dead end there."""
    change = changes[number]
    return isinstance(change, OpenRoad) and change.vehicle


def _described(streets: gpd.GeoDataFrame, changes: Sequence[object], by: list[int], driven: list[bool]) -> pd.DataFrame:
    """What an added street says of itself."""
    following = int(streets["edge_id"].max()) + 1 if len(streets) else 1
    rows = []
    for i, number in enumerate(by):
        change = changes[number]
        road = change if isinstance(change, OpenRoad) else None
        name = change.name if isinstance(change, OpenRoad | OpenGate) else None
        rows.append({"edge_id": following + i, "class": road.street_class if road else "path", "vehicle": driven[i],
                     "name_zh": name.zh if name else "", "name_en": name.en if name else "",
                     "base_edge": -1, "base_from_m": 0.0, "opened_by": number})
    return pd.DataFrame(rows)
