"""The button that makes the report of the page's question, without waiting for it on the page."""

import pickle
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest  # noqa: TID251  the pages are run as Streamlit runs them

from geodata.asking.drawn import drawn
from geodata.errors import ChanheError
from geodata.findings import Asked
from geodata.jobs import Job, Jobs
from geodata.pages import _prepared
from geodata.question import Question
from layers import Text
from tests.pages.visits import page_of

ROAD = '[["open_road","LineString",[[112.48,34.70],[112.481,34.701]],{"name_zh":"甲路","name_en":"Road A"}]]'


class Started(Jobs):
    """Jobs that stand still until a test moves them."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: list[tuple[Any, tuple[object, ...]]] = []

    def _run(self, job: Job, work: Any, args: tuple[object, ...]) -> None:
        self.tasks.append((work, args))
        job.state, job.share, job.said = "running", 0.4, Text("排版与制图", "Setting pages and maps")


def finish(job: Job, content: bytes = b"PK report") -> None:
    job.result, job.state = content, "done"
    job.ended.set()


def saves(app: AppTest, page: str = "coverage") -> list[str]:
    return [element.proto.label for element in app.get("download_button") if f"{page}_report_save" in element.proto.id]


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Started:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1650844800")
    started = Started()
    monkeypatch.setattr(_prepared, "JOBS", started)
    return started


def test_one_press_makes_the_report_of_this_very_question(jobs: Started) -> None:
    app = page_of("coverage", "zh", layers="public_toilets", m="500")
    assert not app.exception
    app.button(key="coverage_report_make").click().run()
    assert not app.exception
    ((work, args),) = jobs.tasks
    district, asked, imprint = args
    assert asked == Asked(Question(("public_toilets",), metres=500.0))
    assert (imprint.lang, imprint.hashes["district"]) == ("zh", district.stamp)
    assert pickle.loads(pickle.dumps((work, args)))[1][1] == asked, "it goes to another process"
    app.run()
    assert "排版与制图" in str(app.get("progress")[-1].proto)

    other = page_of("coverage", "zh", layers="public_toilets", m="500")
    other.button(key="coverage_report_make").click().run()
    assert len(jobs.tasks) == 1, "the same question is worked out once"
    job = other.session_state["coverage_report_job"]
    app.button(key="coverage_report_stop").click().run()
    assert not app.exception
    assert app.button(key="coverage_report_make").label == "生成报告"
    assert not job.stopping, "the other visit still waits for it"
    finish(job)
    other.run()
    assert len(saves(other)) == 1
    assert "下载报告" in saves(other)[0]
    assert not [button for button in other.button if button.key == "coverage_report_make"]


def test_the_last_who_stops_ends_it_and_the_tick_box_decides_about_demo_sites(jobs: Started) -> None:
    app = page_of("coverage", "en", layers="public_toilets")
    app.checkbox(key="coverage_files_demo").check().run()
    app.button(key="coverage_report_make").click().run()
    job = app.session_state["coverage_report_job"]
    assert jobs.tasks[0][1][1] == Asked(Question(("public_toilets",)), demo_sites=True)
    app.button(key="coverage_report_stop").click().run()
    assert job.stopping


def test_a_drawn_scenario_goes_into_its_report(jobs: Started) -> None:
    app = page_of("roads", "zh", part="try", s=ROAD, name="北线")
    assert not app.exception
    app.button(key="roads_report_make").click().run()
    ((_, (district, asked, _)),) = jobs.tasks
    assert asked == Asked(Question(("public_toilets",)), changes=drawn(ROAD, district).changes, scenario=Text("北线", "北线"))
    assert asked.changes[0].name == Text("甲路", "Road A")
    finish(app.session_state["roads_report_job"])
    app.run()
    assert len(saves(app, "roads")) == 1
    assert not [button for button in page_of("roads", "zh", part="try").button if "report" in str(button.key)], "without a change there is nothing to compare"


def test_a_failure_is_told_and_can_be_tried_again(jobs: Started) -> None:
    app = page_of("coverage", "en", layers="public_toilets")
    app.button(key="coverage_report_make").click().run()
    job = app.session_state["coverage_report_job"]
    job.state, job.error = "failed", ChanheError(Text("没有中文字体", "The Chinese font is missing"))
    job.ended.set()
    app.run()
    assert [error.value for error in app.error] == ["The Chinese font is missing"]
    assert app.button(key="coverage_report_make").label == "Try again"


def test_service_areas_of_several_layers_are_made_beside_the_page(jobs: Started) -> None:
    app = page_of("coverage", "zh", layers="public_toilets,kindergartens")
    assert not app.exception
    (make,) = [button for button in app.button if str(button.key).startswith("file_service-areas")]
    make.click().run()
    assert not app.exception
    ((work, args),) = jobs.tasks
    assert pickle.loads(pickle.dumps((work, args)))[1][1] == Asked(Question(("public_toilets", "kindergartens")), stand_ins=False)
    place = str(make.key).removesuffix("_make")
    finish(app.session_state[f"{place}_job"])
    app.run()
    assert [element.proto.label for element in app.get("download_button") if f"{place}_save" in element.proto.id] == ["服务范围 · GEOJSON（0.0 MB）"]
    alone = page_of("coverage", "zh", layers="public_toilets")
    assert not [button for button in alone.button if str(button.key).startswith("file_service-areas")], "of one layer they are made as they are downloaded"
