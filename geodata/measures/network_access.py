"""Who gets onto the streets at all? Asked before anything else is."""

import numpy as np
import pandas as pd

from geodata.network import ENTERABLE_NODES, Network
from geodata.snapping import Access


def network_access(network: Network, people: pd.Series, access: Access, access_m: float) -> pd.Series:
    """Return what the streets are like and how many people are off them.

    Args:
        network: the streets.
        people: at each demand point.
        access: where they enter the streets, same order.
        access_m: the longest leg that was allowed.

    Returns:
        `nodes`, `edges`, `street_m`, `parts` (connected ones), `enterable_parts`, `enterable_m`, `people`,
        `off_network_people`, `off_network_points`, `access_m`, and of those on the network by people `leg_p50_m`,
        `leg_p90_m` (NaN where nobody is).
    """
    sizes, weight = network.component_sizes(), people.to_numpy(float)
    on = ~access.off & (weight > 0)
    leg_m = access.shortest_leg_m[on]
    order = np.argsort(leg_m)
    legs, so_far = leg_m[order], np.cumsum(weight[on][order])
    typical = [legs[np.searchsorted(so_far, s * so_far[-1])] if len(legs) else np.nan for s in (0.5, 0.9)]
    return pd.Series({
        "nodes": network.nodes, "edges": network.edges, "street_m": float(network.edge_m.sum()), "parts": len(sizes),
        "enterable_parts": int((sizes >= ENTERABLE_NODES).sum()),
        "enterable_m": float(network.edge_m[network.enterable].sum()), "people": float(weight.sum()),
        "off_network_people": float(weight[access.off].sum()), "off_network_points": int(access.off.sum()),
        "access_m": access_m, "leg_p50_m": float(typical[0]), "leg_p90_m": float(typical[1]),
    }, dtype=object)
