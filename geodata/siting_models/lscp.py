"""LSCP: with as few sites as can be, cover everyone who can be covered (Toregas, Swain, ReVelle & Bergman 1971)."""

import numpy as np
from numba import njit

from geodata.siting_models._form import Choice, Clock, Solved, finish, infeasible, relative_gap
from geodata.siting_models._sparse import (
    Flags,
    Floats,
    Numbers,
    Sparse,
    held_by_another,
    holding_another,
    merged,
)
from geodata.siting_models.mclp import cover_most
from geodata.siting_models.program import Program, relax, solve, solver_name

_ROUNDS = 3
_NAMING_S = 5.0
"""So long at most it looks for who makes a question infeasible, and for who is left at least."""


def cover_all(cover: Sparse, choice: Choice, clock: Clock, *, most: int | None = None, weights: Floats | None = None) -> Solved:
    """Choose as few candidates as cover all demand that any allowed candidate covers.

    Demand served wherever other demand is served, and candidates that serve no more than another, are left out: whoever
    covers the rest covers all.

    Args:
        cover: demand × candidates. Rows without an allowed candidate are nobody's to cover and are passed over.
        choice: who must and who must not be chosen; `number` is a limit, or None.
        clock: how long.
        most: only whether so few suffice matters: stop when they do, or when it is proven that they do not.
        weights: people at the demand, by which `unmet` is as little as can be and `cause` names the largest; without them nobody
            is named.

    Returns:
        The answer. Where `choice.number` sites cannot cover all it is infeasible, with `unmet` and `cause`. When the time is up
        before that is decided, it holds more sites than the limit.
    """
    limit = choice.number if most is None else most
    coverable = np.flatnonzero(cover.meets(choice.allowed) & ~cover.meets(choice.forced))
    rows, _, group = merged(cover.take(coverable), np.ones(len(coverable)))
    forced = np.flatnonzero(choice.forced)
    left, numbers, names = _thinned(rows, choice.allowed & ~choice.forced)
    telling = clock.telling(lambda best, low: (len(forced) + best, len(forced) + low))
    chosen, bound = _fewest(left, telling, None if limit is None else limit - len(forced), enough=most is not None)
    found = np.concatenate([forced, names[chosen]])
    objective, bound = float(len(found)), float(len(forced) + bound)
    if limit is None or objective <= limit or bound <= limit:
        return finish(clock, found, objective, bound, solver_name())
    none = np.empty(0, np.int64)
    if weights is None:
        return infeasible(clock, none, solver_name(), bound=bound)
    apart = _apart(left, limit - len(forced), clock.within(_NAMING_S))
    cause = np.asarray([_heaviest(coverable[group == numbers[row]], weights) for row in apart], dtype=np.int64)
    return infeasible(clock, _left_over(cover, choice, limit, weights, clock.within(_NAMING_S)), solver_name(), bound=bound, cause=np.sort(cause))


def _thinned(rows: Sparse, allowed: Flags) -> tuple[Sparse, Numbers, Numbers]:
    """Return the rows and columns that matter, and the number that each row and each column had."""
    numbers, names = np.arange(rows.rows), np.flatnonzero(allowed)
    table = rows.take_columns(allowed)
    for _ in range(_ROUNDS):
        before = table.rows, table.columns
        needed = ~holding_another(table)
        table, numbers = table.take(needed), numbers[needed]
        kept = ~held_by_another(table.transposed())
        table, names = table.take_columns(kept), names[kept]
        if (table.rows, table.columns) == before:
            break
    return table, numbers, names


def _apart(rows: Sparse, limit: int, clock: Clock) -> Numbers:
    """Return rows no two of which share a column, more of them than `limit`; empty where none were found."""
    n, by = rows.rows, rows.transposed()
    program = Program(np.ones(n), np.zeros(n), np.ones(n), np.ones(n, dtype=bool), by, np.full(by.rows, -np.inf), np.ones(by.rows), maximise=True)
    found = solve(program, clock, target=float(limit + 1))
    apart = np.empty(0, np.int64) if found.x is None else np.flatnonzero(found.x > 0.5)
    together = np.bincount(rows.take(apart).index, minlength=rows.columns).max(initial=0) > 1
    return apart[:limit + 1] if len(apart) > limit and not together else np.empty(0, np.int64)


