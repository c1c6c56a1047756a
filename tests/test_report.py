import json
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata import reach, walking
from geodata.district import District
from geodata.errors import Unknown
from geodata.figures import ROW_COLUMNS
from geodata.question import Question
from geodata.reach import nearest, walks_to
from geodata.report import (
    WALK_COLUMNS,
    access_report,
    coverage,
    service_areas,
    street_service,
    walk_curve,
    walks,
)
from geodata.snapping import site_entries, snap
from geodata.walking import Kept
from tests import toytown as toy

TOILETS = Question(("public_toilets",))
HOMES = [toy.at(x, y) for y in (150, 450, 750) for x in (200, 400, 600)]


def town(*places: object, people: list[float] | None = None, promised: float | None = 4, homes: list[shapely.Point] | None = None,
         **parts: object) -> District:
    """Toilets promised and some located, nine homes on the streets x = 200, 400, 600."""
    rows = [toy.site("public_toilets", i + 1, place) for i, place in enumerate(places)]
    ledger = [toy.commitment("public_toilets", promised, unit_is_place=True, effect="mixed")]
    return toy.district(toy.people(homes or HOMES, people), rows, ledger=ledger, **parts)


def sketch(district: District) -> District:
    """The same on sketched ground."""
    return toy.replace(district, streets_kind="sketch", people_kind="sketch")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """Three demo sites a draw, anywhere on the streets; draw 1 stands on three known corners."""
    rng = np.random.default_rng(5)
    edge, offset_m = rng.integers(0, 180, (200, 3)), rng.random((200, 3)) * 100

    def redraws(district: District, layer: str, draws: int, seed: int, **_: object) -> SimpleNamespace:
        return SimpleNamespace(edge=edge[:draws], offset_m=offset_m[:draws])

    def stand_ins(district: District, *, draw: int, seed: int, status: tuple[str, ...] = ()) -> gpd.GeoDataFrame:
        return toy.frame([toy.at(0, 0), toy.at(900, 0), toy.at(900, 750)], id=["demo-1", "demo-2", "demo-3"],
                         layer=["public_toilets", "public_toilets", "public_toilets"])
    monkeypatch.setattr(walking, "redraws", redraws)
    monkeypatch.setattr(walking, "stand_ins", stand_ins)
    return edge


def test_a_row_is_what_the_head_works_out() -> None:
    answer = coverage(town(toy.at(400, 400), None), TOILETS)
    row = answer.rows.iloc[0]
    # From (400, 400): the home at (400, 450) is 50 m away, (200, 450) and (600, 450) 250 m, the others 250, 450, 350, 550.
    assert list(answer.rows) == list(ROW_COLUMNS)
    assert row["covered_people"] == 4
    assert row["covered_share"] == pytest.approx(4 / 9)
    # By the straight line the four at 206 m and 250 m: (200, 450), (600, 450), (400, 150); and not (200, 150) at 320 m.
    assert row["straight_line_share"] == pytest.approx(4 / 9)
    assert row["walk_m"] == pytest.approx({"p10": 50, "p25": 250, "p50": 350, "p75": 450, "p90": 550})
    assert (row["sites_counted"], row["sites_promised"], row["counted"]) == (1, 4, "programme")
    assert (row["demonstration"], row["range"], row["draws"], row["seed"]) == (False, None, None, None)


def test_rows_are_ready_for_json() -> None:
    text = json.dumps(coverage(town(None), TOILETS).rows.to_dict("records"), allow_nan=False)
    assert json.loads(text)[0]["walk_m"]["p50"] is None


def test_a_missing_walk_is_no_walk_and_not_dropped() -> None:
    apart = [*HOMES[:2], toy.at(5000, 5000)]
    row = coverage(town(toy.at(200, 150), homes=apart), TOILETS).rows.iloc[0]
    assert (row["people"], row["off_network_people"], row["unreachable_people"]) == (3, 1, 0)
    assert row["walk_m"]["p90"] is None
    found = walks(town(toy.at(200, 150), homes=apart), TOILETS)
    assert found["reachable"].tolist() == [True, True, False]
    assert found["off_network"].tolist() == [False, False, True]
    assert found["walk_m"].isna().tolist() == [False, False, True]
    assert found["nearest_site_id"].tolist() == ["public_toilets-01", "public_toilets-01", None]


def test_a_site_beyond_the_streets_serves_nobody_and_is_named() -> None:
    answer = coverage(town(toy.at(5000, 0)), TOILETS)
    assert answer.rows["unreachable_people"].tolist() == [9]
    assert any("public_toilets-01" in said.en for said in answer.assumptions)


