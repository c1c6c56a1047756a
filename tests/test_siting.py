import dataclasses
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.district import District
from geodata.errors import BadInput, Stopped, Unknown
from geodata.question import Question
from geodata.report import coverage
from geodata.siting import prepare, site
from geodata.siting_answer import LEFT_FIELDS, REACH_FIELDS, SITE_FIELDS, Sited
from geodata.siting_question import Siting
from geodata.siting_ties import alternatives
from geodata.siting_wishes import cost_of_wishes
from geodata.siting_words import method_of, sentences_of, title_of
from layers import Text
from tests.toytown import at, box, commitment, district, frame, grid_ways, people, replace, streets
from tests.toytown import site as placed
from tests.toytown import sites as placed_sites

# Eleven people at the west end, six in the middle, four at the east end of the south street; one out of town.
HOMES = people([at(0, 0), at(100, 0), at(450, 0), at(900, 0), at(450, 5000)], [10, 1, 6, 4, 3])
TOWN = district(HOMES, ledger=[commitment("public_toilets", 10)])
WHERE = frame([at(0, 0), at(100, 0), at(450, 0), at(900, 0), at(900, 900)], id=["west", "near west", "middle", "east", "far"]).to_crs("EPSG:4326")


def asked(model: str = "mclp", number: int | None = 1, **more: object) -> Siting:
    return Siting("public_toilets", model, number, candidates="file", **{"metres": 120.0} | more)  # type: ignore[arg-type]  # what is tested


def sited(model: str = "mclp", number: int | None = 1, *, town: object = TOWN, **more: object) -> Sited:
    return site(town, asked(model, number, **more), places=WHERE)  # type: ignore[arg-type]  # likewise


def chosen(answer: Sited) -> set[str]:
    return set(answer.sites["candidate"])


def test_mclp_covers_most_people_with_so_many() -> None:
    one, two, three = (sited(number=n) for n in (1, 2, 3))
    assert one.objective == 11
    assert chosen(one) <= {"west", "near west"}
    assert (two.objective, three.objective) == (17, 21)
    assert one.status == "optimal"
    assert (one.bound, one.gap) == (11, 0)
    assert three.sites["added_people"].tolist() == [11, 6, 4]
    assert three.sites["order"].tolist() == [1, 2, 3]


def test_the_answer_says_whom_it_serves_and_who_is_left() -> None:
    answer = sited(number=2)
    assert (answer.people_total, answer.people_before, answer.people_after) == (24, 0, 17)
    assert answer.uncoverable_people == 3
    assert answer.uncoverable["reason"].tolist() == ["off_network"]
    assert answer.unserved["people"].tolist() == [4, 3]
    assert tuple(answer.sites.columns) == (*SITE_FIELDS, "geometry")
    assert tuple(answer.unserved.columns) == (*LEFT_FIELDS, "geometry")
    assert tuple(answer.reaches.columns) == REACH_FIELDS
    assert answer.walk_after_m[4] == np.inf
    assert answer.facts()["uncoverable_people"] == 3


def test_what_is_chosen_covers_what_a_coverage_report_then_counts() -> None:
    answer = sited(number=2)
    rows = [placed("public_toilets", k, shape) for k, shape in enumerate(answer.sites.geometry, 1)]
    told = coverage(replace(TOWN, sites=district(HOMES, rows).sites), Question(("public_toilets",), metres=120.0)).rows.iloc[0]
    assert told["covered_people"] == answer.objective
    assert told["straight_line_share"] == answer.reaches["straight_line_share"].iloc[0]


def test_sites_that_stand_are_kept_and_their_people_count() -> None:
    town = district(HOMES, [placed("public_toilets", 1, at(0, 0)), placed("public_toilets", 2, at(900, 0), location_class="proposed"),
                            placed("public_toilets", 3, None)], ledger=[commitment("public_toilets", 10)])
    kept = sited(town=town)
    assert (kept.people_before, kept.objective, chosen(kept), len(kept.kept)) == (15, 21, {"middle"}, 2)
    without = sited(town=town, keep=False)
    assert (without.people_before, without.objective, len(without.kept)) == (0, 11, 0)


def test_lscp_finds_the_fewest_and_leaves_out_whom_nobody_can_serve() -> None:
    answer = sited("lscp", None)
    assert (answer.objective, answer.people_after, answer.uncoverable_people) == (3, 21, 3)


