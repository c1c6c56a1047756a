"""Building a pack out of an office's files and OpenStreetMap, whole or not at all.

Placing by hand and laying a file's rows over sites are told in `placing` and `taking_over`; their names stand here too.
"""

import dataclasses
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geodata.checks import problems_csv, refuse_errors
from geodata.crs import WGS84, parse_datum
from geodata.district import District
from geodata.errors import BadInput, Misasked, Problem, Unknown
from geodata.ground import Kept, read_areas, read_boundary, read_population, read_streets
from geodata.input_offsets import ground_offsets, site_offsets, told_of
from geodata.intake import read_vector, unstated_datum
from geodata.last_import import sites_source, with_source
from geodata.offsets import guess_by_lines
from geodata.osm import ATTRIBUTION, OsmExtract, read_osm
from geodata.outcomes import Outcome, outcome_of_sites
from geodata.packs import (
    EMBEDDED,
    MANIFEST,
    boundary_of,
    embedded_folder,
    load_district,
    put_sites,
    read_pack,
    refuse_shipped,
    write_frame,
    write_manifest,
)
from geodata.placing import Limits, place_site, placing_limits, unplace_site
from geodata.read_as import READ_AS
from geodata.sitefile import normal_sites, read_json, read_sites, sites_json
from geodata.storing import staged, write_file
from geodata.taking_over import import_sites, template, without_examples
from layers import Lang, Text, every_layer

__all__ = ["ALONE", "BuiltPack", "Limits", "Progress", "build_pack", "import_sites", "parse_datums", "place_site", "placing_limits", "template", "unplace_site"]

Progress = Callable[[float, Text], None]
ALONE: Final = "none"
"""As `base`: a pack that stands alone, whatever district it lies in."""
INPUTS: Final = ("boundary", "streets", "population", "areas", "sites")
PART_NAMES: Final[Mapping[str, Text]] = {
    "boundary": Text("区界", "Boundary"), "streets": Text("道路", "Streets"), "population": Text("人口", "Population"), "areas": Text("片区", "Areas"),
}
_WGS84: Final = Text("WGS-84", "WGS-84")
OSM_UNCERTAINTY_M: Final = 20.0
_SAME_DISTRICT: Final = 0.3


@dataclass(frozen=True)
class BuiltPack:
    """A pack that was built.

    Attributes:
        folder: where it stands.
        district: what it holds.
        problems: findings that did not keep it from being built; also kept there as problems.csv.
        outcomes: what became of each input.
    """

    folder: Path
    district: District
    problems: tuple[Problem, ...]
    outcomes: tuple[Outcome, ...] = ()


@dataclass
class _Build:
    """A pack while it is being built in a folder nobody else sees."""

    folder: Path
    facts: dict[str, Any]
    datums: Mapping[str, str]
    skip_bad_rows: bool
    boundary: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)
    problems: list[Problem] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def datum(self, *names: str) -> str | None:
        """Return the datum stated for an input, by the first of its names that one was stated for."""
        return next((self.datums[name] for name in (*names, "") if name in self.datums), None)

    def keep(self, part: str, frame: gpd.GeoDataFrame) -> None:
        """Write a part of the pack."""
        write_frame(self.folder / f"{part}.geojson", frame)
        self.facts["files"][part] = f"{part}.geojson"

    def tell(self, part: str, title: Text, *, licence: str = "", date: str = "") -> None:
        """Name the source of a part, in the place of what was named before."""
        others = [s for s in self.facts["sources"] if s["part"] != part]
        self.facts["sources"] = [*others, {"part": part, "title": {"zh": title.zh, "en": title.en}, "licence": licence, "date": date, "sure": None}]

    def tell_sites(self, entry: Mapping[str, Any]) -> None:
        """Name a source of sites beside those of other sites."""
        self.facts["sources"] = with_source(self.facts["sources"], entry)


