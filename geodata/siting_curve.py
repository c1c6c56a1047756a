"""What each further site adds: the best cover by 1, 2, 3 … sites, each with its bound."""

from collections.abc import Callable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.district import District
from geodata.errors import Misasked
from geodata.siting import Progress, prepare, solve
from geodata.siting_models import Choice, Clock
from geodata.siting_models.warming import warm_up
from geodata.siting_question import Siting
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
    """
    if asked.model != "mclp":
        raise Misasked(Text("边际曲线只用于 mclp。", "The marginal curve is one of mclp."))
    prepared = prepare(district, asked, places=places, stop=stop, kept=kept)
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
        rows.append((number, people, before + found.bound, found.gap, people / total if total else 0.0, people - last,
                     (people - last) / total if total else 0.0, found.status, found.proven))
        last = people
        if progress is not None:
            progress((done + 1) / len(wanted), Text(f"{number} 处", f"{number} sites"))
    return pd.DataFrame(rows, columns=list(CURVE_COLUMNS))


def curve_sentence(curve: pd.DataFrame, number: int | None = None) -> Text:
    """Say what one site of the curve adds, the last if not said: the 31st adds 0.4 %."""
    if curve.empty:
        return Text("边际曲线没有算出。", "The curve was not reached.")
    row = curve.iloc[-1] if number is None else curve[curve["number"] == number].iloc[0]
    sure = Text("", "") if row["proven"] else Text("（未证明最优）", " (not proven optimal)")
    return Text("第 {n} 处使覆盖率再增加 {a} 个百分点（{p} 人），达到 {s}{sure}。", "Site {n} adds {a} percentage points ({p} people), to {s}{sure}.").format(
        n=int(row["number"]), a=f"{100 * row['added_share']:.1f}", p=f"{row['added_people']:,.0f}", s=f"{100 * row['share']:.1f} %", sure=sure)

