"""The sketch's streets: planned straight between main streets, joined into one network, bent, and thinned to look grown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geodata.blocks import Cut, Manner, cut_land
from geodata.terrain import (
    ARTERIALS,
    AXES,
    Bend,
    Drawn,
    city,
    curve,
    make_bend,
    old_streets,
    straight,
    villages,
)

Metres = npt.NDArray[np.float64]

WIDEST_FIRST: Final = ("primary", "secondary", "tertiary", "residential", "lane", "path")
_GRID_M: Final = 0.01
_BENDS: Final = ((900.0, 55.0), (330.0, 22.0), (150.0, 5.0))  # lattice side and greatest offset; together they never fold the plane
_RAGGED_M: Final = 120.0  # streets end up to this far inside the clearance, so that their ends trace no outline
_STUB_M: Final = 22.0
_SHORTEST_M: Final = 5.0
_APART_M: Final = 1.0
_BANK_M: Final = 12.0
_SMOOTH_M: Final = 1.0
_GAP_M: Final = (100.0, 220.0)
_GAP_STUB_M: Final = 20.0
_GAP_NEAR: Final = ((5550.0, 2900.0), (3795.0, 4020.0), (2950.0, 6900.0))  # the second where a street crosses the railway
_LEFT_OUT: Final = {"residential": 0.04, "lane": 0.08, "path": 0.09}


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """A street between two junctions: its vertices (n, 2) in metres, its class, its names."""

    xy: Metres
    kind: str
    name_zh: str = ""
    name_en: str = ""

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Its two junctions, to the centimetre."""
        (a, b), (c, d) = self.xy[0].tolist(), self.xy[-1].tolist()
        return (round(a, 2), round(b, 2)), (round(c, 2), round(d, 2))

    @property
    def metres(self) -> float:
        """Its length."""
        return float(np.sqrt((np.diff(self.xy, axis=0) ** 2).sum(axis=1)).sum())


def make_streets(boundary: shapely.Polygon, rails: Sequence[Metres], water: Sequence[shapely.Polygon], *, clear_m: float,
                 seed: int) -> tuple[list[Edge], list[Metres]]:
    """Make the streets and the three missing links.

    Args:
        boundary: the district, metres from `terrain.ORIGIN_M`.
        rails: vertices of the railways, likewise.
        water: the river, then the ponds, likewise.
        clear_m: how far every street stays from the boundary.
        seed: of all that is random.

    Returns:
        Edges that meet at equal end points, one connected network, and the vertices of each missing link.
    """
    for_bend, for_streets, for_lanes, for_ends, for_fringe, for_thinning = (np.random.RandomState([seed, s]) for s in range(6))
    bend = make_bend(for_bend, _BENDS)
    plan = _planned(bend, water[0])
    faces = _faces(_flat(boundary, bend), plan, _barriers(rails, water[0], bend))
    streets, blocks = cut_land(faces, _vehicle_manner(), for_streets)
    lanes, _ = cut_land(blocks, _lane_manner(), for_lanes)
    shores = [_shore(pond, bend) for pond in water[1:]]
    pieces = [*plan, *shores, *(Drawn(c.kind, c.line.coords) for c in streets), *_culs_de_sac(lanes, for_ends)]
    edges = _bent(_drawn_together(_joined(pieces)), bend)
    edges = _apart(_on_land(edges, water[1:]))
    edges = _clipped(edges, shapely.buffer(boundary, -clear_m), for_fringe)
    return _open_gaps(_connected(_thinned(edges, for_thinning)))


def _flat(shape: shapely.Geometry, bend: Bend) -> shapely.Geometry:
    """Return a shape as it was before the plane is bent."""
    return shapely.make_valid(shapely.transform(shapely.segmentize(shape, 30.0), bend.unbend))


def _planned(bend: Bend, river: shapely.Polygon) -> list[Drawn]:
    """Return axes, main streets and riverside paths on the unbent plane."""
    axes = [replace(a, points=_points(bend.unbend(straight(a.points)))) for a in AXES]
    mains = [replace(a, points=_points(bend.unbend(curve(a.points)))) for a in ARTERIALS]
    banks = [Drawn("path", _points(bend.unbend(side))) for side in _banks(river)]
    return [*axes, *mains, *banks]


def _points(xy: Metres) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in xy)


def _banks(river: shapely.Polygon) -> list[Metres]:
    """Return the two sides of a river that is drawn down one bank and up the other, a little inland."""
    ring = np.asarray(river.exterior.coords)[:-1]
    half = len(ring) // 2
    return [shapely.get_coordinates(shapely.offset_curve(shapely.LineString(side), _BANK_M)) for side in (ring[:half], ring[half:])]


def _shore(pond: shapely.Polygon, bend: Bend) -> Drawn:
    """Return the path round a pond, on the unbent plane."""
    return Drawn("path", _points(bend.unbend(shapely.get_coordinates(pond.buffer(_BANK_M).simplify(2.0).exterior))))


