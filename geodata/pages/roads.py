"""The page of road openings: what opening a road changes, the answer first, then who gains and the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from geodata import classing
from geodata.asking import roads as asking
from geodata.asking.drawn import Drawn, drawn, entries_of
from geodata.changes import MoveFacility, RemoveFacility
from geodata.district import LOCATED_CLASSES, District
from geodata.drawing import Picture
from geodata.errors import BadInput, ChanheError
from geodata.openings import openings_of
from geodata.pages import _coverage_map, _roads_files, _roads_map, _roads_tables, _roads_work
from geodata.pages._answer import metres as metres_text
from geodata.pages._coverage_words import WORDS as COVERAGE_WORDS
from geodata.pages._files import Offer
from geodata.pages._map import Badge, publish, show_map
from geodata.pages._page import Page, Visit
from geodata.pages._panel import Asked, asked_now, show_panel
from geodata.pages._roads_words import WORDS
from geodata.question import Question
from geodata.standins import stand_ins
from layers import Text, every_layer

_KEY: Final = "roads_asked"
_LOADED: Final = "roads_loaded"
_MOST_FILE: Final = 5_000_000


@dataclass(frozen=True, eq=False)
class Shown:
    """One answer, ready to be shown.

    Attributes:
        heading: `演示 / Demonstration`, or empty.
        sentences: the answer in words.
        check: the self-check.
        rows: of the answer, one a layer or an opening and layer.
        points: demand points before and after, of what the map shows.
        tables: below the map.
        method: how it was worked out.
        shapes: roads drawn on the map: `id`, `type`, `at`, `name`, `on`, `kind`.
        offers: what can be taken away.
        changes: the scenario behind it.
        view: how the map shows it, where the answer has no say of its own.
    """

    heading: Text
    sentences: Sequence[Text]
    check: Text
    rows: pd.DataFrame
    points: gpd.GeoDataFrame
    tables: Sequence[Mapping[str, Any] | None]
    method: Sequence[Text]
    offers: Sequence[Offer]
    shapes: Sequence[Mapping[str, Any]] = ()
    changes: Sequence[Any] = field(default=())
    view: str = ""


def show(visit: Visit) -> None:
    """Show what is asked at the left, the answer at the right."""
    asked = asked_now(_KEY, asking.PARAMETERS)
    question, part = asking.question_of(asked), asking.part_of(asked)
    held = drawn(asked.get("s", ""), visit.district)
    with st.container(key="roads"):
        left, right = st.columns([27, 73], gap=None)
        with left, st.container(key="roads_ask"):
            show_panel("roads", key=_KEY, visit=visit, asked=asked, words=WORDS, data={
                "offer": asking.controls(), "chosen": list(question.layers), "shown": asking.shown_layer(asked, question), "part": part,
                "openings": [{"id": o.id, "name": asking.both(o.road.name)} for o in openings_of(visit.district)[0]],
                "problems": _problems(visit, held), "loaded": _loaded(visit)})
        with right, st.container(key="roads_answer"):
            _show_answer(visit, asked, question, part, held)


def _problems(visit: Visit, held: Drawn) -> list[dict[str, Any]]:
    """Return what is wrong with the scenario, in the visit's language."""
    return [{"row": problem.row, "level": problem.level, "text": visit.say(problem.message), "remedy": visit.say(problem.remedy)} for problem in held.problems]


def _loaded(visit: Visit) -> dict[str, Any] | None:
    """Return what the file brought in this run adds, or why it adds nothing; else what the last one did."""
    act = getattr(st.session_state.get(_KEY), "act", None)
    if act and act.get("do") == "file":
        name = str(act.get("name", ""))[:80]
        told: dict[str, Any] = {"nonce": act.get("nonce"), "entries": [], "ok": True}
        try:
            content = str(act.get("text", ""))
            if len(content) > _MOST_FILE:
                raise BadInput(WORDS["file_big"])
            told["entries"] = entries_of(content, name, visit.district)
            told["message"] = WORDS["opened"].format(name=name, n=len(told["entries"]))
        except ChanheError as error:
            told |= {"ok": False, "message": error.message}
        st.session_state[_LOADED] = told
    said = st.session_state.get(_LOADED)
    return {**said, "message": visit.say(said["message"])} if said else None


