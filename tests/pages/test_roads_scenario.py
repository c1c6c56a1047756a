"""A scenario on the page of road openings: in the address, out of files, held against another, and asked by the command shown."""

import json
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from geodata import classing, packs
from geodata.asking import drawn as address
from geodata.asking import roads as asking
from geodata.asking.drawn import brought, drawn
from geodata.changes import AddFacility, OpenRoad
from geodata.errors import BadInput
from geodata.pages import _roads_files, _roads_work
from geodata.pages._roads_gainers import MOST_POINTS
from geodata.pages._roads_words import WORDS
from geodata.question import Question
from geodata.scenario_file import scenario_json
from layers import Text
from tests.pages.visits import page_of, panel, sent

ROAD = '[["open_road","LineString",[[112.48,34.70],[112.481,34.701]],{"name_zh":"甲路","name_en":"Road A"}]]'
CROSSED = '[["open_road","LineString",[[112.48,34.70],[112.49,34.71],[112.49,34.70],[112.48,34.71]],{}]]'


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture(autouse=True)
def own_pack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))


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
    entries = brought(scenario_json(district, changes), "a.geojson", district).entries
    again = drawn(json.dumps(entries), district)
    assert not again.refused
    assert [type(change) for change in again.changes] == [OpenRoad, AddFacility]
    assert shapely.equals_exact(again.changes[0].line, first[0].line, tolerance=1e-6)
    assert again.changes[1].name == Text("乙", "B")


def test_lines_of_any_file_become_roads(district) -> None:
    """Names are read under the headings the command line reads; a bare feature or geometry is a file too; what is no line is counted."""
    two = {"type": "MultiLineString", "coordinates": [[[112.48, 34.7], [112.481, 34.7]], [[112.48, 34.71], [112.481, 34.71]]]}
    named = {"type": "Feature", "geometry": two, "properties": {"道路名称": "丙路", "within_m": 8}}
    dot = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [112.48, 34.7]}, "properties": {}}
    found = brought("\ufeff" + json.dumps({"type": "FeatureCollection", "features": [named, dot]}), "b.json", district)
    assert [entry[:2] for entry in found.entries] == [["open_road", "LineString"]] * 2
    assert found.entries[0][3] == {"name_zh": "丙路 1", "name_en": "丙路 1", "within_m": 8.0}
    assert ["1" in note.en for note in found.notes] == [True]
    for bare in (named, two):
        assert len(brought(json.dumps(bare), "c.geojson", district).entries) == 2


def test_a_road_that_a_file_holds_twice_is_added_once(district) -> None:
    """As in the file of a ranking: a row a kind of facility, and all of them together once more."""
    one, other = [[112.48, 34.7], [112.481, 34.7]], [[112.48, 34.701], [112.481, 34.701]]
    features = [{"type": "Feature", "properties": {"name_zh": name}, "geometry": {"type": kind, "coordinates": at}}
                for name, kind, at in (("甲", "LineString", one), ("乙", "LineString", other), ("甲", "LineString", one), ("全部", "MultiLineString", [one, other]))]
    found = brought(json.dumps({"type": "FeatureCollection", "features": features}), "g.geojson", district)
    assert [(entry[2], entry[3]["name_zh"]) for entry in found.entries] == [(one, "甲"), (other, "乙")]
    assert ([note.en for note in found.notes], found.wrong) == (["Lines that the file holds more than once, added once: 3."], False)


def test_files_that_hold_no_road_say_so(district) -> None:
    other = scenario_json(replace(district, id="elsewhere"), ())
    dot = json.dumps({"type": "Point", "coordinates": [112.48, 34.7]})
    for content, words in (("no json", "不是 GeoJSON"), ("[1]", "不是 GeoJSON"), (dot, "没有线"), (other, "另一个地区")):
        with pytest.raises(BadInput) as told:
            brought(content, "c.geojson", district)
        assert words in told.value.say("zh")


