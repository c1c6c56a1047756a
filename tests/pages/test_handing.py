"""Documents asked for on a page: the story's on Present, the view's on every page that can be told, the atlas on both."""

import gzip
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geodata import document_work, documents, packs, serving
from geodata.deck import Slide
from geodata.documents import Document, every_document
from geodata.errors import ChanheError
from geodata.jobs import Job
from geodata.pages import _frame, _handing, _present_files, _told_views, _view_files
from geodata.pages._page import Visit
from geodata.settings import Settings
from geodata.story import MOST_BYTES, PAGES, Story, View
from geodata.telling import TOLD, slide_key, tell_view
from layers import Text
from tests.pages.handing import Now, written, written_pages
from tests.pages.visits import sent

QUICK = (View("t", "title"), View("l", "ledger"), View("w", "explore", "panel=tray"), View("m", "explore", "on=micro_fire_stations"), View("h", "siting", hidden=True))
TOLD_PAGES = sorted(set(PAGES) - {"title", "divider"})
FORMATS = {key: replace(document, write=written, pages=document.pages and written_pages) for key, document in every_document().items()}
PRESENT, VIEW = _present_files.COUNTER, _view_files.COUNTER


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture
def visit(district) -> Visit:
    return Visit("zh", Settings(), district, True, lambda key: None)


@pytest.fixture
def english(visit: Visit) -> Visit:
    return replace(visit, lang="en")


@pytest.fixture(autouse=True)
def lines_for_files(monkeypatch: pytest.MonkeyPatch) -> None:
    leaf = Document("leaf", ".leaf", "text/plain", Text("散页", "Leaf"), written, papers=("slides", "a4"))
    for place in (documents, document_work):
        monkeypatch.setattr(place, "every_document", lambda: {**FORMATS, "leaf": leaf})


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Now:
    now = Now()
    for place in (_handing, _told_views):
        monkeypatch.setattr(place, "JOBS", now)
    return now


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch, jobs: Now) -> dict[str, Any]:
    held: dict[str, Any] = {}
    monkeypatch.setattr(_handing.st, "session_state", held)
    return held


def content(made: dict[str, Any]) -> bytes:
    return gzip.decompress(serving.MADE.find(made["url"].split("/")[1]) or b"")


# --- the story

def story(views: tuple[View, ...] = QUICK) -> Story:
    return Story("chanhe", Text("甲", "A"), views)


def asked_for(visit: Visit, views: tuple[View, ...] = QUICK, **act: object) -> dict[str, Any]:
    PRESENT.ask({"do": "document", "key": "leaf", "paper": "a4", "nonce": 5, **act})
    made: dict[str, Any] = _present_files.told(visit, story(views), lambda view: tell_view(visit.district, view))["made"]
    return made


def test_every_format_is_offered_on_everything_it_can_be_laid_out_on(visit: Visit) -> None:
    offer = {row["key"]: row for row in _handing.offered(visit)}
    assert set(offer) == {*every_document(), "leaf"}
    assert (offer["leaf"]["name"], [paper["key"] for paper in offer["leaf"]["papers"]]) == ("散页", ["slides", "a4"])


def test_a_document_is_made_and_lies_where_its_link_says(visit: Visit, jobs: Now) -> None:
    made = asked_for(visit)
    assert made["fresh"]
    assert re.fullmatch(r"瀍河区-甲-\d{4}-\d\d-\d\d\.leaf", made["name"])
    assert content(made) == "甲 4 a4".encode()
    assert made["url"].endswith(".leaf")
    again = _present_files.told(visit, story(), lambda view: pytest.fail("told again"))["made"]
    assert again["url"] == made["url"]
    assert "fresh" not in again, "downloaded by itself once only"
    asked_for(visit)
    asked_for(visit, views=QUICK[:2])
    assert len(jobs.begun) == 3
    assert len(set(jobs.begun)) == 2, "the same document is the same job"


def test_one_slide_is_taken_alone_under_its_own_name(visit: Visit) -> None:
    made = asked_for(visit, only="l")
    assert "台账" in made["name"]
    assert content(made).decode() == "台账：承诺与落位 1 a4"


