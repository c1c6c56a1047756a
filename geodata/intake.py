"""Reading what users bring: vector files and tables with coordinates, in whatever encoding and datum, out as WGS-84."""

import json
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geodata.causes import cause
from geodata.checks import ROW, check_numbers, in_file, need_columns
from geodata.crs import WGS84, Datum, frame_to_wgs84, parse_datum
from geodata.errors import BadInput, Problem, Unknown, Unreadable
from geodata.filed import GIVEN, HEADINGS_KEPT, given_points, in_file_words, remember
from geodata.headings import HEADINGS, our_columns, our_words, typed_headings
from geodata.read_as import settle, told_of_table
from geodata.tables import decode, read_table
from layers import Text

TABLES: Final = (".csv", ".txt", ".tsv", ".xlsx")
VECTORS: Final = (".geojson", ".json", ".gpkg", ".shp", ".zip")
NO_PLACE: Final = "no_place"
"""Code of the finding about a row without a position."""
_SHAPE_PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_MOST_UNZIPPED: Final = 2_000_000_000

Read = tuple[gpd.GeoDataFrame, list[Problem]]


def read_vector(source: Path | bytes, *, datum: Datum | str | None = None, name: str = "") -> Read:
    """Return the places of a file in WGS-84, with our column names, and what is wrong with its rows.

    Rows whose position cannot be used keep an empty geometry and have a finding; the caller leaves out those with errors.

    Args:
        source: GeoJSON, GeoPackage, Shapefile (also its folder or a .zip of it), CSV or XLSX; or the bytes of one.
        datum: what its coordinates are in; None takes what the file says, and WGS-84 where it says nothing.
        name: the file's name, needed with bytes.

    Returns:
        The frame (EPSG:4326) with a column ROW, in its `attrs` what it was read as (READ_AS), and the findings.

    Raises:
        Unreadable: the file cannot be opened or is not what its name says.
        Unknown: no such format or datum.
        BadInput: no rows, no coordinate columns, or another CRS inside than was stated.
    """
    told = name or (source.name if isinstance(source, Path) else "")
    stated = parse_datum(datum) if isinstance(datum, str) else datum
    suffix = ".shp" if isinstance(source, Path) and source.is_dir() else PurePosixPath(told).suffix.lower()
    if suffix not in (*TABLES, *VECTORS):
        raise Unknown(Text(f"不支持的文件格式：{told}。可用：{'、'.join((*VECTORS, *TABLES))}。",
                           f"Unknown file format: {told}. Use one of {', '.join((*VECTORS, *TABLES))}."))
    with _on_disk(source, told) as path:
        frame, problems = (_from_table if suffix in TABLES else _from_vector)(path, told, stated)
    return frame, in_file(problems, told)


@contextmanager
def _on_disk(source: Path | bytes, name: str) -> Iterator[Path]:
    """Give the input as a path; bytes stand in a temporary file for the while."""
    if isinstance(source, Path):
        if not source.exists():
            raise Unreadable(Text(f"找不到文件 {source}。", f"There is no file {source}."))
        yield source
        return
    folder = Path(tempfile.mkdtemp(prefix="intake-"))
    try:
        path = folder / f"input{PurePosixPath(name).suffix.lower()}"
        path.write_bytes(source)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _from_table(path: Path, name: str, stated: Datum | None) -> Read:
    """Read a CSV or XLSX with coordinate columns."""
    typed, problems = read_table(path, name)
    table = our_columns(typed)
    heads = typed_headings(typed, table)
    table = our_words(table)
    table.attrs[HEADINGS_KEPT] = heads  # for what need_columns names
    _refuse_empty(table, name)
    missing = [c for c in ("lon", "lat") if c not in table]
    if missing:
        usual = "、".join((*HEADINGS["lon"][:5], *HEADINGS["lat"][:3]))
        need_columns(table, missing, Text(f"{name}（坐标列可写作 {usual} 等）", f"{name} (coordinate columns may be called lon, lat, 经度, 纬度 …)"))
    datum = stated or parse_datum("wgs84")
    frame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries([None] * len(table), index=table.index, crs=WGS84), crs=WGS84)
    x, wrong_x = check_numbers(frame, "lon")
    y, wrong_y = check_numbers(frame, "lat")
    x, y, turned = _survey_order(x, y, datum)
    problems += [*wrong_x, *wrong_y, *turned, *_half_places(frame)]
    use = x.notna() & y.notna()
    if datum.geographic:
        problems += _not_degrees(frame[ROW][use], x[use], y[use])
        use &= (x.abs() <= 180) & (y.abs() <= 90)
    points = np.full(len(frame), None, dtype=object)
    points[use.to_numpy()] = shapely.points(x[use].to_numpy(), y[use].to_numpy())
    held = frame["lon"].fillna("").astype(str) + ", " + frame["lat"].fillna("").astype(str)
    placed = frame.drop(columns=["lon", "lat"]).assign(**{GIVEN: held}).set_geometry(gpd.GeoSeries(points, index=frame.index, crs=None))
    moved, problems = _moved(placed, datum, problems)
    kept = remember(moved, heads, told_of_table(stated))
    return kept, in_file_words(kept, problems)


