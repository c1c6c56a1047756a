"""CSV and XLSX: numbers as numbers, and nothing a spreadsheet would compute, whatever texts the data holds."""

import csv
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.checks import ROW
from geodata.district import District
from geodata.exports import Format, Meta, Selection, as_files, every_format, selected
from geodata.exports._cells import FORMULA_STARTS, is_formula, plain
from geodata.intake import read_vector

NASTY = st.one_of(st.sampled_from(FORMULA_STARTS).flatmap(lambda head: st.text(max_size=8).map(lambda rest: head + rest)), st.text(max_size=12))
FRAMES = st.tuples(st.lists(NASTY, min_size=1, max_size=4, unique=True), st.lists(NASTY, min_size=1, max_size=4))


def bytes_of(form: Format, frame: pd.DataFrame, meta: Meta) -> bytes:
    return next(iter(as_files(frame, "x", form, meta=meta).values()))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=FRAMES)
def test_no_cell_of_a_csv_begins_a_formula(texts: tuple[list[str], list[str]], meta: Meta) -> None:
    heads, cells = texts
    frame = pd.DataFrame(dict.fromkeys(heads, cells))
    content = bytes_of(every_format()["csv"], frame, meta)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(cells) + 1
    for row in rows:
        for cell in row:
            assert not is_formula(cell)
    for given_text, row in zip(cells, rows[1:], strict=True):
        shown = str(plain(given_text)).replace("\0", "\ufffd")
        assert row[0] in {shown, f"'{shown}"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=FRAMES)
def test_no_cell_of_a_workbook_is_a_formula(texts: tuple[list[str], list[str]], meta: Meta) -> None:
    heads, cells = texts
    frame = pd.DataFrame(dict.fromkeys(heads, cells))
    book = openpyxl.load_workbook(io.BytesIO(bytes_of(every_format()["xlsx"], frame, meta)))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type in {"s", "n", "inlineStr"}
            assert cell.data_type != "n" or cell.value is None
            assert cell.value is None or not is_formula(str(cell.value)) or cell.quotePrefix


def test_numbers_stay_numbers_in_a_csv(district: District, meta: Meta) -> None:
    frame = selected(district, Selection())
    content = bytes_of(every_format()["csv"], frame, meta)
    table = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig")
    assert pd.api.types.is_numeric_dtype(table["amount"])
    assert pd.api.types.is_numeric_dtype(table["year"])
    assert pd.api.types.is_float_dtype(table["lon"])
    assert table["lon"].notna().sum() == frame.geometry.notna().sum()
    assert list(table.columns[:3]) == ["id", "layer", "commitment"]
    assert {"file_query", "file_sources", "file_datum", "file_date", "file_method"} <= set(table)


def test_negative_numbers_are_no_formulas(meta: Meta) -> None:
    frame = pd.DataFrame({"a": [-1.5, 2.0], "b": [-3, 4], "c": [True, False]})
    rows = list(csv.reader(io.StringIO(bytes_of(every_format()["csv"], frame, meta).decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [["-1.5", "-3", "true"], ["2", "4", "false"]]
    sheet = openpyxl.load_workbook(io.BytesIO(bytes_of(every_format()["xlsx"], frame, meta))).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [[-1.5, -3, True], [2, 4, False]]


@pytest.mark.parametrize(("crs", "columns"), [(None, ["lon", "lat"]), (4490, ["lon", "lat"]), (4546, ["easting", "northing"])])
def test_coordinates_have_the_names_of_their_datum(district: District, meta: Meta, crs: int | None, columns: list[str]) -> None:
    content = as_files(selected(district, Selection()), "x", every_format()["csv"], meta=meta, crs=crs)["x.csv"]
    table = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig")
    assert set(columns) <= set(table)
    assert table["wkt"].notna().sum() > 0
    west, _, east, _ = district.boundary.buffer(1_000).to_crs(crs or 4326).total_bounds
    assert table[columns[0]].dropna().between(west, east).all()


def test_a_csv_of_positions_can_be_imported_again(district: District, meta: Meta, tmp_path: Path) -> None:
    place = tmp_path / "sites.csv"
    frame = selected(district, Selection(location_classes=("surveyed",)))
    place.write_bytes(bytes_of(every_format()["csv"], frame, meta))
    read, problems = read_vector(place, datum="wgs84")
    assert not [p for p in problems if p.level == "error"]
    assert len(read) == len(frame)
    assert ROW in read
    true = frame.to_crs(4326).geometry.representative_point()
    assert abs(read.geometry.x.to_numpy() - true.x.to_numpy()).max() < 2e-3


def test_a_workbook_has_rows_first_and_what_it_is_about_last(district: District, meta: Meta) -> None:
    frame = selected(district, Selection(layers=("public_toilets",), stand_ins=True))
    for lang, names in (("zh", ["项目与设施", "示意点", "说明"]), ("en", ["Sites", "示意 demo sites", "About"])):
        content = as_files(frame, "x", every_format()["xlsx"], meta=meta, lang=lang)["x.xlsx"]
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.sheetnames == names
        fields = {row[0].value for row in book[names[-1]].iter_rows(min_row=2)}
        assert {"query", "datum", "date", "method", "source", "location_class", "data_hash"} <= fields
        assert book[names[0]].freeze_panes == "A2"


def test_a_workbook_does_not_tell_the_clock(district: District, meta: Meta) -> None:
    book = openpyxl.load_workbook(io.BytesIO(bytes_of(every_format()["xlsx"], selected(district, Selection()), meta)))
    assert book.properties.created.isoformat() == book.properties.modified.isoformat() == "2022-04-25T08:00:00"
