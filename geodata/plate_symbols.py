"""The symbols of the legend as SVG, the very ones the browser draws: a shape, a colour and a letter; hollow and dashed for demo sites."""

import math
from collections.abc import Mapping
from html import escape
from typing import Final, Literal

from geodata.deck import LegendEntry
from geodata.glyphs import FAMILY, plain
from layers import Style

Way = Literal["solid", "demo", "area", "proposed", "unlocated"]
"""How sure a place is decides how its symbol is drawn; five ways that differ without colour."""
REHEARSAL: Final = "rehearsal"
"""Location class of what is proposed on sketched streets; only maps know it, no data hold it."""
WAYS: Final[Mapping[str, Way]] = {"stand_in": "demo", "proposed": "proposed", REHEARSAL: "proposed", "area": "area", "unlocated": "unlocated"}
"""By location class; every other one is solid."""
INSIDE: Final = "#fafaf8"
HALO: Final = "#ffffff"
MUTED: Final = "#5c666d"
UNITS: Final = 26.0
"""Side of the square every symbol is drawn in."""
_CENTRE: Final = 0.38
"""How far below its centre the letter's foot stands, in ems of Noto Sans SC."""


def _ring(n: int, radius: float, turn: float = -90) -> str:
    turns = (math.radians(turn + 360 / n * i) for i in range(n))
    return " ".join(f"{radius * math.cos(a):.2f},{radius * math.sin(a):.2f}" for a in turns)


def _star(outer: float, inner: float) -> str:
    return " ".join(f"{r * math.cos(a):.2f},{r * math.sin(a):.2f}"
                    for r, a in ((inner if i % 2 else outer, math.radians(-90 + 36 * i)) for i in range(10)))


OUTLINES: Final[Mapping[str, str]] = {
    "circle": '<circle r="9.6"',
    "square": '<rect x="-8.8" y="-8.8" width="17.6" height="17.6" rx="2"',
    "triangle": '<polygon points="0,-12.4 12.4,9.4 -12.4,9.4"',
    "diamond": '<polygon points="0,-11.4 11.4,0 0,11.4 -11.4,0"',
    "pentagon": f'<polygon points="{_ring(5, 11)}"',
    "hexagon": f'<polygon points="{_ring(6, 10.8, 0)}"',
    "star": f'<polygon points="{_star(12, 6.6)}"',
    "cross": '<path d="M-4.6,-10.4H4.6V-4.6H10.4V4.6H4.6V10.4H-4.6V4.6H-10.4V-4.6H-4.6Z"',
    "line": '<rect x="-10.6" y="-6.6" width="21.2" height="13.2" rx="6.6"',
}
"""Each shape of `layers.Style`, an SVG element left open for its paint."""
LETTER_Y: Final[Mapping[str, float]] = {"triangle": 3.7, "star": 1.0}
LETTER_SIZE: Final[Mapping[str, float]] = {"triangle": 10.5, "star": 9.5, "cross": 11.0, "line": 11.0}


def mixed(colour: str, part: float, other: str) -> str:
    """Return `part` of one `#rrggbb` and the rest of another.

    >>> mixed("#ff0000", 0.5, "#0000ff")
    '#800080'
    """
    return "#" + "".join(f"{round(int(colour[i:i + 2], 16) * part + int(other[i:i + 2], 16) * (1 - part) + 1e-9):02x}" for i in (1, 3, 5))


def symbol(style: Style, way: Way, *, small: bool = False) -> str:
    """Return a symbol as SVG elements about the origin, `UNITS` wide; `small` is a bare outline, to be drawn where many stand close."""
    outline, c = OUTLINES.get(style.shape, OUTLINES["circle"]), style.colour
    if small:
        return f'{outline} fill="{INSIDE}" fill-opacity="0.85" stroke="{c}" stroke-width="3"/>'
    paint, ink = {
        "solid": (f'fill="{c}" stroke="{HALO}" stroke-width="1.6"', "#ffffff"),
        "demo": (f'fill="{INSIDE}" fill-opacity="0.9" stroke="{c}" stroke-width="1.5" stroke-dasharray="2.6 1.9"', c),
        "area": (f'fill="{mixed(c, 0.26, INSIDE)}" stroke="{c}" stroke-width="2.2"', mixed(c, 0.8, "#000000")),
        "proposed": (f'fill="{INSIDE}" stroke="{c}" stroke-width="1.6"', c),
        "unlocated": (f'fill="none" stroke="{MUTED}" stroke-width="1.4" stroke-dasharray="1.6 2.2"', MUTED),
    }[way]
    body = f"{outline} {paint}/>"
    if way == "proposed":
        body += f'{outline} fill="none" stroke="{c}" stroke-width="1.6" transform="scale(.72)"/>'
    letter = plain(style.letter)
    if not letter:
        return body
    size = 10.0 if way == "proposed" else LETTER_SIZE.get(style.shape, 12.0)
    foot = LETTER_Y.get(style.shape, 0.4) + _CENTRE * size
    # The font has one weight; a thin stroke of the same ink makes the letter as bold as the browser's.
    return (f'{body}<text y="{foot:.2f}" font-family="{FAMILY}" font-size="{size:g}" text-anchor="middle" fill="{ink}" '
            f'stroke="{ink}" stroke-width="0.45">{escape(letter)}</text>')


def way_of(entry: LegendEntry) -> Way:
    """Return how the point of a legend line is drawn: hollow and dashed a demo site, hollow a proposal, tinted an approximate place."""
    if entry.fill is None:
        return "demo" if entry.dashed else "proposed"
    return "solid" if entry.fill == entry.colour else "area"


def legend_mark(entry: LegendEntry, *, width_mm: float = 7.0, height_mm: float = 4.6) -> bytes:
    """Return the mark of a legend line as an SVG picture of that size."""
    c, fill = entry.colour, entry.fill or "none"
    dash = ' stroke-dasharray="1.6 1"' if entry.dashed else ""
    if entry.mark == "point":
        style = Style(c, entry.shape if entry.shape in OUTLINES else "circle", entry.letter)  # type: ignore[arg-type]  # checked here
        inner = f'<g transform="translate({width_mm / 2:g} {height_mm / 2:g}) scale({height_mm / UNITS:.4f})">{symbol(style, way_of(entry))}</g>'
    elif entry.mark == "line":
        inner = f'<path d="M0.4 {height_mm / 2:g}H{width_mm - 0.4:g}" fill="none" stroke="{c}" stroke-width="0.9"{dash}/>'
    elif entry.mark == "note":
        inner = ""
    else:
        inner = f'<rect x="0.5" y="0.6" width="{width_mm - 1:g}" height="{height_mm - 1.2:g}" fill="{fill}" stroke="{c}" stroke-width="0.3"{dash}/>'
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:g}mm" height="{height_mm:g}mm" viewBox="0 0 {width_mm:g} {height_mm:g}">'
            f"{inner}</svg>").encode()
