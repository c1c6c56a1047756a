"""Service areas of 50 facilities at 500 m: polygons for the screen, against buffering each street piece and uniting all."""

import numpy as np
import shapely

from geodata.areas import STRIP_M, pieces_of, united
from geodata.network import Network, build_network
from geodata.outlines import CELL_M, outline
from geodata.reach import nearest, reached
from tests.benchmarks.bench_nearest import at_nodes
from tests.benchmarks.race import Result, race, shown
from tests.benchmarks.town_maker import make_streets

NODES = 20_000
FACILITIES = 50
LIMIT_M = 500.0
COARSE_M = 10.0
BOUNDS = {CELL_M: (5.0, 0.005), COARSE_M: (8.0, 0.015)}


def results() -> list[Result]:
    """The pieces of street are the same for all; what is timed is making polygons of them. Only the screen's differ from the exact ones."""
    network = build_network(make_streets(NODES))
    pieces = [_pieces(network, node) for node in np.random.default_rng(3).choice(network.nodes, FACILITIES, replace=False)]
    exact = [united(each, STRIP_M) for each in pieces]
    seconds = race(7, exact=lambda: [united(each, STRIP_M) for each in pieces],
                   **{str(cell_m): lambda cell_m=cell_m: [outline(each, STRIP_M, cell_m=cell_m) for each in pieces] for cell_m in BOUNDS})
    found = [Result(f"{FACILITIES} facilities, {LIMIT_M:g} m, strips of {STRIP_M:g} m", f"{sum(map(len, pieces)):,} pieces of street"),
             Result("exact, as exported: each piece widened, all united", shown(seconds["exact"]))]
    for cell_m, (least, most) in BOUNDS.items():
        ratio = seconds["exact"] / seconds[str(cell_m)]
        made = [outline(each, STRIP_M, cell_m=cell_m) for each in pieces]
        differs = shapely.area(shapely.symmetric_difference(exact, made)) / shapely.area(exact)
        name = f"grid of {cell_m:g} m" + (", as the screen draws it" if cell_m == CELL_M else "")
        found += [Result(name, f"{shown(seconds[str(cell_m)])}, {ratio:,.1f} times faster", f"at least {least:g}", ratio >= least),
                  Result("  symmetric difference ÷ area: mean, most", f"{differs.mean():.2%}, {differs.max():.2%}", f"mean at most {most:.1%}", differs.mean() <= most),
                  Result("  area larger by", f"{(shapely.area(made).sum() / shapely.area(exact).sum() - 1):.2%}")]
    return found


def _pieces(network: Network, node: int) -> np.ndarray:
    """Every piece of street within the limit of one node."""
    entries = at_nodes(network, np.array([node]))
    return pieces_of(network, reached(network, nearest(network, entries, limit_m=LIMIT_M).walk_m, entries, LIMIT_M))
