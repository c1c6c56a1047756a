"""The map of a road opening: population cells by what they gain, or by their walk before and after in equal classes."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd

from geodata import classing
from geodata.district import District
from geodata.drawing import Picture, ValueLayer, working_map


def picture_of(district: District, name: str) -> Picture:
    """Return the map with empty places for sites; it stays the same whatever is asked."""
    nothing = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=district.metric_crs), crs=district.metric_crs)
    return working_map(district, name=name, sites=False, values=(
        ValueLayer("cells", classing.cells(district), z=300, radius_px=4.0), ValueLayer("sites", nothing, z=420, radius_px=6.0)))


def twin_legend(before: classing.Classed, after: classing.Classed, metres: float | None, steps: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the classes of two maps beside each other with the people of each, before and after, in both languages."""
    either = classing.Classed("", before.people, [one + other for one, other in zip(before.points, after.points, strict=True)])
    kinds = [kind for kind in range(len(classing.CLASSES)) if either.points[kind] or kind < classing.ALWAYS]
    return [{**told, "people": f"{before.people[kind]:,.0f} → {after.people[kind]:,.0f}", "share": ""}
            for told, kind in zip(classing.legend(either, metres, steps), kinds, strict=True)]
