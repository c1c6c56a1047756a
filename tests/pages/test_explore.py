"""The explore page without a browser: what it hands to the map, and what a placing form may do."""

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest  # noqa: TID251  the pages are run as Streamlit runs them

from geodata import drawing, exports, packs, serving, standins
from geodata.pages import _facts, _map, _placing, _words
from geodata.pages._frame import PAGES
from layers import every_layer

MOST_REPEATED_BYTES = 40_000


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture(scope="module")
def document(district) -> dict:
    _, content = _facts.facts(district, standins.stand_ins(district, draw=1), draw=1)
    return json.loads(content)


def run(**query: str) -> AppTest:
    app = AppTest.from_file(str(serving.FRAME_SCRIPT), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def payload(app: AppTest) -> dict:
    sent = [json.loads(element.proto.json) for element in app.get("bidi_component")]
    return next(data for data in sent if "map" in data)


@pytest.fixture(autouse=True)
def own_pack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))
    return tmp_path / "pack"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_runs_in_both_languages_and_sends_addresses_not_data(lang: str) -> None:
    app = run(lang=lang)
    assert not app.exception
    data = payload(app)
    assert data["lang"] == lang
    assert data["facts_url"].startswith("blob/")
    assert len(json.dumps(data)) < MOST_REPEATED_BYTES
    script = serving.BLOBS.find(data["map"]["script"].removeprefix("blob/"))
    assert script
    assert gzip.decompress(script).decode().startswith(f'if (document.getElementById("{data["map"]["name"]}"))'), "it may come after the visitor has gone on"
    assert serving.BLOBS.find(data["facts_url"].removeprefix("blob/"))


def test_the_language_changes_no_address() -> None:
    zh, en = payload(run(lang="zh")), payload(run(lang="en"))
    assert zh["map"] == en["map"]
    assert zh["facts_url"] == en["facts_url"]
    assert zh["words"] != en["words"]


def test_an_unchanged_map_renders_to_the_same_text(district) -> None:
    assert drawing.working_map(district) == drawing.working_map(district)


def test_another_ground_is_another_map(district) -> None:
    fewer = replace(district, streets=district.streets.iloc[:-50])
    assert drawing.working_map(district).hash != drawing.working_map(fewer).hash


def test_the_script_asks_for_nothing_outside(district) -> None:
    picture = drawing.working_map(district)
    script = picture.blobs[picture.script.removeprefix("blob/")].decode()
    assert "http" not in script
    assert "chanhe.ground(map_explore" in script


def test_every_site_is_told_once_and_demo_sites_beside(district, document: dict) -> None:
    told = [site["id"] for site in document["sites"]]
    assert len(told) == len(set(told))
    assert set(district.sites["id"]) <= set(told)
    demo = [site for site in document["sites"] if site["location_class"] == "stand_in"]
    assert len(demo) == len(standins.stand_ins(district, draw=1)) > 0
    assert all("commitment" not in site or not site.get("counted") for site in demo)


def test_the_tray_counts_what_the_strip_counts(document: dict) -> None:
    waiting = [site for site in document["sites"] if site.get("counted") and site["location_class"] == "unlocated"]
    assert len(waiting) == document["strip"]["unlocated"] == 95


def test_the_tray_says_whom_to_ask_and_that_it_is_inferred(document: dict) -> None:
    asked = {layer["key"]: layer["held_by"] for layer in document["layers"]}
    assert asked == {key: layer.held_by and {"zh": layer.held_by.zh, "en": layer.held_by.en} for key, layer in every_layer().items()}
    assert asked["public_toilets"]["zh"] == "城市管理部门"
    assert "推断" in _words.EXPLORE_WORDS["tray_from"].zh


def test_layers_open_as_the_legend_says(document: dict) -> None:
    assert [layer["key"] for layer in document["layers"]] == list(every_layer())
    assert {layer["key"] for layer in document["layers"] if layer["opening"]} == {key for key, layer in every_layer().items() if layer.opening}


def test_the_ground_draws_no_missing_link_of_its_own(district, document: dict) -> None:
    assert "gap" not in {feature["properties"]["part"] for feature in drawing.ground_features(district)}
    assert sum(site["id"].startswith("demo-road_openings") for site in document["sites"]) == len(district.gaps)


