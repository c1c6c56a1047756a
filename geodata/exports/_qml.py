"""A layer's style as QGIS reads it (QML): colour, shape and letter of the legend, one class for each kind of position."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from geodata.district import LOCATION_CLASSES
from geodata.exports._wordings import CLASS_NAMES
from layers import Lang, Layer

Kind = Literal["point", "line", "area"]
_SYMBOL_TYPES: Final[Mapping[Kind, str]] = {"point": "marker", "line": "line", "area": "fill"}
_GEOMETRY_TYPES: Final[Mapping[Kind, str]] = {"point": "0", "line": "1", "area": "2"}
_MARKERS: Final = {"cross": "cross_fill", "line": "square"}
"""QGIS names of our shapes where they differ; a line layer's point is a square."""
_WHITE: Final = "255,255,255,255"
_SIZES_MM: Final = {"triangle": 6.4, "star": 8.0, "cross": 7.0, "diamond": 6.0}
"""Shapes with little room inside are drawn larger, so that the letter can be read."""
_SIZE_MM: Final = 4.8
_LETTER_DOWN_MM: Final = {"triangle": "0.9", "star": "0.3"}
_HEAD: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"

Settings = dict[str, str]


def qml(layer: Layer, kind: Kind, lang: Lang) -> str:
    """Return the style document of `layer` for a table of one geometry kind.

    Solid: the place is known; pale: only its area; ringed: proposed; hollow and dashed: a demo site.
    """
    root = ET.Element("qgis", version="3.28.0", styleCategories="Symbology|Labeling", labelsEnabled="0")
    renderer = ET.SubElement(root, "renderer-v2", type="categorizedSymbol", attr="location_class", symbollevels="0",
                             enableorderby="0", forceraster="0", referencescale="-1")
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for number, key in enumerate(LOCATION_CLASSES):
        ET.SubElement(categories, "category", value=key, symbol=str(number), type="string", render="true",
                      label=f"{layer.name.say(lang)} · {CLASS_NAMES[key].say(lang)}")
        symbol = ET.SubElement(symbols, "symbol", type=_SYMBOL_TYPES[kind], name=str(number), alpha="1", clip_to_extent="1", force_rhr="0")
        for what, settings in _drawn(layer, kind, key):
            _symbol_layer(symbol, what, settings)
    ET.SubElement(root, "blendMode").text = "0"
    ET.SubElement(root, "layerGeometryType").text = _GEOMETRY_TYPES[kind]
    return _HEAD + ET.tostring(root, encoding="unicode")


def _symbol_layer(symbol: ET.Element, what: str, settings: Settings) -> None:
    """Write one layer of a symbol; as options for QGIS 3.18 and later, and as properties for earlier ones."""
    element = ET.SubElement(symbol, "layer", attrib={"class": what, "pass": "0", "locked": "0", "enabled": "1"})
    options = ET.SubElement(element, "Option", type="Map")
    for name, value in sorted(settings.items()):
        ET.SubElement(options, "Option", name=name, type="QString", value=value)
    for name, value in sorted(settings.items()):
        ET.SubElement(element, "prop", k=name, v=value)


def _drawn(layer: Layer, kind: Kind, location_class: str) -> Iterator[tuple[str, Settings]]:
    """Yield the symbol's layers, bottom first."""
    ink = _rgba(layer.style.colour)
    demo, rough, proposed = (location_class == key for key in ("stand_in", "area", "proposed"))
    fill = _rgba(layer.style.colour, 0 if demo else 90 if rough else 255)
    outline = "dash" if demo or rough else "solid"
    if kind == "line":
        yield "SimpleLine", {"line_color": ink, "line_style": outline, "line_width": "1.2" if not demo else "0.8",
                             "line_width_unit": "MM", "capstyle": "round", "joinstyle": "round"}
        return
    if kind == "area":
        yield "SimpleFill", {"color": _rgba(layer.style.colour, 0 if demo else 70), "style": "no" if demo else "solid",
                             "outline_color": ink, "outline_style": outline, "outline_width": "0.6", "outline_width_unit": "MM",
                             "joinstyle": "round"}
        return
    name = _MARKERS.get(layer.style.shape, layer.style.shape)
    marker = {"name": name, "angle": "0", "size_unit": "MM", "outline_width_unit": "MM", "scale_method": "diameter",
              "horizontal_anchor_point": "1", "vertical_anchor_point": "1", "offset": "0,0", "offset_unit": "MM", "joinstyle": "round"}
    size = _SIZES_MM.get(layer.style.shape, _SIZE_MM)
    if proposed:
        yield "SimpleMarker", marker | {"color": _WHITE, "outline_color": ink, "outline_style": "solid", "outline_width": "0.5", "size": f"{size + 1.6:g}"}
    yield "SimpleMarker", marker | {"color": fill, "outline_color": _WHITE if not demo and not rough else ink, "outline_style": outline,
                                    "outline_width": "0.5" if demo else "0.3", "size": f"{size:g}"}
    if layer.style.shape == "cross":  # QGIS's is too slender to hold a letter
        return
    yield "FontMarker", {"chr": layer.style.letter, "color": ink if demo or rough else _WHITE, "font": "Microsoft YaHei",
                         "size": "2.4", "size_unit": "MM", "angle": "0", "offset": f"0,{_LETTER_DOWN_MM.get(layer.style.shape, '0')}", "offset_unit": "MM",
                         "outline_width": "0", "outline_width_unit": "MM", "outline_color": ink,
                         "horizontal_anchor_point": "1", "vertical_anchor_point": "1"}


def _rgba(colour: str, alpha: int = 255) -> str:
    """Return `#rrggbb` as QGIS writes colours.

    >>> _rgba("#c62d10")
    '198,45,16,255'
    """
    red, green, blue = (int(colour[i:i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"
