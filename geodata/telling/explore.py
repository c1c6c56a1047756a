"""The map page as a slide: the projects its filter shows, or, with its tray open, which positions are needed from whom."""

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata.deck import Cell, LegendEntry, MapPicture, Shapes, Slide, Table
from geodata.district import LOCATION_CLASSES, ORIGINS, STATUSES, District
from geodata.ledger import GROUPS, UNITS, amount_text, programme_counts, strip_sentence
from geodata.picturing import class_note, site_legend
from geodata.plates import middle
from geodata.selecting import Selection, selected, shown_name, site_kinds
from geodata.telling._form import Teller, Work
from geodata.telling._parts import (
    NOTHING,
    TOTAL,
    bounds_of,
    drawn,
    joined,
    sources_of,
)
from layers import Layer, Text, every_layer

_PICKED: Final = "#1d252c"
_RING: Final = 0.018
"""Radius of the ring around the site picked on the page, as a part of what the map shows."""
_FEW_LAYERS: Final = 2
"""A map of so few layers speaks of them, not of the whole year."""
_NOBODY: Final = Text("待核实", "to be found out")
_NOT_SAID: Final = Text("按部门一般职能推断，报告没有写明由谁提供。", "Inferred from what such offices usually do; the report does not say who provides them.")


def tell(district: District, asked: Mapping[str, str], _work: Work) -> Slide:
    """Show what the filter of the page shows."""
    if asked.get("panel") == "tray" and len(district.ledger):
        return _needed(district, asked)
    keys = layers_of(asked)
    frame = selected(district, selection_of(asked, demo=district.streets_kind == "sketch" and asked.get("demo") != "0"))
    frame = frame[frame["layer"].isin(keys)]
    here = drawn(frame)
    demo = bool((here["location_class"] == "stand_in").any())
    bounds = bounds_of(asked, district)
    ring, told = _picked(district, here[here["id"] == asked.get("sel", "")], bounds)
    picture = MapPicture(here, ring, (*told, *site_legend(here, bounds)), bounds, district.is_sketch, faded_of(asked))
    return Slide("", "map", _heading(keys), demonstration=district.is_sketch, sentences=_said(district, asked, frame, demo=demo), map=picture, class_note=class_note(district, here),
                 sources=sources_of(district, "ledger", "boundary", "streets"))


def layers_of(asked: Mapping[str, str]) -> tuple[str, ...]:
    """Return the layers switched on, those that open the page where the address names none."""
    known = every_layer()
    if "on" not in asked:
        return tuple(key for key, layer in known.items() if layer.opening)
    return tuple(key for key in known if key in asked["on"].split("."))


def selection_of(asked: Mapping[str, str], *, demo: bool = False) -> Selection:
    """Return the filter of the map page's address; what does not exist there is left out."""
    def listed(name: str, known: Mapping[str, object] | tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value for value in asked.get(name, "").split(".") if value in known)

    years = tuple(int(year) for year in asked.get("year", "").split(".") if year.isdecimal())
    return Selection(status=listed("status", STATUSES), years=years, location_classes=listed("class", LOCATION_CLASSES), origins=listed("origin", ORIGINS),
                     groups=listed("group", GROUPS), text=asked.get("q", ""), stand_ins=demo)


def faded_of(asked: Mapping[str, str]) -> dict[str, float]:
    """Return the opacity of the layers that the page draws paler, `op=key:percent.key:percent`."""
    parts = (part.partition(":") for part in asked.get("op", "").split("."))
    return {key: int(percent) / 100 for key, _, percent in parts if key in every_layer() and percent.isdecimal() and int(percent) < 100}


def _picked(district: District, site: gpd.GeoDataFrame, bounds: tuple[float, float, float, float] | None) -> tuple[tuple[Shapes, ...], tuple[LegendEntry, ...]]:
    """Return a ring around the site picked on the page, where it has a place, and its line of the legend."""
    if not len(site):
        return (), ()
    west, south, east, north = bounds or tuple(float(value) for value in district.boundary.total_bounds)
    radius = _RING * max(east - west, north - south)
    ring = gpd.GeoDataFrame(geometry=site.geometry.map(middle).buffer(radius).boundary.reset_index(drop=True), crs=district.metric_crs)
    row = {str(name): value for name, value in site.drop(columns="geometry").iloc[0].items()}
    name = shown_name(row, site_kinds(district.ledger).get(str(row["commitment"])) if len(district.ledger) else None)
    return (Shapes(ring, [_PICKED], [1.0], filled=False, width_pt=2.2),), (LegendEntry(Text("选中：{name}", "Chosen: {name}").format(name=name), "line", _PICKED),)


def _heading(keys: tuple[str, ...]) -> Text:
    names = [every_layer()[key].name for key in keys]
    if 0 < len(names) <= 2:
        return joined(names, zh="、", en=", ")
    return Text("重点项目在哪里", "Where the projects stand")


def _said(district: District, asked: Mapping[str, str], frame: pd.DataFrame, *, demo: bool) -> tuple[Text, ...]:
    """The year's sentence where nothing but the year narrows the map, and what is shown, each year by itself."""
    year = programme_counts(district.ledger, district.sites).year if len(district.ledger) else 0
    narrowed = asked.get("year") not in {None, str(year)} or any(asked.get(name) for name in ("q", "status", "class", "origin", "group"))
    few = len(set(frame["layer"])) <= _FEW_LAYERS
    head = [] if narrowed or few or not year else [strip_sentence(programme_counts(district.ledger, district.sites), demo_sites=demo)]
    return (*head, _shown(frame[(frame["location_class"] != "stand_in") & (frame["origin"] == "programme")]), *_existing(frame))


