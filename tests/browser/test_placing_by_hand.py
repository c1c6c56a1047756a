"""Placing in a browser: kept, undone, taken back, refused in words; text from files stays text."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from geodata import packs
from tests.browser.conftest import Server
from tests.browser.exploring import map_is_kept, ready


@pytest.fixture(scope="module")
def own(serve: Callable[..., Server]) -> Server:
    return serve()


def answered(page: Page, before: str, waiting: int, press: str = "") -> str:
    """Wait for the server's next answer and the count it leaves; return the answer's words."""
    if press:
        page.click(press)
    page.wait_for_function("([was, n]) => { const said = document.querySelector('.cp-message .cp-good span')?.textContent;"
                           " return said && said !== was && document.querySelector('.cp-sentence').textContent.includes(`待落位 ${n}`); }", arg=[before, waiting], timeout=60_000)
    return page.inner_text(".cp-message .cp-good span")


def test_placing_is_kept_and_undone(visit: Callable[..., Page], own: Server) -> None:
    page = ready(visit("/?panel=tray", url=own.url))
    kept = map_is_kept(page)
    page.locator(".cp-wait", has_text="社区微型消防站").locator("button").click()
    assert "示意" in page.inner_text(".cp-place .cp-pop-warn")
    page.mouse.click(860, 350)
    page.fill("#cp-f-place_basis", "<img src=x onerror='window.hit=1'>踏勘")
    page.click(".cp-place [type=submit]")
    page.wait_for_selector(".cp-message .cp-good", timeout=60_000)
    page.wait_for_function("() => /待落位 94/.test(document.querySelector('.cp-sentence').textContent)", timeout=60_000)
    assert kept()
    sites = packs.load_district(own.pack).sites.set_index("id")
    placed = sites.loc["l4-micro-fire-stations-01"]
    assert placed["location_class"] == "area"
    assert placed["uncertainty_m"] >= 500
    page.evaluate("document.querySelector('[data-site=l4-micro-fire-stations-01]').parentElement.click()")
    page.wait_for_selector(".cp-pop")
    assert "<img" in page.inner_text(".cp-pop")
    assert page.evaluate("window.hit") is None
    page.click(".cp-pop-acts .cp-button >> nth=0")
    form = page.eval_on_selector_all(".cp-place input, .cp-place select", "els => Object.fromEntries(els.map(e => [e.id.slice(11), e.value]))")
    at = packs.load_district(own.pack).sites.to_crs(4326).set_index("id").loc["l4-micro-fire-stations-01"]
    assert [form[name] for name in ("class", "uncertainty", "basis")] == ["area", "500", at["basis_zh"]]
    assert abs(float(form["lon"]) - at.geometry.x) < 1e-5
    assert page.inner_text(".cp-place .cp-pop-warn")  # what was clicked stays a click
    said = page.inner_text(".cp-message .cp-good span")
    page.click(".cp-place [data-unplace]")
    said = answered(page, said, 95)
    assert "退回待落位" in said
    said = answered(page, said, 94, press=".cp-message .cp-link >> nth=0")
    page.evaluate("document.querySelector('[data-site=l4-micro-fire-stations-01]').parentElement.click()")
    page.click(".cp-popup [data-unplace]")
    answered(page, said, 95)
    page.wait_for_selector(".cp-pop", state="detached")
    again = packs.load_district(own.pack).sites.set_index("id").loc["l4-micro-fire-stations-01"]
    assert again["location_class"] == "unlocated"
    assert again.geometry is None


def test_typed_coordinates_outside_are_refused_in_words(visit: Callable[..., Page], own: Server) -> None:
    page = ready(visit("/?panel=tray", url=own.url))
    page.locator(".cp-wait", has_text="公共停车场").locator("button").click()
    page.fill("#cp-f-place_lon", "116.4")
    page.fill("#cp-f-place_lat", "39.9")
    page.fill("#cp-f-place_basis", "x")
    page.click(".cp-place [type=submit]")
    page.wait_for_selector(".cp-message .cp-bad", timeout=60_000)
    assert page.inner_text(".cp-problem") == page.inner_text(".cp-message .cp-bad span")
    assert re.search("[一-鿿]", page.inner_text(".cp-problem"))


def test_names_from_files_stay_text(visit: Callable[..., Page], own: Server) -> None:
    district = packs.load_district(own.pack if (own.pack / packs.MANIFEST).exists() else None)
    sites = district.sites.copy()
    at = sites.index[sites["id"] == "a21-interchange-tawan-01"][0]
    for name in ("name_zh", "name_en", "place_hint_zh", "place_hint_en"):
        sites.loc[at, name] = "<script>window.hit=1</script><img src=x onerror='window.hit=1'>"
    sites.loc[at, "updated_at"] = "2099-01-01T00:00:00Z"
    packs.write_sites(own.pack, sites)
    page = ready(visit("/?table=sites&q=script&sel=a21-interchange-tawan-01", url=own.url))
    page.wait_for_selector(".cp-pop")
    page.evaluate("document.querySelector('[data-site=a21-interchange-tawan-01]').parentElement.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))")
    page.wait_for_selector(".cp-tip")
    page.focus(".cp-search-input")
    page.wait_for_selector(".cp-hit")
    for place in (".cp-pop-head", ".cp-table tbody", ".cp-hits", ".cp-tip"):
        assert "<script>" in page.inner_text(place)
    assert page.evaluate("window.hit") is None
    assert page.locator(".cp-root script, .cp-root img[src=x]").count() == 0


def test_editing_is_closed_to_other_machines(visit: Callable[..., Page], serve: Callable[..., Server]) -> None:
    open_to_all = serve("--host", "0.0.0.0")
    page = ready(visit("/?panel=tray", url=open_to_all.url))
    page.click(".cp-wait button >> nth=0")
    assert page.locator(".cp-place").is_hidden()
    assert "--allow-edit" in page.inner_text(".cp-message")
