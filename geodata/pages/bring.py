"""The page that brings data in: positions, streets and people, and which data is in use."""

from datetime import datetime
from typing import Any, Final

import streamlit as st

from geodata.crs import DATUMS
from geodata.district import LOCATED_CLASSES
from geodata.errors import ChanheError
from geodata.former_packs import bring_back, former_packs
from geodata.packs import MANIFEST, retire
from geodata.pages import _bringing
from geodata.pages._bring_ground import show_ground
from geodata.pages._bring_sites import show_sites
from geodata.pages._bring_words import WORDS
from geodata.pages._page import Page, Visit
from geodata.pages._panel import Asked, asked_now, show_panel
from geodata.wording import sources_of
from layers import Text, every_layer

_KEY: Final = "bring_asked"
_PARAMETERS: Final = ("part", "layer", "datum")
PARTS: Final = ("sites", "ground", "pack")
OPENING: Final = "micro_fire_stations"
_SAID: Final = "bring_restored"


def show(visit: Visit) -> None:
    """Show the page."""
    asked = asked_now(_KEY, _PARAMETERS)
    part = asked["part"] if asked.get("part") in PARTS else PARTS[0]
    layer = asked["layer"] if asked.get("layer") in every_layer() else OPENING
    st.html(_uploader_words(visit))
    with st.container(key="bring"):
        show_panel("bring", key=_KEY, visit=visit, asked=asked, words=WORDS, data={
            "parts": [{"key": key, "name": visit.say(WORDS[f"part_{key}"])} for key in PARTS], "part": part, "layer": layer, "opening": OPENING,
            "layers": [{"key": key, "name": visit.say(one.name)} for key, one in every_layer().items()], "datums": _datums(visit), "open": visit.may_edit})
        if part == "pack":
            _show_pack(visit)
        elif not visit.may_edit:
            st.warning(f"**{visit.say(WORDS['closed'])}**\n\n{visit.say(WORDS['closed_why'])}")
        elif part == "sites":
            show_sites(visit, layer, datum_of(asked))
        else:
            show_ground(visit)


def datum_of(asked: Asked) -> str | None:
    """Return the datum an address names, None where the file is to say it; `epsg4547` is EPSG:4547."""
    text = asked.get("datum", "")
    if text in DATUMS:
        return text
    number = text.removeprefix("epsg")
    return f"EPSG:{number}" if text.startswith("epsg") and number.isdecimal() else None


def _datums(visit: Visit) -> list[dict[str, str]]:
    """Return the datums to choose from, each with a plain explanation."""
    named = [{"key": key, "name": visit.say(datum.name), "why": visit.say(WORDS[f"why_{key}"])} for key, datum in DATUMS.items()]
    return [{"key": "", "name": visit.say(WORDS["datum_auto"]), "why": visit.say(WORDS["why_auto"])}, *named,
            {"key": "epsg", "name": visit.say(WORDS["datum_epsg"]), "why": visit.say(WORDS["why_epsg"])}]


def _uploader_words(visit: Visit) -> str:
    """Return the style that puts our wordings in the place of the uploader's own, which speaks English only."""
    choose, drop = visit.say(WORDS["choose"]), visit.say(WORDS["drop"])
    return f"<style>:root{{--cp-choose:'{choose}';--cp-drop:'{drop}'}}</style>"


