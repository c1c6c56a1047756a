"""How many people have a site within the standard?"""

from typing import Final

import pandas as pd

TOLERANCE_M: Final = 1e-6
"""A walk this much over the standard still meets it: the rounding of metres, not of meaning."""


def covered_people(people: pd.Series, walk_m: pd.DataFrame, metres: float) -> pd.Series:
    """Return the people whose walk is at most `metres` (+ TOLERANCE_M), one figure a draw.

    Args:
        people: at each demand point.
        walk_m: walks, one row a demand point (index as `people`), one column a draw; straight lines do as well.
        metres: the standard.

    >>> covered_people(pd.Series([10, 5]), pd.DataFrame({"draw_1": [300.0, 301.0], "draw_2": [0.0, float("inf")]}), 300).tolist()
    [10.0, 10.0]
    """
    within = (walk_m <= metres + TOLERANCE_M).to_numpy()
    return pd.Series(people.to_numpy(float) @ within, index=walk_m.columns, name="covered_people")
