"""Everything that can go wrong for a user, each with its message in both languages.

    ChanheError
    ├── BadInput          ValueError       what was given cannot be used
    │   ├── ProblemsFound                  a file was read, and these rows of it cannot be used
    │   └── Misasked                       as it is put, the question can have no answer
    ├── Unknown           LookupError      no layer, format, datum, site or district of that name
    ├── Unreadable        OSError          a file cannot be opened or is not what it says
    ├── CannotWrite       OSError          a folder or file cannot be written
    ├── Refused           PermissionError  allowed elsewhere, not here (editing beyond this machine, …)
    └── Stopped           InterruptedError stopped by whoever asked, before there was anything to answer

A message says what was wrong, what was found and what to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from layers import Lang, Text

Level = Literal["error", "warning"]


class ChanheError(Exception):
    """The root: carries its message in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message

    def say(self, lang: Lang) -> str:
        """Return the message in `lang`."""
        return self.message.say(lang)


class BadInput(ChanheError, ValueError):  # noqa: N818  a name in the user's terms
    """What was given cannot be used."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one value.

    Attributes:
        row: the row as the user counts it, None where the whole file is meant.
        field: the column.
        value: what was found there.
        code: short name of the kind of finding, for scripts.
        message: what is wrong.
        remedy: what to do.
        level: an `error` row is not used; a `warning` row is.
        file: the input it was found in.
    """

    row: int | None
    field: str
    value: str
    code: str
    message: Text
    remedy: Text
    level: Level = "error"
    file: str = ""


class ProblemsFound(BadInput):
    """A file was read, and these rows of it cannot be used; nothing of it was taken.

    Attributes:
        problems: one entry per finding, with row, field, value, message and remedy.
    """

    def __init__(self, message: Text, problems: Sequence[Problem]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class Misasked(BadInput):
    """As it is put, the question can have no answer: it contradicts itself, or a figure is beyond what can be; asking differently mends it."""


class Unknown(ChanheError, LookupError):  # noqa: N818  a name in the user's terms
    """No layer, format, datum, site or district has that name."""


class Unreadable(ChanheError, OSError):  # noqa: N818  a name in the user's terms
    """A file cannot be opened, or is not what it says."""


class CannotWrite(ChanheError, OSError):  # noqa: N818  a name in the user's terms
    """A folder or file cannot be written."""


class Refused(ChanheError, PermissionError):  # noqa: N818  a name in the user's terms
    """Possible in general, but not here."""


class Stopped(ChanheError, InterruptedError):  # noqa: N818  what happened, in the user's terms
    """Whoever asked stopped it before there was anything to answer."""
