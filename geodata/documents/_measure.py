"""About how much room a text takes, without a font: wide enough for those that a reader's machine may put in."""

import re
import unicodedata
from typing import Final

_BROAD: Final = frozenset("mwMW@%—…")
_NARROW: Final = frozenset("ijlt.,:;|'!()[] \N{NO-BREAK SPACE}·")
LINE: Final = 1.34
"""Height of a line, in sizes of its letters, as Microsoft YaHei has it."""
POINTS: Final = 72.0


def ems(text: str) -> float:
    """Return about how wide a text is, in sizes of its letters.

    >>> ems("瀍河"), ems("")
    (2.0, 0)
    """
    return sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in _BROAD:
        return 0.95
    if character in _NARROW:
        return 0.36
    return 0.7 if character.isupper() else 0.57


def wrapped(text: str, most_ems: float, lines: int | None = None) -> list[str]:
    """Return a text as the lines it takes; with `lines` at most so many, the last one ended by an ellipsis.

    >>> wrapped("Community micro fire stations", 8, 2)
    ['Community', 'micro fire…']
    >>> wrapped("瀍河区停车场", 3)
    ['瀍河区', '停车场']
    """
    out, width = [""], 0.0
    for piece in _pieces(text, most_ems):
        told = ems(piece.rstrip())
        if width + told > most_ems and out[-1]:
            out[-1] = out[-1].rstrip()
            out.append("")
            width = 0.0
        out[-1] += piece
        width += ems(piece)
    out[-1] = out[-1].rstrip()
    if lines is None or len(out) <= lines:
        return out
    last = out[lines - 1]
    while last and ems(f"{last}…") > most_ems:
        last = last[:-1]
    return [*out[: lines - 1], f"{last.rstrip()}…"]


def words_of(heading: str) -> list[str]:
    """Return the parts of a heading that a reader takes as words: it may break between them.

    >>> words_of("计入/承诺"), words_of("单独打通少走（人·分钟）"), words_of("Last added")
    (['计入/', '承诺'], ['单独打通少走', '（人·分钟）'], ['Last', 'added'])
    """
    return re.findall(r"[^\s/（]+/?|（[^\s）]*）?|/", heading)


def _pieces(text: str, most_ems: float) -> list[str]:
    """Return what a line may not break: words with the blank behind them, single Chinese characters, parts of endless words."""
    pieces, word, width = [], "", 0.0
    for character in text:
        wide, own = unicodedata.east_asian_width(character) in "WF", _em(character)
        if word and (wide or width + own > most_ems):
            pieces.append(word)
            word, width = "", 0.0
        word += character
        width += own
        if wide or character == " ":
            pieces.append(word)
            word, width = "", 0.0
    return [*pieces, word] if word else pieces


def height_in(text: str, width_in: float, size_pt: float) -> float:
    """Return the height of a paragraph in inches."""
    return len(wrapped(text, width_in * POINTS / size_pt)) * size_pt * LINE / POINTS
