"""The commands about changed streets, as people and scripts meet them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely

from geodata.district import District
from geodata.packs import load_district
from geodata.scenario_file import open_scenario, scenario_json
from tests.conftest import Cli

ROW = {"layer", "standard", "metres", "counted", "covered_people_before", "covered_people_after", "walk_m_before", "walk_m_after", "person_minutes_saved",
       "people_newly_covered", "capped_people", "longer_walks", "connected", "demonstration", "range", "draws", "seed"}
"""Fields a script may rely on in the rows of openings, what-if and missing-links."""


@pytest.fixture(scope="module")
def district() -> District:
    return load_district()


def feature(shape: dict[str, Any], **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": shape}


def file_of(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False), encoding="utf-8")
    return path


def gap(district: District, number: int = 0) -> dict[str, Any]:
    return json.loads(shapely.to_geojson(district.gaps.to_crs("EPSG:4326").geometry.iloc[number]))


def test_openings_as_json_holds_what_scripts_rely_on(cli: Cli) -> None:
    code, out, _ = cli("openings", "--layer", "public_toilets", "--draws", 20, "--json", "--lang", "en")
    told = json.loads(out)
    assert code == 0
    assert told["demonstration"] is True
    assert told["heading"]["zh"] == "演示"
    assert told["longer_walks"] == 0
    assert [row["opening"] for row in told["result"]][-1] == "together"
    assert all(set(row) >= ROW | {"rank", "opening", "person_minutes_saved_total", "last_added_person_minutes", "verdict"} for row in told["result"])
    assert set(told["stability"]) == {"first", "share", "draws", "stable", "worst", "trials"}
    assert {"variation", "layer", "speed_m_per_s", "draws", "first", "share"} <= set(told["stability"]["trials"][0])
    assert {w["name"]["zh"] for w in told["waiting"]} >= {"兴业路"}
    assert told["parameters"]["draws"] == 20
    ranged = {"person_minutes_saved", "person_minutes_saved_total", "people_newly_covered", "people_nearer", "capped_people", "covered_share_before", "covered_share_after", "walk_m_before", "walk_m_after"}
    assert all(set(row["range"]) >= ranged | ({"last_added_person_minutes", "last_added_people_newly_covered"} if row["rank"] else set()) for row in told["result"])
    assert set(told["streets"]) == {"before", "gap-a", "gap-b", "gap-c", "together"}


def test_openings_in_words(cli: Cli) -> None:
    code, out, _ = cli("openings", "--layer", "public_toilets", "--draws", 20, "--lang", "zh")
    assert code == 0
    assert out.startswith("演示\n")
    assert "示意断头路 B" in out
    assert out.count("每个数只取自己的 20 次抽样") == 1  # below the table, not again among the method
    assert "排序" in out


def test_what_if_opens_closes_adds_and_keeps_the_scenario(cli: Cli, district: District, tmp_path: Path) -> None:
    roads = file_of(tmp_path / "roads.geojson", feature(gap(district, 1), name_zh="新路"))
    spot = district.demand.to_crs("EPSG:4326").geometry.iloc[100]
    toilet = file_of(tmp_path / "toilet.geojson", feature({"type": "Point", "coordinates": [spot.x, spot.y]}, name_zh="新厕"))
    saved = tmp_path / "scenario.geojson"
    code, out, _ = cli("what-if", "--open", roads, "--add", f"public_toilets={toilet}", "--layer", "public_toilets,clinics", "--draws", 10, "--save", saved, "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["connected"], told["longer_walks"], told["demonstration"]) == (True, 0, True)
    assert [row["layer"] for row in told["result"]] == ["public_toilets", "clinics", "any", "all"]
    assert all(set(row) >= ROW | {"sites_counted", "sites_promised", "straight_line_share_before", "off_network_people_after"} for row in told["result"])
    whole = {row["layer"]: row["covered_people_after"] for row in told["result"]}
    assert whole["all"] <= min(whole["public_toilets"], whole["clinics"]) <= max(whole["public_toilets"], whole["clinics"]) <= whole["any"]
    assert json.loads(saved.read_text(encoding="utf-8"))["scenario"]["method"]["en"]
    assert told["result"][0]["person_minutes_saved"] > 0
    (road,) = told["connections"]
    assert all((row["length_m"], row["way_before_m"]) == (road["length_m"], road["way_before_m"]) for row in told["result"])
    assert len({row["person_minutes_saved_total"] for row in told["result"]}) == 1
    assert told["connections"][0]["ends"][0]["joined"] is True
    changes = open_scenario(saved, district).changes
    assert [type(c).__name__ for c in changes] == ["OpenRoad", "AddFacility"]
    again = json.loads(cli("what-if", "--scenario", saved, "--layer", "public_toilets,clinics", "--draws", 10, "--json")[1])
    for one, other in zip(told["result"], again["result"], strict=True):
        assert set(one) == set(other)
        for name in ("person_minutes_saved", "people_newly_covered", "covered_people_after"):
            if one["layer"] == "all" and name == "person_minutes_saved":
                assert one[name] is None  # nobody walks to the farthest of several kinds
                continue
            assert one[name] == pytest.approx(other[name], rel=1e-9)  # a micrometre, times thousands of people


def test_closing_lengthens_and_says_so(cli: Cli, district: District, tmp_path: Path) -> None:
    street = json.loads(shapely.to_geojson(district.streets.to_crs("EPSG:4326").geometry.iloc[district.network.edge_m.argmax()]))
    told = json.loads(cli("what-if", "--close", file_of(tmp_path / "close.geojson", feature(street)), "--layer", "public_toilets", "--draws", 5, "--json")[1])
    assert told["connected"] is None
    assert told["longer_walks"] == told["result"][0]["longer_walks"] > 0
    assert told["result"][0]["person_minutes_saved"] < 0
    assert f"the walk gets longer at {told['longer_walks']:,} place" in told["sentences"][0]["en"]
    assert f"有 {told['longer_walks']:,} 处步行变远" in told["sentences"][0]["zh"]


def test_a_result_file_carries_its_method_and_that_it_is_a_demonstration(cli: Cli, district: District, tmp_path: Path) -> None:
    roads, out_file = file_of(tmp_path / "roads.geojson", feature(gap(district, 1))), tmp_path / "gains.geojson"
    code, out, err = cli("what-if", "--open", roads, "--layer", "public_toilets", "--draws", 5, "--out", out_file, "--json", "--lang", "en")
    told = json.loads(out_file.read_text(encoding="utf-8"))
    assert code == 0
    said = json.loads(out)  # a file takes nothing away from what scripts are told
    assert said["files"] == [str(out_file)]
    assert set(said["result"][0]) >= ROW
    assert (said["connected"], said["longer_walks"], said["connections"][0]["verdict"]) == (True, 0, "gains")
    assert "Demonstration" in err
    assert len(told["features"]) == len(district.demand)
    assert {"demand_id", "people", "walk_before_m", "walk_after_m", "minutes_saved", "newly_covered"} <= set(told["features"][0]["properties"])
    assert any("Person-minutes" in text for text in told["metadata"]["method"])
    assert any("Demonstration" in text for text in told["metadata"]["notes"])


def test_missing_links_are_roads_that_what_if_takes(cli: Cli, tmp_path: Path) -> None:
    links = tmp_path / "links.geojson"
    told = json.loads(cli("missing-links", "--layer", "public_toilets,clinics", "--max-length", 80, "--top", 1, "--draws", 20, "--json", "--out", links)[1])
    assert [(row["rank"], row["layer"]) for row in told["result"]] == [(1, "public_toilets"), (1, "clinics")]
    assert all(set(row) >= ROW | {"rank", "length_m", "way_before_m", "person_minutes_saved_total", "low", "high", "lon", "lat"} for row in told["result"])
    assert (told["demonstration"], told["longer_walks"], told["files"]) == (True, 0, [str(links)])
    assert any("counts twice" in text["en"] for text in told["method"])
    (link,) = (one["properties"] for one in json.loads(links.read_text(encoding="utf-8"))["features"])
    assert link["person_minutes_saved"] == pytest.approx(told["result"][0]["person_minutes_saved_total"], rel=1e-6)
    assert link["walk_m_after_p50_clinics"] == pytest.approx(told["result"][1]["walk_m_after"]["p50"], rel=1e-6)
    assert {"covered_people_before_public_toilets", "people_nearer_low", "people_newly_covered_high", "connected", "longer_walks"} <= set(link)
    assert link["covered_share_before_public_toilets_low"] <= link["covered_share_before_public_toilets"] <= link["covered_share_before_public_toilets_high"]
    assert link["walk_m_after_p50_public_toilets_low"] <= link["walk_m_after_p50_public_toilets"]
    again = json.loads(cli("what-if", "--open", links, "--layer", "public_toilets", "--draws", 20, "--json")[1])
    assert again["result"][0]["range"]["person_minutes_saved_total"] == again["result"][0]["range"]["person_minutes_saved"]
    assert again["connected"] is True
    assert again["result"][0]["person_minutes_saved"] == pytest.approx(told["result"][0]["person_minutes_saved"], rel=1e-3)  # a file holds centimetres


def test_facilities_move_and_gates_open_by_files_and_two_scenarios_are_compared(cli: Cli, district: District, tmp_path: Path) -> None:
    """The columns of a file for a facility's room and id are read; against itself a scenario changes nothing."""
    spots = district.demand.to_crs("EPSG:4326").geometry
    here = file_of(tmp_path / "here.geojson", feature({"type": "Point", "coordinates": [spots.iloc[100].x, spots.iloc[100].y]}, 车位数="40", id="lot-new", 名称="新车场"))
    there = file_of(tmp_path / "there.geojson", feature({"type": "Point", "coordinates": [spots.iloc[400].x, spots.iloc[400].y]}))
    street = district.streets.to_crs("EPSG:4326").geometry.iloc[int(district.network.edge_m.argmax())].interpolate(0.4, normalized=True)
    gate = file_of(tmp_path / "gate.geojson", feature({"type": "Point", "coordinates": [street.x, street.y]}))
    site = str(district.sites.loc[district.sites["layer"] == "parking_lots", "id"].iloc[0])
    saved, ask = tmp_path / "s.geojson", ("--layer", "parking_lots", "--draws", 2, "--json")
    code, out, err = cli("what-if", "--add", f"parking_lots={here}", "--move", f"{site}={there}", "--close-gate", gate, "--open-gate", gate, "--save", saved, *ask)
    assert code == 0, err
    told = json.loads(out)
    changes = open_scenario(saved, district).changes
    assert [type(change).__name__ for change in changes] == ["CloseGate", "OpenGate", "AddFacility", "MoveFacility"]
    assert (changes[2].id, changes[2].capacity, changes[2].name.zh) == ("lot-new", 40.0, "新车场")
    (room,) = told["capacity"]
    assert room["served_people_before"] == 0
    assert room["served_people_after"] > 0
    for word in ("before", "after"):
        assert sum(room[f"{name}_people_{word}"] for name in ("served", "no_room", "too_far")) == pytest.approx(room["people"])
    same = json.loads(cli("what-if", "--scenario", saved, "--against", saved, *ask)[1])
    assert same["result"][0]["person_minutes_saved"] == 0
    assert same["capacity"][0]["served_people_difference"] == pytest.approx(0, abs=1e-6)
    two = file_of(tmp_path / "two.geojson", *(feature({"type": "Point", "coordinates": [spots.iloc[i].x, spots.iloc[i].y]}) for i in (1, 2)))
    assert "takes a file of one place" in cli("what-if", "--move", f"{site}={two}", "--layer", "parking_lots", "--lang", "en")[2]


