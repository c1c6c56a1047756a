"""A table measured before a slide holds it: widths of its columns, heights of its rows, and the part that fits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from geodata.deck import Table
from geodata.documents._cells import cell_text, said
from geodata.documents._measure import LINE, POINTS, ems, words_of, wrapped
from layers import Lang

INSET_IN: Final = 0.05
"""Left and right of a cell's text."""
PAD_IN: Final = 0.035
"""Above and below it."""
_MOST_LINES: Final = 6
_MOST_NATURAL: Final = 30.0
_LEAST: Final = 3.2
_SHORT: Final = 5.2
"""Words up to so many ems are not broken."""
_WORD: Final = 6.6
"""The same of a heading's."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A table, or a part of one, in one language.

    Attributes:
        title: with its place among the parts where there are several.
        headings: one a column.
        rows: as they read.
        numeric: which columns stand to the right.
        part: number of the part, from 1.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    part: int = 1

    @classmethod
    def of(cls, table: Table, lang: Lang) -> "Rows":
        """Return a table as it reads in one language."""
        rows = tuple(tuple(cell_text(cell, digits, lang) for cell, digits in zip(row, table.digits, strict=True)) for row in table.rows)
        return cls(said(table.title, lang), tuple(said(name, lang) for name in table.headings), rows, table.numeric)

    def widths(self, across: float, size: float) -> tuple[float, ...]:
        """Return the width of each column in inches; together `across`."""
        columns = list(zip(self.headings, *self.rows, strict=True))
        sides = 2 * INSET_IN + 0.04
        natural = [min(max(ems(cell) for cell in column), _MOST_NATURAL) * size / POINTS + sides for column in columns]
        # A figure never breaks; words may where they are long, headings between theirs.
        least = [max([_LEAST, min(max(map(ems, words_of(column[0])), default=0.0), _WORD), *(ems(cell) if numeric else min(ems(cell), _SHORT) for cell in column[1:])]) * size / POINTS + sides
                 for column, numeric in zip(columns, self.numeric, strict=True)]
        least = [min(a, b) for a, b in zip(least, natural, strict=True)]
        free = across - sum(least)
        wish = [max(b - a, 0.0) for a, b in zip(least, natural, strict=True)]
        if free <= 0 or sum(wish) <= 0 or sum(natural) <= across:
            total = sum(natural) if sum(natural) <= across else sum(least)
            base = natural if sum(natural) <= across else least
            return tuple(width * across / total for width in base)
        return tuple(a + free * b / sum(wish) for a, b in zip(least, wish, strict=True))

    def heights(self, across: float, size: float) -> list[float]:
        """Return the height of the headings and of each row in inches."""
        widths = self.widths(across, size)
        return [self._height(row, widths, size) for row in (self.headings, *self.rows)]

    def fits(self, across: float, size: float) -> bool:
        """Tell whether no figure would have to break."""
        return all(ems(cell) * size / POINTS + 2 * INSET_IN <= width + 0.01
                   for column, width, numeric in zip(zip(*self.rows, strict=True), self.widths(across, size), self.numeric, strict=False) if numeric for cell in column)

    def shown(self, across: float, size: float) -> "Rows":
        """Return the rows with endless cells ended by an ellipsis."""
        widths = self.widths(across, size)

        def short(row: Sequence[str]) -> tuple[str, ...]:
            return tuple(cell if len(lines := self._lines(cell, width, size)) <= _MOST_LINES else "".join(lines[:_MOST_LINES])[:-1] + "…"
                         for cell, width in zip(row, widths, strict=True))

        return replace(self, headings=short(self.headings), rows=tuple(short(row) for row in self.rows))

    def first(self, count: int) -> "tuple[Rows, Rows | None]":
        """Return the first rows, and what is left under the same headings."""
        rest = replace(self, rows=self.rows[count:], part=self.part + 1) if count < len(self.rows) else None
        return replace(self, rows=self.rows[:count]), rest

    def _height(self, row: Sequence[str], widths: Sequence[float], size: float) -> float:
        lines = max((min(len(self._lines(cell, width, size)), _MOST_LINES) for cell, width in zip(row, widths, strict=True)), default=1)
        return lines * size * LINE / POINTS + 2 * PAD_IN

    @staticmethod
    def _lines(cell: str, width: float, size: float) -> list[str]:
        return wrapped(cell, max((width - 2 * INSET_IN) * POINTS / size, 1.0))


def total(heights: Sequence[float], size: float) -> float:
    """Return how tall a table with a line of title above it is."""
    return title_height(size) + sum(heights)


def title_height(size: float) -> float:
    """Return the room of a table's or chart's title."""
    return (size + 1) * LINE / POINTS + 0.06
