"""A question about siting: which layer, which model, how many, held to which standard, from which candidates."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from geodata.question import DEFAULT_ACCESS_M, DEFAULT_SPEED_M_PER_S
from geodata.standards import Mode
from layers import Text

Model = Literal["mclp", "lscp", "p-median", "p-centre"]
MODELS: Final[dict[Model, Text]] = {
    "mclp": Text("最大覆盖：数量一定，覆盖最多", "maximal covering: with so many sites, most covered"),
    "lscp": Text("集合覆盖：用最少的点覆盖所有可覆盖的", "set covering: all that can be covered, with fewest sites"),
    "p-median": Text("p-中位：数量一定，总步行最少", "p-median: with so many sites, least walking in total"),
    "p-centre": Text("p-中心：数量一定，最远的人走得最近", "p-centre: with so many sites, the longest walk shortest"),
}
"""The models, and what each is for."""


@dataclass(frozen=True, slots=True)
class Siting:
    """What is asked.

    Attributes:
        layer: layer key.
        model: `mclp` covers most people with `number` sites, `lscp` everybody who can be with fewest, `p-median` lets them
            walk least in total, `p-centre` makes the longest walk shortest.
        number: new sites; of lscp a limit, or None.
        metres: service distance; or `minutes` x speed; neither means the layer's own standard.
        minutes: see `metres`.
        speed_m_per_s: used with minutes.
        turnout_min: minutes before anyone leaves.
        mode: which reach to optimise where a layer has three (`walk`, `run`, `e-bike`); None is the headline.
        candidates: `grid`, `grid:METRES`, `corners`, `layer:KEY`, `file`.
        keep: whether located and proposed sites of the layer stay and serve.
        forced: candidates that must be chosen.
        forbidden: candidates that must not.
        moved: candidates dragged elsewhere, each with lon and lat (WGS-84): it must be chosen there, not where it was.
        amount_each: how much of its commitment a site takes (piles a charging site); None where a unit is a place.
        access_m: longest straight access leg.
        seconds: time limit of the solve.
    """

    layer: str
    model: Model = "mclp"
    number: int | None = None
    metres: float | None = None
    minutes: float | None = None
    speed_m_per_s: float = DEFAULT_SPEED_M_PER_S
    turnout_min: float = 0.0
    mode: Mode | None = None
    candidates: str = "grid"
    keep: bool = True
    forced: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    moved: tuple[tuple[str, float, float], ...] = ()
    amount_each: float | None = None
    access_m: float = DEFAULT_ACCESS_M
    seconds: float = 60.0

    @property
    def has_wishes(self) -> bool:
        """Whether a site is forced, forbidden or dragged."""
        return bool(self.forced or self.forbidden or self.moved)

    def without_wishes(self) -> "Siting":
        """Return the same question with nobody's wishes."""
        return replace(self, forced=(), forbidden=(), moved=())
