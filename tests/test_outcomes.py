"""What an import says it did adds up, row by row."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.importing import build_pack
from geodata.outcomes import Outcome
from geodata.packs import load_district

HEAD = "名称,经度,纬度,性质,承诺编号,数量\n"


@pytest.fixture(scope="module")
def spots() -> gpd.GeoSeries:
    boundary = load_district().boundary
    inside = gpd.GeoSeries([boundary.geometry.iloc[0].buffer(-400)], crs=boundary.crs)
    return inside.sample_points(8, rng=3).explode(ignore_index=True).to_crs("EPSG:4326")


def rows(spots: gpd.GeoSeries, *told: tuple[str, str, str, str]) -> str:
    """A table of named sites: name, origin, commitment, amount."""
    return HEAD + "".join(f"{name},{p.x},{p.y},{origin},{promise},{amount}\n" for (name, origin, promise, amount), p in zip(told, spots, strict=False))


def balanced(outcome: Outcome) -> bool:
    parts = (outcome.newly_located, outcome.beyond, outcome.existing, outcome.updated, outcome.unchanged)
    return outcome.rows == outcome.imported + outcome.skipped and outcome.imported == sum(part or 0 for part in parts)


def test_every_row_of_a_file_of_sites_is_told_once(spots: gpd.GeoSeries, tmp_path) -> None:
    text = rows(spots, ("甲", "规划", "", ""), ("乙", "规划", "", ""), ("丙", "规划", "", ""), ("丁", "现状", "", "")) + "戊,12.0,34.69,规划,,\n"
    (tmp_path / "clinics.csv").write_text(text, encoding="utf-8")
    built = build_pack(tmp_path / "one", base="embedded", sites={"clinics": tmp_path / "clinics.csv"}, datum="cgcs2000", skip_bad_rows=True)
    (outcome,) = built.outcomes
    assert (outcome.input, outcome.file, outcome.read_as.en) == ("clinics", "clinics.csv", "CGCS2000 degrees")
    assert (outcome.rows, outcome.imported, outcome.skipped) == (5, 4, 1)
    assert (outcome.newly_located, outcome.beyond, outcome.existing, outcome.updated, outcome.unchanged) == (2, 1, 1, 0, 0)  # two are promised
    assert balanced(outcome)

    moved = rows(spots.iloc[4:].reset_index(drop=True), ("甲", "规划", "", "")) + text.removeprefix(HEAD).splitlines()[1] + "\n"
    (tmp_path / "clinics.csv").write_text(moved, encoding="utf-8")
    again = build_pack(tmp_path / "one", base=tmp_path / "one", sites={"clinics": tmp_path / "clinics.csv"})
    (outcome,) = again.outcomes
    assert (outcome.newly_located, outcome.beyond, outcome.existing, outcome.updated, outcome.unchanged) == (0, 0, 0, 1, 1)
    assert outcome.read_as.en == "WGS-84 (nobody said so)"
    assert balanced(outcome)


def test_a_part_of_200_piles_is_newly_located(spots: gpd.GeoSeries, tmp_path) -> None:
    (tmp_path / "piles.csv").write_text(rows(spots, ("甲", "规划", "", "20"), ("乙", "规划", "", "30")), encoding="utf-8")
    (outcome,) = build_pack(tmp_path / "one", base="embedded", sites={"charging_sites": tmp_path / "piles.csv"}, datum="wgs84").outcomes
    assert (outcome.newly_located, outcome.beyond, outcome.existing) == (2, 0, 0)
    assert balanced(outcome)


def test_files_of_the_ground_say_what_was_taken(spots: gpd.GeoSeries, tmp_path) -> None:
    metric = spots.to_crs("EPSG:32649")
    lines = gpd.GeoDataFrame({"name": ["a", "b", "far"]}, geometry=[shapely.LineString([metric[0], metric[1]]), shapely.LineString([metric[1], metric[2]]),
                                                                 shapely.LineString([(0, 0), (10, 10)])], crs="EPSG:32649")
    lines.to_file(tmp_path / "streets.gpkg")
    pd.DataFrame({"lon": [*spots.x[:3], 100.0], "lat": [*spots.y[:3], 30.0], "people": [3, 4, 5, 6]}).to_csv(tmp_path / "people.csv", index=False)
    built = build_pack(tmp_path / "one", base="embedded", streets=tmp_path / "streets.gpkg", population=tmp_path / "people.csv", datum={"population": "wgs84"})
    streets, people = built.outcomes
    assert (streets.input, streets.rows, streets.imported, streets.skipped) == ("streets", 3, 2, 1)
    assert "UTM zone 49N (the file says so)" in streets.read_as.en
    assert (people.input, people.rows, people.imported, people.read_as.en) == ("population", 4, 3, "WGS-84")
    assert people.newly_located is None
