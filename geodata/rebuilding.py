"""A report worked out again from what it recorded: every number and table beside today's, and what else changed."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import isclose
from pathlib import Path
from typing import Any, Final

from geodata.causes import cause
from geodata.checks import refuse_errors
from geodata.district import District
from geodata.dossier import FORMAT, RECORD, record_of
from geodata.errors import BadInput, Problem, Unreadable
from geodata.finding_rebuild import Imprint
from geodata.findings import Asked, Findings
from geodata.question import Question
from geodata.scenario_file import open_scenario
from layers import Lang, Text

RELATIVE: Final = 1e-9
ABSOLUTE: Final = 1e-6
"""Numbers this near are equal: metres to a micrometre, shares to a millionth."""
_COMPARED: Final = ("demonstration", "access", "sentences", "tables")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as recorded.

    Attributes:
        where: table, row and column; or the part of the record.
        recorded: what the report says; None where it has nothing there.
        today: what comes out today; likewise.
    """

    where: str
    recorded: Any
    today: Any


@dataclass(frozen=True, slots=True)
class Recorded:
    """A report as it was recorded.

    Attributes:
        folder: where it stands.
        record: the whole of report.json.
        asked: what it was asked.
        lang: in which language it was made.
        warnings: what its scenario warns of on today's data.
    """

    folder: Path
    record: Mapping[str, Any]
    asked: Asked
    lang: Lang
    warnings: tuple[Problem, ...] = ()


def read_report(folder: Path, district: District) -> Recorded:
    """Return the report of a folder.

    Raises:
        Unreadable: there is no report.json, or it is none of ours.
        BadInput: it speaks of another district.
        ProblemsFound: its scenario cannot be made of today's data.
    """
    record = _read(folder / RECORD)
    if record["district"] != district.id:
        raise BadInput(Text(f"这份报告是 {record['district']} 的，当前数据是 {district.id}。请用 --pack 指定它的数据包。",
                            f"This report is about {record['district']}; the data in use are {district.id}. Name its pack with --pack."))
    told = record["parameters"]
    known = {field.name for field in fields(Question)}
    try:
        values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items() if name in known}
        asked, scenario = Asked(Question(**values), bool(told["demo_sites_counted"]), demo_sites=bool(told["demo_sites_in_data"])), told["scenario"]
        lang: Lang = {"zh": "zh", "en": "en"}[record["lang"]]  # type: ignore[assignment]  # the two there are
    except (KeyError, TypeError) as error:
        raise _not_ours(folder / RECORD, error) from error
    if not scenario:
        return Recorded(folder, record, asked, lang)
    saved = open_scenario(folder / Path(str(scenario)).name, district)
    refuse_errors(list(saved.problems), Text("情景", "Scenario"))
    return Recorded(folder, record, replace(asked, changes=saved.changes, scenario=saved.name), lang, saved.problems)


def differences(recorded: Recorded, found: Findings, imprint: Imprint) -> list[Difference]:
    """Return every number, table and sentence that is not as recorded."""
    today = json.loads(json.dumps(record_of(found, imprint)))
    return [found for part in _COMPARED for found in _differ(part, recorded.record.get(part), today[part])]


def surroundings(recorded: Recorded, found: Findings, imprint: Imprint) -> list[Difference]:
    """Return what else changed: data, versions, and the report's own files."""
    record, today = recorded.record, record_of(found, imprint)
    changed = [*_differ("data", record.get("data"), today["data"]), *_differ("versions", record.get("versions"), today["versions"])]
    for name, sha in record.get("files", {}).items():
        path = recorded.folder / Path(name).name
        is_now = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        if is_now != sha:
            changed.append(Difference(f"files {name}", sha, is_now))
    return changed


def _differ(where: str, before: Any, after: Any) -> Iterator[Difference]:
    """Yield where two values differ; tables row by row under the names of their rows."""
    if isinstance(before, dict) and isinstance(after, dict):
        if "rows" in before and "rows" in after and "by" in after:
            yield from _tables(where, before["rows"], after["rows"], after["by"])
            return
        for key in dict.fromkeys([*before, *after]):
            yield from _differ(f"{where}.{key}", before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list):
        for place in range(max(len(before), len(after))):
            yield from _differ(f"{where}[{place + 1}]", *(side[place] if place < len(side) else None for side in (before, after)))
    elif not _equal(before, after):
        yield Difference(where, before, after)


def _tables(where: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]], by: Sequence[str]) -> Iterator[Difference]:
    """Yield where two tables differ."""
    first, second = ({_named(row, by): row for row in rows} for rows in (before, after))
    for name in dict.fromkeys([*first, *second]):
        if name not in first or name not in second:
            yield Difference(f"{where}[{name}]", "1" if name in first else None, "1" if name in second else None)
        else:
            yield from _differ(f"{where}[{name}]", first[name], second[name])


def _named(row: Mapping[str, Any], by: Sequence[str]) -> str:
    """Return the name of a row: its naming columns, Chinese where they are wordings."""
    return " · ".join(str(value["zh"] if isinstance(value, dict) else value) for value in (row.get(key) for key in by))


def _equal(before: Any, after: Any) -> bool:
    if isinstance(before, bool) or isinstance(after, bool) or not (isinstance(before, int | float) and isinstance(after, int | float)):
        return bool(before == after)
    return isclose(before, after, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _not_ours(path, error) from error
    if not isinstance(record, dict) or record.get("format") != FORMAT or not isinstance(record.get("parameters"), dict) or "district" not in record:
        raise _not_ours(path, None)
    return record


def _not_ours(path: Path, error: Exception | None) -> Unreadable:
    why = Text("：{why}", ": {why}").format(why=cause(error)) if error else Text("", "")
    return Unreadable(Text("{path} 不是本程序生成的报告记录{why}。请选择 report 命令写出的文件夹。", "{path} is not the record of a report{why}. Name a folder that the command report wrote.").format(path=path, why=why))
