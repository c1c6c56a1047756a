"""Which promise new sites would fulfil, and how much of it each takes: 200 piles are not 200 sites."""

from typing import Any

import geopandas as gpd
import pandas as pd

from geodata.district import District
from geodata.errors import Misasked
from geodata.numerals import several
from geodata.siting_question import Siting
from layers import Text


def open_commitment(district: District, layer: str) -> str:
    """Return the promise of a layer that new sites would fulfil: with places still to be located, the latest year's first.

    A promise of new places comes before a mixed one and an upgrade. Empty where there is none.
    """
    free = open_sites(district.sites, layer)
    ledger = district.ledger
    if free.empty or "id" not in ledger.columns:
        return ""
    rows = ledger[ledger["id"].isin(free["commitment"])]
    rank = {"new": 0, "mixed": 1}
    order = sorted(rows.to_dict("records"), key=lambda row: (rank.get(str(row.get("effect")), 2), -number_or_zero(row.get("year"))))
    return str(order[0]["id"]) if order else ""


def open_promises(district: District, layer: str) -> tuple[str, ...]:
    """Return of every site of a layer still to be located the id of its promise, the promise to be fulfilled first at the front.

    All promises of places come one after the other; a promise that counts something else stands alone.
    """
    first = open_commitment(district, layer)
    if not first:
        return ()
    ledger = district.ledger
    places = dict(zip(ledger["id"], ledger["unit_is_place"].astype(bool), strict=True)) if "unit_is_place" in ledger.columns else dict.fromkeys(ledger["id"], True)
    waiting = list(open_sites(district.sites, layer)["commitment"].astype(str))
    alike = [name for name in dict.fromkeys([first, *waiting]) if name == first or (places[first] and places.get(name, False))]
    return tuple(name for name in alike for _ in range(waiting.count(name)))


def open_sites(sites: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    """Return the promised sites of a layer without a place and without a name: a named thing gets no invented position."""
    return sites[(sites["layer"] == layer) & (sites["origin"] == "programme") & (sites["location_class"] == "unlocated")
                 & (sites["name_zh"].fillna("") == "") & (sites["commitment"].fillna("") != "")]


def amount_each(district: District, asked: Siting, commitment: str, sites: int | None) -> float:
    """Return how much of its commitment each new site takes: 1 where a unit is a place, else what the question says.

    Args:
        district: where.
        asked: the question; its `amount_each` is read.
        commitment: whose sites they would be; empty for nobody's.
        sites: how many, or None where that is still to be found out.

    Raises:
        Misasked: a unit is no place and the question does not say how many go to a site, or says more than are promised.
    """
    ledger = district.ledger
    row = ledger[ledger["id"] == commitment].to_dict("records") if "id" in ledger.columns else []
    if not row or row[0].get("unit_is_place", True):
        return 1.0
    unit, quantity, each = str(row[0]["unit"]), number_or_zero(row[0]["quantity"]), asked.amount_each
    if each is None or each <= 0:
        raise Misasked(Text(f"这项承诺按“{unit}”计（共 {quantity:,.0f}），不是按站点计。请给出站点数和每处几{unit}（命令行：--each）。",
                            f"This promise counts {quantity:,.0f} units, not sites. Give the number of sites and how many units go to each (on the command line: --each)."))
    if each != int(each):
        raise Misasked(Text(f"每处数量须为整数，不能是 {each:g}{unit}。", f"The units at each site must be a whole number, not {each:g}."))
    if quantity and sites is not None and each * sites > quantity:
        raise Misasked(Text(f"{sites:,} 处 × 每处 {each:g} 超过承诺的 {quantity:,.0f}。请减少处数或每处数量。",
                            f"{several(sites, 'site')} × {each:g} each are more than the {quantity:,.0f} promised. Ask for fewer sites or fewer at each."))
    return float(each)


def unit_each(district: District, asked: Siting) -> str:
    """Return the unit of which each new site takes `asked.amount_each`, empty where a unit is a place."""
    ledger, first = district.ledger, open_commitment(district, asked.layer)
    row = ledger[ledger["id"] == first].to_dict("records") if first else []
    return str(row[0]["unit"]) if row and not row[0].get("unit_is_place", True) else ""


def number_or_zero(value: Any) -> float:
    """Return a number of the ledger, 0 where it says none."""
    return 0.0 if value is None or pd.isna(value) else float(str(value))
