"""The coverage report by one button: made in a process of its own, with its progress shown, and kept for who asks the same."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from geodata.dossier import file_stem, imprint_of, make_zip
from geodata.exports import made_at
from geodata.findings import Asked
from geodata.packs import folder_in_use
from geodata.pages._page import Visit
from geodata.pages._prepared import Order, Prepared, show_prepared
from geodata.scenario import scenario_stamp
from layers import Text

WORDS: Final[Mapping[str, Text]] = {
    "title": Text("覆盖报告", "Coverage report"),
    "about": Text("把本页的问题写成一份可交出去的报告：PDF（含地图）、单个 HTML、PowerPoint、Excel、GeoPackage，以及可重新计算核对的 report.json。", "The question of this page as a report to hand over: PDF with maps, a single HTML file, PowerPoint, Excel, GeoPackage, and report.json, from which it can be worked out again."),
    "about_scenario": Text("把这个情景写成一份可交出去的报告：现状的覆盖、情景前后对比、情景文件，以及可重新计算核对的 report.json。", "This scenario as a report to hand over: coverage as it is, before and after, the scenario as a file, and report.json, from which it can be worked out again."),
    "make": Text("生成报告", "Make the report"),
    "save": Text("下载报告（{mb} MB）", "Download the report ({mb} MB)"),
}


def show_report(visit: Visit, asked: Asked, *, page: str = "coverage") -> None:
    """Show the button, the progress of the report, or the report itself.

    Args:
        visit: the present visit.
        asked: what the report is asked; with changes it compares before and after.
        page: on which page; a report begun on one goes on while another is open.
    """
    day = made_at()
    key = ("report", scenario_stamp(visit.district, asked.changes), replace(asked, changes=()), visit.lang, day.date())

    def order() -> Order:
        return make_zip, (visit.district, asked, imprint_of(visit.district, folder_in_use(visit.settings), visit.lang, visit.settings))

    with st.container(key=f"{page}_report"):
        st.markdown(f"##### {visit.say(WORDS['title'])}")
        st.caption(visit.say(WORDS["about_scenario" if asked.changes else "about"]))
        show_prepared(visit, Prepared(
            f"{page}_report", key, order, WORDS["make"], WORDS["save"], file_name=f"{file_stem(visit.district, asked, lang=visit.lang, day=day)}.zip", mime="application/zip", icon=":material/summarize:"))
