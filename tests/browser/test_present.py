"""Present in a browser: a story kept by the browser, added to from a page, ordered by keyboard, shown by keys."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import NARROW, PROJECTOR, settle, stands

PLAIN = {"zh": "", "en": ""}
VIEWS = [
    {"id": "t", "page": "title", "query": "", "caption": PLAIN, "notes": PLAIN, "hidden": False},
    {"id": "l", "page": "ledger", "query": "", "caption": PLAIN, "notes": {"zh": "先说总数", "en": "Totals first"}, "hidden": False},
    {"id": "w", "page": "explore", "query": "panel=tray", "caption": PLAIN, "notes": PLAIN, "hidden": False},
    {"id": "m", "page": "explore", "query": "on=micro_fire_stations", "caption": {"zh": "<b>48</b> 处", "en": "<b>48</b> places"}, "notes": PLAIN, "hidden": False},
]
KEPT = {"title": {"zh": "甲", "en": "A"}, "views": VIEWS}  # quick slides alone: what takes long is tested without a browser


@pytest.fixture
def present(new_context: Callable[..., BrowserContext], app: str) -> Callable[..., Page]:
    """Open the page in a browser that keeps a story."""
    def go(path: str = "/present", **options: object) -> Page:
        context = new_context(**options)
        context.add_init_script(f"if (location.protocol.startsWith('http') && !localStorage.getItem('chanhe-story:chanhe')) localStorage.setItem('chanhe-story:chanhe', {json.dumps(json.dumps(KEPT))})")
        page = context.new_page()
        page.goto(app + path)
        told(page)
        return page

    return go


def told(page: Page) -> None:
    """Wait until every slide stands."""
    page.wait_for_selector(".cp-present.cp-ready", timeout=240_000)
    page.wait_for_function("() => document.querySelector('.cp-pres-stage .cp-slide') && !document.querySelector('.cp-pres-stage .cp-slide-wait')", timeout=240_000)
    settle(page)


def titles(page: Page) -> list[str]:
    found: list[str] = page.locator(".cp-pres-pick > span").evaluate_all("(all) => all.map((el) => el.firstChild.textContent)")
    return found


def shown(page: Page) -> str:
    return page.locator(".cp-show .cp-slide h2").first.inner_text()


def test_a_story_is_shown_by_keys(present, keep_picture, assert_accessible) -> None:
    page = present(viewport={"width": 1280, "height": 720})
    assert titles(page) == ["甲", "台账：承诺与落位", "还缺哪些位置，向谁要", "<b>48</b> 处"]
    assert page.evaluate("[...document.querySelectorAll('[data-testid=stMain]')].every((el) => el.scrollWidth <= el.clientWidth)")
    assert_accessible(page)
    page.locator("[data-do=show]").click()
    assert shown(page) == "甲"
    for key, title in (("ArrowRight", "台账：承诺与落位"), ("PageDown", "还缺哪些位置，向谁要"), (" ", "<b>48</b> 处"), ("ArrowRight", "<b>48</b> 处"), ("PageUp", "还缺哪些位置，向谁要"),
                       ("ArrowLeft", "台账：承诺与落位"), ("End", "<b>48</b> 处"), ("Home", "甲"), ("ArrowDown", "台账：承诺与落位")):
        page.keyboard.press(key)
        assert shown(page) == title
    slide = page.locator(".cp-show .cp-slide").first
    assert slide.locator("tr").last.inner_text().split() == ["合计", "95", "0", "0", "95", "未知"]
    assert "待落位 95" in slide.locator(".cp-slide-note").inner_text()
    assert "来源" in slide.locator("footer").inner_text()
    assert "2 / 4" in slide.locator(".cp-slide-marks").inner_text()
    assert page.locator(".cp-show-notes").is_hidden()
    page.keyboard.press("n")
    assert "先说总数" in page.locator(".cp-show-notes").inner_text()
    page.keyboard.press("n")
    page.keyboard.press("b")
    page.keyboard.press("ArrowRight")
    assert shown(page) == "台账：承诺与落位", "the first key after black only brings the picture back"
    for key in ("End", "Home", "o"):
        page.keyboard.press(".")
        assert page.locator(".cp-show.cp-black").count() == 1
        page.keyboard.press(key)
        assert page.locator(".cp-show.cp-black").count() == 0
        assert shown(page) == "台账：承诺与落位"
    page.keyboard.press("o")
    assert page.locator(".cp-show-grid").is_hidden()
    page.keyboard.press(" ")
    page.keyboard.press("Shift+Space")
    assert shown(page) == "台账：承诺与落位"
    page.evaluate("() => { window.asked = 0; Element.prototype.requestFullscreen = () => { window.asked += 1; return Promise.resolve(); }; }")
    for key in ("f", "F5"):
        page.keyboard.press(key)
    assert page.evaluate("() => window.asked") == 2
    page.evaluate("() => { window.opens = window.open; window.open = () => null; }")
    page.keyboard.press("p")
    assert "允许" in page.locator(".cp-show-said").inner_text(), "a window that was blocked is told"
    page.evaluate("() => { window.open = window.opens; document.querySelector('.cp-show-said').remove(); }")
    page.keyboard.press("End")
    picture = page.locator(".cp-show-room figure.cp-slide-map img")
    page.wait_for_function("() => { const img = document.querySelector('.cp-show-room figure.cp-slide-map img'); return img.complete && img.naturalWidth > 0; }")
    assert "48" in str(picture.get_attribute("alt"))
    assert "演示" in page.locator(".cp-show .cp-slide header").inner_text()
    box, stage = picture.bounding_box(), page.locator(".cp-show .cp-stage").first.bounding_box()
    assert box is not None
    assert stage is not None
    assert (stage["width"], stage["height"]) == (1280, 720)
    assert_accessible(page)
    page.wait_for_function("() => location.search.includes('slide=m') && location.search.includes('show=1')")
    keep_picture(page, "present-1280")
    page.set_viewport_size(PROJECTOR)
    size = page.locator(".cp-show .cp-slide-first").first.evaluate("(el) => parseFloat(getComputedStyle(el).fontSize)")
    assert size > 30, "read across a room"
    keep_picture(page, "present-1920")
    page.keyboard.press("o")
    assert page.locator(".cp-show-card").count() == 4
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert shown(page) == "还缺哪些位置，向谁要"
    page.keyboard.press("Escape")
    assert page.locator(".cp-show").count() == 0
    page.wait_for_function("() => !location.search.includes('show=1')")
    with page.expect_popup() as waiting:  # the presenter's window follows the show, and its keys move it
        page.locator("[data-do=show]").click()
        page.keyboard.press("Home")
        page.keyboard.press("p")
    aside = waiting.value
    assert "台账：承诺与落位" in aside.inner_text("body")
    aside.keyboard.press("ArrowRight")
    assert shown(page) == "台账：承诺与落位"
    assert "先说总数" in aside.inner_text("body")
    page.keyboard.press("Escape")


def test_a_story_is_put_together_saved_and_reopened(present, app: str, tmp_path: Path, assert_accessible) -> None:
    page = present("/present?lang=en&slide=w", lang="en")
    assert titles(page) == ["A", "The ledger: promises and places", "Which positions are needed, and from whom", "<b>48</b> places"]
    assert page.locator('.cp-pres-on .cp-pres-pick > span').inner_text().split("\n")[0] == "Which positions are needed, and from whom"
    page.locator('[data-row="w"][data-act="pick"]').focus()
    page.keyboard.press("Alt+ArrowUp")
    assert titles(page)[1] == "Which positions are needed, and from whom"
    page.locator('[data-row="t"][data-act="pick"]').focus()
    page.locator('[data-row="t"][data-act="hide"]').press("Enter")
    assert "skipped" in page.locator(".cp-pres-pick").first.inner_text()
    page.locator('[data-row="l"][data-act="remove"]').press("Enter")
    assert len(titles(page)) == 3
    page.locator("[data-do=undo]").click()
    assert len(titles(page)) == 4
    page.locator('[data-row="w"][data-act="pick"]').click()
    page.locator("[data-code=caption][data-lang=en]").fill('=HYPERLINK("x") <i>who</i>')
    page.locator("[data-code=notes][data-lang=zh]").fill("问谁\n要")
    page.wait_for_function("() => document.querySelector('.cp-pres-stage h2').innerText.includes('HYPERLINK')")
    assert page.locator(".cp-pres-stage i").count() == 0
    assert_accessible(page)

    page.goto(f"{app}/?lang=en&on=micro_fire_stations.interchanges&v=34.70000,112.49000,15.00")
    stands(page)
    page.locator(".cp-add").click()
    assert "Added as slide 4;" in page.locator(".cp-story-said").inner_text(), "three are shown, one is skipped"
    page.goto(f"{app}/present?lang=en")
    told(page)
    assert titles(page)[-1] == "Micro fire stations, Interchanges"
    assert titles(page)[1] == '=HYPERLINK("x") <i>who</i>', "kept over a reload"
    page.locator("[data-file=scope-slide]").click()
    with page.expect_download(timeout=240_000) as waiting:  # asked for, made in another process, saved by itself
        page.locator("[data-file=svg]").click()
    assert waiting.value.suggested_filename.startswith("chanhe-micro-fire-stations-interchanges")
    assert waiting.value.path().read_bytes().startswith(b"<svg")
    assert "is made" in page.locator(".cp-pres-files [role=status]").inner_text()
    with page.expect_download() as waiting:
        page.locator("[data-do=save]").click()
    assert waiting.value.suggested_filename.startswith("chanhe-")
    state = page.locator(".cp-pres-head .cp-tag")
    assert state.inner_text() == f"as in the file {waiting.value.suggested_filename}"
    file = tmp_path / "story.json"
    waiting.value.save_as(file)
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert [view["page"] for view in saved["views"]] == ["title", "explore", "ledger", "explore", "explore"]
    assert saved["views"][1]["notes"]["zh"] == "问谁\n要"
    kept = parse_qs(saved["views"][-1]["query"])
    assert kept["on"] == ["micro_fire_stations.interchanges"]
    west, south, east, north = map(float, kept["box"][0].split(","))
    assert west < 112.49 < east
    assert south < 34.7 < north
    assert east - west < 0.06, "what the map showed, not the whole district"
    page.locator("[data-do=ready]").click()
    assert len(titles(page)) == 10
    assert state.inner_text() == "ready story"
    page.locator("[data-do=undo]").click()
    page.locator("[data-do=fresh]").click()
    assert titles(page) == []
    assert state.inner_text() == "your own; kept in this browser"
    page.locator("[data-do=undo]").click()
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"type": "FeatureCollection"}', encoding="utf-8")
    page.set_input_files("#cp-pres-open", wrong)
    page.wait_for_selector(".cp-pres-said.cp-problem")
    assert "wrong.json is not a story" in page.locator(".cp-pres-said").inner_text()
    assert len(titles(page)) == 5, "nothing was lost"
    for row in range(4):
        page.locator('[data-act="remove"]').nth(4 - row).press("Enter")
    page.set_input_files("#cp-pres-open", file)
    page.wait_for_function("() => document.querySelectorAll('.cp-pres-row').length === 5")
    assert titles(page)[1] == '=HYPERLINK("x") <i>who</i>'
    assert state.inner_text() == "as in the file story.json"
    page.locator("[data-do=cover]").click()
    assert titles(page)[0] == "A"
    assert state.inner_text() == "differs from the file story.json; kept in this browser"
    page.locator('[data-act="remove"]').first.press("Enter")
    assert state.inner_text() == "as in the file story.json"

    other = page.context.new_page()  # another window of the same browser
    other.goto(f"{app}/present?lang=en&slide=gone")
    told(other)
    assert "not in this browser's story" in other.locator(".cp-pres-said").inner_text()
    other.locator("[data-name=en]").fill("Renamed elsewhere")
    page.wait_for_function("() => document.querySelector('[data-name=en]').value === 'Renamed elsewhere'")
    assert "another window" in page.locator(".cp-pres-said").inner_text()
    full = [{**VIEWS[1], "id": f"n{i}", "hidden": i > 0} for i in range(100)]
    other.evaluate("(story) => localStorage.setItem('chanhe-story:chanhe', story)", json.dumps({**KEPT, "views": full}))
    page.wait_for_function("() => document.querySelectorAll('.cp-pres-row').length === 100")
    page.locator("[data-do=divider]").click()
    assert "100 slides at most" in page.locator(".cp-pres-said").inner_text()
    assert len(titles(page)) == 100
    added = page.evaluate("""async () => {
        const { addView, takeAdded } = await import(performance.getEntriesByType('resource').map((r) => r.name).find((name) => name.endsWith('/keeping.js')));
        for (const [id, district] of [['a', 'chanhe'], ['b', 'elsewhere'], ['c', '']]) addView({ id, page: 'ledger', query: '', district });
        const first = takeAdded('chanhe', 1), second = takeAdded('chanhe', 5), third = takeAdded('elsewhere', 5);
        return [first, second, third].map(({ taken, waiting }) => [taken.map((view) => view.id), waiting]);
    }""")
    assert added == [[["a"], 1], [["c"], 0], [["b"], 0]], "what does not fit waits, and so does what is another district's"


def test_on_a_phone_nothing_is_wider_than_the_screen(present, keep_picture) -> None:
    page = present("/present?slide=l", viewport=NARROW, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert page.locator(".cp-pres-stage h2").inner_text() == "台账：承诺与落位"
    keep_picture(page, "present-phone")
