"""Reading tables as spreadsheets hold them: CSV in any usual encoding, and XLSX; every cell as text, every row numbered."""

import csv
import io
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from geodata.causes import cause
from geodata.checks import ROW
from geodata.errors import BadInput, Problem, Unreadable
from layers import Text

_SEPARATORS: Final = (",", "\t", ";", "\uff0c")

Row = Sequence[str]


def read_table(path: Path, name: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the rows of a table as text, with the column ROW: the number a spreadsheet shows beside the row.

    Args:
        path: a .csv, .tsv, .txt or .xlsx file; of a workbook the first sheet with content is read.
        name: what the user calls it.

    Raises:
        Unreadable: the file cannot be opened or is not what its name says.
        BadInput: it has no heading row, or two columns of one name.
    """
    rows = _workbook_rows(path, name) if path.suffix.lower() == ".xlsx" else _text_rows(path, name)
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not filled:
        raise BadInput(Text(f"{name} 是空文件。", f"{name} is empty."))
    heading = [cell.strip() for cell in filled[0][1]]
    twice = sorted({head for head in heading if head and heading.count(head) > 1})
    if twice:
        raise BadInput(Text(f"{name} 有重名的列：{'、'.join(twice)}。请改名后再导入。", f"{name} has columns of the same name: {', '.join(twice)}. Rename them and import again."))
    keep = [place for place, head in enumerate(heading) if head]
    cells = [[row[place].strip() if place < len(row) else "" for place in keep] for _, row in filled[1:]]
    table = pd.DataFrame(cells, columns=[heading[place] for place in keep], dtype=object)
    table[ROW] = pd.Series([number for number, _ in filled[1:]], dtype="int64")
    return table, [_overlong(number) for number, row in filled[1:] if any(cell.strip() for cell in row[len(heading):])]


def decode(raw: bytes, name: str) -> str:
    """Return text in UTF-8 (with or without BOM), UTF-16 with BOM, else GB18030 (which holds GBK).

    Raises:
        Unreadable: it is none of these.
    """
    encodings = ("utf-16",) if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(Text(f"{name} 不是文本文件（既非 UTF-8，也非 GBK）。请另存为 CSV UTF-8。", f"{name} is not a text file (neither UTF-8 nor GBK). Save it as CSV UTF-8."))


def _text_rows(path: Path, name: str) -> list[Row]:
    """Return the rows of a text table; the separator is the one its heading uses most."""
    try:
        text = decode(path.read_bytes(), name)
        head = text.split("\n", 1)[0]
        separator = max(_SEPARATORS, key=head.count)
        return [*csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except (OSError, csv.Error) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(Text("无法读取 {name}：{why}。", "Cannot read {name}: {why}.").format(name=name, why=cause(error))) from error


def _workbook_rows(path: Path, name: str) -> list[Row]:
    """Return the rows of the first sheet with content."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles it drops; only cells matter here
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                for sheet in book.worksheets:
                    rows: list[Row] = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
                    if any(any(row) for row in rows):
                        return rows
            finally:
                book.close()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException) as error:
        raise Unreadable(Text("{name} 不是可读的 .xlsx 工作簿：{why}。旧版 .xls 请另存为 .xlsx。", "{name} is not a readable .xlsx workbook: {why}. Save an old .xls as .xlsx.").format(name=name, why=cause(error))) from error
    return []


def _cell(value: object) -> str:
    """Return a cell as the text a reader would type: whole numbers whole."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _overlong(number: int) -> Problem:
    return Problem(number, "", "", "too_many_cells", Text("该行的单元格多于表头。", "The row has more cells than the heading."),
                   Text("请检查多余的分隔符。", "Look for a stray separator."))
