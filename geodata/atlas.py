"""An atlas of the district: one map a layer, before it is laid out, and the map that stands alone."""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata.deck import Deck, MapPicture, Slide
from geodata.district import LOCATED_CLASSES, District
from geodata.errors import BadInput
from geodata.exports import made_at
from geodata.ledger import amount_text
from geodata.markings import markings
from geodata.picturing import by_year, class_note, picture_of, picture_of_sites
from geodata.selecting import Selection, shown_name, site_kinds
from geodata.settings import Settings, read_settings
from layers import Layer, Text, every_layer

TITLE: Final = Text("{district}：项目位置图集", "{district}: atlas of project sites")
MAP_TITLE: Final = Text("{district}：项目位置图", "{district}: map of project sites")
ALL: Final = Text("全部图层", "All layers")
_COUNTS: Final = Text("{year}共 {total} 项，已落位 {located} 项，建议 {proposed} 项，待落位 {unlocated} 项。", "{year}{total} in all, {located} located, {proposed} proposed, {unlocated} not yet located.")
_DEMO: Final = Text("空心虚线为示意点 {n} 处，随机抽取，不对应任何项目，不计入上述数字。", "Hollow and dashed, demo sites: {n}, drawn at random, standing for no project and not counted above.")
_UNDRAWN: Final = Text("{year}承诺 {amount}；分布在几处、各在哪里都未定，图上没有可画的点，也不设示意点。", "{year}{amount} promised; at how many places and where is not decided, so no point is drawn, nor any demo site.")
_NAMED: Final = Text("待落位而有名称的：{names}。", "Named, not yet located: {names}.")
_NOTHING: Final = Text("没有符合条件的项目，图集没有可画的页。请放宽筛选。", "No site passes the filter, so the atlas would have no page. Widen the filter.")
_MOST_NAMES: Final = 12


def atlas(district: District, *, selection: Selection | None = None, settings: Settings | None = None, title: Text | None = None) -> Deck:
    """Return one map of all layers and one a layer that has a site.

    Args:
        district: whose sites.
        selection: the filter the sites pass; None shows everything save demo sites.
        settings: who says the review number and the grade; None reads the environment.
        title: of the whole; None takes our own.

    Raises:
        Unknown: the selection names what does not exist.
        BadInput: no site passes it.
    """
    asked = selection or Selection()
    whole = map_slide(district, asked, title=ALL)
    sites = whole.map.sites if whole.map else district.sites
    there = set(sites["layer"])
    if not there:
        raise BadInput(_NOTHING)
    slides = [whole]
    slides += [_layer_slide(district, sites[sites["layer"] == key], layer) for key, layer in every_layer().items() if key in there]
    return _deck(district, title or TITLE.format(district=district.name), slides, settings)


def map_deck(district: District, selection: Selection, *, bounds: tuple[float, float, float, float] | None = None, settings: Settings | None = None,
             title: Text | None = None) -> Deck:
    """Return the one map of what a filter shows, as a deck of one slide; arguments as `atlas` and `picturing.picture_of_sites`."""
    told = title or MAP_TITLE.format(district=district.name)
    return _deck(district, told, [map_slide(district, selection, title=told, bounds=bounds)], settings)


def map_slide(district: District, selection: Selection, *, title: Text, bounds: tuple[float, float, float, float] | None = None) -> Slide:
    """Return the map of what a filter shows with its counts, sources and how sure its places are."""
    picture = picture_of_sites(district, selection, bounds=bounds)
    return _slide("sites", district, picture, title, _counted(picture.sites))


def _layer_slide(district: District, sites: gpd.GeoDataFrame, layer: Layer) -> Slide:
    other = _in_other_units(district, sites)
    said = (*_counted(sites[~other]), *_amounts(district, sites[other]), *_named(district, sites))
    return _slide(layer.key, district, picture_of(district, sites), layer.name, (layer.legend, *said))


def _slide(key: str, district: District, picture: MapPicture, title: Text, sentences: Sequence[Text]) -> Slide:
    demo = bool((picture.sites["location_class"] == "stand_in").any()) or district.is_sketch
    sources = tuple(source.title for source in district.sources if source.part in {"boundary", "streets", "sites", "water", "rail"})
    return Slide(key, "map", title, demo, tuple(sentences), picture, class_note=class_note(district, picture.sites), sources=sources)


def _counted(sites: gpd.GeoDataFrame) -> tuple[Text, ...]:
    """Return how many sites there are and how many have a place, each year by itself; demo sites apart."""
    counts = [_COUNTS.format(year=head, total=len(own), located=int(own["location_class"].isin(LOCATED_CLASSES).sum()),
                             proposed=int((own["location_class"] == "proposed").sum()), unlocated=int((own["location_class"] == "unlocated").sum()))
              for head, own in by_year(sites)]
    demo = int((sites["location_class"] == "stand_in").sum())
    return (*counts, _DEMO.format(n=demo)) if demo else tuple(counts)


def _in_other_units(district: District, sites: gpd.GeoDataFrame) -> "pd.Series[bool]":
    """Tell which sites stand for so many of something that is no place and have no position: 200 piles are not a site."""
    if not len(district.ledger):
        return pd.Series(data=False, index=sites.index)
    other = district.ledger.loc[~district.ledger["unit_is_place"].astype(bool) & district.ledger["quantity"].notna(), "id"]
    found: pd.Series[bool] = sites["commitment"].isin(other) & (sites["location_class"] == "unlocated")
    return found


def _amounts(district: District, sites: gpd.GeoDataFrame) -> tuple[Text, ...]:
    """Return what those are in their own unit, each year by itself, and why nothing is drawn for them."""
    units = district.ledger.set_index("id")["unit"] if len(sites) else pd.Series(dtype=object)
    return tuple(_UNDRAWN.format(year=head, amount=amount_text(float(mine["amount"].sum()), str(unit)))
                 for head, own in by_year(sites) for unit, mine in own.groupby(own["commitment"].map(units), sort=False))


def _named(district: District, sites: gpd.GeoDataFrame) -> tuple[Text, ...]:
    """Return the sentence that names what has a name and no place yet, where there is such."""
    kinds = site_kinds(district.ledger)
    own = sites[(sites["location_class"] == "unlocated") & (sites["name_zh"] != "")].head(_MOST_NAMES)
    names = [shown_name({**row, "location_class": ""}, kinds.get(row["commitment"])) for row in own.to_dict("records")]
    return (_NAMED.format(names=Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))),) if names else ()


def _deck(district: District, title: Text, slides: Sequence[Slide], settings: Settings | None) -> Deck:
    approval, grade = markings(district, settings or read_settings())
    return Deck(title, district.name, made_at(), district.stamp, approval, grade, tuple(slides))
