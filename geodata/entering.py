"""How people and places reach streets that a scenario has changed, so that before and after can be compared.

The way in from before stays (base access): it is carried over to the piece of its street that it lies on, never looked
for anew, so that no tie falls otherwise and no walk grows by an opening. Every street that was added, or that only now
can be entered, gives one more way in where it is nearer than the base access, or where there was none. Of a closed street
the access moves to the nearest street that remains. On streets nobody changed all this is `geodata.snapping`.
"""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geodata.network import Descent, Metres, Network
from geodata.snapping import (
    Access,
    Barriers,
    Entries,
    Numbers,
    Shapes,
    join_entries,
    no_entries,
    site_entries,
    snap,
)

NEARER_M = 1e-6
"""An added street is nearer than the base access by at least this; less is the rounding of metres."""


def enter(network: Network, points: Shapes | gpd.GeoSeries, *, access_m: float, barriers: Barriers | None = None) -> Access:
    """Find where each point enters the streets; `geodata.snapping.snap` where nothing was changed.

    Args:
        network: the streets.
        points: Points in its CRS; a missing one is off the network.
        access_m: longest leg.
        barriers: rail and water that no leg crosses.
    """
    descent = network.descent
    if descent is None:
        return snap(network, points, access_m=access_m, barriers=barriers)
    points = np.asarray(points, dtype=object)
    first = snap(descent.base, points, access_m=access_m, barriers=barriers)
    edge, offset_m, leg_m = first.edge.copy(), first.offset_m.copy(), first.leg_m.copy()
    shut = edge >= 0
    shut[shut] = descent.closed[edge[shut]]
    if shut.any():
        again = snap(_remaining(descent), points[shut], access_m=access_m, barriers=barriers)
        edge[shut], offset_m[shut], leg_m[shut] = again.edge, again.offset_m, again.leg_m
    on = edge >= 0
    edge[on], offset_m[on] = places_after(network, edge[on], offset_m[on])
    found = []
    for later in _later(network, descent):
        more = snap(later, points, access_m=access_m, barriers=barriers)
        near = np.flatnonzero(more.leg_m < leg_m - NEARER_M)
        found.append((near, more.edge[near], more.offset_m[near], more.leg_m[near]))
    return Access(edge, offset_m, leg_m, _stacked(found, len(points)))


def _stacked(found: list[tuple[Numbers, Numbers, Metres, Metres]], count: int) -> Access | None:
    """Further ways in, as few layers of them as some point has ways."""
    if not sum(len(point) for point, *_ in found):
        return None
    point, edge, offset_m, leg_m = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(point, kind="stable")
    point = point[order]
    layer = np.arange(len(point)) - np.searchsorted(point, point, side="left")
    also = None
    for number in range(int(layer.max()), -1, -1):
        here, rows = point[layer == number], order[layer == number]
        one = Access(np.full(count, -1, np.int64), np.full(count, np.nan), np.full(count, np.inf), also)
        one.edge[here], one.offset_m[here], one.leg_m[here] = edge[rows], offset_m[rows], leg_m[rows]
        also = one
    return also


def enter_sites(network: Network, sites: Shapes | gpd.GeoSeries, *, access_m: float,
                barriers: Barriers | None = None) -> Entries:
    """Find where each site meets the streets; `geodata.snapping.site_entries` where nothing was changed.

    Args:
        network: the streets.
        sites: geometries in its CRS; a missing one has no entry.
        access_m: longest straight leg.
        barriers: rail and water that no leg crosses.
    """
    descent = network.descent
    if descent is None:
        return site_entries(network, sites, access_m=access_m, barriers=barriers)
    doors, owner = doors_of(np.asarray(sites, dtype=object))
    base = site_entries(descent.base, doors, access_m=access_m, barriers=barriers)
    keep = ~descent.closed[base.edge]
    lost = np.setdiff1d(base.site[~keep], base.site[keep])
    base = _chosen(base, keep)
    if len(lost):
        again = site_entries(_remaining(descent), doors[lost], access_m=access_m, barriers=barriers)
        base = join_entries([base, replace(again, site=lost[again.site])])
    found = join_entries([entries_after(network, base), _nearer(network, descent, doors, base, access_m=access_m, barriers=barriers)])
    order = np.argsort(found.site, kind="stable")
    found = _chosen(found, order)
    return replace(found, site=owner[found.site])


def entries_drawn_before(network: Network, entries: Entries, *, access_m: float, barriers: Barriers | None = None) -> Entries:
    """Carry entries that stand on the streets before over to changed ones; of a closed street they move to what remains.

    Args:
        network: the changed streets.
        entries: on the edges of the network before; a stretch is a whole lane.
        access_m: longest straight leg of those that move.
        barriers: rail and water that no leg crosses.
    """
    descent = network.descent
    if descent is None:
        return entries
    shut = descent.closed[entries.edge]
    stay = entries_after(network, _chosen(entries, ~shut))
    if not shut.any():
        return stay
    lines, start, end = descent.base.lines[entries.edge[shut]], entries.from_m[shut], entries.to_m[shut]
    shapes = np.where(end > start, lines, shapely.line_interpolate_point(lines, start))
    moved = site_entries(_remaining(descent), shapes, access_m=access_m, barriers=barriers)
    return join_entries([stay, entries_after(network, replace(moved, site=entries.site[shut][moved.site]))])


