"""200 redraws of the 48 demo stations with their coverage, against one redraw by networkx; and a change of the standard."""

import networkx as nx
import numpy as np

from geodata.counting import tallies
from geodata.packs import load_district
from geodata.question import Question
from geodata.report import coverage
from geodata.standards import asked_layers
from geodata.standins import redraws
from geodata.walking import Kept, ground, walked
from tests.benchmarks.race import Result, race

LAYER = "micro_fire_stations"
STANDARD_M = 216.0
MOST = 20


def results() -> list[Result]:
    """Race on the embedded district; the demand's way to the streets is known to both before."""
    district, question = load_district(), Question((LAYER,))
    tally = tallies(district, asked_layers(question)[0], question)[0]
    warm = Kept()
    shared = ground(district, question.access_m, warm)
    network, access, people = shared.network, shared.access, district.demand["people"]
    graph = nx.Graph()
    graph.add_nodes_from(range(network.nodes))
    for node in range(network.nodes):
        for arc in range(network.first_arc[node], network.first_arc[node + 1]):
            graph.add_edge(node, int(network.arc_to[arc]), weight=float(network.arc_m[arc]))

    def ours() -> np.ndarray:
        kept = Kept()
        kept.get(("ground", district.stamp, question.access_m), lambda: shared, lambda _: 0)
        runs = walked(district, tally, question, kept=kept)
        return np.asarray([people.to_numpy(float) @ (walk <= STANDARD_M + 1e-6) for walk in runs.walk_m])

    def theirs() -> float:
        drawn = redraws(district, LAYER, draws=1, seed=question.seed)
        edge, offset_m = drawn.edge[0], drawn.offset_m[0]
        for e, offset in zip(edge, offset_m, strict=True):
            graph.add_edge("site", (int(e), "u"), weight=0.0)
            graph.add_edge((int(e), "u"), int(network.edge_u[e]), weight=float(offset))
            graph.add_edge("site", (int(e), "v"), weight=0.0)
            graph.add_edge((int(e), "v"), int(network.edge_v[e]), weight=float(network.edge_m[e] - offset))
        far = nx.single_source_dijkstra_path_length(graph, "site")
        graph.remove_nodes_from([n for n in list(graph) if not isinstance(n, int)])
        node = np.array([far.get(i, np.inf) for i in range(network.nodes)])
        on = ~access.off
        e, at, leg_m = access.edge[on], access.offset_m[on], access.leg_m[on]
        walk = np.minimum(node[network.edge_u[e]] + at, node[network.edge_v[e]] + network.edge_m[e] - at)
        for site, offset in zip(edge, offset_m, strict=True):
            walk[e == site] = np.minimum(walk[e == site], np.abs(at[e == site] - offset))
        return float(people.to_numpy(float)[on] @ (walk + leg_m <= STANDARD_M + 1e-6))
    assert abs(ours()[0] - theirs()) < 1e-6 * people.sum()
    seconds = race(5, ours=ours, networkx=theirs)
    ratio = seconds["ours"] / seconds["networkx"]
    found = [
        Result("200 redraws of 48 demo sites with coverage", f"{seconds['ours']:,.3f} s"),
        Result("one redraw by networkx", f"{seconds['networkx']:,.3f} s"),
        Result("200 redraws ÷ one by networkx", f"{ratio:,.1f}", f"at most {MOST}", ratio <= MOST),
    ]
    coverage(district, question, kept=warm)
    seconds = race(5, again=lambda: coverage(district, Question((LAYER,), metres=300.0), kept=warm))
    return [*found, Result("another standard, the whole answer", f"{seconds['again']:,.3f} s")]
