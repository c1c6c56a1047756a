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

LABEL = np.dtype([("metres", np.float64), ("node", np.uint32), ("following", np.int32)])
"""What waits in a bucket: a node, its walk and the label behind it."""
ROW = np.dtype([("from_head_m", np.float64), ("from_tail_m", np.float64), ("tail", np.uint32), ("edge", np.uint32), ("demand", np.int64)])
"""A demand point: metres from its edge's head and from its tail, leg included, the node at the tail, the edge, its number."""
TAIL = np.dtype([("head", np.uint32), ("start", np.uint32), ("stop", np.uint32)])
"""An edge met at its tail: the node at its head, and its rows."""
AT_A_TIME = 64
_ROOM = 1 << 16


@dataclass(frozen=True, eq=False)
class Reached:
    """Walks from places to demand points, place by place.

    Attributes:
        start: those of place `i` are `start[i]:start[i + 1]`, shape (places + 1,).
        demand: number of each demand point.
        walk_m: the walk, its access legs included.
        complete: False where it was stopped before every place was searched: what is missing is then not known to be far.
    """

    start: Numbers
    demand: Numbers
    walk_m: Metres
    complete: bool = True

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
        stop: asked between places; when true what is left reaches nobody, and the answer is not `complete`.
    """
    order = np.argsort(entries.site, kind="stable")
    first = _starts(entries.site, places)
    on_edges = _demand_on_edges(network, access)
    fixed = (network.first_arc, network.arc_to, network.arc_m, network.edge_u, network.edge_v, network.edge_m, *on_edges.arrays,
             access.offset_m, access.leg_m, first, entries.edge[order].astype(np.uint32), entries.from_m[order], entries.to_m[order], entries.leg_m[order])
    start = np.zeros(places + 1, dtype=np.int64)
    pool, done = _Pool.of(network, entries), 0
    scratch = (np.full(network.nodes, np.inf), np.full(network.edges, -1, np.int64), np.zeros(network.nodes, np.bool_), np.empty(network.nodes, np.uint32))
    demand, walk_m = np.empty(_ROOM, np.int64), np.empty(_ROOM)
    while done < places and not (stop is not None and stop()):
        got, full = _balls(*fixed, done, min(done + AT_A_TIME, places), limit_m, *pool.arrays, *scratch, demand, walk_m, start)
        if full == 1:
            more = max(len(demand), int(1.1 * start[got] * (places / got)) - len(demand)) if got else len(demand)
            demand, walk_m = (np.concatenate([kept[:start[got]], np.empty(len(kept) - start[got] + more, kept.dtype)]) for kept in (demand, walk_m))
        elif full == 2:
            pool = pool.doubled()
        done = int(got)
        if progress is not None:
            progress(done / places)
    start[done + 1:] = start[done]
    demand.resize(int(start[-1]), refcheck=False)  # in place: nothing is copied
    walk_m.resize(int(start[-1]), refcheck=False)
    return Reached(start, demand, walk_m, done == places)


@dataclass(frozen=True, eq=False)
class _Pool:
    """Buckets a metre, their ring and labels waiting in them; the ring spans the longest arc and the farthest start."""

    arrays: tuple[float, Numbers, npt.NDArray[np.void]]

    @staticmethod
    def of(network: Network, entries: Entries) -> "_Pool":
        """Return a pool for searches from these entries."""
        mean_m, longest_m = network.arc_lengths_m
        span = max(float((entries.leg_m + network.edge_m[entries.edge]).max(initial=0.0)), longest_m)
        if not np.isfinite(span):
            raise ValueError("street lengths and access legs must be finite")
        width_m = max(mean_m, span / 4096, 1e-3)
        ring = 1 << int(np.ceil(np.log2(span / width_m + 3)))
        return _Pool((1 / width_m, np.full(ring, -1, np.int64), np.empty(len(network.arc_to) + 2 * len(entries) + 16, LABEL)))

    def doubled(self) -> "_Pool":
        """Return a pool with room for twice as many."""
        per_m, ring, labels = self.arrays
        return _Pool((per_m, np.full(len(ring), -1, np.int64), np.empty(2 * len(labels), LABEL)))


@dataclass(frozen=True, eq=False)
class _OnEdges:
    """The demand, sorted by the node its edge begins at (the head) and by edge, so that what is met together lies together.

    `arrays`: first row of each node; the rows; first of the tails at each node; the tails; the rows of each edge, start and stop.
    """

    arrays: tuple[Numbers, npt.NDArray[np.void], Numbers, npt.NDArray[np.void], Numbers, Numbers]


def _demand_on_edges(network: Network, access: Access) -> _OnEdges:
    """Sort the demand that enters the streets; parallels and loops carry demand like any other edge."""
    on = np.flatnonzero(~access.off)
    head, edge = network.edge_u[access.edge[on]].astype(np.int64), access.edge[on]
    order = np.argsort(head * network.edges + edge, kind="stable")
    head, edge, on = head[order], edge[order], on[order]
    rows = np.empty(len(on), ROW)
    rows["from_head_m"] = access.offset_m[on] + access.leg_m[on]
    rows["from_tail_m"] = network.edge_m[edge] - access.offset_m[on] + access.leg_m[on]
    rows["tail"], rows["edge"], rows["demand"] = network.edge_v[edge], edge, on
    first = np.flatnonzero(np.diff(edge, prepend=-1))
    start, stop = np.zeros(network.edges, np.int64), np.zeros(network.edges, np.int64)
    start[edge[first]], stop[edge[first]] = first, np.append(first[1:], len(edge)) if len(first) else first
    used = edge[first]
    used = used[network.edge_u[used] != network.edge_v[used]]  # the tail of a loop is its head
    used = used[np.argsort(network.edge_v[used], kind="stable")]
    tails = np.empty(len(used), TAIL)
    tails["head"], tails["start"], tails["stop"] = network.edge_u[used], start[used], stop[used]
    return _OnEdges((_starts(head, network.nodes), rows, _starts(network.edge_v[used], network.nodes), tails, start, stop))


def _starts(row: npt.NDArray[np.integer], rows: int) -> Numbers:
    """Where each compressed row begins, and the end."""
    return np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))]).astype(np.int64)


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _ball(first_arc, arc_to, arc_m, sources, source, start_m, limit_m, per_m, ring, pool, walk, touched):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0915, PLR0917  one search; numba types it
    """Fill `walk` of every node within the limit and list it in `touched`; return how many, and whether the pool was too small."""
    one = np.uint32(1)  # unsigned throughout: a signed index is checked for its sign each time
    mask = np.int64(len(ring) - 1)
    free, used, waiting, turn, seen = np.int64(-1), np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    for i in range(sources):
        t, reached = source[i], start_m[i]
        if reached <= limit_m and reached < walk[t]:
            if used == len(pool):
                return seen, True
            if walk[t] == np.inf:
                touched[seen] = t
                seen += 1
            walk[t] = reached
            into = np.int64(reached * per_m) & mask
            label = pool[used]
            label.node, label.metres, label.following = t, reached, ring[into]
            ring[into] = used
            used += 1
            waiting += 1
    while waiting > 0:
        bucket = turn & mask
        x = np.int64(ring[bucket])
        ring[bucket] = -1
        while x >= 0:
            label = pool[x]
            s, near, behind = label.node, label.metres, np.int64(label.following)
            label.following = free
            free = x
            waiting -= 1
            if near <= walk[s]:
                for arc in range(first_arc[s], first_arc[s + one]):
                    t = arc_to[arc]
                    reached = near + arc_m[arc]
                    if reached < walk[t] and reached <= limit_m:
                        if walk[t] == np.inf:
                            touched[seen] = t
                            seen += 1
                        walk[t] = reached
                        if first_arc[t + one] - first_arc[t] == one:
                            continue  # a dead end leads nowhere else
                        y = free
                        if y >= 0:
                            free = np.int64(pool[y].following)
                        elif used < len(pool):
                            y = used
                            used += 1
                        else:
                            return seen, True
                        into = np.int64(reached * per_m) & mask
                        label = pool[y]
                        label.node, label.metres, label.following = t, reached, ring[into]
                        ring[into] = y
                        waiting += 1
            x = behind
            if x < 0:
                x = np.int64(ring[bucket])
                ring[bucket] = -1
        turn += 1
    return seen, False


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _on_own_streets(edge_u, edge_v, rows, edge_start, edge_stop, offset_m, leg_m, site_edge, from_m, to_m, site_leg_m, place, begin, last, limit_m, walk, own_edge, own_node, found, metres, out):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Walks to the demand on the place's own streets, where the way may lead along the street itself; return how many there are now."""
    for s in range(begin, last):
        e = site_edge[s]
        own_node[edge_u[e]] = own_node[edge_v[e]] = True
        if own_edge[e] == place:
            continue
        own_edge[e] = place
        for r in range(edge_start[e], edge_stop[e]):
            row = rows[r]
            d = row.demand
            reached = min(walk[edge_u[e]] + row.from_head_m, walk[edge_v[e]] + row.from_tail_m)
            for s2 in range(s, last):
                if site_edge[s2] == e:
                    reached = min(reached, site_leg_m[s2] + max(0.0, from_m[s2] - offset_m[d], offset_m[d] - to_m[s2]) + leg_m[d])
            if reached <= limit_m:
                if out < len(found):
                    found[out], metres[out] = d, reached
                out += 1
    return out


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _on_streets(first_row, rows, first_tail, tails, place, limit_m, walk, own_edge, own_node, touched, seen, found, metres, out):  # type: ignore[no-untyped-def]  # noqa: PLR0917  one loop; numba types it
    """Walks to the demand on all other streets, each from its head, or from its tail where the head is not reached."""
    one = np.uint32(1)
    for k in range(seen):
        s = touched[k]
        here = walk[s]
        start, stop = first_row[s], first_row[s + one]
        if out + stop - start > len(found):
            return len(found) + 1
        own = own_node[s]
        for r in range(start, stop):
            row = rows[r]
            reached = min(here + row.from_head_m, walk[row.tail] + row.from_tail_m)
            found[out], metres[out] = row.demand, reached
            out += reached <= limit_m and not (own and own_edge[row.edge] == place)
        for q in range(first_tail[s], first_tail[s + one]):
            met = tails[q]
            if walk[met.head] == np.inf and not (own and own_edge[rows[met.start].edge] == place):
                if out + met.stop - met.start > len(found):
                    return len(found) + 1
                for r in range(met.start, met.stop):
                    row = rows[r]
                    reached = here + row.from_tail_m
                    found[out], metres[out] = row.demand, reached
                    out += reached <= limit_m
    return out


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _balls(first_arc, arc_to, arc_m, edge_u, edge_v, edge_m, first_row, rows, first_tail, tails, edge_start, edge_stop, offset_m, leg_m, first, site_edge, from_m, to_m, site_leg_m, begin, end, limit_m, per_m, ring, pool, walk, own_edge, own_node, touched, found, metres, start):  # type: ignore[no-untyped-def]  # noqa: PLR0917  one loop; numba types it
    """Search places `begin` to `end`; return the first not done, and why: 0 all done, 1 no room for walks, 2 none in the pool.

    `walk` is all inf and `own_node` all False before and after; `own_edge` holds the last place that stands on an edge.
    """
    most = np.int64(0)
    for place in range(begin, end):
        most = max(most, first[place + 1] - first[place])
    source, start_m = np.empty(2 * most, np.uint32), np.empty(2 * most)
    for place in range(begin, end):
        n = np.int64(0)
        for s in range(first[place], first[place + 1]):
            e = site_edge[s]
            source[n], start_m[n] = edge_u[e], site_leg_m[s] + from_m[s]
            source[n + 1], start_m[n + 1] = edge_v[e], site_leg_m[s] + edge_m[e] - to_m[s]
            n += 2
        seen, full = _ball(first_arc, arc_to, arc_m, n, source, start_m, limit_m, per_m, ring, pool, walk, touched)
        out = np.int64(start[place])
        if not full:
            out = _on_own_streets(edge_u, edge_v, rows, edge_start, edge_stop, offset_m, leg_m, site_edge, from_m, to_m, site_leg_m,
                                  place, first[place], first[place + 1], limit_m, walk, own_edge, own_node, found, metres, out)
            if out <= len(found):
                out = _on_streets(first_row, rows, first_tail, tails, place, limit_m, walk, own_edge, own_node, touched, seen,
                                  found, metres, out)
            for s in range(first[place], first[place + 1]):
                own_node[edge_u[site_edge[s]]] = own_node[edge_v[site_edge[s]]] = False
        for k in range(seen):
            walk[touched[k]] = np.inf
        if full or out > len(found):
            for s in range(first[place], first[place + 1]):
                own_edge[site_edge[s]] = -1
            ring[:] = -1
            return place, 2 if full else 1
        start[place + 1] = out
    return end, 0
