"""The explore page in a browser: what it opens on, what it sends, what it keeps, and that text from files stays text."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from geodata import packs
from tests.browser.conftest import NARROW, PROJECTOR, WIDE, Server, settle

READY = ".cp-root.cp-ready"
MOST_OPENING_BYTES = 1_500_000
MOST_STATE_BYTES = 1024


def ready(page: Page) -> Page:
    page.wait_for_selector(READY, timeout=60_000)
    return page


def map_is_kept(page: Page) -> Callable[[], bool]:
    page.evaluate("window.firstMap = document.querySelector('.cp-map').chanheMap")
    return lambda: page.evaluate("window.firstMap === document.querySelector('.cp-map').chanheMap") and page.get_attribute(".cp-root", "data-mounts") == "1"


def listen(page: Page) -> dict[str, int]:
    """Count what goes over the wire from now on: requests, and bytes sent to the server."""
    counted = {"requests": 0, "sent": 0}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", lambda _: counted.update(requests=counted["requests"] + 1))
    wire.on("Network.webSocketFrameSent", lambda e: counted.update(sent=counted["sent"] + len(e["response"]["payloadData"])))
    return counted


def table_names(page: Page) -> list[str]:
    return page.eval_on_selector_all(".cp-table tbody .cp-row-button span", "els => els.map(e => e.textContent)")


@pytest.mark.parametrize(("viewport", "lang"), [(WIDE, "zh"), (PROJECTOR, "zh"), (NARROW, "zh"), (NARROW, "en")], ids=["laptop", "projector", "phone", "phone-en"])
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
    assert "Table (92 rows)" in page.inner_text("#cp-table-tab-sites")
    page.click(".cp-filter-button")
    told = page.eval_on_selector_all(".cp-chip[data-filter]", "els => Object.fromEntries(els.map(e => [e.dataset.value, e.lastChild.textContent]))")
    assert (told["2022"], told["2021"], told["unlocated"]) == ("65", "27", "2022: 65 · 2021: 25")
    page.click("label[for=cp-on-renovated_alleys]")
    page.wait_for_function("() => document.querySelector('[data-value=\"2021\"]').lastChild.textContent === '5'")


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
    page.evaluate("document.querySelector('.cp-map').chanheMap.closePopup()")
    page.wait_for_function("() => !document.querySelector('[data-row][aria-pressed=true]')")
    page.evaluate("document.querySelector('[data-site=a21-interchange-tawan-01]').parentElement.click()")
    page.wait_for_selector("[data-row=a21-interchange-tawan-01][aria-pressed=true]")
    page.focus("[data-sort=name]")
    page.keyboard.press("Enter")
    assert page.get_attribute("th:has([data-sort=name])", "aria-sort") == "ascending"
    assert page.evaluate("document.activeElement.dataset.sort") == "name"


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


@pytest.fixture(scope="module")
def own(serve: Callable[..., Server]) -> Server:
    return serve()


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
    page.evaluate("document.querySelector('.cp-map').chanheMap.closePopup()")
    page.click(".cp-message .cp-link >> nth=0")
    page.wait_for_function("() => /待落位 95/.test(document.querySelector('.cp-sentence').textContent)", timeout=60_000)
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["laptop", "phone"])
def test_nothing_serious_for_assistive_technology(visit: Callable[..., Page], assert_accessible: Callable[[Page], None], scheme: str, viewport: dict[str, int]) -> None:
    page = ready(visit("/?table=sites&sel=a21-interchange-tawan-01", color_scheme=scheme, viewport=viewport))
    page.wait_for_selector(".cp-pop")
    page.click(".cp-filter-button")
    assert page.get_attribute(".cp-root", "data-theme") == scheme
    assert_accessible(page)
    page.click("#cp-tab-tray")
    assert_accessible(page)


def test_nothing_moves_while_it_loads(visit: Callable[..., Page], app: str, new_context) -> None:
    page = new_context().new_page()
    page.add_init_script("window.shift = 0; new PerformanceObserver(l => { for (const e of l.getEntries()) if (e.sources.some(s => s.node?.closest?.('.cp-root, .cp-frame'))) window.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });")
    page.goto(app)
    settle(page)
    ready(page)
    page.wait_for_timeout(500)
    assert page.evaluate("window.shift") < 0.02
