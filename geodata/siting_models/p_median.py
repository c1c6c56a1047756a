"""p-median: with so many sites, the least walking altogether (Hakimi 1964; ReVelle & Swain 1970)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata.siting_models._form import Choice, Clock, Solved, finish, infeasible, relative_gap
from geodata.siting_models._median_search import improve_median, multipliers, search_median
from geodata.siting_models._sparse import Flags, Floats, Numbers, from_pairs
from geodata.siting_models._ways import has_way, without_way
from geodata.siting_models.program import Found, Program, solve, solver_name

NEAREST: Final = 20
"""Each demand point is first offered at least so many of its nearest candidates; the rest stand behind one dummy."""
MOST_LEVELS: Final = 200_000
_BOUND_SHARE: Final = 0.4


def walk_least(walk_m: Floats, kept_m: Floats, weights: Floats, choice: Choice, clock: Clock, *,
               start: Numbers | None = None) -> Solved:
    """Choose `choice.number` candidates such that people walk least in total to the nearest of them or of the kept sites.

    A search gives the start and Lagrange's multipliers a bound, which also settles candidates. What is left goes to HiGHS
    with only the nearest candidates of each demand point and a dummy at the cost of the next one: that is a relaxation, so
    its bound holds, and where no dummy is used its solution is optimal; else those points are offered more, and again.

    Args:
        walk_m: walks, shape (candidates, demand); inf where there is no way.
        kept_m: walk to the nearest kept site, shape (demand,); inf where there is none.
        weights: people at the demand.
        choice: how many, who must and who must not be chosen.
        clock: how long.
        start: a choice to begin with.

    Returns:
        The answer in people times metres. Where so few sites cannot reach everybody it is infeasible, and `unmet` is the
        demand that is left without one.
    """
    unmet, cause = without_way(walk_m, kept_m, weights, choice)
    if len(unmet):
        return infeasible(clock, unmet, solver_name(), cause=cause)
    here = has_way(walk_m, kept_m, weights, choice)
    costs, base = _costs(walk_m[:, here], kept_m[here], weights[here])
    chosen = search_median(costs, base, choice, clock, start=start)
    objective, bound = _cost(costs, base, chosen), 0.0
    clock.say(objective, bound)
    if relative_gap(objective, bound) == 0.0 or clock.over:
        return finish(clock, chosen, objective, bound, solver_name())
    lagrange, worth = multipliers(costs, base, choice, objective, clock.within(_BOUND_SHARE * clock.left))
    bound = max(bound, lagrange)
    other = improve_median(costs, base, choice, _worthiest(worth, choice), clock)
    if (value := _cost(costs, base, other)) < objective:
        chosen, objective = other, value
    clock.say(objective, bound)
    fixed = _settled(lagrange, worth, choice, objective)
    dearest = float(weights[here].max(initial=0.0)) * _farthest(walk_m[:, here], kept_m[here])
    candidates = int(fixed.allowed.sum())
    depth = min(3 * candidates // max(len(chosen), 1), MOST_LEVELS // len(here))  # three times as deep as a site's share
    offered = np.full(len(here), max(NEAREST, depth))
    while relative_gap(objective, bound) > 0.0 and not clock.over:
        # what HiGHS calls its best counts dummies, so the choice at hand is told beside its bound
        telling = clock.telling(lambda _, low, best=objective, sure=bound: (best, max(sure, min(best, low))))  # type: ignore[misc]  # the defaults hold this round's values
        found, near, dummies = _offered(costs, base, fixed, offered, telling, start=chosen, dearest=dearest)
        bound = max(bound, min(objective, found.bound)) if found.feasible else objective
        if found.x is not None:
            other = near[found.x[: len(near)] > 0.5]
            if len(other) == len(chosen) and (value := _cost(costs, base, other)) < objective:
                chosen, objective = other, value
        if not len(dummies) and found.ended:
            break
        offered[dummies] *= 2
    return finish(clock, chosen, objective, bound, solver_name())


def total_walk(walk_m: Floats, kept_m: Floats, weights: Floats, chosen: Numbers) -> float:
    """Return people times metres to the nearest of `chosen` and the kept sites, over the demand that has a way."""
    nearest = np.minimum(walk_m[chosen].min(axis=0, initial=np.inf), kept_m)
    there = np.isfinite(nearest)
    return float(weights[there] @ nearest[there])


def _costs(walk_m: Floats, kept_m: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """People times metres, (candidates, demand) and (demand,), what has no way at a cost that no choice would ever bear."""
    far = 1.0 + _farthest(walk_m, kept_m)
    wall = far * (1.0 + 10.0 * float(weights.sum()) / float(weights.min(initial=1.0)))
    base = weights * np.where(np.isfinite(kept_m), kept_m, wall)
    costs = np.minimum(weights * np.where(np.isfinite(walk_m), walk_m, wall), base)
    return np.ascontiguousarray(costs), base


def _farthest(walk_m: Floats, kept_m: Floats) -> float:
    return max(float(np.max(table, where=np.isfinite(table), initial=0.0)) for table in (walk_m, kept_m))


def _cost(costs: Floats, base: Floats, chosen: Numbers) -> float:
    return float(np.minimum(costs[chosen].min(axis=0, initial=np.inf), base).sum())


def _worthiest(worth: Floats, choice: Choice) -> Numbers:
    """Return the choice that the multipliers favour."""
    order = np.where(choice.forced, -np.inf, np.where(choice.forbidden, np.inf, worth))
    return np.argsort(order, kind="stable")[: int(choice.number or 0)]


def _settled(lagrange: float, worth: Floats, choice: Choice, objective: float) -> Choice:
    """Return the choice without candidates that no better choice holds, and with those that every better one holds."""
    free = ~choice.forced & ~choice.forbidden
    number = int(choice.number or 0) - int(choice.forced.sum())
    order = np.flatnonzero(free)[np.argsort(worth[free], kind="stable")]
    top, rest = order[:number], order[number:]
    slack = objective - lagrange + 1e-7 * max(1.0, abs(objective))
    inside, outside = choice.forced.copy(), choice.forbidden.copy()
    if not np.isfinite(lagrange):
        return choice
    last, following = worth[top[-1]] if len(top) else -np.inf, worth[rest[0]] if len(rest) else np.inf
    outside[rest[worth[rest] - last > slack]] = True
    inside[top[following - worth[top] > slack]] = True
    return Choice(choice.number, inside, outside)


def _offered(costs: Floats, base: Floats, fixed: Choice, offered: Numbers, clock: Clock, *, start: Numbers,
             dearest: float) -> tuple[Found, Numbers, Numbers]:
    """Solve with the nearest candidates of each demand point and a dummy.

    Returns:
        What was found, the candidates asked, and the demand points that used a dummy and can be offered more.
    """
    near = np.flatnonzero(fixed.allowed)
    own = costs[near]
    useful = (own < base - 1e-9).sum(axis=0)
    depth = np.minimum(offered, useful)
    deepest = int(depth.max(initial=0))
    order = np.argpartition(own, deepest, axis=0)[: deepest + 1] if len(near) > deepest else np.arange(len(near))[:, None].repeat(own.shape[1], 1)
    value = np.take_along_axis(own, order, 0)
    sort = np.argsort(value, axis=0, kind="stable")
    order, value = np.take_along_axis(order, sort, 0).T, np.take_along_axis(value, sort, 0).T
    value = np.column_stack([value, base])  # behind the last candidate: what stands already
    levels = _Levels.of(depth)
    found = solve(_program(order, value, levels, fixed, near, dearest=dearest), clock, start=_values(order, levels, np.isin(near, start)))
    if found.x is None:
        return found, near, np.flatnonzero(depth < useful)
    last = np.cumsum(depth)[depth > 0] - 1
    used = np.zeros(len(depth), dtype=bool)
    used[depth > 0] = found.x[len(near) + last] > 0.5
    return found, near, np.flatnonzero(used & (depth < useful))


@dataclass(frozen=True, eq=False)
class _Levels:
    """One column a demand point and candidate offered to it, nearest first: 1 where nobody as near as that is chosen.

    It pays the step to the next level (Elloumi 2010).
    """

    point: Numbers
    level: Numbers

    @staticmethod
    def of(depth: Numbers) -> "_Levels":
        """Return the levels of demand points that are offered so many candidates each."""
        begin = np.cumsum(depth) - depth
        return _Levels(np.repeat(np.arange(len(depth)), depth), np.arange(int(depth.sum())) - np.repeat(begin, depth))


def _program(order: Numbers, value: Floats, levels: _Levels, fixed: Choice, near: Numbers, *, dearest: float) -> Program:
    """Return the program: a column a candidate, a column a level, and one at 1 that carries what is paid in any case."""
    point, level = levels.point, levels.level
    m, rows = len(near), len(point)
    step = value[point, level + 1] - value[point, level]
    wall = step > dearest  # behind it there is no way at all: somebody before it must be chosen
    below = np.flatnonzero(level > 0)
    row = np.concatenate([np.arange(rows), np.arange(rows), below, np.full(m, rows)])
    column = np.concatenate([m + np.arange(rows), order[point, level], m + below - 1, np.arange(m)])
    entry = np.concatenate([np.ones(2 * rows), -np.ones(len(below)), np.ones(m)])
    number = float(fixed.number or 0)
    return Program(
        cost=np.concatenate([np.zeros(m), np.where(wall, 0.0, step), [value[:, 0].sum()]]),
        low=np.concatenate([fixed.forced[near].astype(float), np.zeros(rows), [1.0]]),
        high=np.concatenate([np.ones(m), np.where(wall, 0.0, 1.0), [1.0]]),
        integer=np.arange(m + rows + 1) < m, rows=from_pairs(row, column, (rows + 1, m + rows + 1), entry),
        row_low=np.append(np.where(level > 0, 0.0, 1.0), number), row_high=np.append(np.full(rows, np.inf), number))


def _values(order: Numbers, levels: _Levels, opened: Flags) -> Floats:
    """Return a choice as the columns of the program."""
    nobody = ~np.logical_or.accumulate(opened[order], axis=1)
    return np.concatenate([opened, nobody[levels.point, levels.level], [1.0]]).astype(float)
