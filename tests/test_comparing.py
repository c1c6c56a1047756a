"""Before and after: whose sites are counted, where the map has them, which paces and which layers together."""

import pandas as pd
import pytest

from geodata import classing
from geodata.changed_sites import sites_left, sites_placed
from geodata.changes import AddFacility, MoveFacility, OpenRoad
from geodata.comparing import Comparison, compare
from geodata.comparing_words import sentences_of
from geodata.district import District
from geodata.question import Question
from geodata.room_change import room_changes
from geodata.scenario import apply
from tests import toytown

TOILETS, STATION, LOTS = "public_toilets", "micro_fire_stations", "parking_lots"
HOMES = [toytown.at(50.0, 10.0), toytown.at(250.0, 10.0), toytown.at(850.0, 10.0), toytown.at(0.0, -500.0)]


def town(*rows: dict[str, object], promised: float = 0.0) -> District:
    """Four people: three along the southern street, one far off every street."""
    ledger = [toytown.commitment(TOILETS, promised)] if promised else []
    return toytown.district(toytown.people(HOMES), list(rows), ledger=ledger)


def changed(before: District, changes: list[object], *layers: str, **more: object) -> Comparison:
    return compare(before, apply(before, changes), Question(layers=layers, **more))


def test_every_row_says_whose_sites_it_counts() -> None:
    """One of ten promised is located: the sentence says so, the straight line stands beside, and who is off the network."""
    found = changed(town(toytown.site(TOILETS, 1, toytown.at(0.0, 0.0)), promised=10.0), [AddFacility(TOILETS, toytown.at(850.0, 0.0))], TOILETS, metres=300.0)
    (row,) = found.rows.to_dict("records")
    assert (row["counted"], row["sites_counted"], row["sites_promised"], row["demo_sites"]) == ("programme", 1, 10, 0)
    assert (row["covered_people_before"], row["covered_people_after"], row["straight_line_share_after"]) == (2, 3, 0.75)
    assert (row["off_network_people_before"], row["unreachable_people_before"]) == (1, 0)
    assert "已落位 1/10 处，仅这些点" in found.sentences[0].zh
    assert "1 of 10 located, these alone" in found.sentences[0].en
    assert found.draw is None


def test_who_is_off_the_network_is_told_from_who_finds_no_way() -> None:
    """A new road gives the one far off a way."""
    before = town(toytown.site(TOILETS, 1, toytown.at(0.0, 0.0)))
    found = changed(before, [OpenRoad(toytown.way((0.0, 0.0), (0.0, -450.0)))], TOILETS)
    every = list(before.demand["demand_id"])
    points = [classing.changed_walks(found.gains, every, 300.0, side).points for side in ("before", "after")]
    assert [(held[4], held[5], sum(held)) for held in points] == [(0, 1, 4), (0, 0, 4)]
    assert found.rows["off_network_people_after"].iloc[0] == 0


def test_a_crew_has_three_rows_and_the_walk_is_the_headline() -> None:
    found = changed(town(toytown.site(STATION, 1, toytown.at(0.0, 0.0))), [AddFacility(STATION, toytown.at(600.0, 0.0))], STATION)
    assert list(found.rows["mode"]) == ["walk", "run", "e-bike"]
    assert list(found.rows["covered_people_before"]) == [1, 2, 2]
    assert list(found.rows["covered_people_after"]) == [1, 3, 3]
    assert "跑步 450 米" in found.sentences[1].zh
    assert set(found.gains["layer"]) == {STATION}
    assert len(found.gains) == len(HOMES)


def test_several_layers_have_a_row_for_any_and_for_all() -> None:
    rows = (toytown.site(TOILETS, 1, toytown.at(0.0, 0.0)), toytown.site("clinics", 1, toytown.at(850.0, 0.0)))
    found = changed(town(*rows), [AddFacility("clinics", toytown.at(0.0, 0.0))], TOILETS, "clinics", metres=300.0)
    by = found.rows.set_index("layer")
    assert list(by["covered_people_before"]) == [2, 1, 3, 0]
    assert list(by["covered_people_after"]) == [2, 3, 3, 2]
    assert by.loc["all", "person_minutes_saved"] is None
    assert by.loc["any", "person_minutes_saved"] == 0
    assert found.longer_walks == 0


