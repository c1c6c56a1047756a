"""How people and places reach the streets: straight legs to the true point on an edge, never across rail or water."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geodata.network import Metres, Network

Numbers = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

OUTLINE_M = 30.0
"""An area or a line is entered wherever streets come within this of its outline."""
SAMPLE_M = 5.0
"""Along such a street it is entered at least this often, each time by a true straight leg."""
TOUCH_M = 1e-6
"""A leg may start or end on a barrier; its inside, this much shorter at both ends, may not meet one."""
ON_SHAPE_M = 1e-3
"""A street this close to a line, or inside an area, is that line or area itself."""


@dataclass(frozen=True, eq=False)
class Barriers:
    """Rail and water as straight pieces that no access leg may cross.

    Attributes:
        pieces: LineStrings of two vertices each.
        body: the water body (row of `bodies`) a piece is the shore of, -1 for rail and for water drawn as a line.
        bodies: water polygons, dissolved. A point inside one is not held back by that body's own shore.
    """

    pieces: Shapes
    body: Numbers
    bodies: Shapes

    @cached_property
    def tree(self) -> shapely.STRtree:
        """A search tree over the pieces."""
        return shapely.STRtree(self.pieces)

    @cached_property
    def body_tree(self) -> shapely.STRtree:
        """A search tree over the bodies."""
        return shapely.STRtree(self.bodies)


@dataclass(frozen=True, eq=False)
class Access:
    """Where points enter the streets, one entry a point.

    Attributes:
        edge: edge number, -1 off the network.
        offset_m: metres along the edge, from its start; nan off the network.
        leg_m: length of the straight leg; inf off the network.
        also: further ways in for some points, given by streets that a scenario added; the shortest walk counts.
    """

    edge: Numbers
    offset_m: Metres
    leg_m: Metres
    also: "Access | None" = None

    @property
    def off(self) -> npt.NDArray[np.bool_]:
        """Which points are off the network."""
        return (self.edge < 0) & (True if self.also is None else self.also.off)

    @property
    def shortest_leg_m(self) -> Metres:
        """The shorter of a point's legs."""
        return self.leg_m if self.also is None else np.minimum(self.leg_m, self.also.shortest_leg_m)

    @property
    def ways(self) -> "list[Access]":
        """Every way in by itself, the one from before first."""
        return [Access(self.edge, self.offset_m, self.leg_m), *([] if self.also is None else self.also.ways)]


@dataclass(frozen=True, eq=False)
class Entries:
    """Where sites meet the streets; a site may have many entries, or none.

    Attributes:
        site: position of the site in what was given.
        edge: edge number.
        from_m: start of the stretch of the edge that is the entry, metres from the edge's start.
        to_m: its end; equal to `from_m` for an entry at one point.
        leg_m: length of the straight leg between street and site.
        nearest_outline: entries that are only the outline's nearest point, for want of a street along it.
    """

    site: Numbers
    edge: Numbers
    from_m: Metres
    to_m: Metres
    leg_m: Metres
    nearest_outline: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self.site)


def build_barriers(*frames: gpd.GeoDataFrame) -> Barriers:
    """Take rail and water frames (one metric CRS; lines or polygons) as barriers."""
    shapes = np.concatenate([np.asarray(f.geometry.dropna().values, dtype=object) for f in frames] or [np.empty(0, object)])
    flat = shapely.get_parts(shapely.get_parts(shapes))
    area = shapely.get_dimensions(flat) == 2
    line = shapely.get_dimensions(flat) == 1
    bodies = shapely.get_parts(shapely.union_all(shapely.make_valid(flat[area]))) if area.any() else np.empty(0, object)
    bodies = bodies[shapely.get_dimensions(bodies) == 2]
    shores, body = shapely.get_parts(shapely.boundary(bodies), return_index=True)
    runs = np.concatenate([flat[line], shores])
    xy, run = shapely.get_coordinates(runs, return_index=True)
    step = np.flatnonzero(run[1:] == run[:-1])
    pieces = shapely.linestrings(np.stack([xy[step], xy[step + 1]], axis=1)) if len(step) else np.empty(0, object)
    owner = np.concatenate([np.full(int(line.sum()), -1), body]).astype(np.int64)
    return Barriers(pieces, owner[run[step]] if len(step) else np.empty(0, np.int64), bodies)


