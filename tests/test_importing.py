"""A pack is built whole or not at all: from OpenStreetMap, from files, over the embedded district, and in place."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.crs import from_wgs84
from geodata.errors import BadInput, CannotWrite, ProblemsFound, Refused, Unknown, Unreadable
from geodata.importing import ALONE, build_pack, parse_datums
from geodata.ledger import balance
from geodata.packs import embedded_folder, load_district, write_frame
from geodata.snapping import snap
from tests.extracts import extract, real

EMBEDDED = load_district()
INSIDE = EMBEDDED.boundary.geometry.iloc[0].buffer(-300)


def points(count: int) -> gpd.GeoSeries:
    """Return places inside the embedded district, WGS-84."""
    return gpd.GeoSeries([INSIDE], crs=EMBEDDED.metric_crs).sample_points(count, rng=4).explode(ignore_index=True).to_crs("EPSG:4326")


def stations(path: Path, datum: str = "wgs84", places: gpd.GeoSeries | None = None, encoding: str = "gbk") -> Path:
    """Write 48 stations as an office would."""
    where = points(48) if places is None else places
    x, y = from_wgs84(where.x, where.y, datum)
    pd.DataFrame({"名称": [f"站{n}" for n in range(len(where))], "经度": x, "纬度": y}).to_csv(path, index=False, encoding=encoding)
    return path


def left(folder: Path) -> list[str]:
    """Return what a folder holds besides locks."""
    return sorted(p.name for p in folder.iterdir() if p.suffix != ".lock")


@pytest.fixture(scope="module")
def helsinki(tmp_path_factory):
    """The pack of the Helsinki extract, built once."""
    told: list[float] = []
    built = build_pack(tmp_path_factory.mktemp("hel") / "pack", osm=real("Helsinki.osm.pbf"), progress=lambda share, what: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0
    return built


def test_a_pack_from_an_extract_stands_alone_and_loads_again(helsinki):
    district = load_district(helsinki.folder)
    assert district.stamp == helsinki.district.stamp
    assert (district.id, district.metric_crs) == ("helsinki", "EPSG:32635")
    assert (district.streets_kind, district.people_kind, district.demand_unit) == ("real", "real", "buildings")
    assert not district.is_sketch
    assert len(district.demand) == 494
    assert (district.network.nodes, district.network.edges) == (3752, 5156)
    assert district.network.nodes == len(set(district.streets["u"]) | set(district.streets["v"]))
    assert district.sites["origin"].eq("existing").all()
    assert district.sites["layer"].value_counts()["parking_lots"] == 31
    assert district.gaps.empty
    assert any("ODbL" in s.licence for s in district.sources)


def test_its_findings_are_kept_beside_it(helsinki):
    assert [p.code for p in helsinki.problems] == ["not_public", "cut_way"]
    assert (helsinki.folder / "problems.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_sites_read_from_an_extract_are_as_sure_as_it_is(helsinki):
    lots = helsinki.district.sites.query("layer == 'parking_lots'")
    assert set(lots["location_class"]) == {"address"}
    assert lots["basis_en"].str.startswith("OpenStreetMap").all()
    assert lots["id"].is_unique


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09", "EPSG:4547"])
def test_surveyed_stations_take_the_place_of_all_48_in_any_datum(tmp_path, datum):
    built = build_pack(tmp_path / "pack", sites={"micro_fire_stations": stations(tmp_path / "站.csv", datum)}, datum=f"sites={datum}")
    row = balance(built.district.ledger, built.district.sites).set_index("id").loc["l4-micro-fire-stations"]
    assert (row["located"], row["unlocated"], row["beyond"]) == (48, 0, 0)
    mine = built.district.sites.query("layer == 'micro_fire_stations'").geometry
    assert mine.distance(points(48).to_crs(EMBEDDED.metric_crs), align=False).max() < 0.05
    assert [p.code for p in built.problems] == ["class_assumed"]
    assert built.district.streets_kind == "sketch"
    assert json.loads((tmp_path / "pack" / "pack.json").read_text(encoding="utf-8"))["base"] == "embedded"


def test_stations_in_another_datum_than_stated_draw_a_warning_that_names_it(tmp_path):
    rng = np.random.default_rng(2)
    edge = EMBEDDED.boundary.geometry.iloc[0].buffer(-20)
    everywhere = gpd.GeoSeries([edge], crs=EMBEDDED.metric_crs).sample_points(60, rng=rng).explode(ignore_index=True).to_crs("EPSG:4326")
    file = stations(tmp_path / "站.csv", "gcj02", everywhere)
    codes = [p.code for p in build_pack(tmp_path / "pack", sites={"micro_fire_stations": file}, skip_bad_rows=True).problems]
    assert "datum_gcj02" in codes
    right = build_pack(tmp_path / "right", sites={"micro_fire_stations": file}, datum="gcj02")
    assert not [p for p in right.problems if p.code.startswith("datum")]


def test_a_place_named_as_a_label_gives_its_datum_away(tmp_path):
    label = EMBEDDED.labels[EMBEDDED.labels.geom_type.eq("Point") & EMBEDDED.labels["uncertainty_m"].le(300)].to_crs("EPSG:4326").iloc[0]
    x, y = from_wgs84(label.geometry.x, label.geometry.y, "gcj02")
    (tmp_path / "t.csv").write_text(f"名称,经度,纬度,性质\n{label['name_zh']},{x[0]},{y[0]},现状\n", encoding="utf-8")
    built = build_pack(tmp_path / "pack", sites={"public_toilets": tmp_path / "t.csv"})
    assert sorted(p.code for p in built.problems) == ["class_assumed", "datum_gcj02", "datum_unstated"]


def test_a_pack_is_added_to_in_place_and_hand_work_stays(tmp_path):
    first = build_pack(tmp_path / "pack", sites={"micro_fire_stations": stations(tmp_path / "站.csv")})
    (tmp_path / "t.csv").write_text("经度,纬度\n112.49,34.69\n", encoding="utf-8")
    second = build_pack(tmp_path / "pack", base=tmp_path / "pack", sites=[("public_toilets", tmp_path / "t.csv")])
    rows = balance(second.district.ledger, second.district.sites).set_index("id")["located"]
    assert (rows["l4-micro-fire-stations"], rows["l6-toilets"]) == (48, 1)
    assert second.district.stamp != first.district.stamp
    assert left(tmp_path) == ["pack", "t.csv", "站.csv"]


def test_a_pack_can_start_from_another_one(tmp_path, helsinki):
    middle = helsinki.district.boundary.geometry.centroid.to_crs("EPSG:4326").iloc[0]
    (tmp_path / "p.csv").write_text(f"lon,lat,people\n{middle.x},{middle.y},120\n", encoding="utf-8")
    built = build_pack(tmp_path / "pack", base=helsinki.folder, population=tmp_path / "p.csv")
    assert (built.district.demand_unit, built.district.demand["people"].sum()) == ("people", 120.0)
    assert len(built.district.sites) == len(helsinki.district.sites)
    assert load_district(helsinki.folder).stamp == helsinki.district.stamp


def test_real_people_on_sketched_streets_are_still_a_demonstration(tmp_path):
    where = points(20)
    (tmp_path / "p.csv").write_text("lon,lat,人口\n" + "\n".join(f"{p.x},{p.y},100" for p in where), encoding="utf-8")
    district = build_pack(tmp_path / "pack", population=tmp_path / "p.csv").district
    assert (district.people_kind, district.streets_kind, district.is_sketch) == ("real", "sketch", True)
    assert district.demand["people"].sum() == 2000


def test_real_streets_over_the_embedded_district_put_the_sketch_away(tmp_path):
    lines = [shapely.LineString([(636000, 3839500), (638000, 3839500)]), shapely.LineString([(637000, 3839000), (637000, 3841000)])]
    write_frame(tmp_path / "s.geojson", gpd.GeoDataFrame({"class": ["primary", "lane"]}, geometry=lines, crs=EMBEDDED.metric_crs).to_crs("EPSG:4326"))
    district = build_pack(tmp_path / "pack", streets=tmp_path / "s.geojson").district
    assert (district.streets_kind, district.people_kind, district.demand_unit) == ("real", "real", "street_metres")
    assert not district.is_sketch
    assert len(district.streets) == 4
    assert district.gaps.empty
    assert district.water.empty
    assert district.rail.empty
    assert len(district.ledger) == len(EMBEDDED.ledger)
    assert district.sites["id"].tolist() == EMBEDDED.sites["id"].tolist()
    assert district.demand["people"].sum() == pytest.approx(4000, abs=1)


def test_an_extract_of_chanhe_goes_over_the_embedded_district(tmp_path):
    path = extract(tmp_path / "c.osm.pbf", [([1, 2, 3], {"highway": "primary"}), ([4, 2, 5], {"highway": "path"})], {5: {"amenity": "toilets", "name": "公厕"}})
    district = build_pack(tmp_path / "pack", osm=path).district
    assert district.id == "chanhe"
    assert district.streets_kind == "real"
    assert len(district.streets) == 4
    assert len(district.sites) == len(EMBEDDED.sites) + 1
    again = build_pack(tmp_path / "pack", base=tmp_path / "pack", osm=extract(tmp_path / "d.osm.pbf", [([1, 2, 3], {"highway": "primary"})])).district
    assert len(again.sites) == len(EMBEDDED.sites)


def test_areas_and_a_boundary_of_the_offices_own(tmp_path):
    outline = EMBEDDED.boundary.buffer(500)
    write_frame(tmp_path / "b.geojson", gpd.GeoDataFrame(geometry=outline).to_crs("EPSG:4326"))
    west, south, east, north = EMBEDDED.boundary.total_bounds
    halves = gpd.GeoDataFrame({"名称": ["西", "东"]}, geometry=[shapely.box(west, south, (west + east) / 2, north), shapely.box((west + east) / 2, south, east, north)], crs=EMBEDDED.metric_crs)
    halves.to_crs("EPSG:4326").to_file(tmp_path / "a.gpkg")
    district = build_pack(tmp_path / "pack", base="embedded", boundary=tmp_path / "b.geojson", areas=tmp_path / "a.gpkg").district
    assert district.boundary["area_km2"].iloc[0] == pytest.approx(outline.area.iloc[0] / 1e6, rel=1e-4)
    assert "b.geojson" in district.boundary["source_zh"].iloc[0]
    assert district.areas["name_zh"].tolist() == ["西", "东"]


def test_a_boundary_in_gcj02_that_calls_itself_wgs84_is_told(tmp_path):
    degrees = EMBEDDED.boundary.to_crs("EPSG:4326").geometry
    shifted = degrees.transform(lambda p: np.column_stack(from_wgs84(p[:, 0], p[:, 1], "gcj02")))
    write_frame(tmp_path / "b.geojson", gpd.GeoDataFrame(geometry=shifted))
    built = build_pack(tmp_path / "pack", boundary=tmp_path / "b.geojson")
    assert "datum_gcj02" in [p.code for p in built.problems]
    right = build_pack(tmp_path / "right", boundary=tmp_path / "b.geojson", datum={"boundary": "gcj02"})
    assert [p.code for p in right.problems] == []
    assert right.district.boundary["area_km2"].iloc[0] == pytest.approx(31.40, abs=0.005)


def test_stations_off_real_streets_are_told_with_their_datum(tmp_path):
    """The sketch's streets stand in for real ones here; on the sketch itself sites are never held against them."""
    write_frame(tmp_path / "s.geojson", EMBEDDED.streets.to_crs("EPSG:4326"))
    wide = EMBEDDED.streets[EMBEDDED.streets["vehicle"] & EMBEDDED.streets.within(INSIDE)].geometry
    beside = gpd.GeoSeries(wide.sample(60, random_state=1).interpolate(0.5, normalized=True).to_numpy(), crs=EMBEDDED.metric_crs).to_crs("EPSG:4326")
    file = stations(tmp_path / "站.csv", "bd09", beside)
    built = build_pack(tmp_path / "pack", streets=tmp_path / "s.geojson", sites={"micro_fire_stations": file}, skip_bad_rows=True)
    assert "datum_bd09" in [p.code for p in built.problems]
    right = build_pack(tmp_path / "right", streets=tmp_path / "s.geojson", sites={"micro_fire_stations": file}, datum="sites=bd09", skip_bad_rows=True)
    assert not [p for p in right.problems if p.code.startswith("datum")]


