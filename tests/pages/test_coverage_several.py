"""The coverage page with several layers: each of them on the map, or the nearest of all; files that hold them all, as the command line's."""

import json
from pathlib import Path

import numpy as np
import pytest

from geodata import classing, packs
from geodata.asking import coverage as asking
from geodata.asking.coverage import ANY, choices
from geodata.pages import _coverage_files
from geodata.pages._page import Visit
from geodata.question import Question
from geodata.reached import bands_shown, left_out_of, reach_of, row_shown
from geodata.report import coverage, walks
from geodata.settings import Settings
from tests.conftest import Cli
from tests.pages.visits import page_of, panel, sent

BOTH = ("micro_fire_stations", "public_toilets")
FEW = 5


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture(autouse=True)
def own_pack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))


@pytest.mark.parametrize(("question", "offered"), [
    (Question(("public_toilets",)), ["public_toilets"]), (Question(BOTH), [*BOTH, ANY]), (Question((*BOTH, "interchanges")), [*BOTH, ANY]),
    (Question(("public_toilets", "industrial_parks")), ["public_toilets", "industrial_parks"]),  # the second has no standard
    (Question(("public_toilets", "industrial_parks"), metres=300.0), ["public_toilets", "industrial_parks", ANY]),
])
def test_the_map_offers_each_layer_and_the_nearest_of_all_where_all_have_a_standard(question: Question, offered: list[str]) -> None:
    assert choices(question) == offered
    assert asking.shown_of({"show": ANY}, question) == (ANY if ANY in offered else offered[0])
    assert asking.shown_of({"show": "clinics"}, question) == offered[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_map_shows_is_chosen_above_it(lang: str) -> None:
    app = page_of("coverage", lang, layers=",".join(BOTH), show=ANY)
    pick = panel(app, part="pick")
    assert (pick["now"], [choice["key"] for choice in pick["choices"]]) == (ANY, [*BOTH, ANY])
    legend = panel(app, part="side")["legend"]
    assert {"zh": "各按自己的标准：微型消防站 216 m、公厕 300 m", "en": "Each by its own standard: Micro fire stations 216 m, Public toilets 300 m"}[lang] == legend["standards"]
    assert [mark["text"].split({"zh": "示意点", "en": ", demo sites"}[lang])[0] for mark in legend["sites"]] == {"zh": ["微型消防站", "公厕"], "en": ["Micro fire stations", "Public toilets"]}[lang]
    patches = next(data for data in sent(app) if "map" in data)["patches"]
    assert len(patches["sites"]["values"]) == 58  # 48 stations and 10 toilets
    assert len(patches["sites"]["palette"]) == 2
    one = panel(page_of("coverage", lang), part="pick")
    assert [choice["key"] for choice in one["choices"]] == ["micro_fire_stations"]


def test_the_nearest_of_all_holds_each_layer_to_its_own_standard(district) -> None:
    question = Question(BOTH, draws=FEW)
    reach = reach_of(district, question, ANY)
    own = [walks(district, Question((key,), draws=FEW))["walk_m"].fillna(np.inf) <= held + 1e-6 for key, held in (("micro_fire_stations", 216.0), ("public_toilets", 300.0))]
    held = classing.in_classes(reach.points, list(district.demand["demand_id"]))
    assert (reach.mixed, reach.metres) == (True, None)
    assert sum(held.people[:2]) == pytest.approx(district.demand["people"][(own[0] | own[1]).to_numpy()].sum())
    one_distance = reach_of(district, Question(BOTH, metres=300.0, draws=FEW), ANY)
    assert (one_distance.mixed, one_distance.metres) == (False, 300.0)


def test_those_beyond_every_standard_are_in_the_table_of_the_nearest_of_all(district) -> None:
    question = Question(BOTH, draws=FEW)
    answer, reach = coverage(district, question), reach_of(district, question, ANY)
    left = left_out_of(answer, reach)
    beyond = reach.points[~(reach.points["times"] <= 1)]
    assert set(left["demand_id"]) == set(beyond["demand_id"])
    nearest = left.set_index("demand_id")["walk_m"]
    np.testing.assert_allclose(nearest, beyond.set_index("demand_id")["walk_m"][nearest.index], atol=1e-6)
    assert list(left["people"]) == sorted(left["people"], reverse=True)
    row = row_shown(answer, reach)
    assert (row["layer"], row["counted"]) == ("any", "programme")
    assert list(bands_shown(district, question, reach)["layer"]) == list(BOTH)


def test_downloads_hold_every_layer_chosen_as_the_command_line_does(district, cli: Cli, tmp_path: Path) -> None:
    question = Question(BOTH, draws=FEW)
    rows, found, areas = _coverage_files.offers(Visit("zh", Settings(), district, True, lambda key: None), question)(True)
    assert cli("walks", "--layer", ",".join(BOTH), "--out", tmp_path / "walks.geojson")[0] == 0
    theirs = [feature["properties"] for feature in json.loads((tmp_path / "walks.geojson").read_text(encoding="utf-8"))["features"]]
    mine = found.frame().drop(columns="geometry").to_dict("records")
    assert [(row["demand_id"], row["walk_m"], row["nearest_site_id"]) for row in mine] == [(row["demand_id"], row["walk_m"], row["nearest_site_id"]) for row in theirs]
    assert {str(row["nearest_site_id"]).rsplit("-", 1)[0] for row in mine} == {f"demo-{key}" for key in BOTH}
    assert found.meta().query["layer"] == ",".join(BOTH)
    assert list(dict.fromkeys(areas.frame()["layer"])) == list(BOTH)
    assert list(areas.frame()["to_m"]) == [216.0, 300.0, 500.0, 300.0, 500.0, 800.0]
    assert rows.meta().query["draws"] == str(FEW)


def test_page_and_command_line_write_the_same_document(district, cli: Cli) -> None:
    question = Question(BOTH, minutes=5.0, speed_m_per_s=1.0, turnout_min=1.0, status=("planned",), years=(2022,), draws=FEW)
    rows, *_ = _coverage_files.offers(Visit("zh", Settings(), district, True, lambda key: None), question)(True)
    mine = json.loads(rows.write["json"][1]())
    code, out, _ = cli("coverage", "--layer", ",".join(BOTH), "--minutes", 5, "--speed", 1, "--turnout", 1, "--status", "planned", "--year", 2022, "--draws", FEW, "--json")
    theirs = json.loads(out)
    assert code == 0
    assert mine == theirs
    assert {"layer", "metres", "minutes", "speed", "turnout", "access", "draws", "seed", "counted", "status", "year"} == set(mine["parameters"])
