"""Walks from 5,000 places to every node within 1,000 m, against scipy's limited Dijkstra."""

from importlib import import_module
from importlib.util import find_spec

import numpy as np

from geodata.network import Network, build_network
from geodata.one_to_many import Reached, walks_from
from geodata.snapping import Access, Entries
from tests.benchmarks.race import Result, faster, race
from tests.benchmarks.town_maker import make_streets

SIZES = (20_000, 200_000)
PLACES = 5_000
LIMIT_M = 1_000.0
CHUNK = 50


def results() -> list[Result]:
    """Race on two towns; the numbers of walks and their sum agree first.

    scipy clears every node for every place: the larger the town, the further it falls behind. The bound is held in the large one.
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
    graph = import_module("scipy.sparse").csr_array((network.arc_m, network.arc_to.astype(np.int32), network.first_arc.astype(np.int32)), shape=(network.nodes, network.nodes))
    some = PLACES if network.nodes < 100_000 else PLACES // 10  # scipy's time goes with the places, ours is measured over all

    def theirs() -> tuple[int, float]:
        count, metres = 0, 0.0
        for k in range(0, some, CHUNK):
            far = dijkstra(graph, indices=at[k:k + CHUNK], limit=LIMIT_M)
            there = np.isfinite(far)
            count, metres = count + int(there.sum()), metres + float(far[there].sum())
        return count, metres
    count, metres = theirs()
    assert count == mine.start[some]
    assert abs(metres - mine.walk_m[: mine.start[some]].sum()) < 1e-6 * metres
    seconds = race(3, ours=ours, scipy=theirs)
    seconds["scipy"] *= PLACES / some
    what = f"{PLACES:,} places, {LIMIT_M:,.0f} m, walks to demand on edges"
    if network.nodes < 100_000:
        return [*lines, Result(what, f"{seconds['scipy'] / seconds['ours']:,.1f} times faster than scipy")]
    return lines + faster(what, seconds, "ours", "scipy", least=5)


def _at_nodes(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Every node as a place on one of its edges."""
    edge, offset_m = np.zeros(network.nodes, np.int64), np.zeros(network.nodes)
    edge[network.edge_v], offset_m[network.edge_v] = np.arange(network.edges), network.edge_m
    edge[network.edge_u], offset_m[network.edge_u] = np.arange(network.edges), 0.0
    return edge, offset_m
