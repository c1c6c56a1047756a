"""The explore page in a browser: what it opens on, what it sends, what it keeps."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, PROJECTOR, WIDE, settle
from tests.browser.exploring import map_is_kept, ready, table_names

MOST_OPENING_BYTES = 1_500_000
MOST_STATE_BYTES = 1024


def listen(page: Page) -> dict[str, int]:
    """Count what goes over the wire from now on: requests, and bytes sent to the server."""
    counted = {"requests": 0, "sent": 0}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", lambda _: counted.update(requests=counted["requests"] + 1))
    wire.on("Network.webSocketFrameSent", lambda e: counted.update(sent=counted["sent"] + len(e["response"]["payloadData"])))
    return counted


@pytest.mark.parametrize(("viewport", "lang"), [(WIDE, "zh"), (PROJECTOR, "zh"), (NARROW, "en")], ids=["laptop", "projector", "phone"])
def test_the_district_fills_the_map_at_opening(visit: Callable[..., Page], viewport: dict[str, int], lang: str) -> None:
    page = ready(visit(viewport=viewport, lang=lang))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth && (n => n.scrollWidth <= n.clientWidth)(document.querySelector('.cp-nav'))")
    filled = page.evaluate("""() => {
        const map = document.querySelector('.cp-map').chanheMap, [sw, ne] = JSON.parse(JSON.stringify(map.chanheBounds));
        const top = map.latLngToContainerPoint(ne).y, bottom = map.latLngToContainerPoint(sw).y, left = map.latLngToContainerPoint(sw).x;
        const right = map.latLngToContainerPoint(ne).x, size = map.getSize();
        return [(bottom - top) / size.y, top >= 0, bottom <= size.y, left >= 0, right <= size.x];
    }""")
    assert filled[0] >= 0.85
    assert filled[1:] == [True] * 4


@pytest.mark.parametrize(("lang", "sentence"), [
    ("zh", r"2022 年承诺 95 处.*已落位 0 · 建议 0 · 待落位 95。空心虚线为示意点"),
    ("en", r"95 places promised for 2022.*located 0 · proposed 0 · not yet located 95\. Hollow dashed marks are demo sites"),
])
def test_it_opens_on_the_programme(visit: Callable[..., Page], lang: str, sentence: str) -> None:
    page = ready(visit(lang=lang))
    assert re.search(sentence, page.inner_text(".cp-sentence"))
    assert re.search(r"\d+", page.inner_text(".cp-named"))
    assert page.evaluate("document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[lang]
    on = page.eval_on_selector_all(".cp-layer input[type=checkbox]:checked", "els => els.map(e => e.id.slice(6))")
    assert {"industrial_parks", "road_openings", "parking_lots", "micro_fire_stations", "renovated_alleys", "roads_built", "interchanges"} == set(on)
    assert page.locator(".cp-watermark").count() == 1
    assert "1" in page.inner_text(".cp-map-badge")


def test_opening_sends_little(new_context, app: str) -> None:
    page = new_context().new_page()
    addresses: dict[str, str] = {}
    got = {"own": 0}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", lambda e: addresses.update({e["requestId"]: e["request"]["url"]}))
    wire.on("Network.loadingFinished", lambda e: got.update(own=got["own"] + (e["encodedDataLength"] if re.search("/(assets|blob)/", addresses.get(e["requestId"], "")) else 0)))
    wire.on("Network.webSocketFrameReceived", lambda e: got.update(own=got["own"] + len(e["response"]["payloadData"])))
    page.goto(app)
    settle(page)
    ready(page)
    print(f"opening the explore page sends {got['own']:,} bytes beyond Streamlit's own front end")
    assert 0 < got["own"] < MOST_OPENING_BYTES


def test_switching_a_layer_asks_the_server_nothing(visit: Callable[..., Page]) -> None:
    page = ready(visit("/?v=34.70000,112.49000,14.50"))
    kept = map_is_kept(page)
    wire = listen(page)
    shown = page.locator(".leaflet-d-micro_fire_stations-pane .cp-sym >> visible=true").count()
    page.click("label[for=cp-on-micro_fire_stations]")
    page.click("label[for=cp-on-public_toilets]")
    page.wait_for_function("() => location.search.includes('public_toilets')")
    assert shown > 0
    assert page.locator(".leaflet-d-micro_fire_stations-pane .cp-sym >> visible=true").count() == 0
    assert page.locator(".leaflet-d-public_toilets-pane .cp-sym >> visible=true").count() > 0
    assert wire["requests"] == 0
    assert wire["sent"] <= MOST_STATE_BYTES
    assert kept()
    assert "v=34.70000,112.49000,14.50" in page.url


@pytest.mark.parametrize(("viewport", "link"), [
    ({"width": 1440, "height": 900}, "/?table=sites&sel=a21-interchange-tawan-01"),
    (WIDE, "/?sel=a21-interchange-tawan-01&v=34.67000,112.51200,14.20"),
    (NARROW, "/?sel=a21-interchange-tawan-01"),
], ids=["table-open", "kept-view", "phone"])
def test_a_popup_is_whole_wherever_it_opens(visit: Callable[..., Page], viewport: dict[str, int], link: str) -> None:
    page = ready(visit(link, viewport=viewport))
    cut = """() => {
        const box = (q) => document.querySelector(q).getBoundingClientRect();
        const [p, m, t] = [box('.leaflet-popup-content-wrapper'), box('.cp-map'), box('.cp-tools')];
        return [p.top < m.top, p.left < t.right && p.top < t.bottom, p.right > m.right, p.bottom > m.bottom];
    }"""
    page.wait_for_selector(".cp-pop")
    page.wait_for_timeout(400)
    assert page.evaluate(cut) == [False] * 4
    assert "v=" not in link or link.split("v=")[1] in page.url
    for at in ("max", "min"):  # the northernmost and the southernmost mark
        page.evaluate(f"""() => {{
            const marks = [...document.querySelectorAll('.cp-mark')].filter(e => e.querySelector('.cp-sym').getBoundingClientRect().width);
            const seen = marks.map(e => [e.getBoundingClientRect().top, e]).filter(([y]) => y > document.querySelector('.cp-map').getBoundingClientRect().top);
            seen.find(([y]) => y === Math.{at}(...seen.map(([z]) => z)))[1].parentElement.click(); }}""")
        page.wait_for_timeout(300)
        assert page.evaluate(cut) == [False] * 4
    page.click("[data-tool=fit]")
    page.wait_for_timeout(600)
    assert page.evaluate(cut) == [False] * 4


def test_missing_links_of_the_sketch_are_demo_sites(visit: Callable[..., Page]) -> None:
    page = ready(visit("/?sel=demo-road_openings-01"))
    page.wait_for_selector(".cp-pop-demo")
    assert "打通断头路" in page.inner_text(".cp-pop-head")
    assert "3 条断头路中的任何一条" in page.inner_text(".cp-pop-stands")
    assert page.locator(".leaflet-e-road_openings-pane path >> visible=true").count() > 0
    page.click("label.cp-check:has(#cp-demo)")
    page.wait_for_function("() => location.search.includes('demo=0')")
    assert page.locator(".leaflet-e-road_openings-pane path").count() == 0


def test_known_places_and_names_stand_above_demo_sites(visit: Callable[..., Page]) -> None:
    page = ready(visit())
    height = page.evaluate("Object.fromEntries([...document.querySelectorAll('.leaflet-pane')].map(e => [e.className, Number(getComputedStyle(e).zIndex)]))")
    of = {kind: [z for name, z in height.items() if f"leaflet-{kind}-" in name] for kind in "dp"}
    names = next(z for name, z in height.items() if "labels" in name)
    assert of["d"]
    assert max(of["d"]) < names < min(of["p"])
    page.wait_for_timeout(300)
    covered = page.evaluate("""() => { const boxes = (q) => [...document.querySelectorAll(q)].map(e => e.getBoundingClientRect()).filter(b => b.width);
        const marks = boxes('.cp-mark-solid .cp-sym, .cp-mark-area .cp-sym');
        return boxes('.cp-label-dot + .cp-label-text').filter(a => marks.some(b => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top)).length; }""")
    assert covered == 0


def test_full_screen_keeps_sentence_and_legend(visit: Callable[..., Page]) -> None:
    page = ready(visit(viewport={"width": 1280, "height": 720}))
    page.click("[data-tool=full]")
    page.wait_for_function("() => document.fullscreenElement")
    assert page.evaluate("['.cp-sentence', '.cp-layers', '#cp-demo', '.cp-map'].every(q => document.fullscreenElement.querySelector(q))")
    page.evaluate("document.querySelector('[data-site=demo-parking_lots-01]').parentElement.click()")
    page.wait_for_selector(".cp-pop-demo")
    page.wait_for_function("() => !document.querySelector('.cp-tip')")
    page.click(".leaflet-popup-close-button")
    page.wait_for_selector(".cp-pop-demo", state="detached")


def test_a_link_to_the_view_is_copied(visit: Callable[..., Page]) -> None:
    page = ready(visit("/?demo=0", permissions=["clipboard-read", "clipboard-write"]))
    page.click("[data-tool=link]")
    page.wait_for_selector(".cp-copied >> visible=true")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_a_link_restores_everything(visit: Callable[..., Page]) -> None:
    link = "/?lang=en&on=interchanges.micro_fire_stations&op=interchanges:40&q=tawan&sel=a21-interchange-tawan-01&panel=tray&table=sites&sort=name-desc&v=34.69100,112.51200,14.20"
    page = ready(visit(link))
    page.wait_for_selector(".cp-pop")
    assert "Tawan" in page.inner_text(".cp-pop-head strong")
    assert table_names(page) == ["Tawan Interchange"]
    assert page.get_attribute("th:has([data-sort=name])", "aria-sort") == "descending"
    assert page.eval_on_selector(".leaflet-p-interchanges-pane", "e => e.style.opacity") == "0.4"
    page.wait_for_timeout(400)
    for part in link.removeprefix("/?").split("&"):
        assert part in page.url


def test_language_changes_without_a_new_map(visit: Callable[..., Page]) -> None:
    page = ready(visit("/?q=消防"))
    kept = map_is_kept(page)
    page.click("[data-lang=en]")
    page.wait_for_selector("text=Micro fire stations")
    settle(page)
    assert kept()
    assert "lang=en" in page.url
    assert "q=%E6%B6%88%E9%98%B2" in page.url
    assert page.evaluate("document.documentElement.lang") == "en"


def test_table_and_map_select_each_other_by_keyboard(visit: Callable[..., Page]) -> None:
    page = ready(visit("/?table=sites"))
    page.focus("[data-row=a21-road-jiamaying-01]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".cp-pop")
    assert "夹马营路" in page.inner_text(".cp-pop-head strong")
    assert page.get_attribute("[data-row=a21-road-jiamaying-01]", "aria-pressed") == "true"
    page.focus(".cp-popup .cp-button >> nth=0")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('[data-row][aria-pressed=true]')")
    assert page.evaluate("document.activeElement.dataset.row") == "a21-road-jiamaying-01"
    page.evaluate("document.querySelector('[data-site=a21-interchange-tawan-01]').parentElement.click()")
    page.wait_for_selector("[data-row=a21-interchange-tawan-01][aria-pressed=true]")
    page.focus("[data-sort=name]")
    page.keyboard.press("Enter")
    assert page.get_attribute("th:has([data-sort=name])", "aria-sort") == "ascending"
    assert page.evaluate("document.activeElement.dataset.sort") == "name"
    page.keyboard.press("Escape")
    page.wait_for_selector(".cp-pop", state="detached")
    for name, opened in (("map", ".cp-bases"), ("ruler", ".cp-measure:not(.cp-copied)")):
        page.focus(f"[data-tool={name}]")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{opened} >> visible=true")
        page.keyboard.press("Escape")
        page.wait_for_selector(opened, state="hidden")
        assert page.evaluate("document.activeElement.dataset.tool") == name


def test_demo_sites_have_their_own_table_and_say_what_they_are(visit: Callable[..., Page]) -> None:
    page = ready(visit("/?table=demo"))
    demo = table_names(page)
    assert demo
    assert all("示意" in name for name in demo)
    page.click(".cp-table tbody .cp-row-button >> nth=0")
    assert page.inner_text(".cp-pop-warn >> nth=0") == page.inner_text(".cp-table .cp-pop-warn")
    assert "编号不对应任何项目" in page.inner_text(".cp-popup .cp-pop-warn")
    page.click("#cp-tab-layers")
    page.click("label.cp-check:has(#cp-demo)")
    page.wait_for_function("() => location.search.includes('demo=0')")
    assert page.locator(".cp-mark-demo").count() == 0


def test_a_download_holds_what_the_filter_shows(visit: Callable[..., Page]) -> None:
    page = ready(visit("/?table=sites&year=2021&on=interchanges.roads_built"))
    with page.expect_download() as caught:
        page.click("[data-format=geojson]")
    features = json.loads(caught.value.path().read_text(encoding="utf-8"))["features"]
    shown = page.eval_on_selector_all(".cp-table tbody [data-row]", "els => els.map(e => e.dataset.row)")
    assert sorted(f["properties"]["id"] for f in features) == sorted(shown)


def test_measuring_says_metres(visit: Callable[..., Page]) -> None:
    page = ready(visit())
    page.click("[data-tool=ruler]")
    for x, y in ((700, 200), (900, 200), (900, 400)):
        page.mouse.click(x, y)
    assert re.search(r"\d.* k?m", page.inner_text(".cp-measure"))
    assert re.search(r"(ha|km²)", page.inner_text(".cp-measure"))
    assert page.locator(".cp-pop").count() == 0


@pytest.mark.parametrize(("scheme", "viewport"), [("light", WIDE), ("dark", NARROW)], ids=["laptop", "phone"])
def test_nothing_serious_for_assistive_technology(visit: Callable[..., Page], assert_accessible: Callable[[Page], None], scheme: str, viewport: dict[str, int]) -> None:
    page = ready(visit("/?table=sites&sel=a21-interchange-tawan-01", color_scheme=scheme, viewport=viewport))
    page.wait_for_selector(".cp-pop")
    page.click(".cp-filter-button")
    assert page.get_attribute(".cp-root", "data-theme") == scheme
    assert_accessible(page)
    page.click("#cp-tab-tray")
    assert_accessible(page)


def test_nothing_moves_while_it_loads(visit: Callable[..., Page], app: str, new_context) -> None:
    page = new_context(reduced_motion="no-preference").new_page()
    page.add_init_script("window.shift = 0; new PerformanceObserver(l => { for (const e of l.getEntries()) if (e.sources.some(s => s.node?.closest?.('.cp-root, .cp-frame'))) window.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });")
    page.goto(app)
    settle(page)
    ready(page)
    page.wait_for_timeout(500)
    assert page.evaluate("window.shift") < 0.02
