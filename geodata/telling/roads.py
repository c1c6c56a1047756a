"""Road openings as a slide: the ranking, a scenario before and after, or links nobody has proposed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata import classing, numerals
from geodata.asking import roads as asking
from geodata.asking.drawn import drawn as drawn_changes
from geodata.changes import CloseStreet, MoveFacility, OpenRoad, RemoveFacility
from geodata.comparing import Comparison, compare, records_of
from geodata.deck import Cell, LegendEntry, MapPicture, Shapes, Slide, Table
from geodata.district import LOCATED_CLASSES, District
from geodata.missing_links import missing_links
from geodata.opening_words import stability_sentence
from geodata.openings import TOGETHER, rank_openings
from geodata.picturing import class_note, site_legend
from geodata.question import Question
from geodata.scenario import apply
from geodata.telling._form import Teller, Work
from geodata.telling._parts import (
    MOST_BESIDE,
    MOST_ROWS,
    bounds_of,
    cell_shapes,
    demo_sites,
    difference_legend,
    drawn,
    part_of,
    readable,
    sources_of,
    together,
    walk_legend,
)
from geodata.wording import without_heading
from layers import Text, every_layer

OPENED: Final = "#b3127a"
"""Of a road that is opened; no class of the map has it."""
CLOSED: Final = "#1d252c"
_WIDTH_PT: Final = 2.6
_EVERY: Final = Text("全部打通", "All together")
_SAVED: Final = Text("少走（人·分钟）", "Saved (person-minutes)")
_NEARER: Final = Text("走得更近", "Walk less")
_ALONE: Final = Text("单独打通少走（人·分钟）", "Alone: saved (person-minutes)")
_LAST: Final = Text("最后打通少走", "Last added: saved")
_SIDES: Final = {"before": Text("图上为改动之前的步行距离。", "The map shows the walks before the change."), "after": Text("图上为改动之后的步行距离。", "The map shows the walks after the change.")}
_NO_DATA: Final = Text("数据中没有这类设施，也没有相应的承诺，无法比较。", "The data hold no such facilities and no promise of any: nothing can be compared.")


@dataclass(frozen=True, eq=False, slots=True)
class _Case:
    """What is asked: of which district, by which address, and the layer the map speaks of."""

    district: District
    asked: Mapping[str, str]
    question: Question
    layer: str
    work: Work

    def mine(self, points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Of demand points those of the layer on the map."""
        return points[points["layer"] == self.layer] if len(points) else points

    def words(self, title: Text, sentences: Sequence[Text], *, demonstration: bool) -> Slide:
        """Return a slide of words alone."""
        said = tuple(map(without_heading, sentences))[:MOST_ROWS]
        return Slide("", "text", title, demonstration=demonstration, sentences=said, sources=self.sources)

    def slide(self, title: Text, sentences: Sequence[Text], picture: MapPicture, table: Table, *, demonstration: bool) -> Slide:
        """Return a slide with its map."""
        shown = {"twin": "after"}.get(view := asking.view_of(self.asked), view)  # one slide has room for one of two maps
        said = (*map(without_heading, sentences), *([_SIDES[shown]] if shown in _SIDES else []))
        return Slide("", "map", title, demonstration=demonstration, sentences=said, map=picture, table=readable(table, most=MOST_BESIDE),
                     class_note=class_note(picture.sites), sources=self.sources)

    @property
    def sources(self) -> tuple[Text, ...]:
        """What the figures rest on."""
        return sources_of(self.district, "streets", "people", "sites")


def tell(district: District, asked: Mapping[str, str], work: Work) -> Slide:
    """Answer the part of the page that is asked."""
    question = asking.question_of(asked)
    case = _Case(district, asked, question, asking.shown_layer(asked, question), work)
    return {"rank": _ranking, "try": _scenario, "links": _links}[asking.part_of(asked)](case)


def _ranking(case: _Case) -> Slide:
    """The openings of the district by what each saves."""
    found = rank_openings(case.district, case.question, progress=case.work.share)
    title = Text("打通哪条断头路作用最大", "Which road opening helps most")
    if not len(found.rows):
        return case.words(title, found.sentences, demonstration=found.demonstration)
    known = [*(opening.id for opening in found.openings), TOGETHER]
    chosen = case.asked["see"] if case.asked.get("see") in known else str(found.rows["opening"].iloc[0])
    mine = case.mine(found.gains)
    lines = [(opening.road.line, opening.road.name if chosen in {opening.id, TOGETHER} else None) for opening in found.openings]
    rows = [row for row in records_of(found.rows) if row["layer"] == case.layer]
    if not rows:
        return case.words(title, [_NO_DATA], demonstration=found.demonstration)
    picture = _picture(case, mine[mine["opening"] == chosen], lines, rows[0])
    firm = stability_sentence(found.stability, {opening.id: opening.road.name for opening in found.openings}, demonstration=found.demonstration)
    return case.slide(title, [*found.sentences[:1], *firm], picture, _ranked(rows), demonstration=found.demonstration)


