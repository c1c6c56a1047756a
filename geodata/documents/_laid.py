"""A deck as the templates take it: every text printable, every number as it is read, every map drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from geodata.deck import Chart, Deck, LegendEntry, Slide, Table
from geodata.district import District
from geodata.documents._cells import cell_text, said, value_text
from geodata.documents._charts import colour, ticks
from geodata.documents._form import Paper, Progress
from geodata.documents._marks import marks_lines
from geodata.documents._measure import words_of
from geodata.glyphs import LACKING_NOTE, glyphs, lacks, plain
from geodata.plate_furniture import BADGE
from geodata.plate_ground import datum_of, ground_legend
from geodata.plate_symbols import legend_mark
from geodata.plates import map_svg
from layers import Lang, Text

SLIDE_MM: Final = (338.667, 190.5)
"""A 16:9 slide as presentation programs make it."""
SHEET_MM: Final[Mapping[Paper, tuple[float, float]]] = {
    "slides": SLIDE_MM, "a4": (210.0, 297.0), "a4-landscape": (297.0, 210.0), "a3": (297.0, 420.0), "a3-landscape": (420.0, 297.0),
    "map": (200.0, 200.0),
}
"""Width and height of a page; a map alone is followed by its legend, so that its page is as high as that needs."""
MARGIN_MM: Final = 10.0
_TITLE_MM: Final = 13.0
_MAP_MARGIN_MM: Final = 4.0
_BAND_MM: Final[Mapping[Paper, float]] = {"a4": 54.0, "a4-landscape": 68.0, "a3": 72.0, "a3-landscape": 88.0}
"""Beside a map stands a band for its legend: below it on an upright page, to its right on a wide one."""
_SLIDE_MAP_MM: Final = (205.0, 137.0)
_BESIDE_MAP_MM: Final = (152.0, 137.0)
"""A slide's map with a table or a chart beside it."""
_COVER_MAP_MM: Final = (134.0, 156.0)
_ROW_MM: Final = 5.0
"""What a row of a table takes below the map of an upright sheet."""
_TABLE_WIDE_MM: Final = 50.0
"""What a table beside the map of a wide sheet takes more than its legend."""
_MOST_BESIDE: Final = 8
"""So many rows stand beside a map and can still be read; a longer table has a slide of its own."""
_GROW: Final[Mapping[Paper, float]] = {"slides": 1.3, "a4": 1.0, "a4-landscape": 1.0, "a3": 1.25, "a3-landscape": 1.25, "map": 1.0}
_LONGEST: Final = 400
"""A sentence or name longer than this many characters is cut: no page could show it."""
_TITLE_EMS: Final = 110.0
"""So much of a title fits its place at the smallest size."""
_HEADING_EMS: Final = 7.0
"""So wide a word of a heading makes a column of figures."""
_COLUMN_EMS: Final = (5.0, 40.0)
_DEMO: Final = Text("演示", "Demonstration")
_MORE: Final = "…"
_WORDS: Final[Mapping[str, Text]] = {
    "contents": Text("目录", "Contents"), "legend": Text("图例", "Legend"), "scale": Text("比例尺", "Scale"), "sources": Text("来源", "Sources"),
    "datum": Text("坐标系", "Datum"), "made": Text("制图日期", "Made on"), "data": Text("数据指纹", "Hash of the data"), "places": Text("位置", "Places"),
}
_ORIGINAL: Final = Text("1:{n:,}（{paper} 原大打印）", "1:{n:,} (printed at {paper} size)")
_AT_WIDTH: Final = Text("1:{n:,}（图宽 {wide:g} 毫米时）", "1:{n:,} (where the picture is {wide:g} mm wide)")


@dataclass(slots=True)
class Laid:
    """What a template is given.

    Attributes:
        data: plain values.
        files: pictures by name.
    """

    data: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)


