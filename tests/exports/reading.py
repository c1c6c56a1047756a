"""Reading downloads back with a library that had no part in writing them."""

import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio


def tables_of(path: Path) -> dict[str, pd.DataFrame]:
    """Every table of a file by name, as GDAL reads it."""
    return {str(name): pyogrio.read_dataframe(path, layer=name) for name in pyogrio.list_layers(path)[:, 0]}


def site_tables(path: Path) -> dict[str, pd.DataFrame]:
    """The tables that hold sites."""
    return {name: table for name, table in tables_of(path).items() if {"id", "location_class"} <= set(table)}


def site_ids(path: Path) -> list[str]:
    """Ids of all sites of a file."""
    return [str(i) for table in site_tables(path).values() for i in table["id"]]


def all_text(path: Path) -> str:
    """Everything a file says: its own text, the parts of a zip, and every cell GDAL finds."""
    raw = path.read_bytes()
    parts = [raw]
    if zipfile.is_zipfile(io.BytesIO(raw)):
        with zipfile.ZipFile(io.BytesIO(raw)) as bundle:
            parts = [bundle.read(name) for name in bundle.namelist()]
    text = "\n".join(part.decode("utf-8", "ignore") for part in parts)
    cells = [str(value) for table in tables_of(path).values() for name in table if name != "geometry" for value in table[name]]
    return text + "\n" + "\n".join(cells)


def geojson(content: bytes) -> dict[str, object]:
    found: dict[str, object] = json.loads(content.decode("utf-8"))
    return found


def geometry_of(path: Path) -> gpd.GeoSeries:
    return gpd.GeoSeries(pyogrio.read_dataframe(path).set_index("id").geometry)
