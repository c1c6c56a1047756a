"""The one gate for coordinates: whatever comes in leaves as WGS-84, and metres are taken in a named metric CRS.

Inside the product nobody asks again which datum a number is in. CGCS2000 is taken as WGS-84 (the two differ by less
than 1 m). GCJ-02 and BD-09 are undone by iterating the published forward formula until nothing moves, so a round trip
closes within 1 mm; outside the rectangle the formula is defined for, both are the identity.

Source of the GCJ-02 and BD-09 forward formulas: public domain, https://github.com/Artoria2e5/PRCoords (CC0).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geodata.errors import Unknown
from layers import Text

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

WGS84: Final = "EPSG:4326"
ZONE_LIMIT_LON: Final = 112.5
"""Degrees east; parts the 3-degree zones of central meridian 111 (EPSG:4546) and 114 (EPSG:4547)."""
CHINA_BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of the rectangle in which GCJ-02 differs from WGS-84."""

_A, _EE = 6378245.0, 0.00669342162296594323  # Krasovsky 1940, as in the forward formula
_SETTLED_DEG = 1e-12  # about 0.1 micrometre
_EDGE_DEG = 1e-9  # a place on the rectangle's edge comes back within 0.1 mm, perhaps on its other side
_FARTHEST_DEG = 0.05  # more than either datum ever moves a place
_MOST_ROUNDS = 60
_BD_LON, _BD_LAT, _BD_TURN = 0.0065, 0.0060, np.pi * 3000.0 / 180.0


@dataclass(frozen=True, slots=True)
class Datum:
    """What a pair of numbers means.

    Attributes:
        key: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `EPSG:n`.
        name: what it is called.
        epsg: set where pyproj does the conversion.
        geographic: whether the numbers are degrees, longitude first.
    """

    key: str
    name: Text
    epsg: int | None = None
    geographic: bool = True


DATUMS: Final[Mapping[str, Datum]] = {
    "wgs84": Datum("wgs84", Text("WGS-84", "WGS-84")),
    "cgcs2000": Datum("cgcs2000", Text("CGCS2000 经纬度（与 WGS-84 相差不足 1 米，按 WGS-84 处理）",
                                       "CGCS2000 degrees (within 1 m of WGS-84, taken as WGS-84)")),
    "gcj02": Datum("gcj02", Text("GCJ-02（高德、腾讯等国内地图）", "GCJ-02 (Amap, Tencent and other maps made in China)")),
    "bd09": Datum("bd09", Text("BD-09（百度地图）", "BD-09 (Baidu maps)")),
}
"""Every datum with a name of its own; beside them any `EPSG:n`."""

PLANE_DATUMS: Final[Mapping[str, Text]] = {
    "EPSG:4546": Text("CGCS2000 平面坐标，中央经线 111°（EPSG:4546）", "CGCS2000 plane, central meridian 111° (EPSG:4546)"),
    "EPSG:4547": Text("CGCS2000 平面坐标，中央经线 114°（EPSG:4547）", "CGCS2000 plane, central meridian 114° (EPSG:4547)"),
    "EPSG:32649": Text("UTM 49N 平面坐标（EPSG:32649）", "UTM 49N plane (EPSG:32649)"),
}
"""The plane datums usual in the district, to be offered beside DATUMS."""

_ALIASES: Final[Mapping[str, str]] = {
    "wgs84": "wgs84", "wgs": "wgs84", "gps": "wgs84", "epsg4326": "wgs84", "4326": "wgs84",
    "cgcs2000": "cgcs2000", "2000国家大地坐标系": "cgcs2000", "国家2000": "cgcs2000", "epsg4490": "cgcs2000", "4490": "cgcs2000",
    "gcj02": "gcj02", "gcj": "gcj02", "火星坐标": "gcj02", "高德": "gcj02", "bd09": "bd09", "bd": "bd09", "百度": "bd09",
}


