import geopandas as gpd
import pytest
import shapely

from geodata.candidates import CANDIDATE_COLUMNS, candidates_of
from geodata.errors import BadInput, Unknown
from tests.toytown import CRS, X0, Y0, at, box, district, frame, people, site, streets


def places(asked: str, given: gpd.GeoDataFrame | None = None, **parts: object) -> gpd.GeoDataFrame:
    return candidates_of(district(people([at(0, 0)]), **parts), asked, given).frame


def offsets(found: gpd.GeoDataFrame) -> set[tuple[float, float]]:
    return {(round(p.x - X0, 3), round(p.y - Y0, 3)) for p in found.geometry}


def test_street_corners_are_where_three_ways_meet() -> None:
    found = places("corners")
    assert len(found) == 96  # a hundred crossings without the four bends
    assert (0.0, 0.0) not in offsets(found)
    assert (100.0, 0.0) in offsets(found)


def test_corners_of_streets_for_feet_alone_or_for_through_traffic_are_left_out() -> None:
    ways = streets()
    ways["class"] = "path"
    ways.loc[:17, "class"] = "residential"
    found = places("corners", streets=ways)
    assert {y for _, y in offsets(found)} == {0.0, 100.0}


def test_a_grid_has_one_place_a_square_on_the_street_nearest_its_middle() -> None:
    found = places("grid:100")
    assert found["candidate"].is_unique
    squares = {(int(p.x // 100), int(p.y // 100)) for p in found.geometry}
    assert len(squares) == len(found)
    assert all(min(x % 100, y % 100) == pytest.approx(0, abs=1e-6) or max(x % 100, y % 100) == pytest.approx(100, abs=1e-6)
               for x, y in offsets(found))


def test_no_grid_place_stands_in_water_on_rail_or_outside() -> None:
    water = frame([box(-10, -10, 420, 1000)], kind=["river"])
    found = places("grid:100", water=water, boundary=frame([box(-100, -100, 1000, 450)], area_km2=[0.6]))
    assert len(found)
    assert all(x > 420 and y < 450 for x, y in offsets(found))


def test_the_sites_of_another_layer_are_candidates_where_they_are_located() -> None:
    rows = [site("clinics", 1, at(120, 0)), site("clinics", 2, None), site("clinics", 3, box(300, 300, 340, 340))]
    found = candidates_of(district(people([at(0, 0)]), rows), "layer:clinics").frame
    assert found["candidate"].tolist() == ["clinics-01", "clinics-03"]
    assert (found.geom_type == "Point").all()


def test_places_of_a_file_keep_their_ids_and_get_one_where_they_have_none() -> None:
    given = frame([at(10, 10), None, at(20, 20)], id=["a", "b", None], name_zh=["甲", "乙", "丙"]).to_crs("EPSG:4326")
    found = places("file", given)
    assert tuple(found.columns) == (*CANDIDATE_COLUMNS, "geometry")
    assert found["candidate"].iloc[0] == "a"
    assert found["candidate"].iloc[1].startswith("file-")
    assert found["name_zh"].tolist() == ["甲", "丙"]
    assert found.crs == CRS
    assert shapely.distance(found.geometry.iloc[0], at(10, 10)) < 0.01


@pytest.mark.parametrize(("asked", "error"), [
    ("nowhere", Unknown), ("layer:nothing", Unknown), ("layer:clinics", BadInput), ("grid:5", BadInput), ("grid:x", BadInput), ("file", BadInput),
])
def test_what_gives_no_candidates_is_refused(asked: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        places(asked)


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="twice"):
        places("file", frame([at(10, 10), at(20, 20)], id=["a", "a"]).to_crs("EPSG:4326"))
