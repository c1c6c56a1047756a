"""The PowerPoint file: native, editable, whole whatever is written, laid out without overlaps, and the same each time."""

import io
import itertools
import re
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.util import Emu

from geodata.deck import Deck, LegendEntry, Slide
from geodata.documents._html_read import read_back, table_cells
from geodata.documents._pptx_pages import TALL, WIDE, Page, pages
from geodata.documents.html import DOCUMENT as HTML
from geodata.documents.pptx import DOCUMENT
from geodata.plate_ground import ground_legend
from layers import Lang, Text
from tests.documents import making

TOWN = making.town()
DECK = making.deck(TOWN)
BOTH = pytest.mark.parametrize("lang", ["zh", "en"])


def opened(deck: Deck, lang: Lang = "zh") -> Any:
    return Presentation(io.BytesIO(DOCUMENT.write(deck, TOWN, lang=lang)))


@pytest.fixture(scope="module")
def content() -> bytes:
    return DOCUMENT.write(DECK, TOWN, lang="zh")


def shapes(made: Any) -> list[Any]:
    return [shape for slide in made.slides for shape in slide.shapes]


def texts(made: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in shapes(made) if shape.has_text_frame)


def joined_tables(made: Any) -> dict[str, list[list[str]]]:
    """The tables by the title of their slide, the parts of a long one put together."""
    found: dict[str, list[list[str]]] = {}
    for slide in made.slides:
        for shape in slide.shapes:
            if shape.has_table:
                rows = [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
                held = found.setdefault(re.sub(r"（续）| \(continued\)", "", slide.shapes.title.text_frame.text), rows[:1])
                held += rows[1:]
    return found


# --- what is in it

@BOTH
def test_tables_are_those_of_the_deck_and_of_the_page(lang: Lang) -> None:
    made = joined_tables(opened(DECK, lang))
    slides, _, _ = read_back(HTML.write(DECK, TOWN, lang=lang).decode("utf-8"))
    place = 0 if lang == "zh" else 1
    for slide, read in zip(DECK.slides, slides, strict=True):
        if slide.table is not None:
            told = [[str(cell[place]) for cell in row] for row in table_cells(slide)]
            assert made[slide.title.say(lang)] == told == [[str(cell[place]) for cell in row] for row in read.tables[-1]]


def test_charts_are_native_and_their_numbers_numbers(content: bytes) -> None:
    made = Presentation(io.BytesIO(content))
    charts = [shape.chart for shape in shapes(made) if shape.has_chart]
    assert len(charts) == 3
    for chart in charts:
        assert [series.name for series in chart.plots[0].series] == ["承诺", "已落位"]
        assert [list(series.values) for series in chart.plots[0].series] == [[48.0, 6.0, 10.0, 3.5], [2.0, None, -1.0, 0.0]]
        sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        assert [[cell.value for cell in row] for row in sheet.iter_rows()][:3] == [[None, "承诺", "已落位"], ["类 0", 48, 2], ["类 1", 6, None]]


def test_maps_are_crisp_and_told_in_words(content: bytes) -> None:
    found = [shape for shape in shapes(Presentation(io.BytesIO(content))) if shape.shape_type == 13]
    assert len(found) == 2
    for picture in found:
        assert picture.image.size[0] / Emu(picture.width).inches > 200
        told = picture._element.xpath(".//p:cNvPr")[0].get("descr")
        assert "图上" in told or "全有" in told
        assert "1:" in told


def test_everything_that_is_seen_has_words_or_an_alternative(content: bytes) -> None:
    for shape in shapes(Presentation(io.BytesIO(content))):
        held = shape._element.xpath(".//p:cNvPr")[0]
        assert (shape.has_text_frame and shape.text_frame.text) or "descr" in held.attrib, shape.name


def test_legend_stands_beside_the_map_with_its_counts(content: bytes) -> None:
    made = Presentation(io.BytesIO(content))
    group = next(shape for shape in made.slides[[slide.shapes.title.text_frame.text for slide in made.slides].index("图上")].shapes if shape.shape_type == 6)
    words = [shape.text_frame.text for shape in group.shapes if shape.has_text_frame and len(shape.text_frame.text) > 1]
    assert DECK.slides[4].map is not None
    told = [entry.name.zh + ("" if entry.count is None else f"  {entry.count}") for entry in (*DECK.slides[4].map.legend, *ground_legend(TOWN))]
    assert words == told


def test_notes_sources_and_the_word_demonstration_are_there(content: bytes) -> None:
    made = Presentation(io.BytesIO(content))
    assert made.slides[0].notes_slide.notes_text_frame.text == "开场\n\n先说总数", "line by line"
    for slide in made.slides:
        told = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        source = next(s for s in DECK.slides if slide.shapes.title.text_frame.text.removesuffix("（续）") == s.title.zh)
        assert ("演示" in told.split("\n")) == source.demonstration
        assert all(text.zh in told for text in source.sources)
        assert source.class_note is None or source.class_note.zh in told


@BOTH
def test_fonts_are_named_with_a_fall_back(lang: Lang) -> None:
    with zipfile.ZipFile(io.BytesIO(DOCUMENT.write(making.deck(TOWN, DECK.slides[0]), TOWN, lang=lang))) as held:
        theme = held.read("ppt/theme/theme1.xml").decode("utf-8")
        named = re.findall(r'<a:(latin|ea) typeface="Microsoft YaHei" panose="020B0503020204020204" pitchFamily="34" charset="-122"/>', theme)
        assert named == ["latin", "ea"] * 2, "a machine without the font is told what to take in its place"
        assert theme.count('<a:font script="Hans" typeface="Noto Sans CJK SC"/>') == 2
        assert "Calibri" not in theme
        assert "docProps/thumbnail.jpeg" not in held.namelist()


# --- the same each time, and whole

def test_same_deck_gives_the_same_bytes(content: bytes) -> None:
    assert content == DOCUMENT.write(making.deck(making.town()), making.town(), lang="zh")
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        assert {entry.date_time for entry in held.infolist()} == {making.utc(making.MADE).timetuple()[:6]}
    assert Presentation(io.BytesIO(content)).core_properties.created == making.utc(making.MADE).replace(tzinfo=None)


def test_whatever_is_written_stays_text_and_the_file_whole() -> None:
    told = making.deck(TOWN, *(making.nasty(slide) for slide in DECK.slides), title=making.BAD)
    for lang in ("zh", "en"):
        content = DOCUMENT.write(told, TOWN, lang=lang)
        made = Presentation(io.BytesIO(content))
        assert "onerror='alert(1)'>" in texts(made)
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            for name in held.namelist():
                if name.endswith(".xml"):
                    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", held.read(name)), name
        for chart in (shape.chart for shape in shapes(made) if shape.has_chart):
            sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
            assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in made.slides if slide.has_notes_slide)
    assert "W" * 300 in notes


