"""Accepting a siting: proposals take the place of what is promised and not yet located; one button, and it can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import geopandas as gpd
import numpy as np
import streamlit as st

from geodata import serving
from geodata.asking.siting import Promised, promised
from geodata.district import District
from geodata.errors import ChanheError, Refused
from geodata.last_import import LATE
from geodata.packs import write_sites
from geodata.pages._bringing import refuse_closed
from geodata.pages._page import Visit
from geodata.pages._siting_words import WORDS
from geodata.proposals import NEEDS_STREETS, accept_proposals, most_accepted, proposals_of
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


def preview(district: District, sited: Sited, only: Sequence[int] | None = None) -> Preview:
    """Return what accepting the answer, or `only` some of its sites by their order, would do.

    Raises:
        Refused: it is a rehearsal.
        BadInput: more is proposed than is waiting.
    """
    still = promised(district, sited.layer)
    after = accept_proposals(district, proposals_of(district, sited, only=only))
    names = set(still.commitments)
    waiting = _amount(district.sites, names, "unlocated"), _amount(after, names, "unlocated")
    had = _amount(district.sites, names, "proposed"), _amount(after, names, "proposed")
    return Preview(after, still, waiting, had)


@dataclass(frozen=True, eq=False)
class Undo:
    """What takes an acceptance back.

    Attributes:
        sites: the district's sites before it.
        stamp: of the district after it; another stamp means somebody has changed it since.
    """

    sites: gpd.GeoDataFrame
    stamp: str


def take_back(settings: Settings, undo: Undo) -> None:
    """Put the sites back as they were before an acceptance.

    Raises:
        Refused: editing is off here, or the district was changed since.
        CannotWrite: the pack cannot be written.
    """
    refuse_closed(settings)
    if serving.current_district(settings).stamp != undo.stamp:
        raise Refused(LATE)
    write_sites(settings.pack_folder, undo.sites, exactly=True)


def accept(settings: Settings, sited: Sited, only: Sequence[int] | None = None) -> Undo:
    """Accept the answer, or `only` some of its sites, into the district as it stands now, and return what takes it back.

    What another planner saved in the meantime stays.

    Raises:
        Refused: editing is off here, or it is a rehearsal.
        BadInput: more is proposed than is waiting.
        CannotWrite: the pack cannot be written.
    """
    refuse_closed(settings)
    district = serving.current_district(settings)
    write_sites(settings.pack_folder, accept_proposals(district, proposals_of(district, sited, only=only)))
    return Undo(district.sites, serving.current_district(settings).stamp)


def show_accept(visit: Visit, sited: Sited) -> None:
    """Show what accepting would do, its button, and the way back."""
    with st.container(key="siting_accept"):
        st.markdown(f"##### {visit.say(WORDS['accept'])}")
        if visit.district.is_sketch or sited.demonstration:
            st.button(visit.say(WORDS["accept_needs"]), key="siting_accept_sketch", disabled=True)
            st.caption(visit.say(NEEDS_STREETS))
            st.caption(visit.say(WORDS["accept_how"]))
            if st.button(visit.say(WORDS["accept_bring"]), key="siting_to_bring", icon=":material/upload:"):
                visit.go("bring")
        elif not visit.may_edit:
            st.caption(visit.say(WORDS["accept_closed"]))
        elif not promised(visit.district, sited.layer).commitments:
            st.caption(visit.say(WORDS["accept_no_promise"]))
        else:
            _show_button(visit, sited)


def _show_button(visit: Visit, sited: Sited) -> None:
    chosen = _chosen(visit, sited)
    if not chosen:
        st.caption(visit.say(WORDS["accept_none"]))
        return
    try:
        found = preview(visit.district, sited, chosen)
    except ChanheError as error:
        st.warning(visit.say(error.message))
        return
    st.markdown(visit.say(WORDS["accept_preview"].format(name=found.promised.name, before=_number(found.waiting[0]), after=_number(found.waiting[1]),
                                                          had=_number(found.proposed[0]), has=_number(found.proposed[1]))))
    if st.button(visit.say(WORDS["accept_do"].format(n=len(chosen))), key="siting_accept_do", type="primary"):
        try:
            st.session_state[_UNDO] = accept(visit.settings, sited, chosen)
            _say(WORDS["accepted"].format(n=len(chosen)), ok=True)
        except ChanheError as error:
            _say(error.message, ok=False)
        st.rerun()


def _chosen(visit: Visit, sited: Sited) -> list[int]:
    """Let the planner say which of the sites, by the number they have on the map and in the table."""
    orders = [int(order) for order in sited.sites["order"]]
    fits = most_accepted(visit.district, sited)
    if len(orders) == 1:
        return orders
    if fits < len(orders):
        st.caption(visit.say(WORDS["accept_fits"].format(n=fits)))
    stem = sha256("|".join(map(str, sited.sites["candidate"])).encode("utf-8")).hexdigest()[:12]  # other sites, another choice
    return sorted(st.pills(visit.say(WORDS["accept_which"]), orders, selection_mode="multi", default=orders[:fits], key=f"siting_accept_{stem}"))


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
