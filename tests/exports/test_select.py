"""The one rule of what a filter shows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.district import District
from geodata.errors import Unknown
from geodata.exports import Selection, select, selected, site_texts
from tests.exports.test_every_format import SELECTIONS


@settings(max_examples=12, deadline=None)
@given(selection=SELECTIONS)
def test_a_site_is_shown_if_and_only_if_it_passes_every_part(district: District, selection: Selection) -> None:
    frame = selected(district, selection)
    shown = set(frame["id"])
    group = district.ledger.set_index("id")["group"].to_dict()
    texts = site_texts(district, district.sites)
    for site, words in zip(district.sites.to_dict("records"), texts, strict=True):
        passes = (
            (not selection.layers or site["layer"] in selection.layers)
            and (not selection.status or site["status"] in selection.status)
            and (not selection.years or site["year"] in selection.years)
            and (not selection.location_classes or site["location_class"] in selection.location_classes)
            and (not selection.origins or site["origin"] in selection.origins)
            and (not selection.groups or group.get(site["commitment"]) in selection.groups)
            and selection.text in words)
        assert (site["id"] in shown) == passes, site["id"]
    demo = frame["location_class"] == "stand_in"
    assert selection.stand_ins or not demo.any()
    assert not demo[: len(frame) - int(demo.sum())].any()


def test_nothing_asked_keeps_everything(district: District) -> None:
    assert list(select(district)["id"]) == list(district.sites["id"])


def test_demo_sites_come_one_for_each_place_not_yet_located(embedded: District) -> None:
    frame = select(embedded, layers=["public_toilets"], stand_ins=True)
    assert frame["location_class"].value_counts().to_dict() == {"unlocated": 10, "stand_in": 10}


@pytest.mark.parametrize(("words", "layer"), [("公厕", "public_toilets"), ("TOILET", "public_toilets"), ("微型消防站 7", "micro_fire_stations")])
def test_search_finds_names_in_both_languages(embedded: District, words: str, layer: str) -> None:
    found = select(embedded, text=f" {words} ")
    assert layer in set(found["layer"])


@given(draw=st.integers(1, 5))
@settings(max_examples=5, deadline=None)
def test_query_names_what_narrows_and_no_more(draw: int) -> None:
    assert Selection().query() == {}
    assert Selection(layers=("a", "b"), years=(2022,), stand_ins=True, draw=draw).query() | {"seed": ""} == {
        "layer": "a,b", "year": "2022", "stand-ins": "yes", "draw": str(draw), "seed": ""}


@pytest.mark.parametrize(("field", "value", "near"), [
    ("layers", "public_toilet", "public_toilets"), ("layers", "公厕", "public_toilets"), ("status", "plan", "planned"),
    ("location_classes", "survey", "surveyed"), ("origins", "program", "programme"), ("groups", "livelihod_4", "livelihood_4")])
def test_unknown_names_are_answered_with_the_nearest(embedded: District, field: str, value: str, near: str) -> None:
    with pytest.raises(Unknown) as caught:
        select(embedded, **{field: [value]})
    assert near in caught.value.message.zh
    assert near in caught.value.message.en
