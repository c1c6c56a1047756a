"""CSV that Chinese Excel opens: UTF-8 with BOM, no cell a formula; each row also says what the file is about."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from geodata.exports._cells import Cell, plain, safe_text
from geodata.exports._form import Format, Meta, Table
from geodata.exports._meta import brief_facts
from geodata.exports._places import with_coordinates
from layers import Lang, Text

_WORDS: Final = {True: "true", False: "false"}


def render(tables: Sequence[Table], meta: Meta, lang: Lang, crs: int | None) -> bytes:
    """Return one table, coordinates as columns; the columns `file_…` at the end carry query, sources, datum, date, method.

    They are columns because a table with a foreword is no longer one that programs read and planners filter.
    """
    frame = with_coordinates(tables[0].frame, crs)
    told = brief_facts(meta, lang, crs)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_text(str(name)) for name in (*frame.columns, *told)])
    ends = [_cell(value) for value in told.values()]
    for row in frame.astype(object).itertuples(index=False, name=None):
        writer.writerow([*(_cell(plain(value)) for value in row), *ends])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _WORDS[value]
    return safe_text(value.replace("\0", "\ufffd")) if isinstance(value, str) else value


FORMAT = Format(
    key="csv",
    suffix=".csv",
    mime="text/csv; charset=utf-8",
    name=Text("CSV 表格（UTF-8，Excel 可直接打开）", "CSV table (UTF-8, opens in Excel)"),
    render=render,
)
