import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.network import Network, build_network
from geodata.reach import LABEL, nearest, reached, redraw_walks, walks_to
from geodata.snapping import Access, Entries, site_entries, snap
from tests import toytown as toy
from tests.split_graph import split_walks

GRID = build_network(toy.streets())


def walk(network: Network, sites: list[object], people: list[object]) -> list[float]:
    """Walks from people to the nearest of the sites."""
    entries = site_entries(network, sites, access_m=200)
    access = snap(network, people, access_m=200)
    return walks_to(network, nearest(network, entries), entries, access).walk_m.tolist()


def bent_streets(seed: int, *, shortcuts: int = 12) -> gpd.GeoDataFrame:
    """The grid with loops, parallel edges, dead ends and a fragment put in anywhere."""
    rng = np.random.default_rng(seed)
    extra = [toy.way((1500, 0), (1600, 0))]
    for i, j in rng.integers(0, 9, (shortcuts, 2)) * 100.0:
        extra += [toy.way((i, j), (i + 30, j + 60), (i + 100, j)), toy.way((i, j), (i + 20, j + 30), (i - 20, j + 40), (i, j)),
                  toy.way((i, j), (i + 45, j + 45)), toy.way((i, j), (i + 100, j + 100))]
    return toy.streets(extra, without=rng.integers(0, 180, 50).tolist())


def random_access(network: Network, rng: np.random.Generator, count: int) -> Access:
    """Places on edges, anywhere, some off the network."""
    edge = rng.choice(np.flatnonzero(network.enterable), count)
    offset_m = rng.random(count) * network.edge_m[edge]
    off = rng.random(count) < 0.05
    edge[off], offset_m[off] = -1, np.nan
    return Access(edge, offset_m, np.where(off, np.inf, rng.random(count) * 200))


def random_entries(network: Network, rng: np.random.Generator, count: int) -> Entries:
    """Entries anywhere, a third of them stretches."""
    edge = rng.choice(np.flatnonzero(network.enterable), count)
    ends = np.sort(rng.random((count, 2)), axis=1) * network.edge_m[edge, None]
    ends[rng.random(count) < 0.67, 1] = 0
    return Entries(np.arange(count), edge, ends[:, 0], np.maximum(*ends.T), rng.random(count) * 50, np.zeros(count, bool))


def test_a_walk_is_leg_street_leg() -> None:
    # 30 m to the street at (200, 40), 40 m down to (200, 0), 100 m along to (300, 0), 20 m to the site.
    assert walk(GRID, [toy.at(300, -20)], [toy.at(230, 40)]) == pytest.approx([30 + 40 + 100 + 20])


def test_on_one_edge_nobody_walks_round_the_block() -> None:
    assert walk(GRID, [toy.at(200, 30)], [toy.at(200, 80), toy.at(200, 30)]) == pytest.approx([50, 0])


def test_on_a_long_edge_the_way_over_its_ends_may_be_the_shorter() -> None:
    # The long way round from (0, 0) to (100, 0) is 2,100 m; its two places near either end are 40 + 100 + 40 m apart.
    bow = toy.way((0, 0), (0, -1000), (100, -1000), (100, 0))
    network = build_network(toy.streets([bow]))
    assert walk(network, [toy.at(0, -40)], [toy.at(100, -40)]) == pytest.approx([180])


def test_of_two_sites_the_nearer_is_named() -> None:
    entries = site_entries(GRID, [toy.at(0, 0), toy.at(900, 900)], access_m=200)
    access = snap(GRID, [toy.at(100, 0), toy.at(800, 900), toy.at(5000, 0)], access_m=200)
    answer = walks_to(GRID, nearest(GRID, entries), entries, access)
    assert answer.walk_m.tolist() == pytest.approx([100, 100, np.inf])
    assert [entries.site[e] if e >= 0 else None for e in answer.entry] == [0, 1, None]


def test_to_a_line_any_point_of_it_counts() -> None:
    alley = toy.way((100, 300), (400, 300))
    assert walk(GRID, [alley], [toy.at(250, 300), toy.at(100, 250), toy.at(500, 300)]) == pytest.approx([0, 50, 100])


