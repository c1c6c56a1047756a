"""Where everything of a deck stands on 16:9 pages: boxes that never overlap and never leave the page.

Type is as large as the room allows; what does not fit goes on to a page of its own, headed the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from geodata.deck import Deck, LegendEntry, Slide
from geodata.documents._cells import paragraphs, said
from geodata.documents._marks import marks_lines
from geodata.documents._measure import LINE, POINTS, wrapped
from geodata.documents._pptx_boxes import GAP, Box, Remaining, short
from layers import Lang, Text

WIDE: Final = 13.333
TALL: Final = 7.5
LEFT: Final = 0.55
ACROSS: Final = WIDE - 2 * LEFT
TOP: Final = 0.3
HEAD: Final = 0.8
_BODY: Final = 1.18
_FOOT: Final = 7.32
_EDGE: Final = 3.3
_MAP: Final = 7.6
_MAP_BESIDE: Final = 6.0
"""A map with figures beside it: a district is rather tall than wide."""
_MAP_NARROW: Final = 5.2
"""The same where the figures need more room."""
_BETWEEN: Final = 0.28
_TITLES: Final = (28.0, 24.0, 20.0)
_BESIDE: Final = (18.0, 16.0, 14.0, 12.0)
_ALONE: Final = (24.0, 20.0, 18.0, 16.0)
_OVER_LONG: Final = (14.0, 12.0)
"""Of the words above a table so long that it needs the room."""
_LONG_ROWS: Final = 10
_OPENING: Final = (20.0, 18.0, 16.0, 14.0, 13.0, 12.0)
_COVER_TITLES: Final = (48.0, 44.0, 40.0, 36.0, 32.0, 26.0)
_COVER_TITLE: Final = 2.05
"""Room for the title of a first page or a divider, inches."""
_COVER_MAP: Final = 4.9
_TABLE_PT: Final = 10.5
"""Size of a small table beside a map."""
_DEMO: Final = Text("演示", "Demonstration")
_SOURCES: Final = Text("来源：", "Sources: ")
_CONTINUED: Final = Text("（续）", " (continued)")

Look = Literal["title", "divider", "plain"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        look: the first one, what parts two halves, or plain.
        boxes: what stands on it; the title first.
        notes: for the presenter, then whatever no page holds whole.
        slide: number of the slide it belongs to, from 0.
    """

    look: Look
    boxes: tuple[Box, ...]
    notes: tuple[str, ...]
    slide: int


def pages(deck: Deck, ground: Sequence[LegendEntry], lang: Lang) -> list[Page]:
    """Return the pages of a deck in one language; `ground` are the legend lines of what lies under the sites."""
    return [page for number, slide in enumerate(deck.slides) for page in _of_slide(deck, slide, number, ground, lang)]


def _of_slide(deck: Deck, slide: Slide, number: int, ground: Sequence[LegendEntry], lang: Lang) -> Iterator[Page]:
    left = Remaining.of(slide, ground, lang)
    first = True
    while first or left:
        left.cut = []
        foot = list(_foot(deck, slide, left))
        ends = min(box.top for box in foot) - 0.1
        opening = first and slide.kind in {"title", "divider"}
        head = list(_opened(slide, left) if opening else _head(slide, left, continued=not first))
        body = list(_opening(deck, slide, left, ends) if opening else _body(slide, left, ends, first=first))
        look: Look = ("title" if slide.kind == "title" else "divider") if opening else "plain"
        notes = [paragraphs(slide.notes, lang)] if first else []
        yield Page(look, (*head, *body, *foot), tuple(dict.fromkeys(text for text in (*notes, *left.cut) if text)), number)
        first = False


def _head(slide: Slide, left: Remaining, *, continued: bool) -> Iterator[Box]:
    """Yield the title in one or two lines, and the badge of a demonstration before it."""
    badge = 1.05 if left.lang == "zh" else 2.15
    at = LEFT + (badge + 0.2 if slide.demonstration else 0.0)
    across = WIDE - LEFT - at
    title, more = said(slide.title, left.lang), _CONTINUED.say(left.lang) if continued else ""
    size = next((size for size in _TITLES if len(wrapped(title + more, across * POINTS / size)) * size * LINE <= HEAD * POINTS), _TITLES[-1])
    yield Box("title", at, TOP, across, HEAD, (_short(title, across, size, int(HEAD * POINTS / (size * LINE)), left=left, more=more),), size)
    if slide.demonstration:
        yield Box("demo", LEFT, TOP + 0.14, badge, 0.52, (_DEMO.say(left.lang),), 20.0)


def _short(title: str, across: float, size: float, lines: int, *, left: Remaining, more: str = "") -> str:
    """Return a title that fits so many lines; one that had to be cut stands whole in the notes."""
    told = short(title, across * POINTS / size, lines, more)
    left.cut += [title] if told != title else []
    return told + more


def _opened(slide: Slide, left: Remaining) -> Iterator[Box]:
    """Yield the large title of a first page, beside its map where it has one, or of a divider."""
    across, title = _opening_width(slide), said(slide.title, left.lang)
    size = next((size for size in _COVER_TITLES if len(wrapped(title, across * POINTS / size)) * size * LINE <= _COVER_TITLE * POINTS), _COVER_TITLES[-1])
    yield Box("title", LEFT, _opened_to(slide) - _COVER_TITLE, across, _COVER_TITLE, (_short(title, across, size, int(_COVER_TITLE * POINTS / (size * LINE)), left=left),), size)
    if slide.demonstration:
        yield Box("demo", LEFT, 0.5, 1.05 if left.lang == "zh" else 2.15, 0.52, (_DEMO.say(left.lang),), 20.0)


