"""What a filter shows, as a map before it is drawn: the sites, the legend with its counts, how sure the places are."""

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.deck import LegendEntry, MapPicture
from geodata.district import LOCATED_CLASSES, LOCATION_CLASSES, District
from geodata.numerals import several
from geodata.plate_symbols import INSIDE, MUTED, REHEARSAL, WAYS, mixed
from geodata.selecting import Selection, selected
from layers import Layer, Text, every_layer

WAY_NAMES: Final[Mapping[str, Text]] = {
    "solid": Text("{name}", "{name}"),
    "area": Text("{name}（大致范围）", "{name} (approximate)"),
    "proposed": Text("{name}（建议）", "{name} (proposed)"),
    REHEARSAL: Text("{name}（演练点）", "{name} (rehearsal sites)"),
    "demo": Text("{name}（示意点）", "{name} (demo sites)"),
}
"""What a layer is called in a legend, by how sure the places of that line are."""
_CLASSES: Final[Mapping[str, Text]] = dict(zip(LOCATION_CLASSES, (
    Text("实测 {n} 项", "{n} surveyed"), Text("按地址 {n} 项", "{n} by address"), Text("在所名道路上 {n} 项", "{n} on the named street"),
    Text("大致范围 {n} 项", "{n} approximate"), Text("建议 {n} 项", "{n} proposed"), Text("待落位 {n}，不在图上", "{n} not yet located and not on the map"),
    Text("示意点 {n} 处，随机抽取，不对应任何项目", "demo sites: {n}, drawn at random, standing for no project"),
), strict=True))
_LOCATED: Final = Text("已落位 {n} 项（{ways}）", "{n} located ({ways})")
_BESIDE: Final = Text("{places}（另有{more}）", "{places} (and {more})")
_NAMED: Final = Text("具名项目 {n} 项", "{n} named")
_OTHER_UNITS: Final = Text("户、桩等 {n} 项", "{n} in households or piles")
_BOTH: Final = Text("具名项目与户、桩等 {n} 项", "{n} named or in households or piles")
_REHEARSED: Final = Text("演练点 {n} 处，不计入建议", "rehearsal sites: {n}, not counted as proposed")
_PART: Final = Text("数量为全区，图上只见一部分", "counts are of the whole district, of which the map shows a part")
_NONE: Final = Text("图上没有项目点位。", "No site is shown.")
_YEAR: Final = Text("{year} 年：", "{year}: ")
_EXISTING: Final = Text("现有设施：", "Existing facilities: ")


def picture_of_sites(district: District, selection: Selection, *, bounds: tuple[float, float, float, float] | None = None) -> MapPicture:
    """Return the map of what a filter shows, its legend counted.

    Args:
        district: whose sites.
        selection: layers, filters and whether demo sites are shown; as for a download.
        bounds: west, south, east, north in the district's metric CRS; None is the whole district.

    Raises:
        Unknown: the selection names what does not exist.
    """
    return picture_of(district, selected(district, selection), bounds=bounds)


def picture_of(district: District, sites: gpd.GeoDataFrame, *, bounds: tuple[float, float, float, float] | None = None) -> MapPicture:
    """Return the map of sites that are chosen already, columns SITE_COLUMNS in the metric CRS."""
    return MapPicture(sites, (), site_legend(sites, bounds), bounds, district.is_sketch)


def site_legend(sites: gpd.GeoDataFrame, bounds: tuple[float, float, float, float] | None = None) -> tuple[LegendEntry, ...]:
    """Return the legend of sites that have a place: one line a layer and a way it is drawn, in legend order, counted.

    Where some of them lie outside `bounds`, what the map shows, a line says that they are counted too.
    """
    placed = sites[sites.geometry.notna() & ~sites.geometry.is_empty]
    ways = placed["location_class"].map(lambda sure: sure if sure == REHEARSAL else WAYS.get(sure, "solid"))
    counts = placed.groupby([placed["layer"], ways]).size()
    beyond = bounds is not None and not placed.geometry.intersects(shapely.box(*bounds)).all()
    return (*(legend_entry(layer, way, int(counts[layer.key, way])) for layer in every_layer().values() for way in WAY_NAMES if (layer.key, way) in counts.index),
            *((legend_note(_PART),) if beyond else ()))


