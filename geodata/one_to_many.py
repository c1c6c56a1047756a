"""Walks from many places to all demand within a distance, as a sparse table: searched from the side with fewer places.

Each place is searched by itself, in circular buckets, and only as far as the distance goes: what is farther is not touched.
Streets are undirected, so a walk from the place is the walk to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from geodata.network import Ids, Metres, Network
from geodata.snapping import Access, Entries, Numbers

BUCKET_M = 12.0
"""Width of one bucket."""
AT_A_TIME = 64
_ROOM = 1 << 16


@dataclass(frozen=True, eq=False)
class Reached:
    """Walks from places to demand points, place by place.

    Attributes:
        start: those of place `i` are `start[i]:start[i + 1]`, shape (places + 1,).
        demand: number of each demand point.
        walk_m: the walk, its access legs included.
    """

    start: Numbers
    demand: Numbers
    walk_m: Metres

    @property
    def place(self) -> Numbers:
        """The place of each walk."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def table(self, demand: int) -> Metres:
        """Return all walks as a table, shape (places, demand), inf where there is none."""
        full = np.full((len(self.start) - 1, demand), np.inf)
        full[self.place, self.demand] = self.walk_m
        return full


def walks_from(network: Network, entries: Entries, places: int, access: Access, *, limit_m: float = np.inf,
               progress: Callable[[float], None] | None = None, stop: Callable[[], bool] | None = None) -> Reached:
    """Return every walk of at most `limit_m` between the places and the demand.

    Args:
        network: the streets.
        entries: where the places meet them; `site` is the place's number. A place without an entry reaches nobody.
        places: how many places there are.
        access: where the demand meets the streets.
        limit_m: longest walk, legs included.
        progress: told the share done.
        stop: asked between places; when true what is left is as if it reached nobody.
    """
    order = np.argsort(entries.site, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(entries.site, minlength=places))]).astype(np.int64)
    edge_first, edge_demand = _demand_on_edges(network, access)
    fixed = (network.first_arc, network.arc_to, network.arc_m, network.edge_u, network.edge_v, network.edge_m,
             *_edges_at_nodes(network, np.diff(edge_first) > 0), edge_first, edge_demand,
             access.offset_m[edge_demand], access.leg_m[edge_demand], first, entries.edge[order].astype(np.uint32), entries.from_m[order], entries.to_m[order], entries.leg_m[order])
    start = np.zeros(places + 1, dtype=np.int64)
    demand: list[Ids] = []
    walk_m: list[Metres] = []
    pool, room, done = _Pool.of(network, entries), _ROOM, 0
    scratch = (np.full(network.nodes, np.inf), np.full(network.edges, -1, np.int64))
    found, metres = np.empty(room, np.uint32), np.empty(room)
    while done < places and not (stop is not None and stop()):
        got, full = _balls(*fixed, done, min(done + AT_A_TIME, places), limit_m, *pool.arrays, *scratch, found, metres, start)
        used = int(start[got] - start[done])
        demand.append(found[:used].copy())
        walk_m.append(metres[:used].copy())
        if full == 1:
            room *= 2
            found, metres = np.empty(room, np.uint32), np.empty(room)
        elif full == 2:
            pool = pool.doubled()
        done = int(got)
        if progress is not None:
            progress(done / places)
    start[done + 1:] = start[done]
    return Reached(start, np.concatenate([np.empty(0, np.uint32), *demand]).astype(np.int64), np.concatenate([np.empty(0), *walk_m]))


@dataclass(frozen=True, eq=False)
class _Pool:
    """Ring of buckets and entries waiting in them; the ring spans the longest arc and the farthest start."""

    arrays: tuple[Numbers, npt.NDArray[np.int32], Ids, Metres]

    @staticmethod
    def of(network: Network, entries: Entries) -> "_Pool":
        """Return a pool for searches from these entries."""
        far = float((entries.leg_m + network.edge_m[entries.edge]).max(initial=0.0))
        span = max(far, float(network.arc_m.max(initial=0.0)))
        if not np.isfinite(span):
            raise ValueError("street lengths and access legs must be finite")
        ring = 1 << int(np.ceil(np.log2(span / BUCKET_M + 3)))
        room = len(network.arc_to) + 2 * len(entries) + 16
        return _Pool((np.full(ring, -1, np.int64), np.empty(room, np.int32), np.empty(room, np.uint32), np.empty(room)))

    def doubled(self) -> "_Pool":
        """Return a pool with room for twice as many."""
        ring, following, *_ = self.arrays
        room = 2 * len(following)
        return _Pool((np.full(len(ring), -1, np.int64), np.empty(room, np.int32), np.empty(room, np.uint32), np.empty(room)))


def _edges_at_nodes(network: Network, used: npt.NDArray[np.bool_]) -> tuple[Ids, Ids]:
    """Every used edge (parallels and loops too) at each of its nodes, in compressed rows."""
    edge = np.flatnonzero(used)
    node = np.concatenate([network.edge_u[edge], network.edge_v[edge]])
    order = np.argsort(node, kind="stable")
    return _starts(node, network.nodes), np.tile(edge, 2)[order].astype(np.uint32)


