"""Accepting a siting: proposals take the place of what is promised and not yet located; one button, and it can be undone."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import streamlit as st

from geodata import serving
from geodata.asking.siting import Promised, promised
from geodata.district import District
from geodata.errors import ChanheError
from geodata.packs import write_sites
from geodata.pages._bringing import Undo, refuse_closed, take_back
from geodata.pages._page import Visit
from geodata.pages._siting_words import WORDS
from geodata.proposals import NEEDS_STREETS, accept_proposals, proposals_of
from geodata.settings import Settings
from geodata.siting_answer import Sited
from layers import Text

_SAID: Final = "siting_said"
_UNDO: Final = "siting_undo"


@dataclass(frozen=True, eq=False)
class Preview:
    """What accepting would do; nothing is kept.

    Attributes:
        sites: the district's sites as they would be.
        promised: the promises it fulfils.
        waiting: of their amount not yet located, before and after.
        proposed: and proposed, before and after.
    """

    sites: gpd.GeoDataFrame
    promised: Promised
    waiting: tuple[float, float]
    proposed: tuple[float, float]


def preview(district: District, sited: Sited) -> Preview:
    """Return what accepting the answer would do.

    Raises:
        Refused: it is a rehearsal.
        BadInput: more is proposed than is waiting.
    """
    still = promised(district, sited.layer)
    after = accept_proposals(district, proposals_of(district, sited))
    names = set(still.commitments)
    waiting = _amount(district.sites, names, "unlocated"), _amount(after, names, "unlocated")
    had = _amount(district.sites, names, "proposed"), _amount(after, names, "proposed")
    return Preview(after, still, waiting, had)


def accept(settings: Settings, sited: Sited) -> Undo:
    """Accept the answer into the district as it stands now, and return what takes it back.

    Raises:
        Refused: editing is off here, or it is a rehearsal.
        BadInput: more is proposed than is waiting.
        CannotWrite: the pack cannot be written.
    """
    refuse_closed(settings)
    district = serving.current_district(settings)
    after = accept_proposals(district, proposals_of(district, sited))
    write_sites(settings.pack_folder, after, exactly=True)
    return Undo(district.sites, serving.current_district(settings).stamp)


def show_accept(visit: Visit, sited: Sited) -> None:
    """Show what accepting would do, its button, and the way back."""
    with st.container(key="siting_accept"):
        st.markdown(f"##### {visit.say(WORDS['accept'])}")
        if visit.district.is_sketch or sited.demonstration:
            st.button(visit.say(WORDS["accept_needs"]), key="siting_accept_sketch", disabled=True)
            st.caption(visit.say(NEEDS_STREETS))
        elif not visit.may_edit:
            st.caption(visit.say(WORDS["accept_closed"]))
        elif not promised(visit.district, sited.layer).commitments:
            st.caption(visit.say(WORDS["accept_no_promise"]))
        else:
            _show_button(visit, sited)


def _show_button(visit: Visit, sited: Sited) -> None:
    try:
        found = preview(visit.district, sited)
    except ChanheError as error:
        st.warning(visit.say(error.message))
        return
    st.markdown(visit.say(WORDS["accept_preview"].format(name=found.promised.name, before=_number(found.waiting[0]), after=_number(found.waiting[1]),
                                                          had=_number(found.proposed[0]), has=_number(found.proposed[1]))))
    if st.button(visit.say(WORDS["accept_do"].format(n=len(sited.sites))), key="siting_accept_do", type="primary"):
        try:
            st.session_state[_UNDO] = accept(visit.settings, sited)
            _say(WORDS["accepted"].format(n=len(sited.sites)), ok=True)
        except ChanheError as error:
            _say(error.message, ok=False)
        st.rerun()


def show_said(visit: Visit) -> None:
    """Show what the last acceptance or undoing came to, and offer to take an acceptance back."""
    said = st.session_state.get(_SAID)
    if not said:
        return
    (st.success if said["ok"] else st.error)(visit.say(said["text"]))
    with st.container(horizontal=True, key="siting_after"):
        undo: Undo | None = st.session_state.get(_UNDO)
        if undo is not None and st.button(visit.say(WORDS["undo"]), key="siting_undo_do", icon=":material/undo:"):
            try:
                take_back(visit.settings, undo)
                _say(WORDS["undone"], ok=True)
            except ChanheError as error:
                _say(error.message, ok=False)
            del st.session_state[_UNDO]
            st.rerun()
        if said["ok"] and st.button(visit.say(WORDS["to_map"]), key="siting_to_map", icon=":material/map:"):
            visit.go("explore")


def _say(text: Text, *, ok: bool) -> None:
    st.session_state[_SAID] = {"text": text, "ok": ok}


def _amount(sites: gpd.GeoDataFrame, commitments: set[str], kind: str) -> float:
    mine = sites[sites["commitment"].isin(commitments) & (sites["location_class"] == kind)]
    return float(np.nansum(mine["amount"].astype(float)))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
