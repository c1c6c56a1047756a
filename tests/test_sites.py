"""The shipped sites and labels: one site for every promised place, a position only where one can be defended."""

import csv
import json
import os
from collections import Counter
from math import cos, hypot, radians
from pathlib import Path

import pytest

import geodata
from geodata.district import LOCATED_CLASSES, LOCATION_CLASSES, ORIGINS, SITE_COLUMNS, STATUSES
from layers import every_layer

PACK = Path(geodata.__file__).parent / "chanhe"
REPORT_DATE = "2022-04"
LIMIT_M = {"surveyed": 10, "address": 100, "street": 2000, "area": 2000}
"""The largest uncertainty a location class allows, metres; a street is as long as its named street."""
DISTRICT_BOX = (112.467, 34.671, 112.536, 34.743)
"""West, south, east, north; degrees, WGS-84."""

PLACES_OF_2022 = {
    "l1-clinics": 2, "l3-youth-station": 1, "l4-micro-fire-stations": 48, "l5-middle-school": 1, "l5-primary-school": 1,
    "l5-kindergarten": 1, "l6-alleys": 3, "l6-toilets": 10, "l7-elder-care-street": 7, "l7-elder-care-community": 2,
    "l8-greening-plazas": 2, "l8-sewage-water": 2, "l9-parking-public": 5, "l9-parking-ecological": 1,
    "l10-service-centre": 1, "p4-road-openings": 3, "p2-five-parks": 5,
}
"""The 95 places the report promises for 2022, counted by hand from its text."""
NAMED_OF_THE_95 = {"兴业路", "陇海街北段", "巨龙", "联东", "吕庙产业园", "焦柳东中关村软件园", "颐高科技园"}


def read(name: str):
    return json.loads((PACK / name).read_text(encoding="utf-8"))


FEATURES = read("sites.geojson")["features"]
SITES = [feature["properties"] for feature in FEATURES]
LABELS = read("labels.geojson")["features"]
LEDGER = {row["id"]: row for row in read("ledger.json")}
EACH_SITE = pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature["properties"]["id"])
EACH_LABEL = pytest.mark.parametrize("label", LABELS, ids=lambda label: label["properties"]["id"])


def shared(variable: str) -> Path:
    """What an environment variable points to; without it the test is skipped, but never on CI."""
    if not os.environ.get(variable):
        assert not os.environ.get("CI"), f"{variable} must be set on CI"
        pytest.skip(f"{variable} is not set")
    return Path(os.environ[variable])


def positions(geometry):
    """Every lon, lat of a point or a line."""
    return [geometry["coordinates"]] if geometry["type"] == "Point" else geometry["coordinates"]


def metres_apart(one, other):
    """Distance of two lon, lat pairs a few kilometres apart, metres."""
    return hypot((one[0] - other[0]) * cos(radians(34.69)) * 111_320, (one[1] - other[1]) * 110_940)


@EACH_SITE
def test_a_site_is_valid_against_form_and_ledger(feature):
    site = feature["properties"]
    assert tuple(site) == SITE_COLUMNS
    promise = LEDGER[site["commitment"]]
    assert site["layer"] == promise["layer"]
    assert site["layer"] in every_layer()
    assert site["origin"] in ORIGINS
    assert site["status"] in STATUSES
    assert site["status_as_of"] == REPORT_DATE
    assert site["year"] == promise["year"]
    assert site["amount"] > 0
    assert (site["amount"] == 1) or promise["unit"] in {"户", "个桩"}
    for stem in ("place_hint", "basis", "source"):
        assert site[f"{stem}_zh"]
        assert site[f"{stem}_en"]
    assert bool(site["name_zh"]) == bool(site["name_en"])
    assert site["document"]
    assert site["updated_at"] >= REPORT_DATE


@EACH_SITE
def test_a_position_stands_only_where_it_can_be_defended(feature):
    site, geometry = feature["properties"], feature["geometry"]
    assert site["location_class"] in LOCATION_CLASSES
    located = site["location_class"] in LOCATED_CLASSES
    assert (geometry is not None) == located == (site["uncertainty_m"] is not None)
    if located:
        assert 0 < site["uncertainty_m"] <= LIMIT_M[site["location_class"]]
        assert "OpenStreetMap" in site["source_zh"]
        assert "ODbL" in site["source_en"]
        west, south, east, north = DISTRICT_BOX
        for lon, lat in positions(geometry):
            assert west <= lon <= east
            assert south <= lat <= north
            assert round(lon, 3) == lon, "no more decimals than are known"
            assert round(lat, 3) == lat, "no more decimals than are known"


def test_only_two_sites_have_a_position_and_both_are_approximate():
    located = {s["commitment"]: (s["location_class"], s["uncertainty_m"]) for s in SITES if s["location_class"] != "unlocated"}
    assert located == {"a21-road-jiamaying": ("street", 150), "a21-interchange-tawan": ("area", 1000)}


