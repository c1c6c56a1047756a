"""Walks from 5,000 nodes to every node within 1,000 m as a sparse table, against scipy's limited Dijkstra."""

from importlib import import_module
from importlib.util import find_spec

import numpy as np

from geodata.network import Network, build_network
from geodata.one_to_many import Reached, walks_from
from geodata.snapping import Access, Entries
from tests.benchmarks.bench_nearest import as_matrix
from tests.benchmarks.race import Result, faster, race, shown
from tests.benchmarks.town_maker import make_streets

SIZES = (20_000, 200_000)
PLACES = 5_000
LIMIT_M = 1_000.0
CHUNK = 50


def results() -> list[Result]:
    """Race on two towns; every walk agrees first.

    Both answer the same: which node is within reach of which, and how far. Ours takes them for places and demand anywhere on the
    streets, and so does a little more. scipy clears every node for every place: the larger the town, the further it falls behind.
    """
    found = []
    for size in SIZES:
        network = build_network(make_streets(size))
        found += _race(network)
    return found


def _race(network: Network) -> list[Result]:
    edge, offset_m = _at_nodes(network)
    access = Access(edge, offset_m, np.zeros(network.nodes))
    at = np.random.default_rng(4).choice(network.nodes, PLACES, replace=False)
    entries = Entries(np.arange(PLACES), edge[at], offset_m[at], offset_m[at], np.zeros(PLACES), np.zeros(PLACES, dtype=bool))

    def ours() -> Reached:
        return walks_from(network, entries, PLACES, access, limit_m=LIMIT_M)
    mine = ours()
    lines = [Result(f"generated network of {network.nodes:,} nodes", f"{len(mine.demand):,} walks")]
    if find_spec("scipy") is None:
        return [*lines, Result("the same by scipy", "skipped: scipy not installed")]
    dijkstra = import_module("scipy.sparse.csgraph").dijkstra  # no dependency of the product
    graph = as_matrix(network)
    some = PLACES if network.nodes < 100_000 else PLACES // 10  # scipy's time goes with the places, ours is measured over all

    def theirs() -> tuple[np.ndarray, ...]:
        pairs = []
        for k in range(0, some, CHUNK):
            far = dijkstra(graph, indices=at[k:k + CHUNK], limit=LIMIT_M)
            place, node = np.nonzero(np.isfinite(far))
            pairs.append((place + k, node, far[place, node]))
        return tuple(map(np.concatenate, zip(*pairs, strict=True)))

    def rows() -> None:
        for k in range(0, some, CHUNK):
            dijkstra(graph, indices=at[k:k + CHUNK], limit=LIMIT_M)
    place, node, metres = theirs()
    order = np.lexsort((mine.demand, mine.place))[: len(node)]
    assert np.array_equal(mine.place[order], place)
    assert np.array_equal(mine.demand[order], node)
    assert np.abs(mine.walk_m[order] - metres).max() < 1e-6
    seconds = race(5, ours=ours, scipy=theirs, rows=rows)
    seconds |= {name: seconds[name] * PLACES / some for name in ("scipy", "rows")}
    lines.append(Result("scipy's rows of every node, mostly inf, nothing taken out of them", f"{shown(seconds['rows'])}, {seconds['rows'] / seconds['ours']:,.1f} times ours"))
    return lines + faster(f"{PLACES:,} places, {LIMIT_M:,.0f} m", seconds, "ours", "scipy", least=5)


def _at_nodes(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Every node as a place on one of its edges."""
    edge, offset_m = np.zeros(network.nodes, np.int64), np.zeros(network.nodes)
    edge[network.edge_v], offset_m[network.edge_v] = np.arange(network.edges), network.edge_m
    edge[network.edge_u], offset_m[network.edge_u] = np.arange(network.edges), 0.0
    return edge, offset_m
