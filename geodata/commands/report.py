"""`report`: a coverage report as PDF, web page, slides, workbook and data, and the same worked out again from what it recorded."""

import os
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geodata.answer_json import sources_of
from geodata.commands._console import Console
from geodata.commands._form import Command
from geodata.commands._options import (
    add_fresh,
    add_layer,
    add_question,
    open_district,
    pack_of,
    parameters_of,
    question_of,
)
from geodata.commands._parser import Parser, number
from layers import Lang, Text, every_layer

if TYPE_CHECKING:
    from geodata.district import District
    from geodata.finding_rebuild import Imprint
    from geodata.findings import Asked
    from geodata.rebuilding import Difference

EVERY: Final = "all"
_ASKING: Final = ("layer", "metres", "minutes", "speed", "turnout", "draws", "what_if", "counted", "status", "year", "area", "access", "seed", "no_stand_ins", "stand_ins")
"""What a report asks, as the options name it; a record says it all."""
_SHOWN: Final = 40
"""So many differences are printed; --json has all."""
_EQUAL: Final = Text("与记录一致：每个数字、每张表都在容差之内（相对 1e-9，绝对 1e-6）。", "As recorded: every number and table is within the tolerance (1e-9 relative, 1e-6 absolute).")


def _options(parser: Parser) -> None:
    add_layer(parser, required=False)
    limit = parser.add_mutually_exclusive_group()
    limit.add_argument("--metres", type=number(parser.lang, least=1), metavar="M", help=parser.say(Text("服务距离，沿街道，米；不写则用各图层自己的标准", "service distance along the streets, metres; without it each layer's own standard")))
    limit.add_argument("--minutes", type=number(parser.lang), metavar="MIN", help=parser.say(Text("时间，分钟；距离为（时间−出动）×速度", "time; the distance is (time - turnout) x speed")))
    parser.option("--speed", type=number(parser.lang, least=0.01), metavar="M/S", about=Text("步行速度，米/秒（默认 1.2）", "walking speed, m/s (default 1.2)"))
    parser.option("--turnout", type=number(parser.lang), metavar="MIN", about=Text("出动准备时间，分钟（默认 0）", "minutes before anyone leaves (default 0)"))
    parser.option("--draws", type=number(parser.lang, least=1, whole=True), metavar="N", about=Text("随机抽样次数（默认 200）", "redraws (default 200)"))
    parser.option("--what-if", type=Path, metavar="FILE.geojson", about=Text("保存的情景：报告另列前后对比", "a saved scenario: the report also compares before and after"))
    add_question(parser)
    parser.option("--stand-ins", action="store_true", about=Text("GeoPackage 另含计入的示意点（单独的“示意”图层）", "the GeoPackage also holds the demo sites counted, in a layer of their own that says 示意"))
    parser.option("--out", type=Path, metavar="DIR", about=Text("新文件夹：PDF、HTML、PPTX、XLSX、GeoPackage、report.json", "new folder: PDF, HTML, PPTX, XLSX, GeoPackage, report.json"))
    add_fresh(parser)
    parser.option("--rebuild", type=Path, metavar="DIR", about=Text("按该文件夹中记录的参数重新计算并逐项比较；一致退出码 0，不一致 1", "work the report of this folder out again and compare; exit code 0 equal, 1 different"))


def _run(options: Namespace, console: Console) -> None:
    if options.rebuild:
        _refuse_asked(options)
        _rebuild(options, console)
        return
    if not options.layer or not options.out:
        options.parser.refuse(Text("请给出 --layer 和 --out，或 --rebuild", "give --layer and --out, or --rebuild"))
    from geodata.dossier import check_free

    check_free(options.out)
    options.layer = [key for key, layer in every_layer().items() if layer.serves_on_foot] if options.layer == [EVERY] else options.layer
    district, hashes = open_district(options)
    asked = _asked(options, district, console)
    _make(options, console, district=district, hashes=hashes, asked=replace(asked, demo_sites=options.stand_ins))


def _refuse_asked(options: Namespace) -> None:
    """Refuse whatever asks something else than the record does."""
    given = [f"--{name.replace('_', '-')}" for name in _ASKING if getattr(options, name) != options.parser.get_default(name)]
    if given:
        said = "、".join(given), ", ".join(given)
        options.parser.refuse(Text(f"--rebuild 用记录的参数，不能与 {said[0]} 同用", f"--rebuild takes the recorded parameters and does not go with {said[1]}"))


