"""Sources that no foot of a slide holds: the first ones there, all of them on slides of their own at the end."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from geodata.deck import Slide
from layers import Lang, Text

MOST_EMS: Final = 260.0
"""So much of them, in letters as wide as they are high, can be read at the foot of a slide."""
_A_SLIDE: Final = 10
_LANGS: Final[tuple[Lang, Lang]] = ("zh", "en")
_TITLE: Final = Text("来源", "Sources")
_REST: Final = Text("另有 {n} 项，见末页“来源”", '{n} more on the last slide, "Sources"')
_CUT: Final = Text("{start}……全文见末页“来源”", '{start} ... in full on the last slide, "Sources"')
_ROOM_EMS: Final = 20.0
"""What the words that send the reader on take."""


def sources_shortened(slides: Sequence[Slide], note: Text) -> tuple[Slide, ...]:
    """Return slides whose sources all fit; where some did not, slides that list every one follow at the end.

    Args:
        slides: as told.
        note: how sure the places of the district are, for the slides that are added.
    """
    told = tuple(replace(slide, sources=_fitting(slide.sources)) for slide in slides)
    if all(new.sources == old.sources for new, old in zip(told, slides, strict=True)):
        return told
    every = list(dict.fromkeys(source for slide in slides for source in slide.sources))
    rest = [Slide(f"sources-{start // _A_SLIDE + 1}", "text", _TITLE, demonstration=False, sentences=tuple(every[start:start + _A_SLIDE]), class_note=note)
            for start in range(0, len(every), _A_SLIDE)]
    return (*told, *rest)


def _fitting(sources: tuple[Text, ...]) -> tuple[Text, ...]:
    """Return as many sources as fit, and how many do not."""
    if _width(sources) <= MOST_EMS:
        return sources
    kept = len(sources) - 1
    while kept and _width(sources[:kept]) > MOST_EMS - _ROOM_EMS:
        kept -= 1
    if not kept:
        return (_CUT.format(start=Text(*(_start(sources[0].say(lang)) for lang in _LANGS))),)
    return (*sources[:kept], _REST.format(n=len(sources) - kept))


def _width(sources: Sequence[Text]) -> float:
    """How wide sources are in the language in which they are wider."""
    return max(sum(_ems(source.say(lang)) + 1 for source in sources) for lang in _LANGS) if sources else 0.0


def _ems(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(letter) in {"W", "F"} else 0.55 for letter in text)


def _start(text: str) -> str:
    """The start of a text that leaves room for where the rest stands."""
    while text and _ems(text) > MOST_EMS - _ROOM_EMS:
        text = text[:-max(1, len(text) // 20)]
    return text.rstrip()
