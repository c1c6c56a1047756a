"""What the coverage map speaks of: one of the layers asked for, or the nearest of them all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from geodata.areas import drawn
from geodata.asking.coverage import ANY, serving_layers
from geodata.classing import DEFAULT_M, Classed, in_classes, times_over
from geodata.comparing import records_of
from geodata.district import District
from geodata.numerals import metres
from geodata.question import Question
from geodata.report import Coverage, service_areas, walks
from geodata.standards import standards_of
from geodata.wording import layer_name
from layers import Text, every_layer


@dataclass(frozen=True, eq=False)
class Reach:
    """How far people are from what the map shows.

    Attributes:
        key: a layer's, or ANY.
        standards: the headline standard of each layer it speaks of, metres; None where a layer has none.
        points: one row a demand point asked about: `demand_id`, `people`, `walk_m` (NaN where unreachable), `times` (the walk over
            the standard, the least of all layers), `off_network`.
        counted: whose sites, as `report.walks` says.
        drawn: whether demo sites are among them.
    """

    key: str
    standards: Mapping[str, float | None]
    points: pd.DataFrame
    counted: str
    drawn: bool

    @property
    def name(self) -> Text:
        """What the walks lead to."""
        return layer_name(self.key)

    @property
    def metres(self) -> float | None:
        """The standard, where all have one and the same."""
        one = set(self.standards.values())
        return one.pop() if len(one) == 1 else None

    @property
    def mixed(self) -> bool:
        """Whether each layer is held to a standard of its own."""
        return len(set(self.standards.values())) > 1


def layers_of(key: str, question: Question) -> tuple[str, ...]:
    """Return the layers that one of `choices` speaks of."""
    return tuple(serving_layers(question)) if key == ANY else (key,)


def reach_of(district: District, question: Question, key: str) -> Reach:
    """Return how far people are from what the map shows; with demo sites, of draw 1.

    Args:
        district: where.
        question: what.
        key: one of `choices`.
    """
    keys = layers_of(key, question)
    standards = {one: standards_of(every_layer()[one], question)[0].metres for one in keys}
    found = {one: walks(district, replace(question, layers=(one,))) for one in keys}
    first = found[keys[0]]
    table = first[["demand_id", "people", "off_network"]].copy()
    table["walk_m"] = pd.concat([frame["walk_m"] for frame in found.values()], axis=1).min(axis=1)
    table["times"] = pd.concat([times_over(frame["walk_m"], standards[one]) for one, frame in found.items()], axis=1).min(axis=1)
    counted = ",".join(dict.fromkeys(str(frame.attrs["counted"]) for frame in found.values() if frame.attrs["counted"]))
    return Reach(key, standards, pd.DataFrame(table), counted, any(frame.attrs["draw"] is not None for frame in found.values()))


def bands_shown(district: District, question: Question, reach: Reach) -> gpd.GeoDataFrame:
    """Return the service area within the standard of each layer shown, one row a layer, as the screen draws it."""
    found = [service_areas(district, replace(question, layers=(one,)), [held or DEFAULT_M], unite=drawn) for one, held in reach.standards.items()]
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), geometry="geometry", crs=district.metric_crs)


def left_out_of(answer: Coverage, reach: Reach) -> gpd.GeoDataFrame:
    """Return the points beyond the standard of every layer shown, the many first; their walk is that to the nearest."""
    frame = answer.unserved
    mine = [_widest(frame[frame["layer"] == one]) for one in reach.standards]
    if any(part.empty for part in mine):
        return frame.iloc[:0]
    both = gpd.GeoDataFrame(pd.concat(mine, ignore_index=True), geometry="geometry", crs=frame.crs)
    least = both.groupby("demand_id")[["walk_m", "straight_m"]].min()
    times = both["demand_id"].value_counts()
    kept = mine[0][mine[0]["demand_id"].map(times) == len(mine)]
    told = kept.assign(walk_m=kept["demand_id"].map(least["walk_m"]), straight_m=kept["demand_id"].map(least["straight_m"]))
    return gpd.GeoDataFrame(told, geometry="geometry", crs=frame.crs)


def row_shown(answer: Coverage, reach: Reach) -> Mapping[str, Any] | None:
    """Return the row of the answer that the map's walks belong to: counted as they are, its headline standard."""
    mine = records_of(answer.rows[answer.rows["layer"] == reach.key])
    found = [row for row in mine if row["counted"] == reach.counted] or (mine[-1:] if reach.key == ANY else [])
    return found[0] if found else None


def has_figure(row: Mapping[str, Any] | None) -> bool:
    """Return whether a row's share says something: its sites are known, or drawn."""
    return row is not None and row["covered_share"] is not None and bool(row["sites_counted"] or row["range"])


def classes_shown(district: District, answer: Coverage, reach: Reach) -> Classed:
    """Return the class of every demand point; nobody has one where there is no answer, which is not to be unreachable."""
    points = reach.points if has_figure(row_shown(answer, reach)) else reach.points.iloc[:0]
    return in_classes(points, list(district.demand["demand_id"]))


def standards_line(reach: Reach) -> Text:
    """Return the standards a mixed legend speaks of, layer by layer."""
    told = [(every_layer()[key].name, metres(held)) for key, held in reach.standards.items()]
    return Text("、".join(f"{name.zh} {held}" for name, held in told), ", ".join(f"{name.en} {held}" for name, held in told))


def _widest(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows counted in the widest way."""
    return frame[frame["counted"] == frame["counted"].iloc[-1]] if len(frame) else frame
