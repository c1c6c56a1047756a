"""Good covers quickly: greedy, interchange, and interchange again after random kicks.

Greedy: Church & ReVelle 1974. Interchange: Teitz & Bart 1968, with counts kept up to date instead of sets compared anew.
Iterated local search: Lourenço, Martin & Stützle 2003.
"""

from typing import Final

import numpy as np
from numba import njit

from geodata.siting_models._form import Choice, Clock
from geodata.siting_models._sparse import Floats, Numbers, Sparse

KICKS: Final = 1_000
_AT_A_TIME: Final = 100
_MOST_SWAPPED: Final = 3
_NEAR: Final = 0.7


def search_cover(cover: Sparse, weights: Floats, choice: Choice, clock: Clock, *, kicks: int = KICKS,
                 start: Numbers | None = None) -> Numbers:
    """Return `choice.number` candidates that cover much weight.

    Args:
        cover: demand × candidates.
        weights: of the demand.
        choice: how many, who must and who must not be chosen.
        clock: when to stop kicking.
        kicks: how many random kicks; the answer is the same every time unless the clock ends it.
        start: a choice to begin with; where it holds fewer than `number` the rest is added greedily.
    """
    by, number, allowed = cover.transposed(), int(choice.number or 0), choice.allowed
    chosen = np.full(number, -1, dtype=np.int64)
    given = np.flatnonzero(choice.forced)
    more = np.setdiff1d(start, given) if start is not None else np.empty(0, np.int64)
    more = more[allowed[more]][: number - len(given)]
    chosen[: len(given)] = given
    chosen[len(given): len(given) + len(more)] = more
    args = (by.start, by.index, cover.start, cover.index, weights, allowed)
    best = _greedy(*args, chosen, len(given))
    done, seed = 0, 0
    while done < kicks and not clock.over and number > len(given):
        best = _kicked(*args, best, len(given), _AT_A_TIME, seed)
        done, seed = done + _AT_A_TIME, seed + 1
    return np.sort(best)


@njit(cache=True, nogil=True)
def _add(b, ip, ix, jp, jx, w, count, gain):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Open candidate `b`; return the weight it newly covers."""
    new = 0.0
    for e in range(ip[b], ip[b + 1]):
        i = ix[e]
        count[i] += 1
        if count[i] == 1:
            new += w[i]
            for q in range(jp[i], jp[i + 1]):
                gain[jx[q]] -= w[i]
    return new


@njit(cache=True, nogil=True)
def _drop(r, ip, ix, jp, jx, w, count, gain):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Close candidate `r`; return the weight that is then uncovered."""
    lost = 0.0
    for e in range(ip[r], ip[r + 1]):
        i = ix[e]
        count[i] -= 1
        if count[i] == 0:
            lost += w[i]
            for q in range(jp[i], jp[i + 1]):
                gain[jx[q]] += w[i]
    return lost


@njit(cache=True, nogil=True)
def _opened(ip, ix, jp, jx, w, chosen, count, gain, taken):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Set the counts of a whole choice; return the weight covered."""
    count[:] = 0
    gain[:] = 0.0
    taken[:] = False
    for j in range(len(gain)):
        for e in range(ip[j], ip[j + 1]):
            gain[j] += w[ix[e]]
    total = 0.0
    for b in chosen:
        if b >= 0:
            taken[b] = True
            total += _add(b, ip, ix, jp, jx, w, count, gain)
    return total


@njit(cache=True, nogil=True)
def _descend(ip, ix, jp, jx, w, allowed, chosen, fixed, count, gain, taken, total):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Swap one for one while that helps; the first `fixed` stay."""
    better = True
    while better:
        better = False
        for k in range(fixed, len(chosen)):
            r = chosen[k]
            lost = _drop(r, ip, ix, jp, jx, w, count, gain)
            taken[r] = False
            b, most = r, lost
            for j in range(len(gain)):
                if gain[j] > most + 1e-9 and allowed[j] and not taken[j]:
                    b, most = j, gain[j]
            if b != r:
                better = True
            taken[b] = True
            chosen[k] = b
            total += _add(b, ip, ix, jp, jx, w, count, gain) - lost
    return total


@njit(cache=True, nogil=True)
def _greedy(ip, ix, jp, jx, w, allowed, chosen, fixed):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Fill the open places one by one with whoever covers most, then swap."""
    count, gain, taken = np.zeros(len(jp) - 1, np.int32), np.zeros(len(ip) - 1), np.zeros(len(ip) - 1, np.bool_)
    total = _opened(ip, ix, jp, jx, w, chosen, count, gain, taken)
    for k in range(len(chosen)):
        if chosen[k] >= 0:
            continue
        b, most = -1, -1.0
        for j in range(len(gain)):
            if allowed[j] and not taken[j] and gain[j] > most:
                b, most = j, gain[j]
        taken[b] = True
        chosen[k] = b
        total += _add(b, ip, ix, jp, jx, w, count, gain)
    _descend(ip, ix, jp, jx, w, allowed, chosen, fixed, count, gain, taken, total)
    return chosen


@njit(cache=True, nogil=True)
def _kicked(ip, ix, jp, jx, w, allowed, begin, fixed, kicks, seed):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Replace a few by neighbours at random, swap down again, keep what is not much worse; return the best seen."""
    np.random.seed(seed)
    m, free = len(ip) - 1, len(begin) - fixed
    count, gain, taken = np.zeros(len(jp) - 1, np.int32), np.zeros(m), np.zeros(m, np.bool_)
    chosen, current, best = begin.copy(), begin.copy(), begin.copy()
    total = _opened(ip, ix, jp, jx, w, chosen, count, gain, taken)
    now, most = total, total
    for _ in range(kicks):
        for _ in range(1 + np.random.randint(_MOST_SWAPPED)):
            k = fixed + np.random.randint(free)
            r = chosen[k]
            b = -1
            if np.random.random() < _NEAR and ip[r + 1] > ip[r]:
                i = ix[ip[r] + np.random.randint(ip[r + 1] - ip[r])]
                b = jx[jp[i] + np.random.randint(jp[i + 1] - jp[i])]
            if b < 0 or taken[b] or not allowed[b]:
                b = np.random.randint(m)
            if taken[b] or not allowed[b]:
                continue
            total -= _drop(r, ip, ix, jp, jx, w, count, gain)
            taken[r], taken[b] = False, True
            chosen[k] = b
            total += _add(b, ip, ix, jp, jx, w, count, gain)
        total = _descend(ip, ix, jp, jx, w, allowed, chosen, fixed, count, gain, taken, total)
        if total > most + 1e-9:
            most = total
            best[:] = chosen
        if total >= now - 0.0005 * most * -np.log(np.random.random() + 1e-12):
            now = total
            current[:] = chosen
        else:
            chosen[:] = current
            total = _opened(ip, ix, jp, jx, w, chosen, count, gain, taken)
    return best
