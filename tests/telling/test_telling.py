"""A story told: every slide shows what its page shows, with the very same figures."""

import io
import re
from dataclasses import replace
from math import cos, radians

import numpy as np
import pandas as pd
import pytest
from pptx import Presentation

from geodata import packs
from geodata.completion import UNKNOWN
from geodata.crs import to_wgs84
from geodata.deck import Deck, Slide, Table
from geodata.district import SITE_COLUMNS
from geodata.documents import every_document, pptx
from geodata.documents._laid import laid
from geodata.ledger import balance, programme_counts, strip_sentence
from geodata.markings import NOT_REVIEWED
from geodata.openings import rank_openings
from geodata.pages import _answer, _roads_tables
from geodata.plates import map_svg
from geodata.question import Question
from geodata.report import coverage
from geodata.selecting import Selection, selected
from geodata.settings import Settings
from geodata.siting import site
from geodata.siting_question import Siting
from geodata.story import PAGES, Story, View, ready_story
from geodata.telling import (
    deck_of,
    every_teller,
    is_slow,
    slide_key,
    tell,
    tell_view,
)
from geodata.telling._parts import bounds_of, readable
from geodata.typesetting import FILED, typeset
from layers import Text, every_layer
from tests import toytown
from tests.pdftext import pages_of

STATION, TOILETS = "micro_fire_stations", "public_toilets"
BOX = "box=112.47000,34.69000,112.49000,34.70500"
FEW = "layer=public_toilets&n=3&grid=400"
ROAD = '[["open_road","LineString",[[112.4807,34.7010],[112.4830,34.7012]],{"name_zh":"甲路","name_en":"Road A"}]]'


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture(scope="module")
def ranked(district) -> Slide:
    return tell_view(district, View("r", "roads"))


def slide(district, page: str, query: str = "") -> Slide:
    return tell_view(district, View("s", page, query))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_every_page_of_a_story_has_its_teller() -> None:
    assert set(every_teller()) == set(PAGES)
    assert [page for page in PAGES if is_slow(View("a", page))] == ["coverage", "roads", "siting"]


def test_the_balance_is_the_ledger_s(district) -> None:
    told = slide(district, "ledger")
    counts = programme_counts(district.ledger, district.sites)
    assert told.table is not None
    assert told.table.rows[-1][1:] == (counts.promised, counts.located, counts.proposed, counts.unlocated, UNKNOWN)
    assert all(row[-1] == UNKNOWN for row in told.table.rows)
    assert "2022-04" in told.sentences[-1].zh
    assert [sum(float(row[column]) for row in told.table.rows[:-1]) for column in (1, 4)] == [counts.promised, counts.unlocated]
    assert told.sentences[0] == strip_sentence(counts, demo_sites=False)
    assert not told.demonstration


def test_the_bars_add_up_to_the_promise(district) -> None:
    told = slide(district, "ledger", "y=2022&k=target&p=1")
    assert told.chart is not None
    assert sum(value or 0 for value in told.chart.series[0][1]) == programme_counts(district.ledger, district.sites).promised
    assert told.chart.categories[0] == every_layer()[STATION].name
    assert "1,472 户" in told.sentences[1].zh, "households are told, never added"


def test_filtered_entries_stand_one_by_one(district) -> None:
    told = slide(district, "ledger", "g=livelihood_9")
    counts = balance(district.ledger, district.sites)
    own = counts[counts["group"] == "livelihood_9"]
    assert told.table is not None
    assert [row[0].zh for row in told.table.rows] == list(own["zh"])
    assert [row[4] for row in told.table.rows] == [None if pd.isna(value) else value for value in own["unlocated"]]
    assert [row[5] for row in told.table.rows] == [None if pd.isna(value) else UNKNOWN for value in own["unlocated"]], "nobody has told of these"
    long = slide(district, "ledger", "y=2021")
    assert long.table is not None
    shown, left = len(long.table.rows) - 1, int(long.table.rows[-1][0].zh.split()[1])
    assert shown + left == int((district.ledger["group"] == "achievement_2021").sum())


