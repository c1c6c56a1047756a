"""A coverage answer as a slide: the map, the sentence, and every reading of the standard beside each other."""

from collections.abc import Mapping
from typing import Any, Final

from geodata import classing, numerals
from geodata.asking import coverage as asking
from geodata.comparing import records_of
from geodata.deck import Cell, LegendEntry, MapPicture, Shapes, Slide, Table
from geodata.district import District
from geodata.errors import Misasked
from geodata.picturing import class_note, legend_note, site_legend
from geodata.question import Question
from geodata.reached import Reach, bands_shown, classes_shown, has_figure, reach_of, row_shown
from geodata.report import Coverage, coverage
from geodata.telling._form import Teller, Work
from geodata.telling._parts import (
    MOST_BESIDE,
    bounds_of,
    cell_shapes,
    demo_sites,
    drawn,
    joined,
    readable,
    sources_of,
    together,
    walk_legend,
    which_draw,
)
from geodata.wording import COUNTED_NAMES, MODE_NAMES, layer_name, without_heading
from layers import Text, every_layer

_BAND: Final = "#1d252c"
"""Of the outline of a service area, as on the page."""


def tell(district: District, asked: Mapping[str, str], work: Work) -> Slide:
    """Answer the page's question."""
    question = asking.question_of(asked, district)
    wrong = asking.refused(asked, question)
    if wrong:
        raise Misasked(joined(wrong.values()))
    answer = coverage(district, question, progress=work.share)
    heading = asking.aloud(question)
    title = Text(f"{heading.zh}？", f"{heading.en[:1].upper()}{heading.en[1:]}")
    sources = (*_standards(question), *sources_of(district, "sites", "streets", "people"))
    if not len(answer.rows):
        return Slide("", "text", title, demonstration=answer.demonstration, sentences=tuple(map(without_heading, answer.sentences)), sources=sources)
    reach = reach_of(district, question, asking.shown_of(asked, question))
    held = classes_shown(district, answer, reach)
    classes = walk_legend(district, held, reach.metres, mixed=reach.mixed) if has_figure(row_shown(answer, reach)) else ()
    located = drawn(answer.sites[answer.sites["layer"].isin(reach.standards)])
    sites = together(located, drawn(demo_sites(district, list(reach.standards), seed=question.seed, status=question.status))) if reach.drawn else located
    areas, told = _bands(district, question, reach) if asked.get("bands") == "1" else ((), ())
    bounds = bounds_of(asked, district)
    legend = (*site_legend(sites, bounds), *classes, *told, *_shown(answer, reach))
    picture = MapPicture(sites, (cell_shapes(district, held, classing.palette()), *areas), legend, bounds, district.is_sketch)
    return Slide("", "map", title, demonstration=answer.demonstration, sentences=_said(answer, reach), map=picture, table=readable(readings(answer), most=MOST_BESIDE, last=_together(answer)), class_note=class_note(district, sites), sources=sources)


def _bands(district: District, question: Question, reach: Reach) -> tuple[tuple[Shapes, ...], tuple[LegendEntry, ...]]:
    """Return the service areas as outlines, as the page draws them, and their line of the legend."""
    found = bands_shown(district, question, reach)
    frame = found[~found.geometry.is_empty].reset_index(drop=True)
    within = Text("各自标准", "each one's standard") if reach.mixed else Text(*(numerals.metres(reach.metres or classing.DEFAULT_M),) * 2)
    name = Text("沿街 {m} 以内的服务范围", "service area within {m} along the streets").format(m=within)
    shapes = Shapes(frame, [_BAND] * len(frame), [0.8] * len(frame), filled=False, width_pt=1.2)
    return (shapes,), (LegendEntry(name, "line", _BAND),)


def _together(answer: Coverage) -> int:
    """Return how many rows at the end speak of all layers together."""
    return int(answer.rows["layer"].isin(["any", "all"]).sum())


def readings(answer: Coverage) -> Table:
    """Return the share of every row, along the streets and in a straight line, as ranges where sites are drawn."""
    rows = records_of(answer.rows)
    several = len({row["layer"] for row in rows}) > 1
    ways = len({row["counted"] for row in rows}) > 1
    cells: list[tuple[Cell, ...]] = [
        (_name(row, several=several, ways=ways), None if row["metres"] is None else float(row["metres"]), numerals.share_range(row),
         numerals.share_range(row, "straight_line_share"), _counted(row)) for row in rows]
    heads = (Text("口径", "Reading"), Text("距离（m）", "Distance (m)"), Text("沿街覆盖", "Along the streets"), Text("直线（对照）", "Straight line"), Text("已落位/承诺", "Located / promised"))
    return Table(Text("各种口径", "Every reading"), heads, tuple(cells), (False, True, True, True, True), (0, 0, 0, 0, 0))


def _name(row: Mapping[str, Any], *, several: bool, ways: bool) -> Text:
    name = layer_name(row["layer"]) if several else MODE_NAMES[row["mode"] or "distance"]
    if several and row["mode"] in {"walk", "run", "e-bike"}:
        name = Text("{name} {how}", "{name}, {how}").format(name=name, how=MODE_NAMES[row["mode"]])
    if ways:
        name = Text("{name}（{counted}）", "{name} ({counted})").format(name=name, counted=COUNTED_NAMES[row["counted"]])
    return Text(name.zh, name.en[:1].upper() + name.en[1:])


def _counted(row: Mapping[str, Any]) -> str:
    return f"{numerals.count(row['sites_counted'])} / {numerals.count(row['sites_promised'])}"


def _said(answer: Coverage, reach: Reach) -> tuple[Text, ...]:
    """The sentence of all layers together where there are several, that of what the map shows, and which draw it shows."""
    rows = records_of(answer.rows)
    mine = [place for place, row in enumerate(rows) if row["layer"] == reach.key][:1] or [0]
    every = [place for place, row in enumerate(rows) if row["layer"] == "all"]
    said = [without_heading(answer.sentences[place]) for place in dict.fromkeys([*every, *mine])]
    draws = [int(row["draws"]) for row in rows if row["draws"] is not None]
    return (*said, *which_draw(draws[0] if reach.drawn and draws else None))


def _shown(answer: Coverage, reach: Reach) -> tuple[LegendEntry, ...]:
    """Return the line of the legend that says which of several layers the map shows."""
    if answer.rows["layer"].nunique() < 2:
        return ()
    name = layer_name(reach.key)
    return (legend_note(Text(f"图上为{name.zh}，其余见表", f"on the map: {name.en}; the others are in the table")),)


def _standards(question: Question) -> tuple[Text, ...]:
    """Where the standards come from, and how sure they are."""
    used = asking.in_use(question)
    if used is not None:
        return (Text("标准：{all}", "Standard: {all}").format(all=joined([text for text in used if text.zh], zh="；", en="; ")),)
    held = [(layer, layer.standard) for layer in (every_layer()[key] for key in question.layers) if layer.standard is not None]
    said = [Text("{name} {source} {sure}", "{name}: {source} {sure}").format(name=layer.name, source=standard.source, sure=standard.certainty) for layer, standard in held]
    return (Text("标准：{all}", "Standard: {all}").format(all=joined(said, zh="；", en="; ")),) if said else ()


TELLERS = (Teller("coverage", slow=True, tell=tell),)
