"""`coverage`: whom the sites of a layer serve on foot."""

from argparse import Namespace
from collections.abc import Mapping
from math import isnan
from typing import Any

from geodata.answer_json import records_of
from geodata.commands._console import Console
from geodata.commands._form import Command
from geodata.commands._options import (
    add_layer,
    add_question,
    open_district,
    parameters_of,
    question_of,
)
from geodata.commands._parser import Parser, number
from layers import Text, every_layer

_HEADING = (Text("图层", "Layer"), Text("标准", "Standard"), Text("方式", "Mode"), Text("计入", "Counted"), Text("已落位/承诺", "Located/promised"), Text("覆盖", "Covered"),
            Text("直线", "Straight line"), Text("路网外", "Off network"), Text("走不到", "Unreachable"), Text("步行中位数", "Median walk"))
_POSITIONS = Text("点位误差区间", "Positions")
_FIRST = 0.8
"""The answer's share of the time; moving sites within their uncertainty takes the rest."""
_JOINED = {"any": Text("任一", "any"), "all": Text("全部", "all")}


def _options(parser: Parser) -> None:
    add_layer(parser)
    limit = parser.add_mutually_exclusive_group()
    limit.add_argument("--metres", type=number(parser.lang, least=1), metavar="M", help=parser.say(Text("服务距离，沿街道，米", "service distance along the streets, metres")))
    limit.add_argument("--minutes", type=number(parser.lang), metavar="MIN", help=parser.say(Text("时间，分钟；距离为（时间−出动）×速度", "time; the distance is (time - turnout) x speed")))
    parser.option("--speed", type=number(parser.lang, least=0.01), metavar="M/S", about=Text("步行速度，米/秒（默认 1.2），与 --minutes 同用", "walking speed, m/s (default 1.2), with --minutes"))
    parser.option("--turnout", type=number(parser.lang), metavar="MIN", about=Text("出动准备时间，分钟（默认 0），与 --minutes 同用", "minutes before anyone leaves (default 0), with --minutes"))
    parser.option("--draws", type=number(parser.lang, least=1, whole=True), metavar="N", about=Text("示意点随机抽样次数（默认 200）", "redraws of the demo sites (default 200)"))
    add_question(parser)


def _run(options: Namespace, console: Console) -> None:
    paced = options.speed is not None or options.turnout is not None
    if paced and options.minutes is None and not (options.metres is None and all(_timed(key) for key in options.layer)):
        options.parser.refuse(Text("--speed 与 --turnout 须与 --minutes 同用，或用于本身以时间为标准的图层（微型消防站）",
                                   "--speed and --turnout go with --minutes, or with a layer whose own standard is a time (micro fire stations)"))
    from geodata.coverage_files import coverage_document
    from geodata.positions import position_ranges
    from geodata.question import DEFAULT_DRAWS, DEFAULT_SPEED_M_PER_S
    from geodata.report import coverage

    question = question_of(options, metres=options.metres, minutes=options.minutes, turnout_min=options.turnout or 0.0,
                           speed_m_per_s=DEFAULT_SPEED_M_PER_S if options.speed is None else options.speed, draws=options.draws or DEFAULT_DRAWS)
    district, hashes = open_district(options)
    tell = console.progress(Text("计算步行距离", "Measuring walks"))
    answer = coverage(district, question, stand_ins=not options.no_stand_ins, progress=lambda done: tell(_FIRST * done))
    positions = position_ranges(district, question, answer.rows, stand_ins=not options.no_stand_ins, progress=lambda done: tell(_FIRST + (1 - _FIRST) * done))
    rows, by_area = records_of(answer.rows), records_of(answer.by_area)
    console.write(coverage_document(district, answer, positions, data_hashes=hashes, more=parameters_of(options)))
    console.lead(answer.heading, answer.sentences)
    if rows:
        console.table((*_HEADING, _POSITIONS), [(*_cells(row), _percent(None, [ends["low"], ends["high"]])) for row, ends in zip(rows, records_of(positions), strict=True)])
        console.say()
    _table_by_area(by_area, console)
    for title, texts in ((Text("方法", "Method"), answer.method), (Text("前提", "Assumptions"), answer.assumptions), (Text("来源", "Sources"), answer.sources)):
        console.points(texts, title)


def _timed(key: str) -> bool:
    """Whether the layer's own standard is a time, so that speed and turnout have a meaning without --minutes."""
    standard = every_layer()[key].standard if key in every_layer() else None
    return standard is not None and standard.minutes is not None


def _table_by_area(rows: list[dict[str, Any]], console: Console) -> None:
    if rows:
        console.table((Text("片区", "Area"), *_HEADING), [(Text(row["name_zh"] or row["area_id"], row["name_en"] or row["name_zh"] or row["area_id"]), *_cells(row)) for row in rows])
        console.say()


def _cells(row: Mapping[str, Any]) -> tuple[object, ...]:
    """Return a row of the answer as it is read: a demonstration's figures as ranges."""
    from geodata.wording import COUNTED_NAMES, MODE_NAMES

    spread: Mapping[str, Any] = row["range"] or {}
    layers = every_layer()
    counted, promised = (_number(row[name]) for name in ("sites_counted", "sites_promised"))
    median = (row["walk_m"] or {}).get("p50")
    return (
        layers[row["layer"]].name if row["layer"] in layers else _JOINED.get(row["layer"], row["layer"]),
        row["standard"], MODE_NAMES.get(row["mode"], row["mode"]), COUNTED_NAMES.get(row["counted"], row["counted"]), f"{counted}/{promised}",
        _percent(row["covered_share"], spread.get("covered_share")), _percent(row["straight_line_share"], spread.get("straight_line_share")),
        row["off_network_people"], row["unreachable_people"], _metres(median, (spread.get("walk_m") or {}).get("p50")),
    )


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:,g}"


def _percent(value: float | None, spread: list[float | None] | None) -> str:
    if spread and not any(end is None or isnan(end) for end in spread):
        low, high = (100 * float(v or 0.0) for v in spread)
        return f"{low:.1f}–{high:.1f} %"
    return "—" if value is None else f"{100 * value:.1f} %"


def _metres(value: float | None, spread: list[float | None] | None) -> str:
    if spread and None not in spread:
        low, high = (float(v or 0.0) for v in spread)
        return f"{low:,.0f}–{high:,.0f} m"
    return "—" if value is None else f"{value:,.0f} m"


COMMAND = Command(
    name="coverage",
    help=Text("步行覆盖：这些设施服务到多少居民", "walking coverage: whom the sites of a layer serve"),
    options=_options,
    run=_run,
    order=40,
    example="coverage --layer public_toilets --metres 300",
)
