"""Every figure of a report is one figure: in its record, its workbook, on its pages and on the pages of the product."""

import dataclasses
import io
import json
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pandas as pd
import pytest

from geodata import finding_pages
from geodata.changes import AddFacility, OpenRoad
from geodata.completion import UNKNOWN
from geodata.dossier import RECORD, files_of
from geodata.finding_rebuild import Imprint
from geodata.finding_tables import every_sheet
from geodata.finding_words import parameters, unknowns
from geodata.findings import Asked, Findings, find
from geodata.ledger import COMMITMENT_COLUMNS
from geodata.pages import _answer
from geodata.question import Question
from geodata.sheets import Column, Figure, Sheet, said
from geodata.wording import STREET_FIGURES
from layers import Text
from tests import toytown as toy

TOILETS, ALLEYS, LOTS = "public_toilets", "renovated_alleys", "parking_lots"
IMPRINT = Imprint("zh", datetime(2026, 11, 22, 8, tzinfo=UTC), {"district": "abc"}, {"numpy": "2"}, Text("内部使用", "Internal"), Text("", ""))
SHEETS = ("parameters", "ledger", "results", "quantiles", "by_area", "streets", "alleys", "newly", "unserved_totals", "unserved", "scenario", "scenario_streets", "unknowns")
PART_ON_PAPER = {"unserved"}
"""Of these the pages print the first rows of every layer beside its map."""


@pytest.fixture(scope="module")
def found() -> Findings:
    """A town with areas, existing facilities beside new ones, an alley, sites known to twenty metres, and a scenario."""
    homes = [toy.at(x, y) for y in (150, 450, 750) for x in (200, 400, 600)]
    promise = dict.fromkeys(COMMITMENT_COLUMNS, "") | toy.commitment(TOILETS, 4, unit_is_place=True, effect="new", quote="新建公厕4座", same_as="", of="", part_of="")
    rows = [toy.site(TOILETS, 1, toy.at(400, 400), location_class="address", uncertainty_m=20.0), toy.site(TOILETS, 2, None), toy.site(TOILETS, 3, toy.at(200, 700), origin="existing", commitment=""),
            toy.site(ALLEYS, 1, toy.way((200, 100), (200, 300)), commitment=""), toy.site(LOTS, 1, toy.at(610, 130), origin="existing", commitment="", capacity=40.0)]
    place = toy.district(toy.people(homes, [1, 2, 3, 4, 5, 6, 7, 8, 9000]), rows, ledger=pd.DataFrame([promise], columns=list(COMMITMENT_COLUMNS)), streets=toy.streets(without=range(81)),
                         areas=toy.frame([toy.box(-100, -100, 450, 1000), toy.box(450, -100, 1000, 1000)], area_id=["w", "e"], name_zh=["西", "东"], name_en=["West", "East"]))
    changes = (OpenRoad(toy.way((0, 400), (900, 400)), Text("中路", "Middle road")), AddFacility(TOILETS, toy.at(600, 700), Text("新厕", "New")))
    return find(place, Asked(Question((TOILETS, ALLEYS, LOTS), metres=250.0, draws=40), changes=changes, scenario=Text("打通", "Open")))


@pytest.fixture(scope="module", params=["zh", "en"])
def told(found: Findings, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Language, record, workbook and what the typesetter gets."""
    caught: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding_pages, "typeset", lambda template, data, **_: caught.append(data) or [b"%PDF-"])
        files = files_of(found, dataclasses.replace(IMPRINT, lang=request.param))
    book = openpyxl.load_workbook(io.BytesIO(next(content for name, content in files.items() if name.endswith(".xlsx"))))
    return {"lang": request.param, "record": json.loads(files[RECORD]), "book": book, "pages": [table for section in caught[0]["sections"] for table in section["tables"]]}


def sheet_of(found: Findings, key: str) -> Sheet:
    return {sheet.key: sheet for sheet in (parameters(found), *every_sheet(found), unknowns(found))}[key]


def test_this_town_has_every_table(found: Findings) -> None:
    assert [sheet.key for sheet in (parameters(found), *every_sheet(found), unknowns(found))] == list(SHEETS)


@pytest.mark.parametrize("key", SHEETS)
def test_record_workbook_and_pages_hold_the_same(found: Findings, told: dict[str, Any], key: str) -> None:
    sheet, lang, rows = sheet_of(found, key), told["lang"], told["record"]["tables"][key]["rows"]
    assert len(rows) == len(sheet.rows) > 0
    cells = list(told["book"][sheet.title.say(lang)].iter_rows(min_row=2, values_only=True))
    assert len(cells) == len(rows)
    for row, held in zip(rows, cells, strict=True):
        values = [value[lang] if isinstance(value, dict) else value for value in row.values()]
        assert [None if value == "" else pytest.approx(value, rel=1e-11) if isinstance(value, float) else value for value in values] == list(held[: len(values)])
    if key in PART_ON_PAPER:
        return
    shown = [column for column in sheet.columns if column.on != "files"]
    (printed,) = (table for table in told["pages"] if table["heads"] == [column.name.say(lang) for column in shown])
    assert len(printed["rows"]) == len(rows)
    for row, line in zip(rows, printed["rows"], strict=True):
        assert [(cell["t"], cell["r"]) for cell in line] == [tuple(text.replace(" %", "\u00a0%") for text in read(row, column, lang)) for column in shown]


def read(row: dict[str, Any], column: Column, lang: str) -> tuple[str, str]:
    """A cell as it must be printed, from the record alone."""
    def text(name: str) -> str:
        value = row[name]
        return str(value[lang] if isinstance(value, dict) else value)

    if column.key == "shown":
        return text("layer"), text("counted")
    if column.key == "counts":
        return f"{row['sites_counted']} / {'—' if row['sites_promised'] is None else row['sites_promised']}", ""
    if column.key == "completed_told":
        return said(UNKNOWN.say(lang) if row["completed"] is None and row["located"] is not None else row["completed"], column.kind, lang)
    if column.spread:
        return said(Figure(*(row[name] for name in column.keys)), column.kind, lang)
    digits = next((digits for name, _, digits in STREET_FIGURES if name == row.get("key")), None)
    if digits is not None and column.kind == "number":
        return said(Figure(row[column.key], digits=digits), column.kind, lang)
    value = row[column.key]
    return said(text(column.key) if isinstance(value, dict | str) else value, column.kind, lang)


def test_the_pages_of_the_product_show_the_same(found: Findings) -> None:
    """Areas and streets against the coverage page, of existing and new sites together; results, ledger and scenario: `tests/test_findings.py`."""
    sheet, page = sheet_of(found, "by_area"), _answer.by_area_table(found.answer, "zh")
    assert page is not None
    keys = ("area", "layer", "standard", "counted", "people", "covered_share", "straight_line_share", "walk_p50_m", "unreachable_people")
    places = [[column.key for column in sheet.columns].index(name) for name in keys]
    assert [[said(row[at], sheet.columns[at].kind, "zh") for at in places] for row in sheet.rows] == [[(cell["text"], cell.get("range", "")) for cell in row] for row in page["rows"]]
    streets, beside = sheet_of(found, "streets"), _answer.side_table(found.answer, found.streets, "zh")
    at = [column.key for column in streets.columns].index("per_thousand")
    supply = [said(row[at], streets.columns[at].kind, "zh")[0] for row in streets.rows]
    assert supply == [row[5]["text"] for row in beside["rows"]]
    assert any(text not in {"—", "0"} and float(text) < 1 for text in supply), "a figure that more digits would betray"