def test_coverage_never_falls_when_the_standard_or_the_sites_grow() -> None:
    places = [toy.at(150, 0), toy.at(700, 430), toy.at(333, 800)]
    shares = [[coverage(town(*places[:n]), Question(("public_toilets",), metres=m)).rows["covered_people"][0]
               for m in (0.0, 100.0, 250.0, 400.0, 1500.0)] for n in (1, 2, 3)]
    assert (np.diff(shares, axis=0) >= 0).all()
    assert (np.diff(shares, axis=1) >= 0).all()
    assert shares[-1][-1] == 9


def test_another_standard_measures_nothing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, place = Kept(), town(toy.at(400, 400))
    first = coverage(place, TOILETS, kept=kept)
    for module, name in ((walking, "nearest"), (walking, "walks_to"), (walking, "enter"), (walking, "enter_sites"),
                         (walking, "redraw_walks"), (reach, "nearest")):
        monkeypatch.setattr(module, name, None)
    again = coverage(place, Question(("public_toilets",), metres=500.0), kept=kept)
    assert again.rows["covered_people"][0] > first.rows["covered_people"][0]


def test_the_store_forgets_the_longest_unused_first() -> None:
    kept = Kept(most_bytes=20)
    made: list[str] = []

    def get(key: str) -> str:
        return kept.get(key, lambda: made.append(key) or key, lambda _: 8)
    assert [get(k) for k in "abacba"] == list("abacba")
    assert made == ["a", "b", "c", "b", "a"]


def test_programme_existing_and_together_are_three_rows() -> None:
    place = town(toy.at(400, 400))
    old = toy.site("public_toilets", 9, toy.at(200, 150), origin="existing", commitment="")
    place = toy.replace(place, sites=toy.sites([*place.sites.to_dict("records"), old]))
    answer = coverage(place, TOILETS)
    assert answer.rows["counted"].tolist() == ["programme", "existing", "together"]
    assert answer.rows["sites_counted"].tolist() == [1, 1, 2]
    assert answer.rows["sites_promised"].tolist() == [4, None, None]
    assert answer.rows["covered_people"].tolist() == [4, 3, 5]  # (200, 450) and (400, 150) are near both
    assert answer.newly["people"].tolist() == [0]  # the commitment is mixed and the site does not say it is new
    new = toy.replace(place, ledger=pd.DataFrame([toy.commitment("public_toilets", 4, effect="new")]))
    assert coverage(new, TOILETS).newly["people"].tolist() == [2]
    upgrade = toy.replace(place, ledger=pd.DataFrame([toy.commitment("public_toilets", 4, effect="upgrade")]))
    assert coverage(upgrade, TOILETS).newly["people"].tolist() == [0]


def test_proposals_and_what_was_done_earlier_are_not_the_programme() -> None:
    rows = [toy.site("public_toilets", 1, toy.at(200, 150), location_class="proposed"),
            toy.site("public_toilets", 2, toy.at(200, 150), commitment="done", year=2021),
            toy.site("public_toilets", 3, toy.at(600, 750))]
    ledger = [toy.commitment("public_toilets", 2), toy.commitment("public_toilets", 1, id="done", kind="done", year=2021)]
    place = toy.district(toy.people(HOMES), rows, ledger=ledger)
    row = coverage(place, TOILETS).rows.iloc[0]
    assert (row["sites_counted"], row["sites_promised"]) == (1, 2)
    row = coverage(place, Question(("public_toilets",), years=(2021,))).rows.iloc[0]
    assert (row["sites_counted"], row["sites_promised"]) == (1, 1)
    assert coverage(place, Question(("public_toilets",), status=("done",))).rows["sites_counted"][0] == 0


def test_a_promise_said_twice_counts_once_and_households_are_no_places() -> None:
    ledger = [toy.commitment("public_toilets", 3), toy.commitment("public_toilets", 3, id="again", same_as="toy"),
              toy.commitment("public_toilets", 200, id="piles", unit_is_place=False)]
    rows = [toy.site("public_toilets", 1, None), toy.site("public_toilets", 2, None, commitment="piles", amount=200.0)]
    assert coverage(toy.district(toy.people(HOMES), rows, ledger=ledger), TOILETS).rows["sites_promised"][0] == 4


