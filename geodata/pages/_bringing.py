"""What the page that brings data in does: previews an import, keeps it, takes it back; nothing here is shown."""

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata import serving
from geodata.checks import ROW, errors_of, refuse_errors
from geodata.district import LOCATED_CLASSES, District
from geodata.errors import BadInput, Problem, Refused
from geodata.filed import GIVEN, HEADINGS_KEPT
from geodata.importing import build_pack, import_sites
from geodata.input_offsets import site_offsets
from geodata.intake import read_vector
from geodata.last_import import write_import
from geodata.outcomes import Touched, changed_ids, good_positions, touched
from geodata.packs import MANIFEST
from geodata.pages._bring_words import WORDS
from geodata.settings import Settings
from geodata.taking_over import READ, Claim, unstated, without_examples
from layers import Text, every_layer

GROUND: Final = ("streets", "population", "boundary", "areas")
"""The inputs of a pack that have a datum of their own, beside the OpenStreetMap extract."""
_FIRST: Final = 3
"""Rows of a file shown before it is imported."""
_MOST_CELL: Final = 60
_SAFE: Final = re.compile(r"[^\w.\-]+")


@dataclass(frozen=True, slots=True)
class LayerCount:
    """How many places of one layer stand where.

    Attributes:
        located: of the programme.
        unlocated: of the programme.
        existing: facilities that stood before.
    """

    located: float
    unlocated: float
    existing: int


@dataclass(frozen=True, eq=False)
class Preview:
    """What an import would do; nothing is kept.

    Attributes:
        layer: its layer.
        file: the file's name.
        sites: the district's sites as they would be.
        problems: the findings.
        rows: rows in the file, examples left out.
        good: rows with a position and without an error.
        before: the layer's places now.
        after: as they would be.
        beyond: rows above the promised number.
        changes: how many sites differ.
        errors: rows with an error.
        unstated: rows that state neither location class nor uncertainty.
        touched: what would become of which site.
        columns: the file's headings that were read, each with our name of it.
        ignored: its headings that were not.
        first: the first rows of the columns read, as texts.
    """

    layer: str
    file: str
    sites: gpd.GeoDataFrame
    problems: tuple[Problem, ...]
    rows: int
    good: int
    before: LayerCount
    after: LayerCount
    beyond: int
    changes: int
    errors: int
    unstated: int
    touched: Touched
    columns: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]


def preview(district: District, layer: str, content: bytes, file: str, datum: str | None, *, updated_by: str = "",
            claim: Claim | None = None) -> Preview:
    """Return what importing a file's rows into `layer` would do.

    Args:
        district: as it stands.
        layer: layer key.
        content: the file.
        file: its name.
        datum: what its coordinates are in; None takes what the file says.
        updated_by: who brings it.
        claim: what rows without class and uncertainty are taken for.

    Raises:
        BadInput: the file does not fit.
        Unreadable: it cannot be read.
        Unknown: no such layer.
    """
    frame, problems = _read(content, file, datum)
    if frame.empty:
        raise BadInput(Text(f"{file} 只有示例行，没有要导入的数据。请在示例行下面填写后再导入。", f"{file} holds only the example row. Fill in rows below it and import again."))
    sites, more = import_sites(district, layer, frame, file=file, updated_by=updated_by, claim=claim)
    name = every_layer()[layer].name
    found = [*site_offsets(district, frame, datum, name, file), *problems, *more]
    bad = {problem.row for problem in errors_of(found)}
    good = good_positions(frame, found)
    return Preview(layer, file, sites, tuple(found), len(frame), good, layer_count(district.sites, layer), layer_count(sites, layer),
                   sum(problem.code == "beyond" for problem in found), len(changed_ids(district.sites, sites)),
                   len(bad) if None not in bad else len(frame), int(unstated(frame[~frame[ROW].isin(bad)]).sum()), touched(district.sites, sites, good), *_as_read(frame))


def _read(content: bytes, file: str, datum: str | None) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Return a file's rows, examples left out; proposals are refused, since nobody has decided on them."""
    read, problems = read_vector(content, datum=datum, name=file)
    frame = without_examples(read)
    if "location_class" in frame and (frame["location_class"] == "proposed").any():
        raise BadInput(WORDS["proposals"].format(file=file))
    return frame, problems


