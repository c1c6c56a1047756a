"""One new link at a time: what it improves is updated, and undone again, instead of measuring every walk anew.

A link joins two places of the streets. Adding it can only shorten walks, so a search that starts at its two ends and
stops where nothing improves finds exactly the nodes that come nearer (decrease-only Dijkstra; Ramalingam & Reps 1996).
A journal of what was there before restores the walks bit by bit before the next link. Closing a street is not such a
change: measure anew.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from geodata.network import LONGER_M, Ids, Metres, Network
from geodata.reach import Walks
from geodata.snapping import Access, Entries, Numbers


@dataclass(frozen=True, eq=False)
class Links:
    """New links, each judged by itself.

    Attributes:
        edge_a: the edge one end lies on, shape (links,).
        at_a: metres along it.
        edge_b: the edge the other end lies on.
        at_b: metres along it.
        length_m: of the link.
    """

    edge_a: Numbers
    at_a: Metres
    edge_b: Numbers
    at_b: Metres
    length_m: Metres

    def __len__(self) -> int:
        """How many links there are."""
        return len(self.length_m)


class Beside(NamedTuple):
    """Demand points or sites that enter a link itself, in the order of the links.

    Attributes:
        first: those of link `i` are `first[i]:first[i + 1]`, shape (links + 1,).
        who: number of the demand point; of sites unused.
        from_m: start of the stretch of the link that is the entry, metres from end a.
        to_m: its end.
        leg_m: straight leg.
    """

    first: Numbers
    who: Numbers
    from_m: Metres
    to_m: Metres
    leg_m: Metres


class _Streets(NamedTuple):
    """The network as the compiled search takes it."""

    first_arc: npt.NDArray[np.uint32]
    arc_to: Ids
    arc_m: Metres
    edge_u: Ids
    edge_v: Ids
    edge_m: Metres


class _Sites(NamedTuple):
    """Where sites enter the streets, by edge."""

    by_edge: Numbers
    on_edge: Numbers
    from_m: Metres
    to_m: Metres
    leg_m: Metres


class _Demand(NamedTuple):
    """Where the demand hangs on the streets, and its walks before; see Settled."""

    by_node: Numbers
    who: Numbers
    rest_m: Metres
    by_edge: Numbers
    on_edge: Numbers
    offset_m: Metres
    leg_m: Metres
    walk_m: Metres
    people: Metres


class _Ends(NamedTuple):
    """The links; see Links."""

    edge_a: Numbers
    at_a: Metres
    edge_b: Numbers
    at_b: Metres
    length_m: Metres


def nobody_beside(links: int) -> Beside:
    """No demand point and no site enters any of the links."""
    none = np.empty(0)
    return Beside(np.zeros(links + 1, np.int64), none.astype(np.int64), none, none, none)


@dataclass(frozen=True, eq=False)
class Judged:
    """What each link changes, by itself.

    Attributes:
        nodes: how many nodes come nearer.
        saved_m: person-metres saved; a walk that does not exist counts the cap, or the new one where that is longer.
        newly: people who come within the standard.
        nearer: people whose walk becomes shorter.
        capped: people for whom the cap stands in the metres: who had no walk and now have one, since a link takes none away.
    """

    nodes: Numbers
    saved_m: Metres
    newly: Metres
    nearer: Metres
    capped: Metres


@dataclass(frozen=True, eq=False)
class Settled:
    """The walks that links are judged against, and where the demand hangs on the streets; made once for many links.

    Attributes:
        network: the streets.
        entries: where the sites enter them.
        node_m: walk of every node.
        walk_m: walk of every demand point.
        people: at each demand point.
        access: where the demand enters the streets.
        by_node: first entry of each node in `who`, `rest_m` and `leg_m`: the demand on the edges at that node.
        who: number of the demand point.
        rest_m: metres from it to the node, leg included.
        by_edge: first entry of each edge in `on_edge`.
        on_edge: numbers of the demand points on each edge.
        site_by_edge: first entry of each edge in `site_on_edge`.
        site_on_edge: numbers of the entries on each edge.
    """

    network: Network
    entries: Entries
    node_m: Metres
    walk_m: Metres
    people: Metres
    access: Access
    by_node: Numbers
    who: Numbers
    rest_m: Metres
    by_edge: Numbers
    on_edge: Numbers
    site_by_edge: Numbers
    site_on_edge: Numbers


def settle(network: Network, entries: Entries, nodes: Walks, walks: Walks, access: Access, *, people: Metres) -> Settled:
    """Return walks ready to judge links against.

    Args:
        network: the streets.
        entries: where the sites enter them.
        nodes: the walk of every node to them (`geodata.reach.nearest`).
        walks: the walk of every demand point (`geodata.reach.walks_to`).
        access: where the demand enters the streets; `also` is not looked at.
        people: at each demand point.
    """
    on = np.flatnonzero(access.edge >= 0)
    edge, at_m, leg_m = access.edge[on], access.offset_m[on], access.leg_m[on]
    node = np.concatenate([network.edge_u[edge], network.edge_v[edge]]).astype(np.int64)
    rest_m = np.concatenate([at_m + leg_m, network.edge_m[edge] - at_m + leg_m])
    order = np.argsort(node, kind="stable")
    by_edge, on_edge = _grouped(edge, network.edges)
    site_by_edge, site_on_edge = _grouped(entries.edge, network.edges)
    return Settled(network, entries, nodes.walk_m, walks.walk_m, people, access, _starts(node, network.nodes),
                   np.concatenate([on, on])[order], rest_m[order], by_edge, on[on_edge], site_by_edge, site_on_edge)


def _starts(group: Numbers, groups: int) -> Numbers:
    """Where each group begins once its members are sorted."""
    return np.concatenate([[0], np.cumsum(np.bincount(group, minlength=groups))]).astype(np.int64)


def _grouped(group: Numbers, groups: int) -> tuple[Numbers, Numbers]:
    """Where each group begins, and its members."""
    return _starts(group, groups), np.argsort(group, kind="stable").astype(np.int64)


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _lift(heap_m, heap_node, last):  # type: ignore[no-untyped-def]  # numba types it
    """Let the last label rise to its place in a binary heap."""
    metres, node = heap_m[last], heap_node[last]
    while last > 0:
        above = (last - 1) >> 1
        if heap_m[above] <= metres:
            break
        heap_m[last], heap_node[last] = heap_m[above], heap_node[above]
        last = above
    heap_m[last], heap_node[last] = metres, node


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _sink(heap_m, heap_node, count):  # type: ignore[no-untyped-def]  # numba types it
    """Put the last of `count + 1` labels at the top and let it sink to its place."""
    metres, node = heap_m[count], heap_node[count]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= count:
            break
        if below + 1 < count and heap_m[below + 1] < heap_m[below]:
            below += 1
        if heap_m[below] >= metres:
            break
        heap_m[place], heap_node[place] = heap_m[below], heap_node[below]
        place = below
    heap_m[place], heap_node[place] = metres, node


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _at_place(e, at, streets, sites, node_m):  # type: ignore[no-untyped-def]  # numba types it
    """Walk of a place on an edge."""
    best = min(node_m[streets.edge_u[e]] + at, node_m[streets.edge_v[e]] + streets.edge_m[e] - at)
    for k in range(sites.by_edge[e], sites.by_edge[e + 1]):
        j = sites.on_edge[k]
        best = min(best, sites.leg_m[j] + max(0.0, sites.from_m[j] - at, at - sites.to_m[j]))
    return best


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _improve(s, reached, link, node_m, mark, was_node, was_m, heap_m, heap_node, count):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Give a node a shorter walk; `count[0]` labels wait in the heap, `count[1]` nodes are in the journal."""
    if mark[s] != link:
        mark[s] = link
        was_node[count[1]], was_m[count[1]] = s, node_m[s]
        count[1] += 1
    node_m[s] = reached
    heap_m[count[0]], heap_node[count[0]] = reached, s
    _lift(heap_m, heap_node, count[0])
    count[0] += 1


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _search(first_arc, arc_to, arc_m, link, node_m, mark, was_node, was_m, heap_m, heap_node, count):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Settle what waits in the heap, and whatever improves by it. A node is settled once, so arcs bound the heap."""
    while count[0] > 0:
        metres, s = heap_m[0], heap_node[0]
        count[0] -= 1
        if count[0] > 0:
            _sink(heap_m, heap_node, count[0])
        if metres <= node_m[s]:
            for arc in range(first_arc[s], first_arc[s + np.uint32(1)]):
                t = arc_to[arc]
                reached = metres + arc_m[arc]
                if reached < node_m[t]:
                    _improve(t, reached, link, node_m, mark, was_node, was_m, heap_m, heap_node, count)


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _nearer(p, reached, walk_m, now_m, touched, count):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Give a demand point a shorter walk, if it is one; `count[2]` points are touched."""
    if reached < now_m[p]:
        if now_m[p] == walk_m[p]:
            touched[count[2]] = p
            count[2] += 1
        now_m[p] = reached


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _add_up(walk_m, now_m, people, touched, seen, cap_m, standard_m, told):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Sum up what the touched demand points gain, and put their walks back."""
    for k in range(seen):
        p = touched[k]
        was, now = walk_m[p], now_m[p]
        counted = max(cap_m, now) if np.isinf(was) else was
        if np.isinf(was):
            told[4] += people[p]
        if counted - now > LONGER_M:
            told[1] += people[p] * (counted - now)
            told[3] += people[p]
        if now <= standard_m < was:
            told[2] += people[p]
        now_m[p] = was


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)
def _judge(streets, sites, demand, links, demand_beside, sites_beside, node_m, cap_m, standard_m, told):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0917  one loop; numba types it
    """Judge every link by itself; `node_m` is changed and put back."""
    nodes, arcs = len(node_m), len(streets.arc_to)
    mark, was_node, was_m = np.full(nodes, -1, np.int64), np.empty(nodes, np.uint32), np.empty(nodes)
    heap_m, heap_node = np.empty(arcs + 8), np.empty(arcs + 8, np.uint32)
    now_m, touched, count = demand.walk_m.copy(), np.empty(len(demand.walk_m), np.int64), np.zeros(3, np.int64)
    edge_u, edge_v, edge_m, first_arc, arc_to, arc_m = streets.edge_u, streets.edge_v, streets.edge_m, streets.first_arc, streets.arc_to, streets.arc_m
    by_node, who, rest_m, walk_m, people = demand.by_node, demand.who, demand.rest_m, demand.walk_m, demand.people
    for i in range(len(links.length_m)):
        count[:] = 0
        length = links.length_m[i]
        edge_a, at_a, edge_b, at_b = links.edge_a[i], links.at_a[i], links.edge_b[i], links.at_b[i]
        before_a = _at_place(edge_a, at_a, streets, sites, node_m)
        before_b = _at_place(edge_b, at_b, streets, sites, node_m)
        end_a, end_b = before_a, before_b
        for k in range(sites_beside.first[i], sites_beside.first[i + 1]):
            end_a = min(end_a, sites_beside.leg_m[k] + sites_beside.from_m[k])
            end_b = min(end_b, sites_beside.leg_m[k] + length - sites_beside.to_m[k])
        end_a, end_b = min(end_a, end_b + length), min(end_b, end_a + length)
        for side in range(2):
            e, at, metres, before = (edge_a, at_a, end_a, before_a) if side == 0 else (edge_b, at_b, end_b, before_b)
            if metres < before:
                if metres + at < node_m[edge_u[e]]:
                    _improve(edge_u[e], metres + at, i, node_m, mark, was_node, was_m, heap_m, heap_node, count)
                if metres + edge_m[e] - at < node_m[edge_v[e]]:
                    _improve(edge_v[e], metres + edge_m[e] - at, i, node_m, mark, was_node, was_m, heap_m, heap_node, count)
        _search(first_arc, arc_to, arc_m, i, node_m, mark, was_node, was_m, heap_m, heap_node, count)
        for j in range(count[1]):  # demand on the edges at every changed node
            s = was_node[j]
            for k in range(by_node[s], by_node[s + np.uint32(1)]):
                _nearer(who[k], node_m[s] + rest_m[k], walk_m, now_m, touched, count)
        for side in range(2):  # and on the edges the link ends on
            e, at, metres, before = (edge_a, at_a, end_a, before_a) if side == 0 else (edge_b, at_b, end_b, before_b)
            if metres < before:
                for k in range(demand.by_edge[e], demand.by_edge[e + 1]):
                    p = demand.on_edge[k]
                    _nearer(p, metres + abs(demand.offset_m[p] - at) + demand.leg_m[p], walk_m, now_m, touched, count)
        for k in range(demand_beside.first[i], demand_beside.first[i + 1]):  # and beside the link itself
            at = demand_beside.from_m[k]
            reached = min(end_a + at, end_b + length - at)
            for q in range(sites_beside.first[i], sites_beside.first[i + 1]):
                reached = min(reached, sites_beside.leg_m[q] + max(0.0, sites_beside.from_m[q] - at, at - sites_beside.to_m[q]))
            _nearer(demand_beside.who[k], reached + demand_beside.leg_m[k], walk_m, now_m, touched, count)
        told[i, 0] = count[1]
        _add_up(walk_m, now_m, people, touched, count[2], cap_m, standard_m, told[i])
        for j in range(count[1]):
            node_m[was_node[j]] = was_m[j]


def judge_links(settled: Settled, links: Links, *, cap_m: float, standard_m: float | None = None, demand_beside: Beside | None = None,
                sites_beside: Beside | None = None) -> Judged:
    """Judge every link by itself; the walks are left as they were.

    Args:
        settled: the walks before.
        links: the links; both ends on the same network.
        cap_m: what a walk that does not exist counts, metres.
        standard_m: the standard; None counts nobody as newly within it.
        demand_beside: demand points that enter a link where it is nearer than their street.
        sites_beside: sites that do.
    """
    nobody = nobody_beside(len(links))
    network, entries, access = settled.network, settled.entries, settled.access
    told = np.zeros((len(links), 5))
    node_m = settled.node_m.copy()
    _judge(_Streets(network.first_arc, network.arc_to, network.arc_m, network.edge_u, network.edge_v, network.edge_m),
           _Sites(settled.site_by_edge, settled.site_on_edge, entries.from_m, entries.to_m, entries.leg_m),
           _Demand(settled.by_node, settled.who, settled.rest_m, settled.by_edge, settled.on_edge, access.offset_m, access.leg_m, settled.walk_m, settled.people),
           _Ends(links.edge_a, links.at_a, links.edge_b, links.at_b, links.length_m),
           nobody if demand_beside is None else demand_beside, nobody if sites_beside is None else sites_beside,
           node_m, cap_m, -1.0 if standard_m is None else standard_m + LONGER_M, told)
    assert node_m.tobytes() == settled.node_m.tobytes(), "the journal puts every walk back, bit by bit"
    return Judged(told[:, 0].astype(np.int64), told[:, 1], told[:, 2], told[:, 3], told[:, 4])


def demand_beside(entered: npt.NDArray[np.int64], who: Numbers, at_m: Metres, leg_m: Metres, links: int) -> Beside:
    """Return entries of demand points onto links, sorted by link.

    Args:
        entered: number of the link each enters.
        who: number of the demand point.
        at_m: metres along the link from end a.
        leg_m: straight leg.
        links: how many links there are.
    """
    order = np.argsort(entered, kind="stable")
    return Beside(_starts(entered, links), who[order], at_m[order], at_m[order], leg_m[order])


def sites_beside(entered: npt.NDArray[np.int64], from_m: Metres, to_m: Metres, leg_m: Metres, links: int) -> Beside:
    """Return entries of sites onto links, sorted by link; see `demand_beside`."""
    order = np.argsort(entered, kind="stable")
    return Beside(_starts(entered, links), np.zeros(len(order), np.int64), from_m[order], to_m[order], leg_m[order])
