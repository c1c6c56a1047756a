"""One deck set by Typst: slides or map sheets, as PDF, or as a picture a page."""

from geodata.deck import Deck
from geodata.district import District
from geodata.documents._form import Paper, Progress
from geodata.documents._laid import laid
from geodata.errors import BadInput
from geodata.typesetting import FILED, Form, typeset
from layers import Lang, Text


def pages(deck: Deck, district: District, *, form: Form, lang: Lang, paper: Paper, progress: Progress | None = None, ppi: float = 144.0) -> list[bytes]:
    """Return the deck as one PDF, or as a picture a page.

    Raises:
        BadInput: the deck has no slide, or a page cannot be set.
        Unreadable: Typst or the font is not installed.
    """
    if not deck.slides:
        raise BadInput(Text("没有可输出的页。请先加入一页。", "There is no slide to write. Add one first."))
    told = laid(deck, district, lang=lang, paper=paper, progress=progress)
    made = typeset("slides.typ" if paper == "slides" else "sheets.typ", told.data, files=told.files, form=form, ppi=ppi, made_at=deck.made_at, standards=FILED)
    if progress:
        progress(1.0)
    return made
