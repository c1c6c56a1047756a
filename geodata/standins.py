"""Demo sites (示意点): one for each promised place of 2022 without a position, so that a sketch can be seen and rehearsed.

They are anonymous and outside every count. Each is drawn at random along permitted streets, every metre of street weighted
by the people around it, and never optimised, so that it flatters nothing. A site's draws depend on its id and the seed
alone: once it is located its demo site goes and all others stay. A district with real streets has none.

One rule for every filter: a demo site has the status and the year of the promised place it stands for, and no other fact of
it, so a filter by status or year keeps as many demo sites as unlocated places pass it: in answers, downloads and on the map.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final
from zlib import crc32

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.district import SITE_COLUMNS, District
from geodata.errors import Misasked
from geodata.network import Network
from geodata.question import DEFAULT_SEED
from geodata.sitefile import normal_sites
from layers import Geometry, Layer, Text, every_layer

__all__ = ["DEFAULT_SEED", "YEAR", "Draws", "Pieces", "demo_counts", "lane_pieces", "permitted_pieces", "redraws", "spots", "stand_ins"]

Metres = npt.NDArray[np.float64]

YEAR: Final = 2022
GAP_LAYER: Final = "road_openings"
"""Its demo sites are the sketch's own missing links; they are never redrawn."""
PERMITTED: Final[dict[Geometry, tuple[str, ...]]] = {
    "point": ("secondary", "tertiary", "residential", "lane"),
    "area": ("secondary", "tertiary", "residential"),
    "line": ("lane",),
}
"""Street classes a demo site may stand on, by what a surveyed site of its layer is. A line is one whole lane."""
SHORTEST_LANE_M: Final = 60.0
PIECE_M: Final = 20.0
SQUARE_M: Final = 100.0
"""People weigh on the streets of their own square of this side and the eight around it."""

_NAME: Final = Text("示意{one} {mark}", "Demo {one} {mark}")
_BASIS: Final = Text(
    "示意点，编号不对应任何项目；沿示意路网按示意人口随机抽取（第 {draw} 次抽样，种子 {seed}）",
    "Demo site, its number belongs to no project; drawn at random along the sketch's streets by its people (draw {draw}, seed {seed})",
)
_GAP_BASIS: Final = Text("示意断头路，属于示意路网，不对应任何道路", "A missing link of the sketch, tied to no real road")
_SOURCE: Final = Text("示意路网（程序按固定种子生成）", "The sketch, made by code from a fixed seed")


