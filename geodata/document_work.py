"""Making a document, as a task for another process: a deck or a filter in, the file to hand over out."""

from collections.abc import Callable
from dataclasses import dataclass

from geodata.atlas import atlas
from geodata.deck import Deck
from geodata.district import District
from geodata.documents import Paper, as_download, as_files, every_document, file_name
from geodata.selecting import Selection
from geodata.settings import Settings
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


@dataclass(frozen=True, slots=True)
class Order:
    """How a document is wanted.

    Attributes:
        key: of the format.
        lang: its language.
        paper: what it is laid out on.
    """

    key: str
    lang: Lang
    paper: Paper


def make_document(deck: Deck, district: District, order: Order, *, progress: Callable[[float, Text], None], stop: Callable[[], bool]) -> Made:
    """Write a deck in one format; several files become one zip.

    Args:
        deck: what is handed over.
        district: the ground of its maps.
        order: format, language and layout.
        progress: told the share done and what is being done.
        stop: not asked: a document is made in seconds, and half of one is of no use.

    Raises:
        BadInput: the deck cannot be laid out so.
        Unreadable: the font or the typesetter is not installed.
    """
    del stop
    document = every_document()[order.key]
    doing = Text("正在排版", "Laying out")
    files = as_files(document, deck, district, lang=order.lang, paper=order.paper, progress=lambda share: progress(min(1.0, share), doing), name=file_name(deck, order.lang, document))
    return Made(*as_download(files, document))


def make_atlas(district: District, selection: Selection, settings: Settings, order: Order, *, progress: Callable[[float, Text], None], stop: Callable[[], bool]) -> Made:
    """Write the atlas of what a filter shows, one page a layer; see `make_document`.

    Args:
        district: whose sites.
        selection: the filter.
        settings: who says the review number and the grade.
        order: format, language and layout.
        progress: told the share done and what is being done.
        stop: not asked.

    Raises:
        Unknown: the selection names what does not exist.
        BadInput: nothing passes the filter, or the deck cannot be laid out so.
        Unreadable: the font or the typesetter is not installed.
    """
    return make_document(atlas(district, selection=selection, settings=settings), district, order, progress=progress, stop=stop)