@cache
def parse_datum(text: str) -> Datum:
    """Return the datum that `text` names, however it is written.

    Raises:
        Unknown: no datum of that name, or an EPSG number pyproj does not know.

    >>> parse_datum("GCJ-02").key, parse_datum("4547").key, parse_datum("EPSG:4490").key
    ('gcj02', 'EPSG:4547', 'cgcs2000')
    """
    plain = text.strip().lower().replace("-", "").replace("_", "").replace(":", "").replace(" ", "")
    if plain in _ALIASES:
        return DATUMS[_ALIASES[plain]]
    number = plain.removeprefix("epsg")
    try:
        found = CRS.from_epsg(int(number))
    except (ValueError, CRSError) as error:
        raise Unknown(Text(
            f"不认识的坐标系 {text!r}。可用：wgs84、cgcs2000、gcj02、bd09，或 EPSG:编号（如 EPSG:4546、EPSG:4547、EPSG:32649）。",
            f"Unknown datum {text!r}. Use wgs84, cgcs2000, gcj02, bd09 or EPSG:n (such as EPSG:4546, EPSG:4547, EPSG:32649).",
        )) from error
    if not (found.is_geographic or found.is_projected):
        raise Unknown(Text(f"EPSG:{number} 不是平面或经纬度坐标系。", f"EPSG:{number} is neither a projected nor a geographic CRS."))
    return Datum(f"EPSG:{number}", Text(found.name, found.name), epsg=int(number), geographic=bool(found.is_geographic))


def zone_epsg(lon: float) -> int:
    """Return the CGCS2000 3-degree zone for a place in Chanhe: 4546 west of 112.5 degrees east, else 4547.

    >>> zone_epsg(112.48), zone_epsg(112.52)
    (4546, 4547)
    """
    return 4546 if lon < ZONE_LIMIT_LON else 4547


def to_wgs84(x: ArrayLike, y: ArrayLike, datum: Datum | str) -> Pair:
    """Return longitude and latitude, degrees WGS-84, of coordinates in `datum`; not-a-number stays so.

    Args:
        x: longitude or easting. For EPSG systems always east first, whatever the register's axis order.
        y: latitude or northing.
        datum: what the numbers mean.
    """
    return _ways(datum)[0](*_floats(x, y))


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum | str) -> Pair:
    """Return the coordinates in `datum` of places given in degrees WGS-84; the inverse of `to_wgs84`."""
    return _ways(datum)[1](*_floats(lon, lat))


def frame_to_wgs84(frame: gpd.GeoDataFrame, datum: Datum | str) -> gpd.GeoDataFrame:
    """Return `frame` in EPSG:4326, its coordinates read as `datum` whatever CRS it declares; heights are dropped."""
    moved = shapely.transform(frame.geometry.to_numpy(), _moving(datum))
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=WGS84))


def to_metric(frame: gpd.GeoDataFrame, metric_crs: str) -> gpd.GeoDataFrame:
    """Return a WGS-84 `frame` in `metric_crs` (`EPSG:n`), same index."""
    return frame.to_crs(metric_crs)


def point_to_wgs84(x: float, y: float, datum: Datum | str) -> tuple[float, float]:
    """Return one point as `(lon, lat)`, degrees WGS-84."""
    lon, lat = to_wgs84([x], [y], datum)
    return float(lon[0]), float(lat[0])


