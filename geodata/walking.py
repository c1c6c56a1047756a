"""The walks behind a question, measured once and kept: another standard is then only another comparison."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, TypeVar

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geodata.counting import Tally
from geodata.district import District
from geodata.entering import enter, enter_sites, entries_drawn_before
from geodata.moving import Moved, entries_of, moved_sites, straight_to_moved
from geodata.network import Metres, Network
from geodata.question import Question
from geodata.reach import Progress, nearest, redraw_walks, straight_lines, walks_to
from geodata.snapping import Access, Barriers, Entries, Numbers, build_barriers
from geodata.standins import Pieces, lane_pieces, permitted_pieces, redraws, spots, stand_ins

Held = TypeVar("Held")
Floats32 = npt.NDArray[np.float32]
Columns = tuple[Numbers, Metres, Metres, Metres]
"""Edge, start, end and leg of every entry, each of shape (runs, entries)."""

_SHARES: Final = "shares alone"
"""Marks walks of which only what they make of the demand is asked."""
KEPT_BYTES: Final = 256 * 2**20
"""What the shared store of walks may hold; the longest unused go first."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What every walk in a district shares.

    Attributes:
        network: the streets.
        barriers: rail and water.
        access: where the demand enters the streets.
        x: eastings of the demand.
        y: its northings.
        key: hash of all that; equal keys are equal ground.
    """

    network: Network
    barriers: Barriers
    access: Access
    x: Metres
    y: Metres
    key: str


@dataclass(frozen=True, eq=False)
class _Case:
    """What one measurement starts from; `loose` are the sites moved within their uncertainty.

    What no street changes is found in `kept` again under `key`, whichever scenario of the district `root` asks.
    """

    district: District
    tally: Tally
    question: Question
    shared: Ground
    loose: npt.NDArray[np.bool_]
    kept: "Kept"
    key: tuple[Hashable, ...]

    @property
    def root(self) -> District:
        """The district before any scenario."""
        return self.district if self.district.base is None else self.district.base


@dataclass(frozen=True, eq=False)
class Walked:
    """Walks of every demand point to the nearest counted site, one row a run.

    Without demo sites and without positions left open there is one run, the answer itself; else one run a draw.

    Attributes:
        walk_m: shape (runs, demand); inf where nothing is reached.
        straight_m: straight distance to the nearest site, likewise.
        node_m: walks of the nodes, shape (runs, nodes).
        edge: where each entry meets the streets, shape (runs, entries), with `from_m`, `to_m`, `leg_m` (inf: none).
        from_m: see `edge`.
        to_m: see `edge`.
        leg_m: see `edge`.
        site_ids: ids of the sites of a single run.
        nearest: of a single run, the position in `site_ids` of each demand point's nearest site, -1 for none.
        drawn: demo sites in every run.
        moved: located sites moved within their uncertainty in every run.
        apart: ids of located sites that reach no street.
        approximate_entry: ids of areas entered only at the outline's nearest point.
    """

    walk_m: Metres
    straight_m: Floats32
    node_m: Floats32
    edge: Numbers
    from_m: Metres
    to_m: Metres
    leg_m: Metres
    site_ids: tuple[str, ...]
    nearest: Numbers
    drawn: int
    moved: int
    apart: tuple[str, ...]
    approximate_entry: tuple[str, ...]

    def __post_init__(self) -> None:
        """Freeze every array: one answer serves all users."""
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.walk_m)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(v.nbytes for v in vars(self).values() if isinstance(v, np.ndarray))

    def entries(self, run: int = 0) -> Entries:
        """Where the sites of one run meet the streets."""
        there = np.isfinite(self.leg_m[run])
        count = int(there.sum())
        return Entries(np.arange(count), self.edge[run][there], self.from_m[run][there], self.to_m[run][there],
                       self.leg_m[run][there], np.zeros(count, dtype=bool))


@dataclass
class Kept:
    """A store of results nobody changes, shared by all users; the longest unused are dropped beyond `most_bytes`."""

    most_bytes: int = KEPT_BYTES
    _held: OrderedDict[Hashable, tuple[object, int]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def lent(self) -> "Kept":
        """Return a store for the moment that begins with what this one holds; what is added to it goes with it."""
        with self._lock:
            return Kept(self.most_bytes, OrderedDict(self._held))

    def holds(self, key: Hashable) -> bool:
        """Return whether something is kept under `key`."""
        with self._lock:
            return key in self._held

    def get(self, key: Hashable, make: Callable[[], Held], size: Callable[[Held], int]) -> Held:
        """Return what is kept under `key`, else make it and keep it."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key][0]  # type: ignore[return-value]  # a key names one kind of thing
        made = make()
        with self._lock:
            self._held[key] = (made, size(made))
            while len(self._held) > 1 and sum(n for _, n in self._held.values()) > self.most_bytes:
                self._held.popitem(last=False)
        return made


