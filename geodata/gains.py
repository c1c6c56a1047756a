"""Who gains between two districts: the same walks measured in both, and what lies between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geodata.counting import Tally, tallies
from geodata.district import District
from geodata.figures import FEWEST_RUNS, HIGH, LOW, Measured, figures
from geodata.measures import CAP_MIN, LONGER_M, TOLERANCE_M, minutes_saved
from geodata.network import Metres
from geodata.question import Question
from geodata.reach import Progress
from geodata.standards import Held, standards_of
from geodata.walking import Kept, Walked, ground, walked
from layers import Layer

FIRM_M: Final = 10.0
"""Sites known less exactly than this are moved within their uncertainty when a ranking is tried."""
SIDES: Final = ("covered_people", "covered_share", "straight_line_share", "unreachable_people", "off_network_people", "walk_m")
"""Figures of a comparison that there are before and after."""
_DRAWN: Final = ("person_minutes_saved", "people_newly_covered", "people_no_longer_covered", "people_nearer", "capped_people")


@dataclass(frozen=True, eq=False)
class LayerWalks:
    """The walks to one layer in one district.

    Attributes:
        held: the standard: the layer's headline one, or the one asked for.
        tally: which sites are counted: the widest count the data holds, or the one asked for.
        runs: the walks.
        off: which demand points are off the network.
        stated_m: the walks with every site where the data put it, demo sites as drawn first: what a map shows.
    """

    held: Held
    tally: Tally
    runs: Walked
    off: npt.NDArray[np.bool_]
    stated_m: Metres

    @property
    def over_m(self) -> Metres | None:
        """By how much each walk exceeds the standard; None without one."""
        return None if self.held.metres is None else self.runs.walk_m - self.held.metres


@dataclass(frozen=True, eq=False)
class Gain:
    """What changes for one layer between two districts, run by run.

    Attributes:
        minutes: person-minutes saved, shape (runs,); a walk that does not exist counts CAP_MIN.
        newly: people who come within the standard; zeros without one.
        lost: people who no longer are.
        nearer: people whose walk is shorter.
        capped: people for whom CAP_MIN stands in the minutes: without a walk on exactly one of the two sides.
        longer_walks: demand points whose walk is longer, in the worst run.
    """

    minutes: Metres
    newly: Metres
    lost: Metres
    nearer: Metres
    capped: Metres
    longer_walks: int


def layer_walks(district: District, layer: Layer, question: Question, *, stand_ins: bool = True, loose: bool = False,
                kept: Kept, progress: Progress | None = None, tally: Tally | None = None) -> LayerWalks | None:
    """Return the walks to one layer, or None where the data hold no site of it, nor a promise of one.

    Args:
        district: where.
        layer: to what.
        question: see `geodata.question`; with no count asked for, the widest the data holds is taken.
        stand_ins: whether demo sites stand for promised places without a position (on a sketch only).
        loose: move every point known less exactly than FIRM_M within its uncertainty, once a draw, as the interval of a report
            does, and not only what the standard calls for.
        kept: where walks measured before are found.
        progress: told the share done, 0 to 1.
        tally: which sites are counted, where that is known already: a road changes none of them.
    """
    if tally is None:
        counted = tallies(district, layer, question, stand_ins=stand_ins)
        if not counted:
            return None
        tally = counted[-1]
    held = standards_of(layer, question)[0]
    runs = walked(district, tally, question, metres=held.metres, firm_m=FIRM_M if loose else None, kept=kept, progress=progress)
    return LayerWalks(held, tally, runs, ground(district, question.access_m, kept).access.off, stated_walks(district, tally, question, runs, kept=kept))


def stated_walks(district: District, tally: Tally, question: Question, runs: Walked | None = None, *, kept: Kept) -> Metres:
    """Return the walks with every located site where the data put it, and demo sites as drawn first; from `runs` where those do."""
    found = runs if runs is not None and not runs.moved else walked(district, tally, replace(question, draws=1), kept=kept)
    walks: Metres = found.walk_m[0]
    return walks


def gain(before: LayerWalks, after: LayerWalks, people: Metres, speed_m_per_s: float) -> Gain:
    """Return what changes between the walks before and after.

    Args:
        before: one run, or one a draw.
        after: likewise; the draws are the same ones.
        people: at each demand point.
        speed_m_per_s: walking speed.
    """
    return gain_of((before.runs.walk_m, after.runs.walk_m), (before.over_m, after.over_m), people, speed_m_per_s)


def gain_of(walks: tuple[Metres, Metres], over: tuple[Metres | None, Metres | None], people: Metres, speed_m_per_s: float) -> Gain:
    """Return what changes between walks before and after, each of shape (runs, demand); a single run stands for every draw.

    Args:
        walks: before and after.
        over: by how much each exceeds the standard; None without one.
        people: at each demand point.
        speed_m_per_s: speed of those who walk.
    """
    count = max(map(len, walks))
    sums = np.zeros((5, count))
    longer = 0
    for run in range(count):
        was, now = (table[min(run, len(table) - 1)] for table in walks)
        saved = minutes_saved(was, now, speed_m_per_s)
        sums[0, run], sums[3, run] = people @ saved, people @ (saved > 0)
        sums[4, run] = people @ (np.isfinite(was) != np.isfinite(now))
        if over[0] is not None and over[1] is not None:
            inside, then = (table[min(run, len(table) - 1)] <= TOLERANCE_M for table in over if table is not None)
            sums[1, run], sums[2, run] = people @ (then & ~inside), people @ (inside & ~then)
        with np.errstate(invalid="ignore"):
            longer = max(longer, int((now - was > LONGER_M).sum()))
    return Gain(sums[0], sums[1], sums[2], sums[3], sums[4], longer)


def gain_fields(found: Gain) -> dict[str, Any]:
    """Return the fields of a gain, the names every table, file and command gives them.

    Over several runs a figure is the median, and, from FEWEST_RUNS on, `range` holds [p5, p95] of each.
    """
    columns = dict(zip(_DRAWN, (found.minutes, found.newly, found.lost, found.nearer, found.capped), strict=True))
    told: dict[str, Any] = {name: share_of_runs(values, 0.5) for name, values in columns.items()}
    told |= {"cap_minutes": CAP_MIN, "longer_walks": found.longer_walks}
    told["range"] = {name: _ends(values) for name, values in columns.items()} if len(found.minutes) >= FEWEST_RUNS else None
    return told


def total_fields(found: Sequence[Gain]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the person-minutes saved over several layers, and their range."""
    total = summed([one.minutes for one in found])
    name = "person_minutes_saved_total"
    return {name: share_of_runs(total, 0.5)}, {name: _ends(total)} if len(total) >= FEWEST_RUNS else {}


