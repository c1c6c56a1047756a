"""An HTML file read back before it is handed over: it must ask nothing of any address and say what the deck says."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

from geodata.deck import Cell, Deck, Slide
from geodata.documents._cells import cell_number, cell_text, paragraphs, said
from geodata.errors import BadInput
from layers import Lang, Text, every_layer

LANGS: Final[tuple[Lang, Lang]] = ("zh", "en")
_ADDRESSES: Final = frozenset({"src", "href", "srcset", "action", "formaction", "poster", "data", "background", "cite", "ping", "manifest", "xlink:href", "longdesc", "profile", "codebase", "archive"})
_FORBIDDEN_TAGS: Final = frozenset({"iframe", "object", "embed", "base", "form", "link", "img", "video", "audio", "source", "portal", "frame", "applet"})
_URL: Final = re.compile(r"url\(\s*(['\"]?)(?!data:|#)([^)'\"]{0,80})", re.IGNORECASE)
_URL_IN_CODE: Final = re.compile(r"url\(\s*['\"]?((?:https?:|ftp:|file:|//)[^)'\"]{0,80})", re.IGNORECASE)
_ASKING: Final = re.compile(r"@import|\bfetch\s*\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|\bimport\s*\(|importScripts|new\s+(?:Shared)?Worker|\beval\s*\(|new\s+Function\b")
_VOID: Final = frozenset({"meta", "br", "hr", "input", "wbr", "col"})


@dataclass
class Read:
    """What stands on one slide of a file.

    Attributes:
        title: in both languages.
        legend: name and count of its own lines.
        tables: headings, then rows, of each table in one language; a number as it is, a text as it reads.
        words: everything else that reads, in both languages.
    """

    title: dict[str, str] = field(default_factory=lambda: {"zh": "", "en": ""})
    legend: list[tuple[str, str, int | None]] = field(default_factory=list)
    tables: list[list[list[tuple[str, str, float | None]]]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=lambda: {"zh": "", "en": ""})


class _Reader(HTMLParser):
    """Reads slides, data and whatever could ask for an address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.slides: list[Read] = []
        self.data = ""
        self.asks: list[str] = []
        self.policy = ""
        self._open: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a new element, what it would ask for, and what it holds."""
        told = {name: value or "" for name, value in attrs}
        self._asked(tag, told)
        if tag == "meta" and told.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = told.get("content", "")
        cls = told.get("class", "").split()
        if tag == "section" and "slide" in cls:
            self.slides.append(Read())
        if self.slides:
            self._begin(tag, cls, told)
        if tag not in _VOID:
            self._open.append((tag, told))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element without content, as SVG has them."""
        self._asked(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        """Note the end of an element."""
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        """Note text where it stands."""
        tags = [tag for tag, _ in self._open]
        if "script" in tags or "style" in tags:
            self._code(data)
            return
        slide = self.slides[-1] if self.slides else None
        if slide is None or "svg" in tags:
            return
        lang = next((told["lang"][:2] for tag, told in reversed(self._open) if "lang" in told and tag != "html"), "")
        for each in LANGS:
            if lang in {"", each}:
                self._hear(slide, each, data)

    def _asked(self, tag: str, told: dict[str, str]) -> None:
        if tag in _FORBIDDEN_TAGS:
            self.asks.append(f"<{tag}>")
        self.asks += [f"{tag} {name}={value[:80]}" for name, value in told.items() if name in _ADDRESSES and not value.startswith(("#", "data:"))]
        self.asks += [f"{tag} {name}" for name in told if name.startswith("on")]
        self.asks += [f"url({found[1]})" for found in _URL.findall(told.get("style", ""))]
        if tag == "meta" and told.get("http-equiv", "").lower() == "refresh":
            self.asks.append("meta refresh")

    def _code(self, text: str) -> None:
        if any(told.get("id") == "deck-data" for _, told in self._open):
            self.data += text
            return
        style = any(tag == "style" for tag, _ in self._open)
        self.asks += [f"url({found[1]})" for found in _URL.findall(text)] if style else [f"url({found})" for found in _URL_IN_CODE.findall(text)]
        self.asks += [found.group(0) for found in _ASKING.finditer(text)]

    def _begin(self, tag: str, cls: list[str], told: dict[str, str]) -> None:
        slide = self.slides[-1]
        if tag == "li" and "own" in cls:
            slide.legend.append(("", "", None))
        elif tag == "b" and "count" in cls and slide.legend:
            slide.legend[-1] = (*slide.legend[-1][:2], int(told["data-v"]))
        elif tag == "table":
            slide.tables.append([])
        elif tag == "tr" and slide.tables:
            slide.tables[-1].append([])
        elif tag in {"td", "th"} and slide.tables:
            slide.tables[-1][-1].append(("", "", float(told["data-v"]) if "data-v" in told else None))

    def _hear(self, slide: Read, lang: Lang, data: str) -> None:
        place = LANGS.index(lang)
        for tag, told in reversed(self._open):
            cls = told.get("class", "").split()
            if tag in {"td", "th"}:
                cell = list(slide.tables[-1][-1][-1])
                cell[place] = str(cell[place]) + data
                slide.tables[-1][-1][-1] = (str(cell[0]), str(cell[1]), slide.tables[-1][-1][-1][2])
                return
            if "name" in cls and any("own" in held.get("class", "").split() for _, held in self._open):
                row = list(slide.legend[-1])
                row[place] = str(row[place]) + data
                slide.legend[-1] = (str(row[0]), str(row[1]), slide.legend[-1][2])
                return
            if "title" in cls:
                slide.title[lang] += data
                return
        slide.words[lang] += data


def read_back(page: str) -> tuple[list[Read], dict[str, Any], list[str]]:
    """Return the slides of a page, its data, and whatever in it could ask for an address or has no policy against it."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    asks = list(reader.asks)
    if not reader.policy.startswith("default-src 'none'") or "connect-src" in reader.policy:
        asks.append("no Content-Security-Policy")
    data: dict[str, Any] = json.loads(reader.data) if reader.data else {}
    return reader.slides, data, asks


def check(page: str, deck: Deck) -> None:
    """Compare a page with its deck.

    Raises:
        BadInput: the page could ask for an address, or a slide, title, legend, count or table is not the deck's.
    """
    slides, data, asks = read_back(page)
    wrong = [f"{ask}" for ask in asks[:5]]
    if len(slides) != len(deck.slides):
        wrong.append(f"{len(slides)} ≠ {len(deck.slides)} slides")
    for number, (read, slide) in enumerate(zip(slides, deck.slides, strict=False), start=1):
        wrong += [f"{number}: {what}" for what in _differences(read, slide)]
        wrong += [f"{number}: {what}" for what in _drawn(data, number - 1, slide)]
    if wrong:
        told = "; ".join(wrong[:5])
        raise BadInput(Text(f"HTML 文件写成后核对不符，没有交付：{told}。请把这句话连同所用的汇报文件告诉维护人员。",
                            f"The HTML file was read back, is not right and was not handed over: {told}. Tell the maintainers, with the story it was made from."))


def _differences(read: Read, slide: Slide) -> Iterator[str]:
    """Yield what a slide of the page says otherwise than the deck's."""
    for lang in LANGS:
        if read.title[lang] != said(slide.title, lang):
            yield "title"
        spoken = [slide.class_note, *slide.sentences, *slide.sources]
        yield from ("words" for text in spoken if said(text, lang) not in read.words[lang])
        yield from ("notes" for line in paragraphs(slide.notes, lang).split("\n") if line not in read.words[lang])
    legend = [] if slide.map is None else [(said(entry.name, "zh"), said(entry.name, "en"), entry.count) for entry in slide.map.legend]
    if read.legend != legend:
        yield "legend"
    expected = [] if slide.chart is None else [[(value, None) for _, values in slide.chart.series for value in values]]
    if slide.chart is not None:
        values = [number for row in read.tables[0][1:] for _, _, number in row[1:]] if read.tables else []
        told = [cell_number(values_of[place]) for place in range(len(slide.chart.categories)) for _, values_of in slide.chart.series]
        if values != told:
            yield "chart"
    if slide.table is not None and (len(read.tables) <= len(expected) or read.tables[-1] != table_cells(slide)):
        yield "table"


def table_cells(slide: Slide) -> list[list[tuple[str, str, float | None]]]:
    """Return a slide's table as it must read: each cell in Chinese, in English, and as a number."""
    assert slide.table is not None
    table = slide.table
    heads: list[tuple[str, str, float | None]] = [(said(name, "zh"), said(name, "en"), None) for name in table.headings]
    return [heads, *([_told(cell, digits) for cell, digits in zip(row, table.digits, strict=True)] for row in table.rows)]


def _told(cell: Cell, digits: int) -> tuple[str, str, float | None]:
    return cell_text(cell, digits, "zh"), cell_text(cell, digits, "en"), cell_number(cell)


def _drawn(data: dict[str, Any], place: int, slide: Slide) -> Iterator[str]:
    """Yield where the page's map draws other sites or shapes than the deck's."""
    if slide.map is None:
        return
    told = (data.get("maps") or [None] * (place + 1))[place]
    sites = slide.map.sites
    there = sites[sites.geometry.notna() & ~sites.geometry.is_empty & sites["layer"].isin(every_layer())]
    if told is None or len(told["sites"]) != len(there):
        yield "sites"
        return
    layers = [data["sites"][number]["layer"] for number in told["sites"]]
    if sorted(layers) != sorted(there["layer"]):
        yield "layers"
    if [len(shapes["by"]) for shapes in told["shapes"]] != [len(shapes.frame) for shapes in slide.map.shapes if len(shapes.frame)]:
        yield "shapes"