@dataclass(frozen=True, slots=True)
class Draws:
    """Places on the network, one row a draw, one column a demo site in the order of `stand_ins`.

    Attributes:
        edge: row of the street, shape (draws, sites).
        offset_m: metres along it; 0 where the site is the whole edge.
    """

    edge: npt.NDArray[np.int64]
    offset_m: Metres


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Short pieces of permitted street with the people they carry, summed up."""

    edge: npt.NDArray[np.int64]
    start_m: Metres
    metres: Metres
    people: Metres

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.edge.nbytes + self.start_m.nbytes + self.metres.nbytes + self.people.nbytes


def stand_ins(district: District, *, draw: int = 1, seed: int = DEFAULT_SEED, status: Collection[str] = ()) -> gpd.GeoDataFrame:
    """Return the demo sites, columns SITE_COLUMNS and geometry, in the district's metric CRS.

    Args:
        district: of which place; with real streets there are none.
        draw: which draw, from 1.
        seed: of all draws.
        status: only those that stand for places of these statuses; empty means all.

    Raises:
        Misasked: `draw` is below 1.
    """
    if draw < 1:
        raise Misasked(Text(f"抽样序号应从 1 起，收到 {draw}。", f"Draws are numbered from 1, got {draw}."))
    rows, shapes = [], []
    pieces: dict[Geometry, Pieces] = {}
    for layer in every_layer().values():
        places = _places(district, layer, status)
        if not places:
            continue
        statuses = _statuses(district, places)
        if layer.key == GAP_LAYER:
            found, basis = _gap_lines(district), _GAP_BASIS
        else:
            known = pieces.get(layer.geometry) or pieces.setdefault(layer.geometry, permitted_pieces(district, layer.geometry))
            found, basis = _drawn_shapes(district, layer, _drawn(layer, places, known, draw, seed), places), _BASIS.format(draw=draw, seed=seed)
        for number in places.values():
            if number in found:
                rows.append(_row(layer, number, basis, statuses[number]))
                shapes.append(found[number])
    frame = pd.DataFrame(rows, columns=list(SITE_COLUMNS), dtype=object)
    return normal_sites(gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs=district.metric_crs), crs=district.metric_crs))


def demo_counts(district: District) -> dict[str, int]:
    """Return how many demo sites each layer has, without drawing them; layers that have none are left out."""
    gaps = len(district.gaps)
    counts = {layer.key: sum(number <= gaps for number in places.values()) if layer.key == GAP_LAYER else len(places)
              for layer in every_layer().values() if (places := _places(district, layer))}
    return {key: count for key, count in counts.items() if count}


def redraws(district: District, layer: str, draws: int, seed: int = DEFAULT_SEED, *, status: Collection[str] = (),
            pieces: Pieces | None = None) -> Draws:
    """Return where the demo sites of `layer` stand in each of the first `draws` draws; row 0 is draw 1.

    `status` is that of `stand_ins`, `pieces` are those of `permitted_pieces`, where they are known already. Fewer draws are the beginning of more. Missing links are not on the network and give no columns. Where a scenario
    changed the district, the places are on its streets before: no demo site moves because a road opens.
    """
    form = every_layer().get(layer)
    places = {} if form is None or layer == GAP_LAYER else _places(district, form, status)
    if form is None or not places:
        return _no_draws(draws)
    return _drawn(form, places, permitted_pieces(district, form.geometry) if pieces is None else pieces, draws, seed)


def _drawn(layer: Layer, places: Iterable[str], pieces: Pieces, draws: int, seed: int) -> Draws:
    """Draw each place by its own random numbers; no permitted street gives no columns."""
    if not len(pieces.edge):
        return _no_draws(draws)
    chance = np.stack([np.random.RandomState([seed, crc32(place.encode())]).random_sample((draws, 2)) for place in places], axis=1)
    total = np.cumsum(pieces.people)
    piece = np.minimum(np.searchsorted(total, chance[..., 0] * total[-1], side="right"), len(total) - 1)
    offset_m = pieces.start_m[piece] + chance[..., 1] * pieces.metres[piece]
    return Draws(pieces.edge[piece], np.zeros_like(offset_m) if layer.geometry == "line" else offset_m)


def spots(network: Network, edge: npt.NDArray[np.int64], offset_m: Metres) -> Metres:
    """Return places on edges as pieces of no length, shape (draws, sites, 4)."""
    xy = shapely.get_coordinates(shapely.line_interpolate_point(network.lines[edge].reshape(-1), offset_m.reshape(-1)))
    return np.hstack([xy, xy]).reshape(*edge.shape, 4)


def lane_pieces(network: Network, edge: npt.NDArray[np.int64]) -> Metres:
    """Return whole edges as straight pieces, shape (draws, pieces, 4); the shorter are filled up with their last vertex."""
    used, which = np.unique(edge, return_inverse=True)
    corners = [shapely.get_coordinates(line) for line in network.lines[used]]
    most = max((len(c) for c in corners), default=2)
    padded = np.stack([np.vstack([c, np.repeat(c[-1:], most - len(c), axis=0)]) for c in corners]) if corners else np.empty((0, 2, 2))
    pieces = np.concatenate([padded[:, :-1], padded[:, 1:]], axis=2)
    return pieces[which.reshape(-1)].reshape(len(edge), -1, 4)


def _no_draws(draws: int) -> Draws:
    return Draws(np.empty((draws, 0), np.int64), np.empty((draws, 0)))


def _places(district: District, layer: Layer, status: Collection[str] = ()) -> dict[str, int]:
    """Return the ids of the promised places without a position, each with its demo site's number, in order of that.

    Numbers follow a hash of the ids of all promised places of the layer, located or not, so that they say nothing of a
    project and do not change when another place is located.
    """
    if district.streets_kind != "sketch" or not layer.stand_ins:
        return {}
    sites = district.sites
    promised = sites[(sites["layer"] == layer.key) & (sites["origin"] == "programme") & (sites["year"] == YEAR).fillna(value=False)]
    order = sorted(promised["id"], key=lambda place: blake2b(place.encode(), digest_size=8).digest())
    asked = promised[promised["status"].isin(status)] if status else promised
    still = set(asked["id"][asked["location_class"] == "unlocated"])
    return {place: number for number, place in enumerate(order, start=1) if place in still}


def _statuses(district: District, places: Mapping[str, int]) -> dict[int, str]:
    """Return the status of each place by its demo site's number."""
    sites = district.sites
    known = dict(zip(sites["id"], sites["status"], strict=True))
    return {number: str(known[place]) for place, number in places.items()}


