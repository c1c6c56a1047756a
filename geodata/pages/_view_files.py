"""The view on screen as a file: offered in the frame of every page whose view can be told, made beside the page.

A fragment of its own: asking for a file, its progress and its link never run the page anew.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from geodata.document_work import make_document
from geodata.errors import BadInput
from geodata.jobs import Job
from geodata.pages._handing import WORDS, Counter, Waiting, Wish, begin_atlas, offered, order_of
from geodata.pages._page import Page, Visit
from geodata.pages._panel import show_panel
from geodata.pages._told_views import Telling
from geodata.selecting import Selection
from geodata.story import MOST_BYTES, MOST_VIEWS, PAGES, Story, View, ready_story
from geodata.telling import deck_of, slide_key
from geodata.telling.explore import layers_of, selection_of
from layers import Text

KEY: Final = "view_files"
COUNTER: Final = Counter("view")
TELLING: Final = Telling("view_jobs")
VIEW_WORDS: Final[Mapping[str, Text]] = {
    **WORDS,
    "menu": Text("下载", "Download"),
    "menu_hint": Text("下载本页：此刻所见（图层、筛选、范围、答案）存成文件", "Download this view: what is on screen (layers, filters, extent, answer) as a file"),
    "menu_title": Text("下载本页", "Download this view"),
    "files_all": Text("本页所见", "What is on screen"),
    "close": Text("关闭", "Close"),
}
_TELLING: Final = 0.7
"""Part of the time that working out the view takes; laying it out is the rest."""
_QUEUED: Final = Text("排队等待计算…", "Waiting for a turn…")
_WORKING: Final = Text("正在计算本页…", "Working out what is on screen…")
_TOO_LONG: Final = Text("本页的内容太多，无法放进一个文件。请减少手绘的道路或门后再试。", "There is too much on this page for one file. Draw fewer roads or gates and try again.")
_NO_LAYER: Final = Text("没有打开任何图层，图集没有可画的页。请先打开一个图层。", "No layer is switched on, so the atlas would have no page. Switch one on first.")
_ATLAS_PAGE: Final = "explore"


def show(visit: Visit, page: Page) -> None:
    """Show how far the file asked for is, and tell the frame which files there are."""
    if page.key not in PAGES:
        return

    @st.fragment
    def follow() -> None:
        act = getattr(st.session_state.get(KEY), "act", None) or {}
        do(act)
        show_panel("handing", key=KEY, visit=visit, asked={}, words=VIEW_WORDS, data={
            "page": page.key, "documents": offered(visit), "atlas": page.key == _ATLAS_PAGE, "sketch": visit.district.is_sketch,
            "district": visit.district.id, "ready": len(ready_story(visit.district).views), "most_views": MOST_VIEWS, **told(visit)})

    follow()


def do(act: Mapping[str, Any]) -> None:
    """Do what the menu asks for; looking again asks for nothing."""
    if act.get("do") == "document" and act.get("page") in PAGES:
        TELLING.leave()
        COUNTER.ask(act)
    elif act.get("do") == "stop":
        TELLING.leave()
        COUNTER.stop()


def told(visit: Visit) -> dict[str, Any]:
    """Return what the script shows of the file asked for."""
    return COUNTER.told(visit, lambda wish: _begun(visit, wish))


def _begun(visit: Visit, wish: Wish) -> Job | Waiting:
    """Begin the file once the view is told.

    Raises:
        BadInput: the view cannot be told.
        ChanheError: it could not be worked out.
    """
    view = View("view", wish["page"], str(wish.get("query", "")))
    if len(view.query) > MOST_BYTES:
        raise BadInput(_TOO_LONG)
    if wish.get("scope") == "atlas":
        return begin_atlas(COUNTER, visit, wish, _filter(view))
    slide = TELLING.slide(visit, view)
    if isinstance(slide, Job):
        return Waiting(_TELLING * slide.share, slide.said if slide.said.zh else _QUEUED if slide.state == "waiting" else _WORKING)
    if slide.untold:
        raise BadInput(slide.sentences[0])
    deck = deck_of(visit.district, Story(visit.district.id, slide.title, (view,)), [slide], settings=visit.settings)
    return COUNTER.job(visit, wish, slide_key(visit.district, view), make_document, deck, visit.district, order_of(visit, wish))


def _filter(view: View) -> Selection:
    """Return what the map page shows, as a filter.

    Raises:
        BadInput: it shows no layer.
    """
    layers = layers_of(view.asked)
    if not layers:
        raise BadInput(_NO_LAYER)
    return replace(selection_of(view.asked), layers=layers)