def test_beyond_the_limit_nothing_is_looked_for() -> None:
    entries = site_entries(GRID, [toy.at(0, 0)], access_m=200)
    near = nearest(GRID, entries, limit_m=300)
    all_of_it = nearest(GRID, entries).walk_m
    assert near.walk_m.tolist() == np.where(all_of_it <= 300, all_of_it, np.inf).tolist()
    assert np.isfinite(near.walk_m).sum() == 10  # 1 + 2 + 3 + 4 crossings at 0, 100, 200, 300 m


def test_without_sites_nobody_walks() -> None:
    assert walk(GRID, [], [toy.at(0, 0)]) == [np.inf]
    assert walk(build_network(toy.frame([])), [toy.at(0, 0)], [toy.at(0, 0)]) == [np.inf]


def test_the_pool_grows_when_a_search_outgrows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def small(network: Network, sources: int, span_m: float) -> tuple[np.ndarray, ...]:
        return 0.05, np.empty(64, np.int64), np.empty(1, LABEL)
    entries = random_entries(GRID, np.random.default_rng(1), 30)
    right = nearest(GRID, entries).walk_m
    monkeypatch.setattr("geodata.reach._pool", small)
    assert nearest(GRID, entries).walk_m.tolist() == right.tolist()
    access = random_access(GRID, np.random.default_rng(2), 20)
    draws = tuple(a[None] for a in (entries.edge, entries.from_m, entries.to_m, entries.leg_m))
    assert redraw_walks(GRID, draws, access)[1][0] == pytest.approx(right, rel=1e-6)


