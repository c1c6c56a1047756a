"""What a place is near, in words: the area it lies in and the named streets beside it."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geodata.district import District
from layers import Text

NEAR_M: Final = 60.0
"""A street this near names a place."""
CORNER_M: Final = 30.0
"""Two streets both this near make it their corner."""


def near_names(district: District, points: npt.NDArray[np.object_]) -> list[Text]:
    """Return what each point is near: `瀍西街道 · 中州东路与启明南路路口`; empty where nothing near has a name.

    Sketched streets name nothing: a made-up street beside a real name would be taken for the real place.

    Args:
        district: where.
        points: points in the metric CRS.
    """
    if not len(points) or district.is_sketch:
        return [Text("", "") for _ in points]
    streets = district.streets[district.streets["name_zh"].fillna("") != ""]
    beside: list[list[tuple[float, str, str]]] = [[] for _ in points]
    shapes, zh, en = streets.geometry.to_numpy(), streets["name_zh"].to_numpy(), streets["name_en"].fillna("").to_numpy()
    point, street = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=NEAR_M)
    for i, k, metres in zip(point, street, shapely.distance(points[point], shapes[street]), strict=True):
        beside[int(i)].append((float(metres), str(zh[k]), str(en[k])))
    return [_joined(area, _beside(found)) for area, found in zip(_areas(district, points), beside, strict=True)]


def _beside(found: list[tuple[float, str, str]]) -> Text:
    """Return the nearest named street, or the corner of the two nearest."""
    nearest: dict[str, tuple[float, str]] = {}
    for metres, zh, en in sorted(found):
        nearest.setdefault(zh, (metres, en or zh))
    names = [(zh, en) for zh, (_, en) in nearest.items()][:2]
    if len(names) > 1 and all(nearest[zh][0] <= CORNER_M for zh, _ in names):
        return Text(f"{names[0][0]}与{names[1][0]}路口", f"{names[0][1]} and {names[1][1]}")
    return Text(*names[0]) if names else Text("", "")


def _areas(district: District, points: npt.NDArray[np.object_]) -> list[Text]:
    """Return the area each point lies in."""
    areas = district.areas
    names = [Text("", "") for _ in points]
    if not len(areas):
        return names
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(points, crs=district.metric_crs))
    hit = gpd.sjoin(frame, areas[["name_zh", "name_en", "geometry"]], predicate="intersects")
    for row in hit[~hit.index.duplicated()].itertuples():
        names[int(row.Index)] = Text(_text(row.name_zh), _text(row.name_en) or _text(row.name_zh))
    return names


def _joined(area: Text, street: Text) -> Text:
    if area.zh and street.zh:
        return Text("{a} · {b}", "{a} · {b}").format(a=area, b=street)
    return street if street.zh else area


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str) else ""
