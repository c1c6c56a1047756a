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
from geodata.changed_sites import sites_left, sites_placed
from geodata.changes import Change, CloseGate, CloseStreet, OpenGate, OpenRoad
from geodata.comparing import Comparison, compare, records_of
from geodata.deck import Cell, LegendEntry, MapPicture, Shapes, Slide, Table
from geodata.district import District
from geodata.errors import Misasked
from geodata.link_words import link_range
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
    difference_legend,
    drawn,
    joined,
    part_of,
    readable,
    sources_of,
    together,
    walk_legend,
    which_draw,
)
from geodata.wording import MINUTES, layer_name, standard_name, without_heading
from layers import Text

OPENED: Final = "#b3127a"
"""Of a road that is opened; no class of the map has it."""
CLOSED: Final = "#1d252c"
GATE_OPEN: Final = "#1c6b3c"
_WIDTH_PT: Final = 2.6
_GATE_M: Final = 22.0
_EVERY: Final = Text("全部打通", "All together")
_SAVED: Final = Text("少走（{minutes}）", "Saved ({minutes})")
_NEARER: Final = Text("步行变近", "Shorter walks")
_ALONE: Final = Text("单独打通少走（{minutes}）", "Alone ({minutes})")
_LAST: Final = Text("最后打通少走", "Last added")
_SIDES: Final = {
    "before": (Text("图上为改动之前的步行距离。", "The map shows the walks before the change."), Text("图上为另一方案的步行距离。", "The map shows the walks of the other plan.")),
    "after": (Text("图上为改动之后的步行距离。", "The map shows the walks after the change."), Text("图上为本方案的步行距离。", "The map shows the walks of this plan.")),
}
"""What a map of one side says of itself: of one plan, and of two."""
_OTHERS: Final = Text("其他可打通的路", "other roads that may be opened")
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

    def slide(self, title: Text, sentences: Sequence[Text], picture: MapPicture, table: Table, *, row: Mapping[str, Any]) -> Slide:
        """Return a slide with its map, which speaks of the layer of `row`."""
        shown = {"twin": "after"}.get(view := asking.view_of(self.asked), view)  # one slide has room for one of two maps
        two = asking.part_of(self.asked) == "try" and bool(self.asked.get("b"))
        said = (*map(without_heading, sentences), *which_draw(row["draws"] if row["demo_sites"] else None), *([_SIDES[shown][two]] if shown in _SIDES else []))
        return Slide("", "map", title, demonstration=bool(row["demonstration"]), sentences=said, map=picture, table=readable(table, most=MOST_BESIDE),
                     class_note=class_note(self.district, picture.sites), sources=self.sources)

    @property
    def sources(self) -> tuple[Text, ...]:
        """What the figures rest on."""
        return sources_of(self.district, "streets", "people", "sites")


def tell(district: District, asked: Mapping[str, str], work: Work) -> Slide:
    """Answer the part of the page that is asked."""
    question = asking.question_of(asked)
    case = _Case(district, asked, question, asking.shown_layer(asked, question), work)
    wrong = asking.refused_of(asked)
    if wrong:
        raise Misasked(joined(wrong.values()))
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
    others = [opening.road.name for opening in found.openings if chosen not in {opening.id, TOGETHER}]
    picture = _picture(case, mine[mine["opening"] == chosen], lines, rows[0], others=others)
    firm = stability_sentence(found.stability, {opening.id: opening.road.name for opening in found.openings}, demonstration=found.demonstration)
    return case.slide(title, [*found.sentences[:1], *firm], picture, _ranked(rows), row=rows[0])


