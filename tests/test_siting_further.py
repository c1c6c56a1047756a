"""Beside a siting answer: the curve, equally good choices against trying every one, and what wishes cost."""

import itertools

import geopandas as gpd
import numpy as np
import pytest

from geodata.errors import BadInput
from geodata.packs import load_district
from geodata.siting import Prepared, prepare, site
from geodata.siting_curve import curve_sentence, marginal_curve
from geodata.siting_question import Siting
from geodata.siting_ties import alternatives
from geodata.siting_wishes import cost_of_wishes
from layers import Text
from tests.test_siting import TOWN, WHERE, asked, chosen, islands, sited
from tests.toytown import at, commitment, district, frame, people
from tests.toytown import site as placed


def test_a_wish_that_takes_people_out_of_the_count_says_so() -> None:
    fewest = cost_of_wishes(TOWN, sited("lscp", None, forbidden=("east",)), places=WHERE)
    assert (fewest["cost"], fewest["people_lost"], fewest["uncoverable_more"]) == (-1, 4, 4)
    assert fewest["sentence"] == Text("这些要求的代价：少用 1 处，少覆盖 4 人。", "What these wishes cost: 1 site fewer, 4 people fewer covered.")
    town, spots = islands(7, 3)
    for model, told in (("p-median", "3 人再也走不到任何一处"), ("p-centre", "3 人再也走不到任何一处")):
        barred = site(town, asked(model, 2, forbidden=("there",)), places=spots)
        cost = cost_of_wishes(town, barred, places=spots)
        assert (cost["people_lost"], cost["uncoverable_more"]) == (3, 3)
        assert told in cost["sentence"].zh


def test_of_several_wishes_each_has_its_own_price() -> None:
    cost = cost_of_wishes(TOWN, sited(number=2, forced=("far",), forbidden=("middle",)), places=WHERE)
    assert [(one["kind"], one["candidate"], one["cost"]) for one in cost["each"]] == [("force", "far", 6), ("forbid", "middle", 2)]
    assert (cost["cost"], cost["uncoverable_more"]) == (6, 6)
    assert cost["sentence"].zh == ("这些要求合起来的代价：少覆盖 6 人，6 人无论怎样选都不再能覆盖。"
                                   "单独看：必选 far：少覆盖 6 人；禁选 middle：少覆盖 2 人，6 人无论怎样选都不再能覆盖。")
    place = gpd.GeoSeries([at(900, 0)], crs=TOWN.metric_crs).to_crs("EPSG:4326").iloc[0]
    helped = sited(number=1, forbidden=("middle",), moved=(("far", place.x, place.y),))
    assert [one["cost"] for one in cost_of_wishes(TOWN, helped, places=WHERE)["each"]] == [0, 7]


def test_wishes_cost_what_they_cost() -> None:
    forced = sited(number=1, forced=("east",))
    cost = cost_of_wishes(TOWN, forced, places=WHERE)
    assert forced.sites["wished"].all()
    assert (cost["cost"], cost["free_objective"], cost["proven"]) == (7, 11, True)
    assert "7" in cost["sentence"].zh
    barred = sited(number=1, forbidden=("west", "near west"))
    assert cost_of_wishes(TOWN, barred, places=WHERE)["cost"] == 5
    assert cost_of_wishes(TOWN, sited(number=1, forced=("west",)), places=WHERE)["cost"] == 0


def test_the_curve_says_what_each_site_adds() -> None:
    curve = marginal_curve(TOWN, asked(number=4), places=WHERE)
    assert curve["people"].tolist() == [11, 17, 21, 21]
    assert curve["added_people"].tolist() == [11, 6, 4, 0]
    assert curve["proven"].all()
    assert curve_sentence(curve, 2, unit="people").en == "Site 2 adds 25.0 percentage points (6 people), to 70.8 %."
    assert curve_sentence(curve, 2, unit="buildings").zh == "第 2 处使覆盖率再增加 25.0 个百分点（6 栋建筑），达到 70.8 %。"
    together = marginal_curve(TOWN, asked(number=3, forced=("west", "east")), places=WHERE)
    assert curve_sentence(together, 2, unit="people").en == "The first 2 sites add 62.5 percentage points together (15 people), to 62.5 %."
    with pytest.raises(BadInput):
        marginal_curve(TOWN, asked("lscp"), places=WHERE)


def test_equally_good_choices_and_the_sites_in_every_one() -> None:
    answer = sited(number=2)
    ties = alternatives(TOWN, answer, places=WHERE)
    standing = dict(zip(ties.sites["candidate"], ties.sites["standing"], strict=True))
    assert standing["middle"] == "in every optimum"
    west = next(name for name in standing if "west" in name)
    assert standing[west] == "can be replaced"
    assert ties.sites.set_index("candidate").loc[west, ["replaced_by", "also_out"]].tolist() == [[*({"west", "near west"} - {west})], []]
    assert ties.others == [sorted(["middle", ({"west", "near west"} - {west}).pop()], key=["west", "near west", "middle"].index)]
    lost = ties.sites.set_index("candidate").loc["middle", "loss"]
    assert lost == pytest.approx(2)  # the middle's six against the east's four


