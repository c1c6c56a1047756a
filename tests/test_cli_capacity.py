"""The command `capacity` and the page: the same split on real streets where stalls are known."""

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.pages.visits import page_of, panel, sent
from tests.realtown import real_pack


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_pack(tmp_path_factory.mktemp("town"))


def test_the_split_is_one_document_and_the_page_says_the_same(town: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(town))
    code, told, _ = cli("capacity", "--layer", "parking_lots", "--metres", 500, "--per", 6, "--json")
    document = json.loads(told)
    result = document["result"]
    assert code == 0
    assert result["served_people"] + result["no_room_people"] + result["too_far_people"] == pytest.approx(result["people"])
    assert min(result["served_people"], result["no_room_people"], result["too_far_people"]) > 0
    assert result["served_people"] == pytest.approx(sum(row["assigned_people"] for row in result["sites"]))
    assert result["served_people"] <= 80 * 6 + 1e-6
    assert (len(result["sites"]), len(result["unknown"]), document["demonstration"]) == (2, 1, False)
    shown = panel(page_of("coverage", layers="parking_lots", m="500", per="6"), heading="", command="python -m geodata capacity --layer parking_lots --metres 500 --per 6")
    assert shown["sentence"] == document["sentences"][0]["zh"]
    assert [part["people"] for part in shown["parts"]] == [f"{result[f'{name}_people']:,.0f}" for name in ("served", "no_room", "too_far")]
    assert [row[0] for row in shown["sites"]["rows"]] == ["甲停车场", "乙停车场"]


def test_it_is_told_in_words_and_written_to_a_file(town: Path, cli: Cli, tmp_path: Path) -> None:
    code, told, _ = cli("capacity", "--pack", town, "--layer", "parking_lots", "--lang", "en")
    assert code == 0
    assert "all people shared evenly" in told.splitlines()[0]
    assert "Too far" not in told
    assert cli("capacity", "--pack", town, "--layer", "parking_lots", "--out", tmp_path / "room.geojson")[0] == 0
    features = json.loads((tmp_path / "room.geojson").read_text(encoding="utf-8"))["features"]
    assert {"people", "served", "no_room", "too_far", "e2sfca"} <= set(features[0]["properties"])


@pytest.mark.parametrize(("wrong", "code"), [(["--per", "0"], 2), (["--metres", "0"], 2), (["--layer", "industrial_parks"], 2), (["--layer", "public_toilets", "--out", "x.csv"], 1)])
def test_what_cannot_be_asked_ends_with_a_message(wrong: list[str], code: int, town: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    found, told, problem = cli("capacity", "--pack", town, "--layer", "parking_lots", *wrong, "--lang", "en")
    assert (found, told) == (code, "")
    assert problem
    assert not list(tmp_path.iterdir())


def test_where_no_capacity_is_known_the_answer_is_what_to_bring(cli: Cli) -> None:
    """As it comes: no car park of the district that ships has a position, let alone a number of stalls."""
    code, told, _ = cli("capacity", "--layer", "parking_lots", "--metres", 500, "--json")
    document = json.loads(told)
    assert (code, document["result"]["served_people"], document["result"]["unknown"], document["result"]["sites"]) == (0, None, [], [])
    assert "“容量”列" in document["sentences"][0]["zh"]
    assert cli("capacity", "--layer", "parking_lots", "--lang", "en")[1].strip() == document["sentences"][0]["en"]


def test_a_wrong_number_on_the_page_is_named_and_where_nothing_is_known_nothing_stands(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(town))
    app = page_of("coverage", layers="parking_lots", m="500", per="-1")
    assert next(data for data in sent(app) if "even" in data)["wrong"] == "“每个车位服务”不能是 -1，请给大于 0 的数。"
    assert not [data for data in sent(page_of("coverage", layers="public_toilets", m="500")) if "even" in data]
    sites = town / "sites.geojson"
    kept = sites.read_text(encoding="utf-8")
    try:
        sites.write_text(re.sub(r'"capacity": [\d.]+', '"capacity": null', kept), encoding="utf-8")
        captions = [element.value for element in page_of("coverage", layers="parking_lots", m="500").caption]
    finally:
        sites.write_text(kept, encoding="utf-8")
    assert [text for text in captions if "填写每处的车位数" in text]