def _ranked(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Openings by rank for one layer, all together at the end."""
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        every, ranged = row["opening"] == TOGETHER, row["range"] or {}
        name = _EVERY if every else Text(str(row["name_zh"] or row["opening"]), str(row["name_en"] or row["name_zh"] or row["opening"]))
        cells.append((name, _figure(row, "person_minutes_saved", ranged), _figure(row, "last_added_person_minutes", ranged),
                      _figure(row, "people_newly_covered", ranged) if row["metres"] is not None else None, _figure(row, "people_nearer", ranged)))
    heads = (Text("打通", "Opening"), _ALONE.format(minutes=_short(MINUTES[rows[0]["demand_unit"]])), _LAST, Text("新进入标准", "Newly within"), _NEARER)
    return Table(Text("按单独打通的作用排序", "Ranked by what each saves alone"), heads, tuple(cells), (False, True, True, True, True), (0,) * 5)


def _scenario(case: _Case) -> Slide:
    """What the drawn changes do to the district as it is, or beside another plan."""
    held, against = (drawn_changes(case.asked.get(name, ""), case.district) for name in ("s", "b"))
    beside = bool(case.asked.get("b"))
    name = asking.name_of(case.asked)
    title = Text("两个方案相比", "Two plans side by side") if beside else Text("这个方案改变了什么", "What this plan changes")
    title = Text(f"{title.zh}：{name.zh}", f"{title.en}: {name.en}") if name.zh else title
    if held.refused or against.refused or not (held.changes or against.changes):
        why = [problem.message for problem in (*held.problems, *against.problems)] or [Text("方案里没有改动。", "The plan holds no change.")]
        return case.words(title, why, demonstration=case.district.is_sketch)
    found = compare(apply(case.district, against.changes), apply(case.district, held.changes), case.question, progress=case.work.share)
    rows = [row for row in records_of(found.rows) if row["layer"] == case.layer]
    if not rows:
        return case.words(title, [_NO_DATA], demonstration=found.demonstration)
    lines = [(change.line, change.name) for change in held.changes if isinstance(change, OpenRoad)]
    picture = _picture(case, case.mine(found.gains), lines, rows[0], changes=held.changes, against=against.changes if beside else None)
    return case.slide(title, found.sentences[:2], picture, _compared(found, two=beside), row=rows[0])


def _compared(found: Comparison, *, two: bool) -> Table:
    """A row for every layer and standard, before and after, or one scenario and the other."""
    cells: list[tuple[Cell, ...]] = []
    for row in records_of(found.rows)[:MOST_ROWS]:
        ranged, held = row["range"] or {}, row["covered_share_before"] is not None or row["covered_share_after"] is not None
        share = f"{numerals.share_range(row, 'covered_share_before')} → {numerals.share_range(row, 'covered_share_after')}" if held else None
        cells.append((layer_name(row["layer"]), standard_name(row), _figure(row, "person_minutes_saved", ranged), share, _figure(row, "people_nearer", ranged)))
    way = Text("覆盖率 对照 → 本方案", "Covered, other → this") if two else Text("覆盖率 前 → 后", "Covered, before → after")
    title = Text("另一方案与本方案", "The other plan and this one") if two else Text("之前与之后", "Before and after")
    return Table(title, (Text("图层", "Layer"), Text("标准", "Standard"), _SAVED.format(minutes=MINUTES[found.rows["demand_unit"].iloc[0]]), way, _NEARER), tuple(cells), (False, False, True, True, True), (0,) * 5)


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
    return case.slide(title, found.sentences[:2], _picture(case, case.mine(change.gains), lines, rows[0]), _linked(found.links, case.district.demand_unit), row=rows[0])


def _short(minutes: Text) -> Text:
    """A unit as the head of a narrow column has it."""
    return Text(minutes.zh, minutes.en.replace("minutes", "min"))


def _linked(links: gpd.GeoDataFrame, unit: str) -> Table:
    """The best links."""
    cells: list[tuple[Cell, ...]] = [
        (str(row["rank"]), *(_figure(row, name, link_range(row)) for name in ("person_minutes_saved", "people_newly_covered")), float(row["length_m"]))
        for row in records_of(pd.DataFrame(links.drop(columns="geometry")).head(6))]
    heads = (Text("名次", "Rank"), _SAVED.format(minutes=MINUTES[unit]), Text("新进入标准", "Newly within"), Text("长度（m）", "Length (m)"))
    return Table(Text("最有用的短连接", "The most useful short links"), heads, tuple(cells), (True, True, True, True), (0,) * 4)


def _picture(case: _Case, points: gpd.GeoDataFrame, lines: Sequence[tuple[shapely.LineString, Text | None]], row: Mapping[str, Any], *,
             changes: Sequence[Change] = (), against: Sequence[Change] | None = None, others: Sequence[Text] = ()) -> MapPicture:
    """The map as the page shows it: the difference, or the walks before or after; of two maps beside each other the one after.

    `others` names the lines that it does not speak of, in their order.

    Where two plans are compared and the map shows the other one, it has that one's roads and sites.
    """
    every, view = list(case.district.demand["demand_id"]), asking.view_of(case.asked)
    if view == "diff":
        held, palette = classing.differences(points, every), [*classing.difference_palette(), None]
        legend = difference_legend(case.district, held)
    else:
        metres = None if row["metres"] is None else float(row["metres"])
        held, palette = classing.changed_walks(points, every, metres, "before" if view == "before" else "after"), classing.palette()
        legend = walk_legend(case.district, held, metres)
    state = changes if view != "before" else against or ()
    sites = _sites(case, state, demo=row["demo_sites"] > 0)
    roads, told = _road_shapes(case.district, lines, changes, against, others)
    gates, gates_told = _gate_shapes(case.district, changes)
    shapes = (cell_shapes(case.district, held, palette), *roads, *gates)
    bounds = bounds_of(case.asked, case.district)
    return MapPicture(sites, shapes, (*told, *gates_told, *site_legend(sites, bounds), *legend), bounds, case.district.is_sketch)


def _road_shapes(district: District, lines: Sequence[tuple[shapely.LineString, Text | None]], changes: Sequence[Change],
                 against: Sequence[Change] | None, others: Sequence[Text] = ()) -> tuple[list[Shapes], list[LegendEntry]]:
    """The roads that the map speaks of solid, the others and those of the other plan dashed, closed streets dark."""
    def closed_in(held: Sequence[Change]) -> list[shapely.Geometry]:
        return [change.shape for change in held if isinstance(change, CloseStreet) and "Line" in change.shape.geom_type]

    other = [change.line for change in against or () if isinstance(change, OpenRoad)]
    named = [name for _, name in lines if name is not None]
    held: list[tuple[list[shapely.Geometry], str, bool, Text]] = [
        ([line for line, name in lines if name is None], OPENED, True, _OTHERS),
        (other, OPENED, True, Text("另一方案打通的路", "opened in the other plan")),
        (closed_in(against or ()), CLOSED, True, Text("另一方案封闭的路", "closed in the other plan")),
        (closed_in(changes), CLOSED, False, Text("封闭的路", "closed")),
        ([line for line, name in lines if name is not None], OPENED, False, _opened(named)),
    ]
    shapes, legend = [], []
    for shown, colour, dashed, name in held:
        if shown:
            written = others if name is _OTHERS else [own if own.zh or own.en else None for own in named] if name is held[-1][3] else ()
            shapes.append(Shapes(_frame(district, shown), [colour] * len(shown), [1.0] * len(shown), filled=False, width_pt=_WIDTH_PT, dashed=dashed, names=written))
            legend.append(LegendEntry(name, "line", colour, dashed=dashed))
    return shapes, legend[::-1]


def _gate_shapes(district: District, changes: Sequence[Change]) -> tuple[list[Shapes], list[LegendEntry]]:
    """Gates opened and closed, and single streets closed at a point, as rings a little wider than a street."""
    kinds = ((OpenGate, GATE_OPEN, Text("打开的大门", "gate opened")), (CloseGate, CLOSED, Text("关闭的大门", "gate closed")),
             (CloseStreet, CLOSED, Text("封闭的街道（点处）", "street closed (at the point)")))
    shapes, legend = [], []
    for kind, colour, name in kinds:
        places = [change.shape if isinstance(change, CloseStreet) else change.place for change in changes if isinstance(change, kind)]
        places = [shapely.buffer(place, _GATE_M) for place in places if place.geom_type == "Point"]
        if places:
            shapes.append(Shapes(_frame(district, places), [colour] * len(places), [0.9] * len(places), width_pt=1.0))
            legend.append(LegendEntry(name, "area", colour, colour))
    return shapes, legend


def _frame(district: District, shapes: Sequence[shapely.Geometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(list(shapes), crs=district.metric_crs), crs=district.metric_crs)


def _opened(names: Sequence[Text]) -> Text:
    zh, en = "、".join(name.zh or name.en for name in names[:3]), ", ".join(name.en or name.zh for name in names[:3])
    return Text(f"打通：{zh}" if zh else "打通的路", f"opened: {en}" if en else "opened")


def _sites(case: _Case, changes: Sequence[Change], *, demo: bool) -> gpd.GeoDataFrame:
    """The sites of the layer as the page's map has them: those that stay, those the plan places, and demo sites where they are counted."""
    located, drawn_ones = sites_left(case.district, changes, case.layer, demo=demo, seed=case.question.seed)
    shown = together(drawn(located), drawn(sites_placed(apply(case.district, changes), case.layer)))
    return shown if drawn_ones is None else together(shown, drawn(drawn_ones))


def _figure(row: Mapping[str, Any], field: str, ranged: Mapping[str, Any]) -> Cell:
    """A number, or the range of the draws."""
    value, ends = row[field], ranged.get(field)
    if value is None or pd.isna(value):
        return None
    text = numerals.count_range(value, ends)
    return float(value) if text == numerals.count(value) else text


TELLERS = (Teller("roads", slow=True, tell=tell),)
