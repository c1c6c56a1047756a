"""A question about coverage: which layers, held to which standard, counting which sites."""

from dataclasses import dataclass
from typing import Literal

Counted = Literal["programme", "existing", "together"]
DEFAULT_SPEED_M_PER_S = 1.2
DEFAULT_ACCESS_M = 200.0
DEFAULT_DRAWS = 200
DEFAULT_SEED = 20220425


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Two modes, never mixed: `metres`, or `minutes` x speed; neither means each layer's own standard.

    Attributes:
        layers: layer keys; with more than one, rows `any` and `all` are added.
        metres: service distance along the streets.
        minutes: time limit; the distance is (minutes - turnout) x 60 x speed.
        speed_m_per_s: walking speed, used with `minutes` only.
        turnout_min: minutes before anyone leaves (micro fire stations).
        counted: whose sites count; None gives one row for each that the data holds.
        status: keep sites of these statuses; empty keeps all. Likewise `years`, `origins`.
        years: see `status`.
        area: keep people inside the area of this id; None keeps all.
        access_m: longest straight access leg to the streets.
        draws: redraws of the demo sites behind a demonstration's range.
        seed: the seed of those redraws.
    """

    layers: tuple[str, ...]
    metres: float | None = None
    minutes: float | None = None
    speed_m_per_s: float = DEFAULT_SPEED_M_PER_S
    turnout_min: float = 0.0
    counted: Counted | None = None
    status: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    area: str | None = None
    access_m: float = DEFAULT_ACCESS_M
    draws: int = DEFAULT_DRAWS
    seed: int = DEFAULT_SEED

    def parameters(self) -> dict[str, object]:
        """Return what is asked, defaults included, under the names of the command line; filters that keep all are left out."""
        told: dict[str, object] = {"layer": list(self.layers), "metres": self.metres, "minutes": self.minutes, "speed": self.speed_m_per_s,
                                   "turnout": self.turnout_min, "access": self.access_m, "draws": self.draws, "seed": self.seed}
        chosen: dict[str, object] = {"counted": self.counted, "status": list(self.status), "year": list(self.years), "area": self.area}
        return told | {name: value for name, value in chosen.items() if value}
