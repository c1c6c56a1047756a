"""The form every page fills in that a story can show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geodata.deck import Slide
from geodata.district import District
from layers import Text

Progress = Callable[[float, Text], None]
"""Told the share done, 0 to 1, and what is being done."""
Stop = Callable[[], bool]
"""Asked again and again; when true, what takes long ends with the best it has."""


@dataclass(frozen=True, slots=True)
class Work:
    """How a slide is being told.

    Attributes:
        progress: told how far it is.
        stop: asked whether to end.
    """

    progress: Progress
    stop: Stop

    def share(self, done: float) -> None:
        """Tell the share done where nothing more is known."""
        self.progress(done, Text("", ""))


@dataclass(frozen=True, slots=True)
class Teller:
    """One page as a slide.

    Attributes:
        page: its key in `geodata.story.PAGES`.
        slow: whether it takes longer than a page should wait.
        tell: district, what the page is asked and how the work goes → the slide, headed by what it shows; id, notes and
            address are put in by `geodata.telling`.
    """

    page: str
    slow: bool
    tell: Callable[[District, Mapping[str, str], Work], Slide]
