"""PNG: one page as a picture of 200 pixels an inch, for a letter or a web page."""

from typing import Final

from geodata.deck import Deck
from geodata.district import District
from geodata.documents._form import Document, Paper, Progress
from geodata.documents._typst import pages
from layers import Lang, Text

PPI: Final = 200.0


def write(deck: Deck, district: District, *, lang: Lang, paper: Paper = "slides", progress: Progress | None = None) -> bytes:
    """Return the first page of the deck as PNG; see `Write`."""
    return pages(deck, district, form="png", lang=lang, paper=paper, progress=progress, ppi=PPI)[0]


DOCUMENT: Final = Document(
    "png", ".png", "image/png", Text("PNG：一页一张图片", "PNG: a picture a page"), write,
    papers=("slides", "a4", "a4-landscape", "a3", "a3-landscape"), single=True,
)
