"""From an office's files to answers, by command line alone: the whole way, on real streets and on the embedded district."""

import hashlib
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from geodata.cli import main
from geodata.packs import embedded_folder, load_district
from tests.conftest import Cli
from tests.extracts import real


@pytest.fixture(scope="module")
def helsinki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs") / "helsinki"
    assert main(["pack", "--out", str(folder), "--osm", str(real("Helsinki.osm.pbf")), "--lang", "en"]) == 0
    return folder


def surveyed(path: Path, count: int, *, shift: float = 0.0) -> Path:
    """A file of stations inside the district, with a Chinese heading."""
    boundary = load_district().boundary
    inside = boundary.geometry.iloc[0].buffer(-400)
    west, south, east, north = inside.bounds
    steps = [shapely.Point(west + (east - west) * i / 40, south + (north - south) * j / 40) for i in range(41) for j in range(41)]
    points = gpd.GeoSeries([p for p in steps if inside.contains(p)][:: 9][:count], crs=boundary.crs).to_crs(4326)
    assert len(points) == count
    table = pd.DataFrame({"站名": [f"测试站{n}" for n in range(count)], "经度": points.x + shift, "纬度": points.y, "误差": 5})
    path.write_bytes(table.to_csv(index=False).encode("gbk"))
    return path


def test_real_streets_from_extract_to_answer(helsinki: Path, cli: Cli, tmp_path: Path) -> None:
    code, out, _ = cli("coverage", "--pack", helsinki, "--layer", "parking_lots", "--metres", "300", "--draws", "60", "--json")
    told = json.loads(out)
    assert code == 0
    (row,) = told["result"]
    assert row["counted"] == "existing"
    assert row["demand_unit"] == "buildings"
    assert row["demonstration"] is False
    assert row["range"] is None
    assert row["sites_counted"] == 31
    assert 0.2 < row["covered_share"] < row["straight_line_share"] <= 1
    low, high = row["positions"]["covered_share"]
    assert low < row["covered_share"] < high, "the sites as they stand are one of the ways they may stand"
    assert row["positions"]["draws"] == 60
    assert any("OpenStreetMap" in str(source) for source in told["sources"])

    assert cli("walks", "--pack", helsinki, "--layer", "parking_lots", "--out", tmp_path / "walks.csv")[0] == 0
    walks = pd.read_csv(tmp_path / "walks.csv", encoding="utf-8-sig")
    within = walks.loc[walks["walk_m"] <= 300, "people"].sum()
    assert within == pytest.approx(row["covered_people"])

    assert cli("areas", "--pack", helsinki, "--layer", "parking_lots", "--metres", "300,500,1000", "--out", tmp_path / "areas.geojson")[0] == 0
    areas = gpd.read_file(tmp_path / "areas.geojson")
    assert list(areas["to_m"]) == [300, 500, 1000]
    assert areas["people"].iloc[0] == pytest.approx(within)
    assert areas.geometry.is_valid.all()

    code, _, err = cli("export", "--pack", helsinki, "--layer", "parking_lots", "--format", "gpkg", "--out", tmp_path / "p.gpkg", "--stand-ins", "--lang", "en")
    assert code == 0
    assert "no demo sites" in err
    names = [name for name, kind in pyogrio.list_layers(tmp_path / "p.gpkg") if kind is not None]
    assert sum(len(pyogrio.read_dataframe(tmp_path / "p.gpkg", layer=name)) for name in names) == 31
    assert not any("示意" in name for name in names)


def test_a_pack_without_a_ledger_says_so(helsinki: Path, cli: Cli) -> None:
    code, out, _ = cli("ledger", "--pack", helsinki, "--lang", "en")
    assert code == 0
    assert "no ledger" in out
    assert json.loads(cli("ledger", "--pack", helsinki, "--json")[1])["result"] == []


def test_what_the_extract_left_out_is_printed_and_kept(helsinki: Path) -> None:
    assert "cut" in (helsinki / "problems.csv").read_text(encoding="utf-8-sig")


