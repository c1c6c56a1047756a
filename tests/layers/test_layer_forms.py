"""Contract: whatever stands in `layers/` is a complete form. No layer is listed here by name, except the opening ones."""

import ast
import re
import sys
from pathlib import Path

import pytest

import layers
from geodata.district import SITE_COLUMNS
from layers import Layer, Text, every_layer

FORMS = pytest.mark.parametrize("layer", every_layer().values(), ids=lambda layer: layer.key)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CLAUSE = re.compile(r"§|第\s*[\d一二三四五六七八九十]+\s*[条款]|\b(?:art|clause)\.?\s*\d|\d+\.\d+\.\d+", re.IGNORECASE)
DOCUMENT = re.compile(r"(?:GB(?:/T)?|建标)\s?\d{3,}|〔\d{4}〕\d+号")
OSM_KEY = re.compile(r"[a-z][a-z_]*(?::[a-z_]+)*")
OPENING = ("industrial_parks", "road_openings", "parking_lots", "micro_fire_stations", "renovated_alleys",
           "roads_built", "interchanges")
FILES = [p for p in sorted(Path(layers.__file__).parent.glob("*.py")) if not p.name.startswith("_")]


def wordings(layer: Layer) -> dict[str, Text]:
    """Every wording of a form by the field it stands in."""
    own = {name: getattr(layer, name) for name in ("name", "one", "question", "legend", "why_not", "held_by")}
    if layer.standard is not None:
        own |= {"standard.source": layer.standard.source, "standard.note": layer.standard.note}
    return {name: text for name, text in own.items() if text is not None}


@FORMS
def test_every_wording_is_in_both_languages(layer):
    for field, text in wordings(layer).items():
        assert text.zh.strip() == text.zh, field
        assert text.en.strip() == text.en, field
        assert CHINESE.search(text.zh), f"{field}: the Chinese wording holds no Chinese"
        assert text.en, field
        assert not CHINESE.search(text.en), f"{field}: the English wording holds Chinese"
        assert not re.search("[\u4e00-\u9fff][,:;()]", text.zh), f"{field}: half-width punctuation after Chinese"


@FORMS
def test_the_legend_reads_as_a_sentence(layer):
    assert re.fullmatch(r"每(?:处|条线)是[^。]{6,60}。", layer.legend.zh)
    assert re.fullmatch(r"Each (?:mark|line) is .{15,130}\.", layer.legend.en)
    assert layer.legend.zh.startswith("每条线") == layer.legend.en.startswith("Each line") == (layer.geometry == "line")
    assert len(layer.name.zh) <= 12
    assert layer.name.en[0].isupper()
    assert layer.one.en == layer.one.en.lower() or layer.one.en[0].islower()


@FORMS
def test_the_popup_shows_fields_a_site_has_in_both_languages(layer):
    assert set(layer.popup) <= set(SITE_COLUMNS)
    assert len(set(layer.popup)) == len(layer.popup)
    assert {"status", "location_class", "document"} <= set(layer.popup)
    for field in layer.popup:
        if field.endswith(("_zh", "_en")):
            assert {f"{field[:-3]}_zh", f"{field[:-3]}_en"} <= set(layer.popup)


@FORMS
def test_coverage_is_asked_for_or_its_absence_explained(layer):
    assert (layer.question is not None) == layer.serves_on_foot
    assert (layer.why_not is not None) == (not layer.serves_on_foot)
    if layer.standard is not None:
        assert layer.serves_on_foot, "a standard that nothing is held to"


WITH_STANDARD = [layer for layer in every_layer().values() if layer.standard is not None]


@pytest.mark.parametrize("layer", WITH_STANDARD, ids=lambda layer: layer.key)
def test_a_standard_says_where_it_comes_from_and_how_sure_it_is(layer):
    standard = layer.standard
    told = f"{standard.source.zh} {standard.source.en} {standard.note.zh if standard.note else ''} {standard.note.en if standard.note else ''}"
    assert standard.certainty in {"★★★", "★★", "★"}
    assert standard.metres > 0
    assert all(other > 0 and other != standard.metres for other in standard.alternatives)
    if standard.certainty == "★":
        assert not CLAUSE.search(told), "an unread clause gives no number"
        assert "尚未核对" in told
        assert "not been checked" in told
    if standard.certainty == "★★★":
        assert DOCUMENT.search(standard.source.zh), "a clause that was read has a numbered document"
    else:
        assert standard.note is not None, "what is not certain is explained"
    if standard.minutes is not None:
        assert standard.metres == pytest.approx(standard.minutes * 60 * 1.2)


@pytest.mark.parametrize("told", ["§6.0.2", "第 14 条", "第三款", "art. 14", "2.0.4"])
def test_the_clause_pattern_finds_clause_numbers(told):
    assert CLAUSE.search(told)


@FORMS
def test_osm_tags_have_the_form_of_osm_tags(layer):
    for pair in layer.osm:
        key, value = pair
        assert OSM_KEY.fullmatch(key), key
        assert re.fullmatch(r"[a-z_]+|\d", value), value


def test_no_osm_tag_means_two_layers():
    claimed = [tag for layer in every_layer().values() for tag in layer.osm]
    assert sorted(claimed) == sorted(set(claimed))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_form_stands_in_the_file_of_its_key_and_uses_nothing_but_the_form(path):
    assert path.stem in every_layer()
    assert every_layer()[path.stem].key == path.stem
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert all(name.name.split(".")[0] in sys.stdlib_module_names for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            assert node.module == "layers._form" or node.module.split(".")[0] in sys.stdlib_module_names


def test_every_file_is_a_layer_and_each_has_its_own_place_in_the_legend():
    found = every_layer()
    assert set(found) == {path.stem for path in FILES}
    orders = [layer.order for layer in found.values()]
    assert orders == sorted(set(orders))


def test_the_map_opens_with_the_five_layers_and_the_roads_of_2021_first_in_the_legend():
    assert tuple(key for key, layer in every_layer().items() if layer.opening) == OPENING
    assert tuple(every_layer())[:len(OPENING)] == OPENING


@FORMS
def test_somebody_can_be_asked_for_positions(layer):
    assert layer.held_by is not None
    assert not re.search(r"局|委员会", layer.held_by.zh), "the kind of office, inferred; no office of the district by its name"
