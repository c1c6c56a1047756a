"""Road openings ranked: what each saves alone, all of them together, and each as the last one added."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.changes import OpenRoad
from geodata.comparing import gaining_points, method_of, street_change, walked_layers
from geodata.connection import Connection, connections
from geodata.counting import people_asked
from geodata.district import LOCATED_CLASSES, District
from geodata.gains import (
    FIRM_M,
    Gain,
    LayerWalks,
    count_fields,
    gain,
    gain_fields,
    layer_walks,
    share_of_runs,
    walk_fields,
)
from geodata.network import Metres
from geodata.opening_words import ranking_sentences, stability_sentence
from geodata.question import Question
from geodata.reach import Progress
from geodata.scenario import apply
from geodata.stability import Stability, Trial, stability_of
from geodata.standins import GAP_LAYER
from geodata.walking import SHARED, Kept
from geodata.wording import heading_of
from layers import Layer, Text, every_layer

RANKED: Final = ("rank", "opening", "name_zh", "name_en", "layer", "standard", "metres", "counted", "sites_counted", "sites_promised", "demo_sites", "person_minutes_saved",
                 "people_newly_covered", "people_nearer", "last_added_person_minutes", "last_added_people_newly_covered",
                 "covered_people_before", "covered_people_after", "covered_share_before", "covered_share_after",
                 "straight_line_share_before", "straight_line_share_after", "off_network_people_before", "off_network_people_after",
                 "walk_m_before", "walk_m_after", "capped_people", "cap_minutes", "longer_walks", "connected", "verdict",
                 "length_m", "way_before_m", "demand_unit", "demonstration", "range", "draws", "seed")
"""Columns of a ranking; `opening` is `together` in the rows of all of them at once, which have no rank."""
TOGETHER: Final = "together"
SPEEDS_M_PER_S: Final = (0.8, 1.0, 1.2)
"""Speeds at which a ranking is tried beside the one asked for: elders, GB 50180's own pace, adults."""
SKETCHED_ROAD: Final = Text("报告中的道路要有真实路网上的已落位线位才参加排序；示意路网上只排示意断头路。",
                            "A road of the report is ranked only once it has a located alignment on real streets; on the sketch only demo roads are.")
NO_ALIGNMENT: Final = Text("没有已落位的线位，未参加排序。", "It has no located alignment and is not ranked.")


@dataclass(frozen=True, slots=True)
class Opening:
    """One road that may be opened.

    Attributes:
        id: of its site, or of the sketch's missing link.
        road: where it runs.
        demo: whether it belongs to the sketch.
    """

    id: str
    road: OpenRoad
    demo: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A road opening that is not ranked.

    Attributes:
        id: of its site.
        name: what it is called.
        reason: why not.
    """

    id: str
    name: Text
    reason: Text


@dataclass(frozen=True, eq=False)
class Ranking:
    """Openings ranked by the person-minutes each saves alone, over all asked layers.

    Attributes:
        question: what was asked.
        demonstration: whether streets or people are sketched or demo sites are counted.
        heading: `演示 / Demonstration`, or empty; it stands above every use of the answer.
        openings: what was ranked, in the order they were given.
        waiting: road openings of the ledger that are not ranked, and why.
        rows: columns RANKED, first the openings by rank, one row a layer, then all of them together.
        streets: connectivity of the streets: column `before`, one an opening by its id, and `together`.
        gains: demand points of every opening alone (column `opening`) and together; see Comparison.gains.
        connections: how each opening is connected, by its id.
        stability: whether the first place holds.
        sentences: the answer in words.
        method: how it was worked out.
    """

    question: Question
    demonstration: bool
    heading: Text
    openings: tuple[Opening, ...]
    waiting: tuple[Waiting, ...]
    rows: pd.DataFrame
    streets: pd.DataFrame
    gains: gpd.GeoDataFrame
    connections: dict[str, Connection]
    stability: Stability
    sentences: list[Text]
    method: list[Text]

    @property
    def longer_walks(self) -> int:
        """Demand points whose walk got longer by an opening: the self-check, always 0."""
        return int(self.rows["longer_walks"].sum()) if len(self.rows) else 0


def openings_of(district: District) -> tuple[list[Opening], list[Waiting]]:
    """Return the openings of a district that can be ranked, and those that cannot, with the reason.

    On real streets: sites of the layer of road openings with a located alignment. On the sketch: its own missing links.
    """
    sketch = district.streets_kind == "sketch"
    ranked = [Opening(str(gap.id), OpenRoad(gap.geometry, Text(gap.name_zh, gap.name_en)), demo=True)
              for gap in district.gaps.sort_values("id").itertuples()] if sketch and len(district.gaps) else []
    waiting = []
    for site in district.sites[district.sites["layer"] == GAP_LAYER].itertuples():
        name = _site_name(site)
        parts = [] if site.geometry is None else [p for p in shapely.get_parts(site.geometry) if isinstance(p, shapely.LineString)]
        if sketch:
            waiting.append(Waiting(site.id, name, SKETCHED_ROAD))
        elif site.location_class not in LOCATED_CLASSES or not parts:
            waiting.append(Waiting(site.id, name, NO_ALIGNMENT))
        else:
            ranked.append(Opening(site.id, OpenRoad(_whole(site.geometry), name), demo=False))
    return ranked, waiting


def _site_name(site: Any) -> Text:
    """What an opening of the ledger is called; one without a name has the layer's and its number."""
    one, number = every_layer()[GAP_LAYER].one, str(site.id).rpartition("-")[2].lstrip("0")
    return Text(site.name_zh or f"{one.zh} {number}", site.name_en or site.name_zh or f"{one.en} {number}")


