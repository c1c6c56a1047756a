"""A GeoPackage as QGIS expects to find it."""

import json
import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from geodata.district import LOCATION_CLASSES, District
from geodata.errors import CannotWrite
from geodata.exports import Meta, Selection, Table, every_format, gpkg, selected, write_export
from layers import Text, every_layer

SYMBOLS = {"POINT": "marker", "MULTIPOINT": "marker", "LINESTRING": "line", "MULTILINESTRING": "line", "MULTIPOLYGON": "fill"}


@pytest.fixture(scope="module")
def path(district: District, meta: Meta, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("gpkg") / "all.gpkg"
    write_export(every_format()["gpkg"], selected(district, Selection(stand_ins=True)), place, meta=meta, crs=4547)
    return place


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as book:
        return book.execute(sql).fetchall()


def test_it_is_a_sound_geopackage(path: Path) -> None:
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "PRAGMA user_version") == [(10200,)]  # GeoPackage 1.2: later ones make QGIS of Debian 12 and Ubuntu 22.04 warn
    assert ask(path, "PRAGMA foreign_key_check") == []
    listed = {str(row[0]) for row in ask(path, "SELECT table_name FROM gpkg_contents")}
    own = {str(row[0]) for row in ask(path, "SELECT name FROM sqlite_master WHERE type = 'table'") if not str(row[0]).startswith(("gpkg_", "rtree_", "sqlite_"))}
    assert listed == own
    assert {"layer_styles", "metadata"} <= listed


def test_each_feature_table_holds_one_kind_of_geometry_in_the_datum_asked_for(path: Path) -> None:
    rows = ask(path, "SELECT table_name, column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns")
    assert len(rows) > 25
    for table, column, kind, srs in rows:
        assert column == "geom"
        assert kind in SYMBOLS, table
        assert srs == 4547
    kinds = {kind for _, _, kind, _ in rows}
    assert len(kinds) >= 3


