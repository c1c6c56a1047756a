"""Before and after: one question asked of two Districts, and the difference in rows, on the map and in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.answering import Part, headlines, parts_of
from geodata.changes import Change
from geodata.comparing_words import (
    draws_of,
    headline_rows,
    method_of,
    own_draws,
    records_of,
    road_name,
    sentences_of,
)
from geodata.connection import SAME_WAY_M, Connection, connection_sentence, connections
from geodata.counting import COUNTED, people_asked, tallies
from geodata.district import District
from geodata.errors import Misasked, ProblemsFound
from geodata.gains import Gain, LayerWalks, gain_fields, gain_of, side_fields, stated_walks, total_fields
from geodata.measures import LONGER_M, connectivity, minutes_saved
from geodata.network import Metres
from geodata.question import Counted, Question
from geodata.reach import Progress
from geodata.scenario import apply
from geodata.standards import asked_layers
from geodata.walking import SHARED, Kept
from geodata.wording import heading_of
from layers import Layer, Text

__all__ = ["COMPARED", "MOST_TRIED", "Comparison", "compare", "gaining_points", "headline_rows", "method_of", "records_of", "road_name", "street_change", "walked_layers"]

COMPARED: Final = ("layer", "standard", "metres", "mode", "counted", "sites_counted", "sites_promised", "demo_sites", "people", "demand_unit",
                   "covered_people_before", "covered_people_after", "covered_share_before", "covered_share_after", "straight_line_share_before",
                   "straight_line_share_after", "walk_m_before", "walk_m_after", "person_minutes_saved", "person_minutes_saved_total", "people_newly_covered", "people_no_longer_covered",
                   "people_nearer", "unreachable_people_before", "unreachable_people_after", "off_network_people_before", "off_network_people_after",
                   "capped_people", "cap_minutes", "longer_walks", "connected", "length_m", "way_before_m", "demonstration", "range", "draws", "seed")
"""Columns of a comparison, the names every table, file and command gives them.

