"""What the commands about changed streets share: options, a scenario out of files, and its answer."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.commands._options import add_question, question_of
from geodata.commands._parser import Parser, listed, number
from layers import Text

if TYPE_CHECKING:
    import pandas as pd

    from geodata.changes import Change
    from geodata.connection import Connection
    from geodata.district import District
    from geodata.errors import Problem
    from geodata.question import Question


def add_walking(parser: Parser) -> None:
    """Add what a question about saved minutes may say."""
    parser.option("--metres", type=number(parser.lang), metavar="M", about=Text("服务距离，沿街道，米（默认：图层自己的标准）", "service distance along the streets, metres (default: the layer's own standard)"))
    parser.option("--speed", type=number(parser.lang, least=0.01), metavar="M/S", about=Text("步行速度，米/秒（默认 1.2）", "walking speed, m/s (default 1.2)"))
    parser.option("--draws", type=number(parser.lang, least=1, whole=True), metavar="N", about=Text("示意点随机抽样次数（默认 200）", "redraws of the demo sites (default 200)"))
    add_question(parser)


def walking_question(options: Namespace) -> "Question":
    """Return the question that the options of `add_walking` ask."""
    from geodata.question import DEFAULT_DRAWS, DEFAULT_SPEED_M_PER_S

    return question_of(options, metres=options.metres, speed_m_per_s=DEFAULT_SPEED_M_PER_S if options.speed is None else options.speed,
                       draws=options.draws or DEFAULT_DRAWS)


def add_scenario(parser: Parser) -> None:
    """Add the files a scenario is made of."""
    many: dict[str, Any] = {"type": Path, "metavar": "FILE", "action": "append", "default": []}
    parser.option("--open", **many, about=Text("要打通的道路：线（GeoJSON、GeoPackage、Shapefile）；可多次", "roads to open: lines (GeoJSON, GeoPackage, Shapefile); may be repeated"))
    parser.option("--close", **many, about=Text("要封闭的街道：沿街道的线，或街道上的点；可多次", "streets to close: lines along them or points on them; may be repeated"))
    parser.option("--add", metavar="KEY=FILE", action="append", default=[], about=Text("在图层中增加设施；可多次", "add facilities to a layer; may be repeated"))
    parser.option("--remove", type=listed, metavar="ID[,ID]", default=[], about=Text("移除这些编号的设施", "remove the sites of these ids"))
    parser.option("--scenario", type=Path, metavar="FILE", about=Text("先读入保存的情景，再加上面的改动", "a saved scenario to start from, before the changes above"))
    parser.option("--save", type=Path, metavar="FILE", about=Text("把整个情景保存为 GeoJSON", "save the whole scenario as GeoJSON"))
    parser.option("--within", type=number(parser.lang), metavar="M", about=Text("道路与街道相距多近即相接，米（默认 5）", "how near a road must come to a street to join it, metres (default 5)"))
    parser.option("--datum", metavar="DATUM", about=Text("这些文件的坐标系（默认按文件所说，否则 wgs84）", "datum of these files (default: as they say, else wgs84)"))


def scenario_of(options: Namespace, district: "District") -> "list[Change]":
    """Return the changes that the options of `add_scenario` name, in this order: saved ones, roads, closings, facilities.

    Raises:
        ProblemsFound: something in the files cannot be used; nothing was done.
        Misasked: no change is named, or --add is not KEY=FILE.
        Unreadable: a file cannot be opened.
    """
    from geodata.changes import WITHIN_M, AddFacility, CloseStreet, OpenRoad, RemoveFacility
    from geodata.checks import refuse_errors
    from geodata.errors import Misasked
    from geodata.scenario_file import open_scenario

    changes: list[Change] = []
    problems: list[Problem] = []
    if options.scenario:
        saved = open_scenario(options.scenario, district)
        changes += saved.changes
        problems += saved.problems
    default_m = WITHIN_M if options.within is None else options.within
    for path in options.open:
        for shape, name, told in _rows(path, options, district, problems):
            within_m = float(told["within_m"]) if told.get("within_m") not in (None, "") and options.within is None else default_m
            changes.append(OpenRoad(shape, name, within_m))
    for path in options.close:
        changes += [CloseStreet(shape, name, default_m) for shape, name, _ in _rows(path, options, district, problems)]
    for said in options.add:
        layer, sign, file = said.partition("=")
        if not sign:
            raise Misasked(Text(f"--add 应写成 图层=文件，收到 {said}。", f"--add is written KEY=FILE, got {said}."))
        changes += [AddFacility(layer.strip(), shape, name) for shape, name, _ in _rows(Path(file), options, district, problems)]
    changes += [RemoveFacility(site) for site in options.remove]
    refuse_errors(problems, Text("情景", "Scenario"))
    if not changes:
        raise Misasked(Text("请至少给出一项改动：--open、--close、--add、--remove 或 --scenario。", "Name at least one change: --open, --close, --add, --remove or --scenario."))
    return changes


def _rows(path: Path, options: Namespace, district: "District", problems: "list[Problem]") -> list[tuple[Any, Text, dict[str, Any]]]:
    """The places of a file in the district's metric CRS, one part each, with what is told of them."""
    from dataclasses import replace

    import shapely

    from geodata.checks import ROW
    from geodata.intake import read_vector
    from geodata.scenario_checks import no_line

    frame, found = read_vector(path, datum=options.datum)
    problems += found
    metric = frame.to_crs(district.metric_crs)
    rows = []
    for told, shape in zip(metric.drop(columns=metric.geometry.name).to_dict("records"), metric.geometry, strict=True):
        if shape is None or shape.is_empty:
            problems.append(replace(no_line(int(told[ROW]), None), file=path.name))
            continue
        zh, en = (_said(told.get(name)) for name in ("name_zh", "name_en"))
        parts = shapely.get_parts(shapely.force_2d(shape))
        for number_, part in enumerate(parts, start=1):
            mark = f" {number_}" if len(parts) > 1 else ""
            rows.append((part, Text(f"{zh or en}{mark}".strip(), f"{en or zh}{mark}".strip()), {str(k): v for k, v in told.items()}))
    return rows


def _said(value: object) -> str:
    return str(value) if isinstance(value, str) else ""


def connection_record(connection: "Connection") -> dict[str, object]:
    """Return how a road is connected as JSON takes it."""
    return {"connected": connection.connected, "joins": connection.joins, "length_m": connection.length_m, "way_before_m": connection.way_before_m,
            "ends": [{"side": end.side, "joined": end.joined, "short_m": end.short_m, "barred": end.barred} for end in connection.ends]}


def streets_record(streets: "pd.DataFrame") -> dict[str, dict[str, float]]:
    """Return connectivity as JSON takes it: by column, then by figure."""
    return {str(name): {str(key): float(value) for key, value in column.items()} for name, column in streets.items()}


def percent(value: float | None) -> str:
    """Return a share as it is read."""
    return "—" if value is None else f"{100 * value:.1f} %"


def spread(row: dict[str, Any], name: str) -> str:
    """Return a figure of a row as it is read: as a range where sites are drawn."""
    found = (row.get("range") or {}).get(name)
    if found and found[0] is not None and found[1] is not None and round(found[0]) != round(found[1]):
        return f"{found[0]:,.0f}–{found[1]:,.0f}"
    return "—" if row[name] is None else f"{row[name]:,.0f}"


def median_walk(row: dict[str, Any], name: str) -> str:
    """Return the median walk of a row as it is read."""
    value = (row[name] or {}).get("p50")
    return "—" if value is None else f"{value:,.0f} m"