SHARED: Final = Kept()
"""The store of the running product."""


def ground(district: District, access_m: float, kept: Kept) -> Ground:
    """Return what every walk in `district` shares, with legs of at most `access_m`."""
    return kept.get(("ground", district.stamp, access_m), lambda: _ground(district, access_m),
                    lambda g: g.network.nbytes + 24 * len(g.x))


def _ground(district: District, access_m: float) -> Ground:
    network, points = district.network, district.demand.geometry.to_numpy()
    barriers = build_barriers(district.water, district.rail)
    access = enter(network, points, access_m=access_m, barriers=barriers)
    x, y = (np.ascontiguousarray(c) for c in shapely.get_coordinates(points).reshape(-1, 2).T)
    sign = hashlib.blake2b(digest_size=16)
    ways_in = [part for way in access.ways for part in (way.edge, way.offset_m, way.leg_m)]
    for part in (network.x, network.y, network.edge_u, network.edge_v, network.edge_m, *ways_in, x, y,
                 shapely.get_coordinates(barriers.pieces)):
        sign.update(part.tobytes())
    sign.update(b"" if district.base is None else district.base.stamp.encode())
    return Ground(network, barriers, access, x, y, sign.hexdigest())


def walked(district: District, tally: Tally, question: Question, *, metres: float | None = None, single: bool = False,
           firm_m: float | None = None, kept: Kept = SHARED, progress: Progress | None = None) -> Walked:
    """Return the walks to the sites of `tally`.

    Args:
        district: where.
        tally: which sites.
        question: its `access_m`, `draws` and `seed` are read.
        metres: the standard; sites whose uncertainty exceeds half of it are moved within it, run by run.
        single: one run only: sites where they are said to stand, and draw 1 of the demo sites.
        firm_m: points known less exactly than this are moved too, whatever the standard; where it moves any, walks of the nodes are not kept.
        kept: where walks measured before are found.
        progress: told the share done, 0 to 1.
    """
    shared = ground(district, question.access_m, kept)
    sites = tally.sites
    loose = np.zeros(len(sites), dtype=bool)
    if metres is not None and not single:
        loose = (sites["uncertainty_m"].astype(float) > metres / 2).to_numpy(bool)
    called_for = loose
    if firm_m is not None and not single:
        loose = loose | (sites["uncertainty_m"].astype(float) > firm_m).to_numpy(bool) & (shapely.get_dimensions(sites.geometry.to_numpy()) == 0)
    several = bool(loose.any() or tally.demo) and not single
    sign = hashlib.blake2b(digest_size=16)
    for row in (tally.layer.key, str(question.access_m), *sites["id"], str(tally.demo), *map(str, loose)):
        sign.update(row.encode() + b"\0")
    for shape in shapely.to_wkb(sites.geometry.to_numpy()):
        sign.update(shape)
    for told in zip(sites["uncertainty_m"].astype(float)[loose], sites["location_class"][loose], strict=True):
        sign.update(repr(told).encode())
    if tally.demo:
        sign.update(kept.get(("demo", district.stamp), lambda: _sign_demo(district), len))
        still = district.sites[(district.sites["layer"] == tally.layer.key) & (district.sites["location_class"] == "unlocated")]
        still = still[still["status"].isin(question.status)] if question.status else still
        sign.update("\0".join(map(str, still["id"])).encode())
    key: tuple[Hashable, ...] = (sign.hexdigest(), question.seed if tally.demo or several else 0, question.draws if several else 0)
    if not np.array_equal(loose, called_for):
        key = (*key, _SHARES)
    make, case = _many if several else _one, _Case(district, tally, question, shared, loose, kept, key)
    return kept.get(("walks", shared.key, *key), lambda: make(case, progress), lambda w: w.nbytes)


