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
_VEHICLES: Final = frozenset(WIDEST_FIRST[:4])
_GRID_M: Final = 0.01
_BENDS: Final = ((900.0, 55.0), (330.0, 17.0))
_RAGGED_M: Final = 120.0
_STUB_M: Final = 22.0
_GAP_M: Final = (110.0, 240.0)
_GAP_NEAR: Final = ((5600.0, 2900.0), (3790.0, 4010.0), (2900.0, 6900.0))


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
        (a, b), (c, d) = self.xy[0].round(2), self.xy[-1].round(2)
        return (float(a) + 0.0, float(b) + 0.0), (float(c) + 0.0, float(d) + 0.0)

    @property
    def metres(self) -> float:
        """Its length."""
        return float(np.sqrt((np.diff(self.xy, axis=0) ** 2).sum(axis=1)).sum())


def make_streets(boundary: shapely.Polygon, rails: Sequence[Metres], river: shapely.Polygon, *, clear_m: float,
                 seed: int) -> tuple[list[Edge], list[Metres]]:
    """Make the streets and the three missing links.

    Args:
        boundary: the district, metres from `terrain.ORIGIN_M`.
        rails: vertices of the railways, likewise.
        river: the river, likewise.
        clear_m: how far every street stays from the boundary.
        seed: of all that is random.

    Returns:
        Edges that meet at equal end points, one connected network, and the vertices of each missing link.
    """
    random = [np.random.RandomState([seed, stage]) for stage in range(6)]
    bend = make_bend(random[0], _BENDS)
    plan = _planned(bend, river)
    faces = _faces(_flat(boundary, bend), plan, _barriers(rails, river, bend))
    streets, blocks = cut_land(faces, _vehicle_manner(), random[1])
    lanes, _ = cut_land(blocks, _lane_manner(), random[2])
    pieces = [*plan, *(Drawn(c.kind, c.line.coords) for c in streets), *_culs_de_sac(lanes, random[3])]
    edges = [_bent(e, bend) for e in _joined(pieces)]
    edges = _clipped(edges, shapely.buffer(boundary, -clear_m), random[4])
    edges = _thinned(edges, random[5])
    edges, gaps = _open_gaps(_connected(edges))
    return edges, gaps


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
    return [shapely.get_coordinates(shapely.offset_curve(shapely.LineString(side), 12.0)) for side in (ring[:half], ring[half:])]


def _barriers(rails: Sequence[Metres], river: shapely.Polygon, bend: Bend) -> shapely.Geometry:
    """Return the ground no local street is cut through, on the unbent plane."""
    return _flat(shapely.union_all([river.buffer(12.0), *(shapely.LineString(r).buffer(16.0) for r in rails)]), bend)


def _faces(land: shapely.Geometry, plan: Iterable[Drawn], barriers: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the land between main streets and barriers, from west to east."""
    lines = [shapely.boundary(land), shapely.boundary(barriers), *(shapely.LineString(p.points) for p in plan)]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=_GRID_M)]))
    inside = shapely.point_on_surface(faces)
    keep = shapely.contains(land, inside) & ~shapely.contains(barriers, inside) & (shapely.area(faces) > 400.0)
    return sorted(faces[keep], key=lambda f: (round(f.centroid.x, 2), round(f.centroid.y, 2)))


def _at(field, x: float, y: float) -> float:  # type: ignore[no-untyped-def]
    return float(field(np.array([x]), np.array([y]))[0])


def _vehicle_manner() -> Manner:
    def want_m2(x: float, y: float) -> float:
        built = max(_at(city, x, y), 0.8 * _at(villages, x, y))
        return 150_000.0 - 108_000.0 * min(1.0, 1.3 * built)

    def kind(times: float, chance: float, x: float, y: float) -> str:
        return "tertiary" if times > 4.5 else "residential"

    return Manner(want_m2, kind, lambda x, y: 0.10 + 0.10 * _at(old_streets, x, y))


def _lane_manner() -> Manner:
    def want_m2(x: float, y: float) -> float:
        if _at(old_streets, x, y) > 0.2:
            return 5_200.0
        if _at(villages, x, y) > 0.12:
            return 7_500.0
        return 14_000.0 if _at(city, x, y) > 0.25 else 70_000.0

    def kind(times: float, chance: float, x: float, y: float) -> str:
        homely = _at(old_streets, x, y) > 0.2 or _at(villages, x, y) > 0.12
        return "lane" if chance < (0.8 if homely else 0.45) else "path"

    return Manner(want_m2, kind, lambda x, y: 0.16 + 0.2 * _at(old_streets, x, y))


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
    parts = parts[shapely.length(parts) > 0.3]
    tree = shapely.STRtree(lines)
    part, line = tree.query(shapely.line_interpolate_point(parts, 0.5, normalized=True), predicate="dwithin", distance=0.05)
    best = np.full(len(parts), len(lines))
    np.minimum.at(best, part, line)
    edges = [Edge(shapely.get_coordinates(p), ranked[b].kind, ranked[b].name_zh, ranked[b].name_en)
             for p, b in zip(parts, best, strict=True) if b < len(lines)]
    return sorted(edges, key=lambda e: e.ends)


def _bent(edge: Edge, bend: Bend) -> Edge:
    """Bend an edge; its ends move as every other edge's end there."""
    xy = bend.bend(shapely.get_coordinates(shapely.segmentize(shapely.LineString(edge.xy), 30.0)))
    return replace(edge, xy=shapely.get_coordinates(shapely.simplify(shapely.LineString(xy), 0.7)).round(2))


def _clipped(edges: Iterable[Edge], land: shapely.Polygon, random: np.random.RandomState) -> list[Edge]:
    """Keep what lies in `land`; a street that leaves it ends a random way before."""
    kept = []
    for edge in edges:
        line, chance = shapely.LineString(edge.xy), float(random.random_sample())
        if shapely.covers(land, line):
            kept.append(edge)
            continue
        for run in shapely.get_parts(shapely.intersection(line, land)):
            xy = shapely.get_coordinates(run)
            from_start, from_end = (np.abs(xy[0] - edge.xy[0]).max() < 1e-6, np.abs(xy[-1] - edge.xy[-1]).max() < 1e-6) if len(xy) > 1 else (False, False)
            if from_start == from_end or (rest := run.length - _RAGGED_M * chance) < _STUB_M:
                continue
            run = run if from_start else shapely.reverse(run)
            kept.append(replace(edge, xy=_part(run, 0.0, rest)))
    return kept


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
    chance = {"residential": 0.05, "lane": 0.09, "path": 0.10}
    left = [e for e in edges if random.random_sample() >= chance.get(e.kind, 0.0) or e.kind == "path" and e.metres < 0]
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
    left, gaps = list(edges), []
    degrees = _degrees(edges)
    for place in _GAP_NEAR:
        able = [e for e in left if e.kind in {"residential", "tertiary"} and not e.name_zh and e.metres > _GAP_M[0] + 80.0
                and min(degrees[n] for n in e.ends) > 2]
        street = min(able, key=lambda e: float(((e.xy.mean(axis=0) - place) ** 2).sum()))
        line = shapely.LineString(street.xy)
        missing = min(_GAP_M[1], line.length - 70.0)
        from_m = (line.length - missing) / 2
        at = left.index(street)
        left[at:at + 1] = [replace(street, xy=_part(line, 0.0, from_m)), replace(street, xy=_part(line, from_m + missing, line.length))]
        gaps.append(_part(line, from_m, from_m + missing))
    return left, gaps
