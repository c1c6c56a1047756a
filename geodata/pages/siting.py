"""The siting page: where the next sites help most, solved in another process, proposed, and accepted on real streets."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from geodata import classing
from geodata.asking import siting as asking
from geodata.checks import refuse_errors
from geodata.crs import DATUMS
from geodata.district import District
from geodata.drawing import Picture, blob
from geodata.errors import ChanheError
from geodata.intake import read_vector
from geodata.jobs import Job
from geodata.pages import _bring_words, _coverage_map, _siting_answer
from geodata.pages._map import Badge, publish, show_map
from geodata.pages._page import Page, Visit
from geodata.pages._panel import Asked, asked_now, show_panel
from geodata.pages._siting_accept import show_accept, show_said
from geodata.pages._siting_files import show_files
from geodata.pages._siting_jobs import forget, job_of, keep_only, show_left, show_progress
from geodata.pages._siting_words import WORDS
from geodata.pages._words import attribution_of
from geodata.siting_answer import Sited
from geodata.siting_question import Siting
from geodata.siting_ties import Ties
from geodata.siting_work import Found, find_curve, find_sites, find_ties
from geodata.telling.siting import classed
from geodata.wording import heading_of
from layers import Text, every_layer

_KEY: Final = "siting_asked"
_LAST: Final = "siting_last"
_MOST_TOLD: Final = 5


def show(visit: Visit) -> None:
    """Show what is asked at the left, the answer at the right."""
    asked = asked_now(_KEY, asking.PARAMETERS)
    question = asking.question_of(asked, visit.district)
    with st.container(key="siting"):
        left, right = st.columns([27, 73], gap=None)
        with left, st.container(key="siting_ask"):
            show_panel("siting", key=_KEY, visit=visit, asked=asked, words=WORDS, data={"offer": asking.controls(visit.district, question)})
            places, lacking = _brought(visit, question)
        with right, st.container(key="siting_answer"):
            wrong = asking.refused(asked, question, visit.district)
            lacking = wrong or lacking or asking.missing(question, visit.district)
            show_said(visit)
            if lacking is None:
                _show_answer(visit, asked, question, places)
            else:
                (st.info if wrong is None else st.error)(visit.say(lacking))
                _show_last(visit, question)


def _brought(visit: Visit, question: Siting) -> tuple[tuple[gpd.GeoDataFrame, str] | None, Text | None]:
    """Return the candidates a file brings with the hash of it, or what is lacking."""
    if question.candidates == "layer:":
        return None, WORDS["from_missing"]
    if question.candidates != "file":
        return None, None
    words = _bring_words.WORDS
    st.html(f"<style>:root{{--cp-choose:'{visit.say(words['choose'])}';--cp-drop:'{visit.say(words['drop'])}'}}</style>")
    with st.container(key="siting_file"):
        file = st.file_uploader(visit.say(WORDS["file"]), key="siting_upload")
        datum = st.selectbox(visit.say(WORDS["datum"]), ["", *DATUMS], key="siting_datum",
                             format_func=lambda key: visit.say(DATUMS[key].name if key else WORDS["datum_auto"]))
    if file is None:
        return None, WORDS["file_missing"]
    content = file.getvalue()
    try:
        frame, problems = read_vector(content, datum=datum or None, name=file.name)
        refuse_errors(problems, WORDS["file"])
        for problem in [one for one in problems if one.code != "no_place"][:_MOST_TOLD]:  # rows without a position are counted beside the answer
            st.caption(visit.say(Text("{a}{b}", "{a} {b}").format(a=problem.message, b=problem.remedy)))
    except ChanheError as error:
        return None, error.message
    return (frame, sha256(content + datum.encode("ascii")).hexdigest()), None


def _show_answer(visit: Visit, asked: Asked, question: Siting, places: tuple[gpd.GeoDataFrame, str] | None) -> None:
    """Show the answer, or how far it is with the answer before it."""
    frame, stamp = places or (None, "")
    base = (visit.district.stamp, question, stamp)
    keep_only(base)
    job = job_of("sites", base, find_sites, visit.district, question, frame)
    if job is None:
        show_left(visit, "sites")
        _show_last(visit, question)
        return
    if job.state == "failed":
        _show_failed(visit, job)
        if st.button(visit.say(WORDS["again"]), key="siting_again_failed"):
            forget("sites")
            st.rerun()
        _show_last(visit, question)
        return
    found: Found | None = job.result
    wait, again = st.container(key="siting_wait"), st.container(key="siting_offer")  # there or empty, so that the map below keeps its place and stays
    if found is None:
        found = _last(visit, question)
        with wait:
            show_progress(visit, "sites", earlier=found is not None)
        if found is None:
            return
    st.session_state[_LAST] = (visit.district.stamp, found)
    running = job.result is None
    if not running and not found.sited.proven and found.sited.status != "infeasible":
        with again:
            _offer_again(visit, job)
    curve, ties = _show_found(visit, asked, found, running=running, further=lambda: _further(visit, asked, base, frame, found))
    if running:
        return
    show_files(visit, asked, found, curve, ties)
    if found.sited.status != "infeasible":
        show_accept(visit, found.sited)


def _show_failed(visit: Visit, job: Job) -> None:
    (st.info if job.stopping else st.error)(visit.say(job.error.message if job.error else WORDS["starting"]))


def _last(visit: Visit, question: Siting) -> Found | None:
    """Return the answer shown last, where it is one of this district and layer."""
    last: tuple[str, Found] | None = st.session_state.get(_LAST)
    return last[1] if last is not None and last[0] == visit.district.stamp and last[1].sited.layer == question.layer else None


def _show_last(visit: Visit, question: Siting) -> None:
    """Show the answer before it, where there is one: what cannot be answered takes nothing away."""
    found = _last(visit, question)
    if found is not None:
        st.caption(visit.say(WORDS["kept_below"]))
        _show_found(visit, {}, found, running=True, further=lambda: (None, None))


def _show_found(visit: Visit, asked: Asked, found: Found, *, running: bool, further: Callable[[], tuple[pd.DataFrame | None, Ties | None]]) -> tuple[pd.DataFrame | None, Ties | None]:
    """Show an answer: words, map, tables; `running` where it is not the answer to what is asked now."""
    show_panel("sited", key="siting_top", visit=visit, asked={}, words=WORDS, data=_siting_answer.top(visit, found, waiting=running))
    chart, side = st.columns([3, 2], gap="medium")
    with chart:
        _show_picture(visit, found.sited)
    name = blob(found.places, ".json")
    publish({name: found.places})
    with side:
        show_panel("sited", key="siting_side", visit=visit, asked={}, words=WORDS, data={
            **_siting_answer.side(visit, found, f"blob/{name}"), "further": [] if running else _offered(visit, asked, found.sited)})
    curve, ties = (None, None) if running else further()
    show_panel("sited", key="siting_below", visit=visit, asked={}, words=WORDS, data=_siting_answer.below(visit, found, curve, ties, command="" if running else _command(found.sited.asked, curve, ties)))
    return curve, ties


def _command(asked: Siting, curve: pd.DataFrame | None, ties: Ties | None) -> str:
    """Return the command that gives what is shown."""
    file = st.session_state.get("siting_upload")
    more = [name for name, there in (("--curve", curve), ("--alternatives", ties)) if there is not None]
    return " ".join([asking.command_of(asked, file.name if file is not None else "", st.session_state.get("siting_datum") or ""), *more])


def _able(sited: Sited) -> dict[str, bool]:
    """Return what can be worked out beyond the answer."""
    return {"curve": sited.asked.model == "mclp" and (sited.asked.number or 0) > 1, "ties": sited.proven and len(sited.sites) > 0}


def _wanted(asked: Asked, sited: Sited) -> list[str]:
    """Return what of it is asked for."""
    named = asked.get("more", "").split(",")
    return [name for name, able in _able(sited).items() if able and name in named]


def _offered(visit: Visit, asked: Asked, sited: Sited) -> list[dict[str, str]]:
    """Return the buttons for the rest of it, each with the address that asks for it."""
    wanted = _wanted(asked, sited)
    return [{"more": ",".join([*wanted, name]), "text": visit.say(WORDS[f"do_{name}"].format(n=sited.asked.number or 0))}
            for name, able in _able(sited).items() if able and name not in wanted]


def _further(visit: Visit, asked: Asked, base: tuple[object, ...], places: gpd.GeoDataFrame | None, found: Found) -> tuple[pd.DataFrame | None, Ties | None]:
    """Return the curve and the equally good choices where they are asked for and worked out; else show how far they are."""
    results: dict[str, Any] = {}
    work: dict[str, tuple[Any, Any]] = {"curve": (find_curve, found.sited.asked), "ties": (find_ties, found.sited)}
    for name in _wanted(asked, found.sited):
        doing, subject = work[name]
        job = job_of(name, base, doing, visit.district, subject, places)
        if job is None:
            show_left(visit, name)
            continue
        if job.state == "failed":
            _show_failed(visit, job)
        elif job.result is None:
            show_progress(visit, name, earlier=False, label=visit.say(WORDS[name]))
        results[name] = job.result
    return results.get("curve"), results.get("ties")


def _offer_again(visit: Visit, job: Job) -> None:
    with st.container(horizontal=True, key="siting_again"):
        st.caption(visit.say(WORDS["again_why"]))
        if st.button(visit.say(WORDS["again"]), key="siting_again_do") and job.ended.is_set():
            forget("sites")
            st.rerun()


def _show_picture(visit: Visit, sited: Sited) -> None:
    """Show the map: squares by their walk, the sites that stay; the panel beside it draws the proposed ones."""
    district = visit.district
    held = classed(district, sited)
    names = [str(row[f"name_{visit.lang}"] or row["name_zh"] or every_layer()[row["layer"]].one.say(visit.lang)) for row in sited.kept.to_dict("records")]
    sites, content = _coverage_map.sites_patch(district, sited.kept, None, names)
    publish({sites["url"].removeprefix("blob/"): content})
    patches: dict[str, Mapping[str, Any]] = {"cells": {"values": held.values, "palette": classing.palette()}, "sites": sites}
    badge = Badge(heading_of(sited.demonstration), WORDS["badge"]) if sited.demonstration else None
    with st.container(key="siting_map_box"):
        show_map(_picture(district), key="siting_map", lang=visit.lang, patches=patches, badge=badge, attribution=attribution_of(district))


@st.cache_resource(max_entries=3, show_spinner=False, hash_funcs={District: lambda district: district.stamp})
def _picture(district: District) -> Picture:
    return _coverage_map.picture_of(district, name="siting")


PAGE = Page("siting", WORDS["title"], show, bare=True)
