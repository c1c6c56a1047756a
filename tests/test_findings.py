"""The facts of a coverage report: those of the page, to the last digit."""

import dataclasses

import pandas as pd
import pytest

from geodata import finding_pages
from geodata.changes import OpenRoad
from geodata.completion import UNKNOWN
from geodata.district import District
from geodata.finding_tables import MOST_UNSERVED, every_sheet
from geodata.finding_words import parameters, summary_of, unknowns
from geodata.findings import Asked, Findings, find
from geodata.ledger import COMMITMENT_COLUMNS
from geodata.packs import load_district
from geodata.pages import _answer, _promises, _roads_tables
from geodata.question import Question
from geodata.reached import left_out_of, reach_of
from geodata.report import coverage, street_service
from geodata.sheets import Below, Column, Figure, Sheet, frame_of, records_of, said
from layers import Text, every_layer
from tests import toytown as toy

TOILETS = "public_toilets"
STATION = "micro_fire_stations"
HOMES = [toy.at(x, y) for y in (150, 450, 750) for x in (200, 400, 600)]
FEW = 20


def town(*rows: dict[str, object], **parts: object) -> District:
    """Four toilets promised, nine homes."""
    told = dict.fromkeys(COMMITMENT_COLUMNS, "") | toy.commitment(TOILETS, 4, unit_is_place=True, effect="mixed", quote="新建公厕4座", same_as="", of="", part_of="")
    ledger = pd.DataFrame([told], columns=list(COMMITMENT_COLUMNS))
    return toy.district(toy.people(HOMES), rows, ledger=ledger, **parts)


def sheets_of(found: Findings) -> dict[str, Sheet]:
    return {sheet.key: sheet for sheet in every_sheet(found)}


@pytest.fixture(scope="module")
def embedded() -> Findings:
    return find(load_district(), Asked(Question((STATION, TOILETS), draws=FEW)))


def test_a_town_reckoned_in_the_head() -> None:
    found = find(town(toy.site(TOILETS, 1, toy.at(400, 400)), toy.site(TOILETS, 2, None)), Asked(Question((TOILETS,))))
    sheets = sheets_of(found)
    (row,) = records_of(sheets["results"])
    # As in tests/test_report.py: four of nine homes within 300 m, along the streets and straight.
    assert (row["covered_people"], row["people"], row["sites_counted"], row["sites_promised"]) == (4, 9, 1, 4)
    assert row["covered_share"] == pytest.approx(4 / 9)
    assert (row["covered_share_p5"], row["positions_p5"]) == (None, None)
    (walks,) = records_of(sheets["quantiles"])
    assert [walks[f"walk_{name}_m"] for name in ("p10", "p50", "p90")] == pytest.approx([50, 350, 550])
    (promise,) = records_of(sheets["ledger"])
    assert (promise["quantity"], promise["located"], promise["unlocated"], promise["quote"]) == (4, 1, 3, "新建公厕4座")
    (left,) = records_of(sheets["unserved_totals"])
    assert (left["points"], left["people"]) == (5, 5)
    assert len(sheets["unserved"].rows) == 5
    assert not found.demonstration
    said = [row[1].zh for row in unknowns(found).rows]
    assert any("3 处" in text for text in said), "three of four have no position"
    assert not any("示意" in text and "随附" in text for text in said)


def test_positions_known_to_a_hundred_metres_leave_an_interval_open_and_the_page_its_figure() -> None:
    near = toy.site(TOILETS, 1, toy.at(400, 400), location_class="address", uncertainty_m=100.0)
    found = find(town(near), Asked(Question((TOILETS,))))
    (row,) = records_of(sheets_of(found)["results"])
    assert row["covered_share"] == coverage(found.district, Question((TOILETS,))).rows["covered_share"][0]
    assert row["covered_share_p5"] is None, "the page moves only what the standard calls for"
    assert 0 < row["positions_p5"] <= row["positions"] <= row["positions_p95"] < 1
    (told,) = found.positions.to_dict("records")
    assert told["above"] + told["below"] <= told["draws"] == 200
    assert glance(found) == f"positions: {finding_pages.spread_of(told['low'], told['high'])}"
    assert "fall to one side" in glance(dataclasses.replace(found, positions=found.positions.assign(low=0.9, high=0.95))), "what cannot be read from the bar is said beside it"
    loose = find(town(near | {"uncertainty_m": 200.0, "location_class": "area"}), Asked(Question((TOILETS,))))
    (row,) = records_of(sheets_of(loose)["results"])
    assert (row["positions_p5"], row["positions_p95"]) == (row["covered_share_p5"], row["covered_share_p95"]), "here both move the same"


def glance(found: Findings) -> str:
    """What the first page says below the share of the one row."""
    (bar,) = finding_pages._bars(found, finding_pages._Pages("en", ()))["rows"]
    return str(bar["counted"])