def demo_sites(district: District, question: Question, kept: Kept) -> gpd.GeoDataFrame:
    """Return the demo sites of draw 1 of every layer, drawn once for all of them; not to be changed."""
    return kept.get(("demo sites", district.stamp, question.seed, question.status), lambda: stand_ins(district, draw=1, seed=question.seed, status=question.status),
                    lambda found: 1000 * len(found))


def _sign_demo(district: District) -> bytes:
    """Where demo sites may fall hangs on who lives where, and on which street is of which class."""
    sign = hashlib.blake2b(district.demand["people"].to_numpy(float).tobytes(), digest_size=16)
    streets = district.streets if district.base is None else district.base.streets
    sign.update("\0".join(map(str, streets["class"])).encode())
    return sign.digest()


def _one(case: _Case, progress: Progress | None) -> Walked:
    """The single run."""
    district, tally, question, shared = case.district, case.tally, case.question, case.shared
    sites = tally.sites[["id", "geometry"]]
    drawn = 0
    if tally.demo:
        demo = demo_sites(district, question, case.kept)
        demo = demo[demo["layer"] == tally.layer.key]
        drawn = len(demo)
        sites = gpd.GeoDataFrame({"id": [*sites["id"], *demo["id"]]}, geometry=[*sites.geometry, *demo.geometry],
                                 crs=district.metric_crs)
    shapes = sites.geometry.to_numpy()
    entries = enter_sites(shared.network, shapes, access_m=question.access_m, barriers=shared.barriers)
    nodes = nearest(shared.network, entries)
    walks = walks_to(shared.network, nodes, entries, shared.access)
    if progress:
        progress(1.0)
    who = np.where(walks.entry >= 0, entries.site[walks.entry] if len(entries) else -1, -1)
    return Walked(
        walks.walk_m[None], _straight_to(shapes, shared)[None], nodes.walk_m.astype(np.float32)[None],
        entries.edge[None], entries.from_m[None], entries.to_m[None], entries.leg_m[None], tuple(sites["id"]),
        who.astype(np.int64), drawn, 0, *_apart(sites["id"].to_numpy(), entries),
    )


def _many(case: _Case, progress: Progress | None) -> Walked:
    """One run a draw: located sites where they stand, or moved within their uncertainty; demo sites drawn anew."""
    sites, shared, loose, question = case.tally.sites, case.shared, case.loose, case.question
    network, runs = shared.network, question.draws
    shapes, ids = sites.geometry.to_numpy(), sites["id"].to_numpy()
    firm = enter_sites(network, shapes[~loose], access_m=question.access_m, barriers=shared.barriers)
    columns = [_repeated(firm, runs)]
    columns.extend(_by_run(entries_of(moved, network, access_m=question.access_m, barriers=shared.barriers), runs) for moved in _moved(case))
    count = 0
    if case.tally.demo:
        drawn, count = _drawn(case)
        columns.append(drawn)
    edge = np.concatenate([c[0] for c in columns], axis=1)
    from_m, to_m, leg_m = (np.concatenate([c[k] for c in columns], axis=1) for k in (1, 2, 3))
    walks, nodes = redraw_walks(network, (edge, from_m, to_m, leg_m), shared.access, progress=progress)
    nodes = nodes[:, :0].copy() if case.key[-1] == _SHARES else nodes
    straight = case.kept.get(("straight", case.root.stamp, *case.key), lambda: _straight(case), lambda table: table.nbytes)
    return Walked(walks, straight, nodes, edge, from_m, to_m, leg_m, (), np.empty(0, np.int64),
                  count, int(loose.sum()), *_apart(ids[~loose], firm))


def _moved(case: _Case) -> list[Moved]:
    """Each site known less exactly than the standard calls for, moved within its uncertainty once a run."""
    question = case.question
    return case.kept.get(("moved", case.root.stamp, question.access_m, *case.key), lambda: moved_sites(
        case.root, case.tally.sites[case.loose], runs=question.draws, seed=question.seed, access_m=question.access_m, barriers=case.shared.barriers),
        lambda found: sum(one.nbytes for one in found))


