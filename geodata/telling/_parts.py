"""What the slides of several pages are made of: legends, notes on how sure places are, sources, coloured squares."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import cos, isfinite, radians
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import classing, numerals
from geodata.crs import from_wgs84
from geodata.deck import Cell, LegendEntry, Shapes, Table
from geodata.district import SITE_COLUMNS, District, Source
from geodata.picturing import legend_note
from geodata.standins import stand_ins
from geodata.telling._form import Work
from geodata.wording import PART_NAMES, WHO
from layers import Text

NOTHING: Final = Text("", "")
TOTAL: Final = Text("合计", "Total")
"""What the last row of a table of sums is called."""
MOST_ROWS: Final = 12
"""So many rows of a table can be read across a room."""
MOST_BESIDE: Final = 7
"""So many where the table stands beside a map."""
_DEEPER: Final = {"people": Text("颜色越深人越多", "stronger where more people live")}
_DEEPER_OTHER: Final = Text("颜色越深需求越多", "stronger where there is more")
"""Of the squares of one class: where the demand counts people, and where it counts what stands for them."""
_WIDEST_DEG: Final = 5.0
_WINDOW_PX: Final = (1000.0, 640.0)
"""The map column of a usual window: what stood in it where an address tells the centre alone."""
_EQUATOR_M: Final = 156_543.034
"""Metres a pixel at the equator and zoom 0 (web Mercator, 256-pixel tiles)."""


def joined(texts: Iterable[Text], *, zh: str = "", en: str = " ") -> Text:
    """Return wordings one after the other."""
    held = list(texts)
    return Text(zh.join(text.zh for text in held), en.join(text.en for text in held))


def sources_of(district: District, *parts: str) -> tuple[Text, ...]:
    """Return what a slide rests on: a line for each part of the district's data that is named and known; positions with their date."""
    def dated(source: Source) -> Text:
        return Text("{title}（{date}）", "{title} ({date})").format(title=source.title, date=source.date) if source.part == "sites" and source.date else source.title

    return tuple(Text("{part}：{title}", "{part}: {title}").format(part=PART_NAMES.get(source.part, Text(source.part, source.part)), title=dated(source))
                 for part in parts for source in district.sources if source.part == part)


def document_of(district: District) -> tuple[Text, ...]:
    """Return the report that the promises are quoted from, by its whole title."""
    told = district.document
    if not told.get("title"):
        return sources_of(district, "ledger")
    beside = "，".join(told[name] for name in ("publisher", "date") if told.get(name))
    return (Text(f"承诺：{told['title']}（{beside}）", f"Promises: {told['title']} ({beside})"),)


