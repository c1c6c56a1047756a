"""Equally good choices, the sites that stand in every one of them, and what a planner's wish costs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.district import District
from geodata.errors import BadInput
from geodata.siting import Prepared, Progress, prepare, site, solve
from geodata.siting_answer import Sited
from geodata.siting_models import Clock, Solved, relative_gap
from geodata.siting_models.warming import warm_up
from geodata.walking import SHARED, Kept
from layers import Text

Standing = Literal["in every optimum", "can be replaced", "not decided"]
STANDING_NAMES: Final[dict[Standing, Text]] = {
    "in every optimum": Text("每个最优方案都有", "in every optimum"), "can be replaced": Text("可被替换", "can be replaced"),
    "not decided": Text("未判定", "not decided"),
}
TIE_FIELDS: Final = ("candidate", "standing", "replaced_by", "loss")


@dataclass(frozen=True, eq=False)
class Ties:
    """Which sites of an optimal choice stand in every one.

    Attributes:
        sites: TIE_FIELDS: the candidate, whether it is in every optimum, in an equally good choice without it who comes
            instead, and what leaving it out costs at least where it cannot be (people of mclp, sites of lscp, people x metres, metres).
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
    """
    if not sited.proven:
        raise BadInput(Text("只有已证明最优的结果才能比较同样好的方案。", "Only an answer that is proven optimal has equally good ones."))
    prepared = prepare(district, sited.asked, places=places, kept=kept)
    warm_up()
    chosen = prepared.numbers_of(tuple(sited.sites["candidate"]))
    goal = _model_goal(prepared, sited)
    clock = Clock(sited.asked.seconds if seconds is None else seconds, stop)
    names = prepared.candidates["candidate"].to_numpy()
    rows: list[tuple[str, Standing, str, float]] = []
    others: dict[tuple[int, ...], list[str]] = {}
    for done, j in enumerate(chosen):
        standing, other, loss = _without(prepared, int(j), chosen, goal, clock.within(2.0 * clock.left / (len(chosen) - done)))
        if len(other):
            others.setdefault(tuple(other.tolist()), [str(n) for n in names[other]])
        rows.append((str(names[j]), standing, "、".join(str(n) for n in names[np.setdiff1d(other, chosen)]) if len(other) else "", loss))
        if progress is not None:
            progress((done + 1) / len(chosen), Text("比较同样好的方案", "Comparing equally good choices"))
    table = pd.DataFrame(rows, columns=list(TIE_FIELDS))
    return Ties(table, list(others.values()), _sentence(table, len(others)))


def cost_of_wishes(district: District, sited: Sited, *, free: Sited | None = None, places: gpd.GeoDataFrame | None = None,
                   progress: Progress | None = None, stop: Callable[[], bool] | None = None, kept: Kept = SHARED) -> dict[str, Any]:
    """Return what forcing, forbidding and dragging sites costs, against the same question without wishes.

    Args:
        district: where.
        sited: the answer with wishes.
        free: the answer without, solved here if not given.
        places: as in `site`.
        progress: as in `site`.
        stop: as in `site`.
        kept: as in `site`.

    Returns:
        `cost` (0 or more: people not covered, further sites, people x metres or metres; None where either has no answer),
        `free_objective`, `proven` (whether both are), `sentence`.
    """
    if free is None:
        free = site(district, sited.asked.without_wishes(), places=places, progress=progress, stop=stop, kept=kept)
    sign = 1.0 if sited.asked.model == "mclp" else -1.0
    proven = sited.proven and free.proven
    cost = None if sited.objective is None or free.objective is None else sign * (free.objective - sited.objective)
    if cost is not None and proven:
        cost = 0.0 if relative_gap(sited.objective or 0.0, free.objective or 0.0) == 0.0 else max(0.0, cost)
    return {"cost": cost, "free_objective": free.objective, "proven": proven, "sentence": _cost_sentence(sited, cost, proven)}


def _model_goal(prepared: Prepared, sited: Sited) -> float:
    """The objective as the model counts it."""
    before = float(prepared.people[prepared.served].sum()) if sited.asked.model == "mclp" else 0.0
    return float(sited.objective or 0.0) - before


def _without(prepared: Prepared, j: int, chosen: np.ndarray[Any, np.dtype[np.int64]], goal: float, clock: Clock) -> tuple[Standing, Any, float]:
    """Whether the choice is as good without candidate `j`; then by whom, else by how much it is worse at least."""
    none = np.empty(0, np.int64)
    if prepared.choice.forced[j]:
        return "in every optimum", none, float("nan")
    choice = prepared.choice.without(j)
    if choice.number is not None and int(choice.allowed.sum()) < choice.number:
        return "in every optimum", none, float("nan")
    if prepared.asked.model == "lscp" and prepared.cover is not None:
        needed = prepared.cover.meets(prepared.choice.allowed) & ~prepared.served & (prepared.people > 0)
        if (needed & ~prepared.cover.meets(choice.allowed)).any():
            return "in every optimum", none, float("nan")
    if clock.over:
        return "not decided", none, float("nan")
    others = chosen[chosen != j]
    found = solve(prepared, clock, choice=choice, start=others, target=goal if prepared.asked.model in {"mclp", "lscp"} else None)
    return _compared(prepared, found, goal)


def _compared(prepared: Prepared, found: Solved, goal: float) -> tuple[Standing, Any, float]:
    none = np.empty(0, np.int64)
    if found.status == "infeasible":
        return "in every optimum", none, float("nan")
    if relative_gap(goal, found.objective) == 0.0:
        return "can be replaced", found.chosen, 0.0
    worse = goal - found.bound if prepared.asked.model == "mclp" else found.bound - goal
    if worse > 0 and relative_gap(goal, found.bound) > 0.0:
        return "in every optimum", none, float(worse)
    return "not decided", none, float("nan")


def _sentence(table: pd.DataFrame, others: int) -> Text:
    counts = table["standing"].value_counts()
    always, open_ = int(counts.get("in every optimum", 0)), int(counts.get("not decided", 0))
    if always == len(table):
        return Text("最优方案只有这一个：{n} 处缺一不可。", "There is no other optimum: each of the {n} sites stands in every one.").format(n=always)
    left = Text(f"，{open_} 处未判定", f", {open_} not decided") if open_ else Text("", "")
    return Text("{n} 处中有 {k} 处在每个最优方案中都出现{left}；另找到 {m} 个同样好的方案。", "{k} of the {n} sites stand in every optimum{left}; {m} other equally good choices were found.").format(
        n=len(table), k=always, left=left, m=others)


def _cost_sentence(sited: Sited, cost: float | None, proven: bool) -> Text:
    if cost is None:
        return Text("按这些要求无解。", "With these wishes there is no solution.")
    units = {"mclp": Text("少覆盖 {c} 人", "{c} people fewer are covered"), "lscp": Text("多用 {c} 处", "{c} more sites are needed"),
             "p-median": Text("总步行多 {c} 人·米", "{c} people × metres more are walked"), "p-centre": Text("最远的人多走 {c} 米", "the longest walk is {c} m longer")}
    sure = Text("", "") if proven else Text("（两者未都证明最优，仅为估计）", " (an estimate: not both are proven optimal)")
    return Text("这些要求的代价：{what}{sure}。", "What these wishes cost: {what}{sure}.").format(what=units[sited.asked.model].format(c=f"{cost:,.0f}"), sure=sure)


def dragged(sited: Sited, candidate: str, lon: float, lat: float) -> Any:
    """Return the question with a site dragged to another place (WGS-84): pass it to `site` again."""
    return replace(sited.asked, moved=(*(m for m in sited.asked.moved if m[0] != candidate), (candidate, lon, lat)))
