"""The shipped sketch: rebuilt to the byte, like a real network in its figures, clear of the boundary, honest in its names."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata import sketch
from geodata.district import District
from geodata.errors import CannotWrite
from geodata.packs import embedded_folder, load_district
from geodata.sketch import CLEAR_M, PEOPLE, REACH_M, build_sketch, sketch_files

NAMES = {"streets.geojson", "water.geojson", "rail.geojson", "gaps.geojson", "population.csv"}
MAIN = ("trunk", "primary", "secondary", "tertiary")


@pytest.fixture(scope="module")
def district() -> District:
    return load_district()


@pytest.fixture(scope="module")
def boundary(district: District) -> shapely.Geometry:
    return district.boundary.geometry.iloc[0]


@pytest.fixture(scope="module")
def km_per_km2(district: District) -> "pd.Series[float]":
    streets = district.streets
    return streets.length.groupby(streets["class"]).sum() / 1000 / float(district.boundary["area_km2"].iloc[0])


@pytest.fixture(scope="module")
def degrees(district: District) -> np.ndarray:
    network = district.network
    return np.bincount(np.concatenate([network.edge_u, network.edge_v]))


def test_one_command_rebuilds_the_shipped_files_to_the_byte(tmp_path: Path) -> None:
    build_sketch(tmp_path / "new")
    assert {f.name for f in (tmp_path / "new").iterdir()} == NAMES
    for name in NAMES:
        assert (tmp_path / "new" / name).read_bytes() == (embedded_folder() / name).read_bytes(), name


def test_another_seed_gives_other_streets_and_as_many_people() -> None:
    files = sketch_files(seed=7)
    assert files["streets.geojson"] != (embedded_folder() / "streets.geojson").read_text(encoding="utf-8")
    assert sum(int(row.split(",")[2]) for row in files["population.csv"].splitlines()[1:]) == PEOPLE


def test_files_are_plain_text_of_moderate_size_with_at_most_seven_decimals() -> None:
    for name in NAMES:
        raw = (embedded_folder() / name).read_bytes()
        assert b"\r" not in raw
        assert raw.endswith(b"\n")
        assert len(raw) < 1_500_000
    coordinates = [f["geometry"]["coordinates"] for f in json.loads((embedded_folder() / "streets.geojson").read_text(encoding="utf-8"))["features"]]
    assert all(round(n, 7) == n for line in coordinates for point in line for n in point)


def test_rings_of_water_run_counter_clockwise() -> None:
    for feature in json.loads((embedded_folder() / "water.geojson").read_text(encoding="utf-8"))["features"]:
        assert shapely.LinearRing(feature["geometry"]["coordinates"][0]).is_ccw


def test_network_is_one_and_of_a_real_network_s_shape(district: District, degrees: np.ndarray) -> None:
    network = district.network
    assert 4_000 <= network.nodes <= 8_000
    assert list(network.component_sizes()) == [network.nodes]
    assert 60.0 <= network.edge_m.mean() <= 110.0
    assert 2.5 <= degrees.mean() <= 2.8
    assert 0.16 <= (degrees == 1).mean() <= 0.22
    assert network.edge_m.min() > 3.0
    assert not (network.edge_u == network.edge_v).any()


def test_density_is_that_of_the_standard_for_vehicles_and_twice_it_on_foot(km_per_km2: "pd.Series[float]") -> None:
    vehicles = km_per_km2.drop(["lane", "path"]).sum()
    assert 7.5 <= vehicles <= 8.5
    assert 15.0 <= km_per_km2.sum() <= 20.0
    assert km_per_km2["residential"] > km_per_km2["tertiary"] > km_per_km2["secondary"] > km_per_km2["primary"]


def test_vehicles_are_kept_off_lanes_and_paths(district: District) -> None:
    assert (district.streets["vehicle"] == ~district.streets["class"].isin(["lane", "path"])).all()


def test_streets_meet_only_at_their_ends(district: District) -> None:
    lines = district.streets.geometry.to_numpy()
    one, _ = shapely.STRtree(lines).query(lines, predicate="crosses")
    assert len(one) == 0, [lines[i].wkt for i in one[:2]]
    assert district.streets["edge_id"].is_unique


def test_old_streets_are_denser_than_the_north(district: District) -> None:
    middles = shapely.line_interpolate_point(district.streets.geometry.to_numpy(), 0.5, normalized=True)
    metres = district.streets.length.to_numpy()
    seat = district.labels.set_index("id").geometry["seat"]
    near = metres[shapely.distance(middles, seat) < 600].sum() / shapely.intersection(seat.buffer(600), district.boundary.geometry.iloc[0]).area
    north = shapely.get_y(middles) > seat.y + 3_500
    land = shapely.intersection(district.boundary.geometry.iloc[0], shapely.box(0, seat.y + 3_500, 1e6, 1e7)).area
    assert near > 1.5 * metres[north].sum() / land


def test_streets_and_squares_keep_clear_of_the_boundary(district: District, boundary: shapely.Geometry) -> None:
    lines = district.streets.geometry.to_numpy()
    x, y = district.demand.geometry.x.to_numpy(), district.demand.geometry.y.to_numpy()
    squares = shapely.box(x - 50, y - 50, x + 50, y + 50)
    for shapes in (lines, squares, district.gaps.geometry.to_numpy()):
        assert shapely.covers(boundary, shapes).all()
        assert shapely.distance(boundary.boundary, shapes).min() >= CLEAR_M


def test_nothing_shipped_runs_along_the_boundary(district: District, boundary: shapely.Geometry, degrees: np.ndarray) -> None:
    network = district.network
    tips = np.flatnonzero(degrees == 1)
    away = shapely.distance(boundary.boundary, shapely.points(network.x[tips], network.y[tips]))
    fringe = away[away < 330.0]
    assert len(fringe) > 150
    assert np.std(fringe) > 35.0  # streets end raggedly, at no fixed distance
    band = boundary.boundary.buffer(160.0)
    for frame in (district.water, district.rail):
        lengths = shapely.length(shapely.intersection(band, frame.geometry.apply(lambda g: g.exterior if g.geom_type == "Polygon" else g).to_numpy()))
        assert lengths.max(initial=0.0) < 3_200.0  # crossing it is no tracing: the boundary itself is some 25 km


def test_people_add_up_in_whole_persons_and_live_by_the_streets(district: District) -> None:
    people = district.demand["people"]
    assert people.sum() == PEOPLE
    assert (people == people.round()).all()
    assert people.min() >= 1
    _, away = shapely.STRtree(district.streets.geometry.to_numpy()).query_nearest(
        district.demand.geometry.to_numpy(), return_distance=True, all_matches=False)
    assert away.max() <= REACH_M


def test_squares_are_whole_and_lie_on_one_lattice(district: District) -> None:
    table = pd.read_csv(embedded_folder() / "population.csv", encoding="utf-8")
    assert list(table.columns) == ["easting", "northing", "people"]
    assert ((table[["easting", "northing"]] % 100) == 50).all(axis=None)
    assert not table.duplicated(["easting", "northing"]).any()


def test_people_live_denser_by_the_old_streets(district: District) -> None:
    seat = district.labels.set_index("id").geometry["seat"]
    near = district.demand.distance(seat) < 700
    assert district.demand["people"][near].mean() > 3 * district.demand["people"][~near].mean()


def test_only_the_axes_are_named(district: District) -> None:
    assert set(district.streets["name_zh"]) == {"", "中州东路", "启明南路", "夹马营路"}
    assert set(district.streets["name_en"]) == {"", "Zhongzhou East Road", "Qiming South Road", "Jiamaying Road"}
    assert set(district.rail["name_zh"]) == {"", "焦柳铁路"}
    assert "name_zh" not in district.water or not district.water["name_zh"].any()


def test_named_streets_lie_on_their_axes_and_are_whole(district: District) -> None:
    axes = district.labels[district.labels["kind"] == "axis"].set_index("name_zh").geometry
    named = district.streets[district.streets["name_zh"] != ""]
    for name, group in named.groupby("name_zh"):
        assert group.geometry.hausdorff_distance(axes[name]).notna().all()
        assert shapely.covers(axes[name].buffer(2.5), group.geometry.to_numpy()).all(), name
        assert group.length.sum() == pytest.approx(axes[name].length, rel=0.01), name


@pytest.mark.parametrize(("part", "most"), [("rail", 8), ("water", 8)])
def test_barriers_have_few_crossings_and_most_of_them_are_main_streets(district: District, part: str, most: int) -> None:
    for shape in getattr(district, part).geometry:
        over = district.streets[district.streets.intersects(shape)]
        assert len(over) <= most
        assert over["class"].isin(MAIN).sum() >= len(over) - 1
    assert max(district.streets.intersects(shape).sum() for shape in getattr(district, part).geometry) >= 4


def test_three_gaps_are_missing_links_between_dead_ends_for_vehicles(district: District) -> None:
    gaps = district.gaps.sort_values("id")
    assert list(gaps["name_zh"]) == ["示意断头路 A", "示意断头路 B", "示意断头路 C"]
    assert gaps.length.between(80, 300).all()
    vehicle = district.streets[district.streets["vehicle"]]
    for gap in gaps.geometry:
        assert not district.streets.crosses(gap).any()
        for end in (shapely.Point(gap.coords[0]), shapely.Point(gap.coords[-1])):
            touching = district.streets[district.streets.distance(end) < 0.05]
            assert len(touching) == 1
            assert touching.index[0] in vehicle.index
            assert touching["name_zh"].iloc[0] == ""


def test_one_gap_would_cross_a_railway_so_that_opening_it_changes_walks(district: District) -> None:
    crossing = [gap.crosses(rail) for gap in district.gaps.geometry for rail in district.rail.geometry]
    assert sum(crossing) == 1


def test_a_folder_that_cannot_be_made_is_told_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch, "sketch_files", lambda *, seed: {"streets.geojson": "{}"})  # what is written does not matter here
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CannotWrite):
        build_sketch(tmp_path / "file" / "inside")


def test_frames_hold_what_the_map_expects(district: District) -> None:
    assert isinstance(district.water, gpd.GeoDataFrame)
    assert list(district.water["kind"]) == ["river", "pond", "pond", "pond", "pond"]
    assert shapely.is_valid(district.water.geometry.to_numpy()).all()
