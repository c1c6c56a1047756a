"""How long are the alleys, and how many people live within reach of one?"""

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.measures.covered import covered_people


def alley_reach(alleys: gpd.GeoDataFrame, people: pd.Series, walk_m: pd.Series, metres: float) -> pd.Series:
    """Return the length of the located alleys and the people whose walk to any point of one is at most `metres`.

    Args:
        alleys: lines in a metric CRS; an alley known only as a point has no length and is counted apart.
        people: at each demand point.
        walk_m: their walk to the nearest alley, same index.
        metres: how far counts as within reach.

    Returns:
        `alleys`, `without_length`, `length_m`, `people`, `people_per_km` (NaN without length).
    """
    length_m = alleys.geometry.length
    within = float(covered_people(people, walk_m.to_frame(), metres).iloc[0])
    total_m = float(length_m.sum())
    return pd.Series({
        "alleys": len(alleys), "without_length": int((length_m == 0).sum()), "length_m": total_m, "people": within,
        "people_per_km": within / total_m * 1000 if total_m > 0 else np.nan,
    }, dtype=object)
