"""A scenario: an ordered list of changes to a copy of a district.

`apply` gives another District, so that before and after are the same question asked of two Districts. The district it is
given is never touched: to undo a change is to leave it out of the list. Applied to a district that a scenario made, the
lists are joined and applied to the one before, since walks can be compared with that one only.
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.changes import (
    AddFacility,
    Change,
    CloseGate,
    CloseStreet,
    MoveFacility,
    OpenGate,
    OpenRoad,
    RemoveFacility,
)
from geodata.checks import refuse_errors
from geodata.district import District
from geodata.joining import Joined, join_streets, streets_closed
from geodata.scenario_checks import added_id, check_changes
from geodata.sitefile import normal_sites
from geodata.snapping import build_barriers
from layers import Text

__all__ = ["AddFacility", "Change", "CloseGate", "CloseStreet", "MoveFacility", "OpenGate", "OpenRoad", "RemoveFacility",
           "apply", "check_changes", "joined_streets", "scenario_stamp"]

_GROUND = (OpenRoad, CloseStreet, OpenGate, CloseGate)
_SOURCE = Text("情景（假设）", "A scenario (assumed)")


def apply(district: District, changes: Sequence[Change]) -> District:
    """Return a copy of `district` with the changes made.

    Args:
        district: before; it stays as it is.
        changes: in order; none gives the district itself.

    Raises:
        ProblemsFound: one of them cannot be made; none was.
    """
    if district.base is not None:
        known: tuple[Change, ...] = district.changes  # type: ignore[assignment]  # written by this very function
        return apply(district.base, [*known, *changes])
    if not changes:
        return district
    refuse_errors(check_changes(district, changes), Text("情景", "Scenario"))
    ground = any(isinstance(c, _GROUND) for c in changes)
    streets = joined_streets(district, changes).streets if ground else _unchanged(district)
    changed = replace(district, streets=streets, sites=_sites(district, changes), stamp=scenario_stamp(district, changes),
                      base=district, changes=tuple(changes))
    if not ground:
        changed.__dict__["network"] = district.network  # the streets are the same
    return changed


def joined_streets(district: District, changes: Sequence[Change]) -> Joined:
    """Return the streets that `changes` make of those of `district`, and how the added roads are joined to them."""
    network = district.network
    closed = np.zeros(network.edges, dtype=bool)
    for change in changes:
        if isinstance(change, CloseStreet):
            closed[streets_closed(network, change)] = True
    return join_streets(district.streets, network, changes, closed=closed, barriers=build_barriers(district.water, district.rail))


def scenario_stamp(district: District, changes: Sequence[Change]) -> str:
    """Return the stamp of what `changes` make of `district`: equal lists give equal stamps."""
    sign = blake2b(district.stamp.encode(), digest_size=16)
    for change in changes:
        sign.update(type(change).__name__.encode())
        for name in change.__slots__:
            value = getattr(change, name)
            sign.update(shapely.to_wkb(value) if isinstance(value, shapely.Geometry) else repr(value).encode())
    return sign.hexdigest()


def _unchanged(district: District) -> gpd.GeoDataFrame:
    """The streets, saying of each that it is its own piece."""
    return district.streets.assign(base_edge=np.arange(len(district.streets)), base_from_m=0.0, opened_by=np.int64(-1))


def _sites(district: District, changes: Sequence[Change]) -> gpd.GeoDataFrame:
    """The sites with the facilities added, moved and removed, in the order of the list."""
    sites = district.sites
    for row, change in enumerate(changes, start=1):
        if isinstance(change, RemoveFacility):
            sites = sites[sites["id"] != change.site]
        elif isinstance(change, MoveFacility):
            sites = _moved(sites, change)
        elif isinstance(change, AddFacility):
            sites = pd.concat([normal_sites(sites), _added(change, row, sites)], ignore_index=True)
    return sites if sites is district.sites else gpd.GeoDataFrame(sites.reset_index(drop=True), crs=district.metric_crs)


def _moved(sites: gpd.GeoDataFrame, change: MoveFacility) -> gpd.GeoDataFrame:
    """One site stands elsewhere, exactly there."""
    here = (sites["id"] == change.site).to_numpy()
    shapes = np.where(here, np.full(len(sites), change.place, dtype=object), sites.geometry.to_numpy())
    moved = sites.assign(location_class=sites["location_class"].where(~here, "surveyed"),
                         uncertainty_m=sites["uncertainty_m"].where(~here, 0.0))
    return moved.set_geometry(gpd.GeoSeries(shapes, index=sites.index, crs=sites.crs))


def _added(change: AddFacility, row: int, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One more site: located, planned, of no commitment."""
    told = {"id": change.id or added_id(change.layer, row), "layer": change.layer, "origin": "programme", "amount": 1.0,
            "name_zh": change.name.zh, "name_en": change.name.en, "capacity": change.capacity, "status": "planned",
            "location_class": "surveyed", "uncertainty_m": 0.0, "source_zh": _SOURCE.zh, "source_en": _SOURCE.en}
    return normal_sites(gpd.GeoDataFrame([told], geometry=gpd.GeoSeries([change.place], crs=sites.crs), crs=sites.crs))