def test_a_square_of_short_footpaths_among_long_streets_is_searched_in_rounds() -> None:
    rng = np.random.default_rng(3)
    number = np.arange(40 * 40).reshape(40, 40)
    u = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel(), 5000 + np.arange(40)])
    v = np.concatenate([number[:, 1:].ravel(), number[1:].ravel(), 5001 + np.arange(40)])
    xy = np.zeros((5041, 2))
    xy[:1600] = np.argwhere(number >= 0) * 2.0 + rng.normal(0, 0.4, (1600, 2))
    xy[5000:, 0] = np.arange(41) * -10_000.0
    streets = gpd.GeoDataFrame(geometry=list(shapely.linestrings(np.stack([xy[u], xy[v]], axis=1))), crs=toy.CRS)
    network = build_network(streets)
    graph = nx.Graph()
    graph.add_weighted_edges_from(zip(network.edge_u.tolist(), network.edge_v.tolist(), network.edge_m.tolist(), strict=True))
    entries = Entries(np.zeros(1, int), np.array([700]), np.zeros(1), np.zeros(1), np.zeros(1), np.zeros(1, bool))
    right = nx.single_source_dijkstra_path_length(graph, int(network.edge_u[700]))
    found = nearest(network, entries).walk_m
    assert len(right) == 1600
    assert [found[node] for node in right] == pytest.approx(list(right.values()))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_it_agrees_with_networkx_on_a_split_graph(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    network = build_network(bent_streets(seed))
    entries, access = random_entries(network, rng, count), random_access(network, rng, 200)
    mine = walks_to(network, nearest(network, entries), entries, access).walk_m
    assert mine == pytest.approx(split_walks(network, entries, access), abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_every_draw_is_the_single_answer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = build_network(bent_streets(seed))
    access = random_access(network, rng, 50)
    drawn = [random_entries(network, rng, 7) for _ in range(25)]
    told: list[float] = []
    walks, nodes = redraw_walks(network, tuple(np.stack([getattr(e, name) for e in drawn]) for name in
                                               ("edge", "from_m", "to_m", "leg_m")), access, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    for i, entries in enumerate(drawn):
        single = nearest(network, entries)
        assert walks[i].tolist() == walks_to(network, single, entries, access).walk_m.tolist()
        assert nodes[i] == pytest.approx(single.walk_m, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8))
def test_a_new_street_and_a_new_site_never_lengthen_a_walk(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    streets = bent_streets(seed)
    before = build_network(streets)
    a, b = rng.integers(0, before.nodes, 2)
    road = shapely.LineString([(before.x[a], before.y[a]), (before.x[b], before.y[b])])
    opened = build_network(toy.frame([*streets.geometry, road]))
    access, entries = random_access(before, rng, 100), random_entries(before, rng, count + 1)
    fewer = Entries(*(getattr(entries, f)[:count] for f in ("site", "edge", "from_m", "to_m", "leg_m", "nearest_outline")))
    base = walks_to(before, nearest(before, fewer), fewer, access).walk_m
    assert (walks_to(opened, nearest(opened, fewer), fewer, access).walk_m <= base + 1e-6).all()
    assert (walks_to(before, nearest(before, entries), entries, access).walk_m <= base + 1e-6).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_straight_line_is_never_longer_than_the_walk(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = build_network(bent_streets(seed))
    corner = rng.random(2) * 700
    shapes = [toy.at(*rng.random(2) * 900), toy.box(*corner, *corner + 150),
              toy.way(*(rng.random((3, 2)) * 900)), toy.way((200, 300), (350, 300))]
    people = [toy.at(*p) for p in rng.random((150, 2)) * 1000 - 50]
    for shape in shapes:
        assert (np.array(walk(network, [shape], people)) >= shapely.distance(people, shape) - 1e-6).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(1, 900))
def test_what_is_reached_is_what_a_walk_reaches(seed: int, limit_m: float) -> None:
    rng = np.random.default_rng(seed)
    network = build_network(bent_streets(seed))
    entries = random_entries(network, rng, 9)
    nodes = nearest(network, entries)
    got = reached(network, nodes.walk_m, entries, limit_m)
    assert (got.to_m > got.from_m).all()
    edge = rng.integers(0, network.edges, 500)
    edge[:100] = rng.choice(entries.edge, 100)
    offset_m = rng.random(500) * network.edge_m[edge]
    walks = walks_to(network, nodes, entries, Access(edge, offset_m, np.zeros(500))).walk_m
    inside = [sum(a <= o <= b for e2, a, b in zip(got.edge, got.from_m, got.to_m, strict=True) if e2 == e)
              for e, o in zip(edge, offset_m, strict=True)]
    clear = np.abs(walks - limit_m) > 1e-6
    assert np.array(inside)[clear].tolist() == (walks <= limit_m)[clear].astype(int).tolist()


def test_two_added_roads_that_touch_only_each_other_still_connect() -> None:
    network = build_network(toy.streets([toy.way((900, 900), (1000, 1000)), toy.way((1000, 1000), (1100, 900))]))
    assert walk(network, [toy.at(1100, 900)], [toy.at(900, 900)]) == pytest.approx([200 * 2**0.5])


def test_ten_thousand_nodes_agree_with_networkx() -> None:
    ways = [toy.way((i, j), (i + 7 * (i % 3), j + 9), (i, j + 100)) for i in range(0, 5000, 100) for j in range(0, 5000, 100)]
    ways += [toy.way((i, j), (i + 100, j)) for i in range(0, 5000, 100) for j in range(0, 5100, 100)]
    network = build_network(toy.frame(ways))
    entries = random_entries(network, np.random.default_rng(3), 25)
    graph = nx.Graph()
    for u, v, metres in zip(network.edge_u, network.edge_v, network.edge_m, strict=True):
        graph.add_edge(u, v, m=metres)
    for j, (e, a, b, leg) in enumerate(zip(entries.edge, entries.from_m, entries.to_m, entries.leg_m, strict=True)):
        graph.add_edge(("s", j), network.edge_u[e], m=a + leg)
        graph.add_edge(("t", j), network.edge_v[e], m=network.edge_m[e] - b + leg)
    far = nx.multi_source_dijkstra_path_length(graph, {n for n in graph if isinstance(n, tuple)}, weight="m")
    assert nearest(network, entries).walk_m == pytest.approx([far[i] for i in range(network.nodes)], abs=1e-6)