def _asked(options: Namespace, district: "District", console: Console) -> "Asked":
    """Return what the options ask; what a scenario warns of is shown."""
    from geodata.checks import refuse_errors
    from geodata.commands._problems import show_problems
    from geodata.findings import Asked
    from geodata.question import DEFAULT_DRAWS, DEFAULT_SPEED_M_PER_S
    from geodata.scenario_file import open_scenario

    question = question_of(options, metres=options.metres, minutes=options.minutes, turnout_min=options.turnout or 0.0,
                           speed_m_per_s=DEFAULT_SPEED_M_PER_S if options.speed is None else options.speed, draws=options.draws or DEFAULT_DRAWS)
    if not options.what_if:
        return Asked(question, not options.no_stand_ins)
    saved = open_scenario(options.what_if, district)
    refuse_errors(list(saved.problems), Text("情景", "Scenario"))
    if saved.problems:
        show_problems(saved.problems, console)
    return Asked(question, not options.no_stand_ins, saved.changes, saved.name)


def _imprint(options: Namespace, console: Console, district: "District") -> "Imprint":
    """Return what the report says of itself."""
    from geodata.dossier import imprint_of
    from geodata.settings import read_settings

    return imprint_of(district, pack_of(options), console.lang, read_settings())


def _make(options: Namespace, console: Console, *, district: "District", hashes: dict[str, str], asked: "Asked", lang: Lang | None = None) -> None:
    """Write a report, made before or made now, and say which files."""
    from geodata.commands._finished import WAS_KEPT
    from geodata.dossier import as_zip, key_of, make_files, unzipped, write_dossier
    from geodata.kept_files import kept

    imprint = replace(_imprint(options, console, district), lang=lang or console.lang)
    tell = console.progress(Text("生成报告", "Making the report"))
    key = key_of(district, asked, imprint, fixed=bool(os.environ.get("SOURCE_DATE_EPOCH")))
    made: list[bytes] = []

    def work() -> bytes:
        made.append(as_zip(make_files(district, asked, imprint, tell=tell), imprint.made_at))
        return made[0]

    content = kept(key, work, fresh=options.fresh)
    if not made:
        console.note(WAS_KEPT)
    files = write_dossier(options.out, unzipped(content))
    console.document({"files": files}, parameters=parameters_of(options), sources=sources_of(district), data_hashes=hashes)
    for path in files:
        console.say(Text(f"已写入 {path}", f"Wrote {path}"))
    console.say(Text(f"重新核对：python -m geodata report --rebuild {options.out}", f"To check it later: python -m geodata report --rebuild {options.out}"))


def _rebuild(options: Namespace, console: Console) -> None:
    """Work a report out again, compare, and end with 1 where it differs."""
    from geodata.commands._problems import show_problems
    from geodata.dossier import check_free
    from geodata.findings import find
    from geodata.rebuilding import differences, read_report, surroundings

    district, hashes = open_district(options)
    recorded = read_report(options.rebuild, district)
    if recorded.warnings:
        show_problems(recorded.warnings, console)
    if options.out:
        check_free(options.out)
        _make(options, console, district=district, hashes=hashes, asked=recorded.asked, lang=recorded.lang)
        return
    found = find(district, recorded.asked, progress=console.progress(Text("重新计算", "Working it out again")))
    imprint = _imprint(options, console, district)
    changed, beside = differences(recorded, found, imprint), surroundings(recorded, found, imprint)
    console.document({"equal": not changed, "differences": _records(changed), "changed_beside": _records(beside)}, parameters=parameters_of(options), sources=sources_of(district), data_hashes=hashes)
    _list(Text("数据、版本或文件有变化：", "Data, versions or files changed:"), beside, console)
    if not changed:
        console.say(_EQUAL)
        return
    _list(Text(f"与记录不同，共 {len(changed):,} 处：", f"Not as recorded, {len(changed):,} in all:"), changed, console)
    raise SystemExit(1)


def _records(found: "Sequence[Difference]") -> list[dict[str, Any]]:
    return [{"where": one.where, "recorded": one.recorded, "today": one.today} for one in found]


def _list(title: Text, found: "Sequence[Difference]", console: Console) -> None:
    """Print what differs."""
    if not found:
        return
    console.say(title)
    console.table((Text("何处", "Where"), Text("记录", "Recorded"), Text("现在", "Today")), [(one.where, _short(one.recorded), _short(one.today)) for one in found[:_SHOWN]])
    if len(found) > _SHOWN:
        console.say(Text(f"另有 {len(found) - _SHOWN:,} 处，见 --json。", f"{len(found) - _SHOWN:,} more; see --json."))
    console.say()


def _short(value: Any) -> str:
    text = "—" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


COMMAND = Command(
    name="report",
    help=Text("覆盖报告：PDF、网页、演示文稿、表格与数据，可按记录重新计算核对", "coverage report: PDF, web page, slides, tables and data, which can be worked out again and compared"),
    options=_options,
    run=_run,
    order=45,
    example="report --layer public_toilets,micro_fire_stations --out report",
)
