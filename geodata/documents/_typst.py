"""One deck set by Typst: slides, map sheets or maps alone, as PDF, or as a picture a page."""

from dataclasses import replace
from typing import Final

from geodata.deck import Deck
from geodata.district import District
from geodata.documents._form import Paper, Progress
from geodata.documents._laid import laid
from geodata.errors import BadInput
from geodata.typesetting import FILED, Form, typeset
from layers import Lang, Text

_TEMPLATES: Final[dict[Paper, str]] = {"slides": "slides.typ", "map": "maps.typ"}


def only(told: list[bytes]) -> bytes:
    """Return the one page there is.

    Raises:
        BadInput: there are more, and a file of this format holds one.
    """
    if len(told) > 1:
        raise BadInput(Text(f"这份内容有 {len(told)} 页，这种格式一个文件只放一页。", f"This comes to {len(told)} pages; a file of this format holds one."))
    return told[0]


def pages(deck: Deck, district: District, *, form: Form, lang: Lang, paper: Paper, progress: Progress | None = None, ppi: float = 144.0) -> list[bytes]:
    """Return the deck as one PDF, or as a picture a page.

    Raises:
        BadInput: the deck has no slide, no map where maps alone are asked for, or a page cannot be set.
        Unreadable: Typst or the font is not installed.
    """
    if not deck.slides:
        raise BadInput(Text("没有可输出的页。请先加入一页。", "There is no slide to write. Add one first."))
    if paper == "map":
        deck = replace(deck, slides=tuple(slide for slide in deck.slides if slide.map is not None))
        if not deck.slides:
            raise BadInput(Text("这里没有地图。请选别的版面。", "There is no map here. Choose another layout."))
    told = laid(deck, district, lang=lang, paper=paper, progress=progress)
    made = typeset(_TEMPLATES.get(paper, "sheets.typ"), told.data, files=told.files, form=form, ppi=ppi, made_at=deck.made_at, standards=FILED)
    if progress:
        progress(1.0)
    return made