def test_the_sites_of_every_promise_add_up_to_what_was_promised():
    amounts = Counter()
    for site in SITES:
        amounts[site["commitment"]] += site["amount"]
    said_twice = {row["same_as"]: row["id"] for row in LEDGER.values() if row.get("same_as")}
    placed = {key: row for key, row in LEDGER.items() if row.get("layer") and not row.get("of")}
    assert set(amounts) <= set(placed)
    for key, row in placed.items():
        if key in said_twice:
            assert amounts[key] == 0, f"{key} is counted with {said_twice[key]}"
        else:
            assert amounts[key] == (row.get("quantity") or 1), key


def test_the_places_promised_for_2022_are_95_of_which_seven_have_a_name():
    found = [site for site in SITES if site["commitment"] in PLACES_OF_2022]
    assert Counter(site["commitment"] for site in found) == PLACES_OF_2022
    assert sum(site["amount"] for site in found) == 95
    assert {site["name_zh"] for site in found} == NAMED_OF_THE_95 | {""}
    assert {site["location_class"] for site in found} == {"unlocated"}


def test_ids_count_up_within_their_promise_named_sites_first():
    assert len({site["id"] for site in SITES}) == len(SITES)
    seen = Counter()
    for site in SITES:
        seen[site["commitment"]] += 1
        assert site["id"] == f"{site['commitment']}-{seen[site['commitment']]:02d}"
    for key in seen:
        named = [bool(site["name_zh"]) for site in SITES if site["commitment"] == key]
        assert named == sorted(named, reverse=True)


def test_what_was_done_in_2021_is_done_and_what_is_promised_is_not():
    for site in SITES:
        if LEDGER[site["commitment"]]["kind"] == "target":
            assert site["status"] != "done", site["id"]
        else:
            assert site["status"] == "done", site["id"]
        if site["status"] == "under_construction":
            assert "推断" in site["basis_zh"]
            assert "inferred" in site["basis_en"]


@pytest.mark.parametrize("commitment", ["l4-micro-fire-stations", "l7-elder-care-street", "p2-five-parks"])
def test_an_inference_is_marked_as_one(commitment):
    for site in SITES:
        if site["commitment"] == commitment:
            assert "推测" in site["place_hint_zh"] or "推断" in site["place_hint_zh"]
            assert "nferred" in site["place_hint_en"]


@pytest.mark.parametrize(("name", "told"), [("吕庙产业园", "杨文街道"), ("焦柳东中关村软件园", "焦柳铁路以东"), ("中车", "机车社区"),
                                            ("陇海街北段", "陇海街北段"), ("塔湾立交", "塔湾地铁站")])
def test_the_hint_tells_what_is_known(name, told):
    site, = (site for site in SITES if site["name_zh"] == name)
    assert told in site["place_hint_zh"]


def test_every_name_and_the_document_stand_in_the_report():
    report = shared("CHANHE_REPORT_TEXT").read_text(encoding="utf-8")
    for site in SITES:
        assert site["name_zh"] in report, site["id"]
        assert site["document"] in report, site["id"]


@pytest.mark.parametrize("name", ["sites.geojson", "labels.geojson"])
def test_the_file_has_one_feature_a_line(name):
    text = (PACK / name).read_bytes().decode("utf-8")
    assert "\r" not in text
    head, *lines, foot = text.removesuffix("\n").split("\n")
    assert json.loads(head + foot) == {"type": "FeatureCollection", "features": []}
    assert [json.loads(line.removesuffix(",")) for line in lines] == read(name)["features"]


@EACH_LABEL
def test_a_label_says_how_sure_its_place_is(label):
    place = label["properties"]
    assert set(place) == {"id", "name_zh", "name_en", "kind", "uncertainty_m", "basis_zh", "basis_en"}
    assert all(place.values())
    assert (label["geometry"]["type"] == "LineString") == place["kind"].endswith("axis")
    assert 50 <= place["uncertainty_m"] <= 1000
    west, south, east, north = DISTRICT_BOX
    inside = [west <= lon <= east and south <= lat <= north for lon, lat in positions(label["geometry"])]
    assert any(inside)
    assert all(inside) or place["kind"] == "rail_axis", "only a railway runs on beyond the district"


def test_labels_agree_with_the_stations_measured_elsewhere():
    with (shared("CHANHE_DATUM_DIR") / "luoyang_metro_crosscheck.csv").open(encoding="utf-8-sig", newline="") as file:
        stations = {row["station"]: (float(row["osm_lon"]), float(row["osm_lat"])) for row in csv.DictReader(file)}
    checked = 0
    for label in LABELS:
        place = label["properties"]
        if place["kind"] == "station":
            for name, at in stations.items():
                if name.endswith(place["name_zh"].removesuffix("站")):
                    assert metres_apart(positions(label["geometry"])[0], at) <= place["uncertainty_m"], name
                    checked += 1
    assert checked == 3


def test_nothing_on_the_sketch_carries_a_name_but_the_labels_and_the_marked_gaps():
    known = {label["properties"]["name_zh"] for label in LABELS}
    for path in PACK.glob("*.geojson"):
        if path.name not in {"sites.geojson", "labels.geojson"}:
            names = {feature["properties"].get("name_zh") or "" for feature in read(path.name)["features"]} - {""}
            assert all(name in known or name.startswith("示意") for name in names), path.name