def test_a_filter_that_keeps_nothing_says_so(district) -> None:
    assert "没有符合条件" in slide(district, "ledger", "q=zzz").sentences[0].zh


def test_the_positions_needed_are_all_there_are(district) -> None:
    told = slide(district, "explore", "panel=tray")
    assert told.table is not None
    assert told.table.rows[-1][1] == programme_counts(district.ledger, district.sites).unlocated
    assert sum(row[1] for row in told.table.rows[:-1] if isinstance(row[1], float)) == told.table.rows[-1][1]
    others = {row[0].zh: row[1] for row in told.table.rows if not isinstance(row[1], float)}
    assert others == {"发展改革部门": Text("200 个桩", "200 piles"), "科技部门": None}, "what is asked for in other units is never 0 places"
    named = "".join(row[2].zh for row in told.table.rows)
    for layer in set(district.sites.loc[(district.sites["location_class"] == "unlocated") & (district.sites["year"] == 2022) & (district.sites["name_zh"] == ""), "layer"]):
        assert every_layer()[layer].name.zh in named
    assert "推断" in told.table.headings[0].zh


def test_the_map_shows_what_its_filter_shows(district) -> None:
    told = slide(district, "explore", "on=micro_fire_stations.interchanges&panel=layers")
    assert told.map is not None
    shown = selected(district, Selection(layers=(STATION, "interchanges"), stand_ins=True))
    placed = shown[shown.geometry.notna()]
    assert sorted(told.map.sites["id"]) == sorted(placed["id"])
    assert list(told.map.sites.columns) == [*SITE_COLUMNS, "geometry"]
    assert sum(entry.count for entry in told.map.legend) == len(placed)
    assert told.demonstration
    assert told.map.sketch
    without = slide(district, "explore", "on=micro_fire_stations&demo=0")
    assert without.map is not None
    assert len(without.map.sites) == 0


def test_years_never_share_a_total(district) -> None:
    sites = district.sites[district.sites["layer"].isin([key for key, layer in every_layer().items() if layer.opening])]
    told = slide(district, "explore").sentences[1].zh
    for year in (2021, 2022):
        waiting = int(((sites["year"] == year) & (sites["location_class"] == "unlocated")).sum())
        assert f"{year} 年已上图" in told
        assert f"待落位 {waiting} 项" in told


def test_the_extent_of_the_view_is_kept(district) -> None:
    told = slide(district, "explore", "v=34.70000,112.49000,15.00").map
    assert told is not None
    assert told.bounds is not None
    west, south, east, north = told.bounds
    lon, lat = to_wgs84(np.array([(west + east) / 2]), np.array([(south + north) / 2]), district.metric_crs)
    assert (lon[0], lat[0]) == pytest.approx((112.49, 34.7), abs=1e-6)
    assert east - west == pytest.approx(1000 * 156543.034 * cos(radians(34.7)) / 2**15, rel=1e-6)
    for bad in ("v=1,2", "v=nan,112,15", "v=34.7,112.49,99", "box=1,2,3", "box=112.5,34.7,112.4,34.8", "box=0,0,90,80", "box=a,b,c,d"):
        assert bounds_of(View("s", "explore", bad).asked, district) is None
    seen = bounds_of(View("s", "explore", f"v=34.6,112.3,11&{BOX}").asked, district)
    assert seen is not None
    lon, lat = to_wgs84(np.array(seen[::2]), np.array(seen[1::2]), district.metric_crs)
    assert (*lon, *lat) == pytest.approx((112.47, 112.49, 34.69, 34.705), abs=4e-4)


def test_every_layer_switched_off_stays_off(district) -> None:
    told = slide(district, "explore", f"on=&year=2022&{BOX}")
    assert told.map.bounds is not None
    assert len(told.map.sites) == 0
    assert told.map.legend == ()


