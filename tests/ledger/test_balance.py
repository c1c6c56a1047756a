"""The balance against a count by hand: nothing promised vanishes."""


import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.district import LOCATED_CLASSES, LOCATION_CLASSES
from geodata.errors import BadInput
from geodata.ledger import (
    BALANCE_COLUMNS,
    COMMITMENT_COLUMNS,
    balance,
    completed_as_of,
    programme_counts,
)
from tests.ledger.rows import frame_of, site


def test_the_shipped_balance_reconciles_row_by_row(ledger: pd.DataFrame, sites: pd.DataFrame) -> None:
    found = balance(ledger, sites)
    assert tuple(found.columns) == BALANCE_COLUMNS == (
        "id", "zh", "en", "group", "kind", "year", "quantity", "comparator", "unit", "layer", "effect", "located", "proposed",
        "unlocated", "beyond", "completed", "quote", "section", "document", "same_as", "of", "part_of")
    assert found.index.equals(ledger.index)
    counted = found[found["quantity"].notna() & (found["layer"] != "")]
    assert (counted["quantity"] + counted["beyond"] == counted[["located", "proposed", "unlocated"]].sum(axis=1)).all()
    elsewhere = found[(found["layer"] == "")]
    assert elsewhere[["located", "proposed", "unlocated", "beyond", "completed"]].isna().all(axis=None)


def test_a_balance_counted_by_hand(small: pd.DataFrame) -> None:
    found = balance(small, frame_of(
        site("five", "surveyed", status="done"), site("again", "area"), site("five", "proposed"), site("five", "stand_in"), site("five"),
        site("named", "street"), site("flats", amount=60.0), site("flats", "address", amount=50.0), site("", "surveyed"),
        site("backdrop", "address", status="done"))).set_index("id")
    columns = ["located", "proposed", "unlocated", "beyond", "completed"]
    assert list(found.loc["five", columns]) == [2, 1, 2, 0, 1]
    assert list(found.loc["again", columns]) == [2, 1, 2, 0, 1]
    assert list(found.loc["flats", columns]) == [50, 0, 60, 10, 0]
    assert list(found.loc["named", columns].fillna(-1)) == [1, 0, 0, -1, 0]
    assert list(found.loc["backdrop", columns].fillna(-1)) == [1, 0, 0, -1, -1]
    assert found.loc["length", columns].isna().all()


def test_completed_places_tell_their_latest_date(small: pd.DataFrame) -> None:
    dates = completed_as_of(small, frame_of(
        site("again", status="done", status_as_of="2022-04"), site("five", status="done", status_as_of="2022-09"),
        site("five", status_as_of="2023-01"), site("backdrop", status="done")))
    assert dict(zip(small["id"], dates, strict=True)) == {
        "five": "2022-09", "again": "2022-09", "named": "", "flats": "", "length": "", "before": "", "backdrop": ""}


PLACINGS = settings(max_examples=12, deadline=None)
SITES = st.lists(st.builds(
    lambda of, where, amount, done: site(of, where, amount=float(amount), status="done" if done else "planned"),
    st.sampled_from(["five", "again", "named", "flats", "before", ""]), st.sampled_from(LOCATION_CLASSES), st.integers(1, 40), st.booleans(),
), max_size=30)


@PLACINGS
@given(found=SITES)
def test_nothing_promised_vanishes_however_sites_are_placed(found: list[dict[str, object]], small: pd.DataFrame) -> None:
    rows = balance(small, frame_of(*found))
    placed = rows[rows["of"] == ""]
    numbered = placed[placed["quantity"].notna()]
    assert (numbered["quantity"] + numbered["beyond"] == numbered[["located", "proposed", "unlocated"]].sum(axis=1)).all()
    assert (numbered["beyond"] >= 0).all()
    mine = [s for s in found if s["commitment"] in {"five", "again"} and s["location_class"] != "stand_in"]
    five = placed.set_index("id").loc["five"]
    assert five["located"] == sum(s["amount"] for s in mine if s["location_class"] in LOCATED_CLASSES)
    assert five["proposed"] == sum(s["amount"] for s in mine if s["location_class"] == "proposed")
    assert five["completed"] == sum(s["amount"] for s in mine if s["status"] == "done")


@PLACINGS
@given(found=SITES, demo=st.lists(st.just(site("five", "stand_in", status="done")), max_size=5))
def test_demo_sites_never_enter_a_count(found: list[dict[str, object]], demo: list[dict[str, object]], small: pd.DataFrame) -> None:
    without = balance(small, frame_of(*found))
    pd.testing.assert_frame_equal(balance(small, frame_of(*found, *demo)), without)


@PLACINGS
@given(found=SITES)
def test_results_of_another_year_never_enter_the_strip(found: list[dict[str, object]], small: pd.DataFrame) -> None:
    counts = programme_counts(small, frame_of(*found))
    assert counts == programme_counts(small, frame_of(*(s for s in found if s["commitment"] != "before")))
    assert (counts.promised, counts.named_beside) == (5, 2)
    assert counts.promised + counts.beyond == counts.located + counts.proposed + counts.unlocated


def test_a_site_of_an_unknown_promise_is_refused_by_name(small: pd.DataFrame) -> None:
    with pytest.raises(BadInput, match="elsewhere") as caught:
        balance(small, frame_of(site("elsewhere")))
    assert "elsewhere" in caught.value.say("zh")


def test_a_place_without_a_ledger_has_an_empty_balance() -> None:
    empty = pd.DataFrame(columns=list(COMMITMENT_COLUMNS))
    assert balance(empty, frame_of(site("", "surveyed"))).empty
    assert programme_counts(empty, frame_of()).promised == 0
