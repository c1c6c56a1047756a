"""Work in processes of its own: progress, stopping, keeping, and a process that dies."""

import os
import subprocess
import sys
import time

import pytest

from geodata.errors import BadInput
from geodata.jobs import Jobs
from layers import Text

SOON_S = 60.0  # gives up on a process that never answers; nothing is measured by it


def add(a, b, *, progress, stop):
    print("this must not fall among the answers")
    progress(0.5, Text("一半", "half"))
    return a + b, os.getpid()


def until_stopped(best, *, progress, stop):
    progress(0.25, Text("在算", "working"))
    while not stop():
        time.sleep(0.01)
    return best


def deaf(*, progress, stop):
    progress(0.1, Text("在算", "working"))
    time.sleep(3600)


def give_bytes(count, *, progress, stop):
    return b"x" * count


def refuse(*, progress, stop):
    raise BadInput(Text("没有候选点", "no candidates"))


def break_down(*, progress, stop):
    raise ZeroDivisionError


def die(*, progress, stop):
    os._exit(3)


def give_what_cannot_be_sent(*, progress, stop):
    return lambda: None


class Unreadable:
    """What neither end can take out of the pipe."""

    def __reduce__(self):
        return int, ("not a number",)


def give_what_cannot_be_read(*, progress, stop):
    return Unreadable()


@pytest.fixture
def jobs():
    made = Jobs(1, most_kept=3, grace_s=0.2)
    yield made
    made.close()


def wait(job):
    assert job.ended.wait(SOON_S)
    return job


def wait_for_word(job):
    give_up = time.monotonic() + SOON_S
    while not job.said.zh and time.monotonic() < give_up:
        time.sleep(0.01)
    assert job.said.zh


def test_work_is_done_elsewhere_and_kept_for_who_asks_the_same(jobs) -> None:
    job = wait(jobs.start("sum", add, 2, 3))
    assert job.state == "done"
    assert job.result[0] == 5
    assert job.result[1] != os.getpid()
    assert job.share == 1.0
    assert job.said.en == "half"
    assert jobs.start("sum", add, 2, 3) is job
    assert wait(jobs.start("other", add, 4, 4)).result == (8, job.result[1])  # the same process, kept


def test_stopping_brings_the_best_found(jobs) -> None:
    job = jobs.start("slow", until_stopped, "best")
    wait_for_word(job)
    assert job.state == "running"
    assert not job.ended.is_set()
    jobs.stop(job)
    assert wait(job).result == "best"


def test_a_task_that_waits_its_turn_can_be_given_up(jobs) -> None:
    first, second = jobs.start("first", until_stopped, 1), jobs.start("second", until_stopped, 2)
    wait_for_word(first)
    waiting = second if first.state == "running" else first
    assert waiting.state == "waiting"
    jobs.stop(waiting)
    jobs.stop(first)
    assert wait(second).state == "failed"


def test_a_deaf_task_loses_its_process_and_the_next_gets_another(jobs) -> None:
    job = jobs.start("deaf", deaf)
    wait_for_word(job)
    jobs.stop(job)
    assert wait(job).state == "failed"
    assert job.error is not None
    assert wait(jobs.start("sum", add, 1, 1)).result[0] == 2


@pytest.mark.parametrize(("work", "words"), [
    (refuse, "no candidates"), (break_down, "ZeroDivisionError"), (die, "without an answer"),
    (give_what_cannot_be_sent, "was not finished"), (give_what_cannot_be_read, "without an answer")])
def test_what_goes_wrong_is_said_and_not_kept(jobs, work, words: str) -> None:
    job = wait(jobs.start("wrong", work))
    assert job.state == "failed"
    assert words in job.error.say("en")
    again = jobs.start("wrong", add, 1, 2)
    assert again is not job
    assert wait(again).result[0] == 3


def test_a_job_ends_when_the_last_who_waited_has_left(jobs) -> None:
    job = jobs.start("slow", until_stopped, "best")
    assert jobs.start("slow", until_stopped, "best") is job
    jobs.leave(job)
    assert not job.stopping
    jobs.leave(job)
    assert wait(job).stopping
    assert jobs.start("slow", add, 1, 1) is not job


def test_only_so_many_answers_are_kept(jobs) -> None:
    first = wait(jobs.start(0, add, 0, 0))
    for n in range(1, 4):
        wait(jobs.start(n, add, n, n))
    assert jobs.start(0, add, 0, 0) is not first


@pytest.mark.parametrize("argument", [lambda: None, Unreadable()], ids=["cannot be sent", "cannot be read"])
def test_a_task_that_cannot_be_handed_over_fails(jobs, argument) -> None:
    assert wait(jobs.start("wrong", add, argument, 2)).state == "failed"
    assert wait(jobs.start("wrong", add, 1, 2)).result[0] == 3


def test_a_machine_that_starts_no_process_is_a_failure_too(jobs, monkeypatch) -> None:
    def no_room(*args, **kwargs):
        raise OSError(12, "Cannot allocate memory")

    told: list[str] = []
    with monkeypatch.context() as broken:
        broken.setattr(subprocess, "Popen", no_room)
        broken.setattr("geodata.jobs._log.exception", lambda words: told.append(f"{words}: {sys.exc_info()[1]}"))
        assert wait(jobs.start("sum", add, 1, 2)).state == "failed"
    assert "Cannot allocate memory" in told[0]
    assert wait(jobs.start("sum", add, 1, 2)).result[0] == 3


def test_answers_are_kept_only_as_long_as_there_is_room() -> None:
    jobs = Jobs(1, most_bytes=3_000)
    large = wait(jobs.start("large", give_bytes, 2_000))
    assert large.size > 2_000
    assert jobs.start("large", give_bytes, 2_000) is large
    wait(jobs.start("other", give_bytes, 2_000))
    wait(jobs.start("third", give_bytes, 10))
    assert jobs.start("large", give_bytes, 2_000) is not large
    jobs.close()


def test_a_process_without_a_task_goes_home() -> None:
    jobs = Jobs(1, idle_s=0.05)
    first = wait(jobs.start("first", add, 1, 1)).result[1]
    give_up = time.monotonic() + SOON_S
    while jobs._all and time.monotonic() < give_up:
        time.sleep(0.01)
    assert not jobs._all
    assert wait(jobs.start("second", add, 1, 1)).result[1] != first
    jobs.close()
