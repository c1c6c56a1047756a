"""The command `report`: making a report, and working it out again."""

import dataclasses
import hashlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from geodata import dossier
from geodata.changes import OpenRoad
from geodata.cli import main
from geodata.dossier import RECORD
from geodata.packs import load_district
from geodata.scenario_file import save_scenario
from layers import Text
from tests.conftest import Cli
from tests.extracts import real

BRIEF = ("--layer", "kindergartens", "--draws", "20")


def digests(folder: Path) -> dict[str, str]:
    """Return what each file holds, in a form that is told apart at once."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_made_checked_and_made_again_to_the_byte(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1650844800")
    first, second, scenario = tmp_path / "one", tmp_path / "two", tmp_path / "mine.geojson"
    district = load_district()
    save_scenario(scenario, dataclasses.replace(district, stamp="of yesterday"), [OpenRoad(district.gaps.geometry.iloc[0])], name=Text("打通甲", "Open A"))
    code, out, err = cli("report", *BRIEF, "--what-if", scenario, "--out", first)
    assert code == 0
    assert out.count("已写入") == 7
    assert f"--rebuild {first}" in out
    assert "数据在保存之后有变化" in err, "what a scenario warns of is shown"
    assert {path.suffix for path in first.iterdir()} == {".pdf", ".html", ".pptx", ".xlsx", ".gpkg", ".json", ".geojson"}
    (opened,) = json.loads((first / RECORD).read_text(encoding="utf-8"))["tables"]["scenario"]["rows"]
    told = json.loads(cli("what-if", "--scenario", scenario, *BRIEF, "--json")[1])["result"][0]
    assert {name: opened[name] for name in ("covered_share_after", "person_minutes_saved", "people_nearer")} == {name: told[name] for name in ("covered_share_after", "person_minutes_saved", "people_nearer")}
    code, out, _ = cli("report", "--rebuild", first)
    assert code == 0
    assert "与记录一致" in out
    assert "有变化" not in out
    with monkeypatch.context() as never:
        never.setattr(dossier, "find", None)
        code, _, err = cli("report", "--rebuild", first, "--out", second)
        assert (code, "--fresh" in err) == (0, True), "the same report again is taken from where it was kept, and that is said"
    assert digests(first) == digests(second)

    record = json.loads((first / RECORD).read_text(encoding="utf-8"))
    words = shlex.split(record["command"])
    assert words[:4] == ["python", "-m", "geodata", "report"]
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUTF8": "1"}
    subprocess.run([sys.executable, *words[1:], "--fresh"], cwd=first, env=environment, check=True, capture_output=True)
    assert digests(first / "again") == digests(second), "the printed command, run in another process, makes every byte anew"
    record["tables"]["results"]["rows"][0]["covered_people"] += 1
    (first / RECORD).write_text(json.dumps(record), encoding="utf-8")
    code, out, _ = cli("report", "--rebuild", first, "--lang", "en")
    assert code == 1
    assert "Not as recorded, 1 in all" in out
    assert "covered_people" in out
    code, out, _ = cli("report", "--rebuild", first, "--json")
    told = json.loads(out)["result"]
    assert (code, told["equal"], len(told["differences"])) == (1, False, 1)


def test_what_cannot_be_done_is_said_before_anything_is_worked_out(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    code, _, err = cli("report", *BRIEF, "--out", tmp_path / "full")
    assert (code, "已有内容" in err) == (1, True)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["mine.txt"]
    assert cli("report", "--layer", "kindergartens")[0] == 2
    for extra in (("--layer", "kindergartens"), ("--metres", "300"), ("--draws", "7"), ("--what-if", tmp_path / "x.geojson"), ("--no-stand-ins",)):
        code, _, err = cli("report", "--rebuild", tmp_path, *extra)
        assert (code, f"不能与 {extra[0]} 同用" in err) == (2, True)
    code, _, err = cli("report", "--rebuild", tmp_path, "--lang", "en")
    assert (code, "not the record of a report" in err) == (1, True)
    monkeypatch.setattr(dossier, "find", None)
    code, _, err = cli("report", *BRIEF, "--out", tmp_path / "full" / "mine.txt" / "report", "--lang", "en")
    assert (code, "mine.txt" in err, "Traceback" in err) == (1, True, False)
    with monkeypatch.context() as bare:
        bare.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
        code, _, err = cli("report", *BRIEF, "--out", tmp_path / "new", "--lang", "en")
        assert (code, "pip install" in err, "font" in err) == (1, True, True)
    code, _, err = cli("report", *BRIEF, "--what-if", tmp_path / "full" / "mine.txt", "--out", tmp_path / "new")
    assert (code, "不是情景文件" in err) == (1, True)
    assert not (tmp_path / "new").exists()


def test_real_streets_make_a_report_that_is_no_demonstration(cli: Cli, tmp_path: Path) -> None:
    pack, out = tmp_path / "helsinki", tmp_path / "report"
    assert main(["pack", "--out", str(pack), "--osm", str(real("Helsinki.osm.pbf")), "--lang", "en"]) == 0
    assert cli("report", "--pack", pack, "--layer", "public_toilets", "--metres", "300", "--draws", "20", "--out", out, "--lang", "en")[0] == 0
    assert sorted(path.name for path in out.iterdir())[0].startswith("helsinki-coverage-report-")
    record = json.loads((out / RECORD).read_text(encoding="utf-8"))
    assert record["demonstration"] is False
    assert not [text for text in record["sentences"] if "emonstration" in text["en"]]
    (row,) = record["tables"]["results"]["rows"]
    coverage = json.loads(cli("coverage", "--pack", pack, "--layer", "public_toilets", "--metres", "300", "--draws", "20", "--json")[1])["result"][0]
    assert {name: row[name] for name in ("covered_people", "covered_share", "straight_line_share", "people")} == {
        name: pytest.approx(coverage[name], rel=1e-12) for name in ("covered_people", "covered_share", "straight_line_share", "people")}
    assert row["positions_p5"] < row["positions_p95"], "OpenStreetMap's points are known to 20 m"
    assert [*coverage["positions"]["covered_share"], coverage["positions"]["median"]] == pytest.approx([row[name] for name in ("positions_p5", "positions_p95", "positions")], rel=1e-12)
    assert "ledger" not in record["tables"]
    assert cli("report", "--pack", pack, "--rebuild", out)[0] == 0
    assert cli("report", "--rebuild", out)[0] == 1, "another district's data"
