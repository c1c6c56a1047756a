"""Inputs that stand apart as two datums do are told, with the datum that explains it; others are left in peace."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.crs import from_wgs84, to_wgs84
from geodata.offsets import datum_problem, guess_by_boundary, guess_by_lines, guess_by_names
from layers import Text

CRS = "EPSG:32649"
AT = gpd.GeoSeries([shapely.Point(112.49, 34.70)], crs="EPSG:4326").to_crs(CRS).iloc[0]


def read_wrongly(places: gpd.GeoSeries, datum: str) -> gpd.GeoSeries:
    """Return WGS-84 places as they stand when numbers in `datum` are taken for WGS-84."""
    return gpd.GeoSeries.from_xy(*from_wgs84(places.x, places.y, datum), index=places.index, crs="EPSG:4326")


@pytest.fixture(scope="module")
def streets() -> gpd.GeoSeries:
    """Irregular blocks of 180 to 330 m over 6 km, in metres."""
    rng = np.random.default_rng(5)
    steps = [np.cumsum(rng.uniform(180, 330, 24)) - 3000 for _ in range(2)]
    lines = [shapely.LineString([(AT.x + x, AT.y - 3000), (AT.x + x, AT.y + 3000)]) for x in steps[0]]
    lines += [shapely.LineString([(AT.x - 3000, AT.y + y), (AT.x + 3000, AT.y + y)]) for y in steps[1]]
    return gpd.GeoSeries(lines, crs=CRS)


@pytest.fixture(scope="module")
def beside(streets) -> gpd.GeoSeries:
    """Sixty places within 12 m of a street, WGS-84."""
    rng = np.random.default_rng(6)
    which = rng.integers(0, len(streets), 60)
    on = shapely.line_interpolate_point(streets.to_numpy()[which], rng.uniform(0.2, 0.8, 60), normalized=True)
    shift = rng.uniform(-12, 12, (60, 2))
    return gpd.GeoSeries(shapely.points(shapely.get_coordinates(on) + shift), crs=CRS).to_crs("EPSG:4326")


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_places_off_the_streets_are_told_with_their_datum(streets, beside, datum):
    guess = guess_by_lines(read_wrongly(beside, datum), streets)
    assert guess is not None
    assert (guess.datum, guess.at_reference) == (datum, False)
    assert guess.after < 12 < guess.before
    assert guess.offset_m == pytest.approx({"gcj02": 571, "bd09": 1274}[datum], rel=0.03)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_streets_that_are_off_themselves_are_told(streets, beside, datum):
    degrees = streets.to_crs("EPSG:4326")
    wrong = degrees.transform(lambda p: np.column_stack(from_wgs84(p[:, 0], p[:, 1], datum))).to_crs(CRS)
    guess = guess_by_lines(beside, wrong)
    assert guess is not None
    assert (guess.datum, guess.at_reference) == (datum, True)


def test_places_stated_as_gcj02_that_are_wgs84_are_told(streets, beside):
    undone = gpd.GeoSeries.from_xy(*to_wgs84(beside.x, beside.y, "gcj02"), crs="EPSG:4326")
    guess = guess_by_lines(undone, streets, stated="gcj02")
    assert guess is not None
    assert guess.datum == "wgs84"


@pytest.mark.parametrize("seed", range(5))
def test_places_strewn_anywhere_say_nothing(streets, seed):
    rng = np.random.default_rng(seed)
    strewn = gpd.GeoSeries.from_xy(AT.x + rng.uniform(-2000, 2000, 200), AT.y + rng.uniform(-2000, 2000, 200), crs=CRS).to_crs("EPSG:4326")
    assert guess_by_lines(strewn, streets) is None


def test_places_on_the_streets_and_a_handful_of_places_say_nothing(streets, beside):
    assert guess_by_lines(beside, streets) is None
    assert guess_by_lines(read_wrongly(beside.iloc[:5], "gcj02"), streets) is None


def test_helsinki_moves_under_no_datum(streets):
    away = gpd.GeoSeries.from_xy(np.linspace(24.9, 24.95, 30), np.full(30, 60.17), crs="EPSG:4326")
    assert guess_by_lines(away, away.to_crs("EPSG:32635").buffer(5).boundary) is None


def test_places_that_lie_inside_only_once_undone_are_told():
    rng = np.random.default_rng(3)
    district = gpd.GeoSeries([shapely.box(AT.x - 2000, AT.y - 3000, AT.x + 2000, AT.y + 3000)], crs=CRS)
    inside = gpd.GeoSeries.from_xy(AT.x + rng.uniform(-1980, 1980, 60), AT.y + rng.uniform(-2980, 2980, 60), crs=CRS).to_crs("EPSG:4326")
    guess = guess_by_boundary(read_wrongly(inside, "gcj02"), district)
    assert guess is not None
    assert guess.datum == "gcj02"
    assert guess.before < guess.after == 1.0
    assert guess_by_boundary(inside, district) is None


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_things_of_one_name_that_stand_apart_are_told(datum):
    here = gpd.GeoSeries.from_xy([112.498, 112.512], [34.689, 34.691], crs="EPSG:4326")
    guess = guess_by_names(read_wrongly(here, datum), here)
    assert guess is not None
    assert guess.datum == datum
    assert guess.after < 1.0
    turned = guess_by_names(here, read_wrongly(here, datum))
    assert turned is not None
    assert turned.at_reference


def test_an_offset_no_datum_explains_is_told_without_a_name():
    here = gpd.GeoSeries.from_xy([112.498], [34.689], crs="EPSG:4326")
    guess = guess_by_names(gpd.GeoSeries.from_xy([112.498], [34.689 + 0.0066], crs="EPSG:4326"), here)
    assert guess is not None
    assert guess.datum == ""
    problem = datum_problem(guess, Text("点位", "Sites"), Text("地名", "places"))
    assert (problem.code, problem.level) == ("offset", "warning")


@pytest.mark.parametrize("degrees", [0.0, 0.003, 0.03])
def test_small_and_large_offsets_are_no_matter_of_datum(degrees):
    here = gpd.GeoSeries.from_xy([112.498], [34.689], crs="EPSG:4326")
    assert guess_by_names(gpd.GeoSeries.from_xy([112.498 + degrees], [34.689], crs="EPSG:4326"), here) is None


def test_the_warning_names_the_datum_the_metres_and_what_to_do():
    here = gpd.GeoSeries.from_xy([112.498], [34.689], crs="EPSG:4326")
    guess = guess_by_names(read_wrongly(here, "gcj02"), here)
    assert guess is not None
    problem = datum_problem(guess, Text("点位", "Sites"), Text("地名", "places"), "f.csv")
    assert problem.code == "datum_gcj02"
    for lang in ("zh", "en"):
        assert "GCJ-02" in problem.message.say(lang)
        assert "573" in problem.message.say(lang)
        assert "gcj02" in problem.remedy.say(lang)
