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
from geodata.siting_models.program import Program, relax, solve, solver_name

_ROUNDS = 3


def cover_all(cover: Sparse, choice: Choice, clock: Clock, *, most: int | None = None) -> Solved:
    """Choose as few candidates as cover all demand that any allowed candidate covers.

    Demand served wherever other demand is served, and candidates that serve no more than another, are left out: whoever
    covers the rest covers all.

    Args:
        cover: demand × candidates. Rows without an allowed candidate are nobody's to cover and are passed over.
        choice: who must and who must not be chosen; `number` is a limit, or None.
        clock: how long.
        most: only whether so few suffice matters: stop when they do, or when it is proven that they do not.

    Returns:
        The answer. Where `choice.number` sites cannot cover all it is infeasible, and `unmet` is the demand left over by
        the best found.
    """
    limit = choice.number if most is None else most
    coverable = cover.meets(choice.allowed) & ~cover.meets(choice.forced)
    rows = merged(cover.take(coverable), np.ones(int(coverable.sum())))[0]
    forced = np.flatnonzero(choice.forced)
    left, names = _thinned(rows, choice.allowed & ~choice.forced)
    chosen, bound = _fewest(left, clock, None if limit is None else limit - len(forced))
    found = np.concatenate([forced, names[chosen]])
    objective, bound = float(len(found)), float(len(forced) + bound)
    if limit is not None and objective > limit:
        if bound > limit:
            return infeasible(clock, _left_over(cover, choice, limit), solver_name(), bound=bound)
        return finish(clock, found, objective, bound, solver_name())
    return finish(clock, found, objective, bound, solver_name())


def _thinned(rows: Sparse, allowed: Flags) -> tuple[Sparse, Numbers]:
    """Return the rows and columns that matter, and the number each column had."""
    names = np.flatnonzero(allowed)
    table = rows.take_columns(allowed)
    for _ in range(_ROUNDS):
        before = table.rows, table.columns
        table = table.take(~holding_another(table))
        kept = ~held_by_another(table.transposed())
        table, names = table.take_columns(kept), names[kept]
        if (table.rows, table.columns) == before:
            break
    return table, names


def _fewest(rows: Sparse, clock: Clock, limit: int | None) -> tuple[Numbers, float]:
    """Return the fewest columns that meet every row, with a lower bound; a limit ends it as soon as that is decided."""
    if not rows.rows:
        return np.empty(0, np.int64), 0.0
    by = rows.transposed()
    chosen = _greedy(by.start, by.index, rows.start, rows.index)
    bound = 1.0
    n, m = rows.rows, rows.columns
    program = Program(np.ones(m), np.zeros(m), np.ones(m), np.ones(m, dtype=bool), rows, np.ones(n), np.full(n, np.inf))
    if _decided(len(chosen), bound, limit) or clock.over:
        return chosen, bound
    duals = relax(program, clock).row_dual
    if len(duals):
        bound = max(bound, _dual_bound(rows, np.maximum(duals, 0.0)))
    if _decided(len(chosen), bound, limit) or clock.over:
        return chosen, bound
    start = np.zeros(m)
    start[chosen] = 1.0
    found = solve(program, clock, start=start, target=None if limit is None else float(limit))
    if found.x is not None:
        better = np.flatnonzero(found.x > 0.5)
        chosen = better if len(better) < len(chosen) and rows.meets(_flags(better, m)).all() else chosen
    return chosen, max(bound, np.ceil(found.bound - 1e-6)) if np.isfinite(found.bound) else bound


def _decided(found: int, bound: float, limit: int | None) -> bool:
    return relative_gap(found, bound) == 0.0 or (limit is not None and (found <= limit or bound > limit))


def _dual_bound(rows: Sparse, prices: Floats) -> float:
    """Return a lower bound from prices of the rows, scaled until no column is worth more than the 1 it costs."""
    dearest = float(rows.column_sums(prices).max(initial=0.0))
    return float(np.ceil(prices.sum() / max(dearest, 1.0) - 1e-6))


def _flags(numbers: Numbers, size: int) -> Flags:
    flags = np.zeros(size, dtype=bool)
    flags[numbers] = True
    return flags


def _left_over(cover: Sparse, choice: Choice, limit: int) -> Numbers:
    """Return the demand that `limit` greedily chosen sites leave over, of what could be covered."""
    names = np.flatnonzero(choice.allowed)
    table = cover.take_columns(choice.allowed)
    forced = np.flatnonzero(choice.forced[names])
    table_by = table.transposed()
    order = _greedy(table_by.start, table_by.index, table.start, table.index)
    opened = np.concatenate([forced, order[~np.isin(order, forced)]])[:limit]
    return np.flatnonzero((table.counts > 0) & ~table.meets(_flags(opened, table.columns)))


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
