"""What the ledger says in a sentence."""

from dataclasses import replace

import pandas as pd
import pytest

from geodata.ledger import (
    ProgrammeCounts,
    amount_text,
    beside_sentence,
    programme_counts,
    strip_sentence,
)


def test_the_strip_of_the_shipped_district(ledger: pd.DataFrame, sites: pd.DataFrame) -> None:
    counts = programme_counts(ledger, sites)
    said = strip_sentence(counts)
    assert said.zh == "2022 年承诺 95 处，报告未公布位置：已落位 0 · 建议 0 · 待落位 95。空心虚线为示意点，不代表选址。"
    assert said.en == ("95 places promised for 2022, the report gives no positions: located 0 · proposed 0 · not yet located 95."
                       " Hollow dashed marks are demo sites, not chosen places.")
    assert beside_sentence(counts).zh == "另有具名项目 7 个"
    assert beside_sentence(counts).en == "7 more named projects"


def test_the_95_are_those_of_the_ten_items_three_roads_and_five_parks(ledger: pd.DataFrame) -> None:
    places = ledger[ledger["unit_is_place"] & (ledger["year"] == 2022) & (ledger["kind"] == "target") & ledger["quantity"].notna()]
    items = places[places["group"].str.startswith("livelihood")]
    beside = places[~places["group"].str.startswith("livelihood")].set_index("id")["quantity"]
    assert items["quantity"].sum() == 87
    assert beside.to_dict() == {"p2-five-parks": 5, "p4-road-openings": 3, "p4-alleys": 3}


def test_the_strip_follows_the_sites(ledger: pd.DataFrame, sites: pd.DataFrame) -> None:
    stations = sites.index[sites["commitment"] == "l4-micro-fire-stations"]
    placed = sites.copy()
    placed.loc[stations[:40], "location_class"] = "surveyed"
    placed.loc[stations[40:42], "location_class"] = "area"
    placed.loc[stations[42], "location_class"] = "proposed"
    said = strip_sentence(programme_counts(ledger, placed), demo_sites=False)
    assert said.zh == "2022 年承诺 95 处，报告未公布位置：已落位 42（其中近似 2） · 建议 1 · 待落位 52。"
    assert said.en == ("95 places promised for 2022, the report gives no positions: located 42 (of which approximate 2)"
                       " · proposed 1 · not yet located 52.")


def test_the_strip_no_longer_excuses_itself_once_all_is_located() -> None:
    counts = ProgrammeCounts(2022, promised=1, located=1, approximate=0, proposed=0, unlocated=0, beyond=0, completed=0, named_beside=1)
    assert strip_sentence(counts, demo_sites=False).en == "1 place promised for 2022: located 1 · proposed 0 · not yet located 0."
    assert strip_sentence(counts, demo_sites=False).zh == "2022 年承诺 1 处：已落位 1 · 建议 0 · 待落位 0。"
    assert "beyond the promise 2." in strip_sentence(replace(counts, located=3, beyond=2), demo_sites=False).en
    assert beside_sentence(counts).en == "1 more named project"


@pytest.mark.parametrize(("quantity", "unit", "comparator", "zh", "en"), [
    (2.97, "亿元", "=", "2.97 亿元", "CNY 297 million"), (655.2, "亿元", "=", "655.2 亿元", "CNY 65.52 billion"),
    (1705.3, "万元", "=", "1,705.3 万元", "CNY 17.053 million"), (0, "元", "=", "0 元", "CNY 0"),
    (4, "%", "≤", "≤ 4 %", "≤ 4 %"), (12500, "人次", "=", "12,500 人次", "12,500 attendances"), (48, "个", "=", "48 个", "48"),
    (3, "艘", "", "3 艘", "3 艘"), (float("nan"), "座", "", "", ""),
])
def test_amounts_are_read_in_both_languages(quantity: float, unit: str, comparator: str, zh: str, en: str) -> None:
    said = amount_text(quantity, unit, comparator)
    assert (said.zh, said.en) == (zh, en)
