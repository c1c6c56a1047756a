"""The siting page beside others: what is wrong takes nothing away, long solves hold nobody up, the command line says the same."""

import json
import shlex
import time
from argparse import Namespace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest  # noqa: TID251  the pages are run as Streamlit runs them

from geodata import jobs
from geodata.asking import siting as asking
from geodata.errors import BadInput
from geodata.jobs import JOBS
from geodata.packs import load_district
from geodata.pages._siting_words import WORDS
from geodata.siting_question import Siting
from layers import Text
from tests.conftest import Cli
from tests.pages.test_siting import until_solving
from tests.pages.visits import page_of, panel, sent
from tests.realtown import real_pack
from tests.test_jobs import until_stopped

SOON_S = 240.0  # gives up on what never ends; nothing is measured by it
FEW = {"layer": "public_toilets", "n": "3", "grid": "400"}


@pytest.fixture(autouse=True)
def own_pack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))


@pytest.fixture(scope="module", autouse=True)
def end_processes():
    yield
    JOBS.close()


def ended(app: AppTest) -> AppTest:
    """The page once its solve has ended."""
    assert app.session_state["siting_jobs"]["sites"].ended.wait(SOON_S)
    return app.run()


def asks(app: AppTest, **query: str) -> AppTest:
    """The page after another question in the same visit."""
    app.session_state["siting_asked"] = {"ask": query}
    return app.run()


def answered(**query: str) -> AppTest:
    return ended(page_of("siting", ask=query, asked_by="siting_asked"))


@pytest.mark.parametrize(("wrong", "words"), [
    ({"m": "0"}, "“其他距离”不能是 0"), ({"m": "-5"}, "其他距离"), ({"n": "0"}, "“站点数”不能是 0，请给 1 至 2,000 之间的整数"), ({"n": "2.5"}, "整数"), ({"n": "9999999"}, "2,000"),
    ({"grid": "1"}, "网格边长"), ({"sec": "0"}, "求解时限"), ({"mode": "time", "min": "0"}, "时间"), ({"mode": "time", "speed": "x"}, "速度"),
    ({"layer": "charging_sites", "each": "0"}, "每处数量"),
])
def test_a_number_that_cannot_be_is_named_and_nothing_is_lost(wrong: dict[str, str], words: str) -> None:
    app = page_of("siting", **{**FEW, **wrong})
    assert words in app.error[0].value
    assert "siting_jobs" not in app.session_state
    assert sent(app)[0]["asked"] == {**FEW, **wrong}  # the boxes still hold what was typed


@pytest.mark.parametrize("wrong", [{"m": "0"}, {"n": "1999"}, {"force": "nowhere"}, {"cand": "file"}, {"cand": "layer"}])
def test_the_answer_before_it_stays_in_view(wrong: dict[str, str]) -> None:
    app = answered(**FEW)
    before = panel(app, part="side")["sites"]
    app = asks(app, **{**FEW, **wrong})
    if "siting_jobs" in app.session_state:
        app = ended(app)
    assert len(app.error) + len(app.info) == 1
    assert WORDS["kept_below"].zh in [caption.value for caption in app.caption]
    assert panel(app, part="side")["sites"] == before
    assert panel(app, part="top")["waiting"] is True
    assert not [button for button in app.button if button.key.startswith("siting_accept")]


def test_more_sites_than_candidates_is_said() -> None:
    assert "可用候选点只有" in answered(**{**FEW, "n": "1999"}).error[0].value


def test_long_solves_hold_no_page_up() -> None:
    busy = [JOBS.start(("busy", n), until_stopped, n) for n in range(jobs.WORKERS)]
    try:
        give_up = time.monotonic() + SOON_S
        while any(not job.said.zh for job in busy) and time.monotonic() < give_up:
            time.sleep(0.01)
        assert [job.state for job in busy] == ["running"] * jobs.WORKERS
        for key, marks in (("ledger", {}), ("coverage", {"part": "top"})):
            app = page_of(key)
            assert not app.exception
            assert [data for data in sent(app) if all(data.get(name) == value for name, value in marks.items())]
        waiting = page_of("siting", **FEW | {"grid": "450"})  # a question nobody has asked before
        assert waiting.session_state["siting_jobs"]["sites"].state == "waiting"
        assert not any(job.ended.is_set() for job in busy)
    finally:
        for job in busy:
            JOBS.stop(job)
    assert panel(ended(waiting), part="top")["status"]["key"] == "optimal"


def test_a_solve_outlives_reruns_reloads_and_the_visit_that_began_it() -> None:
    long = {"layer": "micro_fire_stations", "model": "p-median", "n": "39", "grid": "200", "sec": "120"}
    app = page_of("siting", ask=long, asked_by="siting_asked")
    job = app.session_state["siting_jobs"]["sites"]
    assert app.run().session_state["siting_jobs"]["sites"] is job
    reloaded = page_of("siting", "en", **long)
    assert reloaded.session_state["siting_jobs"]["sites"] is job
    asks(app, **FEW)
    assert not job.stopping  # the other visit still waits for it
    until_solving(job)
    JOBS.stop(job)
    assert panel(ended(reloaded), part="top")["status"]["key"] == "stopped"


