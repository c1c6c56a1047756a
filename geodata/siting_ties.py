"""Equally good choices, and the sites that stand in every one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.district import District
from geodata.errors import BadInput
from geodata.numerals import several
from geodata.siting import Prepared, Progress, prepare, solve
from geodata.siting_answer import Sited
from geodata.siting_models import Clock, Numbers, Solved, relative_gap
from geodata.siting_models.warming import warm_up
from geodata.walking import SHARED, Kept
from layers import Text

Standing = Literal["in every optimum", "can be replaced", "not decided"]
STANDING_NAMES: Final[dict[Standing, Text]] = {
    "in every optimum": Text("每个最优方案都有", "in every optimum"), "can be replaced": Text("可被替换", "can be replaced"),
    "not decided": Text("未判定", "not decided"),
}
TIE_FIELDS: Final = ("candidate", "standing", "replaced_by", "also_out", "loss")


@dataclass(frozen=True, eq=False)
class Ties:
    """Which sites of an optimal choice stand in every one.

    Attributes:
        sites: TIE_FIELDS: the candidate; whether it is in every optimum; of an equally good choice without it the list of those who
            come in and of those who go out beside it; and what leaving it out costs at least where it cannot be (people of mclp,
            sites of lscp, people x metres, metres).
        others: equally good choices found, each a list of candidates.
        sentence: the gist.
    """

    sites: pd.DataFrame
    others: list[list[str]]
    sentence: Text


def alternatives(district: District, sited: Sited, *, places: gpd.GeoDataFrame | None = None, seconds: float | None = None,
                 progress: Progress | None = None, stop: Callable[[], bool] | None = None, kept: Kept = SHARED) -> Ties:
    """Leave out each chosen site in turn and see whether others do as well.

    Args:
        district: where.
        sited: an answer proven optimal.
        places: as in `site`.
        seconds: for all together; the question's own limit if not said.
        progress: told the share done.
        stop: asked during the solves; what was not reached is `not decided`.
        kept: as in `site`.

    Raises:
        BadInput: the answer is not proven optimal.
        Stopped: before all walks were measured.
    """
    if not sited.proven:
        raise BadInput(Text("只有已证明最优的结果才能比较同样好的方案。", "Only an answer that is proven optimal has equally good ones."))
    prepared = prepare(district, sited.asked, places=places, stop=stop, kept=kept)
    warm_up()
    chosen = prepared.numbers_of(tuple(sited.sites["candidate"]))
    before = float(prepared.people[prepared.served].sum()) if sited.asked.model == "mclp" else 0.0
    goal = float(sited.objective or 0.0) - before  # as the model counts it
    clock = Clock(sited.asked.seconds if seconds is None else seconds, stop)
    names = [str(name) for name in prepared.candidates["candidate"]]
    rows: list[tuple[str, Standing, list[str], list[str], float]] = []
    others: dict[tuple[int, ...], list[str]] = {}
    for done, j in enumerate(chosen):
        standing, other, loss = _without(prepared, int(j), chosen, goal, clock.within(2.0 * clock.left / (len(chosen) - done)))
        into, out = np.setdiff1d(other, chosen), np.setdiff1d(chosen[chosen != j], other)
        if standing == "can be replaced":
            others.setdefault(tuple(other.tolist()), [names[k] for k in other])
        else:
            into, out = into[:0], out[:0]
        rows.append((names[j], standing, [names[k] for k in into], [names[k] for k in out], loss))
        if progress is not None:
            progress((done + 1) / len(chosen), Text("比较同样好的方案", "Comparing equally good choices"))
    table = pd.DataFrame(rows, columns=list(TIE_FIELDS))
    return Ties(table, list(others.values()), _sentence(table, len(others)))


def _without(prepared: Prepared, j: int, chosen: Numbers, goal: float, clock: Clock) -> tuple[Standing, Numbers, float]:
    """Whether the choice is as good without candidate `j`; then by whom, else by how much it is worse at least."""
    none = np.empty(0, np.int64)
    model, choice = prepared.asked.model, prepared.choice.without(j)
    if prepared.choice.forced[j]:
        return "in every optimum", none, float("nan")
    # Of lscp the number is a limit: fewer candidates than that are no reason.
    if model != "lscp" and int(choice.allowed.sum()) < int(choice.number or 0):
        return "in every optimum", none, float("nan")
    if model != "mclp" and ((prepared.able(prepared.choice) & ~prepared.able(choice)) & (prepared.people > 0)).any():
        return "in every optimum", none, float("nan")  # without it somebody has nobody
    if clock.over:
        return "not decided", none, float("nan")
    found = solve(prepared, clock, choice=choice, start=chosen[chosen != j], target=goal if prepared.cover is not None else None)
    return _compared(model, found, goal)


def _compared(model: str, found: Solved, goal: float) -> tuple[Standing, Numbers, float]:
    none = np.empty(0, np.int64)
    if relative_gap(goal, found.objective) == 0.0:
        return "can be replaced", found.chosen, 0.0
    worse = goal - found.bound if model == "mclp" else found.bound - goal
    if found.status == "infeasible":
        return "in every optimum", none, float(worse) if np.isfinite(worse) and worse > 0 else float("nan")
    if worse > 0 and relative_gap(goal, found.bound) > 0.0:
        return "in every optimum", none, float(worse)
    return "not decided", none, float("nan")


def _sentence(table: pd.DataFrame, others: int) -> Text:
    counts = table["standing"].value_counts()
    always, open_ = int(counts.get("in every optimum", 0)), int(counts.get("not decided", 0))
    if always == len(table):
        return Text("最优方案只有这一个：{n} 处缺一不可。", "There is no other optimum: {n} in all, none of which can be left out.").format(n=Text(str(always), several(always, "site")))
    left = Text(f"，{open_} 处未判定", f", {open_} not decided") if open_ else Text("", "")
    return Text("{n} 处中有 {k} 处在每个最优方案中都出现{left}；另找到 {m} 个同样好的方案。", "In every optimum: {k} of {n} sites{left}; other equally good choices found: {m}.").format(
        n=len(table), k=always, left=left, m=others)


def replaced_in_words(row: Any) -> Text:
    """Return who comes in for a site of `Ties.sites`, and who goes out with it."""
    zh, en = "、".join(row["replaced_by"]), ", ".join(row["replaced_by"])
    if not row["also_out"]:
        return Text(zh, en)
    return Text(f"{zh}（同时去掉 {'、'.join(row['also_out'])}）", f"{en} (then without {', '.join(row['also_out'])} too)")
