"""What the page of road openings is asked: read from the address, and what its controls offer."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final, Literal

from geodata.asking.coverage import SPEEDS
from geodata.question import DEFAULT_SPEED_M_PER_S, Question
from geodata.standards import LIVING_CIRCLES_M
from layers import Text, every_layer

PARAMETERS: Final = ("part", "layers", "speed", "m", "see", "view", "show", "len", "top", "s")
"""Names in the address, in the order of the page; `s` is the scenario, see `_drawn`."""
Part = Literal["rank", "try", "links"]
View = Literal["diff", "before", "after", "twin"]
OPENING: Final = "public_toilets"
LENGTH_M: Final = 150.0
TOP: Final = 20
_MOST: Final[Mapping[str, float]] = {"m": 20_000.0, "speed": 15.0, "len": 1_000.0, "top": 100.0}


def part_of(asked: Mapping[str, str]) -> Part:
    """Return which part of the page is shown."""
    return "try" if asked.get("part") == "try" else "links" if asked.get("part") == "links" else "rank"


def view_of(asked: Mapping[str, str]) -> View:
    """Return how the map shows it."""
    wanted = asked.get("view", "")
    return "before" if wanted == "before" else "after" if wanted == "after" else "twin" if wanted == "twin" else "diff"


def question_of(asked: Mapping[str, str]) -> Question:
    """Return the question an address asks; what cannot be read is left at its default."""
    known = {key for key, layer in every_layer().items() if layer.serves_on_foot}
    named = tuple(dict.fromkeys(key for key in asked.get("layers", "").split(",") if key in known))
    return Question(layers=named or (OPENING,), metres=number(asked, "m"), speed_m_per_s=number(asked, "speed") or DEFAULT_SPEED_M_PER_S)


def length_of(asked: Mapping[str, str]) -> float:
    """Return the longest missing link asked for, in metres."""
    return number(asked, "len") or LENGTH_M


def top_of(asked: Mapping[str, str]) -> int:
    """Return how many missing links are listed."""
    return max(1, int(number(asked, "top") or TOP))


def shown_layer(asked: Mapping[str, str], question: Question) -> str:
    """Return the layer the map speaks of."""
    wanted = asked.get("show", "")
    return wanted if wanted in question.layers else question.layers[0]


def number(asked: Mapping[str, str], name: str) -> float | None:
    """Return a number of the address, None where it is none, not above zero, or beyond all sense."""
    try:
        value = float(asked.get(name, ""))
    except ValueError:
        return None
    return value if isfinite(value) and 0 < value <= _MOST[name] else None


def controls() -> dict[str, Any]:
    """Return what the controls offer, plain values in both languages."""
    return {
        "layers": [{"key": layer.key, "name": both(layer.name), "one": both(layer.one), "style": {"colour": layer.style.colour, "shape": layer.style.shape, "letter": layer.style.letter}}
                   for layer in every_layer().values() if layer.serves_on_foot],
        "opening": OPENING,
        "speeds": [{"value": f"{value:g}", **both(name)} for value, name in SPEEDS[:4]],
        "distances": [f"{metres:g}" for metres in LIVING_CIRCLES_M],
        "length": f"{LENGTH_M:g}", "top": str(TOP),
    }


def both(text: Text) -> dict[str, str]:
    """Return a wording in both languages, as the scripts take it."""
    return {"zh": text.zh, "en": text.en}
