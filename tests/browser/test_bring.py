"""Bringing data in, in a browser: a preview, one button, undo; real streets over the sketch; nothing where it is closed."""

import pytest

from geodata import packs
from tests.browser.conftest import NARROW, WIDE, settle

TOILETS = 3


@pytest.fixture(scope="module")
def open_app(serve):
    return serve("--allow-edit")


@pytest.fixture(scope="module")
def table() -> bytes:
    at = packs.load_district().demand.geometry.iloc[[100, 900, 1700]].to_crs(4326)
    return "\n".join(["名称,经度,纬度", *(f"公厕{i},{point.x:.7f},{point.y:.7f}" for i, point in enumerate(at)), "坏,100.0,20.0"]).encode("gbk")


@pytest.mark.parametrize("part", ["ground", "pack"])
@pytest.mark.parametrize(("lang", "viewport"), [("zh", WIDE), ("en", NARROW)], ids=["wide", "narrow"])
def test_it_stands_and_is_accessible(visit, assert_accessible, keep_picture, lang, part, viewport) -> None:
    page = visit(f"/bring?lang={lang}&part={part}", lang=lang, viewport=viewport, color_scheme="dark" if lang == "en" else "light")
    page.wait_for_selector(".cp-bring.cp-ready")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)
    keep_picture(page, f"bring-{part}-{lang}-{viewport['width']}")


def test_a_chinese_reader_hears_and_sees_chinese_at_the_uploader(visit) -> None:
    page = visit("/bring?lang=zh")
    page.wait_for_selector("[data-testid=stFileUploaderDropzone] button[aria-label^='选择文件']")
    assert "位置文件" in page.locator("input[type=file]").get_attribute("aria-label")
    size = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stFileUploaderDropzone] button p')).fontSize")
    assert size == "0px"


def test_preview_then_import_then_undo(visit, open_app, table, keep_picture) -> None:
    page = visit("/bring?lang=zh&layer=public_toilets", url=open_app.url)
    page.set_input_files("input[type=file]", {"name": "公厕.csv", "mimeType": "text/csv", "buffer": table})
    page.wait_for_selector(".cp-found.cp-ready")
    assert "已落位 3 处（现为 0 处）" in page.locator(".cp-found").first.inner_text()
    assert page.locator(".cp-level-error").count() == 1
    assert not any(open_app.pack.iterdir())
    assert page.get_by_role("button", name="确认导入").is_disabled()
    keep_picture(page, "bring-preview-zh")
    page.get_by_text("只导入可用的 3 行，略去有错的 1 行").click()
    page.wait_for_selector(".st-key-bring_confirm button:not([disabled])")
    page.get_by_role("button", name="确认导入").click()
    page.wait_for_selector("text=已导入")
    assert any(open_app.pack.iterdir())
    ledger = visit("/ledger?lang=zh&g=livelihood_6", url=open_app.url)
    ledger.wait_for_selector(".cp-promises.cp-ready")
    assert ledger.locator("#cp-row-l6-toilets .cp-led-located b").inner_text() == str(TOILETS)
    page.get_by_role("button", name="看地图").click()
    page.wait_for_url("**on=*public_toilets*")
    page.wait_for_selector(".cp-root.cp-ready .leaflet-container")
    assert page.evaluate("new URLSearchParams(location.search).get('v').split(',').length") == 3
    page.goto(f"{open_app.url}/bring?lang=zh&layer=public_toilets")
    page.get_by_role("button", name="撤销这次导入").click()
    page.wait_for_selector("text=已撤销")
    settle(ledger)
    ledger.reload()
    ledger.wait_for_selector(".cp-promises.cp-ready")
    assert ledger.locator("#cp-row-l6-toilets .cp-led-located b").inner_text() == "0"


def test_text_from_a_file_is_never_markup(visit, open_app, table) -> None:
    page = visit("/bring?lang=zh&layer=public_toilets", url=open_app.url)
    evil = table.decode("gbk").replace("坏,100.0,20.0", "<img src=x onerror=document.title='gone'>,100.0,20.0").encode()
    page.set_input_files("input[type=file]", {"name": "<b>公厕.csv", "mimeType": "text/csv", "buffer": evil})
    page.wait_for_selector(".cp-found.cp-ready")
    assert page.locator(".cp-found img, .cp-found b:has-text('公厕')").count() == 0
    assert page.title() != "gone"


def test_an_unreadable_file_says_what_to_do(visit, open_app) -> None:
    page = visit("/bring?lang=en&layer=public_toilets", url=open_app.url, lang="en")
    page.set_input_files("input[type=file]", {"name": "sites.geojson", "mimeType": "application/json", "buffer": b"{broken"})
    page.wait_for_selector(".cp-found-bad")
    assert "Nothing was imported" in page.locator(".cp-found-bad").inner_text()
    assert page.get_by_role("button", name="Import", exact=True).count() == 0
