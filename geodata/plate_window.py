"""Where a drawn map lies: which metres of the ground stand at which millimetre of the paper, at which scale."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

SCALES: Final = (500, 1_000, 2_000, 2_500, 4_000, 5_000, 7_500, 10_000, 12_500, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000, 60_000,
                 75_000, 100_000, 125_000, 150_000, 200_000, 250_000, 500_000, 1_000_000, 2_000_000, 5_000_000)
"""Denominators a map may be drawn at."""
PX_MM: Final = 25.4 / 96
"""A CSS pixel on paper."""
_FREE: Final = 0.015
"""Part of the picture that stays free around what is asked for, on each side."""
_BEYOND_MM: Final = 4.0
_FINE_MM: Final = 0.04
_EQUATOR_M_PER_PX: Final = 156_543.034
_COS_LATITUDE: Final = 0.822  # of Luoyang; only stroke widths depend on it


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of paper over the ground.

    Attributes:
        west: easting of the left edge, metres.
        north: northing of the upper edge, metres.
        scale: denominator; a metre is 1000 / scale millimetres.
        width_mm: of the picture.
        height_mm: of the picture.
        grow: how much larger than on paper symbols, names and lines are drawn, for pictures seen from afar.
    """

    west: float
    north: float
    scale: int
    width_mm: float
    height_mm: float
    grow: float = 1.0

    @property
    def mm_per_m(self) -> float:
        """Millimetres of paper a metre of ground."""
        return 1000.0 / self.scale

    @property
    def line(self) -> float:
        """How much wider lines are drawn than at zoom 13 of the browser's map, by the same rule."""
        zoom = np.log2(_EQUATOR_M_PER_PX * _COS_LATITUDE / (PX_MM / 1000 * self.scale))
        return float(np.clip(2 ** ((zoom - 13) * 0.62), 0.55, 4.5)) * self.grow

    def px(self, pixels: float) -> float:
        """Return a length of the browser's map in millimetres of this one."""
        return pixels * PX_MM * self.grow

    def seen(self, beyond_mm: float = _BEYOND_MM) -> tuple[float, float, float, float]:
        """Return west, south, east, north of the ground that is seen, with a little beyond the edges."""
        more = beyond_mm / self.mm_per_m
        return (self.west - more, self.north - self.height_mm / self.mm_per_m - more,
                self.west + self.width_mm / self.mm_per_m + more, self.north + more)

    def at(self, point: BaseGeometry) -> tuple[float, float]:
        """Return where a point stands, millimetres from the left and from the top."""
        x, y = self.place(shapely.get_coordinates(point)[:1])[0]
        return float(x), float(y)

    def place(self, coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return metric coordinates as millimetres from the left and from the top, shape (n, 2)."""
        return np.column_stack([(coordinates[:, 0] - self.west) * self.mm_per_m, (self.north - coordinates[:, 1]) * self.mm_per_m])

    def path(self, shapes: npt.ArrayLike) -> str:
        """Return lines and areas as the `d` of one SVG path, cut to what is seen; empty where nothing is."""
        cut = shapely.clip_by_rect(np.atleast_1d(np.asarray(shapes, dtype=object)), *self.seen())
        parts = shapely.get_parts(cut)
        # Turned alike, so that what overlaps is filled once and holes stay open (fill-rule nonzero).
        parts = shapely.orient_polygons(parts[~shapely.is_empty(parts)])
        types = shapely.get_type_id(parts)
        rings = np.concatenate([parts[types == shapely.GeometryType.LINESTRING], shapely.get_rings(parts[types == shapely.GeometryType.POLYGON])])
        rings = shapely.simplify(rings, _FINE_MM / self.mm_per_m, preserve_topology=False)
        rings = rings[~shapely.is_empty(rings)]
        closed = shapely.get_type_id(rings) == shapely.GeometryType.LINEARRING
        xy, of = shapely.get_coordinates(rings, return_index=True)
        words = [f"{x:.2f} {y:.2f}" for x, y in self.place(xy).tolist()]
        bounds = np.searchsorted(of, np.arange(len(rings) + 1))
        return "".join(f"M{'L'.join(words[a:b - 1 if ring else b])}{'Z' if ring else ''}"
                       for a, b, ring in zip(bounds[:-1], bounds[1:], closed, strict=True) if b - a > 1)


def window_on(bounds: tuple[float, float, float, float], *, width_mm: float, height_mm: float, grow: float = 1.0) -> Window:
    """Return the window of that size which shows `bounds` (west, south, east, north, metres) at the largest round scale."""
    west, south, east, north = bounds
    free = 1 - 2 * _FREE
    needed = max((east - west) * 1000 / (width_mm * free), (north - south) * 1000 / (height_mm * free), 1.0)
    scale = next((known for known in SCALES if known >= needed), SCALES[-1])
    across, down = width_mm * scale / 1000, height_mm * scale / 1000
    return Window((west + east - across) / 2, (south + north + down) / 2, scale, width_mm, height_mm, grow)
