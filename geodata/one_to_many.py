"""Walks from many places to all demand within a distance, as a sparse table: searched from the side with fewer places.

Each place is searched by itself, in circular buckets, and only as far as the distance goes: what is farther is not touched.
Streets are undirected, so a walk from the place is the walk to it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from geodata.network import Metres, Network
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
    fixed = (network.first_arc, network.arc_to, network.arc_m, network.edge_u, network.edge_v, network.edge_m,
             *_edges_at_nodes(network), *_demand_on_edges(network, access), access.offset_m, access.leg_m,
             first, entries.edge[order], entries.from_m[order], entries.to_m[order], entries.leg_m[order])
    start = np.zeros(places + 1, dtype=np.int64)
    demand: list[Numbers] = []
    walk_m: list[Metres] = []
    pool, room, done = _Pool.of(network, entries), _ROOM, 0
    scratch = (np.full(network.nodes, np.inf), np.full(network.edges, -1, np.int64), np.full(len(access.edge), np.inf))
    while done < places and not (stop is not None and stop()):
        found, metres = np.empty(room, np.int64), np.empty(room)
        got, full = _balls(*fixed, done, min(done + AT_A_TIME, places), limit_m, *pool.arrays, *scratch, found, metres, start)
        used = int(start[got] - start[done])
        demand.append(found[:used].copy())
        walk_m.append(metres[:used].copy())
        if full == 1:
            room *= 2
        elif full == 2:
            pool = pool.doubled()
        done = int(got)
        if progress is not None:
            progress(done / places)
    start[done + 1:] = start[done]
    return Reached(start, np.concatenate([np.empty(0, np.int64), *demand]), np.concatenate([np.empty(0), *walk_m]))


@dataclass(frozen=True, eq=False)
class _Pool:
    """Ring of buckets and entries waiting in them; the ring spans the longest arc and the farthest start."""

    arrays: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], Metres]

    @staticmethod
    def of(network: Network, entries: Entries) -> "_Pool":
        """Return a pool for searches from these entries."""
        far = float((entries.leg_m + network.edge_m[entries.edge]).max(initial=0.0))
        span = max(far, float(network.arc_m.max(initial=0.0)))
        if not np.isfinite(span):
            raise ValueError("street lengths and access legs must be finite")
        ring = 1 << int(np.ceil(np.log2(span / BUCKET_M + 3)))
        room = len(network.arc_to) + 2 * len(entries) + 16
        return _Pool((np.full(ring, -1, np.int64), np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)))

    def doubled(self) -> "_Pool":
        """Return a pool with room for twice as many."""
        ring, *rest = self.arrays
        room = 2 * len(rest[0])
        return _Pool((np.full(len(ring), -1, np.int64), np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)))


def _edges_at_nodes(network: Network) -> tuple[Numbers, Numbers]:
    """Every edge (parallels and loops too) at each of its nodes, in compressed rows."""
    node = np.concatenate([network.edge_u, network.edge_v]).astype(np.int64)
    edge = np.tile(np.arange(network.edges), 2)
    order = np.argsort(node, kind="stable")
    return np.concatenate([[0], np.cumsum(np.bincount(node, minlength=network.nodes))]).astype(np.int64), edge[order]


def _demand_on_edges(network: Network, access: Access) -> tuple[Numbers, Numbers]:
    """The demand points that enter each edge, in compressed rows."""
    on = np.flatnonzero(~access.off)
    order = np.argsort(access.edge[on], kind="stable")
    return np.concatenate([[0], np.cumsum(np.bincount(access.edge[on], minlength=network.edges))]).astype(np.int64), on[order]


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _balls(first_arc, arc_to, arc_m, edge_u, edge_v, edge_m, node_first, node_edge, edge_first, edge_demand, offset_m, leg_m, first, site_edge, from_m, to_m, site_leg_m, begin, end, limit_m, ring, following, node, key, walk, seen, best, found, metres, start):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0915, PLR0917  one search; numba types it
    """Search places `begin` to `end`; return the first not done, and why: 0 all done, 1 no room for walks, 2 none in the pool.

    `walk` and `best` are all inf before and after, `seen` holds the last place that looked at an edge.
    """
    mask = np.int64(len(ring) - 1)
    touched, met = np.empty(len(walk), np.int64), np.empty(len(best), np.int64)
    out = np.int64(0)
    for place in range(begin, end):
        n_touched, n_met = np.int64(0), np.int64(0)
        free, used, waiting, turn = np.int64(-1), np.int64(0), np.int64(0), np.int64(0)
        full = False
        for s in range(first[place], first[place + 1]):
            e = site_edge[s]
            for side in range(2):
                t = np.int64(edge_u[e]) if side == 0 else np.int64(edge_v[e])
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
                s, near = node[x], key[x]
                following[x] = free
                free = x
                waiting -= 1
                if near <= walk[s]:
                    for arc in range(first_arc[s], first_arc[s + 1]):
                        t = np.int64(arc_to[arc])
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
        for k in range(n_touched if not full else 0):
            for q in range(node_first[touched[k]], node_first[touched[k] + 1]):
                e = node_edge[q]
                if seen[e] == place:
                    continue
                seen[e] = place
                for d in range(edge_first[e], edge_first[e + 1]):
                    i = edge_demand[d]
                    reached = leg_m[i] + min(walk[edge_u[e]] + offset_m[i], walk[edge_v[e]] + edge_m[e] - offset_m[i])
                    if reached <= limit_m:
                        best[i] = reached
                        met[n_met] = i
                        n_met += 1
        for s in range(first[place], first[place + 1] if not full else first[place]):
            e = site_edge[s]
            for d in range(edge_first[e], edge_first[e + 1]):
                i = edge_demand[d]
                reached = leg_m[i] + site_leg_m[s] + max(0.0, from_m[s] - offset_m[i], offset_m[i] - to_m[s])
                if reached <= limit_m and reached < best[i]:
                    if best[i] == np.inf:
                        met[n_met] = i
                        n_met += 1
                    best[i] = reached
        room = not full and out + n_met <= len(found)
        for k in range(n_met):
            i = met[k]
            if room:
                found[out], metres[out] = i, best[i]
                out += 1
            best[i] = np.inf
        for k in range(n_touched):
            walk[touched[k]] = np.inf
        if full or not room:
            for k in range(len(seen)):
                if seen[k] == place:
                    seen[k] = -1
            for k in range(len(ring)):
                ring[k] = -1
            return place, 2 if full else 1
        start[place + 1] = start[place] + n_met
    return end, 0
