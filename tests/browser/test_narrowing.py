"""Filters and search in a browser: what they narrow, what they leave alone, and what they say when nothing is left."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

from geodata.ledger import GROUPS
from tests.browser.exploring import ready, table_names


def test_a_filter_narrows_map_table_and_tray_alike(visit: Callable[..., Page]) -> None:
    page = ready(visit("/?table=sites&year=2021"))
    names = table_names(page)
    assert "塔湾立交" in names
    assert "夹马营路" in names
    assert page.inner_text(".cp-tab#cp-tab-tray .cp-badge") == "2021：78"
    assert re.search("2021 年成绩：已落位 2 · 待落位 78。与 2022 年的承诺分开计数", page.inner_text(".cp-sentence"))
    assert page.locator(".cp-mark-demo, path.cp-shape[stroke-dasharray='7 5']").count() == 0
    assert page.locator(".leaflet-d-micro_fire_stations-pane .cp-mark").count() == 0
    page.click(".cp-chips .cp-link")
    page.wait_for_function("() => !location.search.includes('year')")
    assert len(table_names(page)) > len(names)
    assert page.inner_text(".cp-tab#cp-tab-tray .cp-badge") == "95"


def test_results_and_promises_never_share_a_number(visit: Callable[..., Page]) -> None:
    page = ready(visit(lang="en"))
    row = ".cp-layer:has(#cp-on-renovated_alleys)"
    assert page.inner_text(f"{row} .cp-tally").split() == ["2022:", "3", "2021:", "22"]
    assert re.match(r"2022: .* 3 not yet located\. 2021: .* 22 not yet located\.", page.eval_on_selector(f"{row} .cp-layer-counts", "e => e.textContent"))
    assert "Sanchuan Avenue, Beimeng Road" in page.inner_text(".cp-layer:has(#cp-on-roads_built) .cp-caveat")
    assert "Table (2022: 65 · 2021: 27)" in page.inner_text("#cp-table-tab-sites")
    page.click(".cp-filter-button")
    told = page.eval_on_selector_all(".cp-chip[data-filter]", "els => Object.fromEntries(els.map(e => [e.dataset.value, e.lastChild.textContent]))")
    assert (told["2022"], told["2021"], told["unlocated"]) == ("65", "27", "2022: 65 · 2021: 25")
    page.click("label[for=cp-on-renovated_alleys]")
    page.wait_for_function("() => document.querySelector('[data-value=\"2021\"]').lastChild.textContent === '5'")


def test_a_filter_that_leaves_nothing_says_so(visit: Callable[..., Page]) -> None:
    page = ready(visit("/?q=zzz&table=sites&panel=tray"))
    for place in (".cp-map-note", ".cp-table .cp-nothing", ".cp-tray .cp-nothing"):
        assert re.sub(r"\s", "", page.inner_text(place)) == "没有符合筛选的项目·清除筛选"
    page.click("#cp-tab-layers")
    row = ".cp-layer:has(#cp-on-micro_fire_stations)"
    assert [page.inner_text(f"{row} .cp-tally"), page.inner_text(f"{row} .cp-within")] == ["48", "筛选内 0 处"]
    page.click(".cp-map-note [data-clear]")
    page.wait_for_function("() => !location.search.includes('q=')")
    assert page.is_hidden(".cp-map-note")
    assert page.is_hidden(f"{row} .cp-within")
    assert page.evaluate("document.activeElement.className") == "cp-search-input"
    page.click(".cp-filter-button")
    groups = page.eval_on_selector_all("[data-filter=group]", "els => els.map(e => e.dataset.value)")
    assert groups == [group for group in GROUPS if group in groups]
    page.click("[data-value=livelihood_1]")
    assert "社区卫生室" in page.inner_text(".cp-map-note")
    page.click(".cp-map-note .cp-link >> nth=0")
    assert table_names(page) == ["卫生室 1（待落位）", "卫生室 2（待落位）"]
    page.click("[data-value=livelihood_1]")
    page.fill(".cp-search-input", "史家湾")  # a place: looking for it is no filter
    page.keyboard.press("Enter")
    page.wait_for_function("() => !location.search.includes('q=') && location.search.includes('v=')")
    assert page.is_hidden(".cp-map-note")
    page.click("[data-value=unlocated]")
    page.click(".cp-map-note .cp-link >> nth=0")
    assert page.get_attribute("#cp-tab-tray", "aria-selected") == "true"


def test_the_tray_adds_up(visit: Callable[..., Page]) -> None:
    page = ready(visit("/?panel=tray"))
    counts = page.eval_on_selector_all(".cp-tray [data-part]", "els => els.map(e => [e.dataset.part, [...e.nextElementSibling.querySelectorAll('.cp-wait-n')].map(n => n.textContent)])")
    rows = dict(counts)
    assert [part for part, _ in counts] == ["named", "beside", "unnamed", "amounts"]
    assert sum(int(n) for part in ("named", "unnamed") for n in rows[part]) == 95
    assert rows["beside"] == ["1"] * 7
    assert rows["amounts"] == ["200 个桩", "1,472 户"]
    assert "7 个，不在 95 处之内" in page.inner_text("[data-part=beside]")
    assert "2021：78" in page.inner_text(".cp-past summary")
