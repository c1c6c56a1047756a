"""p-centre: with so many sites, the shortest longest walk (Hakimi 1964; by covering, Minieka 1970)."""

import numpy as np

from geodata.siting_models._form import Choice, Clock, Solved, finish, infeasible
from geodata.siting_models._sparse import Floats, Numbers, from_pairs
from geodata.siting_models._ways import has_way, without_way
from geodata.siting_models.lscp import cover_all
from geodata.siting_models.program import solver_name


def walk_shortest_longest(walk_m: Floats, kept_m: Floats, weights: Floats, choice: Choice, clock: Clock) -> Solved:
    """Choose `choice.number` candidates such that the longest walk of anybody is shortest.

    The answer is one of the walks; whether so many sites cover everybody within a distance is asked by halving.

    Args:
        walk_m: walks, shape (candidates, demand); inf where there is no way.
        kept_m: walk to the nearest kept site, shape (demand,).
        weights: people; where there are none nobody walks.
        choice: how many, who must and who must not be chosen.
        clock: how long.

    Returns:
        The answer in metres. Where so few sites cannot reach everybody it is infeasible, and `unmet` is the demand that is
        left without one.
    """
    unmet, cause = without_way(walk_m, kept_m, weights, choice)
    if len(unmet):
        return infeasible(clock, unmet, solver_name(), cause=cause)
    here = has_way(walk_m, kept_m, weights, choice)
    walks, kept = walk_m[:, here], kept_m[here]
    best = _fill(np.flatnonzero(choice.forced), walks, kept, choice)
    objective = longest_walk(walks, kept, best)
    least = float(np.minimum(walks[choice.allowed].min(axis=0, initial=np.inf), kept).max(initial=0.0))
    clock.say(objective, least)
    if least >= objective or clock.over:
        return finish(clock, best, objective, min(least, objective), solver_name())
    values = np.concatenate([walks[(walks >= least) & (walks <= objective)], kept[(kept >= least) & (kept <= objective)]])
    values = np.unique(values)
    low, high = 0, len(values) - 1  # values[high] is reached, nothing below values[low] can be
    while low < high and not clock.over:
        middle = (low + high) // 2
        answer = _within(walks, kept, values[middle], choice, clock)
        if answer.status != "infeasible" and len(answer.chosen) <= int(choice.number or 0):
            best = _fill(answer.chosen, walks, kept, choice)
            objective = longest_walk(walks, kept, best)
            high = int(np.searchsorted(values, objective, side="left"))
        elif answer.status == "infeasible" or answer.bound > int(choice.number or 0):
            low = middle + 1
        else:
            break
        clock.say(objective, float(values[low]))
    bound = float(values[low]) if len(values) else objective
    return finish(clock, best, objective, min(bound, objective), solver_name())


def longest_walk(walk_m: Floats, kept_m: Floats, chosen: Numbers) -> float:
    """Return the longest walk to the nearest of `chosen` and the kept sites, of those who have a way."""
    nearest = np.minimum(walk_m[chosen].min(axis=0, initial=np.inf), kept_m)
    return float(nearest[np.isfinite(nearest)].max(initial=0.0))


def _within(walks: Floats, kept: Floats, metres: float, choice: Choice, clock: Clock) -> Solved:
    """Ask whether the number suffices for everybody to walk at most `metres`."""
    open_demand = np.flatnonzero(kept > metres)
    candidate, demand = np.nonzero(walks[:, open_demand] <= metres)
    cover = from_pairs(demand, candidate, (len(open_demand), len(walks)))
    alone = ~cover.meets(choice.allowed)
    if alone.any():
        return infeasible(clock, open_demand[alone], solver_name(), bound=np.inf)
    return cover_all(cover, choice, clock.within(clock.left), most=choice.number)


def _fill(chosen: Numbers, walks: Floats, kept: Floats, choice: Choice) -> Numbers:
    """Use up the number: each further site goes to whoever walks longest."""
    filled = [int(j) for j in chosen]
    while len(filled) < int(choice.number or 0):
        nearest = np.minimum(walks[filled].min(axis=0, initial=np.inf), kept)
        worst = int(np.argmax(nearest)) if len(nearest) else 0
        order = np.argsort(walks[:, worst], kind="stable") if len(nearest) else np.arange(len(walks))
        free = [j for j in order if choice.allowed[j] and j not in filled]
        filled.append(int(free[0]))
    return np.asarray(sorted(filled), dtype=np.int64)
