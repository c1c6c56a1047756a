"""How far do people walk to the nearest site?"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

SHARES: Final = (0.10, 0.25, 0.50, 0.75, 0.90)


def walk_quantiles(people: pd.Series, walk_m: pd.DataFrame, shares: Sequence[float] = SHARES) -> pd.DataFrame:
    """Return the smallest walk that at least each share of the people do not exceed; infinite where so many never arrive.

    Args:
        people: at each demand point.
        walk_m: walks, one row a demand point (index as `people`), one column a draw.
        shares: of all people, those who reach nothing included.

    Returns:
        One row a draw, columns `p10`, `p25`, …; NaN where nobody lives.

    >>> walk_quantiles(pd.Series([1, 1, 2]), pd.DataFrame({"draw_1": [100.0, 50.0, float("inf")]}), [0.25, 0.5, 0.9]).iloc[0].tolist()
    [50.0, 100.0, inf]
    """
    weight = people.to_numpy(float)
    names = [f"p{round(100 * share)}" for share in shares]
    found = np.full((walk_m.shape[1], len(names)), np.nan)
    if weight.sum() > 0:
        lived = weight > 0
        weight = weight[lived]
        for column, walks in enumerate(walk_m.to_numpy(float)[lived].T):
            order = np.argsort(walks)
            so_far = np.cumsum(weight[order])
            wanted = np.asarray(shares) * so_far[-1] * (1 - 1e-12)  # the rounding of the sum must not cost a person
            found[column] = walks[order][np.searchsorted(so_far, wanted)]
    return pd.DataFrame(found, index=walk_m.columns, columns=names)