def _show_pack(visit: Visit) -> None:
    """Show which data is in use and how to go back to the product's own."""
    said = st.session_state.get(_SAID)
    if said:
        (st.success if said["ok"] else st.error)(visit.say(said["text"]))
    folder = visit.settings.pack_folder
    own = (folder / MANIFEST).exists()
    show_panel("found", key="bring_pack", visit=visit, asked={}, words=WORDS, data={
        "heading": visit.say(WORDS["pack_own" if own else "pack_embedded"]), "lines": [], "bad": False, "problems": None, "facts": _facts(visit, own=own),
        "sources": [visit.say(line) for line in sources_of(visit.district)]})
    if not visit.may_edit:
        st.warning(f"**{visit.say(WORDS['closed'])}**\n\n{visit.say(WORDS['closed_why'])}")
        return
    _offer_former(visit)
    st.markdown(f"##### {visit.say(WORDS['restore'])}")
    if not own:
        st.caption(visit.say(WORDS["nothing_to_restore"]))
        return
    st.caption(visit.say(WORDS["restore_why"]))
    sure = st.checkbox(visit.say(WORDS["restore_sure"]), key="bring_sure")
    if st.button(visit.say(WORDS["restore"]), disabled=not sure, key="bring_restore"):
        try:
            _bringing.refuse_closed(visit.settings)
            kept = retire(folder)
            st.session_state[_SAID] = {"ok": True, "text": WORDS["restored"].format(folder=kept)}
        except ChanheError as error:
            st.session_state[_SAID] = {"ok": False, "text": error.message}
        st.rerun()


def _offer_former(visit: Visit) -> None:
    """Offer the packs put aside earlier, where there are any."""
    folder = visit.settings.pack_folder
    former = former_packs(folder)
    if not former:
        return
    st.markdown(f"##### {visit.say(WORDS['bring_back'])}")
    st.caption(visit.say(WORDS["bring_back_why"]))
    names = {path: visit.say(WORDS["put_aside_at"].format(when=f"{moment.astimezone():%Y-%m-%d %H:%M}")) for path, moment in former.items()}
    chosen = st.selectbox(visit.say(WORDS["bring_back_which"]), list(former), format_func=lambda path: names.get(path, path.name), key="bring_former", filter_mode=None)
    if st.button(visit.say(WORDS["bring_back_do"]), key="bring_back"):
        try:
            _bringing.refuse_closed(visit.settings)
            bring_back(folder, chosen)
            st.session_state[_SAID] = {"ok": True, "text": WORDS["brought_back"]}
        except ChanheError as error:
            st.session_state[_SAID] = {"ok": False, "text": error.message}
        st.rerun()


def _facts(visit: Visit, *, own: bool) -> list[list[str]]:
    """Return what the data in use is, as pairs of name and content."""
    district, folder = visit.district, visit.settings.pack_folder
    kinds = {"sketch": WORDS["pack_sketch"], "real": WORDS["pack_real"]}
    located = int(district.sites["location_class"].isin(LOCATED_CLASSES).sum())
    total = f"{float(district.demand['people'].sum()):,.0f}"
    people = Text("{kind}，{total}", "{kind}; {total}").format(kind=kinds[district.people_kind], total=WORDS[f"unit_{district.demand_unit}"].format(n=total))
    pairs: list[tuple[Text, Any]] = [
        (WORDS["pack_folder"], Text(str(folder), str(folder)) if own else Text("{folder}{note}", "{folder}{note}").format(folder=str(folder), note=WORDS["pack_none_yet"])),
        (WORDS["pack_streets"], kinds[district.streets_kind]),
        (WORDS["pack_people"], people),
        (WORDS["pack_boundary"], WORDS["pack_boundary_value"].format(km2=f"{float(district.boundary['area_km2'].iloc[0]):,.2f}")),
        (WORDS["pack_sites"], WORDS["pack_sites_value"].format(n=f"{len(district.sites):,}", located=f"{located:,}")),
        (WORDS["pack_stamp"], Text(district.stamp, district.stamp)),
    ]
    if own:
        when = datetime.fromtimestamp(max(path.stat().st_mtime for path in folder.iterdir())).astimezone()
        pairs.insert(1, (WORDS["pack_changed"], Text(f"{when:%Y-%m-%d %H:%M}", f"{when:%Y-%m-%d %H:%M}")))
    return [[visit.say(name), visit.say(value)] for name, value in pairs]


PAGE = Page("bring", WORDS["title"], show, bare=True)
