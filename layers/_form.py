"""The form every layer fills in: what can stand on the map, how it looks, and which standard it is held to."""

from dataclasses import dataclass
from typing import Final, Literal

Lang = Literal["zh", "en"]
Geometry = Literal["point", "line", "area"]
Shape = Literal["circle", "square", "triangle", "diamond", "pentagon", "hexagon", "star", "cross", "line"]
Certainty = Literal["★★★", "★★", "★"]


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in the two languages of the product, Chinese first.

    >>> Text("停车场", "Car parks").say("en")
    'Car parks'
    >>> Text("共 {n} 处", "{n} places").format(n=3).say("zh")
    '共 3 处'
    """

    zh: str
    en: str

    def say(self, lang: Lang) -> str:
        """Return the wording in `lang`."""
        return self.zh if lang == "zh" else self.en

    def format(self, **values: object) -> "Text":
        """Fill both wordings; a value that is itself a Text is filled with its own language."""
        return Text(*(self.say(lang).format(**{k: v.say(lang) if isinstance(v, Text) else v
                                               for k, v in values.items()}) for lang in ("zh", "en")))


@dataclass(frozen=True, slots=True)
class Style:
    """How a layer is drawn: a colour-blind-safe colour and a shape of its own, so that neither is needed alone.

    Attributes:
        colour: `#rrggbb`, at least 3:1 against the map's ground.
        shape: the symbol's outline; lines and areas use it in the legend and at their label point.
        letter: one Chinese character inside the symbol (`消` for micro fire stations).
    """

    colour: str
    shape: Shape
    letter: str


@dataclass(frozen=True, slots=True)
class Standard:
    """The service standard a layer is held to, with where it comes from and how sure that is.

    Attributes:
        metres: the default service distance along the streets, metres.
        alternatives: other distances in use, metres.
        minutes: set where the standard is a time (crew to scene); `metres` is then minutes x speed.
        source: the document, without a clause number where `certainty` is one star.
        certainty: ★★★ clause read, ★★ second-hand, ★ from memory and not retrieved.
        note: what a reader must know to use it rightly.
    """

    metres: float
    source: Text
    certainty: Certainty
    alternatives: tuple[float, ...] = ()
    minutes: float | None = None
    note: Text | None = None


RADIUS_NOTE: Final = Text("标准中的服务半径一般指直线距离；本图同时给出沿道路与直线两种结果。",
                          "A service radius in a Chinese standard is normally a straight line; results are given along the streets and in a straight line.")
"""What every standard that names a service radius has to say of it."""


def popup_fields(*own: str) -> tuple[str, ...]:
    """Return the site fields of a popup, in order: what every layer shows, and the layer's `own` after the year.

    >>> popup_fields("capacity")[4:7]
    ('year', 'capacity', 'location_class')
    """
    return ("name_zh", "name_en", "status", "status_as_of", "year", *own, "location_class", "uncertainty_m", "place_hint_zh",
            "place_hint_en", "basis_zh", "basis_en", "source_zh", "source_en", "document")


@dataclass(frozen=True, slots=True)
class Layer:
    """One kind of thing that can stand on the map. One file in `layers/` fills in one of these.

    Attributes:
        key: the file's own name; used in files, on the command line and in links.
        name: what planners call it, plural in English.
        one: what a single one is called (`微型消防站 / micro fire station`); stand-ins are named from it.
        question: the question its coverage answers (`谁能走到公厕 / who can walk to a toilet`), or None.
        geometry: what a fully surveyed site of it is.
        style: how it is drawn.
        legend: a sentence for the legend.
        popup: site fields its popup shows, in order; `popup_fields("capacity")` adds one of its own.
        standard: its service standard, or None.
        serves_on_foot: whether people walk to it (or its crew to them); without it there is no coverage.
        why_not: why it has no coverage; required when `serves_on_foot` is false.
        osm: OpenStreetMap tags that mean it, any of which suffices: `(("amenity", "parking"),)`.
        opening: whether it stands on the map when the product opens.
        order: its place in the legend.
        stand_ins: whether unlocated places of it are drawn as demo sites on the sketch.
        held_by: whom to ask for positions of it, inferred from what an office of that name usually does; the report names nobody.
    """

    key: str
    name: Text
    one: Text
    geometry: Geometry
    style: Style
    legend: Text
    serves_on_foot: bool
    order: int
    popup: tuple[str, ...] = popup_fields()
    question: Text | None = None
    standard: Standard | None = None
    why_not: Text | None = None
    osm: tuple[tuple[str, str], ...] = ()
    opening: bool = False
    stand_ins: bool = True
    held_by: Text | None = None
