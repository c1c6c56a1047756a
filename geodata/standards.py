"""Which distance each layer is held to in a question: its own standard, a distance, or a time at a speed."""

from dataclasses import dataclass
from math import isfinite
from typing import Final, Literal

from geodata.errors import Misasked, Unknown
from geodata.question import Question
from layers import Layer, Text, every_layer

Mode = Literal["distance", "time", "walk", "run", "e-bike"]

RUN_M_PER_S: Final = 2.5
EBIKE_M_PER_S: Final = 15 / 3.6
LIVING_CIRCLES_M: Final = (300.0, 500.0, 800.0, 1000.0)
"""GB 50180-2018 §2.0.2 to 2.0.4, certainty ★★★: what to offer where a layer has no standard of its own."""


@dataclass(frozen=True, slots=True)
class Held:
    """One standard a layer is held to.

    Attributes:
        layer: the layer.
        mode: `distance` along the streets; `time` on foot; or, crew to scene, `walk`, `run` and `e-bike`.
        metres: the distance; None where the layer has no standard and none was given.
        minutes: the time, None in mode `distance`.
        speed_m_per_s: likewise.
        turnout_min: minutes of it that pass before anyone leaves.
    """

    layer: Layer
    mode: Mode
    metres: float | None
    minutes: float | None = None
    speed_m_per_s: float | None = None
    turnout_min: float = 0.0

    @property
    def label(self) -> str:
        """The standard in figures and units, the same in every language: `300 m`, `3 min × 1.2 m/s`."""
        if self.metres is None:
            return ""
        if self.minutes is None or self.speed_m_per_s is None:
            return f"{self.metres:g} m"
        time = f"({self.minutes:g} − {self.turnout_min:g})" if self.turnout_min else f"{self.minutes:g}"
        return f"{time} min × {self.speed_m_per_s:.3g} m/s"


def standards_of(layer: Layer, question: Question) -> list[Held]:
    """Return what `layer` is held to, the headline first.

    A layer whose standard is a time to the scene is always held to three (walking, running, by e-bike) unless a
    distance was asked for.

    Raises:
        Misasked: both a distance and a time were asked for, or one that cannot be.
    """
    _check(question)
    own = layer.standard
    if question.metres is not None:
        return [Held(layer, "distance", question.metres)]
    crew = own is not None and own.minutes is not None
    minutes = question.minutes if question.minutes is not None else own.minutes if own is not None else None
    if minutes is None:
        return [Held(layer, "distance", own.metres if own is not None else None)]
    if minutes <= question.turnout_min:
        raise Misasked(Text(f"时间（{minutes:g} 分钟）须长于出动准备时间（{question.turnout_min:g} 分钟）。",
                            f"The time ({minutes:g} min) must be longer than the turnout ({question.turnout_min:g} min)."))
    paces: list[tuple[Mode, float]] = [("walk" if crew else "time", question.speed_m_per_s)]
    if crew:
        paces += [("run", RUN_M_PER_S), ("e-bike", EBIKE_M_PER_S)]
    return [Held(layer, mode, round((minutes - question.turnout_min) * 60 * speed, 6), minutes, speed, question.turnout_min)
            for mode, speed in paces]


def asked_layers(question: Question) -> list[Layer]:
    """Return the layers a question names, each once, in its order.

    Raises:
        Unknown: no layer of that name; the message lists those there are.
        Misasked: it names none.
    """
    known = every_layer()
    for key in question.layers:
        if key not in known:
            raise Unknown(Text(f"没有名为 {key} 的图层。可用图层：{'、'.join(known)}。",
                               f"There is no layer {key}. There are: {', '.join(known)}."))
    if not question.layers:
        raise Misasked(Text("请至少选择一个图层。", "Choose at least one layer."))
    return [known[key] for key in dict.fromkeys(question.layers)]


def _check(question: Question) -> None:
    """Refuse what cannot be asked."""
    if question.metres is not None and question.minutes is not None:
        raise Misasked(Text("距离和时间只能给一个：按标准用距离，按速度用时间。",
                            "Give a distance or a time, not both: distance by standard, time by speed."))
    limits = {"metres": question.metres, "minutes": question.minutes, "speed": question.speed_m_per_s,
              "access": question.access_m, "turnout": question.turnout_min, "draws": question.draws}
    least = {"access": 0.0, "turnout": 0.0, "metres": 0.0}
    for name, value in limits.items():
        if value is None:
            continue
        if not isfinite(value) or value < 0 or (value == 0 and name not in least):
            raise Misasked(Text(f"{name} 不能是 {value:g}，请给一个有限的正数。",
                                f"{name} cannot be {value:g}; give a finite number above 0."))
