"""Names on a drawn map: the more important stays, one that would touch it goes, and none stands on a symbol where there is room beside it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from geodata.glyphs import FAMILY, glyphs, plain
from geodata.place_names import PlaceName
from geodata.plate_symbols import INSIDE
from geodata.plate_window import Window
from layers import Lang

LABEL: Final = "#5c666d"
FAINT: Final = "#8a9297"
SIZE_PX: Final = 11.5
_FIRST: Final[Mapping[str, int]] = {"district": 0, "station": 1, "rail_station": 1, "neighbour": 2, "axis": 3, "street": 3, "rail": 4, "place": 5}
_SPACED: Final[Mapping[str, float]] = {"neighbour": 0.22, "axis": 0.08, "street": 0.08, "rail": 0.08}
"""Free space after each letter, in ems."""
_SIDES: Final = tuple((side, gap) for gap in (6.0, 17.0) for side in ("right", "left", "top", "bottom"))
_BESIDE_PX: Final = 10.0
_STEEP: Final = 50


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the paper, millimetres."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, others: Sequence["Box"]) -> bool:
        """Tell whether it touches or nearly touches one of `others`."""
        return any(self.left < o.right + 0.6 and self.right > o.left - 0.6 and self.top < o.bottom + 0.2 and self.bottom > o.top - 0.2 for o in others)

    def within(self, width: float, height: float) -> bool:
        """Tell whether it lies wholly on the paper."""
        return self.left > 0.5 and self.top > 0.5 and self.right < width - 0.5 and self.bottom < height - 0.5


def about(x: float, y: float, width: float, height: float) -> Box:
    """Return the box of that size about a point."""
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def names(told: Sequence[PlaceName], window: Window, lang: Lang, *, known: Sequence[Box], demo: Sequence[Box], taken: Sequence[Box]) -> Iterator[str]:
    """Yield the names as SVG elements.

    Args:
        told: what there is to write.
        window: where the map lies.
        lang: language of the names.
        known: boxes of symbols at known places; names avoid them first.
        demo: boxes of demo sites; names avoid them where they can.
        taken: boxes no name may touch.
    """
    full = list(taken)
    for name in sorted(told, key=lambda n: _FIRST.get(n.kind, 6)):
        x, y = window.at(name.at)
        size = window.px(SIZE_PX + (2 if name.kind == "neighbour" else 0))
        text = plain(name.name.say(lang) or name.name.zh)
        laid = _beside_dot(text, size, (x, y), window, full=full, known=known, demo=demo) if name.dot else _along(name, text, size, window, lang)
        if laid is None or laid[0].touches(full) or not laid[0].within(window.width_mm, window.height_mm):
            continue
        full.append(laid[0])
        yield laid[1]
        if name.dot:
            full.append(about(x, y, window.px(9), window.px(9)))
            yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{window.px(2.7):.2f}" fill="{INSIDE}" stroke="{LABEL}" stroke-width="{window.px(1.8):.2f}"/>'


def written(text: str, x: float, y: float, size: float, *, colour: str = LABEL, anchor: str = "middle", spaced: float = 0.0, halo: str = INSIDE) -> str:
    """Return text with a halo, its middle at height `y`."""
    told = escape(text)
    common = f'x="{x:.2f}" y="{y + 0.36 * size:.2f}" font-family="{FAMILY}" font-size="{size:.2f}" text-anchor="{anchor}" letter-spacing="{spaced * size:.3f}"'
    under = f'<text {common} fill="none" stroke="{halo}" stroke-width="{0.3 * size:.2f}" stroke-linejoin="round" opacity="0.92">{told}</text>' if halo else ""
    return f'{under}<text {common} fill="{colour}">{told}</text>'


def width_of(text: str, size: float, spaced: float = 0.0) -> float:
    """Return how wide text is, millimetres."""
    return size * (glyphs().width(text) + spaced * len(text))


def _beside_dot(text: str, size: float, at: tuple[float, float], window: Window, *, full: Sequence[Box],
                known: Sequence[Box], demo: Sequence[Box]) -> tuple[Box, str] | None:
    """Return the name on the free side of its dot: first one that touches no symbol, then one that touches demo sites only."""
    (x, y), wide = at, width_of(text, size)
    choices = []
    for side, gap_px in _SIDES:
        gap = window.px(gap_px)
        across = {"right": gap + wide / 2, "left": -gap - wide / 2}.get(side, 0.0)
        down = {"top": -gap - size * 0.6, "bottom": gap + size * 0.6}.get(side, 0.0)
        box = about(x + across, y + down, wide, size * 1.2)
        if not box.touches(full) and box.within(window.width_mm, window.height_mm):
            choices.append((box, written(text, x + across, y + down, size)))
    for avoid in ([*known, *demo], known, []):
        for box, svg in choices:
            if not box.touches(avoid):
                return box, svg
    return None


def _along(name: PlaceName, text: str, size: float, window: Window, lang: Lang) -> tuple[Box, str]:
    """Return the name along its line and beside it; Chinese on a steep line stands upright."""
    (x, y), spaced = window.at(name.at), _SPACED.get(name.kind, 0.0)
    if name.kind == "neighbour":
        wide = width_of(text, size, spaced)
        return about(x, y, wide, size * 1.2), written(text, x, y, size, colour=FAINT, spaced=spaced, halo="")
    beside = window.px(_BESIDE_PX)
    if lang == "zh" and abs(name.angle) > _STEEP:
        turn = name.angle - math.copysign(90, name.angle)
        high = len(text) * size * 1.08
        inner = "".join(written(letter, 0, (i - (len(text) - 1) / 2) * size * 1.08, size) for i, letter in enumerate(text))
        return _turned((x, y), turn, (beside, 0), (size * 1.2, high), inner)
    return _turned((x, y), name.angle, (0, -beside), (width_of(text, size, spaced), size * 1.2), written(text, 0, 0, size, spaced=spaced))


def _turned(at: tuple[float, float], angle: float, by: tuple[float, float], size: tuple[float, float], inner: str) -> tuple[Box, str]:
    """Return what stands `by` from a point after a turn about it, with the box it fills."""
    (x, y), (dx, dy), (wide, high) = at, by, size
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    box = about(x + dx * cos - dy * sin, y + dx * sin + dy * cos, abs(wide * cos) + abs(high * sin), abs(wide * sin) + abs(high * cos))
    return box, f'<g transform="translate({x:.2f} {y:.2f}) rotate({angle:g}) translate({dx:.2f} {dy:.2f})">{inner}</g>'