def test_more_changes_than_are_worked_out_are_refused_and_none_is_lost(district) -> None:
    many = json.dumps(json.loads(ROAD) * (address.MOST_CHANGES + 1))
    held = drawn(many, district)
    assert ([problem.code for problem in held.problems], held.changes, held.refused) == (["too_many"], (), True)
    lines = {"type": "MultiLineString", "coordinates": [[[112.48, 34.7], [112.481, 34.7 + n / 1e5]] for n in range(address.MOST_CHANGES)]}
    assert len(brought(json.dumps(lines), "d.geojson", district).entries) == address.count_of(many) - 1
    with pytest.raises(BadInput, match="none was added"):
        brought(json.dumps(lines), "d.geojson", district, already=1)


def test_a_scenario_saved_on_other_data_says_so_on_the_page(district) -> None:
    saved = scenario_json(replace(district, stamp="another"), drawn(ROAD, district).changes, name=Text("甲案", "Plan A"))
    found = brought(saved, "e.geojson", district)
    assert "数据在保存之后有变化" in found.notes[0].zh
    assert (found.name, len(found.entries)) == (Text("甲案", "Plan A"), 1)
    assert brought(scenario_json(district, ()), "f.geojson", district).notes == ()


@pytest.mark.parametrize(("wrong", "found"), [
    ([["open_road", "LineString", [[112.48, 34.70]], {}]], "fewer than two different points"),
    (json.loads(CROSSED), "crosses itself"),
    ([["open_road", "LineString", [[2.0, 48.0], [2.01, 48.0]], {}]], "Not in the district"),
])
def test_what_is_drawn_is_kept_while_it_is_wrong(wrong: list[object], found: str) -> None:
    """The good road beside it is kept too, and the finding stands at the wrong one."""
    text = json.dumps([*json.loads(ROAD), *wrong])
    app = page_of("roads", "en", part="try", s=text)
    assert not app.exception
    ask = next(data for data in sent(app) if "problems" in data)
    assert ask["asked"]["s"] == text
    errors = [problem for problem in ask["problems"] if problem["level"] == "error"]
    assert [problem["row"] for problem in errors] == [2]
    assert found in errors[0]["text"]
    first, reason = panel(app, part="top")["sentences"]
    assert first.startswith("To be put right before anything is worked out: 1.")
    assert reason.startswith("Change 2: ")
    assert found in reason


def test_a_change_after_one_that_cannot_be_read_keeps_its_number(district) -> None:
    held = drawn(json.dumps([["fly", None, None, {}], *json.loads(CROSSED)]), district)
    assert [(problem.row, problem.code) for problem in held.problems if problem.level == "error"] == [(1, "not_a_change"), (2, "self_crossing")]


