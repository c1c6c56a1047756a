"""Does a ranking hold? The first place over every draw and every way of asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geodata.network import Metres

STABLE_SHARE: Final = 0.95
NOTHING: Final = ""
"""Stands for the first place of a draw in which nothing saves anything."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A ranking under one variation.

    Attributes:
        layer: the kind of facility walked to.
        speed_m_per_s: walking speed.
        moved: whether every site was moved within its uncertainty.
        minutes: person-minutes saved, shape (openings, draws).
    """

    layer: str
    speed_m_per_s: float
    moved: bool
    minutes: Metres


@dataclass(frozen=True, eq=False)
class Stability:
    """Whether the first place holds.

    Attributes:
        first: which is first in the answer; None where nothing saves anything.
        share: share of all draws in which the same one is first.
        draws: how many draws, over all variations.
        stable: whether `share` is at least STABLE_SHARE; None without a first place.
        table: one row a variation: `layer`, `speed_m_per_s`, `moved`, `draws`, `first` (the most often first), `share` (of
            this row's draws in which the answer's first is first), and a column an opening with its share of first places.
    """

    first: str | None
    share: float
    draws: int
    stable: bool | None
    table: pd.DataFrame


def stability_of(openings: Sequence[str], first: str | None, trials: Sequence[Trial]) -> Stability:
    """Return how often each opening is first.

    Args:
        openings: their ids, in the order of the trials' rows.
        first: which is first in the answer.
        trials: the variations; all draws count alike.
    """
    rows, wins, draws = [], 0, 0
    for trial in trials:
        best = first_places(openings, trial.minutes)
        shares = {name: float(np.mean(best == name)) for name in openings}
        leader = max(shares, key=lambda name: shares[name]) if shares and max(shares.values()) > 0 else NOTHING
        rows.append({"layer": trial.layer, "speed_m_per_s": trial.speed_m_per_s, "moved": trial.moved, "draws": len(best),
                     "first": leader or None, "share": shares.get(first, 0.0) if first else 0.0, **shares})
        wins, draws = wins + int((best == first).sum()) if first else wins, draws + len(best)
    share = wins / draws if draws else 0.0
    table = pd.DataFrame(rows, columns=["layer", "speed_m_per_s", "moved", "draws", "first", "share", *openings])
    return Stability(first, share, draws, share >= STABLE_SHARE if first else None, table)


def first_places(openings: Sequence[str], minutes: Metres) -> np.ndarray:
    """Return which opening is first in each draw, NOTHING where none saves anything; of equals the first in the list.

    >>> first_places(["a", "b"], np.array([[1.0, 0.0, 2.0], [3.0, 0.0, 2.0]])).tolist()
    ['b', '', 'a']
    """
    names = np.asarray([*openings, NOTHING], dtype=object)
    best = np.argmax(minutes, axis=0)
    return names[np.where(minutes.max(axis=0) > 0, best, len(openings))]
