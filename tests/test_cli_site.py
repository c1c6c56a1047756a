"""The command `site` on the embedded sketch: a rehearsal, with names that last."""

import json
from pathlib import Path

import pytest

from tests.conftest import Cli

FIELDS = {"objective", "bound", "gap", "status", "seconds", "solver", "sites", "uncoverable_people", "demonstration"}


def test_one_document_with_everything_and_a_file_of_proposals(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "proposals.geojson"
    code, told, _ = cli("site", "--layer", "public_toilets", "--model", "mclp", "--number", 10, "--metres", 300, "--seconds", 30,
                        "--candidates", "grid:300", "--json", "--out", out)
    document = json.loads(told)
    result = document["result"]
    assert code == 0
    assert set(result) >= FIELDS
    assert document["demonstration"] is result["demonstration"] is True
    assert result["objective"] == result["covered_people"] <= result["bound"]
    assert len(result["sites"]) == 10
    assert sum(row["added_people"] for row in result["sites"]) == result["objective"] - result["covered_people_before"]
    written = json.loads(out.read_text(encoding="utf-8"))
    assert "演示" in written["metadata"]["title"] or "Demonstration" in written["metadata"]["title"]
    assert {f["properties"]["location_class"] for f in written["features"]} == {"proposed"}
    assert all(f["properties"]["demonstration"] is True for f in written["features"])
    assert document["files"] == [str(out)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_told_in_words(lang: str, cli: Cli) -> None:
    code, told, _ = cli("site", "--layer", "micro_fire_stations", "--number", 5, "--candidates", "grid:400", "--lang", lang)
    assert code == 0
    assert told.startswith({"zh": "演示：", "en": "Demonstration: "}[lang])
    assert "HiGHS" in told
    for mode in {"zh": ("步行", "跑步", "骑电动自行车"), "en": ("on foot", "running", "by e-bike")}[lang]:
        assert mode in told


def test_candidates_come_from_a_file_and_wishes_have_their_price(cli: Cli, tmp_path: Path) -> None:
    where = tmp_path / "places.csv"
    where.write_text("id,lon,lat\na,112.4888,34.6856\nb,112.4905,34.6922\n\"c,1\",112.5100,34.7100\nfar,113.9,34.0\nnowhere,,\n", encoding="utf-8")
    args = ("site", "--layer", "public_toilets", "--number", 1, "--candidates", where, "--datum", "wgs84", "--force", "c%2C1", "--alternatives", "--curve")
    code, told, _ = cli(*args, "--json")
    result = json.loads(told)["result"]
    assert code == 0
    assert [row["candidate"] for row in result["sites"]] == ["c,1"]
    assert result["wishes"]["cost"] == result["wishes"]["free_objective"] - result["objective"]
    assert [row["number"] for row in result["curve"]] == [1]
    assert [(row["standing"], row["replaced_by"]) for row in result["alternatives"]["sites"]] == [("in every optimum", [])]
    assert [note["zh"] for note in result["notes"]] == ["候选点文件中有 1 行没有位置，未采用。", "候选点文件中有 1 处在本区之外（far），未采用。"]
    code, told, aside = cli(*args, "--lang", "en")
    assert code == 0
    assert "There is no position." in aside
    for words in ("Places of the file of candidates outside the district, left out: 1 (far).", "What these wishes cost: ", "Site 1 adds ", "Sites  Covered  Adds", "Candidate  In the optima", "every optimum"):
        assert words in told


def test_what_is_not_proven_says_so_and_compares_nothing(cli: Cli) -> None:
    code, told, _ = cli("site", "--layer", "micro_fire_stations", "--model", "p-median", "--number", 30, "--candidates", "grid:300", "--seconds", 0.1, "--alternatives")
    assert code == 0
    assert "（未证明最优，最多还可少 " in told.splitlines()[0]
    assert "到时限，最优性未证明：目标值 " in told
    assert "不比较同样好的方案" in told


def test_an_infeasible_question_names_and_writes_the_places(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "left.geojson"
    args = ("site", "--layer", "public_toilets", "--model", "lscp", "--number", 2, "--candidates", "grid:600", "--metres", 500)
    code, told, _ = cli(*args, "--out", out)
    assert code == 0
    assert "无解" in told.splitlines()[0]
    assert "须各设一处的地方（3 处）：" in told
    rows = [feature["properties"] for feature in json.loads(out.read_text(encoding="utf-8"))["features"]]
    assert [row["reason"] for row in rows].count("apart") == 3
    assert any(row["reason"] == "too_few_sites" for row in rows)


def test_piles_are_told_for_every_site(cli: Cli) -> None:
    code, told, _ = cli("site", "--layer", "charging_sites", "--number", 4, "--each", 25, "--metres", 500, "--candidates", "grid:600")
    assert code == 0
    assert "每处 25 个桩，4 处共 100 个桩。" in told
    assert "每处（个桩）" in told


def test_a_curve_of_another_model_is_refused_before_anything_is_solved(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geodata.siting.site", None)
    code, _, told = cli("site", "--layer", "public_toilets", "--model", "p-centre", "--number", 3, "--curve")
    assert code != 0
    assert "mclp" in told


@pytest.mark.parametrize("wrong", [
    ["--layer", "public_toilets"], ["--layer", "nothing", "--number", "1"], ["--layer", "public_toilets", "--number", "1", "--metres", "0"],
    ["--layer", "public_toilets", "--number", "99999"], ["--layer", "charging_sites", "--number", "200"],
    ["--layer", "public_toilets", "--number", "1", "--candidates", "no such file.csv"], ["--layer", "road_openings", "--number", "1"],
])
def test_what_cannot_be_asked_ends_with_a_message(wrong: list[str], cli: Cli) -> None:
    code, out, err = cli("site", *wrong, "--lang", "en")
    assert code != 0
    assert not out
    assert "Error" in err


def test_an_infeasible_question_is_answered(cli: Cli) -> None:
    code, told, _ = cli("site", "--layer", "public_toilets", "--model", "lscp", "--number", 2, "--candidates", "grid:300", "--json")
    result = json.loads(told)["result"]
    assert code == 0
    assert result["status"] == "infeasible"
    assert result["objective"] is None
    assert result["unmet"]
