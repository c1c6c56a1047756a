"""The ground of a pack out of a user's files: boundary, streets, population and areas, each made ready to be kept."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.checks import ROW, check_people, errors_of, in_file, need_columns, refuse_errors
from geodata.crs import WGS84
from geodata.district import STREET_CLASSES
from geodata.errors import BadInput, Problem
from geodata.intake import read_vector
from geodata.noding import node_streets
from geodata.osm import NEVER_WALKED
from geodata.read_as import READ_AS
from layers import Text

AROUND_M: Final = 1_000.0
"""Streets this far outside the boundary are kept, metres, so that walks may leave the district and come back."""
BIG_CELL_M2: Final = 250_000.0
"""A population polygon larger than this says too little about where people live to stand as one point."""


@dataclass
class Kept:
    """One part of a pack, ready to be written.

    Attributes:
        frame: WGS-84.
        problems: findings about its rows.
        rows: in the file.
        used: of them, those the part is made of.
        read_as: the datum it was read as, and who said so.
    """

    frame: gpd.GeoDataFrame
    problems: list[Problem]
    rows: int
    used: int
    read_as: Text


def read_boundary(path: Path, datum: str | None) -> Kept:
    """Return a district's boundary as one row.

    Raises:
        BadInput: the file holds no polygon.
        Unreadable: it cannot be opened.
    """
    frame, problems = read_vector(path, datum=datum)
    refuse_errors(problems, Text(f"区界 {path.name}", f"Boundary {path.name}"))
    polygons = frame[frame.geom_type.isin(["Polygon", "MultiPolygon"])]
    if polygons.empty:
        raise BadInput(Text(f"{path.name} 中没有面。区界须为 Polygon 或 MultiPolygon。", f"{path.name} holds no polygon. A boundary must be a Polygon or MultiPolygon."))
    return Kept(gpd.GeoDataFrame(geometry=[polygons.union_all()], crs=WGS84), problems, len(frame), len(polygons), frame.attrs[READ_AS])


def read_streets(path: Path, datum: str | None, boundary: gpd.GeoDataFrame) -> Kept:
    """Return streets split at their junctions, those near the district.

    Args:
        path: lines; `class`, `name_zh`, `name_en`, `bridge`, `tunnel`, `level` are used where there.
        datum: what its coordinates are in.
        boundary: in the district's metric CRS.

    Raises:
        BadInput: no lines, or none near the district.
        Unreadable: the file cannot be opened.
    """
    frame, problems = read_vector(path, datum=datum)
    refuse_errors(problems, Text(f"路网 {path.name}", f"Streets {path.name}"))
    lines = frame[frame.geom_type.isin(["LineString", "MultiLineString"])]
    if lines.empty:
        raise BadInput(Text(f"{path.name} 中没有线。路网须为 LineString。", f"{path.name} holds no line. Streets must be LineStrings."))
    metric = lines.to_crs(boundary.crs)
    near = metric[metric.intersects(shapely.buffer(boundary.union_all(), AROUND_M))]
    if near.empty:
        raise BadInput(_elsewhere(path.name, metric, boundary))
    classed, unknown = _classes(near)
    edges, gaps = node_streets(classed)
    names = {name: _texts(edges, name) for name in ("name_zh", "name_en")}
    kept = edges.assign(**names, vehicle=~edges["class"].isin(["lane", "path"]))[["edge_id", "class", "name_zh", "name_en", "vehicle", "u", "v", "geometry"]]
    return Kept(kept.to_crs(WGS84), in_file([*problems, *unknown, *gaps], path.name), len(frame), len(near), frame.attrs[READ_AS])


def read_population(path: Path, datum: str | None, boundary: gpd.GeoDataFrame, *, skip_bad_rows: bool = False) -> Kept:
    """Return people as points inside the district: `demand_id`, `people`.

    Args:
        path: points or small polygons with `people`; of a polygon its inner point is taken.
        datum: what its coordinates are in.
        boundary: in the district's metric CRS.
        skip_bad_rows: leave out rows with errors instead of refusing the file.

    Raises:
        ProblemsFound: negative or missing numbers.
        BadInput: no column of people, or nobody inside the district.
        Unreadable: the file cannot be opened.
    """
    what = Text(f"人口 {path.name}", f"Population {path.name}")
    frame, problems = read_vector(path, datum=datum)
    need_columns(frame, ["people"], what)
    people, wrong = check_people(frame)
    problems += in_file([*wrong, *_unplaced(frame)], path.name)
    if not skip_bad_rows:
        refuse_errors(problems, what)
    bad = {p.row for p in errors_of(problems)}
    good = frame.assign(people=people)[~frame[ROW].isin(bad) & frame.geometry.notna()].to_crs(boundary.crs)
    problems += [Problem(int(row), "geometry", f"{km2:.2f} km²", "big_cell", Text("人口面过大，以一点代表会失真。", "This population polygon is too large to stand as one point."),
                         Text("请用 100 米方格或建筑人口。", "Use 100 m squares or people by building."), "warning", path.name)
                 for row, km2 in zip(good[ROW], good.area / 1e6, strict=True) if km2 * 1e6 > BIG_CELL_M2]
    points = good.set_geometry(good.geometry.representative_point())
    inside = points.within(boundary.union_all())
    if not inside.any():
        raise BadInput(_elsewhere(path.name, points, boundary))
    if not inside.all():
        problems.append(Problem(None, "geometry", f"{int((~inside).sum())}", "people_outside",
                                Text("区界外的人口行未采用。", "Population rows outside the boundary were left out."), Text("无需处理；若不应在区外，请核对坐标系。", "Nothing to do, unless they should lie inside: then check the datum."), "warning", path.name))
    kept = points[inside].reset_index(drop=True)
    ids = [f"d{number:06d}" for number in range(1, len(kept) + 1)]
    return Kept(kept.assign(demand_id=ids)[["demand_id", "people", "geometry"]].to_crs(WGS84), problems, len(frame), len(kept), frame.attrs[READ_AS])


def read_areas(path: Path, datum: str | None, boundary: gpd.GeoDataFrame) -> Kept:
    """Return polygons of subdistricts or communities: `area_id`, `name_zh`, `name_en`.

    Raises:
        BadInput: no polygons, no names, or none in the district.
        ProblemsFound: broken rows.
        Unreadable: the file cannot be opened.
    """
    what = Text(f"分区 {path.name}", f"Areas {path.name}")
    frame, problems = read_vector(path, datum=datum)
    refuse_errors(problems, what)
    polygons = frame[frame.geom_type.isin(["Polygon", "MultiPolygon"])]
    if polygons.empty:
        raise BadInput(Text(f"{path.name} 中没有面。", f"{path.name} holds no polygon."))
    need_columns(polygons, ["name_zh"], what)
    metric = polygons.to_crs(boundary.crs)
    mine = metric[metric.intersects(boundary.union_all())].reset_index(drop=True)
    if mine.empty:
        raise BadInput(_elsewhere(path.name, metric, boundary))
    given = _texts(mine, "area_id") if "area_id" in mine else _texts(mine, "id")
    ids = given.where((given != "") & ~given.duplicated(keep=False), [f"area-{n:02d}" for n in range(1, len(mine) + 1)])
    return Kept(mine.assign(area_id=ids, name_zh=_texts(mine, "name_zh"), name_en=_texts(mine, "name_en"))[["area_id", "name_zh", "name_en", "geometry"]].to_crs(WGS84), problems, len(frame), len(mine), frame.attrs[READ_AS])


def _classes(streets: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Return walkable streets with a class each; what is no class of ours counts as residential, and is said once."""
    said = _texts(streets, "class").str.removesuffix("_link")
    walked = streets.assign(**{"class": said})[~_texts(streets, "class").isin(NEVER_WALKED).to_numpy()]
    known = walked["class"].isin(STREET_CLASSES)
    odd = sorted(set(walked["class"][~known]))
    told = [Problem(None, "class", "、".join(odd)[:80], "unknown_class", Text(f"{int((~known).sum())} 条路没有可识别的等级，按居住区道路处理。", f"{int((~known).sum())} streets have no known class; taken as residential."),
                    Text(f"可用：{'、'.join(STREET_CLASSES)}，或主干路、次干路、支路、背街小巷等。", f"Use {', '.join(STREET_CLASSES)}."), "warning")] if odd else []
    return walked.assign(**{"class": walked["class"].where(known, "residential")}), told