def _whole(shape: shapely.Geometry) -> shapely.LineString:
    """One line of an alignment; of several that do not follow each other the longest."""
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings([p for p in shapely.get_parts(shape) if isinstance(p, shapely.LineString)])))
    return merged[int(np.argmax(shapely.length(merged)))]


def rank_openings(district: District, question: Question, *, openings: Sequence[Opening] | None = None, stand_ins: bool = True,
                  progress: Progress | None = None, kept: Kept = SHARED) -> Ranking:
    """Rank road openings by the person-minutes each saves.

    Args:
        district: where.
        question: its layers are summed up; `speed_m_per_s` turns metres into minutes.
        openings: what to rank; None takes those of the district (`openings_of`).
        stand_ins: whether demo sites stand for promised places without a position (on a sketch only).
        progress: told the share done, 0 to 1.
        kept: where walks measured before are found.

    Raises:
        BadInput: a standard of 0, or no layer that people walk to.
        ProblemsFound: an opening cannot be built.
        Unknown: no such layer or area.
    """
    layers = walked_layers(question)
    known, waiting = openings_of(district)
    chosen = tuple(known if openings is None else openings)
    work = _Work(district, question, chosen, stand_ins, kept, people_asked(district, question))
    steps = _counted(progress, len(layers) * (2 + bool(work.loose(layers))) * (2 * len(chosen) + 2))
    tables = [found for layer in layers if (found := work.of_layer(layer, steps)) is not None] if chosen else []
    told = work.connections() if chosen else {}
    rows = _rows(work, tables, told)
    demonstration = district.is_sketch or any(t.before.runs.drawn > 0 for t in tables)
    best = str(rows["opening"].iloc[0]) if len(rows) and rows["person_minutes_saved"].iloc[0] > 0 else None
    firm = stability_of([o.id for o in chosen], best, _trials(work, tables, layers, steps))
    gains, streets = _maps(work, tables)
    names = {o.id: o.road.name for o in chosen}
    if progress:
        progress(1.0)
    return Ranking(
        question, demonstration, heading_of(demonstration), chosen, tuple(waiting), rows, streets, gains, told, firm,
        [*ranking_sentences(district, rows, told, names, waiting), *stability_sentence(firm, names, demonstration=demonstration)],
        method_of(question, _METHOD))


_METHOD: Final = (
    Text("单独 = 只打通这一条；合计 = 全部打通；最后打通 = 其余都打通之后再加这一条（各条的作用不能相加）。",
         "Alone = this one opened and no other; together = all opened; last added = what it adds after all the others (effects do not add up)."),
    Text("“稳定” = 在步速、设施种类、设施位置误差、示意点随机抽样的各种取法中，至少 95 % 名列第一的是同一条。",
         "\"Stable\" = over speeds, kinds of facility, uncertain positions and redraws of demo sites, the same one is first in at least 95 % of the draws."),
)