def test_car_parks_of_two_promises_have_two_names(document: dict) -> None:
    assert document["kinds"]["l9-parking-ecological"] == {"zh": "生态停车场", "en": "ecological car park"}
    assert document["kinds"]["l9-parking-public"] == {"zh": "公共停车场", "en": "public car park"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_two_sites_have_one_name(district, lang: str) -> None:
    kinds = exports.site_kinds(district.ledger)
    names = [exports.shown_name(site, kinds.get(site["commitment"])).say(lang) for site in district.sites.to_dict("records")]
    assert len(names) == len(set(names))
    assert any("2021" in name for name in names)


def test_lists_follow_the_report(document: dict) -> None:
    assert document["orders"]["group"] == list(document["groups"])
    assert {site["status"] for site in document["sites"]} <= set(document["orders"]["status"])
    assert {site["location_class"] for site in document["sites"]} <= set(document["orders"]["class"])


def test_ground_lines_are_merged_by_class(district) -> None:
    features = list(drawing.ground_features(district))
    streets = [f["properties"]["kind"] for f in features if f["properties"]["part"] == "street"]
    assert len(streets) == len(set(streets))
    water = {f["geometry"]["type"] for f in features if f["properties"]["part"] == "water"}
    assert water <= {"Polygon", "MultiPolygon"}


def test_every_word_the_scripts_ask_for_is_there() -> None:
    asked = {name for path in serving.ASSET_FOLDER.glob("*.js") if path.stem in _EXPLORE_SCRIPTS
             for name in re.findall(r'app\.word\("(\w+)"', path.read_text(encoding="utf-8"))}
    known = {**_map.MAP_WORDS, **_words.EXPLORE_WORDS}
    assert asked
    assert asked <= set(known)
    assert all(text.zh and text.en for text in known.values())


_EXPLORE_SCRIPTS = {"explore", "filters", "mount", "place", "popup", "sites", "table", "tools", "tray", "tree", "years", "empty", "popups"}


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict:
    state: dict = {}
    monkeypatch.setattr(_placing.st, "session_state", state)
    monkeypatch.setattr(serving, "may_edit", lambda _settings: True)
    return state


FORM = {"site_id": "l10-service-centre-01", "lon": 112.49, "lat": 34.70, "datum": "wgs84", "how": "typed", "location_class": "address",
        "uncertainty_m": 50, "basis": "批复", "on_basemap": False, "amount": None}


def test_a_form_is_kept_and_taken_back(session: dict, own_pack: Path) -> None:
    _placing.place(FORM)
    assert session[_placing.MESSAGE]["ok"]
    assert packs.load_district(own_pack).sites.set_index("id").loc[FORM["site_id"], "location_class"] == "address"
    _placing.undo()
    assert session[_placing.MESSAGE]["ok"]
    assert packs.load_district(own_pack).sites.set_index("id").loc[FORM["site_id"], "location_class"] == "unlocated"
    _placing.undo()
    assert not session[_placing.MESSAGE]["ok"]


@pytest.mark.parametrize("change", [{"how": "click"}, {"lon": 116.4, "lat": 39.9}, {"basis": " "}, {"site_id": "none"}, {"lon": "x"}, {"location_class": "proposed"}])
def test_a_wrong_form_changes_nothing(session: dict, own_pack: Path, change: dict) -> None:
    _placing.place(FORM | change)
    assert not session[_placing.MESSAGE]["ok"]
    assert not (own_pack / packs.MANIFEST).exists()


def test_a_part_of_an_amount_becomes_a_site_of_its_own(session: dict, own_pack: Path) -> None:
    before = packs.load_district().sites
    piles = before[(before["layer"] == "charging_sites") & (before["amount"] == 200)].iloc[0]["id"]
    _placing.place(FORM | {"site_id": piles, "amount": 40})
    sites = packs.load_district(own_pack).sites
    ours = sites[sites["commitment"] == before.set_index("id").loc[piles, "commitment"]]
    assert sorted(ours["amount"]) == [40, 160]
    _placing.undo()
    assert set(packs.load_district(own_pack).sites.loc[lambda s: s["id"].isin(ours["id"]), "location_class"]) == {"unlocated"}


def test_placing_is_refused_to_other_machines(session: dict, own_pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "may_edit", lambda _settings: False)
    _placing.place(FORM)
    assert session[_placing.MESSAGE]["text"] == _words.NOT_HERE
    assert not list(own_pack.iterdir())


def test_pages_are_named_once() -> None:
    keys = [page.key for page in PAGES]
    assert len(keys) == len(set(keys))
    assert keys[0] == "explore"


@pytest.mark.parametrize("asked", ["消防", "Road opening 2", "五园", "生态停车场 1", "public car park 5", "not yet located", "塔湾", "示意", "nothing at all"])
def test_the_page_finds_what_a_download_holds(district, document: dict, asked: str) -> None:
    here = [site["id"] for site in document["sites"] if asked.lower() in site["find"]]
    assert here == list(exports.select(district, text=asked, stand_ins=True)["id"])
