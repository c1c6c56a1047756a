"""Every page opens in both languages with the network cut off, says what it is, fits its window and keeps to accessibility rules."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page

from geodata.pages._frame import PAGES
from geodata.pages._page import Page as Declared
from layers import Lang
from tests.browser.conftest import NARROW, WIDE, settle, stands

Visit = Callable[..., Page]
Keep = Callable[[Page, str], Path]
NO_ENGLISH = ("Drag and drop", "Limit 200", "Choose options", "No results", "Press Enter")
EVERY_PAGE = pytest.mark.parametrize("declared", [pytest.param(page, id=page.key) for page in PAGES])
TWO_LOOKS = pytest.mark.parametrize(("lang", "scheme", "viewport"), [("zh", "light", WIDE), ("en", "dark", NARROW)], ids=["zh-light-wide", "en-dark-narrow"])


@EVERY_PAGE
@TWO_LOOKS
def test_page_opens_offline(declared: Declared, lang: Lang, scheme: str, viewport: dict[str, int], visit: Visit, assert_accessible: Callable[[Page], None], keep_picture: Keep) -> None:
    path = "/" if declared is PAGES[0] else f"/{declared.key}"
    page = stands(visit(path, lang=lang, viewport=viewport, color_scheme=scheme))
    text = page.inner_text("body")
    assert declared.title.say(lang) in text
    assert page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0, text
    assert not [phrase for phrase in NO_ENGLISH if phrase in text]
    assert_accessible(page)
    for width in (viewport, NARROW if viewport is WIDE else WIDE):
        page.set_viewport_size(width)
        page.wait_for_function("() => document.documentElement.scrollWidth <= window.innerWidth", timeout=10_000)
        settle(page)
        keep_picture(page, f"{declared.key}-{lang}-{scheme}-{width['width']}")


def test_another_host_is_noticed(new_context: Callable[..., BrowserContext], blocked: list[str], complaints: list[str]) -> None:
    """The watch itself: a page that does ask for another host is stopped and told of."""
    page = new_context().new_page()
    with pytest.raises(Error):
        page.goto("http://192.0.2.1/")
    assert blocked == ["http://192.0.2.1/"]
    blocked.clear()
    complaints.clear()
