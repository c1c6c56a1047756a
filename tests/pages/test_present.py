"""The page Present: what it hands to its script, the stories it opens and refuses, the documents it has made."""

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest  # noqa: TID251  the pages are run as Streamlit runs them

from geodata import document_work, documents, packs, serving
from geodata.documents import Document
from geodata.errors import BadInput
from geodata.jobs import JOBS
from geodata.ledger import programme_counts
from geodata.pages import _frame, _present_files, _slides, present
from geodata.pages._page import Visit
from geodata.pages._present_words import WORDS
from geodata.settings import Settings
from geodata.story import FORMAT, PAGES, Story, View, ready_story, story_json
from geodata.telling import TOLD, slide_key, tell_view
from layers import Text
from tests.pages.visits import page_of, sent

QUICK = (View("t", "title"), View("l", "ledger"), View("w", "explore", "panel=tray"), View("m", "explore", "on=micro_fire_stations"), View("h", "siting", hidden=True))
SOON_S = 240.0  # gives up on work that never ends; nothing is measured by it
MARKUP = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture(autouse=True)
def own_pack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))


@pytest.fixture(scope="module", autouse=True)
def end_processes():
    yield
    JOBS.close()


@pytest.fixture
def visit(district) -> Visit:
    return Visit("zh", Settings(), district, True, lambda key: None)


def story_of(district, *views: View, title: str = "甲") -> str:
    return story_json(Story(district.id, Text(title, ""), views or QUICK, district.stamp))


def opened(lang: str = "zh", **ask: str) -> AppTest:
    return page_of("present", lang, ask={"hello": "1", **ask}, asked_by=present.KEY)


