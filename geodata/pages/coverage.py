"""The coverage page: whom the sites serve on foot, the answer first, then the figures and what they rest on."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from geodata import classing, numerals
from geodata.asking import coverage as asking
from geodata.district import District
from geodata.drawing import Picture
from geodata.findings import Asked
from geodata.pages import _answer, _coverage_map, _readings
from geodata.pages._coverage_files import offers, show_files
from geodata.pages._coverage_report import show_report
from geodata.pages._coverage_words import WORDS
from geodata.pages._map import Badge, publish, show_map
from geodata.pages._page import Page, Visit
from geodata.pages._panel import asked_now, show_panel
from geodata.pages._refused import show_refused
from geodata.pages._room import show_room
from geodata.pages._words import attribution_of
from geodata.question import Question
from geodata.reached import (
    Reach,
    bands_shown,
    classes_shown,
    has_figure,
    left_out_of,
    reach_of,
    row_shown,
    standards_line,
)
from geodata.report import Coverage, coverage, street_service, walk_curve
from geodata.walking import SHARED, Kept, demo_sites
from geodata.wording import layer_name
from layers import Lang, Text, every_layer

_KEY: Final = "coverage_asked"
_LAST: Final = "coverage_last"
_STANDS: Final = "coverage_stands"
_OUTLINE: Final = """<div style="font-family:inherit" aria-busy="true"><p style="font-weight:600;opacity:.75;margin:0 0 18px">{heading}</p>
<div style="height:22px;width:80%;border-radius:6px;background:rgb(128 128 128/.13);margin:0 0 18px"></div>
<div style="height:52vh;border-radius:8px;background:rgb(128 128 128/.08)"></div></div>"""
ANSWERS: Final = Kept(most_bytes=96 * 2**20)
"""Answers given before, for all visitors: equal districts and equal questions have equal answers."""


@dataclass(frozen=True, eq=False)
class Answered:
    """Everything the page shows of one question.

    Attributes:
        answer: the answer.
        curve: people by how far they walk.
        streets: metres of street within reach.
        reach: how far people are from what the map shows.
        bands: its service areas, or None.
        demo: its demo sites as drawn, draw 1, or None.
        any_demo: whether any layer of the question has demo sites.
    """

    answer: Coverage
    curve: pd.DataFrame
    streets: pd.DataFrame
    reach: Reach
    bands: gpd.GeoDataFrame | None
    demo: gpd.GeoDataFrame | None
    any_demo: bool


def show(visit: Visit) -> None:
    """Show what is asked at the left, the answer at the right."""
    asked = asked_now(_KEY, asking.PARAMETERS)
    question = asking.question_of(asked, visit.district)
    wrong = asking.refused(asked, question)
    with st.container(key="coverage"):
        left, right = st.columns([27, 73], gap=None)
        with left, st.container(key="coverage_ask"):
            show_panel("coverage", key=_KEY, visit=visit, asked=asked, words=WORDS, data={
                "offer": asking.controls(visit.district, question), "refused": {name: visit.say(text) for name, text in wrong.items()}})
        with right, st.container(key="coverage_answer"):
            stamp, last = st.session_state.get(_LAST, ("", None))
            answers = asked if not wrong else last if stamp == visit.district.stamp else None
            show_refused(visit, wrong.values(), kept=answers is not None)
            if answers is None:
                return
            st.session_state[_LAST] = (visit.district.stamp, answers)
            question = asking.question_of(answers, visit.district)
            shown = asking.shown_of(answers, question)
            given = _answered(visit, question, shown, bands=answers.get("bands") == "1")
            _show_answer(visit, given, shown, former=bool(wrong))


def _answered(visit: Visit, question: Question, shown: str, *, bands: bool) -> Answered:
    """Return the answer, given before or worked out now with its progress shown; the first time its place is outlined."""
    wait = st.container(key="coverage_wait")
    district = visit.district
    key = ("answer", district.stamp, question, shown, bands)

    def work() -> Answered:
        place = wait.empty()
        with place.container():
            bar = st.progress(0.0, text=visit.say(WORDS["working"]))
            if not st.session_state.get(_STANDS):
                st.html(_OUTLINE.format(heading=html.escape(_asked_aloud(visit, question))))
        try:
            return answer_of(district, question, shown, bands=bands, progress=lambda part: bar.progress(min(1.0, part), text=visit.say(WORDS["working"])))
        finally:
            place.empty()

    given = ANSWERS.get(key, work, lambda given: 400 * len(given.reach.points) + 200_000)
    st.session_state[_STANDS] = True
    return given


def answer_of(district: District, question: Question, shown: str, *, bands: bool = False, progress: Any = None) -> Answered:
    """Work out everything the page shows.

    Args:
        district: where.
        question: what.
        shown: what the map speaks of, one of `asking.choices`.
        bands: whether its service areas are wanted.
        progress: told the share done, 0 to 1.
    """
    answer = coverage(district, question, progress=progress)
    reach = reach_of(district, question, shown)
    drawn = demo_sites(district, question, SHARED) if district.streets_kind == "sketch" else None
    demo = drawn[drawn["layer"].isin(reach.standards)] if drawn is not None and reach.drawn else None
    return Answered(answer, walk_curve(district, question), street_service(district, question), reach,
                    bands_shown(district, question, reach) if bands else None, demo, drawn is not None and bool(drawn["layer"].isin(question.layers).any()))


def _show_answer(visit: Visit, given: Answered, shown: str, *, former: bool) -> None:
    """Show an answer; of a former one nothing is taken away."""
    answer, lang = given.answer, visit.lang
    heading = visit.say(answer.heading)
    show_panel("answer", key="coverage_top", visit=visit, asked={}, words=WORDS, data={
        "part": "top", "heading": heading, "question": _asked_aloud(visit, answer.question),
        "sentences": _readings.sentences_of(answer, lang), "readings": _readings.readings_of(answer, lang), "access": visit.say(_answer.access_line(visit.district, answer))})
    if not len(answer.rows):
        return
    chart, side = st.columns([3, 2], gap="medium")
    with chart:
        show_panel("answer", key="coverage_pick", visit=visit, asked={}, words=WORDS, data={"part": "pick", "now": shown, "choices": _choices(given.answer.question)})
        _show_picture(visit, given)
    with side:
        show_panel("answer", key="coverage_side", visit=visit, asked={}, words=WORDS, data={"part": "side", **_beside_map(visit, given)})
    show_panel("answer", key="coverage_below", visit=visit, asked={}, words=WORDS, data={"part": "below", "heading": heading, **_below(visit, given)})
    if former:
        return
    show_room(visit, shown, given.reach.standards.get(shown))
    ticked = show_files(visit, offers(visit, answer.question), demo=given.any_demo, several=len(answer.question.layers) > 1)
    show_report(visit, Asked(answer.question, demo_sites=ticked))


def _show_picture(visit: Visit, given: Answered) -> None:
    """Show the map; another standard sends one character a cell."""
    district = visit.district
    picture = _picture(district)
    held = classes_shown(district, given.answer, given.reach)
    located = given.answer.sites[given.answer.sites["layer"].isin(given.reach.standards)]
    names = _site_names(visit, located, given.demo)
    sites, site_content = _coverage_map.sites_patch(district, located, given.demo, names)
    patches: dict[str, Mapping[str, Any]] = {"cells": {"values": held.values, "palette": classing.palette()}, "sites": sites}
    blobs = {sites["url"].removeprefix("blob/"): site_content}
    empty = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=district.metric_crs), crs=district.metric_crs)
    patches["bands"], band_content = _coverage_map.bands_patch(empty if given.bands is None else given.bands, on=given.bands is not None)
    blobs[str(patches["bands"]["url"]).removeprefix("blob/")] = band_content
    publish(blobs)
    badge = None
    if given.answer.demonstration:
        badge = Badge(given.answer.heading, WORDS["badge_draw"].format(draws=given.answer.question.draws) if given.demo is not None and len(given.demo) else WORDS["badge_ground"])
    show_map(picture, key="coverage_map", lang=visit.lang, patches=patches, badge=badge, attribution=attribution_of(district))


@st.cache_resource(max_entries=3, show_spinner=False, hash_funcs={District: lambda district: district.stamp})
def _picture(district: District) -> Picture:
    return _coverage_map.picture_of(district)


def _choices(question: Question) -> list[dict[str, Any]]:
    """Return what the map can show, with the mark and the name of each."""
    layers = every_layer()
    return [{"key": key, "zh": layer_name(key).zh, "en": layer_name(key).en, "style": asking.style_of(layers[key]) if key in layers else None} for key in asking.choices(question)]


def _site_names(visit: Visit, located: gpd.GeoDataFrame, demo: gpd.GeoDataFrame | None) -> list[str]:
    """Return what each site drawn is called; a demo site says what it is."""
    frames = [located] if demo is None else [located, demo]
    names = []
    for frame in frames:
        for row in frame.to_dict("records"):
            own = (row[f"name_{visit.lang}"] or row["name_zh"]) or every_layer()[row["layer"]].one.say(visit.lang)
            names.append(f"{own} · {visit.say(WORDS['demo_site'])}" if row["location_class"] == "stand_in" else str(own))
    return names


def _beside_map(visit: Visit, given: Answered) -> dict[str, Any]:
    """Return the legend and the curve."""
    lang, answer, reach = visit.lang, given.answer, given.reach
    held = classes_shown(visit.district, answer, reach)
    base = reach.metres or classing.DEFAULT_M
    steps = {"half": numerals.metres(base / 2), "metres": numerals.metres(base), "twice": numerals.metres(2 * base)}
    marks = _marks(given, lang)
    people = visit.district.demand_unit == "people"
    row = row_shown(answer, reach)
    some = has_figure(row)
    note = WORDS["legend_none"] if not some else WORDS["legend_other"].format(unit=_answer.demand_name(visit.district)) if not people else WORDS["legend_demo"] if answer.demonstration else WORDS["legend_real"]
    within = WORDS["within_own"].say(lang) if reach.mixed else steps["metres"]
    draws = answer.rows["draws"].dropna()
    return {
        "legend": {"title": (WORDS["legend_any"].format(n=len(reach.standards)) if reach.key == asking.ANY else WORDS["legend"].format(name=reach.name)).say(lang),
                   "standards": WORDS["legend_own"].format(standards=standards_line(reach)).say(lang) if reach.mixed else "",
                   "classes": classing.legend(held, reach.metres, steps, mixed=reach.mixed) if some else [], "sites": marks,
                   "bands": "" if given.bands is None else WORDS["legend_bands"].format(metres=within).say(lang), "note": visit.say(note),
                   "draw": visit.say(_draw_line(held, row)) if any(mark["demo"] for mark in marks) and row is not None else ""},
        "curve": _answer.curve(given.curve, answer), "curve_title": visit.say(WORDS["curve"]), "curve_key": True,
        "curve_label": WORDS["curve_label"].say(lang),
        "curve_note": WORDS["curve_range"].format(draws=int(draws.iloc[0])).say(lang) if len(draws) else "",
    }


def _marks(given: Answered, lang: Lang) -> list[dict[str, Any]]:
    """Return what the legend says of the sites drawn, layer by layer: located ones, demo sites."""
    marks = []
    for key in given.reach.standards:
        layer = every_layer()[key]
        located = int((given.answer.sites["layer"] == key).sum())
        drawn = 0 if given.demo is None else int((given.demo["layer"] == key).sum())
        marks += [{"colour": layer.style.colour, "demo": demo, "text": WORDS["mark_demo" if demo else "mark_located"].format(n=n, name=layer.name).say(lang)}
                  for demo, n in ((False, located), (True, drawn)) if n]
    return marks


def _draw_line(held: classing.Classed, row: Mapping[str, Any]) -> Text:
    """Return what the legend's one draw is beside the range of all, and that it lies outside where it does."""
    ends = (row["range"] or {}).get("covered_share")
    if not ends or None in ends:
        return Text("", "")
    own = classing.within_share(held)
    outside = not ends[0] - 1e-9 <= own <= ends[1] + 1e-9
    return WORDS["legend_draw_outside" if outside else "legend_draw"].format(draws=row["draws"], own=numerals.share(own), range=numerals.share_range(row))


