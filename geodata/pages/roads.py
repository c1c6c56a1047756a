"""The page of road openings: what opening a road changes, the answer first, then who gains and the figures."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from geodata.asking import roads as asking
from geodata.asking.drawn import Drawn, brought, count_of, drawn
from geodata.capacity import UNITS, has_capacity
from geodata.changes import NAMELESS
from geodata.district import District
from geodata.errors import BadInput, ChanheError
from geodata.findings import Asked as Report
from geodata.opening_words import not_ranked, stability_sentence
from geodata.openings import openings_of
from geodata.pages import _readings, _roads_check, _roads_files, _roads_gainers, _roads_tables, _roads_work
from geodata.pages._answer import Table
from geodata.pages._coverage_report import show_report
from geodata.pages._coverage_words import WORDS as COVERAGE_WORDS
from geodata.pages._files import Offer
from geodata.pages._page import Page, Visit
from geodata.pages._panel import Asked, asked_now, show_panel
from geodata.pages._refused import show_refused
from geodata.pages._roads_picture import Walks, show_picture
from geodata.pages._roads_words import WORDS
from geodata.pages._waiting import StoppedError, Watch
from geodata.question import Question
from geodata.wording import without_heading
from layers import Text

_KEY: Final = "roads_asked"
_LAST: Final = "roads_last"
_LOADED: Final = "roads_loaded"
_MOST_FILE: Final = 5_000_000
_MOST_WRONG: Final = 5
_ALONE: Final = frozenset({"see", "view", "show", "name", "bname"})
"""Parameters that show an answer another way and ask nothing."""


@dataclass(frozen=True, eq=False)
class Shown:
    """One answer, ready to be shown.

    Attributes:
        walks: what the maps show.
        sentences: the answer in words.
        checks: the self-check.
        tables: below the map.
        method: how it was worked out.
        offers: what can be taken away.
        shapes: roads drawn on the map: `id`, `type`, `at`, `name`, `on`, `kind`.
        aside: what is said in small print below the sentences.
        view: how the map shows it, where the answer has no say of its own.
    """

    walks: Walks
    sentences: Sequence[Text]
    checks: Sequence[_roads_check.Check]
    tables: Sequence[Mapping[str, Any] | None]
    method: Sequence[Text]
    offers: Sequence[Offer]
    shapes: Sequence[Mapping[str, Any]] = ()
    aside: Sequence[Text] = ()
    view: asking.View | None = None


@dataclass(frozen=True)
class Asks:
    """What the address asks.

    Attributes:
        asked: as it stands there.
        question: about walks.
        layer: the one the map speaks of.
        here: the scenario.
        held: the one it is held against, None where that is the district as it is.
    """

    asked: Asked
    question: Question
    layer: str
    here: Drawn
    held: Drawn | None


def show(visit: Visit) -> None:
    """Show what is asked at the left, the answer at the right."""
    asked = asked_now(_KEY, asking.PARAMETERS)
    question, part = asking.question_of(asked), asking.part_of(asked)
    asks = _asks(visit, asked)
    wrong = asking.refused_of(asked)
    with st.container(key="roads"):
        left, right = st.columns([27, 73], gap=None)
        with left, st.container(key="roads_ask"):
            show_panel("roads", key=_KEY, visit=visit, asked=asked, words=WORDS, data={
                "offer": asking.controls(), "chosen": list(question.layers), "shown": asks.layer, "part": part,
                "openings": [{"id": o.id, "name": asking.both(o.road.name)} for o in openings_of(visit.district)[0]],
                "sites": asking.sites_offered(visit.district, asks.layer) if part == "try" else [],
                "refused": {name: visit.say(text) for name, text in wrong.items()},
                "held_wrong": bool(asked.get("b")) and asks.held is None, "problems": _problems(visit, asks.here), "loaded": _loaded(visit, count_of(asked.get("s", ""))),
                "capacity": _knows_room(visit.district, question)})
        with right, st.container(key="roads_answer"):
            stands, last = st.session_state.get(_LAST, (None, None))
            answers = asked if not wrong else last if stands == (visit.district.stamp, part) else None
            show_refused(visit, wrong.values(), kept=answers is not None)
            if answers is None:
                return
            st.session_state[_LAST] = ((visit.district.stamp, part), answers)
            _show_answer(visit, _asks(visit, answers) if wrong else asks, part, former=bool(wrong))


def _asks(visit: Visit, asked: Asked) -> Asks:
    """Return what an address asks, its scenarios read."""
    question = asking.question_of(asked)
    held = drawn(asked["b"], visit.district) if asked.get("b") else None
    return Asks(asked, question, asking.shown_layer(asked, question), drawn(asked.get("s", ""), visit.district), held if held and not held.refused else None)


def _knows_room(district: District, question: Question) -> list[str]:
    """Return the asked layers whose capacity means something: units are counted, or some site says how many it has."""
    return [layer for layer in question.layers if layer in UNITS or has_capacity(district, layer)]


def _problems(visit: Visit, held: Drawn) -> list[dict[str, Any]]:
    """Return what is wrong with the scenario, in the visit's language."""
    return [{"row": problem.row, "level": problem.level, "text": visit.say(problem.message), "remedy": visit.say(problem.remedy)} for problem in held.problems]


