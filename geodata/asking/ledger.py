"""What the ledger page is asked: which commitments its filter keeps, and how the parts of the report follow each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from geodata.ledger import GROUPS, KINDS
from layers import Text

PARAMETERS: Final = ("q", "g", "y", "k", "p")
"""Names in the address."""
PERIODS: Final[Mapping[str, Text]] = {
    "2022": Text("2022 年", "2022"),
    "2021": Text("2021 年成绩", "Results of 2021"),
    "past": Text("过去五年", "Past five years"),
    "next": Text("今后五年", "Next five years"),
}
"""The times the report speaks of; a commitment belongs to one, and no total crosses them."""
_PERIOD_OF: Final = {"achievement_2021": "2021", "past_five_years": "past", "next_five_years": "next"}
_FAMILIES: Final[tuple[tuple[str, Text], ...]] = (
    ("livelihood_", Text("2022 年十大民生实事", "Ten livelihood items of 2022")),
    ("money", Text("2022 年十大民生实事", "Ten livelihood items of 2022")),
    ("priority_", Text("2022 年九项重点工作", "Nine priorities of 2022")),
    ("target_2022", Text("2022 年主要预期目标", "Main expected targets of 2022")),
    ("achievement_2021", Text("2021 年成绩", "Results of 2021")),
    ("past_five_years", Text("过去五年", "Past five years")),
    ("next_five_years", Text("今后五年", "Next five years")),
)
_ORDER: Final = (*(g for g in GROUPS if g.startswith("livelihood_")), "money", *(g for g in GROUPS if g.startswith("priority_")))


def group_order() -> list[str]:
    """Return the groups as the page shows them: the money stands with the ten items it pays for."""
    return [*_ORDER, *(group for group in GROUPS if group not in _ORDER)]


def family_of(group: str) -> Text:
    """Return the part of the report a group belongs to."""
    return next((name for stem, name in _FAMILIES if group.startswith(stem)), GROUPS.get(group, Text(group, group)))


def period_of(group: str) -> str:
    """Return the time a group of the report speaks of, a key of PERIODS."""
    return _PERIOD_OF.get(group, "2022")


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which commitments are shown; an empty part keeps all.

    Attributes:
        words: kept are rows that hold every one of them, in any of their wordings.
        group: a key of `ledger.GROUPS`.
        period: a key of PERIODS.
        kind: a key of `ledger.KINDS`.
        places: only commitments with places.
    """

    words: tuple[str, ...] = ()
    group: str = ""
    period: str = ""
    kind: str = ""
    places: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "LedgerFilter":
        """Read the parameters `q`, `g`, `y`, `k`, `p` of an address; what is unknown keeps all."""
        def known(name: str, choices: Mapping[str, Text]) -> str:
            value = asked.get(name, "")
            return value if value in choices else ""

        return cls(tuple(asked.get("q", "").casefold().split()), known("g", GROUPS), known("y", PERIODS), known("k", KINDS), asked.get("p") == "1")

    def keeps(self, ledger: pd.DataFrame) -> pd.Series:
        """Return which rows of `ledger` are shown."""
        keep = pd.Series(data=True, index=ledger.index)
        if self.group:
            keep &= ledger["group"] == self.group
        if self.period:
            keep &= ledger["group"].map(period_of) == self.period
        if self.kind:
            keep &= ledger["kind"] == self.kind
        if self.places:
            keep &= (ledger["layer"] != "") & (ledger["of"] == "") & (ledger["part_of"] == "")
        text = _searched(ledger) if self.words else pd.Series("", index=ledger.index)
        for word in self.words:
            keep &= text.str.contains(word, regex=False)
        return keep


def _searched(ledger: pd.DataFrame) -> pd.Series:
    """Return for each row every wording a search looks through."""
    groups = ledger["group"].map(lambda g: f"{GROUPS[g].zh} {GROUPS[g].en}")
    parts = [ledger[name].astype(str) for name in ("id", "zh", "en", "quote", "section", "note_zh", "note_en")]
    joined = groups
    for part in parts:
        joined = joined + " " + part
    return joined.str.casefold()
