"""An Excel workbook: the rows, demo sites on a sheet of their own, and a sheet that says what the file is about."""

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as Square
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from geodata.exports._cells import Cell, is_formula, plain
from geodata.exports._form import DEMO_WORD, Format, Meta, Table
from geodata.exports._meta import fact_rows
from geodata.exports._places import with_coordinates
from geodata.zipped import steady
from layers import Lang, Text

_CELL_LIMIT: Final = 32_767  # characters Excel holds in one cell
_TOO_LONG: Final = Text("（过长，见 GeoJSON 或 GeoPackage）", "(too long; see GeoJSON or GeoPackage)")
_BROADEST: Final = 48
_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not allowed in XML 1.0
_ABOUT: Final = Text("说明", "About")


def render(tables: Sequence[Table], meta: Meta, lang: Lang, crs: int | None) -> bytes:
    """Return a workbook: the first sheet the rows, then demo sites, last a sheet about the file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        frame = with_coordinates(table.frame, crs)
        rows = ([plain(value) for value in row] for row in frame.astype(object).itertuples(index=False, name=None))
        sheet = book.create_sheet(_sheet_name(table, lang))
        _fill(sheet, [str(name) for name in frame.columns], rows, lang)
        sheet.auto_filter.ref = sheet.dimensions
        _dress(sheet, [table.forms.get(str(name), "") for name in frame.columns], wrap=table.wrap)
        if any(table.demo for table in tables):
            sheet.sheet_properties.tabColor = "999999" if table.demo else None
    about = book.create_sheet(_ABOUT.say(lang))
    _fill(about, [Text("字段", "Field").say(lang), Text("名称", "Name").say(lang), Text("内容", "Content").say(lang)],
          fact_rows(tables, meta, lang, crs), lang)
    for row in about.iter_rows(min_col=3, max_col=3):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
    about.column_dimensions["C"].width = 100
    return _same_bytes(book, meta.made_at)


def _fill(sheet: Worksheet, heading: Sequence[str], rows: Iterable[Sequence[Cell]], lang: Lang) -> None:
    """Write a heading and rows; text stays text whatever it begins with."""
    widths = [_width(name) for name in heading]
    for number, row in enumerate([heading, *rows], start=1):
        for place, value in enumerate(row, start=1):
            if value is None or value == "":
                continue
            square = sheet.cell(number, place)
            assert isinstance(square, Square)
            if isinstance(value, str):
                _write_text(square, value, lang)
            else:
                square.value = value
            widths[place - 1] = max(widths[place - 1], _width(str(value)))
            if number == 1:
                square.font = Font(bold=True)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = min(width, _BROADEST) + 2
    sheet.freeze_panes = "A2"


def _dress(sheet: Worksheet, forms: Sequence[str], *, wrap: bool) -> None:
    """Give the columns their number formats, and long texts several lines."""
    for place, form in enumerate(forms, start=1):
        for (square,) in sheet.iter_rows(min_row=2, min_col=place, max_col=place) if form else ():
            square.number_format = form
    if wrap:
        for row in sheet.iter_rows(min_row=1):
            for square in row:
                square.alignment = Alignment(wrap_text=True, vertical="top")


def _write_text(square: Square, text: str, lang: Lang) -> None:
    """Write text as text: never a formula, never an error value, also after somebody has edited the cell."""
    clean = _FORBIDDEN.sub("\ufffd", text)
    square.value = clean if len(clean) <= _CELL_LIMIT else _TOO_LONG.say(lang)
    square.data_type = "s"
    if is_formula(text):
        square.quotePrefix = True


def _width(text: str) -> int:
    """Return how many Latin characters wide a text is on a sheet."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text[:_BROADEST])


def _sheet_name(table: Table, lang: Lang) -> str:
    """Return a name Excel accepts; that of demo sites carries 示意 in both languages."""
    name = re.sub(r"[\[\]:*?/\\']", " ", table.name.say(lang))
    return (f"{DEMO_WORD} {name}" if table.demo and DEMO_WORD not in name else name)[:31].strip()


def _same_bytes(book: Workbook, made_at: datetime) -> bytes:
    """Return the workbook's bytes with every clock reading replaced by `made_at`."""
    when = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.properties.creator = "chanhe-planning-map"
    book.properties.created = when
    first = io.BytesIO()
    book.save(first)

    def edit(name: str, part: bytes) -> bytes:
        return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + f"{when:%Y-%m-%dT%H:%M:%SZ}".encode(), part) if name == "docProps/core.xml" else part

    return steady(first.getvalue(), when, edit)


FORMAT = Format(
    key="xlsx",
    suffix=".xlsx",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    name=Text("Excel 工作簿", "Excel workbook"),
    render=render,
    tables=True,
)
