"""Tables of a report: cells that stay numbers, a range beside a figure where draws give one, and how each is read.

One description serves paper, workbook and JSON, so that all of them hold the same figures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from geodata.numerals import count, decimals, kilometres, metres, share, supply
from layers import Lang, Text

Kind = Literal["text", "count", "share", "metres", "kilometres", "supply", "number", "degrees"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, and the fifth and ninety-fifth percentile of the draws where there are such.

    Attributes:
        value: the median over the draws, or the one there is; None where it does not exist.
        low: None without draws.
        high: likewise.
        digits: with how many decimals a number is read, where its row decides that and not its column.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Below:
    """A name on paper with another below it, that stand in columns of their own elsewhere."""

    name: Text
    below: Text


Value = Text | str | float | int | Figure | Below | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: what files call it.
        name: its heading.
        kind: how its cells are read; cells of a column with `spread` are Figures.
        spread: whether its cells may have a range.
        part: how wide it is on paper, beside the others.
        on: whether it stands everywhere, in files alone or on paper alone.
        copied: whether its cells are taken from the page by copying: nothing is put between their letters.
    """

    key: str
    name: Text
    kind: Kind = "text"
    spread: bool = False
    part: float = 1.0
    on: Literal["all", "files", "paper"] = "all"
    copied: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns it becomes in a file: the figure, its low and its high end; none of one that stands on paper alone."""
        if self.on == "paper":
            return ()
        return (self.key, f"{self.key}_p5", f"{self.key}_p95") if self.spread else (self.key,)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table.

    Attributes:
        key: ASCII name.
        title: what it lists.
        columns: in order.
        rows: as many cells as columns.
        by: keys of the columns that together name a row.
        note: what must be known to read it.
    """

    key: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    by: tuple[str, ...] = ()
    note: Text | None = None


_SAID: Final = {"share": share, "metres": metres, "kilometres": kilometres, "count": count, "supply": supply}
_EXCEL: Final[Mapping[str, str]] = {"share": "0.0%", "metres": "#,##0", "kilometres": "#,##0", "count": "#,##0"}
_ENDS: Final = (Text("", ""), Text("（5 %）", " (5 %)"), Text("（95 %）", " (95 %)"))
_UNITS: Final[Mapping[str, Text]] = {"metres": Text("（米）", " (m)"), "kilometres": Text("（米）", " (m)")}


def said(value: Value, kind: Kind, lang: Lang) -> tuple[str, str]:
    """Return a cell as it is read, and below it the range of the draws, empty where there is none."""
    if isinstance(value, Text):
        return value.say(lang), ""
    if isinstance(value, Below):
        return value.name.say(lang), value.below.say(lang)
    if isinstance(value, Figure):
        return _figure(value, kind)
    if isinstance(value, str) or kind == "text":
        return ("" if value is None else str(value)), ""
    return _number(value, kind), ""


def frame_of(sheet: Sheet, lang: Lang) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a table as a workbook holds it: headings in words, numbers as numbers; and the number format of each heading."""
    heads: list[str] = []
    forms: dict[str, str] = {}
    for column in sheet.columns:
        if column.on == "paper":
            continue
        ends = _ENDS if column.spread else _ENDS[:1]
        for end in ends:
            name = f"{column.name.say(lang)}{end.say(lang)}{_UNITS.get(column.kind, Text('', '')).say(lang)}"
            heads.append(name)
            if column.kind in _EXCEL:
                forms[name] = _EXCEL[column.kind]
    rows = [[_plain(cell, lang) for column, value in zip(sheet.columns, row, strict=True) for cell in _cells(column, value)] for row in sheet.rows]
    return pd.DataFrame(rows, columns=heads, dtype=object), forms


def records_of(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the rows as JSON takes them: by key, texts in both languages."""
    return [{key: _both(cell) for column, value in zip(sheet.columns, row, strict=True) for key, cell in zip(column.keys, _cells(column, value), strict=True)}
            for row in sheet.rows]


def _cells(column: Column, value: Value) -> Iterator[Text | str | float | None]:
    """Yield what a cell is in each of the columns that `column` becomes."""
    figure = value if isinstance(value, Figure) else Figure(None) if value is None else None
    if column.on == "paper":
        return
    if column.spread:
        assert figure is not None
        yield from (figure.value, figure.low, figure.high)
    else:
        assert not isinstance(value, Below)
        yield value.value if isinstance(value, Figure) else value


def _figure(figure: Figure, kind: Kind) -> tuple[str, str]:
    """Return a figure with its range; ends that read alike are one figure."""
    if figure.digits is not None:
        return decimals(figure.value, figure.digits), ""
    if figure.low is None and figure.high is None:
        return _number(figure.value, kind), ""
    low, high = (_number(end, kind) for end in (figure.low, figure.high))
    if low == high:
        return low, ""
    for unit in ("\u00a0%", " km", " m"):
        low = low.removesuffix(unit)
    return _number(figure.value, kind), f"{low}–{high}"


def _number(value: float | None, kind: Kind) -> str:
    if kind in _SAID:
        return _SAID[kind](value)
    if value is None or pd.isna(value):
        return "—"
    return f"{value:.5f}" if kind == "degrees" else f"{value:,.6g}"


def _plain(cell: Text | str | float | None, lang: Lang) -> str | float | None:
    return cell.say(lang) if isinstance(cell, Text) else cell


def _both(cell: Text | str | float | None) -> object:
    """Return a cell as JSON takes it."""
    if isinstance(cell, Text):
        return {"zh": cell.zh, "en": cell.en}
    if cell is None or isinstance(cell, str):
        return cell
    return None if pd.isna(cell) else cell.item() if hasattr(cell, "item") else cell
