"""What a planner's wishes cost: forcing, forbidding and dragging sites against the same question without."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np

from geodata.district import District
from geodata.numerals import several
from geodata.siting import Prepared, Progress, prepare, solve
from geodata.siting_answer import Sited
from geodata.siting_models import Choice, Clock, Solved, relative_gap
from geodata.siting_models.warming import warm_up
from geodata.siting_words import amount_of, number_of
from geodata.walking import SHARED, Kept
from layers import Text

KINDS: Final = {"force": Text("必选 {id}", "forcing {id}"), "forbid": Text("禁选 {id}", "forbidding {id}"), "move": Text("移动 {id}", "moving {id}")}
_ESTIMATE: Final = Text("（未都证明最优，仅为估计）", " (an estimate: not all of it is proven optimal)")
_WITHOUT: Final = Text("不带这些要求", "Without these wishes")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a choice: its objective, the people served, those no choice could serve, and whether it is proven."""

    objective: float | None
    served: float
    uncoverable: float
    proven: bool


def cost_of_wishes(district: District, sited: Sited, *, places: gpd.GeoDataFrame | None = None, progress: Progress | None = None,
                   stop: Callable[[], bool] | None = None, kept: Kept = SHARED) -> dict[str, Any]:
    """Return what forcing, forbidding and dragging sites costs, all together and of several wishes each alone.

    Args:
        district: where.
        sited: the answer with wishes.
        places: as in `site`.
        progress: as in `site`.
        stop: asked during the solves; wishes not reached are left out of `each`.
        kept: as in `site`.

    Returns:
        `cost`: people fewer covered (mclp), further sites (lscp), people x metres or metres more; below 0 where the wish helps, None
        where either has no answer. `people_lost`: people fewer that are served at all, `uncoverable_more` that no choice could serve:
        what a model counts says nothing of people it has stopped counting. `free_objective`, `proven` (whether both are), `sentence`;
        `each` the same of every wish by itself, with `kind` and `candidate`, where there are several.

    Raises:
        Stopped: before all walks were measured.
    """
    prepared = prepare(district, sited.asked, places=places, progress=progress, stop=stop, kept=kept)
    warm_up()
    unit, model = sited.demand_unit, sited.asked.model
    clock = Clock(sited.asked.seconds, stop, None if progress is None else lambda seconds, *_: progress(0.1 + 0.4 * min(1.0, seconds / sited.asked.seconds), _WITHOUT))
    nobodys = _free(prepared)
    free = _outcome(prepared, nobodys, solve(prepared, clock, choice=nobodys))
    served = sited.people_after if prepared.cover is not None else sited.people_with_way
    never = float(prepared.people[~prepared.able(prepared.choice)].sum())
    told = _price(model, _Outcome(sited.objective, served, never, sited.proven), free)
    each = _each(prepared, free, Clock(sited.asked.seconds, stop), progress)
    return {**told, "free_objective": free.objective, "each": each,
            "sentence": _sentence(Text("这些要求的代价", "What these wishes cost"), model, told, unit) if not each else
            Text("{a}{b}", "{a} {b}").format(a=_sentence(Text("这些要求合起来的代价", "What these wishes cost together"), model, told, unit), b=_alone(each, model, unit))}


def _each(prepared: Prepared, free: _Outcome, clock: Clock, progress: Progress | None) -> list[dict[str, Any]]:
    """Return the price of every wish by itself, of several."""
    asked = prepared.asked
    wishes = [*(("force", name) for name in asked.forced), *(("forbid", name) for name in asked.forbidden), *(("move", name) for name, _, _ in asked.moved)]
    found: list[dict[str, Any]] = []
    for done, (kind, name) in enumerate(wishes if len(wishes) > 1 else []):
        if clock.over:
            break
        choice = _alone_choice(prepared, kind, name)
        outcome = _outcome(prepared, choice, solve(prepared, clock.within(clock.left / (len(wishes) - done)), choice=choice))
        found.append({"kind": kind, "candidate": name, **_price(asked.model, outcome, free)})
        if progress is not None:
            progress(0.5 + 0.5 * (done + 1) / len(wishes), KINDS[kind].format(id=name))
    return found


def _free(prepared: Prepared) -> Choice:
    """The choice without wishes: where something was dragged to is no candidate."""
    size, dragged = len(prepared.candidates), len(prepared.asked.moved)
    return Choice(prepared.choice.number, np.zeros(size, dtype=bool), np.arange(size) >= size - dragged)


