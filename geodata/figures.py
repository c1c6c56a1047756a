"""The figures of one row of a coverage answer: one set where the sites are known, a median and a range where drawn."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.measures import covered_people, walk_quantiles
from geodata.network import Metres

ROW_COLUMNS: Final = (
    "layer", "standard", "metres", "mode", "counted", "sites_counted", "sites_promised", "people", "demand_unit",
    "covered_people", "covered_share", "straight_line_share", "off_network_people", "unreachable_people", "walk_m",
    "demonstration", "range", "draws", "seed",
)
"""Columns of a coverage answer, the names every table, file and command gives them."""
LOW, HIGH = 0.05, 0.95
FEWEST_RUNS: Final = 20
"""Below so many runs a fifth and a ninety-fifth percentile are two single runs, and no range is given."""
_DRAWN: Final = ("covered_people", "covered_share", "straight_line_share", "unreachable_people")


@dataclass(frozen=True, eq=False)
class Measured:
    """What the figures of one row are taken from.

    Attributes:
        people: at each demand point.
        walk_m: shape (runs, demand).
        straight_m: the straight line, likewise.
        metres: the standard; None without one, and of a row over several layers, each of which has its own.
        off: which demand points are off the network.
        folded: of a row over several layers, by how much walk and straight line exceed the standards.
    """

    people: Metres
    walk_m: Metres
    straight_m: npt.NDArray[np.floating]
    metres: float | None
    off: npt.NDArray[np.bool_]
    folded: tuple[Metres, npt.NDArray[np.floating]] | None = None

    @property
    def over_m(self) -> Metres | None:
        """By how much the walk exceeds the standard; None without one. Worked out when asked for: all rows at once would fill the memory."""
        return self.folded[0] if self.folded else None if self.metres is None else self.walk_m - self.metres

    @property
    def straight_over_m(self) -> npt.NDArray[np.floating] | None:
        """The same for the straight line."""
        return self.folded[1] if self.folded else None if self.metres is None else self.straight_m - self.metres

    def within(self, chosen: npt.NDArray[np.bool_]) -> "Measured":
        """The same of some demand points only."""
        if chosen.all():
            return self
        folded = None if self.folded is None else (self.folded[0][:, chosen], self.folded[1][:, chosen])
        return Measured(self.people[chosen], self.walk_m[:, chosen], self.straight_m[:, chosen], self.metres, self.off[chosen], folded)


def figures(measured: Measured, *, nowhere: bool = False) -> dict[str, Any]:
    """Return the fields of a row that follow from walks.

    They are `people`, `covered_people`, `covered_share`, `straight_line_share`, `off_network_people`,
    `unreachable_people`, `walk_m`, and `range` where there are several runs.

    Shares are fractions of all people, those off the network included. A figure that does not exist is None; `nowhere`
    says that no site has a place, so that nothing but people and who is off the network can be told. Over
    several runs every figure is the median, and `range` holds [p5, p95] of each.
    """
    people = pd.Series(measured.people)
    total = float(people.sum())
    runs = pd.DataFrame(index=range(len(measured.walk_m)), columns=list(_DRAWN), dtype=float)
    if nowhere:
        return {"people": total, "off_network_people": float(people[measured.off].sum()), **dict.fromkeys(_DRAWN),
                "walk_m": dict.fromkeys(walk_quantiles(people, pd.DataFrame(measured.walk_m.T))), "range": None}
    over_m, straight_over_m = measured.over_m, measured.straight_over_m
    if over_m is not None and straight_over_m is not None:
        runs["covered_people"] = covered_people(people, pd.DataFrame(over_m.T), 0)
        runs["covered_share"] = runs["covered_people"] / total if total else np.nan
        straight = covered_people(people, pd.DataFrame(straight_over_m.T), 0)
        runs["straight_line_share"] = straight / total if total else np.nan
    runs["unreachable_people"] = (np.isinf(measured.walk_m) & ~measured.off) @ measured.people
    walks = walk_quantiles(people, pd.DataFrame(measured.walk_m.T))
    row: dict[str, Any] = {"people": total, "off_network_people": float(people[measured.off].sum())}
    row |= {name: _at(runs[name], 0.5) for name in _DRAWN}
    row["walk_m"] = {name: _at(walks[name], 0.5) for name in walks}
    row["range"] = None
    if len(runs) >= FEWEST_RUNS:
        row["range"] = {name: [_at(runs[name], LOW), _at(runs[name], HIGH)] for name in _DRAWN}
        row["range"]["walk_m"] = {name: [_at(walks[name], LOW), _at(walks[name], HIGH)] for name in walks}
    return row


def _at(values: pd.Series, share: float) -> float | None:
    """The smallest value that at least this share of the runs do not exceed; None where it is infinite or missing."""
    ordered = np.sort(values.to_numpy(float))
    value = float(ordered[max(0, int(np.ceil(share * len(ordered) - 1e-9)) - 1)])
    return value if np.isfinite(value) else None


def walk_shares(measured: Measured, metres: Metres) -> pd.DataFrame:
    """Return the share of the people whose walk is at most each distance.

    Returns:
        `metres`, `share` (median over the runs), `low`, `high` (p5 and p95 of them).
    """
    total = measured.people.sum()
    shares = np.zeros((len(measured.walk_m), len(metres)))
    for run, walks in enumerate(measured.walk_m):
        step = np.searchsorted(metres + 1e-6, walks)
        reached = np.bincount(step, weights=measured.people, minlength=len(metres) + 1)[: len(metres)]
        shares[run] = np.cumsum(reached) / total if total else np.nan
    ordered = np.sort(shares, axis=0)
    pick = [ordered[max(0, int(np.ceil(q * len(ordered) - 1e-9)) - 1)] for q in (0.5, LOW, HIGH)]
    return pd.DataFrame({"metres": metres, "share": pick[0], "low": pick[1], "high": pick[2]})
