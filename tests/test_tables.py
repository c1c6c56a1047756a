"""Tables as spreadsheets hold them, in the encodings offices use."""

import openpyxl
import pytest

from geodata.checks import ROW
from geodata.errors import BadInput, Unreadable
from geodata.tables import read_table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_text_table_is_read_in_any_usual_encoding(tmp_path, encoding, separator):
    path = tmp_path / "a.csv"
    path.write_bytes(f"名称{separator}经度\n塔湾站{separator}112.5\n".encode(encoding))
    table, problems = read_table(path, "a.csv")
    assert table.to_dict("records") == [{"名称": "塔湾站", "经度": "112.5", ROW: 2}]
    assert problems == []


def test_rows_carry_the_numbers_a_spreadsheet_shows(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n,\n3\n4,5,6\n", encoding="utf-8")
    table, problems = read_table(path, "a.csv")
    assert table[ROW].tolist() == [2, 4, 5]
    assert table["b"].tolist() == ["2", "", "5"]
    assert [(p.row, p.code) for p in problems] == [(5, "too_many_cells")]


def test_a_workbook_is_read_from_its_first_sheet_with_content(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.create_sheet("点位")
    sheet.append(["名称", "经度", "桩数"])
    sheet.append(["甲", 112.5, 4.0])
    book.save(tmp_path / "a.xlsx")
    table, _ = read_table(tmp_path / "a.xlsx", "a.xlsx")
    assert table.to_dict("records") == [{"名称": "甲", "经度": "112.5", "桩数": "4", ROW: 2}]


@pytest.mark.parametrize(("name", "content"), [("a.csv", b""), ("a.csv", b"\n\n,,\n"), ("a.csv", b"a,a\n1,2\n")])
def test_empty_tables_and_twin_columns_are_bad_input(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_table(tmp_path / name, name)
    assert name in caught.value.say("zh")


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"no workbook"), ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\xff\xff"), ("a.csv", b"\xff\xff\xff\xff")])
def test_what_is_no_table_is_unreadable(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=name):
        read_table(tmp_path / name, name)
