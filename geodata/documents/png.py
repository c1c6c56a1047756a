"""PNG: one page as a picture of 200 pixels an inch, for a letter or a web page."""

from typing import Final

from geodata.deck import Deck
from geodata.district import District
from geodata.documents._form import Document, Paper, Progress
from geodata.documents._typst import only, pages
from layers import Lang, Text

PPI: Final = 200.0


def write(deck: Deck, district: District, *, lang: Lang, paper: Paper = "slides", progress: Progress | None = None) -> bytes:
    """Return a deck of one page as PNG; see `Write`."""
    return only(write_pages(deck, district, lang=lang, paper=paper, progress=progress))


def write_pages(deck: Deck, district: District, *, lang: Lang, paper: Paper = "slides", progress: Progress | None = None) -> list[bytes]:
    """Return every page of the deck as PNG; see `WritePages`."""
    return pages(deck, district, form="png", lang=lang, paper=paper, progress=progress, ppi=PPI)


DOCUMENT: Final = Document(
    "png", ".png", "image/png", Text("PNG：一页一张图片", "PNG: a picture a page"), write,
    papers=("slides", "a4", "a4-landscape", "a3", "a3-landscape", "map"), pages=write_pages,
)
