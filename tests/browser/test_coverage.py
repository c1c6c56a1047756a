"""The coverage page in a browser: the answer first, another standard without another map, everything in the link."""

import json
import re
import zipfile

import pytest

from geodata.documents._html_read import read_back
from tests.browser.conftest import LOOKS, settle

READY = ".cp-answer.cp-ready .cp-ans-table"


@pytest.fixture
def coverage(visit):
    def open_coverage(path: str = "/coverage", **options):
        page = visit(path, **options)
        page.wait_for_selector(READY, timeout=120_000)
        page.wait_for_selector(".cp-plain.cp-ready", timeout=60_000)
        settle(page)
        return page
    return open_coverage


def first_sentence(page) -> str:
    return page.locator(".cp-ans-first").inner_text()


@LOOKS
def test_it_stands_and_is_accessible(coverage, assert_accessible, keep_picture, lang, scheme, viewport) -> None:
    page = coverage(f"/coverage?lang={lang}", lang=lang, viewport=viewport, color_scheme=scheme)
    assert page.locator(".cp-ans-sentences p").count() == 1
    assert page.locator(".cp-ans-readings li").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)
    keep_picture(page, f"coverage-{lang}-{scheme}-{viewport['width']}")


def test_the_answer_stands_above_the_map_which_carries_its_mark(coverage) -> None:
    page = coverage("/coverage?lang=zh")
    answer = page.locator(".cp-ans-first").bounding_box()
    chart = page.locator(".cp-plain .cp-map-column").bounding_box()
    assert answer["y"] + answer["height"] <= chart["y"]
    assert first_sentence(page).startswith("以步行为准：若 48 处微型消防站随机分布")
    assert page.locator(".cp-watermark").count() == 1
    assert "演示" in page.locator(".cp-map-badge").inner_text()


def test_another_standard_neither_reloads_the_map_nor_sends_shapes(coverage) -> None:
    page = coverage("/coverage?lang=zh&layers=public_toilets")
    page.evaluate("() => { window.keptMap = document.querySelector('.cp-plain .cp-map').chanheMap; window.keptMap.setZoom(14.5, {animate: false}); }")
    before, asked = first_sentence(page), []
    page.on("request", lambda request: asked.append(request.url))
    page.locator('[data-control="m-500"]').click()
    page.wait_for_function("(old) => document.querySelector('.cp-ans-first').innerText !== old", arg=before)
    settle(page)
    assert "500 米" in first_sentence(page)
    assert page.evaluate("() => document.querySelector('.cp-plain .cp-map').chanheMap === window.keptMap && window.keptMap.getZoom() === 14.5")
    assert not [url for url in asked if "/blob/" in url]
    assert "m=500" in page.url


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_stays_where_it_is_and_shows_at_once(coverage, lang) -> None:
    page = coverage(f"/coverage?lang={lang}", lang=lang, viewport={"width": 1280, "height": 720})
    top = lambda: round(page.locator(".cp-plain .cp-map-column").bounding_box()["y"])  # noqa: E731  asked three times
    first = top()
    assert first < 300
    for control in ("m-450", "layer-public_toilets"):
        before = first_sentence(page)
        page.locator(f'[data-control="{control}"]').click()
        page.wait_for_function("(old) => document.querySelector('.cp-ans-first').innerText !== old", arg=before)
        settle(page)
        assert top() == first


def test_a_link_reopens_the_same_answer(coverage) -> None:
    page = coverage("/coverage?lang=en&layers=public_toilets,primary_schools&mode=time&min=10&speed=0.8&show=primary_schools", lang="en")
    assert page.locator(".cp-ans-readings li").count() == 3  # two layers and any; the sentence says all
    assert page.locator('[data-control="min"]').input_value() == "10"
    assert page.locator('[data-control="speed"]').input_value() == "0.8"
    assert "primary schools" in page.locator(".cp-ans-legend h3").inner_text().lower()
    again = coverage(page.url.removeprefix(page.url.split("/coverage")[0]), lang="en")
    assert first_sentence(again) == first_sentence(page)


def test_the_map_is_told_what_to_show_above_it_and_goes_where_a_row_says(coverage, assert_accessible, keep_picture) -> None:
    page = coverage("/coverage?lang=en&layers=public_toilets,primary_schools", lang="en")
    page.evaluate("() => { window.keptMap = document.querySelector('.cp-plain .cp-map').chanheMap; }")
    legend = page.locator(".cp-ans-legend h3")
    assert "public toilets" in legend.inner_text().lower()
    page.locator('[data-show="any"]').click()
    page.wait_for_function("() => document.querySelector('.cp-ans-legend h3').innerText.includes('nearest of the 2')")
    settle(page)
    assert "show=any" in page.url
    assert page.locator('[data-show="any"]').get_attribute("aria-pressed") == "true"

    page.locator('details[data-fold="unserved"] summary').click()
    second = page.locator(".cp-ans-look").nth(1)
    second.focus()
    page.keyboard.press("Enter")
    settle(page)
    lat, lon = (float(page.locator('[data-table="unserved"] tbody tr').nth(1).locator("td").nth(place).inner_text()) for place in (1, 0))
    centre = page.evaluate("() => { const c = window.keptMap.getCenter(); return [c.lat, c.lng, window.keptMap.getZoom()]; }")
    assert abs(centre[0] - lat) < 1e-4
    assert abs(centre[1] - lon) < 1e-4
    assert centre[2] >= 15
    assert second.inner_text() in page.locator(".cp-look").inner_text()
    page.wait_for_function("() => { const box = document.querySelector('.cp-plain .cp-map').getBoundingClientRect(); return box.top >= -1 && box.bottom <= window.innerHeight + 1; }")
    assert page.evaluate("() => document.querySelector('.cp-plain .cp-map').chanheMap === window.keptMap")
    assert_accessible(page)
    keep_picture(page, "coverage-look-en")
    second.click()
    page.wait_for_selector(".cp-look", state="detached")
    assert second.get_attribute("aria-pressed") == "false"