def crosses(starts: Metres, ends: Metres, barriers: Barriers | None) -> npt.NDArray[np.bool_]:
    """Whether each straight leg crosses a barrier; touching one with its very start or end is no crossing.

    Args:
        starts: where legs begin, shape (legs, 2): the demand or the site.
        ends: where they meet the street, shape (legs, 2).
        barriers: rail and water, or None.
    """
    found = np.zeros(len(starts), dtype=bool)
    if barriers is None or not len(barriers.pieces) or not len(starts):
        return found
    way = ends - starts
    metres = np.hypot(way[:, 0], way[:, 1])
    long = np.flatnonzero(metres > 4 * TOUCH_M)
    trim = way[long] / metres[long, None] * TOUCH_M
    legs = shapely.linestrings(np.stack([starts[long] + trim, ends[long] - trim], axis=1))
    leg, piece = barriers.tree.query(legs, predicate="intersects")
    own = _own_shore(starts[long], barriers)
    keep = [(a, b) not in own for a, b in zip(leg, barriers.body[piece], strict=True)] if own else slice(None)
    found[long[leg[keep]]] = True
    return found


def _own_shore(starts: Metres, barriers: Barriers) -> set[tuple[int, int]]:
    """Pairs (point, body) of points that lie inside a water body."""
    if not len(barriers.bodies):
        return set()
    point, body = barriers.body_tree.query(shapely.points(starts), predicate="within")
    return set(zip(point.tolist(), body.tolist(), strict=True))


def snap(network: Network, points: Shapes | gpd.GeoSeries, *, access_m: float, barriers: Barriers | None = None) -> Access:
    """Find where each point enters the streets: the nearest enterable point that a straight leg reaches uncrossed.

    Args:
        network: the streets.
        points: Points in its CRS; a missing one is off the network.
        access_m: longest leg.
        barriers: rail and water that no leg crosses.
    """
    points = np.asarray(points, dtype=object)
    edge = np.full(len(points), -1, dtype=np.int64)
    offset_m, leg_m = np.full(len(points), np.nan), np.full(len(points), np.inf)
    tree, numbers = network.index
    given = np.flatnonzero(~(shapely.is_missing(points) | shapely.is_empty(points)))
    if len(given) and len(numbers):
        which, hit = tree.query_nearest(points[given], max_distance=access_m, all_matches=True)
        order = np.lexsort((hit, which))  # of equally near edges the first, so that the answer never depends on the tree
        which, first = np.unique(which[order], return_index=True)
        found, nearest = given[which], numbers[hit[order][first]]
        edge[found] = nearest
        offset_m[found], leg_m[found], ends = _foot(network, nearest, points[found])
        xy = shapely.get_coordinates(points[found])
        blocked = found[crosses(xy, ends, barriers)]
        if barriers is not None:
            for i in blocked:
                edge[i], offset_m[i], leg_m[i] = _nearest_visible(network, points[i], access_m, barriers)
    return Access(edge, offset_m, leg_m)


def _foot(network: Network, edge: Numbers, points: Shapes) -> tuple[Metres, Metres, Metres]:
    """Offset along the edge, length of the leg, and the point on the street, of each point's nearest place on its edge."""
    lines = network.lines[edge]
    offset_m = np.minimum(shapely.line_locate_point(lines, points), network.edge_m[edge])
    feet = shapely.line_interpolate_point(lines, offset_m)
    return offset_m, shapely.distance(points, feet), shapely.get_coordinates(feet)


