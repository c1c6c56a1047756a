"""The documents of the page Present: asked for by a button, made in another process, kept for who asks the same, handed over by a link."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

import streamlit as st

from geodata import documents
from geodata.deck import Deck, Slide
from geodata.document_work import Made, make_document
from geodata.jobs import JOBS, Job
from geodata.pages._page import Visit
from geodata.pages._present_words import WORDS
from geodata.serving import MADE
from geodata.story import Story, View, story_json
from geodata.telling import deck_of
from layers import Text

WISH: Final = "present_wish"
_JOB: Final = "present_document"
_MADE: Final = "present_made"
Wish = Mapping[str, Any]


def offered(visit: Visit) -> list[dict[str, Any]]:
    """Return every format there is, with what it can be laid out on, the usual one first."""
    return [{"key": document.key, "name": visit.say(document.name), "papers": [{"key": paper, "name": visit.say(documents.PAPERS[paper])} for paper in document.papers]}
            for document in documents.every_document().values()]


def ask(act: Mapping[str, Any]) -> None:
    """Take note that a document is wanted; one that nobody offers is not."""
    document = documents.every_document().get(str(act.get("key")))
    if document is None or act.get("paper") not in document.papers:
        return
    st.session_state[WISH] = dict(act)
    st.session_state.pop(_MADE, None)


def stop() -> None:
    """Want it no more."""
    job: Job | None = st.session_state.pop(_JOB, None)
    if job is not None:
        JOBS.leave(job)
    st.session_state.pop(WISH, None)


def busy() -> Job | None:
    """Return the job under way in this visit."""
    job: Job | None = st.session_state.get(_JOB)
    return job


def told(visit: Visit, story: Story, told_of: Callable[[View], Slide | None]) -> dict[str, Any]:
    """Return what the script shows of the document asked for: how far it is, or where it lies.

    Args:
        visit: the present visit.
        story: what is handed over.
        told_of: a view's slide, None while it is worked out.
    """
    wish: Wish | None = st.session_state.get(WISH)
    if wish is None:
        return {"made": st.session_state.get(_MADE)}
    name = documents.every_document()[wish["key"]].name
    views = [view for view in story.shown if not wish.get("only") or view.id == wish["only"]]
    slides = [told_of(view) for view in views]
    ready = [slide for slide in slides if slide is not None]
    if len(ready) < len(slides):
        return {"making": {"share": len(ready) / len(slides), "text": visit.say(WORDS["files_waiting"].format(n=len(slides) - len(ready)))}}
    if not ready:
        return _failed(visit, WORDS["all_hidden"])
    deck = deck_of(visit.district, story, ready, settings=visit.settings)
    if wish.get("only"):  # a slide by itself goes by its own name
        deck = replace(deck, title=deck.slides[0].title)
    job = _job(visit, deck, wish, story, views)
    if not job.ended.is_set():
        return {"making": {"share": job.share, "text": visit.say(WORDS["files_making"].format(name=name))}}
    if job.error is not None or job.result is None:
        return _failed(visit, job.error.message if job.error else WORDS["again"])
    return _handed(visit, job.result, wish)


def _job(visit: Visit, deck: Deck, wish: Wish, story: Story, views: Sequence[View]) -> Job:
    """Return the job that makes it; equal content, language and day are one job for all visitors."""
    content = hashlib.blake2b(story_json(story).encode("utf-8"), digest_size=16).hexdigest()
    key = ("document", visit.district.stamp, content, tuple(view.id for view in views), wish["key"], wish["paper"], visit.lang, f"{deck.made_at:%Y-%m-%d}", deck.approval, deck.grade)
    held = busy()
    if held is not None and held.key == key:
        return held
    if held is not None:
        JOBS.leave(held)
    st.session_state[_JOB] = JOBS.start(key, make_document, deck, visit.district, wish["key"], visit.lang, wish["paper"])
    return st.session_state[_JOB]  # type: ignore[no-any-return]  # put there a line above


def _handed(visit: Visit, made: Made, wish: Wish) -> dict[str, Any]:
    """Put the file where a link reaches it, and say so."""
    st.session_state.pop(WISH, None)
    st.session_state.pop(_JOB, None)
    name = hashlib.sha256(made.content).hexdigest()[:24]
    MADE.publish(name, made.content)
    size = f"{len(made.content) / 1e6:.1f} MB" if len(made.content) > 1e5 else f"{len(made.content) / 1e3:.0f} KB"
    said = {"nonce": wish.get("nonce"), "url": f"made/{name}/{quote(made.name)}", "name": made.name, "text": visit.say(WORDS["files_made"].format(name=made.name, size=size))}
    st.session_state[_MADE] = said
    return {"made": {**said, "fresh": True}}


def _failed(visit: Visit, why: Text) -> dict[str, Any]:
    nonce = (st.session_state.pop(WISH, None) or {}).get("nonce")
    st.session_state.pop(_JOB, None)
    st.session_state[_MADE] = {"nonce": nonce, "failed": visit.say(WORDS["files_failed"].format(why=why))}
    return {"made": st.session_state[_MADE]}
