"""A story: saved views in the order they are shown, as a file to keep, share and reopen; and the ready story of a district.

A view is a page of the product with the query of its address, a caption and notes. What it shows is worked out when it is
shown, from the data there are then; the file holds no figure.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from geodata.asking.siting import promised, sitable
from geodata.causes import cause
from geodata.district import District
from geodata.errors import BadInput, Unreadable
from geodata.ready_notes import note_of
from geodata.storing import write_file
from layers import Text, every_layer

FORMAT: Final = "chanhe-story"
VERSION: Final = 1
MOST_VIEWS: Final = 100
MOST_BYTES: Final = 2_000_000
PAGES: Final[Mapping[str, Text]] = {
    "title": Text("首页", "Title"),
    "divider": Text("分隔页", "Divider"),
    "explore": Text("地图", "Map"),
    "coverage": Text("覆盖", "Coverage"),
    "roads": Text("打通", "Roads"),
    "siting": Text("选址", "Siting"),
    "ledger": Text("台账", "Ledger"),
}
"""What a view may show: slides of words alone, and pages of the product by their key."""
WORDS_ALONE: Final = ("title", "divider")
_FIRST_PAGE: Final = "explore"
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_NOTHING: Final = Text("", "")
_YEAR: Final = 2022
_FIVE: Final = 5
_SERVING: Final = ("micro_fire_stations", "public_toilets")
"""The layers whose coverage the ready story tells."""


@dataclass(frozen=True, slots=True)
class View:
    """One saved view.

    Attributes:
        id: its own within the story; part of links and file names.
        page: a key of PAGES; of a newer product perhaps one that is unknown here.
        query: of the page's address, without the language.
        caption: what the slide is headed; what it shows says so itself where both wordings are empty.
        notes: for the presenter.
        hidden: kept in the story and not shown.
    """

    id: str
    page: str
    query: str = ""
    caption: Text = _NOTHING
    notes: Text = _NOTHING
    hidden: bool = False

    @property
    def asked(self) -> dict[str, str]:
        """What the page is asked, by the names in its address."""
        return dict(parse_qsl(self.query, keep_blank_values=True))  # `on=` is every layer switched off, not the ones that open the page

    @property
    def address(self) -> str:
        """Page and query that reopen it, empty for words alone."""
        if self.page in WORDS_ALONE or self.page not in PAGES:
            return ""
        path = "/" if self.page == _FIRST_PAGE else f"/{self.page}"
        return f"{path}?{self.query}" if self.query else path


@dataclass(frozen=True, slots=True)
class Story:
    """Views in the order they are shown.

    Attributes:
        district: id of the district it was made for.
        title: of the whole.
        views: in order.
        stamp: of the data it was saved on.
    """

    district: str
    title: Text
    views: tuple[View, ...]
    stamp: str = ""

    @property
    def shown(self) -> tuple[View, ...]:
        """The views that are not hidden."""
        return tuple(view for view in self.views if not view.hidden)


@dataclass(frozen=True, slots=True)
class OpenedStory:
    """A story read from a file.

    Attributes:
        story: the story.
        remarks: what its reader should know; nothing was lost.
    """

    story: Story
    remarks: tuple[Text, ...]


def story_json(story: Story) -> str:
    """Return a story as the text of its file."""
    told = {
        "format": FORMAT, "version": VERSION, "district": story.district, "stamp": story.stamp, "title": _both(story.title),
        "views": [{"id": view.id, "page": view.page, "query": view.query, "caption": _both(view.caption), "notes": _both(view.notes),
                   "hidden": view.hidden} for view in story.views],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def save_story(path: Path, story: Story) -> None:
    """Write a story to a file, whole or not at all.

    Raises:
        CannotWrite: the file cannot be written.
    """
    write_file(path, story_json(story))


def open_story(source: Path | str | bytes, district: District, *, name: str = "") -> OpenedStory:
    """Return the story of a file, or of its content.

    Args:
        source: the file, or its content.
        district: the one in use.
        name: what the user calls the file, for messages.

    Raises:
        Unreadable: it cannot be read, or is no story.
        BadInput: it is of another district or of a newer product, or a view of it is none.
    """
    called = name or (source.name if isinstance(source, Path) else "JSON")
    told = _parsed(source, called)
    if not isinstance(told.get("version"), int) or told["version"] < 1:
        raise _no_story(called, "version")
    if told["version"] > VERSION:
        raise BadInput(Text(f"{called} 由更新的版本保存（格式 {told['version']}，本版本能读到 {VERSION}）。请更新本程序后再打开；文件没有改动。",
                            f"{called} was saved by a newer version (format {told['version']}; this one reads up to {VERSION}). Update this program to open it; the file was left alone."))
    if told.get("district") != district.id:
        theirs = str(told.get("district") or "—")[:60]
        raise BadInput(Text(f"{called} 是另一个地区（{theirs}）的汇报，当前是 {district.id}。请换用那个地区的数据包，或选择另一个文件。",
                            f"{called} is the story of another district ({theirs}); this one is {district.id}. Open that district's pack, or choose another file."))
    views = told.get("views")
    if not isinstance(views, list):
        raise _no_story(called, "views")
    if len(views) > MOST_VIEWS:
        raise BadInput(Text(f"{called} 有 {len(views):,} 页，最多 {MOST_VIEWS} 页。请拆成几个文件。",
                            f"{called} holds {len(views):,} views, at most {MOST_VIEWS} fit. Split it into several files."))
    story = Story(district.id, _text(told.get("title")), numbered([_view(row, number, called) for number, row in enumerate(views, start=1)]), _sound(str(told.get("stamp") or "")))
    return OpenedStory(story, _remarks(story, district))


def check_story(path: Path) -> None:
    """See that a file is a story, before anything is loaded for it.

    Raises:
        Unreadable: it cannot be read, or is no story.
    """
    _parsed(path, path.name)


def numbered(views: Sequence[View]) -> tuple[View, ...]:
    """Return the views, each with an id of its own that an address can carry: given ones stay where they can."""
    held: set[str] = set()
    found = []
    for number, view in enumerate(views, start=1):
        own = view.id if _ID.fullmatch(view.id) and view.id not in held else _free(held, number)
        held.add(own)
        found.append(replace(view, id=own))
    return tuple(found)


def ready_story(district: District) -> Story:
    """Return the story every district has: what was promised, where it stands, whom it serves, what would serve better.

    While streets or people are a sketch, what is known comes first; what the sketch can only rehearse follows behind a
    divider.
    """
    told = _sketched(district) if district.is_sketch else _told(district)
    title = Text("{name}：承诺、落位与服务", "{name}: promises, places, services").format(name=district.name)
    noted = tuple(replace(view, notes=note_of(view.id, sketch=district.is_sketch)) for view in told)
    return Story(district.id, title, noted, district.stamp)


def _told(district: District) -> list[View]:
    return [View("title", "title"), *_ledger(district), _layers(district), *_answers(district), *_waiting(district)]


def _sketched(district: District) -> list[View]:
    head = [View("title", "title"), *_ledger(district), *_waiting(district)]
    divider = View("demonstration", "divider", caption=Text("演示：位置到齐后可回答的问题", "Demonstration: questions that can be answered once positions arrive"))
    return [*head, divider, _layers(district), *_answers(district)]


def _ledger(district: District) -> list[View]:
    """The promises and their state, where the district has a ledger."""
    if not len(district.ledger):
        return []
    return [View("promises", "ledger", _query(y=str(_YEAR), k="target", p="1")), View("ledger", "ledger")]


def _layers(district: District) -> View:
    """The layers that open the map and that the year's promises speak of; all that open it where there is no ledger."""
    ledger = district.ledger
    mine = set(ledger.loc[(ledger["kind"] == "target") & (ledger["year"] == _YEAR).fillna(value=False).astype(bool), "layer"]) if len(ledger) else set()
    keys = [key for key, layer in every_layer().items() if layer.opening and (not mine or key in mine)]
    return View("layers", "explore", _query(on=".".join(keys), **({"year": str(_YEAR)} if mine else {})), caption=Text("五类重点项目", "The five programmes") if len(keys) == _FIVE else _NOTHING)


