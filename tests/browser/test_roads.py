"""The page of road openings in a browser: the answer first, a road drawn and named, a link tried, everything in the address."""

import json

import pytest

from tests.browser.conftest import LOOKS, settle

READY = ".cp-roads_tables.cp-ready"
CROSSED = '[["open_road","LineString",[[112.48,34.70],[112.49,34.71],[112.49,34.70],[112.48,34.71]],{"name_zh":"<b>交叉</b>","name_en":"crossed"}]]'


@pytest.fixture
def roads(visit):
    def open_roads(path: str = "/roads", **options):
        page = visit(path, **options)
        page.wait_for_selector(READY, timeout=240_000, state="attached")
        page.wait_for_selector(".cp-plain.cp-ready", timeout=60_000)
        settle(page)
        page.wait_for_function("() => document.querySelector('.st-key-roads_answer .cp-map').chanheMap?.cpSketch")
        return page
    return open_roads


def first_sentence(page) -> str:
    return page.locator(".cp-ans-first").inner_text()


@LOOKS
def test_it_stands_and_is_accessible(roads, assert_accessible, keep_picture, lang, scheme, viewport) -> None:
    page = roads(f"/roads?lang={lang}", lang=lang, viewport=viewport, color_scheme=scheme)
    assert page.locator("[data-table=rank] tbody tr").count() == 4
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)
    keep_picture(page, f"roads-{lang}-{scheme}-{viewport['width']}")


def test_a_road_is_drawn_named_and_taken_back(roads, assert_accessible) -> None:
    page = roads("/roads?lang=zh&part=try")
    before = first_sentence(page)
    page.locator('[data-control="add-open_road"]').click()
    chart = page.locator(".st-key-roads_answer .cp-map").bounding_box()
    x, y = chart["x"] + chart["width"] / 2, chart["y"] + chart["height"] / 2
    page.mouse.click(x, y)
    page.keyboard.press("Enter")
    assert "不足两个" in page.locator(".cp-draw-bar").inner_text()
    page.mouse.click(x + 30, y + 40)
    page.mouse.dblclick(x + 60, y + 20)
    page.wait_for_function("(old) => document.querySelector('.cp-ans-first').innerText !== old", arg=before, timeout=60_000)
    settle(page)
    assert json.loads(page.evaluate("() => new URLSearchParams(location.search).get('s')"))[0][0] == "open_road"
    name = page.locator('[data-control="name-0"]')
    name.fill("甲路")
    name.press("Tab")
    page.wait_for_function("() => document.querySelector('.cp-ans-checks')?.innerText.includes('甲路')", timeout=60_000)
    settle(page)
    assert_accessible(page)
    again = roads(page.url[page.url.index("/roads"):])
    assert first_sentence(again) == first_sentence(page)
    page.locator('[data-control="remove-0"]').click()
    page.wait_for_function("(old) => document.querySelector('.cp-ans-first').innerText === old", arg=before, timeout=60_000)
    page.locator('[data-control="undo"]').click()  # what was removed comes back
    assert page.locator('[data-control="name-0"]').input_value() == "甲路"


def told(page) -> list[list[object]]:
    return json.loads(page.evaluate("() => new URLSearchParams(location.search).get('s') || '[]'"))


def click_map(page, control: str, *places: tuple[int, int]) -> None:
    page.locator(f'[data-control="{control}"]').click()
    chart = page.locator(".st-key-roads_answer .cp-map").bounding_box()
    for dx, dy in places:
        page.mouse.click(chart["x"] + chart["width"] / 2 + dx, chart["y"] + chart["height"] / 2 + dy)


