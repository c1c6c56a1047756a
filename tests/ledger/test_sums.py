"""Money, parts and the shipped sites add up to what was promised."""


import numpy as np
import pandas as pd
import pytest

from geodata.ledger import (
    wholes,
)


def test_money_and_every_other_whole_is_the_sum_of_its_parts(ledger: pd.DataFrame) -> None:
    found = wholes(ledger).set_index("id")
    assert found["reconciles"].all()
    assert found.loc["m-total", "parts"] == ("m-government", "m-private")
    assert found.loc["m-total", "parts_sum"] == pytest.approx(2.97, abs=1e-9)
    assert found.loc["p2-five-parks", "parts_sum"] == 5


def test_a_whole_that_its_parts_miss_is_told(ledger: pd.DataFrame) -> None:
    short = ledger.assign(quantity=ledger["quantity"].where(ledger["id"] != "m-private", 0.82))
    assert not wholes(short).set_index("id").loc["m-total", "reconciles"]


def test_money_is_as_stated(ledger: pd.DataFrame) -> None:
    row = ledger.set_index("id")
    assert (row.loc["a21-livelihood-spending", "quantity"], row.loc["a21-livelihood-share", "quantity"]) == (8.6, 76)
    assert row.loc["a21-livelihood-share", "of"] == "a21-livelihood-spending"
    assert f"{8.6 / 0.76:.1f}" in row.loc["a21-livelihood-share", "note_zh"]
    growth = (row.loc["f5-gdp-2021", "quantity"] / row.loc["f5-gdp-2016", "quantity"]) ** (1 / 5) - 1
    assert f"{growth:.1%}".replace("%", " %") in row.loc["f5-gdp-growth", "note_en"]


def test_rows_that_say_the_same_agree(ledger: pd.DataFrame) -> None:
    row = ledger.set_index("id")
    twice = ledger[ledger["same_as"] != ""]
    assert dict(zip(twice["id"], twice["same_as"], strict=True)) == {"l6-alleys": "p4-alleys", "f5-gdp-2021": "a21-gdp"}
    for said in twice.itertuples():
        first = row.loc[said.same_as]
        assert (said.quantity, said.unit, said.layer, said.effect) == (first["quantity"], first["unit"], first["layer"], first["effect"])


def test_shipped_sites_add_up_to_every_promise(ledger: pd.DataFrame, sites: pd.DataFrame) -> None:
    first = ledger.set_index("id")["same_as"].replace("", np.nan).fillna(pd.Series(ledger["id"].array, index=ledger["id"]))
    listed = sites["amount"].astype(float).groupby(sites["commitment"].map(first)).sum()
    with_places = ledger[(ledger["layer"] != "") & (ledger["of"] == "") & (ledger["same_as"] == "")].set_index("id")
    assert set(listed.index) == set(with_places.index)
    assert listed.to_dict() == with_places["quantity"].fillna(1.0).to_dict()


def test_shipped_sites_lie_in_the_layer_and_year_of_their_promise(ledger: pd.DataFrame, sites: pd.DataFrame) -> None:
    promised = ledger.set_index("id").loc[sites["commitment"]]
    assert list(promised["layer"]) == list(sites["layer"])
    assert list(promised["year"]) == list(sites["year"])
