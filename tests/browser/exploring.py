"""What the tests of the explore page share: waiting for it, its map, its table."""

from collections.abc import Callable

from playwright.sync_api import Page

READY = ".cp-root.cp-ready"


def ready(page: Page) -> Page:
    page.wait_for_selector(READY, timeout=60_000)
    return page


def map_is_kept(page: Page) -> Callable[[], bool]:
    page.evaluate("window.firstMap = document.querySelector('.cp-map').chanheMap")
    return lambda: page.evaluate("window.firstMap === document.querySelector('.cp-map').chanheMap") and page.get_attribute(".cp-root", "data-mounts") == "1"


def table_names(page: Page) -> list[str]:
    return page.eval_on_selector_all(".cp-table tbody .cp-row-button span", "els => els.map(e => e.textContent)")