@pytest.mark.parametrize(("inputs", "error"), [
    ({"osm": "bad.osm.pbf"}, Unreadable), ({"osm": "none.osm.pbf"}, Unreadable), ({"population": "neg.csv"}, ProblemsFound), ({"population": "cols.csv"}, BadInput),
    ({"streets": "far.csv"}, BadInput), ({"sites": {"micro_fire_stations": "far.csv"}}, ProblemsFound), ({"sites": {"fire": "far.csv"}}, Unknown),
    ({"areas": "neg.csv"}, BadInput), ({"boundary": "neg.csv"}, BadInput), ({"datum": "mars"}, Unknown), ({"datum": "stops=gcj02"}, Unknown), ({"base": "nowhere"}, Unreadable),
])
def test_bad_input_is_told_and_nothing_is_written(tmp_path, inputs, error):
    for name, text in {"bad.osm.pbf": "no", "neg.csv": "lon,lat,people\n112.49,34.69,-4\n", "cols.csv": "lon,lat,x\n112.49,34.69,4\n", "far.csv": "lon,lat,people\n113.9,34.69,4\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = left(tmp_path)

    def placed(value):
        if isinstance(value, dict):
            return {k: tmp_path / v for k, v in value.items()}
        return tmp_path / value if value.endswith((".pbf", ".csv")) or value == "nowhere" else value

    with pytest.raises(error) as caught:
        build_pack(tmp_path / "pack", **{key: placed(value) for key, value in inputs.items()})
    assert caught.value.say("zh") != caught.value.say("en")
    assert left(tmp_path) == before


def test_a_failed_addition_leaves_the_pack_as_it_was(tmp_path):
    build_pack(tmp_path / "pack", sites={"micro_fire_stations": stations(tmp_path / "站.csv")})
    before = {p.name: p.read_bytes() for p in (tmp_path / "pack").iterdir()}
    (tmp_path / "far.csv").write_text("lon,lat\n113.9,34.69\n", encoding="utf-8")
    with pytest.raises(ProblemsFound):
        build_pack(tmp_path / "pack", base=tmp_path / "pack", sites={"public_toilets": tmp_path / "far.csv"})
    assert {p.name: p.read_bytes() for p in (tmp_path / "pack").iterdir()} == before


def test_a_filled_folder_and_the_shipped_pack_are_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(CannotWrite, match="already holds"):
        build_pack(tmp_path)
    with pytest.raises(Refused):
        build_pack(embedded_folder())
    assert left(tmp_path) == ["mine.txt"]


def test_a_pack_that_stands_alone_needs_streets(tmp_path):
    with pytest.raises(BadInput, match="streets"):
        build_pack(tmp_path / "pack", base=ALONE)


def test_good_rows_can_be_taken_without_the_bad_ones(tmp_path):
    (tmp_path / "t.csv").write_text("lon,lat\n112.49,34.69\n113.9,34.69\n", encoding="utf-8")
    built = build_pack(tmp_path / "pack", sites={"public_toilets": tmp_path / "t.csv"}, skip_bad_rows=True)
    assert [(p.row, p.code, p.file) for p in built.problems if p.level == "error"] == [(3, "outside", "t.csv")]
    assert sorted(p.code for p in built.problems if p.level == "warning") == ["class_assumed", "datum_unstated", "no_names"]
    assert balance(built.district.ledger, built.district.sites).set_index("id").loc["l6-toilets", "located"] == 1


@pytest.mark.parametrize(("written", "expected"), [
    (None, {}), ("gcj02", {"": "gcj02"}), ("sites=gcj02,streets=4547", {"sites": "gcj02", "streets": "EPSG:4547"}), (["wgs84", "public_toilets=bd09"], {"": "wgs84", "public_toilets": "bd09"}), ({"sites": "GCJ-02"}, {"sites": "gcj02"}),
])
def test_each_input_may_have_its_own_datum(written, expected):
    assert parse_datums(written) == expected


def test_a_built_pack_can_be_walked(helsinki):
    district = helsinki.district
    access = snap(district.network, district.demand.geometry, access_m=200.0)
    assert (~access.off).mean() > 0.9
