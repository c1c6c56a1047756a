"""A map without a browser: what stands in it, at which scale, with the browser's own symbols."""

import re
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest
import shapely

from geodata.deck import MapPicture, Shapes
from geodata.district import District
from geodata.ledger import programme_counts
from geodata.packs import load_district
from geodata.picturing import class_note, picture_of_sites, site_legend
from geodata.plate_furniture import north_arrow, scale_bar
from geodata.plate_ground import ground_legend
from geodata.plate_symbols import LETTER_SIZE, LETTER_Y, OUTLINES, WAYS, legend_mark, symbol, way_of
from geodata.plate_window import SCALES, window_on
from geodata.plates import map_png, map_svg
from geodata.selecting import Selection
from layers import every_layer
from tests.conftest import ROOT

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def district() -> District:
    return load_district()


@pytest.fixture(scope="module")
def picture(district: District) -> MapPicture:
    return picture_of_sites(district, Selection(stand_ins=True))


def drawn(picture: MapPicture, district: District, **more: object) -> ET.Element:
    svg, _ = map_svg(picture, district, **{"width_mm": 190, "height_mm": 215, "lang": "zh"} | more)  # type: ignore[arg-type]  # options are told one by one
    return ET.fromstring(svg)


def test_the_scale_is_round_shows_everything_and_is_the_largest(district: District) -> None:
    west, south, east, north = bounds = tuple(district.boundary.total_bounds)
    window = window_on(bounds, width_mm=190, height_mm=215)
    assert window.scale in SCALES
    left, top = window.at(shapely.Point(west, north))
    right, bottom = window.at(shapely.Point(east, south))
    assert 0 < left < right < 190
    assert 0 < top < bottom < 215
    assert right - left == pytest.approx((east - west) * 1000 / window.scale)
    larger = SCALES[SCALES.index(window.scale) - 1]
    assert (east - west) * 1000 / larger > 190 * 0.95 or (north - south) * 1000 / larger > 215 * 0.95


def test_every_site_with_a_place_stands_in_it_once_and_the_legend_counts_them(picture: MapPicture, district: District) -> None:
    root = drawn(picture, district)
    used = [el.get("href", "")[1:] for el in root.iter(f"{SVG}use")]
    placed = picture.sites[picture.sites.geometry.notna()]
    expected = sorted(f"{layer}-{WAYS.get(sure, 'solid')}" for layer, sure in zip(placed["layer"], placed["location_class"], strict=True))
    assert sorted(used) == expected
    assert sum(entry.count or 0 for entry in picture.legend) == len(placed)
    assert {el.get("id") for el in root.iter(f"{SVG}g") if el.get("id")} == set(expected)


@pytest.mark.parametrize(("width", "lang", "unit"), [(190, "zh", "公里"), (120, "en", "km"), (60, "zh", "公里")])
def test_the_bar_is_as_long_as_it_says_and_the_arrow_points_up(district: District, width: float, lang: str, unit: str) -> None:
    window = window_on(tuple(district.boundary.total_bounds), width_mm=width, height_mm=width * 1.1)
    box, svg = scale_bar(window, lang)  # type: ignore[arg-type]  # of the two
    root = ET.fromstring(f"<svg>{svg}</svg>")
    _, whole, half = (float(el.get("width", "")) for el in root.iter("rect"))
    number = re.fullmatch(rf"([\d.]+) {unit}", [el.text or "" for el in root.iter("text")][-1])
    assert number
    assert whole * window.scale / 1000 == pytest.approx(float(number[1]) * 1000, rel=2e-3), "millimetres on paper times the scale"
    assert half == pytest.approx(whole / 2, abs=0.01)
    assert 0 < box.left < box.right < width
    _, arrow = north_arrow(window, lang)  # type: ignore[arg-type]  # of the two
    tops = [float(y) for y in re.findall(r"M[\d.]+ ([\d.]+)L", arrow)]
    feet = [float(y) for y in re.findall(r"L[\d.]+ ([\d.]+)", arrow)]
    assert len(tops) == 2
    assert max(tops) < min(feet)
    assert ("北" if lang == "zh" else ">N<") in arrow


def test_nothing_outside_is_asked_for(picture: MapPicture, district: District) -> None:
    svg, _ = map_svg(picture, district, width_mm=190, height_mm=215, lang="zh")
    assert b"<image" not in svg, "nothing but vectors"
    assert all(part(window_on(tuple(district.boundary.total_bounds), width_mm=190, height_mm=215), "zh")[1].encode() in svg for part in (scale_bar, north_arrow))
    assert re.findall(r"https?://[^\"']+", svg.decode()) == ["http://www.w3.org/2000/svg"]
    assert svg == map_svg(picture, district, width_mm=190, height_mm=215, lang="zh")[0]


def test_a_sketch_says_so_in_the_picture_and_real_streets_do_not(picture: MapPicture, district: District) -> None:
    for lang, word in (("zh", "示意 演示"), ("en", "SKETCH DEMO")):
        assert sum(el.text == word for el in drawn(picture, district, lang=lang).iter(f"{SVG}text")) > 10
    real = MapPicture(picture.sites, (), (), None, sketch=False)
    assert not any("示意" in (el.text or "") for el in drawn(real, district).iter(f"{SVG}text"))