def _waiting(district: District) -> list[View]:
    """What is not yet located, where the district has a ledger."""
    return [View("waiting", "explore", _query(panel="tray"))] if len(district.ledger) else []


def _answers(district: District) -> list[View]:
    """Whom the places serve, what opening roads changes, where the next sites help most; the last where places are still to be found."""
    coverage = [View(f"coverage-{key}".replace("_", "-"), "coverage", _query(layers=key)) for key in _SERVING]
    waiting = [key for key in dict.fromkeys((*_SERVING, *sitable())) if every_layer()[key].standard is not None and _is_waiting(district, key)]
    return [*coverage, View("openings", "roads"), *(View("stations", "siting", _query(layer=key)) for key in waiting[:1])]


def _is_waiting(district: District, layer: str) -> bool:
    """Whether places of a layer are promised and not located."""
    still = promised(district, layer)
    return still.is_places and still.amount >= 1


def _query(**asked: str) -> str:
    return urlencode(asked)


def _parsed(source: Path | str | bytes, called: str) -> dict[str, Any]:
    """The object of a story's file."""
    try:
        raw = source.read_bytes() if isinstance(source, Path) else source.encode("utf-8") if isinstance(source, str) else source
    except OSError as error:
        raise Unreadable(Text("无法打开汇报文件 {path}：{why}。请检查 --story 所给的路径。", "Cannot open the story {path}: {why}. Check the path given to --story.").format(path=source, why=cause(error))) from error
    if len(raw) > MOST_BYTES:
        raise Unreadable(Text(f"{called} 太大（{len(raw) / 1e6:.1f} MB），不是汇报文件。", f"{called} is too large ({len(raw) / 1e6:.1f} MB) to be a story."))
    try:
        told = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _no_story(called, cause(error)) from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise _no_story(called, "format")
    return told


