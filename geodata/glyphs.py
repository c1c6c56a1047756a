"""The one font of everything drawn without a browser: which characters it has, and how wide they are.

`pylopdf-fonts-zh-cn` brings Noto Sans SC (OFL) by pip, so that no system font is needed and the same bytes come out
everywhere. A character it lacks is shown as 〓, the printer's mark for a missing sort, never as an empty box.
"""

import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.errors import Unreadable
from layers import Text

FAMILY: Final = "Noto Sans SC"
LACKING: Final = "〓"
"""Stands for a character the font lacks."""
LACKING_NOTE: Final = Text("〓 处为字体中没有的字符。", "〓 stands for a character the font does not have.")
_LONGEST_RUN: Final = 18
"""Characters of a word, after which a line may break inside it."""
_BREAK: Final = "\u200b"
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs"})
_SELECTORS: Final = range(0xFE00, 0xFE10)


@dataclass(frozen=True, eq=False, slots=True)
class Glyphs:
    """What the font knows.

    Attributes:
        starts: first code point of each run, rising.
        ends: last code point of each run.
        first: glyph of the first code point of each run.
        advances: width of each glyph in ems.
    """

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    advances: npt.NDArray[np.float64]

    def glyph(self, character: str) -> int:
        """Return the number of its glyph, 0 where the font lacks it."""
        code = ord(character)
        run = int(np.searchsorted(self.starts, code, side="right")) - 1
        return int(self.first[run]) + code - int(self.starts[run]) if run >= 0 and code <= self.ends[run] else 0

    def width(self, text: str) -> float:
        """Return how wide `text` is, in ems, without kerning."""
        return float(sum(self.advances[min(self.glyph(c), len(self.advances) - 1)] for c in text))


def font_folder() -> Path:
    """Return the folder of the font.

    Raises:
        Unreadable: the font is not installed.
    """
    try:
        import pylopdf_fonts_zh_cn as fonts  # noqa: PLC0415  only whoever draws a page needs it, and its absence is told in our words
    except ImportError as error:
        raise Unreadable(_MISSING) from error
    if not fonts.sans_path().is_file():
        raise Unreadable(_MISSING)
    return Path(fonts.sans_path().parent)


@cache
def glyphs() -> Glyphs:
    """Return what the font knows; read at the first call.

    Raises:
        Unreadable: the font is not installed or damaged.
    """
    path = font_folder() / "NotoSansSC-Regular.otf"
    try:
        return _read(path.read_bytes())
    except (OSError, struct.error, KeyError, ValueError) as error:
        raise Unreadable(Text(f"字体文件 {path.name} 已损坏。{_AGAIN.zh}", f"The font file {path.name} is damaged. {_AGAIN.en}")) from error


def plain(text: str, *, whole: bool = False) -> str:
    r"""Return `text` as it can be printed: what the font lacks as 〓, nothing that turns or hides it, breakable within long words unless `whole`.

    >>> plain("厕所 🚻 \u202eمرحبا")
    '厕所 〓 〓〓〓〓〓'
    """
    known = glyphs()
    out: list[str] = []
    run = 0
    for character in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(character)
        if character in "\n\t" or kind in {"Zs", "Zl", "Zp"}:
            out.append(character if character in "\n\u00a0" else " ")
            run = 0
            continue
        if kind in _INVISIBLE or ord(character) in _SELECTORS:
            continue
        wide = unicodedata.east_asian_width(character) in {"W", "F"}
        run = 0 if wide else run + 1
        if run > _LONGEST_RUN and not whole:
            out.append(_BREAK)
            run = 1
        out.append(character if known.glyph(character) else LACKING)
    return "".join(out)


def lacks(texts: Iterable[str]) -> bool:
    """Tell whether any of `texts` holds a character the font does not have."""
    return any(LACKING in plain(text) and LACKING not in text for text in texts)


_AGAIN: Final = Text("请重新安装：pip install --force-reinstall pylopdf-fonts-zh-cn。", "Install it again: pip install --force-reinstall pylopdf-fonts-zh-cn.")
_MISSING: Final = Text("没有中文字体，无法生成图件。请安装：pip install pylopdf-fonts-zh-cn。",
                       "The Chinese font is missing, so nothing can be drawn. Install it: pip install pylopdf-fonts-zh-cn.")


def _read(data: bytes) -> Glyphs:
    """Read the character map (format 12) and the advances of an OpenType font."""
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {data[at:at + 4].decode("latin-1"): struct.unpack_from(">II", data, at + 8) for at in range(12, 12 + 16 * count, 16)}
    cmap = tables["cmap"][0]
    subtables = (struct.unpack_from(">HHI", data, cmap + 4 + 8 * i)[2] for i in range(struct.unpack_from(">H", data, cmap + 2)[0]))
    whole = next(cmap + at for at in subtables if struct.unpack_from(">H", data, cmap + at)[0] == 12)
    groups = np.frombuffer(data, ">u4", 3 * struct.unpack_from(">I", data, whole + 12)[0], whole + 16).reshape(-1, 3).astype(np.int64)
    em = struct.unpack_from(">H", data, tables["head"][0] + 18)[0]
    told = struct.unpack_from(">H", data, tables["hhea"][0] + 34)[0]
    advances = np.frombuffer(data, ">u2", 2 * told, tables["hmtx"][0])[::2] / em
    return Glyphs(groups[:, 0], groups[:, 1], groups[:, 2], advances)
