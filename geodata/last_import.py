"""The last import of positions into a pack: its source named, and what it replaced kept beside it, so that it can be taken back later."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd

from geodata.errors import ChanheError, Refused
from geodata.packs import (
    EMBEDDED,
    MANIFEST,
    put_sites,
    read_pack,
    refuse_shipped,
    stamp_of,
    write_manifest,
)
from geodata.placing import now
from geodata.sitefile import read_json
from geodata.storing import cannot_write, locked, write_file
from layers import Text, every_layer

KEPT: Final = ".last-import.json"
"""Hidden, so that a pack built from this one leaves it out."""
_FILES: Final = (MANIFEST, "sites.geojson")
LATE: Final = Text("此后数据又有改动，为免丢失别人的修改，不能自动撤销。", "The data was changed again since; it is not taken back, so that nobody's work is lost.")


@dataclass(frozen=True, slots=True)
class LastImport:
    """What was imported last.

    Attributes:
        layer: layer key.
        file: the file's name.
        at: the moment, UTC.
    """

    layer: str
    file: str
    at: str


def sites_source(layer: str, file: str) -> dict[str, Any]:
    """Return the entry of a pack's sources for a file of positions imported today."""
    title = Text("{name}：文件 {file}", "{name}: file {file}").format(name=every_layer()[layer].name, file=file)
    return {"part": "sites", "title": {"zh": title.zh, "en": title.en}, "licence": "", "date": now()[:10], "sure": None}


def with_source(sources: Iterable[Mapping[str, Any]], entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return sources with one more, named once however often it is imported."""
    return [*(source for source in sources if source["title"] != entry["title"]), entry]


def write_import(folder: Path, sites: gpd.GeoDataFrame, *, layer: str, file: str) -> None:
    """Keep imported `sites` as `packs.write_sites` does, name their file among the sources, and keep what they replaced.

    What takes the import back is written last: a crash before leaves none that fits the pack.

    Raises:
        Refused, CannotWrite, Unreadable: as `packs.write_sites`.
    """
    refuse_shipped(folder)
    with locked(folder):
        before = {name: _text_of(folder / name) for name in _FILES}
        if before[MANIFEST] is None:
            write_manifest(folder, {"base": EMBEDDED})
        put_sites(folder, sites)
        own = read_json(folder / MANIFEST)
        write_manifest(folder, own | {"sources": with_source(own.get("sources", []), sites_source(layer, file))})
        told = {"layer": layer, "file": file, "at": now(), "stamp": stamp_of(read_pack(folder)), "before": before}
        write_file(folder / KEPT, json.dumps(told, ensure_ascii=False))


def last_import(folder: Path, stamp: str) -> LastImport | None:
    """Return what was imported last, None where nothing was or the data changed since.

    Args:
        folder: the pack.
        stamp: of what it holds now.
    """
    told = _kept(folder)
    return LastImport(told["layer"], told["file"], told["at"]) if told is not None and told["stamp"] == stamp else None


def take_back(folder: Path) -> None:
    """Put a pack back as it was before its last import.

    Raises:
        Refused: nothing was imported, or the data changed since.
        CannotWrite: the pack cannot be written.
    """
    refuse_shipped(folder)
    with locked(folder):
        told = _kept(folder)
        if told is None or told["stamp"] != stamp_of(read_pack(folder)):
            raise Refused(LATE)
        # the manifest last: until it is back, the pack holds both files it names
        sites, manifest = told["before"]["sites.geojson"], told["before"][MANIFEST]
        if sites is not None:
            write_file(folder / "sites.geojson", sites)
        write_file(folder / MANIFEST, manifest if manifest is not None else json.dumps({"base": EMBEDDED}) + "\n")
        try:
            if sites is None:
                (folder / "sites.geojson").unlink()
            (folder / KEPT).unlink()
        except OSError as error:
            raise cannot_write(folder, error) from error


def _text_of(path: Path) -> str | None:
    """Return a file's text to the byte, None where there is no such file."""
    return path.read_bytes().decode("utf-8-sig") if path.exists() else None


def _kept(folder: Path) -> dict[str, Any] | None:
    """Return what was kept of the last import; what cannot be read is as none."""
    with suppress(ChanheError, KeyError, TypeError):
        told = read_json(folder / KEPT)
        if told["layer"] in every_layer() and {MANIFEST, "sites.geojson"} <= set(told["before"]) and told["stamp"] and told["file"] and told["at"]:
            return dict(told)
    return None