def _loaded(visit: Visit, already: int) -> dict[str, Any] | None:
    """Return what the file brought in this run adds to `already` so many changes, or why it adds nothing; else what the last one did."""
    act = getattr(st.session_state.get(_KEY), "act", None)
    if act and act.get("do") == "file":
        name = str(act.get("name", ""))[:80]
        told: dict[str, Any] = {"nonce": act.get("nonce"), "entries": [], "ok": True, "notes": [], "name": NAMELESS}
        try:
            found = brought(_content(act), name, visit.district, already=already)
            told |= {"entries": found.entries, "notes": found.notes, "name": found.name, "ok": not found.wrong, "message": WORDS["opened"].format(name=name, n=len(found.entries))}
        except ChanheError as error:
            told |= {"ok": False, "message": error.message}
        st.session_state[_LOADED] = told
    said = st.session_state.get(_LOADED)
    if not said:
        return None
    words = [visit.say(said["message"]), *(visit.say(note) for note in said["notes"])]
    return {**said, "message": ("" if visit.lang == "zh" else " ").join(words), "notes": len(said["notes"]), "name": visit.say(said["name"])}


def _content(act: Mapping[str, Any]) -> str | bytes:
    """Return what a file holds: text, or bytes where it is none.

    Raises:
        BadInput: it is too large, or did not come whole.
    """
    text, data = str(act.get("text", "")), str(act.get("data", ""))
    if max(len(text), len(data) * 3 // 4) > _MOST_FILE:
        raise BadInput(WORDS["file_big"])
    try:
        return base64.b64decode(data, validate=True) if data else text
    except binascii.Error as error:
        raise BadInput(WORDS["file_cut"]) from error


def _show_answer(visit: Visit, asks: Asks, part: asking.Part, *, former: bool) -> None:
    """Show an answer; of a former one nothing is taken away."""
    signature = json.dumps([visit.district.stamp, part, {name: text for name, text in asks.asked.items() if name not in _ALONE}])
    watch = Watch(visit, st.container(key="roads_wait"), name="roads", asked=signature, words=WORDS["working"])
    try:
        answer = {"rank": _ranking, "try": _scenario, "links": _links}[part](visit, asks, watch)
    except StoppedError:
        watch.show_stopped()
        return
    heading = visit.say(answer.walks.heading)
    ask = "ask_two" if part == "try" and asks.held else f"ask_{part}"
    show_panel("answer", key="roads_top", visit=visit, asked={}, words=COVERAGE_WORDS, data={
        "part": "top", "plain": True, "heading": heading, "question": visit.say(WORDS[ask]),
        "sentences": [_readings.no_break(visit.say(without_heading(text))) for text in answer.sentences],
        "checks_title": visit.say(WORDS["check_title"]), "checks": _roads_check.told(answer.checks, visit.say), "access": ("" if visit.lang == "zh" else " ").join(visit.say(text) for text in answer.aside)})
    show_picture(visit, answer.walks, answer.view or asking.view_of(asks.asked))
    show_panel("roads_tables", key="roads_below", visit=visit, asked={}, words=WORDS, data={
        "heading": heading, "part": part, "tables": [table for table in answer.tables if table], "method": [visit.say(text) for text in answer.method], "shapes": list(answer.shapes),
        "command": asking.command_of(asks.asked) if answer.offers else "", "files": part == "try"})
    if former:
        return
    if answer.offers:
        _roads_files.show_files(visit, answer.offers)
    if part == "try" and answer.offers and asks.held is None:  # what the report compares is the scenario with the district as it is
        show_report(visit, Report(asks.question, changes=asks.here.changes, scenario=asking.name_of(asks.asked)), page="roads")


def _ranking(visit: Visit, asks: Asks, watch: Watch) -> Shown:
    """Return the ranking of the district's openings."""
    district, lang, question = visit.district, visit.lang, asks.question
    found = _roads_work.ranked(district, question, watch)
    chosen = _roads_work.chosen_opening(found, asks.asked.get("see", ""))
    points = _roads_work.gains_of(found.gains, asks.layer, chosen)
    if not len(points):  # nothing to rank, or nothing to walk to: the walks as they are
        points = _roads_work.gains_of(_roads_work.compared(district, question, (), watch).gains, asks.layer)
    names = {opening.id: opening.road.name for opening in found.openings}
    shapes = [{"id": o.id, "kind": "open_road", "type": "LineString", "at": _roads_work.degrees(district, o.road.line), "name": visit.say(o.road.name),
               "on": chosen in {o.id, "together"}} for o in found.openings]
    some = bool(len(found.rows))
    entries = {o.id: [_roads_work.opening_entry(district, o)] for o in found.openings}
    entries["together"] = [entry for own in entries.values() for entry in own]
    tables = [_roads_tables.ranking_table(found, lang, chosen, entries) if some else None, _roads_tables.stability_table(found, lang),
              *_gainers(visit, asks, found.rows, points),
              _roads_tables.streets_table(found.streets, names, lang) if len(found.streets) else None, _roads_tables.spread_table(found.rows, lang) if some else None]
    checks, aside = _roads_check.ranking_checks(found), not_ranked(found.waiting)
    firm = stability_sentence(found.stability, names, demonstration=found.demonstration)
    sentences = [*(text for text in _roads_check.without_checks(found.sentences, checks) if text not in {*aside, *firm}), *firm]
    walks = Walks(question, asks.layer, found.heading, found.rows, points)
    return Shown(walks, sentences if some or not found.openings else [WORDS["no_data"]], checks, tables, found.method,
                 _roads_files.ranking_offers(district, asks.asked, found) if some else [], shapes, aside, None if some else "before")


def _scenario(visit: Visit, asks: Asks, watch: Watch) -> Shown:
    """Return what the scenario does; without changes, or while one of them is wrong, the district as it is."""
    district, lang, held = visit.district, visit.lang, asks.here
    changes = () if held.refused else held.changes
    against = () if asks.held is None or held.refused else asks.held.changes
    found = _roads_work.compared(district, asks.question, changes, watch, against=against)
    points = _roads_work.gains_of(found.gains, asks.layer)
    walks = Walks(asks.question, asks.layer, found.heading, found.rows, points, changes, None if asks.held is None else against)
    wrong = sum(problem.level == "error" for problem in held.problems)
    if not changes and not against:
        said = [WORDS["has_problems"].format(n=wrong), *_wrong(held)] if wrong else [WORDS["changes_none"]]
        return Shown(walks, said, (), [], found.method, [], view="before")
    checks = _roads_check.comparison_checks(found, changes, two=asks.held is not None)
    two = asks.held is not None
    titles = {"before": WORDS["view_held"], "after": WORDS["view_this"]} if two else {}
    room = _roads_work.roomed(district, asks.question, changes, watch, against=against, people_per_unit=asking.number(asks.asked, "per"))
    streets = _roads_tables.streets_table(found.streets, titles, lang)
    tables = [_roads_tables.comparison_table(found, lang, two=two), _roads_gainers.room_table(room, lang, two=two), *_gainers(visit, asks, found.rows, points), streets,
              _roads_tables.spread_table(found.rows, lang, two=two)] if len(found.rows) else [streets]
    sentences = [*_roads_check.without_checks(found.sentences, checks), *(one.sentence() for one in room)] if len(found.rows) else [WORDS["no_data"]]
    return Shown(walks, sentences, checks, tables, found.method, _roads_files.scenario_offers(district, asks.asked, found, changes, against if two else None))


def _wrong(held: Drawn) -> list[Text]:
    """Return what must be put right, each with the change it is about."""
    return [Text("{where}{message}{remedy}", "{where}{message} {remedy}").format(
        where=WORDS["problem_at"].format(n=problem.row) if problem.row else Text("", ""), message=problem.message, remedy=problem.remedy)
        for problem in held.problems if problem.level == "error"][:_MOST_WRONG]


def _gainers(visit: Visit, asks: Asks, rows: pd.DataFrame, points: gpd.GeoDataFrame) -> list[Table]:
    """Return the map's table twin."""
    own = rows[rows["layer"] == asks.layer] if len(rows) else rows
    draw = 1 if len(own) and int(own["demo_sites"].iloc[0]) > 0 else None
    return _roads_gainers.gainers_tables(visit.district, points, asks.layer, visit.lang, draw=draw, two=asks.held is not None) if len(own) else []


def _links(visit: Visit, asks: Asks, watch: Watch) -> Shown:
    """Return the links nobody has proposed."""
    district, lang, asked = visit.district, visit.lang, asks.asked
    found = _roads_work.linked(district, asks.question, watch, length_m=asking.length_of(asked), top=asking.top_of(asked), chosen=asked.get("see", ""))
    change = found.change or _roads_work.compared(district, asks.question, (), watch)
    points = _roads_work.gains_of(change.gains, asks.layer)
    shapes = [{"id": str(place), "kind": "link", "type": "LineString", "at": entry[2], "name": str(place), "on": str(place) == found.chosen}
              for place, entry in enumerate(found.entries, start=1)]
    tables = [_roads_tables.links_table(found.found, lang, found.chosen, found.entries, district.demand_unit)] if found.entries else []
    checks = _roads_check.comparison_checks(change, found.changes) if found.change else []
    about = _about(found.chosen, _roads_check.without_checks(change.sentences, checks)) if found.change and found.chosen != "1" else []
    looked, *caveat = found.found.sentences
    return Shown(Walks(asks.question, asks.layer, found.found.heading, change.rows, points, found.changes), [looked, *about], checks,
                 [*tables, *([_roads_tables.comparison_table(change, lang), *_gainers(visit, asks, change.rows, points)] if found.change else [])], found.found.method,
                 _roads_files.links_offers(district, asked, found.found) if found.entries else [], shapes, caveat, None if found.change else "before")


def _about(chosen: str, sentences: Sequence[Text]) -> list[Text]:
    """Return the sentences about the link the map shows, saying which it is."""
    name = WORDS["link_n"].format(n=chosen)
    return [Text("{name}（图上所示）：{text}", "{name}, shown on the map: {text}").format(name=name, text=without_heading(text)) for text in sentences]


PAGE = Page("roads", WORDS["nav"], show, bare=True)