def _below(visit: Visit, given: Answered) -> dict[str, Any]:
    """Return the tables and what the answer rests on."""
    lang, answer = visit.lang, given.answer
    missed = _answer.unserved_table(answer, left_out_of(answer, given.reach), lang)
    beside = _answer.side_table(answer, given.streets, lang)
    return {
        "rows": _answer.rows_table(answer, lang), "by_area": _answer.by_area_table(answer, lang), "beside": beside if beside["rows"] else None,
        "beside_note": visit.say(_streets_note(given.streets, answer.question.draws)),
        "extra": [visit.say(line) for line in _answer.extra_lines(answer)], "unserved": missed,
        "unserved_title": WORDS["unserved"].format(name=given.reach.name, points=missed["points"], people=missed["people"], unit=_answer.unit_of(visit.district)).say(lang)
        if has_figure(row_shown(answer, given.reach)) else "",
        "unserved_note": WORDS["unserved_note_demo" if answer.demonstration else "unserved_note"].format(n=missed["shown"]).say(lang),
        "assumptions": [_readings.no_break(visit.say(line)) for line in answer.assumptions], "method": [_readings.no_break(visit.say(line)) for line in answer.method],
        "sources": [_readings.no_break(visit.say(line)) for line in answer.sources],
    }


def _streets_note(streets: pd.DataFrame, draws: int) -> Text:
    """Return how the metres of street within reach of demo sites come about."""
    runs = [int(row["draws"]) for row in _answer.records_of(streets) if row["drawn"]]
    return WORDS["beside_note"].format(n=max(runs), draws=draws) if runs else Text("", "")


def _asked_aloud(visit: Visit, question: Question) -> str:
    """Return the question as the page's heading says it."""
    text = visit.say(asking.aloud(question))
    return text[:1].upper() + text[1:] + ("？" if visit.lang == "zh" else "")


PAGE = Page("coverage", WORDS["title"], show, bare=True)