def _straight(case: _Case) -> Floats32:
    """Straight distance of every demand point to the nearest site, run by run; a scenario's streets do not change it."""
    shared, shapes = case.shared, case.tally.sites.geometry.to_numpy()
    straight = np.broadcast_to(_straight_to(shapes[~case.loose], shared), (case.question.draws, len(shared.x))).copy()
    for moved in _moved(case):
        np.minimum(straight, straight_to_moved(moved, shared.x, shared.y), out=straight)
    if case.tally.demo:
        network, (edge, offset_m) = case.root.network, _positions(case)
        pieces = lane_pieces(network, edge) if case.tally.layer.geometry == "line" else spots(network, edge, offset_m)
        np.minimum(straight, straight_lines(pieces, shared.x, shared.y), out=straight)
    straight.setflags(write=False)
    return straight


def _positions(case: _Case) -> tuple[Numbers, Metres]:
    """Street and metres along it of every demo site of every draw, on the streets as they are before any scenario."""
    question, layer = case.question, case.tally.layer
    drawn = case.kept.get(("positions", case.root.stamp, *case.key), lambda: redraws(
        case.district, layer.key, draws=question.draws, seed=question.seed, status=question.status, pieces=_permitted(case)), lambda d: d.edge.nbytes + d.offset_m.nbytes)
    return np.asarray(drawn.edge, np.int64), np.asarray(drawn.offset_m, float)


def _permitted(case: _Case) -> Pieces:
    """Where the demo sites of a layer may stand."""
    geometry = case.tally.layer.geometry
    return case.kept.get(("pieces", case.root.stamp, geometry), lambda: permitted_pieces(case.root, geometry), lambda held: held.nbytes)


def _drawn(case: _Case) -> tuple[Columns, int]:
    """The demo sites of every draw: where they enter the streets (they stand on them), and how many there are."""
    network, layer = case.shared.network, case.tally.layer
    edge, offset_m = _positions(case)
    on_street = np.zeros_like(offset_m)
    # a demo alley is one whole lane
    columns = (edge, on_street, case.root.network.edge_m[edge], on_street) if layer.geometry == "line" else (edge, offset_m, offset_m, on_street)
    if network.descent is None:
        return columns, edge.shape[1]
    run = np.repeat(np.arange(len(edge)), edge.shape[1])
    start, end, leg_m = (column.reshape(-1) for column in columns[1:])
    entries = Entries(run, edge.reshape(-1), start, end, leg_m, np.zeros(len(run), dtype=bool))
    after = entries_drawn_before(network, entries, access_m=case.question.access_m, barriers=case.shared.barriers)
    return _by_run(after, len(edge)), edge.shape[1]


def _apart(ids: npt.NDArray[np.object_], entries: Entries) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the sites without an entry, and of the areas entered only at their nearest outline point."""
    without = np.setdiff1d(np.arange(len(ids)), entries.site)
    marked = np.unique(entries.site[entries.nearest_outline])
    return tuple(map(str, ids[without])), tuple(map(str, ids[marked]))


def _straight_to(shapes: npt.NDArray[np.object_], shared: Ground) -> Floats32:
    """Straight distance of every demand point to the nearest of the shapes."""
    straight = np.full(len(shared.x), np.inf, dtype=np.float32)
    if len(shapes) and len(straight):
        (point, _), away = shapely.STRtree(shapes).query_nearest(
            shapely.points(shared.x, shared.y), return_distance=True, all_matches=False)
        straight[point] = away
    return straight


def _repeated(entries: Entries, runs: int) -> Columns:
    """The same entries in every run."""
    start, end, leg_m = (np.broadcast_to(a, (runs, len(a))) for a in (entries.from_m, entries.to_m, entries.leg_m))
    return np.broadcast_to(entries.edge, (runs, len(entries))), start, end, leg_m


def _by_run(entries: Entries, runs: int) -> Columns:
    """Entries whose `site` is the run they belong to, one row a run; a place left over is an entry nobody reaches."""
    order = np.argsort(entries.site, kind="stable")
    run = entries.site[order]
    count = np.bincount(run, minlength=runs)
    column = np.arange(len(run)) - np.repeat(np.cumsum(count) - count, count)
    shape = (runs, int(count.max(initial=0)))
    edge, start, end, leg_m = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape), np.full(shape, np.inf)
    for table, values in ((edge, entries.edge), (start, entries.from_m), (end, entries.to_m), (leg_m, entries.leg_m)):
        table[run, column] = values[order]
    return edge, start, end, leg_m
