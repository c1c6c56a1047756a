"""Walks along the streets: from every node and every demand point to the nearest site, exact to the place on the edge.

Dijkstra's labels settle in circular buckets (Dial 1969; Denardo & Fox 1979), many sources at once, each starting at its
own offset. Everything is undirected, in metres. Kernels are compiled at their first call and kept on disk.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from numba import njit

from geodata.network import Metres, Network
from geodata.snapping import Access, Entries, Numbers

Near = npt.NDArray[np.int32]
Progress = Callable[[float], None]
Labels = npt.NDArray[np.void]

BUCKET_ARCS = 2.0
"""Width of one bucket, in mean street lengths: so wide that a search goes on where it just was, and finds the streets in cache."""
SPARE_SCANS, PER_NODE, PER_SCAN = 4_000, 5, 4
"""Where footpaths are far shorter than the mean, that order may settle a node again and again. Every node first reached allows
five quarters of a scan; once that and the first thousand are spent, the buckets are gone through in rounds, which cannot."""
MOST_BUCKETS = 1 << 20
LABEL = np.dtype([("metres", np.float64), ("node", np.uint32), ("following", np.int32)])
"""What waits in a bucket: a node, its walk and the label behind it, side by side, so that a label is one line of cache."""
DRAWS_AT_A_TIME = 20


@dataclass(frozen=True, eq=False)
class Walks:
    """Shortest walks, one entry a node or a demand point.

    Attributes:
        walk_m: metres; inf where nothing is reached.
        entry: number of the entry (of the entries searched from) the walk ends at, -1 where nothing is reached.
    """

    walk_m: Metres
    entry: Near


@dataclass(frozen=True, eq=False)
class Stretches:
    """Stretches of edges within reach, not overlapping.

    Attributes:
        edge: edge number.
        from_m: start, metres along the edge.
        to_m: end.
    """

    edge: Numbers
    from_m: Metres
    to_m: Metres


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _wave(first_arc, arc_to, arc_m, source, start_m, sites, limit_m, per_m, ring, pool, walk, near):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0915, PLR0917  one loop; numba types it
    """Fill `walk` and `near`; False when the pool is full: call again with twice as much. Source `i` is site `i % sites`."""
    walk[:] = np.inf
    near[:] = -1
    ring[:] = -1
    one = np.uint32(1)  # unsigned throughout: a signed index is checked for its sign each time
    mask = np.int64(len(ring) - 1)
    free, used, waiting = np.int64(-1), np.int64(0), np.int64(0)
    for i in range(len(source)):
        s, metres = source[i], start_m[i]
        if metres < walk[s] and metres <= limit_m:
            if used == len(pool):
                return False
            walk[s] = metres
            near[s] = i % sites
            bucket = np.int64(metres * per_m) & mask
            label = pool[used]
            label.node, label.metres, label.following = s, metres, ring[bucket]
            ring[bucket] = used
            used += 1
            waiting += 1
    turn, spare, deep = np.int64(0), np.int64(SPARE_SCANS), True
    while waiting > 0:
        bucket = turn & mask
        x = np.int64(ring[bucket])
        if not deep:
            ring[bucket] = -1
        while x >= 0:
            label = pool[x]
            s, metres, behind = label.node, label.metres, np.int64(label.following)
            if deep:
                ring[bucket] = behind
            label.following = free
            free = x
            waiting -= 1
            if metres <= walk[s]:
                spare -= PER_SCAN
                site = near[s]
                for arc in range(first_arc[s], first_arc[s + one]):
                    t = arc_to[arc]
                    reached = metres + arc_m[arc]
                    if reached < walk[t] and reached <= limit_m:
                        if walk[t] == np.inf:
                            spare += PER_NODE
                        walk[t] = reached
                        near[t] = site
                        if first_arc[t + one] - first_arc[t] == one:
                            continue  # a dead end leads nowhere else
                        into = np.int64(reached * per_m) & mask
                        y = free
                        if y >= 0:
                            free = np.int64(pool[y].following)
                        else:
                            if used == len(pool):
                                return False
                            y = used
                            used += 1
                        label = pool[y]
                        label.node, label.metres, label.following = t, reached, ring[into]
                        ring[into] = y
                        waiting += 1
            if deep:
                x = np.int64(ring[bucket])
                if spare < 0:
                    deep = False
                    ring[bucket] = -1
            else:
                x = behind
                if x < 0:
                    x = np.int64(ring[bucket])
                    ring[bucket] = -1
        turn += 1
    return True


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _to_points(edge_u, edge_v, edge_m, node_walk, node_near, site_edge, from_m, to_m, site_leg_m, first, after, edge, offset_m, leg_m, walk, near):  # type: ignore[no-untyped-def]  # noqa: PLR0917  one loop; numba types it
    """Walk of each point: over either end of its edge, or along the edge where a site stands on the same one.

    `first` (edges,) is all -1 before and after; `after` (entries,) is scratch.
    """
    entries = len(site_edge)
    for j in range(entries):
        after[j] = first[site_edge[j]]
        first[site_edge[j]] = j
    for i in range(len(edge)):
        best = np.inf
        which = np.int64(-1)
        if edge[i] >= 0:
            e, at = edge[i], offset_m[i]
            for end, rest in ((edge_u[e], at), (edge_v[e], edge_m[e] - at)):
                if node_walk[end] + rest < best:
                    best = node_walk[end] + rest
                    which = np.int64(node_near[end])
            site = np.int64(first[e])
            while site >= 0:
                along = site_leg_m[site] + max(0.0, from_m[site] - at, at - to_m[site])
                if along < best:
                    best = along
                    which = site
                site = np.int64(after[site])
            best += leg_m[i]
        walk[i], near[i] = best, which
    for j in range(entries):
        first[site_edge[j]] = -1


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _starts(edge_u, edge_v, edge_m, edge, from_m, to_m, leg_m, source, start_m):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Two sources an entry: the ends of its edge, each with what is walked before it."""
    n = len(edge)
    for j in range(n):
        e = edge[j]
        source[j], start_m[j] = edge_u[e], leg_m[j] + from_m[j]
        source[j + n], start_m[j + n] = edge_v[e], leg_m[j] + edge_m[e] - to_m[j]


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _redraw(first_arc, arc_to, arc_m, edge_u, edge_v, edge_m, edges, from_m, to_m, legs_m, per_m, ring, pool, first, edge, offset_m, leg_m, node_walks, walks):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """One search and one evaluation a draw; returns the first draw not done for want of pool, or the number of draws."""
    draws, n = edges.shape
    source, start_m = np.empty(2 * n, np.uint32), np.empty(2 * n, np.float64)
    after, near = np.empty(n, np.int64), np.empty(len(edge), np.int32)
    node_walk, node_near = np.empty(len(first_arc) - 1, np.float64), np.empty(len(first_arc) - 1, np.int32)
    for d in range(draws):
        _starts(edge_u, edge_v, edge_m, edges[d], from_m[d], to_m[d], legs_m[d], source, start_m)
        if not _wave(first_arc, arc_to, arc_m, source, start_m, n, np.inf, per_m, ring, pool, node_walk, node_near):
            return d
        node_walks[d, :] = node_walk
        _to_points(edge_u, edge_v, edge_m, node_walk, node_near, edges[d], from_m[d], to_m[d], legs_m[d],
                   first, after, edge, offset_m, leg_m, walks[d], near)
    return draws


