"""The siting page: the question out of an address, solved beside the page, told in words, accepted on real streets alone."""

import json
import re
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest  # noqa: TID251  the pages are run as Streamlit runs them

from geodata import packs, serving
from geodata.asking import siting as asking
from geodata.errors import BadInput, Refused
from geodata.jobs import JOBS, Job
from geodata.pages import _siting_accept, siting
from geodata.pages._siting_words import WORDS
from geodata.proposals import proposals_of
from geodata.settings import Settings
from geodata.siting import site
from geodata.siting_question import Siting
from layers import every_layer
from tests import toytown
from tests.pages.visits import page_of, panel, sent

SOON_S = 240.0  # gives up on a solve that never ends; nothing is measured by it
FEW = {"layer": "public_toilets", "n": "3", "grid": "400"}


@pytest.fixture(scope="module")
def district():
    return packs.load_district()


@pytest.fixture(autouse=True)
def own_pack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))


@pytest.fixture(scope="module", autouse=True)
def end_processes():
    yield
    JOBS.close()


def test_years_are_never_added_up(district) -> None:
    alleys = asking.promised(district, "renovated_alleys")
    assert (alleys.amount, alleys.words.zh, alleys.words.en) == (2.0, "2022 年 2，2021 年 22", "2 of 2022, 22 of 2021"), "without the one that has a name"
    assert asking.promised(district, "parking_lots").words.zh == "6"


def answered(lang: str = "zh", **query: str) -> AppTest:
    """The page once everything it began has ended."""
    app = page_of("siting", lang, **query)
    for _ in range(4):
        jobs = app.session_state["siting_jobs"]
        if all(job.ended.is_set() for job in jobs.values()) and any(data.get("part") == "below" for data in sent(app)):
            return app
        assert all(job.ended.wait(SOON_S) for job in jobs.values())
        app.run()
    return app


def until_solving(job: Job) -> None:
    """Wait until the walks are measured and a first choice is there."""
    give_up = time.monotonic() + SOON_S
    while "当前最好" not in job.said.zh and time.monotonic() < give_up:
        time.sleep(0.01)


@pytest.mark.parametrize(("asked", "question"), [
    ({}, Siting("micro_fire_stations", number=48, candidates="grid:150")),
    ({"layer": "public_toilets"}, Siting("public_toilets", number=10, candidates="grid:150")),
    ({"layer": "parking_lots"}, Siting("parking_lots", number=6, candidates="grid:150")),
    ({"layer": "charging_sites"}, Siting("charging_sites", candidates="grid:150")),  # 200 piles are not 200 sites
    ({"layer": "charging_sites", "n": "8", "each": "25"}, Siting("charging_sites", number=8, candidates="grid:150", amount_each=25.0)),
    ({"model": "lscp"}, Siting("micro_fire_stations", model="lscp", candidates="grid:150")),
    ({"model": "p-centre", "n": "-2", "grid": "x", "sec": "0"}, Siting("micro_fire_stations", model="p-centre", number=48, candidates="grid:150")),
    ({"reach": "e-bike", "mode": "time", "min": "4", "turnout": "1"}, Siting("micro_fire_stations", number=48, minutes=4.0, turnout_min=1.0, mode="e-bike", candidates="grid:150")),
    ({"layer": "public_toilets", "reach": "run", "m": "500", "cand": "corners", "keep": "0", "sec": "5"},
     Siting("public_toilets", number=10, metres=500.0, candidates="corners", keep=False, seconds=5.0)),
    ({"force": "a%2Cb,c", "forbid": "d", "move": "e~112.5~34.7,f~x~1,g~200~10"},
     Siting("micro_fire_stations", number=48, candidates="grid:150", forced=("a,b", "c"), forbidden=("d",), moved=(("e", 112.5, 34.7),))),
    ({"turnout": "2"}, Siting("micro_fire_stations", number=48, candidates="grid:150")),  # its box is only there beside a time
    ({"layer": "<b>", "cand": "nowhere"}, Siting("micro_fire_stations", number=48, candidates="grid:150")),
])
def test_an_address_asks_a_question(district, asked: dict[str, str], question: Siting) -> None:
    assert asking.question_of(asked, district) == question


