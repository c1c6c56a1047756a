"""The ledger against the page it quotes, against the shipped sites, and the balance against a count by hand."""

import hashlib
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.district import LOCATED_CLASSES, LOCATION_CLASSES
from geodata.errors import BadInput, Unreadable
from geodata.ledger import (
    BALANCE_COLUMNS,
    COMMITMENT_COLUMNS,
    GROUPS,
    UNITS,
    ProgrammeCounts,
    amount_text,
    balance,
    beside_sentence,
    completed_as_of,
    programme_counts,
    read_ledger,
    read_not_promises,
    strip_sentence,
    wholes,
)

PACK = Path(__file__).parents[1] / "geodata" / "chanhe"
NUMERAL = re.compile(r"[0-9]+(?:\.[0-9]+)?|[〇零一二两三四五六七八九十百千万亿]+")
LIVELIHOOD = "2022年瀍河区十大民生实事"


@pytest.fixture(scope="module")
def page_file() -> Path:
    named = os.environ.get("CHANHE_REPORT_TEXT", "")
    if not named and os.environ.get("CI"):
        pytest.fail("CHANHE_REPORT_TEXT must name the report's text on CI")
    if not named:
        pytest.skip("CHANHE_REPORT_TEXT is not set")
    return Path(named)


@pytest.fixture(scope="module")
def page(page_file: Path) -> str:
    with page_file.open(encoding="utf-8", newline="") as stream:
        return stream.read()


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    return read_ledger(PACK / "ledger.json")


@pytest.fixture(scope="module")
def not_promises() -> pd.DataFrame:
    return read_not_promises(PACK / "not_promises.json")


@pytest.fixture(scope="module")
def sites() -> pd.DataFrame:
    found = json.loads((PACK / "sites.geojson").read_text(encoding="utf-8"))
    return pd.DataFrame([feature["properties"] for feature in found["features"]])


def spans(frame: pd.DataFrame) -> list[tuple[int, int]]:
    return [(offset, offset + len(quote)) for offset, quote in zip(frame["offset"], frame["quote"], strict=True)]


# ------------------------------------------------------------------------------------------------- against the page


def test_the_page_is_the_one_whose_hash_the_pack_ships(page_file: Path) -> None:
    document = json.loads((PACK / "pack.json").read_text(encoding="utf-8"))["document"]
    assert hashlib.sha256(page_file.read_bytes()).hexdigest() == document["sha256"]


def test_every_row_points_to_the_document_of_the_pack(ledger: pd.DataFrame) -> None:
    document = json.loads((PACK / "pack.json").read_text(encoding="utf-8"))["document"]
    (title,) = set(ledger["document"])
    assert title in document["title"]


@pytest.mark.parametrize("table", ["ledger", "not_promises"])
def test_quotes_stand_in_the_page_word_for_word_and_break_over_no_paragraph(
    table: str, page: str, request: pytest.FixtureRequest
) -> None:
    frame = request.getfixturevalue(table)
    printed = [page[start:end] for start, end in spans(frame)]
    assert printed == list(frame["quote"])
    assert not [quote for quote in printed if re.search(r"\s*[\r\n]\s*", quote)]


def test_sections_are_headings_of_the_page_and_the_nearest_above_the_quote(ledger: pd.DataFrame, page: str) -> None:
    sections = set(ledger["section"])
    assert {section for section in sections if page.count(section) != 1} == set()
    starts = sorted((page.index(section), section) for section in sections)
    nearest = [max(start for start in starts if start[0] <= offset)[1] for offset in ledger["offset"]]
    assert nearest == list(ledger["section"])


def test_no_numeral_of_the_page_is_left_out(ledger: pd.DataFrame, not_promises: pd.DataFrame, page: str) -> None:
    held = [*spans(ledger), *spans(not_promises)]
    numerals = list(NUMERAL.finditer(page))
    left = [page[n.start() - 6:n.end() + 6] for n in numerals if not any(a <= n.start() and n.end() <= b for a, b in held)]
    assert left == []
    assert len(numerals) > 200


def test_numerals_that_promise_nothing_name_their_numeral_and_reason(not_promises: pd.DataFrame) -> None:
    said = ["、".join(NUMERAL.findall(quote)) for quote in not_promises["quote"]]
    assert said == list(not_promises["numeral"])
    assert not_promises[["reason_zh", "reason_en"]].map(bool).all(axis=None)
    assert not not_promises.duplicated(["offset", "quote"]).any()


@pytest.mark.parametrize("numeral", ["123456", "266", "136", "351", "151", "7", "10"])
def test_programme_names_are_no_promises(numeral: str, ledger: pd.DataFrame, not_promises: pd.DataFrame) -> None:
    named = not_promises[(not_promises["numeral"] == numeral) & not_promises["reason_zh"].str.contains("名称")]
    inside = [quote for quote in named["quote"] if any(quote in words for words in ledger["quote"])]
    assert len(named)
    assert inside == []


