"""Findings about a file: what is found, what is told, and what is refused."""

import csv
import io

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.checks import (
    PROBLEM_COLUMNS,
    ROW,
    check_choice,
    check_ids,
    check_inside,
    check_numbers,
    check_people,
    errors_of,
    good_rows,
    in_file,
    need_columns,
    problems_csv,
    problems_frame,
    refuse_errors,
)
from geodata.errors import BadInput, Problem, ProblemsFound
from layers import Text

BAD = Problem(3, "people", "-5", "too_small", Text("太小。", "Too small."), Text("改。", "Change it."))
MILD = Problem(None, "datum", "571 m", "offset", Text("偏移。", "Offset."), Text("看。", "Look."), "warning")


def frame_of(**columns):
    """Return rows 2, 3, … of a table, all in one place."""
    count = len(next(iter(columns.values())))
    return gpd.GeoDataFrame({**columns, ROW: range(2, count + 2)}, geometry=[shapely.Point(112.49, 34.69)] * count, crs="EPSG:4326")


@pytest.fixture
def square() -> gpd.GeoDataFrame:
    """A district 2 km square around 112.49, 34.69, in metres."""
    middle = gpd.GeoSeries([shapely.Point(112.49, 34.69)], crs="EPSG:4326").to_crs("EPSG:32649")
    return gpd.GeoDataFrame(geometry=middle.buffer(1000, cap_style="square"), crs="EPSG:32649")


def test_findings_are_a_table_in_either_language():
    table = problems_frame([BAD, MILD], "zh")
    assert list(table.columns) == list(PROBLEM_COLUMNS)
    assert table["message"].tolist() == ["太小。", "偏移。"]
    assert problems_frame([BAD], "en")["remedy"].tolist() == ["Change it."]
    assert problems_frame([], "en").empty


def test_a_spreadsheet_takes_no_cell_of_the_table_for_a_formula():
    evil = Problem(2, "name_zh", '=HYPERLINK("x")', "c", Text("一", "one"), Text("二", "two"), file="f.csv")
    raw = problems_csv([evil, MILD], "zh")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0]["value"] == '\'=HYPERLINK("x")'
    assert rows[1]["row"] == ""


def test_only_errors_are_refused_and_all_findings_travel_with_the_error():
    refuse_errors([MILD], Text("人口", "people"))
    with pytest.raises(ProblemsFound) as caught:
        refuse_errors([MILD, BAD], Text("人口", "people"))
    assert caught.value.problems == (MILD, BAD)
    assert "第 3 行" in caught.value.say("zh")
    assert "row 3" in caught.value.say("en")


def test_rows_with_errors_can_be_left_out():
    frame = frame_of(people=["1", "-5", "2"])
    numbers, problems = check_people(frame)
    assert [p.row for p in problems] == [3]
    assert good_rows(frame, problems)[ROW].tolist() == [2, 4]
    assert numbers.tolist() == [1.0, -5.0, 2.0]
    assert errors_of([BAD, MILD]) == [BAD]
    assert [p.file for p in in_file([BAD], "f.csv")] == ["f.csv"]


@pytest.mark.parametrize(("value", "code"), [("-1", "too_small"), ("abc", "not_a_number"), ("", "missing_value"), (None, "missing_value"), ("inf", "not_a_number")])
def test_people_must_be_a_number_not_below_nought(value, code):
    _, problems = check_people(frame_of(people=[value]))
    assert [p.code for p in problems] == [code]


@pytest.mark.parametrize(("value", "number"), [("1,200", 1200.0), ("12", 12.0), (3, 3.0), (" 4 ", 4.0)])
def test_numbers_are_read_as_people_write_them(value, number):
    numbers, problems = check_numbers(frame_of(n=[value]), "n")
    assert (numbers.tolist(), problems) == ([number], [])


def test_a_number_above_the_most_is_found_and_a_missing_column_is_empty():
    assert [p.code for p in check_numbers(frame_of(n=["9"]), "n", most=8)[1]] == ["too_large"]
    numbers, problems = check_numbers(frame_of(n=["9"]), "other")
    assert numbers.isna().all()
    assert problems == []


def test_a_missing_column_is_refused_with_the_columns_found():
    with pytest.raises(BadInput, match="people") as caught:
        need_columns(pd.DataFrame({"x": [1], ROW: [2]}), ["people"], Text("人口", "People"))
    assert "people" in caught.value.say("zh")


def test_repeated_ids_are_found_once_each_and_empty_ones_are_none():
    problems = check_ids(frame_of(id=["a", "b", "a", "", ""]), "id")
    assert [(p.row, p.value) for p in problems] == [(4, "a")]


def test_unknown_words_are_found():
    assert [p.value for p in check_choice(frame_of(status=["done", "fertig", ""]), "status", ("done",))] == ["fertig"]


@pytest.mark.parametrize(("lon", "lat", "expected"), [
    (112.49, 34.69, []), (112.505, 34.69, [("just_outside", "warning")]), (112.6, 34.69, [("outside", "error")]), (34.69, 112.49, [("swapped", "error")]),
])
def test_places_are_held_against_the_boundary(square, lon, lat, expected):
    frame = gpd.GeoDataFrame({ROW: [2]}, geometry=[shapely.Point(lon, lat)], crs="EPSG:4326")
    assert [(p.code, p.level) for p in check_inside(frame, square)] == expected


def test_rows_without_a_place_are_not_held_against_the_boundary(square):
    frame = gpd.GeoDataFrame({ROW: [2]}, geometry=[None], crs="EPSG:4326")
    assert check_inside(frame, square) == []
