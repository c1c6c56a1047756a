"""What users bring comes out as WGS-84 with our column names; what is wrong is told row by row."""

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from geodata.checks import ROW
from geodata.crs import from_wgs84
from geodata.errors import BadInput, Unknown, Unreadable
from geodata.intake import read_vector, unstated_datum
from geodata.read_as import READ_AS

PLACES = [(112.49, 34.69), (112.51, 34.70)]


def frame(crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    """Two named places, in a CRS."""
    return gpd.GeoDataFrame({"名称": ["塔湾站", "正骨医院站"], "车位数": [12, 7]}, geometry=gpd.points_from_xy(*zip(*PLACES, strict=True)), crs="EPSG:4326").to_crs(crs)


def table(datum: str = "wgs84", lon: str = "经度", lat: str = "纬度") -> str:
    """The same places as CSV, in a datum."""
    x, y = from_wgs84(*zip(*PLACES, strict=True), datum)
    return "\n".join([f"名称,{lon},{lat}", *(f"{n},{a!r},{b!r}" for n, a, b in zip(("塔湾站", "正骨医院站"), x.tolist(), y.tolist(), strict=True))])


def assert_right(found: gpd.GeoDataFrame) -> None:
    """The frame holds the two places where they are, by our names."""
    assert found.crs.to_epsg() == 4326
    assert found["name_zh"].tolist() == ["塔湾站", "正骨医院站"]
    off = found.geometry.to_crs("EPSG:32649").distance(frame().geometry.to_crs("EPSG:32649"), align=False)
    assert off.max() < 0.05


@pytest.mark.parametrize("suffix", [".geojson", ".json", ".gpkg"])
def test_vector_files_are_read(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    frame().to_file(path, driver="GPKG" if suffix == ".gpkg" else "GeoJSON")
    found, problems = read_vector(path)
    assert_right(found)
    assert found[ROW].tolist() == [1, 2]
    assert found["capacity"].tolist() == [12, 7]
    assert problems == []


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
@pytest.mark.parametrize("with_cpg", [True, False])
@pytest.mark.parametrize("kind", ["file", "folder", "zip"])
def test_shapefiles_are_read_whatever_their_encoding_says(tmp_path, encoding, with_cpg, kind):
    folder = tmp_path / "点位"
    folder.mkdir()
    pyogrio.write_dataframe(frame(), folder / "点.shp", encoding=encoding)
    if not with_cpg:
        (folder / "点.cpg").unlink()
    source = folder / "点.shp" if kind == "file" else folder
    if kind == "zip":
        source = tmp_path / "a.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for part in folder.iterdir():
                archive.write(part, f"内/{part.name}")
    found, problems = read_vector(source)
    assert_right(found)
    assert problems == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
@pytest.mark.parametrize(("lon", "lat"), [("经度", "纬度"), ("lon", "lat"), ("Lng", "Latitude"), ("X", "Y"), ("经度(度)", "纬度(度)")])
def test_tables_are_read_by_the_headings_offices_use(tmp_path, encoding, lon, lat):
    path = tmp_path / "a.csv"
    path.write_bytes(table(lon=lon, lat=lat).encode(encoding))
    found, problems = read_vector(path)
    assert_right(found)
    assert problems == []
    assert found[ROW].tolist() == [2, 3]


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4546", "EPSG:4547", "EPSG:32649", "EPSG:4490"])
def test_every_datum_is_undone(tmp_path, datum):
    path = tmp_path / "a.csv"
    path.write_text(table(datum), encoding="utf-8")
    assert_right(read_vector(path, datum=datum)[0])


def test_a_workbook_is_read(tmp_path):
    book = openpyxl.Workbook()
    for row in (["名称", "经度", "纬度"], ["塔湾站", *PLACES[0]], ["正骨医院站", *PLACES[1]]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert_right(read_vector(tmp_path / "a.xlsx")[0])


def test_bytes_are_read_by_the_name_they_come_with():
    found, _ = read_vector(table().encode("gbk"), name="点位.CSV")
    assert_right(found)


@pytest.mark.parametrize("crs", ["EPSG:4547", "EPSG:4490", "EPSG:32649"])
def test_a_file_that_declares_its_crs_needs_no_datum(tmp_path, crs):
    path = tmp_path / "a.gpkg"
    frame(crs).to_file(path)
    assert_right(read_vector(path)[0])
    assert_right(read_vector(path, datum=crs)[0])


def test_a_stated_datum_that_contradicts_the_file_is_refused_with_both_names(tmp_path):
    path = tmp_path / "a.gpkg"
    frame("EPSG:4547").to_file(path)
    with pytest.raises(BadInput) as caught:
        read_vector(path, datum="EPSG:4546")
    assert "EPSG:4546" in caught.value.say("zh")
    assert "114" in caught.value.say("en")


def test_gcj02_in_a_file_that_calls_itself_wgs84_is_undone(tmp_path):
    x, y = from_wgs84(*zip(*PLACES, strict=True), "gcj02")
    shifted = frame().set_geometry(gpd.points_from_xy(x, y), crs="EPSG:4326")
    for path in (tmp_path / "a.geojson", tmp_path / "a.gpkg"):
        shifted.to_file(path)
        found, problems = read_vector(path, datum="gcj02")
        assert_right(found)
        (told,) = problems
        assert (told.code, told.level) == ("two_datums", "warning")
        assert "gcj02" in told.message.en
        assert "as stated; the file says WGS 84" in found.attrs[READ_AS].en


def test_a_file_s_own_crs_counts_beside_a_word_for_degrees(tmp_path):
    path = tmp_path / "a.gpkg"
    frame("EPSG:4547").to_file(path)
    found, problems = read_vector(path, datum="wgs84")
    assert_right(found)
    assert [problem.code for problem in problems] == ["two_datums"]
    assert "the file's was taken" in problems[0].message.en
    frame("EPSG:4490").to_file(path)
    found, problems = read_vector(path, datum="wgs84")
    assert problems == []
    assert found.attrs[READ_AS].zh.endswith("（文件自述）")


def test_survey_order_is_told_by_the_size_of_the_numbers(tmp_path):
    path = tmp_path / "a.csv"
    east, north = from_wgs84(*zip(*PLACES, strict=True), "EPSG:4547")
    path.write_text("名称,X,Y\n" + "\n".join(f"{n},{b!r},{a!r}" for n, a, b in zip(("塔湾站", "正骨医院站"), east.tolist(), north.tolist(), strict=True)), encoding="utf-8")
    found, problems = read_vector(path, datum="EPSG:4547")
    assert_right(found)
    assert [(p.code, p.level) for p in problems] == [("survey_order", "warning")]


@pytest.mark.parametrize(("row", "code", "level"), [
    ("a,abc,34.69", "not_a_number", "error"), ("a,,", "no_place", "warning"), ("a,112.49,", "half_place", "error"), ("a,34.69,112.49", "swapped", "error"),
    ("a,500000,3840000", "not_degrees", "error"), ("a,112.49,nan", "not_a_number", "error"),
])
def test_a_bad_row_is_a_finding_and_the_others_are_read(tmp_path, row, code, level):
    path = tmp_path / "a.csv"
    path.write_text(f"名称,经度,纬度\n甲,112.49,34.69\n{row}\n", encoding="utf-8")
    found, problems = read_vector(path)
    assert [(p.row, p.code, p.level, p.file) for p in problems] == [(3, code, level, "a.csv")]
    assert found.geometry.isna().tolist() == [False, True]


def test_features_without_geometry_or_with_a_crossed_outline_are_findings(tmp_path):
    path = tmp_path / "a.geojson"
    bow = shapely.Polygon([(112.49, 34.69), (112.5, 34.7), (112.5, 34.69), (112.49, 34.7)])
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=[None, bow], crs="EPSG:4326").to_file(path)
    found, problems = read_vector(path)
    assert [(p.row, p.code, p.level) for p in problems] == [(1, "no_place", "warning"), (2, "mended", "warning")]
    assert found.geometry.iloc[1].is_valid


def test_a_geojson_with_swapped_degrees_says_so(tmp_path):
    path = tmp_path / "a.geojson"
    gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(34.69, 112.49)], crs="EPSG:4326").to_file(path)
    _, problems = read_vector(path)
    assert [p.code for p in problems] == ["swapped"]