def test_every_feature_table_has_its_default_style(path: Path) -> None:
    """QGIS takes the row with an empty schema, the table's name and its geometry column."""
    kinds = dict(ask(path, "SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
    columns = [row[1] for row in ask(path, "PRAGMA table_info(layer_styles)")]
    assert columns == ["id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML", "styleSLD",
                       "useAsDefault", "description", "owner", "ui", "update_time"]
    styles = ask(path, "SELECT f_table_name, styleQML, styleName FROM layer_styles WHERE f_table_catalog = '' AND f_table_schema = '' AND f_geometry_column = 'geom' AND useAsDefault = 1")
    assert {row[0] for row in styles} == set(kinds)
    assert len(styles) == len(kinds)
    for table, document, name in styles:
        assert 0 < len(name) <= 30
        assert document.startswith("<!DOCTYPE qgis PUBLIC")
        root = ET.fromstring(document)
        renderer = root.find("renderer-v2")
        assert renderer.get("type") == "categorizedSymbol"
        assert renderer.get("attr") == "location_class"
        values = {c.get("value"): c.get("symbol") for c in renderer.iter("category")}
        assert set(values) == set(LOCATION_CLASSES)
        symbols = {s.get("name"): s for s in renderer.iter("symbol")}
        assert set(values.values()) == set(symbols)
        assert {s.get("type") for s in symbols.values()} == {SYMBOLS[kinds[table]]}
        layer = every_layer()[str(table).removeprefix("示意_").removesuffix("_point").removesuffix("_line").removesuffix("_area")]
        colour = ",".join(str(int(layer.style.colour[i:i + 2], 16)) for i in (1, 3, 5))
        assert colour in document


def test_a_demo_site_is_hollow_and_dashed_and_a_surveyed_one_is_not(path: Path) -> None:
    document = ask(path, "SELECT styleQML FROM layer_styles WHERE f_table_name = '示意_micro_fire_stations'")[0][0]
    root = ET.fromstring(str(document))
    numbers = {c.get("value"): c.get("symbol") for c in root.iter("category")}

    def marker(key: str) -> dict[str, str]:
        symbol = next(s for s in root.iter("symbol") if s.get("name") == numbers[key])
        layer = next(one for one in symbol.findall("layer") if one.get("class") == "SimpleMarker")
        options = {o.get("name"): o.get("value") for o in layer.find("Option")}
        assert options == {p.get("k"): p.get("v") for p in layer.findall("prop")}
        return options

    assert marker("stand_in")["color"].endswith(",0")
    assert marker("stand_in")["outline_style"] == "dash"
    assert marker("surveyed")["color"].endswith(",255")
    assert marker("surveyed")["outline_style"] == "solid"


def test_places_come_back_where_they_were(path: Path, district: District) -> None:
    true = district.sites.set_index("id").geometry.dropna()
    for name, kind in pyogrio.list_layers(path):
        if kind is None or "示意" in name:
            continue
        table = pyogrio.read_dataframe(path, layer=name)
        shapes = table.set_index("id").geometry.dropna().to_crs(district.metric_crs)
        away = shapes.hausdorff_distance(true.loc[shapes.index], align=True)
        assert away.empty or away.max() < 0.01, name


def test_metadata_is_a_table_one_can_read_in_qgis(path: Path) -> None:
    fields = {row[0] for row in ask(path, "SELECT field FROM metadata")}
    assert {"query", "datum", "date", "method", "source", "location_class", "data_hash", "document"} <= fields


def test_qgis_shows_each_layer_s_metadata(path: Path, meta: Meta) -> None:
    """QGIS reads the document of its own kind that a reference of scope `table` ties to the layer."""
    tables = {row[0] for row in ask(path, "SELECT table_name FROM gpkg_geometry_columns")}
    rows = ask(path, "SELECT r.table_name, m.mime_type, m.metadata, r.md_parent_id FROM gpkg_metadata m JOIN gpkg_metadata_reference r ON r.md_file_id = m.id "
                     "WHERE m.md_standard_uri = 'http://mrcc.com/qgis.dtd' AND r.reference_scope = 'table' AND m.md_scope = 'dataset'")
    assert {row[0] for row in rows} == tables
    assert len(rows) == len(tables)
    for table, mime, document, parent in rows:
        assert (mime, parent) == ("text/xml", 1)
        root = ET.fromstring(str(document))
        assert (root.tag, root.findtext("identifier"), root.findtext("type")) == ("qgis", table, "dataset")
        assert "注意一下" in str(root.findtext("abstract"))
        assert "layer=public_toilets" in str(root.findtext("abstract"))
        assert [method.zh for method in meta.method] == [step.text for step in root.findall("history")][:len(meta.method)]
        assert any("ODbL" in str(licence.text) for licence in root.findall("license"))


def test_the_whole_file_carries_its_facts_by_the_standard(path: Path, meta: Meta) -> None:
    ((content, stamp, table),) = ask(path, "SELECT m.metadata, r.timestamp, r.table_name FROM gpkg_metadata m JOIN gpkg_metadata_reference r ON r.md_file_id = m.id WHERE r.reference_scope = 'geopackage'")
    told = json.loads(str(content))
    assert (told["data_hash"], told["query"], table) == (meta.data_hash, dict(meta.query), None)
    assert stamp == "2022-04-25T08:00:00.000Z"
    extensions = ask(path, "SELECT table_name, definition, scope FROM gpkg_extensions WHERE extension_name = 'gpkg_metadata' ORDER BY table_name")
    assert extensions == [(name, "http://www.geopackage.org/spec120/#extension_metadata", "read-write") for name in ("gpkg_metadata", "gpkg_metadata_reference")]


def test_gdal_finds_the_metadata_where_the_standard_puts_it(path: Path, meta: Meta) -> None:
    told = pyogrio.read_info(path, layer="public_toilets")
    document = told["layer_metadata"]["GPKG_METADATA_ITEM_1"]
    assert ET.fromstring(document).findtext("title") == f"{meta.district.zh} · {every_layer()['public_toilets'].name.zh}"
    assert json.loads(next(iter(told["dataset_metadata"].values())))["data_hash"] == meta.data_hash
    assert not [name for name, _ in pyogrio.list_layers(path) if name.startswith("gpkg_")]


@pytest.mark.parametrize("error", [pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError, pyogrio.errors.GeometryError, pyogrio.errors.FieldError, sqlite3.Error, OSError])
def test_whatever_keeps_it_from_being_made_is_said(error: type[Exception], meta: Meta, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise error("database or disk is full")

    monkeypatch.setattr(gpkg.pyogrio, "write_dataframe", refuse)
    with pytest.raises(CannotWrite, match=r"disk is full.*disk space"):
        gpkg.render([Table("t", Text("表", "Table"), pd.DataFrame({"a": [1]}))], meta, "en", None)
