"""The process that long work is done in: takes tasks from its input one by one, tells how they go, and ends with its server.

Run by `geodata.jobs` as `python -m geodata.worker`; both ends are the same installation and nobody else writes to the pipes.
"""

import os
import pickle
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from geodata.errors import ChanheError
from layers import Text

_BROKEN: Final = Text("计算没有完成（{name}）。请再试一次；若仍如此，请管理员查看服务日志。",
                      "The work was not finished ({name}). Try again; if that does not help, ask the operator to read the server's log.")

SIZE_BYTES: Final = 8
"""What is told begins with its size, in so many bytes."""
NICENESS: Final = 5
"""Visitors' pages go before long work."""
Task = tuple[Callable[..., Any], tuple[Any, ...]]


def main() -> None:
    """Do tasks until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted server closes the input, and that ends us
    if hasattr(os, "nice"):
        os.nice(NICENESS)  # on Windows the server says so when it starts us
    inlet, outlet = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not fall among the answers
    tasks: queue.SimpleQueue[tuple[Task, threading.Event]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(inlet, tasks), daemon=True).start()
    while True:
        task, stop = tasks.get()
        _send(outlet, *_done(task, stop, lambda share, text: _send(outlet, "progress", (share, text))))


def _listen(inlet: BinaryIO, tasks: "queue.SimpleQueue[tuple[Task, threading.Event]]") -> None:
    """Take tasks and wishes to stop the last of them."""
    stop = threading.Event()
    while True:
        try:
            kind, told = pickle.load(inlet)  # noqa: S301  both ends of the pipe are this installation
        except (EOFError, OSError):
            os._exit(0)
        except Exception:  # noqa: BLE001  what follows in the pipe cannot be told apart; the server hears the end
            traceback.print_exc(file=sys.stderr)
            os._exit(1)
        if kind == "stop":
            stop.set()
        else:
            stop = threading.Event()
            tasks.put((told, stop))


def _done(task: Task, stop: threading.Event, progress: Callable[[float, Text], None]) -> tuple[str, Any]:
    """Do one task; whatever goes wrong is an answer too."""
    work, args = task
    try:
        return "done", work(*args, progress=progress, stop=stop.is_set)
    except ChanheError as error:
        return "failed", error.message
    except Exception as error:  # noqa: BLE001  the server must hear of it, whatever it is
        traceback.print_exc(file=sys.stderr)
        return "failed", _BROKEN.format(name=type(error).__name__)


def _send(outlet: BinaryIO, kind: str, told: object) -> None:
    """Tell something, its size first; what cannot be told as it is ends as a failure."""
    try:
        content = pickle.dumps((kind, told), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001  an answer that does not pickle is an answer that cannot be given
        traceback.print_exc(file=sys.stderr)
        content = pickle.dumps(("failed", _BROKEN.format(name=type(error).__name__)))
    outlet.write(len(content).to_bytes(SIZE_BYTES))
    outlet.write(content)
    outlet.flush()


if __name__ == "__main__":
    main()
