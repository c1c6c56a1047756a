"""Plain lines become a network: split where they meet in plan, unless something passes over or under."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.checks import ROW
from geodata.noding import levels, node_streets


def streets(*lines, **columns) -> gpd.GeoDataFrame:
    """Return lines in metres with their rows."""
    return gpd.GeoDataFrame({**columns, ROW: range(1, len(lines) + 1)}, geometry=[shapely.LineString(line) for line in lines], crs="EPSG:32649")


EAST = [(0, 0), (100, 0)]
NORTH = [(50, -50), (50, 50)]


def ends(edges) -> int:
    """Return how many nodes there are."""
    return len(set(edges["u"]) | set(edges["v"]))


def test_two_crossing_streets_become_four_edges_around_one_node():
    edges, problems = node_streets(streets(EAST, NORTH))
    assert (len(edges), ends(edges), problems) == (4, 5, [])
    assert sorted(edges.length.round(6)) == [50.0] * 4
    assert np.bincount(np.concatenate([edges["u"], edges["v"]])).max() == 4


@pytest.mark.parametrize("columns", [{"bridge": ["", "yes"]}, {"tunnel": ["T", "F"]}, {"layer": ["0", "1"]}, {"level": [None, -1]}, {"bridge": [None, "是"]}])
def test_what_passes_over_or_under_does_not_meet(columns):
    edges, _ = node_streets(streets(EAST, NORTH, **columns))
    assert (len(edges), ends(edges)) == (2, 4)


def test_a_bridge_meets_the_ground_at_its_ends():
    edges, _ = node_streets(streets(EAST, [(50, 0), (50, 80)], [(50, 80), (90, 80)], bridge=["", "yes", ""]))
    assert (len(edges), ends(edges)) == (4, 5)


def test_a_street_that_ends_beneath_a_bridge_does_not_touch_it():
    edges, _ = node_streets(streets(EAST, [(50, -50), (50, 0)], bridge=["yes", ""]))
    assert (len(edges), ends(edges)) == (2, 4)


def test_a_street_that_ends_on_another_splits_it():
    edges, _ = node_streets(streets(EAST, [(50, 40), (50, 0)]))
    assert (len(edges), ends(edges)) == (3, 4)


@pytest.mark.parametrize(("short_m", "joined"), [(0.0, True), (0.3, True), (0.49, True), (0.6, False), (3.0, False)])
def test_ends_that_almost_touch_are_joined_and_larger_gaps_are_told(short_m, joined):
    edges, problems = node_streets(streets(EAST, [(50, 40), (50, short_m)]))
    assert (len(edges), ends(edges)) == ((3, 4) if joined else (2, 4))
    assert [(p.row, p.code, p.level) for p in problems] == ([] if joined else [(2, "small_gap", "warning")])


def test_far_ends_are_no_gaps():
    assert node_streets(streets(EAST, [(50, 40), (50, 6)]))[1] == []


def test_loops_and_parallel_streets_are_kept():
    ring = [(100, 0), (120, 0), (120, 20), (100, 0)]
    edges, _ = node_streets(streets(EAST, ring, [(0, 0), (50, 30), (100, 0)]))
    assert len(edges) == 3
    assert (edges["u"] == edges["v"]).sum() == 1
    assert ends(edges) == 2


def test_overlapping_drawings_share_their_nodes():
    edges, _ = node_streets(streets(EAST, [(40, 0), (140, 0)]))
    assert ends(edges) == 4
    assert edges.length.sum() == pytest.approx(200)


def test_the_columns_of_a_street_stay_with_its_pieces():
    edges, _ = node_streets(streets(EAST, NORTH, name_zh=["东路", "北路"]))
    assert edges["name_zh"].tolist() == ["东路", "东路", "北路", "北路"]
    assert edges["edge_id"].tolist() == [0, 1, 2, 3]


def test_levels_are_read_as_people_write_them():
    frame = streets(EAST, EAST, EAST, EAST, bridge=["yes", "no", None, "0"], tunnel=["", "yes", "F", ""], layer=["2", "", "0", None])
    assert levels(frame).tolist() == [2, -1, 0, 0]


@given(st.lists(st.tuples(*[st.integers(0, 10)] * 4).filter(lambda t: t[:2] != t[2:]), min_size=1, max_size=12, unique=True))
def test_no_metre_is_lost_and_edges_meet_at_nodes_only(lines):
    given_lines = streets(*[[(a * 50, b * 50), (c * 50, d * 50)] for a, b, c, d in lines])
    edges, _ = node_streets(given_lines)
    assert edges.length.sum() == pytest.approx(given_lines.length.sum(), rel=1e-3)
    shapes = edges.geometry.to_numpy()
    starts = shapely.get_coordinates(shapely.get_point(shapes, 0))
    at: dict[int, tuple[float, float]] = {}
    for node, point in zip(edges["u"], starts, strict=True):
        assert at.setdefault(node, tuple(point)) == tuple(point)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="crosses")
    crossing = shapely.intersection(shapes[one], shapes[other])
    near = np.array([min(shapely.distance(c, shapely.points(p)) for p in [*starts, *shapely.get_coordinates(shapely.get_point(shapes, -1))]) for c in crossing])
    assert (near < 0.05).all()
