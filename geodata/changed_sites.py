"""Which sites a map of a scenario shows: those that stay, demo sites of the places that still wait, and those it places."""

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd

from geodata.changes import Change, MoveFacility, RemoveFacility
from geodata.district import LOCATED_CLASSES, District
from geodata.standins import stand_ins
from geodata.walking import SHARED, Kept

Sites = tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]
"""Located sites, and demo sites where there are any."""


def sites_left(district: District, changes: Sequence[Change], layer: str, *, demo: bool, seed: int, kept: Kept = SHARED) -> Sites:
    """Return the sites of a layer that a scenario leaves where they are, and the demo sites of draw 1.

    Args:
        district: before the scenario.
        changes: the scenario.
        layer: layer key.
        demo: whether demo sites are counted.
        seed: of their draws.
        kept: where demo sites drawn before are found.
    """
    gone = {change.site for change in changes if isinstance(change, MoveFacility | RemoveFacility)}
    sites = district.sites
    located = sites[(sites["layer"] == layer) & sites["location_class"].isin(LOCATED_CLASSES) & ~sites["id"].isin(gone)]
    if not demo:
        return located, None
    # a place that a scenario locates or removes has no demo site any more
    drawn = kept.get(("demo sites", district.stamp, frozenset(gone), seed), lambda: stand_ins(_without(district, gone), draw=1, seed=seed), lambda found: 1000 * len(found))
    return located, drawn[drawn["layer"] == layer]


def sites_placed(after: District, layer: str) -> gpd.GeoDataFrame:
    """Return the sites of a layer that a scenario adds, or moves elsewhere.

    Args:
        after: what the scenario made.
        layer: layer key.
    """
    if after.base is None:
        return after.sites.iloc[:0]
    stood = set(after.base.sites["id"]) - {change.site for change in after.changes if isinstance(change, MoveFacility)}
    return after.sites[(after.sites["layer"] == layer) & ~after.sites["id"].isin(stood)]


def _without(district: District, gone: set[str]) -> District:
    """The district without some of its sites; the others' demo sites stay where they are."""
    if not gone:
        return district
    sites = district.sites
    return replace(district, sites=sites.assign(location_class=sites["location_class"].where(~sites["id"].isin(gone), "surveyed")))
