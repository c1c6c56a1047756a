"""A briefing as finished files: worked out now, or taken from what an earlier run kept."""

import io
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from layers import Text

if TYPE_CHECKING:
    from geodata.deck import Deck

WAS_KEPT: Final = Text("数据与设置未变，取用上次算好的结果；要重新计算请加 --fresh。", "Data and settings are unchanged: this is what was worked out before; --fresh works it out anew.")
_TOLD: Final = "told.json"


@dataclass(frozen=True, slots=True)
class Finished:
    """Files ready to be written, and what is said of them.

    Attributes:
        title: of the whole.
        made_at: when it was worked out.
        slides: id, kind, title, demonstration and address of each.
        files: by their own names.
        kept: whether they come from an earlier run.
    """

    title: Text
    made_at: str
    slides: tuple[Mapping[str, Any], ...]
    files: Mapping[str, bytes]
    kept: bool = False


def finished_of(deck: "Deck", files: Mapping[str, bytes]) -> Finished:
    """Return what is said of a deck and its files."""
    slides = tuple({"id": slide.id, "kind": slide.kind, "title": slide.title, "demonstration": slide.demonstration, "address": slide.address} for slide in deck.slides)
    return Finished(deck.title, deck.made_at.isoformat(), slides, files)


def finished(key: tuple[object, ...], make: Callable[[], Finished], *, fresh: bool) -> Finished:
    """Return what `key` was answered with before on the same day, else make it.

    Args:
        key: what decides the files, save the day they are dated with.
        make: works them out.
        fresh: whether to work them out in any case.
    """
    from geodata.exports import made_at
    from geodata.kept_files import kept

    made: list[Finished] = []

    def work() -> bytes:
        made.append(make())
        return _packed(made[0])

    day = os.environ.get("SOURCE_DATE_EPOCH") or f"{made_at():%Y-%m-%d}"
    content = kept((*key, day), work, fresh=fresh)
    return made[0] if made else _unpacked(content)


def _packed(told: Finished) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        said = {"title": asdict(told.title), "made_at": told.made_at, "slides": [{**slide, "title": asdict(slide["title"])} for slide in told.slides]}
        bundle.writestr(_TOLD, json.dumps(said, ensure_ascii=True))
        for name, content in told.files.items():
            bundle.writestr(name, content)
    return out.getvalue()


def _unpacked(content: bytes) -> Finished:
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        said = json.loads(bundle.read(_TOLD))
        files = {name: bundle.read(name) for name in bundle.namelist() if name != _TOLD}
    slides = tuple({**slide, "title": Text(**slide["title"])} for slide in said["slides"])
    return Finished(Text(**said["title"]), said["made_at"], slides, files, kept=True)
