"""The page Present: a story of saved views, ordered, captioned and shown; its slides told by the functions of their pages.

The story itself lives in the visitor's browser, which keeps it over reloads and sends it along; the server holds nothing of
it. What takes long is worked out in other processes, view by view, and kept for everybody.
"""

from typing import Any, Final

import streamlit as st

from geodata.documents import Document, file_name
from geodata.errors import ChanheError
from geodata.jobs import Job
from geodata.markings import markings, marks_of
from geodata.pages import _present_files, _slides
from geodata.pages._handing import offered
from geodata.pages._page import Page, Visit
from geodata.pages._panel import Asked, asked_now, show_panel
from geodata.pages._present_words import WORDS
from geodata.pages._told_views import Telling
from geodata.story import FORMAT, MOST_BYTES, MOST_VIEWS, PAGES, VERSION, Story, open_story, ready_story
from geodata.telling import deck_of, slide_key
from layers import Text

KEY: Final = "present_asked"
PARAMETERS: Final = ("story", "slide", "show", "hello")
"""What the script sends; the address holds `slide` and `show` alone."""
TELLING: Final = Telling("present_jobs")
_OPENED: Final = "present_opened"
_POLL_S: Final = 0.7


def show(visit: Visit) -> None:
    """Show the page."""
    asked = asked_now(KEY, PARAMETERS)
    act = getattr(st.session_state.get(KEY), "act", None) or {}
    story = _story(visit, asked)
    _do(visit, story, act)
    slides = _slides_of(visit, story) if asked.get("hello") else {}
    ready = ready_story(visit.district)
    with st.container(key="present"):
        show_panel("present", key=KEY, visit=visit, asked={name: asked[name] for name in ("slide", "show") if asked.get(name)}, words=WORDS, data={
            "head": {"format": FORMAT, "version": VERSION, "district": visit.district.id, "stamp": visit.district.stamp},
            "ready": _plain(ready), "slides": slides, "opened": st.session_state.get(_OPENED), "most": MOST_BYTES, "most_views": MOST_VIEWS,
            "pages": {key: visit.say(name) for key, name in PAGES.items()}, "district": visit.say(visit.district.name), "marks": _marks(visit),
            "new_part": {"zh": WORDS["divider_caption"].zh, "en": WORDS["divider_caption"].en}, "file": _file_of(visit, story),
            "documents": offered(visit), "sketch": visit.district.is_sketch, "making": None, "made": None,
            **(_present_files.told(visit, story, lambda view: TELLING.slide(visit, view)) if asked.get("hello") else {}),
        })
    _watch()


def _story(visit: Visit, asked: Asked) -> Story:
    """Return the story of this visitor, or the ready one."""
    if asked.get("story"):
        try:
            return open_story(asked["story"], visit.district, name=visit.say(WORDS["title"])).story
        except ChanheError as error:
            st.session_state[_OPENED] = {"nonce": "kept", "text": error.say(visit.lang), "story": None}
    return ready_story(visit.district)


def _do(visit: Visit, story: Story, act: dict[str, Any]) -> None:
    """Do what a button asks for."""
    if act.get("do") == "open":
        st.session_state[_OPENED] = _opened(visit, str(act.get("text", "")), str(act.get("name", ""))[:80], act.get("nonce"))
    elif act.get("do") == "document":
        _present_files.COUNTER.ask(act)
    elif act.get("do") == "stop":
        _present_files.COUNTER.stop()
    elif act.get("do") == "again":
        for view in story.views:
            if view.id == act.get("id"):
                TELLING.forget(visit.district, view)


def _opened(visit: Visit, content: str, name: str, nonce: object) -> dict[str, Any]:
    """Return a story brought as a file, or why it is none."""
    try:
        opened = open_story(content, visit.district, name=name)
    except ChanheError as error:
        return {"nonce": nonce, "text": error.say(visit.lang), "story": None}
    said = [WORDS["opened"].format(name=name, n=len(opened.story.views)), *opened.remarks]
    return {"nonce": nonce, "name": name, "text": ("" if visit.lang == "zh" else " ").join(visit.say(text) for text in said), "story": _plain(opened.story)}


def _slides_of(visit: Visit, story: Story) -> dict[str, Any]:
    """Return the slides by page and query: told, under way, or what went wrong."""
    found: dict[str, Any] = {}
    for view in story.shown:
        name = f"{view.page}?{view.query}"
        try:
            slide = TELLING.slide(visit, view)
            found[name] = _under_way(visit, slide) if isinstance(slide, Job) else _slides.payload(slide, visit.district, visit.lang, slide_key(visit.district, view))
        except ChanheError as error:  # also where the font is missing that its map is drawn with
            found[name] = {"failed": error.say(visit.lang), "kind": "text", "title": {"zh": PAGES[view.page].zh, "en": PAGES[view.page].en}, "sentences": []}
    TELLING.leave({slide_key(visit.district, view) for view in story.shown})
    return found


def _under_way(visit: Visit, job: Job) -> dict[str, Any]:
    """Return what stands in the place of a slide that is still worked out."""
    said = job.said if job.said.zh else WORDS["queued" if job.state == "waiting" else "working"]
    return {"kind": "text", **_slides.waiting(job.share, said, visit.lang)}


def _watch() -> None:
    """Run the page again as soon as something it waits for has moved."""
    def state() -> tuple[object, ...]:
        waiting = [*TELLING.jobs.values(), *([job] if (job := _present_files.COUNTER.busy) else [])]
        return tuple((str(job.key), job.state, round(job.share, 2), job.said.zh) for job in waiting if not job.ended.is_set() or job.error is None)

    seen = state()
    if not seen:
        return

    @st.fragment(run_every=_POLL_S)
    def follow() -> None:
        if state() != seen:
            st.rerun()

    with st.container(key="present_watch"):
        follow()


def _plain(story: Story) -> dict[str, Any]:
    """Return title and views as the script keeps them."""
    def both(text: Text) -> dict[str, str]:
        return {"zh": text.zh, "en": text.en}

    return {"title": both(story.title), "views": [{"id": view.id, "page": view.page, "query": view.query, "caption": both(view.caption), "notes": both(view.notes),
                                                   "hidden": view.hidden} for view in story.views]}


def _marks(visit: Visit) -> list[str]:
    """Return the lines every map is marked with."""
    return [visit.say(line) for line in marks_of(*markings(visit.district, visit.settings))]


def _file_of(visit: Visit, story: Story) -> str:
    """Return what the story's own file is called."""
    kind = Document("story", ".json", "application/json", WORDS["title"], _never)
    return file_name(deck_of(visit.district, story, [], settings=visit.settings), visit.lang, kind)


def _never(*_args: object, **_options: object) -> bytes:
    """A story is written by the script, not as a document."""
    return b""


PAGE: Final = Page("present", WORDS["title"], show, bare=True)
