"""What a command says: tables and sentences to standard output, progress and warnings to standard error."""

import codecs
import json
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TextIO

from geodata.answer_json import document_of
from geodata.commands._width import padded, table_lines, width
from layers import Lang, Text

_REPLACED: Final = "chanhe-replaced"
_NEAREST: Final = {"²": "2", "³": "3", "–": "-", "—": "-", "−": "-", "‑": "-", "×": "x", "≤": "<=", "≥": ">=", "°": " deg",
                   "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "·": "|", "→": "->", "∞": "inf", "★": "*", "\u00a0": " ", "©": "(c)"}
_QUIET_S: Final = 1.0
_EAST_ASIAN: Final = ("gb", "cp936", "big5", "cp950")


@dataclass
class Console:
    """Where a command speaks.

    Attributes:
        lang: the user's language.
        as_json: one JSON document instead of tables and sentences.
        out: standard output.
        err: standard error.
    """

    lang: Lang
    as_json: bool = False
    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)

    def word(self, text: Text) -> str:
        """Return a wording in the user's language."""
        return text.say(self.lang)

    def say(self, text: Text | str = "") -> None:
        """Print a line of the answer; silent with --json."""
        if not self.as_json:
            print(text if isinstance(text, str) else self.word(text), file=self.out)

    def note(self, text: Text | str) -> None:
        """Print a line beside the answer, to standard error."""
        print(text if isinstance(text, str) else self.word(text), file=self.err)

    def lead(self, heading: Text, sentences: Sequence[Text]) -> None:
        """Print the answer in words: what kind of answer it is, if anything is to be said of that, its sentences, an empty line."""
        for text in (*([heading] if heading.zh else []), *sentences):
            self.say(text)
        self.say()

    def points(self, texts: Sequence[Text], title: Text | None = None) -> None:
        """Print texts as points, under a title if there is one; nothing where there are none."""
        if texts and title is not None:
            self.say(Text(f"{title.zh}：", f"{title.en}:"))
        for text in texts:
            self.say(Text(f"  · {text.zh}", f"  · {text.en}"))

    def table(self, heading: Sequence[Text | str], rows: Sequence[Sequence[object]], *, err: bool = False) -> None:
        """Print a table; a column of numbers stands to the right. Silent with --json unless it goes to standard error."""
        if self.as_json and not err:
            return
        stream = self.err if err else self.out
        wide = 2 if (getattr(stream, "encoding", None) or "").lower().startswith(_EAST_ASIAN) else 1
        cells = [[self._shown(value) for value in row] for row in rows]
        numeric = [bool(rows) and all(_is_number(row[place]) for row in rows) for place in range(len(heading))]
        for line in table_lines([self._shown(name) for name in heading], cells, numeric, ambiguous=wide):
            print(line, file=stream)

    def document(self, result: object, *, parameters: Mapping[str, object], sources: Sequence[object], data_hashes: Mapping[str, str],
                 **more: object) -> None:
        """With --json, print the one document of the answer; else nothing."""
        if not self.as_json:
            return
        self.write(document_of(result, parameters=parameters, sources=sources, data_hashes=data_hashes, **more))

    def write(self, told: Mapping[str, object]) -> None:
        """With --json, print a finished document; else nothing."""
        if not self.as_json:
            return
        utf8 = (getattr(self.out, "encoding", None) or "utf-8").lower().replace("-", "").startswith("utf")
        print(json.dumps(told, ensure_ascii=not utf8, allow_nan=False, indent=2), file=self.out)

    def progress(self, what: Text) -> Callable[..., None]:
        """Return a function that is told the share done (0…1) and, if it changes, what is being done.

        Nothing is shown during the first second; then one line is redrawn on a terminal, or a line printed each tenth.
        """
        return _Progress(self, what).show

    def _shown(self, value: object) -> str:
        """Return a cell as it is read."""
        if isinstance(value, Text):
            return self.word(value)
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return "—"
        if isinstance(value, bool):
            return self.word(Text("是", "yes") if value else Text("否", "no"))
        if isinstance(value, int | float):
            return f"{value:,.4f}".rstrip("0").rstrip(".")
        return str(value)


@dataclass
class _Progress:
    """One long piece of work on its way."""

    console: Console
    what: Text
    began: float = field(default_factory=time.monotonic)
    tenth: int = -1
    told: str = ""
    longest: int = 0

    def show(self, share: float, what: Text | None = None) -> None:
        """Tell how far it is."""
        line = f"{self.console.word(what or self.what)} {share:4.0%}"
        terminal = self.console.err.isatty()
        if line == self.told or (time.monotonic() - self.began < _QUIET_S and not self.told):
            return
        tenth = int(share * 10)
        if terminal:
            self.longest = max(self.longest, width(line))
            self.console.err.write("\r" + padded(line, self.longest) + ("\n" if share >= 1 else ""))
            self.console.err.flush()
        elif tenth != self.tenth:
            print(line, file=self.console.err, flush=True)
        self.tenth, self.told = tenth, line


def never_fail(*streams: TextIO) -> None:
    """Let streams replace characters that their encoding lacks, as a GBK console lacks `²`, instead of failing."""
    codecs.register_error(_REPLACED, _nearest)
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_REPLACED)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Return the nearest ASCII for what cannot be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_NEAREST.get(letter, "?") for letter in error.object[error.start:error.end]), error.end


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
