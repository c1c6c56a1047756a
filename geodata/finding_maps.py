"""The maps of a coverage report: the same squares, classes and symbols as on the coverage page."""

from typing import Final

import geopandas as gpd
import pandas as pd

from geodata import classing
from geodata.changes import CloseStreet, OpenRoad
from geodata.deck import LegendEntry, MapPicture, Shapes
from geodata.findings import Findings, LayerFound
from geodata.numerals import metres
from layers import Text

_OPENED: Final = "#7a1fa2"
_CLOSED: Final = "#b3261e"


def layer_map(found: Findings, one: LayerFound) -> MapPicture:
    """Return the map of one layer: people by their walk, located sites, demo sites of draw 1."""
    district = found.district
    held = classing.classed(one.walks, list(district.demand["demand_id"]), one.metres)
    palette = classing.palette()
    paints = [palette[ord(code) - ord("0")] or {} for code in held.values]
    base = one.metres or classing.DEFAULT_M
    steps = {"half": metres(base / 2), "metres": metres(base), "twice": metres(2 * base)}
    cells = [_entry(row, found, drawn=one.drawn) for row in classing.legend(held, one.metres, steps)]
    shapes = Shapes(classing.cells(district), [str(paint["fillColor"]) for paint in paints], [float(paint["fillOpacity"]) for paint in paints])
    return MapPicture(_sites(one), (shapes,), (*_site_entries(found, one), *cells), None, found.demonstration)


def change_map(found: Findings, layer: str) -> MapPicture | None:
    """Return the map of what the scenario changes for one layer: people by how much nearer, the roads opened and closed."""
    if found.comparison is None:
        return None
    points = found.comparison.gains[found.comparison.gains["layer"] == layer]
    if not len(points):
        return None
    district = found.district
    held = classing.differences(points, list(district.demand["demand_id"]))
    palette = classing.difference_palette()
    paints = [palette[ord(code) - ord("0")] for code in held.values]
    shapes = [Shapes(classing.cells(district), [str(paint["fillColor"]) for paint in paints], [float(paint["fillOpacity"]) for paint in paints])]
    own = next((one for one in found.layers if one.layer.key == layer), None)
    entries = [_entry(row, found, drawn=own is not None and own.drawn) for row in classing.difference_legend(held)]
    for kind, colour, name in ((OpenRoad, _OPENED, Text("打通的道路", "roads opened")), (CloseStreet, _CLOSED, Text("封闭的街道", "streets closed"))):
        lines = [getattr(change, "line", None) or getattr(change, "shape", None) for change in found.asked.changes if isinstance(change, kind)]
        if lines:
            frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(lines, crs=district.metric_crs), crs=district.metric_crs)
            shapes.append(Shapes(frame, [colour] * len(lines), [1.0] * len(lines), filled=False, width_pt=3.0))
            entries.insert(0, LegendEntry(name, "line", colour, count=len(lines)))
    sites = found.district.sites.iloc[:0] if own is None else _sites(own)
    return MapPicture(sites, tuple(shapes), (*(_site_entries(found, own) if own else ()), *entries), None, found.demonstration)


def _sites(one: LayerFound) -> gpd.GeoDataFrame:
    """Return the sites a map shows: the located ones and, as drawn, the demo sites."""
    if one.demo is None or not one.drawn:
        return one.sites
    both = pd.concat([one.sites, one.demo], ignore_index=True) if len(one.sites) else one.demo
    return gpd.GeoDataFrame(both, geometry="geometry", crs=one.demo.crs)


def _site_entries(found: Findings, one: LayerFound) -> tuple[LegendEntry, ...]:
    """Return the legend's lines of the sites."""
    style = one.layer.style
    located = LegendEntry(Text("{name}，已落位", "{name}, located").format(name=one.layer.name), "point", style.colour, style.colour, style.shape, style.letter, count=len(one.sites))
    demo = len(one.demo) if one.demo is not None else 0
    entries = [located] if len(one.sites) or not demo else []
    if demo:
        entries.append(LegendEntry(Text("{name}示意点：{draws} 次抽样中的第 1 次，不代表选址", "{name}: demo sites, draw 1 of {draws}, not chosen places").format(name=one.layer.name, draws=found.asked.question.draws),
                                   "point", style.colour, None, style.shape, style.letter, dashed=True, count=demo))
    return tuple(entries)


def _entry(row: dict[str, object], found: Findings, *, drawn: bool) -> LegendEntry:
    """Return a class of the legend with the people it holds, as the page has it; of demo sites it says that one draw is counted."""
    units = {"people": Text("人", "people"), "buildings": Text("栋", "buildings"), "street_metres": Text("米", "m")}
    zh, en, people, part = (str(row[name]).replace(" %", "\u00a0%") for name in ("zh", "en", "people", "share"))
    unit = units[found.district.demand_unit]
    draw = Text("，第 1 次抽样", ", draw 1") if drawn else Text("", "")
    return LegendEntry(Text(f"{zh}：{people} {unit.zh}（{part}{draw.zh}）", f"{en}: {people} {unit.en} ({part}{draw.en})"), "area", str(row["colour"]), str(row["colour"]))
