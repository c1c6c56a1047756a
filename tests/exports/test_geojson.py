"""RFC 7946, clause by clause."""

import re
from pathlib import Path

import pytest
import shapely

from geodata.district import District
from geodata.exports import Meta, Selection, as_files, every_format, selected, write_export
from tests.exports.reading import geojson, geometry_of


@pytest.fixture(scope="module")
def document(district: District, meta: Meta) -> dict[str, object]:
    return geojson(as_files(selected(district, Selection()), "x", every_format()["geojson"], meta=meta)["x.geojson"])


def test_it_is_a_feature_collection_without_a_crs_member(document: dict[str, object]) -> None:
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document


def test_bbox_holds_every_place_and_lies_in_the_district(document: dict[str, object]) -> None:
    shapes = [shapely.geometry.shape(f["geometry"]) for f in document["features"] if f["geometry"]]
    assert document["bbox"] == list(shapely.total_bounds(shapes))
    west, south, east, north = document["bbox"]
    assert 112.4 < west < east < 112.6
    assert 34.6 < south < north < 34.8


def test_no_place_is_null_and_kept(document: dict[str, object], district: District) -> None:
    nothing = [f for f in document["features"] if f["geometry"] is None]
    assert len(nothing) == district.sites.geometry.isna().sum() > 50
    assert all(f["properties"]["location_class"] == "unlocated" for f in nothing)
    assert "bbox" not in geojson(b"{}")


def test_no_bbox_where_nothing_has_a_place(district: District, meta: Meta) -> None:
    frame = selected(district, Selection(location_classes=("unlocated",)))
    frame = frame[frame.geometry.isna()]
    assert "bbox" not in geojson(as_files(frame, "x", every_format()["geojson"], meta=meta)["x.geojson"])


def test_rings_follow_the_right_hand_rule(document: dict[str, object]) -> None:
    polygons = [p for f in document["features"] if f["geometry"] for p in getattr(shapely.geometry.shape(f["geometry"]), "geoms", [shapely.geometry.shape(f["geometry"])])
                if p.geom_type == "Polygon"]
    assert sum(len(p.interiors) for p in polygons) > 5
    for polygon in polygons:
        assert polygon.exterior.is_ccw
        assert not any(hole.is_ccw for hole in polygon.interiors)
        assert polygon.is_valid


def test_coordinates_are_flat_with_seven_decimals_at_most(document: dict[str, object], district: District, meta: Meta) -> None:
    text = as_files(selected(district, Selection()), "x", every_format()["geojson"], meta=meta)["x.geojson"].decode()
    places = re.findall(r'"coordinates": (\[.*?\])\}', text)
    decimals = [len(d) for place in places for d in re.findall(r"\d+\.(\d+)", place)]
    assert max(decimals) == 7
    assert all(not shapely.geometry.shape(f["geometry"]).has_z for f in document["features"] if f["geometry"])


def test_places_are_where_they_were(document: dict[str, object], district: District, meta: Meta, tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    write_export(every_format()["geojson"], selected(district, Selection()), path, meta=meta)
    read = geometry_of(path).to_crs(district.metric_crs)
    true = district.sites.set_index("id").geometry.dropna()
    away = read.loc[true.index].hausdorff_distance(true, align=True)
    assert away.max() < 0.02


def test_numbers_stay_numbers_and_unknown_is_null(document: dict[str, object]) -> None:
    sites = [f["properties"] for f in document["features"]]
    assert {type(p["year"]) for p in sites} == {int}
    assert {type(p["amount"]) for p in sites} == {int}
    assert {type(p["capacity"]) for p in sites} == {type(None)}
    assert [f["id"] for f in document["features"]] == [p["id"] for p in sites]


def test_what_it_is_about_is_a_foreign_member(document: dict[str, object], meta: Meta) -> None:
    told = document["metadata"]
    assert set(told) == {"title", "district", "query", "datum", "date", "method", "notes", "location_classes", "sources", "document", "data_hash", "made_by"}
    assert told["query"] == dict(meta.query)
    assert told["location_classes"]["unlocated"]["rows"] > 0