@pytest.mark.parametrize(("kind", "coordinates", "said"), [
    ("LineString", [[112.5, 34.69]], "fewer than two different points"), ("LineString", [[112.5, 34.69], [112.5, 34.69]], "at least two different points"),
    ("LineString", [[112.50, 34.69], [112.51, 34.70], [112.51, 34.69], [112.50, 34.70]], "The line crosses itself."),
    ("LineString", [[116.3, 39.9], [116.31, 39.9]], "Not in the district"), ("LineString", [[112.5, 34.69], [112.8, 34.69]], "beyond the boundary of the district"),
    ("Point", [112.5, 34.69], "A road is a line; this is a point."),
    ("Polygon", [[[112.5, 34.69], [112.51, 34.69], [112.51, 34.7], [112.5, 34.69]]], "A road is a line; this is a polygon.")])
def test_roads_that_cannot_be_are_told_in_a_table(cli: Cli, tmp_path: Path, kind: str, coordinates: list[Any], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    roads = file_of(tmp_path / "roads.geojson", feature({"type": kind, "coordinates": coordinates}))
    got, out, err = cli("what-if", "--open", roads, "--layer", "public_toilets", "--lang", "en")
    assert got == 1
    assert out == ""
    assert "Error" in err
    assert said in err
    assert "Add coordinates" not in err  # it has some, and one hint is enough
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["roads.geojson"]  # nobody asked for a file


def test_of_several_files_the_one_at_fault_is_named_with_its_row(cli: Cli, district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    good = file_of(tmp_path / "good.geojson", feature(gap(district)))
    crossing = {"type": "LineString", "coordinates": [[112.50, 34.69], [112.51, 34.70], [112.51, 34.69], [112.50, 34.70]]}
    bad = file_of(tmp_path / "bad.geojson", feature(gap(district)), feature(crossing))
    short = file_of(tmp_path / "short.geojson", feature({"type": "LineString", "coordinates": [[112.5, 34.69]]}))
    for second, where in ((bad, "bad.geojson, row 2, geometry: The line crosses itself."), (short, "short.geojson, row 1, geometry: There is no shape")):
        code, _, err = cli("what-if", "--open", good, "--open", second, "--layer", "public_toilets", "--lang", "en")
        assert code == 1
        assert f"Scenario: 1 problem, not used. First: {where}" in err


def test_other_bad_input_is_told(cli: Cli, district: District, tmp_path: Path) -> None:
    roads = file_of(tmp_path / "roads.geojson", feature(gap(district)))
    for words, said in ((("--layer", "public_toilets"), "at least one change"), (("--open", roads, "--layer", "public_toilets", "--metres", 0), "cannot be 0"),
                        (("--open", roads, "--layer", "sewage_plants"), "Nobody walks"), (("--add", "nonsense", "--layer", "public_toilets"), "KEY=FILE"),
                        (("--remove", "nobody", "--layer", "public_toilets"), "--remove: there is no site nobody"), (("--move", f"nobody={roads}", "--layer", "public_toilets"), "--move: there is no site nobody")):
        code, _, err = cli("what-if", *words, "--lang", "en")
        assert code == 2, words
        assert said in err, words
    elsewhere = tmp_path / "elsewhere.geojson"
    elsewhere.write_text(scenario_json(replace(district, id="elsewhere"), []), encoding="utf-8")
    for words, said in ((("--scenario", roads, "--layer", "public_toilets"), "not a scenario"), (("--scenario", elsewhere, "--layer", "public_toilets"), "another district (elsewhere)"), (("--open", tmp_path / "none.geojson", "--layer", "public_toilets"), "no file")):
        code, _, err = cli("what-if", *words, "--lang", "en")
        assert code == 1, words
        assert said in err, words
    for command in ("openings", "missing-links"):
        code, out, err = cli(command, "--layer", "public_toilets", "--metres", 0, "--lang", "en")
        assert (code, out, "The standard cannot be 0 m" in err) == (2, "", True), command


def test_a_scenario_that_takes_the_place_of_another_is_named_as_such(cli: Cli, district: District, tmp_path: Path) -> None:
    words = ("what-if", "--open", file_of(tmp_path / "road.geojson", feature(gap(district))), "--layer", "public_toilets", "--draws", 2, "--save", tmp_path / "s.geojson", "--lang", "en")
    assert "replaced" not in cli(*words)[2]
    assert "s.geojson (replaced the file that was there)" in cli(*words)[2]
