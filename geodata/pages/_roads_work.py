"""The three answers of the page of road openings, each worked out once for equal questions: rank, try, missing links."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.asking.drawn import drawn
from geodata.changes import AddFacility, Change, OpenGate, OpenRoad
from geodata.comparing import Comparison, compare
from geodata.crs import to_wgs84
from geodata.district import District
from geodata.missing_links import MissingLinks, missing_links
from geodata.openings import TOGETHER, Opening, Ranking, rank_openings
from geodata.pages._roads_words import WORDS
from geodata.question import Question
from geodata.reach import Progress
from geodata.room_change import RoomChange, room_changes
from geodata.scenario import apply, scenario_stamp
from geodata.walking import Kept

ANSWERS: Final = Kept(most_bytes=96 * 2**20)
"""Answers given before, for all visitors: equal districts and equal questions have equal answers."""
_DIGITS: Final = 7  # about 1 cm
_FINE: Final = 9  # about 0.1 mm: the end of a missing link lies on its street
Watch = Callable[[Callable[[Progress | None], Any]], Any]
"""Runs the work with its progress shown."""


@dataclass(frozen=True, eq=False)
class Linked:
    """Missing links and what the chosen one changes.

    Attributes:
        found: the ranking.
        entries: every link as the scenario in the address takes it.
        chosen: its rank, empty where none was found.
        changes: the scenario that opens it.
        change: the district with the chosen one compared to that without.
    """

    found: MissingLinks
    entries: list[list[Any]]
    chosen: str
    changes: tuple[Change, ...]
    change: Comparison | None


def ranked(district: District, question: Question, watch: Watch) -> Ranking:
    """Return the ranking of the district's openings."""
    key = ("ranked", district.stamp, question)
    answer: Ranking = ANSWERS.get(key, lambda: watch(lambda progress: rank_openings(district, question, progress=progress)), lambda held: 300 * len(held.gains) + 100_000)
    return answer


def compared(district: District, question: Question, changes: Sequence[Change], watch: Watch, *, against: Sequence[Change] = ()) -> Comparison:
    """Return what `changes` do, compared with the district as it is, or with what `against` makes of it.

    Raises:
        ProblemsFound: one of them cannot be made.
    """
    key = ("compared", scenario_stamp(district, against), scenario_stamp(district, changes), question)
    answer: Comparison = ANSWERS.get(
        key, lambda: watch(lambda progress: compare(apply(district, against), apply(district, changes), question, progress=progress)), lambda held: 300 * len(held.gains) + 100_000)
    return answer


def roomed(district: District, question: Question, changes: Sequence[Change], watch: Watch, *, against: Sequence[Change], people_per_unit: float | None) -> list[RoomChange]:
    """Return who finds room before and after, for the asked layers whose capacity is known."""
    key = ("room", scenario_stamp(district, against), scenario_stamp(district, changes), question.layers, question.metres, question.access_m, people_per_unit)
    def work(_progress: Progress | None) -> list[RoomChange]:
        return room_changes(apply(district, against), apply(district, changes), question.layers,
                            people_per_unit=people_per_unit, metres=question.metres, access_m=question.access_m)

    found: list[RoomChange] = ANSWERS.get(key, lambda: watch(work), lambda held: 1000 + len(held) * 200 * len(district.demand))
    return found


def linked(district: District, question: Question, watch: Watch, *, length_m: float, top: int, chosen: str) -> Linked:
    """Return the missing links, and what the one of rank `chosen` changes; the first where there is no such rank."""
    key = ("links", district.stamp, question, length_m, top)
    found: MissingLinks = ANSWERS.get(
        key, lambda: watch(lambda progress: missing_links(district, question, max_length_m=length_m, top=top, progress=progress)), lambda held: 1000 * len(held.links) + 50_000)
    entries = [link_entry(district, found, row) for row in range(len(found.links))]
    if not entries:
        return Linked(found, [], "", (), None)
    place = int(chosen) - 1 if chosen.isdecimal() and 0 < int(chosen) <= len(entries) else 0
    changes = drawn(json.dumps([entries[place]], ensure_ascii=False), district).changes
    return Linked(found, entries, str(place + 1), changes, compared(district, question, changes, watch))


def link_entry(district: District, found: MissingLinks, row: int) -> list[Any]:
    """Return a missing link as the scenario in the address takes it; it joins what it ends on and nothing else."""
    road = found.road(row)
    name = WORDS["link_n"].format(n=row + 1)
    return ["open_road", "LineString", degrees(district, road.line, _FINE), {"name_zh": name.zh, "name_en": name.en, "within_m": road.within_m}]


def opening_entry(district: District, opening: Opening) -> list[Any]:
    """Return an opening of the pack as the scenario in the address takes it."""
    road = opening.road
    return ["open_road", "LineString", degrees(district, road.line, _FINE), {"name_zh": road.name.zh, "name_en": road.name.en, "within_m": road.within_m}]


def degrees(district: District, shape: shapely.Geometry, digits: int = _DIGITS) -> list[list[float]]:
    """Return the coordinates of a shape, longitude first."""
    xy = shapely.get_coordinates(shape)
    lon, lat = to_wgs84(xy[:, 0], xy[:, 1], district.metric_crs)
    return [[float(x), float(y)] for x, y in np.column_stack([lon, lat]).round(digits)]


def gains_of(points: gpd.GeoDataFrame, layer: str, opening: str | None = None) -> gpd.GeoDataFrame:
    """Return the demand points of one layer, and of one opening where several were ranked."""
    if not len(points):
        return points
    mine = points[points["layer"] == layer]
    return mine if opening is None else mine[mine["opening"] == opening]


def chosen_opening(ranking: Ranking, wanted: str) -> str:
    """Return the opening the map shows: the one asked for, else the first."""
    known = [*(opening.id for opening in ranking.openings), TOGETHER]
    if wanted in known:
        return wanted
    return str(ranking.rows["opening"].iloc[0]) if len(ranking.rows) else TOGETHER


def only_opens(changes: Sequence[Change]) -> bool:
    """Return whether nothing is closed, moved or removed: then no walk can get longer."""
    return all(isinstance(change, OpenRoad | AddFacility | OpenGate) for change in changes)