def test_several_layers_have_any_and_all_each_held_to_its_own() -> None:
    rows = [toy.site("public_toilets", 1, toy.at(400, 400)), toy.site("primary_schools", 1, toy.at(200, 450)),
            toy.site("sewage_plants", 1, toy.at(200, 450))]
    answer = coverage(toy.district(toy.people(HOMES), rows), Question(("public_toilets", "primary_schools", "sewage_plants")))
    assert answer.rows["layer"].tolist() == ["public_toilets", "primary_schools", "any", "all"]
    toilets, schools, either, both = answer.rows["covered_people"]
    # Schools within 500 m of (200, 450): (200, *) 300, 0, 300; (400, 450) 300; (600, 450) 500, others 500 and 700, 900.
    assert (toilets, schools) == (4, 7)
    assert either + both == toilets + schools
    assert answer.rows["metres"].tolist() == [300, 500, None, None]
    assert "sewage" in answer.sentences[-1].en.lower()


def test_a_layer_without_a_standard_asks_for_one() -> None:
    lane = toy.district(toy.people(HOMES), [toy.site("renovated_alleys", 1, toy.way((200, 100), (200, 300)))])
    answer = coverage(lane, Question(("renovated_alleys",)))
    assert answer.rows["covered_share"].tolist() == [None]
    assert answer.rows["walk_m"][0]["p10"] == 0
    assert "500" in answer.sentences[0].en
    given = coverage(lane, Question(("renovated_alleys",), metres=250.0))
    assert given.alleys[["length_m", "people"]].to_numpy().tolist() == [[200, 3]]


def test_by_area_is_the_same_for_the_people_inside() -> None:
    west = toy.frame([toy.box(100, 0, 300, 900), toy.box(3000, 0, 4000, 900)], area_id=["W", "empty"], name_zh=["西", "空"],
                     name_en=["West", "Empty"])
    place = town(toy.at(200, 450), areas=west, people=[1, 2, 3, 4, 5, 6, 7, 8, 9])
    answer = coverage(place, TOILETS)
    assert answer.by_area[["area_id", "people", "covered_people"]].to_numpy().tolist() == [["W", 12, 12]]
    inside = coverage(place, Question(("public_toilets",), area="W"))
    assert inside.rows["people"].tolist() == [12]
    with pytest.raises(Unknown, match="W, empty"):
        coverage(place, Question(("public_toilets",), area="E"))


def test_the_unserved_are_where_they_live() -> None:
    found = coverage(town(toy.at(400, 400)), TOILETS).unserved
    assert len(found) == 5
    assert (found["walk_m"] > 300).all()
    assert found.crs == toy.CRS


def test_an_uncertain_site_gives_a_range_and_says_so() -> None:
    place = town(toy.at(400, 400))
    place.sites["uncertainty_m"] = 151.0
    answer = coverage(toy.replace(place, sites=place.sites), TOILETS)
    low, high = answer.rows["range"][0]["covered_share"]
    assert low < high
    assert low <= answer.rows["covered_share"][0] <= high
    assert (answer.rows["draws"][0], answer.rows["demonstration"][0]) == (200, False)
    assert "–" in answer.sentences[0].zh
    exact = coverage(toy.replace(place, sites=place.sites), Question(("public_toilets",), metres=302.0))
    assert exact.rows["range"][0] is None  # half of 302 m is not exceeded


def test_an_uncertain_line_is_moved_as_a_whole() -> None:
    row = toy.site("renovated_alleys", 1, toy.way((200, 100), (200, 300)), uncertainty_m=200.0, location_class="street")
    answer = coverage(toy.district(toy.people(HOMES), [row]), Question(("renovated_alleys",), metres=300.0, draws=20))
    low, high = answer.rows["range"][0]["straight_line_share"]
    assert low < high


def test_demo_sites_give_a_median_and_a_range(drawn: np.ndarray) -> None:
    place = sketch(town(None, None, None, promised=3))
    answer = coverage(place, TOILETS)
    row = answer.rows.iloc[0]
    assert (row["sites_counted"], row["sites_promised"], row["demonstration"], row["draws"]) == (0, 3, True, 200)
    assert row["range"]["covered_share"][0] <= row["covered_share"] <= row["range"]["covered_share"][1]
    each = []
    positions, network = walking.redraws(place, "", 200, 0), place.network
    access = snap(network, HOMES, access_m=200)
    for edges, offsets in zip(positions.edge, positions.offset_m, strict=True):
        entries = site_entries(network, shapely.line_interpolate_point(network.lines[edges], offsets), access_m=200)
        each.append(int((walks_to(network, nearest(network, entries), entries, access).walk_m <= 300 + 1e-6).sum()))
    assert row["range"]["covered_people"] == [sorted(each)[9], sorted(each)[189]]
    assert answer.sentences[0].zh.startswith("演示：若 3 处公厕随机分布，沿街 300 米内可达 ")
    assert "200 次随机抽样中 90 % 落在此区间" in answer.sentences[0].zh.replace("\u00a0", " ")
    assert "stand-in" not in " ".join(s.en for s in answer.sentences + answer.method + answer.assumptions)
    assert answer.heading.zh == "演示"
    assert not len(answer.sites)