def _heaviest(rows: Numbers, weights: Floats) -> int:
    return int(rows[np.argmax(weights[rows])])


def _fewest(rows: Sparse, clock: Clock, limit: int | None, *, enough: bool) -> tuple[Numbers, float]:
    """Return the fewest columns that meet every row, with a lower bound.

    It ends where the limit is proven too few; and where it is met, if that is `enough`.
    """
    if not rows.rows:
        return np.empty(0, np.int64), 0.0
    by = rows.transposed()
    chosen = _greedy(by.start, by.index, rows.start, rows.index)
    bound = 1.0
    n, m = rows.rows, rows.columns
    program = Program(np.ones(m), np.zeros(m), np.ones(m), np.ones(m, dtype=bool), rows, np.ones(n), np.full(n, np.inf))
    if _decided(len(chosen), bound, limit, enough=enough) or clock.over:
        return chosen, bound
    duals = relax(program, clock).row_dual
    if len(duals):
        bound = max(bound, _dual_bound(rows, np.maximum(duals, 0.0)))
    if _decided(len(chosen), bound, limit, enough=enough) or clock.over:
        return chosen, bound
    start = np.zeros(m)
    start[chosen] = 1.0
    found = solve(program, clock, start=start, target=float(limit) if enough and limit is not None else None)
    if found.x is not None:
        better = np.flatnonzero(found.x > 0.5)
        chosen = better if len(better) < len(chosen) and rows.meets(_flags(better, m)).all() else chosen
    return chosen, max(bound, np.ceil(found.bound - 1e-6)) if np.isfinite(found.bound) else bound


def _decided(found: int, bound: float, limit: int | None, *, enough: bool) -> bool:
    return relative_gap(found, bound) == 0.0 or (limit is not None and (bound > limit or (enough and found <= limit)))


def _dual_bound(rows: Sparse, prices: Floats) -> float:
    """Return a lower bound from prices of the rows, scaled until no column is worth more than the 1 it costs."""
    dearest = float(rows.column_sums(prices).max(initial=0.0))
    return float(np.ceil(prices.sum() / max(dearest, 1.0) - 1e-6))


def _flags(numbers: Numbers, size: int) -> Flags:
    flags = np.zeros(size, dtype=bool)
    flags[numbers] = True
    return flags


def _left_over(cover: Sparse, choice: Choice, limit: int, weights: Floats, clock: Clock) -> Numbers:
    """Return the demand that `limit` sites leave over, of what could be covered, chosen such that it is least."""
    chosen = cover_most(cover, weights, Choice(min(limit, int(choice.allowed.sum())), choice.forced, choice.forbidden), clock).chosen
    return np.flatnonzero(cover.meets(choice.allowed) & ~cover.meets(_flags(chosen, cover.columns)))


@njit(cache=True, nogil=True)
def _greedy(by_start, by_index, start, index):  # type: ignore[no-untyped-def]  # noqa: C901  two passes; numba types it
    """Take the column that meets most rows not met yet, until all are; then drop what the others make needless."""
    rows, columns = len(start) - 1, len(by_start) - 1
    count, gain = np.zeros(rows, np.int64), np.zeros(columns, np.int64)
    for j in range(columns):
        gain[j] = by_start[j + 1] - by_start[j]
    chosen = np.empty(columns, np.int64)
    used = 0
    while used < columns:
        b = np.argmax(gain)
        if gain[b] <= 0:
            break
        chosen[used] = b
        used += 1
        for e in range(by_start[b], by_start[b + 1]):
            i = by_index[e]
            count[i] += 1
            if count[i] == 1:
                for q in range(start[i], start[i + 1]):
                    gain[index[q]] -= 1
    kept = 0
    for k in range(used):
        b = chosen[k]
        needless = True
        for e in range(by_start[b], by_start[b + 1]):
            if count[by_index[e]] == 1:
                needless = False
                break
        if needless:
            for e in range(by_start[b], by_start[b + 1]):
                count[by_index[e]] -= 1
        else:
            chosen[kept] = b
            kept += 1
    return chosen[:kept].copy()
