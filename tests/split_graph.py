"""The independent answer: every edge physically cut at every place, walked by networkx."""

import networkx as nx
import numpy as np
import numpy.typing as npt

from geodata.network import Network
from geodata.snapping import Access, Entries


def split_walks(network: Network, entries: Entries, access: Access) -> npt.NDArray[np.float64]:
    """Walk of every demand point to its nearest entry; inf where there is none."""
    places: dict[int, set[float]] = {}
    for edge, *offsets in [*zip(entries.edge, entries.from_m, entries.to_m, strict=True),
                           *zip(access.edge[~access.off], access.offset_m[~access.off], strict=True)]:
        places.setdefault(int(edge), set()).update(map(float, offsets))
    graph = nx.MultiGraph()
    graph.add_nodes_from([*range(network.nodes), "site"])
    for edge, (u, v, length_m) in enumerate(zip(network.edge_u.tolist(), network.edge_v.tolist(),
                                                network.edge_m.tolist(), strict=True)):
        cuts = sorted(places.get(edge, ()))
        chain = [u, *((edge, c) for c in cuts), v]
        for a, b, metres in zip(chain[:-1], chain[1:], np.diff([0.0, *cuts, length_m]), strict=True):
            graph.add_edge(a, b, metres=float(metres))
    for edge, start, end, leg_m in zip(entries.edge.tolist(), entries.from_m, entries.to_m, entries.leg_m, strict=True):
        for cut in places[edge]:
            if start <= cut <= end:
                graph.add_edge("site", (edge, cut), metres=float(leg_m))
    found = nx.single_source_dijkstra_path_length(graph, "site", weight="metres")
    return np.array([np.inf if off else found.get((int(e), float(o)), np.inf) + leg for e, o, leg, off in
                     zip(access.edge, access.offset_m, access.leg_m, access.off, strict=True)])
