"""The nearest walk of every node of a network of 200,000 nodes, against networkx and against pandana."""

import os
import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

from geodata.network import Network, build_network
from geodata.reach import nearest
from geodata.snapping import Entries
from tests.benchmarks.race import Result, faster, race
from tests.benchmarks.town_maker import make_streets

NODES = 200_000
SITES = 50
LIMIT_M = 1_000.0
MOST_BYTES = 512


def results() -> list[Result]:
    """Race, and check first that all agree."""
    network = build_network(make_streets(NODES))
    at = np.random.default_rng(2).choice(network.nodes, SITES, replace=False)
    entries = at_nodes(network, at)
    found = [Result("generated network", f"{network.nodes:,} nodes, {network.edges:,} edges")]
    return found + _networkx(network, entries, at) + _pandana(network, entries, at) + _memory()


def at_nodes(network: Network, nodes: np.ndarray) -> Entries:
    """Sites that stand on nodes, for engines that know no other places."""
    edge = np.array([np.flatnonzero((network.edge_u == n) | (network.edge_v == n))[0] for n in nodes])
    offset_m = np.where(network.edge_u[edge] == nodes, 0.0, network.edge_m[edge])
    return Entries(np.arange(len(nodes)), edge, offset_m, offset_m, np.zeros(len(nodes)), np.zeros(len(nodes), bool))


def _networkx(network: Network, entries: Entries, at: np.ndarray) -> list[Result]:
    """Every node, no limit."""
    graph = nx.Graph()
    graph.add_weighted_edges_from(zip(*(a.tolist() for a in _arcs(network)), strict=True))
    sources = set(at.tolist())

    def theirs() -> dict[int, float]:
        return nx.multi_source_dijkstra_path_length(graph, sources)
    far = theirs()
    mine = nearest(network, entries).walk_m
    assert max(abs(mine[node] - metres) for node, metres in far.items()) < 1e-6
    seconds = race(5, ours=lambda: nearest(network, entries), networkx=theirs)
    return faster("nearest walk of every node", seconds, "ours", "networkx", least=20)


def _pandana(network: Network, entries: Entries, at: np.ndarray) -> list[Result]:
    """Every node within 1,000 m; pandana's preprocessing is not counted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own deprecation warnings
        pandana = import_module("pandana")  # slow to import, and it warns while it is
        u, v, metres = _arcs(network)
        theirs = pandana.Network(pd.Series(network.x), pd.Series(network.y), pd.Series(u.astype(int)), pd.Series(v.astype(int)),
                                 pd.DataFrame({"m": metres}))
        theirs.set_pois("sites", LIMIT_M, 1, pd.Series(network.x[at]), pd.Series(network.y[at]))

        def query() -> pd.DataFrame:
            return theirs.nearest_pois(LIMIT_M, "sites", num_pois=1)
        far = query()[1].to_numpy()
    mine = nearest(network, entries, limit_m=LIMIT_M).walk_m
    both = (mine < LIMIT_M - 1) & (far < LIMIT_M - 1)
    assert both.sum() > 1000
    assert np.abs(mine - far)[both].max() < 1  # it cuts every edge to whole millimetres
    seconds = race(5, ours=lambda: nearest(network, entries, limit_m=LIMIT_M), pandana=query)
    return faster("nearest walk within 1,000 m", seconds, "ours", "pandana", least=20)


def _arcs(network: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The walked edges, each once."""
    tail = np.repeat(np.arange(network.nodes), np.diff(network.first_arc))
    once = tail < network.arc_to
    return tail[once], network.arc_to[once].astype(np.int64), network.arc_m[once]


def _memory() -> list[Result]:
    """Bytes a node that the process grows by: network, search and answer, in a process of its own."""
    if not Path("/proc/self/statm").exists():
        return [Result("memory a node", "not measured on this system")]
    out = subprocess.run([sys.executable, "-m", "tests.benchmarks.bench_nearest"], capture_output=True, text=True, check=True,
                         encoding="utf-8", env=os.environ | {"PYTHONUTF8": "1"})
    walks, places = map(float, out.stdout.split())
    return [Result("memory a node: network, search and answer", f"{walks:,.0f} bytes", f"under {MOST_BYTES}", walks < MOST_BYTES),
            Result("and the tree that finds the nearest street", f"{places:,.0f} bytes")]


def measure_memory() -> tuple[float, float]:
    """Growth of this process by one search on the large network, and by the tree over its streets.

    The streets themselves and the compiled kernel are there before.
    """
    small = build_network(make_streets(2_000))
    nearest(small, at_nodes(small, np.arange(5)))
    streets = make_streets(NODES)
    before = _resident()
    network = build_network(streets)
    answer = nearest(network, at_nodes(network, np.arange(0, NODES // 2, 2_000)))
    assert np.isfinite(answer.walk_m).all()
    searched = _resident()
    network.index[0].query(network.lines[0])  # the tree is built at its first use
    return (searched - before) / network.nodes, (_resident() - searched) / network.nodes


def _resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    print(*measure_memory())
