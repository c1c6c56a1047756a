"""The form every page fills in, and what the frame hands to it."""

from collections.abc import Callable
from dataclasses import dataclass

from geodata.district import District
from geodata.settings import Settings
from layers import Lang, Text


@dataclass(frozen=True, slots=True)
class Visit:
    """What every page needs to know of the present visit.

    Attributes:
        lang: the language it is shown in.
        settings: what the operator decided.
        district: the district in use; never changed in place.
        may_edit: whether placing and importing are open here.
        go: leaves for the page of a key, opened with a query where one is given; returns where there is none.
    """

    lang: Lang
    settings: Settings
    district: District
    may_edit: bool
    go: Callable[..., None]

    def say(self, text: Text) -> str:
        """Return a wording in the visit's language."""
        return text.say(self.lang)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the product.

    Attributes:
        key: its name in addresses (`/coverage`); the first page of the frame stands at `/`.
        title: what the navigation calls it.
        show: shows it.
        bare: whether it fills the window itself, without the frame's margins.
    """

    key: str
    title: Text
    show: Callable[[Visit], None]
    bare: bool = False
