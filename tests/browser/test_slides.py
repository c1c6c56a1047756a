"""The ready story's slides as they are projected: in the page and in the HTML file, at both usual sizes nothing is cut or too small."""

import os
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from geodata import packs
from geodata.deck import Deck
from geodata.district import District
from geodata.documents._bundle import ASSETS, bundle
from geodata.documents.html import DOCUMENT
from geodata.markings import marks_of
from geodata.pages import _slides
from geodata.settings import Settings
from geodata.story import ready_story
from geodata.telling import tell
from layers import Lang

HD: ViewportSize = {"width": 1280, "height": 720}
PROJECTOR: ViewportSize = {"width": 1920, "height": 1080}
SMALLEST = 14  # pixels of type on a slide 720 high
LONG = "coverage-micro-fire-stations"  # 200 draws of 48 stations: some seconds, and the slide is that of the toilets
START = """import { slideOf, fit } from "./slide.js";
window.show = (slide, told) => {
  const stage = document.querySelector(".cp-stage");
  stage.replaceChildren(slideOf(slide, { ...told, word: (name) => told.words[name] ?? name }));
  fit(stage);
};
"""
LAID_OUT = """(parts) => [...document.querySelectorAll(parts)].filter((el) => el.scrollHeight > el.clientHeight + 1 || el.scrollWidth > el.clientWidth + 1)
    .map((el) => `${el.className} ${el.scrollWidth} x ${el.scrollHeight} in ${el.clientWidth} x ${el.clientHeight}`)"""
TYPE = """(inside) => { const walk = document.createTreeWalker(document.querySelector(inside), NodeFilter.SHOW_TEXT), found = [];
    while (walk.nextNode()) { const el = walk.currentNode.parentElement;
      if (walk.currentNode.data.trim() && el.getClientRects().length && !el.closest('.unseen, .map, svg, button')) found.push([parseFloat(getComputedStyle(el).fontSize), walk.currentNode.data]); }
    return found.sort((a, b) => a[0] - b[0])[0]; }"""


@pytest.fixture(scope="module")
def district() -> District:
    return packs.load_district()


@pytest.fixture(scope="module")
def readied(district: District) -> Deck:
    """The ready story; three stations are sited among few candidates instead of all."""
    story = ready_story(district)
    views = tuple(replace(view, query=f"{view.query}&n=3&grid=800") if view.page == "siting" else view for view in story.views if view.id != LONG)
    return tell(district, replace(story, views=views), settings=Settings())


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page without a network; whatever complains fails the test."""
    heard: list[str] = []
    context = browser.new_context(viewport=HD, offline=True)
    opened = context.new_page()
    opened.on("pageerror", lambda error: heard.append(f"{error} {error.stack}"))
    yield opened
    context.close()
    assert heard == []


def told(deck: Deck, district: District, lang: Lang) -> list[dict[str, Any]]:
    """What the page Present is given of every slide, its maps inside."""
    found = []
    for slide in deck.slides:
        given = _slides.payload(slide, district, lang, slide.id)
        if slide.map is not None:
            drawn, _ = _slides.DRAWN.get(("slide map", slide.id, lang), lambda: pytest.fail("drawn before"), len)
            given["map"]["url"] = f"data:image/svg+xml;base64,{b64encode(drawn).decode('ascii')}"
        found.append(given)
    return found


def keep(page: Page, name: str) -> None:
    folder = os.environ.get("CHANHE_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def room(page: Page) -> None:
    """An empty page with the product's own scripts and styles of a slide."""
    styles = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in ("page.css", "present.css"))
    page.set_content(f"<style>{styles} body {{ margin: 0; --st-font: sans-serif }}</style><div class='cp-root cp-panel' data-theme='light'><div class='cp-show'>"
                     "<div class='cp-show-room'><div class='cp-stage'></div></div></div></div>")
    page.add_script_tag(content=bundle(("dom", "symbols", "chart", "slide", "start"), {"start": START}))


# Everything is measured by the window's height, so that each language is looked at in one of the two sizes.
@pytest.mark.parametrize(("lang", "size"), [("zh", PROJECTOR), ("en", HD)])
def test_nothing_of_a_slide_in_the_page_is_cut_or_too_small(page: Page, readied: Deck, district: District, lang: Lang, size: ViewportSize) -> None:
    room(page)
    words = {"demo": "演示" if lang == "zh" else "Demonstration", "sources": "来源" if lang == "zh" else "Sources"}
    marks = [line.say(lang) for line in marks_of(readied.approval, readied.grade)]
    page.set_viewport_size(size)
    for number, (slide, given) in enumerate(zip(readied.slides, told(readied, district, lang), strict=True), start=1):
        page.evaluate("([slide, told]) => show(slide, told)", [given, {
            "title": slide.title.say(lang), "number": number, "of": len(readied.slides), "marks": marks, "lang": lang, "district": district.name.say(lang), "words": words}])
        assert page.evaluate(LAID_OUT, ".cp-slide-body > *, .cp-slide-table, .cp-slide h2, .cp-slide-foot, .cp-slide") == [], slide.title
        least, text = page.evaluate(TYPE, ".cp-slide")
        assert least >= SMALLEST * size["height"] / HD["height"] - 0.01, text
        shown = page.locator(".cp-slide").inner_text()
        assert slide.class_note is not None
        assert not [part for part in (slide.class_note.say(lang), *(source.say(lang) for source in slide.sources), *(marks if slide.map else ())) if part not in shown]
        keep(page, f"slide-{lang}-{number}")


def test_nothing_of_a_slide_in_the_file_is_cut_too_small_or_printed_twice(page: Page, readied: Deck, district: District, tmp_path: Path) -> None:
    file = tmp_path / "story.html"
    file.write_bytes(DOCUMENT.write(readied, district, lang="zh"))
    page.goto(file.as_uri())
    for lang, size in (("zh", PROJECTOR), ("en", HD)):
        page.set_viewport_size(size)
        page.wait_for_timeout(150)  # the file lays a slide out anew a moment after its window changed
        page.keyboard.press("Home")
        for number, slide in enumerate(readied.slides, start=1):
            assert page.evaluate(LAID_OUT, ".slide.on .body > *, .slide.on .table, .slide.on .told, .slide.on .title, .slide.on") == [], slide.title
            least, text = page.evaluate(TYPE, ".slide.on")
            assert least >= SMALLEST * size["height"] / HD["height"] - 0.01, text
            keep(page, f"file-{lang}-{number}")
            page.keyboard.press("PageDown")
        page.keyboard.press("l")
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == len(readied.slides)
