"""What the page of road openings is asked: read from the address, and what its controls offer."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final, Literal

from geodata.asking.coverage import REFUSED, SPEEDS
from geodata.changes import MOST_WITHIN_M, WITHIN_M
from geodata.district import District
from geodata.question import DEFAULT_SPEED_M_PER_S, Question
from geodata.standards import LIVING_CIRCLES_M
from layers import Text, every_layer

PARAMETERS: Final = ("part", "layers", "speed", "m", "per", "see", "view", "show", "len", "top", "name", "s", "b", "bname")
"""Names in the address, in the order of the page; `s` is the scenario, `b` the one it is held against, see `geodata.asking.drawn`; either has a name."""
Part = Literal["rank", "try", "links"]
View = Literal["diff", "before", "after", "twin"]
OPENING: Final = "public_toilets"
LENGTH_M: Final = 150.0
TOP: Final = 20
_MOST: Final[Mapping[str, float]] = {"m": 20_000.0, "speed": 15.0, "per": 100_000.0, "len": 1_000.0, "top": 100.0}
_WHAT: Final[Mapping[str, Text]] = {
    "m": Text("标准（m）", "The standard (m)"), "speed": Text("速度（m/s）", "The speed (m/s)"), "per": Text("每单位容量服务人数", "The people a unit of capacity serves"),
    "len": Text("联通道长度（m）", "The link's length (m)"), "top": Text("列出条数", "The number of links"),
}
_ONLY_IN: Final[Mapping[str, Part]] = {"per": "try", "len": "links", "top": "links"}
"""Numbers that count in one part of the page alone."""
FILES: Final = ("scenario.geojson", "scenario-against.geojson")
"""What the page's downloads of a scenario, and of the one it is held against, are called; the command names them."""
_LONGEST_NAME: Final = 80
SITE_WAITING: Final = Text("{name}（待落位）", "{name} (not yet located)")


def part_of(asked: Mapping[str, str]) -> Part:
    """Return which part of the page is shown."""
    return "try" if asked.get("part") == "try" else "links" if asked.get("part") == "links" else "rank"


def view_of(asked: Mapping[str, str]) -> View:
    """Return how the map shows it."""
    wanted = asked.get("view", "")
    return "before" if wanted == "before" else "after" if wanted == "after" else "twin" if wanted == "twin" else "diff"


def question_of(asked: Mapping[str, str]) -> Question:
    """Return the question an address asks; what cannot be taken is left at its default, and said (`refused_of`)."""
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


def refused_of(asked: Mapping[str, str]) -> dict[str, Text]:
    """Return what was asked, counts in the part shown and cannot be taken, by its name.

    >>> refused_of({"m": "0"})["m"].en
    'The standard (m) cannot be 0: give a number above 0, at most 20,000.'
    """
    here = part_of(asked)
    return {name: REFUSED.format(what=_WHAT[name], found=asked[name][:20], most=f"{most:,.0f}")
            for name, most in _MOST.items() if asked.get(name) and number(asked, name) is None and _ONLY_IN.get(name, here) == here}


def name_of(asked: Mapping[str, str]) -> Text:
    """Return what the scenario is called, in whichever language it was typed."""
    typed = asked.get("name", "").strip()[:_LONGEST_NAME]
    return Text(typed, typed)


def command_of(asked: Mapping[str, str]) -> str:
    """Return the command that gives the same answer, empty where there is no change to ask about.

    A scenario is named by the file that the page's download saves it as.

    >>> command_of({"part": "links", "len": "80"})
    'python -m geodata missing-links --layer public_toilets --max-length 80'
    """
    question, part = question_of(asked), part_of(asked)
    told: list[tuple[str, object]] = [("layer", ",".join(question.layers)), ("metres", question.metres),
                                      ("speed", question.speed_m_per_s if question.speed_m_per_s != DEFAULT_SPEED_M_PER_S else None)]
    if part == "links":
        told += [("max-length", length_of(asked) if length_of(asked) != LENGTH_M else None), ("top", top_of(asked) if top_of(asked) != TOP else None)]
    if part == "try":
        if not asked.get("s"):
            return ""
        told = [("scenario", FILES[0]), ("against", FILES[1] if asked.get("b") else None), *told, ("per", number(asked, "per"))]
    words = [f"--{name} {f'{value:g}' if isinstance(value, float) else value}" for name, value in told if value is not None]
    return " ".join(["python -m geodata", {"rank": "openings", "try": "what-if", "links": "missing-links"}[part], *words])


def controls() -> dict[str, Any]:
    """Return what the controls offer, plain values in both languages."""
    return {
        "layers": [{"key": layer.key, "name": both(layer.name), "one": both(layer.one), "style": {"colour": layer.style.colour, "shape": layer.style.shape, "letter": layer.style.letter}}
                   for layer in every_layer().values() if layer.serves_on_foot],
        "opening": OPENING,
        "speeds": [{"value": f"{value:g}", **both(name)} for value, name in SPEEDS[:4]],
        "distances": [f"{metres:g}" for metres in LIVING_CIRCLES_M],
        "length": f"{LENGTH_M:g}", "top": str(TOP), "within": f"{WITHIN_M:g}", "most_within": f"{MOST_WITHIN_M:g}",
    }


def sites_offered(district: District, layer: str) -> list[dict[str, Any]]:
    """Return the sites of a layer that a scenario may move or remove, located ones first."""
    sites = district.sites[district.sites["layer"] == layer]
    one = every_layer()[layer].one
    offered = []
    for site in sites.itertuples():
        plain = str(site.id).rpartition("-")[2].lstrip("0")
        name = Text(str(site.name_zh or f"{one.zh} {plain}"), str(site.name_en or site.name_zh or f"{one.en} {plain}"))
        waiting = site.geometry is None
        told = SITE_WAITING.format(name=name) if waiting else name
        offered.append({"id": str(site.id), "waiting": waiting, **both(told)})
    return sorted(offered, key=lambda entry: bool(entry["waiting"]))


def both(text: Text) -> dict[str, str]:
    """Return a wording in both languages, as the scripts take it."""
    return {"zh": text.zh, "en": text.en}