def test_layers_are_chosen_by_keyboard(coverage) -> None:
    page = coverage("/coverage?lang=zh")
    before = first_sentence(page)
    page.locator('[data-control="layer-public_toilets"]').focus()
    page.keyboard.press("Enter")
    page.locator('[data-control="layer-micro_fire_stations"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_function("(old) => document.querySelector('.cp-ans-first').innerText !== old && document.querySelector('.cp-ans-first').innerText.includes('公厕')", arg=before)
    assert "layers=public_toilets" in page.url


def test_demo_sites_are_taken_away_only_when_ticked(coverage, tmp_path) -> None:
    page = coverage("/coverage?lang=zh&layers=public_toilets")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="逐点步行距离 · GEOJSON").click()
    waiting.value.save_as(tmp_path / "without.geojson")
    page.get_by_text("包含示意点").click()
    page.get_by_text("不勾选时只计已落位的点位").wait_for(state="detached")
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="逐点步行距离 · GEOJSON").click()
    waiting.value.save_as(tmp_path / "with.geojson")
    assert "示意" in waiting.value.suggested_filename
    reached = [sum(f["properties"]["reachable"] for f in json.loads((tmp_path / name).read_text(encoding="utf-8"))["features"]) for name in ("without.geojson", "with.geojson")]
    assert reached[0] == 0 < reached[1]


def test_one_press_makes_the_report_while_the_page_goes_on(coverage, tmp_path) -> None:
    page = coverage("/coverage?lang=zh&layers=kindergartens")
    page.locator(".st-key-coverage_report_make button").click()
    page.wait_for_selector(".st-key-coverage_report_progress", timeout=60_000)
    assert first_sentence(page), "the answer stays on the page"
    page.wait_for_selector(".st-key-coverage_report_save button", timeout=240_000)
    with page.expect_download() as waiting:
        page.locator(".st-key-coverage_report_save button").click()
    waiting.value.save_as(tmp_path / "report.zip")
    assert waiting.value.suggested_filename.startswith("瀍河区-步行覆盖报告-")
    with zipfile.ZipFile(tmp_path / "report.zip") as report:
        record = json.loads(report.read("report.json"))
        (pdf,) = (name for name in report.namelist() if name.endswith(".pdf"))
        assert report.read(pdf).startswith(b"%PDF-")
    (row,) = record["tables"]["results"]["rows"]
    shown = page.locator(".cp-ans-table tbody tr").first.inner_text()
    low, high = (f"{100 * row[name]:.1f}" for name in ("covered_share_p5", "covered_share_p95"))
    assert f"{low}–{high}" in shown, "the page and the report show one range"


def test_what_is_on_screen_comes_as_one_file(coverage, assert_accessible, keep_picture) -> None:
    page = coverage("/coverage?lang=zh&layers=public_toilets&m=500")
    page.evaluate("() => { window.keptMap = document.querySelector('.cp-plain .cp-map').chanheMap; }")
    page.locator(".cp-files:not(:disabled)").click()
    assert page.evaluate("document.activeElement.dataset.file") == "html"
    assert_accessible(page)
    keep_picture(page, "coverage-files")
    page.keyboard.press("Escape")
    assert page.locator(".cp-files-menu").is_hidden()
    page.locator(".cp-files").press("Enter")
    with page.expect_download(timeout=240_000) as waiting:
        page.locator("[data-file=html]").click()
    (slide,), data, asks = read_back(waiting.value.path().read_text(encoding="utf-8"))
    assert waiting.value.suggested_filename.startswith("瀍河区-")
    assert asks == []
    assert "公厕" in slide.title["zh"]
    assert len(data["maps"]) == 1
    figures = re.findall(r"\d+\.\d|\d+ 处", first_sentence(page))
    assert len(figures) > 2
    assert [figure for figure in figures if figure not in slide.words["zh"].replace("\u00a0", " ")] == []
    assert page.evaluate("() => document.querySelector('.cp-plain .cp-map').chanheMap === window.keptMap"), "the page did not run anew"
    status = page.locator(".cp-handing")
    assert "已生成" in status.inner_text()
    status.locator("[data-file=close]").click()
    page.wait_for_function("() => !document.querySelector('.cp-handing').innerText")