def livelihood_clauses(page: str) -> list[tuple[str, str]]:
    """Every clause of the ten items with the title it stands under."""
    lines = [line.strip() for line in page[page.index(LIVELIHOOD):].splitlines()]
    titled = [(line.strip("-* "), lines[i + 1]) for i, line in enumerate(lines) if line.startswith("- ")]
    return [(title, clause) for title, body in titled for clause in re.split("[,;。、]", body) if clause]


def test_every_clause_of_the_ten_items_is_quoted_under_its_item(ledger: pd.DataFrame, page: str) -> None:
    clauses = livelihood_clauses(page)
    titles = list(dict.fromkeys(title for title, _ in clauses))
    assert len(titles) == 10
    for number, title in enumerate(titles, 1):
        own = ledger[ledger["group"] == f"livelihood_{number}"]
        assert set(own["section"]) == {title}
        assert [c for t, c in clauses if t == title and not any(c in quote for quote in own["quote"])] == []


@pytest.mark.parametrize("name", [
    "唐寺门立交", "塔湾立交", "三川大道", "夹马营路", "北盟路", "青年创业之家", "双碳经济产业园", "健康科技产业园", "巨龙", "联东", "吕庙产业园",
    "焦柳东中关村软件园", "颐高科技园", "上海骥骝", "易泰汽车", "原五三七厂", "中车", "正骨医院", "中关村协同创新中心", "颐高数字科创中心",
    "众创空间", "呼南高铁", "兴业路", "陇海街北段", "瀍东污水处理厂",
])
def test_named_projects_are_quoted_with_their_names_as_printed(name: str, ledger: pd.DataFrame, page: str) -> None:
    assert name in page
    assert ledger["quote"].str.contains(name, regex=False).any()


SCALE = {"千": 1e3, "万": 1e4, "亿": 1e8, "百": 1e2}
DIGIT = {c: float(i) for i, c in enumerate("零一二三四五六七八九")} | {"两": 2.0, "首": 1.0}
IN_BASE = {"千米": 1e3, "万元": 1e4, "亿元": 1e8}


def numbers_printed(quote: str) -> set[float]:
    """Each figure of a quote with the 百千万亿 behind it, and each single Chinese digit."""
    found = {float(n) * SCALE.get(mark, 1.0) for n, mark in re.findall(r"(\d+(?:\.\d+)?)([百千万亿]?)", quote)}
    found |= {np.prod([SCALE[c] for c in run]) for run in re.findall(r"(?<![\d.])[百千万亿]+", quote)}
    return found | {DIGIT[c] for c in quote if c in DIGIT}


def test_quantities_are_the_figures_of_their_quotes(ledger: pd.DataFrame) -> None:
    rows = ledger[ledger["quantity"].notna()]
    wrong = [row.id for row in rows.itertuples()
             if not np.isclose(row.quantity * IN_BASE.get(row.unit, 1.0), sorted(numbers_printed(row.quote)), rtol=1e-12).any()]
    assert wrong == []
    assert set(rows["unit"]) <= set(UNITS)


# --------------------------------------------------------------------------------------------- how it was classed


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


# ----------------------------------------------------------------------------------------------------------- sums


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


# -------------------------------------------------------------------------------------------------------- balance


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


def commitment(name: str, **fields: object) -> dict[str, object]:
    """A row of a small ledger of toilets."""
    return {"id": name, "zh": name, "en": name, "group": "livelihood_6", "kind": "target", "year": 2022, "layer": "public_toilets",
            "unit": "座", "comparator": "=", "unit_is_place": True, "quote": name, "offset": 0, "section": "s", "document": "d"} | fields


def site(of: str, location_class: str = "unlocated", **fields: object) -> dict[str, object]:
    return {"commitment": of, "location_class": location_class, "amount": 1.0, "status": "planned", "status_as_of": "2022-04"} | fields


def frame_of(*found: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(found), columns=["commitment", "location_class", "amount", "status", "status_as_of"])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("ledger") / "ledger.json"
    rows = [commitment("five", quantity=5), commitment("again", quantity=5, same_as="five"), commitment("named"),
            commitment("flats", quantity=100, unit="户", unit_is_place=False), commitment("length", quantity=2.5, unit="千米", of="five"),
            commitment("before", quantity=4, year=2021, kind="done"), commitment("backdrop", kind="context")]
    path.write_text(json.dumps(rows), encoding="utf-8")
    return read_ledger(path)


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


PLACINGS = settings(max_examples=40, deadline=None)
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


# ------------------------------------------------------------------------------------------------------ sentences


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


# -------------------------------------------------------------------------------------------------------- reading


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