def test_every_model_is_told_in_one_plain_sentence(district) -> None:
    offer = asking.controls(district, asking.question_of({}, district))
    assert [model["key"] for model in offer["models"]] == ["mclp", "lscp", "p-median", "p-centre"]
    assert all(model["why"]["zh"].count("。") == 1 and model["why"]["en"].count(".") == 1 for model in offer["models"])
    assert [reach["key"] for reach in offer["reaches"]] == ["walk", "run", "e-bike"]


@pytest.mark.parametrize("key", [key for key, layer in every_layer().items() if layer.serves_on_foot])
def test_a_question_that_lacks_something_says_what(district, key: str) -> None:
    question = asking.question_of({"layer": key}, district)
    lacking = asking.missing(question, district)
    assert (lacking is None) == (question.number is not None and every_layer()[key].standard is not None)
    if lacking is not None:
        assert lacking.zh in next(element.value for element in page_of("siting", layer=key).info)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_answer_comes_in_words_first_headed_as_a_demonstration(lang: str) -> None:
    app = answered(lang, **FEW)
    assert not app.exception
    top = panel(app, part="top")
    assert top["heading"] == {"zh": "演示", "en": "Demonstration"}[lang]
    assert top["sentences"][0].startswith({"zh": "演示：再设 3 处公厕", "en": "Demonstration: 3 more public toilets"}[lang])
    assert top["status"]["key"] == "optimal"
    assert len(top["figures"]) == 6
    parts = [data.get("part") for data in sent(app)]
    assert parts.index("top") < parts.index("side") < parts.index("below")
    below = panel(app, part="below")
    assert [row["cells"][0] for row in below["sites"]["rows"]] == ["1", "2", "3"]
    assert {site["id"] for site in panel(app, part="side")["sites"]} == {row["id"] for row in below["sites"]["rows"]}


def test_people_of_the_classes_are_all_people(district) -> None:
    legend = panel(answered(**FEW), part="side")["legend"]
    assert sum(float(held["people"].replace(",", "")) for held in legend["classes"]) == pytest.approx(district.demand["people"].sum(), abs=len(legend["classes"]))


def test_every_candidate_is_published_for_the_map() -> None:
    side = panel(answered(**FEW), part="side")
    packed = serving.BLOBS.find(side["places"].removeprefix("blob/"))
    assert packed is not None
    places = json.loads(serving.gzip.decompress(packed))
    assert len(places) == side["candidates"]
    assert {site["id"] for site in side["sites"]} <= {place[0] for place in places}


def test_the_same_question_is_solved_once() -> None:
    first, second = answered(**FEW), answered("en", **FEW)
    assert first.session_state["siting_jobs"]["sites"] is second.session_state["siting_jobs"]["sites"]


def test_a_wish_is_obeyed_and_its_cost_told() -> None:
    free = panel(answered(**FEW), part="side")["sites"]
    app = answered(**FEW, forbid=free[0]["id"], move=f"{free[1]['id']}~112.47~34.69")
    there = {site["id"] for site in panel(app, part="side")["sites"]}
    assert free[0]["id"] not in there
    assert f"{free[1]['id']}→" in there
    assert re.search(rf"这些要求合起来的代价：少覆盖 [\d,]+ 人.*。单独看：禁选 {free[0]['id']}：.+；移动 {free[1]['id']}：", panel(app, part="top")["sentences"][1])


def test_the_curve_and_the_equally_good_choices_come_when_asked_for() -> None:
    plain = answered(**FEW)
    assert [offer["more"] for offer in panel(plain, part="side")["further"]] == ["curve", "ties"]
    assert panel(plain, part="below")["curve"] is None
    app = answered(**FEW, more="curve,ties")
    below = panel(app, part="below")
    assert panel(app, part="side")["further"] == []
    shares = [point[1] for point in below["curve"]["points"]]
    assert [point[0] for point in below["curve"]["points"]] == [1, 2, 3]
    assert shares == sorted(shares)
    assert below["curve"]["sentences"]["2"].startswith("第 2 处使覆盖率再增加")
    assert below["ties"]["sentence"].startswith("最优方案只有这一个：3 处")
    assert [column["name"] for column in below["sites"]["columns"]][-1] == "在最优方案中"
    assert below["command"].endswith("--number 3 --candidates grid:400 --curve --alternatives")