`person_minutes_saved` is of the row's own layer, `person_minutes_saved_total` of all asked layers; `length_m` and `way_before_m`
are of the one added road, None where none or several are added.
"""
MOST_TRIED: Final = 8
"""Of so many added roads each is tried by itself for what it gains; of more the way before tells."""
_FARTHEST: Final = ("person_minutes_saved", "people_nearer", "capped_people")
"""Figures that the row `all` does not have: nobody walks to the farthest of several kinds."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What lies between two districts. Shares are fractions of 1; what does not exist is None.

    Attributes:
        question: what was asked of both.
        demonstration: whether streets or people are sketched or demo sites are counted.
        heading: `演示 / Demonstration`, or empty; it stands above every use of the answer.
        rows: columns COMPARED, a row for every layer and standard (a crew has three), the headline first; `any` and `all` at
            the end where several layers are asked.
        gains: demand points with `layer`, `demand_id`, `people`, `walk_before_m`, `walk_after_m`, `difference_m` (negative:
            nearer), `minutes_saved` (for each of them), `newly_covered`, `off_network_before`, `off_network_after`; every site
            where the data put it, demo sites as drawn first. Metric CRS.
        streets: `connectivity` before and after, columns `before`, `after`, `difference`.
        connections: how every added road is connected, by its place in the list of changes.
        gaining: places of the added roads by which somebody walks less.
        sentences: the answer in words.
        method: how it was worked out.
    """

    question: Question
    demonstration: bool
    heading: Text
    rows: pd.DataFrame
    gains: gpd.GeoDataFrame
    streets: pd.DataFrame
    connections: dict[int, Connection]
    gaining: frozenset[int]
    sentences: list[Text]
    method: list[Text]

    @property
    def longer_walks(self) -> int:
        """Demand points whose walk got longer, over all layers; 0 where roads were only opened."""
        return int(headline_rows(self.rows)["longer_walks"].sum())

    @property
    def connected(self) -> bool | None:
        """Whether every added road is connected at both ends; None where none was added."""
        return all(c.connected for c in self.connections.values()) if self.connections else None

    @property
    def draw(self) -> int | None:
        """The draw of the demo sites that `gains` are of; None where none are counted."""
        return 1 if len(self.rows) and bool((self.rows["demo_sites"] > 0).any()) else None


def compare(before: District, after: District, question: Question, *, stand_ins: bool = True, progress: Progress | None = None,
            kept: Kept = SHARED) -> Comparison:
    """Ask one question of two districts.

    Args:
        before: usually the one `after` was made from by `geodata.scenario.apply`.
        after: with the same demand.
        question: `speed_m_per_s` turns metres into minutes.
        stand_ins: whether demo sites stand for promised places without a position (on a sketch only).
        progress: told the share done, 0 to 1.
        kept: where walks measured before are found.

    Raises:
        Misasked: a standard of 0, or no layer that people walk to.
        Unknown: no such layer or area.
    """
    case = _Case(question, people_asked(before, question), _ways((before, after), walked_layers(question), question, stand_ins=stand_ins), stand_ins, kept)
    told = connections(after, _changes(after)) if after.base is not None else {}
    sides = [case.parts(district, _part(progress, i, 2)) for i, district in enumerate((before, after))]
    heads = [list(headlines(parts)) for parts in sides]
    found = [case.gain(pair) for pair in zip(*sides, strict=True)]
    shared, total_range = _shared(told, [gain for gain, part in zip(found, sides[0], strict=True) if any(part is head for head in heads[0])])
    rows = [_row(pair, gain, total_range) | shared for pair, gain in zip(zip(*sides, strict=True), found, strict=True)]
    gains = [_points(before, question, (one.held.metres, one.held.layer), (case.stated(before, one), case.stated(after, other)), (one.measured.off, other.measured.off), chosen=case.chosen)
             for one, other in zip(*heads, strict=True)]
    if progress:
        progress(1.0)
    table = pd.DataFrame(rows, columns=list(COMPARED), dtype=object)
    demonstration = before.is_sketch or bool(table["demonstration"].any())
    points = gpd.GeoDataFrame(pd.concat(gains, ignore_index=True), crs=before.metric_crs) if gains else gpd.GeoDataFrame(geometry=[], crs=before.metric_crs)
    gaining = _gaining(case, after, told, saves=bool((headline_rows(table)["people_nearer"].astype(float) > 0).any()))
    changes = _changes(after)
    roads = [connection_sentence(road_name(changes[i], i), link, link.verdict(gains=i in gaining)) for i, link in told.items()]
    return Comparison(question, demonstration, heading_of(demonstration), table, points, street_change(before, after), told, gaining,
                      [*sentences_of(before, table), *roads], method_of(question, before.demand_unit, own_draws(draws_of(table)), changes=[*_changes(before), *changes]))


@dataclass(frozen=True, eq=False)
class _Case:
    """What is asked of both districts, in the same way."""

    question: Question
    chosen: npt.NDArray[np.bool_]
    ways: Mapping[str, Counted]
    stand_ins: bool
    kept: Kept

    def parts(self, district: District, progress: Progress | None) -> list[Part]:
        """The rows of one district."""
        return parts_of(district, self.question, self.chosen, stand_ins=self.stand_ins, progress=progress, kept=self.kept, ways=self.ways)[0]

    def gain(self, pair: tuple[Part, Part]) -> Gain:
        """What changes between the two sides of a row."""
        one, other = pair
        people = one.measured.people * self.chosen
        crew = one.joint is None and one.held.mode in {"run", "e-bike"}
        speed = one.held.speed_m_per_s if crew and one.held.speed_m_per_s else self.question.speed_m_per_s
        return gain_of((one.measured.walk_m, other.measured.walk_m), (one.measured.over_m, other.measured.over_m), people, speed)

    def stated(self, district: District, part: Part) -> Metres:
        """The walks of a row with every site where the data put it."""
        return stated_walks(district, part.tally, self.question, part.runs, kept=self.kept)

    def nearest(self, district: District) -> list[Metres]:
        """The walks to every layer in one run, those not asked about left out."""
        found = []
        for layer in walked_layers(self.question):
            if layer.key in self.ways:
                (tally,) = tallies(district, layer, replace(self.question, counted=self.ways[layer.key]), stand_ins=self.stand_ins)
                found.append(stated_walks(district, tally, self.question, kept=self.kept)[self.chosen])
        return found


def _ways(districts: tuple[District, District], layers: list[Layer], question: Question, *, stand_ins: bool) -> dict[str, Counted]:
    """Of every layer that either district knows sites or a promise of, the widest way of counting."""
    ways = {}
    for layer in layers:
        known: list[Counted] = [tally.counted for district in districts for tally in tallies(district, layer, question, stand_ins=stand_ins)]
        if known:
            ways[layer.key] = max(known, key=COUNTED.index)
    return ways


def _part(progress: Progress | None, place: int, steps: int) -> Progress | None:
    """The progress of one of several steps, told as a share of all."""
    return None if progress is None else lambda share: progress((place + share) / steps)


def walked_layers(question: Question) -> list[Layer]:
    """Return the asked layers that people walk to.

    Raises:
        Misasked: a standard of 0, or none of the layers is walked to.
        Unknown: no such layer.
    """
    if question.metres is not None and question.metres <= 0:
        raise Misasked(Text("标准不能是 0 米，请给一个大于 0 的距离。", "The standard cannot be 0 m; give a distance above 0."))
    layers = asked_layers(question)
    walked_to = [layer for layer in layers if layer.serves_on_foot]
    if not walked_to:
        names = Text("、".join(layer.name.zh for layer in layers), ", ".join(layer.name.en for layer in layers))
        raise Misasked(Text("{names}不是居民步行前往的设施，无法比较步行距离。请另选图层。",
                            "Nobody walks to {names}, so walks cannot be compared. Choose another layer.").format(names=names))
    return walked_to


def _changes(district: District) -> list[Change]:
    """What a scenario changed."""
    return list(district.changes)  # type: ignore[arg-type]  # written by geodata.scenario.apply


def _shared(told: Mapping[int, Connection], heads: list[Gain]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What every row says of the whole scenario: its roads, and the minutes saved over all layers; and their range."""
    total, total_range = total_fields(heads)
    length_m, way_before_m = next((road.length_m, road.way_before_m) for road in told.values()) if len(told) == 1 else (None, None)
    return total | {"connected": all(c.connected for c in told.values()) if told else None, "length_m": length_m, "way_before_m": way_before_m}, total_range


