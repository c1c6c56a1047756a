"""The coverage report by one button: made in a process of its own, with its progress shown, and kept for who asks the same."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from geodata.dossier import file_stem, imprint_of, make_zip
from geodata.exports import made_at
from geodata.findings import Asked
from geodata.jobs import JOBS, Job
from geodata.packs import folder_in_use
from geodata.pages._page import Visit
from geodata.scenario import scenario_stamp
from layers import Text

WORDS: Final[Mapping[str, Text]] = {
    "title": Text("覆盖报告", "Coverage report"),
    "about": Text("把本页的问题写成一份可交出去的报告：PDF（含地图）、Excel、GeoPackage，以及可重新计算核对的 report.json。", "The question of this page as a report to hand over: PDF with maps, Excel, GeoPackage, and report.json, from which it can be worked out again."),
    "about_scenario": Text("把这个情景写成一份可交出去的报告：现状的覆盖、情景前后对比、情景文件，以及可重新计算核对的 report.json。", "This scenario as a report to hand over: coverage as it is, before and after, the scenario as a file, and report.json, from which it can be worked out again."),
    "make": Text("生成报告", "Make the report"),
    "again": Text("重试", "Try again"),
    "waiting": Text("等待前面的任务…", "Waiting for tasks before it…"),
    "starting": Text("正在准备…", "Getting ready…"),
    "stop": Text("停止", "Stop"),
    "save": Text("下载报告（{mb:.1f} MB）", "Download the report ({mb:.1f} MB)"),
}
_POLL_S: Final = 0.5
_MB: Final = 1e6


def show_report(visit: Visit, asked: Asked, *, page: str = "coverage") -> None:
    """Show the button, the progress of the report, or the report itself.

    Args:
        visit: the present visit.
        asked: what the report is asked; with changes it compares before and after.
        page: on which page; a report begun on one goes on while another is open.
    """
    day = made_at()
    key = ("report", scenario_stamp(visit.district, asked.changes), replace(asked, changes=()), visit.lang, day.date())
    with st.container(key=f"{page}_report"):
        st.markdown(f"##### {visit.say(WORDS['title'])}")
        st.caption(visit.say(WORDS["about_scenario" if asked.changes else "about"]))
        job = _job(page, key)
        if job is None:
            _offer(visit, asked, page, key, WORDS["make"])
        elif job.state == "failed":
            st.error(visit.say(job.error.message if job.error else WORDS["starting"]))
            _offer(visit, asked, page, key, WORDS["again"])
        elif job.result is None:
            _show_progress(visit, page, key)
        else:
            content = job.result
            st.download_button(visit.say(WORDS["save"].format(mb=len(content) / _MB)), data=content, file_name=f"{file_stem(visit.district, asked, lang=visit.lang, day=day)}.zip", mime="application/zip", on_click="ignore",
                               key=f"{page}_report_save", icon=":material/download:", type="primary")


def _job(page: str, key: Hashable) -> Job | None:
    """Return this visit's report of this very question; one of another question is no longer waited for."""
    job: Job | None = st.session_state.get(_held(page))
    if job is not None and job.key != key:
        _leave(page)
        return None
    return job


def _leave(page: str) -> None:
    """Wait for this visit's report no more; who else waits for it still gets it."""
    JOBS.leave(st.session_state.pop(_held(page)))


def _held(page: str) -> str:
    return f"{page}_report_job"


def _offer(visit: Visit, asked: Asked, page: str, key: Hashable, word: Text) -> None:
    """Show the button that begins a report."""
    if not st.button(visit.say(word), key=f"{page}_report_make", icon=":material/summarize:"):
        return
    imprint = imprint_of(visit.district, folder_in_use(visit.settings), visit.lang, visit.settings)
    st.session_state[_held(page)] = JOBS.start(key, make_zip, visit.district, asked, imprint)
    st.rerun()


def _show_progress(visit: Visit, page: str, key: Hashable) -> None:
    """Show how far the report is, again and again, with the button that stops waiting for it; the page follows once it has ended."""
    @st.fragment(run_every=_POLL_S)
    def progress() -> None:
        job = _job(page, key)
        if job is None or job.ended.is_set():
            st.rerun()
        text = WORDS["waiting"] if job.state == "waiting" else job.said if job.said.zh else WORDS["starting"]
        with st.container(horizontal=True, vertical_alignment="center", key=f"{page}_report_progress"):
            st.progress(min(1.0, max(0.0, job.share)), text=visit.say(text))
            if st.button(visit.say(WORDS["stop"]), key=f"{page}_report_stop", icon=":material/stop_circle:"):
                _leave(page)
                st.rerun()

    progress()
