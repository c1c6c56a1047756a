"""A chart as SVG inside a page: text stays text, colours and type come from the page's style sheet."""

from collections.abc import Iterator
from html import escape
from typing import Final

from geodata.deck import Chart
from geodata.documents._cells import said, value_text
from geodata.documents._charts import colour, spread, tick_text, ticks
from geodata.documents._measure import ems, wrapped
from layers import Lang

_WIDE: Final = 760.0
_TALL: Final = 400.0
_TYPE: Final = 15.0
"""Size of the letters, in units of the picture."""
_LINE: Final = 19.0
_FEW: Final = 8
"""Up to so many names the bars are broad."""
_MOST_VALUES: Final = 40
"""Above this many values none is written beside its bar."""


def chart_svg(chart: Chart, lang: Lang) -> str:
    """Return a chart as one `<svg>` element in one language; its values stand in a table beside it for those who cannot see it."""
    draw = _bars if chart.kind == "bar" else _columns
    return f'<svg viewBox="0 0 {_width(chart):g} {_height(chart):g}" aria-hidden="true" focusable="false">{"".join(draw(chart, lang))}</svg>'


def _height(chart: Chart) -> float:
    """Return how tall the picture is: bars lying down need a row a name."""
    if chart.kind != "bar":
        return _TALL
    row = 20.0 * len(chart.series) + 10.0 if len(chart.categories) <= _FEW else 13.0 * len(chart.series) + 4.0
    return max(160.0, max(row, _LINE + 3) * len(chart.categories) + 60.0)


def _width(chart: Chart) -> float:
    """Return how wide it is: a tall picture is made wider, so that its letters stay large on a wide page."""
    return min(max(_WIDE, _height(chart) * 2.3), 1400.0)


def _text(x: float, y: float, text: str, anchor: str = "start", cls: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{f" class={cls!r}" if cls else ""}>{escape(text)}</text>'


def _lines(x: float, y: float, rows: list[str], anchor: str) -> str:
    return "".join(_text(x, y + place * _LINE, row, anchor) for place, row in enumerate(rows))


def _many(chart: Chart) -> bool:
    return len(chart.categories) * len(chart.series) > _MOST_VALUES


def _bars(chart: Chart, lang: Lang) -> Iterator[str]:
    """Yield bars lying down: names to the left, values at their ends."""
    names = [wrapped(said(name, lang), 14.0, 1)[0] for name in chart.categories]
    left = min(230.0, max([60.0, *(ems(name) * _TYPE + 12 for name in names)]))
    top, foot, right = 8.0, _height(chart) - 46.0, _width(chart) - 70.0
    marks = ticks(chart)
    scale = (right - left) / (marks[-1] - marks[0])
    for mark in marks:
        x = left + (mark - marks[0]) * scale
        yield f'<path class="grid{" zero" if mark == 0 else ""}" d="M{x:.1f} {top:g}V{foot:g}"/>'
        yield _text(x, foot + 18, tick_text(chart, marks, mark), "middle")
    row = (foot - top) / max(len(names), 1)
    thick = min(26.0, (row - 8) / max(len(chart.series), 1))
    for place, name in enumerate(names):
        yield _text(left - 8, top + row * (place + 0.5) + 5, name, "end")
    for number, (_, values) in enumerate(chart.series):
        for place, value in spread(values):
            y = top + row * (place + 0.5) + thick * (number - len(chart.series) / 2)
            x, zero = left + (value - marks[0]) * scale, left - marks[0] * scale
            yield f'<rect x="{min(x, zero):.1f}" y="{y:.1f}" width="{abs(x - zero):.1f}" height="{thick - 1.5:.1f}" fill="{colour(number)}"/>'
            if not _many(chart):
                yield _text(max(x, zero) + 5, y + thick / 2 + 4.5, value_text(value, percent=chart.percent), cls="value")
    yield _text((left + right) / 2, foot + 40, said(chart.unit, lang), "middle", "unit")


def _columns(chart: Chart, lang: Lang) -> Iterator[str]:
    """Yield columns side by side, or lines: names below, values above."""
    left, right, top, foot = 62.0, _WIDE - 10.0, 34.0, _TALL - 66.0
    marks = ticks(chart)
    scale = (foot - top) / (marks[-1] - marks[0])
    for mark in marks:
        y = foot - (mark - marks[0]) * scale
        yield f'<path class="grid{" zero" if mark == 0 else ""}" d="M{left:g} {y:.1f}H{right:g}"/>'
        yield _text(left - 8, y + 5, tick_text(chart, marks, mark), "end")
    yield _text(left - 8, top - 18, said(chart.unit, lang), cls="unit")
    band = (right - left) / max(len(chart.categories), 1)
    every = max(1, -(-len(chart.categories) // 16))
    for place, name in enumerate(chart.categories):
        if place % every == 0:
            yield _lines(left + band * (place + 0.5), foot + 20, wrapped(said(name, lang), max(band * every / _TYPE - 0.4, 2.0), 2), "middle")
    for number, (_, values) in enumerate(chart.series):
        at = [(left + band * (place + 0.5), foot - (value - marks[0]) * scale, value) for place, value in spread(values)]
        yield from (_line_of(chart, number, at) if chart.kind == "line" else _columns_of(chart, number, at, band, foot + marks[0] * scale))


def _columns_of(chart: Chart, number: int, at: list[tuple[float, float, float]], band: float, zero: float) -> Iterator[str]:
    wide = min(64.0, band * 0.78 / len(chart.series))
    for x, y, value in at:
        side = x + wide * (number - len(chart.series) / 2)
        yield f'<rect x="{side:.1f}" y="{min(y, zero):.1f}" width="{wide - 1.5:.1f}" height="{abs(zero - y):.1f}" fill="{colour(number)}"/>'
        if not _many(chart) and wide >= 24:
            yield _text(side + wide / 2, min(y, zero) - 5, value_text(value, percent=chart.percent), "middle", "value")


def _line_of(chart: Chart, number: int, at: list[tuple[float, float, float]]) -> Iterator[str]:
    if at:
        yield f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y, _ in at)}" fill="none" stroke="{colour(number)}" stroke-width="2.5"/>'
    for x, y, value in at:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{colour(number)}"/>'
        if len(at) <= 12 and len(chart.series) == 1:
            yield _text(x, y - 9, value_text(value, percent=chart.percent), "middle", "value")
