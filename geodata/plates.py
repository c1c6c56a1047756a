"""A map drawn without a browser and without the internet: the ground, what an answer shows, the sites, as one SVG at a round scale.

Symbols, colours and ground are those of the browser's map; 示意 stands in the picture itself wherever streets or people are a sketch.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.deck import MapPicture, Shapes
from geodata.district import District
from geodata.glyphs import plain
from geodata.place_names import place_names
from geodata.plate_furniture import badge, north_arrow, scale_bar, watermark
from geodata.plate_ground import ground
from geodata.plate_names import Box, about, names, width_of, written
from geodata.plate_symbols import HALO, REHEARSAL, UNITS, WAYS, Way, symbol
from geodata.plate_window import Window, window_on
from geodata.typesetting import typeset
from layers import Lang, Layer, every_layer

SYMBOL_PX: Final = 17.0
"""Side of a demo site's symbol in CSS pixels of 0.26 mm; what stands at a known place is drawn a fifth larger."""
MANY: Final = 500
"""Above this many sites a layer's points are plain discs, as in the browser."""
CLOSE: Final = 24
"""More proposals of a layer than this cover each other and the names: they are drawn small and bare, as in the browser."""
_SMALL: Final = 0.6
_ROUGH_M: Final = 10.0
_SHORT_PX: Final = 26.0
"""A named line shorter than this would be a dab: a ring stands around it."""
_RING_PX: Final = 10.0
_NAME_PX: Final = 13.0


def map_svg(picture: MapPicture, district: District, *, width_mm: float, height_mm: float, lang: Lang, grow: float = 1.0) -> tuple[bytes, int]:
    """Draw a map and return it as SVG with the denominator of its scale.

    Args:
        picture: what it shows.
        district: whose ground.
        width_mm: of the whole picture.
        height_mm: likewise.
        lang: language of its names.
        grow: how much larger symbols, names and lines are than on a page held in the hand.

    Raises:
        Unreadable: the font is not installed.
    """
    west, south, east, north = (float(v) for v in (picture.bounds or district.boundary.total_bounds))
    window = window_on((west, south, east, north), width_mm=width_mm, height_mm=height_mm, grow=grow)
    body = "".join(_drawn(picture, district, window, lang))
    size = f'width="{width_mm:g}mm" height="{height_mm:g}mm" viewBox="0 0 {width_mm:g} {height_mm:g}"'
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" {size}><defs><clipPath id="paper"><rect width="{width_mm:g}" height="{height_mm:g}"/></clipPath></defs>'
           f'<g clip-path="url(#paper)">{body}</g></svg>')
    return svg.encode(), window.scale


def map_png(picture: MapPicture, district: District, *, width_mm: float, height_mm: float, lang: Lang, grow: float = 1.0,
            ppi: float = 220.0) -> tuple[bytes, int]:
    """Draw a map and return it as PNG of `ppi` pixels an inch, with the denominator of its scale; arguments as `map_svg`.

    Raises:
        Unreadable: Typst or the font is not installed.
    """
    svg, scale = map_svg(picture, district, width_mm=width_mm, height_mm=height_mm, lang=lang, grow=grow)
    pages = typeset("picture.typ", {"width_mm": width_mm, "height_mm": height_mm}, files={"picture": svg}, form="png", ppi=ppi)
    return pages[0], scale


def _drawn(picture: MapPicture, district: District, window: Window, lang: Lang) -> Iterator[str]:
    """Yield everything the map shows, bottom first."""
    yield from ground(district, window)
    if picture.sketch:
        yield watermark(window, lang)
    for shapes in picture.shapes:
        yield from _shapes(shapes, window)
    sites = _Sites(picture, window)
    yield from sites.outlines(demo=True)
    yield from sites.outlines(demo=False)
    yield sites.definitions()
    yield from sites.symbols(demo=True)
    bar, arrow = scale_bar(window, lang), north_arrow(window, lang)
    head = badge(window, lang) if picture.sketch else None
    fixed = [part for part in (bar, arrow, head) if part]
    fixed += _labels(picture.shapes, window, lang, [box for box, _ in fixed])
    yield from names(list(place_names(district)), window, lang, known=sites.boxes(demo=False), demo=sites.boxes(demo=True), taken=[box for box, _ in fixed])
    yield from sites.symbols(demo=False)
    yield from (svg for _, svg in fixed)


