"""Making a document, as a task for another process: a deck in, the file to hand over out."""

from collections.abc import Callable
from dataclasses import dataclass

from geodata.deck import Deck
from geodata.district import District
from geodata.documents import Paper, as_download, as_files, every_document, file_name
from layers import Lang, Text


@dataclass(frozen=True, slots=True)
class Made:
    """A document ready to be handed over.

    Attributes:
        name: of the file, saying district, content and date.
        mime: media type.
        content: its bytes.
    """

    name: str
    mime: str
    content: bytes


def make_document(deck: Deck, district: District, key: str, lang: Lang, paper: Paper, *, progress: Callable[[float, Text], None], stop: Callable[[], bool]) -> Made:
    """Write a deck in one format; several files become one zip.

    Args:
        deck: what is handed over.
        district: the ground of its maps.
        key: of the format.
        lang: its language.
        paper: what it is laid out on.
        progress: told the share done and what is being done.
        stop: not asked: a document is made in seconds, and half of one is of no use.

    Raises:
        BadInput: the deck cannot be laid out so.
        Unreadable: the font or the typesetter is not installed.
    """
    del stop
    document = every_document()[key]
    doing = Text("正在排版", "Laying out")
    files = as_files(document, deck, district, lang=lang, paper=paper, progress=lambda share: progress(min(1.0, share), doing), name=file_name(deck, lang, document))
    return Made(*as_download(files, document))
