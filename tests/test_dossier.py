"""A report as files, and the same worked out again."""

import dataclasses
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pptx
import pyogrio
import pytest
import shapely

from geodata import dossier, finding_pages, storing
from geodata.changes import AddFacility, OpenRoad, RemoveFacility
from geodata.documents._html_read import read_back, table_cells
from geodata.dossier import RECORD, SCENARIO, files_of, make_zip, write_dossier
from geodata.errors import BadInput, CannotWrite, ChanheError, ProblemsFound, Unreadable
from geodata.finding_deck import MOST_ROWS, report_deck
from geodata.finding_pages import Imprint
from geodata.finding_tables import every_sheet, first_unserved
from geodata.finding_words import parameters, summary_of, unknowns
from geodata.findings import Asked, find
from geodata.glyphs import glyphs
from geodata.markings import marks_of
from geodata.packs import load_district
from geodata.plate_ground import ground_legend
from geodata.question import Question
from geodata.rebuilding import differences, read_report, surroundings
from geodata.scenario_file import scenario_json
from geodata.sheets import said
from layers import Text, every_layer
from tests.pdftext import pages_of

BITING = '=HYPERLINK("http://x")#strong[粗]$x$<b>\u202e' + "很长" * 400
QUESTION = Question(("kindergartens",), draws=20)
IMPRINT = Imprint("zh", datetime(2026, 11, 22, 8, tzinfo=UTC), {"district": "a1" * 32, "streets": "def"}, {"chanhe-planning-map": "0.1.0"},
                  Text("内部使用，未经地图审核", "For internal use; map not reviewed"), Text("", ""))


@pytest.fixture(scope="module")
def district():
    return load_district()


@pytest.fixture(scope="module")
def asked(district):
    centre = district.boundary.geometry.iloc[0].representative_point()
    roads = tuple(OpenRoad(line, Text(BITING, "=1+1")) for line in district.gaps.geometry)
    return Asked(QUESTION, changes=(*roads, AddFacility("kindergartens", shapely.Point(centre.x, centre.y), Text(BITING, BITING))), scenario=Text(BITING, BITING), demo_sites=True)


@pytest.fixture(scope="module")
def found(district, asked):
    return find(district, asked)


@pytest.fixture(scope="module")
def files(found):
    return files_of(found, IMPRINT)


@pytest.fixture
def folder(files, tmp_path: Path) -> Path:
    write_dossier(tmp_path / "report", files)
    return tmp_path / "report"


def test_names_say_district_content_and_date(files, found) -> None:
    stem = next(iter(files)).removesuffix(".pdf")
    assert list(files) == [*(f"{stem}{suffix}" for suffix in (".pdf", ".xlsx", ".gpkg", ".html", ".pptx")), SCENARIO, RECORD]
    name = every_layer()["kindergartens"].name
    assert stem.startswith(f"瀍河区-步行覆盖报告-{name.zh}-情景-HYPERLINK-")
    assert stem.endswith("-2026-11-22")
    assert len(stem.encode()) < 240, "with a suffix every system takes it"

    def told(*layers: str, lang: str, district=found.district) -> str:
        return dossier.file_stem(district, Asked(Question(layers)), lang=lang, day=IMPRINT.made_at)

    assert told("kindergartens", "public_toilets", lang="en") == "chanhe-coverage-report-kindergartens-public-toilets-2026-11-22"
    assert told("kindergartens", "public_toilets", "clinics", lang="zh") == "瀍河区-步行覆盖报告-3类设施-2026-11-22"
    odd = dataclasses.replace(found.district, name=Text('../a:b*"<c>|' + "长" * 300, "x"))
    assert told("kindergartens", lang="zh", district=odd) == "a-b-c-" + "长" * 34 + f"-步行覆盖报告-{name.zh}-2026-11-22"