def test_a_site_picked_on_the_page_is_ringed_and_a_pale_layer_stays_pale(district) -> None:
    plain = slide(district, "explore", "on=interchanges&sel=nothing").map
    assert plain.shapes == ()
    told = slide(district, "explore", f"on=interchanges&op=interchanges:40.nothing:3.micro_fire_stations:x&sel={plain.sites['id'].iloc[0]}").map
    assert told.faded == {"interchanges": 0.4}
    drawn = map_svg(told, district, width_mm=100, height_mm=100, lang="zh")[0].decode()
    assert len(re.findall(r'<use href="#interchanges-[^>]*opacity="0.4"/>', drawn)) == drawn.count('<use href="#interchanges-') == len(plain.sites)
    assert [len(shapes.frame) for shapes in told.shapes] == [1]
    assert told.legend[0].name.zh.startswith("选中：")


def test_service_areas_are_drawn_where_the_page_draws_them(district) -> None:
    told = slide(district, "coverage", f"layers={TOILETS}&bands=1&{BOX}").map
    assert told.bounds is not None
    assert [shapes.filled for shapes in told.shapes] == [True, False]
    assert len(told.shapes[1].frame) == 1
    assert told.legend[-1].name == Text("沿街 300 m 以内的服务范围", "service area within 300 m along the streets")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_coverage_says_what_its_page_says(district, lang) -> None:
    told = slide(district, "coverage", f"layers={STATION}")
    answer = coverage(district, Question((STATION,)))
    page = _answer.rows_table(answer, lang)
    assert told.table is not None
    for row, cells in zip(told.table.rows, page["rows"], strict=True):
        assert plain(str(row[2])) == plain(cells[5].get("range", cells[5]["text"]))
        assert row[4] == cells[3]["text"]
    assert answer.sentences[0].say(lang).endswith(told.sentences[0].say(lang)[1:])
    assert told.demonstration
    assert told.map is not None
    assert sum(entry.count or 0 for entry in told.map.legend) == len(told.map.sites)
    assert [entry.name.zh for entry in told.map.legend if entry.mark == "note"] == ["颜色越深人越多"], "one layer, the whole district"


def test_several_layers_are_told_together(district) -> None:
    told = slide(district, "coverage", f"layers={STATION},{TOILETS}&show={TOILETS}&m=300")
    assert told.table is not None
    assert [row[0].zh for row in told.table.rows] == ["微型消防站", "公厕", "任一类（就近）", "每一类都达标"]
    assert set(told.map.sites["layer"]) == {TOILETS}
    assert told.map.legend[-1].name == Text("图上为公厕，其余见表", "on the map: Public toilets; the others are in the table")


def test_the_ranking_is_the_page_s(district, ranked: Slide) -> None:
    found = rank_openings(district, Question((TOILETS,)))
    page = _roads_tables.ranking_table(found, "zh", "")["rows"]
    assert ranked.table is not None
    for row, line in zip(ranked.table.rows, page, strict=True):
        cells = line["cells"]
        assert row[0].zh == cells[1]["text"]
        for shown, own in ((cells[3], row[1]), (cells[4], row[2]), (cells[6], row[4])):
            assert shown.get("range", shown["text"]) == ("—" if own is None else own if isinstance(own, str) else f"{own:,.0f}")
    assert ranked.sentences[-1].zh == "图和图例为 200 次抽样中的第 1 次，以区间为准。"
    assert [entry.mark for entry in ranked.map.legend][:3] == ["line", "line", "point"]
    assert [layer.filled for layer in ranked.map.shapes] == [True, False, False]
    assert [name.zh for shapes in ranked.map.shapes for name in shapes.names] == ["示意断头路 A", "示意断头路 C", "示意断头路 B"], "each opening is named on the map, the chosen one on top"
    drawn = map_svg(ranked.map, district, width_mm=152, height_mm=137, lang="en", grow=1.3)[0].decode()
    written = re.findall(rf'fill="{ranked.map.legend[0].colour}">([^<]+)<', drawn)
    assert sorted(written) == sorted(name.en for shapes in ranked.map.shapes for name in shapes.names)
    rings = re.findall(rf'<circle [^>]*stroke="{ranked.map.legend[0].colour}"[^>]*>', drawn)
    assert sorted("dasharray" in ring for ring in rings) == [False, True, True], "a line of a few pixels is ringed, dashed as the legend has it"


