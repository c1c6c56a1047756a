"""The gate for coordinates: exact inverses, an independent implementation, real stations, and the two zones."""

import geopandas as gpd
import numpy as np
import pandas as pd
import prcoords
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geodata.crs import (
    CHINA_BOX,
    DATUMS,
    frame_to_wgs84,
    from_wgs84,
    in_china,
    parse_datum,
    point_to_wgs84,
    to_metric,
    to_wgs84,
    zone_epsg,
)
from geodata.errors import Unknown

GEOD = Geod(ellps="WGS84")
WEST, SOUTH, EAST, NORTH = CHINA_BOX
IN_CHINA = st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH))
ABROAD = st.one_of(
    st.tuples(st.floats(-180, WEST - 0.1), st.floats(-80, 80)),
    st.tuples(st.floats(EAST + 0.1, 180), st.floats(-80, 80)),
    st.tuples(st.floats(-180, 180), st.floats(NORTH + 0.1, 85)),
    st.tuples(st.floats(-180, 180), st.floats(-85, SOUTH - 0.1)),
)
SHIFTED = pytest.mark.parametrize("datum", ["gcj02", "bd09"])


def metres(one, other):
    """Return the distances between two pairs of coordinate arrays."""
    return GEOD.inv(*np.broadcast_arrays(*one, *other))[2]


@SHIFTED
@given(place=IN_CHINA)
def test_a_round_trip_closes_within_a_millimetre_everywhere_in_china(datum, place):
    there = from_wgs84(*place, datum)
    assert metres(to_wgs84(*there, datum), place).max() < 0.001


@SHIFTED
@given(place=ABROAD)
def test_outside_china_nothing_moves(datum, place):
    assert [v[0] for v in from_wgs84(*place, datum)] == list(place)
    assert [v[0] for v in to_wgs84(*place, datum)] == list(place)


@pytest.mark.parametrize(("datum", "theirs"), [("gcj02", prcoords.wgs_gcj), ("bd09", prcoords.wgs_bd)])
@given(place=IN_CHINA)
def test_an_independent_implementation_agrees(datum, theirs, place):
    lon, lat = place
    other = theirs((lat, lon))
    assert metres(from_wgs84(lon, lat, datum), (other.lon, other.lat)).max() < 0.001


def test_the_offsets_in_chanhe_are_those_known():
    here = (112.5, 34.7)
    assert metres(from_wgs84(*here, "gcj02"), here)[0] == pytest.approx(572, abs=3)
    assert metres(from_wgs84(*here, "bd09"), here)[0] == pytest.approx(1274, abs=3)


def test_metro_stations_of_two_sources_agree_once_gcj02_is_undone(datum_dir):
    table = pd.read_csv(datum_dir / "luoyang_metro_crosscheck.csv", encoding="utf-8")
    assert len(table) == 33
    apart = metres(to_wgs84(table["gcj_lon"], table["gcj_lat"], "gcj02"), (table["osm_lon"], table["osm_lat"]))
    assert np.median(apart) == pytest.approx(22, abs=1)
    as_read = metres((table["gcj_lon"], table["gcj_lat"]), (table["osm_lon"], table["osm_lat"]))
    assert np.median(as_read) > 500


@pytest.mark.parametrize(("written", "key"), [
    ("wgs84", "wgs84"), ("WGS-84", "wgs84"), ("EPSG:4326", "wgs84"), ("CGCS2000", "cgcs2000"), ("epsg:4490", "cgcs2000"), ("GCJ-02", "gcj02"),
    ("BD09", "bd09"), ("epsg:4546", "EPSG:4546"), ("4547", "EPSG:4547"), ("EPSG:32649", "EPSG:32649"), ("百度", "bd09"),
])
def test_a_datum_is_known_however_it_is_written(written, key):
    assert parse_datum(written).key == key


@pytest.mark.parametrize("written", ["", "mars", "EPSG:999999", "EPSG:", "4978"])
def test_an_unknown_datum_is_refused_with_what_can_be_used(written):
    with pytest.raises(Unknown) as caught:
        parse_datum(written)
    assert "EPSG" in caught.value.say("zh")
    assert "EPSG" in caught.value.say("en")


@pytest.mark.parametrize(("epsg", "meridian"), [(4546, 111.0), (4547, 114.0)])
def test_each_zone_puts_its_central_meridian_at_500_km(epsg, meridian):
    east, north = from_wgs84(meridian, 34.69, f"EPSG:{epsg}")
    assert east[0] == pytest.approx(500_000, abs=0.001)
    assert 3_800_000 < north[0] < 3_900_000
    assert metres(to_wgs84(east, north, f"EPSG:{epsg}"), (meridian, 34.69))[0] < 0.001


def test_112_and_a_half_degrees_part_the_zones():
    assert (zone_epsg(112.4999), zone_epsg(112.5)) == (4546, 4547)


def test_cgcs2000_is_taken_as_wgs84_and_says_so():
    assert [v[0] for v in to_wgs84(112.5, 34.7, "cgcs2000")] == [112.5, 34.7]
    assert point_to_wgs84(112.5, 34.7, "EPSG:4490") == (112.5, 34.7)
    assert "WGS-84" in DATUMS["cgcs2000"].name.zh


def test_numbers_that_are_none_stay_none():
    lon, lat = to_wgs84([np.nan, 112.5], [34.7, 34.7], "gcj02")
    assert np.isnan(lon[0])
    assert metres(from_wgs84(lon[1:], lat[1:], "gcj02"), (112.5, 34.7))[0] < 0.001
    assert np.isnan(to_wgs84(1e30, 1e30, "EPSG:4547")[0][0])


def test_a_frame_passes_the_gate_with_its_index_and_without_heights():
    frame = gpd.GeoDataFrame({"a": [1, 2]}, index=[7, 9], geometry=[shapely.Point(112.5, 34.7, 9), None], crs="EPSG:4326")
    moved = frame_to_wgs84(frame, "gcj02")
    assert list(moved.index) == [7, 9]
    assert not moved.geometry.loc[7].has_z
    assert metres((moved.geometry.loc[7].x, moved.geometry.loc[7].y), (112.5, 34.7)) == pytest.approx(572, abs=3)
    assert moved.geometry.loc[9] is None
    assert to_metric(moved, "EPSG:32649").crs.to_epsg() == 32649
    assert frame.geometry.loc[7].x == 112.5


def test_china_is_the_rectangle_of_the_formula():
    assert list(in_china([112.5, 24.9, np.nan], [34.7, 60.2, 34.7])) == [True, False, False]
