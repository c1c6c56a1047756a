"""Every quote stands in the page, and no numeral of the page is left out."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.ledger import (
    UNITS,
)

NUMERAL = re.compile(r"[0-9]+(?:\.[0-9]+)?|[〇零一二两三四五六七八九十百千万亿]+")
LIVELIHOOD = "2022年瀍河区十大民生实事"


def spans(frame: pd.DataFrame) -> list[tuple[int, int]]:
    return [(offset, offset + len(quote)) for offset, quote in zip(frame["offset"], frame["quote"], strict=True)]


def test_the_page_is_the_one_whose_hash_the_pack_ships(page_file: Path, document: dict[str, str]) -> None:
    assert hashlib.sha256(page_file.read_bytes()).hexdigest() == document["sha256"]


def test_every_row_points_to_the_document_of_the_pack(ledger: pd.DataFrame, document: dict[str, str]) -> None:
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