def _demand_on_edges(network: Network, access: Access) -> tuple[Ids, Ids]:
    """The demand points that enter each edge, in compressed rows."""
    on = np.flatnonzero(~access.off)
    order = np.argsort(access.edge[on], kind="stable")
    return _starts(access.edge[on], network.edges), on[order].astype(np.uint32)


def _starts(row: npt.NDArray[Any], rows: int) -> Ids:
    """Where each compressed row begins, and the end."""
    return np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))]).astype(np.uint32)


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _balls(first_arc, arc_to, arc_m, edge_u, edge_v, edge_m, node_first, node_edge, edge_first, edge_demand, offset_m, leg_m, first, site_edge, from_m, to_m, site_leg_m, begin, end, limit_m, ring, following, node, key, walk, seen, found, metres, start):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0915, PLR0917  one search; numba types it
    """Search places `begin` to `end`; return the first not done, and why: 0 all done, 1 no room for walks, 2 none in the pool.

    `walk` is all inf before and after, `seen` holds the last place that looked at an edge.
    """
    mask = np.int64(len(ring) - 1)
    touched = np.empty(len(walk), np.uint32)
    one = np.uint32(1)  # unsigned throughout: a signed index is checked for its sign each time
    out = np.int64(0)
    for place in range(begin, end):
        n_touched = np.int64(0)
        free, used, waiting, turn = np.int64(-1), np.int64(0), np.int64(0), np.int64(0)
        full = False
        for s in range(first[place], first[place + 1]):
            e = site_edge[s]
            for side in range(2):
                t = edge_u[e] if side == 0 else edge_v[e]
                reached = site_leg_m[s] + (from_m[s] if side == 0 else edge_m[e] - to_m[s])
                if reached <= limit_m and reached < walk[t]:
                    if walk[t] == np.inf:
                        touched[n_touched] = t
                        n_touched += 1
                    walk[t] = reached
                    if used == len(node):
                        full = True
                        break
                    bucket = np.int64(reached / BUCKET_M) & mask
                    node[used], key[used], following[used] = t, reached, ring[bucket]
                    ring[bucket] = used
                    used += 1
                    waiting += 1
        while waiting > 0 and not full:
            bucket = turn & mask
            x = ring[bucket]
            while x >= 0 and not full:
                ring[bucket] = following[x]
                v, near = node[x], key[x]
                following[x] = free
                free = x
                waiting -= 1
                if near <= walk[v]:
                    for arc in range(first_arc[v], first_arc[v + one]):
                        t = arc_to[arc]
                        reached = near + arc_m[arc]
                        if reached < walk[t] and reached <= limit_m:
                            if walk[t] == np.inf:
                                touched[n_touched] = t
                                n_touched += 1
                            walk[t] = reached
                            y = free
                            if y >= 0:
                                free = following[y]
                            elif used < len(node):
                                y = used
                                used += 1
                            else:
                                full = True
                                break
                            into = np.int64(reached / BUCKET_M) & mask
                            node[y], key[y], following[y] = t, reached, ring[into]
                            ring[into] = y
                            waiting += 1
                x = ring[bucket]
            turn += 1
        begun = out
        last = first[place] if full else first[place + 1]
        for s in range(first[place], last):  # on the place's own streets the way may lead along the street itself
            e = site_edge[s]
            if seen[e] == place:
                continue
            seen[e] = place
            for d in range(edge_first[e], edge_first[e + one]):
                reached = min(walk[edge_u[e]] + offset_m[d], walk[edge_v[e]] + edge_m[e] - offset_m[d])
                for s2 in range(s, last):
                    if site_edge[s2] == e:
                        reached = min(reached, site_leg_m[s2] + max(0.0, from_m[s2] - offset_m[d], offset_m[d] - to_m[s2]))
                reached += leg_m[d]
                if reached <= limit_m:
                    if out < len(found):
                        found[out], metres[out] = edge_demand[d], reached
                    out += 1
        for k in range(0 if full else n_touched):
            for q in range(node_first[touched[k]], node_first[touched[k] + one]):
                e = node_edge[q]
                if seen[e] == place:
                    continue
                seen[e] = place
                over_u, over_v = walk[edge_u[e]], walk[edge_v[e]] + edge_m[e]
                for d in range(edge_first[e], edge_first[e + one]):
                    reached = leg_m[d] + min(over_u + offset_m[d], over_v - offset_m[d])
                    if reached <= limit_m:
                        if out < len(found):
                            found[out], metres[out] = edge_demand[d], reached
                        out += 1
        for k in range(n_touched):
            walk[touched[k]] = np.inf
        if full or out > len(found):
            for k in range(len(seen)):
                if seen[k] == place:
                    seen[k] = -1
            ring[:] = -1
            return place, 2 if full else 1
        start[place + 1] = start[place] + out - begun
    return end, 0
