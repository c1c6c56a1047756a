"""Every format of a document: what it declares, that it stands alone, that no text breaks it."""

import io
import sys
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from geodata import typesetting
from geodata.atlas import atlas, map_deck
from geodata.deck import Deck, Slide
from geodata.district import District
from geodata.documents import PAPERS, Document, Paper, as_download, as_files, every_document
from geodata.documents._laid import SHEET_MM, laid, map_size, text_of, title_of
from geodata.documents._typst import pages
from geodata.errors import BadInput, Unreadable
from geodata.glyphs import LACKING
from geodata.markings import APPROVAL, GRADE, NOT_REVIEWED, markings
from geodata.packs import load_district
from geodata.plate_window import SCALES
from geodata.plates import map_svg
from geodata.selecting import Selection
from geodata.settings import Settings, read_settings
from layers import Lang, Text, every_layer
from tests.documents.decks import HOSTILE, TABLE, chart, deck, every_kind, hostile, map_slide
from tests.pdftext import pages_of

OURS = ("pdf", "png", "svg")
STARTS = {"pdf": b"%PDF-", "png": b"\x89PNG", "svg": b"<svg"}


@pytest.fixture(scope="module")
def district() -> District:
    return load_district()


@pytest.mark.parametrize("document", every_document().values(), ids=every_document())
def test_every_form_is_filled_in(document: Document) -> None:
    assert every_document()[document.key] is document
    assert document.suffix == f".{document.key}"
    assert document.papers
    assert set(document.papers) <= set(PAPERS)
    assert document.name.zh != document.name.en


@pytest.mark.parametrize("key", OURS)
def test_a_document_is_what_its_suffix_says_and_the_same_each_time(key: str, district: District) -> None:
    document, told = every_document()[key], deck(map_slide(district))
    steps: list[float] = []
    content = document.write(told, district, lang="zh", progress=steps.append)
    assert content.startswith(STARTS[key])
    assert content == document.write(told, district, lang="zh")
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    assert b"http://127" not in content
    assert not [word for word in (b"/work", b"/tmp", b"C:\\") if word in content]


@pytest.mark.parametrize(("paper", "lang"), [("slides", "zh"), ("slides", "en"), ("a4", "zh"), ("a3-landscape", "en")])
def test_every_kind_of_slide_stands_on_a_page_of_its_own(paper: Paper, lang: Lang, district: District) -> None:
    told = every_kind(district)
    made = pages(told, district, form="svg", lang=lang, paper=paper)
    # Sheets begin with their contents, and what stands beside a map has a page after it.
    assert len(made) == len(told.slides) + (0 if paper == "slides" else 2)
    width, height = SHEET_MM[paper]
    for page in made:
        left, top, right, bottom = map(float, ET.fromstring(page).get("viewBox", "").split())
        assert (left, top) == (0, 0)
        assert right == pytest.approx(width * 72 / 25.4, abs=0.5)
        assert bottom == pytest.approx(height * 72 / 25.4, abs=0.5)


def test_a_table_that_has_no_room_beside_a_map_stands_on_a_slide_of_its_own(district: District) -> None:
    slide = map_slide(district, chart=chart("bar"), table=TABLE)
    told = laid(deck(slide), district, lang="zh", paper="slides").data["slides"]
    assert [(one["kind"], one["map"] is None, one["chart"] is None, one["table"] is None) for one in told] == [("map", False, False, True), ("table", True, True, False)]
    assert told[1]["title"] == told[0]["title"]
    assert told[1]["sources"] == told[0]["sources"]


@pytest.mark.parametrize("paper", ["a4", "a4-landscape"])
def test_a_small_table_stands_on_the_sheet_of_its_map(paper: Paper, district: District) -> None:
    (page,) = pages_of(every_document()["pdf"].write(deck(map_slide(district, table=TABLE)), district, lang="zh", paper=paper))
    assert page.least_pt >= 6
    assert all("".join(heading.zh.split()) in page.text for heading in TABLE.headings)
    assert map_size(paper, 20.0) < map_size(paper)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_of_a_user_breaks_a_page_and_what_the_font_lacks_is_said(lang: Lang, district: District) -> None:
    told = hostile(district)
    # PDF/A allows no character without a glyph: an empty box would fail here.
    assert every_document()["pdf"].write(told, district, lang=lang).startswith(b"%PDF-")
    last = deck(*told.slides[:-1])
    assert len(pages(last, district, form="svg", lang=lang, paper="slides")) == len(last.slides)
    data = laid(told, district, lang=lang, paper="slides").data
    assert LACKING in data["lacking"]
    assert not laid(deck(map_slide(district)), district, lang=lang, paper="slides").data["lacking"]


