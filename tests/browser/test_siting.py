"""The siting page in a browser: solved beside the page, sites on the map and in the table, wishes by pointer and by keyboard."""

import json
import shutil

import pytest

from geodata.packs import load_district
from tests.browser.conftest import NARROW, WIDE, settle
from tests.realtown import real_pack

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


@pytest.mark.parametrize(("lang", "viewport", "scheme"), [("zh", WIDE, "light"), ("en", NARROW, "dark")], ids=["wide", "narrow"])
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


def test_candidates_are_uploaded_and_a_wrong_file_or_number_takes_nothing_away(siting, tmp_path) -> None:
    page = siting(f"/siting?lang=zh&{FEW}")
    before = ids(page)
    page.locator('[data-control="cand-file"]').click()
    chooser = page.locator('.st-key-siting_file input[type="file"]')
    chooser.wait_for(state="attached")
    empty, places = tmp_path / "none.csv", tmp_path / "places.csv"
    empty.write_text("id,lon,lat\n", encoding="utf-8")
    places.write_text("id,name_zh,lon,lat\na,<b>甲</b>,112.4888,34.6856\nb,乙,112.4905,34.6922\nc,丙,112.5100,34.7100\nd,丁,112.4700,34.6860\ne,戊,112.4800,34.7000\n", encoding="utf-8")
    chooser.set_input_files(empty)
    page.wait_for_selector('.st-key-siting_answer [data-testid="stAlert"] >> text=none.csv', timeout=60_000)
    settle(page)
    assert ids(page) == before
    page.locator('.st-key-siting_file input[type="file"]').set_input_files(places)
    after = changed(page, before)
    assert len(after) == 4
    assert set(after) < set("abcde")
    assert page.locator(SITES).filter(has_text="<b>甲</b>").count() + page.locator(SITES).filter(has_text="乙").count() >= 1
    page.locator('[data-control="m"]').fill("0")
    page.wait_for_selector("text=“其他距离”不能是 0", timeout=60_000)
    settle(page)
    assert ids(page) == after
    assert page.locator('[data-control="m"]').input_value() == "0"


@pytest.fixture(scope="module")
def town(serve, tmp_path_factory):
    """A server of its own on real streets, where editing is open."""
    server = serve("--allow-edit")
    shutil.copytree(real_pack(tmp_path_factory.mktemp("town")), server.pack, dirs_exist_ok=True)
    return server


def test_on_real_streets_a_proposal_is_accepted_counts_once_and_is_taken_back(siting, town, keep_picture) -> None:
    page = siting("/siting?lang=zh&layer=public_toilets&cand=corners&n=10", url=town.url)
    assert page.locator(".cp-tag-demo").count() == 0
    assert "（增加 " in page.locator(".cp-ans-first").inner_text()
    assert "待落位 10 → 0，建议 0 → 10；总数不变" in page.locator(".st-key-siting_accept").inner_text()
    keep_picture(page, "siting-real-zh")
    page.get_by_role("button", name="采纳 10 处建议").click()
    page.wait_for_selector("text=已采纳 10 处建议", timeout=120_000)
    toilets = load_district(town.pack).sites.query("layer == 'public_toilets'")
    assert (len(toilets), set(toilets["location_class"])) == (10, {"proposed"})
    assert all("选址 mclp" in basis for basis in toilets["basis_zh"])
    page.get_by_role("button", name="撤销采纳").click()
    page.wait_for_selector("text=已撤销，点位恢复原样", timeout=120_000)
    toilets = load_district(town.pack).sites.query("layer == 'public_toilets'")
    assert (len(toilets), set(toilets["location_class"])) == (10, {"unlocated"})
