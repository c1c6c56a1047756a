"""Where rows stand, in the datum of the file: geometries moved and rounded, and their coordinates as columns."""

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.crs import WGS84
from geodata.errors import Unknown
from layers import Text

DEGREE_DIGITS: Final = 7  # about 1 cm
METRE_DIGITS: Final = 3
WGS84_NAME: Final = Text("WGS-84 经纬度（EPSG:4326）", "WGS-84 degrees (EPSG:4326)")
EXPORT_CRS: Final[Mapping[int, Text]] = {
    4490: Text("CGCS2000 经纬度（EPSG:4490；与 WGS-84 相差不足 1 米，数值相同）",
               "CGCS2000 degrees (EPSG:4490; within 1 m of WGS-84, taken as the same numbers)"),
    4546: Text("CGCS2000 三度带，中央经线 111°（EPSG:4546）", "CGCS2000 3-degree zone, central meridian 111° (EPSG:4546)"),
    4547: Text("CGCS2000 三度带，中央经线 114°（EPSG:4547）", "CGCS2000 3-degree zone, central meridian 114° (EPSG:4547)"),
}
"""The systems a download may be in beside WGS-84, by EPSG number."""


def parse_crs(text: str | None) -> int | None:
    """Return the EPSG number that `--crs` names, None for WGS-84.

    Raises:
        Unknown: none of those a download may be in.

    >>> parse_crs("EPSG:4547"), parse_crs("4326"), parse_crs(None)
    (4547, None, None)
    """
    number = (text or "4326").strip().lower().removeprefix("epsg:")
    if number == "4326":
        return None
    if number in {str(epsg) for epsg in EXPORT_CRS}:
        return int(number)
    raise Unknown(Text(f"下载文件不提供坐标系 {text!r}。可用：4490、4546、4547；不写为 WGS-84。",
                        f"Downloads do not come in the CRS {text!r}. Use 4490, 4546 or 4547; without it they are WGS-84."))


def crs_name(epsg: int | None) -> Text:
    """Return what the datum of a file is called."""
    return WGS84_NAME if epsg is None else EXPORT_CRS[epsg]


def in_crs(frame: gpd.GeoDataFrame, epsg: int | None) -> gpd.GeoDataFrame:
    """Return `frame` in a file's datum, flat, rounded to about a centimetre or better; no place stays no place.

    Polygons stay valid and wind counter-clockwise outside, clockwise in their holes.
    """
    moved = frame.to_crs(WGS84)
    if epsg is not None:
        moved = moved.set_crs(epsg, allow_override=True) if epsg == 4490 else moved.to_crs(epsg)
    digits = METRE_DIGITS if moved.crs.is_projected else DEGREE_DIGITS
    shapes = [None if g is None or g.is_empty else _tidy(g, digits) for g in moved.geometry]
    return moved.set_geometry(gpd.GeoSeries(shapes, index=moved.index, crs=moved.crs))


def with_coordinates(frame: pd.DataFrame, epsg: int | None) -> pd.DataFrame:
    """Return a table without geometry but with where its rows stand, unless it has such columns already.

    Adds `lon`, `lat` (degrees), or `easting`, `northing` (metres) in a projected system: the point itself, the middle of
    a line, a point inside an area; and `wkt`, the whole shape of lines and areas. Empty where there is no place.
    """
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    here = in_crs(frame, epsg)
    names = ("easting", "northing") if here.crs.is_projected else ("lon", "lat")
    digits = METRE_DIGITS if here.crs.is_projected else DEGREE_DIGITS
    shapes = here.geometry.to_numpy()
    points = np.array([None if shape is None else _one_point(shape) for shape in shapes], dtype=object)
    wkt = [None if shape is None or shape.geom_type == "Point" else shapely.to_wkt(shape, rounding_precision=digits, trim=True)
           for shape in shapes]
    found = pd.DataFrame({names[0]: shapely.get_x(points).round(digits), names[1]: shapely.get_y(points).round(digits),
                          "wkt": pd.Series(wkt, dtype=object).to_numpy()}, index=frame.index)
    table = pd.DataFrame(here.drop(columns=here.geometry.name))
    if "lon" in table and found["wkt"].isna().all():  # an answer of points that says itself where they are
        found = found.drop(columns="wkt")
    return pd.concat([table, found[[name for name in found if name not in table]]], axis=1)


def _one_point(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the point that stands for a shape."""
    if shape.geom_type == "Point":
        return shape
    if shape.geom_type == "LineString":
        return shape.interpolate(0.5, normalized=True)
    return shape.representative_point()


def _tidy(shape: shapely.Geometry, digits: int) -> shapely.Geometry | None:
    """Return a shape flat and rounded; rounding never breaks a polygon, one thinner than the grid is no place."""
    flat = shapely.force_2d(shape)
    if flat.geom_type in {"Polygon", "MultiPolygon", "GeometryCollection"}:
        flat = shapely.set_precision(flat if flat.is_valid else shapely.make_valid(flat), 10.0 ** -digits)
        flat = shapely.orient_polygons(flat)
    rounded = shapely.transform(flat, lambda points: points.round(digits))
    return None if rounded.is_empty else rounded
