"""Located sites moved within their uncertainty: a site on a street along the streets, one known to an area anywhere in it.

Where a position comes from an address or a street, what is not known is how far along the street the site is entered. So
its entry slides along the streets and keeps its leg; where a street ends dead, the site may as well stand past the end and
be reached from there. Moved freely it would jump through buildings onto streets behind them, and since the nearest of many
sites counts, such jumps only ever add: a share would rise by the moving alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final
from zlib import crc32

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geodata.district import District
from geodata.entering import enter_sites, entries_slid_before
from geodata.network import Metres, Network
from geodata.reach import straight_lines
from geodata.snapping import Barriers, Entries, Numbers, Shapes, site_entries

BEND: Final = 2**0.5
"""Along streets that meet at right angles a walk is at most so much longer than the straight line."""
PIECE_M: Final = 1.0
"""Streets are weighed in pieces of this length; within one every place is as likely."""
_Pieces = tuple[Numbers, Metres, Metres]
"""Edge, start and length of pieces of street, metres along the edge; what lies past a dead end starts below 0 or beyond its length."""


@dataclass(frozen=True, eq=False)
class Moved:
    """One site, moved once a run.

    Attributes:
        places: where it stands.
        edge: of the streets before any scenario, where it is entered; None of a site moved anywhere, which is entered anew.
        offset_m: metres along that edge.
        leg_m: from the street to the site, longer by what it stands past a dead end.
    """

    places: Shapes
    edge: Numbers | None = None
    offset_m: Metres | None = None
    leg_m: Metres | None = None

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return 100 * len(self.places)


def moved_sites(district: District, sites: gpd.GeoDataFrame, *, runs: int, seed: int, access_m: float, barriers: Barriers) -> list[Moved]:
    """Move each site within its uncertainty, once a run; each by its own random numbers.

    Args:
        district: before any scenario.
        sites: rows of its sites.
        runs: how often.
        seed: of all draws.
        access_m: longest straight leg to the streets.
        barriers: rail and water that no leg crosses.
    """
    names: npt.NDArray[np.object_] = district.streets["name_zh"].fillna("").to_numpy(object)
    found = []
    for site in sites.to_dict("records"):
        shape, radius_m = site["geometry"], float(site["uncertainty_m"])
        rng = np.random.default_rng([seed, crc32(str(site["id"]).encode())])
        slides = site["location_class"] != "area" and isinstance(shape, shapely.Point)
        door = site_entries(district.network, np.array([shape], dtype=object), access_m=access_m, barriers=barriers) if slides else None
        if door is None or not len(door):
            found.append(Moved(_anywhere(shape, radius_m, runs, rng)))
        else:
            named, past_m = (names, 0.0) if site["location_class"] == "street" else (None, min(BEND * radius_m, access_m - float(door.leg_m[0])))
            pieces = _pieces(district.network, int(door.edge[0]), float(door.from_m[0]), radius_m, names=named, past_m=past_m, barriers=barriers)
            found.append(_slid(district.network, shape, door, pieces, rng.random((2, runs))))
    return found


def entries_of(moved: Moved, network: Network, *, access_m: float, barriers: Barriers) -> Entries:
    """Return where a moved site meets the streets, those of a scenario too; `site` is the run.

    Args:
        moved: on the streets before.
        network: the streets.
        access_m: longest straight leg.
        barriers: rail and water that no leg crosses.
    """
    if moved.edge is None or moved.offset_m is None or moved.leg_m is None:
        return enter_sites(network, moved.places, access_m=access_m, barriers=barriers)
    runs = len(moved.places)
    entries = Entries(np.arange(runs), moved.edge, moved.offset_m, moved.offset_m, moved.leg_m, np.zeros(runs, dtype=bool))
    return entries_slid_before(network, entries, moved.places, access_m=access_m, barriers=barriers)


def straight_to_moved(moved: Moved, x: Metres, y: Metres) -> npt.NDArray[np.float32]:
    """Return the straight distance of every place to a moved site, one row a run."""
    if (shapely.get_type_id(moved.places) == shapely.GeometryType.POINT).all():
        xy = shapely.get_coordinates(moved.places)
        return straight_lines(np.hstack([xy, xy])[:, None, :], x, y)
    points = shapely.points(x, y)
    return np.stack([shapely.distance(shape, points) for shape in moved.places]).astype(np.float32)


def _anywhere(shape: shapely.Geometry, radius_m: float, runs: int, rng: np.random.Generator) -> Shapes:
    """The shape moved anywhere within its uncertainty, evenly over the circle, once a run."""
    away, turn = radius_m * np.sqrt(rng.random(runs)), 2 * np.pi * rng.random(runs)
    shifts = np.c_[away * np.cos(turn), away * np.sin(turn)]
    many = np.full(runs, shape, dtype=object)
    xy, run = shapely.get_coordinates(many, return_index=True)
    return np.asarray(shapely.set_coordinates(many, xy + shifts[run]), dtype=object)


def _slid(network: Network, shape: shapely.Point, door: Entries, pieces: _Pieces, chance: Metres) -> Moved:
    """The site with its entry anywhere on the pieces, every metre of them as likely; past a dead end it enters there, its leg so much longer."""
    edge, start, length = pieces
    total = np.cumsum(length)
    piece = np.minimum(np.searchsorted(total, chance[0] * total[-1], side="right"), len(total) - 1)
    edge, at_m = edge[piece], start[piece] + chance[1] * length[piece]
    offset_m = np.clip(at_m, 0.0, network.edge_m[edge])
    leg = shapely.get_coordinates(shape) - _spots(network, door.edge, door.from_m)
    return Moved(shapely.points(_spots(network, edge, at_m) + leg), edge, offset_m, float(door.leg_m[0]) + np.abs(at_m - offset_m))


def _pieces(network: Network, edge: int, at_m: float, radius_m: float, *, names: npt.NDArray[np.object_] | None, past_m: float, barriers: Barriers) -> _Pieces:
    """The pieces of street within `radius_m` of a place and about that far to walk from it.

    With `names`, only along the place's own street: those edges that share its name, and itself. By up to `past_m` also straight on past dead ends:
    a site that could only slide back from one would come nearer to everybody by the moving alone.
    """
    tree, numbers = network.index
    here = shapely.line_interpolate_point(network.lines[edge], at_m)
    near = np.sort(numbers[tree.query(here, predicate="dwithin", distance=BEND * radius_m)])
    if names is not None:
        near = near[(near == edge) | ((names[near] == names[edge]) & (names[edge] != ""))]
    ends = _walks_from(network, near, edge, at_m)
    counts = np.maximum(1, np.ceil(network.edge_m[near] / PIECE_M)).astype(np.int64)
    row = np.repeat(np.arange(len(near)), counts)
    length = (network.edge_m[near] / counts)[row]
    start = (np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)) * length
    if past_m > 0:
        more = [(place, past) for place, one in enumerate(near.tolist()) for past in _past_ends(network, one, past_m, barriers)]
        row = np.concatenate([row, *(np.full(len(past), place) for place, past in more)])
        start = np.concatenate([start, *(past for _, past in more)])
        length = np.concatenate([length, np.full(len(start) - len(length), PIECE_M)])
    every, middle = near[row], start + length / 2
    head, tail = (np.array([ends.get(int(node), np.inf) for node in side[near]])[row] for side in (network.edge_u, network.edge_v))
    walk = np.minimum(head + np.abs(middle), tail + np.abs(network.edge_m[every] - middle))
    walk = np.where(every == edge, np.minimum(walk, np.abs(middle - at_m)), walk)
    inside = (walk <= BEND * radius_m) & (np.hypot(*(_spots(network, every, middle) - shapely.get_coordinates(here)).T) <= radius_m)
    own = (every == edge) & (start <= at_m) & (at_m <= start + length)  # however small the uncertainty, it may stand where it is said to
    chosen = inside if inside.any() else own
    return every[chosen], start[chosen], length[chosen]


def _past_ends(network: Network, edge: int, metres: float, barriers: Barriers) -> Iterator[Metres]:
    """Where pieces straight on past the dead ends of an edge begin, along it; they stop where a street, rail or water is met."""
    tree, numbers = network.index
    for node, at_m, step in ((network.edge_u[edge], 0.0, -PIECE_M), (network.edge_v[edge], float(network.edge_m[edge]), PIECE_M)):
        if network.first_arc[node + 1] - network.first_arc[node] != 1:
            continue
        way = shapely.LineString(_spots(network, np.full(2, edge), np.array([at_m, at_m + np.sign(step) * metres])))
        met = [network.lines[one] for one in numbers[tree.query(way, predicate="intersects")] if one != edge]
        met += list(barriers.pieces[barriers.tree.query(way, predicate="intersects")])
        free_m = min([metres, *(shapely.distance(shapely.get_point(way, 0), shapely.intersection(way, one)) for one in met)])
        count = int(free_m / PIECE_M)
        yield np.asarray(at_m + step * np.arange(count) + min(step, 0.0), dtype=np.float64)


def _spots(network: Network, edge: Numbers, at_m: Metres) -> Metres:
    """Where places along edges are; before the start and past the end, straight on."""
    inner = np.clip(at_m, 0.0, network.edge_m[edge])
    xy: Metres = shapely.get_coordinates(shapely.line_interpolate_point(network.lines[edge], inner))
    past = at_m - inner
    for end, after, before in ((past < 0, 0, 1), (past > 0, -1, -2)):
        lines = network.lines[edge[end]]
        way = shapely.get_coordinates(shapely.get_point(lines, after)) - shapely.get_coordinates(shapely.get_point(lines, before))
        xy[end] += way / np.hypot(*way.T)[:, None] * np.abs(past[end])[:, None]
    return xy


def _walks_from(network: Network, edges: Numbers, edge: int, at_m: float) -> dict[int, float]:
    """Walks from a place on an edge to the nodes of some edges, along these alone."""
    ways: dict[int, list[tuple[int, float]]] = {}
    for u, v, metres in zip(network.edge_u[edges].tolist(), network.edge_v[edges].tolist(), network.edge_m[edges].tolist(), strict=True):
        ways.setdefault(u, []).append((v, metres))
        ways.setdefault(v, []).append((u, metres))
    done: dict[int, float] = {}
    waiting = [(at_m, int(network.edge_u[edge])), (float(network.edge_m[edge]) - at_m, int(network.edge_v[edge]))]
    waiting.sort()
    while waiting:
        walk, node = heappop(waiting)
        if node in done:
            continue
        done[node] = walk
        for other, metres in ways.get(node, []):
            if other not in done:
                heappush(waiting, (walk + metres, other))
    return done
