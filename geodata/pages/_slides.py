"""A slide as the page's script takes it: plain texts in the visit's language, its map by an address that carries its hash."""

from base64 import b64encode
from collections.abc import Hashable, Mapping
from typing import Any, Final

from geodata import numerals
from geodata.deck import Cell, Chart, LegendEntry, MapPicture, Slide, Table
from geodata.district import District
from geodata.drawing import blob
from geodata.glyphs import FAMILY
from geodata.plate_ground import ground_legend
from geodata.plate_symbols import legend_mark
from geodata.plates import map_svg
from geodata.serving import BLOBS
from geodata.telling import TOTAL
from geodata.walking import Kept
from layers import Lang, Text

MAP_MM: Final = (150.0, 144.0)
"""The map's part of a slide of 338.7 x 190.5 mm."""
GROW: Final = 1.35
"""Symbols and names are read across a room."""
_ELSE: Final = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, sans-serif"
DRAWN: Final = Kept(most_bytes=64 * 2**20)
"""Maps drawn before, for all visitors."""


def payload(slide: Slide, district: District, lang: Lang, key: Hashable) -> dict[str, Any]:
    """Return what the script shows of a slide, save what is the user's own.

    Args:
        slide: worded and counted.
        district: the ground of its map.
        lang: language of every text.
        key: decides the slide; equal keys have equal maps.
    """
    return {
        "kind": slide.kind, "title": {"zh": slide.title.zh, "en": slide.title.en}, "demo": slide.demonstration,
        "sentences": [_no_break(text.say(lang)) for text in slide.sentences],
        "map": _map(slide, district, lang, key), "table": _table(slide.table, lang) if slide.table else None,
        "chart": _chart(slide.chart, lang) if slide.chart else None,
        "note": slide.class_note.say(lang) if slide.class_note else "", "sources": [text.say(lang) for text in slide.sources],
    }


def _map(slide: Slide, district: District, lang: Lang, key: Hashable) -> dict[str, Any] | None:
    """Return the address of a map's picture and its legend."""
    if slide.map is None:
        return None
    picture = slide.map
    svg, scale = DRAWN.get(("slide map", key, lang), lambda: _drawn(picture, district, lang), lambda made: len(made[0]))
    name = blob(svg, ".svg")
    BLOBS.publish(name, svg)
    legend = [_entry(entry, lang) for entry in picture.legend]
    ground = [_entry(entry, lang) for entry in ground_legend(district)]
    alt = "; ".join(f"{entry['name']} {entry['count']}".strip() for entry in legend or ground)
    return {"url": f"blob/{name}", "alt": alt, "legend": legend, "ground": ground, "scale": f"1:{scale:,}"}


def _drawn(picture: MapPicture, district: District, lang: Lang) -> tuple[bytes, int]:
    """Draw a map whose names are set in whatever font of the kind the visitor's machine has."""
    svg, scale = map_svg(picture, district, width_mm=MAP_MM[0], height_mm=MAP_MM[1], lang=lang, grow=GROW)
    return svg.replace(f'font-family="{FAMILY}"'.encode(), f'font-family="{FAMILY}, {_ELSE}"'.encode()), scale


def _entry(entry: LegendEntry, lang: Lang) -> dict[str, str]:
    """Return one line of a legend, its mark as a picture."""
    mark = b64encode(legend_mark(entry)).decode("ascii")
    return {"mark": f"data:image/svg+xml;base64,{mark}", "name": entry.name.say(lang), "count": "" if entry.count is None else f"{entry.count:,}"}


def _table(table: Table, lang: Lang) -> dict[str, Any]:
    """Return a table with its cells as they are read."""
    return {"title": table.title.say(lang), "headings": [text.say(lang) for text in table.headings], "numeric": list(table.numeric), "total": bool(table.rows) and table.rows[-1][0] == TOTAL,
            "rows": [[_cell(cell, digits, lang) for cell, digits in zip(row, table.digits, strict=True)] for row in table.rows]}


def _cell(cell: Cell, digits: int, lang: Lang) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, Text):
        return cell.say(lang)
    return cell if isinstance(cell, str) else f"{cell:,.{digits}f}"


def _chart(chart: Chart, lang: Lang) -> dict[str, Any]:
    """Return a chart with each value as a number and as it is read."""
    def read(value: float | None) -> str:
        return numerals.share(value) if chart.percent else "—" if value is None else f"{value:,.4g}" if value % 1 else f"{value:,.0f}"

    return {"title": chart.title.say(lang), "kind": chart.kind, "unit": chart.unit.say(lang), "percent": chart.percent,
            "categories": [text.say(lang) for text in chart.categories],
            "series": [{"name": name.say(lang), "values": list(values), "labels": [read(value) for value in values]} for name, values in chart.series]}


def waiting(share: float, said: Text, lang: Lang) -> Mapping[str, Any]:
    """Return what stands in the place of a slide that is still worked out."""
    return {"waiting": round(min(1.0, max(0.0, share)), 3), "said": said.say(lang)}


def _no_break(text: str) -> str:
    return text.replace(" %", "\u00a0%")