def _on_land(edges: Sequence[Edge], ponds: Sequence[shapely.Polygon]) -> list[Edge]:
    """Leave out what lies within the paths round the ponds."""
    wet = shapely.union_all([pond.buffer(_BANK_M - 3.0) for pond in ponds])
    dry = ~shapely.intersects(wet, [shapely.LineString(e.xy) for e in edges])
    return [edge for edge, keep in zip(edges, dry, strict=True) if keep]


def _barriers(rails: Sequence[Metres], river: shapely.Polygon, bend: Bend) -> shapely.Geometry:
    """Return the ground no local street is cut through, on the unbent plane."""
    return _flat(shapely.union_all([river.buffer(_BANK_M), *(shapely.LineString(r).buffer(16.0) for r in rails)]), bend)


def _faces(land: shapely.Geometry, plan: Iterable[Drawn], barriers: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the land between main streets and barriers, from west to east."""
    lines = [shapely.boundary(land), shapely.boundary(barriers), *(shapely.LineString(p.points) for p in plan)]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=_GRID_M)]))
    inside = shapely.point_on_surface(faces)
    keep = shapely.contains(land, inside) & ~shapely.contains(barriers, inside) & (shapely.area(faces) > 400.0)
    return sorted(faces[keep], key=lambda f: (round(f.centroid.x, 2), round(f.centroid.y, 2)))


def _vehicle_manner() -> Manner:
    def want_m2(x: float, y: float) -> float:
        built = max(city(x, y), 0.8 * villages(x, y))
        return 115_000.0 - 82_500.0 * min(1.0, 1.3 * built)

    def kind(times: float, _chance: float, _x: float, _y: float) -> str:
        return "tertiary" if times > 4.5 else "residential"

    return Manner(want_m2, kind, lambda x, y: 0.10 + 0.10 * old_streets(x, y))


def _lane_manner() -> Manner:
    def want_m2(x: float, y: float) -> float:
        if old_streets(x, y) > 0.2:
            return 4_600.0
        if villages(x, y) > 0.12:
            return 6_500.0
        return 11_500.0 if city(x, y) > 0.25 else 45_000.0

    def kind(_times: float, chance: float, x: float, y: float) -> str:
        homely = old_streets(x, y) > 0.2 or villages(x, y) > 0.12
        return "lane" if chance < (0.8 if homely else 0.45) else "path"

    return Manner(want_m2, kind, lambda x, y: 0.16 + 0.2 * old_streets(x, y))


def _culs_de_sac(cuts: Iterable[Cut], random: np.random.RandomState) -> list[Drawn]:
    """Return lanes, some of the last ones cut short of the far side."""
    found = []
    for cut in cuts:
        line, chances = cut.line, random.random_sample(3)
        if cut.last and chances[0] < 0.42 and line.length > 45.0:
            line = line if chances[1] < 0.5 else shapely.reverse(line)
            line = shapely.LineString([line.coords[0], line.interpolate(line.length * (0.45 + 0.35 * chances[2])).coords[0]])
        found.append(Drawn(cut.kind, tuple(line.coords)))
    return found


def _joined(pieces: Sequence[Drawn]) -> list[Edge]:
    """Split all lines where they meet; each part takes class and name of the widest line it lies on."""
    ranked = sorted(pieces, key=lambda p: (not p.name_zh, WIDEST_FIRST.index(p.kind)))
    lines = [shapely.LineString(p.points) for p in ranked]
    parts = shapely.get_parts(shapely.union_all(lines, grid_size=_GRID_M))
    tree = shapely.STRtree(lines)
    part, line = tree.query(shapely.line_interpolate_point(parts, 0.5, normalized=True), predicate="dwithin", distance=0.05)
    best = np.full(len(parts), len(lines))
    np.minimum.at(best, part, line)
    edges = [Edge(shapely.get_coordinates(p), ranked[b].kind, ranked[b].name_zh, ranked[b].name_en)
             for p, b in zip(parts, best, strict=True) if b < len(lines)]
    return sorted(edges, key=lambda e: e.ends)


def _drawn_together(edges: list[Edge]) -> list[Edge]:
    """Draw junctions that stand less than _SHORTEST_M apart into one; the street between them goes."""
    moved: dict[tuple[float, float], tuple[float, float]] = {}
    for edge in edges:
        a, b = (moved.get(n, n) for n in edge.ends)
        if a != b and edge.metres < _SHORTEST_M:
            moved = {n: a if to == b else to for n, to in moved.items()} | {b: a}
    kept = []
    for edge in edges:
        a, b = (moved.get(n, n) for n in edge.ends)
        if a != b:
            kept.append(replace(edge, xy=np.vstack([a, edge.xy[1:-1], b])))
    return kept


def _bent(edges: Sequence[Edge], bend: Bend) -> list[Edge]:
    """Bend the streets; where ends meet they move alike."""
    fine = shapely.segmentize([shapely.LineString(e.xy) for e in edges], 30.0)
    bent = shapely.simplify(shapely.transform(fine, bend.bend), _SMOOTH_M)
    return [replace(edge, xy=shapely.get_coordinates(line).round(2)) for edge, line in zip(edges, bent, strict=True)]


def _apart(edges: Sequence[Edge]) -> list[Edge]:
    """Of two streets that bending has brought across each other, or nearly so, leave out the narrower, then the shorter."""
    lines = np.array([shapely.LineString(e.xy) for e in edges])
    tree = shapely.STRtree(lines)
    near = {(int(i), int(j)) for i, j in tree.query(lines, predicate="dwithin", distance=_APART_M).T
            if i < j and not set(edges[i].ends) & set(edges[j].ends)}
    across = {(int(min(i, j)), int(max(i, j))) for i, j in tree.query(lines, predicate="crosses").T}
    dropped: set[int] = set()
    for pair in sorted(near | across):
        if not dropped & set(pair):
            dropped.add(max(pair, key=lambda n: (WIDEST_FIRST.index(edges[n].kind), -edges[n].metres, n)))
    return [edge for number, edge in enumerate(edges) if number not in dropped]


def _clipped(edges: Iterable[Edge], land: shapely.Polygon, random: np.random.RandomState) -> list[Edge]:
    """Keep what lies in `land`; a street that leaves it ends a random way before."""
    kept = []
    for edge in edges:
        line, short_m = shapely.LineString(edge.xy), _RAGGED_M * float(random.random_sample())
        if shapely.covers(land, line):
            kept.append(edge)
            continue
        for inside in shapely.get_parts(shapely.intersection(line, land)):
            run = _from_junction(inside, edge)
            if run is not None and run.length - short_m >= _STUB_M:
                kept.append(replace(edge, xy=_part(run, 0.0, run.length - short_m)))
    return kept


def _from_junction(run: shapely.LineString, edge: Edge) -> shapely.LineString | None:
    """Return a part of an edge, led away from the one junction it holds; None where it holds none, or both."""
    if run.geom_type != "LineString" or run.is_empty:
        return None
    first, last = shapely.get_coordinates(run)[[0, -1]]
    at_start, at_end = bool(np.allclose(first, edge.xy[0], atol=1e-6, rtol=0)), bool(np.allclose(last, edge.xy[-1], atol=1e-6, rtol=0))
    if at_start == at_end:
        return None
    return run if at_start else shapely.reverse(run)


def _part(line: shapely.LineString, from_m: float, to_m: float) -> Metres:
    """Return the vertices of a line between two places along it."""
    xy = shapely.get_coordinates(line)
    at = np.concatenate([[0.0], np.cumsum(np.sqrt((np.diff(xy, axis=0) ** 2).sum(axis=1)))])
    ends = shapely.get_coordinates(shapely.line_interpolate_point(line, [from_m, to_m]))
    inner = xy[(at > from_m + 0.5) & (at < to_m - 0.5)]
    return np.vstack([ends[:1], inner, ends[1:]]).round(2)


def _degrees(edges: Iterable[Edge]) -> dict[tuple[float, float], int]:
    count: dict[tuple[float, float], int] = {}
    for edge in edges:
        for end in edge.ends:
            count[end] = count.get(end, 0) + 1
    return count


def _thinned(edges: list[Edge], random: np.random.RandomState) -> list[Edge]:
    """Leave out some streets and lanes, and every stump."""
    left = [e for e in edges if random.random_sample() >= _LEFT_OUT.get(e.kind, 0.0)]
    for _ in range(3):
        degrees = _degrees(left)
        left = [e for e in left if e.metres > _STUB_M or min(degrees[n] for n in e.ends) > 1]
    return left


def _connected(edges: list[Edge]) -> list[Edge]:
    """Keep the largest connected part."""
    parent: dict[tuple[float, float], tuple[float, float]] = {}

    def root(node: tuple[float, float]) -> tuple[float, float]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for edge in edges:
        a, b = edge.ends
        parent[root(a)] = root(b)
    sizes: dict[tuple[float, float], int] = {}
    for edge in edges:
        top = root(edge.ends[0])
        sizes[top] = sizes.get(top, 0) + 1
    largest = max(sizes, key=lambda top: (sizes[top], top))
    return [e for e in edges if root(e.ends[0]) == largest]


def _open_gaps(edges: list[Edge]) -> tuple[list[Edge], list[Metres]]:
    """Take the middle out of one street near each chosen place: two dead ends that face each other."""
    left, gaps = list(edges), list[Metres]()
    degrees = _degrees(edges)
    for place in _GAP_NEAR:
        able = [e for e in left if e.kind in {"residential", "tertiary"} and not e.name_zh and e.metres > _GAP_M[0] + 2 * _GAP_STUB_M
                and min(degrees[n] for n in e.ends) > 2]
        street = min(able, key=lambda e: float(shapely.distance(shapely.LineString(e.xy), shapely.Point(place))))
        line = shapely.LineString(street.xy)
        missing = min(_GAP_M[1], line.length - 2 * _GAP_STUB_M)
        from_m = (line.length - missing) / 2
        at = left.index(street)
        left[at:at + 1] = [replace(street, xy=_part(line, 0.0, from_m)), replace(street, xy=_part(line, from_m + missing, line.length))]
        gaps.append(_part(line, from_m, from_m + missing))
    return left, gaps
