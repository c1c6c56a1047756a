"""SVG: one page as a vector picture; its letters are outlines, so that it needs no font anywhere."""

from typing import Final

from geodata.deck import Deck
from geodata.district import District
from geodata.documents._form import Document, Paper, Progress
from geodata.documents._typst import only, pages
from layers import Lang, Text


def write(deck: Deck, district: District, *, lang: Lang, paper: Paper = "slides", progress: Progress | None = None) -> bytes:
    """Return a deck of one page as SVG; see `Write`."""
    return only(write_pages(deck, district, lang=lang, paper=paper, progress=progress))


def write_pages(deck: Deck, district: District, *, lang: Lang, paper: Paper = "slides", progress: Progress | None = None) -> list[bytes]:
    """Return every page of the deck as SVG; see `WritePages`."""
    return pages(deck, district, form="svg", lang=lang, paper=paper, progress=progress)


DOCUMENT: Final = Document(
    "svg", ".svg", "image/svg+xml", Text("SVG：一页一张矢量图", "SVG: a vector picture a page"), write,
    papers=("slides", "a4", "a4-landscape", "a3", "a3-landscape", "map"), pages=write_pages,
)
