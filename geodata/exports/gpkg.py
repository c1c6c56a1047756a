"""A GeoPackage that opens in QGIS in the colours of the legend: one table a layer, its style, and what the file is about."""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Final, cast

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from geodata.causes import cause
from geodata.errors import CannotWrite
from geodata.exports._cells import plain
from geodata.exports._form import DEMO_WORD, Format, Meta, Table
from geodata.exports._gpkg_metadata import add_metadata
from geodata.exports._places import in_crs
from geodata.exports._qml import Kind, qml
from layers import Lang, Layer, Text, every_layer

GEOMETRY_COLUMN: Final = "geom"
_VERSION: Final = "1.2"  # what every QGIS 3 and ArcGIS reads without a warning
_SYNCHRONOUS: Final = "OGR_SQLITE_SYNCHRONOUS"
_KINDS: Final[tuple[Kind, ...]] = ("point", "line", "area")
_TYPES: Final = {"point": ("Point", "MultiPoint"), "line": ("LineString", "MultiLineString"), "area": ("MultiPolygon", "MultiPolygon")}
_REFUSALS: Final = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError)  # features, geometries and fields are kinds of the latter
_NUMBERS: Final = ("amount", "capacity", "uncertainty_m")
_STYLES: Final = """
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
  description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""  # the table and column names QGIS looks for
_ADD_STYLE: Final = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD,
  useAsDefault, description, owner, ui, update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', NULL, ?)
"""  # QGIS finds a default style by empty schema, table and geometry column
_CONTENTS: Final = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) VALUES (?, 'attributes', ?, ?, ?)
"""


@dataclass(frozen=True)
class _Sheet:
    """One feature table.

    Attributes:
        table: its name.
        title: what it is called.
        rows: with geometry in the file's datum, all of one kind or none.
        kind: that kind; None for a table of any.
        layer: the layer whose style it has.
    """

    table: str
    title: Text
    rows: gpd.GeoDataFrame
    kind: Kind | None
    layer: Layer | None


def render(tables: Sequence[Table], meta: Meta, lang: Lang, crs: int | None) -> bytes:
    """Return a GeoPackage: a table for each layer and kind of geometry, demo sites in tables whose names carry 示意."""
    sheets = [sheet for table in tables for sheet in _sheets(table, crs)]
    try:
        with tempfile.TemporaryDirectory() as folder, _unhurried_disk():
            path = Path(folder) / "download.gpkg"
            for number, sheet in enumerate(sheets):
                _write(path, sheet, lang, append=number > 0)
            with closing(sqlite3.connect(path)) as book, book:
                book.execute("PRAGMA synchronous = OFF")
                _finish(book, sheets, f"{meta.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z", tables, meta, lang=lang, crs=crs)
            with closing(sqlite3.connect(path)) as book:
                book.execute("VACUUM")
            return path.read_bytes()
    except (OSError, sqlite3.Error, *_REFUSALS) as error:
        raise CannotWrite(Text("无法生成 GeoPackage：{why}。请检查临时文件夹的权限与磁盘空间。",
                               "Cannot make the GeoPackage: {why}. Check the temporary folder's permissions and disk space.").format(why=cause(error, saying=True))) from error


@contextmanager
def _unhurried_disk() -> Iterator[None]:
    """Spare GDAL waiting for the disk at every table: the file is a temporary one, the real one is written at once later."""
    before = pyogrio.get_gdal_config_option(_SYNCHRONOUS)
    pyogrio.set_gdal_config_options({_SYNCHRONOUS: "OFF"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_SYNCHRONOUS: before})


def _sheets(table: Table, crs: int | None) -> Iterator[_Sheet]:
    """Yield the feature tables of one table: by layer where it has such a column, and by kind of geometry."""
    frame = table.frame if isinstance(table.frame, gpd.GeoDataFrame) else gpd.GeoDataFrame(table.frame, geometry=[None] * len(table.frame), crs="EPSG:4326")
    frame = in_crs(frame, crs)
    if not table.by_layer or "layer" not in frame or frame.empty:
        yield from _by_kind(table.key, table.name, frame, None)
        return
    known = every_layer()
    order = {key: number for number, key in enumerate(known)}
    for key in sorted(frame["layer"].unique(), key=lambda key: (order.get(key, len(order)), key)):
        name = known[key].name if key in known else Text(key, key)
        title = Text(f"{DEMO_WORD} {name.zh}", f"{DEMO_WORD} {name.en}") if table.demo else name
        yield from _by_kind(f"{DEMO_WORD}_{key}" if table.demo else key, title, frame[frame["layer"] == key], known.get(key))


def _by_kind(name: str, title: Text, frame: gpd.GeoDataFrame, layer: Layer | None) -> Iterator[_Sheet]:
    """Yield one table for each kind of geometry. Rows without a place go with the first; alone, with what the layer is."""
    dimension = shapely.get_dimensions(frame.geometry.to_numpy())
    there = [kind for number, kind in enumerate(_KINDS) if (dimension == number).any()]
    if not there:
        yield _Sheet(name, title, frame, layer.geometry if layer else None, layer)
        return
    home = layer.geometry if layer and layer.geometry in there else there[0]
    for kind in sorted(there, key=lambda kind: kind != home):
        mine = dimension == _KINDS.index(kind)
        yield _Sheet(name if kind == home else f"{name}_{kind}", title, frame[mine | (dimension < 0)] if kind == home else frame[mine], kind, layer)


def _write(path: Path, sheet: _Sheet, lang: Lang, *, append: bool) -> None:
    """Add one feature table."""
    shapes = sheet.rows.geometry.to_numpy()
    several = bool((shapely.get_num_geometries(shapes) > 1).any())
    geometry_type = _TYPES[sheet.kind][several] if sheet.kind else "Unknown"
    columns = {str(name): _column(str(name), sheet.rows[name]) for name in sheet.rows.columns if name != sheet.rows.geometry.name}
    rows = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, index=sheet.rows.index, crs=sheet.rows.crs), crs=sheet.rows.crs)
    made = {} if append else {"dataset_options": {"VERSION": _VERSION}}
    pyogrio.write_dataframe(
        rows, path, layer=sheet.table, driver="GPKG", append=append, **made, geometry_type=geometry_type, promote_to_multi=geometry_type.startswith("Multi"),
        layer_options={"GEOMETRY_NAME": GEOMETRY_COLUMN, "FID": "fid", "IDENTIFIER": f"{sheet.title.say(lang)} ({sheet.table})", "SPATIAL_INDEX": "YES"},
    )


def _column(name: str, column: pd.Series) -> pd.Series:
    """Return a column in a type a GeoPackage holds, the same one whatever rows the filter left."""
    values = [plain(value) for value in column]
    if name == "year":
        return pd.Series(values, index=column.index, dtype="Int64")
    if pd.api.types.is_bool_dtype(column):
        return pd.Series(values, index=column.index, dtype=bool)
    if name in _NUMBERS or pd.api.types.is_float_dtype(column):
        return pd.Series(values, index=column.index, dtype="float64")
    if pd.api.types.is_integer_dtype(column):
        return pd.Series(values, index=column.index, dtype="Int64")
    return pd.Series([None if value is None else str(value) for value in values], index=column.index, dtype=object)


def _finish(book: sqlite3.Connection, sheets: Sequence[_Sheet], when: str, tables: Sequence[Table], meta: Meta, *, lang: Lang, crs: int | None) -> None:
    """Add styles and metadata, and set every clock reading to the time the file says it was made."""
    book.execute(_STYLES)
    add_metadata(book, [(sheet.table, sheet.title) for sheet in sheets], tables, meta, lang=lang, crs=crs, when=when)
    styled = [(sheet.table, GEOMETRY_COLUMN, sheet.title.say(lang)[:30], qml(sheet.layer, cast("Kind", sheet.kind), lang), sheet.layer.legend.say(lang), when)
              for sheet in sheets if sheet.layer is not None]
    book.executemany(_ADD_STYLE, styled)
    book.executemany(_CONTENTS, [
        ("layer_styles", "layer_styles", Text("QGIS 样式", "QGIS styles").say(lang), when),
        ("metadata", "metadata", Text("关于本文件：查询、来源、坐标系、日期、方法", "About this file: query, sources, datum, date, method").say(lang), when)])
    book.execute("UPDATE gpkg_contents SET last_change = ?", (when,))


FORMAT = Format(
    key="gpkg",
    suffix=".gpkg",
    mime="application/geopackage+sqlite3",
    name=Text("GeoPackage（QGIS 打开即带样式）", "GeoPackage (opens in QGIS with styles)"),
    render=render,
    tables=True,
)
