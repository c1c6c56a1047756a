"""What the sketch is drawn from: defended axes, free-hand arterials, rails, a river, and where people settle.

Everything is in metres east and north of `ORIGIN_M` (EPSG:32649). Only the axes and the two station positions are facts
(metro and railway stations, © OpenStreetMap contributors, ODbL, rounded to 0.001 degrees); the rest is made up.
All fields use the four basic operations alone, so that they are the same on every machine.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

Metres = npt.NDArray[np.float64]

METRIC_CRS: Final = "EPSG:32649"
ORIGIN_M: Final = (634000.0, 3837000.0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line of the sketch: what it is, what it is called, and the points it runs through."""

    kind: str
    points: tuple[tuple[float, float], ...]
    name_zh: str = ""
    name_en: str = ""


_JIAMAYING, _ZHENGGU, _TAWAN, _SHIJIAWAN = (2211.3, 2339.5), (3215.7, 2576.2), (4494.9, 2817.2), (5863.9, 3170.7)
_JIAMAYING_NORTH, _JIUDU_QIMING, _EAST_STATION = (2469.7, 3452.6), (3320.5, 1690.4), (1552.1, 3550.0)

AXES: Final = (
    Drawn("primary", (_JIAMAYING, _ZHENGGU, _TAWAN, _SHIJIAWAN), "中州东路", "Zhongzhou East Road"),
    Drawn("primary", (_ZHENGGU, _JIUDU_QIMING), "启明南路", "Qiming South Road"),
    Drawn("secondary", (_JIAMAYING, _JIAMAYING_NORTH), "夹马营路", "Jiamaying Road"),
)
"""The streets of FACTS, straight between their points."""

ARTERIALS: Final = (
    Drawn("primary", (_SHIJIAWAN, (6250, 3290), (6900, 3420))),
    Drawn("secondary", (_JIAMAYING, (1950, 2285), (1500, 2240))),
    Drawn("primary", (_JIUDU_QIMING, (3370, 1250), (3390, 400))),
    Drawn("primary", (_ZHENGGU, (3190, 3020), (3205, 3440), (3310, 4660), (3470, 5690), (3640, 6660), (3800, 7540), (3880, 8700))),
    Drawn("secondary", (_JIAMAYING, (2130, 1900), (2250, 1440), (2330, 900))),
    Drawn("secondary", (_JIAMAYING_NORTH, (2480, 3800), (2350, 4540), (2110, 5480), (2150, 6530), (2470, 7480), (2700, 8800))),
    Drawn("secondary", ((1700, 1290), (2250, 1440), _JIUDU_QIMING, (4180, 1960), (4720, 2080), (5300, 2150))),
    Drawn("secondary", ((100, 2880), (820, 3010), (1480, 3150), _JIAMAYING_NORTH, (3205, 3440), (4260, 3430), (5270, 3620), (5930, 3700), (6900, 3760))),
    Drawn("primary", ((1000, 4180), (1640, 4330), (2350, 4540), (3310, 4660), (4370, 4810), (5400, 4820))),
    Drawn("secondary", ((900, 5200), (1560, 5360), (2110, 5480), (3470, 5690), (4480, 5760), (5600, 5640))),
    Drawn("secondary", ((1200, 6400), (2150, 6530), (3640, 6660), (4620, 6740), (5480, 6640), (6600, 6500))),
    Drawn("tertiary", ((1500, 7300), (2470, 7480), (3800, 7540), (4750, 7470), (5450, 7330), (6300, 7200))),
    Drawn("secondary", ((4060, 500), (4120, 1300), (4180, 1960), (4225, 2766.4), (4260, 3430), (4370, 4810), (4480, 5760), (4620, 6740), (4750, 7470), (4860, 8500))),
    Drawn("tertiary", ((3760, 3435), (3795, 4020), (3850, 4735))),
    Drawn("tertiary", ((1050, 2300), (1250, 2750), (1480, 3150), (1570, 3700), (1640, 4330), (1560, 5360), (1630, 6000), (2150, 6530))),
    Drawn("tertiary", ((5020, 1900), (5150, 2440), (5190, 2996.7), (5270, 3620), (5330, 4200), (5500, 4900))),
    Drawn("tertiary", ((5800, 2300), (5830, 2700), _SHIJIAWAN, (5930, 3700), (5980, 4900))),
    Drawn("tertiary", ((5250, 5300), (5400, 5900), (5480, 6640), (5450, 7330), (5330, 8500))),
)
"""Free-hand main streets of the sketch, all nameless; they meet the axes at shared points."""

RAILS: Final = (
    Drawn("rail", ((5403.5, 8990.0), (5169.1, 6709.9), (4469.1, -100.0)), "焦柳铁路", "Jiaoliu railway"),
    Drawn("rail", ((-700, 2890), (400, 3210), _EAST_STATION, (2480, 3800), (3260, 3960), (4310, 4080), (5330, 4200), (6300, 4150), (7300, 4030))),
)
"""The axis of the Jiaoliu railway, and a free-hand line through Luoyang East station."""

RIVER: Final = ((3260, 9300), (3130, 8300), (2830, 7480), (2640, 6590), (2930, 5620), (2790, 4600), (2900, 3860),
                (2800, 3450), (2690, 2452), (2640, 1900), (2740, 1560), (2800, 1050), (2960, 300), (3100, -200))
"""The middle of the sketch's river, from north to south."""

POND_CENTRES: Final = (((5010, 2720), 70.0), ((3930, 5240), 95.0), ((4160, 7060), 60.0), ((1990, 5900), 50.0))
"""Ponds: middle and radius."""

