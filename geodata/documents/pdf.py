"""PDF: slides for a meeting, or map sheets and an atlas on A4 and A3 at a stated scale; maps and charts are vectors, text is text."""

import re
from typing import Final

from geodata.deck import Deck
from geodata.district import District
from geodata.documents._form import Document, Paper, Progress
from geodata.documents._typst import pages
from layers import Lang, Text


def write(deck: Deck, district: District, *, lang: Lang, paper: Paper = "slides", progress: Progress | None = None) -> bytes:
    """Return the deck as one PDF; see `Write`."""
    return pages(deck, district, form="pdf", lang=lang, paper=paper, progress=progress)[0]


def held(content: bytes) -> int:
    """Return how many pages a PDF of ours has; their objects are never packed."""
    return len(re.findall(rb"/Type\s*/Page\b", content))


DOCUMENT: Final = Document(
    "pdf", ".pdf", "application/pdf", Text("PDF：打印、归档，地图为矢量", "PDF: for printing and filing, vector maps"), write,
    papers=("slides", "a4", "a4-landscape", "a3", "a3-landscape"), held=held,
)
