"""How much walking time does a change save?"""

from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.network import LONGER_M

CAP_MIN: Final = 30.0
"""A walk that does not exist counts as so many minutes."""


def minutes_saved(before_m: npt.NDArray[np.float64], after_m: npt.NDArray[np.float64], speed_m_per_s: float) -> npt.NDArray[np.float64]:
    """Return the minutes that each walk becomes shorter; negative where it becomes longer, 0 within LONGER_M.

    A walk that does not exist counts as CAP_MIN, or as the other one where that is longer still: opening a way of forty
    minutes to somebody who had none takes nothing from them.

    Args:
        before_m: walks, any shape; inf where nothing is reached.
        after_m: the same walks after.
        speed_m_per_s: walking speed.

    >>> minutes_saved(np.array([720.0, np.inf, np.inf, np.inf]), np.array([360.0, 720.0, 2880.0, np.inf]), 1.2).tolist()
    [5.0, 20.0, 0.0, 0.0]
    """
    cap_m = CAP_MIN * 60 * speed_m_per_s
    was, now = np.isfinite(before_m), np.isfinite(after_m)
    before = np.where(was, before_m, np.where(now, np.fmax(cap_m, after_m), 0.0))
    after = np.where(now, after_m, np.where(was, np.fmax(cap_m, before_m), 0.0))
    saved = before - after
    return np.where(np.abs(saved) > LONGER_M, saved, 0.0) / (60 * speed_m_per_s)
