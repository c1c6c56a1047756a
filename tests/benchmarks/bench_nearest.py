"""The nearest walk of every node of networks of 20,000, 200,000 and 2,000,000 nodes, against all peers and the least there can be."""

import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

from geodata.network import Network, build_network
from geodata.reach import nearest
from geodata.snapping import Entries
from tests.benchmarks.race import Result, race, shown
from tests.benchmarks.town_maker import make_streets
from tests.benchmarks.yardstick import NoYardstickError, Yardstick, compiled

NODES = 200_000
SIZES = (20_000, NODES, 2_000_000)
SITES = 50
LIMIT_M = 1_000.0
MOST_OF_BOUND = 2.0
MOST_GROWTH = 2.5
"""Ten times the nodes at n log n are 1.2 times the time a node; the rest is what leaving the cache costs, as the bound's growth shows."""
MOST_BYTES = 512
LARGEST_FOR = {"networkx": NODES, "pandana": NODES, "igraph": NODES}
ROUNDS = {20_000: 25, 200_000: 25, 2_000_000: 7}
BOUND, LEAN, SCIPY = "lower bound: no queue (C)", "lean reference: heap (C)", "scipy dijkstra(min_only)"

Run = Callable[[], np.ndarray]


def results() -> list[Result]:
    """Race every size, then say how the time grows and what memory it takes."""
    found: list[Result] = []
    larger: dict[int, tuple[Network, dict[str, Run]]] = {}
    for size in SIZES:
        network = build_network(make_streets(size))
        at = np.random.default_rng(2).choice(network.nodes, SITES, replace=False)
        lines, runners = _race(network, at, size)
        found += lines
        if size <= LARGEST_FOR["pandana"]:
            found += _pandana(network, at)
        if size >= NODES:
            larger[size] = network, {name: run for name, run in runners.items() if name in {"ours", BOUND}}
    return found + _growth(larger[NODES], larger[SIZES[-1]]) + _memory()


def at_nodes(network: Network, nodes: np.ndarray) -> Entries:
    """Sites that stand on nodes, for engines that know no other places."""
    edge = np.array([np.flatnonzero((network.edge_u == n) | (network.edge_v == n))[0] for n in nodes])
    offset_m = np.where(network.edge_u[edge] == nodes, 0.0, network.edge_m[edge])
    return Entries(np.arange(len(nodes)), edge, offset_m, offset_m, np.zeros(len(nodes)), np.zeros(len(nodes), bool))


def _race(network: Network, at: np.ndarray, size: int) -> tuple[list[Result], dict[str, Run]]:
    """Every node, no limit; all agree to a micrometre first. Answers the runners too."""
    entries = at_nodes(network, at)
    mine = nearest(network, entries).walk_m
    runners: dict[str, Run] = {"ours": lambda: nearest(network, entries).walk_m}
    left_out = _yardstick(network, at, mine, runners)
    for name, peer in (("scipy", _scipy), ("igraph", _igraph), ("networkx", _networkx)):
        if find_spec(name) is None:
            left_out.append(Result(name, "not installed"))
        elif size <= LARGEST_FOR.get(name, size):
            runners[SCIPY if name == "scipy" else name] = peer(network, at)
    for name, run in runners.items():
        assert np.abs(run() - mine).max() < 1e-6, name
    quick = {name: run for name, run in runners.items() if name in {"ours", BOUND, LEAN, SCIPY}}
    seconds = race(5, **runners) | race(ROUNDS[size], **quick)  # what is slow leaves the cache full of its own
    lines = [Result(f"{network.nodes:,} nodes, {network.edges:,} edges, {SITES} sites", f"{shown(seconds['ours'])}, {1e9 * seconds['ours'] / network.nodes:,.0f} ns a node")]
    for name in runners:
        if name == BOUND:
            ratio = seconds["ours"] / seconds[name]
            wanted = f"at most {MOST_OF_BOUND:g}" if size == NODES else ""
            lines.append(Result(f"  {name}", f"{shown(seconds[name])}, ours takes {ratio:.2f} of it", wanted, ratio <= MOST_OF_BOUND if wanted else None))
        elif name != "ours":
            lines.append(Result(f"  {name}", f"{shown(seconds[name])}, {seconds[name] / seconds['ours']:,.1f} times ours"))
    return lines + left_out, runners


