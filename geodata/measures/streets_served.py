"""How many metres of street lie within the standard of a site?"""

import numpy as np
import pandas as pd

from geodata.reach import Stretches


def streets_served(length_m: pd.Series, stretches: Stretches) -> pd.Series:
    """Return the metres of street within reach, exact to the place on the edge.

    Args:
        length_m: of every edge, in the network's order.
        stretches: what is within reach of a site, from `geodata.reach.reached`.

    Returns:
        `street_m`, `served_m`, `served_share` (NaN without streets).
    """
    street_m, served_m = float(length_m.sum()), float((stretches.to_m - stretches.from_m).sum())
    return pd.Series({"street_m": street_m, "served_m": served_m,
                      "served_share": served_m / street_m if street_m > 0 else np.nan})
