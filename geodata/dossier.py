"""A coverage report as files: PDF, HTML, PowerPoint, workbook, GeoPackage, and report.json, from which it can be worked out again."""

import hashlib
import importlib.metadata
import io
import json
import platform
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geodata.district import District
from geodata.documents import every_document
from geodata.errors import CannotWrite, ChanheError
from geodata.exports import DEMO_WORD, Meta, Table, demo_notes, every_format, made_at, meta_of
from geodata.finding_deck import report_deck
from geodata.finding_pages import report_pdf
from geodata.finding_rebuild import SCENARIO, Imprint, command_of, query_of, rebuild_sheet
from geodata.finding_tables import every_sheet
from geodata.finding_words import parameters, summary_of, title_of, unknowns
from geodata.findings import Asked, Findings, find
from geodata.glyphs import font_folder
from geodata.hashes import data_hashes
from geodata.markings import markings
from geodata.naming import called, layers_called
from geodata.question import Question
from geodata.reach import Progress
from geodata.scenario import scenario_stamp
from geodata.scenario_file import scenario_json
from geodata.selecting import Selection, selected
from geodata.settings import Settings
from geodata.sheets import Sheet, frame_of, records_of
from geodata.storing import check_writable, staged, write_file
from geodata.walking import Kept
from geodata.zipped import steady
from layers import Lang, Text, every_layer

FORMAT: Final = "chanhe-report-2"
RECORD: Final = "report.json"
RUNS_ON: Final = ("geopandas", "numba", "numpy", "openpyxl", "pandas", "pyogrio", "pyproj", "shapely", "typst")
STOPPED: Final = Text("已停止，没有生成报告。", "Stopped; no report was made.")
_PRODUCT: Final = "chanhe-planning-map"
_CONTENT: Final = Text("步行覆盖报告", "coverage report")
_SCENARIO: Final = Text("情景", "scenario")
_WALKS: Final = Text("逐点步行距离", "Walk of every point")
_UNSERVED: Final = Text("未达标的地点", "Places beyond the standard")
_GAINS: Final = Text("情景：逐点变化", "Scenario: change at every point")
_CHANGES: Final = Text("情景：改动", "Scenario: changes")
_DECKS: Final = ("html", "pptx")
"""Documents beside the printed one: live maps without a network, and tables that can be edited."""
_FIND, _DRAW, _DATA, _DECK = 0.6, 0.16, 0.04, 0.1
"""Shares of the time that finding, drawing, tables and data, and each of the decks take."""
Tell = Callable[[float, Text], None]


def make_files(district: District, asked: Asked, imprint: Imprint, *, tell: Tell | None = None, kept: Kept | None = None) -> dict[str, bytes]:
    """Work out a report and return its files by name, `report.json` last.

    Args:
        district: where.
        asked: what.
        imprint: language, date, hashes and versions.
        tell: told the share done, 0 to 1, and what is being done.
        kept: where walks measured before are found.

    Raises:
        Unknown: no such layer or area.
        Misasked: a question without an answer.
        ProblemsFound: a change of the scenario that cannot be made.
        Unreadable: typesetter or font is missing.
    """
    font_folder()  # without it nothing could be printed in the end
    found = find(district, asked, progress=_part(tell, 0.0, _FIND, Text("计算步行距离", "Measuring walks")), kept=kept)
    return files_of(found, imprint, tell=tell)


def make_zip(district: District, asked: Asked, imprint: Imprint, *, progress: Tell, stop: Callable[[], bool]) -> bytes:
    """Work out a report and return its files as one zip: a task for another process; equal arguments give equal bytes.

    Raises:
        ChanheError: as `make_files`, or it was stopped.
    """
    def tell(share: float, what: Text) -> None:
        if stop():
            raise ChanheError(STOPPED)
        progress(share, what)

    return as_zip(make_files(district, asked, imprint, tell=tell), imprint.made_at)