def test_a_plan_in_the_address_is_compared(district) -> None:
    told = tell_view(district, View("t", "roads", f"part=try&s={ROAD}&view=twin&{BOX}"))
    assert told.map.bounds is not None
    assert told.sentences[-1].zh == "图上为改动之后的步行距离。"
    assert told.kind == "map"
    assert told.map.legend[0].name.zh == "打通：甲路"
    (first, second), waiting = list(district.sites.loc[district.sites["layer"] == TOILETS, "id"])[:2], int((district.sites["layer"] == TOILETS).sum())
    moved = f'[["move_facility","Point",[112.475,34.72],{{"site":"{first}"}}],["remove_facility",null,null,{{"site":"{second}"}}],["close_gate","Point",[112.4807,34.701],{{}}]]'
    two = slide(district, "roads", f"part=try&s={moved}&b={ROAD}&name=Plan&view=twin")
    assert two.sentences[-1].zh == "图上为本方案的步行距离。"
    assert two.title.en == "Two plans side by side: Plan"
    demo = two.map.sites["location_class"] == "stand_in"
    assert (int(demo.sum()), list(two.map.sites.loc[~demo, "id"])) == (waiting - 2, [first]), "a place moved or removed has no demo site"
    assert {"另一方案打通的路", "关闭的大门"} <= {entry.name.zh for entry in two.map.legend}
    assert slide(district, "roads", "part=try").kind == "text"
    assert "读不出来" in slide(district, "roads", "part=try&s=%5B").sentences[0].zh


def test_siting_says_what_its_page_says(district) -> None:
    told = slide(district, "siting", f"{FEW}&{BOX}")
    assert told.map.bounds is not None
    sited = site(district, Siting(TOILETS, number=3, candidates="grid:400"))
    assert told.table is not None
    assert [row[3] for row in told.table.rows] == [f"{100 * share:.1f}\u00a0%" for share in sited.reaches["share_after"]]
    assert list(told.map.sites["location_class"]) == ["rehearsal"] * 3
    assert [(entry.name.zh, entry.count) for entry in told.map.legend][:1] == [("公厕（演练点）", 3)]
    assert "演练点 3 处" in told.class_note.zh
    assert "数量为全区，图上只见一部分" in [entry.name.zh for entry in told.map.legend]
    assert not [text for text in (*(entry.name.zh for entry in told.map.legend), *told.map.sites["name_zh"]) if "建议" in text], "nothing is proposed on a sketch"
    assert f"{sited.people_after - sited.people_before:,.0f}" in told.sentences[0].zh
    assert told.sentences[1].zh == "已证明：在这些候选点里没有更好的摆法。"
    assert [sited.solver in text.zh for text in (*told.sentences, told.class_note)] == [False] * len(told.sentences) + [True], "the solver stands in the small print alone"
    assert "不能据此选址" in told.class_note.zh


@pytest.mark.parametrize(("page", "query"), [("coverage", "layers=public_toilets&m=50000"), ("roads", "m=0"), ("siting", f"{FEW}&m=50000")])
def test_a_number_that_cannot_be_is_told_and_answered_by_no_other(district, page: str, query: str) -> None:
    assert re.search("cannot be|will not do", slide(district, page, query).sentences[0].en)


