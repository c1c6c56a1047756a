"""Runs one page as Streamlit runs it, in a visit of the test's making."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest  # noqa: TID251  the pages are run as Streamlit runs them

_SCRIPT = """
import streamlit as st
from geodata import serving
from geodata.pages._frame import PAGES
from geodata.pages._page import Visit
from geodata.settings import read_settings

settings = read_settings()
page = next(page for page in PAGES if page.key == st.session_state["test_page"])
page.show(Visit(st.session_state["test_lang"], settings, serving.current_district(settings), st.session_state["test_open"], lambda key, **query: None))
"""


def page_of(key: str, lang: str = "zh", *, may_edit: bool = True, ask: dict[str, str] | None = None, asked_by: str = "", **query: str) -> AppTest:
    """Return the page after its first run, opened by a link with `query`, or with a panel's state as a browser left it."""
    app = AppTest.from_string(_SCRIPT, default_timeout=300)
    app.session_state["test_page"], app.session_state["test_lang"], app.session_state["test_open"] = key, lang, may_edit
    for name, value in query.items():
        app.query_params[name] = value
    if ask is not None:
        app.session_state[asked_by] = {"ask": ask}
    return app.run()


def sent(app: AppTest) -> list[dict[str, Any]]:
    """Return what the page handed to each of its panels and maps, in their order."""
    return [json.loads(element.proto.json) for element in app.get("bidi_component")]


def panel(app: AppTest, **marks: object) -> dict[str, Any]:
    """Return what was handed to the one panel whose data holds `marks`."""
    found = [data for data in sent(app) if all(data.get(name) == value for name, value in marks.items())]
    assert len(found) == 1, [sorted(data) for data in sent(app)]
    return found[0]