def as_zip(files: Mapping[str, bytes], made_at: datetime) -> bytes:
    """Return the files of a report as one zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return steady(out.getvalue(), made_at)


def unzipped(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def key_of(district: District, asked: Asked, imprint: Imprint, *, fixed: bool) -> tuple[object, ...]:
    """Return everything a report's files depend on save the installation, for `kept_files.kept`.

    Args:
        district: where.
        asked: what.
        imprint: what the report says of itself.
        fixed: whether its time was asked for; else one report of a day serves the whole day.
    """
    moment = imprint.made_at.isoformat() if fixed else f"{imprint.made_at:%Y-%m-%d%z}"
    return ("report", scenario_stamp(district, asked.changes), replace(asked, changes=()), imprint.lang, moment, tuple(imprint.hashes.items()), tuple(imprint.versions.items()), imprint.approval, imprint.grade)


def files_of(found: Findings, imprint: Imprint, *, tell: Tell | None = None) -> dict[str, bytes]:
    """Return the files of a report by name; equal arguments give equal bytes.

    Raises:
        Unreadable: typesetter or font is missing.
        BadInput: the pages cannot be set.
    """
    lang = imprint.lang
    stem = file_stem(found.district, found.asked, lang=lang, day=imprint.made_at)
    meta = _meta(found, imprint)
    files = {f"{stem}.pdf": report_pdf(found, imprint, progress=_part(tell, _FIND, _DRAW, Text("排版与制图", "Setting pages and maps")))}
    for share, key, tables in ((_FIND + _DRAW, "xlsx", _sheets(found, imprint)), (_FIND + _DRAW + _DATA / 2, "gpkg", _places(found, lang))):
        if tell:
            tell(share, Text("写表格与数据", "Writing tables and data"))
        form = every_format()[key]
        files[f"{stem}{form.suffix}"] = form.render(list(tables), meta, lang, None)
    deck = report_deck(found, imprint)
    for place, name in enumerate(_DECKS):
        document = every_document()[name]
        files[f"{stem}{document.suffix}"] = document.write(deck, found.district, lang=lang, progress=_part(tell, _FIND + _DRAW + _DATA + place * _DECK, _DECK, Text("写网页与演示文稿", "Writing web page and slides")))
    if found.asked.changes:
        files[SCENARIO] = scenario_json(found.district, found.asked.changes, name=found.asked.scenario).encode()
    files[RECORD] = _json(record_of(found, imprint) | {"files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}})
    if tell:
        tell(1.0, Text("完成", "Done"))
    return files


def record_of(found: Findings, imprint: Imprint) -> dict[str, Any]:
    """Return what a report is worked out from and every result, as JSON takes it."""
    sheets = [parameters(found), *every_sheet(found), unknowns(found)]
    return {
        "format": FORMAT, "title": _both(title_of(found)), "lang": imprint.lang, "made_at": imprint.made_at.isoformat(),
        "command": command_of(found.asked, imprint.lang), "district": found.district.id, "demonstration": found.demonstration,
        "parameters": {**question_record(found.asked.question), "demo_sites_counted": found.asked.stand_ins, "demo_sites_in_data": found.asked.demo_sites, "scenario": SCENARIO if found.asked.changes else None},
        "data": {"stamp": found.district.stamp, "hashes": dict(imprint.hashes)}, "versions": dict(imprint.versions),
        "sentences": [_both(text) for text in summary_of(found)], "sources": [_both(text) for text in found.answer.sources],
        "access": {str(name): _number(value) for name, value in found.answer.access.items()},
        "tables": {sheet.key: {"by": list(sheet.by), "rows": records_of(sheet)} for sheet in sheets},
    }


def question_record(question: Question) -> dict[str, Any]:
    """Return every field of a question as JSON takes it."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(question).items()}