def test_the_map_has_every_site_where_the_data_put_it() -> None:
    """A site known to 400 m is moved for the figures, never on the map."""
    rough = town(toytown.site(TOILETS, 1, toytown.at(0.0, 0.0), uncertainty_m=400.0, location_class="area"))
    firm = town(toytown.site(TOILETS, 1, toytown.at(0.0, 0.0)))
    changes = [OpenRoad(toytown.way((200.0, 0.0), (0.0, 200.0)))]
    loose, sure = changed(rough, changes, TOILETS, draws=25), changed(firm, changes, TOILETS)
    assert loose.rows["range"].iloc[0] is not None
    assert sure.rows["range"].iloc[0] is None
    for side in ("walk_before_m", "walk_after_m"):
        pd.testing.assert_series_equal(loose.gains[side], sure.gains[side])


def test_the_first_facility_of_a_kind_is_compared_with_none() -> None:
    found = changed(town(), [AddFacility(TOILETS, toytown.at(0.0, 0.0))], TOILETS, metres=300.0)
    (row,) = found.rows.to_dict("records")
    assert (row["covered_people_before"], row["covered_people_after"], row["people_newly_covered"]) == (None, 2, 2)
    assert row["person_minutes_saved"] > 0


def test_a_map_shows_what_stays_and_what_is_placed() -> None:
    before = town(toytown.site(TOILETS, 1, toytown.at(0.0, 0.0)), toytown.site(TOILETS, 2, toytown.at(300.0, 0.0)))
    changes = [MoveFacility(f"{TOILETS}-01", toytown.at(500.0, 0.0)), AddFacility(TOILETS, toytown.at(600.0, 0.0), id="new")]
    stays, demo = sites_left(before, changes, TOILETS, demo=False, seed=1)
    assert list(stays["id"]) == [f"{TOILETS}-02"]
    assert demo is None
    placed = sites_placed(apply(before, changes), TOILETS)
    assert list(placed["id"]) == [f"{TOILETS}-01", "new"]
    assert list(placed.geometry) == [toytown.at(500.0, 0.0), toytown.at(600.0, 0.0)]
    assert not len(sites_placed(before, TOILETS))


def test_room_is_asked_of_both_with_equal_people_a_unit() -> None:
    """Two stalls for two of four people; two more beside the third serve one more, and nobody else moves."""
    before = town(toytown.site(LOTS, 1, toytown.at(0.0, 0.0), capacity=1.0))
    after = apply(before, [AddFacility(LOTS, toytown.at(850.0, 0.0), capacity=3.0)])
    (found,) = room_changes(before, after, [LOTS, TOILETS], people_per_unit=1.0, metres=300.0)
    assert found.split() == {"served_people": pytest.approx((1, 2)), "no_room_people": pytest.approx((1, 1)), "too_far_people": pytest.approx((2, 1))}
    assert found.facts()["served_people_difference"] == pytest.approx(1)
    assert "25.0\u00a0% → 50.0\u00a0%" in found.sentence().zh
    (even,) = room_changes(before, after, [LOTS], metres=300.0)
    assert (even.people_per_unit, even.shared_evenly) == (4, True)
    assert room_changes(town(), apply(before, []), [TOILETS]) == []


@pytest.mark.parametrize(("ends", "median", "said"), [
    ((0.0, 1388.2), 0.0, "0–1,388 person-minutes less;"), ((-1388.2, 0.0), 0.0, "0–1,388 person-minutes more;"), ((-1388.2, -0.3), -20.0, "0–1,388 person-minutes more;"),
    ((-5.0, 3.0), -1.0, "−5 to 3 person-minutes less (a negative figure: more);"), ((-0.2, 3.0), 1.0, "0–3 person-minutes less;"),
])
def test_a_range_says_which_way_it_goes_and_knows_no_minus_nothing(ends: tuple[float, float], median: float, said: str) -> None:
    before = town(toytown.site(TOILETS, 1, toytown.at(0.0, 0.0)))
    found = changed(before, [AddFacility(TOILETS, toytown.at(850.0, 0.0))], TOILETS)
    row = {**found.rows.iloc[0].to_dict(), "person_minutes_saved": median, "people_no_longer_covered": 1.0, "range": {"person_minutes_saved": list(ends)}, "draws": 20}
    assert said in sentences_of(before, pd.DataFrame([row]))[0].en
