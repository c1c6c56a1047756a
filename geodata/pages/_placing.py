"""Placing from the page: takes the form, asks `placing`, keeps the answer in the pack, and can take it back."""

import time
from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import streamlit as st

from geodata import exports, placing, serving
from geodata.district import LOCATED_CLASSES, District
from geodata.errors import ChanheError, Refused
from geodata.packs import write_sites
from geodata.pages import _words
from geodata.settings import Settings, read_settings
from layers import Text, every_layer

MESSAGE: Final = "explore_message"
_UNDO: Final = "explore_undo"
_UNPLACED: Final = Text("{name} 已退回待落位。", "{name} is not yet located again.")
_NOT_LOCATED: Final = Text("该项目本来就待落位。", "The site has no position to take back.")
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
    if form.get("unplace"):
        return _unplace(settings, str(form.get("site_id", "")))
    told = _checked(form)
    district = serving.current_district(settings)
    site_id = told.pop("site_id")
    sites = placing.place_site(district, site_id, **told)
    write_sites(settings.pack_folder, sites)
    # A part of an amount becomes a site of its own; what was there before is the whole.
    fresh = sorted(set(sites["id"]) - set(district.sites["id"]))
    before = district.sites[district.sites["id"] == site_id]
    st.session_state.setdefault(_UNDO, []).append((fresh[0], None) if fresh else (site_id, before))
    return _words.PLACED.format(name=_name(district, sites, fresh[0] if fresh else site_id))


def _unplace(settings: Settings, site_id: str) -> Text:
    """Take a located site's position from it: it waits to be located again."""
    district = serving.current_district(settings)
    sites = placing.unplace_site(district, site_id)
    before = district.sites[district.sites["id"] == site_id]
    if before["location_class"].iloc[0] not in LOCATED_CLASSES:
        raise Refused(_NOT_LOCATED)
    write_sites(settings.pack_folder, sites)
    st.session_state.setdefault(_UNDO, []).append((site_id, before))
    return _UNPLACED.format(name=_name(district, sites, site_id))


def _undo(settings: Settings) -> Text:
    history: list[tuple[str, gpd.GeoDataFrame | None]] = st.session_state.get(_UNDO, [])
    if not history:
        raise Refused(_words.NOTHING_TO_UNDO)
    site_id, before = history[-1]
    district = serving.current_district(settings)
    sites = placing.unplace_site(district, site_id) if before is None else _restored(district, before)
    write_sites(settings.pack_folder, sites)
    history.pop()
    return _words.UNDONE.format(name=_name(district, sites, site_id))


def _restored(district: District, before: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the district's sites with one of them as it was, but changed now: the later change wins in the pack."""
    row = before.iloc[0]
    at = district.sites.index[district.sites["id"] == row["id"]][0]
    values = {name: row[name] for name in district.sites.columns if name not in {"id", "geometry"}}
    return placing.changed(district.sites, at, values | {"updated_at": placing.now()}, row.geometry)


def _checked(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form in the types it should have; it comes from a browser and may hold anything."""
    try:
        told = {name: kind(form[name]) for name, kind in _KINDS.items()}
        return told | {"amount": float(form["amount"])} if form.get("amount") else told
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(_words.INCOMPLETE) from error


def _name(district: District, sites: gpd.GeoDataFrame, site_id: str) -> Text:
    """Return what a site is called: its own name, else its kind and number."""
    row = sites[sites["id"] == site_id].iloc[0]
    one = exports.site_kinds(district.ledger).get(row["commitment"]) or every_layer()[row["layer"]].one
    number = site_id.rsplit("-", 1)[-1].lstrip("0")
    return Text(row["name_zh"] or f"{one.zh} {number}", row["name_en"] or row["name_zh"] or f"{one.en} {number}")
