"""How much of a facility is there for every thousand people?"""

import numpy as np
import pandas as pd


def supply_per_thousand(people: float, amounts: pd.Series) -> pd.Series:
    """Return the supply of a layer beside the people it is for.

    Args:
        people: all of them, served or not.
        amounts: what each counted site supplies: places by default, else capacity or piles.

    Returns:
        `sites`, `amount`, `people`, `per_thousand` (NaN where nobody lives).

    >>> supply_per_thousand(2000, pd.Series([1, 1, 4]))["per_thousand"]
    3.0
    """
    amount = float(amounts.sum())
    rate = amount / people * 1000 if people > 0 else np.nan
    return pd.Series({"sites": len(amounts), "amount": amount, "people": people, "per_thousand": rate}, dtype=object)
