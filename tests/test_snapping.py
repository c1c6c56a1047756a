import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.network import build_network
from geodata.snapping import OUTLINE_M, Access, build_barriers, site_entries, snap
from tests import toytown as toy

GRID = build_network(toy.streets())


def foot(access: Access, i: int = 0) -> tuple[float, float]:
    """Where a point enters the streets, in metres from the town's corner."""
    place = shapely.line_interpolate_point(GRID.lines[access.edge[i]], access.offset_m[i])
    return place.x - toy.X0, place.y - toy.Y0


def test_a_point_enters_at_the_true_place_on_the_edge() -> None:
    access = snap(GRID, [toy.at(230, 40)], access_m=200)
    assert foot(access) == pytest.approx((200, 40))
    assert access.leg_m[0] == pytest.approx(30)


def test_beyond_the_access_leg_is_off_the_network() -> None:
    access = snap(GRID, [toy.at(-200, 0), toy.at(-200.5, 0), None, shapely.Point()], access_m=200)
    assert access.off.tolist() == [False, True, True, True]
    assert np.isinf(access.leg_m[1:]).all()


def test_a_fragment_is_passed_over() -> None:
    network = build_network(toy.streets([toy.way((1010, 50), (1020, 50))]))
    access = snap(network, [toy.at(1000, 50)], access_m=200)
    assert access.leg_m[0] == pytest.approx(100)


def test_a_leg_never_crosses_rail() -> None:
    rail = build_barriers(toy.frame([toy.way((220, -500), (220, 1500))]))
    access = snap(GRID, [toy.at(230, 40)], access_m=200, barriers=rail)
    # x = 200 lies behind the rail, the street y = 0 is cut by it: 40 m straight down is nearer than x = 300.
    assert foot(access) == pytest.approx((230, 0))


def test_a_leg_may_start_or_end_on_a_barrier() -> None:
    rail = build_barriers(toy.frame([toy.way((230, -500), (230, 1500)), toy.way((500, 0), (500, 900))]))
    access = snap(GRID, [toy.at(230, 40), toy.at(530, 50)], access_m=200, barriers=rail)
    assert foot(access, 0) == pytest.approx((200, 40))
    assert foot(access, 1) == pytest.approx((500, 50))


def test_round_a_barriers_end_the_nearest_point_in_sight_is_taken() -> None:
    wall = build_barriers(toy.frame([toy.way((210, 0), (210, 45))]))
    access = snap(GRID, [toy.at(220, 40)], access_m=200, barriers=wall)
    # Over the wall's upper end (210, 45) the first place in sight on x = 200 is (200, 50), 10 x sqrt(5) m away.
    assert foot(access) == pytest.approx((200, 50))
    assert access.leg_m[0] == pytest.approx(10 * 5**0.5)


def test_water_holds_back_those_ashore_but_not_those_drawn_inside_it() -> None:
    river = toy.frame([toy.box(210, -500, 290, 1500)])
    inside = snap(GRID, [toy.at(220, 50)], access_m=200, barriers=build_barriers(river))
    assert foot(inside) == pytest.approx((200, 50))
    island = toy.frame([shapely.difference(toy.box(205, 5, 295, 95), toy.box(220, 20, 280, 80))])
    assert snap(GRID, [toy.at(250, 50)], access_m=200, barriers=build_barriers(island)).off.all()


def test_a_bridge_is_entered_from_the_bank_at_its_end() -> None:
    river = build_barriers(toy.frame([toy.box(120, -500, 180, 1500)]))
    access = snap(GRID, [toy.at(115, 40)], access_m=200, barriers=river)
    assert foot(access) == pytest.approx((100, 40))


def test_where_there_are_only_fragments_everyone_is_off_the_network() -> None:
    rows_alone = build_network(toy.streets(without=range(90, 180)))
    assert snap(rows_alone, [toy.at(150, 40)], access_m=200).off.all()