def test_a_text_is_shown_as_it_was_written() -> None:
    assert text_of(Text("#strong[x] $a$ <b>", ""), "en") == "#strong[x] $a$ <b>"
    assert len(text_of(Text(HOSTILE, HOSTILE), "zh")) < 450
    cut = title_of(Text("标" * 300, "W" * 300), "zh")
    assert cut.endswith("…")
    assert 100 < len(cut) < 112
    assert title_of(Text("停车场", "Car parks"), "zh") == "停车场"


@pytest.mark.parametrize(("paper", "whole"), [("a4", False), ("slides", True)])
def test_a_title_that_has_no_room_ends_in_an_ellipsis(paper: Paper, whole: bool, district: District) -> None:
    title = "标" * 100 + "完"
    (page,) = pages_of(every_document()["pdf"].write(deck(Slide("x", "text", Text(title, title), demonstration=False)), district, lang="zh", paper=paper))
    assert (title in page.text, "标…" in page.text) == (whole, not whole)


def test_a_missing_glyph_would_be_found(district: District) -> None:
    data = laid(deck(map_slide(district)), district, lang="zh", paper="slides")
    data.data["slides"][0]["title"] = "😀"
    with pytest.raises(BadInput, match="could not be displayed"):
        typesetting.typeset("slides.typ", data.data, files=data.files, standards=typesetting.FILED)


def test_a_sheet_says_everything_a_map_must_say(district: District) -> None:
    slide = map_slide(district)
    assert slide.map
    told = laid(deck(slide), district, lang="zh", paper="a4")
    page = told.data["slides"][0]
    width, height = map_size("a4")
    _, scale = map_svg(slide.map, district, width_mm=width, height_mm=height, lang="zh")
    assert scale in SCALES
    assert f"1:{scale:,}（A4 原大打印）" == page["map"]["scale"]
    assert page["demo"] == "演示"
    assert "示意" in page["map"]["sketch"]
    assert page["class_note"] == slide.class_note.zh if slide.class_note else False
    counted = [(row["name"], row["count"]) for row in page["map"]["legend"] if row["count"]]
    assert counted == [(entry.name.zh, f"{entry.count}") for entry in slide.map.legend]
    assert {row["mark"] for row in page["map"]["legend"]} <= set(told.files)
    assert told.data["marks_lines"] == ["内部使用，未经地图审核", "密级：未标注"]
    assert told.data["date"] == "2026-11-22"
    assert told.data["hash"] == "0123456789abcdef"
    assert "EPSG:32649" in told.data["datum"]
    content = every_document()["pdf"].write(deck(slide), district, lang="zh", paper="a4")
    assert b"/Subtype/Image" not in content, "everything on a sheet is drawn, nothing a picture of pixels"
    (sheet,) = pages_of(content)
    assert every_document()["pdf"].held(content) == 1
    grounds = [row["name"] for row in page["map"]["ground"]]
    assert grounds
    assert sheet.least_pt >= 6
    for text in (page["title"], page["map"]["scale"], page["map"]["sketch"], page["class_note"], told.data["datum"], told.data["date"], told.data["hash"], *page["sources"], *page["sentences"],
                 *told.data["marks_lines"], *grounds, *(row["name"] for row in page["map"]["legend"]), "北", "公里", "演示"):
        assert "".join(text.replace("\u200b", "").split()) in sheet.text, text


def test_an_atlas_has_a_page_of_all_and_one_of_each_layer(district: District) -> None:
    whole = atlas(district, selection=Selection(stand_ins=True), settings=Settings(map_approval="豫S〔2026〕12号", map_grade="内部"))
    there = set(district.sites["layer"])
    assert [slide.id for slide in whole.slides] == ["sites", *(key for key in every_layer() if key in there)]
    assert (whole.approval.zh, whole.grade.zh) == ("豫S〔2026〕12号", "内部")
    assert laid(Deck(whole.title, whole.district, whole.made_at, "", whole.approval, whole.grade, whole.slides[:1]), district, lang="en",
                paper="a4").data["marks_lines"] == [f"{APPROVAL.en}: 豫S〔2026〕12号", f"{GRADE.en}: 内部"]
    others = district.ledger.loc[~district.ledger["unit_is_place"] & district.ledger["quantity"].notna(), "id"]
    piles = next(slide for slide in whole.slides if slide.id == "charging_sites")
    assert [text.zh for text in piles.sentences[1:]] == ["2022 年：承诺 200 个桩；分布在几处、各在哪里都未定，图上没有可画的点，也不设示意点。"], "200 piles are not one site"
    for slide in whole.slides:
        assert slide.map
        located = int(slide.map.sites["location_class"].isin(["street", "area"]).sum())
        demo = int((slide.map.sites["location_class"] == "stand_in").sum())
        assert sum(entry.count or 0 for entry in slide.map.legend) == located + demo
        own = slide.map.sites[slide.map.sites["location_class"] != "stand_in"]
        own = own[(slide.id == "sites") | ~own["commitment"].isin(others)]
        for year, rows in own.groupby("year"):
            placed = int(rows["location_class"].isin(["street", "area"]).sum())
            assert any(f"{year} 年：共 {len(rows)} 项，已落位 {placed} 项" in sentence.zh for sentence in slide.sentences)
        assert own["year"].nunique() < 2 or not any(f"共 {len(own)} 项" in sentence.zh for sentence in slide.sentences)
        assert slide.demonstration
    plain = atlas(district, selection=Selection(layers=("public_toilets",)))
    assert [slide.id for slide in plain.slides] == ["sites", "public_toilets"]
    assert not any((slide.map.sites["location_class"] == "stand_in").any() for slide in plain.slides if slide.map), "only where they are asked for"
    with pytest.raises(BadInput, match="Widen the filter"):
        atlas(district, selection=Selection(layers=("public_toilets",), years=(1999,)))