@pytest.mark.parametrize("query", ["layer=charging_sites", "cand=file", "cand=layer&from=public_toilets"])
def test_a_question_that_lacks_something_says_what(district, query: str) -> None:
    told = slide(district, "siting", query)
    assert told.kind == "text"
    assert told.sentences[0].zh
    assert told.sentences[0].en


def test_on_known_streets_nothing_is_a_demonstration() -> None:
    points = [toytown.at(x, 10.0) for x in (50.0, 250.0, 450.0)]
    town = toytown.district(toytown.people(points), [toytown.site(TOILETS, 1, toytown.at(0.0, 0.0))])
    told = slide(town, "coverage", f"layers={TOILETS}")
    assert not told.demonstration
    assert told.table.rows[0][2] == "66.7\u00a0%"
    assert "示意" not in told.class_note.zh
    assert "实测 1 项" in told.class_note.zh


def test_captions_and_notes_are_the_user_s_own(district) -> None:
    view = View("a", "ledger", caption=Text("<b>甲</b>", ""), notes=Text("", "say this"))
    told = tell_view(district, view)
    assert (told.id, told.title, told.notes, told.address) == ("a", Text("<b>甲</b>", "<b>甲</b>"), Text("say this", "say this"), "/ledger")
    assert slide_key(district, view) == slide_key(district, View("b", "ledger"))
    assert slide_key(district, view) != slide_key(district, View("b", "ledger", "p=1"))
    assert tell_view(district, View("b", "ledger")).notes is None


def test_a_page_this_version_does_not_have_says_so(district) -> None:
    assert "hologram" in slide(district, "hologram").sentences[0].zh


