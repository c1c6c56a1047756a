"""What every siting model is given and what it answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from geodata.siting_models._sparse import Flags, Numbers

Status = Literal["optimal", "time_limit", "stopped", "infeasible"]
Tell = Callable[[float, float, float], None]
"""Told the seconds spent, the best objective so far and the bound."""

PROVEN: Final = 1e-6
"""An answer is called optimal where its objective and its bound agree to this share: the solver's own tolerance."""


@dataclass
class Clock:
    """How long a solve may take, and who may stop it.

    Attributes:
        seconds: the limit.
        stop: asked again and again; true ends the solve with the best found.
        tell: told how it goes.
        began: when it began.
    """

    seconds: float = 60.0
    stop: Callable[[], bool] | None = None
    tell: Tell | None = None
    began: float = field(default_factory=time.perf_counter)

    @property
    def spent(self) -> float:
        """Seconds since it began."""
        return time.perf_counter() - self.began

    @property
    def left(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self.seconds - self.spent)

    @property
    def stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return self.stop is not None and self.stop()

    @property
    def over(self) -> bool:
        """Whether to end now."""
        return self.left <= 0 or self.stopped

    def within(self, seconds: float) -> "Clock":
        """Return a clock of at most so many of the seconds left, stopped by the same."""
        return Clock(min(seconds, self.left), self.stop)

    def telling(self, told: Callable[[float, float], tuple[float, float]]) -> "Clock":
        """Return the same clock whose objective and bound are told as `told` makes them: a part of the work knows only its part."""
        tell = self.tell
        return Clock(self.seconds, self.stop, None if tell is None else lambda seconds, best, bound: tell(seconds, *told(best, bound)), self.began)

    def say(self, objective: float, bound: float) -> None:
        """Tell how it goes."""
        if self.tell is not None:
            self.tell(self.spent, objective, bound)


@dataclass(frozen=True, eq=False)
class Choice:
    """Who may be chosen, one flag a candidate.

    Attributes:
        number: how many sites to choose, forced ones included; None lets the model find out.
        forced: these must be chosen.
        forbidden: these must not.
    """

    number: int | None
    forced: Flags
    forbidden: Flags

    @staticmethod
    def free(candidates: int, number: int | None) -> "Choice":
        """Return the choice without wishes."""
        return Choice(number, np.zeros(candidates, dtype=bool), np.zeros(candidates, dtype=bool))

    @property
    def allowed(self) -> Flags:
        """Who may be chosen."""
        return ~self.forbidden

    def without(self, candidate: int) -> "Choice":
        """Return the choice with one more candidate forbidden, and not forced."""
        forced, forbidden = self.forced.copy(), self.forbidden.copy()
        forced[candidate], forbidden[candidate] = False, True
        return Choice(self.number, forced, forbidden)


@dataclass(frozen=True, eq=False)
class Solved:
    """The answer of a model.

    Attributes:
        chosen: numbers of the chosen candidates, ascending.
        objective: its value, worked out anew from `chosen` (never the solver's own word); nan where there is none.
        bound: no choice can be better than this.
        status: how the solve ended; `optimal` only where objective and bound agree to PROVEN.
        seconds: wall-clock time from the data to the answer.
        solver: name and version.
        unmet: of an infeasible question the demand that the best choice found leaves over, else empty.
        cause: of an infeasible question demand no two of which any candidate serves together, more of it than sites: each
            needs a site of its own. Empty where no such demand was found; then the bound alone tells.
    """

    chosen: Numbers
    objective: float
    bound: float
    status: Status
    seconds: float
    solver: str
    unmet: Numbers
    cause: Numbers = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def gap(self) -> float:
        """|bound - objective| ÷ |objective|: 0 is proven; inf where nothing was found."""
        return relative_gap(self.objective, self.bound)

    @property
    def proven(self) -> bool:
        """Whether it is proven optimal."""
        return self.status == "optimal"


def relative_gap(objective: float, bound: float) -> float:
    """Return |bound - objective| ÷ |objective|, 0 where they agree to PROVEN.

    >>> relative_gap(200.0, 201.0)
    0.005
    """
    if not (np.isfinite(objective) and np.isfinite(bound)):
        return float("inf")
    away = abs(bound - objective)
    if away <= PROVEN * max(1.0, abs(objective)):
        return 0.0
    return float(away / max(abs(objective), 1e-12))


def gap_of(objective: float, bound: float, *, proven: bool) -> float:
    """Return the gap as it is printed: 0 only where it is proven; inf where there is none.

    >>> gap_of(2.0, 3.0, proven=False)
    0.5
    """
    if proven:
        return 0.0
    return float(abs(bound - objective) / abs(objective)) if objective and np.isfinite([objective, bound]).all() else float("inf")


def finish(clock: Clock, chosen: Numbers, objective: float, bound: float, solver: str) -> Solved:
    """Return the answer with its status: proven, stopped, or out of time."""
    done = relative_gap(objective, bound) == 0.0
    status: Status = "optimal" if done else "stopped" if clock.stopped else "time_limit"
    clock.say(objective, objective if done else bound)
    return Solved(np.sort(chosen), objective, objective if done else bound, status, clock.spent, solver, np.empty(0, np.int64))


def infeasible(clock: Clock, unmet: Numbers, solver: str, *, bound: float = float("nan"), cause: Numbers | None = None) -> Solved:
    """Return that no choice does, with the demand that is left and the demand that makes it so."""
    return Solved(np.empty(0, np.int64), float("nan"), bound, "infeasible", clock.spent, solver, unmet, np.empty(0, np.int64) if cause is None else cause)
