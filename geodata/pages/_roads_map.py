"""The map of a road opening: population cells by what they gain, or by their walk before and after in equal classes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.district import District
from geodata.drawing import Picture, ValueLayer, working_map
from geodata.pages import _coverage_map
from layers import Text

DIFFERENCES: Final[tuple[tuple[str, float, Text], ...]] = (
    ("#0b4f3a", 0.95, Text("近 500 m 以上", "nearer by 500 m or more")),
    ("#2f8f5b", 0.95, Text("近 200–500 m", "nearer by 200–500 m")),
    ("#7cc48a", 0.95, Text("近 50–200 m", "nearer by 50–200 m")),
    ("#c3e3bf", 0.95, Text("近 50 m 以内", "nearer by less than 50 m")),
    ("#5b3fa0", 0.95, Text("由走不到变为走得到", "reachable now, not before")),
    ("#8d959a", 0.16, Text("没有变化", "no change")),
    ("#cb6d2c", 0.95, Text("变远", "farther")),
    ("#7a2a12", 0.95, Text("不再走得到", "no longer reachable")),
)
"""Colour, opacity and name of each class of the difference; green nearer, orange and brown farther, told apart also in grey."""
_STEPS_M: Final = (500.0, 200.0, 50.0)
_ALWAYS: Final = frozenset({0, 1, 2, 3, 5})


def picture_of(district: District, name: str) -> Picture:
    """Return the map with empty places for sites; it stays the same whatever is asked."""
    nothing = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=district.metric_crs), crs=district.metric_crs)
    return working_map(district, name=name, sites=False, values=(
        ValueLayer("cells", _coverage_map.cells(district), z=300, radius_px=4.0), ValueLayer("sites", nothing, z=420, radius_px=6.0)))


def differences(points: pd.DataFrame, every: Sequence[str]) -> _coverage_map.Classed:
    """Return every demand point's class of the difference.

    Args:
        points: `gains` of a comparison for one layer.
        every: the ids of all demand points, in the order they are drawn.
    """
    was, now, by = (points[name].astype(float).to_numpy() for name in ("walk_before_m", "walk_after_m", "difference_m"))
    found = np.select(
        [np.isnan(was) & ~np.isnan(now), ~np.isnan(was) & np.isnan(now), np.isnan(by) | (by == 0), by > 0, *(by <= -step for step in _STEPS_M)],
        [4, 7, 5, 6, 0, 1, 2], default=3)
    codes = pd.Series(found, index=points["demand_id"].to_numpy()).reindex(list(every)).fillna(5).astype(int)
    people = points["people"].to_numpy(float)
    kinds = range(len(DIFFERENCES))
    return _coverage_map.Classed("".join(chr(48 + code) for code in codes), [float(people[found == kind].sum()) for kind in kinds], [int((found == kind).sum()) for kind in kinds])


def palette() -> list[dict[str, Any]]:
    """Return the path options of each class of the difference."""
    return [{"fillColor": colour, "fillOpacity": opacity} for colour, opacity, _ in DIFFERENCES]


def legend(held: _coverage_map.Classed) -> list[dict[str, Any]]:
    """Return the classes of the difference with their people, in both languages."""
    total = sum(held.people) or 1.0
    return [{"colour": colour, "zh": name.zh, "en": name.en, "people": f"{held.people[kind]:,.0f}", "share": f"{100 * held.people[kind] / total:.1f} %", "within": False}
            for kind, (colour, _, name) in enumerate(DIFFERENCES) if held.points[kind] or kind in _ALWAYS]


def walks_of(points: pd.DataFrame, every: Sequence[str], metres: float | None, side: str) -> _coverage_map.Classed:
    """Return every demand point's class of its walk, `before` or `after`, in the classes of the coverage page."""
    walks = pd.DataFrame({"walk_m": points[f"walk_{side}_m"], "off_network": False, "people": points["people"], "demand_id": points["demand_id"]})
    return _coverage_map.classed(walks, list(every), metres)


def twin_legend(before: _coverage_map.Classed, after: _coverage_map.Classed, metres: float | None, steps: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the classes of two maps beside each other with the people of each, before and after, in both languages."""
    either = _coverage_map.Classed("", before.people, [one + other for one, other in zip(before.points, after.points, strict=True)])
    kinds = [kind for kind in range(len(_coverage_map.CLASSES)) if either.points[kind] or kind < _coverage_map.ALWAYS]
    return [{**told, "people": f"{before.people[kind]:,.0f} → {after.people[kind]:,.0f}", "share": ""}
            for told, kind in zip(_coverage_map.legend(either, metres, steps), kinds, strict=True)]
