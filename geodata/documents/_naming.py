"""What a document's file is called, and a deck as one or several files."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from geodata.deck import Deck
from geodata.district import District
from geodata.documents._form import Document, Paper, Progress
from geodata.errors import BadInput
from geodata.naming import called, safe, short_place
from layers import Lang, Text

_CALLED: Final = Text("汇报", "briefing")


def file_name(deck: Deck, lang: Lang, document: Document) -> str:
    """Return district, content and date as a file name that every system takes: `瀍河区-汇报-2026-11-22.pptx`."""
    title = deck.title.say(lang)
    for known in (deck.district.say(lang), short_place(deck.district, lang)):
        title = title.replace(known, "")
    content = Text(title, title) if safe(title) else _CALLED
    return called(deck.district, content, day=deck.made_at, lang=lang) + document.suffix


def as_files(document: Document, deck: Deck, district: District, *, lang: Lang, paper: Paper | None = None, progress: Progress | None = None,
             name: str = "") -> dict[str, bytes]:
    """Return a deck as files by name: one, or one a page where the format holds a single page.

    Args:
        document: the format.
        deck: what is handed over.
        district: the ground of its maps.
        lang: its language.
        paper: None is the format's usual one.
        progress: is told how much is done.
        name: of the file; empty takes `file_name`.

    Raises:
        BadInput: there is no slide, or the deck cannot be laid out so.
        Unreadable: the font or the typesetter is not installed.
    """
    if not deck.slides:
        raise BadInput(Text("没有可输出的页：汇报是空的，或所有页都设为跳过。请加入或恢复一页。", "There is no slide to write: the story is empty, or every slide is skipped. Add one or show one again."))
    told, own = paper or document.papers[0], name or file_name(deck, lang, document)
    if document.pages is None:
        return {own: document.write(deck, district, lang=lang, paper=told, progress=progress)}
    found = document.pages(deck, district, lang=lang, paper=told, progress=progress)
    return dict(zip(_numbered(own, len(found)), found, strict=True))


def renamed(files: Mapping[str, bytes], name: str) -> dict[str, bytes]:
    """Return files of `as_files` under another name, numbered as before."""
    return dict(zip(_numbered(name, len(files)), files.values(), strict=True))


def _numbered(name: str, count: int) -> list[str]:
    """Return the name of a file, or one a page where there are several."""
    stem, suffix = Path(name).stem, Path(name).suffix
    return [name] if count == 1 else [f"{stem}-{number:02d}{suffix}" for number in range(1, count + 1)]


def as_download(files: Mapping[str, bytes], document: Document) -> tuple[str, str, bytes]:
    """Return name, media type and bytes of one download: the file itself, or a zip where there are several."""
    (first, content), *others = files.items()
    if not others:
        return first, document.mime, content
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in files.items():
            bundle.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return f"{Path(first).stem.removesuffix('-01')}.zip", "application/zip", out.getvalue()