def test_too_few_sites_are_infeasible_and_name_the_people() -> None:
    answer = sited("lscp", 2)
    assert answer.status == "infeasible"
    assert answer.objective is None
    assert answer.sites.empty
    assert answer.bound == 3
    assert answer.unmet["reason"].tolist() == ["too_few_sites"]
    assert answer.unmet["demand_id"].tolist() == ["d3"]  # four people: no two sites leave fewer
    assert answer.cause["people"].tolist() == [10, 6, 4]  # no site serves two of these
    assert answer.cause["reason"].tolist() == ["apart"] * 3
    named = replace(TOWN, areas=frame([box(-50, -50, 200, 50)], area_id=["a"], name_zh=["西片"], name_en=["West"]))
    assert sentences_of(named, sited("lscp", 2, town=named))[0] == Text(
        "无解：2 处公厕不足以服务所有能服务的，找到的最好方案仍余 4 人（1 处需求点）。原因：有 3 处需求点，其中任何两处都不能由同一个点服务，如西片。至少需要 3 处。",
        "No solution: 2 public toilets cannot serve all that can be served; the best choice found leaves 4 people (1 demand point). "
        "The reason: 3 demand points no two of which one site can serve, such as West. At least 3 are needed.")
    assert sentences_of(TOWN, answer)[1].en.startswith("Proven infeasible: bound 3 sites, ")


def test_p_median_and_p_centre_walk() -> None:
    median = sited("p-median", 2)
    assert chosen(median) == {"west", "middle"}
    assert median.objective == pytest.approx(1 * 100 + 4 * 450)  # one walks 100 m, the four of the east 450 m
    assert median.mean_walk_m == pytest.approx(1900 / 21)
    centre = sited("p-centre", 2)
    assert centre.objective == pytest.approx(350)  # from the middle to near west
    assert centre.uncoverable_people == 3


@pytest.mark.parametrize(("model", "number"), [("mclp", 2), ("lscp", None), ("p-median", 2), ("p-centre", 2)])
def test_who_cannot_be_covered_means_the_same_whatever_the_model(model: str, number: int | None) -> None:
    """Without the candidate in the east its four live beyond the standard of every other, though they can walk to one."""
    town = replace(TOWN, demand_unit="buildings")
    answer = sited(model, number, forbidden=("east",), town=town)
    assert answer.facts()["uncoverable_people"] == answer.uncoverable["people"].sum() == 7
    assert sorted(answer.uncoverable["reason"]) == ["no_candidate", "off_network"]
    said = sentences_of(town, answer)
    assert Text("7 栋建筑（2 处需求点）无论选哪些候选点，沿街 120 米内都覆盖不到：候选点不够近，或离街道太远。",
                "7 buildings (2 demand points) cannot be covered within 120 m along the streets whichever candidates are chosen: none is near enough, or any street is too far.") in said
    assert (Text("3 栋建筑没有路通到任何点，未计入步行距离。", "3 buildings without a way to any site: not counted in the walks.") in said) == model.startswith("p-")
    assert not [text for text in said if "人" in text.zh or "people" in text.en or "resident" in text.en or text.en[:1].islower()]


def islands(here: float, there: float) -> tuple[District, gpd.GeoDataFrame]:
    """Two towns without a way between them, one candidate each, and a third beside the first."""
    island = [shapely.transform(line, lambda xy: xy + np.array([3000, 0])) for line in grid_ways()]
    town = district(people([at(0, 0), at(3000, 0)], [here, there]), streets=streets(island), boundary=frame([at(2000, 0).buffer(9000)], area_km2=[1.0]))
    return town, frame([at(0, 0), at(100, 0), at(3000, 0)], id=["here", "beside", "there"]).to_crs("EPSG:4326")


def test_parts_without_a_way_need_a_site_each() -> None:
    town, spots = islands(5, 2)
    for model in ("p-median", "p-centre"):
        answer = site(town, asked(model, 1), places=spots)
        assert answer.status == "infeasible"
        assert answer.unmet["people"].tolist() == [2]
        assert answer.cause["people"].tolist() == [5, 2]
        assert alternatives(town, site(town, asked(model, 2), places=spots), places=spots).sites.set_index("candidate").loc["there", "standing"] == "in every optimum"
        assert site(town, asked(model, 2), places=spots).objective == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("model", "number"), [("mclp", 2), ("lscp", None), ("p-median", 2), ("p-centre", 2)])
@pytest.mark.parametrize("wishes", [{}, {"forced": ("far",)}])
def test_what_is_stopped_before_the_walks_are_measured_has_no_answer(model: str, number: int | None, wishes: dict[str, object]) -> None:
    question = asked(model, number, **wishes)
    with pytest.raises(Stopped, match="before the walks"):
        site(TOWN, question, places=WHERE, stop=lambda: True)
    answer = site(TOWN, question, places=WHERE)
    for further in (lambda: alternatives(TOWN, answer, places=WHERE, stop=lambda: True), lambda: cost_of_wishes(TOWN, answer, places=WHERE, stop=lambda: True)):
        with pytest.raises(Stopped):
            further()


