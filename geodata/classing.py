"""Which class each demand point falls into, by its walk or by what a change brought, and how each class is drawn.

The same classes, colours and counts stand on a page's map, on a slide and on paper.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.district import District
from geodata.numerals import share
from layers import Text

CLASSES: Final[tuple[tuple[str, Text], ...]] = (
    ("#0b4f8a", Text("{half} 以内", "up to {half}")),
    ("#5aa0d0", Text("{half}–{metres}", "{half}–{metres}")),
    ("#f3bd74", Text("{metres}–{twice}", "{metres}–{twice}")),
    ("#cb6d2c", Text("{twice} 以上", "beyond {twice}")),
    ("#7a2a12", Text("不可达", "unreachable")),
    ("#8d959a", Text("路网外", "off the network")),
)
"""Classes of a walk against the standard: blue within, orange beyond; told apart also in grey."""
OWN_NAMES: Final[tuple[Text, ...]] = (
    Text("各自标准的一半以内", "up to half the standard"),
    Text("标准以内", "up to the standard"),
    Text("标准的 1–2 倍", "1–2 times the standard"),
    Text("标准的 2 倍以上", "beyond twice the standard"),
)
"""The same where each layer has a standard of its own."""
DEFAULT_M: Final = 300.0
"""What parts the classes of a layer that has no standard, metres."""
_WITHIN: Final = 2
ALWAYS: Final = 4
"""The first classes stand in every legend, also where nobody is in them."""
_OPACITIES: Final = (0.38, 0.62, 0.88)
"""Of the third of the points with the fewest people, of the next, of that with the most."""
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


def cells(district: District) -> gpd.GeoDataFrame:
    """Return the demand as it is drawn: squares where it comes in squares, else points."""
    demand, half = district.demand, district.cell_m / 2
    if not half:
        return demand
    xy = shapely.get_coordinates(demand.geometry.to_numpy())
    return demand.set_geometry(gpd.GeoSeries(shapely.box(xy[:, 0] - half, xy[:, 1] - half, xy[:, 0] + half, xy[:, 1] + half), index=demand.index, crs=demand.crs))


def times_over(walk_m: pd.Series, metres: float | None) -> pd.Series:
    """Return walks over their standard, without one over DEFAULT_M; a millionth of a metre more is within it, as everywhere."""
    return (walk_m.astype(float) - 1e-6) / (metres or DEFAULT_M)


def classed(walks: pd.DataFrame, every: list[str], metres: float | None) -> Classed:
    """Return the class of every demand point.

    Args:
        walks: columns of `report.walks`, perhaps of an area only.
        every: the ids of all demand points, in the order they are drawn.
        metres: the standard.
    """
    return in_classes(walks.assign(times=times_over(walks["walk_m"], metres)), every)


def in_classes(points: pd.DataFrame, every: list[str]) -> Classed:
    """Return the class of every demand point, by how many times its standard it walks.

    Args:
        points: `demand_id`, `people`, `off_network` and `times` (NaN where unreachable), perhaps of an area only.
        every: the ids of all demand points, in the order they are drawn.
    """
    times = points["times"].astype(float).to_numpy()
    found = np.searchsorted(np.array([0.5, 1.0, 2.0]), np.where(np.isnan(times), np.inf, times), side="left")
    found = np.where(np.isnan(times), 4, found)
    found = np.where(points["off_network"].to_numpy(bool), 5, found)
    people = points["people"].to_numpy(float)
    level = np.searchsorted(np.quantile(people, [1 / 3, 2 / 3]), people, side="right") if len(people) else np.zeros(0, int)
    codes = pd.Series(found * len(_OPACITIES) + level, index=points["demand_id"].to_numpy()).reindex(every)
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


def legend(held: Classed, metres: float | None, lang_metres: Mapping[str, str], *, mixed: bool = False) -> list[dict[str, Any]]:
    """Return the classes with their people, in both languages; `mixed` where each layer has a standard of its own."""
    total = sum(held.people) or 1.0
    names = [own if mixed else name for own, (_, name) in zip(OWN_NAMES, CLASSES, strict=False)] + [name for _, name in CLASSES[len(OWN_NAMES):]]
    return [
        {"colour": colour, "zh": name.zh.format(**lang_metres), "en": name.en.format(**lang_metres), "people": f"{held.people[kind]:,.0f}",
         "share": share(held.people[kind] / total), "points": held.points[kind], "within": kind < _WITHIN and (mixed or metres is not None)}
        for kind, ((colour, _), name) in enumerate(zip(CLASSES, names, strict=True)) if held.points[kind] or kind < ALWAYS
    ]


def differences(points: pd.DataFrame, every: Sequence[str]) -> Classed:
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
    return Classed("".join(chr(48 + code) for code in codes), [float(people[found == kind].sum()) for kind in kinds], [int((found == kind).sum()) for kind in kinds])


def difference_palette() -> list[dict[str, Any]]:
    """Return the path options of each class of the difference."""
    return [{"fillColor": colour, "fillOpacity": opacity} for colour, opacity, _ in DIFFERENCES]


def difference_legend(held: Classed) -> list[dict[str, Any]]:
    """Return the classes of the difference with their people, in both languages."""
    total = sum(held.people) or 1.0
    return [{"colour": colour, "zh": name.zh, "en": name.en, "people": f"{held.people[kind]:,.0f}", "share": share(held.people[kind] / total), "within": False}
            for kind, (colour, _, name) in enumerate(DIFFERENCES) if held.points[kind] or kind in _ALWAYS]


def changed_walks(points: pd.DataFrame, every: Sequence[str], metres: float | None, side: str) -> Classed:
    """Return every demand point's class of its walk, `before` or `after`, in the classes of the coverage page."""
    walks = pd.DataFrame({"walk_m": points[f"walk_{side}_m"], "off_network": points[f"off_network_{side}"], "people": points["people"], "demand_id": points["demand_id"]})
    return classed(walks, list(every), metres)
