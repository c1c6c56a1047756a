"""How wide a text stands in a terminal, where a Chinese character takes two columns."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

_PIECES: Final = re.compile(r"\s+|[\u2e80-\uffff]|[^\s\u2e80-\uffff]+")
_NOT_FIRST: Final = "，。、；：！？）》」』”’%"


def width(text: str, *, ambiguous: int = 1) -> int:
    """Return the columns `text` takes; `ambiguous` is what a terminal gives to `·`, `★` or `≥` (2 in a GBK console).

    >>> width("公厕 10")
    7
    """
    wide = {"W": 2, "F": 2, "A": ambiguous}
    return sum(0 if unicodedata.combining(letter) else wide.get(unicodedata.east_asian_width(letter), 1) for letter in text)


def padded(text: str, columns: int, *, right: bool = False, ambiguous: int = 1) -> str:
    """Return `text` filled with spaces to so many columns."""
    gap = " " * max(0, columns - width(text, ambiguous=ambiguous))
    return gap + text if right else text + gap


def wrapped(text: str, columns: int) -> list[str]:
    """Return `text` broken to so many columns: at spaces, and between Chinese characters but not before their stops."""
    lines = [""]
    for piece in _PIECES.findall(text.strip()):
        if piece.isspace():
            lines[-1] += " " if lines[-1] else ""
        elif width(lines[-1] + piece) > columns and lines[-1] and piece not in _NOT_FIRST:
            lines.append(piece)
        else:
            lines[-1] += piece
    return [line.rstrip() for line in lines]


def table_lines(heading: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool], *, ambiguous: int = 1) -> Iterator[str]:
    """Yield a table line by line, numbers to the right.

    Args:
        heading: names of the columns.
        rows: cells as they are shown; line breaks become spaces.
        numeric: which columns stand to the right.
        ambiguous: see `width`.
    """
    plain = [[" ".join(cell.split()) for cell in row] for row in (heading, *rows)]
    widths = [max(width(row[place], ambiguous=ambiguous) for row in plain) for place in range(len(heading))]
    for number, row in enumerate(plain):
        cells = [padded(cell, wide, right=right, ambiguous=ambiguous) for cell, wide, right in zip(row, widths, numeric, strict=True)]
        yield "  ".join(cells).rstrip()
        if number == 0:
            yield "  ".join("-" * wide for wide in widths)