def _yardstick(network: Network, at: np.ndarray, mine: np.ndarray, runners: dict[str, Run]) -> list[Result]:
    """Add the compiled reference to the runners, or say why not. The settling order it is given is not timed."""
    try:
        yardstick = Yardstick(compiled(), network, at.astype(np.uint32), np.zeros(len(at)))
    except NoYardstickError as reason:
        return [Result("lower bound and lean reference", f"skipped: {reason}")]
    order = np.argsort(mine, kind="stable")[: np.isfinite(mine).sum()].astype(np.uint32)
    runners[BOUND] = lambda: yardstick.in_given_order(order)[0]
    runners[LEAN] = lambda: yardstick.by_heap()[0]
    return []


def _scipy(network: Network, at: np.ndarray) -> Run:
    """Its own way for many sources at once."""
    dijkstra = import_module("scipy.sparse.csgraph").dijkstra  # no dependency of the product
    graph = as_matrix(network)
    return lambda: np.asarray(dijkstra(graph, indices=at, min_only=True))


def as_matrix(network: Network) -> object:
    """The walked edges as scipy's compressed rows."""
    rows = (network.arc_m, network.arc_to.astype(np.int32), network.first_arc.astype(np.int32))
    return import_module("scipy.sparse").csr_array(rows, shape=(network.nodes, network.nodes))


def _igraph(network: Network, at: np.ndarray) -> Run:
    """One more vertex beside all sites: it knows no search from many sources at once."""
    u, v, metres = _arcs(network)
    ends = np.concatenate([np.c_[u, v], np.c_[np.full(len(at), network.nodes), at]])
    graph = import_module("igraph").Graph(n=network.nodes + 1, edges=ends)
    weights = [*metres.tolist(), *[0.0] * len(at)]
    return lambda: np.asarray(graph.distances(network.nodes, weights=weights)[0][:-1])


def _networkx(network: Network, at: np.ndarray) -> Run:
    """Its own way for many sources at once; putting its dictionary into an array is a hundredth of it."""
    graph = nx.Graph()
    graph.add_weighted_edges_from(zip(*(a.tolist() for a in _arcs(network)), strict=True))
    sources = set(at.tolist())

    def run() -> np.ndarray:
        walk = np.full(network.nodes, np.inf)
        far = nx.multi_source_dijkstra_path_length(graph, sources)
        walk[np.fromiter(far, int, len(far))] = np.fromiter(far.values(), float, len(far))
        return walk
    return run


def _pandana(network: Network, at: np.ndarray) -> list[Result]:
    """Every node within 1,000 m, what it is made for; its preprocessing is not counted."""
    entries = at_nodes(network, at)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own deprecation warnings
        pandana = import_module("pandana")  # slow to import, and it warns while it is
        u, v, metres = _arcs(network)
        with _silent():
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
    return [Result(f"  within {LIMIT_M:,.0f} m only", shown(seconds["ours"])),
            Result("  pandana within the same", f"{shown(seconds['pandana'])}, {seconds['pandana'] / seconds['ours']:,.1f} times ours")]


@contextmanager
def _silent() -> Iterator[None]:
    """Its preprocessing prints from C, past Python's own output."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("w", encoding="utf-8") as nothing:
        os.dup2(nothing.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)


def _arcs(network: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The walked edges, each once."""
    tail = np.repeat(np.arange(network.nodes), np.diff(network.first_arc))
    once = tail < network.arc_to
    return tail[once], network.arc_to[once].astype(np.int64), network.arc_m[once]


def _growth(small: tuple[Network, dict[str, Run]], large: tuple[Network, dict[str, Run]]) -> list[Result]:
    """Ten times the nodes: what one of them then takes, raced together. The large network does not fit a processor's cache."""
    runners = {f"{name}, {network.nodes}": run for network, runs in (small, large) for name, run in runs.items()}
    seconds = race(ROUNDS[SIZES[-1]], **runners)
    found = []
    for name in small[1]:
        growth = seconds[f"{name}, {large[0].nodes}"] / large[0].nodes / (seconds[f"{name}, {small[0].nodes}"] / small[0].nodes)
        held = growth <= MOST_GROWTH if name == "ours" else None
        found.append(Result(f"time a node, ten times as many nodes: {name}", f"{growth:.2f} times as much", f"at most {MOST_GROWTH:g}" if held is not None else "", held))
    return found


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