_CITY: Final = (((2250, 2500), 1350, 1.0), ((3350, 2450), 1500, .95), ((4500, 2850), 1300, .9), ((5700, 3300), 1150, .8),
                ((1300, 3250), 1000, .85), ((2500, 3300), 1300, .95), ((2500, 4500), 1250, .75), ((3900, 4500), 1150, .65),
                ((3500, 1500), 900, .7), ((3500, 5650), 900, .45))
_OLD: Final = (((2180, 2420), 760, 1.0), ((2350, 3150), 620, .9), ((1450, 3230), 430, .8))
_VILLAGES: Final = (((2050, 6050), 330, .6), ((3080, 6250), 310, .55), ((4080, 6350), 340, .6), ((4720, 5350), 300, .5),
                    ((2650, 7000), 300, .5), ((3300, 7200), 320, .6), ((4350, 7600), 330, .55), ((5250, 7000), 290, .5),
                    ((5420, 6250), 280, .45), ((2850, 7950), 280, .45), ((3650, 8000), 250, .4), ((1750, 5050), 320, .55),
                    ((4720, 6350), 240, .45), ((2550, 5250), 300, .5), ((5050, 7800), 260, .4), ((4950, 4500), 260, .4))


def city(x: float, y: float) -> float:
    """How built-up a place is, 0 to 1."""
    return _highest(x, y, _CITY)


def old_streets(x: float, y: float) -> float:
    """How much a place belongs to the old streets, 0 to 1."""
    return _highest(x, y, _OLD)


def villages(x: float, y: float) -> float:
    """How much a place belongs to a village, 0 to 1."""
    return _highest(x, y, _VILLAGES)


def _highest(x: float, y: float, bumps: tuple[tuple[tuple[float, float], float, float], ...]) -> float:
    """Return the highest of smooth round bumps (middle, radius, height) at a point."""
    high = 0.0
    for (east, north), radius, height in bumps:
        near = 1.0 - ((x - east) ** 2 + (y - north) ** 2) / (radius * radius)
        if near > 0.0:
            high = max(high, height * near * (2.0 - near))
    return high


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """A gentle bending of the plane: streets are planned straight and bent by it, neighbours alike.

    Attributes:
        east: offsets at the corners of a square lattice, metres, one array a scale.
        north: likewise.
        step_m: side of the lattice, one a scale.
    """

    east: tuple[Metres, ...]
    north: tuple[Metres, ...]
    step_m: tuple[float, ...]

    def bend(self, xy: Metres) -> Metres:
        """Return points, shape (n, 2), where the bending takes them."""
        return xy + self._shift(xy)

    def unbend(self, xy: Metres) -> Metres:
        """Return the points that `bend` takes to `xy`; the shift changes by under a third per metre, so this settles."""
        flat = xy.copy()
        for _ in range(60):
            flat = xy - self._shift(flat)
        return flat

    def _shift(self, xy: Metres) -> Metres:
        shift = np.zeros_like(xy)
        for east, north, step in zip(self.east, self.north, self.step_m, strict=True):
            at = (xy + 2000.0) / step
            cell = np.clip(np.floor(at).astype(int), 0, len(east) - 2)
            part = at - cell
            fade = part * part * part * (part * (part * 6.0 - 15.0) + 10.0)
            for column, lattice in enumerate((east, north)):
                shift[:, column] += _between(lattice, cell, fade)
        return shift


def make_bend(random: np.random.RandomState, scales: tuple[tuple[float, float], ...]) -> Bend:
    """Return a bending at random; `scales` are (lattice side, greatest offset) in metres."""
    sizes = [int(14000 / step) + 2 for step, _ in scales]
    east, north = (tuple((random.random_sample((n, n)) - 0.5) * 2.0 * most for n, (_, most) in zip(sizes, scales, strict=True))
                   for _ in range(2))
    return Bend(east, north, tuple(step for step, _ in scales))


def _between(lattice: Metres, cell: npt.NDArray[np.int64], fade: Metres) -> Metres:
    """Blend a lattice's four corners around each point."""
    i, j = cell[:, 0], cell[:, 1]
    u, v = fade[:, 0], fade[:, 1]
    low = lattice[i, j] * (1.0 - u) + lattice[i + 1, j] * u
    high = lattice[i, j + 1] * (1.0 - u) + lattice[i + 1, j + 1] * u
    return np.asarray(low * (1.0 - v) + high * v, dtype=np.float64)


def curve(points: tuple[tuple[float, float], ...], step_m: float = 40.0) -> Metres:
    """Return a smooth curve through `points` (Catmull-Rom), a vertex about every `step_m`; the points themselves are on it."""
    at = np.asarray(points, dtype=np.float64)
    padded = np.vstack([2 * at[0] - at[1], at, 2 * at[-1] - at[-2]])
    runs = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        count = max(1, round(float(np.sqrt(((p2 - p1) ** 2).sum())) / step_m))
        t = (np.arange(count) / count)[:, None]
        runs.append(0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t + (3 * p1 - p0 - 3 * p2 + p3) * t * t * t))
    return np.vstack([*runs, at[-1:]])


def straight(points: tuple[tuple[float, float], ...], step_m: float = 40.0) -> Metres:
    """Return the straight pieces through `points`, a vertex about every `step_m`."""
    at = np.asarray(points, dtype=np.float64)
    runs = [a + (b - a) * (np.arange(n) / n)[:, None] for a, b in pairwise(at)
            if (n := max(1, round(float(np.sqrt(((b - a) ** 2).sum())) / step_m)))]
    return np.vstack([*runs, at[-1:]])
