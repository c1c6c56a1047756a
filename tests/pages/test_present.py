"""The page Present: what it hands to its script, the stories it opens and refuses."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest  # noqa: TID251  the pages are run as Streamlit runs them

from geodata import packs, serving
from geodata.errors import Unreadable
from geodata.jobs import JOBS
from geodata.ledger import programme_counts
from geodata.pages import _frame, _slides, present
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
    assert "未经地图审核" in data["marks"][0]


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


def test_without_its_font_a_slide_says_so_and_the_others_stand(district, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = Unreadable(Text("没有中文字体", "no font"))

    def fail(*_args: object, **_options: object) -> None:
        raise lacking

    monkeypatch.setattr(_slides, "map_svg", fail)
    _slides.DRAWN.get(("slide map", slide_key(district, QUICK[3]), "en"), lambda: (b"", 1), lambda made: 0)  # drawn before: stands
    (data,) = sent(opened(story=story_of(district, QUICK[1], View("k", "explore", "on=kindergartens"))))
    assert data["slides"]["ledger?"]["kind"] == "table" or data["slides"]["ledger?"]["table"]
    assert data["slides"]["explore?on=kindergartens"]["failed"] == "没有中文字体"


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
    scripts = "".join((serving.ASSET_FOLDER / name).read_text(encoding="utf-8") for name in ("present.js", "present_rows.js", "show.js", "slide.js", "files.js"))
    asked = set(re.findall(r'word\("(\w+)"', scripts))
    assert asked - set(WORDS) == set()
    sources = scripts + "".join(path.read_text(encoding="utf-8") for path in Path(present.__file__).parent.glob("*.py") if path.name != "_present_words.py")
    # `lang_zh` and `lang_en` are put together in the script
    assert {name for name in WORDS if f'"{name}"' not in sources} == {"lang_zh", "lang_en"}, "nothing is worded that nobody says"