def test_a_site_is_dragged_to_where_the_planner_wants_it() -> None:
    answer = sited(number=1, forced=("west",))
    place = gpd.GeoSeries([at(600, 0)], crs=TOWN.metric_crs).to_crs("EPSG:4326").iloc[0]
    moved = site(TOWN, dataclasses.replace(answer.asked, forced=(), moved=(("west", place.x, place.y),)), places=WHERE)
    assert moved.sites["kind"].tolist() == ["dragged"]
    assert moved.sites.geometry.iloc[0].distance(at(600, 0)) < 0.01
    assert (moved.objective, moved.candidates, moved.notes) == (0, 5, ())
    with pytest.raises(BadInput):
        site(TOWN, asked(moved=(("west", 113.9, 34.0),)), places=WHERE)


def _fields(question: Siting) -> dict[str, object]:
    return {name: getattr(question, name) for name in Siting.__slots__}


def test_on_the_sketch_it_is_a_rehearsal() -> None:
    sketch = replace(TOWN, streets_kind="sketch")
    answer = sited(town=sketch)
    assert answer.demonstration
    assert answer.facts()["demonstration"]
    assert title_of(answer).zh.startswith("演示")
    assert sentences_of(sketch, answer)[0].zh.startswith("演示：")
    assert not sited().demonstration
    assert not sentences_of(TOWN, sited())[0].zh.startswith("演示")


def test_three_reaches_of_a_fire_crew() -> None:
    question = Siting("micro_fire_stations", number=1, candidates="file")
    walk, run = (site(TOWN, Siting(**{**_fields(question), "mode": mode}), places=WHERE) for mode in (None, "run"))
    assert walk.reaches["mode"].tolist() == ["walk", "run", "e-bike"]
    assert (walk.held.metres, walk.objective) == (216, 11)
    assert (run.held.metres, run.objective) == (450, 21)
    assert run.reaches.set_index("mode").loc["run", "people_after"] == 21
    late = Siting("micro_fire_stations", number=1, candidates="file", minutes=3.0, turnout_min=1.0)
    assert site(TOWN, late, places=WHERE).held.metres == 144


def test_piles_are_not_sites() -> None:
    town = district(HOMES, [placed("charging_sites", 1, None, amount=200.0)],
                    ledger=[commitment("charging_sites", 200, unit_is_place=False)])
    with pytest.raises(BadInput, match="200 units"):
        site(town, Siting("charging_sites", number=2, candidates="file"), places=WHERE)
    with pytest.raises(BadInput, match="more than the 200"):
        site(town, Siting("charging_sites", number=3, candidates="file", amount_each=100.0), places=WHERE)
    with pytest.raises(BadInput, match="whole number"):
        site(town, Siting("charging_sites", number=3, candidates="file", amount_each=2.5), places=WHERE)
    answer = site(town, Siting("charging_sites", number=2, candidates="file", amount_each=100.0), places=WHERE)
    assert len(answer.sites) == 2
    assert answer.facts()["amount_each"] == 100
    assert sentences_of(town, answer)[2] == Text("每处 100 个，2 处共 200 个。", "100 at each site, 200 at all 2.")


@pytest.mark.parametrize("wrong", [
    {"metres": 0.0}, {"metres": -1.0}, {"minutes": 3.0}, {"number": 0}, {"number": 6}, {"number": None}, {"model": "mcpl"}, {"seconds": 0.0},
    {"forced": ("nobody",)}, {"forced": ("west",), "forbidden": ("west",)}, {"number": 1, "forced": ("west", "east")}, {"mode": "fly"},
    {"number": 4, "forbidden": ("west", "east")}, {"candidates": "grid:1"},
])
def test_what_cannot_be_asked_is_refused_in_both_languages(wrong: dict[str, object]) -> None:
    with pytest.raises((BadInput, Unknown)) as refused:
        site(TOWN, Siting(**{**_fields(asked()), **wrong}), places=WHERE)
    assert refused.value.message.zh != refused.value.message.en


def test_layers_that_cannot_be_sited_say_why() -> None:
    with pytest.raises(Unknown):
        site(TOWN, Siting("toilets", number=1))
    with pytest.raises(BadInput, match="standard of their own"):
        site(TOWN, Siting("renovated_alleys", number=1))
    with pytest.raises(BadInput):
        site(TOWN, Siting("road_openings", number=1, metres=100.0))


def test_stopping_gives_the_best_found_and_progress_is_told() -> None:
    told: list[float] = []
    answer = site(TOWN, asked("p-median", 2), places=WHERE, stop=lambda: len(told) > 1, progress=lambda share, _: told.append(share))
    assert answer.status == "stopped"
    assert len(answer.sites) == 2
    assert told == sorted(told)