def _nearest_visible(network: Network, point: shapely.Point, access_m: float,
                     barriers: Barriers) -> tuple[int, float, float]:
    """Exact nearest place on any edge in sight of `point`: what lies in a barrier's shadow is taken away first."""
    tree, numbers = network.index
    edges = np.sort(numbers[tree.query(point, predicate="dwithin", distance=access_m)])
    pieces = barriers.tree.query(point, predicate="dwithin", distance=access_m)
    xy = shapely.get_coordinates(point)
    own = {body for _, body in _own_shore(xy, barriers)}
    pieces = pieces[~np.isin(barriers.body[pieces], list(own))]
    hidden = shapely.union_all(list(_shadows(xy[0], barriers.pieces[pieces], access_m)))
    seen, which = shapely.get_parts(shapely.difference(network.lines[edges], hidden), return_index=True)
    whole = shapely.length(seen) > TOUCH_M
    seen, which = seen[whole], which[whole]
    if not len(seen):
        return -1, np.nan, np.inf
    leg_m = shapely.distance(seen, point)
    best = int(np.argmin(leg_m))
    if leg_m[best] > access_m:
        return -1, np.nan, np.inf
    edge = int(edges[which[best]])
    foot = shapely.get_point(shapely.shortest_line(point, seen[best]), -1)
    offset_m = min(float(shapely.line_locate_point(network.lines[edge], foot)), float(network.edge_m[edge]))
    return edge, offset_m, float(leg_m[best])


def _shadows(eye: Metres, pieces: Shapes, reach_m: float) -> Iterator[shapely.Polygon]:
    """What each straight piece hides from `eye`, out to beyond `reach_m`. No piece spans a right angle or more."""
    for piece in pieces:
        a, b = shapely.get_coordinates(piece) - eye
        foot = float(np.clip(-(a @ (b - a)) / max(float((b - a) @ (b - a)), 1e-18), 0, 1))
        turn = a + foot * (b - a)
        for p, q in (((a, turn), (turn, b)) if 0 < foot < 1 else ((a, b),)):
            if np.hypot(*p) < TOUCH_M or np.hypot(*q) < TOUCH_M or abs(p[0] * q[1] - p[1] * q[0]) < TOUCH_M**2:
                continue
            far = 4 * max(reach_m, np.hypot(*a), np.hypot(*b))
            yield shapely.Polygon([eye + p, eye + q, eye + q * (far / np.hypot(*q)), eye + p * (far / np.hypot(*p))])


def site_entries(network: Network, sites: Shapes | gpd.GeoSeries, *, access_m: float,
                 barriers: Barriers | None = None) -> Entries:
    """Find where each site meets the streets.

    A point: like any point. A line: any point of it, that is every street that runs on it or within OUTLINE_M of it.
    An area: its entrances (points beside the polygon in one geometry collection), else every street that runs inside
    or comes within OUTLINE_M of its outline. Where none does, the outline's nearest point, marked.

    Args:
        network: the streets.
        sites: geometries in its CRS; a missing one has no entry.
        access_m: longest straight leg.
        barriers: rail and water that no leg crosses.
    """
    parts, owner = shapely.get_parts(np.asarray(sites, dtype=object), return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)
    owner = owner[inner]
    flat = shapely.get_dimensions(parts) == 0
    door = snap(network, parts[flat], access_m=access_m, barriers=barriers)
    on = ~door.off
    found = [Entries(owner[flat][on].astype(np.int64), door.edge[on], door.offset_m[on], door.offset_m[on],
                     door.leg_m[on], np.zeros(int(on.sum()), dtype=bool))]
    for site in np.setdiff1d(owner[~flat], owner[flat]):
        shape = shapely.union_all(parts[owner == site])
        entries = _along(network, shape, int(site), barriers)
        found.append(entries if len(entries) else _nearest_outline(network, shape, int(site), access_m, barriers))
    return join_entries(found)


def join_entries(many: list[Entries]) -> Entries:
    """Put entries one after the other."""
    return Entries(*(np.concatenate([getattr(e, name) for e in many]) for name in
                     ("site", "edge", "from_m", "to_m", "leg_m", "nearest_outline")))