def _texts(frame: gpd.GeoDataFrame, name: str) -> "pd.Series[str]":
    """Return a text column, empty where there is none."""
    if name not in frame:
        return pd.Series("", index=frame.index, dtype=str)
    told: pd.Series[str] = frame[name].astype(object).where(frame[name].notna(), "").astype(str).str.strip()
    return told


def _unplaced(frame: gpd.GeoDataFrame) -> list[Problem]:
    """Find people without a place."""
    nowhere = frame.geometry.isna() | frame.geometry.is_empty
    return [Problem(int(row), "lon, lat", "", "people_nowhere", Text("人口没有坐标。", "People without a position."), Text("请补充坐标或删去该行。", "Add coordinates or delete the row."))
            for row in frame[ROW][nowhere]]


def _elsewhere(name: str, frame: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame) -> Text:
    """Return the message for an input that lies somewhere else altogether."""
    there = frame.to_crs(WGS84).total_bounds
    here = boundary.to_crs(WGS84).total_bounds
    told = [", ".join(f"{v:.3f}" for v in box) if np.isfinite(box).all() else "—" for box in (there, here)]
    return Text(f"{name} 的数据不在本区：其范围为 {told[0]}，本区为 {told[1]}（西、南、东、北）。请核对文件、坐标系（datum），或是否经纬度写反。",
                f"{name} does not lie in the district: it spans {told[0]}, the district {told[1]} (west, south, east, north). Check the file, its datum, and whether longitude and latitude are swapped.")
