"""Road openings ranked: what each saves alone, all of them together, and each as the last one added."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.changes import OpenRoad
from geodata.comparing import gaining_points, method_of, street_figures, walked_layers
from geodata.comparing_words import draws_of, own_draws
from geodata.connection import Connection, connections
from geodata.counting import people_asked
from geodata.district import LOCATED_CLASSES, District
from geodata.gains import gain_fields, share_of_runs, summed
from geodata.opening_words import Connected, ranking_sentences, stability_sentence
from geodata.opening_work import (
    OTHER_DRAWS,
    SPEEDS_M_PER_S,
    Opening,
    Table,
    Work,
    counted,
    row_of,
    steps_of,
    trials_of,
)
from geodata.question import Question
from geodata.reach import Progress
from geodata.stability import TIE, Stability, order_of, stability_of
from geodata.standins import GAP_LAYER
from geodata.walking import SHARED, Kept
from geodata.wording import MINUTES, heading_of
from layers import Text, every_layer

__all__ = ["RANKED", "TOGETHER", "Opening", "Ranking", "Waiting", "openings_of", "rank_openings"]

RANKED: Final = ("rank", "opening", "name_zh", "name_en", "layer", "standard", "metres", "counted", "sites_counted", "sites_promised", "demo_sites", "person_minutes_saved", "person_minutes_saved_total",
                 "people_newly_covered", "people_nearer", "last_added_person_minutes", "last_added_people_newly_covered",
                 "covered_people_before", "covered_people_after", "covered_share_before", "covered_share_after",
                 "straight_line_share_before", "straight_line_share_after", "off_network_people_before", "off_network_people_after",
                 "walk_m_before", "walk_m_after", "capped_people", "cap_minutes", "longer_walks", "connected", "verdict",
                 "length_m", "way_before_m", "demand_unit", "demonstration", "range", "draws", "seed")
"""Columns of a ranking; `opening` is `together` in the rows of all of them at once, which have no rank.

`person_minutes_saved` is of the row's own layer, `person_minutes_saved_total` of all asked layers: what the rank goes by.
"""
TOGETHER: Final = "together"
_LAST: Final = {"last_added_person_minutes": "person_minutes_saved", "last_added_people_newly_covered": "people_newly_covered"}
"""What an opening changes as the last one: its names, and those of a gain."""
SKETCHED_ROAD: Final = Text("报告中的道路要有真实路网上的已落位线位才参加排序；示意路网上只排示意断头路。",
                            "A road of the report is ranked only once it has a located alignment on real streets; on the sketch only demo roads are.")
NO_ALIGNMENT: Final = Text("没有已落位的线位，未参加排序。", "It has no located alignment and is not ranked.")
PARTED: Final = Text("线位由互不相接的几段组成，未参加排序；请补上中间一段，或分成几条道路。",
                     "Its alignment is in parts that do not follow one another, and is not ranked; fill the gap, or make several roads of it.")


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
        connections: how each opening is connected when it alone is opened, by its id.
        connections_together: the same once all are opened.
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
    connections_together: dict[str, Connection]
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
        parts = [] if site.geometry is None else _followed(site.geometry)
        if sketch:
            waiting.append(Waiting(site.id, name, SKETCHED_ROAD))
        elif site.location_class not in LOCATED_CLASSES or not parts:
            waiting.append(Waiting(site.id, name, NO_ALIGNMENT))
        elif len(parts) > 1:
            waiting.append(Waiting(site.id, name, PARTED))
        else:
            ranked.append(Opening(site.id, OpenRoad(parts[0], name), demo=False))
    return ranked, waiting


def _site_name(site: Any) -> Text:
    """What an opening of the ledger is called; one without a name has the layer's and its number."""
    one, number = every_layer()[GAP_LAYER].one, str(site.id).rpartition("-")[2].lstrip("0")
    return Text(site.name_zh or f"{one.zh} {number}", site.name_en or site.name_zh or f"{one.en} {number}")


def _followed(shape: shapely.Geometry) -> list[shapely.LineString]:
    """The lines of an alignment, those that follow one another as one."""
    lines = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.LineString)]
    return list(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))) if lines else []


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
    work = Work(district, question, chosen, stand_ins, kept, people_asked(district, question))
    step = counted(progress, steps_of(work, layers))
    tables = [found for layer in layers if (found := work.table(layer, step)) is not None] if chosen else []
    told = _connected(work) if chosen else Connected({}, {})
    rows, best = _rows(work, tables, told)
    demonstration = district.is_sketch or any(t.kind.before.runs.drawn > 0 for t in tables)
    firm = stability_of([o.id for o in chosen], best, trials_of(work, tables, step) if tables else [])
    gains, streets = _maps(work, tables)
    names = {o.id: o.road.name for o in chosen}
    if progress:
        progress(1.0)
    return Ranking(
        question, demonstration, heading_of(demonstration), chosen, tuple(waiting), rows, streets, gains, told.alone, told.together, firm,
        [*ranking_sentences(district, rows, told, names, waiting), *stability_sentence(firm, names, demonstration=demonstration)],
        method_of(question, district.demand_unit, [*(text.format(minutes=MINUTES[district.demand_unit]) for text in _METHOD), *own_draws(draws_of(rows))]))