def told_to_the_typesetter(found, lang: str, monkeypatch: pytest.MonkeyPatch) -> tuple[dict, dict[str, bytes]]:
    """What the template gets, and the pictures."""
    caught: list = []
    monkeypatch.setattr(finding_pages, "typeset", lambda template, data, *, files, made_at, standards: caught.append((data, files)) or [b""])
    finding_pages.report_pdf(found, dataclasses.replace(IMPRINT, lang=lang))
    return caught[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_hold_the_tables_and_a_map_a_layer(found, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, pictures = told_to_the_typesetter(found, lang, monkeypatch)
    assert data["demo"] == ("演示" if lang == "zh" else "Demonstration")
    assert ("未经地图审核" if lang == "zh" else "not reviewed") in data["footer"]
    titles = [section["title"] for section in data["sections"]]
    assert titles[:5] == (["摘要", "参数", "方法", "承诺台账", "结果"] if lang == "zh" else ["Summary", "Parameters", "Method", "Ledger of promises", "Results"])
    maps = [section["map"] for section in data["sections"] if section["map"]]
    assert maps == ["map_kindergartens", "change_kindergartens"]
    assert all("示意" in pictures[name].decode() or "DEMO" in pictures[name].decode() for name in maps), "示意 is part of the picture"
    assert all(entry["mark"] in pictures for section in data["sections"] for entry in section["legend"])
    for section in (one for one in data["sections"] if one["map"]):
        assert section["marks"] == [line.say(lang) for line in marks_of(IMPRINT.approval, IMPRINT.grade)]
        assert "EPSG:32649" in section["caption"]
        assert {entry.name.say(lang) for entry in ground_legend(found.district)} <= {entry["text"] for entry in section["legend"]}
    draw = "第 1 次" if lang == "zh" else "draw 1"
    for section in (one for one in data["sections"] if one["map"]):
        assert all(draw in entry["text"] for entry in section["legend"] if "%" in entry["text"]), "one draw is not taken for the median"
        assert any(("20 次抽样中的第 1 次" if lang == "zh" else "draw 1 of 20,") in entry["text"] for entry in section["legend"])
    counted = [head for section in data["sections"] for table in section["tables"] for head in table["heads"] if draw in head]
    assert len(counted) == 4, "points and people beyond the standard in all, walk and straight line of the first"
    assert data["footer"].endswith(" · ".join(line.say(lang) for line in marks_of(IMPRINT.approval, IMPRINT.grade)))
    (results,) = (table for section in data["sections"] for table in section["tables"] if table["title"] in {"各项结果", "All results"})
    (sheet,) = (sheet for sheet in every_sheet(found) if sheet.key == "results")
    (row,) = sheet.rows
    shown = [said(value, column.kind, lang) for column, value in zip(sheet.columns, row, strict=True) if column.on != "files"]
    assert [(cell["t"], cell["r"]) for cell in results["rows"][0]] == shown
    (bar, *_) = data["bars"]["rows"]
    assert bar["text"].split("–")[0] in summary_of(found)[0].say(lang), "at a glance as in the summary"
    rebuild = data["sections"][-1]
    make, check = rebuild["code"]
    assert make == f"python -m geodata report --layer kindergartens --draws 20 --seed {QUESTION.seed} --what-if scenario.geojson --stand-ins --lang {lang} --out again"
    assert check == "python -m geodata report --rebuild ."
    assert {"a1" * 32, "def", "0.1.0", "chanhe-planning-map"} <= {cell["t"] for table in rebuild["tables"] for line in table["rows"] for cell in line}


def test_the_users_words_stand_on_the_page_as_they_are(found, files, monkeypatch: pytest.MonkeyPatch) -> None:
    data, _ = told_to_the_typesetter(found, "zh", monkeypatch)
    text = json.dumps(data, ensure_ascii=False).replace("\u200b", "")
    assert '#strong[粗]$x$<b>很长' in text
    assert "\u202e" not in text, "nothing turns the line"
    content = next(iter(files.values()))
    assert content.startswith(b"%PDF-")
    assert b"/URI" not in content, "a text is no link"
    told = "".join(page.text for page in pages_of(content))
    assert "".join(json.loads(files[RECORD])["command"].split()) in told
    assert "a1" * 32 in told, "nothing stands between the letters of what is copied"
    assert b"pdfuaid" in content, "fit for filing: no letter without a glyph, no picture without words"


def test_the_workbook_has_a_sheet_a_table_numbers_as_numbers_and_no_formula(files) -> None:
    book = openpyxl.load_workbook(io.BytesIO(list(files.values())[1]))
    assert book.sheetnames[:4] == ["演示 摘要", "参数", "承诺台账", "演示 各项结果"]
    asked = {str(row[2].value) for row in book["说明"].iter_rows() if row[0].value == "query"}
    assert {"layer=kindergartens", "what-if=scenario.geojson", "stand-ins=yes", "draws=20"} <= asked, "what was asked, as the command line names it"
    anew = {str(square.value) for row in book["怎样重新生成"].iter_rows() for square in row}
    assert {"python -m geodata report --rebuild .", "a1" * 32, "def", "0.1.0", json.loads(files[RECORD])["command"]} <= anew
    assert {"还不知道的", "演示 未达标的地点", "演示 情景前后", "说明"} <= set(book.sheetnames)
    results = book["演示 各项结果"]
    heads = [square.value for square in results[1]]
    share = results[2][heads.index("沿街覆盖率")]
    recorded = json.loads(files[RECORD])["tables"]["results"]["rows"][0]
    assert share.value == pytest.approx(recorded["covered_share"], rel=1e-11)
    assert share.number_format == "0.0%"
    cells = [square for sheet in book for row in sheet.iter_rows() for square in row if square.value is not None]
    assert not [square for square in cells if square.data_type == "f"]
    assert any(BITING[:20] in str(square.value) for square in cells), "shown as text"


def test_the_data_name_what_is_a_demonstration(files, found, tmp_path: Path) -> None:
    path = tmp_path / "r.gpkg"
    path.write_bytes(list(files.values())[2])
    names = {str(name) for name, _ in pyogrio.list_layers(path)}
    assert {"kindergartens", "示意_kindergartens", "示意_walks", "示意_unserved", "示意_scenario_gains", "示意_results"} <= names
    assert {"示意_scenario_changes", "示意_scenario_changes_line"} <= names
    opened = pyogrio.read_dataframe(path, layer="示意_scenario_changes_line")
    assert len(opened) == len(found.district.gaps)
    assert set(opened["change"]) == {"open_road"}
    assert opened.to_crs(found.district.metric_crs).length.sum() == pytest.approx(found.district.gaps.length.sum(), rel=1e-6)
    record = json.loads(files[RECORD])
    assert len(pyogrio.read_dataframe(path, layer="示意_unserved")) == record["tables"]["unserved_totals"]["rows"][0]["points"]
    walks = pyogrio.read_dataframe(path, layer="示意_walks")
    assert walks["people"].sum() == record["tables"]["results"]["rows"][0]["people"]


def test_another_moment_gives_other_bytes_and_the_same_tables(found, files) -> None:
    later = files_of(found, dataclasses.replace(IMPRINT, made_at=datetime(2026, 11, 22, 9, tzinfo=UTC)))
    assert list(later) == list(files)
    assert {name for name in files if later[name] != files[name]} == set(files) - {SCENARIO}
    told = [json.loads(one[RECORD]) for one in (files, later)]
    assert told[0]["tables"] == told[1]["tables"]


def test_rebuilt_from_the_same_data_everything_is_equal(folder: Path, district, asked) -> None:
    recorded = read_report(folder, district)
    assert recorded.asked.question == QUESTION
    assert [type(change) for change in recorded.asked.changes] == [type(change) for change in asked.changes]
    again = find(district, recorded.asked)
    assert differences(recorded, again, IMPRINT) == []
    assert surroundings(recorded, again, IMPRINT) == []


def test_other_data_other_versions_and_a_changed_file_are_named(folder: Path, district, found) -> None:
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    record["tables"]["results"]["rows"][0]["covered_share"] += 2e-6
    record["tables"]["quantiles"]["rows"][0]["walk_p50_m"] += 1e-9
    record["tables"]["ledger"]["rows"].pop()
    record["data"]["hashes"]["streets"] = "other"
    record["versions"]["numpy"] = "1"
    (folder / RECORD).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    next(folder.glob("*.xlsx")).write_bytes(b"edited")
    recorded = read_report(folder, district)
    changed = differences(recorded, found, IMPRINT)
    assert [one.where for one in changed if "covered_share" in one.where] == ["tables.results[kindergartens · 300 m · 按计划点位].covered_share"]
    assert any(one.where.startswith("tables.ledger[") and one.recorded is None for one in changed)
    assert len(changed) == 2, "a billionth of a metre is no difference"
    beside = {one.where for one in surroundings(recorded, found, IMPRINT)}
    assert {"data.hashes.streets", "versions.numpy"} < beside
    assert any(where.startswith("files") and where.endswith(".xlsx") for where in beside)


def test_a_folder_that_is_no_report_and_a_report_of_elsewhere_are_refused(folder: Path, district, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not the record"):
        read_report(tmp_path, district)
    (tmp_path / RECORD).write_text('{"format": "chanhe-report-2", "district": "chanhe", "parameters": {"layers": 3}}', encoding="utf-8")
    with pytest.raises(Unreadable):
        read_report(tmp_path, district)
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    (tmp_path / RECORD).write_text(json.dumps({name: value for name, value in record.items() if name != "lang"}), encoding="utf-8")
    with pytest.raises(Unreadable):
        read_report(tmp_path, district)
    (tmp_path / RECORD).write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / SCENARIO).write_text(scenario_json(district, [RemoveFacility("nobody")]), encoding="utf-8")
    with pytest.raises(ProblemsFound):
        read_report(tmp_path, district)
    with pytest.raises(BadInput, match="--pack"):
        read_report(folder, dataclasses.replace(district, id="elsewhere"))


def test_nothing_half_written_and_nothing_overwritten(files, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotWrite, match="left alone"):
        write_dossier(folder, files)
    calls = []

    def full(path: Path, content: bytes) -> None:
        calls.append(path)
        if len(calls) == 3:
            raise storing.cannot_write(path, OSError(28, "No space left on device"))
        path.write_bytes(content)

    monkeypatch.setattr(dossier, "write_file", full)
    with pytest.raises(CannotWrite, match=r"(?i)no space left"):
        write_dossier(tmp_path / "new", files)
    assert [path.name for path in tmp_path.iterdir()] == ["report"], "no lock, no half of a folder"


def test_progress_only_grows_and_ends_at_one_and_a_stop_is_heard(district, tmp_path: Path) -> None:
    told: list[float] = []
    content = make_zip(district, Asked(QUESTION), IMPRINT, progress=lambda share, what: told.append(share), stop=lambda: False)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 5
    bundle = zipfile.ZipFile(io.BytesIO(content))
    assert [Path(name).suffix for name in bundle.namelist()] == [".pdf", ".xlsx", ".gpkg", ".html", ".pptx", ".json"]
    data = tmp_path / "r.gpkg"
    data.write_bytes(bundle.read(bundle.namelist()[2]))
    names = [str(name) for name, _ in pyogrio.list_layers(data)]
    assert "示意_walks" in names
    assert "示意_kindergartens" not in names, "demo sites are in it where they are asked for"
    with pytest.raises(ChanheError, match="Stopped"):
        make_zip(district, Asked(QUESTION), IMPRINT, progress=lambda share, what: None, stop=lambda: True)


def test_its_slides_hold_every_table_as_it_is_read_and_say_what_they_are(files, found) -> None:
    deck = report_deck(found, IMPRINT)
    assert all(slide.demonstration and slide.class_note and (slide.sources or slide.id.startswith("sources")) for slide in deck.slides)
    assert all(slide.map.sketch for slide in deck.slides if slide.map)
    assert {"layer-kindergartens", "change-kindergartens"} <= {slide.id for slide in deck.slides}
    (points,) = json.loads(files[RECORD])["tables"]["unserved_totals"]["rows"]
    (left,) = (slide for slide in deck.slides if slide.id == "unserved-kindergartens")
    assert f"另有 {points['points'] - MOST_ROWS:,.0f} 处" in left.sentences[0].zh, "those left out are told by their number"
    sheets = [first_unserved(found, sheet, "kindergartens", MOST_ROWS) if sheet.key == "unserved" else sheet for sheet in every_sheet(found)]
    for sheet in (parameters(found), *sheets, unknowns(found)):
        shown = [tuple(cell.zh for cell in row) for slide in deck.slides if slide.id.rpartition("-")[0] == sheet.key and slide.table for row in slide.table.rows]
        columns = [place for place, column in enumerate(sheet.columns) if column.on != "files"]
        read = [[said(row[place], sheet.columns[place].kind, "zh") for place in columns] for row in sheet.rows]
        assert len(shown) == len(read), sheet.key
        assert all(figure in cell and below in cell for row, told in zip(shown, read, strict=True) for cell, (figure, below) in zip(row, told, strict=True)), sheet.key


def test_the_written_slides_hold_the_tables_of_the_deck_the_word_demonstration_and_no_letter_without_a_glyph(files, found) -> None:
    deck = report_deck(found, IMPRINT)
    page = next(content for name, content in files.items() if name.endswith(".html"))
    assert len(page) < 4_000_000
    assert all('class="demo"' in section for section in page.decode().split('<section class="slide ')[1:])
    read, _, asks = read_back(page.decode())
    assert (len(read), asks) == (len(deck.slides), [])
    tabled = [(slide, there) for slide, there in zip(deck.slides, read, strict=True) if slide.table]
    assert [there.tables[-1] for _, there in tabled] == [table_cells(slide) for slide, _ in tabled]
    slides = list(pptx.Presentation(io.BytesIO(next(content for name, content in files.items() if name.endswith(".pptx")))).slides)
    rows = [[cell.text_frame.text for cell in row.cells] for slide in slides for shape in slide.shapes if shape.has_table for row in list(shape.table.rows)[1:]]
    cells = [[zh for zh, _, _ in row] for slide, _ in tabled for row in table_cells(slide)[1:]]
    assert [[text for text in row if len(text) < 300] for row in cells] == [[text for text, whole in zip(row, told, strict=True) if len(whole) < 300] for row, told in zip(rows, cells, strict=True)], "parted over pages, but whole; only what has no end is cut"
    shown = [[shape.text_frame.text for shape in slide.shapes if shape.has_text_frame] for slide in slides]
    assert all("演示" in texts for texts in shown)
    letters = {letter for texts in (*shown, *rows) for text in texts for letter in text if not letter.isspace()}
    assert not [letter for letter in letters if not glyphs().glyph(letter)]
