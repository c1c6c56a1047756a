"""The siting models: one file in this folder is one model, solved exactly; they know numbers only, no map."""

from geodata.siting_models._form import Choice, Clock, Solved, Status, gap_of, relative_gap
from geodata.siting_models._sparse import Flags, Floats, Numbers, Sparse, from_pairs, merged
from geodata.siting_models.lscp import cover_all
from geodata.siting_models.mclp import cover_most, covered_weight
from geodata.siting_models.p_centre import longest_walk, walk_shortest_longest
from geodata.siting_models.p_median import total_walk, walk_least

__all__ = [
    "Choice", "Clock", "Flags", "Floats", "Numbers", "Solved", "Sparse", "Status", "cover_all", "cover_most", "covered_weight",
    "from_pairs", "gap_of", "longest_walk", "merged", "relative_gap", "total_walk", "walk_least", "walk_shortest_longest",
]
