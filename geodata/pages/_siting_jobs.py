"""The siting page's solves: one job a question and kind, shared by who asks the same, left when something else is asked."""

import time
from typing import Any, Final
from uuid import uuid4
from weakref import WeakKeyDictionary

import streamlit as st

from geodata.jobs import JOBS, Job
from geodata.pages._page import Visit
from geodata.pages._siting_words import WORDS

_JOBS: Final = "siting_jobs"
_LEFT: Final = "siting_left"
_VISIT: Final = "siting_visit"
_POLL_S: Final = 0.5
_THERE_S: Final = 20.0
"""Who has not looked for so long has closed the page: a visit that ends says nothing."""
_LOOKED: Final[WeakKeyDictionary[Job, dict[str, float]]] = WeakKeyDictionary()
"""When each visit last looked at a job, of all visits."""


def keep_only(base: tuple[object, ...]) -> None:
    """Leave the jobs of every other question: they would hold the workers while nobody looks at them."""
    held: dict[str, Job] = st.session_state.setdefault(_JOBS, {})
    for name, job in list(held.items()):
        if isinstance(job.key, tuple) and job.key[1:] != base:
            JOBS.leave(held.pop(name))


def job_of(name: str, base: tuple[object, ...], work: Any, *args: object) -> Job | None:
    """Return the job of this visit under `name`, begun now unless there is one; None where this visit has left it to others."""
    jobs, key = st.session_state.setdefault(_JOBS, {}), (name, *base)
    if st.session_state.get(_LEFT, {}).get(name) == key:
        return None
    if name not in jobs:
        jobs[name] = JOBS.start(key, work, *args)
    job: Job = jobs[name]
    _look(job)
    return job


def forget(name: str) -> None:
    """Let the next run of the page begin the job anew."""
    job = st.session_state[_JOBS].pop(name)
    JOBS.forget(job)


def stop(name: str) -> None:
    """End a job with the best it has; where others look at it too it goes on without this visit."""
    job: Job = st.session_state[_JOBS][name]
    if _others_look(job):
        JOBS.leave(st.session_state[_JOBS].pop(name))
        st.session_state.setdefault(_LEFT, {})[name] = job.key
    else:
        JOBS.stop(job)


def show_left(visit: Visit, name: str) -> None:
    """Say that others still wait for it, with the button that joins them again."""
    st.info(visit.say(WORDS["left_to_others"]))
    if st.button(visit.say(WORDS["join_again"]), key=f"siting_join_{name}"):
        del st.session_state[_LEFT][name]
        st.rerun()


def show_progress(visit: Visit, name: str, *, earlier: bool, label: str = "") -> None:
    """Show how far a job is, again and again, with the button that stops it; the page follows once it has ended."""
    @st.fragment(run_every=_POLL_S)
    def progress() -> None:
        job: Job | None = st.session_state[_JOBS].get(name)
        if job is None or job.ended.is_set():
            st.rerun()
        _look(job)
        text = WORDS["waiting"] if job.state == "waiting" else WORDS["stopping"] if job.stopping else job.said if job.said.zh else WORDS["starting"]
        with st.container(key=f"siting_progress_{name}"):
            if earlier:
                st.caption(visit.say(WORDS["earlier"]))
            st.progress(min(1.0, max(0.0, job.share)), text=f"{label}{' · ' if label else ''}{visit.say(text)}")
            if st.button(visit.say(WORDS["stop"]), key=f"siting_stop_{name}", disabled=job.stopping, icon=":material/stop_circle:"):
                stop(name)
                if not job.stopping:
                    st.rerun()

    progress()


def _look(job: Job) -> None:
    """Take note that this visit waits for it."""
    _LOOKED.setdefault(job, {})[st.session_state.setdefault(_VISIT, uuid4().hex)] = time.monotonic()


def _others_look(job: Job) -> bool:
    """Whether another visit looks at it."""
    now = time.monotonic()
    return any(visit != st.session_state[_VISIT] and now - last < _THERE_S for visit, last in list(_LOOKED.get(job, {}).items()))