def test_located_sites_stay_where_they_are_among_demo_sites(drawn: np.ndarray) -> None:
    answer = coverage(sketch(town(toy.at(400, 400), None, None, None)), TOILETS)
    assert answer.rows["range"][0]["covered_people"][0] >= 4
    assert answer.rows["sites_counted"][0] == 1
    assert answer.sentences[0].zh.startswith("演示：已落位 1/4 处；若其余 3 处公厕随机分布，")


def test_demo_sites_can_be_left_out(drawn: np.ndarray) -> None:
    answer = coverage(sketch(town(toy.at(400, 400), None)), TOILETS, stand_ins=False)
    assert answer.rows["covered_people"].tolist() == [4]
    assert answer.demonstration
    assert answer.sentences[0].zh.startswith("演示（示意路网、示意人口）：公厕（按计划点位）：已落位 1/4 处，仅这些点")


def test_real_streets_never_have_demo_sites(drawn: np.ndarray) -> None:
    answer = coverage(town(None), TOILETS)
    assert answer.rows["covered_people"].tolist() == [None]
    assert not answer.demonstration
    assert "0/4" in answer.sentences[0].zh


def test_walks_and_areas_use_draw_1_and_say_so(drawn: np.ndarray) -> None:
    place = sketch(town(None, None, None))
    found = walks(place, TOILETS)
    assert tuple(found)[:-1] == WALK_COLUMNS
    assert found["nearest_site_id"].tolist() == ["demo-1", "demo-1", "demo-2", "demo-1", *["demo-3"] * 5]
    assert (found.attrs["demonstration"], found.attrs["draw"]) == (True, 1)
    areas = service_areas(place, TOILETS, [500, 300])
    assert areas["to_m"].tolist() == [300, 500]
    assert areas["people"].sum() == (found["walk_m"] <= 500).sum()
    assert areas.attrs["draw"] == 1


def test_walks_are_in_degrees_and_metres() -> None:
    found = walks(town(toy.at(400, 400)), TOILETS)
    assert found["walk_m"].tolist() == pytest.approx([450, 250, 450, 250, 50, 250, 550, 350, 550])
    assert found["lon"].between(112.5, 112.6).all()
    assert found["lat"].between(34.6, 34.8).all()
    assert (found["straight_m"] <= found["walk_m"] + 1e-6).all()
    assert found.attrs == {"draw": None, "layers": ["public_toilets"], "seed": None, "counted": "programme", "demonstration": False}


def test_the_curve_meets_the_row() -> None:
    curve = walk_curve(town(toy.at(400, 400)), TOILETS)
    assert curve.loc[curve["metres"] == 300, ["share", "low", "high"]].to_numpy().tolist() == [[pytest.approx(4 / 9)] * 3]
    assert curve["share"].is_monotonic_increasing
    assert curve["share"].iloc[-1] == 1


def test_streets_are_served_by_length() -> None:
    served = street_service(town(toy.at(400, 400)), Question(("public_toilets",), metres=100.0))
    assert served[["street_m", "served_m"]].to_numpy().tolist() == [[18_000, 400]]


def test_access_comes_first() -> None:
    assert access_report(town(homes=[toy.at(0, 30), toy.at(0, -300)]), TOILETS)["off_network_people"] == 1


def test_progress_is_told_to_the_end(drawn: np.ndarray) -> None:
    told: list[float] = []
    coverage(sketch(town(None)), TOILETS, progress=told.append, kept=Kept())
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) > 5


def test_every_wording_stands_in_both_languages(drawn: np.ndarray) -> None:
    answer = coverage(sketch(town(toy.at(400, 400), None)), Question(("public_toilets", "renovated_alleys", "sewage_plants")))
    for said in answer.sentences + answer.method + answer.assumptions:
        assert said.zh
        assert said.en.replace("\u00a0", " ").isascii() or "“" in said.en or "★" in said.en or "–" in said.en or "÷" in said.en or "§" in said.en
        assert "{" not in said.zh + said.en
        assert not any(mark in said.zh for mark in (",", ":", ";", "(")), said.zh