def test_a_mapped_outline_does_not_wander() -> None:
    outline = toy.site(TOILETS, 1, toy.box(380, 380, 420, 420), uncertainty_m=20.0)
    (row,) = records_of(sheets_of(find(town(outline), Asked(Question((TOILETS,)))))["results"])
    assert row["positions_p5"] is None


def test_the_scenario_stands_beside_the_answer() -> None:
    place = town(toy.site(TOILETS, 1, toy.at(400, 400)), streets=toy.streets(without=range(81)))  # no street from west to east
    road = OpenRoad(toy.way((0, 400), (900, 400)), Text("=路 <b>", "=road"))
    found = find(place, Asked(Question((TOILETS,)), changes=(road,), scenario=Text("打通", "opened")))
    (row,) = records_of(sheets_of(found)["scenario"])
    assert (row["covered_share_before"], row["covered_share_after"]) == pytest.approx((2 / 9, 4 / 9))
    assert row["people_newly_covered"] == 2
    assert any("=路 <b>" in text.zh for text in summary_of(found))
    assert_scenario_is_the_road_page_s(found)


def assert_scenario_is_the_road_page_s(found: Findings) -> None:
    """Every row of the scenario's tables beside what the page of road openings shows of the same comparison."""
    table = _roads_tables.comparison_table(found.comparison, "zh")
    heads = [column["name"] for column in table["columns"]]
    sheet = sheets_of(found)["scenario"]
    assert len(table["rows"]) == len(sheet.rows)
    shown = {"layer": "图层", "standard": "标准", "person_minutes_saved": "少走（人·分钟）", "people_newly_covered": "新进入标准（人）", "people_no_longer_covered": "不再达标（人）", "people_nearer": "步行变近（人）"}
    for row, cells in zip(sheet.rows, table["rows"], strict=True):
        told = {column.key: said(value, column.kind, "zh")[0] for column, value in zip(sheet.columns, row, strict=True)}
        page = dict(zip(heads, (cell["text"] for cell in cells["cells"]), strict=True))
        assert {name: told[name] for name in shown} == {name: page[head] for name, head in shown.items()}
        assert page["覆盖率 前 → 后"] == f"{told['covered_share_before']} → {told['covered_share_after']}"
        assert page["中位步行 前 → 后"] == f"{told['walk_p50_m_before']} → {told['walk_p50_m_after']}"
    streets = _roads_tables.streets_table(found.comparison.streets, {}, "zh")["rows"]
    keys = [column.key for column in sheets_of(found)["scenario_streets"].columns]
    mine = [[said(row[keys.index(name)], "number", "zh")[0] for name in ("figure", "before", "after")] for row in sheets_of(found)["scenario_streets"].rows]
    assert mine == [[cell["text"] for cell in row["cells"]] for row in streets]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_is_the_page_s(embedded: Findings, lang: str) -> None:
    """The page's cells beside the report's: same text, same range."""
    answer, sheets = embedded.answer, sheets_of(embedded)

    def cells(key: str, *columns: str) -> list[list[tuple[str, str]]]:
        sheet = sheets[key]
        places = [[column.key for column in sheet.columns].index(name) for name in columns]
        return [[said(row[place], sheet.columns[place].kind, lang) for place in places] for row in sheet.rows]

    def page(table: dict, *places: int) -> list[list[tuple[str, str]]]:
        return [[(row[place]["text"], row[place].get("range", "")) for place in places] for row in table["rows"]]

    rows = _answer.rows_table(answer, lang)
    assert len(rows["rows"]) == len(sheets["results"].rows) == 6
    results = cells("results", "layer", "standard", "counted", "counts", "covered_people", "covered_share", "straight_line_share", "off_network_people", "unreachable_people")
    assert results == page(rows, 0, 1, 2, 3, 4, 5, 6, 12, 13)
    assert cells("quantiles", *(f"walk_{name}_m" for name in ("p10", "p25", "p50", "p75", "p90"))) == page(rows, 7, 8, 9, 10, 11)
    streets = street_service(embedded.district, answer.question)
    assert [row[1:] for row in cells("streets", "layer", "metres", "served_m", "served_share", "per_thousand")] == page(_answer.side_table(answer, streets, lang), 2, 3, 4, 5)


def test_the_ledger_is_that_of_the_promises_page(embedded: Findings) -> None:
    shown = {row["id"]: row for row in _promises.records(embedded.district)}
    sheet = sheets_of(embedded)["ledger"]
    assert len(sheet.rows) > 1
    for row in sheet.rows:
        mine = dict(zip([column.key for column in sheet.columns], row, strict=True))
        page = shown[mine["id"]]
        assert page["amount"] == {"zh": mine["amount"].zh, "en": mine["amount"].en}
        counts = {name: mine[name] for name in ("located", "proposed", "unlocated", "beyond", "completed")}
        assert page["counts"] == (counts if mine["located"] is not None else None)
        assert page["quote"] == mine["quote"]
        assert (mine["completed_told"] == UNKNOWN) == (page["counts"] is not None and mine["completed"] is None), "never 0 where nobody has told"


