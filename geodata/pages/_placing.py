"""Placing from the page: takes the form, asks `placing`, keeps the answer in the pack, and can take it back."""

import time
from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import streamlit as st

from geodata import placing, serving
from geodata.district import District
from geodata.errors import ChanheError, Refused
from geodata.packs import write_sites
from geodata.pages import _words
from geodata.settings import Settings, read_settings
from layers import Text

MESSAGE: Final = "explore_message"
_UNDO: Final = "explore_undo"
_KINDS: Final[Mapping[str, type]] = {
    "site_id": str, "lon": float, "lat": float, "datum": str, "how": str, "location_class": str, "uncertainty_m": float,
    "basis": str, "on_basemap": bool,
}


def place(form: Mapping[str, Any]) -> None:
    """Place the site that `form` names; what came of it stands in the session under MESSAGE."""
    _answer(lambda settings: _place(settings, form))


def undo() -> None:
    """Take the last placing of this session back."""
    _answer(_undo)


def _answer(act: Any) -> None:
    try:
        settings = read_settings()
        if not serving.may_edit(settings):
            raise Refused(_words.NOT_HERE)
        text, ok = act(settings), True
    except ChanheError as error:
        text, ok = error.message, False
    # A clock tells two answers of the same words apart.
    st.session_state[MESSAGE] = {"text": text, "ok": ok, "undo": ok and bool(st.session_state.get(_UNDO)), "nonce": time.time_ns()}


def _place(settings: Settings, form: Mapping[str, Any]) -> Text:
    told = _checked(form)
    district = serving.current_district(settings)
    site_id = told.pop("site_id")
    sites = placing.place_site(district, site_id, **told)
    write_sites(settings.pack_folder, sites)
    st.session_state.setdefault(_UNDO, []).append(district.sites[district.sites["id"] == site_id])
    return _words.PLACED.format(name=_name(district, site_id))


def _undo(settings: Settings) -> Text:
    history: list[gpd.GeoDataFrame] = st.session_state.get(_UNDO, [])
    if not history:
        raise Refused(Text("没有可撤销的落位。", "There is nothing to undo."))
    before = history[-1].iloc[0]
    district = serving.current_district(settings)
    at = district.sites.index[district.sites["id"] == before["id"]][0]
    values = {name: before[name] for name in district.sites.columns if name not in {"id", "geometry"}}
    sites = placing.changed(district.sites, at, values | {"updated_at": placing.now()}, before.geometry)
    write_sites(settings.pack_folder, sites)
    history.pop()
    return _words.UNDONE.format(name=_name(district, str(before["id"])))


def _checked(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form in the types it should have; it comes from a browser and may hold anything."""
    try:
        return {name: kind(form[name]) for name, kind in _KINDS.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(Text("落位表单不完整,请重新填写。", "The form is incomplete; fill it in again.")) from error


def _name(district: District, site_id: str) -> Text:
    row = district.sites[district.sites["id"] == site_id].iloc[0]
    return Text(row["name_zh"] or site_id, row["name_en"] or row["name_zh"] or site_id)