def _labels(every: Sequence[Shapes], window: Window, lang: Lang, taken: Sequence[Box]) -> list[tuple[Box, str]]:
    """Return what is written beside shapes that have a name, each with the ring around a line too short to be seen."""
    out: list[tuple[Box, str]] = []
    full, size = list(taken), window.px(_NAME_PX)
    for shapes in every:
        for shape, colour, name in zip(shapes.frame.geometry, shapes.colours, shapes.names, strict=False):
            if name is None or not shape.intersects(shapely.box(*window.seen(0.0))):
                continue
            x, y = window.at(middle(shape))
            around = window.px(_RING_PX)
            if shape.length * window.mm_per_m < window.px(_SHORT_PX):
                ring = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{around:.2f}" fill="none" stroke="{escape(colour)}" stroke-width="{window.px(2.2):.2f}"{_dash(window, 4, 3) if shapes.dashed else ""}/>'
                out.append((about(x, y, 2 * around, 2 * around), ring))
            text = plain(name.say(lang) or name.zh)
            wide, gap = width_of(text, size), around + size * 0.3
            places = ((x + gap + wide / 2, y), (x - gap - wide / 2, y), (x, y - gap - size * 0.6), (x, y + gap + size * 0.6))
            boxes = [(about(at, up, wide, size * 1.2), at, up) for at, up in places]
            box, at, up = next((held for held in boxes if held[0].within(window.width_mm, window.height_mm) and not held[0].touches(full)), boxes[0])
            full.append(box)
            out.append((box, written(text, at, up, size, colour=escape(colour))))
    return out


def _dash(window: Window, line: float, gap: float) -> str:
    """Return the attribute of a dashed stroke, its parts in pixels of the browser's map."""
    return f' stroke-dasharray="{window.px(line):.2f} {window.px(gap):.2f}"'


def _shapes(shapes: Shapes, window: Window) -> Iterator[str]:
    """Yield shapes as one path a colour and opacity, in the order these first come."""
    width = shapes.width_pt * 25.4 / 72 * window.grow
    geometry = shapes.frame.geometry.to_numpy()
    paints = pd.Series(list(zip(shapes.colours, (float(o) for o in shapes.opacities), strict=True)), dtype=object)
    for colour, opacity in dict.fromkeys(paints):
        mine = geometry[(paints == (colour, opacity)).to_numpy(dtype=bool)] if len(paints) else geometry
        points = [shape for shape in mine if shape is not None and shape.geom_type == "Point"]
        path = window.path([shape for shape in mine if shape is not None and shape.geom_type != "Point"])
        areas = shapes.filled and any(shape is not None and "Polygon" in shape.geom_type for shape in mine)
        dash = _dash(window, 7, 5) if shapes.dashed else ""
        paint = (f'fill="{escape(colour)}" fill-opacity="{opacity:g}"' if areas else
                 f'fill="none" stroke="{escape(colour)}" stroke-opacity="{opacity:g}" stroke-width="{width:.2f}" stroke-linejoin="round"{dash}')
        yield f'<path d="{path}" {paint}/>' if path else ""
        dots = f'fill="{escape(colour)}"' if shapes.filled else f'fill="none" stroke="{escape(colour)}" stroke-width="{width:.2f}"'
        spots = "".join('<circle cx="{:.2f}" cy="{:.2f}" r="{:.2f}"/>'.format(*window.at(point), max(width, 0.5)) for point in points)
        yield f'<g {dots} opacity="{opacity:g}">{spots}</g>' if spots else ""


