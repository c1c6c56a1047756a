import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadInput
from geodata.network import build_network
from tests import toytown as toy


def test_the_grid_has_its_crossings_and_blocks() -> None:
    network = build_network(toy.streets())
    assert (network.nodes, network.edges) == (100, 180)
    assert network.edge_m == pytest.approx(100)
    assert np.bincount(np.diff(network.first_arc)).tolist() == [0, 0, 4, 32, 64]
    assert network.enterable.all()


def test_an_edge_is_the_row_of_its_street() -> None:
    streets = toy.streets()
    network = build_network(streets)
    starts = shapely.get_coordinates(shapely.get_point(streets.geometry.to_numpy(), 0))
    assert np.c_[network.x, network.y][network.edge_u] == pytest.approx(starts)


def test_parallel_edges_keep_the_shorter_and_the_longer_can_still_be_entered() -> None:
    detour = toy.way((0, 0), (0, -50), (100, -50), (100, 0))
    network = build_network(toy.streets([detour]))
    assert network.edges == 181
    assert len(network.arc_m) == 360
    assert network.arc_m.max() == pytest.approx(100)
    assert network.edge_m[180] == pytest.approx(200)


def test_a_loop_is_kept_but_is_no_way_through() -> None:
    loop = toy.way((0, 0), (-50, 0), (-50, -50), (0, 0))
    network = build_network(toy.streets([loop]))
    assert network.edge_u[180] == network.edge_v[180]
    assert len(network.arc_m) == 360


def test_a_fragment_is_kept_but_not_entered() -> None:
    network = build_network(toy.streets([toy.way((2000, 0), (2100, 0))]))
    assert network.component_sizes().tolist() == [100, 2]
    assert network.enterable.tolist() == [True] * 180 + [False]


def test_given_node_ids_keep_a_bridge_off_the_street_below() -> None:
    streets = toy.streets([toy.way((50, -50), (0, 0))])
    ends = build_network(streets)
    streets["u"], streets["v"] = ends.edge_u.astype(int), ends.edge_v.astype(int)
    streets.loc[180, ["u", "v"]] = [1000, 1001]
    assert build_network(streets).nodes == ends.nodes + 1


def test_its_arrays_are_frozen() -> None:
    network = build_network(toy.streets())
    with pytest.raises(ValueError, match="read-only"):
        network.arc_m[0] = 0


def test_no_streets_are_an_empty_network() -> None:
    network = build_network(toy.frame([]))
    assert (network.nodes, network.edges, network.component_sizes().tolist()) == (0, 0, [])


@pytest.mark.parametrize("shape", [None, shapely.LineString(), shapely.Point(0, 0),
                                   shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]])])
def test_what_is_no_line_is_refused_with_its_row(shape: object) -> None:
    with pytest.raises(BadInput, match="Street row 2"):
        build_network(toy.frame([toy.way((0, 0), (1, 1)), shape]))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_components_are_those_of_a_plain_search(pairs: list[tuple[int, int]]) -> None:
    ways = [toy.way((100 * a, 0), (100 * a + 50 * b, 50 + b), (100 * b, 0)) for a, b in pairs]
    network = build_network(toy.frame(ways))
    parts: list[set[int]] = [{int(u)} for u in range(network.nodes)]
    for u, v in zip(network.edge_u, network.edge_v, strict=True):
        joined = set().union(*(p for p in parts if u in p or v in p))
        parts = [p for p in parts if not p & joined] + [joined]
    assert sorted(map(len, parts), reverse=True) == network.component_sizes().tolist()
    assert all(len({int(network.component[i]) for i in part}) == 1 for part in parts)