def _as_read(frame: gpd.GeoDataFrame) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the headings read with our names, those ignored, and the first rows of what was read; a place as the file writes it."""
    heads: dict[str, str] = frame.attrs[HEADINGS_KEPT]
    used = [(typed, ours) for ours, typed in heads.items() if ours in READ and ours != "geometry"]
    shown = [ours for _, ours in used if ours in frame]
    places = [str(value) for value in frame[GIVEN].head(_FIRST)] if GIVEN in frame else []
    rows = []
    for n, row in enumerate(frame.head(_FIRST).to_dict("records")):
        x, _, y = (places[n] if places else "").partition(", ")
        given = {"lon": x, "lat": y} | {name: "" if pd.isna(row[name]) else str(row[name]) for name in shown}
        rows.append(tuple(given[ours][:_MOST_CELL] for _, ours in used))
    return tuple(used), tuple(typed for ours, typed in heads.items() if ours not in (*READ, ROW)), tuple(rows)


def unstated_rows(content: bytes, file: str, datum: str | None) -> int:
    """Return how many rows of a file state neither location class nor uncertainty.

    Raises:
        Unreadable, BadInput: as `read_vector`.
    """
    frame, _ = _read(content, file, datum)
    return int(unstated(frame).sum())


def layer_count(sites: gpd.GeoDataFrame, layer: str) -> LayerCount:
    """Return how many places of `layer` stand where."""
    mine = sites[sites["layer"] == layer]
    programme = mine[mine["origin"] == "programme"]
    there = programme["location_class"].isin(LOCATED_CLASSES)
    waiting = programme["location_class"] == "unlocated"
    amount = programme["amount"].astype(float).fillna(1.0)
    return LayerCount(float(amount[there].sum()), float(amount[waiting].sum()), int((mine["origin"] == "existing").sum()))


def keep(settings: Settings, layer: str, content: bytes, file: str, datum: str | None, *, claim: Claim | None = None,
         skip_bad_rows: bool = False) -> Preview:
    """Import a file's rows into the district as it stands now, and return what was done; `last_import.take_back` undoes it.

    Args:
        settings: whose pack.
        layer: layer key.
        content: the file.
        file: its name.
        datum: as `preview`.
        claim: as `preview`.
        skip_bad_rows: leave out rows with errors instead of refusing the file.

    Raises:
        Refused: editing is off here.
        ProblemsFound: rows have errors, and they are not to be left out.
        BadInput: nothing would change; else as `preview`.
        CannotWrite: the pack cannot be written.
    """
    refuse_closed(settings)
    district = serving.current_district(settings)
    done = preview(district, layer, content, file, datum, claim=claim)
    if not skip_bad_rows:
        refuse_errors(done.problems, Text(file, file))
    if not done.changes:
        raise BadInput(WORDS["found_none"])
    write_import(settings.pack_folder, done.sites, layer=layer, file=file)
    return done


def build(settings: Settings, files: Mapping[str, tuple[str, bytes]], datums: Mapping[str, str], *, skip_bad_rows: bool,
          progress: Callable[[float, Text], None]) -> tuple[District, tuple[Problem, ...]]:
    """Build the pack in use anew from files laid over what it holds, and return it with the findings.

    Args:
        settings: whose pack.
        files: name and content by input (`osm` or one of GROUND).
        datums: by input; one without takes what the file says.
        skip_bad_rows: leave out rows with errors.
        progress: told a share 0 to 1 and what is being done.

    Raises:
        Refused: editing is off here.
        ChanheError: as `importing.build_pack`; the pack is left as it was.
    """
    refuse_closed(settings)
    folder = settings.pack_folder
    with _on_disk(files) as paths:
        built = build_pack(folder, base=folder if (folder / MANIFEST).exists() else None, osm=paths.get("osm"), boundary=paths.get("boundary"),
                           streets=paths.get("streets"), population=paths.get("population"), areas=paths.get("areas"),
                           datum=dict(datums) or None, progress=progress, skip_bad_rows=skip_bad_rows)
    return built.district, built.problems


def refuse_closed(settings: Settings) -> None:
    """Raise Refused where editing is off."""
    if not serving.may_edit(settings):
        raise Refused(WORDS["closed_why"])


@contextmanager
def _on_disk(files: Mapping[str, tuple[str, bytes]]) -> Iterator[dict[str, Path]]:
    """Give the files paths for as long as they are read; they keep their names, since a name says the format."""
    with tempfile.TemporaryDirectory(prefix="chanhe-") as folder:
        paths = {}
        for part, (name, content) in files.items():
            own = Path(folder) / part
            own.mkdir()
            paths[part] = own / (_SAFE.sub("_", Path(name).name) or part)
            paths[part].write_bytes(content)
        yield paths