def test_existing_facilities_that_are_not_in_the_data_are_said_to_be_missing() -> None:
    answer = coverage(town(toy.at(400, 400)), Question(("public_toilets",), counted="existing"))
    assert (answer.rows["counted"].tolist(), answer.rows["sites_counted"].tolist()) == (["existing"], [0])
    assert "没有这类点位" in answer.sentences[0].zh
    assert any("existing facilities are not in the data" in said.en for said in coverage(town(None), TOILETS).assumptions)


def test_nobody_and_no_streets_are_no_error() -> None:
    nobody = toy.district(toy.people([]), [toy.site("public_toilets", 1, toy.at(0, 0))])
    row = coverage(nobody, TOILETS).rows.iloc[0]
    assert (row["people"], row["covered_share"], row["walk_m"]["p50"]) == (0, None, None)
    assert not len(walks(nobody, TOILETS))
    nowhere = toy.replace(nobody, demand=toy.people(HOMES), streets=toy.frame([], edge_id=[], **{"class": []}))
    row = coverage(nowhere, TOILETS).rows.iloc[0]
    assert (row["off_network_people"], row["covered_share"]) == (9, 0)
    assert service_areas(nowhere, TOILETS, [300])["area_m2"].tolist() == [0]


def test_what_is_kept_cannot_be_changed() -> None:
    kept, place = Kept(), town(toy.at(400, 400))
    coverage(place, TOILETS, kept=kept)
    held = [value for value, _ in kept._held.values() if isinstance(value, walking.Walked)]
    with pytest.raises(ValueError, match="read-only"):
        held[0].walk_m[0] = 0


@pytest.mark.parametrize(("locating", "says"), [(2, "计划的 2 处已全部落位"), (1, "已落位 1/2 处，仅这些点"), (0, "已落位 0/2 处，位置到位前")])
def test_while_sites_are_missing_the_sentence_says_so(locating: int, says: str) -> None:
    places = [toy.at(400, 400), toy.at(200, 150)][:locating] + [None] * (2 - locating)
    assert says in coverage(town(*places, promised=2), TOILETS).sentences[0].zh


def test_nothing_located_and_nothing_drawn_has_no_figures(drawn: np.ndarray) -> None:
    place = sketch(town(None, None, None))
    both = Question(("public_toilets", "primary_schools"), metres=300.0, counted="programme")
    for answer in (coverage(place, TOILETS, stand_ins=False), coverage(place, Question(("public_toilets",), status=("done",))),
                   coverage(place, both, stand_ins=False)):
        assert len(answer.rows)
        for row in answer.rows.to_dict("records"):
            assert [row[name] for name in ("covered_people", "covered_share", "straight_line_share", "unreachable_people", "range")] == [None] * 5
            assert set(row["walk_m"].values()) == {None}
            assert row["people"] > 0
        assert not any("0.0" in sentence.en for sentence in answer.sentences)


@pytest.mark.parametrize(("draws", "said"), [(1, "(one random draw)"), (19, "(median of 19 random draws)"), (20, "90 % of 20 random draws")])
def test_few_draws_give_no_range(drawn: np.ndarray, draws: int, said: str) -> None:
    answer = coverage(sketch(town(None, None, None)), Question(("public_toilets",), draws=draws))
    row = answer.rows.iloc[0]
    assert (row["draws"], row["seed"]) == (draws, Question(("public_toilets",)).seed)
    assert (row["range"] is None) == (draws < 20)
    assert said in answer.sentences[0].en.replace("\u00a0", " ")
    assert ("90" in answer.sentences[0].zh) == (draws == 20)


def test_a_joint_row_names_each_distance() -> None:
    rows = [toy.site("public_toilets", 1, toy.at(400, 400)), toy.site("micro_fire_stations", 1, toy.at(400, 400))]
    answer = coverage(toy.district(toy.people(HOMES), rows), Question(("public_toilets", "micro_fire_stations")))
    joint = answer.rows[answer.rows["layer"].isin(["any", "all"])]
    assert joint["standard"].tolist() == ["300 m / 216 m (3 min × 1.2 m/s)"] * 2
    assert all(any("216 m" in sentence.zh and name in sentence.zh for sentence in answer.sentences) for name in ("至少一类", "全部达标"))
