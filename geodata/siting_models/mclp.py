"""MCLP: with so many sites, cover as many people as can be (Church & ReVelle 1974)."""

from typing import Final

import numpy as np

from geodata.siting_models._cover_search import search_cover
from geodata.siting_models._form import PROVEN, Choice, Clock, Solved, finish, relative_gap
from geodata.siting_models._sparse import Flags, Floats, Numbers, Sparse, from_pairs, merged
from geodata.siting_models.program import Program, relax, solve, solver_name

_MANY: Final = 50_000
"""A table of more entries is priced by subgradients first."""
_STEPS: Final = 400
_PATIENCE: Final = 12
_SEARCH_SHARE: Final = 0.25
"""The search takes this share of the time at most; it mostly needs far less."""


def cover_most(cover: Sparse, weights: Floats, choice: Choice, clock: Clock, *, start: Numbers | None = None,
               target: float | None = None) -> Solved:
    """Choose `choice.number` candidates that cover most weight.

    Demand with the same candidates is one row. A search gives the start; the linear relaxation's duals give a bound
    worked out anew (Lagrange), which also settles candidates that no optimum holds, or that every one does; what is left
    goes to HiGHS.

    Args:
        cover: demand × candidates, who reaches whom.
        weights: people at the demand.
        choice: how many, who must and who must not be chosen; at most as many as are allowed.
        clock: how long.
        start: a choice to begin with.
        target: only whether this much can be covered matters: stop when it is, or when it is proven not to be.
    """
    useful = cover.meets(choice.allowed) & (weights > 0)
    rows, heavy, _ = merged(cover.take(useful), weights[useful])
    number = int(choice.number or 0)
    if not rows.rows:
        return finish(clock, _any(choice, number), 0.0, 0.0, solver_name())
    chosen = search_cover(rows, heavy, choice, clock.within(_SEARCH_SHARE * clock.left), start=start)
    objective, bound = covered_weight(rows, heavy, chosen), float(heavy.sum())
    clock.say(objective, bound)
    if _done(objective, bound, target) or clock.over:
        return finish(clock, chosen, objective, bound, solver_name())
    inside, outside = choice.forced.copy(), choice.forbidden.copy()
    if len(rows.index) > _MANY:
        lagrange, inside, outside = _settled(rows, heavy, _prices(rows, heavy, choice, objective, clock), choice, objective)
        bound = min(bound, lagrange)
        clock.say(objective, bound)
    program = _program(rows, heavy, choice)
    duals = relax(program, clock).row_dual
    if len(duals):
        prices = np.clip(np.abs(duals[: rows.rows]), 0.0, heavy)
        lagrange, more, less = _settled(rows, heavy, prices, choice, objective)
        bound, inside, outside = min(bound, lagrange), inside | more, outside | less
    if _done(objective, bound, target) or clock.over:
        return finish(clock, chosen, objective, bound, solver_name())
    fixed = Choice(number, inside, outside)
    left = rows.meets(~outside)
    smaller = _program(rows.take(left), heavy[left], fixed)
    telling = clock.telling(lambda best, high: (max(best, objective), max(objective, min(bound, high))))
    found = solve(smaller, telling, start=_values(rows.take(left), chosen), target=target)
    if found.x is not None:
        better = np.flatnonzero(found.x[: rows.columns] > 0.5)
        value = covered_weight(rows, heavy, better)
        chosen, objective = (better, value) if value > objective and len(better) == number else (chosen, objective)
    # what is settled holds for choices better than the one at hand
    bound = min(bound, max(objective, found.bound)) if found.feasible else objective
    return finish(clock, chosen, objective, bound, solver_name())


def covered_weight(cover: Sparse, weights: Floats, chosen: Numbers) -> float:
    """Return the weight of the demand that any of `chosen` covers."""
    opened = np.zeros(cover.columns, dtype=bool)
    opened[chosen] = True
    return float(weights[cover.meets(opened)].sum())


def _done(objective: float, bound: float, target: float | None) -> bool:
    """Whether nothing is left to find out."""
    near = PROVEN * max(1.0, abs(target or 0.0))
    return relative_gap(objective, bound) == 0.0 or (target is not None and (objective >= target - near or bound < target - near))