def laid(deck: Deck, district: District, *, lang: Lang, paper: Paper, progress: Progress | None = None) -> Laid:
    """Return a deck as its template takes it.

    Args:
        deck: what is shown.
        district: the ground of its maps.
        lang: its language.
        paper: what it is laid out on.
        progress: is told how much is done, 0 to 1.
    """
    width, height = SHEET_MM[paper]
    out = Laid({})
    slides = []
    told = [part for slide in deck.slides for part in (_parted(slide) if paper == "slides" else (slide,))]
    for number, slide in enumerate(told):
        slides.append(_slide(slide, district, out, number=number, lang=lang, paper=paper))
        if progress:
            progress((number + 1) / (len(told) + 1))
    out.data |= {
        "lang": lang, "paper": paper, "width_mm": width, "height_mm": height, "margin_mm": _MAP_MARGIN_MM if paper == "map" else MARGIN_MM, "title_mm": _TITLE_MM,
        "band_mm": _BAND_MM.get(paper, 0.0), "title": title_of(deck.title, lang), "district": text_of(deck.district, lang),
        "date": f"{deck.made_at:%Y-%m-%d}", "hash": plain(deck.data_hash[:16]), "marks_lines": [text_of(line, lang) for line in marks_lines(deck)],
        "datum": text_of(datum_of(district), lang),
        "words": {key: text.say(lang) for key, text in _WORDS.items()}, "slides": slides,
        "lacking": LACKING_NOTE.say(lang) if lacks(_texts(deck, lang)) else "",
    }
    return out


def text_of(text: Text | None, lang: Lang) -> str:
    """Return a wording as it is printed; one too long for any page is cut."""
    told = said(text, lang)
    return plain(told if len(told) <= _LONGEST else told[:_LONGEST].rstrip() + _MORE)


def title_of(text: Text, lang: Lang) -> str:
    """Return a title as it is printed; one too wide for its place is cut."""
    told = text_of(text, lang)
    if glyphs().width(told) <= _TITLE_EMS:
        return told
    widths = np.cumsum([glyphs().width(character) for character in told])
    return told[:int(np.searchsorted(widths, _TITLE_EMS))].rstrip() + _MORE


def _parted(slide: Slide) -> tuple[Slide, ...]:
    """Return what stands beside a map and would be too much for one slide as a slide of its own."""
    if slide.map is None or slide.table is None or (slide.chart is None and len(slide.table.rows) <= _MOST_BESIDE):
        return (slide,)
    return replace(slide, table=None), replace(slide, kind="table", map=None, chart=None, sentences=())


def _slide_map_size(slide: Slide) -> tuple[float, float]:
    """Return width and height of the map on a slide, millimetres."""
    return _COVER_MAP_MM if slide.kind == "title" else _BESIDE_MAP_MM if slide.table or slide.chart else _SLIDE_MAP_MM


def table_band(slide: Slide, paper: Paper) -> float:
    """Return how much wider or higher the band beside a sheet's map is for a table that stands in it, millimetres; 0 where none does."""
    if paper not in _BAND_MM or slide.map is None or slide.table is None or slide.chart is not None or len(slide.table.rows) > _MOST_BESIDE:
        return 0.0
    return (_TABLE_WIDE_MM if "landscape" in paper else _ROW_MM * (len(slide.table.rows) + 3.5)) * _GROW[paper]


def map_size(paper: Paper, table_mm: float = 0.0) -> tuple[float, float]:
    """Return width and height of the map on a sheet, millimetres; `table_mm` as `table_band` tells."""
    width, height = SHEET_MM[paper]
    if paper == "map":
        return width - 2 * _MAP_MARGIN_MM, height - 2 * _MAP_MARGIN_MM
    inner = (width - 2 * MARGIN_MM, height - 2 * MARGIN_MM - _TITLE_MM)
    band = _BAND_MM[paper] + table_mm
    return (inner[0] - band, inner[1]) if "landscape" in paper else (inner[0], inner[1] - band)


def _slide(slide: Slide, district: District, out: Laid, *, number: int, lang: Lang, paper: Paper) -> dict[str, Any]:
    return {
        "kind": slide.kind, "title": title_of(slide.title, lang), "demo": _DEMO.say(lang) if slide.demonstration else "",
        "sentences": [text_of(sentence, lang) for sentence in slide.sentences],
        "map": _map(slide, district, out, number=number, lang=lang, paper=paper) if slide.map else None,
        "table": _table(slide.table, lang) if slide.table else None, "chart": _chart(slide.chart, lang) if slide.chart else None,
        "class_note": text_of(slide.class_note, lang), "sources": [text_of(source, lang) for source in slide.sources],
    }