def _show_answer(visit: Visit, asked: Asked, question: Question, part: asking.Part, held: Drawn) -> None:
    wait = st.container(key="roads_wait")

    def watch(work: Any) -> Any:
        with wait:
            bar = st.progress(0.0, text=visit.say(WORDS["working"]))
        try:
            return work(lambda done: bar.progress(min(1.0, done), text=visit.say(WORDS["working"])))
        finally:
            bar.empty()

    answer = {"rank": _ranking, "try": _scenario, "links": _links}[part](visit, asked, question, held, watch)
    show_panel("answer", key="roads_top", visit=visit, asked={}, words=COVERAGE_WORDS, data={
        "part": "top", "plain": True, "heading": visit.say(answer.heading), "question": visit.say(WORDS[f"ask_{part}"]),
        "sentences": [visit.say(text) for text in answer.sentences], "access": visit.say(answer.check)})
    _show_picture(visit, asked, question, answer)
    show_panel("roads_tables", key="roads_below", visit=visit, asked={}, words=WORDS, data={
        "heading": visit.say(answer.heading), "part": part, "tables": [table for table in answer.tables if table], "method": [visit.say(text) for text in answer.method], "shapes": list(answer.shapes)})
    if answer.offers:
        _roads_files.show_files(visit, answer.offers)


def _ranking(visit: Visit, asked: Asked, question: Question, _held: Drawn, watch: _roads_work.Watch) -> Shown:
    """Return the ranking of the district's openings."""
    district, lang = visit.district, visit.lang
    found = _roads_work.ranked(district, question, watch)
    chosen = _roads_work.chosen_opening(found, asked.get("see", ""))
    points = _roads_work.gains_of(found.gains, asking.shown_layer(asked, question), chosen)
    if not len(points):  # nothing to rank, or nothing to walk to: the walks as they are
        points = _roads_work.gains_of(_roads_work.compared(district, question, (), watch).gains, asking.shown_layer(asked, question))
    names = {opening.id: opening.road.name for opening in found.openings}
    shapes = [{"id": o.id, "kind": "open_road", "type": "LineString", "at": _roads_work.degrees(district, o.road.line), "name": visit.say(o.road.name), "on": chosen in {o.id, "together"}}
              for o in found.openings]
    tables = [_roads_tables.ranking_table(found, lang, chosen) if len(found.rows) else None, _roads_tables.stability_table(found, lang),
              _roads_tables.streets_table(found.streets, names, lang) if len(found.streets) else None, _roads_tables.spread_table(found.rows, lang) if len(found.rows) else None]
    sentences = found.sentences if len(found.rows) or not found.openings else [WORDS["no_data"], *found.sentences]
    return Shown(found.heading, sentences, _check(found.longer_walks, opens=True), found.rows, points, tables, found.method,
                 _roads_files.ranking_offers(district, asked, found) if len(found.rows) else [], shapes, view="" if len(found.rows) else "before")


def _scenario(visit: Visit, asked: Asked, question: Question, held: Drawn, watch: _roads_work.Watch) -> Shown:
    """Return what the scenario does; without changes, or while one of them is wrong, the district as it is."""
    district, lang = visit.district, visit.lang
    changes = () if held.refused else held.changes
    found = _roads_work.compared(district, question, changes, watch)
    points = _roads_work.gains_of(found.gains, asking.shown_layer(asked, question))
    wrong = sum(problem.level == "error" for problem in held.problems)
    sentences = list(found.sentences) if len(found.rows) else [WORDS["no_data"]]
    if not changes:
        sentences = [WORDS["has_problems"].format(n=wrong) if wrong else WORDS["changes_none"]]
        return Shown(found.heading, sentences, Text("", ""), found.rows, points, [], found.method, [], view="before")
    tables = [_roads_tables.comparison_table(found, lang), _roads_tables.streets_table(found.streets, {}, lang), _roads_tables.spread_table(found.rows, lang)]
    opens = _roads_work.only_opens(changes)
    return Shown(found.heading, sentences, _check(found.longer_walks, opens=opens), found.rows, points, tables if len(found.rows) else tables[1:2], found.method,
                 _roads_files.scenario_offers(district, asked, found, changes), changes=changes)


