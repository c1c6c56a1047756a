"""Whether two inputs stand apart as two datums do, and which datum that would be.

In Chanhe GCJ-02 is 571 m from WGS-84 and BD-09 1,274 m. An input read in the wrong datum is therefore off by one of these,
in one known direction, and that can be told in three ways: it fits the streets better once the datum is undone, it lies
inside the boundary only then, or things of the same name stand apart by just that.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.crs import DATUMS, WGS84, Datum, from_wgs84, parse_datum, to_wgs84
from geodata.errors import Problem
from layers import Text

SUSPICIOUS_M: Final = (400.0, 1_400.0)
"""An offset between inputs in this range, metres, is worth a warning."""
FEWEST: Final = 10
"""Fewer places than this say nothing about how they fit streets or a boundary."""
_SAMPLE: Final = 2_000
_STEP_M: Final = 60.0
_HALVED: Final = 0.5
_GAIN_M: Final = 10.0
_EDGE_M: Final = 30.0
_INSIDE_SHARE: Final = 0.98
_ALIKE: Final = 0.35

Floats = NDArray[np.float64]
_SHIFTED: Final = ("wgs84", "gcj02", "bd09")


@dataclass(frozen=True, slots=True)
class DatumGuess:
    """Two inputs that stand apart.

    Attributes:
        datum: the likely datum of the one that is off; empty where no datum explains the offset.
        at_reference: whether the reference is off rather than the places compared with it.
        offset_m: how far apart they stand.
        before: how they fit as read, in the words of `how`.
        after: how they fit with that datum undone.
        how: `streets` (median metres to the nearest street), `boundary` (share inside), `names` (median metres apart).
    """

    datum: str
    at_reference: bool
    offset_m: float
    before: float
    after: float
    how: str


def guess_by_lines(places: gpd.GeoSeries, lines: gpd.GeoSeries, *, stated: Datum | str = "wgs84") -> DatumGuess | None:
    """Return the datum under which `places` fit `lines` far better than as read, or None.

    Args:
        places: WGS-84; of lines and polygons, points along their course are taken.
        lines: streets (or an outline) in a metric CRS.
        stated: the datum `places` were read in.
    """
    points = _points(places, str(lines.crs))
    if len(points) < FEWEST or lines.empty:
        return None
    tree = shapely.STRtree(lines.to_numpy())

    def distances(lon: Floats, lat: Floats) -> Floats:
        metric = gpd.GeoSeries.from_xy(lon, lat, crs=WGS84).to_crs(lines.crs).to_numpy()
        found = np.full(len(metric), np.nan)
        (which, _), metres = tree.query_nearest(metric, return_distance=True, all_matches=False)
        found[which] = metres
        return found

    as_read = distances(points[:, 0], points[:, 1])
    best: DatumGuess | None = None
    for datum, at_reference, lon, lat in _hypotheses(points, stated):
        undone = distances(lon, lat)
        guess = DatumGuess(datum, at_reference, _apart_m(points, lon, lat), float(np.median(as_read)), float(np.median(undone)), "streets")
        if _clearly_nearer(as_read, undone) and (best is None or guess.after < best.after):
            best = guess
    return best


def guess_by_boundary(places: gpd.GeoSeries, boundary: gpd.GeoSeries, *, stated: Datum | str = "wgs84") -> DatumGuess | None:
    """Return the datum under which nearly all `places` lie inside `boundary` while as read too many do not, or None.

    Args:
        places: WGS-84; of lines and polygons, points along their course are taken.
        boundary: polygons in a metric CRS.
        stated: the datum `places` were read in.
    """
    points = _points(places, str(boundary.crs))
    if len(points) < FEWEST:
        return None
    area = shapely.buffer(boundary.union_all(), _EDGE_M)
    shapely.prepare(area)

    def share_inside(lon: Floats, lat: Floats) -> float:
        metric = gpd.GeoSeries.from_xy(lon, lat, crs=WGS84).to_crs(boundary.crs)
        return float(shapely.contains_xy(area, metric.x.to_numpy(), metric.y.to_numpy()).mean())

    as_read, most = share_inside(points[:, 0], points[:, 1]), 0.0
    best: DatumGuess | None = None
    for datum, at_reference, lon, lat in _hypotheses(points, stated):
        share = share_inside(lon, lat)
        if share >= _INSIDE_SHARE and share - as_read >= max(0.03, 2.5 / len(points)) and share > most:
            most, best = share, DatumGuess(datum, at_reference, _apart_m(points, lon, lat), as_read, share, "boundary")
    return best


def guess_by_names(places: gpd.GeoSeries, partners: gpd.GeoSeries, *, stated: Datum | str = "wgs84") -> DatumGuess | None:
    """Return how far places stand from others of the same name, where that is 400 to 1,400 m, with the datum that explains it.

    Args:
        places: WGS-84.
        partners: WGS-84, in the same order: the same things as another input has them.
        stated: the datum `places` were read in.
    """
    if places.empty:
        return None
    here, there = _middles(places), _middles(partners)
    apart = _metres(here, there)
    offset_m = float(np.median(np.hypot(*apart.T)))
    if not SUSPICIOUS_M[0] <= offset_m <= SUSPICIOUS_M[1]:
        return None
    best = DatumGuess("", False, offset_m, offset_m, offset_m, "names")
    for datum, at_reference, lon, lat in _hypotheses(here, stated):
        left = float(np.median(np.hypot(*_metres(np.column_stack([lon, lat]), there).T)))
        if left < min(best.after, _ALIKE * offset_m):
            best = DatumGuess(datum, at_reference, offset_m, offset_m, left, "names")
    return best


def datum_problem(guess: DatumGuess, what: Text, reference: Text, file: str = "") -> Problem:
    """Return the warning for a guess, naming the likely datum and how it was told.

    Args:
        guess: what was found.
        what: the input whose places were compared.
        reference: what they were compared with.
        file: the input's file name.
    """
    told = {
        "streets": Text("到最近道路的中位距离可由 {before:.0f} 米降到 {after:.0f} 米", "the median distance to the nearest street would fall from {before:.0f} m to {after:.0f} m"),
        "boundary": Text("区界内占比可由 {before:.0%} 升到 {after:.0%}", "the share inside the boundary would rise from {before:.0%} to {after:.0%}"),
        "names": Text("同名地点相距中位数 {before:.0f} 米，改正后 {after:.0f} 米", "things of the same name stand {before:.0f} m apart (median), {after:.0f} m once undone"),
    }[guess.how].format(before=guess.before, after=guess.after)
    off = reference if guess.at_reference else what
    if not guess.datum:
        return Problem(None, "datum", f"{guess.offset_m:.0f} m", "offset", Text("{what}与{reference}相差约 {m:.0f} 米，不像已知坐标系之差。", "{what} stands about {m:.0f} m from {reference}; no known datum explains it.").format(
            what=what, reference=reference, m=guess.offset_m), Text("请核对两份数据的坐标系和配准。", "Check the datum and the registration of both."), "warning", file)
    name = DATUMS[guess.datum].name
    return Problem(
        None, "datum", f"{guess.offset_m:.0f} m", f"datum_{guess.datum}",
        Text("{what}与{reference}相差约 {m:.0f} 米：{off}很可能是 {name}（{told}）。", "{what} and {reference} stand about {m:.0f} m apart: {off} is probably in {name} ({told}).").format(
            what=what, reference=reference, m=guess.offset_m, off=off, name=name, told=told),
        Text("若确是如此，请把该文件的坐标系改选为“{name}”后重新导入（命令行：--datum {key}）。", "If so, choose {name} as that file's datum and import again (command line: --datum {key}).").format(name=name, key=guess.datum), "warning", file)


def _hypotheses(points: Floats, stated: Datum | str) -> list[tuple[str, bool, Floats, Floats]]:
    """Return where the points would stand if they, or the reference, were in another datum than they were read in."""
    read_as = stated.key if isinstance(stated, Datum) else parse_datum(stated).key
    lon, lat = points.T
    raw_x, raw_y = from_wgs84(lon, lat, read_as) if read_as in {"gcj02", "bd09"} else (lon, lat)
    own = [(d, False, *to_wgs84(raw_x, raw_y, d)) for d in _SHIFTED if d != read_as and (d != "wgs84" or read_as in {"gcj02", "bd09"})]
    theirs = [(d, True, *from_wgs84(lon, lat, d)) for d in ("gcj02", "bd09")]
    return own + theirs if read_as not in {"gcj02", "bd09"} else own


def _clearly_nearer(before: Floats, after: Floats) -> bool:
    """Return whether most points come much nearer: the median at least halves, and a sign test at about 1 in 1,000 agrees."""
    old, new = float(np.median(before)), float(np.median(after))
    nearer = float(np.mean(after < before))
    return new <= _HALVED * old and old - new >= _GAIN_M and nearer >= 0.5 + 1.55 / np.sqrt(len(before))


def _points(places: gpd.GeoSeries, metric_crs: str) -> Floats:
    """Return up to _SAMPLE points of the places, degrees WGS-84: points as they are, lines and outlines every _STEP_M."""
    shapes = places[places.notna() & ~places.is_empty].to_crs(metric_crs).to_numpy()
    lines = shapely.get_dimensions(shapes) > 0
    outlines = np.where(shapely.get_dimensions(shapes) == 2, shapely.boundary(shapes), shapes)
    along = [shapely.get_coordinates(shapely.segmentize(g, _STEP_M)) for g in outlines[lines]]
    every = np.concatenate([shapely.get_coordinates(shapes[~lines]), *along]) if len(shapes) else np.zeros((0, 2))
    chosen = every[np.linspace(0, len(every) - 1, min(len(every), _SAMPLE)).astype(int)] if len(every) else every
    back = gpd.GeoSeries.from_xy(chosen[:, 0], chosen[:, 1], crs=metric_crs).to_crs(WGS84)
    return np.column_stack([back.x, back.y])


def _middles(places: gpd.GeoSeries) -> Floats:
    """Return one point of each place, degrees."""
    middles: Floats = shapely.get_coordinates(shapely.centroid(places.to_numpy()))
    return middles


def _metres(one: Floats, other: Floats) -> Floats:
    """Return the differences of points in degrees as metres east and north; exact enough over 2 km."""
    step = (other - one) * 111_320.0
    return np.column_stack([step[:, 0] * np.cos(np.radians(one[:, 1])), step[:, 1]])


def _apart_m(points: Floats, lon: Floats, lat: Floats) -> float:
    """Return the median distance between points and where they would stand."""
    return float(np.median(np.hypot(*_metres(points, np.column_stack([lon, lat])).T)))