# --- how it is laid out

def boxes(page: Page) -> list[tuple[str, float, float, float, float]]:
    return [(box.kind, box.left, box.top, box.left + box.width, box.bottom) for box in page.boxes]


def assert_laid_out(every: list[Page]) -> None:
    for page in every:
        for kind, left, top, right, bottom in boxes(page):
            assert 0 <= left < right <= WIDE + 1e-6, (kind, left, right)
            assert 0 <= top < bottom <= TALL + 1e-6, (kind, top, bottom)
        for one, other in itertools.combinations(boxes(page), 2):
            apart = one[3] <= other[1] + 1e-6 or other[3] <= one[1] + 1e-6 or one[4] <= other[2] + 1e-6 or other[4] <= one[2] + 1e-6
            assert apart, (one, other)
        for box in page.boxes:
            assert all(box.left - 1e-6 <= key.left and key.left + key.width <= box.left + box.width + 1e-6 and key.top + key.height <= box.bottom + 1e-6 for key in box.keys)


@BOTH
def test_nothing_overlaps_or_leaves_the_page(lang: Lang) -> None:
    ground = ground_legend(TOWN)
    assert_laid_out(pages(DECK, ground, lang))
    assert_laid_out(pages(making.deck(TOWN, *(making.nasty(slide) for slide in DECK.slides)), ground, lang))


@settings(max_examples=12)
@given(st.integers(0, 40), st.integers(0, 30), st.integers(1, 9), st.booleans(), making.texts)
def test_any_amount_finds_its_pages(entries: int, rows: int, sentences: int, charted: bool, text: Text) -> None:
    shown = making.picture(TOWN)
    legend = tuple(LegendEntry(Text(f"{n} {text.zh}", f"{n} {text.en}"), "point", "#1d5c87", count=n) for n in range(entries))
    said = tuple(Text(f"{n}。{text.zh}", f"{n}. {text.en}") for n in range(sentences))
    slide = Slide("x", "map", text, demonstration=charted, sentences=said, map=replace(shown, legend=legend), table=making.table(rows), chart=making.chart() if charted else None,
                  class_note=text, sources=(text,) * 3)
    every = pages(making.deck(TOWN, slide), ground_legend(TOWN), "en")
    assert_laid_out(every)
    placed = [key.entry for page in every for box in page.boxes for key in box.keys]
    assert placed == [*legend, *ground_legend(TOWN)]
    held = [box.held for page in every for box in page.boxes if box.kind == "table"]
    assert sum(len(part.rows) for part in held) == rows  # type: ignore[union-attr]  # a table holds rows
    words = "".join(line for page in every for box in page.boxes if box.kind == "text" for line in box.lines)
    assert all(f"{n}." in words for n in range(sentences))


def test_shapes_of_the_file_stand_where_they_were_laid(content: bytes) -> None:
    made = Presentation(io.BytesIO(content))
    for shape in shapes(made):
        assert shape.left >= 0
        assert shape.top >= 0
        assert shape.left + shape.width <= made.slide_width + 10
        assert shape.top + shape.height <= made.slide_height + 10


def test_progress_rises_to_the_end() -> None:
    told: list[float] = []
    DOCUMENT.write(DECK, TOWN, lang="zh", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