def unstated_datum(path: Path, datum: str | None) -> list[Problem]:
    """Return a finding where a table's coordinates are taken as WGS-84 only because nobody named their datum."""
    if datum is not None or path.suffix.lower() not in TABLES:
        return []
    return [Problem(
        None, "lon, lat", "", "datum_unstated",
        Text("没有说明坐标所属的坐标系，按 WGS-84 读取。", "Nobody said which datum the coordinates are in; they were read as WGS-84."),
        Text("请说明坐标系（--datum）；若来自高德、腾讯等地图（GCJ-02），在瀍河会偏约 570 米。",
             "State the datum (--datum); positions from a Chinese map provider (GCJ-02) would lie some 570 m off in Chanhe."),
        level="warning", file=path.name)]


def _from_vector(path: Path, name: str, stated: Datum | None) -> Read:
    """Read a GeoJSON, GeoPackage or Shapefile."""
    with _ready_for_gdal(path, name) as (ready, encoding, says_crs):
        frame, problems = _gdal(ready, name, encoding)
    named = our_columns(frame)
    heads = typed_headings(frame, named)
    frame = our_words(_plain_columns(named))
    _refuse_empty(frame, name)
    frame = gpd.GeoDataFrame(frame, geometry="geometry").assign(**{ROW: np.arange(1, len(frame) + 1)})
    frame = frame.set_geometry(gpd.GeoSeries(shapely.force_2d(frame.geometry.to_numpy()), index=frame.index, crs=frame.crs))
    read = settle(frame, name, stated, says_crs=says_crs)
    frame, datum = read.frame, read.datum
    problems += read.problems
    problems += _no_places(frame)
    if datum.geographic:
        problems += _far_vertices(frame)
    held = given_points(frame)
    moved, problems = _moved(frame if held is None else frame.assign(**{GIVEN: held}), datum, problems)
    kept = remember(moved, heads, read.told)
    return kept, in_file_words(kept, problems)


def _moved(frame: gpd.GeoDataFrame, datum: Datum, problems: list[Problem]) -> Read:
    """Bring a frame through the gate; places that come out as no numbers at all become findings."""
    bad_rows = {p.row for p in problems if p.level == "error"}
    shapes = frame.geometry.where(~frame[ROW].isin(bad_rows), None)
    moved = frame_to_wgs84(frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=None)), datum)
    bounds = moved.geometry.bounds
    lost = moved.geometry.notna() & ~moved.geometry.is_empty & ~np.isfinite(bounds).all(axis=1)
    problems += [Problem(int(row), "geometry", "", "out_of_range", Text("坐标超出该坐标系的范围。", "The coordinates lie beyond what that datum covers."),
                         Text("请核对坐标系（带号、中央经线）。", "Check the datum (zone, central meridian).")) for row in frame[ROW][lost]]
    moved = moved.set_geometry(moved.geometry.where(~lost, None))
    return _repaired(moved, problems)


def _repaired(frame: gpd.GeoDataFrame, problems: list[Problem]) -> Read:
    """Return polygons that cross themselves mended, and say so."""
    broken = frame.geometry.notna() & ~frame.geometry.is_valid
    if not broken.any():
        return frame, problems
    mended = frame.geometry.where(~broken, frame.geometry.make_valid())
    problems += [Problem(int(row), "geometry", "", "mended", Text("图形自相交，已自动修复。", "The shape crosses itself and was mended."),
                         Text("请核对该图形。", "Check the shape."), "warning") for row in frame[ROW][broken]]
    return frame.set_geometry(mended), problems