def summed(parts: Sequence[Metres]) -> Metres:
    """Return figures added up over layers, run by run; a single run stands for every draw."""
    total = np.zeros(max((len(part) for part in parts), default=1))
    for part in parts:
        total += part
    return total


def walk_fields(walks: LayerWalks, people: Metres, chosen: npt.NDArray[np.bool_], word: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return covered people, walk quantiles and the unreachable with `_word` after their names, and their ranges.

    Args:
        walks: before or after.
        people: at each demand point.
        chosen: which of them are asked about.
        word: `before` or `after`.
    """
    measured = Measured(people, walks.runs.walk_m, walks.runs.straight_m, walks.held.metres, walks.off)
    row = figures(measured.within(chosen))
    told, ranges = side_fields(row, word)
    return told | {"people": row["people"]}, ranges


def side_fields(row: Mapping[str, Any], word: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the figures of one side of a comparison with `_word` after their names, and their ranges."""
    spread = row["range"] or {}
    return {f"{name}_{word}": row[name] for name in SIDES}, {f"{name}_{word}": spread[name] for name in SIDES if name in spread}


def count_fields(walks: LayerWalks) -> dict[str, Any]:
    """Return whose sites are counted, how many have a place, how many were promised, and how many demo sites stand for the rest."""
    tally = walks.tally
    promised = tally.promised if tally.counted == "programme" else None
    return {"counted": tally.counted, "sites_counted": tally.amount, "sites_promised": promised, "demo_sites": walks.runs.drawn}


def _ends(values: Metres) -> list[float]:
    return [share_of_runs(values, LOW), share_of_runs(values, HIGH)]


def share_of_runs(values: Metres, share: float) -> float:
    """Return the smallest value that at least this share of the runs do not exceed."""
    ordered = np.sort(values)
    return float(ordered[max(0, int(np.ceil(share * len(ordered) - 1e-9)) - 1)])