def test_surveyed_stations_take_the_place_of_demo_sites(cli: Cli, tmp_path: Path) -> None:
    stations = surveyed(tmp_path / "stations.csv", 48)
    code, out, err = cli("pack", "--out", tmp_path / "ours", "--from", "embedded", "--sites", f"micro_fire_stations={stations}", "--datum", "wgs84", "--json")
    assert code == 0, err
    (taken,) = json.loads(out)["result"]["inputs"]
    assert (taken["input"], taken["file"], taken["rows"], taken["newly_located"], taken["beyond"], taken["skipped"]) == ("micro_fire_stations", "stations.csv", 48, 48, 0, 0)
    assert taken["read_as"]["en"] == "WGS-84"
    rows = json.loads(cli("ledger", "--pack", tmp_path / "ours", "--json")[1])["result"]
    row = next(row for row in rows if row["id"] == "l4-micro-fire-stations")
    assert (row["located"], row["unlocated"]) == (48, 0)
    told = json.loads(cli("export", "--pack", tmp_path / "ours", "--layer", "micro_fire_stations", "--stand-ins", "--out", tmp_path / "s.csv", "--json")[1])
    assert (told["result"]["rows"], told["result"]["demo_rows"]) == (48, 0)
    (walk, _, _) = json.loads(cli("coverage", "--pack", tmp_path / "ours", "--layer", "micro_fire_stations", "--json")[1])["result"]
    assert (walk["sites_counted"], walk["sites_promised"], walk["mode"]) == (48, 48, "walk")
    assert walk["demonstration"] is True  # the streets are still a sketch


def test_what_became_of_each_input_is_a_table(cli: Cli, tmp_path: Path) -> None:
    stations = surveyed(tmp_path / "stations.csv", 50)
    code, out, err = cli("pack", "--out", tmp_path / "ours", "--from", "embedded", "--sites", f"micro_fire_stations={stations}", "--lang", "en")
    assert code == 0
    head, _, row = out.splitlines()[:3]
    assert head.split("  ")[0] == "Input"
    assert [word for word in ("Read as", "Imported", "Newly located", "Beyond the promise", "Existing", "Skipped") if word not in head] == []
    assert row.startswith("Micro fire stations")
    assert [int(word) for word in row.split("(nobody said so)")[1].split()] == [50, 50, 48, 2, 0, 0, 0, 0]
    assert str(tmp_path / "ours" / "problems.csv") in err
    assert (tmp_path / "ours" / "problems.csv").exists()


def test_bad_rows_are_a_table_on_screen_and_a_file_beside(cli: Cli, tmp_path: Path) -> None:
    stations = surveyed(tmp_path / "stations.csv", 5, shift=2.0)
    for lang, word in (("zh", "错误"), ("en", "Error")):
        code, out, err = cli("pack", "--out", tmp_path / "ours", "--from", "embedded", "--sites", f"micro_fire_stations={stations}", "--lang", lang)
        assert code == 1
        assert out == ""
        assert err.count("stations.csv") >= 5
        assert word in err
        assert ("Only the list of problems was written" in err) == (lang == "en")
        assert "nothing was written" not in err
        table = pd.read_csv(tmp_path / "ours-problems.csv", encoding="utf-8-sig")
        assert list(table.columns) == ["file", "row", "field", "value", "level", "code", "message", "remedy"]
        assert table["level"].value_counts().to_dict() == {"error": 5, "warning": 1}
        assert set(table.loc[table["level"] == "warning", "code"]) == {"datum_unstated"}
    assert not (tmp_path / "ours").exists()


def test_an_extract_that_is_none(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.osm.pbf").write_bytes(b"this is not what it says")
    code, out, err = cli("pack", "--out", tmp_path / "ours", "--osm", tmp_path / "x.osm.pbf", "--lang", "en")
    assert (code, out) == (1, "")
    assert "x.osm.pbf" in err
    assert not (tmp_path / "ours").exists()


def test_a_pack_is_never_laid_over_something_else(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "diary.txt").write_text("dear", encoding="utf-8")
    code, _, err = cli("pack", "--out", tmp_path / "ours", "--from", "embedded", "--lang", "en")
    assert code == 1
    assert "already holds" in err
    assert [path.name for path in (tmp_path / "ours").iterdir()] == ["diary.txt"]


def test_the_shipped_pack_is_never_written(cli: Cli) -> None:
    code, _, err = cli("pack", "--out", embedded_folder(), "--from", "embedded", "--lang", "en")
    assert code == 1
    assert "never changed" in err


def test_the_sketch_is_made_where_asked_with_the_seed_asked_for(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That it has the same bytes every time is told in the tests of the sketch itself."""
    asked: list[dict[str, object]] = []

    def build(out: Path, **settings: object) -> None:
        asked.append(settings)
        out.mkdir()
        (out / "streets.geojson").write_text("{}", encoding="utf-8")

    monkeypatch.setattr("geodata.sketch.build_sketch", build)
    code, out, _ = cli("sketch", "--out", tmp_path / "a", "--json")
    assert code == 0
    told = json.loads(out)
    assert told["result"]["files"] == [str(tmp_path / "a" / "streets.geojson")]
    assert told["data_hashes"] == {"streets": hashlib.sha256(b"{}").hexdigest()}
    assert cli("sketch", "--out", tmp_path / "b", "--seed", "7")[0] == 0
    assert asked == [{}, {"seed": 7}]