class _Sites:
    """The sites of one map, each with where it stands and how sure that is."""

    def __init__(self, picture: MapPicture, window: Window) -> None:
        self.window, self.faded = window, picture.faded
        known = every_layer()
        told = picture.sites[picture.sites.geometry.notna() & ~picture.sites.geometry.is_empty & picture.sites["layer"].isin(known)]
        seen = shapely.box(*window.seen(0.0))
        counts = told["layer"].value_counts()
        proposed = told.loc[told["location_class"].map(WAYS.get) == "proposed", "layer"].value_counts()
        self.close = {str(key) for key, number in proposed.items() if number > CLOSE}
        self.rows: list[tuple[Layer, Way, BaseGeometry, tuple[float, float], float, str, bool]] = []
        order = sorted(zip(told["layer"], told["location_class"], told.geometry, told["uncertainty_m"], strict=True), key=lambda row: -known[row[0]].order)
        for key, sure, shape, doubt, in order:
            if shape.intersects(seen):
                self.rows.append((known[key], WAYS.get(sure, "solid"), shape, window.at(middle(shape)), float(doubt) if pd.notna(doubt) else 0.0,
                                  str(sure), int(counts[key]) > MANY))

    def small(self, layer: Layer, way: Way) -> bool:
        """Tell whether so many of these stand close together that each is a bare outline."""
        return way == "proposed" and layer.key in self.close

    def side(self, layer: Layer, way: Way) -> float:
        """Return the side of a symbol in millimetres."""
        return self.window.px(SYMBOL_PX * (1.2 if way in {"solid", "area"} else _SMALL if self.small(layer, way) else 1.0))

    def boxes(self, *, demo: bool) -> list[Box]:
        """Return where the symbols stand."""
        return [about(x, y, self.side(layer, way), self.side(layer, way)) for layer, way, _, (x, y), _, sure, _ in self.rows if _under(way, sure) == demo]

    def definitions(self) -> str:
        """Return each symbol once, to be used by its name."""
        used = {(layer.key, way): (layer, way) for layer, way, *_ in self.rows}
        made = "".join(f'<g id="{key}-{way}">{symbol(layer.style, way, small=self.small(layer, way))}</g>' for (key, _), (layer, way) in used.items())
        return f"<defs>{made}</defs>"

    def pale(self, layer: Layer) -> str:
        """Return the attribute of a layer that is not fully drawn."""
        return f' opacity="{self.faded[layer.key]:g}"' if layer.key in self.faded else ""

    def symbols(self, *, demo: bool) -> Iterator[str]:
        """Yield the symbols, the legend's first layer on top."""
        for layer, way, _, (x, y), _, sure, many in self.rows:
            if _under(way, sure) != demo:
                continue
            pale = self.pale(layer)
            if many:
                yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{self.window.px(4):.2f}" fill="{layer.style.colour}" stroke="{HALO}" stroke-width="{self.window.px(1.2):.2f}"{pale}/>'
            else:
                yield f'<use href="#{layer.key}-{way}" transform="translate({x:.2f} {y:.2f}) scale({self.side(layer, way) / UNITS:.4f})"{pale}/>'

    def outlines(self, *, demo: bool) -> Iterator[str]:
        """Yield lines, areas and the discs within which an approximate place lies."""
        px = self.window.px
        for layer, way, shape, (x, y), doubt, sure, _ in self.rows:
            if (way == "demo") != demo:
                continue
            c, pale = layer.style.colour, self.pale(layer)
            if way == "area" and shape.geom_type == "Point" and doubt:
                yield (f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{doubt * self.window.mm_per_m:.2f}" fill="{c}" fill-opacity="0.06" stroke="{c}" '
                       f'stroke-width="{px(1.4):.2f}" stroke-dasharray="{px(6):.2f} {px(5):.2f}"{pale}/>')
            path = self.window.path([shape]) if shape.geom_type != "Point" else ""
            if not path:
                continue
            lines = "LineString" in shape.geom_type
            rough = lines and sure != "surveyed" and doubt > _ROUGH_M
            dash = (7, 5) if way == "demo" and lines else (14, 6) if rough else (1, 6) if way == "demo" else (8, 5) if way in {"area", "proposed"} else ()
            told = f' stroke-dasharray="{" ".join(f"{px(part):.2f}" for part in dash)}"' if dash else ""
            cap = "butt" if way == "demo" or rough else "round"
            if lines:
                yield f'<path d="{path}" fill="none" stroke="{HALO}" stroke-opacity="0.85" stroke-width="{px(7):.2f}" stroke-linecap="round"{pale}/>'
            yield (f'<path d="{path}" fill="{"none" if lines else c}" fill-opacity="0.16" stroke="{c}" stroke-width="{px(3.5 if lines else 1.8):.2f}" '
                   f'stroke-linecap="{cap}"{told}{pale}/>')


def _under(way: Way, sure: str) -> bool:
    """Tell whether a symbol stands for no real place, so that names of places are written over it."""
    return way == "demo" or sure == REHEARSAL


def middle(shape: BaseGeometry) -> BaseGeometry:
    """Return where a site's symbol stands: the point, the middle of the line, a point inside the area."""
    if shape.geom_type == "Point":
        return shape
    if "LineString" in shape.geom_type:
        longest = max(shapely.get_parts(shape), key=lambda line: float(line.length))
        return longest.interpolate(0.5, normalized=True)
    return shape.representative_point()
