"""Everything that can go wrong for a user, each with its message in both languages.

    ChanheError
    ├── BadInput          ValueError       what was given cannot be used
    │   └── ProblemsFound                  a file was read, and these rows of it cannot be used
    ├── Unknown           LookupError      no layer, format, site or district of that name
    ├── Unreadable        OSError          a file cannot be opened or is not what it says
    ├── CannotWrite       OSError          a folder or file cannot be written
    └── Refused           PermissionError  allowed elsewhere, not here (editing beyond this machine, …)

A message says what was wrong, what was found and what to do.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from layers import Lang, Text

if TYPE_CHECKING:
    from geodata.checks import Problem


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


class ProblemsFound(BadInput):
    """A file was read, and these rows of it cannot be used; nothing was saved.

    Attributes:
        problems: one entry per finding, with row, field, value, message and remedy.
    """

    def __init__(self, message: Text, problems: "Sequence[Problem]") -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class Unknown(ChanheError, LookupError):  # noqa: N818  a name in the user's terms
    """No layer, format, site or district has that name."""


class Unreadable(ChanheError, OSError):  # noqa: N818  a name in the user's terms
    """A file cannot be opened, or is not what it says."""


class CannotWrite(ChanheError, OSError):  # noqa: N818  a name in the user's terms
    """A folder or file cannot be written."""


class Refused(ChanheError, PermissionError):  # noqa: N818  a name in the user's terms
    """Possible in general, but not here."""
