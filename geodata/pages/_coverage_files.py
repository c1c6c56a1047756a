"""What can be taken away from the coverage page: the rows, the walk of every point, the service areas."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from geodata.asking.coverage import bands_of
from geodata.district import District
from geodata.exports import DEMO_WORD, Meta, demo_notes, meta_of
from geodata.pages._coverage_words import WORDS
from geodata.pages._files import Offer, show_offer
from geodata.pages._page import Visit
from geodata.pages._panel import Asked
from geodata.question import Question
from geodata.report import Coverage, coverage, service_areas, walks
from layers import Lang, Text

_SPREAD: Final = ("covered_people", "covered_share", "straight_line_share", "unreachable_people")
_WALKS: Final = ("p10", "p25", "p50", "p75", "p90")


def show_files(visit: Visit, make: Callable[[bool], list[Offer]], *, demo: bool) -> None:
    """Show the downloads; demo sites only when the box is ticked.

    Args:
        visit: the present visit.
        make: returns what is offered, with demo sites or without.
        demo: whether the answer has demo sites at all.
    """
    with st.container(key="coverage_files"):
        st.markdown(f"##### {visit.say(WORDS['files'])}")
        ticked = demo and st.checkbox(visit.say(WORDS["files_demo"]), key="coverage_files_demo")
        if demo and not ticked:
            st.caption(visit.say(WORDS["files_without"]))
        with st.container(horizontal=True, key="coverage_files_row"):
            for offer in make(ticked):
                show_offer(visit, offer, key=f"file_{offer.stem}")


def offers(visit: Visit, asked: Asked, question: Question, shown: str, metres: float | None) -> Callable[[bool], list[Offer]]:
    """Return what makes the offers: each file is worked out when its button is pressed."""
    district, lang = visit.district, visit.lang
    mine = replace(question, layers=(shown,))

    def make(stand_ins: bool) -> list[Offer]:
        mark = f"_{DEMO_WORD}" if stand_ins or district.is_sketch else ""

        def answer() -> Coverage:
            return coverage(district, question, stand_ins=stand_ins)

        def meta(title: Text, more: Mapping[str, str], draw: int | None = None) -> Callable[[], Meta]:
            query = {**asked, **more, "stand_ins": "1" if stand_ins else ""}
            return lambda: _meta(district, answer(), title, query, draw=draw)

        draw = 1 if stand_ins else None
        document = ("application/json", lambda: _document(district, answer(), asked, lang))
        return [
            Offer(f"coverage{mark}", WORDS["files_rows"], ("csv", "xlsx", "json"), lambda: flat_rows(answer()), meta(WORDS["files_rows"], {}), {"json": document}),
            Offer(f"walks-{shown}{mark}", WORDS["files_walks"], ("csv", "geojson"), lambda: _walks(district, mine, stand_ins=stand_ins), meta(WORDS["files_walks"], {"layer": shown}, draw)),
            Offer(f"service-areas-{shown}{mark}", WORDS["files_areas"], ("geojson",), lambda: service_areas(district, mine, bands_of(metres), stand_ins=stand_ins), meta(WORDS["files_areas"], {"layer": shown}, draw)),
        ]

    return make


def flat_rows(answer: Coverage) -> pd.DataFrame:
    """Return the rows as a plain table: `walk_m` and `range` become columns `walk_p10_m`, `covered_share_p5` and so on."""
    rows = []
    for row in answer.rows.to_dict("records"):
        plain = {name: value for name, value in row.items() if name not in {"walk_m", "range"}}
        walk, spread = row["walk_m"] or {}, row["range"] or {}
        plain |= {f"walk_{name}_m": walk.get(name) for name in _WALKS}
        for name in _SPREAD:
            plain |= dict(zip((f"{name}_p5", f"{name}_p95"), spread.get(name) or (None, None), strict=True))
        for name in _WALKS:
            plain |= dict(zip((f"walk_{name}_m_p5", f"walk_{name}_m_p95"), (spread.get("walk_m") or {}).get(name) or (None, None), strict=True))
        rows.append(plain)
    return pd.DataFrame(rows)


def _walks(district: District, question: Question, *, stand_ins: bool) -> pd.DataFrame:
    """Return the walk of every point, as the command line writes it."""
    found = walks(district, question, stand_ins=stand_ins)
    rounded: pd.DataFrame = found.assign(lon=found["lon"].round(7), lat=found["lat"].round(7), walk_m=found["walk_m"].round(3), straight_m=found["straight_m"].round(3))
    return rounded


def _meta(district: District, answer: Coverage, title: Text, query: Mapping[str, str], *, draw: int | None) -> Meta:
    return meta_of(district, title=title, query=query, method=[*answer.method, *answer.assumptions], notes=demo_notes(district, draw=draw))


def _document(district: District, answer: Coverage, asked: Asked, lang: Lang) -> bytes:
    """Return the whole answer as one JSON document: result, parameters, sources, data hash."""
    question = answer.question
    told = {
        "result": answer.rows.to_dict("records"), "demonstration": answer.demonstration, "heading": answer.heading.say(lang),
        "sentences": [text.say(lang) for text in answer.sentences], "by_area": answer.by_area.to_dict("records"),
        "supply": answer.supply.to_dict("records"), "alleys": answer.alleys.to_dict("records"), "newly": answer.newly.to_dict("records"),
        "access": answer.access.to_dict(), "parameters": {"address": dict(asked), **{field.name: getattr(question, field.name) for field in fields(question)}},
        "method": [text.say(lang) for text in answer.method], "assumptions": [text.say(lang) for text in answer.assumptions],
        "sources": [text.say(lang) for text in answer.sources], "data_hashes": {"district": district.stamp},
    }
    return json.dumps(_plain(told), ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8")


def _plain(value: Any) -> Any:
    """Return a value as JSON takes it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value
