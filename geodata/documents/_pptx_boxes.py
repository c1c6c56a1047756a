"""What stands on a page of slides, in inches, and what of a slide has no page yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from geodata.deck import Chart, LegendEntry, MapPicture, Slide
from geodata.documents._cells import said
from geodata.documents._measure import LINE, POINTS, height_in, wrapped
from geodata.documents._pptx_tables import Rows, title_height, total
from layers import Lang

GAP: Final = 0.16
_KEYS: Final = ((13.0, 1), (12.0, 1), (11.0, 1), (10.0, 1), (12.0, 2), (11.0, 2), (10.0, 2), (9.0, 2))
"""Sizes of a legend's type and its columns, the best first."""
_TABLE_PT: Final = (18.0, 16.0, 14.0, 13.0, 12.0, 11.0, 10.0)
_PARTED_PT: Final = 11.0
"""Of a table that needs several pages at any size."""
_HEAD_IN: Final = 0.3
_MARK_IN: Final = 0.42
_LEAST_LEGEND_IN: Final = 0.6
_UNDER_IN: Final = 0.06

Kind = Literal["title", "demo", "text", "map", "legend", "table", "chart", "note", "marks", "number"]


@dataclass(frozen=True, slots=True)
class Key:
    """One line of a legend: its mark at the left, its name beside it.

    Attributes:
        entry: what it stands for.
        told: its name, with the count.
        size: of its letters, points.
        left: inches.
        top: inches.
        width: inches.
        height: inches.
    """

    entry: LegendEntry
    told: str
    size: float
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """One thing on a page, in inches.

    Attributes:
        kind: what it is.
        left: from the left edge.
        top: from the upper edge.
        width: of the box.
        height: of the box.
        lines: paragraphs of text.
        size: of its letters, points.
        held: the map, chart or rows it shows.
        keys: the lines of a legend.
    """

    kind: Kind
    left: float
    top: float
    width: float
    height: float
    lines: tuple[str, ...] = ()
    size: float = 12.0
    held: MapPicture | Chart | Rows | None = None
    keys: tuple[Key, ...] = ()

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.top + self.height