def _opening(deck: Deck, slide: Slide, left: Remaining, ends: float) -> Iterator[Box]:
    """Yield what stands under a large title, and the map beside both."""
    top, across = _opened_to(slide) + 0.2, _opening_width(slide)
    if slide.map is not None:
        yield Box("map", WIDE - LEFT - _COVER_MAP, 0.45, _COVER_MAP, ends - 0.45, held=slide.map)
    if slide.kind == "title":
        beside = deck.title if deck.title != slide.title else deck.district
        yield Box("text", LEFT, top, across, 0.42, (wrapped(f"{deck.made_at:%Y-%m-%d} · {said(beside, left.lang)}", across * POINTS / 18.0, 1)[0],), 18.0)
        top += 0.62
    room = ends - top - (left.legend_height(across) + GAP if slide.map is not None else 0.0)
    for box in left.take_words(LEFT, top, across, max(room, (ends - top) * 0.5), _OPENING):
        yield box
        top = box.bottom + GAP
    if slide.map is not None and not left.words:
        yield from left.take_legend(LEFT, top, across, ends - top)


def _opened_to(slide: Slide) -> float:
    """Where a large title ends, inches from the top: higher where more stands under it."""
    return 3.4 if slide.map is None else 3.05


def _opening_width(slide: Slide) -> float:
    """How wide the words of a first page or a divider are."""
    return ACROSS if slide.map is None else ACROSS - _COVER_MAP - 0.4


def _foot(deck: Deck, slide: Slide, left: Remaining) -> Iterator[Box]:
    """Yield class note and sources at the left of the foot, review number, grade and page at its right."""
    lang, across = left.lang, ACROSS - _EDGE - 0.3
    sources = " · ".join(text for source in slide.sources if (text := said(source, lang)))
    told = [(said(slide.class_note, lang), 10.5, 3)] if said(slide.class_note, lang) else []
    told += [(_SOURCES.say(lang) + sources, 9.0, 4)] if sources else []
    boxes: list[Box] = []
    for text, size, most in told:
        lines = wrapped(text, across * POINTS / size)
        short = _short(text, across, size, most, left=left)
        boxes.append(Box("note", LEFT, 0.0, across, min(len(lines), most) * size * LINE / POINTS, (short,), size))
    top = _FOOT - sum(box.height for box in boxes)
    for box in boxes:
        yield replace(box, top=top)
        top += box.height
    if slide.map is not None:
        marks = tuple(_short(said(line, lang), _EDGE, 9.0, 1, left=left) for line in marks_lines(deck))
        height = len(marks) * 9.0 * 1.5 * LINE / POINTS
        yield Box("marks", WIDE - LEFT - _EDGE, _FOOT - 0.24 - height, _EDGE, height, marks, 9.0)
    yield Box("number", WIDE - LEFT - 1.2, _FOOT - 0.22, 1.2, 0.22, (), 10.0)


def _body(slide: Slide, left: Remaining, ends: float, *, first: bool) -> Iterator[Box]:
    """Yield the middle of a page: the map with words and legend beside it, or words above a figure, or words alone."""
    if first and slide.map is not None:
        wide, whole = (_MAP, None) if slide.table is None and slide.chart is None else _room_beside(left, ends - _BODY)
        yield Box("map", LEFT, _BODY, wide, ends - _BODY, held=slide.map)
        yield from _beside_map(left, LEFT + wide + _BETWEEN, ACROSS - wide - _BETWEEN, ends, whole)
        return
    top, figure = _BODY, left.chart is not None or left.rows is not None
    sizes = _OVER_LONG if left.rows is not None and len(left.rows.rows) > _LONG_ROWS else _BESIDE if figure else _ALONE
    for box in left.take_words(LEFT, top, ACROSS, (ends - top) * (0.36 if figure else 1.0), sizes):
        yield box
        top = box.bottom + GAP
    if left.words:
        return
    if left.legend or left.ground:
        yield from left.take_legend(LEFT, top, ACROSS, ends - top)
        return
    yield from left.take_figures(LEFT, top, ACROSS, ends - top)


def _room_beside(left: Remaining, room: float) -> tuple[float, float | None]:
    """Return how wide a map is with figures beside it, and the largest type of the words at which everything stands there; None where nothing does."""
    for wide in (_MAP_BESIDE, _MAP_NARROW):
        across = ACROSS - wide - _BETWEEN
        table = None if left.chart is not None else left.table_height(across, _TABLE_PT)
        if table is None:
            continue
        for size in _BESIDE:
            if left.whole_legend(across, room - left.words_height(across, size) - table - 2 * GAP):
                return wide, size
    return _MAP_BESIDE, None


def _beside_map(left: Remaining, at: float, across: float, ends: float, whole: float | None) -> Iterator[Box]:
    """Yield words, legend, and a table where it fits whole: with the words in type of the size `whole`."""
    top, room = _BODY, ends - _BODY
    table = None if left.chart is not None else left.table_height(across, _TABLE_PT)
    wanted = left.legend_height(across) + GAP + (0.0 if table is None else table + GAP)
    for box in left.take_words(at, top, across, max(room - wanted, room * 0.42) if whole is None else room, _BESIDE if whole is None else (whole,)):
        yield box
        top = box.bottom + GAP
    beside = table is not None and not left.words and left.whole_legend(across, ends - top - table - GAP)
    for box in left.take_legend(at, top, across, ends - top - (table + GAP if beside and table is not None else 0.0)):
        yield box
        top = box.bottom + GAP
    if beside:
        yield from left.take_table(at, top, across, ends - top, (_TABLE_PT,))