def test_it_waits_for_the_browser_that_holds_the_story(district) -> None:
    (data,) = sent(page_of("present"))
    assert data["slides"] == {}
    assert [view["id"] for view in data["ready"]["views"]] == [view.id for view in ready_story(district).views]
    assert data["head"] == {"format": FORMAT, "version": 1, "district": "chanhe", "stamp": district.stamp}
    assert re.fullmatch(r"瀍河区-.*-\d{4}-\d\d-\d\d\.json", data["file"])
    assert "未经地图审核" in data["marks"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_slides_are_those_of_the_deck(district, lang: str) -> None:
    app = opened(lang, story=story_of(district))
    assert not app.exception
    (data,) = sent(app)
    assert set(data["slides"]) == {"title?", "ledger?", "explore?panel=tray", "explore?on=micro_fire_stations"}, "hidden ones are not told"
    for view in QUICK[:4]:
        told, slide = data["slides"][f"{view.page}?{view.query}"], tell_view(district, view)
        assert told["kind"] == slide.kind
        assert [text.replace("\u00a0", " ") for text in told["sentences"]] == [text.say(lang).replace("\u00a0", " ") for text in slide.sentences]
        assert told["demo"] == slide.demonstration
        assert told["sources"] == [text.say(lang) for text in slide.sources]
    counts = programme_counts(district.ledger, district.sites)
    assert data["slides"]["ledger?"]["table"]["rows"][-1][1] == f"{counts.promised:,.0f}"
    assert data["slides"]["ledger?"]["table"]["total"]
    picture = data["slides"]["explore?on=micro_fire_stations"]["map"]
    assert [entry["count"] for entry in picture["legend"]] == ["48"]
    svg = serving.BLOBS.find(picture["url"].removeprefix("blob/"))
    assert svg
    assert "48" in picture["alt"]


def test_a_map_is_one_picture_that_asks_for_nothing(district) -> None:
    view = View("m", "explore", "on=interchanges")
    slide = tell_view(district, view)
    assert slide.map is not None
    svg = _slides._drawn(slide.map, district, "en")[0].decode()
    assert not re.search(r"""(?:href|src)=["'](?!data:|#)|url\((?!#)|<script|@import""", svg)
    assert "Microsoft YaHei" in svg


def test_a_story_that_cannot_be_read_says_so_and_the_ready_one_stands(district) -> None:
    (data,) = sent(opened(story=story_of(replace(district, id="elsewhere"))))
    assert "另一个地区（elsewhere）" in data["opened"]["text"]
    assert data["opened"]["story"] is None
    assert "ledger?" in data["slides"]


def test_what_takes_long_is_worked_out_beside_the_page(district) -> None:
    view = View("c", "coverage", "layers=clinics&counted=programme&m=310")
    app = opened(story=story_of(district, view))
    (data,) = sent(app)
    name = f"{view.page}?{view.query}"
    assert data["slides"][name]["waiting"] < 1
    (job,) = app.session_state["present_jobs"].values()
    assert job.ended.wait(SOON_S)
    (data,) = sent(app.run())
    assert data["slides"][name]["kind"] == "map"
    assert TOLD.holds(slide_key(district, view))
    own = tell_view(district, view)
    assert own.table is not None
    assert data["slides"][name]["table"]["rows"][0][2] == own.table.rows[0][2]
    assert app.session_state["present_jobs"] == {}


def test_a_view_taken_out_is_waited_for_no_more(district) -> None:
    app = opened(story=story_of(district, View("r", "roads", "layers=clinics&m=333")))
    (job,) = app.session_state["present_jobs"].values()
    app.session_state[present.KEY] = {"ask": {"hello": "1", "story": story_of(district)}}
    app.run()
    assert app.session_state["present_jobs"] == {}
    assert job.stopping


def test_a_file_is_opened_or_refused_in_words(visit: Visit, district) -> None:
    told = present._opened(visit, story_of(replace(district, stamp="other"), View("a", "ledger", caption=Text(MARKUP, ""))), "甲.json", 7)
    assert told["story"]["views"][0]["caption"]["zh"] == MARKUP
    assert "甲.json" in told["text"]
    assert "重新计算" in told["text"]
    refused = present._opened(visit, "{}", "乙.json", 8)
    assert refused["story"] is None
    assert "乙.json 不是汇报文件" in refused["text"]


def test_the_frame_offers_every_page_that_shows_something() -> None:
    adding = {page.key for page in _frame.PAGES if page.key in PAGES}
    assert adding == {"explore", "coverage", "roads", "siting", "ledger"}
    assert {"title", "divider"} | adding == set(PAGES)


def test_the_script_asks_by_the_names_the_page_reads() -> None:
    script = (serving.ASSET_FOLDER / "present.js").read_text(encoding="utf-8")
    assert 'super(c, ["slide", "show"])' in script
    used = set(re.findall(r'this\.word\("(\w+)"', script)) | set(re.findall(r'word\("(\w+)"', "".join((serving.ASSET_FOLDER / name).read_text(encoding="utf-8") for name in ("show.js", "slide.js"))))
    assert used - set(WORDS) == set()


# --- documents

def written(deck, district, *, lang, paper="slides", progress=None) -> bytes:
    if lang == "en":
        raise BadInput(Text("不行", "cannot be"))
    if progress:
        progress(0.5)
    return f"{deck.title.zh} {len(deck.slides)} {paper}".encode()


@pytest.fixture
def one_format(monkeypatch: pytest.MonkeyPatch) -> Document:
    form = Document("leaf", ".leaf", "text/plain", Text("散页", "Leaf"), written, papers=("slides", "a4"))
    monkeypatch.setattr(documents, "every_document", lambda: {"leaf": form})
    monkeypatch.setattr(document_work, "every_document", lambda: {"leaf": form})
    return form


class Now:
    """Jobs that are done as soon as they are begun."""

    def start(self, key, work, *args):
        job = type("Job", (), {"key": key, "share": 0.0, "said": Text("", ""), "error": None, "result": None, "ended": self})()
        try:
            job.result = work(*args, progress=lambda share, text: None, stop=lambda: False)
        except BadInput as error:
            job.error = error
        return job

    def is_set(self) -> bool:
        return True

    def leave(self, job) -> None:
        pass


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict:
    held: dict = {}
    monkeypatch.setattr(_present_files.st, "session_state", held)
    monkeypatch.setattr(_present_files, "JOBS", Now())
    return held


def asked_for(visit: Visit, views: tuple[View, ...], **act: str) -> dict:
    _present_files.ask({"do": "document", "key": "leaf", "paper": "a4", "nonce": 5, **act})
    return _present_files.told(visit, Story("chanhe", Text("甲", "A"), views), lambda view: tell_view(visit.district, view))


def test_every_format_is_offered_on_everything_it_can_be_laid_out_on(visit: Visit, one_format: Document) -> None:
    (offer,) = _present_files.offered(visit)
    assert (offer["key"], offer["name"], [paper["key"] for paper in offer["papers"]]) == ("leaf", "散页", ["slides", "a4"])


def test_a_document_is_made_and_lies_where_its_link_says(visit: Visit, one_format: Document, session: dict) -> None:
    told = asked_for(visit, QUICK)["made"]
    assert told["fresh"]
    assert re.fullmatch(r"瀍河区-甲-\d{4}-\d\d-\d\d\.leaf", told["name"])
    _, name, file = told["url"].split("/")
    assert serving.MADE.find(name)
    assert file.endswith(".leaf")
    again = _present_files.told(visit, Story("chanhe", Text("甲", "A"), QUICK), lambda view: None)["made"]
    assert again["url"] == told["url"]
    assert "fresh" not in again, "downloaded by itself once only"


def test_one_slide_is_taken_alone_under_its_own_name(visit: Visit, one_format: Document, session: dict) -> None:
    told = asked_for(visit, QUICK, only="l")["made"]
    assert "台账" in told["name"]
    made = gzip.decompress(serving.MADE.find(told["url"].split("/")[1]) or b"").decode()
    assert made == "台账：承诺与落位 1 a4"


def test_a_document_waits_for_the_slides_under_way(visit: Visit, one_format: Document, session: dict) -> None:
    _present_files.ask({"key": "leaf", "paper": "slides", "nonce": 5})
    told = _present_files.told(visit, Story("chanhe", Text("甲", "A"), QUICK), lambda view: None if view.id == "m" else tell_view(visit.district, view))
    assert told["making"]["share"] == 0.75
    assert "1 页" in told["making"]["text"]
    _present_files.stop()
    assert _present_files.WISH not in session


def test_what_cannot_be_made_says_why(visit: Visit, one_format: Document, session: dict) -> None:
    told = asked_for(replace(visit, lang="en"), QUICK)["made"]
    assert told["failed"] == "Not made: cannot be"
    assert "Every slide is skipped" in asked_for(replace(visit, lang="en"), (QUICK[4],))["made"]["failed"]
    _present_files.ask({"key": "scroll", "paper": "slides"})
    assert _present_files.WISH not in session
    assert json.dumps(told)
