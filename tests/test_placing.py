"""Placing by hand: what may be claimed on which ground, and how it is taken back."""

import dataclasses

import pytest

from geodata.crs import PLANE_DATUMS, from_wgs84, parse_datum
from geodata.errors import BadInput, Unknown
from geodata.packs import load_district
from geodata.placing import SKETCH_WARNING, place_site, placing_limits, unplace_site, was_clicked

AT = {"lon": 112.490, "lat": 34.690}
TOILET = "l6-toilets-01"


@pytest.fixture(scope="module")
def sketch():
    return load_district()


@pytest.fixture(scope="module")
def real(sketch):
    return dataclasses.replace(sketch, streets_kind="real")


def row(sites, site_id):
    """Return one site."""
    return sites.set_index("id").loc[site_id]


def test_a_click_on_the_sketch_is_an_area_of_500_m_and_warns(sketch):
    limits = placing_limits(sketch, "click")
    assert (limits.classes, limits.least_m, limits.warning) == (("area",), 500.0, SKETCH_WARNING)
    placed = row(place_site(sketch, TOILET, **AT, how="click", basis="踏勘"), TOILET)
    assert (placed["location_class"], placed["uncertainty_m"]) == ("area", 500.0)
    assert placed["basis_zh"] == "踏勘"
    assert placed["updated_at"].endswith("Z")
    assert was_clicked(placed)
    assert not was_clicked(row(place_site(sketch, TOILET, **AT, how="typed", basis="踏勘"), TOILET))


@pytest.mark.parametrize("claim", [{"location_class": "address", "uncertainty_m": 100.0}, {"location_class": "area", "uncertainty_m": 499.0}, {"location_class": "surveyed"}])
def test_a_click_on_the_sketch_may_claim_no_more(sketch, claim):
    with pytest.raises(BadInput, match="click cannot locate") as caught:
        place_site(sketch, TOILET, **AT, how="click", basis="x", **claim)
    assert "路网为示意" in caught.value.say("zh")


@pytest.mark.parametrize("how", ["typed", "file"])
def test_typed_coordinates_and_files_may_claim_more_on_the_sketch(sketch, how):
    placed = row(place_site(sketch, TOILET, **AT, how=how, basis="x", location_class="surveyed", uncertainty_m=10.0), TOILET)
    assert placed["location_class"] == "surveyed"


def test_so_may_a_click_on_real_streets_or_with_a_basemap_in_view(sketch, real):
    assert placing_limits(real, "click").warning is None
    for district, basemap in ((real, False), (sketch, True)):
        placed = row(place_site(district, TOILET, **AT, how="click", basis="x", location_class="address", uncertainty_m=50.0, on_basemap=basemap), TOILET)
        assert placed["location_class"] == "address"


@pytest.mark.parametrize(("location_class", "most"), [("surveyed", 10), ("address", 100), ("area", 2000)])
def test_no_class_allows_more_than_its_uncertainty(sketch, location_class, most):
    claim = {"how": "typed", "basis": "x", "location_class": location_class}
    place_site(sketch, TOILET, **AT, **claim, uncertainty_m=most)
    with pytest.raises(BadInput, match="at most"):
        place_site(sketch, TOILET, **AT, **claim, uncertainty_m=most + 1)
    with pytest.raises(BadInput):
        place_site(sketch, TOILET, **AT, **claim, uncertainty_m=float("nan"))


@pytest.mark.parametrize("location_class", ["proposed", "stand_in", "unlocated", "sure"])
def test_only_located_classes_can_be_placed(sketch, location_class):
    with pytest.raises(BadInput):
        place_site(sketch, TOILET, **AT, how="typed", basis="x", location_class=location_class)


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "EPSG:4546", "EPSG:4547"])
def test_typed_coordinates_are_taken_in_their_datum(sketch, datum):
    x, y = from_wgs84(AT["lon"], AT["lat"], datum)
    placed = place_site(sketch, TOILET, lon=x[0], lat=y[0], datum=datum, how="typed", basis="x")
    plain = place_site(sketch, TOILET, **AT, how="typed", basis="x")
    assert row(placed, TOILET).geometry.distance(row(plain, TOILET).geometry) < 0.001
    told = row(placed, TOILET)["source_zh"]
    assert (datum if datum.startswith("EPSG") else {"gcj02": "GCJ-02", "bd09": "BD-09"}[datum]) in told
    assert datum.startswith("EPSG") or datum not in told  # the user's word, not our key


