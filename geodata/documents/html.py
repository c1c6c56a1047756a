"""HTML: one file that opens by double click without a network, with interactive maps and slides by arrow keys."""

import hashlib
import re
from base64 import b64encode
from html import escape
from typing import Any, Final

from geodata.deck import Deck
from geodata.district import District
from geodata.documents._bundle import ASSETS, bundle
from geodata.documents._cells import said
from geodata.documents._form import Document, Paper, Progress
from geodata.documents._html_data import as_script, map_data
from geodata.documents._html_page import slides_markup
from geodata.documents._html_read import check
from geodata.leaflet import leaflet
from geodata.plate_furniture import BADGE, NORTH, WATERMARK
from geodata.plate_ground import ground_legend
from layers import Lang, Text

MODULES: Final = ("dom", "slides/given", "symbols", "ground", "sites", "slides/slidemap", "slides/over", "slides/deck")
"""The scripts of the file, each after what it imports."""
_FETCHED: Final = 'import { fetchJson } from "./fetched.js";'
_GIVEN: Final = 'import { fetchJson } from "./slides/given.js";'
_WORDS: Final = {
    "bar": Text("翻页", "Slides"), "back": Text("上一页（←）", "Previous (←)"), "next": Text("下一页（→）", "Next (→)"),
    "other": Text("English", "中文"), "other_hint": Text("切换到英文（L）", "Switch to Chinese (L)"),
    "full": Text("全屏", "Full screen"), "full_hint": Text("全屏（F）", "Full screen (F)"),
    "print": Text("打印", "Print"), "print_hint": Text("打印全部各页", "Print every slide"),
    "over": Text("总览（O）", "Overview (O)"), "keys": Text("按键（?）", "Keys (?)"), "again": Text("还原地图视野（0）", "Reset the map (0)"),
    "notes": Text("讲解备注 · 这块屏幕上的人都看得见（N 收起）", "Presenter notes · seen by everybody at this screen (N hides them)"),
    "no_notes": Text("这一页没有备注。", "This slide has no notes."),
    "watermark": WATERMARK, "badge": BADGE, "north": NORTH,
}
_KEYS: Final = (
    ("→ ↓ PgDn", Text("下一页（空格、回车也可）", "next slide (space and Enter too)")), ("← ↑ PgUp", Text("上一页", "previous slide")), ("Home End", Text("第一页、最后一页", "first and last slide")),
    ("O", Text("总览，选一页", "overview, to choose a slide")), ("N", Text("讲解备注，显示在这块屏幕上", "presenter notes, on this screen")), ("F", Text("全屏", "full screen")), ("B", Text("黑屏", "black screen")),
    ("L", Text("中文、英文", "Chinese, English")), ("+ −", Text("地图放大、缩小", "map in and out")), ("Shift + ← → ↑ ↓", Text("移动地图", "move the map")), ("0", Text("还原地图视野", "reset the map")),
    ("Esc", Text("关闭弹出的内容", "close what is open")), ("?", Text("这张表", "this list")),
)


def write(deck: Deck, district: District, *, lang: Lang, paper: Paper = "slides", progress: Progress | None = None) -> bytes:  # noqa: ARG001  a page has no paper
    """Return a deck as one HTML file, both languages inside; it opens in `lang`.

    Raises:
        BadInput: read back, the file is not what the deck says.
        Unreadable: the font that measures the legend is not installed.
    """
    tell = progress or (lambda _done: None)
    tell(0.0)
    data = map_data(deck, district)
    tell(0.6)
    page = _page(deck, data, slides_markup(deck, ground_legend(district)), lang)
    tell(0.9)
    check(page, deck)
    tell(1.0)
    return page.encode("utf-8")


def _page(deck: Deck, data: dict[str, Any], slides: str, lang: Lang) -> str:
    """Return the whole page."""
    title = {each: said(deck.title, each) for each in ("zh", "en")}
    words = {each: {name: text.say(each) for name, text in _WORDS.items()} for each in ("zh", "en")}
    scripts = [_sealed(leaflet()["leaflet.js"]), _sealed(_script())] if deck.slides else []
    keys = {each: [[key, text.say(each)] for key, text in _KEYS] for each in ("zh", "en")}
    held = as_script({**data, "words": words, "keys": keys, "title": title})
    policy = "; ".join((
        "default-src 'none'", f"script-src {' '.join(map(_hash, scripts)) or chr(39) + 'none' + chr(39)}", "style-src 'unsafe-inline'", "img-src data:",
        "base-uri 'none'", "form-action 'none'",
    ))
    told = title[lang]
    return (f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}" data-lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
            f'<meta name="data-hash" content="{escape(deck.data_hash)}">\n<meta name="date" content="{deck.made_at.isoformat()}">\n'
            f"<title>{escape(told)}</title>\n<style>\n{_styles()}\n</style>\n</head>\n"
            f'<body class="cp-root" data-theme="light">\n<main>\n{slides}\n</main>\n'
            f'<script type="application/json" id="deck-data">{held}</script>\n'
            + "".join(f"<script>{script}</script>\n" for script in scripts) + "</body>\n</html>\n")


def _script() -> str:
    """Return our scripts as one; what they would fetch stands in the page."""
    ground = (ASSETS / "ground.js").read_text(encoding="utf-8")
    return bundle(MODULES, {"ground": ground.replace(_FETCHED, _GIVEN)})


def _styles() -> str:
    """Return the style sheets: Leaflet's, the map's, the slides'; ahead of the map's what old browsers make do with."""
    names = ("slides/old.css", "map.css", "slides/slides.css")
    return "\n".join([leaflet()["leaflet.css"], *((ASSETS / name).read_text(encoding="utf-8") for name in names)])


def _sealed(script: str) -> str:
    """Return a script as it can stand in a page: nothing in it ends the element early."""
    return re.sub(r"<(?=/script|!--)", r"\\x3c", script.replace("\r\n", "\n"), flags=re.IGNORECASE)


def _hash(script: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(script.encode('utf-8')).digest()).decode('ascii')}'"


def held(content: bytes) -> int:
    """Return how many slides a file has."""
    return content.count(b'<section class="slide ')


DOCUMENT = Document(
    key="html",
    suffix=".html",
    mime="text/html; charset=utf-8",
    name=Text("网页（单个文件，双击打开，无需网络，地图可操作）", "Web page (one file, opens by double click without a network, live maps)"),
    write=write,
    held=held,
)
