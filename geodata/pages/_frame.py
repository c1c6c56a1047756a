"""The picture frame: name, pages, language; then the page itself. Streamlit runs this file for every visit."""

import contextlib
import os
import sys
from pathlib import Path

# Streamlit puts this folder on the import path while the script runs; our page `coverage` would then be taken for the
# test-coverage package that numba asks for.
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).parent]

import streamlit as st  # noqa: E402  the path is put right first

from geodata import serving  # noqa: E402  as above
from geodata.errors import ChanheError  # noqa: E402  as above
from geodata.pages import _map, _view_files, bring, coverage, explore, present, promises, roads, siting  # noqa: E402  as above
from geodata.pages._page import Page, Visit  # noqa: E402  as above
from geodata.pages._present_words import STORY_WORDS  # noqa: E402  as above
from geodata.settings import read_settings  # noqa: E402  as above
from geodata.story import PAGES as STORY_PAGES  # noqa: E402  as above
from layers import Lang, Text  # noqa: E402  as above

# Every page, in the order of the navigation. Add one by adding its file and its line here.
PAGES: tuple[Page, ...] = (
    explore.PAGE,
    coverage.PAGE,
    roads.PAGE,
    siting.PAGE,
    promises.PAGE,
    present.PAGE,
    bring.PAGE,
)

NAME = Text("瀍河规划地图", "Planning map of Chanhe")
_SHORT = Text("瀍河", "Chanhe")
_VISIT = "visit"
_SKIP = Text("跳到正文", "Skip to the page")
_NAV = Text("页面", "Pages")
_LANGUAGE = Text("语言", "Language")
_BROKEN = Text("出错了：", "Something is wrong: ")


def language() -> Lang:
    """Return the visit's language: chosen on the page, else the link's, else the operator's, else the browser's."""
    asked = (st.session_state.get("lang"), st.query_params.get("lang"), os.environ.get("CHANHE_LANG"))
    for lang in asked:
        if lang in {"zh", "en"}:
            st.session_state["lang"] = lang
            return "zh" if lang == "zh" else "en"
    st.session_state["lang"] = "en" if (st.context.locale or "zh").lower().startswith("en") else "zh"
    return language()


def main() -> None:
    """Show the frame and the page in it."""
    st.session_state["lang"] = lang = _chosen_language() or language()
    st.set_page_config(page_title=NAME.say(lang), page_icon=str(serving.ASSET_FOLDER / "icon.svg"), layout="wide", initial_sidebar_state="collapsed")
    shown = {page.key: _streamlit_page(page, lang, default=page is PAGES[0]) for page in PAGES}
    chosen = st.navigation(list(shown.values()), position="hidden")
    here = next(page for page in PAGES if shown[page.key] == chosen)
    wanted = _map.show_frame(
        lang=lang,
        data={
            "name": NAME.say(lang), "short": _SHORT.say(lang), "skip": _SKIP.say(lang), "nav": _NAV.say(lang), "language": _LANGUAGE.say(lang),
            "pages": [{"key": page.key, "title": page.title.say(lang), "path": "" if page is PAGES[0] else page.key, "here": page is here, "story": page.key in STORY_PAGES} for page in PAGES],
            "story": {name: text.say(lang) for name, text in STORY_WORDS.items()},
            "files": {name: _view_files.VIEW_WORDS[name].say(lang) for name in ("menu", "menu_hint")},
        },
    )
    if wanted in shown and wanted != here.key:
        st.switch_page(shown[wanted])
    try:
        settings = read_settings()
        visit = Visit(lang, settings, serving.current_district(settings), serving.may_edit(settings),
                      lambda key, **query: st.switch_page(shown[key], query_params=query or None) if key in shown else None)
        st.session_state[_VISIT] = visit
        chosen.run()
        _view_files.show(visit, here)
    except ChanheError as error:
        st.error(_BROKEN.say(lang) + error.say(lang))


def _chosen_language() -> Lang | None:
    """Return the language just chosen in the frame, if one was."""
    wish = getattr(st.session_state.get(_map.FRAME_KEY), "lang", None)
    lang = wish.get("lang") if wish else None
    return "zh" if lang == "zh" else "en" if lang == "en" else None


def _streamlit_page(page: Page, lang: Lang, *, default: bool) -> st.Page:
    def run() -> None:
        """Show the page, within the frame's margins unless it fills the window itself."""
        visit = st.session_state[_VISIT]
        with contextlib.nullcontext() if page.bare else st.container(key=f"page_{page.key}"):
            page.show(visit)

    return st.Page(run, title=page.title.say(lang), url_path=None if default else page.key, default=default)


if __name__ == "__main__":
    main()