def test_numbers_that_cannot_be_degrees_need_a_datum(tmp_path):
    pyogrio.write_dataframe(frame("EPSG:4547"), tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    with pytest.raises(BadInput, match="EPSG:4546"):
        read_vector(tmp_path / "a.shp")
    assert_right(read_vector(tmp_path / "a.shp", datum="EPSG:4547")[0])


def test_of_several_layers_the_first_is_read_and_said(tmp_path):
    frame().to_file(tmp_path / "a.gpkg", layer="one")
    frame().to_file(tmp_path / "a.gpkg", layer="two")
    _, problems = read_vector(tmp_path / "a.gpkg")
    assert [(p.code, p.value) for p in problems] == [("several_layers", "one")]


def test_a_kind_of_file_nobody_brings_is_unknown(tmp_path):
    (tmp_path / "a.pdf").write_text("x", encoding="utf-8")
    for source in (tmp_path / "a.pdf", tmp_path / "none.pdf"):
        with pytest.raises(Unknown) as caught:
            read_vector(source)
        assert ".geojson" in caught.value.say("zh")


@pytest.mark.parametrize(("name", "content"), [
    ("a.csv", "名称,备注\n甲,乙\n"), ("a.csv", "名称,经度,纬度\n"), ("a.geojson", '{"type": "FeatureCollection", "features": []}'),
])
def test_files_without_places_are_bad_input_and_say_what_was_found(tmp_path, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_vector(tmp_path / name)
    assert name in caught.value.say("zh")
    assert caught.value.say("zh") != caught.value.say("en")


@pytest.mark.parametrize(("name", "content"), [
    ("a.geojson", b"{"), ("a.geojson", b"[1]"), ("a.json", b'{"a": 1}'), ("a.gpkg", b"no"), ("a.shp", b"no"), ("a.zip", b"no"), ("a.xlsx", b"no"), ("a.geojson", b'{"type": "Nonsense"}'),
])
def test_files_that_are_not_what_they_say_are_unreadable(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        read_vector(tmp_path / name)
    assert name in caught.value.say("en")


def test_a_missing_file_and_a_zip_without_a_shapefile_are_told(tmp_path):
    with pytest.raises(Unreadable):
        read_vector(tmp_path / "none.csv")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.md", "x")
    with pytest.raises(BadInput):
        read_vector(tmp_path / "a.zip")


def test_a_zip_that_points_outside_its_folder_stays_inside(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    pyogrio.write_dataframe(frame(), folder / "a.shp", encoding="UTF-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in folder.iterdir():
            archive.write(part, f"../../evil{part.suffix}")
    assert_right(read_vector(tmp_path / "a.zip")[0])
    assert not list(Path(tmp_path).rglob("evil*"))


def test_the_words_of_choice_columns_become_ours(tmp_path):
    (tmp_path / "a.csv").write_text("名称,经度,纬度,状态,性质\n甲,112.49,34.69,已建成,现状\n", encoding="utf-8")
    found, _ = read_vector(tmp_path / "a.csv")
    assert found[["status", "origin"]].to_numpy().tolist() == [["done", "existing"]]


def test_dates_in_a_file_are_texts(tmp_path):
    features = [{"type": "Feature", "properties": {"截至日期": "2022-04-25"}, "geometry": {"type": "Point", "coordinates": PLACES[0]}}]
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    found, _ = read_vector(tmp_path / "a.geojson")
    assert found["status_as_of"].tolist() == ["2022-04-25"]
    assert not pd.api.types.is_datetime64_any_dtype(found["status_as_of"])


@pytest.mark.parametrize(("name", "datum", "warned"), [("a.csv", None, True), ("a.XLSX", None, True), ("a.csv", "gcj02", False), ("a.gpkg", None, False)])
def test_a_table_whose_datum_nobody_named_draws_a_warning(name: str, datum: str | None, warned: bool) -> None:
    found = unstated_datum(Path(name), datum)
    assert [(p.code, p.level) for p in found] == ([("datum_unstated", "warning")] if warned else [])