def _pool(network: Network, sources: int, span_m: float) -> tuple[float, Numbers, Labels]:
    """Buckets a metre, their ring and room for labels; the ring spans the longest arc and the farthest start, a power of two."""
    mean_m, longest_m = network.arc_lengths_m
    span = max(span_m, longest_m)
    if not np.isfinite(span):
        raise ValueError("street lengths and start offsets must be finite")
    width_m = max(BUCKET_ARCS * mean_m, span / MOST_BUCKETS, 1e-3)
    ring = 1 << int(np.ceil(np.log2(span / width_m + 3)))
    return 1 / width_m, np.empty(ring, np.int64), np.empty(len(network.arc_to) + sources + 16, LABEL)


def _doubled(pool: tuple[float, Numbers, Labels]) -> tuple[float, Numbers, Labels]:
    """The same buckets with twice the room for labels."""
    per_m, ring, labels = pool
    return per_m, ring, np.empty(2 * len(labels), LABEL)


def nearest(network: Network, entries: Entries, *, limit_m: float = np.inf) -> Walks:
    """Walk from every node to its nearest entry.

    Args:
        network: the streets.
        entries: where the sites meet them.
        limit_m: longest walk looked for; farther nodes stay infinite.
    """
    if not len(entries):
        return Walks(np.full(network.nodes, np.inf), np.full(network.nodes, -1, dtype=np.int32))
    walk, near = np.empty(network.nodes), np.empty(network.nodes, dtype=np.int32)
    source, start_m = np.empty(2 * len(entries), np.uint32), np.empty(2 * len(entries))
    _starts(network.edge_u, network.edge_v, network.edge_m, entries.edge, entries.from_m, entries.to_m, entries.leg_m, source, start_m)
    pool = _pool(network, len(source), float(start_m.max()))
    while not _wave(network.first_arc, network.arc_to, network.arc_m, source, start_m, len(entries), float(limit_m), *pool, walk, near):
        pool = _doubled(pool)
    return Walks(walk, near)