def build_pack(
    out: Path, *, base: Path | str | None = None, osm: Path | None = None, boundary: Path | None = None, streets: Path | None = None,
    population: Path | None = None, areas: Path | None = None, sites: Mapping[str, Path] | Iterable[tuple[str, Path]] = (),
    datum: str | Sequence[str] | Mapping[str, str] | None = None, progress: Progress | None = None, name: str = "", updated_by: str = "",
    skip_bad_rows: bool = False, lang: Lang = "zh",
) -> BuiltPack:
    """Build a pack at `out` and return it; should anything fail, `out` is left as it was.

    Args:
        out: a new or empty folder; or the pack named as `base`, which is then added to.
        base: `embedded` for a pack over the embedded district, a pack folder to start from, ALONE; None decides by where the inputs lie.
        osm: an OpenStreetMap extract: streets, buildings, water, rail and existing facilities.
        boundary: polygon of the district.
        streets: lines; they go before those of `osm`.
        population: points or small polygons with people.
        areas: polygons of subdistricts or communities.
        sites: files by layer key.
        datum: one datum for all files, or `INPUT=datum` with INPUT among INPUTS or a layer key; None takes what each file says.
        progress: called with a share 0…1 and what is being done.
        name: what a pack that stands alone is called; None takes the file's name.
        updated_by: who imported the sites.
        skip_bad_rows: leave out rows with errors instead of refusing the file.
        lang: the language of problems.csv.

    Raises:
        CannotWrite: `out` holds something else, or cannot be written.
        Refused: `out` is the shipped pack.
        ProblemsFound: rows of a file cannot be used.
        BadInput: an input that does not fit: another datum, another place, no rows, missing columns.
        Misasked: there is neither a boundary nor streets.
        Unreadable: a file cannot be opened or is not what it says.
        Unknown: no such layer, datum or kind of file.
    """
    refuse_shipped(out)
    told = progress or (lambda _share, _what: None)
    files = list(sites.items()) if isinstance(sites, Mapping) else list(sites)
    given = {part: path for part, path in (("boundary", boundary), ("streets", streets), ("population", population), ("areas", areas)) if path}
    datums = parse_datums(datum)
    told(0.0, Text("读取输入", "Reading the inputs"))
    start, extract = _start(base, osm, given, datums)
    add_to = isinstance(start, Path) and start.resolve() == out.resolve()
    with staged(out, replace=add_to) as folder:
        build = _Build(folder, _facts(start, folder), datums, skip_bad_rows)
        _put_boundary(build, given.get("boundary"), extract, name or (streets or osm or out).stem.split(".")[0], given.get("streets"))
        told(0.2, Text("整理路网", "Making the streets"))
        _put_streets(build, given.get("streets"), osm, extract)
        told(0.5, Text("整理人口与分区", "Making people and areas"))
        _put_people(build, given.get("population"))
        if "areas" in given:
            _put_kept(build, "areas", read_areas(given["areas"], build.datum("areas"), build.boundary), given["areas"])
        write_manifest(folder, build.facts)
        told(0.7, Text("导入位置", "Importing the sites"))
        district = _put_sites(build, files, extract, updated_by)
        problems = [*build.problems, *ground_offsets(district, given, datums)]
        if problems:
            write_file(folder / "problems.csv", problems_csv(problems, lang))
        told(0.95, Text("检查数据包", "Checking the pack"))
    told(1.0, Text("完成", "Done"))
    return BuiltPack(out, district, tuple(problems), tuple(build.outcomes))


def parse_datums(datum: str | Sequence[str] | Mapping[str, str] | None) -> dict[str, str]:
    """Return the datum of each input, under "" the one of all others.

    Raises:
        Unknown: an unknown input or datum.

    >>> parse_datums("wgs84,sites=gcj02")
    {'': 'wgs84', 'sites': 'gcj02'}
    """
    if datum is None:
        return {}
    pairs: list[tuple[str, str]] = list(datum.items()) if isinstance(datum, Mapping) else []
    if not isinstance(datum, Mapping):
        words = [w.strip() for text in ([datum] if isinstance(datum, str) else datum) for w in text.split(",") if w.strip()]
        pairs = [("", w) if "=" not in w else (w.split("=", 1)[0].strip(), w.split("=", 1)[1]) for w in words]
    known = {"", *INPUTS, *every_layer()}
    wrong = [key for key, _ in pairs if key not in known]
    if wrong:
        raise Unknown(Text(f"坐标系说明（--datum）中的输入名不认识：{'、'.join(wrong)}。可用：{'、'.join(INPUTS)} 或图层名。",
                            f"datum names unknown inputs: {', '.join(wrong)}. Use {', '.join(INPUTS)} or a layer key."))
    return {key: parse_datum(value).key for key, value in pairs}


