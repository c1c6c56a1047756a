"""Every page opens in both languages with the network cut off, says what it is, and keeps to accessibility rules."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page

from geodata.pages._frame import PAGES
from geodata.pages._page import Page as Declared
from layers import Lang
from tests.browser.conftest import NARROW, WIDE, stands

Visit = Callable[..., Page]
Keep = Callable[[Page, str], Path]
EVERY_PAGE = pytest.mark.parametrize(("declared", "lang"), [pytest.param(page, lang, id=f"{page.key}-{lang}") for page in PAGES for lang in ("zh", "en")])


def path(declared: Declared) -> str:
    return "/" if declared is PAGES[0] else f"/{declared.key}"


@EVERY_PAGE
def test_page_opens_offline(declared: Declared, lang: Lang, visit: Visit, assert_accessible: Callable[[Page], None], keep_picture: Keep) -> None:
    page = stands(visit(path(declared), lang=lang, viewport=WIDE, fresh=True))
    keep_picture(page, f"{declared.key}-{lang}-wide")
    text = page.inner_text("body")
    assert declared.title.say(lang) in text
    assert page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0, text
    assert_accessible(page)


@EVERY_PAGE
def test_page_fits_a_phone(declared: Declared, lang: Lang, visit: Visit, keep_picture: Keep) -> None:
    page = stands(visit(path(declared), lang=lang, viewport=NARROW))
    keep_picture(page, f"{declared.key}-{lang}-narrow")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= NARROW["width"]


def test_another_host_is_noticed(new_context: Callable[..., BrowserContext], blocked: list[str], complaints: list[str]) -> None:
    """The watch itself: a page that does ask for another host is stopped and told of."""
    page = new_context().new_page()
    with pytest.raises(Error):
        page.goto("http://192.0.2.1/")
    assert blocked == ["http://192.0.2.1/"]
    blocked.clear()
    complaints.clear()
