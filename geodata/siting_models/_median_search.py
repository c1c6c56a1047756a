"""Good medians quickly: greedy, fast interchange, kicks; and a bound from Lagrange's multipliers.

Interchange: Whitaker 1983, in the form of Hansen & Mladenović 1997. Bound: Cornuéjols, Fisher & Nemhauser 1977, by
subgradients with Held & Karp's step.
"""

from typing import Final

import numpy as np
from numba import njit

from geodata.siting_models._form import Choice, Clock
from geodata.siting_models._sparse import Flags, Floats, Numbers

KICKS: Final = 60
STEPS: Final = 600
_PATIENCE: Final = 12
_AT_A_TIME: Final = 10


def search_median(costs: Floats, base: Floats, choice: Choice, clock: Clock, *, kicks: int = KICKS,
                  start: Numbers | None = None) -> Numbers:
    """Return `choice.number` candidates at little cost.

    Args:
        costs: what each candidate costs each demand, shape (candidates, demand), finite.
        base: what the demand costs without any of them, shape (demand,), finite.
        choice: how many, who must and who must not be chosen.
        clock: when to stop kicking.
        kicks: how many random kicks.
        start: a choice to begin with.
    """
    number = int(choice.number or 0)
    forced = np.flatnonzero(choice.forced)
    chosen = np.full(number, -1, dtype=np.int64)
    chosen[: len(forced)] = forced
    if start is not None:
        more = np.setdiff1d(start, forced)
        more = more[choice.allowed[more]][: number - len(forced)]
        chosen[len(forced): len(forced) + len(more)] = more
    best = _filled(costs, base, choice.allowed, chosen, clock)
    best, worth = _interchange(costs, base, choice.allowed, best, fixed=len(forced), clock=clock)
    rng = np.random.default_rng(0)
    for _ in range(kicks if number > len(forced) else 0):
        if clock.over:
            break
        other = _kick(best, choice, len(forced), rng)
        other, value = _interchange(costs, base, choice.allowed, other, fixed=len(forced), clock=clock)
        if value < worth - 1e-9:
            best, worth = other, value
    return np.sort(best)


def improve_median(costs: Floats, base: Floats, choice: Choice, start: Numbers, clock: Clock) -> Numbers:
    """Return `start` (as many as asked for, forced ones among them) after all swaps that help, or those there was time for."""
    forced = np.flatnonzero(choice.forced)
    chosen = np.concatenate([forced, np.setdiff1d(start, forced)]).astype(np.int64)
    return np.sort(_interchange(costs, base, choice.allowed, chosen, fixed=len(forced), clock=clock)[0])


def _filled(costs: Floats, base: Floats, allowed: Flags, chosen: Numbers, clock: Clock) -> Numbers:
    """Fill the open places (-1) one by one with whoever saves most; when the time is up, with anybody allowed."""
    chosen, now = chosen.copy(), np.minimum(base, costs[chosen[chosen >= 0]].min(axis=0, initial=np.inf))
    free = allowed.copy()
    free[chosen[chosen >= 0]] = False
    for k in np.flatnonzero(chosen < 0):
        chosen[k] = np.argmax(free) if clock.over else _saves_most(costs, now, free)
        free[chosen[k]] = False
        now = np.minimum(now, costs[chosen[k]])
    return chosen


def _interchange(costs: Floats, base: Floats, allowed: Flags, chosen: Numbers, *, fixed: int, clock: Clock) -> tuple[Numbers, float]:
    """Make the best swap of one for one until none helps or the time is up; the first `fixed` stay. Return the choice and its cost."""
    chosen = chosen.copy()
    while True:
        total, into, out = _best_swap(costs, base, allowed, chosen, fixed)
        if into < 0 or clock.over:
            return chosen, float(total)
        chosen[out] = into


def _kick(chosen: Numbers, choice: Choice, fixed: int, rng: np.random.Generator) -> Numbers:
    """Return the choice with a few of its free places given to others at random."""
    other = chosen.copy()
    spare = np.setdiff1d(np.flatnonzero(choice.allowed), chosen)
    swapped = min(1 + int(rng.integers(4)), len(spare), len(chosen) - fixed)
    places = fixed + rng.choice(len(chosen) - fixed, swapped, replace=False)
    other[places] = rng.choice(spare, swapped, replace=False)
    return other