def _start(base: Path | str | None, osm: Path | None, given: Mapping[str, Path], datums: Mapping[str, str]) -> tuple[Path | str, OsmExtract | None]:
    """Return what the pack starts from, and the extract as read for it."""
    if isinstance(base, str) and base not in {EMBEDDED, ALONE}:
        base = Path(base)
    outline = None
    if "boundary" in given:
        outline = read_boundary(given["boundary"], datums.get("boundary", datums.get(""))).frame
    elif isinstance(base, Path):
        outline = boundary_of(read_pack(base))
    embedded = boundary_of(read_pack(embedded_folder()))
    if base is None:
        base = EMBEDDED if _lies_in(embedded, outline, given, datums) else ALONE
        if base == EMBEDDED and osm is not None and outline is None:
            return _by_extract(osm, embedded)
    if osm is None:
        return base, None
    return base, read_osm(osm, boundary=embedded if outline is None and base == EMBEDDED else outline)


def _by_extract(osm: Path, embedded: gpd.GeoDataFrame) -> tuple[str, OsmExtract]:
    """Return the embedded district where the extract covers it, else a pack that stands alone."""
    try:
        return EMBEDDED, read_osm(osm, boundary=embedded)
    except BadInput:
        return ALONE, read_osm(osm)


def _lies_in(embedded: gpd.GeoDataFrame, outline: gpd.GeoDataFrame | None, given: Mapping[str, Path], datums: Mapping[str, str]) -> bool:
    """Return whether the inputs mean the embedded district: their boundary is mostly its own, or their streets meet it."""
    here = embedded.union_all()
    if outline is not None:
        shape = outline.to_crs(embedded.crs).union_all()
        return bool(shape.intersection(here).area > _SAME_DISTRICT * min(shape.area, here.area))
    if "streets" in given:
        frame, _ = read_vector(given["streets"], datum=datums.get("streets", datums.get("")))
        return bool(frame.to_crs(embedded.crs).intersects(here).any())
    return True


def _facts(start: Path | str, folder: Path) -> dict[str, Any]:
    """Return the manifest to begin with; a pack started from is copied into the new folder."""
    if isinstance(start, Path):
        read_pack(start)
        shutil.copytree(start, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "problems.csv"))
        facts: dict[str, Any] = read_json(folder / MANIFEST)
        return facts | {"files": dict(facts.get("files", {})), "sources": list(facts.get("sources", []))}
    if start == EMBEDDED:
        return {"base": EMBEDDED, "files": {}, "sources": []}
    return {"base": None, "files": {}, "sources": [], "streets_kind": "real", "people_kind": "real", "demand_unit": "street_metres", "cell_m": 0, "document": {}}


def _put_boundary(build: _Build, path: Path | None, extract: OsmExtract | None, name: str, streets: Path | None) -> None:
    """Settle the boundary: the file's, else the one there is, else the outline of the streets."""
    alone = "boundary" not in build.facts and build.facts["base"] is None
    if path is not None:
        before = None if alone else _boundary_so_far(build)
        kept = read_boundary(path, build.datum("boundary"))
        build.problems += kept.problems
        _tell_ground(build, "boundary", kept, path)
        outline = kept.frame
        build.tell("boundary", Text(f"区界文件 {path.name}", f"Boundary file {path.name}"))
        if before is not None:
            guess = guess_by_lines(outline.geometry, before.boundary, stated=build.datum("boundary") or "wgs84")
            build.problems += told_of(guess, Text("区界", "The boundary"), Text("原有区界", "the boundary it replaces"), path.name)
    elif alone:
        outline = extract.boundary if extract is not None else _outline_of(streets, build)
        build.tell("boundary", Text("道路外包线（未提供区界）", "Outline of the streets (no boundary was given)"))
    else:
        build.boundary = _boundary_so_far(build)
        return
    build.facts["boundary"] = {"file": "boundary.geojson"}
    write_frame(build.folder / "boundary.geojson", outline)
    if alone:
        build.facts |= {"id": re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "district", "name": {"zh": name, "en": name},
                        "metric_crs": f"EPSG:{outline.estimate_utm_crs().to_epsg()}"}
    build.boundary = _boundary_so_far(build)