def _any(choice: Choice, number: int) -> Numbers:
    """Return a choice where nothing can be covered: the forced ones, then the first allowed."""
    rest = np.flatnonzero(choice.allowed & ~choice.forced)
    return np.concatenate([np.flatnonzero(choice.forced), rest])[:number]


def _program(rows: Sparse, weights: Floats, choice: Choice) -> Program:
    """One whole column a candidate, one continuous column a row: covered only where a candidate of the row is chosen."""
    n, m = rows.rows, rows.columns
    row = np.concatenate([rows.row_of_entry(), np.arange(n), np.full(m, n)])
    column = np.concatenate([rows.index, m + np.arange(n), np.arange(m)])
    value = np.concatenate([np.ones(len(rows.index)), -np.ones(n), np.ones(m)])
    number = float(choice.number or 0)
    return Program(
        cost=np.concatenate([np.zeros(m), weights]), low=np.concatenate([choice.forced.astype(float), np.zeros(n)]),
        high=np.concatenate([choice.allowed.astype(float), np.ones(n)]), integer=np.arange(m + n) < m,
        rows=from_pairs(row, column, (n + 1, m + n), value), row_low=np.concatenate([np.zeros(n), [number]]),
        row_high=np.concatenate([np.full(n, np.inf), [number]]), maximise=True)


def _settled(rows: Sparse, weights: Floats, prices: Floats, choice: Choice, objective: float) -> tuple[float, Flags, Flags]:
    """Return the Lagrangian bound at `prices`, and who must and who must not be chosen to beat `objective`.

    For prices 0 ≤ λ ≤ w no choice covers more than Σ (w - λ) + the `number` largest Σ λ over a candidate's demand.
    """
    worth = rows.column_sums(prices)
    worth[choice.forced], worth[choice.forbidden] = np.inf, -np.inf
    order = np.argsort(-worth, kind="stable")
    number = int(choice.number or 0)
    top, rest = order[:number], order[number:]
    sums = rows.column_sums(prices)
    bound = float((weights - prices).sum() + sums[top].sum())
    free = ~choice.forced & ~choice.forbidden
    last = sums[top[-1]] if number and free[top[-1]] else np.inf
    following = sums[rest[0]] if len(rest) and free[rest[0]] else -np.inf
    slack = bound - objective + 1e-7 * max(1.0, abs(objective))
    inside, outside = choice.forced.copy(), choice.forbidden.copy()
    inside[top[free[top] & (sums[top] - following > slack)]] = True
    outside[rest[free[rest] & (last - sums[rest] > slack)]] = True
    return bound, inside, outside


def _prices(rows: Sparse, weights: Floats, choice: Choice, objective: float, clock: Clock) -> Floats:
    """Return prices that bound the cover well enough, by subgradients: there soon, where the relaxation of a large table is not.

    Held & Karp's step; 1 or 2 % off at the end.
    """
    number, of = int(choice.number or 0), rows.row_of_entry()
    price = weights / np.maximum(rows.counts, 1)
    best, kept, step, idle = np.inf, price.copy(), 1.0, 0
    for _ in range(_STEPS):
        if clock.over or step < 1e-3:
            break
        worth = np.bincount(rows.index, price[of], minlength=rows.columns)
        order = np.where(choice.forced, np.inf, np.where(choice.forbidden, -np.inf, worth))
        top = np.argpartition(-order, number - 1)[:number]
        value = float((weights - price).sum() + worth[top].sum())
        if value < best:
            best, kept, idle = value, price.copy(), 0
        else:
            idle += 1
            if idle >= _PATIENCE:
                step, idle, price = 0.6 * step, 0, kept.copy()
                continue
        opened = np.zeros(rows.columns)
        opened[top] = 1.0
        slope = np.bincount(of, opened[rows.index], minlength=rows.rows) - 1.0
        slope[((price >= weights) & (slope < 0)) | ((price <= 0) & (slope > 0))] = 0.0
        size = float(slope @ slope)
        if size <= 0:
            break
        price = np.clip(price - step * (value - objective) / size * slope, 0.0, weights)
    return kept


def _values(rows: Sparse, chosen: Numbers) -> Floats:
    """Return a choice as the columns of the program."""
    opened = np.zeros(rows.columns, dtype=bool)
    opened[chosen] = True
    return np.concatenate([opened.astype(float), rows.meets(opened).astype(float)])
