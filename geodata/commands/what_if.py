"""`what-if`: streets opened or closed, facilities added or removed: who walks less, who more."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geodata.answer_json import sources_of
from geodata.commands._changing import (
    add_scenario,
    add_walking,
    connection_record,
    median_walk,
    ranged_share,
    say_method,
    say_streets,
    say_table,
    scenario_of,
    spread,
    streets_record,
    walking_question,
)
from geodata.commands._console import Console
from geodata.commands._files import tried_form, try_place, write_table
from geodata.commands._form import Command
from geodata.commands._options import add_layer, open_district, parameters_of
from geodata.commands._parser import Parser, number
from geodata.commands._problems import show_problems
from layers import Text

if TYPE_CHECKING:
    import pandas as pd

    from geodata.comparing import Comparison

TITLE: Final = Text("改动前后的步行", "Walks before and after")
_HEADING = (Text("图层", "Layer"), Text("标准", "Standard"), Text("计入", "Counted"), Text("已落位/承诺", "Located / promised"), Text("覆盖前", "Covered before"), Text("覆盖后", "after"),
            Text("直线前", "Straight before"), Text("直线后", "after"), Text("中位步行前", "Median walk before"), Text("中位步行后", "after"),
            Text("节省{minutes}", "Saved: {minutes}"), Text("新进入标准", "Newly covered"), Text("路网外", "Off the network"), Text("按 30 分钟计", "Capped at 30 min"), Text("变远", "Longer"))


def _options(parser: Parser) -> None:
    add_layer(parser)
    add_scenario(parser)
    parser.option("--against", type=Path, metavar="FILE", about=Text("与这个保存的情景相比，而不是与现状相比", "hold the scenario against this saved one instead of the district as it is"))
    parser.option("--per", type=number(parser.lang), metavar="N",
                  about=Text("容量已知时，每个车位（桩、床位、学位）服务多少人；不写则平均", "where capacity is known, how many people one stall (pile, bed, place) serves; without it all are shared evenly"))
    add_walking(parser)
    parser.option("--out", type=Path, metavar="FILE.geojson|.csv", about=Text("把每个人口点前后的步行写成文件", "write the walk of every demand point before and after to a file"))


def _run(options: Namespace, console: Console) -> None:
    question = walking_question(options)
    form = tried_form(options.out, among=("geojson", "csv")) if options.out else None
    if options.save:
        try_place(options.save)
    district, hashes = open_district(options)
    from geodata.checks import refuse_errors
    from geodata.comparing import compare
    from geodata.comparing_words import draws_of, records_of
    from geodata.room_change import room_changes
    from geodata.scenario import apply, check_changes
    from geodata.scenario_file import open_scenario, save_scenario
    from geodata.wording import MINUTES

    planned = scenario_of(options, district)
    against = open_scenario(options.against, district) if options.against else None
    if against is not None:
        refuse_errors(against.problems, Text("对照情景", "Scenario compared against"))
    checked = planned.in_files(check_changes(district, planned.changes))
    refuse_errors(checked, Text("情景", "Scenario"))
    before, after = (district if against is None else apply(district, against.changes)), apply(district, planned.changes)
    warnings = [*planned.notes, *checked, *(against.problems if against is not None else ())]
    answer = compare(before, after, question, stand_ins=not options.no_stand_ins, progress=console.progress(Text("比较改动前后", "Comparing before and after")))
    room = room_changes(before, after, question.layers, people_per_unit=options.per, metres=options.metres, access_m=options.access)
    if warnings:
        show_problems(warnings, console)
    if options.save:
        again = Text("（替换了原有文件）", " (replaced the file that was there)") if options.save.exists() else Text("", "")
        save_scenario(options.save, district, planned.changes, name=planned.name, method=answer.method)
        console.note(Text(f"情景已保存到 {options.save}{again.zh}", f"The scenario is in {options.save}{again.en}"))
    written = None
    if form is not None:
        written = write_table(_table(answer, csv=form.key == "csv"), form, options, console, district=district, key="what_if", title=TITLE, method=answer.method)
    rows = records_of(answer.rows)
    console.document(
        rows, parameters=parameters_of(options) | question.parameters(), sources=sources_of(district), data_hashes=hashes, demonstration=answer.demonstration,
        heading=answer.heading, sentences=[*answer.sentences, *(one.sentence() for one in room)], longer_walks=answer.longer_walks, connected=answer.connected,
        connections=[connection_record(c) | {"verdict": c.verdict(gains=i in answer.gaining)} for i, c in answer.connections.items()], streets=streets_record(answer.streets),
        capacity=[one.facts() for one in room], warnings=[{"file": p.file, "row": p.row, "code": p.code, "message": p.message, "remedy": p.remedy} for p in warnings], method=answer.method,
        files=list(written.files) if written else [])
    console.lead(answer.heading, [*answer.sentences, *(one.sentence() for one in room)])
    say_table([head.format(minutes=MINUTES[district.demand_unit]) for head in _HEADING], [_cells(row) for row in rows], draws_of(answer.rows), console)
    say_streets(answer.streets, {"before": Text("前", "Before"), "after": Text("后", "After")}, console)
    say_method(answer.method, draws_of(answer.rows), console)
    if written:
        written.say(console)


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    """A row as the table prints it."""
    from geodata.wording import COUNTED_NAMES, layer_name

    promised = "—" if row["sites_promised"] is None else f"{row['sites_promised']:,.0f}"
    demo = Text(" + {n} 示意", " + {n} demo").format(n=row["demo_sites"]) if row["demo_sites"] else Text("", "")
    counted = Text("{a}{demo} / {b}", "{a}{demo} / {b}").format(a=f"{row['sites_counted'] or 0:,.0f}", demo=demo, b=promised)
    return (layer_name(row["layer"]), row["standard"] or "—", COUNTED_NAMES[row["counted"]], counted,
            ranged_share(row, "covered_share_before"), ranged_share(row, "covered_share_after"), ranged_share(row, "straight_line_share_before"),
            ranged_share(row, "straight_line_share_after"), median_walk(row, "walk_m_before"), median_walk(row, "walk_m_after"), spread(row, "person_minutes_saved"),
            spread(row, "people_newly_covered"), f"{row['off_network_people_after']:,.0f}", spread(row, "capped_people"), row["longer_walks"])


def _table(answer: "Comparison", *, csv: bool) -> "pd.DataFrame":
    """The demand points before and after as a file takes them."""
    points = answer.gains
    table: pd.DataFrame = points.drop(columns="geometry") if csv else points
    table = table.assign(**{name: table[name].round(3) for name in ("walk_before_m", "walk_after_m", "difference_m", "minutes_saved")})
    table.attrs = {"demonstration": answer.demonstration, "draw": answer.draw}
    return table


COMMAND = Command(
    name="what-if",
    help=Text("假如：打通或封闭道路、增减设施，步行有何变化", "what if streets are opened or closed, facilities added or removed"),
    options=_options,
    run=_run,
    order=62,
    example="what-if --open road.geojson --layer public_toilets",
)
