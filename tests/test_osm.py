"""OpenStreetMap extracts: what is walkable, where ways are split, what else is taken, and golden counts on real ones."""

import geopandas as gpd
import pytest
import shapely

from geodata.errors import BadInput, Unknown, Unreadable
from geodata.network import build_network
from geodata.osm import layers_of, names, read_osm, walkable
from tests.extracts import extract, real


@pytest.mark.parametrize(("tags", "expected"), [
    ({"highway": "residential"}, True), ({"highway": "steps"}, True), ({"highway": "trunk"}, True), ({"highway": "motorway"}, False), ({"highway": "motorway_link"}, False),
    ({"highway": "trunk_link"}, False), ({"highway": "construction"}, False), ({"highway": "proposed"}, False), ({"highway": "raceway"}, False), ({"building": "yes"}, False),
    ({"highway": "path", "foot": "no"}, False), ({"highway": "path", "foot": "private"}, False), ({"highway": "service", "access": "private"}, False),
    ({"highway": "service", "access": "no", "foot": "yes"}, True), ({"highway": "service", "access": "no", "foot": "designated"}, False),
])
def test_walkable_is_what_the_definition_says(tags, expected):
    assert walkable(tags) is expected


def test_ways_are_split_where_they_meet_and_nowhere_else(tmp_path):
    path = extract(tmp_path / "a.osm.pbf", [([1, 2, 3], {"highway": "primary", "name": "中州东路"}), ([4, 2], {"highway": "footway"}), ([2, 5], {"highway": "motorway"})])
    streets = read_osm(path).streets
    assert sorted(zip(streets["u"], streets["v"], streets["class"], streets["vehicle"], strict=True)) == [(1, 2, "primary", True), (2, 3, "primary", True), (4, 2, "path", False)]
    assert set(streets["name_zh"]) == {"中州东路", ""}
    assert streets["edge_id"].tolist() == [0, 1, 2]


def test_a_way_that_crosses_itself_and_a_ring_are_split_and_kept(tmp_path):
    path = extract(tmp_path / "a.osm.pbf", [([1, 2, 4, 6, 2, 5], {"highway": "path"}), ([6, 7, 8, 9, 6], {"highway": "service"})])
    streets = read_osm(path).streets
    assert sorted(zip(streets["u"], streets["v"], strict=True)) == [(1, 2), (2, 5), (2, 6), (6, 2), (6, 6)]


def test_nothing_is_drawn_across_a_missing_node(tmp_path):
    found = read_osm(extract(tmp_path / "a.osm.pbf", [([1, 2, 99, 3, 4], {"highway": "path"})]))
    assert sorted(zip(found.streets["u"], found.streets["v"], strict=True)) == [(1, 2), (3, 4)]
    assert [p.code for p in found.problems] == ["cut_way"]


def test_facilities_buildings_and_barriers_are_taken_by_their_tags(tmp_path):
    ring = [6, 7, 8, 9, 6]
    path = extract(tmp_path / "a.osm.pbf", [
        ([1, 2], {"highway": "path"}), (ring, {"amenity": "parking", "capacity": "40"}), (ring, {"building": "yes", "amenity": "fire_station", "name": "消防站"}), (ring, {"natural": "water"}),
        ([1, 3], {"railway": "rail", "name:en": "Line"}), ([4, 5], {"railway": "rail", "tunnel": "yes"}), ([4, 3], {"railway": "subway"}), ([2, 4], {"waterway": "river"}), ([2, 5], {"waterway": "ditch"}),
    ], {5: {"amenity": "toilets", "name": "公厕"}})
    found = read_osm(path)
    assert {key: len(frame) for key, frame in found.facilities.items()} == {"parking_lots": 1, "fire_stations": 1, "public_toilets": 1}
    assert found.facilities["parking_lots"].iloc[0][["osm_id", "capacity"]].tolist() == ["way/101", 40.0]
    assert found.facilities["parking_lots"].geom_type.tolist() == ["Polygon"]
    assert found.facilities["public_toilets"].iloc[0]["name_zh"] == "公厕"
    assert len(found.buildings) == 1
    assert found.rail["name_en"].tolist() == ["Line"]
    assert sorted(found.water["kind"]) == ["river", "water"]


