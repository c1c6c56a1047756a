"""Where a new site may stand: street corners, a grid of permitted places, the sites of a layer, or places of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.counting import located
from geodata.crs import WGS84
from geodata.district import District
from geodata.errors import BadInput, Misasked, Unknown
from geodata.standins import PERMITTED
from layers import Text, every_layer

GRID_M: Final = 150.0
"""Side of a grid's squares unless another is asked for."""
LEAST_GRID_M: Final = 20.0
PIECE_M: Final = 10.0
"""On a grid a place is chosen to so many metres along the street."""
SHORE_M: Final = 5.0
"""No grid place stands in water or this near a railway."""
CORNERS, GRID, LAYER, FILE = "corners", "grid", "layer", "file"
CANDIDATE_COLUMNS: Final = ("candidate", "name_zh", "name_en", "kind")


@dataclass(frozen=True, eq=False)
class Candidates:
    """Places a site may stand.

    Attributes:
        frame: CANDIDATE_COLUMNS and points in the metric CRS; `candidate` is an id that stays the same from run to run.
        words: what they are.
        notes: what was left out, and why.
    """

    frame: gpd.GeoDataFrame
    words: Text
    notes: tuple[Text, ...] = ()


def candidates_of(district: District, asked: str, places: gpd.GeoDataFrame | None = None) -> Candidates:
    """Return the candidates that `asked` names: `corners`, `grid`, `grid:100`, `layer:KEY`, or `file` with `places`.

    Raises:
        Unknown: nothing of that name, or no such layer.
        BadInput: there are none.
    """
    kind, _, detail = asked.partition(":")
    if kind == FILE:
        found = _from_frame(district, places)
    elif kind == CORNERS:
        found = _corners(district)
    elif kind == GRID:
        found = _grid(district, _step(detail))
    elif kind == LAYER:
        found = _of_layer(district, detail)
    else:
        raise Unknown(Text(f"没有名为 {asked} 的候选点来源。可用：corners（路口）、grid 或 grid:边长（网格）、layer:图层、文件。",
                           f"There are no candidates called {asked}. Use corners, grid or grid:METRES, layer:KEY, or a file."))
    if found.frame.empty:
        why = Text("".join(f"{note.zh}" for note in found.notes), "".join(f" {note.en}" for note in found.notes))
        raise BadInput(Text("没有候选点：{what}。{why}请换一种候选点来源，或提供文件。", "There are no candidates: {what}.{why} Choose other candidates, or give a file.").format(what=found.words, why=why))
    return found


def _corners(district: District) -> Candidates:
    """Junctions of three or more ways, at least one of them a street that a site may stand on."""
    network = district.network
    degree = np.diff(network.first_arc)
    edges = _permitted(district)
    beside = np.zeros(network.nodes, dtype=bool)
    beside[network.edge_u[edges]] = beside[network.edge_v[edges]] = True
    node = np.flatnonzero(beside & (degree >= 3))
    points = shapely.points(network.x[node], network.y[node])
    return Candidates(_framed(district, points[_inside(district, points)], "corner"), Text("路口", "street corners"))


def _grid(district: District, step_m: float) -> Candidates:
    """One place a square: the point on a permitted street nearest the square's middle, off water and rail."""
    network, edges = district.network, _permitted(district)
    counts = np.maximum(1, np.ceil(network.edge_m[edges] / PIECE_M)).astype(np.int64)
    edge = np.repeat(edges, counts)
    rank = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    points = shapely.line_interpolate_point(network.lines[edge], (rank + 0.5) * network.edge_m[edge] / np.repeat(counts, counts))
    points = points[_inside(district, points)]
    xy = shapely.get_coordinates(points).reshape(-1, 2)
    square = np.floor(xy / step_m).astype(np.int64)
    away = np.hypot(*(xy - (square + 0.5) * step_m).T)
    order = np.lexsort((away, square[:, 1], square[:, 0]))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (square[order][1:] != square[order][:-1]).any(axis=1)
    return Candidates(_framed(district, points[order[first]], "grid"),
                      Text(f"{step_m:g} 米网格内可设站的街边（每格一处）", f"places on permitted streets, one in each {step_m:g} m square"))


def _of_layer(district: District, key: str) -> Candidates:
    """The located sites of another layer: its premises may take one in."""
    layers = every_layer()
    if key not in layers:
        raise Unknown(Text(f"没有名为 {key} 的图层。可用图层：{'、'.join(layers)}。", f"There is no layer {key}. There are: {', '.join(layers)}."))
    sites = located(district.sites[district.sites["layer"] == key])
    shapes = sites.geometry.to_numpy()
    points = np.array([s if s.geom_type == "Point" else s.representative_point() for s in shapes], dtype=object)
    frame = gpd.GeoDataFrame({"candidate": sites["id"].to_numpy(), "name_zh": sites["name_zh"].to_numpy(),
                              "name_en": sites["name_en"].to_numpy(), "kind": LAYER}, geometry=points, crs=district.metric_crs)
    return Candidates(frame, Text("图层“{name}”中已落位的点位", "located sites of the layer {name}").format(name=layers[key].name))