def no_entries() -> Entries:
    """No site, or none that meets a street."""
    none = np.empty(0)
    return Entries(none.astype(np.int64), none.astype(np.int64), none, none, none, none.astype(bool))


def _along(network: Network, shape: shapely.Geometry, site: int, barriers: Barriers | None) -> Entries:
    """Entries on the streets that run on or inside a line or an area, or within OUTLINE_M of its outline."""
    tree, numbers = network.index
    edge: list[int] = []
    start: list[float] = []
    end: list[float] = []
    for i in np.sort(numbers[tree.query(shape, predicate="dwithin", distance=OUTLINE_M)]):
        for a, b in _stretches(network, int(i), shape):
            edge.append(int(i))
            start.append(a)
            end.append(b)
    edges, from_m, to_m = np.asarray(edge, np.int64), np.asarray(start, float), np.asarray(end, float)
    feet = shapely.line_interpolate_point(network.lines[edges], from_m)
    legs = shapely.get_coordinates(shapely.shortest_line(feet, shape)).reshape(-1, 2, 2)
    leg_m = np.hypot(*(legs[:, 1] - legs[:, 0]).T)
    ok = ~crosses(legs[:, 1], legs[:, 0], barriers)
    return Entries(np.full(int(ok.sum()), site, np.int64), edges[ok], from_m[ok], to_m[ok], leg_m[ok],
                   np.zeros(int(ok.sum()), dtype=bool))


def _stretches(network: Network, edge: int, shape: shapely.Geometry) -> list[tuple[float, float]]:
    """Stretches of one edge on the shape itself, and single points within OUTLINE_M of it, at most SAMPLE_M apart."""
    line, length_m = network.lines[edge], float(network.edge_m[edge])
    met = shapely.points(shapely.get_coordinates(shapely.intersection(line, shape)))
    near = shapely.get_point(shapely.shortest_line(line, shape), 0)
    at = np.unique(np.concatenate([
        np.linspace(0, length_m, int(np.ceil(length_m / SAMPLE_M)) + 1),
        np.minimum(shapely.line_locate_point(line, np.append(met, near)), length_m),
    ]))
    away = shapely.distance(shapely.line_interpolate_point(line, at), shape)
    half = shapely.distance(shapely.line_interpolate_point(line, (at[:-1] + at[1:]) / 2), shape)
    on = (away[:-1] <= ON_SHAPE_M) & (away[1:] <= ON_SHAPE_M) & (half <= ON_SHAPE_M)
    inside = np.concatenate([[False], on]) | np.concatenate([on, [False]])
    edges_of_runs = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    runs = [(float(at[a]), float(at[b])) for a, b in edges_of_runs.reshape(-1, 2)]
    return runs + [(float(p), float(p)) for p in at[~inside & (away <= OUTLINE_M)]]


def _nearest_outline(network: Network, shape: shapely.Geometry, site: int, access_m: float,
                     barriers: Barriers | None) -> Entries:
    """The one shortest uncrossed leg from the outline to a street, marked; none within `access_m` gives no entry."""
    tree, numbers = network.index
    edges = np.sort(numbers[tree.query(shape, predicate="dwithin", distance=access_m)])
    legs = shapely.get_coordinates(shapely.shortest_line(network.lines[edges], shape)).reshape(-1, 2, 2)
    leg_m = np.hypot(*(legs[:, 1] - legs[:, 0]).T)
    leg_m[crosses(legs[:, 1], legs[:, 0], barriers)] = np.inf
    keep = [int(np.argmin(leg_m))] if len(leg_m) and np.isfinite(leg_m).any() else []
    offset_m = shapely.line_locate_point(network.lines[edges[keep]], shapely.points(legs[keep, 0]))
    offset_m = np.minimum(offset_m, network.edge_m[edges[keep]])
    return Entries(np.full(len(keep), site, np.int64), edges[keep], offset_m, offset_m, leg_m[keep],
                   np.ones(len(keep), dtype=bool))
