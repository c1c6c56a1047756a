"""A toy town whose answers are done in the head: streets every 100 m, ten by ten crossings, 0 to 900 m each way."""

import dataclasses
from collections.abc import Iterable, Sequence

import geopandas as gpd
import pandas as pd
import shapely

from geodata.district import SITE_COLUMNS, District
from layers import Text

CRS = "EPSG:32649"
X0, Y0 = 640_000.0, 3_840_000.0
"""South-west corner of the town in EPSG:32649: all helpers here take metres from it."""
BLOCK_M = 100.0


def at(x: float, y: float) -> shapely.Point:
    """A point so many metres east and north of the corner."""
    return shapely.Point(X0 + x, Y0 + y)


def way(*xy: tuple[float, float]) -> shapely.LineString:
    """A line through such points."""
    return shapely.LineString([(X0 + x, Y0 + y) for x, y in xy])


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    """A rectangle between such points."""
    return shapely.box(X0 + x0, Y0 + y0, X0 + x1, Y0 + y1)


def frame(shapes: Iterable[object], **columns: object) -> gpd.GeoDataFrame:
    """A frame of shapes in the town's CRS."""
    shapes = list(shapes)
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=CRS), index=range(len(shapes)))


def grid_ways(columns: int = 10, rows: int = 10) -> list[shapely.LineString]:
    """The town's blocks: first every east-west edge, row by row from the south, then every south-north one."""
    along = [way((i * BLOCK_M, j * BLOCK_M), ((i + 1) * BLOCK_M, j * BLOCK_M)) for j in range(rows) for i in range(columns - 1)]
    up = [way((i * BLOCK_M, j * BLOCK_M), (i * BLOCK_M, (j + 1) * BLOCK_M)) for i in range(columns) for j in range(rows - 1)]
    return along + up


def streets(extra: Sequence[shapely.LineString] = (), *, without: Iterable[int] = ()) -> gpd.GeoDataFrame:
    """The grid's streets without some edges, with some more at the end."""
    dropped = set(without)
    ways = [w for i, w in enumerate(grid_ways()) if i not in dropped] + list(extra)
    return frame(ways, edge_id=list(range(len(ways))), **{"class": ["residential"] * len(ways)},
                 name_zh=[""] * len(ways), name_en=[""] * len(ways), vehicle=[True] * len(ways))


def people(points: Sequence[shapely.Point], counts: Sequence[float] | None = None) -> gpd.GeoDataFrame:
    """Demand points of so many people, one each if not said."""
    return frame(points, demand_id=[f"d{i}" for i in range(len(points))], people=list(counts or [1.0] * len(points)))


def site(layer: str, number: int, place: object, **more: object) -> dict[str, object]:
    """One row of the sites frame: located to the metre where a place is given, else not yet located."""
    row: dict[str, object] = dict.fromkeys(SITE_COLUMNS, "")
    row |= {"id": f"{layer}-{number:02}", "layer": layer, "commitment": "toy", "origin": "programme", "amount": 1.0,
            "capacity": None, "status": "planned", "year": 2022, "uncertainty_m": 5.0,
            "location_class": "surveyed" if place is not None else "unlocated", "geometry": place}
    return row | more


def sites(rows: Sequence[dict[str, object]]) -> gpd.GeoDataFrame:
    """The sites frame of such rows."""
    table = pd.DataFrame(rows, columns=[*SITE_COLUMNS, "geometry"])
    return gpd.GeoDataFrame(table.drop(columns="geometry"), geometry=gpd.GeoSeries(list(table["geometry"]), crs=CRS))


def commitment(layer: str, quantity: float | None, **more: object) -> dict[str, object]:
    """One row of the ledger."""
    row: dict[str, object] = {"id": "toy", "zh": "玩具", "en": "toy", "group": "livelihood_1", "kind": "target", "year": 2022,
                              "quantity": quantity, "comparator": "=", "unit": "个", "layer": layer, "effect": "new",
                              "same_as": None, "of": None, "part_of": None}
    return row | more


def district(demand: gpd.GeoDataFrame, rows: Sequence[dict[str, object]] = (), *, ledger: Sequence[dict[str, object]] | pd.DataFrame = (),
             **parts: object) -> District:
    """A district on the toy town; any part may be given."""
    empty = frame([])
    known: dict[str, object] = {
        "id": "toytown", "name": Text("玩具镇", "Toy town"), "metric_crs": CRS,
        "boundary": frame([box(-100, -100, 1000, 1000)], area_km2=[1.21]), "neighbours": empty, "streets": streets(),
        "water": empty, "rail": empty, "gaps": empty, "demand": demand,
        "areas": frame([], area_id=[], name_zh=[], name_en=[]), "labels": empty, "sites": sites(rows),
        "ledger": ledger if isinstance(ledger, pd.DataFrame) else pd.DataFrame(list(ledger)), "streets_kind": "real", "people_kind": "real", "demand_unit": "people",
        "cell_m": 0.0, "document": {}, "sources": (),
    }
    known |= parts
    # As a pack's stamp does, this one changes with anything inside.
    stamp = str(hash(tuple(v.to_json() if isinstance(v, pd.DataFrame) else str(v) for v in known.values())))
    return District(**known, stamp=stamp)  # type: ignore[arg-type]  # the parts are what the fields say


def replace(town: District, **parts: object) -> District:
    """The same district with other parts, and another stamp."""
    values = {f.name: getattr(town, f.name) for f in dataclasses.fields(town) if f.name != "stamp"} | parts
    return district(values.pop("demand"), **values)  # type: ignore[arg-type]  # likewise