_SPEEDS: Final = [f"{speed:g}" for speed in SPEEDS_M_PER_S]
_METHOD: Final = (
    Text("单独 = 只打通这一条；合计 = 全部打通；最后打通 = 其余都打通之后再加这一条（各条的作用不能相加）。",
         "Alone = this one opened and no other; together = all opened; last added = what it adds after all the others (effects do not add up)."),
    Text("名次按所选各类设施合计的{minutes}；相等时先比新进入标准的多少，再按所列次序。",
         "The rank goes by the {minutes} of all chosen kinds of facility added up; equals by who is newly covered, then as listed."),
    Text(f"“稳定” = 同一条在每一种取法中、也在全部取法中，都至少 95 % 居第一。取法：照所问；步速 {'、'.join(_SPEEDS)} m/s（步速只通过 30 分钟封顶影响次序）；"
         f"数据中的每一类设施单独来看（未选的种类抽 {OTHER_DRAWS} 次）；已落位的点在其误差内移动；示意点每次重新抽样。"
         "某一类设施若打通哪一条都没有变化，则没有第一名，不计入。打通道路自身的线位按所给，未试其误差。",
         f"\"Stable\" = the same one is first in at least 95 % of the draws, in every variation and in all of them. Variations: as asked; speeds {', '.join(_SPEEDS)} m/s (a speed changes the order "
         f"only by way of the 30-minute cap); each kind of facility in the data by itself ({OTHER_DRAWS} draws of those not chosen); located sites moved within their uncertainty; "
         "demo sites are drawn anew each time. A kind for which no opening changes anything has no first place and no say. Where an opening itself runs is taken as given; its own uncertainty is not tried."),
)


def _rows(work: Work, tables: list[Table], told: Connected) -> tuple[pd.DataFrame, str | None]:
    """The openings by rank, then all together; and which saves most, None where nothing saves anything."""
    if not tables:
        return pd.DataFrame(columns=list(RANKED), dtype=object), None
    alone = [[t.alone[i] for t in tables] for i in range(len(work.openings))]
    minutes, newly = (np.asarray([share_of_runs(summed([getattr(g, name) for g in gains]), 0.5) for gains in alone]) for name in ("minutes", "newly"))
    order = order_of(minutes, newly)
    rows = []
    for rank, i in enumerate(order, start=1):
        opening = work.openings[i]
        link = told.alone[opening.id]
        for table in tables:
            found, last = table.alone[i], gain_fields(table.last[i])
            row = row_of(work, table.kind, table.was, (table.kind.after[i], found), alone[i])
            rows.append(row | {name: last[field] for name, field in _LAST.items()} | {
                "range": row["range"] and row["range"] | {name: last["range"][field] for name, field in _LAST.items()},
                "rank": rank, "opening": opening.id, "name_zh": opening.road.name.zh, "name_en": opening.road.name.en,
                "connected": link.connected, "verdict": link.verdict(gains=bool(found.nearer.max() > 0)),
                "length_m": link.length_m, "way_before_m": link.way_before_m})
    every = [table.together for table in tables]
    rows += [row_of(work, table.kind, table.was, (table.every, table.together), every) | {
        "rank": None, "opening": TOGETHER, "name_zh": "全部打通", "name_en": "all together",
        "connected": all(link.connected for link in told.together.values())} for table in tables]
    found_rows = pd.DataFrame(rows, columns=list(RANKED), dtype=object)
    best = work.openings[order[0]].id if minutes[order[0]] > TIE else None
    return found_rows.astype(object).where(found_rows.notna(), None), best


def _connected(work: Work) -> Connected:
    """How each opening is connected when it is built alone, and once all are."""
    alone = {o.id: connections(work.district, [o.road], built=work.built([o]))[0] for o in work.openings}
    if len(alone) < 2:
        return Connected(alone, alone)
    found = connections(work.district, [o.road for o in work.openings], built=work.built(work.openings))
    return Connected(alone, {o.id: found[i] for i, o in enumerate(work.openings)})


def _maps(work: Work, tables: Sequence[Table]) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Who gains by each opening and by all, and what they do to the streets."""
    district = work.district
    points: list[gpd.GeoDataFrame] = []
    streets = {"before": street_figures(district)} if work.openings else {}
    for place, (name, some) in enumerate([*((o.id, [o]) for o in work.openings), (TOGETHER, list(work.openings))]):
        for table in tables:
            after = table.every if name == TOGETHER else table.kind.after[place]
            points.append(gaining_points(district, work.question, (table.kind.before, after), work.chosen).assign(opening=name))
        if some:
            streets[name] = street_figures(work.built(some))
    frame = pd.concat(points, ignore_index=True) if points else gpd.GeoDataFrame(geometry=[], crs=district.metric_crs)
    return gpd.GeoDataFrame(frame, crs=district.metric_crs), pd.DataFrame(streets).astype(float)
