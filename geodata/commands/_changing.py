"""What the commands about changed streets share: options, a scenario out of files, and its answer."""

from argparse import Namespace
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.commands._options import add_question, question_of
from geodata.commands._parser import Parser, listed, number
from layers import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from geodata.changes import Change
    from geodata.commands._console import Console
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
    parser.option("--close-gate", **many, about=Text("要关闭的大门：街道上的点；可多次", "gates to close: points on streets; may be repeated"))
    parser.option("--open-gate", **many, about=Text("要打开的大门：街道上的点；可多次", "gates to open: points on streets; may be repeated"))
    parser.option("--add", metavar="KEY=FILE", action="append", default=[],
                  about=Text("在图层中增加设施（列 capacity 为容量，id 为编号）；可多次", "add facilities to a layer (column capacity: room, id: their id); may be repeated"))
    parser.option("--move", metavar="ID=FILE", action="append", default=[], about=Text("把这个编号的设施移到文件中的那一处；可多次", "move the site of this id to the one place of a file; may be repeated"))
    parser.option("--remove", type=listed, metavar="ID[,ID]", default=[], about=Text("移除这些编号的设施", "remove the sites of these ids"))
    parser.option("--scenario", type=Path, metavar="FILE", about=Text("先读入保存的情景，再加上面的改动", "a saved scenario to start from, before the changes above"))
    parser.option("--save", type=Path, metavar="FILE", about=Text("把整个情景保存为 GeoJSON", "save the whole scenario as GeoJSON"))
    parser.option("--within", type=number(parser.lang), metavar="M", about=Text("道路与街道相距多近即相接，米（默认 5）", "how near a road must come to a street to join it, metres (default 5)"))
    parser.option("--datum", metavar="DATUM", about=Text("这些文件的坐标系（默认按文件所说，否则 wgs84）", "datum of these files (default: as they say, else wgs84)"))


@dataclass(frozen=True)
class Planned:
    """A scenario out of files.

    Attributes:
        changes: in order.
        name: of the saved scenario it starts from, empty without one.
        notes: warnings about the files.
        given: of each change the file that gave it and its row there.
    """

    changes: "tuple[Change, ...]"
    name: Text
    notes: "tuple[Problem, ...]"
    given: tuple[tuple[str, int], ...]

    def in_files(self, problems: "list[Problem]") -> "list[Problem]":
        """Return findings about the changes by file and row instead of by their place in the list."""
        return [problem if problem.row is None else replace(problem, file=self.given[problem.row - 1][0], row=self.given[problem.row - 1][1]) for problem in problems]


def scenario_of(options: Namespace, district: "District") -> Planned:
    """Return the changes that the options of `add_scenario` name, in this order: saved ones, roads, closings, gates, facilities.

    Raises:
        ProblemsFound: something in the files cannot be used; nothing was done.
        Misasked: no change is named, --add is not KEY=FILE, or --move is not ID=FILE with one place.
        Unknown: no site has the id that --move or --remove names.
        Unreadable: a file cannot be opened.
    """
    from geodata.changes import NAMELESS, AddFacility, MoveFacility, RemoveFacility
    from geodata.checks import ROW, refuse_errors
    from geodata.errors import Misasked
    from geodata.scenario_checks import added_id
    from geodata.scenario_file import open_scenario

    changes: list[Change] = []
    given: list[tuple[str, int]] = []
    problems: list[Problem] = []
    name = NAMELESS
    if options.scenario:
        saved = open_scenario(options.scenario, district)
        changes += saved.changes
        given += [(options.scenario.name, row) for row in range(1, len(saved.changes) + 1)]
        problems += saved.problems
        name = saved.name
    rows = partial(_rows, options=options, district=district, problems=problems)
    for path, made in _makers(options):
        for shape, called, told in rows(path):
            changes.append(made(shape, called, told))
            given.append((path.name, int(told[ROW])))
    known = {*district.sites["id"].astype(str), *(change.id or added_id(change.layer, row) for row, change in enumerate(changes, start=1) if isinstance(change, AddFacility))}
    for site, path in _pairs(options.move, "--move", Text("编号=文件", "ID=FILE")):
        _check_known(site, "--move", known)
        places = rows(path)
        if len(places) != 1:
            raise Misasked(Text(f"--move {site} 的文件应只有一处位置，{path.name} 有 {len(places)} 处。", f"--move {site} takes a file of one place; {path.name} holds {len(places)}."))
        changes.append(MoveFacility(site, places[0][0]))
        given.append((path.name, int(places[0][2][ROW])))
    for row, site in enumerate(options.remove, start=1):
        _check_known(site, "--remove", known)
        changes.append(RemoveFacility(site))
        given.append(("--remove", row))
    refuse_errors(problems, Text("情景", "Scenario"))
    if not changes:
        raise Misasked(Text("请至少给出一项改动：--open、--close、--close-gate、--open-gate、--add、--move、--remove 或 --scenario。",
                            "Name at least one change: --open, --close, --close-gate, --open-gate, --add, --move, --remove or --scenario."))
    return Planned(tuple(changes), name, tuple(problem for problem in problems if problem.row is None), tuple(given))