def _drawn_shapes(district: District, layer: Layer, drawn: Draws, places: dict[str, int]) -> dict[int, shapely.Geometry]:
    """Return the geometry of each demo site of a layer, by its number, in the last of some draws."""
    lines = _ground(district).network.lines[drawn.edge[-1]]
    shapes = lines if layer.geometry == "line" else shapely.line_interpolate_point(lines, drawn.offset_m[-1])
    return dict(zip(places.values(), shapes, strict=False))


def _ground(district: District) -> District:
    """The district whose streets and people demo sites are drawn by: the one before a scenario."""
    return district if district.base is None else district.base


def _gap_lines(district: District) -> dict[int, shapely.Geometry]:
    """Return the sketch's missing links by number: A is 1."""
    return dict(enumerate(district.gaps.sort_values("id").geometry, start=1))


def _row(layer: Layer, number: int, basis: Text, status: str) -> dict[str, object]:
    """Return what a demo site says of itself; it names no commitment, for it belongs to none."""
    gap = layer.key == GAP_LAYER
    name = Text(f"示意断头路 {chr(64 + number)}", f"Demo dead-end road {chr(64 + number)}") if gap else _NAME.format(one=layer.one, mark=number)
    return {
        "id": f"demo-{layer.key}-{number:02d}", "layer": layer.key, "origin": "programme",
        "name_zh": name.zh, "name_en": name.en, "amount": 1, "status": status, "year": YEAR, "location_class": "stand_in",
        "basis_zh": basis.zh, "basis_en": basis.en, "source_zh": _SOURCE.zh, "source_en": _SOURCE.en,
    }


def permitted_pieces(district: District, geometry: Geometry) -> Pieces:
    """Cut the permitted streets into pieces and let people weigh on them; pieces over water or rail carry nobody.

    They are those of the district before a scenario, and the same for every layer of one kind of geometry.
    """
    district = _ground(district)
    network, streets = district.network, district.streets
    able = streets["class"].isin(PERMITTED[geometry]).to_numpy() & network.enterable
    if geometry == "line" and (able & (network.edge_m >= SHORTEST_LANE_M)).any():
        able &= network.edge_m >= SHORTEST_LANE_M
    edges = np.flatnonzero(able)
    counts = np.maximum(1, np.ceil(network.edge_m[edges] / PIECE_M)).astype(np.int64)
    edge = np.repeat(edges, counts)
    metres = np.repeat(network.edge_m[edges] / counts, counts)
    start_m = (np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)) * metres
    middles = shapely.line_interpolate_point(network.lines[edge], start_m + metres / 2)
    weighing = metres * ~_over(middles, district)
    people = _people_on(shapely.get_coordinates(middles), weighing, district.demand)
    if people.sum() == 0.0:
        people = weighing
    return Pieces(edge, start_m, metres, people)


def _over(points: npt.NDArray[np.object_], district: District) -> npt.NDArray[np.bool_]:
    """Return which points lie in water or within half a piece of a railway."""
    over = np.zeros(len(points), dtype=bool)
    for barrier in (district.water, district.rail):
        if len(barrier):
            over[shapely.STRtree(points).query(barrier.geometry.to_numpy(), predicate="dwithin", distance=PIECE_M / 2)[1]] = True
    return over


def _people_on(xy: Metres, metres: Metres, demand: gpd.GeoDataFrame) -> Metres:
    """Share the people of each square out over the street metres of it and the eight around it, evenly."""
    homes = np.column_stack([demand.geometry.x, demand.geometry.y])
    if not len(homes) or not len(xy):
        return np.zeros(len(xy))
    low = np.floor(np.minimum(homes.min(axis=0), xy.min(axis=0)) / SQUARE_M).astype(np.int64) - 1
    of_home, of_piece = (np.floor(v / SQUARE_M).astype(np.int64) - low for v in (homes, xy))
    size = tuple(np.maximum(of_home.max(axis=0), of_piece.max(axis=0)) + 2)
    people, street_m = np.zeros(size), np.zeros(size)
    np.add.at(people, tuple(of_home.T), demand["people"].to_numpy(float))
    np.add.at(street_m, tuple(of_piece.T), metres)
    around_m = _around(street_m)
    per_metre = _around(np.divide(people, around_m, out=np.zeros(size), where=around_m > 0))
    return np.asarray(per_metre[tuple(of_piece.T)] * metres, dtype=np.float64)


def _around(squares: Metres) -> Metres:
    """Sum each square with the eight around it; the outermost ring is empty."""
    total = np.zeros_like(squares)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            total += np.roll(squares, (down, right), axis=(0, 1))
    return total
