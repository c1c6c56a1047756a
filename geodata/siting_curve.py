"""What each further site adds: the best cover by 1, 2, 3 … sites, each with its bound."""

from collections.abc import Callable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.district import District
from geodata.errors import Misasked
from geodata.numerals import several
from geodata.siting import Progress, prepare, solve
from geodata.siting_models import Choice, Clock, gap_of
from geodata.siting_models.warming import warm_up
from geodata.siting_question import Siting
from geodata.siting_words import amount_of, percent
from geodata.walking import SHARED, Kept
from layers import Text

CURVE_COLUMNS: Final = ("number", "people", "bound", "gap", "share", "added_people", "added_share", "status", "proven")


def marginal_curve(district: District, asked: Siting, *, numbers: range | None = None, places: gpd.GeoDataFrame | None = None,
                   progress: Progress | None = None, stop: Callable[[], bool] | None = None, kept: Kept = SHARED) -> pd.DataFrame:
    """Return the most people covered by every number of new sites; the best sites for one number need not be among those for the next.

    Args:
        district: where.
        asked: the question, of model mclp; its time limit is for the whole curve.
        numbers: how many sites; from the forced ones (at least 1) to `asked.number` if not said.
        places: as in `site`.
        progress: told the share done.
        stop: asked between solves and during them; what was not reached is left out.
        kept: as in `site`.

    Returns:
        CURVE_COLUMNS: people covered with the kept sites, an upper bound, |bound - people| ÷ people, the share of all people,
        what this site adds to the one before (people, share), and how its solve ended.

    Raises:
        Misasked: another model, or what `site` cannot do.
        Stopped: before all walks were measured.
    """
    check_curve(asked)
    prepared = prepare(district, asked, places=places, progress=progress, stop=stop, kept=kept)
    warm_up()
    first = max(1, int(prepared.choice.forced.sum()))
    wanted = list(numbers if numbers is not None else range(first, int(asked.number or 1) + 1))
    before, total = float(prepared.people[prepared.served].sum()), float(prepared.people.sum())
    clock, rows, last, chosen = Clock(asked.seconds, stop), [], before, np.empty(0, np.int64)
    for done, number in enumerate(wanted):
        if clock.over:
            break
        choice = Choice(number, prepared.choice.forced, prepared.choice.forbidden)
        found = solve(prepared, clock.within(2.0 * clock.left / (len(wanted) - done)), choice=choice, start=chosen)
        chosen, people = found.chosen, before + found.objective
        bound = before + found.bound
        rows.append((number, people, bound, gap_of(people, bound, proven=found.proven), people / total if total else 0.0, people - last,
                     (people - last) / total if total else 0.0, found.status, found.proven))
        last = people
        if progress is not None:
            progress(0.1 + 0.9 * (done + 1) / len(wanted), Text(f"{number} 处", several(number, "site")))
    return pd.DataFrame(rows, columns=list(CURVE_COLUMNS))


def check_curve(asked: Siting) -> None:
    """Raise Misasked where the question's model has no marginal curve."""
    if asked.model != "mclp":
        raise Misasked(Text("边际曲线只用于 mclp（数量一定，覆盖最多的人）。", "Only mclp (most people with so many sites) has a marginal curve."))


def curve_sentence(curve: pd.DataFrame, number: int | None = None, *, unit: str) -> Text:
    """Say what one site of the curve adds, the last if not said: the 31st adds 0.4 %.

    Args:
        curve: of `marginal_curve`.
        number: which site.
        unit: what the demand is counted in.
    """
    if curve.empty:
        return Text("边际曲线没有算出。", "The curve was not reached.")
    at = len(curve) - 1 if number is None else int(np.flatnonzero(curve["number"] == number)[0])
    row = curve.iloc[at]
    sure = Text("", "") if row["proven"] and (at == 0 or curve["proven"].iloc[at - 1]) else Text("（未证明最优）", " (not proven optimal)")
    said = Text("第 {n} 处使覆盖率再增加 {a} 个百分点（{p}），达到 {s}{sure}。", "Site {n} adds {a} percentage points ({p}), to {s}{sure}.")
    if at == 0 and row["number"] > 1:  # those forced come together
        said = Text("前 {n} 处合计使覆盖率增加 {a} 个百分点（{p}），达到 {s}{sure}。", "The first {n} sites add {a} percentage points together ({p}), to {s}{sure}.")
    return said.format(n=int(row["number"]), a=f"{100 * row['added_share']:.1f}", p=amount_of(row["added_people"], unit), s=percent(row["share"]), sure=sure)
