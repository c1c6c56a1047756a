"""Does a ranking hold? The first place over every draw and every way of asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.network import Metres

STABLE_SHARE: Final = 0.95
TIE: Final = 1e-6
"""Person-minutes, and people, within this of each other are equal: the rest is the rounding of sums."""
NOTHING: Final = ""
"""Stands for the first place of a draw in which nothing saves anything."""
Variation = Literal["asked", "speed", "kind", "positions"]
"""What a trial changes: nothing; the walking speed; the kind of facility; every site moved within its uncertainty."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A ranking under one variation.

    Attributes:
        variation: what is changed.
        layers: the kinds of facility walked to, added up.
        speed_m_per_s: walking speed.
        minutes: person-minutes saved, shape (openings, draws).
        newly: people newly within the standard, likewise; they decide between equals.
    """

    variation: Variation
    layers: tuple[str, ...]
    speed_m_per_s: float
    minutes: Metres
    newly: Metres


@dataclass(frozen=True, eq=False)
class Stability:
    """Whether the first place holds.

    Attributes:
        first: which is first in the answer; None where nothing saves anything.
        share: share of all draws in which the same one is first.
        draws: how many draws, over all variations that have a first place.
        stable: whether `share`, and the share of every single variation, is at least STABLE_SHARE; None without a first place.
        worst: the row of `table` in which the answer's first is first least often; None without a first place.
        table: one row a variation: `variation`, `layer` (keys, joined by commas), `speed_m_per_s`, `draws`, `first` (the
            most often first; None where nothing saves anything in any draw: such a row has no say), `share` (of this row's
            draws in which the answer's first is first), and a column an opening with its share of first places.
    """

    first: str | None
    share: float
    draws: int
    stable: bool | None
    worst: int | None
    table: pd.DataFrame


def stability_of(openings: Sequence[str], first: str | None, trials: Sequence[Trial]) -> Stability:
    """Return how often each opening is first.

    Args:
        openings: their ids, in the order of the trials' rows.
        first: which is first in the answer.
        trials: the variations.
    """
    rows, wins, draws = [], 0, 0
    for trial in trials:
        best = first_places(openings, trial.minutes, trial.newly)
        shares = {name: float(np.mean(best == name)) for name in openings}
        leader = max(shares, key=lambda name: shares[name])
        some = shares[leader] > 0
        rows.append({"variation": trial.variation, "layer": ",".join(trial.layers), "speed_m_per_s": trial.speed_m_per_s, "draws": len(best),
                     "first": leader if some else None, "share": shares.get(first, 0.0) if first else 0.0, **shares})
        wins, draws = wins + int((best == first).sum()) * bool(first), draws + len(best) * some
    table = pd.DataFrame(rows, columns=["variation", "layer", "speed_m_per_s", "draws", "first", "share", *openings])
    table["first"] = table["first"].astype(object).where(table["first"].notna(), None)
    share = wins / draws if draws else 0.0
    if first is None:
        return Stability(None, share, draws, None, None, table)
    said = table[table["first"].notna()]
    worst = int(said.index[int(np.argmin(said["share"].to_numpy(float)))])
    return Stability(first, share, draws, bool(min(share, said["share"].min()) >= STABLE_SHARE), worst, table)


def leaders(minutes: Metres, newly: Metres) -> npt.NDArray[np.int64]:
    """Return which opening comes first in each draw: most minutes; of equals most newly covered; of these the first in the list.

    Args:
        minutes: person-minutes saved, shape (openings, draws).
        newly: people newly covered, likewise.
    """
    tied = minutes >= minutes.max(axis=0) - TIE
    most = np.where(tied, newly, -np.inf).max(axis=0)
    return np.asarray(np.argmax(tied & (newly >= most - TIE), axis=0), dtype=np.int64)


def order_of(minutes: Metres, newly: Metres) -> list[int]:
    """Return the openings by rank, the first place as `leaders` gives it; shape (openings,) each.

    >>> order_of(np.array([1.0, 3.0, 3.0 + 1e-9, 0.0]), np.array([9.0, 1.0, 2.0, 0.0]))
    [2, 1, 0, 3]
    """
    left = np.arange(len(minutes))
    found = []
    while len(left):
        place = int(leaders(minutes[left, None], newly[left, None])[0])
        found.append(int(left[place]))
        left = np.delete(left, place)
    return found


def first_places(openings: Sequence[str], minutes: Metres, newly: Metres) -> npt.NDArray[np.object_]:
    """Return which opening is first in each draw (`leaders`), NOTHING where none saves anything.

    >>> first_places(["a", "b"], np.array([[1.0, 0.0, 2.0], [3.0, 0.0, 2.0]]), np.zeros((2, 3))).tolist()
    ['b', '', 'a']
    """
    names = np.asarray([*openings, NOTHING], dtype=object)
    return np.asarray(names[np.where(minutes.max(axis=0) > TIE, leaders(minutes, newly), len(openings))], dtype=object)
