"""2,000 candidate openings judged one by one on a network of 200,000 nodes: updating what improves, against measuring each anew."""

import time

import numpy as np
import shapely
import shapely.ops

from geodata.missing_links import find_links
from geodata.network import Network, build_network
from geodata.reach import Walks, nearest, walks_to
from geodata.snapping import Access, Entries
from geodata.updates import Judged, Links, Settled, judge_links, settle
from tests.benchmarks.race import Result, race
from tests.benchmarks.town_maker import make_streets

NODES = 200_000
LINKS = 2_000
SITES = 50
PEOPLE_AT = 100_000
MAX_LENGTH_M = 120.0
STANDARD_M = 500.0
CAP_M = 30 * 60 * 1.2
COMPARED = 12
LEAST = 1_000


def results() -> list[Result]:
    """Race, and check that the figures are the same."""
    network = build_network(make_streets(NODES))
    rng = np.random.default_rng(4)
    entries, access = places(network, rng)
    people = rng.poisson(20, len(access.edge)).astype(float)
    nodes = nearest(network, entries)
    settled = settle(network, entries, nodes, walks_to(network, nodes, entries, access), access, people=people)
    began = time.perf_counter()
    found = find_links(network, MAX_LENGTH_M, None)
    finding = time.perf_counter() - began
    chosen = rng.choice(len(found.links), LINKS, replace=False)
    links = some(found.links, chosen)
    judged = judge_links(settled, links, cap_m=CAP_M, standard_m=STANDARD_M)
    worst = check(network, entries, access, settled, (links, found.lines[chosen], judged))
    seconds = race(5, updating=lambda: judge_links(settled, links, cap_m=CAP_M, standard_m=STANDARD_M),
                   searching=lambda: walks_to(network, nearest(network, entries), entries, access),
                   anew=lambda: anew(network, entries, access, links, found.lines[chosen[0]]))
    each = seconds["updating"] / LINKS
    return [
        Result("generated network", f"{network.nodes:,} nodes, {network.edges:,} edges"),
        Result(f"finding every link of at most {MAX_LENGTH_M:g} m between dead ends and streets", f"{len(found.links):,} in {finding:,.1f} s"),
        Result(f"{LINKS:,} links judged by updating", f"{1000 * seconds['updating']:,.1f} ms, {1e6 * each:,.1f} µs each"),
        Result("one link measured anew: network, search, walks", f"{1000 * seconds['anew']:,.1f} ms"),
        Result("one link measured anew: search and walks only", f"{1000 * seconds['searching']:,.1f} ms"),
        Result("updating ÷ measuring anew", f"{seconds['anew'] / each:,.0f} times faster", f"at least {LEAST:,}", seconds["anew"] / each >= LEAST),
        Result("updating ÷ search and walks only", f"{seconds['searching'] / each:,.0f} times faster", f"at least {LEAST:,}", seconds["searching"] / each >= LEAST),
        Result("nodes that come nearer by a link: mean, most", f"{judged.nodes.mean():,.1f}, {judged.nodes.max():,}"),
        Result(f"largest difference of {COMPARED} links from measuring anew", f"{worst:.1e} person-metres of {judged.saved_m.max():,.0f}", "none but rounding", worst < 1e-6 * max(1.0, judged.saved_m.max())),
    ]


def places(network: Network, rng: np.random.Generator) -> tuple[Entries, Access]:
    """Sites and homes anywhere on the streets."""
    edge = rng.choice(network.edges, SITES, replace=False)
    at_m = rng.random(SITES) * network.edge_m[edge]
    home = rng.integers(0, network.edges, PEOPLE_AT)
    return (Entries(np.arange(SITES), edge, at_m, at_m, np.zeros(SITES), np.zeros(SITES, bool)),
            Access(home, rng.random(PEOPLE_AT) * network.edge_m[home], rng.random(PEOPLE_AT) * 50))


def some(links: Links, which: np.ndarray) -> Links:
    """Some of the links."""
    return Links(*(getattr(links, name)[which] for name in ("edge_a", "at_a", "edge_b", "at_b", "length_m")))


def anew(network: Network, entries: Entries, access: Access, links: Links, line: shapely.LineString, number: int = 0) -> Walks:
    """One link put into the streets, and everything measured again: its far edge is cut where it lands."""
    streets = linked(network, links, number, line)
    changed = build_network(streets)
    where, cut = int(links.edge_b[number]), float(links.at_b[number])
    moved = [_moved(a, b, where, cut, network.edges) for a, b in ((entries.edge, entries.from_m), (access.edge, access.offset_m))]
    sites = Entries(entries.site, moved[0][0], moved[0][1], moved[0][1], entries.leg_m, entries.nearest_outline)
    return walks_to(changed, nearest(changed, sites), sites, Access(*moved[1], access.leg_m))


def linked(network: Network, links: Links, number: int, line: shapely.LineString) -> object:
    """The streets with a link: one edge cut in two, and one more."""
    import geopandas as gpd  # noqa: PLC0415  a frame only here

    edge, cut = int(links.edge_b[number]), float(links.at_b[number])
    far = network.lines[edge]
    u, v = network.edge_u.astype(np.int64), network.edge_v.astype(np.int64)
    start = int(u[links.edge_a[number]]) if links.at_a[number] == 0 else int(v[links.edge_a[number]])
    lines = network.lines.copy()
    inner = 1e-9 < cut < network.edge_m[edge] - 1e-9
    middle = network.nodes if inner else int(u[edge]) if cut <= 1e-9 else int(v[edge])
    rest = [line]
    us, vs = [start], [middle]
    if inner:
        lines[edge] = shapely.ops.substring(far, 0, cut)
        rest.append(shapely.ops.substring(far, cut, far.length))
        us.append(middle)
        vs.append(int(v[edge]))
        v = v.copy()
        v[edge] = middle
    return gpd.GeoDataFrame({"u": np.concatenate([u, us]), "v": np.concatenate([v, vs])},
                            geometry=np.concatenate([lines, np.asarray(rest, dtype=object)]), crs="EPSG:32649")


def _moved(edge: np.ndarray, at_m: np.ndarray, where: int, cut: float, edges: int) -> tuple[np.ndarray, np.ndarray]:
    """Places beyond the cut lie on the second half, the last edge."""
    beyond = (edge == where) & (at_m > cut) & (cut > 1e-9)
    return np.where(beyond, edges + 1, edge), np.where(beyond, at_m - cut, at_m)


def check(network: Network, entries: Entries, access: Access, settled: Settled, told: tuple[Links, np.ndarray, Judged]) -> float:
    """The largest difference in person-metres saved, of the best links and some others."""
    links, lines, judged = told
    best = np.argsort(-judged.saved_m)[: COMPARED // 2]
    worst = 0.0
    for i in [*best.tolist(), *range(COMPARED - len(best))]:
        after = anew(network, entries, access, links, lines[i], i).walk_m
        was = settled.walk_m
        reached = np.isfinite(after)
        saved = float(settled.people[reached] @ (np.where(np.isfinite(was), was, np.fmax(CAP_M, after)) - after)[reached])
        newly = float(settled.people @ ((after <= STANDARD_M + 1e-6) & (was > STANDARD_M + 1e-6)))
        worst = max(worst, abs(saved - float(judged.saved_m[i])))
        assert newly == judged.newly[i]
    return worst
