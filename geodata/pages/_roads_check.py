"""The self-check the user sees: no walk got longer, and every added road is connected, or how far it is short."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from geodata.changes import Change
from geodata.comparing import Comparison, road_name
from geodata.connection import Connection, connection_sentence
from geodata.openings import Ranking
from geodata.pages._roads_words import WORDS
from geodata.pages._roads_work import only_opens
from layers import Text

Mark = Literal["good", "bad", "note"]


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of the self-check.

    Attributes:
        mark: `good`: as it should be; `bad`: to be put right; `note`: true, and worth knowing.
        text: in words.
    """

    mark: Mark
    text: Text


def ranking_checks(ranking: Ranking) -> list[Check]:
    """Return the self-check of a ranking."""
    if not len(ranking.rows):
        return []
    gaining = set(ranking.rows.loc[ranking.rows["verdict"] == "gains", "opening"])
    roads = ((opening.road.name, ranking.connections[opening.id], opening.id in gaining) for opening in ranking.openings)
    return [walks_check(ranking.longer_walks, opens=True), *_connected(roads)]


def comparison_checks(found: Comparison, changes: Sequence[Change], *, two: bool = False) -> list[Check]:
    """Return the self-check of what `changes` do; with `two` they are held against another scenario, and walks may be longer in either."""
    roads = ((road_name(changes[place], place), link, place in found.gaining) for place, link in found.connections.items())
    walks = Check("note", WORDS["check_longer_two"].format(n=found.longer_walks)) if two and found.longer_walks else walks_check(found.longer_walks, opens=not two and only_opens(changes))
    return [walks, *_connected(roads)]


def walks_check(longer: int, *, opens: bool) -> Check:
    """Return whether any walk got longer; where roads are only opened, none may."""
    if not longer:
        return Check("good", WORDS["check_good"])
    return Check("bad", WORDS["check_wrong"].format(n=longer)) if opens else Check("note", WORDS["check_longer"].format(n=longer))


def _connected(roads: Iterable[tuple[Text, Connection, bool]]) -> list[Check]:
    return [Check(_mark(link, gains=gains), connection_sentence(name, link, link.verdict(gains=gains))) for name, link, gains in roads]


def _mark(link: Connection, *, gains: bool) -> Mark:
    if link.connected and gains:
        return "good"
    return "note" if link.connected or gains else "bad"  # a road that serves though one end lies open is worth a look, not wrong


def without_checks(sentences: Sequence[Text], checks: Sequence[Check]) -> list[Text]:
    """Return the sentences that the self-check does not say already."""
    said = {check.text for check in checks}
    return [text for text in sentences if text not in said]


def told(checks: Sequence[Check], say: Any) -> list[dict[str, str]]:
    """Return the self-check as the page's script takes it; `say` gives a wording's text."""
    return [{"mark": check.mark, "text": say(check.text)} for check in checks]
