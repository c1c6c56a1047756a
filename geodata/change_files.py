"""Files of places that are to become changes: roads to open, streets to close, facilities, gates; one part of a shape a row."""

from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.checks import ROW
from geodata.crs import Datum
from geodata.errors import Problem
from geodata.intake import NO_PLACE, read_vector
from geodata.scenario_checks import no_line
from layers import Text

_GIVE_SHAPE: Final = Text("请补上图形：一处是一个点，一条路至少两个不同的点。", "Give it a shape: a place is one point, a road has two different points at least.")


def read_places(source: Path | bytes, *, datum: Datum | str | None = None, name: str = "") -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Return the places of a file and what is wrong with its rows.

    Names are read under any heading we know (`geodata.headings`), and one language stands in for the other. Where a shape has
    several parts, each is a row of its own and its name carries a number. Rows without a usable shape are left out and found.

    Args:
        source: whatever `geodata.intake.read_vector` reads.
        datum: what its coordinates are in; None takes what the file says, and WGS-84 where it says nothing.
        name: the file's name, needed with bytes.

    Returns:
        WGS-84, columns `name_zh`, `name_en`, ROW and whatever else the file holds; the findings.

    Raises:
        ChanheError: as `read_vector`.
    """
    frame, found = read_vector(source, datum=datum, name=name)
    found = [problem for problem in found if problem.code != NO_PLACE]  # said below, as it is meant here
    told = name or (source.name if isinstance(source, Path) else "")
    known = {problem.row for problem in found if problem.level == "error"}
    rows, shapes = [], []
    for row, shape in zip(pd.DataFrame(frame.drop(columns=frame.geometry.name)).to_dict("records"), frame.geometry, strict=True):
        if shape is None or shape.is_empty:
            if int(row[ROW]) not in known:
                found.append(_without_shape(int(row[ROW]), told))
            continue
        zh, en = (_said(row.get(heading)) for heading in ("name_zh", "name_en"))
        parts = shapely.get_parts(shapely.force_2d(shape))
        for place, part in enumerate(parts, start=1):
            mark = f" {place}" if len(parts) > 1 else ""
            rows.append({**row, "name_zh": f"{zh or en}{mark}".strip(), "name_en": f"{en or zh}{mark}".strip()})
            shapes.append(part)
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(shapes, crs=frame.crs), crs=frame.crs), found


def number_in(row: dict[str, object], heading: str) -> float | None:
    """Return a number that a row gives under a heading, None where it gives none."""
    value = row.get(heading)
    try:
        found = float(value) if isinstance(value, str | int | float) else float("nan")
    except ValueError:
        return None
    return found if isfinite(found) else None


def _without_shape(row: int, file: str) -> Problem:
    return replace(no_line(row, None), remedy=_GIVE_SHAPE, file=file)


def _said(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
