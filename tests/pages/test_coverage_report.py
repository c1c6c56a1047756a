"""The button that makes the report of the page's question, without waiting for it on the page."""

import pickle
from typing import Any

import pytest

from geodata.errors import ChanheError
from geodata.findings import Asked
from geodata.jobs import Job
from geodata.pages import _coverage_report
from geodata.question import Question
from layers import Text
from tests.pages.visits import page_of


class Started:
    """Jobs that stand still until a test moves them."""

    def __init__(self) -> None:
        self.jobs: dict[Any, Job] = {}
        self.tasks: list[tuple[Any, tuple[object, ...]]] = []
        self.left: list[Job] = []

    def start(self, key: Any, work: Any, *args: object) -> Job:
        if key not in self.jobs:
            self.tasks.append((work, args))
            self.jobs[key] = Job(key, state="running", share=0.4, said=Text("排版与制图", "Setting pages and maps"))
        return self.jobs[key]

    def leave(self, job: Job) -> None:
        self.left.append(job)

    def stop(self, job: Job) -> None:
        job.stopping = True


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Started:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1650844800")
    started = Started()
    monkeypatch.setattr(_coverage_report, "JOBS", started)
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
    (job,) = jobs.jobs.values()
    assert "排版与制图" in str(app.get("progress")[-1].proto)
    app.button(key="coverage_report_stop").click().run()
    assert job.stopping

    job.result, job.state = b"PK report", "done"
    job.ended.set()
    app.run()
    (save,) = [element for element in app.get("download_button") if "coverage_report_save" in element.proto.id]
    assert "下载报告" in save.proto.label
    assert not [button for button in app.button if button.key == "coverage_report_make"]


def test_a_failure_is_told_and_can_be_tried_again(jobs: Started) -> None:
    app = page_of("coverage", "en", layers="public_toilets")
    app.button(key="coverage_report_make").click().run()
    (job,) = jobs.jobs.values()
    job.state, job.error = "failed", ChanheError(Text("没有中文字体", "The Chinese font is missing"))
    job.ended.set()
    app.run()
    assert [error.value for error in app.error] == ["The Chinese font is missing"]
    assert app.button(key="coverage_report_make").label == "Try again"
