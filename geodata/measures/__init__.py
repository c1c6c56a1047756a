"""Answers: one file, one question. A measure is a function: frames in, a row or a Series out, inputs untouched.

Walks come as a frame with one row a demand point and one column a draw of the demo sites (one column where nothing is
drawn); a measure answers once a column. Metres throughout; a walk that does not exist is infinite.
"""

from geodata.measures.alleys import alley_reach
from geodata.measures.connectivity import DENSITY_KM_PER_KM2, connectivity
from geodata.measures.covered import TOLERANCE_M, covered_people
from geodata.measures.network_access import network_access
from geodata.measures.streets_served import streets_served
from geodata.measures.supply import supply_per_thousand
from geodata.measures.time_saved import CAP_MIN, minutes_saved
from geodata.measures.unserved import unserved
from geodata.measures.walk_quantiles import SHARES, walk_quantiles
from geodata.network import LONGER_M

__all__ = [
    "CAP_MIN", "DENSITY_KM_PER_KM2", "LONGER_M", "SHARES", "TOLERANCE_M", "alley_reach",
    "connectivity", "covered_people", "minutes_saved", "network_access", "streets_served", "supply_per_thousand", "unserved", "walk_quantiles",
]