def _shown(sites: pd.DataFrame) -> Text:
    """What the map shows of the projects of each year; results of one year and promises of another are never added up."""
    told = []
    for year in sorted({int(value) for value in sites["year"].dropna()}, reverse=True):
        own = sites[(sites["year"] == year).fillna(value=False).astype(bool)]
        waiting = int((own["location_class"] == "unlocated").sum())
        told.append(Text("{year} 年已上图 {n} 项、待落位 {w} 项", "of {year} {n} drawn and {w} not yet located").format(year=year, n=f"{len(own) - waiting:,}", w=f"{waiting:,}"))
    if not told:
        return Text("所示图层没有符合条件的项目。", "Nothing of the layers shown matches.")
    return Text("所示图层：{all}。", "Layers shown: {all}.").format(all=joined(told, zh="；", en="; "))


def _existing(frame: pd.DataFrame) -> list[Text]:
    there = int((frame["origin"] == "existing").sum())
    return [Text(f"另有现有设施 {there:,} 处。", f"Besides, {there:,} existing facilities.")] if there else []


def _needed(district: District, asked: Mapping[str, str]) -> Slide:
    """Show who can give the positions that are missing, and of what."""
    counts = programme_counts(district.ledger, district.sites)
    sites = district.sites
    mine = sites[(sites["location_class"] == "unlocated") & (sites["origin"] == "programme") & (sites["year"] == counts.year).fillna(value=False).astype(bool)]
    if "on" in asked:
        mine = mine[mine["layer"].isin(layers_of(asked))]
    rows = _by_holder(district, mine)
    said = (Text("{year} 年承诺的地点中，{n} 处还没有位置；报告只给数量和少数名称。", "Of the places promised for {year}, {n} have no position yet; the report gives counts and a few names.").format(
        year=counts.year, n=f"{counts.unlocated:,.0f}"), _NOT_SAID, Text("位置到后在“导入”页上传，或在地图上逐项落位。", 'Positions that arrive go in on the page "Bring data", or one by one on the map.'))
    table = Table(Text("待落位的项目", "Projects to be located"), (Text("可向谁要（推断）", "Whom to ask (inferred)"), Text("待落位（处）", "Not yet located (places)"), Text("项目", "Projects")),
                  tuple(rows), (False, True, False), (0, 0, 0))
    note = Text("位置：已落位 {a} · 待落位 {b}（{year} 年承诺的处数）。", "Positions: located {a} · not yet located {b} (places promised for {year}).").format(
        a=f"{counts.located:,.0f}", b=f"{counts.unlocated:,.0f}", year=counts.year)
    return Slide("", "table", Text("还缺哪些位置，向谁要", "Which positions are needed, and from whom"), demonstration=False, sentences=said, table=table, class_note=note, sources=sources_of(district, "ledger"))


def _by_holder(district: District, sites: pd.DataFrame) -> list[tuple[Cell, ...]]:
    """A row an office: places of it without a position, and what they are; the office with most first, then the sum."""
    ledger = district.ledger.set_index("id")
    counted = ledger[ledger["unit_is_place"] & ledger["quantity"].notna()].index
    found: dict[Text, dict[str, list[Text]]] = {}
    places: dict[Text, float] = {}
    for key, layer in every_layer().items():
        own = sites[sites["layer"] == key]
        if not len(own):
            continue
        holder = layer.held_by or _NOBODY
        mine = own[own["commitment"].isin(counted)]
        places[holder] = places.get(holder, 0.0) + float(mine["amount"].astype(float).sum())
        found.setdefault(holder, {})[key] = _what(layer, own, float(mine["amount"].astype(float).sum()), ledger)
    order = sorted(found, key=lambda holder: -places[holder])
    rows: list[tuple[Cell, ...]] = [(holder, places[holder] or _other_amount(sites, ledger, tuple(found[holder])), joined([text for texts in found[holder].values() for text in texts], zh="、", en=", ")) for holder in order]
    return [*rows, (TOTAL, sum(places.values()), NOTHING)]


def _other_amount(sites: pd.DataFrame, ledger: pd.DataFrame, layers: tuple[str, ...]) -> Cell:
    """What is asked of an office that no number of places tells: so much in its own unit where there is one, else nothing."""
    own = sites[sites["layer"].isin(layers)].groupby("commitment")["amount"].sum()
    counted = ledger[ledger.index.isin(own.index) & ledger["quantity"].notna()]
    told = [amount_text(float(amount), str(unit)) for amount, unit in zip(own.loc[counted.index], counted["unit"], strict=True)]
    return joined(told, zh="、", en=", ") if told else None


def _what(layer: Layer, sites: pd.DataFrame, places: float, ledger: pd.DataFrame) -> list[Text]:
    """What of a layer is not located: so many places, and what counts in other units or is named alone."""
    said = [Text("{name} {n}", "{name} {n}").format(name=layer.name, n=f"{places:,.0f}")] if places else []
    other = sites[~sites["commitment"].isin(ledger[ledger["unit_is_place"] & ledger["quantity"].notna()].index)]
    for row in other.to_dict("records"):
        unit = ledger["unit"].get(row["commitment"], "")
        if row["name_zh"]:
            said.append(Text(row["name_zh"], row["name_en"] or row["name_zh"]))
        else:
            said.append(Text("{name}（{n} {unit}）", "{name} ({n} {unit})").format(name=layer.name, n=f"{float(row['amount'] or 1):,.0f}", unit=UNITS.get(unit, Text(unit, unit))))
    return said


TELLERS = (Teller("explore", slow=False, tell=tell),)