def _ranked(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Openings by rank for one layer, all together at the end."""
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        every, ranged = row["opening"] == TOGETHER, row["range"] or {}
        name = _EVERY if every else Text(str(row["name_zh"] or row["opening"]), str(row["name_en"] or row["name_zh"] or row["opening"]))
        cells.append((name, _figure(row, "person_minutes_saved", ranged), None if every else _figure(row, "last_added_person_minutes", {}),
                      _figure(row, "people_newly_covered", ranged) if row["metres"] is not None else None, _figure(row, "people_nearer", ranged)))
    heads = (Text("打通", "Opening"), _ALONE, _LAST, Text("新进入标准", "Newly within"), _NEARER)
    return Table(Text("按单独打通的作用排序", "Ranked by what each saves alone"), heads, tuple(cells), (False, True, True, True, True), (0,) * 5)


def _scenario(case: _Case) -> Slide:
    """What the drawn changes do to the district as it is, or beside another plan."""
    held, against = (drawn_changes(case.asked.get(name, ""), case.district) for name in ("s", "b"))
    beside = bool(case.asked.get("b"))
    title = Text("两个方案相比", "Two plans side by side") if beside else Text("这个方案改变了什么", "What this plan changes")
    if held.refused or against.refused or not (held.changes or against.changes):
        why = [problem.message for problem in (*held.problems, *against.problems)] or [Text("方案里没有改动。", "The plan holds no change.")]
        return case.words(title, why, demonstration=case.district.is_sketch)
    found = compare(apply(case.district, against.changes), apply(case.district, held.changes), case.question, progress=case.work.share)
    rows = [row for row in records_of(found.rows) if row["layer"] == case.layer]
    if not rows:
        return case.words(title, [_NO_DATA], demonstration=found.demonstration)
    lines = [(change.line, change.name) for change in held.changes if isinstance(change, OpenRoad)]
    picture = _picture(case, case.mine(found.gains), lines, rows[0], changes=held.changes)
    return case.slide(title, found.sentences[:2], picture, _compared(found), demonstration=found.demonstration)


def _compared(found: Comparison) -> Table:
    """One row a layer, before and after."""
    cells: list[tuple[Cell, ...]] = []
    for row in records_of(found.rows):
        ranged, held = row["range"] or {}, row["metres"] is not None
        share = f"{numerals.share(row['covered_share_before'])} → {numerals.share(row['covered_share_after'])}" if held else None
        cells.append((every_layer()[row["layer"]].name, _figure(row, "person_minutes_saved", ranged), share, _figure(row, "people_nearer", ranged)))
    heads = (Text("图层", "Layer"), _SAVED, Text("覆盖率 前 → 后", "Covered, before → after"), _NEARER)
    return Table(Text("之前与之后", "Before and after"), heads, tuple(cells), (False, True, True, True), (0,) * 4)


def _links(case: _Case) -> Slide:
    """The links nobody has proposed, and what the chosen one changes."""
    found = missing_links(case.district, case.question, max_length_m=asking.length_of(case.asked), top=asking.top_of(case.asked), progress=part_of(case.work, 0.0, 0.8))
    title = Text("还有哪些短连接值得打通", "Which short links nobody has proposed")
    if not len(found.links):
        return case.words(title, found.sentences, demonstration=found.demonstration)
    wanted = case.asked.get("see", "")
    place = int(wanted) - 1 if wanted.isdecimal() and 0 < int(wanted) <= len(found.links) else 0
    road = found.road(place)
    change = compare(case.district, apply(case.district, [road]), case.question, progress=part_of(case.work, 0.8, 0.2))
    rows = [row for row in records_of(change.rows) if row["layer"] == case.layer]
    if not rows:
        return case.words(title, [_NO_DATA], demonstration=found.demonstration)
    lines = [(line, road.name if number == place else None) for number, line in enumerate(found.links.geometry)]
    return case.slide(title, found.sentences[:2], _picture(case, case.mine(change.gains), lines, rows[0]), _linked(found.links), demonstration=found.demonstration)


def _linked(links: gpd.GeoDataFrame) -> Table:
    """The best links."""
    cells: list[tuple[Cell, ...]] = []
    for row in records_of(pd.DataFrame(links.drop(columns="geometry")).head(6)):
        ranged = {"person_minutes_saved": [row["low"], row["high"]]} if row["runs"] > 1 else {}
        cells.append((str(row["rank"]), _figure(row, "person_minutes_saved", ranged), _figure(row, "people_newly_covered", {}), float(row["length_m"])))
    heads = (Text("名次", "Rank"), _SAVED, Text("新进入标准", "Newly within"), Text("长度（m）", "Length (m)"))
    return Table(Text("最有用的短连接", "The most useful short links"), heads, tuple(cells), (True, True, True, True), (0,) * 4)


def _picture(case: _Case, points: gpd.GeoDataFrame, lines: Sequence[tuple[shapely.LineString, Text | None]], row: Mapping[str, Any], *,
             changes: Sequence[object] = ()) -> MapPicture:
    """The map as the page shows it: the difference, or the walks before or after; of two maps beside each other the one after."""
    every, view = list(case.district.demand["demand_id"]), asking.view_of(case.asked)
    if view == "diff":
        held, palette = classing.differences(points, every), [*classing.difference_palette(), None]
        legend = difference_legend(case.district, held)
    else:
        metres = None if row["metres"] is None else float(row["metres"])
        held, palette = classing.changed_walks(points, every, metres, "before" if view == "before" else "after"), classing.palette()
        legend = walk_legend(case.district, held, metres)
    sites = _sites(case, changes, demo=row["draws"] is not None)
    closed = [change.shape for change in changes if isinstance(change, CloseStreet) and "Line" in change.shape.geom_type]
    roads, told = _road_shapes(case.district, lines, closed)
    return MapPicture(sites, (cell_shapes(case.district, held, palette), *roads), (*told, *site_legend(sites), *legend), bounds_of(case.asked, case.district), case.district.is_sketch)


def _road_shapes(district: District, lines: Sequence[tuple[shapely.LineString, Text | None]], closed: Sequence[shapely.Geometry]) -> tuple[list[Shapes], list[LegendEntry]]:
    """The roads that the map speaks of solid, the others dashed, closed streets dark."""
    held: list[tuple[list[shapely.Geometry], str, bool, Text]] = [
        ([line for line, name in lines if name is None], OPENED, True, Text("其他可打通的路", "other roads that may be opened")),
        (list(closed), CLOSED, False, Text("封闭的路", "closed")),
        ([line for line, name in lines if name is not None], OPENED, False, _opened([name for _, name in lines if name is not None])),
    ]
    shapes, legend = [], []
    for shown, colour, dashed, name in held:
        if shown:
            frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shown, crs=district.metric_crs), crs=district.metric_crs)
            shapes.append(Shapes(frame, [colour] * len(shown), [1.0] * len(shown), filled=False, width_pt=_WIDTH_PT, dashed=dashed))
            legend.append(LegendEntry(name, "line", colour, dashed=dashed))
    return shapes, legend[::-1]


def _opened(names: Sequence[Text]) -> Text:
    zh, en = "、".join(name.zh or name.en for name in names[:3]), ", ".join(name.en or name.zh for name in names[:3])
    return Text(f"打通：{zh}" if zh else "打通的路", f"opened: {en}" if en else "opened")


def _sites(case: _Case, changes: Sequence[object], *, demo: bool) -> gpd.GeoDataFrame:
    """The located sites of the layer, those a plan moves or removes left out, with demo sites where they are counted."""
    gone = {change.site for change in changes if isinstance(change, MoveFacility | RemoveFacility)}
    sites = case.district.sites
    located = drawn(sites[(sites["layer"] == case.layer) & sites["location_class"].isin(LOCATED_CLASSES) & ~sites["id"].isin(gone)])
    return together(located, drawn(demo_sites(case.district, [case.layer], seed=case.question.seed))) if demo else located


def _figure(row: Mapping[str, Any], field: str, ranged: Mapping[str, Any]) -> Cell:
    """A number, or the range of the draws."""
    value, ends = row[field], ranged.get(field)
    if value is None or pd.isna(value):
        return None
    text = numerals.count_range(value, ends)
    return float(value) if text == numerals.count(value) else text


TELLERS = (Teller("roads", slow=True, tell=tell),)