@settings(max_examples=30, deadline=None)
@given(st.floats(101, 399), st.floats(101, 399), st.lists(st.tuples(*[st.floats(100, 400)] * 4), max_size=4))
def test_with_barriers_no_sampled_place_in_sight_is_nearer(x: float, y: float, walls: list[tuple[float, ...]]) -> None:
    barriers = build_barriers(toy.frame([toy.way((a, b), (c, d)) for a, b, c, d in walls if abs(a - c) + abs(b - d) > 1]))
    point = toy.at(x, y)
    access = snap(GRID, [point], access_m=200, barriers=barriers)
    spots = shapely.line_interpolate_point(np.repeat(GRID.lines, 101), np.tile(np.linspace(0, 100, 101), GRID.edges))
    legs = shapely.shortest_line(np.full(len(spots), point), spots)
    free = np.ones(len(legs), dtype=bool)
    for piece in barriers.pieces:
        free &= shapely.distance(legs, piece) > 1e-5
    best = shapely.length(legs)[free].min(initial=np.inf)
    assert access.leg_m[0] <= best + 1e-6
    if best + 1 <= 200:
        assert not access.off[0]
    if not access.off[0]:
        place = shapely.line_interpolate_point(GRID.lines[access.edge[0]], access.offset_m[0])
        assert access.leg_m[0] == pytest.approx(shapely.distance(point, place), abs=1e-6)


def test_a_line_on_a_street_is_that_street() -> None:
    entries = site_entries(GRID, [toy.way((120, 300), (260, 300))], access_m=200)
    on = entries.leg_m < 1e-9
    spans = sorted((float(a), float(b)) for a, b in zip(entries.from_m[on], entries.to_m[on], strict=True) if b > a)
    assert np.ravel(spans) == pytest.approx([0, 60, 20, 100])
    assert not entries.nearest_outline.any()


def test_a_line_beside_a_street_is_entered_all_along_by_true_legs() -> None:
    entries = site_entries(GRID, [toy.way((110, 320), (190, 320))], access_m=200)
    here = (entries.edge == 3 * 9 + 1) & (entries.leg_m < 20 + 1e-6)
    assert sorted(entries.from_m[here]) == pytest.approx(np.arange(10, 91, 5))
    assert entries.leg_m.max() <= OUTLINE_M


def test_an_area_is_entered_by_the_streets_inside_and_near_its_outline() -> None:
    entries = site_entries(GRID, [toy.box(120, 220, 180, 320)], access_m=200)
    through = entries.to_m > entries.from_m
    assert [(float(a), float(b)) for a, b in zip(entries.from_m[through], entries.to_m[through], strict=True)] == [
        (pytest.approx(20), pytest.approx(80))]
    places = shapely.line_interpolate_point(GRID.lines[entries.edge], entries.from_m)
    legs = shapely.distance(places, toy.box(120, 220, 180, 320))
    assert entries.leg_m == pytest.approx(legs)
    assert legs.max() <= OUTLINE_M + 1e-9


def test_an_areas_entrances_come_before_its_outline() -> None:
    park = shapely.GeometryCollection([toy.box(120, 220, 180, 320), toy.at(150, 310)])
    entries = site_entries(GRID, [park], access_m=200)
    assert (len(entries), entries.leg_m[0]) == (1, pytest.approx(10))


def test_an_area_far_from_streets_is_entered_at_its_nearest_outline_point_and_marked() -> None:
    entries = site_entries(GRID, [None, toy.box(140, 240, 160, 260), toy.box(5000, 5000, 5100, 5100)], access_m=200)
    assert (len(entries), int(entries.site[0]), bool(entries.nearest_outline[0])) == (1, 1, True)
    assert entries.leg_m[0] == pytest.approx(40)


def test_an_areas_legs_do_not_cross_water() -> None:
    ditch = build_barriers(toy.frame([toy.way((100, 310), (200, 310))]))
    entries = site_entries(GRID, [toy.box(120, 320, 180, 350)], access_m=200, barriers=ditch)
    assert entries.leg_m.min() >= 20 - 1e-9
    assert not np.isin(entries.edge, [3 * 9 + 1]).any()
