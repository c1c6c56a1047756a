"""The map of a coverage answer: population cells by walk, the service areas, the sites that were counted.

The cells' shapes are sent once; another standard sends one character a cell. Sites and service areas are sent by an address
of their own when they change.
"""

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geodata import classing
from geodata.district import District
from geodata.drawing import Picture, ValueLayer, values_address, working_map
from layers import every_layer

_POINT_PX: Final = 4.0


def picture_of(district: District, *, name: str = "coverage") -> Picture:
    """Return the map with empty places for sites and areas; it stays the same whatever is asked.

    Args:
        district: what is drawn.
        name: tells the maps of several pages apart.
    """
    nothing = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=district.metric_crs), crs=district.metric_crs)
    return working_map(district, name=name, sites=False, values=(
        ValueLayer("cells", classing.cells(district), z=300, radius_px=_POINT_PX),
        ValueLayer("bands", nothing, z=320), ValueLayer("sites", nothing, z=420, radius_px=6.0),
    ))


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
    """Return the patch that draws service areas as outlines, and the content it names."""
    drawn = bands[~bands.geometry.is_empty] if on else bands.iloc[:0]
    url, content = values_address(ValueLayer("bands", drawn[["geometry"]].reset_index(drop=True)))
    style = {"stroke": True, "color": "#1d252c", "weight": 1.6, "opacity": 0.8, "fill": False}
    return {"url": url, "values": "0" * len(drawn), "palette": [style], "show": on}, content