def drawn(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the sites that have a place, with the columns of a map."""
    there = sites.geometry.notna() & ~sites.geometry.is_empty
    found: gpd.GeoDataFrame = sites.loc[there.to_numpy(bool), [*SITE_COLUMNS, "geometry"]].reset_index(drop=True)
    return found


def together(sites: gpd.GeoDataFrame, more: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return two frames of sites as one."""
    if not len(sites) or not len(more):
        return sites if len(sites) else more
    return gpd.GeoDataFrame(pd.concat([sites, more], ignore_index=True), geometry="geometry", crs=sites.crs)


def demo_sites(district: District, layers: Sequence[str], *, seed: int, status: Sequence[str] = ()) -> gpd.GeoDataFrame:
    """Return the demo sites of draw 1 of some layers, none on real streets."""
    every = stand_ins(district, draw=1, seed=seed, status=status)
    return every[every["layer"].isin(layers)]


def which_draw(draws: int | None) -> list[Text]:
    """Return which of several draws of the demo sites a map shows; nothing where it shows none, or the only one."""
    return [Text(f"图和图例为 {draws} 次抽样中的第 1 次，以区间为准。", f"Map and legend show draw 1 of {draws}; what counts is the range.")] if draws is not None and draws > 1 else []


def cell_shapes(district: District, held: classing.Classed, palette: Sequence[Mapping[str, Any] | None]) -> Shapes:
    """Return the demand coloured by its classes, as the page's map colours it."""
    styles = [palette[ord(letter) - 48] or {} for letter in held.values]
    colours = [str(style.get("fillColor", "#8d959a")) for style in styles]
    return Shapes(classing.cells(district)[["geometry"]], colours, [float(style.get("fillOpacity", 0.0)) for style in styles], width_pt=0.0)


def bounds_of(asked: Mapping[str, str], district: District) -> tuple[float, float, float, float] | None:
    """Return what the page's map showed, west, south, east, north in the metric CRS; None where it showed the whole district.

    Args:
        asked: `box` holds west, south, east, north in degrees, as the button that keeps a view writes them; `v` latitude, longitude
            and zoom, as in a link.
        district: whose CRS.
    """
    box = _numbers(asked.get("box", ""), 4)
    if box is not None:
        west, south, east, north = box
        if -180 <= west < east <= 180 and -85 < south < north < 85 and max(east - west, north - south) <= _WIDEST_DEG:
            x, y = from_wgs84(np.array([west, east, west, east]), np.array([south, south, north, north]), district.metric_crs)
            return float(x.min()), float(y.min()), float(x.max()), float(y.max())
    view = _numbers(asked.get("v", ""), 3)
    if view is None or not (abs(view[0]) < 85 and abs(view[1]) <= 180 and 5 <= view[2] <= 22):
        return None
    lat, lon, zoom = view
    across, up = (float(value[0]) for value in from_wgs84(np.array([lon]), np.array([lat]), district.metric_crs))
    metres = _EQUATOR_M * cos(radians(lat)) / 2**zoom
    wide, high = (side * metres / 2 for side in _WINDOW_PX)
    return (across - wide, up - high, across + wide, up + high)


def _numbers(text: str, many: int) -> list[float] | None:
    """Return so many numbers parted by commas, or None."""
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    return found if len(found) == many and all(map(isfinite, found)) else None


def readable(table: Table, *, most: int, last: int = 0) -> Table:
    """Return a table cut to what can be read, the `last` rows kept; a row says how many are left out."""
    over = len(table.rows) - most
    if over <= 0:
        return table
    left: tuple[Cell, ...] = (Text(f"另有 {over + 1} 行未列出", f"{over + 1} more rows not shown"), *((NOTHING,) * (len(table.headings) - 1)))
    end = len(table.rows) - last
    return replace(table, rows=(*table.rows[:most - last - 1], left, *table.rows[end:]))


def walk_legend(district: District, held: classing.Classed, metres: float | None, *, mixed: bool = False) -> tuple[LegendEntry, ...]:
    """Return the classes of the walk, each with its share; `mixed` where each layer is held to a standard of its own."""
    base = metres or classing.DEFAULT_M
    steps = {"half": numerals.metres(base / 2), "metres": numerals.metres(base), "twice": numerals.metres(2 * base)}
    lines = (_class_line(district, told, Text("步行 {what}，{who}\u00a0{share}", "walk {what}: {share} of {who}")) for told in classing.legend(held, metres, steps, mixed=mixed))
    return (*lines, legend_note(_DEEPER.get(district.demand_unit, _DEEPER_OTHER)))


def difference_legend(district: District, held: classing.Classed) -> tuple[LegendEntry, ...]:
    """Return the classes of what a change brings, each with its share; of whom, the last one says: a slide of roads has little room."""
    *most, last = classing.difference_legend(held)
    short, whole = Text("{what}，{share}", "{what}: {share}"), Text("{what}，{who}\u00a0{share}", "{what}: {share} of {who}")
    return (*(_class_line(district, told, short) for told in most), _class_line(district, last, whole))


def _class_line(district: District, told: Mapping[str, Any], said: Text) -> LegendEntry:
    name = said.format(what=Text(told["zh"], told["en"]), who=WHO[district.demand_unit], share=told["share"].replace(" %", "\u00a0%"))
    return LegendEntry(name, "area", told["colour"], told["colour"])


def part_of(work: Work, start: float, share: float) -> Callable[[float], None]:
    """Return a progress that tells a share of the whole."""
    return lambda done: work.share(start + share * done)
