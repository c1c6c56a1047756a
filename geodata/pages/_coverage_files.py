"""What can be taken away from the coverage page: the rows, the walk of every point, the service areas; of every layer asked for."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from geodata.asking.coverage import serving_layers
from geodata.coverage_files import (
    AREA_METHOD,
    WALK_METHOD,
    coverage_document,
    flat_rows,
    walk_table,
)
from geodata.coverage_work import areas_file, areas_of
from geodata.exports import DEMO_WORD, Meta, demo_notes, meta_of
from geodata.findings import Asked
from geodata.hashes import data_hashes
from geodata.naming import layers_called
from geodata.packs import folder_in_use
from geodata.pages._coverage_words import WORDS
from geodata.pages._files import Offer, file_stem, show_offer
from geodata.pages._page import Visit
from geodata.positions import position_ranges
from geodata.question import Question
from geodata.report import Coverage, coverage, walks
from layers import Text, every_layer


def show_files(visit: Visit, make: Callable[[bool], list[Offer]], *, demo: bool, several: bool = False) -> bool:
    """Show the downloads, demo sites only when the box is ticked, and return whether it is.

    Args:
        visit: the present visit.
        make: returns what is offered, with demo sites or without.
        demo: whether the answer has demo sites at all.
        several: whether several layers were asked for.
    """
    with st.container(key="coverage_files"):
        st.markdown(f"##### {visit.say(WORDS['files'])}")
        ticked = demo and st.checkbox(visit.say(WORDS["files_demo"]), key="coverage_files_demo")
        if demo and not ticked:
            st.caption(visit.say(WORDS["files_without"]))
        if several:
            st.caption(visit.say(WORDS["files_several"]))
        with st.container(horizontal=True, key="coverage_files_row"):
            for offer in make(ticked):
                show_offer(visit, offer, key=f"file_{offer.stem}")
    return ticked


def offers(visit: Visit, question: Question) -> Callable[[bool], list[Offer]]:
    """Return what makes the offers: each file holds every layer asked for and is worked out when its button is pressed."""
    district = visit.district
    stem = "-".join(question.layers) if len(question.layers) < 3 else f"{len(question.layers)}-layers"
    about = layers_called([every_layer()[key].name for key in question.layers])
    asked = {name: _told(value) for name, value in question.parameters().items()}

    def make(stand_ins: bool) -> list[Offer]:
        mark = f"_{DEMO_WORD}" if stand_ins or district.is_sketch else ""
        query = {**asked, "no-stand-ins": "" if stand_ins else "yes"}

        def answer() -> Coverage:
            return coverage(district, question, stand_ins=stand_ins)

        def meta(title: Text, method: Sequence[Text] | None = None, draw: int | None = None) -> Callable[[], Meta]:
            def told() -> Meta:
                how = method or [*(given := answer()).method, *given.assumptions]
                return meta_of(district, title=title, query=query, method=how, notes=demo_notes(district, draw=draw))
            return told

        draw = 1 if stand_ins else None
        areas = Offer(f"service-areas-{stem}{mark}", WORDS["files_areas"], ("geojson",), lambda: areas_of(district, question, stand_ins=stand_ins), meta(WORDS["files_areas"], AREA_METHOD, draw), about=about)
        if len(serving_layers(question)) > 1:  # exact areas of several layers take a while
            areas = replace(areas, task=(("areas", district.stamp, question, stand_ins), lambda: (
                areas_file, (district, Asked(question, stand_ins), areas.meta(), visit.lang, file_stem(visit, areas)))))
        document = ("application/json", lambda: _document(visit, answer(), stand_ins=stand_ins))
        return [
            Offer(f"coverage{mark}", WORDS["files_rows"], ("csv", "xlsx", "json"), lambda: flat_rows(answer()), meta(WORDS["files_rows"]), {"json": document}, about=Text(f"步行覆盖-{about.zh}", f"coverage {about.en}")),
            Offer(f"walks-{stem}{mark}", WORDS["files_walks"], ("csv", "geojson"), lambda: walk_table(walks(district, question, stand_ins=stand_ins)), meta(WORDS["files_walks"], WALK_METHOD, draw), about=about),
            areas,
        ]

    return make


def _document(visit: Visit, answer: Coverage, *, stand_ins: bool) -> bytes:
    """Return the whole answer as the command line prints it with --json."""
    hashes = data_hashes(visit.district, folder_in_use(visit.settings))
    positions = position_ranges(visit.district, answer.question, answer.rows, stand_ins=stand_ins)
    told = coverage_document(visit.district, answer, positions, data_hashes=hashes, more={} if stand_ins else {"no-stand-ins": True})
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False).encode("utf-8")


def _told(value: object) -> str:
    """Return a parameter as a file's query has it."""
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