def walks_to(network: Network, nodes: Walks, entries: Entries, access: Access) -> Walks:
    """Walk of every demand point, given the walk of every node.

    Args:
        network: the streets.
        nodes: the answer of `nearest` for these entries.
        entries: where the sites meet the streets.
        access: where the demand meets them.
    """
    if access.also is not None:
        one, other = (walks_to(network, nodes, entries, each) for each in (replace(access, also=None), access.also))
        nearer = other.walk_m < one.walk_m
        return Walks(np.where(nearer, other.walk_m, one.walk_m), np.where(nearer, other.entry, one.entry))
    walk, near = np.full(len(access.edge), np.inf), np.full(len(access.edge), -1, dtype=np.int32)
    if len(entries):
        _to_points(network.edge_u, network.edge_v, network.edge_m, nodes.walk_m, nodes.entry,
                   entries.edge, entries.from_m, entries.to_m, entries.leg_m, np.full(network.edges, -1, np.int64),
                   np.empty(len(entries), np.int64), access.edge, access.offset_m, access.leg_m, walk, near)
    return Walks(walk, near)


def redraw_walks(network: Network, draws: tuple[Numbers, Metres, Metres, Metres], access: Access, *,
                 progress: Progress | None = None) -> tuple[Metres, npt.NDArray[np.float32]]:
    """Walks of every demand point, and of every node, under each of many draws of the sites.

    Args:
        network: the streets.
        draws: edge, start, end (metres along it) and leg of every site, each of shape (draws, sites); an infinite leg
            is a site nobody reaches.
        access: where the demand meets the streets.
        progress: told the share done, 0 to 1.

    Returns:
        Walks to the demand, shape (draws, demand), and to the nodes, shape (draws, nodes), the latter to the centimetre.
    """
    if access.also is not None:
        edge, offset_m, legs_m = (np.concatenate([getattr(way, name) for way in access.ways]) for name in ("edge", "offset_m", "leg_m"))
        every, node_walks = redraw_walks(network, draws, Access(edge, offset_m, legs_m), progress=progress)
        return every.reshape(len(every), len(access.ways), -1).min(axis=1), node_walks
    edges, from_m, to_m, leg_m = draws
    count = len(edges)
    walks = np.full((count, len(access.edge)), np.inf)
    node_walks = np.full((count, network.nodes), np.inf, dtype=np.float32)
    if edges.shape[1]:
        longest = float(np.where(np.isfinite(leg_m), leg_m + network.edge_m[edges], 0.0).max(initial=0.0))
        pool = _pool(network, 2 * edges.shape[1], longest)
        first = np.full(network.edges, -1, np.int64)
        done = 0
        while done < count:
            stop = min(done + DRAWS_AT_A_TIME, count)
            got = _redraw(network.first_arc, network.arc_to, network.arc_m, network.edge_u, network.edge_v,
                          network.edge_m, edges[done:stop], from_m[done:stop], to_m[done:stop], leg_m[done:stop], *pool,
                          first, access.edge, access.offset_m, access.leg_m, node_walks[done:stop], walks[done:stop])
            if done + got < stop:
                pool = _doubled(pool)
            done += int(got)
            if progress:
                progress(done / count)
    return walks, node_walks


