"""Stand-ins for what takes long when a page hands over a document: jobs that end at once, formats that write a line."""

from typing import Any

from geodata.errors import BadInput, ChanheError
from layers import Text

REFUSED = Text("不行", "cannot be")


class Now:
    """Jobs that are done as soon as they are begun; equal keys are one."""

    def __init__(self) -> None:
        self.begun: list[tuple[Any, ...]] = []

    def start(self, key: Any, work: Any, *args: Any) -> Any:
        self.begun.append(key)
        job = type("Job", (), {"key": key, "share": 0.0, "state": "done", "said": Text("", ""), "error": None, "result": None, "ended": self})()
        try:
            job.result = work(*args, progress=lambda share, text: None, stop=lambda: False)
        except ChanheError as error:
            job.error = error
        return job

    def is_set(self) -> bool:
        return True

    def leave(self, job: Any) -> None:
        pass


def written(deck: Any, district: Any, *, lang: str, paper: str = "slides", progress: Any = None) -> bytes:
    """A document of one line; none in English."""
    if lang == "en":
        raise BadInput(REFUSED)
    if progress:
        progress(0.5)
    return f"{deck.title.zh} {len(deck.slides)} {paper}".encode()


def written_pages(deck: Any, district: Any, *, lang: str, paper: str = "slides", progress: Any = None) -> list[bytes]:
    """A document of a line a slide, each in a file of its own."""
    return [f"{slide.title.zh} 1 {paper}".encode() for slide in deck.slides]