@contextmanager
def _ready_for_gdal(path: Path, name: str) -> Iterator[tuple[Path, str | None, bool]]:
    """Give a file GDAL reads rightly, the encoding of its texts, and whether it declares a CRS itself."""
    folder = Path(tempfile.mkdtemp(prefix="intake-"))
    try:
        if path.is_dir():
            shape = _one_shape(sorted(path.glob("*.[sS][hH][pP]")), name)
            yield shape, _dbf_encoding(shape), True
        elif path.suffix.lower() == ".zip":
            shape = _one_shape(_unzipped(path, folder, name), name)
            yield shape, _dbf_encoding(shape), True
        elif path.suffix.lower() == ".shp":
            yield path, _dbf_encoding(path), True
        elif path.suffix.lower() in {".geojson", ".json"}:
            yield _clean_geojson(path, folder, name)
        else:
            yield path, None, True
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clean_geojson(path: Path, folder: Path, name: str) -> tuple[Path, str | None, bool]:
    """Return GeoJSON as UTF-8, once it has proved to be GeoJSON; only a `crs` member declares a CRS."""
    raw = path.read_bytes()
    try:
        text = decode(raw, name)
        content = json.loads(text)
    except ValueError as error:
        raise Unreadable(Text("{name} 不是有效的 GeoJSON：{why}。请重新导出。", "{name} is not valid GeoJSON: {why}. Export it again.").format(name=name, why=cause(error))) from error
    if not isinstance(content, dict) or "type" not in content:
        raise Unreadable(Text(f"{name} 是 JSON，但不是 GeoJSON。", f"{name} is JSON, but not GeoJSON."))
    clean = folder / "input.geojson"
    clean.write_text(text, encoding="utf-8")
    return clean, None, "crs" in content


