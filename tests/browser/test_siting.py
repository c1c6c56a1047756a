"""The siting page in a browser: solved beside the page, sites on the map and in the table, wishes by pointer and by keyboard."""

import json

import pytest

from tests.browser.conftest import NARROW, WIDE, settle

FEW = "layer=public_toilets&n=4&grid=400"
SITES = '.cp-sited [data-table="sites"] tbody tr'


@pytest.fixture
def siting(visit):
    def open_siting(path: str, **options):
        page = visit(path, **options)
        page.wait_for_selector(SITES, timeout=240_000)
        page.wait_for_selector(".cp-plain.cp-ready", timeout=60_000)
        page.wait_for_selector(".cp-prop", timeout=60_000)
        settle(page)
        return page
    return open_siting


def ids(page) -> list[str]:
    return page.eval_on_selector_all(SITES, "rows => rows.map(row => row.dataset.id)")


def changed(page, before: list[str]) -> list[str]:
    page.wait_for_function("(old) => { const now = [...document.querySelectorAll('.cp-sited [data-table=\"sites\"] tbody tr')].map(r => r.dataset.id); return now.length && JSON.stringify(now) !== old; }",
                           arg=json.dumps(before, separators=(",", ":"), ensure_ascii=False), timeout=120_000)
    settle(page)
    return ids(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
def test_it_stands_and_is_accessible(siting, assert_accessible, keep_picture, lang, viewport, scheme) -> None:
    page = siting(f"/siting?lang={lang}&{FEW}&more=curve,ties", lang=lang, viewport=viewport, color_scheme=scheme)
    page.wait_for_selector('[data-table="ties"]', timeout=120_000)
    settle(page)
    assert page.locator(".cp-prop").count() == 4
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.get_by_role("button", name={"zh": "需真实路网", "en": "Needs real streets"}[lang]).is_disabled()
    assert_accessible(page)
    keep_picture(page, f"siting-{lang}-{scheme}-{viewport['width']}")


def test_a_site_is_forbidden_by_keyboard_and_the_wish_taken_back(siting) -> None:
    page = siting(f"/siting?lang=zh&{FEW}")
    before = ids(page)
    page.locator(f"{SITES} button").first.focus()
    page.keyboard.press("Enter")
    page.locator('[data-control="do-forbid"]').focus()
    page.keyboard.press("Enter")
    after = changed(page, before)
    assert before[0] not in after
    assert f"forbid={before[0]}" in page.url
    assert "这些要求的代价" in page.locator(".cp-ans-sentences").inner_text()
    page.locator('[data-control="wish-clear"]').click()
    assert changed(page, after) == before
    assert "forbid" not in page.url


def test_a_dragged_site_stays_where_it_was_put_and_the_map_is_kept(siting) -> None:
    page = siting(f"/siting?lang=zh&{FEW}")
    page.evaluate("() => { window.keptMap = document.querySelector('.st-key-siting_map_box .cp-map').chanheMap; }")
    before = ids(page)
    box = page.locator(".cp-prop").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y - 20, steps=5)
    page.mouse.up()
    after = changed(page, before)
    assert any(name.endswith("→") for name in after)
    assert "move=" in page.url
    assert page.evaluate("() => document.querySelector('.st-key-siting_map_box .cp-map').chanheMap === window.keptMap")


def test_a_marker_on_the_map_marks_its_row(siting) -> None:
    page = siting(f"/siting?lang=en&{FEW}", lang="en")
    page.locator(".cp-prop").nth(1).focus()
    page.keyboard.press("Enter")
    assert page.locator(".cp-row-on").count() == 1
    assert page.locator(".cp-siting-detail").inner_text().startswith("Proposed")


def test_a_link_reopens_the_same_answer(siting) -> None:
    page = siting(f"/siting?lang=zh&{FEW}&model=p-centre")
    again = siting(page.url[page.url.index("/siting"):])
    assert ids(again) == ids(page)
    assert again.locator('[data-control="model-p-centre"]').is_checked()


def test_the_rehearsal_is_taken_away_named_as_one(siting, tmp_path) -> None:
    page = siting(f"/siting?lang=zh&{FEW}")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="建议的点 · GEOJSON").click()
    waiting.value.save_as(tmp_path / "proposals.geojson")
    assert "示意" in waiting.value.suggested_filename
    features = json.loads((tmp_path / "proposals.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) == 4
    assert all(f["properties"]["demonstration"] for f in features)