@pytest.mark.parametrize(("lon", "lat", "word"), [(112.6, 34.69, "boundary"), (34.69, 112.49, "longitude"), (float("nan"), 34.69, "longitude"), (500000, 3840000, "longitude")])
def test_a_place_must_lie_in_the_district(sketch, lon, lat, word):
    with pytest.raises(BadInput, match=word):
        place_site(sketch, TOILET, lon=lon, lat=lat, how="typed", basis="x")


def test_a_basis_is_required_and_the_site_must_exist(sketch):
    with pytest.raises(BadInput, match="rests on"):
        place_site(sketch, TOILET, **AT, how="typed", basis=" ")
    with pytest.raises(Unknown):
        place_site(sketch, "示意消防站 7", **AT, how="typed", basis="x")
    with pytest.raises(Unknown):
        unplace_site(sketch, "nothing")


def test_nothing_else_changes_and_taking_back_restores_the_tray(sketch):
    before = sketch.sites.copy()
    placed = place_site(sketch, TOILET, **AT, how="typed", basis="x", updated_by="张")
    assert sketch.sites.geometry.isna().tolist() == before.geometry.isna().tolist()
    others = before["id"] != TOILET
    assert placed[others].drop(columns="geometry").equals(before[others].drop(columns="geometry"))
    back = row(unplace_site(dataclasses.replace(sketch, sites=placed), TOILET), TOILET)
    was = row(before, TOILET)
    assert back["location_class"] == "unlocated"
    assert back.geometry is None
    assert back["source_zh"] == was["source_zh"]
    assert back["place_hint_zh"] == was["place_hint_zh"]


def test_moving_a_site_again_tells_the_last_way_only(sketch):
    once = dataclasses.replace(sketch, sites=place_site(sketch, TOILET, **AT, how="click", basis="x"))
    twice = row(place_site(once, TOILET, **AT, how="typed", basis="y"), TOILET)
    assert twice["source_zh"].count("位置") == 1


def test_a_part_of_an_amount_can_be_placed_and_the_sum_stays(sketch):
    pile = sketch.sites.loc[sketch.sites["commitment"] == "l9-charging-piles", "id"].iloc[0]
    placed = place_site(sketch, pile, **AT, how="typed", basis="x", amount=12)
    piles = placed[placed["commitment"] == "l9-charging-piles"]
    assert piles["amount"].sum() == 200
    assert piles.groupby("location_class")["amount"].sum().to_dict() == {"address": 12.0, "unlocated": 188.0}
    assert placed["id"].is_unique
    for amount in (0, 201, -1):
        with pytest.raises(BadInput):
            place_site(sketch, pile, **AT, how="typed", basis="x", amount=amount)


def test_what_was_known_before_never_contradicts_the_position_and_comes_back(sketch):
    named = sketch.sites[(sketch.sites["place_hint_zh"].fillna("") != "") & (sketch.sites["location_class"] == "unlocated")].iloc[0]
    placed = place_site(sketch, named["id"], **AT, how="typed", basis="x")
    assert row(placed, named["id"])["place_hint_zh"] == f"落位前所知：{named['place_hint_zh']}"
    again = place_site(dataclasses.replace(sketch, sites=placed), named["id"], **AT, how="typed", basis="y")
    assert row(again, named["id"])["place_hint_zh"].count("落位前所知") == 1
    back = unplace_site(dataclasses.replace(sketch, sites=again), named["id"])
    assert row(back, named["id"])["place_hint_zh"] == named["place_hint_zh"]


def test_every_plane_datum_offered_is_one_we_know(sketch):
    assert [parse_datum(key).key for key in PLANE_DATUMS] == list(PLANE_DATUMS)