def test_every_kind_of_change_is_made_ordered_held_and_taken_back(roads, keep_picture) -> None:
    """Streets, gates and facilities; a line given up is not lost; two scenarios beside each other."""
    page = roads("/roads?lang=en&part=try", lang="en")
    click_map(page, "add-open_road", (-80, 60), (-60, 80))
    page.keyboard.press("Escape")
    assert told(page) == []
    page.locator('[data-control="undo"]').click()
    assert [entry[0] for entry in told(page)] == ["open_road"]
    click_map(page, "add-close_street", (0, 60))
    click_map(page, "add-close_gate", (30, 60))
    click_map(page, "add-open_gate", (30, 90))
    click_map(page, "add-add_facility", (40, -40))
    click_map(page, "add-move_facility", (20, 40))
    page.locator('[data-control="site"]').select_option(index=1)
    page.locator('[data-control="add-remove_facility"]').click()
    kinds = ["open_road", "close_street", "close_gate", "open_gate", "add_facility", "move_facility", "remove_facility"]
    assert [entry[0] for entry in told(page)] == kinds
    assert told(page)[5][3]["site"] != told(page)[6][3]["site"]
    page.locator('[data-control="earlier-6"]').click()
    assert [entry[0] for entry in told(page)][5:] == kinds[:4:-1]
    for control in ("remove-3", "remove-2", "remove-1", "hold"):  # whether a street lies under those clicks is not the matter here
        page.locator(f'[data-control="{control}"]').click()
    page.locator('[data-control="remove-0"]').click()
    page.locator('[data-control="view-twin"]').click()
    page.wait_for_function("() => [...document.querySelectorAll('.st-key-roads_answer .cp-map')].filter((m) => m.chanheMap?.cpSketch).length === 2", timeout=60_000)
    page.wait_for_function("() => document.querySelector('.cp-ans-head h2').innerText.includes('other scenario')", timeout=60_000)
    settle(page)
    # what each scenario places, on its own map: a site removed stands nowhere
    page.wait_for_function("() => [...document.querySelectorAll('.st-key-roads_answer .cp-map')].map((m) => m.querySelectorAll('.cp-tip').length).join() === '3,2'")
    keep_picture(page, "roads-two")
    page.locator('[data-control="swap"]').click()
    assert len(told(page)) == 4
    page.locator('[data-control="let-go"]').click()
    page.locator('[data-control="clear"]').click()
    page.wait_for_function("() => !document.querySelector('.cp-changes')")
    assert told(page) == []
    page.wait_for_function("() => { const maps = document.querySelectorAll('.st-key-roads_answer .cp-map'); return maps.length === 1 && maps[0].chanheMap?.cpSketch; }", timeout=60_000)
    click_map(page, "add-open_road", (-80, 60), (-60, 80))  # left unfinished, it is there when the visitor comes back
    page.get_by_role("link", name="Ledger").first.click()
    page.wait_for_selector(".cp-promises.cp-ready", timeout=60_000)
    page.get_by_role("link", name="Roads").first.click()
    page.locator('[data-control="undo"]').click(timeout=60_000)
    assert [entry[0] for entry in told(page)] == ["open_road"]
    page.locator('[data-control="within-0"]').fill("12")
    page.locator('[data-control="within-0"]').press("Tab")
    page.wait_for_function("() => JSON.parse(new URLSearchParams(location.search).get('s'))[0][3].within_m === 12")


def test_long_work_is_stopped_and_taken_up_again(roads) -> None:
    many = "parking_lots,micro_fire_stations,renovated_alleys,charging_sites"
    page = roads("/roads?lang=en&part=try", lang="en")
    page.evaluate("(many) => { const layers = many.split(','); for (const key of layers) document.querySelector(`[data-control=\"layer-${key}\"]`).click(); document.querySelector('[data-control=\"part-links\"]').click(); }", many)
    page.get_by_role("button", name="Stop", exact=True).click(timeout=120_000)
    page.wait_for_selector("text=What was worked out is kept", timeout=60_000)
    page.locator('[data-control="part-try"]').click()
    page.wait_for_selector(".cp-ans-first", timeout=120_000)  # another question is answered meanwhile
    page.locator('[data-control="part-links"]').click()
    page.get_by_role("button", name="Go on", exact=True).click(timeout=120_000)
    page.wait_for_selector(".st-key-roads_wait [data-testid=stProgress], [data-table=links]", timeout=60_000)
    page.locator('[data-control="part-try"]').click()  # leaves no work behind
    page.wait_for_selector(".cp-ans-first", timeout=120_000)