def _from_frame(district: District, places: gpd.GeoDataFrame | None) -> Candidates:
    """Places a user brings, WGS-84 (or any CRS that is set): `id`, `name_zh` and `name_en` are taken where they stand.

    Rows without a position and places outside the district are left out and told.
    """
    if places is None:
        raise Misasked(Text("候选点来源为文件，但没有给出文件。", "The candidates should come from a file, and none was given."))
    there = places[places.geometry.notna() & ~places.geometry.is_empty]
    metric = there.set_crs(WGS84, allow_override=False) if there.crs is None else there
    shapes = metric.to_crs(district.metric_crs).geometry.to_numpy()
    points = np.array([s if s.geom_type == "Point" else s.representative_point() for s in shapes], dtype=object)
    frame = _framed(district, points, FILE)
    for name, column in (("candidate", "id"), ("name_zh", "name_zh"), ("name_en", "name_en")):
        if column in there:
            told = there[column].fillna("").astype(str).to_numpy()
            frame[name] = np.where(told == "", frame[name].to_numpy(), told)
    twice = frame["candidate"][frame["candidate"].duplicated()]
    if len(twice):
        raise BadInput(Text(f"候选点编号重复：{twice.iloc[0]}。请给每行不同的编号。", f"Candidate {twice.iloc[0]} stands twice. Give every row its own id."))
    inside = np.asarray(shapely.intersects(_prepared(district), points), dtype=bool)
    without, outside = len(places) - len(there), list(frame["candidate"][~inside])
    notes = [Text(f"候选点文件中有 {without:,} 行没有位置，未采用。", f"Rows of the file of candidates without a position, left out: {without:,}.")] if without else []
    if outside:
        zh, en = (f"{mark.join(outside[:3])}{more if len(outside) > 3 else ''}" for mark, more in (("、", " 等"), (", ", ", …")))
        notes.append(Text(f"候选点文件中有 {len(outside):,} 处在本区之外（{zh}），未采用。", f"Places of the file of candidates outside the district, left out: {len(outside):,} ({en})."))
    return Candidates(frame[inside].reset_index(drop=True), Text("文件中的地点", "places from a file"), tuple(notes))


def in_water(district: District, points: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Return which points lie in water."""
    wet = np.zeros(len(points), dtype=bool)
    if len(district.water) and len(points):
        wet[shapely.STRtree(points).query(district.water.geometry.to_numpy(), predicate="intersects")[1]] = True
    return wet


def place_candidates(district: District, points: Sequence[tuple[float, float]], ids: Sequence[str]) -> gpd.GeoDataFrame:
    """Return candidates at positions a user dragged them to, `(lon, lat)` in WGS-84.

    Raises:
        Misasked: a position outside the district.
    """
    shapes = gpd.GeoSeries.from_xy([p[0] for p in points], [p[1] for p in points], crs=WGS84).to_crs(district.metric_crs)
    outside = ~shapes.within(district.boundary.geometry.union_all())
    if outside.any():
        where = points[int(np.flatnonzero(outside)[0])]
        raise Misasked(Text(f"拖到的位置 {where[0]:.6f}, {where[1]:.6f} 不在本区内。", f"The place {where[0]:.6f}, {where[1]:.6f} it was dragged to lies outside the district."))
    return gpd.GeoDataFrame({"candidate": list(ids), "name_zh": "", "name_en": "", "kind": "dragged"}, geometry=shapes.to_numpy(), crs=district.metric_crs)


def _step(detail: str) -> float:
    """Read the side of a grid's squares."""
    try:
        step_m = float(detail) if detail else GRID_M
    except ValueError:
        step_m = 0.0
    if not LEAST_GRID_M <= step_m < 10_000:
        raise Misasked(Text(f"网格边长 {detail} 不可用，请给 {LEAST_GRID_M:g} 至 10000 米。", f"A grid of {detail} m cannot be used; give {LEAST_GRID_M:g} to 10,000 m."))
    return step_m


def _permitted(district: District) -> npt.NDArray[np.int64]:
    """Edges that a site may stand on; where no street says its class, all."""
    able = district.streets["class"].isin(PERMITTED["point"]).to_numpy() & district.network.enterable
    return np.flatnonzero(able if able.any() else district.network.enterable)


def _inside(district: District, points: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Which points lie in the district, off water and rail."""
    inside = np.asarray(shapely.contains_properly(_prepared(district), points), dtype=bool)
    for barrier in (district.water, district.rail):
        if len(barrier) and len(points):
            near = shapely.STRtree(points).query(barrier.geometry.to_numpy(), predicate="dwithin", distance=SHORE_M)[1]
            inside[near] = False
    return inside


def _prepared(district: District) -> shapely.Geometry:
    shape = district.boundary.geometry.union_all()
    shapely.prepare(shape)
    return shape


def _framed(district: District, points: npt.NDArray[np.object_], kind: str) -> gpd.GeoDataFrame:
    """Points with an id made from where they stand."""
    xy = shapely.get_coordinates(points).reshape(-1, 2)
    names = pd.Series([f"{kind}-{x:.0f}-{y:.0f}" for x, y in xy], dtype=str)
    again = names.groupby(names).cumcount()
    names = names.where(again == 0, names + "-" + again.astype(str))
    return gpd.GeoDataFrame({"candidate": names, "name_zh": "", "name_en": "", "kind": kind}, geometry=points, crs=district.metric_crs)
