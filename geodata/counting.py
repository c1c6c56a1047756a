"""Which sites a question counts, and how many were promised."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.district import LOCATED_CLASSES, District
from geodata.errors import Unknown
from geodata.question import Counted, Question
from geodata.standins import YEAR
from layers import Layer, Text

COUNTED: Final[tuple[Counted, ...]] = ("programme", "existing", "together")


@dataclass(frozen=True, eq=False)
class Tally:
    """The sites of one layer that one row of an answer counts.

    Attributes:
        layer: the layer.
        counted: whose sites.
        sites: the located ones, with geometry.
        amount: how many places they are.
        programme_amount: how many of those are the programme's.
        promised: how many the programme promised; None for existing facilities, and where nothing says.
        newly: of `sites`, those of the programme that are themselves new; upgrades are not, nor what does not say so.
        demo: whether promised places without a position are shown by demo sites.
        existing_known: whether existing facilities of the layer are in the data.
    """

    layer: Layer
    counted: Counted
    sites: gpd.GeoDataFrame
    amount: float
    programme_amount: float
    promised: float | None
    newly: pd.Series
    demo: bool
    existing_known: bool = False


def tallies(district: District, layer: Layer, question: Question, *, stand_ins: bool = True) -> list[Tally]:
    """Return one tally for each way of counting asked for, or for each that the data holds.

    Without years asked for, the programme is what was promised: places done in an earlier year never share its total.

    Args:
        district: where.
        layer: of which layer.
        question: its `counted`, `status` and `years` are read; demo sites pass them as the places they stand for
            (the rule of `geodata.standins`).
        stand_ins: whether demo sites may stand for promised places on a sketch.
    """
    own = district.sites[district.sites["layer"] == layer.key]
    if question.status:
        own = own[own["status"].isin(question.status)]
    if question.years:
        own = own[own["year"].isin(question.years)]
    programme = own[(own["origin"] == "programme") & _promised_now(district, own, question)]
    existing = own[own["origin"] == "existing"]
    promised = _promised(district, layer, programme, question)
    held = {"programme": len(programme) > 0 or bool(promised), "existing": len(located(existing)) > 0}
    held["together"] = held["programme"] and held["existing"]
    parts = {"programme": programme, "existing": existing, "together": pd.concat([programme, existing])}
    open_places = bool(((programme["location_class"] == "unlocated") & (programme["year"] == YEAR)).any())
    demo = stand_ins and district.streets_kind == "sketch" and layer.stand_ins and open_places
    wanted = (question.counted,) if question.counted else tuple(c for c in COUNTED if held[c])
    return [
        _tally(district, layer, c, parts[c], promised=None if c == "existing" else promised, demo=demo and c != "existing",
               existing_known=held["existing"])
        for c in wanted
    ]


def people_asked(district: District, question: Question) -> npt.NDArray[np.bool_]:
    """Return which demand points the question is about.

    Raises:
        Unknown: no such area.
    """
    if question.area is None:
        return np.ones(len(district.demand), dtype=bool)
    areas = district.areas
    shape = areas[areas["area_id"].astype(str) == question.area].geometry.to_numpy() if len(areas) else []
    if not len(shape):
        names = [str(name) for name in areas["area_id"]] if len(areas) else []
        raise Unknown(Text(f"没有编号为 {question.area} 的片区。现有：{'、'.join(names) or '无（数据中没有片区面）'}。",
                           f"There is no area {question.area}. There are: {', '.join(names) or 'none (no area polygons in the data)'}."))
    inside = shapely.intersects(shapely.union_all(shape), district.demand.geometry.to_numpy())
    return np.asarray(inside, dtype=bool)


def located(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the sites that count as located: a class that says so, and a geometry."""
    there = sites["location_class"].isin(LOCATED_CLASSES) & sites.geometry.notna() & ~sites.geometry.is_empty
    return sites[there.to_numpy(bool)]


def _tally(district: District, layer: Layer, counted: Counted, sites: gpd.GeoDataFrame, *, promised: float | None,
           demo: bool, existing_known: bool) -> Tally:
    """Narrow `sites` to the located ones and count them."""
    there = located(gpd.GeoDataFrame(sites, geometry="geometry", crs=district.metric_crs))
    place = _fact(district, there, "unit_is_place", default=True).astype(bool)
    amounts = there["amount"].astype(float).fillna(1).where(place, 1)
    planned = there["origin"] == "programme"
    newly = (_fact(district, there, "effect", default="") == "new") & planned
    return Tally(layer, counted, there, float(amounts.sum()), float(amounts[planned].sum()), promised, newly, demo,
                 existing_known)


def _fact(district: District, sites: gpd.GeoDataFrame, column: str, *, default: object) -> pd.Series:
    """What the ledger says of each site's commitment; `default` where it says nothing."""
    ledger = district.ledger
    told = dict(zip(ledger["id"], ledger[column], strict=True)) if column in ledger.columns else {}
    values = [told.get(commitment, default) for commitment in sites["commitment"]]
    return pd.Series([default if pd.isna(v) else v for v in values], index=sites.index, dtype=object)


def _promised_now(district: District, sites: gpd.GeoDataFrame, question: Question) -> pd.Series:
    """Whether each programme site belongs to what the question calls the programme."""
    if question.years:
        return pd.Series(data=True, index=sites.index)
    return _fact(district, sites, "kind", default="target") == "target"


def _promised(district: District, layer: Layer, programme: gpd.GeoDataFrame, question: Question) -> float | None:
    """Places promised, each promise once; where a promise counts no places (households, piles), its sites."""
    ledger = district.ledger
    if not len(ledger) or "layer" not in ledger.columns:
        return float(len(programme)) or None
    rows = ledger[ledger["layer"] == layer.key]
    rows = rows[rows["year"].isin(question.years) if question.years else rows["kind"] == "target"]
    for link in ("same_as", "of", "part_of"):
        rows = rows[[not value or pd.isna(value) for value in rows[link]]] if link in rows else rows
    if not len(rows):
        return float(len(programme)) or None
    listed = programme.groupby("commitment").size().to_dict()
    places = rows["unit_is_place"] if "unit_is_place" in rows else [True] * len(rows)
    return float(sum(
        quantity if place and not pd.isna(quantity) else listed.get(commitment, 1)
        for commitment, quantity, place in zip(rows["id"], rows["quantity"], places, strict=True)))
