"""Races: the runners take turns in one process, so that a busy machine is busy for all; the fastest run of each counts."""

import time
from collections.abc import Callable
from dataclasses import dataclass

PATIENCE_S = 6.0
"""Who has run for longer than this in one race is not asked again."""


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the printed table.

    Attributes:
        what: what was measured.
        found: the figure, with its unit.
        wanted: the bound it is held to, or empty.
        held: whether it holds; None where nothing is asked.
    """

    what: str
    found: str
    wanted: str = ""
    held: bool | None = None


def race(rounds: int, **runners: Callable[[], object]) -> dict[str, float]:
    """Return the fewest seconds of each runner: another program can slow a run down, never speed it up.

    Each runs once unmeasured before, and then in turn, at least once and at most `rounds` times.
    """
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    for run in runners.values():
        run()
    for _ in range(rounds):
        for name, run in runners.items():
            if sum(seconds[name]) < PATIENCE_S:
                start = time.perf_counter()
                run()
                seconds[name].append(time.perf_counter() - start)
    return {name: min(each) for name, each in seconds.items()}


def shown(seconds: float) -> str:
    """Milliseconds below ten seconds."""
    return f"{1000 * seconds:,.1f} ms" if seconds < 10 else f"{seconds:,.1f} s"


def faster(what: str, seconds: dict[str, float], mine: str, other: str, *, least: float) -> list[Result]:
    """How many times faster `mine` is than `other`, held to at least so many."""
    ratio = seconds[other] / seconds[mine]
    return [*(Result(f"{what}: {name}", shown(seconds[name])) for name in (mine, other)),
            Result(what, f"{ratio:,.1f} times faster than {other}", f"at least {least:g}", ratio >= least)]