def legend_note(told: Text) -> LegendEntry:
    """Return a line of a legend that speaks of the map as a whole."""
    return LegendEntry(told, "note", MUTED)


def legend_entry(layer: Layer, way: str, count: int | None = None) -> LegendEntry:
    """Return one line of a legend: a layer drawn in one of the ways."""
    style = layer.style
    fill = {"solid": style.colour, "area": mixed(style.colour, 0.26, INSIDE)}.get(way)
    return LegendEntry(WAY_NAMES[way].format(name=layer.name), "point", style.colour, fill, style.shape, style.letter, dashed=way == "demo", count=count)


def by_year(sites: gpd.GeoDataFrame) -> list[tuple[Text, gpd.GeoDataFrame]]:
    """Return sites that are no demo sites by the year they belong to, the latest first, then existing facilities.

    Results of one year and promises of another are never added up.
    """
    known = sites[sites["location_class"] != "stand_in"]
    existing = known["origin"] == "existing"
    years = known["year"].where(~existing)
    held = [(_YEAR.format(year=year), known[(years == year).fillna(value=False).astype(bool)]) for year in sorted({int(y) for y in years.dropna()}, reverse=True)]
    undated = known[years.isna() & ~existing]
    held += [(Text("", ""), undated)] if len(undated) else []
    return held + ([(_EXISTING, known[existing])] if existing.any() else [])


def class_note(district: District, sites: gpd.GeoDataFrame) -> Text:
    """Return how sure the places of sites are, in one line, each year by itself: how many are located and in which way, how many are not.

    What has no place yet is told as the ledger counts it: places, apart from them named projects without a number and what counts households or piles.
    """
    said = [Text(head.zh + "；".join(part.zh for part in parts), head.en + "; ".join(part.en for part in parts))
            for head, own in by_year(sites) if (parts := _classes(own, district.ledger))]
    demo = int((sites["location_class"] == "stand_in").sum())
    said += [_CLASSES["stand_in"].format(n=demo)] if demo else []
    rehearsed = int((sites["location_class"] == REHEARSAL).sum())
    said += [_REHEARSED.format(n=rehearsed)] if rehearsed else []
    return Text("。".join(part.zh for part in said) + "。", ". ".join(part.en for part in said) + ".") if said else _NONE


def _classes(sites: gpd.GeoDataFrame, ledger: pd.DataFrame) -> list[Text]:
    """Return how many of sites there are of each location class, surest first."""
    counts = sites["location_class"].value_counts()
    told = {key: int(counts.get(key, 0)) for key in LOCATION_CLASSES}
    located = sum(told[key] for key in LOCATED_CLASSES)
    ways = [_CLASSES[key].format(n=f"{told[key]:,}") for key in LOCATED_CLASSES if told[key]]
    parts = [_LOCATED.format(n=f"{located:,}", ways=Text("，".join(way.zh for way in ways), ", ".join(way.en for way in ways)))] if located else []
    parts += [_CLASSES["proposed"].format(n=f"{told['proposed']:,}")] if told["proposed"] else []
    return parts + ([_CLASSES["unlocated"].format(n=_waiting(sites[sites["location_class"] == "unlocated"], ledger))] if told["unlocated"] else [])


def _waiting(sites: gpd.GeoDataFrame, ledger: pd.DataFrame) -> Text:
    """Return how many sites have no place yet: those that the promised places count, and beside them those that no number of places holds."""
    apart = [0, 0]
    if "unit_is_place" in ledger.columns:
        place, known = ledger["unit_is_place"].astype(bool), ledger["quantity"].notna()
        apart = [int(sites["commitment"].isin(ledger.loc[rows, "id"]).sum()) for rows in (place & ~known, ~place)]
    places, more = len(sites) - sum(apart), (_BOTH if all(apart) else _NAMED if apart[0] else _OTHER_UNITS).format(n=f"{sum(apart):,}")
    told = Text(f"{places:,} 处", several(places, "place"))
    return told if not sum(apart) else _BESIDE.format(places=told, more=more) if places else more
