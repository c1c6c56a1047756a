"""What makes a drawing a map: the scale bar, the arrow to the north, and 示意 in the picture of a sketch."""

from typing import Final

from geodata.glyphs import FAMILY, plain
from geodata.plate_names import Box, width_of, written
from geodata.plate_symbols import HALO
from geodata.plate_window import Window
from layers import Lang, Text

WATERMARK: Final = Text("示意 演示", "SKETCH DEMO")
BADGE: Final = Text("示意 · 演示：路网或人口不是真实数据", "Sketch · demonstration: streets or people are not real")
NORTH: Final = Text("北", "N")
INK: Final = "#3a444a"
_LENGTHS_M: Final = (50, 100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
_BAR_MM: Final = 30.0
_EDGE_MM: Final = 3.0
_TURN: Final = -24
_PALE: Final = 0.13

Part = tuple[Box, str]
"""Where it stands, and its SVG."""


def scale_bar(window: Window, lang: Lang) -> Part:
    """Return a bar of a round length in two halves, in the lower left corner."""
    longest = _BAR_MM * window.grow / window.mm_per_m
    metres = max((known for known in _LENGTHS_M if known <= longest), default=_LENGTHS_M[0])
    wide, size, high = metres * window.mm_per_m, window.px(10), window.px(3.2)
    x, y = _EDGE_MM + size, window.height_mm - _EDGE_MM - high
    told = (Text("{n:g} 公里", "{n:g} km").format(n=metres / 1000) if metres >= 1000 else Text("{n} 米", "{n} m").format(n=metres)).say(lang)
    right = max(x + wide, x + wide + width_of(told, size) / 2)
    box = Box(x - size, y - size * 1.7, right + size * 0.4, y + high + size * 0.5)
    svg = "".join([
        f'<rect x="{box.left:.2f}" y="{box.top:.2f}" width="{box.right - box.left:.2f}" height="{box.bottom - box.top:.2f}" rx="0.8" fill="{HALO}" fill-opacity="0.8"/>',
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="{high:.2f}" fill="{HALO}" stroke="{INK}" stroke-width="0.2"/>',
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{wide / 2:.2f}" height="{high:.2f}" fill="{INK}"/>',
        written("0", x, y - size * 0.75, size, colour=INK, halo=""), written(told, x + wide, y - size * 0.75, size, colour=INK, halo=""),
    ])
    return box, svg


def north_arrow(window: Window, lang: Lang) -> Part:
    """Return an arrow up the grid, in the upper left corner."""
    high = window.px(30)
    x, y, half = _EDGE_MM + high * 0.45, _EDGE_MM + window.px(13), high * 0.27
    box = Box(x - half * 1.5, _EDGE_MM, x + half * 1.5, y + high)
    svg = "".join([
        written(plain(NORTH.say(lang)), x, _EDGE_MM + window.px(6), window.px(12), colour=INK),
        f'<path d="M{x:.2f} {y:.2f}L{x - half:.2f} {y + high:.2f}L{x:.2f} {y + high * 0.78:.2f}Z" fill="{INK}" stroke="{INK}" stroke-width="0.2" stroke-linejoin="round"/>',
        f'<path d="M{x:.2f} {y:.2f}L{x + half:.2f} {y + high:.2f}L{x:.2f} {y + high * 0.78:.2f}Z" fill="{HALO}" stroke="{INK}" stroke-width="0.2" stroke-linejoin="round"/>',
    ])
    return box, svg


def badge(window: Window, lang: Lang) -> Part:
    """Return the line in the upper right corner that says what kind of picture this is."""
    size = window.px(11)
    text = plain(BADGE.say(lang))
    wide, high = width_of(text, size) + size * 1.2, size * 1.9
    box = Box(window.width_mm - _EDGE_MM - wide, _EDGE_MM, window.width_mm - _EDGE_MM, _EDGE_MM + high)
    svg = (f'<rect x="{box.left:.2f}" y="{box.top:.2f}" width="{wide:.2f}" height="{high:.2f}" rx="0.8" fill="{HALO}" fill-opacity="0.9" stroke="{INK}" '
           f'stroke-width="0.2" stroke-dasharray="1 0.7"/>{written(text, box.left + wide / 2, box.top + high / 2, size, colour=INK, halo="")}')
    return box, svg


def watermark(window: Window, lang: Lang) -> str:
    """Return 示意 over the whole ground, so that any part cut out of the picture carries it."""
    size, text = window.px(34), plain(WATERMARK.say(lang))
    across, down = width_of(text, size, 0.2) * 1.25, width_of(text, size, 0.2) * 0.72
    rows = range(int(window.height_mm / down) + 2)
    columns = range(int(window.width_mm / across) + 2)
    words = "".join(
        f'<text transform="translate({(column + (row % 2) / 2) * across:.1f} {row * down:.1f}) rotate({_TURN})" text-anchor="middle">{text}</text>'
        for row in rows for column in columns)
    return f'<g font-family="{FAMILY}" font-size="{size:.2f}" letter-spacing="{0.2 * size:.2f}" fill="#808890" opacity="{_PALE}">{words}</g>'