@dataclass(frozen=True, eq=False)
class _Table:
    """One layer: the walks before, and what each opening changes."""

    layer: Layer
    before: LayerWalks
    was: tuple[dict[str, Any], dict[str, Any]]
    alone: tuple[tuple[LayerWalks, Gain], ...]
    together: tuple[LayerWalks, Gain]
    last: tuple[Gain, ...]


@dataclass(frozen=True, eq=False)
class _Work:
    """What one ranking is worked out from."""

    district: District
    question: Question
    openings: tuple[Opening, ...]
    stand_ins: bool
    kept: Kept
    chosen: npt.NDArray[np.bool_]

    @property
    def everyone(self) -> Metres:
        """People at each demand point."""
        return np.asarray(self.district.demand["people"], dtype=float)

    @property
    def people(self) -> Metres:
        """The same, those not asked about left out."""
        return np.where(self.chosen, self.everyone, 0.0)

    def built(self, openings: Sequence[Opening]) -> District:
        """The district with some of the openings, made once."""
        key = ("opened", self.district.stamp, tuple((o.id, shapely.to_wkb(o.road.line), o.road.within_m) for o in openings))
        return self.kept.get(key, lambda: apply(self.district, [o.road for o in openings]), lambda d: d.network.nbytes)

    def without(self, left_out: Opening) -> list[Opening]:
        """All openings but one."""
        return [o for o in self.openings if o is not left_out]

    def connections(self) -> dict[str, Connection]:
        """How each opening is connected once all are built."""
        found = connections(self.district, [o.road for o in self.openings])
        return {o.id: found[i] for i, o in enumerate(self.openings)}

    def walks(self, district: District, layer: Layer, steps: Callable[[], None], *, loose: bool = False) -> LayerWalks | None:
        """The walks to one layer in one of the districts."""
        found = layer_walks(district, layer, self.question, stand_ins=self.stand_ins, loose=loose, kept=self.kept)
        steps()
        return found

    def loose(self, layers: Sequence[Layer]) -> list[Layer]:
        """Layers with located sites known less exactly than FIRM_M."""
        sites = self.district.sites
        known = sites[sites["location_class"].isin(LOCATED_CLASSES) & (sites["uncertainty_m"].astype(float) > FIRM_M)]
        return [layer for layer in layers if (known["layer"] == layer.key).any()]

    def of_layer(self, layer: Layer, steps: Callable[[], None], *, loose: bool = False) -> _Table | None:
        """Everything about one layer; None where the data hold nothing of it."""
        speed = self.question.speed_m_per_s
        before = self.walks(self.district, layer, steps, loose=loose)
        every = self.walks(self.built(self.openings), layer, steps, loose=loose)
        if before is None or every is None:
            return None
        alone, last = [], []
        for opening in self.openings:
            one = self.walks(self.built([opening]), layer, steps, loose=loose)
            rest = self.walks(self.built(self.without(opening)), layer, steps, loose=loose)
            assert one is not None
            assert rest is not None
            alone.append((one, gain(before, one, self.people, speed)))
            last.append(gain(rest, every, self.people, speed))
        was = walk_fields(before, self.everyone, self.chosen, "before")
        return _Table(layer, before, was, tuple(alone), (every, gain(before, every, self.people, speed)), tuple(last))


