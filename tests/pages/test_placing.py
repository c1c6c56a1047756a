"""A located site can be made to wait again from the page, and that too can be taken back."""

from pathlib import Path

import pytest
import streamlit as st  # noqa: TID251  the session the page keeps its answer in

from geodata import serving
from geodata.pages import _placing
from geodata.settings import read_settings

SITE = "l6-toilets-01"
FORM = {"site_id": SITE, "lon": 112.49, "lat": 34.69, "datum": "wgs84", "how": "typed", "location_class": "address", "uncertainty_m": 50, "basis": "踏勘", "on_basemap": False}


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict:
    held: dict = {}
    monkeypatch.setattr(st, "session_state", held)
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))
    return held


def stands_as() -> str:
    """Return the class the site now has."""
    sites = serving.current_district(read_settings()).sites.set_index("id")
    return str(sites.at[SITE, "location_class"])


def test_a_located_site_is_made_to_wait_again_and_that_is_taken_back(session: dict) -> None:
    _placing.place(FORM)
    assert stands_as() == "address"
    _placing.place({"unplace": True, "site_id": SITE})
    assert session[_placing.MESSAGE]["ok"]
    assert "退回待落位" in session[_placing.MESSAGE]["text"].zh
    assert stands_as() == "unlocated"
    _placing.undo()
    assert stands_as() == "address"


def test_a_site_that_waits_already_is_refused(session: dict) -> None:
    _placing.place({"unplace": True, "site_id": SITE})
    assert not session[_placing.MESSAGE]["ok"]