@pytest.mark.parametrize(("model", "number", "doubt"), [
    ("mclp", 1, "（未证明最优，最多还可多 6 人）"), ("lscp", 2, "（未证明最少，至少须 1 处，多于所限的 2 处：到时尚未判定 2 处够不够）"),
    ("p-median", 2, "（未证明最优，最多还可少 "), ("p-centre", 1, "（未证明最优，最多还可少 "),
])
def test_when_the_time_is_up_the_headline_says_how_much_better_it_could_be(model: str, number: int, doubt: str) -> None:
    town = replace(TOWN, sites=placed_sites([placed("public_toilets", 1, at(900, 0))])) if model == "mclp" else TOWN
    answer = sited(model, number, town=town, seconds=1e-9)
    assert answer.status == "time_limit"
    assert doubt in sentences_of(town, answer)[0].zh
    assert sentences_of(town, answer)[1].zh.startswith("到时限，最优性未证明：目标值 ")
    assert answer.objective is not None
    assert answer.bound is not None
    assert answer.gap == pytest.approx(abs(answer.bound - answer.objective) / answer.objective)  # as anybody works it out from what is printed


@pytest.mark.parametrize("kind", ["mclp", "lscp", "p-median", "p-centre"])
def test_words_and_wishes_count_what_the_district_counts(kind: str) -> None:
    town = replace(TOWN, demand_unit="buildings")
    answer = sited(kind, None if kind == "lscp" else 2, town=town, forbidden=("middle", "east"))
    texts = [*sentences_of(town, answer), cost_of_wishes(town, answer, places=WHERE)["sentence"], sentences_of(town, sited("lscp", 1, town=town))[0]]
    assert not any(" 人" in text.zh or "people" in text.en or "居民" in text.zh for text in texts)
    assert any("栋建筑" in text.zh for text in texts)


def test_a_place_that_serves_nobody_is_told() -> None:
    spots = frame([at(0, 0), None, at(-90, 800), at(4000, 0), at(450, 450)], id=["west", "nowhere", "off", "outside", "wet"]).to_crs("EPSG:4326")
    town = replace(TOWN, water=frame([box(440, 440, 460, 460)], kind=["pond"]), boundary=frame([box(-400, -100, 1000, 1000)], area_km2=[1.5]))
    away, wet = (gpd.GeoSeries([place], crs=TOWN.metric_crs).to_crs("EPSG:4326").iloc[0] for place in (at(-300, 0), at(450, 450)))
    answer = site(town, asked(number=2, access_m=80.0, moved=(("west", away.x, away.y), ("wet", wet.x, wet.y))), places=spots)
    assert [note.zh for note in answer.notes] == [
        "候选点文件中有 1 行没有位置，未采用。", "候选点文件中有 1 处在本区之外（outside），未采用。", "注意：west 移到的位置离最近的街道超过 80 米，谁也服务不到。",
        "注意：wet 移到的位置在水面上。", "候选点中有 1 处离街道超过 80 米，服务不到任何人。"]
    assert set(answer.notes) <= set(sentences_of(town, answer))
    assert answer.facts()["notes"] == list(answer.notes)


def test_an_answer_comes_back_from_another_process() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as workers:
        answer = workers.submit(site, TOWN, asked(number=2), places=WHERE).result()
    assert answer.objective == 17
    assert pickle.loads(pickle.dumps(answer)).sites.equals(answer.sites)


def test_words_of_every_model_in_both_languages() -> None:
    for model, number in (("mclp", 2), ("lscp", None), ("lscp", 1), ("p-median", 2), ("p-centre", 2)):
        answer = sited(model, number)
        for text in (*sentences_of(TOWN, answer), *method_of(answer), title_of(answer)):
            assert text.zh
            assert text.en
            assert "{" not in text.zh + text.en


def test_prepared_candidates_are_named() -> None:
    prepared = prepare(TOWN, asked(), places=WHERE)
    assert prepared.numbers_of(("east", "west")).tolist() == [3, 0]
    with pytest.raises(Unknown):
        prepared.numbers_of(("nobody",))


def test_less_walking_is_told_beside_what_it_was() -> None:
    town = replace(TOWN, sites=placed_sites([placed("public_toilets", 1, at(0, 0))]))
    median, centre = (sentences_of(town, sited(model, 1, town=town))[0].zh for model in ("p-median", "p-centre"))
    assert median == "公厕再设 1 处，居民平均步行 90 米，此前 305 米。"
    assert centre == "公厕再设 1 处，最远的居民步行 450 米，此前 900 米。"
    assert "（此前没有可走到的）" in sentences_of(TOWN, sited("p-median", 1))[0].zh
    assert "（此前没有可走到的）" in sentences_of(TOWN, sited("p-centre", 1))[0].zh
