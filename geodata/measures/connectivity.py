"""How well do the streets hang together?"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.network import Network

DENSITY_KM_PER_KM2: Final = 8.0
"""Least density of a city's road network; GB 50180-2018 §6.0.2, certainty ★★★."""


def connectivity(streets: gpd.GeoDataFrame, network: Network, boundary: gpd.GeoDataFrame) -> pd.Series:
    """Return dead ends, junctions and density of the streets inside the boundary.

    Args:
        streets: one row an edge, with `vehicle`.
        network: of these streets.
        boundary: in the same metric CRS.

    Returns:
        `area_km2`; `street_km`, `density_km_per_km2`, `dead_ends`, `intersections` (three ways or more),
        `intersections_per_km2` of all streets people walk; the same with `vehicle_` before it of those that carry
        vehicles: the density the standard means, and the dead ends a driver meets.
    """
    outline = shapely.union_all(boundary.geometry.to_numpy())
    shapely.prepare(outline)
    area_km2 = float(outline.area) / 1e6
    lines = network.lines
    within = shapely.covers(outline, lines)
    inside_m = np.where(within, network.edge_m, 0.0)
    cut = np.flatnonzero(~within & shapely.intersects(outline, lines))
    inside_m[cut] = shapely.length(shapely.intersection(lines[cut], outline))
    here = shapely.contains_xy(outline, network.x, network.y)
    told: dict[str, float] = {"area_km2": area_km2}
    for word, chosen in (("", np.ones(network.edges, dtype=bool)), ("vehicle_", streets["vehicle"].to_numpy(bool))):
        ways = np.bincount(network.edge_u[chosen], minlength=network.nodes) + np.bincount(network.edge_v[chosen], minlength=network.nodes)
        street_km, junctions = float(inside_m[chosen].sum()) / 1000, int(((ways >= 3) & here).sum())
        told |= {f"{word}street_km": street_km, f"{word}density_km_per_km2": street_km / area_km2 if area_km2 else np.nan,
                 f"{word}dead_ends": int(((ways == 1) & here).sum()), f"{word}intersections": junctions,
                 f"{word}intersections_per_km2": junctions / area_km2 if area_km2 else np.nan}
    return pd.Series(told, dtype=object)
