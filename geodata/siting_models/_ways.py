"""Who has a way to any site at all, and who is left without one however so few sites are chosen."""

import numpy as np

from geodata.siting_models._form import Choice
from geodata.siting_models._sparse import Floats, Numbers


def has_way(walk_m: Floats, kept_m: Floats, weights: Floats, choice: Choice) -> Numbers:
    """Return the demand with people and a way to a kept site or to an allowed candidate."""
    return np.flatnonzero((weights > 0) & (np.isfinite(kept_m) | np.isfinite(walk_m[choice.allowed]).any(axis=0)))


def without_way(walk_m: Floats, kept_m: Floats, weights: Floats, choice: Choice) -> tuple[Numbers, Numbers]:
    """Return the demand left without a site however the sites are chosen, and demand of every part that needs a site of its own.

    Both are empty unless the sites are fewer than the parts to be reached; the parts with fewest people are left.

    Two candidates reach the same demand or none in common, since every way leads both ways.
    """
    open_demand = np.flatnonzero((weights > 0) & ~np.isfinite(kept_m))
    way = np.isfinite(walk_m[:, open_demand])
    way[choice.forbidden] = False
    first = np.where(way.any(axis=0), way.argmax(axis=0), -1)
    parts, of_part = np.unique(first[first >= 0], return_inverse=True)
    done = np.array([bool(choice.forced[way[:, np.flatnonzero(first == part)[0]]].any()) for part in parts], dtype=bool)
    free = int(choice.number or 0) - int(choice.forced.sum())
    if int((~done).sum()) <= free:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    people = np.bincount(of_part, weights[open_demand[first >= 0]], minlength=len(parts))
    waiting = np.flatnonzero(~done)
    lost = waiting[np.argsort(-people[waiting], kind="stable")][free:]
    reached = open_demand[first >= 0]
    cause = [reached[of_part == part][np.argmax(weights[reached[of_part == part]])] for part in waiting]
    return reached[np.isin(of_part, lost)], np.sort(np.asarray(cause, dtype=np.int64))