def _alone_choice(prepared: Prepared, kind: str, name: str) -> Choice:
    """The choice with one wish."""
    free, here = _free(prepared), int(prepared.numbers_of((name,))[0])
    if kind == "force":
        free.forced[here] = True
    else:
        free.forbidden[here] = True
    if kind == "move":
        there = len(prepared.candidates) - len(prepared.asked.moved) + [moved for moved, _, _ in prepared.asked.moved].index(name)
        free.forced[there], free.forbidden[there] = True, False
    return free


def _outcome(prepared: Prepared, choice: Choice, solved: Solved) -> _Outcome:
    able = prepared.able(choice)
    uncoverable = float(prepared.people[~able].sum())
    if solved.status == "infeasible":
        return _Outcome(None, 0.0, uncoverable, proven=True)
    if prepared.cover is None:
        return _Outcome(solved.objective, float(prepared.people[able].sum()), uncoverable, solved.proven)
    opened = np.zeros(prepared.cover.columns, dtype=bool)
    opened[solved.chosen] = True
    served = float(prepared.people[prepared.served | prepared.cover.meets(opened)].sum())
    return _Outcome(served if prepared.asked.model == "mclp" else solved.objective, served, uncoverable, solved.proven)


def _price(model: str, wished: _Outcome, free: _Outcome) -> dict[str, Any]:
    """What one outcome is worse than another."""
    cost, proven = None, wished.proven and free.proven
    if wished.objective is not None and free.objective is not None:
        cost = (free.objective - wished.objective) * (1.0 if model == "mclp" else -1.0)
        if proven and relative_gap(free.objective, wished.objective) == 0.0:
            cost = 0.0
    lost = 0.0 if cost is None else free.served - wished.served
    return {"cost": cost, "people_lost": lost, "uncoverable_more": wished.uncoverable - free.uncoverable, "proven": proven}


def priced(model: str, told: dict[str, Any], unit: str) -> Text:
    """Return a price in words, every part of it: what the objective is worse by, and who is no longer served."""
    cost, lost, never = told["cost"], told["people_lost"], told["uncoverable_more"]
    if cost is None:
        return Text("无解", "no solution")
    many, fewer = number_of(abs(cost)), amount_of(abs(lost), unit)
    parts = {
        "mclp": (Text("少覆盖 {n}", "{n} fewer covered"), Text("多覆盖 {n}", "{n} more covered")),
        "lscp": (Text(f"多用 {many} 处", several(abs(cost), "more site")), Text(f"少用 {many} 处", several(abs(cost), "site fewer", "sites fewer"))),
        "p-median": (Text("总步行多 {w}·米", "{w} × metres more are walked"), Text("总步行少 {w}·米", "{w} × metres less are walked")),
        "p-centre": (Text(f"最远的要多走 {many} 米", f"the longest walk is {many} m longer"), Text(f"最远的少走 {many} 米", f"the longest walk is {many} m shorter")),
    }[model]
    said = [parts[int(cost < 0)].format(n=amount_of(abs(cost), unit), w=amount_of(abs(cost), unit))] if cost else []
    if model != "mclp" and lost:
        names = (Text("少覆盖 {n}", "{n} fewer covered"), Text("多覆盖 {n}", "{n} more covered")) if model == "lscp" else \
            (Text("{n}再也走不到任何一处", "{n} without a way to any site any more"), Text("{n}有了可走到的点", "{n} with a way to a site now"))
        said.append(names[int(lost < 0)].format(n=fewer))
    if model == "mclp" and never > 0:
        said.append(Text("{n}无论怎样选都不再能覆盖", "{n} can no longer be covered whatever is chosen").format(n=amount_of(never, unit)))
    if not said:
        return Text("无", "nothing")
    return Text("，".join(part.zh for part in said), ", ".join(part.en for part in said))


def _sentence(what: Text, model: str, told: dict[str, Any], unit: str) -> Text:
    if told["cost"] is None:
        return Text("按这些要求，或不带这些要求，无解。", "With these wishes, or without them, there is no solution.")
    sure = Text("", "") if told["proven"] else _ESTIMATE
    return Text("{a}：{b}{sure}。", "{a}: {b}{sure}.").format(a=what, b=priced(model, told, unit), sure=sure)


def _alone(each: list[dict[str, Any]], model: str, unit: str) -> Text:
    said = [Text("{a}：{b}", "{a}: {b}").format(a=KINDS[one["kind"]].format(id=one["candidate"]), b=priced(model, one, unit)) for one in each]
    sure = Text("", "") if all(one["proven"] for one in each) else _ESTIMATE
    return Text(f"单独看：{'；'.join(one.zh for one in said)}{sure.zh}。", f"Each alone: {'; '.join(one.en for one in said)}{sure.en}.")
