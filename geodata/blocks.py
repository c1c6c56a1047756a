"""Streets by splitting land: a block is cut across its long way again and again, until it is as small as its place wants."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import split

Metres = npt.NDArray[np.float64]

_SNAP_M = 26.0
_STRAIGHT_ON = 0.72  # how often a street goes straight on where one from the other side ends within _SNAP_M
_OVERSHOOT_M = 0.05
_SHORTEST_M = 8.0
_SLIVER_M2 = 200.0
_FIRST = 0.36  # a cut falls between this share of the long way and the same from the other side
_ENOUGH, _PATIENCE = 0.75, 0.6  # a block stays whole below a size drawn between these, in wanted sizes
_LAST = 2.2  # below this many wanted sizes a cut leaves blocks that stay whole


@dataclass(frozen=True, slots=True)
class Cut:
    """One street made by a cut.

    Attributes:
        line: LineString from one side of the block to the other, reaching a hair beyond.
        kind: its street class.
        last: whether its block was small enough to be cut no further, in all likelihood.
    """

    line: shapely.LineString
    kind: str
    last: bool


@dataclass(frozen=True, slots=True)
class Manner:
    """How land is cut.

    Attributes:
        want_m2: block size wanted around a point.
        kind: class of a street, by the block's size in wanted sizes, and a random number.
        slant: greatest turn of a cut off the square, as a share of its length, around a point.
    """

    want_m2: Callable[[float, float], float]
    kind: Callable[[float, float, float, float], str]
    slant: Callable[[float, float], float]


@dataclass(slots=True)
class _Corners:
    """Places where cuts have met a street: the next cut from the other side goes straight on there."""

    cells: dict[tuple[int, int], list[tuple[float, float]]] = field(default_factory=dict)

    def add(self, x: float, y: float) -> None:
        self.cells.setdefault((int(x // _SNAP_M), int(y // _SNAP_M)), []).append((x, y))

    def near(self, x: float, y: float) -> tuple[float, float] | None:
        i, j = int(x // _SNAP_M), int(y // _SNAP_M)
        found = [p for a in (i - 1, i, i + 1) for b in (j - 1, j, j + 1) for p in self.cells.get((a, b), ())]
        best = min(found, key=lambda p: (p[0] - x) ** 2 + (p[1] - y) ** 2, default=None)
        return best if best and (best[0] - x) ** 2 + (best[1] - y) ** 2 < _SNAP_M**2 else None


def cut_land(land: list[shapely.Polygon], manner: Manner, random: np.random.RandomState) -> tuple[list[Cut], list[shapely.Polygon]]:
    """Cut blocks until none is larger than wanted; return the cuts and what is left between them."""
    cuts: list[Cut] = []
    done: list[shapely.Polygon] = []
    corners = _Corners()
    open_blocks = list(reversed(land))
    while open_blocks:
        block = open_blocks.pop()
        x, y = block.centroid.x, block.centroid.y
        times = block.area / manner.want_m2(x, y)
        enough = times < _ENOUGH + _PATIENCE * random.random_sample()
        line = None if enough else _cut_line(block, manner.slant(x, y), random, corners)
        pieces = [] if line is None else [p for p in split(block, line).geoms if p.area > _SLIVER_M2]
        if line is None or len(pieces) < 2:
            done.append(block)
            continue
        for run in _runs(line, block):
            cuts.append(Cut(_overshot(run), manner.kind(times, random.random_sample(), x, y), times < _LAST))
            corners.add(*run.coords[0])
            corners.add(*run.coords[-1])
        open_blocks += sorted(pieces, key=lambda p: (p.centroid.x, p.centroid.y))
    return cuts, done


def _runs(line: shapely.LineString, block: shapely.Polygon) -> list[shapely.LineString]:
    """Return the parts of a line inside a block that are long enough for a street."""
    return [r for r in shapely.get_parts(shapely.intersection(line, block)) if r.geom_type == "LineString" and r.length > _SHORTEST_M]


def _cut_line(block: shapely.Polygon, slant: float, random: np.random.RandomState, corners: _Corners) -> shapely.LineString | None:
    """Return a line across the block's long way, near its middle, its ends moved onto corners nearby."""
    along, low, high, mid = _long_way(block)
    across = np.array([-along[1], along[0]])
    place = low + (high - low) * (_FIRST + (1.0 - 2.0 * _FIRST) * random.random_sample())
    turned = across + along * slant * 2.0 * (random.random_sample() - 0.5)
    through = along * place + across * mid
    reach = (high - low) + 2000.0
    ray = shapely.LineString([through - turned * reach, through + turned * reach])
    runs = _runs(ray, block)
    if not runs:
        return None
    run = max(runs, key=lambda r: (r.length, r.coords[0]))
    ends = []
    for end in (run.coords[0], run.coords[-1]):
        corner = corners.near(*end) if random.random_sample() < _STRAIGHT_ON else None
        ends.append(np.array(corner if corner else end))
    way = ends[1] - ends[0]
    size = float(np.sqrt((way**2).sum()))
    return shapely.LineString([ends[0] - way / size * 0.5, ends[1] + way / size * 0.5]) if size > _SHORTEST_M else None


def _long_way(block: shapely.Polygon) -> tuple[Metres, float, float, float]:
    """Return the direction of the narrowest box around a block, its extent along that, and its middle across."""
    hull = np.asarray(shapely.convex_hull(block).exterior.coords)
    sides = np.diff(hull, axis=0)
    sides = sides[(sides**2).sum(axis=1) > 1.0]
    units = sides / np.sqrt((sides**2).sum(axis=1))[:, None]
    along, across = hull @ units.T, hull @ np.stack([-units[:, 1], units[:, 0]])
    wide, deep = np.ptp(along, axis=0), np.ptp(across, axis=0)
    best = int(np.argmin(np.round(wide * deep, 3)))
    unit = units[best]
    if wide[best] < deep[best]:
        unit = np.array([-unit[1], unit[0]])
    on, off = hull @ unit, hull @ np.array([-unit[1], unit[0]])
    return unit, float(on.min()), float(on.max()), float((off.min() + off.max()) / 2)


def _overshot(run: shapely.LineString) -> shapely.LineString:
    """Return a straight run, reaching a hair beyond both ends so that it surely meets what it ends on."""
    a, b = np.asarray(run.coords[0]), np.asarray(run.coords[-1])
    way = (b - a) / np.sqrt(((b - a) ** 2).sum()) * _OVERSHOOT_M
    return shapely.LineString([a - way, b + way])