def in_china(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Return whether places lie in the rectangle where GCJ-02 and BD-09 differ from WGS-84."""
    return _in_box(*_floats(lon, lat), 0.0)


def _in_box(x: Floats, y: Floats, wider: float) -> NDArray[np.bool_]:
    """Return whether degrees lie in the rectangle made wider by some degrees on every side."""
    west, south, east, north = CHINA_BOX
    return (x >= west - wider) & (x <= east + wider) & (y >= south - wider) & (y <= north + wider)


def _floats(x: ArrayLike, y: ArrayLike) -> Pair:
    """Return two float arrays of the same shape."""
    xs, ys = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
    return np.atleast_1d(xs), np.atleast_1d(ys)


def _moving(datum: Datum | str) -> Callable[[Floats], Floats]:
    """Return the conversion to WGS-84 as shapely wants it: (n, 2) in, (n, 2) out."""
    def move(points: Floats) -> Floats:
        return np.column_stack(to_wgs84(points[:, 0], points[:, 1], datum))
    return move


def _ways(datum: Datum | str) -> tuple[Callable[[Floats, Floats], Pair], Callable[[Floats, Floats], Pair]]:
    """Return the conversions into WGS-84 and out of it."""
    known = datum if isinstance(datum, Datum) else parse_datum(datum)
    if known.key == "gcj02":
        return _undo_gcj02, _gcj02
    if known.key == "bd09":
        return _undo_bd09, _bd09
    if known.epsg is None:
        return _same, _same
    into, out = _transformer(known.epsg, WGS84), _transformer(WGS84, known.epsg)
    return (lambda x, y: _projected(into, x, y)), (lambda x, y: _projected(out, x, y))


@cache
def _transformer(source: int | str, target: int | str) -> Transformer:
    """Return pyproj's conversion, always east first."""
    return Transformer.from_crs(source, target, always_xy=True)


def _projected(transformer: Transformer, x: Floats, y: Floats) -> Pair:
    """Convert by pyproj; what it cannot convert becomes not-a-number, never infinite."""
    out = [np.where(np.isfinite(v), v, np.nan) for v in transformer.transform(x, y)]
    return out[0], out[1]


def _same(x: Floats, y: Floats) -> Pair:
    return x.copy(), y.copy()


def _gcj02_shift(lon: Floats, lat: Floats) -> Pair:
    """Return the GCJ-02 offset in degrees at places in WGS-84, without asking whether they lie in China."""
    x, y = lon - 105.0, lat - 35.0
    root, cross = np.sqrt(np.abs(x)), x * y
    both = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north_m = (-100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * cross + 0.2 * root + both
               + (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2.0 / 3.0
               + (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2.0 / 3.0)
    east_m = (300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * cross + 0.1 * root + both
              + (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2.0 / 3.0
              + (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2.0 / 3.0)
    phi = np.radians(lat)
    magic = 1.0 - _EE * np.sin(phi) ** 2
    d_lat = north_m * 180.0 / ((_A * (1.0 - _EE)) / (magic * np.sqrt(magic)) * np.pi)
    d_lon = east_m * 180.0 / (_A / np.sqrt(magic) * np.cos(phi) * np.pi)
    return d_lon, d_lat


def _gcj02(lon: Floats, lat: Floats) -> Pair:
    d_lon, d_lat = _gcj02_shift(lon, lat)
    inside = in_china(lon, lat)
    return np.where(inside, lon + d_lon, lon), np.where(inside, lat + d_lat, lat)


def _undo_gcj02(x: Floats, y: Floats) -> Pair:
    """Undo GCJ-02. In the 700 m along the rectangle's edge two places share one number; the one in China is meant."""
    return _undo(x, y, _gcj02_shift)


def _bd09_shift(lon: Floats, lat: Floats) -> Pair:
    """Return the whole BD-09 offset in degrees at places in WGS-84, without asking whether they lie in China."""
    d_lon, d_lat = _gcj02_shift(lon, lat)
    x, y = lon + d_lon, lat + d_lat
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return radius * np.cos(angle) + _BD_LON - lon, radius * np.sin(angle) + _BD_LAT - lat


def _bd09(lon: Floats, lat: Floats) -> Pair:
    d_lon, d_lat = _bd09_shift(lon, lat)
    inside = in_china(lon, lat)
    return np.where(inside, lon + d_lon, lon), np.where(inside, lat + d_lat, lat)


def _undo_bd09(x: Floats, y: Floats) -> Pair:
    """Undo BD-09; of two places that share one number along the rectangle's edge, the one in China is meant."""
    return _undo(x, y, _bd09_shift)


def _undo(x: Floats, y: Floats, shift: Callable[[Floats, Floats], Pair]) -> Pair:
    """Find the places that `shift` moves onto `x`, `y`. The offset changes by under 2 % per step, so this settles."""
    near = _in_box(x, y, _FARTHEST_DEG)
    lon, lat = np.where(near, x, 105.0), np.where(near, y, 35.0)
    for _ in range(_MOST_ROUNDS):
        d_lon, d_lat = shift(lon, lat)
        new_lon, new_lat = np.where(near, x - d_lon, lon), np.where(near, y - d_lat, lat)
        moved = max(float(np.max(np.abs(new_lon - lon), initial=0.0)), float(np.max(np.abs(new_lat - lat), initial=0.0)))
        lon, lat = new_lon, new_lat
        if moved < _SETTLED_DEG:
            break
    inside = near & _in_box(lon, lat, _EDGE_DEG)
    return np.where(inside, lon, x), np.where(inside, lat, y)
