"""A coverage report as slides: the words, tables and maps of its pages, for the single HTML file and PowerPoint."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from geodata.comparing import headline_rows, records_of
from geodata.deck import Chart, Deck, MapPicture, Slide, SlideKind, Table
from geodata.finding_maps import change_map, layer_map
from geodata.finding_rebuild import CHECK, WORDS, Imprint, command_of, facts_of
from geodata.finding_tables import (
    MOST_UNSERVED,
    every_sheet,
    first_unserved,
    shown_unserved,
)
from geodata.finding_words import parameters, summary_of, title_of, unknowns
from geodata.findings import Findings, LayerFound
from geodata.picturing import class_note
from geodata.sheets import Column, Sheet, Value, said
from geodata.slide_sources import sources_shortened
from geodata.wording import COUNTED_NAMES, layer_name, standard_name, without_heading
from layers import Lang, Text

MOST_ROWS: Final = 8
"""So many rows of figures stand on a slide; the next ones follow on the next."""
MOST_LONG_ROWS: Final = 5
"""So many rows of sentences."""
MOST_SENTENCES: Final = 5
MOST_BARS: Final = 12
_LONG: Final = frozenset({"ledger", "unknowns"})
_BESIDE_MAP: Final = frozenset({"standard", "counts", "covered_share", "straight_line_share"})
"""Columns of the results that a narrow table has room for."""
_AFTER_MAPS: Final = frozenset({"unserved", "scenario", "scenario_streets"})
_PART: Final = Text("{title}（{n}/{of}）", "{title} ({n}/{of})")
_MORE: Final = Text("另有 {n} 处：工作簿列出每个图层至多 {most} 处，全部见 GeoPackage。", "… and {n} more: up to {most} of a layer in the workbook, all of them in the GeoPackage.")
_RESULTS: Final = "results"
_UNTITLED: Final = Text("", "")
"""A table that fills its slide is called what the slide is."""


def report_deck(found: Findings, imprint: Imprint) -> Deck:
    """Return a report as a deck; every cell is read as on its pages, nothing is worked out."""
    sheets = {sheet.key: sheet for sheet in every_sheet(found)}
    slides = [_cover(found), *_sentences(found, "summary", Text("摘要", "Summary"), summary_of(found)), *_chart(found)]
    slides += _tables(found, [parameters(found), *(sheet for key, sheet in sheets.items() if key not in _AFTER_MAPS)])
    for one in found.layers:
        slides += [_layer(found, one, sheets[_RESULTS]), *_unserved(found, one, sheets.get("unserved"))]
    slides += _scenario(found, sheets)
    slides += _tables(found, [unknowns(found)])
    slides += _sentences(found, "rebuild", Text("怎样重新生成", "How to rebuild it"), [*WORDS, *(Text(line, line) for line in (command_of(found.asked, imprint.lang), CHECK))])
    slides += _tables(found, list(facts_of(imprint)))
    note = class_note(found.district, found.district.sites[found.district.sites["layer"].isin(found.asked.question.layers)])
    whole = tuple(replace(slide, class_note=note, sources=tuple(found.answer.sources)) for slide in slides)
    told = tuple(replace(slide, demonstration=found.demonstration) for slide in sources_shortened(whole, note))  # its slides of sources too
    return Deck(title_of(found), found.district.name, imprint.made_at, found.district.stamp, imprint.approval, imprint.grade, told)


def _slide(found: Findings, name: str, kind: SlideKind, title: Text, *, sentences: Sequence[Text] = (), picture: MapPicture | None = None, table: Table | None = None,
           chart: Chart | None = None) -> Slide:
    return Slide(name, kind, title, demonstration=found.demonstration, sentences=tuple(sentences), map=picture, table=table, chart=chart)


def _cover(found: Findings) -> Slide:
    """Return the first slide: what the report is about, beside the district."""
    names = [layer_name(key) for key in found.asked.question.layers]
    about = Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
    outline = MapPicture(found.district.sites.iloc[:0], (), (), None, found.district.is_sketch)
    return _slide(found, "cover", "title", title_of(found), sentences=[about], picture=outline)


def _sentences(found: Findings, name: str, title: Text, told: Sequence[Text]) -> Iterator[Slide]:
    """Yield slides of words, as many as they need."""
    parts = [told[start:start + MOST_SENTENCES] for start in range(0, len(told), MOST_SENTENCES)]
    for place, part in enumerate(parts, start=1):
        yield _slide(found, f"{name}-{place}", "text", _numbered(title, place, len(parts)), sentences=part)


def _tables(found: Findings, sheets: Sequence[Sheet]) -> Iterator[Slide]:
    """Yield the slides of tables, as many as their rows need."""
    for sheet in sheets:
        most = MOST_LONG_ROWS if sheet.key in _LONG else MOST_ROWS
        parts = [sheet.rows[start:start + most] for start in range(0, len(sheet.rows), most)]
        for place, rows in enumerate(parts, start=1):
            title = _numbered(sheet.title, place, len(parts))
            yield _slide(found, f"{sheet.key}-{place}", "table", title, sentences=[sheet.note] if sheet.note and place == 1 else [], table=table_of(replace(sheet, title=_UNTITLED, rows=rows)))


def _numbered(title: Text, place: int, parts: int) -> Text:
    return title if parts == 1 else _PART.format(title=title, n=place, of=parts)


def table_of(sheet: Sheet) -> Table:
    """Return a sheet as a slide's table: each cell as it is read on paper, a range after its figure."""
    shown = [place for place, column in enumerate(sheet.columns) if column.on != "files"]
    columns = [sheet.columns[place] for place in shown]
    rows = tuple(tuple(_read(row[place], sheet.columns[place]) for place in shown) for row in sheet.rows)
    return Table(sheet.title, tuple(column.name for column in columns), rows, tuple(column.kind != "text" for column in columns), (0,) * len(columns))