def _map(slide: Slide, district: District, out: Laid, *, number: int, lang: Lang, paper: Paper) -> dict[str, Any]:
    assert slide.map is not None
    width, height = _slide_map_size(slide) if paper == "slides" else map_size(paper, table_band(slide, paper))
    name = f"map{number}"
    svg, scale = map_svg(slide.map, district, width_mm=width, height_mm=height, lang=lang, grow=_GROW[paper])
    out.files[name] = svg
    alt = "; ".join([text_of(slide.title, lang), *(_counted(entry, lang) for entry in slide.map.legend)])
    return {"file": name, "width_mm": width, "height_mm": height, "alt": alt, "legend": [_entry(entry, out, lang) for entry in slide.map.legend],
            "ground": [_entry(entry, out, lang) for entry in ground_legend(district)],
            "scale": text_of(_AT_WIDTH.format(n=scale, wide=SHEET_MM[paper][0]) if paper == "map" else _ORIGINAL.format(n=scale, paper=paper[:2].upper()), lang), "round": f"1:{scale:,}", "table_mm": table_band(slide, paper),
            "sketch": text_of(BADGE, lang) if slide.map.sketch else ""}


def _counted(entry: LegendEntry, lang: Lang) -> str:
    return text_of(entry.name, lang) + (f" {entry.count:,}" if entry.count is not None else "")


def _entry(entry: LegendEntry, out: Laid, lang: Lang) -> dict[str, str]:
    """Return one line of a legend; equal marks share one picture."""
    svg = legend_mark(entry)
    known = next((name for name, content in out.files.items() if content == svg), f"mark{len(out.files)}")
    out.files[known] = svg
    return {"mark": known, "name": text_of(entry.name, lang), "count": "" if entry.count is None else f"{entry.count:,}"}


def _table(table: Table, lang: Lang) -> dict[str, Any]:
    headings = [text_of(heading, lang) for heading in table.headings]
    rows = [[plain(cell_text(cell, digits, lang))[:_LONGEST] for cell, digits in zip(row, table.digits, strict=True)] for row in table.rows]
    columns = [_column(headings[place], [row[place] for row in rows], numeric) for place, numeric in enumerate(table.numeric)]
    return {"title": text_of(table.title, lang), "headings": headings, "rows": rows, "numeric": list(table.numeric), "columns": columns}


def _column(heading: str, cells: Sequence[str], numeric: bool) -> float:
    """Return how wide a column is beside the others: figures never break, headings and names may between words."""
    word = max((glyphs().width(part) for part in words_of(heading)), default=0.0)
    held = [min(word, _HEADING_EMS) if numeric else glyphs().width(heading), *(glyphs().width(cell) for cell in cells)]
    return float(np.clip(max(held), *_COLUMN_EMS))


def _chart(chart: Chart, lang: Lang) -> dict[str, Any]:
    """Return a chart with every value as its part of the axis, so that the template only draws."""
    marks = ticks(chart)
    low, high = marks[0], marks[-1]

    def along(value: float | None) -> float | None:
        return None if value is None or value != value else (value - low) / (high - low)  # noqa: PLR0124  NaN is the value that differs from itself

    return {
        "title": text_of(chart.title, lang), "kind": chart.kind, "unit": text_of(chart.unit, lang),
        "categories": [text_of(category, lang) for category in chart.categories], "zero": along(0.0),
        "ticks": [{"at": along(mark), "label": value_text(mark, percent=chart.percent)} for mark in marks],
        "series": [{"name": text_of(name, lang), "colour": colour(place), "at": [along(value) for value in values],
                    "labels": [value_text(value, percent=chart.percent) for value in values]} for place, (name, values) in enumerate(chart.series)],
    }


def _texts(deck: Deck, lang: Lang) -> Iterator[str]:
    """Yield every text a user may have written or a file may have brought."""
    yield from (deck.title.say(lang), deck.district.say(lang), deck.approval.say(lang), deck.grade.say(lang))
    for slide in deck.slides:
        parts: Sequence[Text | None] = (slide.title, *slide.sentences, slide.class_note, *slide.sources)
        yield from (part.say(lang) for part in parts if part)
        if slide.table:
            yield from (cell.say(lang) if isinstance(cell, Text) else cell for row in slide.table.rows for cell in row if isinstance(cell, str | Text))
        if slide.chart:
            yield from (name.say(lang) for name in (*slide.chart.categories, *(name for name, _ in slide.chart.series)))
