"""GeoJSON as RFC 7946 wants it: WGS-84, right-hand rule, bbox, no place as null; what the file is about beside the rows."""

import json
from collections.abc import Sequence

import geopandas as gpd
import shapely

from geodata.exports._cells import plain
from geodata.exports._form import Format, Json, Meta, Table
from geodata.exports._meta import facts
from geodata.exports._places import in_crs
from layers import Lang, Text


def render(tables: Sequence[Table], meta: Meta, lang: Lang, crs: int | None) -> bytes:
    """Return one table as a FeatureCollection, one feature a line; `metadata` is a foreign member (RFC 7946, 6.1)."""
    del crs  # RFC 7946, 4: always WGS-84
    table = tables[0]
    frame = table.frame
    rows = frame.drop(columns=frame.geometry.name) if isinstance(frame, gpd.GeoDataFrame) else frame
    shapes = list(in_crs(frame, None).geometry) if isinstance(frame, gpd.GeoDataFrame) else [None] * len(frame)
    head: Json = {"type": "FeatureCollection", "name": table.key}
    placed = [shape for shape in shapes if shape is not None]
    if placed:
        head["bbox"] = [float(value) for value in shapely.total_bounds(placed)]
    head["metadata"] = facts([table], meta, lang, None)
    lines = [_feature(row, shape) for row, shape in zip(rows.to_dict("records"), shapes, strict=True)]
    opening = json.dumps(head, ensure_ascii=False, allow_nan=False)[:-1]
    return (opening + ', "features": [\n' + ",\n".join(lines) + "\n]}\n").encode("utf-8")


def _feature(row: Json, shape: shapely.Geometry | None) -> str:
    """Return one feature as JSON."""
    properties = {str(name): plain(value) for name, value in row.items()}
    feature: Json = {"type": "Feature"}
    if isinstance(properties.get("id"), str | int):
        feature["id"] = properties["id"]
    feature |= {"geometry": None if shape is None else json.loads(shapely.to_geojson(shape)), "properties": properties}
    return json.dumps(feature, ensure_ascii=False, allow_nan=False)


FORMAT = Format(
    key="geojson",
    suffix=".geojson",
    mime="application/geo+json",
    name=Text("GeoJSON（恒为 WGS-84）", "GeoJSON (always WGS-84)"),
    render=render,
    wgs84_only=True,
)