def test_the_browsers_symbols_are_the_same() -> None:
    script = (ROOT / "geodata" / "assets" / "symbols.js").read_text(encoding="utf-8")
    told = dict(re.findall(r'^  (\w+): \(\) => \["\w+", \{ (.*) \}\],$', script, flags=re.MULTILINE))
    assert set(told) == set(OUTLINES)
    for shape, attributes in told.items():
        mine = re.findall(r'([\w-]+)="([^"]+)"', OUTLINES[shape])
        called = re.fullmatch(r"points: (ring|star)\((.*)\)", attributes)
        if called:
            numbers = [float(n) for n in called[2].split(",")]
            corners = [tuple(map(float, pair.split(","))) for pair in mine[0][1].split()]
            radii = {round((x * x + y * y) ** 0.5, 1) for x, y in corners}
            assert radii == ({numbers[1]} if called[1] == "ring" else set(numbers))
            assert len(corners) == (numbers[0] if called[1] == "ring" else 10)
        else:
            theirs = re.findall(r'(\w+): (?:"([^"]*)"|([-\d.]+))', attributes)
            assert {(name, text or number) for name, text, number in theirs} == set(mine)
    for name, ours in (("LETTER_Y", LETTER_Y), ("LETTER_SIZE", LETTER_SIZE)):
        line = next(line for line in script.splitlines() if line.startswith(f"const {name} = "))
        assert {shape: float(number) for shape, number in re.findall(r"(\w+): ([\d.]+)", line)} == ours


def test_five_ways_of_a_symbol_differ_without_colour() -> None:
    style = every_layer()["micro_fire_stations"].style
    bare = {re.sub(r"#[0-9a-f]{6}", "#", symbol(style, way)) for way in ("solid", "demo", "area", "proposed", "unlocated")}
    assert len(bare) == 5


def test_legend_marks_show_the_way_of_their_line(picture: MapPicture, district: District) -> None:
    ways = {way_of(entry) for entry in picture.legend}
    assert {"demo", "solid", "area"} <= ways
    for entry in (*picture.legend, *ground_legend(district)):
        root = ET.fromstring(legend_mark(entry))
        assert root.get("width") == "7mm"
        assert any(el.text == entry.letter for el in root.iter(f"{SVG}text")) == bool(entry.letter)


def test_an_approximate_place_is_a_disc_of_its_uncertainty(picture: MapPicture, district: District) -> None:
    svg, scale = map_svg(picture, district, width_mm=190, height_mm=215, lang="zh")
    area = picture.sites[picture.sites["location_class"] == "area"].iloc[0]
    assert f'r="{area.uncertainty_m * 1000 / scale:.2f}"' in svg.decode()


def test_shapes_are_cut_grouped_by_paint_and_filled_once(district: District) -> None:
    x, y = district.boundary.union_all().centroid.coords[0]
    squares = [shapely.box(x + i * 50, y, x + i * 50 + 100, y + 100) for i in range(4)] + [shapely.box(0, 0, 1, 1)]
    frame = gpd.GeoDataFrame(geometry=squares, crs=district.metric_crs)
    shapes = Shapes(frame, ["#112233", "#112233", "#445566", "#112233", "#112233"], [0.5, 0.5, 0.5, 0.5, 0.5])
    root = drawn(MapPicture(district.sites.iloc[:0], (shapes,), (), None, sketch=False), district)
    paths = [el for el in root.iter(f"{SVG}path") if el.get("fill") in {"#112233", "#445566"}]
    assert [el.get("d", "").count("Z") for el in paths] == [3, 1]
    assert not any(el.get("fill-rule") for el in paths)


def test_names_touch_no_symbol_at_a_known_place_where_there_is_room(picture: MapPicture, district: District) -> None:
    texts = {el.text for el in drawn(picture, district, lang="en").iter(f"{SVG}text")}
    assert any("Station" in (text or "") or "station" in (text or "") for text in texts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_picture_of_pixels_has_the_size_asked_for(picture: MapPicture, district: District, lang: str) -> None:
    png, _ = map_png(picture, district, width_mm=50.8, height_mm=25.4, lang=lang, ppi=100)  # type: ignore[arg-type]  # of the two
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (200, 100)


def test_the_note_counts_every_site_once_and_each_year_by_itself(picture: MapPicture, district: District) -> None:
    sites = picture.sites
    note = class_note(district, sites)
    assert note.zh.count("年：") == sites.loc[sites["location_class"] != "stand_in", "year"].nunique() > 1
    for part in note.zh.split("。"):
        year = re.match(r"(\d+) 年：", part)
        own = sites[(sites["year"] == int(year[1])) & (sites["location_class"] != "stand_in")] if year else sites[sites["location_class"] == "stand_in"]
        assert sum(int(n) for n in re.findall(r"(?<!已落位 )(?<!\d)(\d+) [项处]", part)) == (len(own) if part else 0)
    waiting = programme_counts(district.ledger, district.sites).unlocated
    assert f"待落位 {waiting:.0f} 处（另有具名项目与户、桩等 9 项）" in class_note(district, district.sites).zh, "what has no place is the places promised, and beside them what they do not count"
    assert class_note(district, sites.iloc[:0]).en == "No site is shown."
    assert site_legend(sites.iloc[:0]) == ()
