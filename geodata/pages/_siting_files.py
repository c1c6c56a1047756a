"""What can be taken away from the siting page: the proposed sites, who is left, the curve, the whole answer."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from geodata.exports import DEMO_WORD, Meta, demo_notes, meta_of, with_units
from geodata.pages._files import Offer, show_offer
from geodata.pages._page import Visit
from geodata.pages._panel import Asked
from geodata.pages._siting_accept import proposals
from geodata.pages._siting_words import WORDS
from geodata.siting_ties import Ties
from geodata.siting_words import method_of, sentences_of, title_of
from geodata.siting_work import Found
from layers import Lang, Text


def show_files(visit: Visit, asked: Asked, found: Found, curve: pd.DataFrame | None, ties: Ties | None) -> None:
    """Show the downloads; each file is made when its button is pressed."""
    district, sited = visit.district, found.sited
    mark = f"_{DEMO_WORD}" if sited.demonstration else ""

    def meta() -> Meta:
        return meta_of(district, title=title_of(sited), query=dict(asked), method=(*sentences_of(district, sited), *method_of(sited)), notes=demo_notes(district))

    offers = []
    if sited.status != "infeasible":
        offers.append(Offer(f"proposals-{sited.layer}{mark}", WORDS["files_proposals"], ("geojson", "gpkg", "csv", "xlsx"), lambda: with_units(proposals(district, sited), district.ledger), meta))
    left = sited.unmet if sited.status == "infeasible" else sited.unserved
    offers.append(Offer(f"not-covered-{sited.layer}{mark}", WORDS["files_left"], ("geojson", "csv"), lambda: left, meta))
    if curve is not None:
        offers.append(Offer(f"curve-{sited.layer}{mark}", WORDS["files_curve"], ("csv",), lambda: curve, meta))
    document = ("application/json", lambda: _document(visit, asked, found, curve, ties))
    offers.append(Offer(f"siting-{sited.layer}{mark}", WORDS["files_answer"], ("json",), pd.DataFrame, meta, {"json": document}))
    with st.container(key="siting_files"):
        st.markdown(f"##### {visit.say(WORDS['files'])}")
        with st.container(horizontal=True, key="siting_files_row"):
            for offer in offers:
                show_offer(visit, offer, key=f"siting_file_{offer.stem}")


def _document(visit: Visit, asked: Asked, found: Found, curve: pd.DataFrame | None, ties: Ties | None) -> bytes:
    """Return the whole answer as one JSON document, under the names the command line gives."""
    sited = found.sited
    told: dict[str, Any] = sited.facts() | {
        "sites": _rows(sited.sites), "reaches": _rows(sited.reaches), "uncoverable": _rows(sited.uncoverable), "unmet": _rows(sited.unmet),
        "unserved": _rows(sited.unserved), "wishes": found.wishes, "curve": None if curve is None else _rows(curve),
        "alternatives": None if ties is None else {"others": ties.others, "sites": _rows(ties.sites), "sentence": ties.sentence},
        "sentences": list(sentences_of(visit.district, sited)), "method": list(method_of(sited)),
        "parameters": dict(asked), "data_hash": visit.district.stamp,
    }
    return json.dumps(_plain(told, visit.lang), ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8")


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items() if name != "geometry"} for row in frame.to_dict("records")]


def _plain(value: Any, lang: Lang) -> Any:
    """Return a value as JSON takes it."""
    if isinstance(value, Text):
        return value.say(lang)
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, lang) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, lang) for inner in value]
    if isinstance(value, np.generic):
        return _plain(value.item(), lang)
    if value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value