@pytest.mark.parametrize("query", [
    {**FEW, "force": "{0}", "move": "{1}~112.47~34.69"},
    {"n": "4", "grid": "600", "mode": "time", "min": "4", "turnout": "1", "reach": "run", "more": "curve,ties"},
])
def test_the_command_that_is_shown_gives_the_same_answer(query: dict[str, str], cli: Cli) -> None:
    if "force" in query:
        ids = [site["id"] for site in panel(answered(**FEW), part="side")["sites"]]
        query = {name: value.format(*ids) for name, value in query.items()}
    app = answered(**query)
    for name in ("curve", "ties"):
        if name in query.get("more", ""):
            assert app.session_state["siting_jobs"][name].ended.wait(SOON_S)
            app.run()
    shown = panel(app, part="below")
    command = shlex.split(shown["command"])
    assert command[:4] == ["python", "-m", "geodata", "site"]
    code, told, _ = cli(*command[3:], "--json")
    result = json.loads(told)["result"]
    assert code == 0
    assert [row["candidate"] for row in result["sites"]] == [row["id"] for row in shown["sites"]["rows"]]
    figures = {figure["name"]: figure["text"] for figure in panel(app, part="top")["figures"]}
    assert float(figures[WORDS["figure_objective"].zh].split()[0].replace(",", "")) == pytest.approx(result["objective"], abs=0.06)
    assert ("curve" in result, "alternatives" in result) == ("more" in query, "more" in query)


@pytest.mark.parametrize("question", [
    Siting("public_toilets", "p-median", 7, metres=333.3333333, candidates="corners", seconds=12.5), Siting("public_toilets", "p-centre", 2, candidates="grid:123.45678"),
    Siting("public_toilets", "lscp", metres=1234567.0, candidates="layer:clinics", keep=False), Siting("charging_sites", number=8, metres=500.0, amount_each=25.0),
    Siting("micro_fire_stations", number=3, minutes=3.5, speed_m_per_s=1.0, turnout_min=0.5, mode="run"), Siting("micro_fire_stations", number=3, mode="e-bike"),
    Siting("public_toilets", number=3, candidates="file", forced=("a,b", "c、d", " e"), forbidden=("50%", "%2C"), moved=(("f,~g", 112.4888123456789, 34.7), ("h", -1e-7, 0.0))),
])
def test_the_command_asks_the_very_question(question: Siting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli) -> None:
    heard: list[tuple[Siting, str]] = []

    def read(options: Namespace, _console: object) -> None:
        heard.append((question, options.datum))

    def site(_district: object, asked: Siting, **_more: object) -> None:
        heard.append((asked, ""))
        raise BadInput(Text("够了", "enough"))

    monkeypatch.setattr("geodata.commands.site._read", read)
    monkeypatch.setattr("geodata.siting.site", site)
    cli(*shlex.split(asking.command_of(question, "places.csv", "gcj02"))[3:])
    assert heard[-1][0] == question
    assert [datum for _, datum in heard[:-1]] == (["gcj02"] if question.candidates == "file" else [])


def test_a_word_that_a_shell_takes_apart_is_quoted() -> None:
    command = asking.command_of(Siting("public_toilets", number=2, candidates="file", forced=('a b"c',), moved=(("d", 112.5, 34.7),), keep=False), "我的 候选点.csv")
    assert shlex.split(command)[3:] == ["site", "--layer", "public_toilets", "--model", "mclp", "--number", "2", "--candidates", "我的 候选点.csv",
                                        "--force", 'a b"c', "--move", "d~112.5~34.7", "--without-kept"]


def test_on_real_streets_places_have_names_and_proposals_no_double_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = real_pack(tmp_path)
    monkeypatch.setenv("CHANHE_PACK", str(folder))
    app = answered(layer="charging_sites", n="8", each="25", cand="corners", m="300")
    assert panel(app, part="top")["heading"] == ""
    table = panel(app, part="below")["sites"]
    assert table["columns"][2]["name"] == "位置"
    assert all("路与测试" in row["cells"][2] or "街与测试" in row["cells"][2] for row in table["rows"])
    before = load_district(folder).sites
    which = next(group for group in app.button_group if group.label == WORDS["accept_which"].zh)
    which.set_value([1, 3]).run()
    assert "待落位 200 → 150，建议 0 → 50" in " ".join(element.value for element in app.markdown)
    assert next(button for button in app.button if button.key == "siting_accept_do").label == "采纳 2 处建议"
    next(group for group in app.button_group if group.label == WORDS["accept_which"].zh).set_value(list(range(1, 9))).run()
    next(button for button in app.button if button.key == "siting_accept_do").click().run()
    after = load_district(folder).sites
    piles = after[after["commitment"] == "l9-charging-piles"]
    assert piles["amount"].sum() == before.loc[before["commitment"] == "l9-charging-piles", "amount"].sum() == 200
    assert piles["location_class"].value_counts().to_dict() == {"proposed": 8}
    next(button for button in app.button if button.key == "siting_undo_do").click().run()
    again = load_district(folder).sites
    assert again[["id", "location_class", "amount"]].sort_values("id").to_numpy().tolist() == before[["id", "location_class", "amount"]].sort_values("id").to_numpy().tolist()