def _links(visit: Visit, asked: Asked, question: Question, _held: Drawn, watch: _roads_work.Watch) -> Shown:
    """Return the links nobody has proposed."""
    district, lang = visit.district, visit.lang
    found = _roads_work.linked(district, question, watch, length_m=asking.length_of(asked), top=asking.top_of(asked), chosen=asked.get("see", ""))
    change = found.change or _roads_work.compared(district, question, (), watch)
    points = _roads_work.gains_of(change.gains, asking.shown_layer(asked, question))
    shapes = [{"id": str(place), "kind": "link", "type": "LineString", "at": entry[2], "name": str(place), "on": str(place) == found.chosen} for place, entry in enumerate(found.entries, start=1)]
    tables = [_roads_tables.links_table(found.found, lang, found.chosen, found.entries)] if found.entries else []
    about = [text for text in change.sentences if found.change]
    return Shown(found.found.heading, [*found.found.sentences, *_about(found.chosen, about)], _check(change.longer_walks, opens=True) if found.change else Text("", ""), change.rows, points,
                 [*tables, *([_roads_tables.comparison_table(change, lang)] if found.change else [])], found.found.method,
                 _roads_files.links_offers(district, asked, found.found) if found.entries else [], shapes, view="" if found.change else "before")


def _about(chosen: str, sentences: Sequence[Text]) -> list[Text]:
    """Return the sentences about the link the map shows, saying which it is."""
    name = WORDS["link_n"].format(n=chosen)
    return [Text("{name} — {text}", "{name} — {text}").format(name=name, text=text) for text in sentences[:1]] + list(sentences[1:])


def _check(longer: int, *, opens: bool) -> Text:
    """Return the self-check in words."""
    if not longer:
        return WORDS["check_good"]
    return WORDS["check_wrong" if opens else "check_longer"].format(n=longer)


def _show_picture(visit: Visit, asked: Asked, question: Question, answer: Shown) -> None:
    """Show one map, or two beside each other with equal classes, and the legend."""
    view = answer.view or asking.view_of(asked)
    sides = ("before", "after") if view == "twin" else (view,)
    layer = asking.shown_layer(asked, question)
    chart, side = (st.container(), st.container()) if len(sides) > 1 else st.columns([2, 1], gap="medium")
    every = list(visit.district.demand["demand_id"])
    own = answer.rows[answer.rows["layer"] == layer] if len(answer.rows) else answer.rows
    metres = float(own["metres"].iloc[0]) if len(own) and own["metres"].iloc[0] is not None else None
    draws = [int(count) for count in own["draws"].dropna()] if len(own) else []
    located, demo = _sites(visit.district, question, layer, answer.changes, drawn_ones=len(draws) > 0)
    points = answer.points if len(answer.points) else _nothing_walked(visit.district)
    with chart:
        for place, column in enumerate(st.columns(len(sides), gap="small")):
            with column:
                _show_map(visit, place, _classes(points, every, metres, sides[place]), (located, demo), badge=_badge(visit, answer.heading, draws), title=sides[place] if len(sides) > 1 else "")
    with side:
        show_panel("answer", key="roads_side", visit=visit, asked={}, words=COVERAGE_WORDS, data={"part": "side", "curve": [], "legend": _legend(visit, points, layer, (located, demo), metres=metres, sides=sides)})


def _classes(points: pd.DataFrame, every: list[str], metres: float | None, side: str) -> tuple[str, list[Any]]:
    """Return every cell's class and the colours of the classes."""
    if side == "diff":
        return classing.differences(points, every).values, classing.difference_palette()
    return classing.changed_walks(points, every, metres, side).values, classing.palette()