def test_alternatives_of_the_other_models() -> None:
    fewest = alternatives(TOWN, sited("lscp", None), places=WHERE).sites.set_index("candidate")["standing"]
    assert fewest["middle"] == fewest["east"] == "in every optimum"
    median = alternatives(TOWN, sited("p-median", 2), places=WHERE).sites["standing"]
    assert (median == "in every optimum").all()


def worth(prepared: Prepared, picked: list[int]) -> float:
    """What a choice is worth by the definition of its model, more being better; -inf where it is none."""
    able, asked_ = prepared.able(prepared.choice) & (prepared.people > 0), prepared.asked
    if prepared.cover is not None:
        opened = np.isin(np.arange(prepared.cover.columns), picked)
        covered = prepared.served | prepared.cover.meets(opened)
        return float(prepared.people[covered].sum()) if asked_.model == "mclp" else -float(len(picked)) if covered[able].all() else -np.inf
    assert prepared.walks is not None
    walk = np.minimum(prepared.walks[picked].min(axis=0, initial=np.inf), prepared.kept_m)[able]
    if not np.isfinite(walk).all():
        return -np.inf
    return -round(float(prepared.people[able] @ walk if asked_.model == "p-median" else walk.max(initial=0.0)), 6)


@pytest.mark.parametrize(("model", "number"), [("mclp", 2), ("lscp", None), ("lscp", 7), ("p-median", 2), ("p-centre", 2)])
@pytest.mark.parametrize("seed", range(4))
def test_answer_and_alternatives_equal_trying_every_choice(model: str, number: int | None, seed: int) -> None:
    rng = np.random.default_rng(seed)
    homes = people([at(*(100.0 * xy)) for xy in rng.integers(0, 10, (9, 2))], list(rng.integers(0, 4, 9)))
    kept = [placed("public_toilets", 1, at(*(100.0 * rng.integers(0, 10, 2))))] if seed % 2 else []
    town = district(homes, kept, ledger=[commitment("public_toilets", 10)])
    spots = frame([at(*(100.0 * xy)) for xy in rng.integers(0, 10, (7, 2))], id=list("abcdefg")).to_crs("EPSG:4326")
    question = asked(model, number, metres=300.0, forced=("a",) if seed == 2 else (), forbidden=("g",) if seed == 3 else ())
    prepared, answer = prepare(town, question, places=spots), site(town, question, places=spots)
    free = np.flatnonzero(prepared.choice.allowed)
    sizes = range(len(free) + 1) if model == "lscp" else [number]
    every = {picked: worth(prepared, list(picked)) for size in sizes for picked in itertools.combinations(free.tolist(), size) if set(np.flatnonzero(prepared.choice.forced)) <= set(picked)}
    best = max(every.values())
    optima = [{str(prepared.candidates["candidate"].iloc[k]) for k in picked} for picked, value in every.items() if value == best]
    assert answer.proven
    assert answer.objective == pytest.approx(abs(best), abs=1e-5)
    assert chosen(answer) in optima
    ties = alternatives(town, answer, places=spots)
    assert all(set(other) in optima for other in ties.others)
    for row in ties.sites.to_dict("records"):
        assert row["standing"] == ("in every optimum" if all(row["candidate"] in optimum for optimum in optima) else "can be replaced")
        if row["standing"] == "can be replaced":
            assert (chosen(answer) - {row["candidate"], *row["also_out"]}) | set(row["replaced_by"]) in optima
            assert set(row["also_out"]) < chosen(answer)
    if number == 7:
        assert len(answer.sites) <= 7


def test_the_reports_sites_are_proven_on_the_sketch_and_the_curve_ends_where_the_answer_does() -> None:
    sketch = load_district()
    answers = {layer: site(sketch, Siting(layer, number=number, candidates="grid:300")) for layer, number in (("micro_fire_stations", 48), ("parking_lots", 6), ("public_toilets", 10))}
    for layer, answer in answers.items():
        assert (answer.status, answer.gap, len(answer.sites)) == ("optimal", 0, answer.asked.number), layer
        assert answer.objective == answer.people_after == answer.people_before + answer.sites["added_people"].sum()
    curve = marginal_curve(sketch, answers["micro_fire_stations"].asked)
    assert curve["number"].tolist() == list(range(1, 49))
    assert curve["proven"].all()
    assert (curve["added_people"] >= 0).all()
    assert curve["people"].iloc[-1] == answers["micro_fire_stations"].objective
    assert curve_sentence(curve, 31, unit="people").zh.startswith("第 31 处使覆盖率再增加")
