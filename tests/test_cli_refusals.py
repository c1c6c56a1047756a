"""What the command line refuses, and with which exit code: 2 where the command must change, 1 where data or files must."""

import re
from pathlib import Path

import pytest

from tests.conftest import Cli

CHINESE = re.compile(r"[\u4e00-\u9fff]")
HERE = str(Path(__file__))
"""A file that is there and of no kind anyone brings."""


@pytest.mark.parametrize(("arguments", "code"), [
    (["layers"], 0), (["ledger"], 0), ([], 2), (["nonsense"], 2), (["layers", "--nonsense"], 2), (["layers", "--lang", "fr"], 2), (["coverage"], 2),
    (["coverage", "--layer", "public_toilet"], 2), (["coverage", "--layer", "public_toilets", "--metres", "300", "--minutes", "3"], 2),
    (["coverage", "--layer", "public_toilets", "--metres", "far"], 2), (["coverage", "--layer", "public_toilets", "--metres", "-1"], 2),
    (["coverage", "--layer", "public_toilets", "--speed", "1"], 2), (["coverage", "--layer", "public_toilets", "--metres"], 2),
    (["coverage", "--layer", "public_toilets", "--counted", "progamme"], 2),
    (["export", "--out", "x.kml"], 2), (["export", "--format", "shp", "--out", "x.csv"], 2), (["export", "--format", "csv", "--out", "x.gpkg"], 2),
    (["export", "--layer", "clinics", "--location-class", "stand_in", "--out", "x.csv"], 2), (["export", "--crs", "3857", "--out", "x.csv"], 2),
    (["export", "--status", "planed", "--out", "x.csv"], 2), (["walks", "--layer", "clinics", "--out", "x.xlsx"], 2),
    (["areas", "--layer", "clinics", "--metres", "300,x", "--out", "x.geojson"], 2), (["areas", "--layer", "clinics", "--metres", "0", "--out", "x.geojson"], 2),
    (["coverage", "--layer", "clinics", "--metres", "0"], 2), (["report", "--layer", "clinics", "--metres", "0", "--out", "x"], 2),
    (["layers", "--pack", "no such folder"], 1), (["pack", "--out", "x", "--sites", "nonsense"], 2), (["pack", "--out", "x", "--sites", "toilets=f.csv"], 2),
    (["pack", "--out", "x", "--osm", "no such file.osm.pbf"], 1), (["pack", "--out", "x", "--sites", "public_toilets=no such.csv"], 1),
    (["serve", "--host", "no.such.host.invalid"], 1), (["serve", "--port", "99999"], 2),
    (["coverage", "--layer", "public_toilets", "--minutes", "1", "--turnout", "2"], 2), (["coverage", "--layer", "public_toilets", "--metres", "nan"], 2),
    (["coverage", "--layer", ","], 2), (["coverage", "--layer", "public_toilets", "--area", "nowhere"], 2), (["export", "--group", "livelihood_11", "--out", "x.csv"], 2),
    (["site", "--layer", "public_toilets", "--model", "mclp"], 2), (["site", "--layer", "interchanges", "--number", "3"], 2),
    (["site", "--layer", "public_toilets", "--number", "50000"], 2), (["site", "--layer", "public_toilets", "--number", "3", "--move", "x~100~20"], 2),
    (["site", "--layer", "charging_sites", "--number", "30", "--each", "25"], 2), (["site", "--layer", "charging_sites", "--number", "3"], 2),
    (["capacity", "--layer", "parking_lots", "--per", "0"], 2), (["capacity", "--layer", "industrial_parks"], 2), (["site", "--layer", "public_toilets", "--number", "3", "--out", "x.kml"], 2),
    (["what-if", "--layer", "public_toilets"], 2), (["what-if", "--layer", "public_toilets", "--add", "toilet.geojson"], 2),
    (["what-if", "--layer", "public_toilets", "--open", HERE, "--datum", "mars"], 2), (["missing-links", "--layer", "public_toilets", "--max-length", "99999"], 2),
    (["pack", "--out", "x", "--sites", "public_toilets=toilets.docx"], 2), (["pack", "--out", "x", "--sites", f"public_toilets={HERE}"], 2),
    (["pack", "--out", "x", "--sites", "public_toilets=f.csv", "--datum", "mars"], 2), (["pack", "--out", "x", "--sites", "public_toilets=f.csv", "--datum", "citys=gcj02"], 2),
    (["pack", "--out", "x", "--from", "none"], 2), (["pack", "--out", "x", "--osm", "streets.xml"], 2)])
def test_exit_codes_and_errors_in_the_users_language(arguments: list[str], code: int, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for lang, sign in (("zh", "错误"), ("en", "rror: ")):
        found, out, err = cli(*arguments, *([] if "--lang" in arguments else ["--lang", lang]))
        assert found == code, err
        if code and "--lang" not in arguments:
            assert out == ""
            assert sign in err
            last = [line for line in err.splitlines() if sign in line][-1]
            assert bool(CHINESE.search(last)) == (lang == "zh"), last
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []  # the lock of a folder stays beside it


@pytest.mark.parametrize("arguments", [["layers"], ["report", "--layer", "clinics", "--out", "x"], ["serve"], ["serve", "--pack", "no such folder"]])
def test_a_pack_folder_that_is_not_there_never_means_the_one_shipped(arguments: list[str], cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "no such folder"))
    for lang in ("zh", "en"):
        code, out, err = cli(*arguments, "--lang", lang)
        assert (code, out) == (1, "")
        assert "no such folder" in err
        assert ("--pack" if "--pack" in arguments else "CHANHE_PACK") in err
        assert bool(CHINESE.search(err)) == (lang == "zh")


@pytest.mark.parametrize("arguments", [
    ["walks"], ["areas", "--metres", "300"], ["capacity"], ["export"], ["missing-links"], ["site", "--number", "3"], ["what-if", "--remove", "x"]], ids=lambda words: words[0])
def test_the_place_of_a_file_is_tried_before_the_work(arguments: list[str], cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def work(*_args: object) -> None:
        raise AssertionError("the work began")

    monkeypatch.setattr("geodata.packs.load_district", work)
    (tmp_path / "taken").write_text("a file, no folder", encoding="utf-8")
    (tmp_path / "folder.geojson").mkdir()
    for place in (tmp_path / "taken" / "x.geojson", tmp_path / "folder.geojson"):
        for option in ("--out", *(["--save"] if arguments[0] == "what-if" else [])):
            code, out, err = cli(*arguments, "--layer", "parking_lots", option, place, "--lang", "en")
            assert (code, out) == (1, "")
            assert f"Cannot write {place}" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.geojson", "taken"]


@pytest.mark.parametrize("command", [[], ["coverage"], ["pack"]])
def test_help_tells_the_exit_codes(command: list[str], cli: Cli) -> None:
    for lang, words in (("zh", ("0 完成", "1 数据", "2 用法", "130 ")), ("en", ("0 done", "1 not done", "2 wrong usage", "130 "))):
        lines = [line.strip() for line in cli(*command, "--help", "--lang", lang)[1].splitlines()]
        assert [word for word in words if not any(line.startswith(word) for line in lines)] == []