def _show_map(visit: Visit, place: int, classes: tuple[str, list[Any]], sites: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None], *, badge: Badge | None, title: str) -> None:
    """Show one map."""
    names = [_site_name(visit, row) for frame in sites if frame is not None for row in frame.to_dict("records")]
    patch, content = _coverage_map.sites_patch(visit.district, *sites, names)
    publish({str(patch["url"]).removeprefix("blob/"): content})
    if title:
        st.caption(visit.say(WORDS[f"view_{title}"]))
    patches: dict[str, Mapping[str, Any]] = {"cells": {"values": classes[0], "palette": classes[1]}, "sites": patch}
    show_map(_picture(visit.district, f"roads_{place}"), key=f"roads_map_{place}", lang=visit.lang, patches=patches, badge=badge)


@st.cache_resource(max_entries=6, show_spinner=False, hash_funcs={District: lambda district: district.stamp})
def _picture(district: District, name: str) -> Picture:
    return _roads_map.picture_of(district, name)


def _badge(visit: Visit, heading: Text, draws: Sequence[int]) -> Badge | None:
    if not visit.say(heading):
        return None
    return Badge(heading, WORDS["badge_draw"].format(draws=draws[0]) if len(draws) else WORDS["badge_ground"])


def _sites(district: District, question: Question, layer: str, changes: Sequence[Any], *, drawn_ones: bool) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """Return the located sites of a layer, those a scenario moves or removes left out, and its demo sites of draw 1."""
    gone = {change.site for change in changes if isinstance(change, MoveFacility | RemoveFacility)}
    sites = district.sites
    located = sites[(sites["layer"] == layer) & sites["location_class"].isin(LOCATED_CLASSES) & ~sites["id"].isin(gone)]
    if not drawn_ones:
        return located, None
    demo = stand_ins(district, draw=1, seed=question.seed)
    return located, demo[demo["layer"] == layer]


def _site_name(visit: Visit, row: Mapping[str, Any]) -> str:
    """Return what a site drawn is called; a demo site says what it is."""
    own = (row[f"name_{visit.lang}"] or row["name_zh"]) or every_layer()[row["layer"]].one.say(visit.lang)
    return f"{own} · {visit.say(WORDS['demo_site'])}" if row["location_class"] == "stand_in" else str(own)


def _legend(visit: Visit, points: pd.DataFrame, layer: str, sites: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None], *, metres: float | None, sides: Sequence[str]) -> dict[str, Any]:
    """Return the legend of the map, or of both maps."""
    name, colour = every_layer()[layer].name, every_layer()[layer].style.colour
    every = list(visit.district.demand["demand_id"])
    who = WORDS["who_other" if visit.district.demand_unit != "people" else "who_sketch" if visit.district.people_kind == "sketch" else "who_people"]
    if sides[0] == "diff":
        classes = classing.difference_legend(classing.differences(points, every))
    else:
        base = metres or 300.0
        steps = {"half": metres_text(base / 2), "metres": metres_text(base), "twice": metres_text(2 * base)}
        held = [classing.changed_walks(points, every, metres, side) for side in sides]
        classes = classing.legend(held[0], metres, steps) if len(held) == 1 else _roads_map.twin_legend(held[0], held[1], metres, steps)
    located, demo = sites
    marks = [{"colour": colour, "demo": False, "text": WORDS["mark_located"].format(n=len(located), name=name).say(visit.lang)}] if len(located) else []
    if demo is not None and len(demo):
        marks.append({"colour": colour, "demo": True, "text": WORDS["mark_demo"].format(n=len(demo), name=name).say(visit.lang)})
    return {"title": WORDS["legend_diff" if sides[0] == "diff" else "legend_walk"].format(name=name).say(visit.lang), "classes": classes, "sites": marks, "bands": "",
            "note": WORDS["legend_note" if len(sides) == 1 else "legend_note_twin"].format(who=who).say(visit.lang)}


def _nothing_walked(district: District) -> pd.DataFrame:
    """Return demand points that walk nowhere: the data hold no such facility."""
    nowhere = pd.Series(float("nan"), index=district.demand.index)
    return pd.DataFrame({"demand_id": district.demand["demand_id"], "people": district.demand["people"], "walk_before_m": nowhere, "walk_after_m": nowhere, "difference_m": nowhere})


PAGE = Page("roads", WORDS["nav"], show, bare=True)
