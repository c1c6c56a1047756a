"""Compiling the models' kernels before a clock runs: the first solve of a machine takes seconds longer, and only once."""

from functools import cache

import numpy as np

from geodata.siting_models._cover_search import search_cover
from geodata.siting_models._form import Choice, Clock
from geodata.siting_models._median_search import multipliers, search_median
from geodata.siting_models._sparse import from_pairs, held_by_another, holding_another
from geodata.siting_models.lscp import cover_all


@cache
def warm_up() -> None:
    """Compile, or read what was compiled before, every kernel."""
    pairs = np.array([0, 1, 1, 2, 3]), np.array([0, 0, 1, 2, 1])
    cover = from_pairs(*pairs, (4, 3))
    free, clock = Choice.free(3, 2), Clock()
    search_cover(cover, np.ones(4), free, clock, kicks=1)
    holding_another(cover)
    held_by_another(cover)
    cover_all(cover, Choice.free(3, None), clock)
    costs, base = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0], [2.0, 1.0, 2.0]]), np.full(3, 9.0)
    search_median(costs, base, free, clock, kicks=1)
    multipliers(costs, base, free, 4.0, clock, steps=2)