def _counted(progress: Progress | None, steps: int) -> Callable[[], None]:
    """A function to call after each step."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(min(done / max(steps, 1), 0.99))
    return step


def _total(gains: Sequence[Gain]) -> Metres:
    """Person-minutes over several layers, run by run; a single run stands for every draw."""
    runs = max((len(g.minutes) for g in gains), default=1)
    total = np.zeros(runs)
    for found in gains:
        total += found.minutes
    return total


def _rows(work: _Work, tables: list[_Table], told: dict[str, Connection]) -> pd.DataFrame:
    """The openings by rank, then all together."""
    if not tables:
        return pd.DataFrame(columns=list(RANKED), dtype=object)
    scores = [share_of_runs(_total([t.alone[i][1] for t in tables]), 0.5) for i in range(len(work.openings))]
    newly = [sum(share_of_runs(t.alone[i][1].newly, 0.5) for t in tables) for i in range(len(work.openings))]
    order = sorted(range(len(work.openings)), key=lambda i: (-scores[i], -newly[i], i))
    rows = []
    for rank, i in enumerate(order, start=1):
        opening = work.openings[i]
        for table in tables:
            after, found = table.alone[i]
            last = gain_fields(table.last[i])
            rows.append(_row(work, table, after, found) | {
                "rank": rank, "opening": opening.id, "name_zh": opening.road.name.zh, "name_en": opening.road.name.en,
                "last_added_person_minutes": last["person_minutes_saved"],
                "last_added_people_newly_covered": last["people_newly_covered"],
                "connected": told[opening.id].connected, "verdict": told[opening.id].verdict(gains=bool(found.nearer.max() > 0)),
                "length_m": told[opening.id].length_m, "way_before_m": told[opening.id].way_before_m})
    rows += [_row(work, table, *table.together) | {
        "rank": None, "opening": TOGETHER, "name_zh": "全部打通", "name_en": "all together",
        "connected": all(c.connected for c in told.values())} for table in tables]
    found_rows = pd.DataFrame(rows, columns=list(RANKED), dtype=object)
    return found_rows.astype(object).where(found_rows.notna(), None)


def _row(work: _Work, table: _Table, after: LayerWalks, found: Gain) -> dict[str, Any]:
    """One layer of one opening, or of all together."""
    told = gain_fields(found)
    was, was_range = table.was
    now, now_range = walk_fields(after, work.everyone, work.chosen, "after")
    spread = (told["range"] or {}) | was_range | now_range or None
    held = table.before.held
    return told | was | now | count_fields(table.before) | {
        "range": spread, "layer": table.layer.key, "standard": held.label or None, "metres": held.metres,
        "demand_unit": work.district.demand_unit,
        "demonstration": work.district.is_sketch or table.before.runs.drawn > 0,
        "draws": work.question.draws if spread else None, "seed": work.question.seed if spread else None}


def _trials(work: _Work, tables: list[_Table], layers: Sequence[Layer], steps: Callable[[], None]) -> list[Trial]:
    """The ranking under every variation: each layer by itself, each speed, positions within their uncertainty."""
    asked = work.question.speed_m_per_s
    trials = [_trial(work, table, speed, moved=False) for table in tables for speed in sorted({*SPEEDS_M_PER_S, asked})]
    for layer in work.loose(layers) if work.openings else ():
        moved = work.of_layer(layer, steps, loose=True)
        if moved is not None:
            trials.append(_trial(work, moved, asked, moved=True))
    return trials


def _trial(work: _Work, table: _Table, speed: float, *, moved: bool) -> Trial:
    """One variation: minutes saved by every opening, run by run."""
    same = speed == work.question.speed_m_per_s
    gains = [found if same else gain(table.before, after, work.people, speed) for after, found in table.alone]
    runs = max(len(g.minutes) for g in gains)
    return Trial(table.layer.key, speed, moved, np.stack([np.broadcast_to(g.minutes, runs) for g in gains]))


def _maps(work: _Work, tables: Sequence[_Table]) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Who gains by each opening and by all, and what they do to the streets."""
    points: list[gpd.GeoDataFrame] = []
    streets: dict[str, pd.Series] = {}
    for name, some in [*((o.id, [o]) for o in work.openings), (TOGETHER, list(work.openings))]:
        for table in tables:
            after = table.together[0] if name == TOGETHER else table.alone[work.openings.index(some[0])][0]
            points.append(gaining_points(work.district, work.question, (table.before, after), work.chosen).assign(opening=name))
        if some:
            change = street_change(work.district, work.built(some))
            streets |= {"before": change["before"], name: change["after"]}
    table = pd.concat(points, ignore_index=True) if points else gpd.GeoDataFrame(geometry=[], crs=work.district.metric_crs)
    return gpd.GeoDataFrame(table, crs=work.district.metric_crs), pd.DataFrame(streets)