def _makers(options: Namespace) -> "list[tuple[Path, Callable[[Any, Text, dict[str, Any]], Change]]]":
    """Return the files of --open, --close, --close-gate, --open-gate and --add, in this order, each with what makes a change of a place."""
    from geodata.change_files import number_in
    from geodata.changes import WITHIN_M, AddFacility, CloseGate, CloseStreet, OpenGate, OpenRoad

    default_m = WITHIN_M if options.within is None else options.within

    def road(shape: Any, called: Text, told: dict[str, Any]) -> OpenRoad:
        own = number_in(told, "within_m") if options.within is None else None
        return OpenRoad(shape, called, default_m if own is None else own)

    def facility(layer: str, shape: Any, called: Text, told: dict[str, Any]) -> AddFacility:
        return AddFacility(layer, shape, called, str(told.get("id") or ""), number_in(told, "capacity"))

    return [
        *((path, road) for path in options.open),
        *((path, lambda shape, called, _: CloseStreet(shape, called, default_m)) for path in options.close),
        *((path, lambda shape, called, _: CloseGate(shape, called)) for path in options.close_gate),
        *((path, lambda shape, called, _: OpenGate(shape, called, default_m)) for path in options.open_gate),
        *((path, partial(facility, layer)) for layer, path in _pairs(options.add, "--add", Text("图层=文件", "KEY=FILE"))),
    ]


def _check_known(site: str, option: str, known: set[str]) -> None:
    """Raise Unknown where no site has an id that an option names."""
    from geodata.errors import Unknown

    if site not in known:
        raise Unknown(Text(f"{option}：没有编号为 {site} 的设施。请核对编号；示意点不能移动或移除。", f"{option}: there is no site {site}. Check the id; demo sites cannot be moved or removed."))


def _pairs(said: list[str], option: str, form: Text) -> list[tuple[str, Path]]:
    """What an option written NAME=FILE names."""
    from geodata.errors import Misasked

    pairs = []
    for text in said:
        name, sign, file = text.partition("=")
        if not (sign and name.strip() and file):
            raise Misasked(Text(f"{option} 应写成 {form.zh}，收到 {text}。", f"{option} is written {form.en}, got {text}."))
        pairs.append((name.strip(), Path(file)))
    return pairs


def _rows(path: Path, options: Namespace, district: "District", problems: "list[Problem]") -> list[tuple[Any, Text, dict[str, Any]]]:
    """The places of a file in the district's metric CRS, one part each, with what is told of them."""
    from geodata.change_files import read_places

    frame, found = read_places(path, datum=options.datum)
    problems += found
    metric = frame.to_crs(district.metric_crs) if len(frame) else frame
    return [(shape, Text(str(told["name_zh"]), str(told["name_en"])), {str(name): value for name, value in told.items()})
            for told, shape in zip(metric.drop(columns="geometry").to_dict("records"), metric.geometry, strict=True)]


def connection_record(connection: "Connection") -> dict[str, object]:
    """Return how a road is connected as JSON takes it."""
    return {"connected": connection.connected, "joins": connection.joins, "length_m": connection.length_m, "way_before_m": connection.way_before_m,
            "ends": [{"side": end.side, "joined": end.joined, "short_m": end.short_m, "barred": end.barred} for end in connection.ends]}


def streets_record(streets: "pd.DataFrame") -> dict[str, dict[str, float]]:
    """Return connectivity as JSON takes it: by column, then by figure."""
    return {str(name): {str(key): float(value) for key, value in column.items()} for name, column in streets.items()}


def ranged_share(row: dict[str, Any], name: str) -> str:
    """Return a share of a row as it is read: as a range where sites are drawn."""
    found = (row.get("range") or {}).get(name)
    if found and None not in found and percent(found[0]) != percent(found[1]):
        return f"{100 * found[0]:.1f}–{percent(found[1])}"
    return percent(row[name])


def say_streets(streets: "pd.DataFrame", states: "Mapping[str, Text]", console: "Console") -> None:
    """Print how the streets hang together, a column a state: `states` are the columns of `streets` with their names."""
    from geodata.wording import STREET_FIGURES

    console.table((Text("街道", "Streets"), *states.values()), [(name, *(round(float(streets[state][key]), digits) for state in states)) for key, name, digits in STREET_FIGURES])
    console.say()


def percent(value: float | None) -> str:
    """Return a share as it is read."""
    return "—" if value is None else f"{100 * value:.1f} %"


def spread(row: dict[str, Any], name: str) -> Text:
    """Return a figure of a row as it is read: as a range where sites are drawn."""
    from geodata.comparing_words import number_of

    return Text("—", "—") if row[name] is None else number_of(row, name)


def median_walk(row: dict[str, Any], name: str) -> str:
    """Return the median walk of a row as it is read: as a range where sites are drawn."""
    from geodata.numerals import metres_range

    return metres_range((row[name] or {}).get("p50"), ((row.get("range") or {}).get(name) or {}).get("p50"))


def say_method(method: "Sequence[Text]", draws: int | None, console: "Console") -> None:
    """Print how an answer was worked out, without what stood below its table already."""
    from geodata.comparing_words import own_draws

    said = own_draws(draws)
    console.points([text for text in method if text not in said])


def say_table(heading: "Sequence[Text]", rows: "Sequence[Sequence[object]]", draws: int | None, console: "Console") -> None:
    """Print the figures of an answer, and below them why those of draws need not add up."""
    from geodata.comparing_words import own_draws

    console.table(heading, rows)
    for text in own_draws(draws):
        console.say(text)
    console.say()
