"""A pack's sites as a file: their columns and types, GeoJSON in and out, and which of two versions holds."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.causes import cause
from geodata.crs import WGS84
from geodata.district import SITE_COLUMNS
from geodata.errors import Unreadable
from layers import Text

NUMBER_COLUMNS: Final = ("amount", "capacity", "uncertainty_m")
_SAME_PLACE_M: Final = 0.05


def normal_sites(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return `frame` with exactly SITE_COLUMNS and geometry, in their types; texts are empty, numbers NaN where unknown."""
    columns: dict[str, Any] = {}
    for name in SITE_COLUMNS:
        given = frame[name] if name in frame else pd.Series([None] * len(frame), index=frame.index, dtype=object)
        if name == "year":
            columns[name] = pd.to_numeric(given).astype("Int64")
        elif name in NUMBER_COLUMNS:
            columns[name] = pd.to_numeric(given).astype("float64")
        else:
            columns[name] = given.astype(object).where(given.notna(), "").astype(str)
    columns["amount"] = columns["amount"].fillna(1.0)
    geometry = gpd.GeoSeries(frame.geometry.to_numpy(), index=frame.index, crs=frame.crs)
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=frame.crs)


def read_sites(path: Path) -> gpd.GeoDataFrame:
    """Return the sites of a pack's file, WGS-84, index 0…n-1.

    Raises:
        Unreadable: the file is missing or is not GeoJSON of sites.
    """
    found = read_json(path)
    try:
        features = found["features"]
        shapes = [None if f["geometry"] is None else shapely.from_geojson(json.dumps(f["geometry"])) for f in features]
        rows = pd.DataFrame([f["properties"] for f in features], columns=list(SITE_COLUMNS), dtype=object)
        return normal_sites(gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(shapes, crs=WGS84), crs=WGS84))
    except (KeyError, TypeError, ValueError, shapely.errors.GEOSException) as error:
        raise broken(path, error) from error


def sites_json(sites: gpd.GeoDataFrame) -> str:
    """Return WGS-84 sites as GeoJSON, one feature a line, unknown values and places as null."""
    shapes = [None if g is None or g.is_empty else json.loads(shapely.to_geojson(shapely.transform(g, lambda p: p.round(7))))
              for g in sites.geometry]
    lines = [json.dumps({"type": "Feature", "properties": _plain(row), "geometry": shape}, ensure_ascii=False)
             for row, shape in zip(sites[list(SITE_COLUMNS)].to_dict("records"), shapes, strict=True)]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"


def later_sites(given: gpd.GeoDataFrame, kept: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return `given`, but a site of `kept` where that is newer or not among them."""
    if kept.empty:
        return given
    stamps = kept.set_index("id")["updated_at"]
    older = given["id"].map(stamps).fillna("") > given["updated_at"]
    stay = kept[kept["id"].isin(given["id"][older]) | ~kept["id"].isin(given["id"])]
    return gpd.GeoDataFrame(pd.concat([given[~older], stay], ignore_index=True), crs=WGS84)


def changed_sites(sites: gpd.GeoDataFrame, base: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the sites that are not, or not so, among `base`."""
    known = {row["id"]: (_plain(row), shape) for row, shape in
             zip(base[list(SITE_COLUMNS)].to_dict("records"), base.geometry, strict=True)}
    keep = [row["id"] not in known or known[row["id"]][0] != _plain(row) or not _same_place(known[row["id"]][1], shape)
            for row, shape in zip(sites[list(SITE_COLUMNS)].to_dict("records"), sites.geometry, strict=True)]
    return sites[keep]


def read_json(path: Path) -> Any:
    """Return a JSON file's content."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise broken(path, error) from error


def broken(path: Path, error: Exception) -> Unreadable:
    """Return the error for a file of a pack that is missing or broken."""
    if isinstance(error, FileNotFoundError) or not path.exists():
        return Unreadable(Text(f"数据包缺少文件 {path}。请检查 --pack 所指文件夹，或重新生成数据包。",
                               f"The pack lacks {path}. Check the folder given as --pack, or build the pack anew."))
    return Unreadable(Text("无法读取数据包文件 {path}：{why}。请重新生成数据包。",
                           "Cannot read {path} of the pack: {why}. Build the pack anew.").format(path=path, why=cause(error)))


def _same_place(one: shapely.Geometry | None, other: shapely.Geometry | None) -> bool:
    """Return whether two WGS-84 geometries are the same to a few centimetres."""
    if one is None or other is None:
        return one is other
    return bool(one.equals_exact(other, _SAME_PLACE_M / 111_000))


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a site's values as JSON holds them: unknown as null, whole numbers whole."""
    return {str(k): _plain_value(v) for k, v in row.items()}


def _plain_value(value: object) -> object:
    if value is None or value is pd.NA or value == "" or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return int(value) if isinstance(value, np.integer) else value