def _read(value: Value, column: Column) -> Text:
    def told(lang: Lang) -> str:
        figure, below = said(value, column.kind, lang)
        return figure if not below else f"{figure} · {below}" if column.kind == "text" else f"{figure} ({below})"

    return Text(told("zh"), told("en"))


def _layer(found: Findings, one: LayerFound, results: Sheet) -> Slide:
    """Return the slide of one layer: its sentences, its map, its rows."""
    told = [without_heading(text) if found.demonstration else text for row, text in zip(found.answer.rows["layer"], found.answer.sentences, strict=False) if row == one.layer.key]
    mine = replace(results, title=one.layer.name, rows=tuple(row for row in results.rows if row[0] == one.layer.key),
                   columns=tuple(column if column.key in _BESIDE_MAP else replace(column, on="files") for column in results.columns))
    return _slide(found, f"layer-{one.layer.key}", "map", one.layer.name, sentences=told, picture=layer_map(found, one), table=table_of(mine))


def _unserved(found: Findings, one: LayerFound, unserved: Sheet | None) -> Iterator[Slide]:
    """Yield the slide of a layer's first places beyond its standard, where it leaves any."""
    if unserved is None or not len(every := shown_unserved(found, one.layer.key)):
        return
    first = first_unserved(found, unserved, one.layer.key, MOST_ROWS)
    told = [_MORE.format(n=f"{len(every) - len(first.rows):,}", most=MOST_UNSERVED)] if len(every) > len(first.rows) else []
    title = Text("{layer}：{title}", "{layer}: {title}").format(layer=one.layer.name, title=first.title)
    yield _slide(found, f"unserved-{one.layer.key}", "table", title, sentences=told, table=table_of(replace(first, title=_UNTITLED)))


def _chart(found: Findings) -> Iterator[Slide]:
    """Yield the covered shares side by side, along the streets and straight, where there are such."""
    rows = [row for row in records_of(found.answer.rows) if row["covered_share"] is not None and (row["sites_counted"] or row["range"])]
    parts = [rows[start:start + MOST_BARS] for start in range(0, len(rows), MOST_BARS)]
    for place, part in enumerate(parts, start=1):
        title = _numbered(Text("一眼看结果", "At a glance"), place, len(parts))
        names = tuple(Text("{layer} · {held} · {counted}", "{layer} · {held} · {counted}").format(layer=layer_name(row["layer"]), held=standard_name(row), counted=COUNTED_NAMES[row["counted"]])
                      for row in part)
        series = ((Text("沿街覆盖率", "Share along the streets"), tuple(row["covered_share"] for row in part)), (Text("直线覆盖率", "Straight-line share"), tuple(row["straight_line_share"] for row in part)))
        note = [Text("抽样的数为中位数，区间见各表。", "Figures of draws are medians; their ranges stand in the tables.")] if any(row["range"] for row in part) else []
        yield _slide(found, f"glance-{place}", "chart", title, sentences=note, chart=Chart(title, "bar", names, series, Text("覆盖率", "share covered"), percent=True))


def _scenario(found: Findings, sheets: dict[str, Sheet]) -> Iterator[Slide]:
    """Yield what the scenario changes, and the map of every layer it helps or harms."""
    if found.comparison is None:
        return
    told = [without_heading(text) if found.demonstration else text for text in found.comparison.sentences]
    yield from _sentences(found, "scenario-said", Text("情景：前后对比", "Scenario: before and after"), told)
    yield from _tables(found, [sheets[key] for key in ("scenario", "scenario_streets") if key in sheets])
    rows = headline_rows(found.comparison.rows)
    for key in rows.loc[(rows["people_nearer"].astype(float) > 0) | (rows["longer_walks"].astype(float) > 0), "layer"]:
        picture = change_map(found, str(key))
        if picture is not None:
            yield _slide(found, f"change-{key}", "map", Text("{name}：变化", "{name}: the change").format(name=layer_name(str(key))),
                         sentences=[Text("每处需求点的步行变近或变远多少。", "By how much the walk of each demand point is shorter or longer.")], picture=picture)