def test_two_scenarios_are_compared(district) -> None:
    (home,) = _roads_work.degrees(district, district.demand.geometry.iloc[len(district.demand) // 2])
    other = json.dumps([["add_facility", "Point", home, {"layer": "public_toilets"}]])
    app = page_of("roads", "zh", part="try", s=ROAD, b=other, view="twin")
    assert not app.exception
    top = panel(app, part="top")
    assert top["question"] == WORDS["ask_two"].zh
    assert "多走" in top["sentences"][0]
    assert top["checks"][0]["mark"] == "note"  # walks got longer: the toilet is only in the other scenario
    assert [caption.value for caption in app.caption][:2] == ["**对照情景**", "**本情景**"]


def test_a_scenario_compared_with_itself_changes_nothing(district) -> None:
    changes = drawn(ROAD, district).changes
    found = _roads_work.compared(district, Question(layers=("public_toilets",)), changes, lambda work: work(None), against=changes)
    assert (found.rows["person_minutes_saved"] == 0).all()
    assert (found.gains["difference_m"].dropna() == 0).all()


def test_sites_to_move_or_remove_are_those_of_the_layer(district) -> None:
    offered = asking.sites_offered(district, "public_toilets")
    assert len(offered) == int((district.sites["layer"] == "public_toilets").sum())
    moved = json.dumps([["move_facility", "Point", [112.475, 34.72], {"site": offered[0]["id"]}], ["remove_facility", None, None, {"site": offered[1]["id"]}]])
    app = page_of("roads", "en", part="try", s=moved)
    assert not app.exception
    side = panel(app, part="side")
    assert f"demo sites: {len(offered) - 2}" in side["legend"]["sites"][-1]["text"]


ASKED = ({"part": "try", "s": ROAD}, {"part": "try", "s": ROAD, "layers": "public_toilets,clinics", "m": "500", "speed": "1"},
         {"part": "try", "s": ROAD, "b": "TOILET"}, {"part": "links", "len": "60", "top": "3"})


@pytest.mark.parametrize("asked", ASKED, ids=["one", "several layers", "two scenarios", "links"])
def test_the_command_shown_gives_the_numbers_of_the_page(cli, district, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str]) -> None:
    (home,) = _roads_work.degrees(district, district.demand.geometry.iloc[len(district.demand) // 2])
    other = json.dumps([["add_facility", "Point", home, {"layer": "public_toilets"}]])
    asked = {name: other if value == "TOILET" else value for name, value in asked.items()}
    app = page_of("roads", "en", **asked)
    assert not app.exception
    below = next(data for data in sent(app) if "tables" in data)
    monkeypatch.chdir(tmp_path)
    for name, file in zip(("s", "b"), asking.FILES, strict=True):
        if name in asked:
            Path(file).write_text(scenario_json(district, drawn(asked[name], district).changes), encoding="utf-8")
    code, out, err = cli(*shlex.split(below["command"])[3:], "--json")
    assert code == 0, err
    told = json.loads(out)
    links = asked["part"] == "links"
    shown = [row["cells"][1 if links else 4] for row in below["tables"][0]["rows"]]
    assert len(shown) == len(told["result"])
    for cell, row in zip(shown, told["result"], strict=True):
        saved = row["person_minutes_saved"]
        assert cell["text"] == ("—" if saved is None else f"{saved:,.0f}".replace("-", "−"))
        ends = (row["low"], row["high"]) if links else (row["range"] or {}).get("person_minutes_saved")
        if ends and round(ends[0]) != round(ends[1]):
            assert all(f"{end:,.0f}".replace("-", "−") in cell["range"] for end in ends)
    if links:
        return
    said = " ".join(panel(app, part="top")["sentences"]).replace(chr(0xA0), " ")
    assert told["sentences"][0]["en"].removeprefix("Demonstration: ")[1:].replace(chr(0xA0), " ") in said
    points = next(table for table in below["tables"] if table["key"] == "points")
    assert points["rows"][0]["place"]["id"] == points["rows"][0]["cells"][0]["text"]
    assert len(points["rows"]) <= MOST_POINTS


def test_two_scenarios_are_called_by_their_names_everywhere(district) -> None:
    """Map, tables and files speak of the other scenario and this one, never of before and after."""
    bare = json.dumps([["open_road", "LineString", [[112.4807, 34.701], [112.483, 34.7012]], {}]])
    app = page_of("roads", "en", part="try", s=ROAD, b=bare, name="Plan A")
    legend = panel(app, part="side")["legend"]
    assert "this scenario against the other" in legend["title"]
    picture = next(data for data in sent(app) if "map" in data)
    below = next(data for data in sent(app) if "tables" in data)
    heads = " ".join(column["name"] for column in below["tables"][0]["columns"])
    assert "before" not in heads
    held, here = drawn(bare, district).changes, drawn(ROAD, district).changes
    found = _roads_work.compared(district, Question(layers=("public_toilets",)), here, lambda work: work(None), against=held)
    assert picture["patches"]["cells"]["values"] == classing.differences(found.gains, list(district.demand["demand_id"])).values
    assert (found.gains["difference_m"] != 0).any()
    offers = _roads_files.scenario_offers(district, {"name": "Plan A"}, found, here, held)
    assert [offer.stem for offer in offers][:2] == ["scenario", "scenario-against"]
    assert all("two-scenarios" in offer.stem for offer in offers[2:])
    assert json.loads(offers[0].write["geojson"][1]())["scenario"]["name"]["zh"] == "Plan A"
    assert len(json.loads(offers[1].write["geojson"][1]())["features"]) == 1
    assert "Plan A" in offers[2].meta().title.en
