"""The names written on a map: only those whose position can be defended, each with the line it follows."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.district import District
from layers import Text

ZOOMS: Final[Mapping[str, float]] = {"neighbour": 0, "axis": 13.2, "street": 13.2, "rail": 12.2, "rail_axis": 12.2, "station": 12.0, "seat": 12.0}
"""From which zoom of the browser's map a name of that kind is written."""
SURROUNDINGS: Final = 0.9
"""How far around the district, in parts of its size, the neighbours are drawn."""
_SHORE: Final = 0.12


@dataclass(frozen=True, slots=True)
class PlaceName:
    """One name on the map.

    Attributes:
        kind: `neighbour`, or as in `District.labels`; a railway's axis is `rail`.
        name: what is written.
        at: where, in the district's metric CRS.
        angle: it is written at, degrees clockwise from the horizontal, between -90 and 90.
        dot: whether a dot marks the very place.
        min_zoom: from which zoom of the browser's map it is written.
    """

    kind: str
    name: Text
    at: shapely.Point
    angle: int
    dot: bool
    min_zoom: float


def near(district: District) -> shapely.Polygon:
    """Return the box around the district within which neighbours are drawn."""
    west, south, east, north = district.boundary.total_bounds
    reach = SURROUNDINGS * max(east - west, north - south)
    return shapely.box(west - reach, south - reach, east + reach, north + reach)


def place_names(district: District) -> Iterator[PlaceName]:
    """Yield the neighbours' names, then the district's own."""
    west, south, east, north = district.boundary.total_bounds
    home = district.boundary.union_all().buffer(_SHORE * max(east - west, north - south))
    for row in district.neighbours.itertuples():
        shore = row.geometry.intersection(home)
        if not shore.is_empty:
            yield _named(district, shore.representative_point(), Text(row.name_zh, row.name_en), "neighbour")
    for row in district.labels.itertuples():
        if row.kind != "junction":
            yield _named(district, row.geometry, Text(row.name_zh, row.name_en), str(row.kind))


def _named(district: District, shape: BaseGeometry, name: Text, kind: str) -> PlaceName:
    """Return one name with the point it stands at and the angle it is written at."""
    at, angle = shape, 0.0
    if shape.geom_type != "Point":
        inside = shape.intersection(district.boundary.union_all())
        line = inside if inside.length and inside.geom_type == "LineString" else shape
        at = line.interpolate(0.5, normalized=True)
        before, after = line.interpolate(0.45, normalized=True), line.interpolate(0.55, normalized=True)
        angle = -math.degrees(math.atan2(after.y - before.y, after.x - before.x))
        angle = (angle + 90) % 180 - 90
    dot = shape.geom_type == "Point" and kind != "neighbour"
    return PlaceName("rail" if kind == "rail_axis" else kind, name, shapely.Point(at), round(angle), dot, ZOOMS.get(kind, 14))
