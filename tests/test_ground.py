"""The ground of a pack out of plain files: what is kept, what is left out, what is refused."""

import geopandas as gpd
import pytest
import shapely

from geodata.errors import BadInput, ProblemsFound
from geodata.ground import read_areas, read_boundary, read_population, read_streets

CRS = "EPSG:32649"


@pytest.fixture
def district() -> gpd.GeoDataFrame:
    """A square of 2 km in metres."""
    return gpd.GeoDataFrame(geometry=[shapely.box(636000, 3839000, 638000, 3841000)], crs=CRS)


def saved(tmp_path, name, shapes, **columns):
    """Write shapes given in metres as GeoJSON in degrees."""
    path = tmp_path / name
    gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_crs("EPSG:4326").to_file(path)
    return path


def test_a_boundary_is_one_polygon(tmp_path, district):
    path = saved(tmp_path, "b.geojson", [shapely.box(0 + 636000, 3839000, 637000, 3841000), shapely.box(637000, 3839000, 638000, 3841000)], n=[1, 2])
    kept = read_boundary(path, None).frame.to_crs(CRS)
    assert len(kept) == 1
    assert kept.area.iloc[0] == pytest.approx(4e6, rel=1e-6)


def test_a_boundary_of_lines_is_refused(tmp_path):
    with pytest.raises(BadInput, match="polygon"):
        read_boundary(saved(tmp_path, "b.geojson", [shapely.LineString([(636000, 3839000), (637000, 3839000)])], n=[1]), None)


def test_streets_are_noded_classed_and_kept_near_the_district_only(tmp_path, district):
    lines = [shapely.LineString([(636100, 3840000), (637900, 3840000)]), shapely.LineString([(637000, 3839100), (637000, 3840900)]),
             shapely.LineString([(636100, 3840500), (636200, 3840500)]), shapely.LineString([(636300, 3840500), (636400, 3840500)]), shapely.LineString([(660000, 3840000), (661000, 3840000)])]
    path = saved(tmp_path, "s.geojson", lines, 等级=["主干路", "背街小巷", "motorway", "奇怪", "primary"], 路名=["东路", None, "x", "y", "z"])
    kept = read_streets(path, None, district)
    assert sorted(kept.frame["class"]) == ["lane", "lane", "primary", "primary", "residential"]
    assert dict(zip(kept.frame["class"], kept.frame["vehicle"], strict=True)) == {"primary": True, "lane": False, "residential": True}
    assert set(kept.frame["name_zh"]) == {"东路", "", "y"}
    assert [p.code for p in kept.problems] == ["unknown_class"]
    assert kept.frame.crs.to_epsg() == 4326


def test_streets_elsewhere_are_refused_with_both_places(tmp_path, district):
    path = saved(tmp_path, "s.geojson", [shapely.LineString([(660000, 3840000), (661000, 3840000)])], n=[1])
    with pytest.raises(BadInput) as caught:
        read_streets(path, None, district)
    assert "112." in caught.value.say("zh")
    assert "datum" in caught.value.say("en")


def test_people_inside_are_kept_and_those_outside_are_told(tmp_path, district):
    path = saved(tmp_path, "p.geojson", [shapely.Point(637000, 3840000), shapely.box(636500, 3839500, 636600, 3839600), shapely.Point(650000, 3840000)], 人口=[10, "20", 30])
    kept = read_population(path, None, district)
    assert kept.frame["people"].tolist() == [10.0, 20.0]
    assert kept.frame.geom_type.eq("Point").all()
    assert [p.code for p in kept.problems] == ["people_outside"]


@pytest.mark.parametrize(("row", "code"), [("637000,3840000,-5", "too_small"), ("637000,3840000,", "missing_value"), (",,5", "people_nowhere"), ("637000,3840000,many", "not_a_number")])
def test_broken_people_are_refused_by_row_or_left_out_on_demand(tmp_path, district, row, code):
    path = tmp_path / "p.csv"
    path.write_text(f"x,y,people\n636900,3840000,7\n{row}\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as caught:
        read_population(path, CRS, district)
    assert (3, code) in [(p.row, p.code) for p in caught.value.problems]
    assert read_population(path, CRS, district, skip_bad_rows=True).frame["people"].tolist() == [7.0]


def test_people_without_their_column_or_all_elsewhere_are_refused(tmp_path, district):
    path = tmp_path / "p.csv"
    path.write_text("x,y,n\n636900,3840000,7\n", encoding="utf-8")
    with pytest.raises(BadInput, match="people"):
        read_population(path, CRS, district)
    path.write_text("x,y,people\n736900,3840000,7\n", encoding="utf-8")
    with pytest.raises(BadInput, match="does not lie"):
        read_population(path, CRS, district)


def test_large_population_polygons_are_told(tmp_path, district):
    path = saved(tmp_path, "p.geojson", [shapely.box(636000, 3839000, 637000, 3840000)], people=[5000])
    assert [p.code for p in read_population(path, None, district).problems] == ["big_cell"]


def test_areas_have_ids_and_names(tmp_path, district):
    halves = [shapely.box(636000, 3839000, 637000, 3841000), shapely.box(637000, 3839000, 638000, 3841000), shapely.box(700000, 3839000, 700100, 3841000)]
    kept = read_areas(saved(tmp_path, "a.geojson", halves, 街道名称=["东关街道", "北窑街道", "外"], 街道代码=["1", "1", "3"]), None, district).frame
    assert kept["name_zh"].tolist() == ["东关街道", "北窑街道"]
    assert kept["area_id"].tolist() == ["area-01", "area-02"]
    with pytest.raises(BadInput):
        read_areas(saved(tmp_path, "b.geojson", halves, n=[1, 2, 3]), None, district)