def test_a_car_park_that_is_not_for_everybody_is_no_public_one(tmp_path):
    path = extract(tmp_path / "a.osm.pbf", [([1, 2], {"highway": "path"}), ([6, 7, 8, 9, 6], {"amenity": "parking", "access": "private"})],
                   {1: {"amenity": "parking", "access": "no"}, 2: {"amenity": "parking", "access": "customers"}, 3: {"amenity": "parking", "access": "permissive"},
                    4: {"amenity": "parking"}, 5: {"amenity": "kindergarten", "access": "private"}})
    found = read_osm(path)
    assert {key: len(frame) for key, frame in found.facilities.items()} == {"parking_lots": 2, "kindergartens": 1}
    assert [(p.code, p.value, p.level) for p in found.problems] == [("not_public", "3", "warning")]


def test_a_boundary_keeps_what_lies_in_it_and_streets_around(tmp_path):
    path = extract(tmp_path / "a.osm.pbf", [([1, 2, 3], {"highway": "path"})], {3: {"amenity": "toilets"}, 1: {"amenity": "toilets"}})
    west = gpd.GeoDataFrame(geometry=[shapely.box(112.4895, 34.6895, 112.4905, 34.6905)], crs="EPSG:4326")
    found = read_osm(path, boundary=west.to_crs("EPSG:32649"))
    assert found.facilities["public_toilets"]["osm_id"].tolist() == ["node/1"]
    assert len(found.streets) == 1
    assert found.boundary.geometry.iloc[0].bounds == pytest.approx(west.total_bounds, abs=1e-9)


@pytest.mark.parametrize(("tags", "expected"), [
    ({"name": "中州东路", "name:en": "Zhongzhou Road"}, ("中州东路", "Zhongzhou Road")), ({"name": "A", "name:zh": "甲"}, ("甲", "A")), ({"name": "中"}, ("中", "")), ({}, ("", "")),
])
def test_names_come_in_two_languages(tags, expected):
    assert names(tags) == expected


def test_each_value_of_a_list_counts():
    assert set(layers_of({"isced:level": "1;2"})) == {"primary_schools", "middle_schools"}


@pytest.mark.parametrize(("name", "content"), [("a.osm.pbf", b"not a pbf"), ("a.osm.pbf", b""), ("a.txt", b"x")])
def test_what_is_no_extract_is_unreadable(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises((Unreadable, Unknown)) as caught:
        read_osm(tmp_path / name)
    assert name in caught.value.say("zh")


def test_a_truncated_extract_is_unreadable(tmp_path):
    (tmp_path / "cut.osm.pbf").write_bytes(real("test.osm.pbf").read_bytes()[:50_000])
    with pytest.raises(Unreadable, match=r"cut\.osm\.pbf"):
        read_osm(tmp_path / "cut.osm.pbf")


def test_a_missing_file_is_unreadable_and_one_without_streets_bad_input(tmp_path):
    with pytest.raises(Unreadable):
        read_osm(tmp_path / "none.osm.pbf")
    with pytest.raises(BadInput):
        read_osm(extract(tmp_path / "a.osm.pbf", [([1, 2], {"railway": "rail"})]))


def test_an_extract_of_another_place_is_bad_input():
    here = gpd.GeoDataFrame(geometry=[shapely.box(112.4, 34.6, 112.6, 34.8)], crs="EPSG:4326")
    with pytest.raises(BadInput, match="near the district"):
        read_osm(real("test.osm.pbf"), boundary=here)


@pytest.mark.parametrize(("name", "size", "buildings", "facilities"), [
    ("Helsinki.osm.pbf", (3752, 5156, 3663), 494, {"parking_lots": 31, "fire_stations": 1, "public_toilets": 18}),
    ("test.osm.pbf", (529, 664, 525), 2219, {"parking_lots": 9, "kindergartens": 1}),
])
def test_golden_counts_of_real_extracts(name, size, buildings, facilities):
    found = read_osm(real(name))
    assert (len(set(found.streets["u"]) | set(found.streets["v"])), len(found.streets)) == size[:2]
    assert len(found.buildings) == buildings
    assert {key: len(found.facilities[key]) for key in facilities} == facilities
    network = build_network(found.streets.to_crs("EPSG:32635"))
    assert (network.nodes, network.edges, int((network.component == 0).sum())) == size
