"""The form every format of a document fills in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from geodata.deck import Deck
from geodata.district import District
from layers import Lang, Text

Paper = Literal["slides", "a4", "a4-landscape", "a3", "a3-landscape", "map"]
PAPERS: Final[Mapping[Paper, Text]] = {
    "slides": Text("幻灯片 16:9", "Slides 16:9"),
    "a4": Text("A4 竖版", "A4 portrait"), "a4-landscape": Text("A4 横版", "A4 landscape"),
    "a3": Text("A3 竖版", "A3 portrait"), "a3-landscape": Text("A3 横版", "A3 landscape"),
    "map": Text("只要地图和图例", "The map and its legend"),
}
"""What a document may be laid out on: slides as in a meeting, map sheets at a stated scale, or each map alone with what it must say of itself."""
Progress = Callable[[float], None]
"""Is told how much is done, 0 to 1."""


class Write(Protocol):
    """Lays out a deck and returns the file. Equal arguments give equal bytes.

    Raises BadInput or Unreadable where the file cannot be made; nothing is written to disk here.
    """

    def __call__(self, deck: Deck, district: District, *, lang: Lang, paper: Paper = "slides", progress: Progress | None = None) -> bytes:
        """Return the file's bytes."""


class WritePages(Protocol):
    """Lays out a deck as one file a page; otherwise as `Write`."""

    def __call__(self, deck: Deck, district: District, *, lang: Lang, paper: Paper = "slides", progress: Progress | None = None) -> list[bytes]:
        """Return the bytes of each page."""


def _one(_content: bytes) -> int:
    return 1


@dataclass(frozen=True, slots=True)
class Document:
    """One format a deck can be handed over in.

    Attributes:
        key: the file's own name; the value of `--format`.
        suffix: with its dot.
        mime: media type.
        name: what it is called in a menu, with what it is good for.
        write: deck and the district its maps lie in → the file.
        papers: what it can be laid out on, the usual one first.
        held: how many pages a file holds: more than a deck has slides where contents or what goes on take pages of their own.
        pages: of a format whose file holds one page only: the deck as a file a page (see `as_files`).
    """

    key: str
    suffix: str
    mime: str
    name: Text
    write: Write
    papers: tuple[Paper, ...] = ("slides",)
    pages: WritePages | None = None
    held: Callable[[bytes], int] = _one