def _unzipped(path: Path, folder: Path, name: str) -> list[Path]:
    """Unpack the parts of shapefiles under plain names of our own, so that no member's path or encoding matters."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if PurePosixPath(m.filename).suffix.lower() in _SHAPE_PARTS and "__MACOSX" not in m.filename]
            if sum(m.file_size for m in members) > _MOST_UNZIPPED:
                raise BadInput(Text(f"{name} 解压后超过 2 GB。", f"{name} unpacks to more than 2 GB."))
            stems = {stem: f"part{n}" for n, stem in enumerate(sorted({str(PurePosixPath(m.filename).with_suffix("")) for m in members}))}
            for member in members:
                inner = PurePosixPath(member.filename)
                target = folder / f"{stems[str(inner.with_suffix(''))]}{inner.suffix.lower()}"
                target.write_bytes(archive.read(member))
    except (zipfile.BadZipFile, RuntimeError) as error:
        raise Unreadable(Text(f"{name} 不是可读的 zip 文件，或已加密。请重新压缩。", f"{name} is not a readable zip file, or it is encrypted. Pack it anew.")) from error
    return sorted(folder.glob("*.shp"))


def _one_shape(shapes: list[Path], name: str) -> Path:
    """Return the only shapefile there is."""
    if len(shapes) != 1:
        found = "、".join(p.name for p in shapes) or "—"
        raise BadInput(Text(f"{name} 中应恰有一个 .shp，实有 {len(shapes)} 个（{found}）。", f"{name} should hold exactly one .shp, it holds {len(shapes)} ({found})."))
    return shapes[0]


def _dbf_encoding(shape: Path) -> str:
    """Return the encoding of a shapefile's texts: what its .cpg says, else UTF-8 where that fits, else GB18030."""
    beside = {p.suffix.lower(): p for p in shape.parent.glob(f"{shape.stem}.*")}
    if ".cpg" in beside:
        said = beside[".cpg"].read_text(encoding="ascii", errors="ignore").strip().lower()
        if any(word in said for word in ("936", "gb")):
            return "gb18030"
        if "utf" in said or "65001" in said:
            return "utf-8"
    try:
        (beside[".dbf"].read_bytes() if ".dbf" in beside else b"")[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _gdal(path: Path, name: str, encoding: str | None) -> Read:
    """Read the first layer with geometry."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what GDAL murmurs about single features shows as findings below
            layers = [str(layer) for layer, kind in pyogrio.list_layers(path) if kind is not None]
            if not layers:
                raise BadInput(Text(f"{name} 中没有带图形的图层。", f"{name} holds no layer with geometry."))
            frame = pyogrio.read_dataframe(path, layer=layers[0], encoding=encoding, on_invalid="ignore")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.GeometryError, UnicodeDecodeError) as error:
        raise Unreadable(Text(f"无法读取 {name}：内容不完整，或不是这种文件。Shapefile 需 .shp、.shx、.dbf 齐全；请检查文件是否完整。",
                              f"Cannot read {name}: its content is not whole, or not of this kind. A Shapefile needs its .shp, .shx and .dbf; check that the file is whole.")) from error
    if "geometry" not in frame:
        raise BadInput(Text(f"{name} 中没有图形。", f"{name} holds no geometry."))
    more = [Problem(None, "layer", layers[0], "several_layers", Text(f"文件有 {len(layers)} 个图层，只读取了 {layers[0]}。", f"The file has {len(layers)} layers; only {layers[0]} was read."),
                    Text("如需其他图层，请单独导出。", "Export another layer by itself if it is meant."), "warning")] if len(layers) > 1 else []
    return frame, more


def _plain_columns(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return dates and nested values as text, everything else as it is."""
    told = {c: frame[c].astype(str).where(frame[c].notna(), None) for c in frame.columns
            if c != "geometry" and pd.api.types.is_datetime64_any_dtype(frame[c])}
    plain: pd.DataFrame = frame.assign(**told)
    return plain


def _refuse_empty(frame: pd.DataFrame, name: str) -> None:
    if frame.empty:
        raise BadInput(Text(f"{name} 没有数据行。", f"{name} has no rows."))


def _survey_order(x: "pd.Series[float]", y: "pd.Series[float]", datum: Datum) -> tuple[Any, Any, list[Problem]]:
    """Return easting and northing; Chinese survey tables call the northing X, which their size gives away."""
    high = (x.median() > 1_500_000) and (x.median() < 6_500_000)
    if datum.geographic or not high or 1_500_000 < y.median() < 6_500_000:
        return x, y, []
    return y, x, [Problem(None, "x, y", "", "survey_order", Text("X 为北、Y 为东（测绘习惯），已按此读取。", "X is the northing and Y the easting (survey order); read so."),
                          Text("若非如此，请改列名为 easting、northing。", "If not so, call the columns easting and northing."), "warning")]


def _half_places(frame: gpd.GeoDataFrame) -> list[Problem]:
    """Find rows without a position, or with half of one."""
    blank = {name: frame[name].fillna("").astype(str).str.strip() == "" for name in ("lon", "lat")}
    none, half = blank["lon"] & blank["lat"], blank["lon"] ^ blank["lat"]
    return [*(_no_place(int(row)) for row in frame[ROW][none]),
            *(Problem(int(row), "lon, lat", "", "half_place", Text("只有一个坐标。", "Only one of the two coordinates is there."),
                      Text("请补全经纬度，或两格都留空。", "Fill in both, or leave both empty.")) for row in frame[ROW][half])]


def _no_places(frame: gpd.GeoDataFrame) -> list[Problem]:
    """Find features without geometry."""
    empty = frame.geometry.isna() | frame.geometry.is_empty
    return [_no_place(int(row)) for row in frame[ROW][empty]]


def _no_place(row: int) -> Problem:
    return Problem(row, "lon, lat", "", NO_PLACE, Text("没有坐标。", "There is no position."),
                   Text("如需落位，请补充坐标。", "Add coordinates to place it."), "warning")


def _not_degrees(rows: "pd.Series[int]", x: "pd.Series[float]", y: "pd.Series[float]") -> list[Problem]:
    """Find numbers that are no degrees: swapped ones, and metres."""
    found = []
    for row, lon, lat in zip(rows, x, y, strict=True):
        if abs(lat) > 90 and abs(lat) <= 180 and abs(lon) <= 90:
            found.append(Problem(int(row), "lon, lat", f"{lon:g}, {lat:g}", "swapped", Text("经度与纬度写反了。", "Longitude and latitude are swapped."),
                                 Text("请对调两列。", "Swap the two columns.")))
        elif abs(lon) > 180 or abs(lat) > 90:
            found.append(Problem(int(row), "lon, lat", f"{lon:g}, {lat:g}", "not_degrees", Text("不是经纬度（数值过大，像是米）。", "Not degrees (too large; perhaps metres)."),
                                 Text("请选定坐标系（命令行：--datum），如 EPSG:4546（中央经线 111）或 EPSG:4547（114）。", "State the datum, such as EPSG:4546 (central meridian 111) or EPSG:4547 (114).")))
    return found


def _far_vertices(frame: gpd.GeoDataFrame) -> list[Problem]:
    """Find shapes with vertices that are no degrees."""
    bounds = frame.geometry.bounds
    wrong = (bounds[["minx", "maxx"]].abs() > 180).any(axis=1) | (bounds[["miny", "maxy"]].abs() > 90).any(axis=1)
    middles = bounds[wrong]
    return _not_degrees(frame[ROW][wrong], middles["maxx"], middles["maxy"])