def test_a_document_waits_for_the_slides_under_way(visit: Visit, session: dict[str, Any]) -> None:
    def told_of(view: View) -> Slide | Job:
        return Job("busy", share=0.5) if view.id == "m" else tell_view(visit.district, view)

    PRESENT.ask({"key": "leaf", "paper": "slides", "nonce": 5})
    told = _present_files.told(visit, story(), told_of)
    assert told["making"]["share"] == pytest.approx(0.7 * 3.5 / 4)
    assert "1 页" in told["making"]["text"]
    PRESENT.stop()
    assert PRESENT.wish is None


def test_a_slide_that_failed_ends_the_waiting(visit: Visit) -> None:
    def told_of(view: View) -> Slide | Job:
        raise ChanheError(Text("进程中断", "the process ended"))

    PRESENT.ask({"key": "leaf", "paper": "slides", "nonce": 5})
    assert _present_files.told(visit, story(), told_of) == {"making": None, "made": {"nonce": 5, "failed": "没有生成：进程中断"}}
    assert PRESENT.wish is None


def test_what_cannot_be_made_says_why(english: Visit) -> None:
    made = asked_for(english)
    assert made["failed"] == "Not made: cannot be"
    assert json.dumps(made)
    assert "Every slide is skipped" in asked_for(english, (QUICK[4],))["failed"]
    assert "This slide is skipped" in asked_for(english, only="h")["failed"]
    PRESENT.ask({"key": "scroll", "paper": "slides"})
    assert PRESENT.wish is None


def test_the_atlas_is_the_third_thing_to_take(visit: Visit) -> None:
    made = asked_for(visit, scope="atlas")
    layers = set(visit.district.sites["layer"])
    assert content(made).decode() == f"瀍河回族区：项目位置图集 {1 + len(layers)} a4"
    assert "图集" in made["name"]


# --- the view on screen

def view_file(visit: Visit, page: str, **act: object) -> dict[str, Any]:
    _view_files.do({"do": "document", "page": page, "query": "", "key": "leaf", "paper": "slides", "scope": "view", "nonce": 7, **act})
    return _view_files.told(visit)


def quick_slide(district: Any, view: View, *, progress: Any, stop: Any) -> Slide:
    return Slide("", "text", Text(f"{view.page} {view.query}", view.page), demonstration=False, sentences=(Text("一句", "One"),))


@pytest.mark.parametrize("page", TOLD_PAGES)
def test_every_page_that_can_be_told_is_handed_over_in_every_format(page: str, visit: Visit, monkeypatch: pytest.MonkeyPatch, jobs: Now) -> None:
    monkeypatch.setattr(_told_views, "tell_work", quick_slide)
    query = f"only=for-{page}-here"
    for key, document in FORMATS.items():
        paper = document.papers[-1]
        made = view_file(visit, page, key=key, paper=paper, query=query)["made"]
        assert made["fresh"]
        assert re.fullmatch(rf"瀍河区-.+-\d{{4}}-\d\d-\d\d\.{key}", made["name"])
        assert content(made).decode().endswith(f" 1 {paper}")
    documents_begun = [key for key in jobs.begun if key[0] == "document"]
    assert len(documents_begun) == len(FORMATS)
    assert len([key for key in jobs.begun if key[0] != "document"]) <= 1, "told once for every format"
    assert TOLD.holds(slide_key(visit.district, View("", page, query)))


def test_a_view_under_way_shows_its_progress_and_stops(visit: Visit, monkeypatch: pytest.MonkeyPatch, session: dict[str, Any]) -> None:
    busy = Job("busy", state="running", share=0.5, said=Text("算到一半", "half way"))
    left: list[Job] = []
    monkeypatch.setattr(_told_views, "JOBS", type("Jobs", (), {"start": lambda *args: busy, "leave": lambda self, job: left.append(job)})())
    told = view_file(visit, "coverage", query="layers=clinics&m=311")
    assert told == {"making": {"share": 0.35, "text": "算到一半"}, "made": None}
    _view_files.do({"do": "look"})
    assert _view_files.told(visit) == told
    _view_files.do({"do": "stop"})
    assert _view_files.told(visit) == {"making": None, "made": None}
    assert left == [busy]


