"""The ledger page in a browser: reading, narrowing down, by keyboard, by link, taken away."""

import csv

import pytest

from tests.browser.conftest import LOOKS

ROWS = ".cp-led-table tbody tr"


@pytest.fixture
def ledger(visit):
    def open_ledger(path: str = "/ledger", **options):
        page = visit(path, **options)
        page.wait_for_selector(".cp-promises.cp-ready")
        return page
    return open_ledger


@LOOKS
def test_it_stands_and_is_accessible(ledger, assert_accessible, keep_picture, lang, scheme, viewport) -> None:
    page = ledger(f"/ledger?lang={lang}", lang=lang, viewport=viewport, color_scheme=scheme)
    assert page.locator(ROWS).count() == 127
    assert page.locator(".cp-promises").get_attribute("data-theme") == scheme
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)
    keep_picture(page, f"ledger-{lang}-{scheme}-{viewport['width']}")


def test_searching_narrows_and_the_link_reopens_it(ledger) -> None:
    page = ledger("/ledger?lang=zh")
    page.fill("[data-tool=q]", "微型消防站")
    page.wait_for_function(f"() => [...document.querySelectorAll('{ROWS}')].filter((row) => !row.hidden).length === 1")
    assert page.locator("[data-tool=q]").input_value() == "微型消防站"
    again = ledger(page.url.removeprefix(page.url.split("/ledger")[0]))
    assert again.locator(f"{ROWS}:not([hidden])").count() == 1
    assert again.locator("[data-tool=q]").input_value() == "微型消防站"
    again.get_by_role("button", name="清除筛选").click()
    again.wait_for_function(f"() => [...document.querySelectorAll('{ROWS}')].filter((row) => !row.hidden).length === 127")
    assert "q=" not in again.url


def test_chips_work_by_keyboard(ledger) -> None:
    page = ledger("/ledger?lang=en", lang="en")
    page.locator('[data-tool="y-2021"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => [...document.querySelectorAll('{ROWS}')].filter((row) => !row.hidden).length === 32")
    assert page.locator('[data-tool="y-2021"]').get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.activeElement.dataset.tool") == "y-2021"


def test_a_reference_leads_to_the_row_it_names(ledger) -> None:
    page = ledger("/ledger?lang=zh&g=livelihood_6")
    page.locator("#cp-row-l6-alleys .cp-led-link button").click()
    page.wait_for_function("() => document.activeElement.id === 'cp-row-p4-alleys'")


def test_a_row_leads_to_its_sites_on_the_map(ledger) -> None:
    page = ledger("/ledger?lang=zh&g=livelihood_4")
    link = page.locator("#cp-row-l4-micro-fire-stations a").get_attribute("href")
    assert "on=micro_fire_stations" in link
    assert "lang=zh" in link


def test_it_can_be_taken_away_as_shown(ledger, tmp_path) -> None:
    page = ledger("/ledger?lang=zh&g=money")
    for form in ("CSV", "XLSX"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=form).click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        assert path.suffix == f".{form.lower()}"
        if form == "CSV":
            with path.open(encoding="utf-8-sig", newline="") as stream:
                assert [row["id"] for row in csv.DictReader(stream)] == ["m-total", "m-government", "m-private"]


def test_the_language_changes_without_losing_the_filter(ledger) -> None:
    page = ledger("/ledger?lang=zh&g=money")
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("h1:has-text('Ledger')")
    assert page.locator(f"{ROWS}:not([hidden])").count() == 3
    assert "g=money" in page.url
    assert "lang=en" in page.url
