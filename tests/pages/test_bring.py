"""Bringing data in: nothing is kept before it is confirmed, everything can be taken back, and never where it is closed."""

import dataclasses
import re
from pathlib import Path

import pytest

from geodata import packs, serving
from geodata.crs import from_wgs84
from geodata.errors import BadInput, ChanheError, ProblemsFound, Refused
from geodata.former_packs import former_packs
from geodata.importing import template
from geodata.last_import import last_import, take_back
from geodata.pages import _bring_ground, _bringing, bring
from geodata.pages._bring_sites import seen
from geodata.pages._bring_words import WORDS
from geodata.placing import place_site
from geodata.settings import Settings
from geodata.story import View
from geodata.telling import tell_view
from tests.pages.visits import page_of, panel, sent

STATION = "micro_fire_stations"
PROMISED = 48


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    folder = tmp_path / "pack"
    monkeypatch.setenv("CHANHE_PACK", str(folder))
    return Settings(pack=folder, allow_edit=True)


def stations(district, count: int, datum: str = "wgs84") -> bytes:
    """A table of so many stations at the first demand points, in Chinese headings and GBK."""
    at = district.demand.geometry.iloc[:: max(1, len(district.demand) // count)].iloc[:count].to_crs(4326)
    x, y = (at.x.to_numpy(), at.y.to_numpy()) if datum == "wgs84" else from_wgs84(at.x.to_numpy(), at.y.to_numpy(), datum)
    return "\n".join(["名称,经度,纬度", *(f"站{i},{lon:.7f},{lat:.7f}" for i, (lon, lat) in enumerate(zip(x, y, strict=True)))]).encode("gbk")


def test_a_preview_keeps_nothing_and_counts_rightly(district, settings: Settings) -> None:
    found = _bringing.preview(district, STATION, stations(district, PROMISED), "站.csv", None)
    assert (found.rows, found.good, found.changes) == (PROMISED, PROMISED, PROMISED)
    assert (found.before.located, found.before.unlocated) == (0, PROMISED)
    assert (found.after.located, found.after.unlocated) == (PROMISED, 0)
    assert not list(settings.pack_folder.iterdir())


def test_a_bad_row_is_told_and_left_out(district) -> None:
    text = stations(district, 3) + "\n远,110.0,30.0\n空,,".encode("gbk")
    found = _bringing.preview(district, STATION, text, "站.csv", None)
    assert (found.rows, found.good, found.after.located) == (5, 3, 3)
    assert any(problem.row == 5 and problem.level == "error" for problem in found.problems)


def test_longer_headings_are_known_and_the_preview_says_how_each_column_was_read(district, settings: Settings) -> None:
    at = district.demand.geometry.iloc[:2].to_crs(4326)
    rows = [f"东关公厕{n},东关大街 {n} 号,{point.x:.6f},{point.y:.6f},甲公司,晚上锁门" for n, point in enumerate(at)]
    text = "\n".join(["厕所名称,详细地址,经度,纬度,建设单位名称,备注", *rows]).encode()
    found = _bringing.preview(district, "public_toilets", text, "厕.csv", None)
    assert found.columns == (("厕所名称", "name_zh"), ("详细地址", "place_hint_zh"), ("经度", "lon"), ("纬度", "lat"))
    assert found.ignored == ("建设单位名称", "备注")
    assert found.first[1] == tuple(rows[1].split(",")[:4])
    assert {"东关公厕0", "东关公厕1"} <= set(found.sites["name_zh"])
    assert not [problem for problem in found.problems if problem.code == "no_names"]
    told = panel(upload(page_of("bring", "zh", layer="public_toilets"), text), bad=False)
    assert "读取的列：厕所名称（作名称）、详细地址（作位置说明）、经度、纬度。" in told["lines"]
    assert "没有用到的列：建设单位名称、备注。" in told["lines"]
    assert told["first"]["rows"] == [row.split(",")[:4] for row in rows]
    (unnamed,) = [problem for problem in _bringing.preview(district, "public_toilets", text.replace("厕所名称".encode(), "甲".encode()), "厕.csv", None).problems if problem.code == "no_names"]
    assert unnamed.message.zh == "没有认出名称列。"


def test_proposals_of_the_siting_page_are_told_in_one_sentence(district, settings: Settings) -> None:
    text = stations(district, 3).decode("gbk").replace("纬度", "纬度,location_class")
    lines = text.split("\n")
    content = "\n".join([lines[0], *(f"{line},proposed" for line in lines[1:])]).encode()
    told = panel(upload(page_of("bring", "zh"), content), bad=True)
    assert told["problems"] == []
    assert "“选址”页存下的建议" in told["lines"][0]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_shifted_datum_is_undone(district, datum: str) -> None:
    straight = _bringing.preview(district, STATION, stations(district, 6), "站.csv", None).sites
    undone = _bringing.preview(district, STATION, stations(district, 6, datum), "站.csv", datum).sites
    mine = straight["location_class"].isin(["address"]) & (straight["layer"] == STATION)
    assert mine.sum() == 6
    assert (straight.geometry[mine].distance(undone.geometry[mine]) < 0.05).all()


def test_the_template_s_example_is_never_imported(district) -> None:
    for lang in ("zh", "en"):
        with pytest.raises(BadInput):
            _bringing.preview(district, STATION, template(lang), "模板.csv", None)


def test_an_import_is_kept_and_taken_back(district, settings: Settings) -> None:
    before = serving.current_district(settings)
    done = _bringing.keep(settings, STATION, stations(district, PROMISED), "站.csv", None)
    after = serving.current_district(settings)
    assert done.after.located == PROMISED
    assert _bringing.layer_count(after.sites, STATION).located == PROMISED
    take_back(settings.pack_folder)
    again = serving.current_district(settings)
    assert again.sources == before.sources
    assert _bringing.layer_count(again.sites, STATION) == _bringing.layer_count(before.sites, STATION)
    assert again.sites.geometry.isna().sum() == before.sites.geometry.isna().sum()


def test_nobody_else_s_change_is_taken_back(district, settings: Settings) -> None:
    _bringing.keep(settings, STATION, stations(district, 3), "站.csv", None)
    now = serving.current_district(settings)
    packs.write_sites(settings.pack_folder, place_site(now, str(now.sites.loc[now.sites["layer"] == "public_toilets", "id"].iloc[0]), lon=112.49, lat=34.69, how="typed", location_class="address", uncertainty_m=50, basis="门牌"))
    with pytest.raises(Refused):
        take_back(settings.pack_folder)
    assert last_import(settings.pack_folder, serving.current_district(settings).stamp) is None
    assert _bringing.layer_count(serving.current_district(settings).sites, "public_toilets").located == 1


def test_every_file_of_positions_is_a_source_and_the_last_one_can_be_taken_back_later(district, settings: Settings) -> None:
    _bringing.keep(settings, "public_toilets", stations(district, 2), "公厕.csv", None)
    first = serving.current_district(settings)
    _bringing.keep(settings, "public_toilets", stations(district, 3), "公厕2.csv", None)
    told = {source.title.zh: source.date for source in serving.current_district(settings).sources if source.part == "sites"}
    assert {"公厕：文件 公厕.csv", "公厕：文件 公厕2.csv"} < set(told)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", told["公厕：文件 公厕2.csv"])
    slide = tell_view(serving.current_district(settings), View("c", "coverage", "layers=public_toilets&m=500&counted=existing"))
    assert "标准：10 分钟生活圈 500 m；生活圈：GB 50180-2018 第 2.0.2–2.0.4 条 ★★★" in [source.zh for source in slide.sources]
    assert f"点位：公厕：文件 公厕2.csv（{told['公厕：文件 公厕2.csv']}）" in [source.zh for source in slide.sources]
    app = page_of("bring", "zh")  # as after a reload: nothing is known of the visit before
    assert "公厕2.csv" in app.caption[0].value
    app.button(key="bring_undo_button").click().run()
    assert not app.exception
    assert serving.current_district(settings).stamp == first.stamp
    assert [button.key for button in page_of("bring", "zh").button] == []


def test_where_editing_is_closed_nothing_is_written(district, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "may_edit", lambda _settings: False)
    shut = dataclasses.replace(settings, allow_edit=False)
    with pytest.raises(Refused):
        _bringing.keep(shut, STATION, stations(district, 3), "站.csv", None)
    with pytest.raises(Refused):
        _bringing.build(shut, {"areas": ("a.geojson", b"{}")}, {}, skip_bad_rows=False, progress=lambda share, what: None)
    assert not list(settings.pack_folder.iterdir())


def test_nothing_partial_is_saved_unless_it_is_asked_for(district, settings: Settings) -> None:
    text = stations(district, 3) + "\n远,110.0,30.0".encode("gbk")
    assert _bringing.preview(district, STATION, text, "站.csv", None).errors == 1
    with pytest.raises(ProblemsFound):
        _bringing.keep(settings, STATION, text, "站.csv", None)
    assert not list(settings.pack_folder.iterdir())
    done = _bringing.keep(settings, STATION, text, "站.csv", None, skip_bad_rows=True)
    assert done.after.located == 3


def upload(app, content: bytes):
    """Choose a file at the page's one uploader."""
    return app.get("file_uploader")[0].upload("站.csv", content, "text/csv").run()


def test_the_button_is_shut_while_there_are_errors_until_the_box_is_ticked(district, settings: Settings) -> None:
    app = upload(page_of("bring", "zh"), stations(district, 3) + "\n远,110.0,30.0".encode("gbk"))
    assert not app.exception
    assert app.button(key="bring_confirm").disabled
    box = app.checkbox[0]
    assert not box.value
    assert box.label == "只导入可用的 3 行，略去有错的 1 行"
    box.check().run()
    assert not app.button(key="bring_confirm").disabled


def test_the_preview_names_what_would_be_replaced(district, settings: Settings) -> None:
    own = place_site(district, "l4-micro-fire-stations-01", lon=112.49, lat=34.69, how="typed", location_class="surveyed", uncertainty_m=5, basis="踏勘")
    own.loc[own["id"] == "l4-micro-fire-stations-01", "name_zh"] = "站0"
    placed = dataclasses.replace(district, sites=own)
    found = _bringing.preview(placed, STATION, stations(district, PROMISED + 1), "站.csv", None)
    assert list(found.touched.replaced) == ["l4-micro-fire-stations-01"]
    assert (len(found.touched.taken_over), len(found.touched.added), found.touched.same) == (PROMISED - 1, 1, 0)
    again = _bringing.preview(dataclasses.replace(district, sites=found.sites), STATION, stations(district, PROMISED + 1), "站.csv", None)
    assert (again.changes, again.touched.same) == (0, PROMISED + 1)


def test_areas_are_built_in_and_a_broken_file_changes_nothing(district, settings: Settings) -> None:
    shares = []
    polygon = district.boundary[["geometry"]].assign(name="全区", area_id="a1").to_crs(4326).to_json().encode()
    built, _ = _bringing.build(settings, {"areas": ("街道 面.geojson", polygon)}, {}, skip_bad_rows=False, progress=lambda share, what: shares.append(share))
    assert len(built.areas) == 1
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    stamp = serving.current_district(settings).stamp
    with pytest.raises(ChanheError):
        _bringing.build(settings, {"streets": ("路.geojson", b"not json")}, {}, skip_bad_rows=False, progress=lambda share, what: None)
    assert serving.current_district(settings).stamp == stamp


@pytest.mark.parametrize(("text", "datum"), [("", None), ("gcj02", "gcj02"), ("epsg4547", "EPSG:4547"), ("epsg", None), ("../x", None)])
def test_an_address_names_a_datum(text: str, datum: str | None) -> None:
    assert bring.datum_of({"datum": text}) == datum


def test_what_changes_is_said_before(district) -> None:
    real = _bring_ground.changes_of({"osm"}, sketch_streets=True)
    assert WORDS["change_streets"] in real
    assert WORDS["change_people_none"] in real
    assert WORDS["change_people_none"] not in _bring_ground.changes_of({"osm", "population"}, sketch_streets=True)
    assert WORDS["change_people_sketch"] in _bring_ground.changes_of({"population"}, sketch_streets=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("part", ["", "ground", "pack"])
def test_every_part_opens(settings: Settings, lang: str, part: str) -> None:
    app = page_of("bring", lang, **({"part": part} if part else {}))
    assert not app.exception
    assert panel(app, open=True)["part"] == (part or "sites")


def test_the_way_to_the_map_shows_what_was_imported(district) -> None:
    found = _bringing.preview(district, "public_toilets", stations(district, 3), "厕.csv", None)
    there = dataclasses.replace(district, sites=found.sites)
    query = seen(there, "public_toilets")
    assert "public_toilets" in query["on"].split(".")
    lat, lon, zoom = map(float, query["v"].split(","))
    west, south, east, north = found.sites[(found.sites["layer"] == "public_toilets") & ~found.sites.geometry.isna()].to_crs(4326).total_bounds
    px = 256 * 2**zoom / 360
    assert (lat, lon) == pytest.approx(((south + north) / 2, (west + east) / 2), abs=1e-5)
    assert max((east - west) * px, (north - south) * px / 0.82) < 500
    assert seen(district, "public_toilets") == {}


def test_closed_it_says_why_and_offers_nothing(settings: Settings) -> None:
    app = page_of("bring", "zh", may_edit=False)
    assert not app.exception
    assert "--allow-edit" in app.warning[0].value
    assert not app.get("file_uploader")
    assert not app.button


def test_a_pack_of_one_s_own_is_named_and_can_be_put_aside(district, settings: Settings) -> None:
    _bringing.keep(settings, STATION, stations(district, 2), "站.csv", None)
    app = page_of("bring", "zh", part="pack")
    facts = dict(next(data for data in sent(app) if data.get("facts"))["facts"])
    assert facts[WORDS["pack_folder"].zh] == str(settings.pack_folder)
    app.checkbox[0].check().run()
    next(button for button in app.button if button.key == "bring_restore").click().run()
    assert not app.exception
    assert not settings.pack_folder.exists()
    assert len(former_packs(settings.pack_folder)) == 1
    app.button(key="bring_back").click().run()
    assert not app.exception
    assert _bringing.layer_count(serving.current_district(settings).sites, STATION).located == 2
    assert former_packs(settings.pack_folder) == {}


def test_every_word_of_the_scripts_is_there() -> None:
    scripts = [(serving.ASSET_FOLDER / name).read_text(encoding="utf-8") for name in ("bring.js", "found.js")]
    asked = {name for script in scripts for name in re.findall(r'this\.word\("(\w+)"', script)}
    assert asked
    assert asked <= set(WORDS)
    assert all(text.zh and text.en for text in WORDS.values())