def test_every_number_of_the_answer_stands_in_the_tables(embedded: Findings) -> None:
    told = records_of(sheets_of(embedded)["results"])
    for row, mine in zip(coverage(embedded.district, embedded.asked.question).rows.to_dict("records"), told, strict=True):
        for name in ("covered_people", "covered_share", "straight_line_share", "unreachable_people"):
            assert mine[name] == row[name]
            assert [mine[f"{name}_p5"], mine[f"{name}_p95"]] == row["range"][name]
        assert [mine["positions_p5"], mine["positions_p95"]] == row["range"]["covered_share"], "nothing is located, so demo sites alone move"


def test_every_parameter_has_its_source_and_certainty(embedded: Findings) -> None:
    sheet = parameters(embedded)
    keys = [column.key for column in sheet.columns]
    assert {"speed", "access", "draws", "interval", f"standard.{STATION}.walk", f"standard.{STATION}.e-bike", f"standard.{TOILETS}.distance"} <= {row[0] for row in sheet.rows}
    for row in sheet.rows:
        told = dict(zip(keys, row, strict=True))
        assert said(told["source"], "text", "zh")[0], told
        assert said(told["certainty"], "text", "en")[0], told
    own = every_layer()[STATION].standard
    assert own is not None
    assert next(row for row in sheet.rows if row[0] == f"standard.{STATION}.walk")[3:5] == (own.source, own.certainty)


def test_the_line_of_the_interval_says_what_is_not_in_it(embedded: Findings) -> None:
    note = sheets_of(embedded)["results"].note
    assert note is not None
    assert "道路与人口的误差不在区间内" in note.zh
    assert f"{FEW} times" in note.en


def test_places_beyond_the_standard_are_the_page_s_first(embedded: Findings) -> None:
    shown = left_out_of(embedded.answer, reach_of(embedded.district, embedded.asked.question, TOILETS))
    table = _answer.unserved_table(embedded.answer, shown, "zh")
    sheets = sheets_of(embedded)
    columns = sheets["unserved"].columns
    mine = [row for row in sheets["unserved"].rows if row[0] == TOILETS]
    assert len(mine) == MOST_UNSERVED
    told = [[said(value, column.kind, "zh")[0] for column, value in zip(columns, row, strict=True)][2:8] for row in mine[: len(table["rows"])]]
    assert told == [[cell["text"] for cell in row] for row in table["rows"]]
    (total,) = (row for row in records_of(sheets["unserved_totals"]) if row["layer_key"] == TOILETS)
    assert (f"{total['points']:,.0f}", f"{total['people']:,.0f}") == (table["points"], table["people"])


def test_a_figure_outside_its_interval_is_told(embedded: Findings) -> None:
    row = embedded.positions.index[0]
    moved = embedded.positions.copy()
    moved.loc[row] = [0.9, 0.92, 0.95, 18, 2, 20]
    about = [row[1].en for row in unknowns(dataclasses.replace(embedded, positions=moved)).rows]
    assert any("outside" in text and "90.0–95.0" in text and "of 20 draws 18 lie above it and 2 below" in text for text in about)
    assert not any("outside" in row[1].en for row in unknowns(embedded).rows)


def test_a_cell_is_read_one_way_and_filed_another() -> None:
    columns = (Column("name", Text("名", "Name"), on="paper"), Column("share", Text("率", "Share"), "share", spread=True), Column("state", Text("态", "State"), "number"))
    sheet = Sheet("s", Text("表", "Table"), columns, ((Below(Text("甲", "A"), Text("乙", "B")), Figure(0.5, 0.4, 0.61), Figure(-1.25, digits=1)),))
    assert said(sheet.rows[0][0], "text", "en") == ("A", "B")
    assert said(sheet.rows[0][1], "share", "zh") == ("50.0\u00a0%", "40.0–61.0\u00a0%")
    assert said(sheet.rows[0][2], "number", "zh") == ("−1.2", "")
    assert said(Figure(0.5, 0.4, 0.4), "share", "zh") == ("40.0\u00a0%", "")
    assert records_of(sheet) == [{"share": 0.5, "share_p5": 0.4, "share_p95": 0.61, "state": -1.25}]
    frame, forms = frame_of(sheet, "en")
    assert list(frame.columns) == ["Share", "Share (5 %)", "Share (95 %)", "State"]
    assert set(forms.values()) == {"0.0%"}


def test_of_a_layer_without_a_place_nothing_is_drawn_or_counted_as_left_out() -> None:
    found = find(town(toy.site(TOILETS, 1, None)), Asked(Question((TOILETS,))))
    sheets = sheets_of(found)
    assert found.layers == ()
    assert "unserved" not in sheets
    (row,) = records_of(sheets["results"])
    assert (row["covered_share"], row["people"]) == (None, 9)