def test_what_is_wrong_is_told_and_kept(roads) -> None:
    page = roads(f"/roads?lang=zh&part=try&s={CROSSED}")
    assert "自身相交" in page.locator(".cp-changes .cp-problem").inner_text()
    assert page.locator('[data-control="name-0"]').input_value() == "<b>交叉</b>"
    assert page.locator(".cp-tip b").count() == 0
    assert "改正之前不计算" in first_sentence(page)
    # more than a link holds is kept by the browser: a reload loses nothing
    lines = [[[112.45 + 0.0001 * n, 34.70], [112.4501 + 0.0001 * n, 34.7001]] for n in range(120)]
    many = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "MultiLineString", "coordinates": lines}}]}
    page.locator("#cp-roads-file").set_input_files({"name": "many.geojson", "mimeType": "application/geo+json", "buffer": json.dumps(many).encode()})
    page.wait_for_function("() => document.querySelectorAll('.cp-changes > li').length === 121", timeout=60_000)
    settle(page)
    assert "s=" not in page.url
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('.cp-changes > li').length === 121", timeout=60_000)
    assert "浏览器取回" in page.locator(".cp-scenario").inner_text()


def test_a_file_is_opened_and_a_missing_link_is_tried(roads) -> None:
    page = roads("/roads?lang=en&part=links&len=60&top=3", lang="en")
    page.locator('[data-try="2"]').click()
    page.wait_for_selector(".cp-changes li", timeout=60_000)
    page.wait_for_selector("[data-table=compare]", timeout=60_000)
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Scenario file · GEOJSON").click()
    saved = waiting.value.path().read_bytes()
    page.locator('[data-control="remove-0"]').click()
    page.wait_for_function("() => !document.querySelector('.cp-changes')")
    page.locator("#cp-roads-file").set_input_files({"name": "a.geojson", "mimeType": "application/geo+json", "buffer": saved})
    page.wait_for_selector(".cp-changes li", timeout=60_000)
    assert page.locator('[data-control="name-0"]').input_value() == "Missing link 2"
    elsewhere = saved.replace(b'"district": "chanhe"', b'"district": "elsewhere"')
    assert elsewhere != saved
    page.wait_for_selector('[data-table="points"] summary')
    page.locator('[data-table="points"] summary').click()
    page.locator(".cp-ans-look").first.click()
    assert page.evaluate("() => Boolean(document.querySelector('.st-key-roads_answer .cp-map').chanheMap.chanheRing)")
    for content, words in ((elsewhere, "belongs to another district"), (b"no json", "is not GeoJSON")):
        page.locator("#cp-roads-file").set_input_files({"name": "b.geojson", "mimeType": "application/geo+json", "buffer": content})
        page.wait_for_function("(words) => document.querySelector('.cp-scenario .cp-problem')?.innerText.includes(words)", arg=words, timeout=60_000)
        assert page.locator('[data-control="name-0"]').input_value() == "Missing link 2"  # nothing of what there is goes


def test_two_maps_keep_one_extent(roads) -> None:
    page = roads("/roads?lang=zh&view=twin")
    page.wait_for_function("() => [...document.querySelectorAll('.st-key-roads_answer .cp-map')].filter((m) => m.chanheMap?.cpSketch).length === 2", timeout=60_000)
    page.evaluate("() => { document.querySelector('.st-key-roads_answer .cp-map').chanheMap.setZoom(15, {animate: false}); }")
    assert page.evaluate("() => [...document.querySelectorAll('.st-key-roads_answer .cp-map')].map((m) => m.chanheMap.getZoom())") == [15, 15]
