"""Races: the runners take turns in one process, so that a busy machine is busy for all; medians are compared."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


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
    """Return the median seconds of each runner; each runs once unmeasured before."""
    for run in runners.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(rounds):
        for name, run in runners.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: median(each) for name, each in seconds.items()}


def faster(what: str, seconds: dict[str, float], mine: str, other: str, *, least: float) -> list[Result]:
    """How many times faster `mine` is than `other`, held to at least so many."""
    ratio = seconds[other] / seconds[mine]
    return [*(Result(f"{what}: {name}", f"{1000 * seconds[name]:,.1f} ms") for name in (mine, other)),
            Result(what, f"{ratio:,.1f} times faster than {other}", f"at least {least:g}", ratio >= least)]
