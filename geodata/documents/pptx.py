"""PPTX: slides to edit, with native tables and charts, text as text, and each map as a crisp picture beside a native legend."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any, Final

from geodata.deck import Chart, Deck, LegendEntry, MapPicture
from geodata.district import District
from geodata.documents._cells import said
from geodata.documents._form import Document, Paper, Progress
from geodata.documents._pptx_boxes import Box
from geodata.documents._pptx_charts import add_chart
from geodata.documents._pptx_file import blank, finished
from geodata.documents._pptx_pages import TALL, WIDE, Page, pages
from geodata.documents._pptx_shapes import (
    add_badge,
    add_band,
    add_legend,
    add_number,
    add_picture,
    add_table,
    add_text,
    describe,
    set_title,
)
from geodata.documents._pptx_tables import Rows
from geodata.plate_ground import ground_legend
from geodata.plates import map_png
from layers import Lang, Text

_MM: Final = 25.4
_GROW: Final = 1.5
"""How much larger symbols and names are than on paper: a slide is read across a room."""
_PPI: Final = 220.0
_ALT: Final = Text("地图：{title}。{legend}", "Map: {title}. {legend}")
_SCALE: Final = Text("比例 1:{n}", "scale 1:{n}")


def write(deck: Deck, district: District, *, lang: Lang, paper: Paper = "slides", progress: Progress | None = None) -> bytes:  # noqa: ARG001  slides are 16:9
    """Return a deck as a PowerPoint file in one language.

    Raises:
        Unreadable: Typst or the font of the maps is not installed.
    """
    tell = progress or (lambda _done: None)
    tell(0.0)
    made, every = blank(WIDE, TALL), pages(deck, ground_legend(district), lang)
    for number, page in enumerate(every, start=1):
        _Slide(made, deck, district, lang).fill(page)
        tell(0.95 * number / len(every))
    content = finished(made, title=said(deck.title, lang), lang=lang, made_at=deck.made_at, data_hash=deck.data_hash)
    tell(1.0)
    return content


class _Slide:
    """One page being drawn."""

    def __init__(self, made: Any, deck: Deck, district: District, lang: Lang) -> None:
        self.slide = made.slides.add_slide(made.slide_layouts[0])
        self.deck, self.district, self.lang = deck, district, lang

    def fill(self, page: Page) -> None:
        """Draw every box of a page, its ground first, and write the notes."""
        ink = "FFFFFF" if page.look == "divider" else "1D252C"
        add_band(self.slide, page.look, WIDE)
        for box in page.boxes:
            self._draw(box, page, ink)
        if page.notes:
            self.slide.notes_slide.notes_text_frame.text = "\n".join(page.notes)

    def _draw(self, box: Box, page: Page, ink: str) -> None:
        if box.kind == "title":
            set_title(self.slide, box, ink)
        elif box.kind == "demo":
            add_badge(self.slide, box, self.lang)
        elif box.kind == "number":
            add_number(self.slide, box, "FFFFFF" if page.look == "divider" else "55606A")
        elif box.kind == "legend":
            add_legend(self.slide, box, self.lang)
        elif isinstance(box.held, MapPicture):
            self._map(box, box.held, page)
        elif isinstance(box.held, Chart):
            describe(add_chart(self.slide, box, box.held, self.lang, self.deck.made_at), said(box.held.title, self.lang))
        elif isinstance(box.held, Rows):
            add_table(self.slide, box, box.held, self.lang)
        else:
            add_text(self.slide, box, self.lang, ink if box.kind == "text" or page.look == "divider" else "55606A", right=box.kind == "marks")

    def _map(self, box: Box, picture: MapPicture, page: Page) -> None:
        content, scale = map_png(picture, self.district, width_mm=box.width * _MM, height_mm=box.height * _MM, lang=self.lang, grow=_GROW, ppi=_PPI)
        title = said(self.deck.slides[page.slide].title, self.lang)
        told = _ALT.format(title=title, legend=self._legend_words(picture.legend))
        add_picture(self.slide, box, content, f"{told.say(self.lang)} ({_SCALE.format(n=f'{scale:,}').say(self.lang)})")

    def _legend_words(self, legend: Sequence[LegendEntry]) -> str:
        told = [said(entry.name, self.lang) + ("" if entry.count is None else f" {entry.count:,}") for entry in legend]
        return ("；" if self.lang == "zh" else "; ").join(told)


def held(content: bytes) -> int:
    """Return how many slides a file has."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return sum(re.fullmatch(r"ppt/slides/slide\d+\.xml", name) is not None for name in package.namelist())


DOCUMENT = Document(
    key="pptx",
    suffix=".pptx",
    mime="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    name=Text("PowerPoint（表格、图表、文字可改）", "PowerPoint (tables, charts and text to edit)"),
    write=write,
    held=held,
)
