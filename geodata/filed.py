"""What the user's own file calls a column and holds in a cell, so that findings speak of it and not of what became of it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.checks import ROW
from geodata.errors import Problem
from geodata.read_as import READ_AS
from layers import Text

HEADINGS_KEPT: Final = "headings"
"""Key of `frame.attrs`: the file's heading by our column name."""
GIVEN: Final = "_given_position"
"""Column with a row's position as the file holds it, before anything was converted."""
_POSITION: Final = "lon, lat"


def remember(frame: gpd.GeoDataFrame, heads: dict[str, str], read_as: Text) -> gpd.GeoDataFrame:
    """Return `frame` with its file's headings, and what its numbers were read as, kept beside it."""
    frame.attrs |= {HEADINGS_KEPT: heads, READ_AS: read_as}
    return frame


def given_points(frame: gpd.GeoDataFrame) -> "pd.Series[str] | None":
    """Return the points of a frame as written in its file, None where it holds other shapes."""
    shapes = frame.geometry.to_numpy()
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    if not points.any():
        return None
    told = [f"{x:.15g}, {y:.15g}" if point else "" for x, y, point in zip(shapely.get_x(shapes), shapely.get_y(shapes), points, strict=True)]
    return pd.Series(told, index=frame.index, dtype=object)


def in_file_words(frame: gpd.GeoDataFrame, problems: Iterable[Problem]) -> list[Problem]:
    """Return findings whose field is the file's own heading and whose position is the file's own text.

    Args:
        frame: as `intake.read_vector` gives it; without headings kept the findings stay as they are.
        problems: with our column names.
    """
    heads = frame.attrs.get(HEADINGS_KEPT)
    if heads is None:
        return list(problems)
    held = dict(zip(frame[ROW], frame[GIVEN], strict=True)) if GIVEN in frame else {}
    told = []
    for problem in problems:
        field, value = problem.field, problem.value
        if field == _POSITION:
            field, value = _position(heads), str(held.get(problem.row, "") or value)
        told.append(replace(problem, field=heads.get(field, field), value=value))
    return told


def _position(heads: dict[str, str]) -> str:
    """Return what a file calls its positions."""
    return ", ".join(heads[name] for name in ("lon", "lat")) if "lon" in heads and "lat" in heads else "geometry"
