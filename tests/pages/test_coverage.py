"""The coverage page: the question out of an address, the answer in words and figures, the map by one character a cell."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata import classing, numerals, packs, serving
from geodata.asking import coverage as asking
from geodata.coverage_files import flat_rows
from geodata.exports import DEMO_WORD, as_files, every_format
from geodata.pages import _answer, _coverage_files, coverage
from geodata.pages._coverage_words import WORDS
from geodata.pages._page import Visit
from geodata.question import Question
from geodata.reached import left_out_of, reach_of
from geodata.report import coverage as answer_to
from geodata.report import street_service, walk_curve, walks
from geodata.settings import Settings
from layers import every_layer
from tests import toytown
from tests.pages.visits import page_of, panel, sent

STATION = "micro_fire_stations"
FEW = 5


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture(scope="module")
def answer(district):
    return answer_to(district, Question(layers=(STATION,)))


@pytest.fixture(autouse=True)
def own_pack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))


@pytest.mark.parametrize(("asked", "question"), [
    ({}, Question(layers=(STATION,))),
    ({"layers": "public_toilets,nothing,public_toilets", "m": "500"}, Question(layers=("public_toilets",), metres=500.0)),
    ({"mode": "time", "min": "10", "speed": "0.8", "turnout": "1", "m": "300"}, Question(layers=(STATION,), minutes=10.0, speed_m_per_s=0.8, turnout_min=1.0)),
    ({"m": "-5", "counted": "<b>", "status": "done,gone", "year": "2022,x,20222", "area": "none"}, Question(layers=(STATION,), status=("done",), years=(2022,))),
    ({"m": "inf", "speed": "nan"}, Question(layers=(STATION,))),
])
def test_an_address_asks_a_question(district, asked: dict[str, str], question: Question) -> None:
    assert asking.question_of(asked, district) == question


def test_only_layers_that_serve_on_foot_are_offered_and_the_others_say_why(district) -> None:
    offer = asking.controls(district, Question(layers=(STATION,)))
    assert {layer["key"] for layer in offer["layers"]} == {key for key, layer in every_layer().items() if layer.serves_on_foot}
    assert all(other["why"]["zh"] and other["why"]["en"] for other in offer["others"])


@pytest.mark.parametrize("key", [key for key, layer in every_layer().items() if layer.serves_on_foot])
def test_every_standard_stands_with_its_source_and_stars(district, key: str) -> None:
    (told,) = asking.controls(district, Question(layers=(key,)))["standards"]
    standard = every_layer()[key].standard
    if standard is None:
        assert "没有" in told["text"]["zh"]
    else:
        assert told["source"]["en"].endswith(standard.certainty)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_answer_comes_first_and_is_a_demonstration(lang: str) -> None:
    app = page_of("coverage", lang)
    assert not app.exception
    parts = [data.get("part") for data in sent(app)]
    assert parts.index("top") < parts.index("below")
    top = panel(app, part="top")
    assert top["heading"] == {"zh": "演示", "en": "Demonstration"}[lang]
    assert len(top["sentences"]) == 1  # running and by e-bike are short readings beside it
    assert top["sentences"][0].startswith({"zh": "以步行为准：若 48 处", "en": "Walking leads: if 48"}[lang])
    assert [row["held"] for row in top["readings"]["rows"]] == ["216 m", "450 m", "750 m"]
    assert [row["lead"] for row in top["readings"]["rows"]] == [True, False, False]
    assert re.search(r"\d+\.\d–\d+\.\d\u00a0%", top["sentences"][0])
    assert top["readings"]["rows"][0]["share"] in top["sentences"][0]
    assert {"zh": "200 次随机抽样", "en": "200 random draws"}[lang] in top["sentences"][0]


@pytest.mark.parametrize(("query", "field", "said"), [
    ({"m": "50000"}, "m", "距离（m）不能是 50000：请填大于 0、不超过 20,000 的数。"), ({"m": "-5"}, "m", "不能是 -5"), ({"m": "0"}, "m", "不能是 0"),
    ({"mode": "time", "speed": "99"}, "speed", "速度（m/s）不能是 99"), ({"mode": "time", "min": "0"}, "min", "时间（分钟）不能是 0"),
    ({"mode": "time", "min": "2", "turnout": "-1"}, "turnout", "出动准备（分钟）不能是 -1：请填 0 至 60"), ({"mode": "time", "min": "2", "turnout": "3"}, "turnout", "须长于"),
])
def test_what_cannot_be_is_told_and_not_answered_otherwise(query: dict[str, str], field: str, said: str) -> None:
    app = page_of("coverage", "zh", layers="public_toilets", **query)
    assert not app.exception
    ask = next(data for data in sent(app) if "offer" in data)
    assert said in ask["refused"][field]
    assert said in app.error[0].value
    assert not [data for data in sent(app) if data.get("part") == "top"]


def test_the_answer_before_stays_where_there_is_one_and_gives_no_files() -> None:
    app = page_of("coverage", "zh", ask={"layers": "public_toilets", "m": "500"}, asked_by="coverage_asked")
    assert not app.error
    app.session_state["coverage_asked"] = {"ask": {"layers": "public_toilets", "m": "50000"}}
    app.run()
    assert "不是对现在所填数字的回答" in app.error[0].value
    assert "500" in panel(app, part="top")["sentences"][0]
    assert not [data for data in sent(app) if "formats" in data]


@pytest.mark.parametrize("query", [{}, {"m": "500"}, {"m": "450"}, {"mode": "time", "min": "10", "speed": "0.8", "turnout": "1"}])
def test_the_standard_in_use_is_told_beside_those_that_are_not(query: dict[str, str], district) -> None:
    told = asking.controls(district, asking.question_of({"layers": "public_toilets", **query}, district))["in_use"]
    expected = {(): None, ("500",): "10 分钟生活圈 500 m", ("450",): "所选距离 450 m", ("time", "10", "0.8", "1"): "(10 − 1) 分钟 × 0.8 m/s ＝ 432 m"}[tuple(query.values())]
    assert (told and told["text"]["zh"]) == expected


def test_without_an_answer_there_are_no_figures_to_read() -> None:
    app = page_of("coverage", "zh", layers="public_toilets", counted="existing")
    assert "没有覆盖结果" in panel(app, part="top")["sentences"][0]
    side, below = panel(app, part="side"), panel(app, part="below")
    assert (side["legend"]["classes"], side["curve"], below["beside"], below["unserved_title"]) == ([], [], None, "")
    assert "没有结果" in side["legend"]["note"]
    cells = next(data for data in sent(app) if "map" in data)["patches"]["cells"]
    assert {ord(letter) - 48 for letter in cells["values"]} == {len(cells["palette"]) - 1}


def test_the_map_says_which_draw_it_shows() -> None:
    picture = next(data for data in sent(page_of("coverage", "zh")) if "map" in data)
    assert picture["watermark"]
    assert picture["badge"]["head"] == "演示"
    assert "第 1 次" in picture["badge"]["text"]
    assert "OpenStreetMap" in picture["attribution"]


def test_the_legend_tells_one_draw_from_the_range(district, answer) -> None:
    side = panel(page_of("coverage", "en"), part="side")["legend"]
    row = answer.rows.iloc[0]
    found = walks(district, Question(layers=(STATION,)))
    own = found.loc[found["walk_m"] <= row["metres"] + 1e-6, "people"].sum() / found["people"].sum()
    low, high = row["range"]["covered_share"]
    assert f"draw 1 of {row['draws']} alone: {numerals.share(own)} within" in side["draw"]
    assert ("outside" in side["draw"]) == (not low <= own <= high)
    assert f"{100 * low:.1f}–{100 * high:.1f}\u00a0%" in side["draw"]


@pytest.mark.parametrize(("query", "asks"), [({}, "及时赶到"), ({"m": "450"}, "沿街 450 m 内"), ({"m": "800"}, "沿街 800 m 内"), ({"mode": "time"}, "及时赶到")])
def test_a_distance_is_not_asked_for_as_a_time(query: dict[str, str], asks: str) -> None:
    assert asks in panel(page_of("coverage", "zh", **query), part="top")["question"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_several_layers_are_one_sentence_and_a_reading_each(lang: str) -> None:
    top = panel(page_of("coverage", lang, layers="public_toilets,clinics,micro_fire_stations"), part="top")
    assert len(top["sentences"]) == 1
    assert len(top["readings"]["rows"]) == 6  # toilets, clinics, three paces, any; the sentence says all
    assert not any(row["lead"] for row in top["readings"]["rows"])
    said = "".join(top["sentences"])
    assert not said.startswith(("演示", "Demonstration"))  # the heading says it
    assert {"zh": "全部达标", "en": "have all of"}[lang] in said


def test_streets_within_reach_of_demo_sites_come_as_a_range(answer, district) -> None:
    streets = street_service(district, Question(layers=(STATION,)))
    table = _answer.side_table(answer, streets, "en")
    assert "demonstration" in table["columns"][3]["name"]
    for cells, row in zip(table["rows"], streets.to_dict("records"), strict=True):
        assert row["range"]["served_m"][0] < row["served_m"] < row["range"]["served_m"][1]
        assert "demo sites: 48" in cells[1]["range"]
        assert "–" in cells[3]["range"]
    assert "200" in panel(page_of("coverage", "en"), part="below")["beside_note"]


def test_another_standard_sends_classes_and_no_shapes() -> None:
    maps = [next(data for data in sent(page_of("coverage", "zh", **query)) if "map" in data) for query in ({}, {"m": "500"})]
    assert maps[0]["map"] == maps[1]["map"]
    assert maps[0]["patches"]["sites"] == maps[1]["patches"]["sites"]
    assert maps[0]["patches"]["cells"]["values"] != maps[1]["patches"]["cells"]["values"]
    assert "url" not in maps[1]["patches"]["cells"]
    assert len(json.dumps(maps[1]["patches"])) < 20_000


def test_people_served_is_not_said_of_a_demonstration(answer) -> None:
    assert answer.demonstration
    heads = [column["name"] for lang in ("zh", "en") for column in _answer.rows_table(answer, lang)["columns"]]
    assert not any(name in {"服务人口", "People served"} for name in heads)
    served = replace(answer, demonstration=False)
    assert "People served" in [column["name"] for column in _answer.rows_table(served, "en")["columns"]]


def test_the_table_says_what_the_rows_hold(answer) -> None:
    table = _answer.rows_table(answer, "en")
    assert len(table["rows"]) == len(answer.rows) == 3
    for cells, row in zip(table["rows"], answer.rows.to_dict("records"), strict=True):
        assert len(cells) == len(table["columns"])
        assert cells[3]["text"] == "0 / 48"
        assert cells[5]["text"] == f"{100 * row['covered_share']:.1f}\u00a0%"
        assert cells[5]["range"] == f"{100 * row['range']['covered_share'][0]:.1f}–{100 * row['range']['covered_share'][1]:.1f}\u00a0%"


def test_classes_hold_every_person_once(district) -> None:
    found = walks(district, Question(layers=(STATION,)))
    held = classing.classed(found, list(district.demand["demand_id"]), 216.0)
    assert sum(held.people) == pytest.approx(district.demand["people"].sum())
    assert sum(held.points) == len(held.values) == len(district.demand)
    assert max(ord(letter) - 48 for letter in held.values) < len(classing.palette())
    within = found.loc[found["walk_m"] <= 216.0 + 1e-6, "people"].sum()
    assert held.people[0] + held.people[1] == pytest.approx(within)


def test_points_outside_the_asked_area_are_left_faint(district) -> None:
    found = walks(district, Question(layers=(STATION,)))
    held = classing.classed(found.iloc[FEW:], list(district.demand["demand_id"]), 216.0)
    faint = len(classing.palette()) - 1
    assert [ord(letter) - 48 for letter in held.values[:FEW]] == [faint] * FEW
    assert faint not in {ord(letter) - 48 for letter in held.values[FEW:]}


def test_areas_give_rows_and_a_choice(district) -> None:
    box = shapely.box(*district.boundary.total_bounds)
    areas = gpd.GeoDataFrame({"area_id": ["a1"], "name_zh": ["甲"], "name_en": ["A"]}, geometry=[box], crs=district.metric_crs)
    with_areas = replace(district, areas=areas, stamp="with areas")
    found = answer_to(with_areas, Question(layers=(STATION,), draws=FEW))
    table = _answer.by_area_table(found, "zh")
    assert table is not None
    assert {cells[0]["text"] for cells in table["rows"]} == {"甲"}
    assert asking.question_of({"area": "a1"}, with_areas).area == "a1"


def test_unserved_points_are_the_report_s(answer, district) -> None:
    mine = answer.unserved[answer.unserved["layer"] == STATION]
    table = _answer.unserved_table(answer, left_out_of(answer, reach_of(district, answer.question, STATION)), "zh")
    assert table["points"] == f"{len(mine):,}"
    assert table["people"] == f"{mine['people'].sum():,.0f}"
    people = [int(cells[3]["text"].replace(",", "")) for cells in table["rows"]]
    assert people == sorted(people, reverse=True)
    where = district.demand.set_index("demand_id").to_crs(4326).geometry
    assert [place["id"] for place in table["places"]] == [cells[0]["text"] for cells in table["rows"]]
    for place in table["places"]:
        assert where[place["id"]].distance(shapely.Point(place["lon"], place["lat"])) < 1e-5
        assert place["text"].startswith(f"{place['id']} · 示意人口 ")


def test_the_curve_rises_and_marks_the_standards(district, answer) -> None:
    (line,) = _answer.curve(walk_curve(district, Question(layers=(STATION,))), answer)
    assert line["marks"] == [216.0, 450.0, 750.0]
    assert line["share"] == sorted(line["share"])
    assert all(low <= middle <= high for low, middle, high in zip(line["low"], line["share"], line["high"], strict=True))


@pytest.mark.parametrize("ticked", [False, True])
def test_downloads_hold_demo_sites_only_when_ticked_and_name_them(district, ticked: bool) -> None:
    visit = Visit("zh", Settings(), district, True, lambda key: None)
    rows, found_walks, areas = _coverage_files.offers(visit, Question(layers=(STATION,), draws=FEW))(ticked)
    assert all(DEMO_WORD in offer.stem for offer in (rows, found_walks, areas))  # the ground is a sketch either way
    flat = rows.frame()
    assert list(flat["covered_people"] > 0) == [ticked] * 3
    table = found_walks.frame()
    assert table["reachable"].any() == ticked
    (content,) = as_files(rows.frame(), rows.stem, every_format()["csv"], meta=rows.meta(), lang="zh").values()
    first = next(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert first["file_data_hash"] == district.stamp
    told = json.loads(rows.write["json"][1]())
    assert told["demonstration"] is True
    assert len(told["result"]) == 3


def test_flat_rows_lose_nothing(answer) -> None:
    flat = flat_rows(answer).iloc[0]
    row = answer.rows.iloc[0]
    assert flat["walk_p50_m"] == row["walk_m"]["p50"]
    assert [flat["covered_share_p5"], flat["covered_share_p95"]] == row["range"]["covered_share"]


def test_a_layer_without_coverage_says_why() -> None:
    app = page_of("coverage", "zh", layers="interchanges")
    assert not app.exception
    assert "没有步行覆盖" in panel(app, part="top")["sentences"][0]


def test_every_word_of_the_scripts_is_there() -> None:
    scripts = [(serving.ASSET_FOLDER / name).read_text(encoding="utf-8") for name in ("coverage.js", "answer.js")]
    asked = {name for script in scripts for name in re.findall(r'this\.(?:word|part)\("(\w+)"', script)}
    assert asked
    assert asked <= set(WORDS)
    assert coverage.PAGE.title is WORDS["title"]


@pytest.mark.parametrize(("unit", "head", "word"), [("people", "People served", "人口"), ("buildings", "Demand within", "建筑"), ("street_metres", "Demand within", "沿街需求")])
def test_real_ground_is_named_for_what_it_counts(unit: str, head: str, word: str) -> None:
    points = [toytown.at(x, 10.0) for x in (50.0, 150.0, 450.0)]
    town = toytown.district(toytown.people(points), [toytown.site("public_toilets", 1, toytown.at(0.0, 0.0))], ledger=[toytown.commitment("public_toilets", 1.0)], demand_unit=unit)
    found = answer_to(town, Question(layers=("public_toilets",), metres=200.0))
    assert not found.demonstration
    table = _answer.rows_table(found, "en")
    assert table["columns"][4]["name"] == head
    assert [table["rows"][0][place]["text"] for place in (3, 4, 5)] == ["1 / 1", "2", "66.7\u00a0%"]
    assert "range" not in table["rows"][0][5]
    assert word in _answer.access_line(town, found).zh