def test_an_infeasible_question_names_the_places() -> None:
    app = answered(layer="public_toilets", model="lscp", n="2", grid="600")
    below = panel(app, part="below")
    assert panel(app, part="top")["status"]["key"] == "infeasible"
    able, left, never = panel(app, part="side")["legend"]["classes"]
    assert [held["zh"] for held in (able, left, never)] == ["可以服务", "点不够，服务不到", "没有够近的候选点"]
    assert below["left"]["title"].endswith(f"，{left['people']} 人")
    assert min(held["points"] for held in (able, left, never)) > 0
    assert below["bad"]
    assert below["left"]["title"].startswith("找到的最好方案仍余")
    assert below["left"]["rows"]
    assert below["cause"]["title"] == "造成无解的地方：3 处，须各设一处"
    assert [row["cells"][-1] for row in below["cause"]["rows"]] == ["须单独设点"] * 3
    assert not [button for button in app.button if button.key.startswith("siting_accept")]


def test_what_cannot_be_is_said_and_can_be_tried_again() -> None:
    app = page_of("siting", **FEW, force="nowhere")
    assert app.session_state["siting_jobs"]["sites"].ended.wait(SOON_S)
    app.run()
    assert "nowhere" in app.error[0].value
    assert [button.key for button in app.button] == ["siting_again_failed"]


@pytest.mark.parametrize(("query", "words"), [({"cand": "file"}, "file_missing"), ({"cand": "layer"}, "from_missing")])
def test_candidates_that_are_not_there_yet_are_asked_for(query: dict[str, str], words: str) -> None:
    app = page_of("siting", **query)
    assert app.info[0].value == WORDS[words].zh
    assert "siting_jobs" not in app.session_state


def test_a_running_solve_shows_how_far_it_is_and_can_be_stopped() -> None:
    app = page_of("siting", layer="micro_fire_stations", model="p-median", n="40", grid="200", sec="120")
    job = app.session_state["siting_jobs"]["sites"]
    assert [button.key for button in app.button] == ["siting_stop_sites"]
    until_solving(job)
    app.button[0].click().run()
    assert job.stopping
    assert job.ended.wait(SOON_S)
    app.run()
    assert panel(app, part="top")["status"]["key"] == "stopped"
    assert "（未证明最优，最多还可少 " in panel(app, part="top")["sentences"][0]


def test_when_the_time_is_up_the_page_says_so_and_offers_to_go_on() -> None:
    app = answered(layer="micro_fire_stations", model="p-median", n="37", grid="200", sec="1")
    top = panel(app, part="top")
    assert top["status"] == {"key": "time_limit", "text": "到时限，最优性未证明"}
    assert "（未证明最优，最多还可少 " in top["sentences"][0]
    assert "人·米" in top["figures"][0]["text"]
    assert [button.key for button in app.button if button.key.startswith("siting_again")] == ["siting_again_do"]


def test_a_solve_that_others_wait_for_goes_on_when_one_of_them_stops() -> None:
    long = {"layer": "micro_fire_stations", "model": "p-median", "n": "38", "grid": "200", "sec": "120"}
    mine, other = page_of("siting", **long), page_of("siting", "en", **long)
    job = mine.session_state["siting_jobs"]["sites"]
    mine.button[0].click().run()
    assert not job.stopping
    assert mine.info[0].value == WORDS["left_to_others"].zh
    assert "sites" not in mine.session_state["siting_jobs"]
    next(button for button in mine.button if button.key == "siting_join_sites").click().run()
    assert mine.session_state["siting_jobs"]["sites"] is job
    for app in (mine, other):  # each goes to another question: nobody waits any more
        app.session_state["siting_asked"] = {"ask": FEW}
        app.run()
    assert job.stopping
    assert job.ended.wait(SOON_S)


def test_the_curve_of_another_question_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    app = answered(**FEW, more="curve,ties")
    assert set(app.session_state["siting_jobs"]) == {"sites", "curve", "ties"}
    left: list[str] = []
    monkeypatch.setattr(JOBS, "leave", lambda job: left.append(job.key[0]))
    app.session_state["siting_asked"] = {"ask": {**FEW, "n": "2"}}
    app.run()
    assert sorted(left) == ["curve", "sites", "ties"]
    assert list(app.session_state["siting_jobs"]) == ["sites"]