def test_a_deck_of_single_pages_becomes_one_file_a_page(district: District) -> None:
    told = map_deck(district, Selection(layers=("interchanges",)), title=Text("瀍河区：立交", "Interchanges"))
    svg = every_document()["svg"]
    (name, alone), = as_files(svg, told, district, lang="zh").items()
    assert name.startswith("瀍河区-立交-")
    assert as_download({name: alone}, svg)[1] == "image/svg+xml"
    twice = deck(told.slides[0], told.slides[0])
    files = as_files(svg, twice, district, lang="zh", name="图.svg")
    assert list(files) == ["图-01.svg", "图-02.svg"]
    assert alone not in files.values(), "each page says which of how many it is"
    assert files["图-01.svg"] != files["图-02.svg"]
    name, mime, content = as_download(files, svg)
    assert (name, mime) == ("图.zip", "application/zip")
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["图-01.svg", "图-02.svg"]
    with pytest.raises(BadInput, match="2 pages"):
        svg.write(twice, district, lang="zh")


def test_what_stands_beside_a_map_has_a_file_too(district: District) -> None:
    for rows, held in ((TABLE.rows, ["图.svg"]), (TABLE.rows * 30, ["图-01.svg", "图-02.svg"])):
        told = deck(map_slide(district, table=replace(TABLE, rows=rows)))
        assert list(as_files(every_document()["svg"], told, district, lang="zh", paper="a4", name="图.svg"))[:2] == held


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_map_alone_says_what_a_map_must_say(lang: Lang, district: District) -> None:
    told = every_kind(district)
    svg, pdf = every_document()["svg"], every_document()["pdf"]
    (page,) = as_files(svg, told, district, lang=lang, paper="map").values()
    width, height = (float(value) for value in ET.fromstring(page).get("viewBox", "").split()[2:])
    assert width == pytest.approx(SHEET_MM["map"][0] * 72 / 25.4, abs=0.5)
    assert height > width, "the legend stands below the map"
    assert page.count(b"<image") + page.count(b"<use") > 3
    assert "map" not in pdf.papers
    text = laid(deck(map_slide(district)), district, lang=lang, paper="map").data["slides"][0]["map"]["scale"]
    assert "200" in text
    # nothing that users write breaks the page, and no letter is lost: PDF/A would refuse it
    assert pages(deck(hostile(district).slides[1]), district, form="pdf", lang=lang, paper="map")[0].startswith(b"%PDF-")
    with pytest.raises(BadInput, match="no map"):
        as_files(svg, deck(told.slides[0]), district, lang=lang, paper="map")


@pytest.mark.parametrize("document", every_document().values(), ids=every_document())
def test_a_story_without_slides_is_refused(document: Document, district: District) -> None:
    with pytest.raises(BadInput, match="every slide is skipped"):
        as_files(document, deck(), district, lang="zh")


def test_who_says_the_review_number(district: District) -> None:
    assert markings(district, Settings()) == (NOT_REVIEWED, Text("", ""))
    read = read_settings({"CHANHE_MAP_APPROVAL": " 豫S1 ", "CHANHE_MAP_GRADE": "秘密"})
    assert [text.zh for text in markings(district, read)] == ["豫S1", "秘密"]


def test_what_cannot_be_made_is_told(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="no slide"):
        pages(deck(), district, form="pdf", lang="zh", paper="slides")
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Unreadable, match="pip install typst"):
        typesetting.typeset("picture.typ", {})


def test_no_font_of_the_system_is_used() -> None:
    assert set(typesetting._fonts().families()) == {"Noto Sans SC", "Noto Serif SC"}