def _row(pair: tuple[Part, Part], gain: Gain, total_range: dict[str, Any]) -> dict[str, Any]:
    """One row from its two sides."""
    one, other = pair
    found = gain_fields(gain)
    was, was_range = side_fields(one.row, "before")
    now, now_range = side_fields(other.row, "after")
    if one.joint == "all":
        found |= dict.fromkeys(_FARTHEST)
        found["range"] = {name: ends for name, ends in (found["range"] or {}).items() if name not in _FARTHEST}
    draws, seed = (one.row[name] if one.row[name] is not None else other.row[name] for name in ("draws", "seed"))
    same = ("layer", "standard", "metres", "mode", "counted", "sites_counted", "sites_promised", "people", "demand_unit")
    return found | was | now | {name: one.row[name] for name in same} | {
        "range": (found["range"] or {}) | total_range | was_range | now_range or None, "demo_sites": one.drawn, "demonstration": one.row["demonstration"] or other.row["demonstration"],
        "draws": draws, "seed": seed}


def gaining_points(district: District, question: Question, pair: tuple[LayerWalks, LayerWalks], chosen: npt.NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """Return every demand point before and after, with every site where the data put it; see Comparison.gains."""
    one, other = pair
    return _points(district, question, (one.held.metres, one.held.layer), (one.stated_m, other.stated_m), (one.off, other.off), chosen=chosen)


def _points(district: District, question: Question, held: tuple[float | None, Layer], walks: tuple[Metres, Metres],
            off: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]], *, chosen: npt.NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """The demand points of one layer."""
    (was, now), (metres, layer) = walks, held
    with np.errstate(invalid="ignore"):
        difference = now - was
    inside = np.zeros(len(was), dtype=bool) if metres is None else (now <= metres + LONGER_M) & (was > metres + LONGER_M)
    table = gpd.GeoDataFrame({
        "layer": layer.key, "demand_id": district.demand["demand_id"].to_numpy(), "people": district.demand["people"].to_numpy(float),
        "walk_before_m": np.where(np.isfinite(was), was, np.nan), "walk_after_m": np.where(np.isfinite(now), now, np.nan),
        "difference_m": np.where(np.isfinite(difference), np.where(np.abs(difference) > LONGER_M, difference, 0.0), np.nan),
        "minutes_saved": minutes_saved(was, now, question.speed_m_per_s), "newly_covered": inside, "off_network_before": off[0], "off_network_after": off[1],
    }, geometry=district.demand.geometry.to_numpy(), crs=district.metric_crs)
    return table[chosen].reset_index(drop=True)


def _gaining(case: _Case, after: District, told: Mapping[int, Connection], *, saves: bool) -> frozenset[int]:
    """The added roads by which somebody walks less.

    A road that is the only change gains where anything does. Of several changes each road is taken away from the others (what
    it adds last), and where that changes nothing it is tried alone: two roads beside each other both serve. Beyond MOST_TRIED
    roads, and where the others cannot be without it, a road gains where the change saves anything and the way before was longer.
    """
    changes = _changes(after)
    if after.base is None or len(changes) == 1:
        return frozenset(told) if saves else frozenset()
    bare = [case.nearest(after.base), case.nearest(after)] if told and len(told) <= MOST_TRIED else []
    gaining = set()
    for place, link in told.items():
        try:
            served = bool(bare) and (
                _nearer(case.nearest(apply(after.base, [change for i, change in enumerate(changes) if i != place])), bare[1])
                or _nearer(bare[0], case.nearest(apply(after.base, [changes[place]]))))
        except ProblemsFound:
            served = saves and link.way_before_m > link.length_m + SAME_WAY_M
        if served or (not bare and saves and link.way_before_m > link.length_m + SAME_WAY_M):
            gaining.add(place)
    return frozenset(gaining)


def _nearer(before: list[Metres], after: list[Metres]) -> bool:
    """Whether any walk is shorter after."""
    with np.errstate(invalid="ignore"):
        return any(bool((was - now > LONGER_M).any()) for was, now in zip(before, after, strict=True))


def street_change(before: District, after: District) -> pd.DataFrame:
    """Return the connectivity of the streets before and after, and the difference."""
    table = pd.DataFrame({"before": street_figures(before), "after": street_figures(after)}).astype(float)
    return table.assign(difference=table["after"] - table["before"])


def street_figures(district: District) -> pd.Series:
    """Return the connectivity of a district's streets."""
    return connectivity(district.streets, district.network, district.boundary)
