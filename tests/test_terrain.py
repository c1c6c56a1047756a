import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geodata.terrain import (
    ARTERIALS,
    AXES,
    METRIC_CRS,
    ORIGIN_M,
    RAILS,
    city,
    curve,
    make_bend,
    old_streets,
    straight,
    villages,
)

# FACTS, degrees WGS-84 to 0.001
JIAMAYING, JIAMAYING_NORTH = (112.487, 34.687), (112.490, 34.697)
ZHENGGU, TAWAN, SHIJIAWAN, JIUDU_QIMING = (112.498, 34.689), (112.512, 34.691), (112.527, 34.694), (112.499, 34.681)
LUOYANG_EAST, JIAOLIU_NORTH, JIAOLIU_SOUTH = (112.480, 34.698), (112.520, 34.726), (112.507, 34.635)
PLACES = st.tuples(st.floats(0, 7000), st.floats(0, 9000))


def metres(place: tuple[float, float]) -> shapely.Point:
    x, y = Transformer.from_crs("EPSG:4326", METRIC_CRS, always_xy=True).transform(*place)
    return shapely.Point(x - ORIGIN_M[0], y - ORIGIN_M[1])


@pytest.mark.parametrize(("name", "places"), [
    ("中州东路", [JIAMAYING, ZHENGGU, TAWAN, SHIJIAWAN]), ("启明南路", [ZHENGGU, JIUDU_QIMING]), ("夹马营路", [JIAMAYING, JIAMAYING_NORTH]),
])
def test_each_named_axis_runs_through_the_points_that_defend_it(name: str, places: list[tuple[float, float]]) -> None:
    axis = next(a for a in AXES if a.name_zh == name)
    assert len(axis.points) == len(places)
    for point, place in zip(axis.points, places, strict=True):
        assert metres(place).distance(shapely.Point(point)) < 0.2


def test_railways_run_through_their_stations_and_only_the_defended_one_is_named() -> None:
    jiaoliu, longhai = (shapely.LineString(r.points) for r in RAILS)
    assert jiaoliu.distance(metres(JIAOLIU_NORTH)) < 1.0
    axis = shapely.LineString([metres(JIAOLIU_NORTH), metres(JIAOLIU_SOUTH)])
    within = shapely.intersection(jiaoliu, shapely.box(0, 0, 9000, metres(JIAOLIU_NORTH).y))
    assert within.length > 6000.0
    assert shapely.covers(axis.buffer(0.5), within)
    assert longhai.distance(metres(LUOYANG_EAST)) < 0.2
    assert [r.name_zh for r in RAILS] == ["焦柳铁路", ""]


def test_free_hand_streets_are_nameless() -> None:
    assert {a.name_zh + a.name_en for a in ARTERIALS} == {""}


@given(PLACES, st.integers(0, 2**31))
def test_bending_is_undone(place: tuple[float, float], seed: int) -> None:
    bend = make_bend(np.random.RandomState(seed), ((900.0, 55.0), (330.0, 22.0), (150.0, 5.0)))
    xy = np.array([place])
    assert np.abs(bend.bend(bend.unbend(xy)) - xy).max() < 1e-6


@given(PLACES)
def test_fields_stay_between_nothing_and_all(place: tuple[float, float]) -> None:
    assert all(0.0 <= field(*place) <= 1.0 for field in (city, old_streets, villages))


def test_old_streets_lie_round_the_seat_and_villages_in_the_north() -> None:
    seat = metres((112.485, 34.686))
    assert old_streets(seat.x, seat.y) > 0.8
    assert old_streets(3000.0, 7000.0) == 0.0 < villages(3080.0, 6250.0)


@pytest.mark.parametrize("through", [curve, straight])
def test_lines_hold_their_own_points(through) -> None:  # type: ignore[no-untyped-def]  # a function of this module's
    points = ((0.0, 0.0), (500.0, 80.0), (900.0, -40.0))
    xy = through(points)
    for point in points:
        assert np.abs(xy - point).sum(axis=1).min() < 1e-9
    assert np.sqrt((np.diff(xy, axis=0) ** 2).sum(axis=1)).max() < 60.0
