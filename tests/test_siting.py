import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.errors import BadInput, Unknown
from geodata.question import Question
from geodata.report import coverage
from geodata.siting import prepare, site
from geodata.siting_answer import LEFT_FIELDS, REACH_FIELDS, SITE_FIELDS, Sited
from geodata.siting_curve import curve_sentence, marginal_curve
from geodata.siting_question import Siting
from geodata.siting_ties import alternatives, cost_of_wishes, dragged
from geodata.siting_words import method_of, sentences_of, title_of
from tests.toytown import at, commitment, district, frame, grid_ways, people, replace, streets
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
    assert answer.unmet["demand_id"].isin(["d0", "d1", "d2", "d3"]).all()
    assert "3" in sentences_of(TOWN, answer)[0].en


def test_p_median_and_p_centre_walk() -> None:
    median = sited("p-median", 2)
    assert chosen(median) == {"west", "middle"}
    assert median.objective == pytest.approx(1 * 100 + 4 * 450)  # one walks 100 m, the four of the east 450 m
    assert median.mean_walk_m == pytest.approx(1900 / 21)
    centre = sited("p-centre", 2)
    assert centre.objective == pytest.approx(350)  # from the middle to near west
    assert centre.uncoverable_people == 3


def test_parts_without_a_way_need_a_site_each() -> None:
    island = [shapely.transform(line, lambda xy: xy + np.array([3000, 0])) for line in grid_ways()]
    town = district(people([at(0, 0), at(3000, 0)], [5, 2]), streets=streets(island), boundary=frame([at(2000, 0).buffer(9000)], area_km2=[1.0]))
    spots = frame([at(0, 0), at(3000, 0)], id=["here", "there"]).to_crs("EPSG:4326")
    for model in ("p-median", "p-centre"):
        answer = site(town, asked(model, 1), places=spots)
        assert answer.status == "infeasible"
        assert answer.unmet["people"].tolist() == [2]
        assert site(town, asked(model, 2), places=spots).objective == pytest.approx(0, abs=1e-6)


def test_wishes_cost_what_they_cost() -> None:
    forced = sited(number=1, forced=("east",))
    cost = cost_of_wishes(TOWN, forced, places=WHERE)
    assert forced.sites["wished"].all()
    assert (cost["cost"], cost["free_objective"], cost["proven"]) == (7, 11, True)
    assert "7" in cost["sentence"].zh
    barred = sited(number=1, forbidden=("west", "near west"))
    assert cost_of_wishes(TOWN, barred, places=WHERE)["cost"] == 5
    assert cost_of_wishes(TOWN, sited(number=1, forced=("west",)), places=WHERE)["cost"] == 0


def test_a_site_is_dragged_to_where_the_planner_wants_it() -> None:
    answer = sited(number=1, forced=("west",))
    place = gpd.GeoSeries([at(600, 0)], crs=TOWN.metric_crs).to_crs("EPSG:4326").iloc[0]
    moved = site(TOWN, Siting(**{**_fields(dragged(answer, "west", place.x, place.y)), "forced": ()}), places=WHERE)
    assert moved.sites["kind"].tolist() == ["dragged"]
    assert moved.sites.geometry.iloc[0].distance(at(600, 0)) < 0.01
    assert moved.objective == 0
    with pytest.raises(BadInput):
        site(TOWN, asked(moved=(("west", 113.9, 34.0),)), places=WHERE)


def _fields(question: Siting) -> dict[str, object]:
    return {name: getattr(question, name) for name in Siting.__slots__}


def test_the_curve_says_what_each_site_adds() -> None:
    curve = marginal_curve(TOWN, asked(number=4), places=WHERE)
    assert curve["people"].tolist() == [11, 17, 21, 21]
    assert curve["added_people"].tolist() == [11, 6, 4, 0]
    assert curve["proven"].all()
    assert curve_sentence(curve, 2).en == "Site 2 adds 25.0 percentage points (6 people), to 70.8 %."
    with pytest.raises(BadInput):
        marginal_curve(TOWN, asked("lscp"), places=WHERE)


def test_equally_good_choices_and_the_sites_in_every_one() -> None:
    answer = sited(number=2)
    ties = alternatives(TOWN, answer, places=WHERE)
    standing = dict(zip(ties.sites["candidate"], ties.sites["standing"], strict=True))
    assert standing["middle"] == "in every optimum"
    west = next(name for name in standing if "west" in name)
    assert standing[west] == "can be replaced"
    assert ties.sites.set_index("candidate").loc[west, "replaced_by"] == ({"west", "near west"} - {west}).pop()
    assert ties.others == [sorted(["middle", ({"west", "near west"} - {west}).pop()], key=["west", "near west", "middle"].index)]
    lost = ties.sites.set_index("candidate").loc["middle", "loss"]
    assert lost == pytest.approx(2)  # the middle's six against the east's four


def test_alternatives_of_the_other_models() -> None:
    fewest = alternatives(TOWN, sited("lscp", None), places=WHERE).sites.set_index("candidate")["standing"]
    assert fewest["middle"] == fewest["east"] == "in every optimum"
    median = alternatives(TOWN, sited("p-median", 2), places=WHERE).sites["standing"]
    assert (median == "in every optimum").all()


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
    assert len(site(town, Siting("charging_sites", number=2, candidates="file", amount_each=100.0), places=WHERE).sites) == 2


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
    assert answer.status in {"stopped", "optimal"}
    assert len(answer.sites) == 2
    assert told == sorted(told)


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
    assert "（此前有人走不到）" in sentences_of(TOWN, sited("p-centre", 1))[0].zh
