"""The single HTML file as somebody opens it from a folder: no server, no network, no errors."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from geodata.documents.html import DOCUMENT
from tests.browser.conftest import NARROW, PROJECTOR
from tests.documents import making

TOWN = making.town()
DECK = making.deck(TOWN, *making.slides(TOWN), making.nasty(making.slides(TOWN)[5]))
HD = {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("handed") / "瀍河 briefing.html"
    path.write_bytes(DOCUMENT.write(DECK, TOWN, lang="zh"))
    return path


@pytest.fixture
def opened(browser: Browser, handed: Path) -> Iterator[Callable[..., Page]]:
    """Open the file; whatever asks for anything else, or complains, fails the test."""
    heard: list[str] = []
    contexts = []

    def go(viewport: dict[str, int] = HD, **options: object) -> Page:
        context = browser.new_context(viewport=viewport, offline=True, **options)  # type: ignore[arg-type]  # Playwright's own
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: None if request.url.startswith(("data:", handed.as_uri())) else heard.append(request.url))
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.goto(handed.as_uri())
        return page

    yield go
    for context in contexts:
        context.close()
    assert heard == []


def at(page: Page) -> int:
    return int(page.evaluate("() => Number(document.documentElement.dataset.at)"))


def keep(page: Page, name: str) -> None:
    folder = os.environ.get("CHANHE_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_slides_by_keys_with_the_counts_of_the_deck(opened: Callable[..., Page], assert_accessible: Callable[[Page], None]) -> None:
    page = opened()
    assert page.title() == DECK.title.zh
    for number, slide in enumerate(DECK.slides, start=1):
        assert at(page) == number
        shown = page.locator(".slide.on")
        assert shown.count() == 1
        assert slide.title.zh in shown.inner_text() or number == len(DECK.slides)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight + 1")
        if slide.map is not None:
            there = slide.map.sites[slide.map.sites.geometry.notna()]
            page.wait_for_function("() => document.querySelector('.slide.on .leaflet-marker-icon .cp-sym')")
            host = shown.locator(".map")
            assert int(host.get_attribute("data-drawn") or 0) == len(there) == shown.locator(".leaflet-marker-icon .cp-mark").count()
            assert "0.5" in host.locator(".leaflet-pane").evaluate_all("(panes) => panes.map((pane) => pane.style.opacity)"), "a layer that is paler on the page"
            assert int(host.get_attribute("data-shapes") or 0) == sum(len(shapes.frame) for shapes in slide.map.shapes)
            assert shown.locator(".legend .own").count() == len(slide.map.legend)
            assert shown.locator(".legend .own .count").all_inner_texts() == [f"{entry.count:,}" for entry in slide.map.legend if entry.count is not None]
        if slide.table is not None:
            assert shown.locator("tbody").last.locator("tr").count() == len(slide.table.rows)
        keep(page, f"handed-{number}")
        if number in {2, 5}:
            assert_accessible(page)
        page.keyboard.press(["ArrowRight", "PageDown", " ", "ArrowDown", "Enter"][number % 5])
    assert at(page) == len(DECK.slides)
    for key, place in (("ArrowLeft", len(DECK.slides) - 1), ("Home", 1), ("ArrowLeft", 1), ("End", len(DECK.slides)), ("PageUp", len(DECK.slides) - 1)):
        page.keyboard.press(key)
        assert at(page) == place
    assert page.locator(".leaflet-marker-icon").count() <= 6  # one map at a time
    for dark in ("b", "."):
        page.keyboard.press(dark)
        assert "dark" in str(page.locator("html").get_attribute("class"))
        page.keyboard.press("Home")
        assert "dark" not in str(page.locator("html").get_attribute("class"))
        assert at(page) == len(DECK.slides) - 1, "the first key after black only brings the picture back"
    page.keyboard.press("Shift+Space")
    assert at(page) == len(DECK.slides) - 2
    page.evaluate("() => { window.asked = 0; Element.prototype.requestFullscreen = () => { window.asked += 1; return Promise.resolve(); }; }")
    for full in ("f", "F5"):
        page.keyboard.press(full)
    assert page.evaluate("() => window.asked") == 2
    assert at(page) == len(DECK.slides) - 2
    page.keyboard.press("?")
    assert "讲解备注" in page.locator(".key-list").inner_text()
    page.keyboard.press("Escape")
    assert page.locator(".key-list").is_hidden()
    page.keyboard.press("o")
    assert page.locator(".card").count() == len(DECK.slides)
    page.wait_for_function("() => document.querySelector('.card .leaflet-marker-icon .cp-sym')")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    assert (at(page), page.locator(".card").count()) == (1, 0)
    page.keyboard.press("n")
    assert page.locator(".noting p:visible").all_inner_texts() == ["开场", "先说总数"]
    page.keyboard.press("ArrowRight")
    assert "没有备注" in page.locator(".noting").inner_text()
    page.keyboard.press("n")
    assert page.locator(".noting").is_hidden()


def test_map_answers_and_speaks_both_languages(opened: Callable[..., Page]) -> None:
    page = opened(PROJECTOR)
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    mark = page.locator(".slide.on .cp-mark[data-site]")
    page.wait_for_function("() => document.querySelectorAll('.slide.on .cp-mark').length === 5")
    mark.first.locator(".cp-sym").click()
    popup = page.locator(".slide.on .leaflet-popup")
    assert "东门公厕" in popup.inner_text()
    assert "<b>测量</b>" in popup.inner_text()  # text, not markup
    assert at(page) == 5
    page.keyboard.press("Escape")
    assert popup.count() == 0
    again = page.locator(".slide.on .map-again")
    assert again.is_hidden()
    page.keyboard.press("Shift+ArrowRight")
    again.click()
    assert again.is_hidden(), "the first view again"
    assert "示意 · 演示" in page.locator(".slide.on .map-badge").inner_text()
    assert page.locator(".slide.on .map-north").inner_text() == "北"
    before = page.locator(".slide.on .leaflet-control-scale-line").inner_text()
    for _ in range(4):
        page.keyboard.press("+")
    assert page.locator(".slide.on .leaflet-control-scale-line").inner_text() != before
    page.get_by_role("button", name="English").click()
    assert page.locator(".slide.on .title").inner_text() == "On the map"
    assert page.evaluate("() => document.documentElement.lang") == "en"
    page.keyboard.press("l")
    assert page.locator(".slide.on .title").inner_text() == "图上"


def test_phone_turns_pages_by_touch_and_paper_gets_all(opened: Callable[..., Page], tmp_path: Path) -> None:
    page = opened(NARROW, has_touch=True)
    swipe = """(dx) => { const el = document.querySelector('.slide.on .title'), touch = (x) => new Touch({ identifier: 1, target: el, clientX: x, clientY: 50 });
        el.dispatchEvent(new TouchEvent('touchstart', { bubbles: true, touches: [touch(200)], changedTouches: [touch(200)] }));
        el.dispatchEvent(new TouchEvent('touchend', { bubbles: true, touches: [], changedTouches: [touch(200 + dx)] })); }"""
    page.evaluate(swipe, -120)
    assert at(page) == 2
    page.evaluate(swipe, 120)
    assert at(page) == 1
    assert page.evaluate("() => document.documentElement.scrollWidth") <= NARROW["width"]
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == len(DECK.slides), "one page each, also of what is very long, and none blank"
    assert at(page) == 1
    assert page.locator(".slide.on").count() == 1


def test_without_a_script_everything_still_reads(browser: Browser, handed: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(handed.as_uri())
    assert page.locator(".slide:visible").count() == len(DECK.slides)
    assert page.locator(".notes:visible").count() == 0
    context.close()


def test_no_request_would_be_let_through(browser: Browser, handed: Path) -> None:
    """The policy itself: a request made in the page is refused before it is made."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: asked.remove(request.url) if request.failure == "csp" else None)
    page.goto(handed.as_uri())
    refused = page.evaluate("() => fetch('http://127.0.0.1:9/x').then(() => 'asked', () => 'refused')")
    page.evaluate("() => new Promise((done) => document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/y.png', onerror: done })))")
    assert refused == "refused"
    assert not [url for url in asked if "127.0.0.1" in url]
    context.close()
