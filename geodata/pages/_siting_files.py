"""What can be taken away from the siting page: the proposed sites, who is left, the curve, the whole answer."""

import json

import pandas as pd
import streamlit as st

from geodata.answer_json import records_of
from geodata.exports import DEMO_WORD, Meta, demo_notes, meta_of, with_units
from geodata.hashes import data_hashes
from geodata.packs import folder_in_use
from geodata.pages._files import Offer, show_offer
from geodata.pages._page import Visit
from geodata.pages._panel import Asked
from geodata.pages._siting_words import WORDS
from geodata.proposals import proposals_of
from geodata.siting_answer import places_of_none
from geodata.siting_document import siting_document
from geodata.siting_ties import Ties
from geodata.siting_words import method_of, sentences_of, title_of
from geodata.siting_work import Found
from layers import every_layer


def show_files(visit: Visit, asked: Asked, found: Found, curve: pd.DataFrame | None, ties: Ties | None) -> None:
    """Show the downloads; each file is made when its button is pressed."""
    district, sited = visit.district, found.sited
    mark = f"_{DEMO_WORD}" if sited.demonstration else ""

    def meta() -> Meta:
        return meta_of(district, title=title_of(sited), query=dict(asked), method=(*sentences_of(district, sited), *method_of(sited)), notes=demo_notes(district))

    offers, about = [], every_layer()[sited.layer].name
    if sited.status != "infeasible":
        offers.append(Offer(f"proposals-{sited.layer}{mark}", WORDS["files_proposals"], ("geojson", "gpkg", "csv", "xlsx"), lambda: with_units(proposals_of(district, sited), district.ledger), meta, about=about))
    left = places_of_none(sited) if sited.status == "infeasible" else sited.unserved
    offers.append(Offer(f"not-covered-{sited.layer}{mark}", WORDS["files_left"], ("geojson", "csv"), lambda: left, meta, about=about))
    if curve is not None:
        offers.append(Offer(f"curve-{sited.layer}{mark}", WORDS["files_curve"], ("csv",), lambda: curve, meta, about=about))
    document = ("application/json", lambda: _document(visit, asked, found, curve, ties))
    offers.append(Offer(f"siting-{sited.layer}{mark}", WORDS["files_answer"], ("json",), pd.DataFrame, meta, {"json": document}, about=about))
    with st.container(key="siting_files"):
        st.markdown(f"##### {visit.say(WORDS['files'])}")
        with st.container(horizontal=True, key="siting_files_row"):
            for offer in offers:
                show_offer(visit, offer, key=f"siting_file_{offer.stem}")


def _document(visit: Visit, asked: Asked, found: Found, curve: pd.DataFrame | None, ties: Ties | None) -> bytes:
    """Return the whole answer as the command line prints it with --json, with everybody left beside it."""
    hashes = data_hashes(visit.district, folder_in_use(visit.settings))
    told = siting_document(visit.district, found.sited, parameters=dict(asked), data_hashes=hashes, wishes=found.wishes, curve=curve, ties=ties, unserved=records_of(found.sited.unserved))
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False).encode("utf-8")