def reached(network: Network, node_walk_m: npt.NDArray[np.floating], entries: Entries, limit_m: float) -> Stretches:
    """Stretches of street from which an entry is within `limit_m`, exact, not overlapping.

    An edge without an entry is reached from its two ends: min(L, max(0, T - d_u) + max(0, T - d_v)) metres of it. On the
    few edges that carry an entry the stretch around each is united with those.
    """
    length_m = network.edge_m
    head = np.clip(limit_m - node_walk_m[network.edge_u], 0, length_m)
    tail = np.clip(limit_m - node_walk_m[network.edge_v], 0, length_m)
    whole = head + tail >= length_m
    own = np.zeros(network.edges, dtype=bool)
    own[entries.edge] = True
    numbers = np.arange(network.edges)
    full, front, back = whole & ~own & (head + tail > 0), ~whole & ~own & (head > 0), ~whole & ~own & (tail > 0)
    edge = [numbers[full], numbers[front], numbers[back]]
    start = [np.zeros(int(full.sum())), np.zeros(int(front.sum())), (length_m - tail)[back]]
    end = [length_m[full], head[front], length_m[back]]
    for e, a, b in _around(network, head, tail, entries, limit_m):
        edge.append(np.asarray([e]))
        start.append(np.asarray([a]))
        end.append(np.asarray([b]))
    return Stretches(np.concatenate(edge).astype(np.int64), np.concatenate(start), np.concatenate(end))


def _around(network: Network, head: Metres, tail: Metres, entries: Entries,
            limit_m: float) -> list[tuple[int, float, float]]:
    """United stretches on the edges that carry an entry."""
    found: list[tuple[int, float, float]] = []
    for e in np.unique(entries.edge):
        length_m, here = float(network.edge_m[e]), entries.edge == e
        spare = limit_m - entries.leg_m[here]
        parts = [(0.0, float(head[e])), (length_m - float(tail[e]), length_m)]
        parts += [(max(0.0, float(a - s)), min(length_m, float(b + s)))
                  for a, b, s in zip(entries.from_m[here], entries.to_m[here], spare, strict=True) if s >= 0]
        at = -1.0
        for a, b in sorted(p for p in parts if p[1] > p[0]):
            if at >= 0 and a <= at:
                found[-1] = (int(e), found[-1][1], max(found[-1][2], b))
            else:
                found.append((int(e), a, b))
            at = found[-1][2]
    return found


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _straight(segments, x, y, straight):  # type: ignore[no-untyped-def]  # numba types it
    """Lower `straight` (draws, points) to the distance from each point to the nearest segment of each draw."""
    for d in range(len(segments)):
        for i in range(len(x)):
            best = np.float64(straight[d, i]) ** 2
            for k in range(segments.shape[1]):
                ax, ay = segments[d, k, 0], segments[d, k, 1]
                bx, by = segments[d, k, 2] - ax, segments[d, k, 3] - ay
                px, py = x[i] - ax, y[i] - ay
                square = bx * bx + by * by
                if square > 0:
                    t = min(1.0, max(0.0, (px * bx + py * by) / square))
                    px -= t * bx
                    py -= t * by
                best = min(best, px * px + py * py)
            straight[d, i] = np.sqrt(best)


def straight_lines(segments: Metres, x: Metres, y: Metres) -> npt.NDArray[np.float32]:
    """Straight distance from each point to the nearest site, under each draw.

    Args:
        segments: x, y, x, y of every straight piece of the sites, shape (draws, pieces, 4); a point is a piece of no length.
        x: eastings of the points.
        y: their northings.

    Returns:
        Metres, shape (draws, points), inf where a draw holds no site.
    """
    straight = np.full((len(segments), len(x)), np.inf, dtype=np.float32)
    _straight(np.ascontiguousarray(segments), x, y, straight)
    return straight
