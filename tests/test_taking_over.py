"""A file's rows take over what is not located, stand beside it, or go beyond it; the ledger always reconciles."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.checks import ROW
from geodata.errors import BadInput, Unknown
from geodata.intake import read_vector
from geodata.ledger import balance
from geodata.packs import load_district
from geodata.taking_over import Claim, import_sites, template

DISTRICT = load_district()
INSIDE = DISTRICT.boundary.geometry.iloc[0].buffer(-300)


def rows(count: int, **columns) -> gpd.GeoDataFrame:
    """Return rows at different places inside the district, as intake gives them."""
    points = gpd.GeoSeries([INSIDE], crs=DISTRICT.metric_crs).sample_points(max(count, 1), rng=3).explode(ignore_index=True).to_crs("EPSG:4326").iloc[:count]
    return gpd.GeoDataFrame({**columns, ROW: np.arange(2, count + 2)}, geometry=points.to_numpy(), crs="EPSG:4326")


TOLD_OF_ALL = {"class_assumed", "no_names", "no_name"}
"""Warnings about rows that say nothing of themselves, which most rows here do."""


def rest(problems):
    """Return the findings but those about rows that say nothing of themselves."""
    return [p for p in problems if p.code not in TOLD_OF_ALL]


def of(sites, **wanted):
    """Return the sites whose columns have these values."""
    keep = pd.Series(True, index=sites.index)
    for name, value in wanted.items():
        keep &= sites[name] == value
    return sites[keep]


def test_an_offices_48_stations_take_the_place_of_all_48_at_once():
    sites, problems = import_sites(DISTRICT, "micro_fire_stations", rows(48), file="站.csv")
    stations = of(sites, layer="micro_fire_stations")
    assert rest(problems) == []
    assert len(stations) == 48
    assert set(stations["location_class"]) == {"address"}
    assert set(stations["uncertainty_m"]) == {100.0}
    assert stations["id"].tolist() == of(DISTRICT.sites, layer="micro_fire_stations")["id"].tolist()
    assert set(stations["source_zh"]) == {"站.csv"}
    row = balance(DISTRICT.ledger, sites).set_index("id").loc["l4-micro-fire-stations"]
    assert (row["located"], row["unlocated"], row["beyond"]) == (48, 0, 0)


def test_what_is_more_than_promised_is_beyond_and_said():
    sites, problems = import_sites(DISTRICT, "micro_fire_stations", rows(50))
    assert [(p.row, p.code, p.level) for p in rest(problems)] == [(50, "beyond", "warning"), (51, "beyond", "warning")]
    row = balance(DISTRICT.ledger, sites).set_index("id").loc["l4-micro-fire-stations"]
    assert (row["located"], row["beyond"]) == (50, 2)
    assert sites["id"].is_unique


def test_the_same_file_twice_changes_nothing_more():
    once, _ = import_sites(DISTRICT, "micro_fire_stations", rows(50))
    twice, _ = import_sites(dataclasses.replace(DISTRICT, sites=once), "micro_fire_stations", rows(50))
    assert len(twice) == len(once)
    assert twice["id"].tolist() == once["id"].tolist()


def test_rows_of_origin_existing_stand_beside_the_programme():
    sites, _ = import_sites(DISTRICT, "public_toilets", rows(3, origin=["existing"] * 3, name_zh=["甲", "乙", ""]))
    new = of(sites, layer="public_toilets", origin="existing")
    assert len(new) == 3
    assert set(new["commitment"]) == {""}
    assert set(new["status"]) == {"done"}
    assert of(sites, commitment="l6-toilets")["location_class"].eq("unlocated").all()
    again, _ = import_sites(dataclasses.replace(DISTRICT, sites=sites), "public_toilets", rows(3, origin=["existing"] * 3, name_zh=["甲", "乙", ""]))
    assert len(again) == len(sites)


def test_a_row_finds_its_site_by_id_and_by_name_and_a_nameless_row_never_takes_a_named_one():
    sites, _ = import_sites(DISTRICT, "industrial_parks", rows(2, name_zh=["巨龙片区", ""], id=["", "p2-five-parks-03"]))
    julong = of(DISTRICT.sites, name_zh="巨龙")["id"].iloc[0]
    assert of(sites, id=julong)["location_class"].tolist() == ["address"]
    assert of(sites, id=julong)["name_zh"].tolist() == ["巨龙片区"]
    assert of(sites, id="p2-five-parks-03")["location_class"].tolist() == ["address"]
    nameless, problems = import_sites(DISTRICT, "industrial_parks", rows(1))
    assert of(nameless, commitment="p2-five-parks")["location_class"].value_counts().to_dict() == {"unlocated": 5, "address": 1}
    assert [p.code for p in rest(problems)] == ["beyond"]


def test_the_latest_promise_is_served_first_unless_the_row_says_otherwise():
    plain, _ = import_sites(DISTRICT, "renovated_alleys", rows(1))
    located = plain[plain["layer"].eq("renovated_alleys") & plain["location_class"].eq("address")]
    assert located["commitment"].tolist() == ["l6-alleys"]
    older, _ = import_sites(DISTRICT, "renovated_alleys", rows(1, year=["2021"]))
    located = older[older["layer"].eq("renovated_alleys") & older["location_class"].eq("address")]
    assert located["commitment"].tolist() == ["a21-alleys"]


def test_amounts_are_taken_out_of_the_promise_and_must_be_given():
    sites, problems = import_sites(DISTRICT, "charging_sites", rows(3, amount=["80", "70", "60"]))
    piles = of(sites, commitment="l9-charging-piles")
    assert rest(problems) == []
    assert piles["amount"].tolist() == [60.0, 80.0, 70.0]
    row = balance(DISTRICT.ledger, sites).set_index("id").loc["l9-charging-piles"]
    assert (row["located"], row["unlocated"], row["beyond"]) == (210, 0, 10)
    _, problems = import_sites(DISTRICT, "charging_sites", rows(1))
    assert [p.code for p in rest(problems)] == ["amount_needed"]


@pytest.mark.parametrize(("columns", "expected"), [
    ({}, ("address", 100.0)), ({"uncertainty_m": ["8"]}, ("surveyed", 8.0)), ({"uncertainty_m": ["60"]}, ("address", 60.0)), ({"uncertainty_m": ["800"]}, ("area", 800.0)),
    ({"location_class": ["surveyed"]}, ("surveyed", 10.0)), ({"location_class": ["street"], "uncertainty_m": ["150"]}, ("street", 150.0)),
])
def test_a_row_is_as_sure_as_it_says_and_an_address_where_it_says_nothing(columns, expected):
    sites, _ = import_sites(DISTRICT, "public_toilets", rows(1, **columns))
    placed = sites[sites["layer"].eq("public_toilets") & sites.geometry.notna()].iloc[0]
    assert (placed["location_class"], placed["uncertainty_m"]) == expected


@pytest.mark.parametrize(("columns", "code"), [
    ({"location_class": ["surveyed"], "uncertainty_m": ["50"]}, "class_limit"), ({"location_class": ["stand_in"]}, "unknown_value"), ({"status": ["fertig"]}, "unknown_value"),
    ({"origin": ["mine"]}, "unknown_value"), ({"commitment": ["l5-kindergarten"]}, "unknown_commitment"), ({"capacity": ["-3"]}, "too_small"), ({"amount": ["x"]}, "not_a_number"), ({"year": ["12"]}, "too_small"),
])
def test_a_row_that_cannot_be_used_is_a_finding_and_changes_nothing(columns, code):
    sites, problems = import_sites(DISTRICT, "public_toilets", rows(1, **columns))
    assert code in [p.code for p in problems]
    assert of(sites, layer="public_toilets")["location_class"].eq("unlocated").all()


def test_repeated_ids_and_places_elsewhere_are_findings():
    twice = rows(2, id=["l6-toilets-01", "l6-toilets-01"])
    assert [p.code for p in rest(import_sites(DISTRICT, "public_toilets", twice)[1])] == ["duplicate_id"]
    away = rows(1).set_geometry(gpd.points_from_xy([113.5], [34.7]), crs="EPSG:4326")
    sites, problems = import_sites(DISTRICT, "public_toilets", away)
    assert [p.code for p in rest(problems)] == ["outside"]
    assert len(sites) == len(DISTRICT.sites)


def test_rows_without_a_place_change_nothing():
    nowhere = rows(1).set_geometry(gpd.GeoSeries([None], crs="EPSG:4326"))
    sites, _ = import_sites(DISTRICT, "public_toilets", nowhere)
    assert sites["updated_at"].tolist() == DISTRICT.sites["updated_at"].tolist()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_to_fill_in_is_understood_and_its_example_never_imported(lang):
    filled = template(lang) + template(lang).splitlines(keepends=True)[1].replace("示例".encode(), "甲1".encode(), 1).replace(b"example", b"t1", 1)
    frame, problems = read_vector(filled, name="t.csv")
    assert problems == []
    sites, problems = import_sites(DISTRICT, "public_toilets", frame)
    assert problems == []
    placed = sites[sites["layer"].eq("public_toilets") & sites.geometry.notna()]
    assert placed[["location_class", "uncertainty_m", "amount"]].to_numpy().tolist() == [["address", 100.0, 1.0]]
    with pytest.raises(BadInput):
        import_sites(DISTRICT, "public_toilets", read_vector(template(lang), name="t.csv")[0])


def test_an_unknown_layer_and_an_empty_file_are_told():
    with pytest.raises(Unknown, match="public_toilets"):
        import_sites(DISTRICT, "public_loos", rows(1))
    with pytest.raises(BadInput):
        import_sites(DISTRICT, "public_toilets", rows(0))


def test_a_layer_nothing_is_promised_of_takes_existing_ones():
    sites, problems = import_sites(DISTRICT, "fire_stations", rows(2))
    assert of(sites, layer="fire_stations")["origin"].tolist() == ["existing", "existing"]
    assert rest(problems) == []


@settings(max_examples=15, deadline=None)
@given(counts=st.lists(st.integers(1, 30), min_size=1, max_size=3))
def test_quantity_and_beyond_always_make_up_the_amounts(counts):
    district = DISTRICT
    for count in counts:
        sites, _ = import_sites(district, "public_toilets", rows(count))
        district = dataclasses.replace(district, sites=sites)
        row = balance(district.ledger, sites).set_index("id").loc["l6-toilets"]
        assert row["quantity"] + row["beyond"] == row["located"] + row["proposed"] + row["unlocated"]
        assert sites["id"].is_unique


def test_rows_that_state_no_class_are_told_of_and_taken_for_what_the_user_chose():
    _, problems = import_sites(DISTRICT, "public_toilets", rows(3))
    assert [(p.row, p.code, p.level) for p in problems if p.code == "class_assumed"] == [(None, "class_assumed", "warning")]
    chosen = rows(3, location_class=["", "", "street"])
    sites, problems = import_sites(DISTRICT, "public_toilets", chosen, claim=Claim("surveyed", 5.0, "洛测〔2022〕3 号"))
    assert "class_assumed" not in [p.code for p in problems]
    placed = of(sites, layer="public_toilets").dropna(subset=["uncertainty_m"])
    assert placed[["location_class", "uncertainty_m"]].to_numpy().tolist() == [["surveyed", 5.0], ["surveyed", 5.0], ["street", 100.0]]
    assert placed["basis_zh"].tolist()[:2] == ["洛测〔2022〕3 号"] * 2


@pytest.mark.parametrize("claim", [Claim("surveyed", 5.0), Claim("surveyed", 11.0, "x"), Claim("address", 101.0), Claim("stand_in", 5.0), Claim("address", float("nan"))])
def test_a_claim_no_class_allows_is_refused(claim):
    with pytest.raises(BadInput):
        import_sites(DISTRICT, "public_toilets", rows(1), claim=claim)


def test_repeated_places_and_names_and_missing_names_are_warnings():
    frame = rows(4, name_zh=["甲", " 甲 ", "", "丁"])
    frame = frame.set_geometry(gpd.GeoSeries([frame.geometry.iloc[i] for i in (0, 1, 2, 0)], crs=frame.crs))
    _, problems = import_sites(DISTRICT, "public_toilets", frame)
    assert sorted((p.row, p.code, p.level) for p in problems if p.row) == [(3, "same_name", "warning"), (4, "no_name", "warning"), (5, "same_place", "warning")]
    assert [p.code for p in import_sites(DISTRICT, "public_toilets", rows(2))[1] if p.row is None] == ["no_names", "class_assumed"]


def test_findings_speak_of_the_files_own_headings_and_cells():
    table = "站名,经度,纬度,年份\n甲,113.9,34.70,12\n".encode()
    frame, _ = read_vector(table, name="站.csv", datum="gcj02")
    _, problems = import_sites(DISTRICT, "public_toilets", frame)
    told = {p.code: (p.field, p.value) for p in problems}
    assert told["outside"] == ("经度, 纬度", "113.9, 34.70")
    assert told["too_small"] == ("年份", "12")
    with pytest.raises(BadInput) as caught:
        read_vector("站名,东边\n甲,1\n".encode(), name="站.csv")
    assert "经度（lon）、纬度（lat）" in caught.value.say("zh")
    assert "文件中的列：站名、东边" in caught.value.say("zh")


def test_what_is_beyond_is_told_with_the_name_of_the_promise_not_its_key():
    _, problems = import_sites(DISTRICT, "micro_fire_stations", rows(49))
    beyond = next(p for p in problems if p.code == "beyond")
    assert "l4-" not in beyond.message.zh + beyond.remedy.zh
    assert "origin" not in beyond.remedy.zh


def test_a_row_that_says_what_is_known_leaves_the_site_alone():
    once, _ = import_sites(DISTRICT, "public_toilets", rows(2, name_zh=["甲", "乙"]), file="a.csv")
    twice, _ = import_sites(dataclasses.replace(DISTRICT, sites=once), "public_toilets", rows(2, name_zh=["甲", "乙"]), file="b.csv")
    assert twice["updated_at"].tolist() == once["updated_at"].tolist()
