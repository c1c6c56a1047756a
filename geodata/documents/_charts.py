"""The look of a chart, whatever draws it: colours that differ without colour vision, round steps of the axis."""

import math
from collections.abc import Sequence
from typing import Final

from geodata.deck import Chart
from geodata.documents._cells import number_text

SERIES: Final = ("#1d5c87", "#e08a1e", "#4c9a6a", "#a0569b", "#b5473c", "#6d767c")
"""Colours of the series in order; each is at least 3:1 against white or stands beside its name and value."""
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


def colour(place: int) -> str:
    """Return the colour of a series."""
    return SERIES[place % len(SERIES)]


def ticks(chart: Chart, most: int = 5) -> tuple[float, ...]:
    """Return the values the axis is marked at: round ones, from 0 or below to at least the largest.

    >>> from layers import Text
    >>> ticks(Chart(Text("", ""), "bar", (), ((Text("", ""), (3.0, 48.0)),), Text("", "")))
    (0.0, 10.0, 20.0, 30.0, 40.0, 50.0)
    """
    values = [value for _, series in chart.series for value in series if value is not None and math.isfinite(value)]
    low, high = min([0.0, *values]), max([0.0, *values])
    if high == low:
        high = low + 1.0
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * part for part in _STEPS if power * part >= rough * 0.999)
    if not chart.percent and step < 1.0 and all(float(value).is_integer() for value in values):
        step = 1.0
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(place * step, 10) for place in range(first, last + 1))


def tick_text(chart: Chart, marks: Sequence[float], mark: float) -> str:
    """Return what stands at a mark of the axis: as few decimals as keep the marks apart."""
    step = (marks[1] - marks[0]) * (100 if chart.percent else 1) if len(marks) > 1 else 1.0
    digits = next(digits for digits in range(9) if abs(round(step, digits) - step) < 1e-9 or digits == 8)
    told = number_text(mark * 100 if chart.percent else mark, digits)
    return f"{told}\N{NO-BREAK SPACE}%" if chart.percent else told


def spread(values: Sequence[float | None]) -> list[tuple[int, float]]:
    """Return the values there are, with their place."""
    return [(place, float(value)) for place, value in enumerate(values) if value is not None and math.isfinite(value)]