def test_a_view_that_cannot_be_told_is_refused_with_its_reason(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Job("lost", error=ChanheError(Text("进程中断", "the process ended")))
    monkeypatch.setattr(_told_views, "JOBS", type("Jobs", (), {"start": lambda *args: lost, "leave": lambda self, job: None})())
    for _ in range(2):  # and asked again, it is tried again
        assert view_file(visit, "coverage", query="layers=clinics&m=312")["made"]["failed"] == "没有生成：进程中断"
    assert "太多" in view_file(visit, "roads", query="x" * (MOST_BYTES + 1))["made"]["failed"]
    untold = Slide("", "text", Text("覆盖", "Coverage"), demonstration=False, sentences=(Text("没有这个图层", "no such layer"),), untold=True)
    monkeypatch.setattr(_view_files.TELLING.__class__, "slide", lambda *args: untold)
    assert view_file(visit, "coverage", query="layers=none")["made"]["failed"] == "没有生成：没有这个图层"
    _view_files.do({"do": "document", "page": "bring", "key": "leaf", "paper": "slides"})
    assert VIEW.wish is None


@pytest.mark.parametrize(("query", "demo", "pages"), [("on=parking_lots.public_toilets&year=2022", False, 3), ("on=interchanges", True, 2)])
def test_the_map_page_offers_the_atlas_of_its_filter(query: str, demo: bool, pages: int, visit: Visit, jobs: Now) -> None:
    made = view_file(visit, "explore", scope="atlas", query=query, demo=demo)["made"]
    assert content(made).decode().split()[1] == str(pages)
    (key,) = jobs.begun
    assert key[2][1].stand_ins is demo


def test_an_atlas_of_nothing_is_refused(visit: Visit) -> None:
    assert "放宽筛选" in view_file(visit, "explore", scope="atlas", query="on=parking_lots&year=1999")["made"]["failed"]


def test_several_pictures_come_as_one_zip(visit: Visit) -> None:
    made = view_file(visit, "explore", scope="atlas", query="on=interchanges", key="png")["made"]
    assert made["name"].endswith(".zip")
    assert len(zipfile.ZipFile(io.BytesIO(content(made))).namelist()) == 2


def test_without_its_font_a_document_says_so(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    from geodata import glyphs  # noqa: PLC0415  its cache is emptied here

    def lost() -> Path:
        raise glyphs.Unreadable(glyphs._MISSING)

    monkeypatch.setattr(document_work, "every_document", every_document)
    monkeypatch.setattr(glyphs, "font_folder", lost)
    glyphs.glyphs.cache_clear()
    for key in ("html", "pdf", "pptx"):
        assert "pip install pylopdf-fonts-zh-cn" in view_file(visit, "explore", key=key, query="on=interchanges")["made"]["failed"]


# --- where it stands

def test_the_menu_stands_on_every_page_whose_view_can_be_told() -> None:
    assert sorted(page.key for page in _frame.PAGES if page.key in PAGES) == TOLD_PAGES


def test_the_page_hands_the_menu_its_formats(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))
    script = """
import streamlit as st
from geodata import serving
from geodata.pages import _frame, _view_files
from geodata.pages._page import Visit
from geodata.settings import read_settings

settings = read_settings()
visit = Visit("zh", settings, serving.current_district(settings), True, lambda key: None)
for page in _frame.PAGES:
    if page.key in ("explore", "bring"):
        _view_files.show(visit, page)
"""
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415, TID251  the pages are run as Streamlit runs them

    app = AppTest.from_string(script, default_timeout=120).run()
    assert not app.exception
    (data,) = sent(app)
    assert (data["page"], data["atlas"], data["sketch"], data["making"], data["made"]) == ("explore", True, True, None, None)
    assert [row["key"] for row in data["documents"]] == list(every_document())


def test_the_scripts_ask_by_the_names_the_page_reads() -> None:
    scripts = {name: (serving.ASSET_FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in ("frame", "files", "handing")}
    assert set(re.findall(r'\bword\("(\w+)"', "".join(scripts.values()))) <= set(_view_files.VIEW_WORDS)
    assert set(re.findall(r"data\.files\.(\w+)", scripts["frame"])) == {"menu", "menu_hint"}
    assert {"document", "stop", "look"} == set(re.findall(r'do: "(\w+)"', scripts["handing"]))
