"""A file that takes a while: made by one button in a process of its own, with its progress shown, kept for who asks the same."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from geodata.jobs import JOBS, Job
from geodata.pages._page import Visit
from layers import Text

WORDS: Final[Mapping[str, Text]] = {
    "again": Text("重试", "Try again"),
    "waiting": Text("等待前面的任务…", "Waiting for tasks before it…"),
    "starting": Text("正在准备…", "Getting ready…"),
    "stop": Text("停止", "Stop"),
}
_POLL_S: Final = 0.5
_MB: Final = 1e6
Order = tuple[Callable[..., Any], tuple[object, ...]]


@dataclass(frozen=True)
class Prepared:
    """A file that can be made.

    Attributes:
        place: names its widgets and what the visit holds of it.
        key: what it answers; equal keys are equal files.
        order: returns the task and its arguments, once the file is wanted; the task returns bytes.
        make: the word of the button that begins.
        save: of the one that downloads; `{mb}` is its size.
        file_name: with suffix.
        mime: media type.
        icon: of the first button.
    """

    place: str
    key: Hashable
    order: Callable[[], Order]
    make: Text
    save: Text
    file_name: str
    mime: str
    icon: str


def show_prepared(visit: Visit, held: Prepared) -> None:
    """Show the button that makes it, its progress, or the file itself."""
    job = _job(held)
    if job is None:
        _offer(visit, held, held.make)
    elif job.state == "failed":
        st.error(visit.say(job.error.message if job.error else WORDS["starting"]))
        _offer(visit, held, WORDS["again"])
    elif job.result is None:
        _show_progress(visit, held)
    else:
        st.download_button(visit.say(held.save.format(mb=f"{len(job.result) / _MB:.1f}")), data=job.result, file_name=held.file_name, mime=held.mime, on_click="ignore",
                           key=f"{held.place}_save", icon=":material/download:", type="primary")


def _job(held: Prepared) -> Job | None:
    """Return this visit's job of this very file; one of another question is no longer waited for."""
    job: Job | None = st.session_state.get(_name(held))
    if job is not None and job.key != held.key:
        _leave(held)
        return None
    return job


def _leave(held: Prepared) -> None:
    """Wait for this visit's file no more; who else waits for it still gets it."""
    JOBS.leave(st.session_state.pop(_name(held)))


def _name(held: Prepared) -> str:
    return f"{held.place}_job"


def _offer(visit: Visit, held: Prepared, word: Text) -> None:
    """Show the button that begins."""
    if not st.button(visit.say(word), key=f"{held.place}_make", icon=held.icon):
        return
    work, arguments = held.order()
    st.session_state[_name(held)] = JOBS.start(held.key, work, *arguments)
    st.rerun()


def _show_progress(visit: Visit, held: Prepared) -> None:
    """Show how far it is, again and again, with the button that stops waiting for it; the page follows once it has ended."""
    @st.fragment(run_every=_POLL_S)
    def progress() -> None:
        job = _job(held)
        if job is None or job.ended.is_set():
            st.rerun()
        text = WORDS["waiting"] if job.state == "waiting" else job.said if job.said.zh else WORDS["starting"]
        with st.container(horizontal=True, vertical_alignment="center", key=f"{held.place}_progress"):
            st.progress(min(1.0, max(0.0, job.share)), text=visit.say(text))
            if st.button(visit.say(WORDS["stop"]), key=f"{held.place}_stop", icon=":material/stop_circle:"):
                _leave(held)
                st.rerun()

    progress()