def write_dossier(out: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write the files into a new folder that appears whole or not at all, and return their paths.

    Raises:
        CannotWrite: `out` holds something already, or the place cannot be written.
    """
    check_free(out)
    with staged(out, once=True) as folder:
        for name, content in files.items():
            write_file(folder / name, content)
    return [out / name for name in files]


def check_free(out: Path) -> None:
    """Raise CannotWrite where `out` is a file, a folder that holds something, or cannot be made: before anything is worked out."""
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise CannotWrite(Text(f"{out} 已有内容，未作改动。请换一个新文件夹。", f"{out} already holds something and was left alone. Choose a new folder."))
    check_writable(out)


def imprint_of(district: District, folder: Path, lang: Lang, settings: Settings) -> Imprint:
    """Return what a report made now says of itself.

    Args:
        district: what it is about.
        folder: the pack it was loaded from.
        lang: its language.
        settings: of the running product.

    Raises:
        Unreadable: there is no readable pack.
    """
    approval, grade = markings(district, settings)
    return Imprint(lang, made_at(), data_hashes(district, folder), versions(), approval, grade)


def file_stem(district: District, asked: Asked, *, lang: Lang, day: datetime) -> str:
    """Return what the files of a report are called: `瀍河区-步行覆盖报告-公共厕所-2026-11-22`."""
    about = layers_called([every_layer()[key].name for key in asked.question.layers])
    name = asked.scenario
    scenario = [_SCENARIO, Text(name.zh or name.en, name.en or name.zh)] if asked.changes else []
    return called(district.name, _CONTENT, about, *scenario, day=day, lang=lang)


def versions() -> dict[str, str]:
    """Return the versions of the product, of Python and of what figures and files depend on."""
    return {_PRODUCT: _version(_PRODUCT), "python": platform.python_version(), **{name: _version(name) for name in RUNS_ON}}


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "—"


def _meta(found: Findings, imprint: Imprint) -> Meta:
    """Return what workbook and GeoPackage say of themselves."""
    answer = found.answer
    query = {name: value or "yes" for name, value in query_of(found.asked).items()} | ({"scenario": found.asked.scenario.say(imprint.lang)} if found.asked.changes else {})
    notes = [Text(f"{sheet.title.zh}：{sheet.note.zh}", f"{sheet.title.en}: {sheet.note.en}") for sheet in every_sheet(found) if sheet.note]
    meta = meta_of(found.district, title=title_of(found), query=query, method=[*answer.method, *answer.assumptions],
                   notes=[*demo_notes(found.district, draw=1 if found.drawn else None), *notes])
    return replace(meta, made_at=imprint.made_at, data_hash=found.district.stamp)


def _sheets(found: Findings, imprint: Imprint) -> Iterator[Table]:
    """Yield the sheets of the workbook; those of a demonstration are named so."""
    lang = imprint.lang
    head = Text("演示 ", "Demo ") if found.demonstration else Text("", "")
    lines = [[number, text.say(lang)] for number, text in enumerate([*([found.answer.heading] if found.demonstration else []), *summary_of(found)], start=1)]
    columns = [Text("序号", "No.").say(lang), Text("摘要", "Summary").say(lang)]
    yield Table("summary", _headed(head, Text("摘要", "Summary")), pd.DataFrame(lines, columns=columns, dtype=object), wrap=True)
    for sheet in (parameters(found), *every_sheet(found), unknowns(found), rebuild_sheet(found.asked, imprint)):
        frame, forms = frame_of(sheet, lang)
        worded = sheet.key in {"parameters", "unknowns", "ledger", "rebuild"}
        yield Table(sheet.key, sheet.title if worded else _headed(head, sheet.title), frame, forms=forms, wrap=worded)


def _headed(head: Text, title: Text) -> Text:
    return Text(f"{head.zh}{title.zh}", f"{head.en}{title.en}")


def _places(found: Findings, lang: Lang) -> Iterator[Table]:
    """Yield the tables of the GeoPackage: sites, walks, places beyond the standard, what the scenario changes, and the results."""
    question, district = found.asked.question, found.district
    sites = selected(district, Selection(layers=question.layers, status=question.status, years=question.years, stand_ins=found.drawn and found.asked.demo_sites, seed=question.seed))
    demo = sites["location_class"] == "stand_in"
    yield Table("sites", Text("项目与设施", "Sites"), sites[~demo])
    if demo.any():
        yield Table(f"{DEMO_WORD}_sites", Text("示意点", "示意 demo sites"), sites[demo], demo=True)
    mark = f"{DEMO_WORD}_" if found.demonstration else ""
    yield Table(f"{mark}walks", _marked(_WALKS, mark), _walks(found), by_layer=False)
    unserved = found.answer.unserved[found.answer.unserved["layer"].isin([one.layer.key for one in found.layers])]
    if len(unserved):
        yield Table(f"{mark}unserved", _marked(_UNSERVED, mark), unserved, by_layer=False)
    if found.comparison is not None:
        yield Table(f"{mark}scenario_gains", _marked(_GAINS, mark), found.comparison.gains, by_layer=False)
        yield Table(f"{mark}scenario_changes", _marked(_CHANGES, mark), _changes(found), by_layer=False)
    areas = next((sheet for sheet in every_sheet(found) if sheet.key == "by_area"), None)
    if areas is not None:
        yield Table(f"{mark}areas", _marked(areas.title, mark), _areas(found, areas, lang), by_layer=False)
    results: Sheet = next(sheet for sheet in every_sheet(found) if sheet.key == "results") if len(found.answer.rows) else unknowns(found)
    yield Table(f"{mark}{results.key}", _marked(results.title, mark), pd.DataFrame(_worded(results, lang)), by_layer=False)


def _worded(sheet: Sheet, lang: Lang) -> list[dict[str, Any]]:
    """Return the rows of a table in one language."""
    return [{name: value[lang] if isinstance(value, dict) else value for name, value in row.items()} for row in records_of(sheet)]


def _areas(found: Findings, sheet: Sheet, lang: Lang) -> gpd.GeoDataFrame:
    """Return the results by area with the areas' outlines."""
    rows = pd.DataFrame(_worded(sheet, lang))
    outlines = dict(zip(found.district.areas["area_id"], found.district.areas.geometry, strict=True))
    return gpd.GeoDataFrame(rows, geometry=[outlines[area] for area in rows["area_id"]], crs=found.district.metric_crs)


def _changes(found: Findings) -> gpd.GeoDataFrame:
    """Return what the scenario opens, closes, adds, moves and removes, each where it is; as the scenario's file has it."""
    table = gpd.GeoDataFrame.from_features(json.loads(scenario_json(found.district, found.asked.changes))["features"], crs=4326)
    return table if "geometry" in table else gpd.GeoDataFrame(table, geometry=[None] * len(table), crs=4326)


def _marked(name: Text, mark: str) -> Text:
    return Text(f"{DEMO_WORD} {name.zh}", f"{DEMO_WORD} {name.en}") if mark else name


def _walks(found: Findings) -> gpd.GeoDataFrame:
    """Return every demand point with its walk and straight line to the nearest site of each layer."""
    demand = found.district.demand
    if not found.layers:
        return gpd.GeoDataFrame(demand[["demand_id", "people"]].reset_index(drop=True), geometry=demand.geometry.to_numpy(), crs=demand.crs)
    first = found.layers[0].walks
    table = gpd.GeoDataFrame(first[["demand_id", "people", "off_network"]], geometry=first.geometry, crs=first.crs)
    for one in found.layers:
        table[f"walk_{one.layer.key}_m"] = one.walks["walk_m"].round(3)
        table[f"straight_{one.layer.key}_m"] = one.walks["straight_m"].round(3)
    return table


def _part(tell: Tell | None, start: float, share: float, what: Text) -> Progress | None:
    """Return a progress that is a part of another."""
    return None if tell is None else lambda done: tell(start + share * done, what)


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _number(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _json(record: Mapping[str, Any]) -> bytes:
    """Return JSON that people can read: a row of a table on a line of its own."""
    rows: list[str] = []

    def held(value: Any) -> str:
        rows.append(json.dumps(value, ensure_ascii=False, allow_nan=False))
        return f"row {len(rows) - 1}"

    tables = {key: {"by": table["by"], "rows": [held(row) for row in table["rows"]]} for key, table in record["tables"].items()}
    text = json.dumps({**record, "tables": tables}, ensure_ascii=False, allow_nan=False, indent=1)
    return (re.sub(r'^(    )"row (\d+)"', lambda place: f"{place[1]}{rows[int(place[2])]}", text, flags=re.MULTILINE) + "\n").encode()
