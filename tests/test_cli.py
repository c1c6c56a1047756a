"""The command line as people and scripts meet it: exit codes, languages, names that last, consoles that lack characters."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from geodata import __file__ as package_file
from geodata.cli import asked_language, likely_language, main
from geodata.commands import every_command, translated
from geodata.commands._width import padded, table_lines, width, wrapped
from geodata.district import LOCATION_CLASSES, ORIGINS, SITE_COLUMNS, STATUSES
from geodata.exports import EXPORT_CRS, every_format
from geodata.packs import load_district
from geodata.question import DEFAULT_SEED
from geodata.standins import stand_ins
from layers import every_layer
from tests.conftest import Cli

ROOT = Path(package_file).parents[1]
COMMANDS = ["serve", "layers", "ledger", "coverage", "capacity", "report", "walks", "areas", "openings", "what-if", "missing-links", "site", "export", "present", "pack", "sketch"]
LEDGER_FIELDS = ["id", "zh", "en", "group", "kind", "year", "quantity", "comparator", "unit", "layer", "effect", "located", "proposed", "unlocated",
                 "beyond", "completed", "quote", "section", "document", "same_as", "of", "part_of"]
COVERAGE_FIELDS = {"layer", "standard", "metres", "mode", "counted", "sites_counted", "sites_promised", "people", "demand_unit", "covered_people",
                   "covered_share", "straight_line_share", "off_network_people", "unreachable_people", "walk_m", "demonstration", "range", "positions", "draws", "seed"}
WALK_FIELDS = ["demand_id", "lon", "lat", "people", "walk_m", "straight_m", "nearest_site_id", "reachable", "off_network"]
SITE_FIELDS = ["id", "layer", "commitment", "origin", "name_zh", "name_en", "amount", "capacity", "status", "status_as_of", "year", "location_class",
               "uncertainty_m", "place_hint_zh", "place_hint_en", "basis_zh", "basis_en", "source_zh", "source_en", "document", "updated_at", "updated_by"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")



def test_commands_are_those_promised() -> None:
    assert list(every_command()) == COMMANDS


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_speaks_the_language_asked_for_and_both_without(command: str, cli: Cli) -> None:
    words = [command] if command else []
    code, both, err = cli(*words, "--help")
    assert (code, err) == (0, "")
    assert CHINESE.search(both)
    assert "show this help and exit" in both
    _, zh, _ = cli(*words, "--lang", "zh", "--help")
    assert "显示帮助并退出" in zh
    assert "show this help" not in zh
    assert "usage" not in zh
    _, en, _ = cli(*words, "--lang=en", "--help")
    assert "show this help and exit" in en
    assert not CHINESE.search(en.replace("示意", ""))
    for option in ("--lang", *(("--pack",) if command else ()), *(("--json",) if command not in {"", "serve"} else ())):
        assert option in both


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_help_with_a_line_of_its_own(command: str, cli: Cli) -> None:
    _, told, _ = cli("--help")
    assert re.search(rf"^ +{command}(?: |$)", told, re.MULTILINE)


def test_help_is_quick_because_it_imports_nothing_heavy() -> None:
    code = "import sys; from geodata.cli import main; main(['--help']); print(sorted({'numpy', 'pandas', 'geopandas', 'streamlit', 'numba'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=os.environ | {"PYTHONIOENCODING": "utf-8"}, cwd=ROOT, check=True)
    assert done.stdout.strip().endswith("[]")


def test_help_names_the_formats_systems_and_choices_there_are(cli: Cli) -> None:
    """The help is written without importing them, so they are compared here."""
    _, told, _ = cli("export", "--help", "--lang", "en")
    plain = "".join(told.split())
    assert re.findall(r"--format(\S+?)\]", plain)[0].split("|") == [f for f in ("geojson", "gpkg", "csv", "xlsx") if f in every_format()]
    assert len(every_format()) == 4
    assert re.findall(r"--crs(\S+?)\]", plain)[0].split("|") == [str(epsg) for epsg in EXPORT_CRS]
    for values in (STATUSES, LOCATION_CLASSES, ORIGINS):
        assert ",".join(values) in plain


def test_a_wrong_language_is_refused(cli: Cli) -> None:
    code, _, err = cli("layers", "--lang", "fr")
    assert code == 2
    assert "fr" in err


@pytest.mark.parametrize(("typed", "meant"), [("public_toilet", "public_toilets"), ("公厕", "public_toilets"), ("toilets", "public_toilets"), ("fire", "micro_fire_stations")])
def test_unknown_layers_are_answered_with_the_nearest(typed: str, meant: str, cli: Cli) -> None:
    for lang in ("zh", "en"):
        code, _, err = cli("coverage", "--layer", typed, "--lang", lang)
        assert code == 2
        assert meant in err


def test_unknown_formats_and_commands_are_answered_with_the_nearest(cli: Cli, tmp_path: Path) -> None:
    assert "geojson" in cli("export", "--format", "geojsn", "--out", tmp_path / "x")[2]
    assert "coverage" in cli("covrage", "--lang", "en")[2].split("Use one of")[0]


MESSAGES = [
    "the following arguments are required: --out", "unrecognized arguments: --x", "one of the arguments --a --b is required",
    "ambiguous option: --l could match --lang, --layer", "argument --x: expected one argument", "argument --x: expected at least one argument",
    "argument --x: expected 2 arguments", "argument --x: not allowed with argument --y", "argument --json: ignored explicit argument 'a'",
    "argument --lang: invalid choice: 'fr' (choose from 'zh', 'en')", "argument --lang: invalid choice: 'fr' (choose from zh, en)",
    "argument COMMAND: invalid choice: 'layer', maybe you meant 'layers'? (choose from layers, ledger)", "argument --n: invalid int value: 'x'"]


@pytest.mark.parametrize("message", MESSAGES)
def test_what_argparse_says_is_translated(message: str) -> None:
    told = translated(message)
    assert CHINESE.search(told.zh)
    assert "命令行有误" not in told.zh
    assert not re.search(r"argument|expected|choice|required|allowed|invalid", told.zh)
    assert not CHINESE.search(told.en)


def test_a_message_argparse_never_said_still_arrives() -> None:
    told = translated("something new")
    assert told.en == "something new"
    assert told.zh.startswith("命令行有误")
    assert "something new" in told.zh


def test_ledger_fields(cli: Cli) -> None:
    code, out, _ = cli("ledger", "--json")
    told = json.loads(out)
    assert code == 0
    assert set(told) >= {"result", "parameters", "sources", "data_hashes"}
    assert len(told["result"]) > 100
    for row in told["result"]:
        assert list(row) == LEDGER_FIELDS
    stations = next(row for row in told["result"] if row["id"] == "l4-micro-fire-stations")
    assert (stations["quantity"], stations["unlocated"], stations["located"], stations["year"]) == (48, 48, 0, 2022)
    assert re.fullmatch("[0-9a-f]{64}", told["data_hashes"]["document"])
    assert {"district", "ledger", "sites", "streets"} <= set(told["data_hashes"])


def test_layers_fields(cli: Cli) -> None:
    _, out, _ = cli("layers", "--json")
    told = json.loads(out)
    assert [row["key"] for row in told["result"]] == list(every_layer())
    toilets = next(row for row in told["result"] if row["key"] == "public_toilets")
    assert toilets["standard"]["metres"] == 300
    assert (toilets["promised"], toilets["located"], toilets["unlocated"], toilets["demo_sites"], toilets["existing"]) == (10, 0, 10, 10, 0)


def test_layers_counts_in_the_promise_s_own_unit_and_never_adds_years(cli: Cli) -> None:
    told = {row["key"]: row for row in json.loads(cli("layers", "--json")[1])["result"]}
    assert (told["old_estates"]["promised"], told["old_estates"]["unlocated"]) == (1472, 1472)
    assert [(one["year"], one["quantity"], one["unit"]) for one in told["old_estates"]["commitments"]] == [(2021, 52, "个"), (2022, 1472, "户")]
    assert (told["renovated_alleys"]["promised"], told["renovated_alleys"]["demo_sites"]) == (3, 3)
    assert (told["roads_built"]["promised"], told["fire_stations"]["commitments"]) == (None, [])
    drawn = stand_ins(load_district())["layer"].value_counts()
    assert {key: row["demo_sites"] for key, row in told.items() if row["demo_sites"]} == drawn.to_dict()
    text = cli("layers", "--lang", "en")[1]
    assert re.search(r"charging_sites .* 200 piles .* 200 ", text)
    assert re.search(r"renovated_alleys .* 3 .* 0/22 ", text)
    assert "never added" in text


def test_coverage_fields_in_a_demonstration(cli: Cli) -> None:
    code, out, _ = cli("coverage", "--layer", "public_toilets", "--metres", "300", "--draws", "20", "--json")
    told = json.loads(out)
    assert code == 0
    assert set(told) >= {"result", "parameters", "sources", "data_hashes", "sentences", "demonstration"}
    (row,) = told["result"]
    assert set(row) == COVERAGE_FIELDS
    assert set(row["walk_m"]) == {"p10", "p25", "p50", "p75", "p90"}
    assert row["demonstration"] is True
    assert (row["sites_counted"], row["sites_promised"], row["draws"]) == (0, 10, 20)
    low, high = row["range"]["covered_share"]
    assert 0 < low <= row["covered_share"] <= high < 1
    assert (row["positions"]["covered_share"], row["positions"]["above"]) == ([low, high], None), "nothing is located, so demo sites alone move"
    assert told["parameters"]["metres"] == 300
    assert (told["parameters"]["counted"], told["parameters"]["seed"]) == ("programme", row["seed"])
    assert told["sentences"][0]["zh"].startswith("演示")


def test_coverage_in_words_is_headed_as_a_demonstration(cli: Cli) -> None:
    for lang, word in (("zh", "演示"), ("en", "Demonstration")):
        _, out, _ = cli("coverage", "--layer", "public_toilets", "--draws", "20", "--lang", lang)
        assert out.startswith(word)
        assert "0/10" in out


def test_turnout_shortens_the_reach_of_a_layer_held_to_a_time(cli: Cli) -> None:
    _, out, _ = cli("coverage", "--layer", "micro_fire_stations", "--turnout", "1", "--draws", "5", "--json")
    assert [(row["mode"], row["metres"]) for row in json.loads(out)["result"]] == [("walk", 144.0), ("run", 300.0), ("e-bike", 500.0)]


def test_minutes_times_speed_is_a_distance(cli: Cli) -> None:
    _, out, _ = cli("coverage", "--layer", "public_toilets", "--minutes", "5", "--speed", "1", "--turnout", "1", "--draws", "5", "--json")
    (row,) = json.loads(out)["result"]
    assert row["metres"] == 240


def test_walks_fields(cli: Cli, tmp_path: Path) -> None:
    code, _, err = cli("walks", "--layer", "public_toilets", "--out", tmp_path / "walks.csv")
    assert code == 0
    table = pd.read_csv(tmp_path / "walks.csv", encoding="utf-8-sig")
    assert list(table.columns[:9]) == WALK_FIELDS
    assert all(name.startswith("file_") for name in table.columns[9:])
    assert table["people"].sum() == pytest.approx(200_100)
    assert (table["walk_m"].dropna() >= table.loc[table["walk_m"].notna(), "straight_m"] - 0.01).all()
    assert "演示" in err
    assert "第 1 次" in err
    assert "draw 1" in cli("walks", "--layer", "public_toilets", "--out", tmp_path / "walks.geojson", "--lang", "en", "--json")[2]
    document = json.loads((tmp_path / "walks.geojson").read_text(encoding="utf-8"))
    assert list(document["features"][0]["properties"]) == WALK_FIELDS
    assert len(document["features"]) == len(table)
    assert any("draw 1" in note for note in document["metadata"]["notes"])
    assert document["metadata"]["query"]["counted"] == "programme"
    assert document["metadata"]["query"]["seed"] == str(DEFAULT_SEED)
    assert "示意" in document["metadata"]["title"]


def test_areas_grow_with_their_distance(cli: Cli, tmp_path: Path) -> None:
    code, out, _ = cli("areas", "--layer", "public_toilets", "--metres", "500,300", "--out", tmp_path / "a.geojson", "--json")
    assert code == 0
    document = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert [(f["properties"]["from_m"], f["properties"]["to_m"]) for f in document["features"]] == [(0, 300), (300, 500)]
    assert json.loads(out)["draw"] == 1


def test_export_fields_and_what_is_said(cli: Cli, tmp_path: Path) -> None:
    assert list(SITE_COLUMNS) == SITE_FIELDS
    code, out, err = cli("export", "--layer", "public_toilets,clinics", "--out", tmp_path / "s.csv", "--stand-ins", "--crs", "4547", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)["result"]
    assert [Path(path).name for path in told["files"]] == ["s.csv", "s_示意.csv"]
    assert (told["rows"], told["demo_rows"]) == (12, 12)
    columns = list(pd.read_csv(tmp_path / "s.csv", encoding="utf-8-sig").columns[:23])
    assert columns[columns.index("amount") + 1] == "amount_unit"
    assert [name for name in columns if name != "amount_unit"] == SITE_FIELDS


def test_a_file_that_takes_the_place_of_another_is_named_as_such(cli: Cli, tmp_path: Path) -> None:
    words = ("export", "--layer", "clinics", "--out", tmp_path / "s.csv")
    assert "替换" not in cli(*words)[1]
    assert "已写入" in cli(*words)[1]
    assert "（替换了原有文件）" in cli(*words)[1]
    told = json.loads(cli(*words, "--stand-ins", "--json")[1])["result"]
    assert [Path(path).name for path in told["files"]] == ["s.csv", "s_示意.csv"]
    assert [Path(path).name for path in told["replaced"]] == ["s.csv"]
    for command in (("walks",), ("areas", "--metres", "300")):
        out = tmp_path / f"{command[0]}.geojson"
        out.write_text("old", encoding="utf-8")
        assert "replaced the file that was there" in cli(*command, "--layer", "clinics", "--out", out, "--lang", "en")[1]


def test_geojson_stays_wgs84_and_says_so(cli: Cli, tmp_path: Path) -> None:
    code, _, err = cli("export", "--layer", "roads_built", "--out", tmp_path / "s.geojson", "--crs", "4547", "--lang", "en")
    assert code == 0
    assert "always WGS-84" in err
    document = json.loads((tmp_path / "s.geojson").read_text(encoding="utf-8"))
    assert 112 < document["bbox"][0] < 113


def test_nothing_found_is_said(cli: Cli, tmp_path: Path) -> None:
    code, _, err = cli("export", "--layer", "clinics", "--year", "1999", "--out", tmp_path / "s.csv", "--lang", "en")
    assert code == 0
    assert "Nothing matches" in err


def test_a_file_that_cannot_be_written(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for command in (["export", "--layer", "clinics"], ["walks", "--layer", "clinics"], ["areas", "--layer", "clinics", "--metres", "300"]):
        code, out, err = cli(*command, "--out", tmp_path / "file" / "x.geojson", "--lang", "en")
        assert code == 1
        assert "Cannot write" in err
        assert out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(("encoding", "arguments"), [
    ("gbk", ["--help"]), ("gbk", ["layers"]), ("gbk", ["ledger"]), ("gbk", ["ledger", "--json"]), ("gbk", ["coverage", "--layer", "clinics", "--draws", "3"]),
    ("gbk", ["coverage", "--layer", "x²–×"]), ("ascii", ["ledger"]), ("ascii", ["ledger", "--json"]), ("cp1252", ["layers"])])
def test_a_console_that_lacks_characters_replaces_them(encoding: str, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path))
    for lang in ("zh", "en") if encoding == "gbk" and "coverage" not in arguments else ("zh",):
        console = {name: io.TextIOWrapper(io.BytesIO(), encoding=encoding) for name in ("stdout", "stderr")}
        with monkeypatch.context() as there:
            for name, stream in console.items():
                there.setattr(sys, name, stream)
            code = main([*arguments, "--lang", lang])
        for stream in console.values():
            stream.seek(0)
        told = console["stdout"].read()
        assert code == (2 if "x²–×" in arguments else 0), console["stderr"].read()
        if "--json" in arguments:
            assert json.loads(told)["result"][0]["zh"]
            assert CHINESE.search(json.loads(told)["result"][0]["zh"])


def test_a_process_on_a_chinese_windows_console_answers_in_its_code_page(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-W", "error", "-m", "geodata", "layers", "--lang", "zh"], capture_output=True, cwd=ROOT, check=False,
                          env=os.environ | {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0", "CHANHE_PACK": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert "微型消防站" in done.stdout.decode("gbk")


def test_a_reader_that_goes_away_is_no_crash(tmp_path: Path) -> None:
    script = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-m', 'geodata', 'ledger', '--json'], stdout=subprocess.PIPE, stderr=subprocess.PIPE); p.stdout.read(10); p.stdout.close(); sys.stdout.buffer.write(p.stderr.read()); p.wait()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=ROOT, check=False, env=os.environ | {"CHANHE_PACK": str(tmp_path)})
    assert b"Traceback" not in done.stdout


def test_languages() -> None:
    assert asked_language(["--lang", "fr"]) is None
    assert asked_language(["--lang"]) is None
    assert likely_language({"LANG": "en_US.UTF-8"}) == "en"
    assert likely_language({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}) == "zh"
    assert likely_language({"LANG": "POSIX"}) == "zh"


def test_the_systems_language_is_used_without_asking(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert "Car parks" in cli("layers")[1]


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert width("公厕 a") == 6
    assert width("★·", ambiguous=2) == 4
    assert padded("公厕", 6) == "公厕  "
    assert padded("12", 4, right=True) == "  12"
    assert wrapped("一二三四五六七八", 8) == ["一二三四", "五六七八"]
    assert wrapped("一二三四。五", 8) == ["一二三四。", "五"]
    lines = list(table_lines(["名", "n"], [["公厕", "1"], ["a\nb", "1,000"]], [False, True]))
    assert {width(line) for line in lines} == {11}
