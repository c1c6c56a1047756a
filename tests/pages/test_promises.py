"""The ledger page: every promise once, filters that say what they do, no total across years."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from geodata import packs, serving
from geodata.asking.ledger import LedgerFilter
from geodata.completion import told_until
from geodata.exports import as_files, every_format
from geodata.ledger import balance, read_not_promises
from geodata.pages import _promises, promises
from geodata.settings import Settings
from tests.pages.visits import page_of, sent


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture(autouse=True)
def own_pack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))


@pytest.fixture(scope="module")
def document(district) -> dict:
    return _promises.document(district, read_not_promises(packs.embedded_folder() / "not_promises.json"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_with_every_promise(district, lang: str) -> None:
    app = page_of("ledger", lang)
    assert not app.exception
    (data,) = sent(app)
    assert data["shown"] == list(district.ledger["id"])
    assert "95" in data["sentence"]
    assert serving.BLOBS.find(data["facts"].removeprefix("blob/"))


def test_every_row_stands_in_a_group_of_the_page(district, document: dict) -> None:
    assert [row["id"] for row in document["rows"]] == list(district.ledger["id"])
    assert {row["group"] for row in document["rows"]} <= {group["key"] for group in document["groups"]}
    assert len({group["key"] for group in document["groups"]}) == len(document["groups"])


def test_quotes_are_the_report_s_own(district, document: dict) -> None:
    assert [row["quote"] for row in document["rows"]] == list(district.ledger["quote"])


def test_counts_are_the_balance(district, document: dict) -> None:
    counts = balance(district.ledger, district.sites).set_index("id")
    for row in document["rows"]:
        if row["counts"] is None:
            assert counts.loc[row["id"], ["located", "unlocated"]].isna().all()
        else:
            assert row["counts"]["unlocated"] == counts.loc[row["id"], "unlocated"]


def test_what_is_said_twice_says_so_on_both_sides(document: dict) -> None:
    rows = {row["id"]: row for row in document["rows"]}
    assert [link["to"] for link in rows["l6-alleys"]["links"]] == ["p4-alleys"]
    assert "l6-alleys" in [link["to"] for link in rows["p4-alleys"]["links"]]
    assert rows["l6-alleys"]["map_name"] == rows["p4-alleys"]["name"]


def test_money_adds_up_in_words(document: dict) -> None:
    total = next(row for row in document["rows"] if row["id"] == "m-total")
    (said,) = [link["text"]["zh"] for link in total["links"] if not link["to"]]
    assert "2.97 亿元 = 2.14 亿元" in said
    assert "0.83 亿元" in said
    assert said.endswith("相符。")


def test_2021_and_2022_never_share_a_total(document: dict) -> None:
    assert document["year"]["promised"] == 95
    assert document["results"]["completed"] == 80
    periods = {group["key"]: group["period"] for group in document["groups"]}
    assert periods["achievement_2021"] == "2021"
    assert all(periods[key] == "2022" for key in periods if key.startswith(("livelihood", "priority", "target", "money")))


def test_what_nobody_told_of_is_unknown_until_somebody_does(district) -> None:
    station = {row["id"]: row for row in _promises.records(district)}["l4-micro-fire-stations"]
    assert (station["counts"]["completed"], station["as_of"]) == (None, "")
    assert told_until(district) == "2022-04"
    sites = district.sites.copy()
    first = sites.index[sites["commitment"] == "l4-micro-fire-stations"][0]
    sites.loc[first, ["status", "status_as_of"]] = ["under_construction", "2023-05-01"]
    told = replace(district, sites=sites, stamp="told later")
    again = {row["id"]: row for row in _promises.records(told)}["l4-micro-fire-stations"]
    assert (again["counts"]["completed"], again["as_of"]) == (0, "2023-05-01")
    assert _promises._year_as_of(told, 2022) == "2023-05-01"
    assert _promises._year_as_of(district, 2022) == ""


def test_amounts_that_are_no_places_say_their_unit(document: dict) -> None:
    units = {row["id"]: row["unit"] for row in document["rows"]}
    assert units["l9-charging-piles"] == {"zh": "个桩", "en": "piles"}
    assert units["l6-old-estates"] == {"zh": "户", "en": "households"}
    assert units["l6-toilets"] == {"zh": "", "en": ""}


def test_a_park_says_where_it_is_counted(document: dict) -> None:
    rows = {row["id"]: row for row in document["rows"]}
    assert rows["p2-park-julong"]["counts"] is None
    assert "五园同开" in rows["p2-park-julong"]["counted_in"]["zh"]
    assert rows["m-private"]["counted_in"]["zh"] == ""


def test_the_card_of_2021_counts_what_its_section_shows(document: dict) -> None:
    shown = [row for row in document["rows"] if row["group"] == "achievement_2021"]
    assert document["results"]["entries"] == len(shown)
    assert document["results"]["background"] == sum(row["kind"] == "context" for row in shown) == 1


@pytest.mark.parametrize(("asked", "kept"), [
    ({"g": "money"}, {"m-total", "m-government", "m-private"}),
    ({"q": "微型消防站"}, {"l4-micro-fire-stations"}),
    ({"q": "MICRO fire"}, {"l4-micro-fire-stations"}),
    ({"q": "没有这样的话"}, set()),
])
def test_a_filter_keeps_what_it_says(district, asked: dict[str, str], kept: set[str]) -> None:
    assert set(district.ledger.loc[LedgerFilter.of(asked).keeps(district.ledger), "id"]) == kept


def test_filters_narrow_together_and_unknown_ones_do_nothing(district) -> None:
    ledger = district.ledger
    both = LedgerFilter.of({"y": "2022", "k": "target", "p": "1"}).keeps(ledger)
    assert both.any()
    assert (LedgerFilter.of({"y": "2022"}).keeps(ledger) & LedgerFilter.of({"k": "target"}).keeps(ledger) & LedgerFilter.of({"p": "1"}).keeps(ledger)).equals(both)
    assert LedgerFilter.of({"g": "nothing", "y": "1999", "k": "<script>"}).keeps(ledger).all()


def test_a_link_and_a_change_ask_the_same(district) -> None:
    by_link = sent(page_of("ledger", y="2021"))[0]
    by_panel = sent(page_of("ledger", asked_by="ledger", ask={"y": "2021", "strange": "x"}))[0]
    assert by_link["shown"] == by_panel["shown"] == list(district.ledger.loc[district.ledger["group"] == "achievement_2021", "id"])
    assert by_panel["asked"] == {"y": "2021"}


def test_the_download_holds_what_is_shown(district) -> None:
    kept = LedgerFilter.of({"g": "livelihood_4"}).keeps(district.ledger)
    offer = promises._offer(district, {"g": "livelihood_4"}, kept)
    (content,) = as_files(offer.frame(), offer.stem, every_format()["csv"], meta=offer.meta(), lang="zh").values()
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == list(district.ledger.loc[kept, "id"])
    assert all(row["file_data_hash"] == district.stamp for row in rows)
    assert "g=livelihood_4" in rows[0]["file_query"]


def test_numerals_that_promise_nothing_come_with_reasons(document: dict) -> None:
    assert len(document["not_promises"]) > 50
    assert all(row["reason"]["zh"] and row["reason"]["en"] for row in document["not_promises"])
    assert promises.not_promises_file(Settings()) == packs.embedded_folder() / "not_promises.json"


def test_every_word_of_the_script_is_there() -> None:
    script = (serving.ASSET_FOLDER / "promises.js").read_text(encoding="utf-8")
    asked = set(re.findall(r'this\.word\("(\w+)"', script))
    assert asked
    assert asked <= set(promises.WORDS)
    json.dumps({key: [text.zh, text.en] for key, text in promises.WORDS.items()})