def _boundary_so_far(build: _Build) -> gpd.GeoDataFrame:
    """Return the boundary of the pack as it now stands, in its metric CRS."""
    write_manifest(build.folder, build.facts)
    return boundary_of(read_pack(build.folder))


def _outline_of(streets: Path | None, build: _Build) -> gpd.GeoDataFrame:
    """Return the convex hull of a file of streets."""
    if streets is None:
        raise Misasked(Text("缺少区界和路网。请至少提供 --osm、--streets 或 --from embedded 之一。", "There is neither a boundary nor streets. Give at least --osm, --streets or --from embedded."))
    frame, _ = read_vector(streets, datum=build.datum("streets"))
    return gpd.GeoDataFrame(geometry=[frame.union_all().convex_hull], crs=WGS84)


def _put_streets(build: _Build, path: Path | None, osm: Path | None, extract: OsmExtract | None) -> None:
    """Put real streets in, and take out whatever the sketch had drawn around its own."""
    if path is None and extract is None:
        if build.facts["base"] is None and "streets" not in build.facts["files"]:
            raise Misasked(Text("缺少路网。请提供 --osm 或 --streets。", "There are no streets. Give --osm or --streets."))
        return
    for part in ("water", "rail", "gaps"):
        if read_pack(build.folder).facts.get("streets_kind") == "sketch":
            build.facts["files"][part] = None
            build.tell(part, Text("未提供", "Not given"))
    if extract is not None and osm is not None:
        build.problems += extract.problems
        told = {"licence": "ODbL", "date": extract.date}
        known = sum(len(frame) for frame in extract.facilities.values())
        build.outcomes += [Outcome("osm", Text("OSM 街段", "OSM street edges"), osm.name, _WGS84, len(extract.streets), len(extract.streets)),
                           Outcome("osm", Text("OSM 现有设施", "OSM facilities"), osm.name, _WGS84, known, known, existing=known)]
        for part, frame in (("streets", extract.streets), ("water", extract.water), ("rail", extract.rail), ("buildings", extract.buildings)):
            if len(frame):
                build.keep(part, frame)
                if part != "buildings":
                    build.tell(part, Text("{a}（{f}）", "{a} ({f})").format(a=ATTRIBUTION, f=osm.name), **told)
    if path is not None:
        _put_kept(build, "streets", read_streets(path, build.datum("streets"), build.boundary), path)
    build.facts["streets_kind"] = "real"


def _put_kept(build: _Build, part: str, kept: Kept, path: Path) -> None:
    """Put a part read from a file in."""
    build.problems += kept.problems
    _tell_ground(build, part, kept, path)
    build.keep(part, kept.frame)
    build.tell(part, Text(f"文件 {path.name}", f"File {path.name}"))


def _tell_ground(build: _Build, part: str, kept: Kept, path: Path) -> None:
    """Keep what became of a file of the ground."""
    build.outcomes.append(Outcome(part, PART_NAMES[part], path.name, kept.read_as, kept.rows, kept.used))


