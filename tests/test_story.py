"""A story as a file: what is saved reopens as it was, and whatever else is opened says what is wrong with it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import packs
from geodata.errors import BadInput, CannotWrite, Unreadable
from geodata.ledger import read_ledger
from geodata.story import (
    FORMAT,
    MOST_VIEWS,
    PAGES,
    Story,
    View,
    numbered,
    open_story,
    ready_story,
    save_story,
    story_json,
)
from layers import Text
from tests import toytown

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
TEXTS = st.builds(Text, WORDS, WORDS)
VIEWS = st.builds(View, st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True), st.sampled_from(list(PAGES)), WORDS, TEXTS, TEXTS, st.booleans())
TOWN = toytown.district(toytown.people([]))
LONG = Text("<script>alert(1)</script>" * 400, "=HYPERLINK(\"x\")\n" * 200)


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture(scope="module")
def real(district):
    return replace(district, streets_kind="real", people_kind="real", stamp="real")


@settings(max_examples=40)
@given(views=st.lists(VIEWS, max_size=6, unique_by=lambda view: view.id), title=TEXTS)
def test_what_is_saved_reopens_as_it_was(views: list[View], title: Text) -> None:
    story = Story(TOWN.id, title, tuple(views), TOWN.stamp)
    opened = open_story(story_json(story), TOWN)
    assert opened.story == story
    assert opened.remarks == ()


def test_any_text_is_kept_whole(district, tmp_path: Path) -> None:
    story = Story(district.id, LONG, (View("a", "coverage", "layers=x&q=%3Cb%3E", LONG, LONG, hidden=True),), district.stamp)
    save_story(tmp_path / "story.json", story)
    assert open_story(tmp_path / "story.json", district).story == story


def told(**changes: object) -> str:
    return json.dumps({"format": FORMAT, "version": 1, "district": "chanhe", "title": {"zh": "甲"}, "views": [{"page": "ledger"}]} | changes)


@pytest.mark.parametrize(("content", "error", "said"), [
    ("", Unreadable, "不是汇报文件"),
    ("[]", Unreadable, "不是汇报文件"),
    ("\ud800".encode("utf-8", "surrogatepass"), Unreadable, "不是汇报文件"),
    ('{"type": "FeatureCollection", "features": []}', Unreadable, "不是汇报文件"),
    ("[" * 100_000, Unreadable, "不是汇报文件"),
    ("x" * 2_000_001, Unreadable, "太大"),
    (told(version="1"), Unreadable, "version"),
    (told(version=2), BadInput, "更新的版本"),
    (told(district="laocheng"), BadInput, "另一个地区（laocheng）"),
    (told(views={}), Unreadable, "views"),
    (told(views=[{"page": "ledger"}] * (MOST_VIEWS + 1)), BadInput, "最多"),
    (told(views=[{"page": "ledger"}, {"query": "a=b"}]), BadInput, "第 2 页"),
    (told(views=[{"page": "ledger", "query": 7}]), BadInput, "第 1 页"),
])
def test_what_is_no_story_of_here_says_so(district, content: str | bytes, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        open_story(content, district, name="甲.json")
    assert said in caught.value.message.zh
    assert "甲.json" in caught.value.message.zh
    assert "甲.json" in caught.value.message.en


def test_a_file_that_is_not_there_says_so(district, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"nothing\.json"):
        open_story(tmp_path / "nothing.json", district)


def test_every_ready_slide_has_a_note_and_those_of_a_sketch_say_so(district, real) -> None:
    for views in (ready_story(district).views, ready_story(real).views):
        assert all(view.notes.zh and view.notes.en for view in views)
    told = [view for view in ready_story(district).views if "这一页是演示" in view.notes.zh]
    assert [view.page for view in told] == ["explore", "coverage", "coverage", "roads", "siting"]
    assert not any("这一页是演示" in view.notes.zh for view in ready_story(real).views)


def test_a_place_that_cannot_be_written_says_so(district, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("", encoding="utf-8")
    with pytest.raises(CannotWrite):
        save_story(tmp_path / "full" / "story.json", ready_story(district))


def test_a_byte_order_mark_and_missing_words_do_no_harm(district) -> None:
    opened = open_story(("\ufeff" + told(title={"zh": "甲", "en": 7}, views=[{"page": "ledger", "caption": None, "hidden": "yes"}])).encode("utf-8"), district)
    assert opened.story.title == Text("甲", "")
    assert opened.story.views == (View("v1", "ledger"),)


def test_other_data_and_pages_of_a_newer_product_are_remarked_and_kept(district) -> None:
    opened = open_story(told(stamp="older", views=[{"id": "a", "page": "hologram", "query": "x=1"}]), district)
    assert ["重新计算" in text.zh for text in opened.remarks] == [True, False]
    assert "1 页" in opened.remarks[1].zh
    assert '"hologram"' in story_json(opened.story)


def test_every_view_has_an_id_of_its_own() -> None:
    views = numbered([View("a", "ledger"), View("a", "roads"), View("<b>", "roads"), View("v2", "siting"), View("", "siting")])
    assert views[0].id == "a"
    assert len({view.id for view in views}) == len(views)
    assert all(view.id.isalnum() for view in views)


def test_on_a_sketch_what_is_known_comes_before_the_divider(district) -> None:
    views = ready_story(district).views
    assert [view.page for view in views] == ["title", "ledger", "ledger", "explore", "divider", "explore", "coverage", "coverage", "roads", "siting"]
    assert views[3].asked == {"panel": "tray"}
    assert views[4].caption == Text("演示：位置到齐后可回答的问题", "Demonstration: questions that can be answered once positions arrive")


def test_on_real_streets_there_is_nothing_to_divide(real) -> None:
    views = ready_story(real).views
    assert [view.page for view in views] == ["title", "ledger", "ledger", "explore", "coverage", "coverage", "roads", "siting", "explore"]
    assert views[-1].asked == {"panel": "tray"}


def test_the_layers_are_the_five_of_the_year(district) -> None:
    view = next(view for view in ready_story(district).views if view.id == "layers")
    assert view.asked == {"on": "industrial_parks.road_openings.parking_lots.micro_fire_stations.renovated_alleys", "year": "2022"}


def test_a_district_without_a_ledger_has_a_story_too(district) -> None:
    bare = replace(district, ledger=read_ledger(packs.embedded_folder() / "ledger.json").iloc[:0], sites=district.sites.iloc[:0], stamp="bare")
    assert [view.page for view in ready_story(bare).views] == ["title", "divider", "explore", "coverage", "coverage", "roads"]


def test_siting_is_told_of_a_layer_that_still_waits(district, real) -> None:
    assert ready_story(real).views[-2].asked == {"layer": "micro_fire_stations"}
    sites = district.sites[~district.sites["layer"].isin(["micro_fire_stations", "public_toilets"])]
    assert next(view for view in ready_story(replace(real, sites=sites, stamp="fewer")).views if view.page == "siting").asked == {"layer": "parking_lots"}


@pytest.mark.parametrize(("view", "address"), [
    (View("a", "explore"), "/"), (View("a", "explore", "panel=tray"), "/?panel=tray"), (View("a", "roads", "part=links"), "/roads?part=links"),
    (View("a", "divider"), ""), (View("a", "hologram", "x=1"), ""),
])
def test_an_address_reopens_what_a_view_shows(view: View, address: str) -> None:
    assert view.address == address
