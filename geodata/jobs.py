"""Long work beside the pages: done in processes of its own, told in shares, stopped on request, kept for who asks the same.

A task is a function of a module with `progress` and `stop` keywords; it and its arguments go to a worker process by pickle,
so pages of others go on meanwhile. The worker is a plain `python -m geodata.worker`: nothing forks, and nothing of the
server's own script is run again, on Windows neither.
"""

import atexit
import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Literal

from geodata.errors import ChanheError
from layers import Text

WORKERS: Final = 2
"""So many tasks at once; more wait their turn."""
MOST_KEPT: Final = 32
"""So many answers stay for who asks the same."""
GRACE_S: Final = 15.0
"""A task asked to stop gives its best within this time, or its process is ended."""

State = Literal["waiting", "running", "done", "failed"]
_LOST: Final = Text("计算进程中断，没有得到结果。请再试一次。", "The process ended without an answer. Try again.")


@dataclass(eq=False)
class Job:
    """One task and what has come of it; read freely from any thread.

    Attributes:
        key: what it answers.
        state: how far it is.
        share: of the work, 0 to 1.
        said: what is being done.
        result: of a job that is done.
        error: of one that failed.
        stopping: whether somebody asked to stop it.
        watchers: how many wait for it.
        ended: set when it is done or failed.
    """

    key: Hashable
    state: State = "waiting"
    share: float = 0.0
    said: Text = field(default_factory=lambda: Text("", ""))
    result: Any = None
    error: ChanheError | None = None
    stopping: bool = False
    watchers: int = 1
    ended: threading.Event = field(default_factory=threading.Event)
    worker: "_Worker | None" = None


class Jobs:
    """The jobs of one server: equal keys share a job, running or done."""

    def __init__(self, workers: int = WORKERS, *, most_kept: int = MOST_KEPT, grace_s: float = GRACE_S) -> None:
        self._turn = threading.Semaphore(workers)
        self._most, self._grace_s = most_kept, grace_s
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()

    def start(self, key: Hashable, work: Callable[..., Any], *args: object) -> Job:
        """Return the job of `key`, begun now unless there is one.

        Args:
            key: what it answers; equal keys mean equal work.
            work: a function of a module, called with `args`, `progress(share, Text)` and `stop() -> bool`.
            args: what it is given; must pickle.
        """
        with self._lock:
            if key in self._jobs:
                self._jobs.move_to_end(key)
                self._jobs[key].watchers += 1
                return self._jobs[key]
            job = self._jobs[key] = Job(key)
            ended = [name for name, other in self._jobs.items() if other.ended.is_set()]
            for name in ended[: max(0, len(self._jobs) - self._most)]:
                del self._jobs[name]
        threading.Thread(target=self._run, args=(job, work, args), daemon=True).start()
        return job

    def stop(self, job: Job) -> None:
        """Ask a job to end with the best it has; one that does not listen loses its process after the grace."""
        job.stopping = True
        worker = job.worker
        if worker is not None:
            worker.send("stop", None)
            timer = threading.Timer(self._grace_s, lambda: None if job.ended.is_set() else worker.end())
            timer.daemon = True
            timer.start()

    def leave(self, job: Job) -> None:
        """Take note that one who waited does so no more; a job that nobody waits for is stopped and forgotten."""
        job.watchers -= 1
        if job.watchers <= 0 and not job.ended.is_set():
            self.forget(job)
            self.stop(job)

    def forget(self, job: Job) -> None:
        """Let the next one who asks the same begin anew."""
        with self._lock:
            if self._jobs.get(job.key) is job:
                del self._jobs[job.key]

    def close(self) -> None:
        """End every process; jobs under way fail."""
        with self._lock:
            workers, idle = list(self._all), list(self._idle)
            self._idle.clear()
        for worker in workers:
            worker.end()
        for worker in idle:
            worker.close()

    def _run(self, job: Job, work: Callable[..., Any], args: tuple[object, ...]) -> None:
        with self._turn:
            try:
                self._work(job, work, args)
                job.state = "done"
            except ChanheError as error:
                job.error, job.state = error, "failed"
                self.forget(job)
            finally:
                job.worker = None
                job.ended.set()

    def _work(self, job: Job, work: Callable[..., Any], args: tuple[object, ...]) -> None:
        """Have a worker do it, and hear how it goes.

        Raises:
            ChanheError: the task failed, or its process was lost.
        """
        if _was_stopped(job):
            raise ChanheError(_LOST)
        worker = self._hire()
        try:
            worker.send("task", (work, args))
            job.worker, job.state = worker, "running"
            if _was_stopped(job):
                worker.send("stop", None)
            while True:
                kind, told = worker.hear()
                if kind != "progress":
                    break
                job.share, job.said = told
        except (EOFError, OSError) as error:
            self._dismiss(worker)
            raise ChanheError(_LOST) from error
        with self._lock:
            self._idle.append(worker)
        if kind == "failed":
            raise ChanheError(told)
        job.result, job.share = told, 1.0

    def _hire(self) -> "_Worker":
        """Return an idle process, or a new one."""
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    return worker
                worker.close()
                self._all.discard(worker)
            worker = _Worker()
            if not self._all:
                atexit.register(self.close)
            self._all.add(worker)
            return worker

    def _dismiss(self, worker: "_Worker") -> None:
        worker.end()
        worker.close()
        with self._lock:
            self._all.discard(worker)


class _Worker:
    """One process, from our side."""

    def __init__(self) -> None:
        root = str(Path(__file__).parent.parent)
        path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "geodata.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path}, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0))
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, kind: str, told: object) -> None:
        """Send a task or a wish; a process that is gone is found out by who listens to it."""
        content = pickle.dumps((kind, told), protocol=pickle.HIGHEST_PROTOCOL)
        with self._lock, contextlib.suppress(OSError, ValueError):
            inlet = _open(self._process.stdin)
            inlet.write(content)
            inlet.flush()

    def hear(self) -> tuple[str, Any]:
        """Return the next thing told.

        Raises:
            EOFError: the process is gone.
        """
        try:
            kind, told = pickle.load(_open(self._process.stdout))  # noqa: S301  both ends of the pipe are this installation
        except (ValueError, pickle.UnpicklingError) as error:
            raise EOFError from error
        return kind, told

    def end(self) -> None:
        """End the process; nothing happens to one that has ended. Who listens to it hears the end."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Close the pipes of a process that has ended and that nobody listens to."""
        with self._lock:
            for pipe in (self._process.stdin, self._process.stdout):
                with contextlib.suppress(OSError):
                    _open(pipe).close()


def _was_stopped(job: Job) -> bool:
    """Another thread may have asked since the last look."""
    return job.stopping


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


JOBS: Final = Jobs()
"""The server's jobs; a process starts with the first of them."""