def test_a_story_is_told_in_order_with_progress_and_kept(district, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1650844800")
    views = (View("t", "title"), View("h", "ledger", hidden=True), View("l", "ledger"), View("d", "divider", caption=Text("乙", "B")))
    heard: list[tuple[float, str]] = []
    story = Story(district.id, Text("甲", "A"), views)
    deck = tell(district, story, settings=Settings(map_approval="GS(2022)1"), progress=lambda share, what: heard.append((share, what.zh)))
    assert [one.id for one in deck.slides] == ["t", "l", "d"]
    assert deck.slides[0].title == deck.title == Text("甲", "A")
    assert (deck.made_at.year, deck.approval.zh, deck.data_hash) == (2022, "GS(2022)1", district.stamp)
    assert [share for share, _ in heard] == sorted(share for share, _ in heard)
    assert heard[-1][1].startswith("第 3/3 页")
    again = tell(district, story)
    assert again.slides[1].table is deck.slides[1].table, "told once"
    assert again.approval == NOT_REVIEWED
    assert deck_of(district, replace(story, title=Text("", "")), again.slides).title.zh.startswith("瀍河")


def test_long_sources_stand_on_a_slide_of_their_own(district) -> None:
    many = tuple(Text(f"第 {n} 份很长很长的资料，由某单位于某日提供", f"File {n}, a long name of what an office gave on some day") for n in range(23))
    few = Slide("a", "text", Text("甲", "A"), demonstration=False, sources=many[:2])
    view = (View("a", "title"), View("b", "title"), View("c", "title"))
    long = replace(few, id="b", sources=many)
    endless = replace(few, id="c", sources=(Text("长" * 600, "W" * 600),))
    told = deck_of(district, Story(district.id, Text("甲", "A"), view), [few, long, endless]).slides
    assert [one.id for one in told] == ["a", "b", "c", "sources-1", "sources-2", "sources-3"]
    assert told[0].sources == few.sources
    assert told[1].sources[:3] == many[:3]
    assert told[1].sources[-1].zh == f"另有 {23 - len(told[1].sources) + 1} 项，见末页“来源”"
    assert told[2].sources[0].zh.endswith("全文见末页“来源”")
    assert [source for one in told[3:] for source in one.sentences] == [*many, *endless.sources]
    assert all(one.class_note for one in told[3:])
    assert [one.id for one in deck_of(district, Story(district.id, Text("甲", "A"), view[:1]), [few]).slides] == ["a"]


def test_tables_beside_a_map_are_cut_where_nobody_could_read_them() -> None:
    table = Table(Text("表", "Table"), (Text("名", "Name"), Text("数", "n")), tuple((str(n), n) for n in range(12)), (False, True), (0, 0))
    cut = readable(table, most=7, last=2)
    assert [row[0] for row in cut.rows if isinstance(row[0], str)] == ["0", "1", "2", "3", "10", "11"]
    assert cut.rows[4][0] == Text("另有 6 行未列出", "6 more rows not shown")
    assert readable(table, most=12) is table


@pytest.fixture(scope="module")
def readied(district, ranked: Slide) -> Deck:
    """The ready story, told whole; three stations are sited among few candidates instead of all."""
    story = ready_story(district)
    assert ranked.map is not None, "told before, so that the ranking is not worked out twice"
    views = tuple(replace(view, query=f"{view.query}&n=3&grid=800") if view.page == "siting" else view for view in story.views)
    return tell(district, replace(story, views=views), settings=Settings())


def test_every_slide_of_the_ready_story_says_what_it_rests_on(district, readied: Deck) -> None:
    assert [one.id for one in readied.slides] == [view.id for view in ready_story(district).views], "no slide for sources: all fit"
    divider = [one.kind for one in readied.slides].index("divider")
    for place, told in enumerate(readied.slides):
        for text in (told.title, told.class_note, *told.sentences, *told.sources):
            assert text is not None
            assert text.zh
            assert text.en
        assert told.sources
        assert 0 < len(told.sentences) <= 3
        assert told.demonstration == (place > divider)
        assert (told.map is not None and told.map.sketch) == (place > divider or told.kind == "title")
    assert readied.slides[-1].kind == "map", "siting is told too"


def test_the_ready_story_is_whole_in_every_format(district, readied: Deck, monkeypatch: pytest.MonkeyPatch) -> None:
    after = [one.kind for one in readied.slides].index("divider") + 1
    page = every_document()["html"].write(readied, district, lang="zh")  # read back there: words, notes and sources of every slide
    assert len(page) < 4_000_000
    sections = page.decode("utf-8").split("<section class=\"slide")[1:]
    assert ['class="demo"' in section for section in sections] == [place >= after for place in range(len(sections))]
    told = laid(readied, district, lang="zh", paper="slides")
    maps = [one["map"]["file"] for one in told.data["slides"] if one["map"]]
    assert len(maps) == 6
    assert all("示意 演示".encode() in told.files[name] for name in maps), "in the picture itself"
    pages = pages_of(typeset("slides.typ", told.data, files=told.files, standards=FILED)[0])
    monkeypatch.setattr(pptx, "_PPI", 40)  # its pictures are looked at elsewhere
    made = Presentation(io.BytesIO(every_document()["pptx"].write(readied, district, lang="zh")))
    titled = {one.title.zh: one for one in readied.slides}
    shown = [" ".join(shape.text_frame.text for shape in one.shapes if shape.has_text_frame) for one in made.slides]
    assert len(pages) == len(made.slides) == len(readied.slides), "small tables stand beside their maps, on no page after them"
    for place, (slide, paper) in enumerate(zip(readied.slides, pages, strict=True)):
        assert paper.least_pt >= 7, "nothing on paper was squeezed until it was cut"
        for text in (slide.title, slide.class_note, *slide.sources, *slide.sentences):
            assert "".join(text.zh.split()) in paper.text
        assert paper.text.startswith("演示") == (place >= after - 1)
        mine = [text for one, text in zip(made.slides, shown, strict=True) if one.shapes.title.text_frame.text.removesuffix("（续）") == slide.title.zh]
        assert mine
        assert all(slide.class_note.zh in text and all(source.zh in text for source in slide.sources) for text in mine)
        assert slide.demonstration == any(text.split().count("演示") for text in mine)
    assert len(titled) == len(readied.slides)
