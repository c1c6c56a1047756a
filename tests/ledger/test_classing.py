"""How the hard ones were classed."""


import numpy as np
import pandas as pd
import pytest

from geodata.ledger import (
    GROUPS,
)


@pytest.mark.parametrize(("commitment", "classed"), [
    ("l10-cultural-events", (100, "=", "场", "target")), ("p2-five-parks", (5, "=", "个", "target")),
    ("p2-five-parks-land", (1000, "=", "亩", "target")), ("p2-five-parks-value", (100, "=", "亿元", "target")),
    ("l8-greening-plazas", (2, "=", "处", "target")), ("l8-sewage-water", (2, "=", "处", "target")),
    ("p1-reserve-ratio", (3, "≥", "倍", "target")), ("p1-industry-share-number", (60, "≥", "%", "target")),
    ("p1-industry-share-investment", (60, "≥", "%", "target")), ("p4-youth-flats", (40, "=", "%", "target")),
    ("t22-companies", (1000, "=", "家", "target")), ("p1-key-projects", (13, "=", "个", "target")),
    ("a21-livelihood-matters", (84, "=", "件", "done")), ("p6-delegated-powers", (109, "=", "项", "target")),
    ("p2-growth-fields", (17, "=", "个", "context")), ("a21-no-visit-share", (99.3, "=", "%", "done")),
    ("a21-company-opening", (2, "=", "小时", "done")), ("a21-air-rank", (10, "≤", "名", "done")),
    ("a21-covid-cases", (3, "=", "例", "context")), ("p4-huna-railway", (None, "", "", "context")),
    ("p2-works-537", (None, "", "处", "target")), ("p2-works-zhongche", (None, "", "处", "target")),
    ("p2-shanghai-jilou", (None, "", "个", "target")), ("p2-yitai", (None, "", "个", "target")),
    ("p2-orthopaedics", (None, "", "", "context")), ("n5-dual-carbon-park", (None, "", "", "context")),
    ("n5-health-park", (None, "", "", "context")),
])
def test_hard_ones_are_classed_with_a_note(commitment: str, classed: tuple[object, ...], ledger: pd.DataFrame) -> None:
    row = ledger.set_index("id").loc[commitment]
    quantity = None if np.isnan(row["quantity"]) else row["quantity"]
    assert (quantity, row["comparator"], row["unit"], row["kind"]) == classed
    assert row["note_zh"]
    assert row["note_en"]


def test_what_is_inferred_says_so_in_both_languages(ledger: pd.DataFrame) -> None:
    inferred = ledger[ledger["inferred"]]
    assert {"p2-five-parks", "l10-cultural-events", "l6-alleys", "t22-companies"} <= set(inferred["id"])
    assert inferred[["note_zh", "note_en"]].map(bool).all(axis=None)
    assert (ledger["note_zh"].map(bool) == ledger["note_en"].map(bool)).all()


def test_every_part_of_the_report_has_rows(ledger: pd.DataFrame) -> None:
    assert set(ledger["group"]) == set(GROUPS)
    assert ledger[["zh", "en"]].map(bool).all(axis=None)


def test_results_of_2021_and_promises_for_2022_are_never_of_one_kind(ledger: pd.DataFrame) -> None:
    assert set(ledger.loc[ledger["kind"] == "target", "year"]) == {2022}
    assert set(ledger.loc[ledger["kind"] == "done", "year"].dropna()) == {2021}


def test_people_money_and_rates_have_no_place(ledger: pd.DataFrame) -> None:
    placeless = {"人", "人次", "场", "%", "亿元", "万元", "元", "倍", "小时", "次", "名", "家", "项", "件", "例", "亩", "千米"}
    rows = ledger[ledger["unit"].isin(placeless)]
    assert len(rows) > 30
    assert set(rows["layer"]) == {""}
    assert not rows["unit_is_place"].any()
    assert not ledger.set_index("id").loc[["l6-old-estates", "l9-charging-piles"], "unit_is_place"].any()
