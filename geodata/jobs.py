"""Long work beside the pages: done in processes of its own, told in shares, stopped on request, kept for who asks the same.

A task is a function of a module with `progress` and `stop` keywords; it and its arguments go to a worker process by pickle,
so pages of others go on meanwhile. The worker is a plain `python -m geodata.worker`: nothing forks, and nothing of the
server's own script is run again, on Windows neither.
"""

import atexit
import contextlib
import logging
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
from geodata.worker import SIZE_BYTES
from layers import Text

WORKERS: Final = 2
"""So many tasks at once; more wait their turn."""
MOST_KEPT: Final = 32
"""So many answers stay for who asks the same."""
MOST_BYTES: Final = 256 * 2**20
"""So much room their answers take together."""
GRACE_S: Final = 60.0
"""A task asked to stop gives its best within this time, or its process is ended."""
IDLE_S: Final = 120.0
"""A process without a task for so long is ended; the next one starts in a second."""

_log = logging.getLogger(__name__)
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
        size: of the result, bytes on its way here.
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
    size: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    worker: "_Worker | None" = None


class Jobs:
    """The jobs of one server: equal keys share a job, running or done."""

    def __init__(self, workers: int = WORKERS, *, most_kept: int = MOST_KEPT, most_bytes: int = MOST_BYTES, grace_s: float = GRACE_S,
                 idle_s: float = IDLE_S) -> None:
        self._turn = threading.Semaphore(workers)
        self._most, self._most_bytes, self._grace_s, self._idle_s = most_kept, most_bytes, grace_s, idle_s
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
            self._make_room()
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
        with self._lock:
            job.watchers -= 1
            alone = job.watchers <= 0 and not job.ended.is_set()
        if alone:
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

    def _make_room(self) -> None:
        """Forget the answers asked for least recently, beyond so many and beyond so many bytes; held locked."""
        ended = [job for job in self._jobs.values() if job.ended.is_set()]
        size = sum(job.size for job in ended)
        for job in ended:
            if len(self._jobs) <= self._most and size <= self._most_bytes:
                return
            del self._jobs[job.key]
            size -= job.size

    def _run(self, job: Job, work: Callable[..., Any], args: tuple[object, ...]) -> None:
        with self._turn:
            try:
                self._work(job, work, args)
                job.state = "done"
            except ChanheError as error:
                job.error, job.state = error, "failed"
            except Exception:  # noqa: BLE001  logged, and told to whoever waits
                _log.exception("a task could not be handed to a process")
                job.error, job.state = ChanheError(_LOST), "failed"
            finally:
                if job.state == "failed":
                    self.forget(job)
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
            worker.tasks += 1
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
        except Exception:
            self._dismiss(worker)  # it may be in the middle of a word
            raise
        self._rest(worker)
        if kind == "failed":
            raise ChanheError(told)
        job.result, job.share = told, 1.0
        job.size = worker.heard

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

    def _rest(self, worker: "_Worker") -> None:
        """Keep a process for the next task, and end it if none comes for a while: it holds a district's walks."""
        with self._lock:
            self._idle.append(worker)
        timer = threading.Timer(self._idle_s, self._send_home, (worker, worker.tasks))
        timer.daemon = True
        timer.start()

    def _send_home(self, worker: "_Worker", tasks: int) -> None:
        """End a process that still rests since it did so many tasks."""
        with self._lock:
            if worker not in self._idle or worker.tasks != tasks:
                return
            self._idle.remove(worker)
        self._dismiss(worker)

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
            env={**os.environ, "PYTHONPATH": path},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0))
        self._lock = threading.Lock()
        self.heard, self.tasks = 0, 0
        """Bytes of the last thing told; tasks it was given."""

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
        outlet = _open(self._process.stdout)
        self.heard = int.from_bytes(_exactly(outlet, SIZE_BYTES))
        kind, told = pickle.loads(_exactly(outlet, self.heard))  # noqa: S301  both ends of the pipe are this installation
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


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    """Read so many bytes.

    Raises:
        EOFError: there are fewer.
    """
    read = pipe.read(count)
    if len(read) < count:
        raise EOFError
    return read


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


JOBS: Final = Jobs()
"""The server's jobs; a process starts with the first of them."""
