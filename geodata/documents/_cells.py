"""Text and figures as every document shows them: the same in a table of a page, a slide and a file."""

import math
import re
from typing import Final

from geodata.deck import Cell
from layers import Lang, Text

UNKNOWN: Final = "—"
"""Stands where a table has no value."""
_HIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Control characters, what turns the direction of writing, and what XML forbids."""

_BLANKS: Final = re.compile(r"[^\S\u00a0]+")
"""White space, save the blank at which no line may break."""


def clean(text: str) -> str:
    r"""Return a text that any file can hold and that shows nothing but itself.

    >>> clean("a\x00\u202eb\ud800"), clean("<b>=1+1</b>")
    ('ab\ufffd', '<b>=1+1</b>')
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _HIDDEN.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))


def line(text: str) -> str:
    r"""Return a text as one line.

    >>> line("  a\n\tb ")
    'a b'
    """
    return _BLANKS.sub(" ", clean(text)).strip(" ")


def said(text: Text | None, lang: Lang) -> str:
    """Return a wording in one language as one line; where a user gave only the other, that."""
    return "" if text is None else line(text.say(lang)) or line(text.zh) or line(text.en)


def paragraphs(text: Text | None, lang: Lang) -> str:
    r"""Return a wording as `said` does, its lines kept.

    >>> paragraphs(Text(" a\r\n\n b  c", ""), "en")
    'a\n\nb c'
    """
    return "" if text is None else "\n".join(line(part) for part in clean(text.say(lang) if line(text.say(lang)) else text.zh or text.en).strip().split("\n"))


def cell_text(cell: Cell, digits: int, lang: Lang) -> str:
    """Return a cell as it is read.

    >>> cell_text(12345.678, 1, "zh"), cell_text(None, 0, "zh"), cell_text(Text("是", "yes"), 0, "en")
    ('12,345.7', '—', 'yes')
    """
    if isinstance(cell, Text):
        return said(cell, lang)
    if isinstance(cell, str):
        return line(cell)
    number = cell_number(cell)
    return UNKNOWN if number is None else number_text(number, digits)


def cell_number(cell: Cell) -> float | None:
    """Return the number a cell holds, None for text and for what is not known."""
    if cell is None or isinstance(cell, str | Text) or not math.isfinite(cell):
        return None
    return float(cell)


def number_text(number: float, digits: int) -> str:
    """Return a number with its decimals, thousands parted; no minus before nothing.

    >>> number_text(-0.04, 1), number_text(-1234, 0)
    ('0.0', '−1,234')
    """
    told = f"{number:,.{digits}f}"
    return told.lstrip("-") if float(told.replace(",", "")) == 0 else told.replace("-", "−")


def value_text(value: float | None, *, percent: bool) -> str:
    r"""Return a value of a chart as it is read.

    >>> value_text(0.4567, percent=True), value_text(48.0, percent=False), value_text(2.25, percent=False)
    ('45.7\xa0%', '48', '2.2')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if percent:
        return f"{number_text(100 * value, 1)}\N{NO-BREAK SPACE}%"
    return number_text(value, 0 if float(value).is_integer() else 1)