def test_another_question_stops_the_one_before_it() -> None:
    app = page_of("siting", ask={"layer": "micro_fire_stations", "model": "p-median", "n": "41", "grid": "200", "sec": "120"}, asked_by="siting_asked")
    before = app.session_state["siting_jobs"]["sites"]
    app.session_state["siting_asked"] = {"ask": FEW}
    app.run()
    assert app.session_state["siting_jobs"]["sites"] is not before
    assert before.stopping
    assert before.ended.wait(SOON_S)


def test_on_the_sketch_the_button_says_what_is_needed() -> None:
    app = answered(**FEW)
    button = next(button for button in app.button if button.key == "siting_accept_sketch")
    assert button.disabled
    assert button.label == "需真实路网"


# A town on real streets: two toilets are promised, and one of another promise.
TOWN = toytown.district(
    toytown.people([toytown.at(x, y) for x in range(50, 900, 100) for y in range(0, 900, 100)]),
    [toytown.site("public_toilets", k, None, commitment="toy" if k < 2 else "other") for k in range(3)],
    ledger=[toytown.commitment("public_toilets", 2.0), toytown.commitment("public_toilets", 1.0, id="other", zh="另一项", en="another", effect="upgrade")])


def test_a_preview_counts_what_would_be_replaced() -> None:
    sited = site(TOWN, Siting("public_toilets", number=3, metres=200.0, candidates="corners"))
    found = _siting_accept.preview(TOWN, sited)
    assert found.waiting == (3.0, 0.0)
    assert found.proposed == (0.0, 3.0)
    assert len(found.sites) == len(TOWN.sites)
    assert list(proposals_of(TOWN, sited)["commitment"]) == ["toy", "toy", "other"]


def test_more_than_is_promised_is_not_accepted() -> None:
    sited = site(TOWN, Siting("public_toilets", number=4, metres=200.0, candidates="corners"))
    with pytest.raises(BadInput):
        _siting_accept.preview(TOWN, sited)


def test_accepting_keeps_the_proposals_and_undo_brings_back_what_was(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(pack=tmp_path / "town", allow_edit=True)
    state, written = {"town": TOWN}, []
    monkeypatch.setattr(serving, "current_district", lambda _settings: state["town"])

    def write(_folder, sites, *, exactly=False):
        written.append(exactly)
        state["town"] = toytown.replace(state["town"], sites=sites)

    monkeypatch.setattr(_siting_accept, "write_sites", write)
    sited = site(TOWN, Siting("public_toilets", number=2, metres=200.0, candidates="corners"))
    undo = _siting_accept.accept(settings, sited)
    assert list(state["town"].sites["location_class"]).count("proposed") == 2
    assert len(state["town"].sites) == 3
    _siting_accept.take_back(settings, undo)
    assert written == [False, True]  # what another planner saved meanwhile is not overwritten
    assert (state["town"].sites["location_class"] == "unlocated").all()


def test_a_rehearsal_is_refused_and_so_is_a_closed_page(district, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    sited = site(district, Siting("public_toilets", number=2, candidates="grid:600"))
    with pytest.raises(Refused):
        _siting_accept.preview(district, sited)
    monkeypatch.setattr(serving, "may_edit", lambda _settings: False)
    with pytest.raises(Refused):
        _siting_accept.accept(Settings(pack=tmp_path / "pack"), sited)


def test_every_word_of_the_scripts_is_there() -> None:
    used = set()
    for name in ("siting.js", "sited.js"):
        used |= set(re.findall(r'this\.word\("(\w+)"', (serving.ASSET_FOLDER / name).read_text(encoding="utf-8")))
    assert used
    assert used <= set(WORDS)
    fields = re.findall(r'this\.field\("\w+", "(\w+)"', (serving.ASSET_FOLDER / "siting.js").read_text(encoding="utf-8"))
    assert set(fields) <= set(WORDS)


def test_the_parameters_of_page_and_script_are_the_same() -> None:
    text = (serving.ASSET_FOLDER / "siting.js").read_text(encoding="utf-8")
    names = re.search(r"const NAMES = \[(.*?)\]", text)
    assert names is not None
    assert tuple(json.loads(f"[{names[1]}]")) == asking.PARAMETERS
    assert siting.PAGE.key == "siting"
