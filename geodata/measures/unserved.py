"""Who has no site within the standard, and where do they live?"""

import geopandas as gpd
import pandas as pd

from geodata.measures.covered import TOLERANCE_M


def unserved(demand: gpd.GeoDataFrame, walks: pd.DataFrame, metres: float) -> gpd.GeoDataFrame:
    """Return the demand points whose walk exceeds `metres`, the many first.

    Args:
        demand: `demand_id`, `people`, points.
        walks: `walk_m`, `straight_m`, `off_network` of the same demand points, index as `demand`.
        metres: the standard.

    Returns:
        Columns of both, index kept, CRS of `demand`; points where nobody lives are left out.
    """
    far = (walks["walk_m"] > metres + TOLERANCE_M) & (demand["people"] > 0)
    table = demand.loc[far, ["demand_id", "people"]].join(walks.loc[far, ["walk_m", "straight_m", "off_network"]])
    found = gpd.GeoDataFrame(table, geometry=demand.geometry[far], crs=demand.crs)
    return found.sort_values(["people", "demand_id"], ascending=[False, True])
