"""The page of road openings: the scenario in the address, the answer first, tables that say what the rows hold."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from geodata import classing, packs
from geodata.asking import drawn as address
from geodata.asking import roads as asking
from geodata.asking.drawn import drawn, entries_of
from geodata.changes import AddFacility, CloseStreet, OpenRoad
from geodata.comparing import compare
from geodata.connection import Connection, RoadEnd
from geodata.errors import BadInput
from geodata.openings import Opening, rank_openings
from geodata.pages import _roads_files, _roads_tables, _roads_work, roads
from geodata.pages._roads_words import WORDS
from geodata.question import Question
from geodata.scenario import apply
from geodata.scenario_file import scenario_json
from geodata.serving import ASSET_FOLDER
from layers import Text, every_layer
from tests import toytown
from tests.pages.visits import page_of, panel, sent

ROAD = '[["open_road","LineString",[[112.48,34.70],[112.481,34.701]],{"name_zh":"甲路","name_en":"Road A"}]]'
CROSSED = '[["open_road","LineString",[[112.48,34.70],[112.49,34.71],[112.49,34.70],[112.48,34.71]],{}]]'
EIGHT = 8


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture(scope="module")
def town():
    """People at two ends of the town, a toilet at one corner."""
    points = [toytown.at(x, 10.0) for x in (50.0, 250.0, 450.0)]
    return toytown.district(toytown.people(points), [toytown.site("public_toilets", 1, toytown.at(0.0, 0.0))], ledger=[toytown.commitment("public_toilets", 1.0)])


@pytest.fixture(autouse=True)
def own_pack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))


@pytest.mark.parametrize(("asked", "question"), [
    ({}, Question(layers=("public_toilets",))),
    ({"layers": "sewage_plants,primary_schools,primary_schools", "speed": "0.8", "m": "500"}, Question(layers=("primary_schools",), metres=500.0, speed_m_per_s=0.8)),
    ({"layers": "<b>", "speed": "nan", "m": "0"}, Question(layers=("public_toilets",))),
])
def test_an_address_asks_a_question(asked: dict[str, str], question: Question) -> None:
    assert asking.question_of(asked) == question


def test_a_bad_number_of_links_is_left_at_its_default() -> None:
    assert (asking.length_of({"len": "5000"}), asking.top_of({"top": "0"})) == (asking.LENGTH_M, asking.TOP)
    assert (asking.length_of({"len": "80"}), asking.top_of({"top": "7"})) == (80.0, 7)


def test_a_link_holds_the_scenario(district) -> None:
    held = drawn(ROAD, district)
    (road,) = held.changes
    assert isinstance(road, OpenRoad)
    assert road.name == Text("甲路", "Road A")
    assert _roads_work.degrees(district, road.line) == [[112.48, 34.7], [112.481, 34.701]]
    assert not held.refused


@pytest.mark.parametrize("text", ["[", "{}", "7", '"x"'])
def test_a_cut_link_is_said_to_be_cut(district, text: str) -> None:
    held = drawn(text, district)
    assert held.refused
    assert held.problems[0].message is address.LINK_BAD


@pytest.mark.parametrize(("entry", "code"), [
    (["open_road", "LineString", [[112.48, 34.70]], {}], "line_too_short"),
    (["open_road", "LineString", [[112.48, 34.70], [112.49, 34.71], [112.49, 34.70], [112.48, 34.71]], {}], "self_crossing"),
    (["open_road", "LineString", [[2.0, 48.0], [2.01, 48.0]], {}], "outside"),
    (["fly", "Point", [112.48, 34.70], {}], "not_a_change"),
    (["open_road"], "not_a_change"),
])
def test_bad_drawings_are_told_by_their_place_in_the_list(district, entry: list[object], code: str) -> None:
    held = drawn(json.dumps([entry]), district)
    assert held.refused
    assert (held.problems[0].code, held.problems[0].row) == (code, 1)


def test_a_saved_scenario_reopens_as_it_was(district) -> None:
    first = drawn(ROAD, district).changes
    at = shapely.get_point(first[0].line, 0)
    changes = (*first, AddFacility("public_toilets", at, Text("乙", "B")))
    entries = entries_of(scenario_json(district, changes), "a.geojson", district)
    again = drawn(json.dumps(entries), district)
    assert not again.refused
    assert [type(change) for change in again.changes] == [OpenRoad, AddFacility]
    assert shapely.equals_exact(again.changes[0].line, first[0].line, tolerance=1e-6)
    assert again.changes[1].name == Text("乙", "B")


def test_lines_of_any_geojson_become_roads(district) -> None:
    two = {"type": "MultiLineString", "coordinates": [[[112.48, 34.7], [112.481, 34.7]], [[112.48, 34.71], [112.481, 34.71]]]}
    found = entries_of("\ufeff" + json.dumps({"type": "FeatureCollection", "features": [{"geometry": two, "properties": {"name": "丙路"}}]}), "b.json", district)
    assert [entry[:2] for entry in found] == [["open_road", "LineString"]] * 2
    assert found[0][3] == {"name_zh": "丙路", "name_en": "丙路"}


def test_files_that_hold_no_road_say_so(district) -> None:
    other = scenario_json(replace(district, id="elsewhere"), ())
    for content, words in (("no json", "不是 GeoJSON"), ('{"features": []}', "没有线"), (other, "另一个地区")):
        with pytest.raises(BadInput) as told:
            entries_of(content, "c.json", district)
        assert words in told.value.say("zh")


def test_the_ranking_is_shown_as_a_demonstration() -> None:
    app = page_of("roads", "zh")
    assert not app.exception
    top = panel(app, part="top")
    assert top["heading"] == "演示"
    assert "示意断头路" in top["sentences"][0]
    assert "0 处" in top["access"]
    below = next(data for data in sent(app) if "tables" in data)
    assert [table["key"] for table in below["tables"]] == ["rank", "stable", "streets", "spread"]
    picks = [row["pick"] for row in below["tables"][0]["rows"]]
    assert picks[-1] == "together"
    assert sorted(picks[:-1]) == sorted(shape["id"] for shape in below["shapes"])
    picture = next(data for data in sent(app) if "map" in data)
    assert picture["badge"]["head"] == "演示"


def test_another_opening_changes_colours_alone() -> None:
    maps = [next(data for data in sent(page_of("roads", "en", see=see)) if "map" in data) for see in ("gap-b", "gap-c")]
    assert maps[0]["map"] == maps[1]["map"]
    assert maps[0]["patches"]["sites"] == maps[1]["patches"]["sites"]
    assert maps[0]["patches"]["cells"]["values"] != maps[1]["patches"]["cells"]["values"]


def test_twin_maps_have_equal_classes() -> None:
    app = page_of("roads", "zh", part="try", s=ROAD, view="twin")
    before, after = (data for data in sent(app) if "map" in data)
    assert before["patches"]["cells"]["palette"] == after["patches"]["cells"]["palette"]
    assert before["map"]["bounds"] == after["map"]["bounds"]
    assert before["map"]["name"] != after["map"]["name"]
    assert all("→" in told["people"] for told in panel(app, part="side")["legend"]["classes"])


def test_what_is_drawn_is_kept_while_it_is_wrong() -> None:
    app = page_of("roads", "en", part="try", s=CROSSED)
    assert not app.exception
    ask = next(data for data in sent(app) if "problems" in data)
    assert ask["asked"]["s"] == CROSSED
    assert [problem["row"] for problem in ask["problems"] if problem["level"] == "error"] == [1]
    assert panel(app, part="top")["sentences"][0].startswith("1 findings")


def test_missing_links_can_be_put_into_the_scenario(district) -> None:
    app = page_of("roads", "en", part="links", len="60", top="3", see="2")
    below = next(data for data in sent(app) if "tables" in data)
    links = below["tables"][0]
    assert [row["on"] for row in links["rows"]] == [False, True, False]
    held = drawn(json.dumps([row["entry"] for row in links["rows"]]), district)
    assert not held.refused
    assert all(change.line.length <= 60.1 for change in held.changes)


def test_differences_fall_into_their_classes() -> None:
    frame = pd_points([(900, 300), (500, 200), (200, 100), (50, 49), (np.nan, 100), (100, 100), (100, 130), (100, np.nan)])
    held = classing.differences(frame, [f"d{i}" for i in range(EIGHT)])
    assert [ord(letter) - 48 for letter in held.values] == list(range(EIGHT))
    assert sum(held.people) == frame["people"].sum()
    assert len(classing.difference_palette()) == EIGHT


def pd_points(pairs):
    import pandas as pd  # noqa: PLC0415  one use

    frame = pd.DataFrame(pairs, columns=["walk_before_m", "walk_after_m"], dtype=float)
    return frame.assign(difference_m=frame["walk_after_m"] - frame["walk_before_m"], people=10.0, demand_id=[f"d{i}" for i in range(len(frame))])


def test_the_tables_say_what_the_rows_hold(town) -> None:
    road = Opening("new", OpenRoad(shapely.LineString([toytown.at(450.0, 0.0), toytown.at(0.0, 1.0)]), Text("斜路", "Short cut")), demo=False)
    ranking = rank_openings(town, Question(layers=("public_toilets",)), openings=[road])
    table = _roads_tables.ranking_table(ranking, "en", "new")
    row = ranking.rows.iloc[0]
    assert [len(line["cells"]) for line in table["rows"]] == [len(table["columns"])] * 2
    assert table["rows"][0]["cells"][3]["text"] == f"{row['person_minutes_saved']:,.0f}"
    assert table["rows"][0]["on"]
    assert "range" not in table["rows"][0]["cells"][3]
    assert _roads_tables.stability_table(ranking, "en") is None  # one opening: nothing to hold
    plain = _roads_files.flat(ranking.rows)
    assert plain["walk_m_before_p50"].iloc[0] == row["walk_m_before"]["p50"]
    assert "range" not in plain


def test_closing_a_street_may_lengthen_walks(town) -> None:
    place = toytown.at(50.0, 0.0)
    changes = [CloseStreet(place)]
    found = compare(town, apply(town, changes), Question(layers=("public_toilets",)))
    assert not _roads_work.only_opens(changes)
    assert found.longer_walks > 0
    assert "变远" in roads._check(found.longer_walks, opens=False).zh
    assert roads._check(found.longer_walks, opens=True) != WORDS["check_good"]


@pytest.mark.parametrize(("joined", "told"), [((True, True), "at both ends"), ((True, False), "34 m short at the east end")])
def test_a_road_says_how_far_short_it_is(joined: tuple[bool, bool], told: str) -> None:
    sides = (Text("西", "west"), Text("东", "east"))
    ends = tuple(RoadEnd(side, yes, 0.0 if yes else 34.0) for side, yes in zip(sides, joined, strict=True))
    assert _roads_tables.connected_text(Connection(all(joined), ends, 1, 100.0, 200.0)).en == told


def test_every_wording_the_scripts_ask_for_is_there() -> None:
    asked: set[str] = set()
    for name in ("roads", "roads_tables", "sketchpad"):
        asked |= set(re.findall(r'\bword\("(\w+)"', (ASSET_FOLDER / f"{name}.js").read_text(encoding="utf-8")))
    kinds = ("open_road", "close_street", "add_facility", "close_gate", "open_gate", "move_facility", "remove_facility")
    asked |= {f"kind_{kind}" for kind in kinds} | {f"add_{kind}" for kind in kinds[:5]} | {f"view_{view}" for view in ("diff", "before", "after", "twin")}
    assert asked <= set(WORDS)


def test_only_layers_people_walk_to_are_offered() -> None:
    assert {layer["key"] for layer in asking.controls()["layers"]} == {key for key, layer in every_layer().items() if layer.serves_on_foot}
    assert len(json.loads(ROAD)[0]) == address.ENTRY