def _view(row: Any, number: int, called: str) -> View:
    """One view of a file."""
    if not isinstance(row, dict) or not isinstance(row.get("page"), str) or not isinstance(row.get("query", ""), str):
        raise BadInput(Text(f"{called} 的第 {number} 页读不出来（缺 page，或 query 不是文字）。文件没有改动，请用保存它的程序重新保存。",
                            f"View {number} of {called} cannot be read (no page, or its query is no text). The file was left alone; save it again with the program that made it."))
    return View(str(row.get("id") or ""), _sound(row["page"][:40]), _sound(row.get("query", "")), _text(row.get("caption")), _text(row.get("notes")), row.get("hidden") is True)


def _remarks(story: Story, district: District) -> tuple[Text, ...]:
    said = []
    if story.stamp and story.stamp != district.stamp:
        said.append(Text("数据在保存之后有变化，页上的数字按现在的数据重新计算。", "The data changed since it was saved; its slides show today's figures."))
    strange = [view for view in story.views if view.page not in PAGES]
    if strange:
        said.append(Text(f"有 {len(strange)} 页来自本版本没有的页面，保留而不显示。", f"Views of pages that this version does not have, kept and not shown: {len(strange)}."))
    return tuple(said)


def _no_story(called: str, what: str | Text) -> Unreadable:
    """The error for a file that is none; `what` is the entry it lacks, or what is wrong with it."""
    lacks = Text(f"缺少应有的 {what}", f"it lacks the {what} of one") if isinstance(what, str) else what
    return Unreadable(Text("{called} 不是汇报文件：{what}。请选择由“汇报”页保存的 .json 文件。", "{called} is not a story: {what}. Choose a .json file saved on the page Present.").format(called=called, what=lacks))


def _free(held: set[str], number: int) -> str:
    """An id nobody has."""
    while f"v{number}" in held:
        number += 1
    return f"v{number}"


def _text(told: Any) -> Text:
    """A wording of a file; what is no text is left out."""
    def one(lang: str) -> str:
        value = told.get(lang) if isinstance(told, dict) else None
        return _sound(value) if isinstance(value, str) else ""

    return Text(one("zh"), one("en"))


def _sound(text: str) -> str:
    """A text that can be written again: halves of characters become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