def _put_people(build: _Build, path: Path | None) -> None:
    """Put people in; the sketch's never stand on real streets, so without a file buildings or metres of street are counted."""
    if path is not None:
        kept = read_population(path, build.datum("population"), build.boundary, skip_bad_rows=build.skip_bad_rows)
        build.problems += kept.problems
        _tell_ground(build, "population", kept, path)
        table = pd.DataFrame({"demand_id": kept.frame["demand_id"], "lon": kept.frame.geometry.x.round(7), "lat": kept.frame.geometry.y.round(7), "people": kept.frame["people"]})
        write_file(build.folder / "population.csv", table.to_csv(index=False, lineterminator="\n"))
        build.facts["files"]["population"] = "population.csv"
        build.facts |= {"people_kind": "real", "demand_unit": "people", "cell_m": 0, "population": {"total": float(table["people"].sum()), "date": "", "source": {"zh": path.name, "en": path.name}}}
        build.tell("people", Text(f"文件 {path.name}", f"File {path.name}"))
        return
    write_manifest(build.folder, build.facts)
    pack = read_pack(build.folder)
    real = pack.facts["streets_kind"] == "real"
    if not real or ("population" in pack.files and pack.facts["people_kind"] == "real"):
        return
    unit = "buildings" if "buildings" in pack.files else "street_metres"
    build.facts["files"]["population"] = None
    build.facts |= {"people_kind": "real", "demand_unit": unit, "cell_m": 0, "population": None}
    build.tell("people", Text("无人口数据，按 OpenStreetMap 建筑数计", "No population: the buildings of OpenStreetMap are counted") if unit == "buildings" else Text("无人口与建筑数据，按道路长度计", "No population or buildings: metres of street are counted"))


def _put_sites(build: _Build, files: Sequence[tuple[str, Path]], extract: OsmExtract | None, by: str) -> District:
    """Put existing facilities and the files' sites in, and return the district."""
    if extract is not None:
        _drop_old_osm(build)
    district = load_district(build.folder)
    if extract is not None and extract.facilities:
        known = Text("现有设施：{a}", "Existing facilities: {a}").format(a=ATTRIBUTION)
        build.tell_sites({"part": "sites", "title": {"zh": known.zh, "en": known.en}, "licence": "ODbL", "date": extract.date, "sure": None})
        district = dataclasses.replace(district, sites=_with_facilities(district, extract))
    for layer, path in files:
        frame, problems = read_vector(path, datum=build.datum(layer, "sites"))
        frame = without_examples(frame)
        changed, more = import_sites(district, layer, frame, file=path.name, updated_by=by)
        what = Text("{layer}（{file}）", "{layer} ({file})").format(layer=every_layer()[layer].name, file=path.name)
        stated = build.datum(layer, "sites")
        found = [*problems, *more, *unstated_datum(path, stated), *site_offsets(district, frame, stated, what, path.name)]
        if not build.skip_bad_rows:
            refuse_errors(found, what)
        build.problems += found
        build.tell_sites(sites_source(layer, path.name))
        build.outcomes.append(outcome_of_sites(district.sites, changed, frame, found, layer=layer, name=every_layer()[layer].name, file=path.name, read_as=frame.attrs[READ_AS]))
        district = dataclasses.replace(district, sites=changed)
    write_manifest(build.folder, build.facts)
    if files or extract is not None:
        put_sites(build.folder, district.sites)
    return load_district(build.folder)


def _drop_old_osm(build: _Build) -> None:
    """Take out the facilities of an earlier extract."""
    path = build.folder / "sites.geojson"
    if path.exists():
        old = read_sites(path)
        write_file(path, sites_json(old[~old["id"].str.startswith("osm-")]))


def _with_facilities(district: District, extract: OsmExtract) -> gpd.GeoDataFrame:
    """Return the district's sites with OpenStreetMap's facilities as existing ones."""
    found = [district.sites]
    for key, frame in extract.facilities.items():
        told = frame["osm_id"].astype(str)
        rows = frame.to_crs(district.metric_crs).assign(
            id="osm-" + key + "-" + told.str.replace("/", ""), layer=key, origin="existing", amount=1.0, status="done", status_as_of=extract.date,
            location_class="address", uncertainty_m=OSM_UNCERTAINTY_M, basis_zh="OpenStreetMap 要素 " + told, basis_en="OpenStreetMap " + told,
            source_zh=ATTRIBUTION.zh, source_en=ATTRIBUTION.en, updated_at=extract.date, updated_by="OpenStreetMap")
        found.append(normal_sites(rows))
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=district.metric_crs)
