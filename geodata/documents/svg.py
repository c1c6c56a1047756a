"""SVG: one page as a vector picture; its letters are outlines, so that it needs no font anywhere."""

from typing import Final

from geodata.deck import Deck
from geodata.district import District
from geodata.documents._form import Document, Paper, Progress
from geodata.documents._typst import pages
from layers import Lang, Text


def write(deck: Deck, district: District, *, lang: Lang, paper: Paper = "slides", progress: Progress | None = None) -> bytes:
    """Return the first page of the deck as SVG; see `Write`."""
    return pages(deck, district, form="svg", lang=lang, paper=paper, progress=progress)[0]


DOCUMENT: Final = Document(
    "svg", ".svg", "image/svg+xml", Text("SVG：一页一张矢量图", "SVG: a vector picture a page"), write,
    papers=("slides", "a4", "a4-landscape", "a3", "a3-landscape"), single=True,
)