@njit(cache=True, nogil=True)
def _saves_most(costs, now, free):  # type: ignore[no-untyped-def]  # numba types it
    """The free candidate that saves most of what the demand costs now."""
    m, n = costs.shape
    b, most = -1, -1.0
    for j in range(m):
        if not free[j]:
            continue
        saved = 0.0
        for i in range(n):
            if costs[j, i] < now[i]:
                saved += now[i] - costs[j, i]
        if saved > most:
            b, most = j, saved
    return b


@njit(cache=True, nogil=True)
def _best_swap(costs, base, allowed, chosen, fixed):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912  one loop; numba types it
    """What the choice costs, and the best swap of one for one: who comes in (-1 where none helps) and whose place it takes."""
    m, n = costs.shape
    p = len(chosen)
    first, second, whose = np.empty(n), np.empty(n), np.empty(n, np.int64)
    taken = np.zeros(m, np.bool_)
    for b in chosen:
        taken[b] = True
    total = 0.0
    lost = np.zeros(p + 1)
    for i in range(n):
        first[i], second[i], whose[i] = base[i], np.inf, p
    for k in range(p):
        own = costs[chosen[k]]
        for i in range(n):
            if own[i] < first[i]:
                second[i], first[i], whose[i] = first[i], own[i], k
            elif own[i] < second[i]:
                second[i] = own[i]
    for i in range(n):
        total += first[i]
        if whose[i] < p:
            lost[whose[i]] += second[i] - first[i]
    least, into, out = -1e-7 * max(1.0, total), -1, -1
    back = np.empty(p + 1)
    for j in range(m):
        if taken[j] or not allowed[j]:
            continue
        saved = 0.0
        back[:] = 0.0
        own = costs[j]
        for i in range(n):
            if own[i] < first[i]:
                saved += first[i] - own[i]
                back[whose[i]] += second[i] - first[i]
            elif own[i] < second[i]:
                back[whose[i]] += second[i] - own[i]
        for k in range(fixed, p):
            change = lost[k] - back[k] - saved
            if change < least:
                least, into, out = change, j, k
    return total, into, out


def multipliers(costs: Floats, base: Floats, choice: Choice, upper: float, clock: Clock, *,
                steps: int = STEPS) -> tuple[float, Floats]:
    """Return a lower bound, and each candidate's reduced worth (at most 0) where it holds.

    For multipliers λ ≤ base no choice costs less than Σ λ + the `number` least Σ min(0, cost - λ).
    """
    number = int(choice.number or 0)
    rank = min(max(1, len(costs) // max(number, 1)), len(costs) - 1)
    near = np.partition(np.where(choice.allowed[:, None], costs, base), rank, axis=0)[rank]
    price = np.minimum(near, base)
    best, kept, worth = -np.inf, price.copy(), np.zeros(len(costs))
    step, idle = 1.0, 0
    for _ in range(steps):
        if clock.over:
            break
        reduced = np.asarray(_reduced(costs, price))
        order = np.where(choice.forced, -np.inf, np.where(choice.forbidden, np.inf, reduced))
        opened = np.argpartition(order, number - 1)[:number] if 0 < number < len(order) else np.arange(min(number, len(order)))
        value = float(price.sum() + reduced[opened].sum())
        if value > best + 1e-7 * abs(best) or not np.isfinite(best):
            best, kept, worth, idle = value, price.copy(), reduced, 0
        else:
            idle += 1
            if idle >= _PATIENCE:
                step, idle, price = step * 0.6, 0, kept.copy()
                continue
        slope = 1.0 - _served(costs, price, opened)
        slope[(price >= base) & (slope > 0)] = 0.0
        size = float((slope * slope).sum())
        if size <= 0 or step < 1e-4 or upper - best <= 1e-7 * abs(upper):
            break
        price = np.minimum(np.maximum(price + step * (upper - value) / size * slope, 0.0), base)
    return best, worth


@njit(cache=True, nogil=True)
def _reduced(costs, price):  # type: ignore[no-untyped-def]  # numba types it
    """Σ min(0, cost - price) of every candidate."""
    m, n = costs.shape
    worth = np.zeros(m)
    for j in range(m):
        for i in range(n):
            less = costs[j, i] - price[i]
            if less < 0:
                worth[j] += less
    return worth


@njit(cache=True, nogil=True)
def _served(costs, price, opened):  # type: ignore[no-untyped-def]  # numba types it
    """How many of the opened candidates each demand is served by at these prices."""
    n = costs.shape[1]
    count = np.zeros(n)
    for j in opened:
        for i in range(n):
            if costs[j, i] < price[i]:
                count[i] += 1.0
    return count
