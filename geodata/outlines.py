"""Strips along streets as polygons for the screen: distances on a fine grid, and the line along which they equal the width."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from contourpy import FillType, contour_generator
from numba import njit

CELL_M: Final = 5.0
"""Distance of the grid's points; at 5 m the polygon differs from the exact one by about a third of a per cent of its area."""
SMOOTH_CELLS: Final = 0.08
"""Vertices nearer than this to the line between their neighbours are left out: a third of them stays."""
MOST_POINTS: Final = 16_000_000
"""A grid of more points is not made; the caller unites the strips instead."""


def outline(pieces: npt.NDArray[np.object_], strip_m: float, *, cell_m: float = CELL_M) -> shapely.Geometry | None:
    """Return what lies within `strip_m` of the pieces, to a fraction of a cell, or None where the grid would be too large.

    Between the grid's points the distance is taken as linear, so that outlines run smoothly; holes smaller than a cell may close.

    Args:
        pieces: LineStrings in a metric CRS.
        strip_m: width on each side.
        cell_m: distance of the grid's points.
    """
    xy, line = shapely.get_coordinates(pieces, return_index=True)
    if not len(xy):
        return shapely.Polygon()
    step = np.flatnonzero(line[1:] == line[:-1])
    margin_m = strip_m + 2 * cell_m
    low = xy.min(axis=0) - margin_m
    columns, rows = (np.ceil((xy.max(axis=0) + margin_m - low) / cell_m) + 1).astype(int).tolist()
    if rows * columns > MOST_POINTS:
        return None
    squares = np.full((rows, columns), (strip_m + 1.5 * cell_m) ** 2, dtype=np.float32)
    _stamp(squares, (xy[step] - low) / cell_m, (xy[step + 1] - low) / cell_m, strip_m / cell_m + 1.5, cell_m)
    made: Any = contour_generator(z=np.sqrt(squares), fill_type=FillType.OuterOffset).filled(-1.0, strip_m)
    whole = _polygons(made[0], made[1], low, cell_m)
    light = shapely.simplify(whole, SMOOTH_CELLS * cell_m, preserve_topology=False)  # the way that never crosses itself takes six times as long
    return light if shapely.is_valid(light) else whole


def _polygons(points: list[npt.NDArray[np.float64]], offsets: list[npt.NDArray[np.uint32]], low: npt.NDArray[np.float64],
              cell_m: float) -> shapely.Geometry:
    """One geometry of all rings: each polygon's outer one first."""
    if not points:
        return shapely.Polygon()
    before = np.cumsum([0, *(len(each) for each in points)])
    rings = np.concatenate([[0], *(each[1:].astype(np.int64) + start for each, start in zip(offsets, before, strict=False))])
    polygons = np.cumsum([0, *(len(each) - 1 for each in offsets)])
    made = shapely.from_ragged_array(shapely.GeometryType.POLYGON, np.concatenate(points) * cell_m + low, (rings, polygons))
    return shapely.multipolygons(made) if len(made) > 1 else made[0]


@njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, fastmath=True)
def _stamp(squares, starts, ends, reach, cell_m):  # type: ignore[no-untyped-def]  # numba types it
    """Lower `squares` (metres²) to the distance to each straight piece, as far as `reach`; the rest in cells.

    In single precision throughout, relative to the piece, so that the innermost loop takes several points at a time.
    """
    rows, columns = squares.shape
    none, one, square_m = np.float32(0), np.float32(1), np.float32(cell_m * cell_m)
    for i in range(len(starts)):
        left = max(0, int(min(starts[i, 0], ends[i, 0]) - reach))
        right = min(columns, int(max(starts[i, 0], ends[i, 0]) + reach) + 2)
        low = max(0, int(min(starts[i, 1], ends[i, 1]) - reach))
        high = min(rows, int(max(starts[i, 1], ends[i, 1]) + reach) + 2)
        dx, dy = np.float32(ends[i, 0] - starts[i, 0]), np.float32(ends[i, 1] - starts[i, 1])
        whole = dx * dx + dy * dy
        per = one / whole if whole > none else none
        first = np.float32(left - starts[i, 0])
        for r in range(low, high):
            py = np.float32(r - starts[i, 1])
            row = squares[r]
            for c in range(right - left):
                px = first + np.float32(np.int32(c))
                along = min(one, max(none, (px * dx + py * dy) * per))
                ex, ey = px - along * dx, py - along * dy
                row[left + c] = min((ex * ex + ey * ey) * square_m, row[left + c])
