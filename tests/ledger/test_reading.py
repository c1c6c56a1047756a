"""A ledger is read in its types; a broken one names row and field."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.district import LOCATED_CLASSES, LOCATION_CLASSES
from geodata.errors import BadInput, Unreadable
from geodata.ledger import (
    COMMITMENT_COLUMNS,
    balance,
    read_ledger,
)
from tests.ledger.rows import commitment, frame_of, site


def test_located_means_the_same_as_in_a_district(small: pd.DataFrame) -> None:
    counted = {where for where in LOCATION_CLASSES
               if balance(small, frame_of(site("named", where))).set_index("id").loc["named", "located"] == 1}
    assert counted == set(LOCATED_CLASSES)


def test_a_ledger_has_its_columns_in_their_types(ledger: pd.DataFrame) -> None:
    assert tuple(ledger.columns) == COMMITMENT_COLUMNS
    assert ledger["quantity"].dtype == np.float64
    assert {ledger["unit_is_place"].dtype, ledger["inferred"].dtype} == {np.dtype(bool)}
    texts = ledger.drop(columns=["quantity", "year", "offset", "unit_is_place", "inferred"])
    assert texts.map(lambda value: isinstance(value, str)).all(axis=None)


@pytest.mark.parametrize(("wrong", "named"), [
    ({"group": "livelihood_11"}, "group"), ({"kind": "wish"}, "kind"), ({"effect": "newish"}, "effect"), ({"layer": "castles"}, "layer"),
    ({"quantity": -1}, "quantity"), ({"quantity": "ten"}, "quantity"), ({"quantity": True}, "quantity"), ({"comparator": None}, "comparator"),
    ({"unit": None}, "unit"), ({"offset": 1.5}, "offset"), ({"year": "2022"}, "year"), ({"unit_is_place": "yes"}, "unit_is_place"),
    ({"same_as": "nobody"}, "same_as"), ({"of": "one"}, "of"), ({"part_of": "two"}, "part_of"), ({"quote": ""}, "quote"),
    ({"quote": "a\nb"}, "quote"), ({"colour": "red"}, "colour"), ({"id": "two"}, "id"), ({"zh": None}, "zh"), ({"section": 7}, "section"),
])
def test_a_broken_ledger_names_row_and_field(wrong: dict[str, object], named: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.json"
    rows = [commitment("one", quantity=1) | wrong, commitment("two", quantity=2, part_of="three"), commitment("three", quantity=2)]
    path.write_text(json.dumps(rows), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_ledger(path)
    said = caught.value.say("en")
    assert "row 1" in said
    assert named in said
    assert "第 1 行" in caught.value.say("zh")


@pytest.mark.parametrize("content", [None, "", "{", "{}", "[1]", b"\xff\xfe"])
def test_a_file_that_is_no_ledger_is_told_by_its_path(content: str | bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "ledger.json"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Unreadable) as caught:
        read_ledger(path)
    assert "ledger.json" in caught.value.say("zh")