def entries_slid_before(network: Network, entries: Entries, places: Shapes, *, access_m: float, barriers: Barriers | None = None) -> Entries:
    """Carry the one entry of each of some point sites, on the streets before, over to changed ones, as `enter_sites` does.

    Args:
        network: the changed streets.
        entries: one a site, on the edges of the network before.
        places: where the sites stand, by `entries.site`.
        access_m: longest straight leg.
        barriers: rail and water that no leg crosses.
    """
    descent = network.descent
    if descent is None:
        return entries
    shut = descent.closed[entries.edge]
    base = _chosen(entries, ~shut)
    if shut.any():
        again = site_entries(_remaining(descent), places[entries.site[shut]], access_m=access_m, barriers=barriers)
        base = join_entries([base, replace(again, site=entries.site[shut][again.site])])
    return join_entries([entries_after(network, base), _nearer(network, descent, places, base, access_m=access_m, barriers=barriers)])


def _nearer(network: Network, descent: Descent, doors: Shapes, base: Entries, *, access_m: float, barriers: Barriers | None) -> Entries:
    """Further entries that added streets give: points where they are nearer, lines and areas all along them."""
    leg_m = np.full(len(doors), np.inf)
    np.minimum.at(leg_m, base.site, base.leg_m)
    more = join_entries([no_entries(), *(site_entries(later, doors, access_m=access_m, barriers=barriers) for later in _later(network, descent))])
    along = (shapely.get_dimensions(doors[more.site]) > 0) & ~more.nearest_outline
    return _chosen(more, along | (more.leg_m < leg_m[more.site] - NEARER_M))


def places_after(network: Network, edge: Numbers, offset_m: Metres) -> tuple[Numbers, Metres]:
    """Return edge and offset, on changed streets, of places on the edges before that were not closed."""
    descent = network.descent
    if descent is None:
        return edge, offset_m
    piece = _piece_at(descent, edge, offset_m)
    return piece, np.clip(offset_m - descent.from_m[piece], 0.0, network.edge_m[piece])


def entries_after(network: Network, entries: Entries) -> Entries:
    """Return entries on the edges before, none of them closed, on changed streets; a stretch may fall into several."""
    descent = network.descent
    if descent is None or not len(entries):
        return entries
    first = _piece_at(descent, entries.edge, entries.from_m)
    last = np.maximum(first, _piece_at(descent, entries.edge, entries.to_m))
    row = np.repeat(np.arange(len(entries)), last - first + 1)
    piece = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(last - first + 1) - (last - first + 1), last - first + 1)
    start = np.clip(entries.from_m[row] - descent.from_m[piece], 0.0, network.edge_m[piece])
    end = np.clip(entries.to_m[row] - descent.from_m[piece], 0.0, network.edge_m[piece])
    return Entries(entries.site[row], piece, start, end, entries.leg_m[row], entries.nearest_outline[row])


def _piece_at(descent: Descent, edge: Numbers, offset_m: Metres) -> Numbers:
    """The piece each place on a base edge lies on."""
    whole = np.concatenate([[0.0], np.cumsum(descent.base.edge_m)])
    pieces = int((descent.edge >= 0).sum())
    start = whole[descent.edge[:pieces]] + descent.from_m[:pieces]
    found = np.searchsorted(start, whole[edge] + offset_m, side="right") - 1
    first = np.searchsorted(descent.edge[:pieces], edge, side="left")
    last = np.searchsorted(descent.edge[:pieces], edge, side="right") - 1
    return np.asarray(np.clip(found, first, last), dtype=np.int64)


def _remaining(descent: Descent) -> Network:
    """The network before, closed streets not to be entered."""
    return replace(descent.base, enterable=descent.base.enterable & ~descent.closed)


def _later(network: Network, descent: Descent) -> list[Network]:
    """The changed network, to be entered only where the one before could not: once for every added road or joined fragment.

    Each by itself, so that one more road never takes the way in of another away.
    """
    base, old = descent.base, descent.edge >= 0
    able = network.enterable.copy()
    able[old] &= ~base.enterable[descent.edge[old]]
    group = descent.by.copy()
    group[old] = -2 - base.component[base.edge_u[descent.edge[old]]].astype(np.int64)
    return [replace(network, enterable=able & (group == one)) for one in np.unique(group[able])]


def doors_of(sites: Shapes) -> tuple[Shapes, Numbers]:
    """Return the shapes by which sites are entered, and whose each is: those whose doors are points fall into one shape a door."""
    parts, owner = shapely.get_parts(sites, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)
    owner = owner[inner]
    flat = shapely.get_dimensions(parts) == 0
    whole = np.setdiff1d(np.arange(len(sites)), owner[flat])
    return (np.concatenate([parts[flat], sites[whole]]),
            np.concatenate([owner[flat], whole]).astype(np.int64))


def _chosen(entries: Entries, which: npt.NDArray[np.bool_] | Numbers) -> Entries:
    """Some of the entries."""
    return Entries(*(getattr(entries, name)[which] for name in
                     ("site", "edge", "from_m", "to_m", "leg_m", "nearest_outline"))) if len(entries) else no_entries()
