"""The coverage report by one button: made in a process of its own, with its progress shown, and kept for who asks the same."""

from collections.abc import Hashable, Mapping
from typing import Final

import streamlit as st

from geodata.dossier import file_stem, imprint_of, make_zip
from geodata.exports import made_at
from geodata.findings import Asked
from geodata.jobs import JOBS, Job
from geodata.packs import folder_in_use
from geodata.pages._page import Visit
from geodata.question import Question
from layers import Text

WORDS: Final[Mapping[str, Text]] = {
    "title": Text("覆盖报告", "Coverage report"),
    "about": Text("把本页的问题写成一份可交出去的报告：PDF（含地图）、Excel、GeoPackage，以及可重新计算核对的 report.json。", "The question of this page as a report to hand over: PDF with maps, Excel, GeoPackage, and report.json, from which it can be worked out again."),
    "make": Text("生成报告", "Make the report"),
    "again": Text("重试", "Try again"),
    "waiting": Text("等待前面的任务…", "Waiting for tasks before it…"),
    "starting": Text("正在准备…", "Getting ready…"),
    "stopping": Text("正在停止…", "Stopping…"),
    "stop": Text("停止", "Stop"),
    "save": Text("下载报告（{mb:.1f} MB）", "Download the report ({mb:.1f} MB)"),
}
_JOB: Final = "coverage_report_job"
_POLL_S: Final = 0.5
_MB: Final = 1e6


def show_report(visit: Visit, question: Question) -> None:
    """Show the button, the progress of the report, or the report itself."""
    day = f"{made_at():%Y-%m-%d}"
    key = ("report", visit.district.stamp, question, visit.lang, day)
    with st.container(key="coverage_report"):
        st.markdown(f"##### {visit.say(WORDS['title'])}")
        st.caption(visit.say(WORDS["about"]))
        job = _job(key)
        if job is None:
            _offer(visit, question, key, WORDS["make"])
        elif job.state == "failed":
            st.error(visit.say(job.error.message if job.error else WORDS["starting"]))
            _offer(visit, question, key, WORDS["again"])
        elif job.result is None:
            _show_progress(visit, key)
        else:
            content, name = job.result, f"{file_stem(visit.district, lang=visit.lang, day=day)}.zip"
            st.download_button(visit.say(WORDS["save"].format(mb=len(content) / _MB)), data=content, file_name=name, mime="application/zip", on_click="ignore",
                               key="coverage_report_save", icon=":material/download:", type="primary")


def _job(key: Hashable) -> Job | None:
    """Return this visit's report of this very question; one of another question is no longer waited for."""
    job: Job | None = st.session_state.get(_JOB)
    if job is not None and job.key != key:
        JOBS.leave(job)
        del st.session_state[_JOB]
        return None
    return job


def _offer(visit: Visit, question: Question, key: Hashable, word: Text) -> None:
    """Show the button that begins a report."""
    if not st.button(visit.say(word), key="coverage_report_make", icon=":material/summarize:"):
        return
    imprint = imprint_of(visit.district, folder_in_use(visit.settings), visit.lang, visit.settings)
    st.session_state[_JOB] = JOBS.start(key, make_zip, visit.district, Asked(question), imprint)
    st.rerun()


def _show_progress(visit: Visit, key: Hashable) -> None:
    """Show how far the report is, again and again, with the button that stops it; the page follows once it has ended."""
    @st.fragment(run_every=_POLL_S)
    def progress() -> None:
        job = _job(key)
        if job is None or job.ended.is_set():
            st.rerun()
        text = WORDS["waiting"] if job.state == "waiting" else WORDS["stopping"] if job.stopping else job.said if job.said.zh else WORDS["starting"]
        with st.container(horizontal=True, vertical_alignment="center", key="coverage_report_progress"):
            st.progress(min(1.0, max(0.0, job.share)), text=visit.say(text))
            if st.button(visit.say(WORDS["stop"]), key="coverage_report_stop", disabled=job.stopping, icon=":material/stop_circle:"):
                JOBS.stop(job)

    progress()
