"""The page of road openings: the scenario in the address, the answer first, tables that say what the rows hold."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from streamlit.testing.v1 import AppTest  # noqa: TID251  a part of a page is run as Streamlit runs it

from geodata import classing, packs, serving
from geodata.asking import drawn as address
from geodata.asking import roads as asking
from geodata.asking.drawn import brought, drawn
from geodata.changes import CloseStreet, OpenRoad
from geodata.comparing import compare
from geodata.connection import Connection, RoadEnd
from geodata.missing_links import WITHIN_M
from geodata.openings import Opening, rank_openings
from geodata.pages import (
    _roads_check,
    _roads_files,
    _roads_tables,
    _roads_work,
)
from geodata.pages._roads_words import WORDS
from geodata.pages._waiting import GO_ON
from geodata.question import Question
from geodata.scenario import apply
from geodata.serving import ASSET_FOLDER
from geodata.stability import Trial, stability_of
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


def test_the_ranking_is_shown_as_a_demonstration() -> None:
    app = page_of("roads", "zh")
    assert not app.exception
    top = panel(app, part="top")
    assert top["heading"] == "演示"
    assert "示意断头路" in top["sentences"][0]
    assert re.search(r"排序(不?稳定)：.*照所问为.*最低的一种取法.*共 [\d,]+ 次", top["sentences"][1])
    assert [check["mark"] for check in top["checks"]] == ["good"] * 4
    assert "0 处" in top["checks"][0]["text"]
    assert "兴业路" in top["access"]  # a road of the report is named as not ranked
    below = next(data for data in sent(app) if "tables" in data)
    assert [table["key"] for table in below["tables"]] == ["rank", "stable", "points", "streets", "spread"]
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


@pytest.mark.parametrize("metres", ["0", "-5", "nan", "x"])
def test_a_standard_that_cannot_be_is_said_and_not_taken(metres: str) -> None:
    app = page_of("roads", "en", part="try", m=metres)
    ask = next(data for data in sent(app) if "problems" in data)
    said = f"The standard (m) cannot be {metres}: give a number above 0"
    assert ask["refused"]["m"].startswith(said)
    assert ask["asked"]["m"] == metres
    assert not app.exception
    assert said in app.error[0].value
    assert not [data for data in sent(app) if data.get("part") == "top"]


def test_a_real_pack_ranks_named_roads_with_a_located_alignment_alone(town, monkeypatch: pytest.MonkeyPatch) -> None:
    line = shapely.LineString([toytown.at(400.0, 400.0), toytown.at(0.0, 0.0)])
    rows = [toytown.site("public_toilets", 1, toytown.at(0.0, 0.0)),
            toytown.site("road_openings", 1, line, name_zh="兴业路", name_en="Xingye Road"), toytown.site("road_openings", 2, None, name_zh="乙路", name_en="Road B")]
    labels = toytown.frame([], name_zh=[], name_en=[], kind=[])
    real = toytown.district(toytown.people([toytown.at(450.0, 410.0)]), rows, ledger=town.ledger, labels=labels)
    monkeypatch.setattr(serving, "current_district", lambda _settings: real)
    app = page_of("roads", "zh")
    assert not app.exception
    top = panel(app, part="top")
    assert top["heading"] == ""
    assert "兴业路" in top["sentences"][0]
    assert "演示" not in "".join(top["sentences"])
    assert "乙路" in top["access"]
    assert "兴业路" not in top["access"]
    below = next(data for data in sent(app) if "tables" in data)
    assert [row["pick"] for row in below["tables"][0]["rows"]] == ["road_openings-01", "together"]


def test_a_missing_link_put_into_the_scenario_does_what_the_ranking_says(district) -> None:
    question = Question(layers=("public_toilets",))
    found = _roads_work.linked(district, question, lambda work: work(None), length_m=60.0, top=3, chosen="1")
    assert found.change.rows["person_minutes_saved"].iloc[0] == pytest.approx(found.found.links["person_minutes_saved"].iloc[0], rel=1e-3)
    assert found.changes[0].within_m == WITHIN_M


def test_missing_links_can_be_put_into_the_scenario(district) -> None:
    app = page_of("roads", "en", part="links", len="60", top="3", see="2")
    below = next(data for data in sent(app) if "tables" in data)
    links = below["tables"][0]
    assert [row["on"] for row in links["rows"]] == [False, True, False]
    held = drawn(json.dumps([entry for row in links["rows"] for entry in row["entries"]]), district)
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
    entry = _roads_work.opening_entry(town, road)
    table = _roads_tables.ranking_table(ranking, "en", "new", {"new": [entry]})
    assert [line["entries"] for line in table["rows"]] == [[entry], None]
    back = drawn(json.dumps([entry]), town).changes[0]
    assert (back.name, back.within_m) == (road.road.name, road.road.within_m)
    assert back.line.hausdorff_distance(road.road.line) < 1e-3
    row = ranking.rows.iloc[0]
    assert [len(line["cells"]) for line in table["rows"]] == [len(table["columns"])] * 2
    assert table["rows"][0]["cells"][3]["text"] == f"{row['person_minutes_saved']:,.0f}"
    assert table["rows"][0]["on"]
    assert "range" not in table["rows"][0]["cells"][3]
    assert _roads_tables.stability_table(ranking, "en") is None  # one opening: nothing to hold
    openings = [replace(ranking.openings[0], id=name) for name in ("a", "b")]
    silent, firm = (Trial(kind, ("public_toilets",), 1.2, np.array([[x], [0.0]]), np.zeros((2, 1))) for kind, x in (("kind", 0.0), ("asked", 1.0)))
    held = _roads_tables.stability_table(replace(ranking, openings=openings, stability=stability_of(["a", "b"], "a", [firm, silent])), "en")
    assert held is not None
    assert [[one["text"] for one in line["cells"][1:]] for line in held["rows"]] == [["1", "100.0\u00a0%", "0.0\u00a0%"], ["—", "—", "—"]]
    assert held["rows"][1]["cells"][0]["range"] == "nothing changes, no say"
    plain = _roads_files.flat(ranking.rows)
    assert plain["walk_p50_m_before"].iloc[0] == row["walk_m_before"]["p50"]
    assert "range" not in plain


def test_closing_a_street_may_lengthen_walks(town) -> None:
    place = toytown.at(50.0, 0.0)
    changes = [CloseStreet(place)]
    found = compare(town, apply(town, changes), Question(layers=("public_toilets",)))
    assert not _roads_work.only_opens(changes)
    assert found.longer_walks > 0
    assert _roads_check.comparison_checks(found, changes)[0].mark == "note"
    assert _roads_check.walks_check(found.longer_walks, opens=True).mark == "bad"


@pytest.mark.parametrize(("joined", "told"), [((True, True), "at both ends"), ((True, False), "34 m short at the east end")])
def test_a_road_says_how_far_short_it_is(joined: tuple[bool, bool], told: str) -> None:
    sides = (Text("西", "west"), Text("东", "east"))
    ends = tuple(RoadEnd(side, yes, 0.0 if yes else 34.0) for side, yes in zip(sides, joined, strict=True))
    assert _roads_tables.connected_text(Connection(all(joined), ends, 1, 100.0, 200.0)).en == told


def test_no_effect_is_told_from_not_connected(town) -> None:
    """Beside a street that is there nothing is gained; one that ends in the open is short by so many metres; with others too."""
    beside = OpenRoad(shapely.LineString([toytown.at(100.0, 0.0), toytown.at(300.0, 0.0)]), Text("并行", "Beside"))
    loose = OpenRoad(shapely.LineString([toytown.at(300.0, 0.0), toytown.at(350.0, 34.0)]), Text("悬空", "Loose"))
    told = []
    for road in (beside, loose):
        found = compare(town, apply(town, [road]), Question(layers=("public_toilets",)))
        told.append(_roads_check.comparison_checks(found, [road])[1])
    assert [check.mark for check in told] == ["note", "bad"]
    assert "walkers could already pass" in told[0].text.en
    assert "34 m short at the north-east end" in told[1].text.en
    short = OpenRoad(shapely.LineString([toytown.at(200.0, 0.0), toytown.at(0.0, 200.0)]), Text("斜路", "Short cut"))
    corner = toytown.district(toytown.people([toytown.at(250.0, 10.0)]), [toytown.site("public_toilets", 1, toytown.at(0.0, 200.0))])
    together = [beside, loose, short, short]  # of two alike neither adds anything last, and yet both serve
    found = compare(corner, apply(corner, together), Question(layers=("public_toilets",)))
    checks = _roads_check.comparison_checks(found, together)[1:]
    assert [check.mark for check in checks] == ["note", "bad", "good", "good"]
    assert [check.text for check in checks] == found.sentences[-4:]


def test_what_the_self_check_says_is_not_said_twice(town) -> None:
    road = OpenRoad(shapely.LineString([toytown.at(450.0, 0.0), toytown.at(0.0, 1.0)]), Text("斜路", "Short cut"))
    found = compare(town, apply(town, [road]), Question(layers=("public_toilets",)))
    checks = _roads_check.comparison_checks(found, [road])
    left = _roads_check.without_checks(found.sentences, checks)
    assert len(left) == len(found.sentences) - 1
    assert not {check.text for check in checks} & set(left)


def test_the_page_and_the_command_line_say_the_same(cli) -> None:
    code, out, _ = cli("openings", "--layer", "public_toilets", "--json", "--lang", "en")
    assert code == 0
    told = json.loads(out)
    app = page_of("roads", "en")
    below = next(data for data in sent(app) if "tables" in data)
    assert [row["cells"][3]["text"] for row in below["tables"][0]["rows"]] == [f"{row['person_minutes_saved']:,.0f}" for row in told["result"]]
    said = " ".join(panel(app, part="top")["sentences"]).replace(chr(0xA0), " ")
    assert told["sentences"][0]["en"].removeprefix("Demonstration: ")[1:] in said


def test_files_carry_the_method_and_the_lines(district) -> None:
    question = Question(layers=("public_toilets",))
    ranking = _roads_work.ranked(district, question, lambda work: work(None))
    offer = next(offer for offer in _roads_files.ranking_offers(district, {}, ranking) if offer.formats == ("geojson",))
    assert "示意" in offer.stem
    lines = offer.frame()
    assert list(lines["opening"]) == list(ranking.rows["opening"])
    assert lines.geometry.iloc[-1].geom_type == "MultiLineString"
    assert offer.meta().method
    changes = drawn(ROAD, district).changes
    found = _roads_work.compared(district, question, changes, lambda work: work(None))
    scenario = next(offer for offer in _roads_files.scenario_offers(district, {}, found, changes) if offer.write)
    saved = json.loads(scenario.write["geojson"][1]())
    assert saved["scenario"]["method"]["zh"] == [text.zh for text in found.method]
    assert len(brought(json.dumps(saved), "a.geojson", district).entries) == 1


def test_stopped_work_stays_stopped_until_it_is_wanted_again() -> None:
    """Another question is worked out meanwhile."""
    app = AppTest.from_string(_WATCHED)
    app.session_state["roads_stopped"] = "asked"
    app.run()
    assert [button.label for button in app.button] == [GO_ON.en]
    assert not app.markdown
    app.button[0].click().run()
    assert [text.value for text in app.markdown] == ["worked out"]
    app.session_state["roads_stopped"] = "something else"
    assert [text.value for text in app.run().markdown] == ["worked out"]


_WATCHED = """
import streamlit as st
from geodata.pages._page import Visit
from geodata.pages._waiting import StoppedError, Watch
from layers import Text
watch = Watch(Visit("en", None, None, False, None), st.container(), name="roads", asked="asked", words=Text("x", "x"))
try:
    st.markdown(watch(lambda tell: tell(0.5) or "worked out"))
except StoppedError:
    watch.show_stopped()
"""


def test_every_wording_the_scripts_ask_for_is_there() -> None:
    asked: set[str] = set()
    for name in ("roads", "roads_changes", "roads_tables", "sketchpad"):
        asked |= set(re.findall(r'\bword\("(\w+)"', (ASSET_FOLDER / f"{name}.js").read_text(encoding="utf-8")))
    kinds = ("open_road", "close_street", "add_facility", "close_gate", "open_gate", "move_facility", "remove_facility")
    asked |= {"earlier_of", "remove_of", "line_back", "kept_here"} | {f"kind_{kind}" for kind in kinds} | {f"add_{kind}" for kind in kinds} | {f"view_{view}" for view in ("diff", "before", "after", "twin")}
    assert asked <= set(WORDS)


def test_only_layers_people_walk_to_are_offered() -> None:
    assert {layer["key"] for layer in asking.controls()["layers"]} == {key for key, layer in every_layer().items() if layer.serves_on_foot}
    assert len(json.loads(ROAD)[0]) == address.ENTRY