@dataclass
class Remaining:
    """What of a slide has no page yet; each `take_…` yields the boxes of what fits and forgets it.

    Attributes:
        lang: the language of the pages.
        words: sentences.
        legend: its lines.
        ground: the lines of what lies under the sites.
        chart: the chart, while it has no page.
        rows: the table, or what is left of it.
        cut: texts that no page holds whole; they go into the notes.
    """

    lang: Lang
    words: list[str]
    legend: list[LegendEntry]
    ground: list[LegendEntry]
    chart: Chart | None
    rows: Rows | None
    cut: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, slide: Slide, ground: Sequence[LegendEntry], lang: Lang) -> "Remaining":
        """Return all of a slide; `ground` are the legend lines of what lies under the sites."""
        words = [told for sentence in slide.sentences if (told := said(sentence, lang))]
        return cls(lang, words, list(slide.map.legend) if slide.map else [], list(ground) if slide.map else [], slide.chart, Rows.of(slide.table, lang) if slide.table else None)

    def __bool__(self) -> bool:
        """Whether anything is left."""
        return bool(self.words or self.legend or self.ground or self.chart or self.rows)

    def take_words(self, at: float, top: float, across: float, room: float, sizes: Sequence[float]) -> Iterator[Box]:
        """Yield the sentences in the largest size in which all fit, else as many as fit in the smallest."""
        size = next((size for size in sizes if _tall(self.words, across, size) <= room), sizes[-1])
        told: list[str] = []
        while self.words:
            if _tall([*told, self.words[0]], across, size) <= room:
                told.append(self.words.pop(0))
                continue
            free = int((room - _tall([*told, ""], across, size) + size * LINE / POINTS) / (size * LINE / POINTS))
            lines = wrapped(self.words[0], across * POINTS / size)
            if free > 0 and len(lines) > free:
                part = _unwrapped(self.words[0], lines[:free])
                told.append(part.strip())
                self.words[0] = self.words[0][len(part):].strip()
            break
        if told:
            yield Box("text", at, top, across, _tall(told, across, size), tuple(told), size)

    def words_height(self, across: float, size: float) -> float:
        """Return the room all sentences take in type of that size."""
        return _tall(self.words, across, size)

    def legend_height(self, across: float) -> float:
        """Return the room the legend would like."""
        if not (self.legend or self.ground):
            return 0.0
        size, under = _KEYS[0][0], (across - GAP) / 2
        rows = [self._key_height(entry, under, size - 1)[1] for entry in self.ground]
        return _HEAD_IN + sum(self._key_height(entry, across, size)[1] for entry in self.legend) + sum(rows[::2]) + _UNDER_IN

    def whole_legend(self, across: float, room: float) -> bool:
        """Tell whether all of the legend fits so much room in type that is still read across a table."""
        return any(len(self._all_keys(0.0, 0.0, across, room - _HEAD_IN, columns=columns, size=size)) == len(self.legend) + len(self.ground) for size, columns in _KEYS[:-1])

    def table_height(self, across: float, size: float) -> float | None:
        """Return the room the whole table takes, None where there is none or a figure would break."""
        return total(self.rows.heights(across, size), size) if self.rows is not None and self.rows.fits(across, size) else None

    def take_legend(self, at: float, top: float, across: float, room: float) -> Iterator[Box]:
        """Yield the legend in the largest type in which all fits, the ground's lines in two columns below; else as much as fits."""
        every = len(self.legend) + len(self.ground)
        if not every or room < _LEAST_LEGEND_IN:
            return
        keys: list[Key] = []
        for size, columns in _KEYS:
            placed = self._all_keys(at, top + _HEAD_IN, across, room - _HEAD_IN, columns=columns, size=size)
            if len(placed) > len(keys):
                keys = placed
            if len(keys) == every:
                break
        if keys:
            own = min(len(keys), len(self.legend))
            del self.legend[:own]
            del self.ground[:len(keys) - own]
            yield Box("legend", at, top, across, max(key.top + key.height for key in keys) - top, keys=tuple(keys))

    def _all_keys(self, at: float, top: float, across: float, room: float, *, columns: int, size: float) -> list[Key]:
        """Return the lines that fit: the map's own, then, where all of these do, the ground's."""
        own = self._keys(self.legend, at, top, across, room, columns=columns, size=size)
        if len(own) < len(self.legend):
            return own
        under = max((key.top + key.height - top + _UNDER_IN for key in own), default=0.0)
        return own + self._keys(self.ground, at, top + under, across, room - under, columns=2, size=max(size - 1, _KEYS[-1][0]))

    def _keys(self, entries: Sequence[LegendEntry], at: float, top: float, across: float, room: float, *, columns: int, size: float) -> list[Key]:
        """Return the lines that fit, column by column."""
        wide = (across - GAP * (columns - 1)) / columns
        measured = [(entry, *self._key_height(entry, wide, size)) for entry in entries]
        share = sum(height for _, _, height in measured) / columns
        keys: list[Key] = []
        column, y = 0, 0.0
        for entry, told, height in measured:
            if y and (y + height > room or (column < columns - 1 and y >= share - 1e-6)):
                column, y = column + 1, 0.0
            if column == columns or y + height > room:
                break
            keys.append(Key(entry, told, size, at + column * (wide + GAP), top + y, wide, height))
            y += height
        return keys

    def _key_height(self, entry: LegendEntry, across: float, size: float) -> tuple[str, float]:
        count = "" if entry.count is None else f"  {entry.count:,}"
        name, most = said(entry.name, self.lang), (across - _MARK_IN) * POINTS / size
        lines = wrapped(name + count, most)
        if len(lines) > 2:
            self.cut.append(name)
            name = short(name, most, 2, count)
            lines = lines[:2]
        return name + count, max(len(lines) * size * LINE / POINTS, 0.2) + 0.05

    def take_figures(self, at: float, top: float, across: float, room: float) -> Iterator[Box]:
        """Yield chart and table side by side where both fit, else the chart, else as much of the table as fits."""
        if self.chart is not None:
            half = across * 0.46
            beside = self.rows is not None and self.rows.fits(half, 12.0) and total(self.rows.heights(half, 12.0), 12.0) <= room
            wide = across - half - 0.3 if beside else across
            title = said(self.chart.title, self.lang)
            told = short(title, wide * POINTS / 16.0, 1)
            self.cut += [title] if told != title else []
            yield Box("chart", at, top, wide, room, (told,), size=12.0, held=self.chart)
            self.chart = None
            if beside:
                yield from self.take_table(at + across - half, top, half, room, (12.0,))
        elif self.rows is not None:
            yield from self.take_table(at, top, across, room, _TABLE_PT)

    def take_table(self, at: float, top: float, across: float, room: float, sizes: Sequence[float]) -> Iterator[Box]:
        """Yield the table in the largest size in which all of it fits, else the part of it that fits in the smallest."""
        rows = self.rows
        if rows is None:
            return
        size = next((size for size in sizes if total(rows.heights(across, size), size) <= room and rows.fits(across, size)), None)
        size = size or max(sizes[-1], min(_PARTED_PT, sizes[0]))
        shown = rows.shown(across, size)
        self.cut += [cell for row, short in zip(rows.rows, shown.rows, strict=True) for cell, told in zip(row, short, strict=True) if cell != told]
        title = short(rows.title, across * POINTS / (size + 1) - 6, 1)
        self.cut += [rows.title] if title != rows.title else []
        heights = shown.heights(across, size)
        count, used = 0, title_height(size) + heights[0]
        while count < len(rows.rows) and used + heights[count + 1] <= room:
            used += heights[count + 1]
            count += 1
        part, self.rows = shown.first(max(count, 1))
        yield Box("table", at, top, across, used, (title,), size=size, held=part)


def short(text: str, most_ems: float, lines: int, more: str = "") -> str:
    """Return a text that takes at most so many lines with `more` behind it; one that takes more ends in an ellipsis."""
    if len(wrapped(text + more, most_ems)) <= lines:
        return text
    told = _unwrapped(text, wrapped(text, most_ems)[:lines])
    while told and len(wrapped(f"{told}…{more}", most_ems)) > lines:
        told = told[:-1]
    return f"{told.rstrip()}…"


def _unwrapped(text: str, lines: Sequence[str]) -> str:
    """Return the start of a text that so many of its lines hold, blanks included."""
    place = 0
    for line in lines:
        place = text.index(line, place) + len(line)
    return text[:place]


def _tall(lines: Sequence[str], across: float, size: float) -> float:
    """Return the height of paragraphs with half a line between them."""
    return sum(height_in(line, across, size) for line in lines) + size * 0.5 / POINTS * max(len(lines) - 1, 0)
