"""Scenarios on the toy town, whose answers are done in the head, and what is always true of them."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.changes import (
    AddFacility,
    Change,
    CloseGate,
    CloseStreet,
    MoveFacility,
    OpenGate,
    OpenRoad,
    RemoveFacility,
)
from geodata.comparing import compare, street_change
from geodata.connection import connection_sentence, connections
from geodata.counting import tallies
from geodata.district import District
from geodata.errors import BadInput, ProblemsFound
from geodata.question import Question
from geodata.scenario import apply, check_changes
from geodata.scenario_file import open_scenario, save_scenario, scenario_json
from geodata.standards import asked_layers
from geodata.walking import Kept, walked
from layers import Text
from tests import toytown as toy

TOILETS = Question(("public_toilets",))
LAYER = asked_layers(TOILETS)[0]


def town(places: list[shapely.Point], homes: list[shapely.Point], **parts: object) -> District:
    return toy.district(toy.people(homes), [toy.site("public_toilets", i + 1, place) for i, place in enumerate(places)],
                        ledger=[toy.commitment("public_toilets", 9, unit_is_place=True)], **parts)


def walk(district: District) -> np.ndarray:
    return walked(district, tallies(district, LAYER, TOILETS)[-1], TOILETS, kept=Kept()).walk_m[0]


def after(district: District, *changes: Change) -> list[float]:
    return walk(apply(district, list(changes))).round(6).tolist()


def edge(x0: float, y0: float, x1: float, y1: float) -> CloseStreet:
    return CloseStreet(toy.way((x0, y0), (x1, y1)), within_m=1.0)


# --- opening a road

def test_a_diagonal_across_a_block_is_walked() -> None:
    place = town([toy.at(0, 0)], [toy.at(300, 400), toy.at(300, 0)])
    assert walk(place).round(6).tolist() == [700, 300]
    assert after(place, OpenRoad(toy.way((0, 0), (300, 400)))) == [500, 300]  # 3-4-5; it joins all it crosses


def test_a_road_joins_what_it_crosses_in_the_middle_of_a_block() -> None:
    place = town([toy.at(50, 50)], [toy.at(150, 50)])
    assert walk(place).round(6).tolist() == [50 + 100 + 50]  # down to y = 0, along, and up again
    road = OpenRoad(toy.way((40, 50), (160, 50)))  # it crosses the street x = 100 alone, far from any junction
    assert after(place, road) == [100]


def test_a_road_that_stops_short_is_joined_by_the_way_between() -> None:
    place = town([toy.at(50, 0)], [toy.at(50, 100)])
    assert walk(place).round(6).tolist() == [200]
    assert after(place, OpenRoad(toy.way((50, 3), (50, 97)), within_m=5)) == [100]  # 3 + 94 + 3
    assert after(place, OpenRoad(toy.way((50, 3), (50, 97)), within_m=2)) == [200]


def test_two_added_roads_that_touch_only_each_other_connect() -> None:
    """Oracle 9."""
    place = town([toy.at(50, 0)], [toy.at(50, 100)])
    halves = OpenRoad(toy.way((50, 0), (50, 50))), OpenRoad(toy.way((50, 50), (50, 100)))
    assert after(place, *halves) == [100]
    assert after(place, halves[0]) == after(place, halves[1]) == [200]
    crossing = OpenRoad(toy.way((40, 0), (60, 60))), OpenRoad(toy.way((60, 40), (40, 100)))
    assert after(place, *crossing)[0] < 200


def test_a_road_along_an_existing_street_changes_nothing() -> None:
    place = town([toy.at(0, 0)], [toy.at(350, 420), toy.at(250, 0)])
    assert walk(apply(place, [OpenRoad(toy.way((0, 0), (300, 0)))])) == pytest.approx(walk(place), abs=1e-9)


def test_a_street_that_is_added_is_one_more_way_in_only_where_it_is_nearer() -> None:
    place = town([toy.at(50, 0)], [toy.at(50, 60), toy.at(50, 20)])
    assert walk(place).round(6).tolist() == [40 + 50 + 100 + 50, 20]  # the first home's nearest street is y = 100
    assert after(place, OpenRoad(toy.way((55, 0), (55, 100)))) == [5 + 60 + 5, 20]  # the second keeps its way in


def test_a_road_to_people_far_from_any_street_brings_them_in() -> None:
    place = town([toy.at(900, 0)], [toy.at(1300, 0)])
    assert walk(place).tolist() == [np.inf]
    assert after(place, OpenRoad(toy.way((900, 0), (1290, 0)))) == [400]


def test_a_fragment_that_a_road_joins_can_be_entered() -> None:
    place = town([toy.at(900, 0)], [toy.at(1230, 0)], streets=toy.streets([toy.way((1150, 0), (1230, 0))]))
    assert walk(place).tolist() == [np.inf]  # one street by itself is nowhere to go, and the town is too far off
    assert after(place, OpenRoad(toy.way((900, 0), (1150, 0)))) == [330]


# --- closing, gates, facilities

def test_of_a_closed_street_the_way_in_moves_to_the_nearest_that_remains() -> None:
    place = town([toy.at(200, 0)], [toy.at(150, 30)])
    assert walk(place).round(6).tolist() == [80]
    assert after(place, edge(100, 0, 200, 0)) == [50 + 70 + 100 + 100]  # x = 100, 50 m off as x = 200 is, and then round the block


def test_a_closed_street_is_walked_round() -> None:
    place = town([toy.at(0, 0)], [toy.at(300, 0)])
    assert after(place, edge(100, 0, 200, 0)) == [500]
    assert after(place, CloseStreet(toy.at(150, 4))) == [500]
    assert after(place, CloseStreet(toy.way((130, 0), (170, 0)))) == [500]  # part of a street closes it whole


def test_nobody_passes_a_closed_gate_but_either_side_is_entered() -> None:
    place = town([toy.at(300, 0)], [toy.at(140, 0), toy.at(160, 0)])
    shut = CloseGate(toy.at(150, 0))
    assert walk(place).round(6).tolist() == [160, 140]
    assert after(place, shut) == [40 + 100 + 200 + 100, 140]
    assert after(place, shut, OpenGate(toy.at(150, 0))) == [160, 140]


def test_a_gate_on_a_closed_street_closes_no_other_one() -> None:
    place = town([toy.at(300, 0)], [toy.at(140, 10)])
    closed = edge(100, 0, 200, 0)
    for gate in (CloseGate(toy.at(150, 0)), CloseGate(toy.at(190, 0))):  # far from any other street, and 10 m from the next
        assert after(place, closed, gate) == after(place, closed)
        assert [(p.row, p.code, p.level) for p in check_changes(place, [closed, gate])] == [(2, "gate_on_closed_street", "warning")]
    assert not check_changes(place, [closed, CloseGate(toy.at(200, 0))])  # at the corner it stands on the streets that remain


def test_roads_of_the_list_are_neither_closed_nor_gated() -> None:
    place = town([toy.at(50, 0)], [toy.at(50, 100)])
    road = OpenRoad(toy.way((50, 0), (50, 100)))
    for change in (CloseGate(toy.at(50, 10)), OpenGate(toy.at(50, 10)), CloseStreet(toy.at(50, 10)), CloseStreet(toy.way((50, 20), (50, 60)))):
        assert [(p.row, p.code, p.level) for p in check_changes(place, [road, change])] == [(2, "on_added_road", "error")]
    everything_near = CloseStreet(toy.way((0, 0), (100, 0), (100, 100), (50, 100), (50, 0)))
    assert [(p.row, p.code, p.level) for p in check_changes(place, [road, everything_near])] == [(2, "on_added_road", "warning")]
    assert not check_changes(place, [road, CloseGate(toy.at(50, 0))])  # where it meets its street, the gate is the street's


def test_a_gate_between_dead_ends_lets_people_through() -> None:
    walls = [toy.way((100, 0), (148, 48)), toy.way((152, 52), (200, 100))]
    place = town([toy.at(100, 0)], [toy.at(200, 100)], streets=toy.streets(walls))
    assert walk(place).tolist() == [200]
    assert after(place, OpenGate(toy.at(150, 50))) == pytest.approx([100 * 2**0.5])
    assert after(place, OpenGate(toy.at(150, 50), within_m=2)) == [200]


def test_facilities_come_move_and_go_in_order() -> None:
    place = town([toy.at(0, 0)], [toy.at(900, 0), toy.at(0, 100)])
    add = AddFacility("public_toilets", toy.at(800, 0), Text("新", "new"), id="new")
    assert after(place, add) == [100, 100]
    assert after(place, add, MoveFacility("new", toy.at(900, 0))) == [0, 100]
    assert after(place, add, RemoveFacility("public_toilets-01")) == [100, 900]
    assert after(place, add, RemoveFacility("new")) == [900, 100]
    assert apply(place, [add]).network is place.network


def test_an_unlocated_site_that_is_moved_is_located() -> None:
    place = toy.district(toy.people([toy.at(0, 0)]), [toy.site("public_toilets", 1, None)], ledger=[toy.commitment("public_toilets", 1, unit_is_place=True)])
    assert after(place, MoveFacility("public_toilets-01", toy.at(50, 0))) == [50]


# --- what is always true

spots = st.tuples(st.floats(0, 900), st.floats(0, 900))
roads = st.lists(st.lists(spots, min_size=2, max_size=4, unique=True), min_size=1, max_size=3)


def drawn(lines: list[list[tuple[float, float]]]) -> list[Change]:
    ways = [toy.way(*line) for line in lines]
    return [OpenRoad(w) for w in ways if w.is_simple and w.length > 0.01]


HOMES = [toy.at(x, y) for x in range(30, 900, 140) for y in range(40, 900, 130)]


@given(lines=roads, place=spots)
@settings(max_examples=12)
def test_opening_never_lengthens_and_dropping_restores(lines: list[list[tuple[float, float]]], place: tuple[float, float]) -> None:
    """Oracles 1, 2 and 3, and undoing is leaving out."""
    before = town([toy.at(*place)], HOMES)
    changes = drawn(lines)
    walks = [walk(apply(before, changes[:n])) for n in range(len(changes) + 1)]
    for fewer, more in pairwise(walks):
        assert (more <= fewer + 1e-6).all()
    straight = shapely.distance(np.asarray(HOMES), toy.at(*place))
    assert (walks[-1] >= straight - 1e-6).all()
    assert apply(before, []) is before
    assert np.array_equal(walk(before), walks[0])
    assert np.array_equal(walk(apply(before, changes[:-1])), walks[-2] if len(walks) > 1 else walks[0])


@given(lines=roads)
@settings(max_examples=12)
def test_pieces_make_up_the_streets_they_were_cut_from(lines: list[list[tuple[float, float]]]) -> None:
    before = town([toy.at(0, 0)], HOMES)
    changed = apply(before, drawn(lines))
    descent = changed.network.descent
    if descent is None:
        assert changed is before
        return
    old = descent.edge >= 0
    length_m = np.bincount(descent.edge[old], weights=changed.network.edge_m[old], minlength=before.network.edges)
    assert length_m == pytest.approx(before.network.edge_m, abs=1e-6)
    assert not descent.closed.any()


def test_a_scenario_of_a_scenario_is_one_list() -> None:
    before = town([toy.at(0, 0)], HOMES)
    one, other = OpenRoad(toy.way((0, 0), (300, 400))), edge(100, 0, 200, 0)
    both = apply(apply(before, [one]), [other])
    assert both.base is before
    assert both.changes == (one, other)
    assert both.stamp == apply(before, [one, other]).stamp != apply(before, [other, one]).stamp
    assert np.array_equal(walk(both), walk(apply(before, [one, other])))


def test_the_district_given_is_never_touched() -> None:
    before = town([toy.at(0, 0)], HOMES)
    kept = before.streets.copy(), before.sites.copy()
    apply(before, [OpenRoad(toy.way((0, 0), (300, 400))), AddFacility("public_toilets", toy.at(5, 5)), edge(100, 0, 200, 0)])
    assert before.streets.equals(kept[0])
    assert before.sites.equals(kept[1])


# --- what cannot be done is told, all of it at once

def test_every_problem_is_told_before_anything_is_done() -> None:
    before = town([toy.at(0, 0)], HOMES)
    changes: list[Change] = [
        OpenRoad(toy.way((0, 0), (0, 0))), OpenRoad(toy.way((0, 0), (100, 100), (100, 0), (0, 100))), OpenRoad(toy.way((9000, 0), (9100, 0))),
        OpenRoad(toy.way((0, 0), (50, 50)), within_m=500), OpenRoad(toy.way((0, 0), (50, 50)), street_class="boulevard"),
        CloseStreet(toy.at(150, 50)), AddFacility("toilets", toy.at(0, 0)), AddFacility("public_toilets", toy.at(0, 0), id="public_toilets-01"),
        MoveFacility("nobody", toy.at(0, 0)), RemoveFacility("public_toilets-01"), RemoveFacility("public_toilets-01"),
        CloseGate(toy.at(150, 50)), AddFacility("public_toilets", shapely.Point())]
    codes = [(p.row, p.code) for p in check_changes(before, changes) if p.level == "error"]
    assert codes == [(1, "line_too_short"), (2, "self_crossing"), (3, "outside"), (4, "bad_tolerance"), (5, "unknown_value"), (6, "no_street"),
                     (7, "unknown_layer"), (8, "duplicate_id"), (9, "unknown_site"), (11, "unknown_site"), (12, "gate_off_street"), (13, "no_place")]
    far = [OpenRoad(toy.way((500, 500), (3000, 500))), AddFacility("public_toilets", toy.box(0, 0, 10, 5000)), OpenRoad(toy.at(0, 0)), OpenRoad(toy.box(0, 0, 9, 9))]
    told = check_changes(before, far)
    assert [(p.row, p.code) for p in told] == [(1, "outside"), (2, "outside"), (3, "not_a_line"), (4, "not_a_line")]
    assert [p.message.en for p in told[:3:2]] == ["It reaches 2.0 km beyond the boundary of the district.", "A road is a line; this is a point."]
    with pytest.raises(ProblemsFound) as found:
        apply(before, changes)
    assert {p.row for p in found.value.problems} >= {1, 2, 3}


def test_what_is_only_odd_is_a_warning() -> None:
    rail = toy.frame([toy.way((-50, 50), (950, 50))], name_zh=[""], name_en=[""])
    before = town([toy.at(0, 0)], HOMES, rail=rail)
    found = check_changes(before, [OpenRoad(toy.way((50, 0), (50, 100))), OpenRoad(toy.way((0, 0), (-300, 0))), OpenGate(toy.at(150, 0))])
    assert [(p.row, p.code, p.level) for p in found] == [(1, "crosses_barrier", "warning"), (2, "just_outside", "warning"), (3, "gate_without_effect", "warning")]
    apply(before, [OpenRoad(toy.way((50, 0), (50, 100)))])


def test_somewhere_must_be_left_to_walk() -> None:
    before = town([toy.at(0, 0)], HOMES)
    everything = CloseStreet(shapely.multilinestrings(list(before.streets.geometry)), within_m=1.0)
    assert [p.code for p in check_changes(before, [everything])] == ["all_closed"]
    beyond = AddFacility("public_toilets", toy.at(-300, 0))  # a warning does not hide it
    assert [p.code for p in check_changes(before, [everything, beyond])] == ["just_outside", "all_closed"]
    with pytest.raises(ProblemsFound):
        apply(before, [everything, beyond])


def test_where_there_is_no_street_yet_one_can_be_opened() -> None:
    bare = town([toy.at(0, 0)], [toy.at(0, 90)], streets=toy.streets().iloc[:0])
    assert walk(bare).tolist() == [np.inf]
    changes: list[Change] = [CloseGate(toy.at(0, 0)), CloseStreet(toy.at(0, 0)), OpenGate(toy.at(0, 0))]
    assert [p.code for p in check_changes(bare, changes)] == ["gate_off_street", "no_street", "gate_off_street"]
    road = OpenRoad(toy.way((0, 0), (0, 90)))
    assert after(bare, road) == [np.inf]  # it leads nowhere
    assert not connections(bare, [road])[0].connected


def test_no_piece_between_road_and_street_crosses_rail() -> None:
    rail = toy.frame([toy.way((-50, 2), (950, 2))], name_zh=[""], name_en=[""])
    place = town([toy.at(50, 0)], [toy.at(50, 100)], rail=rail)
    road = OpenRoad(toy.way((50, 4), (50, 100)), within_m=5)
    assert after(place, road) == [200]
    found = connections(place, [road])[0]
    assert [(end.joined, end.barred) for end in found.ends] == [(False, True), (True, False)]
    assert (found.connected, found.joins) == (False, 1)
    said = connection_sentence(Text("新路", "Road"), found, found.verdict(gains=False))
    assert said.en == "Road: not connected: rail or water lies between the south end and the street 4 m away."
    assert said.zh == "新路：未接通，南端与 4 米外的街道之间隔着铁路或水面。"
    stub = OpenRoad(toy.way((50, 0), (50, 1)), within_m=5)  # an added road may be near too, and the rail between
    assert [c.connected for c in connections(place, [road, stub]).values()] == [False, True]


def test_an_end_that_runs_over_its_street_is_joined_where_it_crosses() -> None:
    place = town([toy.at(50, 0)], [toy.at(50, 100)])
    over = connections(place, [OpenRoad(toy.way((50, -3), (50, 103)), within_m=5)])[0]
    assert (over.connected, over.joins) == (True, 2)
    assert not connections(place, [OpenRoad(toy.way((50, -8), (50, 100)), within_m=5)])[0].connected


# --- files

ALL: list[Change] = [
    OpenRoad(toy.way((0, 0), (300, 400)), Text("新路", "New Road"), within_m=3.0, street_class="path", vehicle=False), edge(100, 0, 200, 0),
    AddFacility("public_toilets", toy.at(500, 500), Text("厕", "WC"), capacity=4.0), MoveFacility("public_toilets-01", toy.at(10, 0)),
    CloseGate(toy.at(350, 300)), OpenGate(toy.at(350, 300)), RemoveFacility("public_toilets-01")]


def test_a_saved_scenario_reopens_as_it_was(tmp_path: object) -> None:
    before = town([toy.at(0, 0)], HOMES)
    path = tmp_path / "scenario.geojson"  # type: ignore[operator]  # a Path
    save_scenario(path, before, ALL, name=Text("情景一", "Scenario 1"))
    found = open_scenario(path, before)
    assert found.name == Text("情景一", "Scenario 1")
    assert not [p for p in found.problems if p.level == "error"]
    assert [type(c) for c in found.changes] == [type(c) for c in ALL]
    for one, other in zip(ALL, found.changes, strict=True):
        for name in one.__slots__:
            value, again = getattr(one, name), getattr(other, name)
            assert shapely.hausdorff_distance(value, again) < 1e-6 if isinstance(value, shapely.Geometry) else value == again
    assert walk(apply(before, found.changes)) == pytest.approx(walk(apply(before, ALL)), abs=1e-6)


def test_a_scenario_of_another_district_is_refused_and_other_data_are_told() -> None:
    before = town([toy.at(0, 0)], HOMES)
    told = scenario_json(before, ALL[:1])
    with pytest.raises(BadInput, match="another district"):
        open_scenario(told, dataclasses.replace(before, id="elsewhere"))
    assert [p.code for p in open_scenario(told, dataclasses.replace(before, stamp="newer")).problems] == ["other_data"]


def test_a_broken_change_in_a_file_is_a_problem_of_its_row() -> None:
    before = town([toy.at(0, 0)], HOMES)
    told = scenario_json(before, ALL[:2]).replace('"open_road"', '"build_castle"')
    assert [(p.row, p.code) for p in open_scenario(told, before).problems] == [(1, "not_a_change")]
    line = '{"type": "Feature", "properties": {"change": "open_road"}, "geometry": {"type": "LineString", "coordinates": [[112.5, 34.7]]}}'
    head = '{"type": "FeatureCollection", "scenario": {"district": "toytown", "stamp": "' + before.stamp + '"}, "features": [' + line + "]}"
    assert [(p.row, p.code) for p in open_scenario(head, before).problems] == [(1, "line_too_short")]
    with pytest.raises(OSError, match="not a scenario"):
        open_scenario("{}", before)


# --- before and after

def test_a_comparison_counts_minutes_people_and_the_capped() -> None:
    place = town([toy.at(50, 0)], [toy.at(50, 100), toy.at(50, 200), toy.at(1300, 0)])
    answer = compare(place, apply(place, [OpenRoad(toy.way((50, 0), (50, 200))), OpenRoad(toy.way((900, 0), (1300, 0)))]),
                     Question(("public_toilets",), metres=150.0, speed_m_per_s=1.0), kept=Kept())
    row = answer.rows.iloc[0]
    assert row["person_minutes_saved"] == pytest.approx((200 - 100) / 60 + (300 - 200) / 60 + 30 - 1250 / 60)
    assert (row["people_newly_covered"], row["people_nearer"], row["capped_people"], row["longer_walks"]) == (1, 3, 1, 0)
    assert (row["covered_people_before"], row["covered_people_after"], row["connected"]) == (0, 1, False)
    assert [c.connected for c in answer.connections.values()] == [True, False]
    assert answer.longer_walks == 0
    assert [round(v) for v in answer.gains["difference_m"].fillna(-1)] == [-100, -100, -1]
    corner = town([toy.at(0, 0)], [toy.at(300, 0), toy.at(0, 300)])
    closed = compare(corner, apply(corner, [edge(100, 0, 200, 0)]), TOILETS, kept=Kept())
    assert closed.longer_walks == 1
    assert closed.rows["person_minutes_saved"].iloc[0] == pytest.approx(-200 / 1.2 / 60)


def test_a_standard_of_nothing_and_layers_nobody_walks_to_are_refused() -> None:
    place = town([toy.at(0, 0)], HOMES)
    with pytest.raises(BadInput, match="cannot be 0"):
        compare(place, place, Question(("public_toilets",), metres=0.0))
    with pytest.raises(BadInput, match="Nobody walks"):
        compare(place, place, Question(("sewage_plants",)))


def test_what_joins_a_road_to_a_footpath_is_no_dead_end_of_drivers() -> None:
    ways = toy.streets([toy.way((10, 440), (90, 440))])
    ways.loc[ways.index[-1], "vehicle"] = False
    before = town([toy.at(0, 0)], [toy.at(50, 50)], streets=ways)
    after = apply(before, [OpenRoad(toy.way((0, 450), (100, 450)), within_m=12.0)])
    assert len(after.streets) > len(before.streets) + 5, "joined to the streets at its ends and, twice, to the footpath between"
    figures = street_change(before, after)
    assert figures.loc["vehicle_dead_ends", "difference"] == 0
    assert figures.loc["dead_ends", "difference"] < 0
