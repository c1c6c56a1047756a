"""The map of a coverage answer: population cells by walk, the service areas, the sites that were counted.

The cells' shapes are sent once; another standard sends one character a cell. Sites and service areas are sent by an address
of their own when they change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.district import District
from geodata.drawing import Picture, ValueLayer, values_address, working_map
from layers import Text, every_layer

CLASSES: Final[tuple[tuple[str, Text], ...]] = (
    ("#0b4f8a", Text("{half} 以内", "up to {half}")),
    ("#5aa0d0", Text("{half}–{metres}", "{half}–{metres}")),
    ("#f3bd74", Text("{metres}–{twice}", "{metres}–{twice}")),
    ("#cb6d2c", Text("{twice} 以上", "beyond {twice}")),
    ("#7a2a12", Text("不可达", "unreachable")),
    ("#8d959a", Text("路网外", "off the network")),
)
"""Classes of a walk against the standard: blue within, orange beyond; told apart also in grey."""
_WITHIN: Final = 2
ALWAYS: Final = 4
"""The first classes stand in every legend, also where nobody is in them."""
_OPACITIES: Final = (0.38, 0.62, 0.88)
"""Of the third of the points with the fewest people, of the next, of that with the most."""
_POINT_PX: Final = 4.0


@dataclass(frozen=True)
class Classed:
    """Every demand point's class and what each class holds.

    Attributes:
        values: one character a point: class and crowd, `0` the first class with the fewest people.
        people: of each class.
        points: of each class.
    """

    values: str
    people: list[float]
    points: list[int]


def picture_of(district: District, *, name: str = "coverage") -> Picture:
    """Return the map with empty places for sites and areas; it stays the same whatever is asked.

    Args:
        district: what is drawn.
        name: tells the maps of several pages apart.
    """
    nothing = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=district.metric_crs), crs=district.metric_crs)
    return working_map(district, name=name, sites=False, values=(
        ValueLayer("cells", cells(district), z=300, radius_px=_POINT_PX),
        ValueLayer("bands", nothing, z=320), ValueLayer("sites", nothing, z=420, radius_px=6.0),
    ))


def cells(district: District) -> gpd.GeoDataFrame:
    """Return the demand as it is drawn: squares where it comes in squares, else points."""
    demand, half = district.demand, district.cell_m / 2
    if not half:
        return demand
    xy = shapely.get_coordinates(demand.geometry.to_numpy())
    return demand.set_geometry(gpd.GeoSeries(shapely.box(xy[:, 0] - half, xy[:, 1] - half, xy[:, 0] + half, xy[:, 1] + half), index=demand.index, crs=demand.crs))


def classed(walks: pd.DataFrame, every: list[str], metres: float | None) -> Classed:
    """Return the class of every demand point.

    Args:
        walks: columns of `report.walks`, perhaps of an area only.
        every: the ids of all demand points, in the order they are drawn.
        metres: the standard; without one 300 m part the classes.
    """
    held = metres or 300.0
    walk = walks["walk_m"].astype(float).to_numpy()
    found = np.searchsorted(np.array([held / 2, held, 2 * held]) + 1e-6, np.where(np.isnan(walk), np.inf, walk), side="left")
    found = np.where(np.isnan(walk), 4, found)
    found = np.where(walks["off_network"].to_numpy(bool), 5, found)
    people = walks["people"].to_numpy(float)
    level = np.searchsorted(np.quantile(people, [1 / 3, 2 / 3]), people, side="right") if len(people) else np.zeros(0, int)
    codes = pd.Series(found * len(_OPACITIES) + level, index=walks["demand_id"].to_numpy()).reindex(every)
    beyond = len(CLASSES) * len(_OPACITIES)
    text = "".join(chr(48 + (beyond if np.isnan(code) else int(code))) for code in codes)
    kinds = range(len(CLASSES))
    return Classed(text, [float(people[found == kind].sum()) for kind in kinds], [int((found == kind).sum()) for kind in kinds])


def within_share(held: Classed) -> float:
    """Return the share of the people in the classes within the standard, 0 to 1."""
    return sum(held.people[:_WITHIN]) / (sum(held.people) or 1.0)


def palette() -> list[dict[str, Any] | None]:
    """Return the path options by class and crowd; the last stands for points the question leaves out."""
    shades: list[dict[str, Any] | None] = [{"fillColor": colour, "fillOpacity": opacity} for colour, _ in CLASSES for opacity in _OPACITIES]
    return [*shades, {"fillColor": "#8d959a", "fillOpacity": 0.06}]


def legend(held: Classed, metres: float | None, lang_metres: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the classes with their people, in both languages."""
    total = sum(held.people) or 1.0
    return [
        {"colour": colour, "zh": name.zh.format(**lang_metres), "en": name.en.format(**lang_metres), "people": f"{held.people[kind]:,.0f}",
         "share": f"{100 * held.people[kind] / total:.1f} %", "points": held.points[kind], "within": kind < _WITHIN and metres is not None}
        for kind, (colour, name) in enumerate(CLASSES) if held.points[kind] or kind < ALWAYS
    ]


def sites_patch(district: District, located: gpd.GeoDataFrame, demo: gpd.GeoDataFrame | None, names: Sequence[str]) -> tuple[dict[str, Any], bytes]:
    """Return the patch that draws the sites, demo sites hollow and dashed, and the content it names."""
    frames = [located[["layer", "geometry"]].assign(demo=False)]
    if demo is not None and len(demo):
        frames.append(demo[["layer", "geometry"]].assign(demo=True))
    both = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=district.metric_crs)
    url, content = values_address(ValueLayer("sites", both))
    kinds = sorted({(str(layer), bool(demo)) for layer, demo in zip(both["layer"], both["demo"], strict=True)})
    styles = [_site_style(layer, demo=demo) for layer, demo in kinds]
    values = "".join(chr(48 + kinds.index((str(layer), bool(demo)))) for layer, demo in zip(both["layer"], both["demo"], strict=True))
    return {"url": url, "values": values, "palette": styles, "tips": list(names)}, content


def _site_style(layer: str, *, demo: bool) -> dict[str, Any]:
    colour = every_layer()[layer].style.colour
    if demo:
        return {"stroke": True, "color": colour, "weight": 2, "dashArray": "3 2.5", "fill": True, "fillColor": "#ffffff", "fillOpacity": 0.9, "opacity": 1}
    return {"stroke": True, "color": "#ffffff", "weight": 1.6, "fill": True, "fillColor": colour, "fillOpacity": 1, "opacity": 1}


def bands_patch(bands: gpd.GeoDataFrame, *, on: bool) -> tuple[dict[str, Any], bytes]:
    """Return the patch that draws the nearest service area as an outline, and the content it names."""
    drawn = bands[~bands.geometry.is_empty].iloc[:1] if on else bands.iloc[:0]
    url, content = values_address(ValueLayer("bands", drawn[["geometry"]].reset_index(drop=True)))
    style = {"stroke": True, "color": "#1d252c", "weight": 1.6, "opacity": 0.8, "fill": False}
    return {"url": url, "values": "0" * len(drawn), "palette": [style], "show": on}, content
