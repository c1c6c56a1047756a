"""`what-if`: streets opened or closed, facilities added or removed: who walks less, who more."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.answer_json import sources_of
from geodata.commands._changing import (
    add_scenario,
    add_walking,
    connection_record,
    median_walk,
    percent,
    scenario_of,
    spread,
    streets_record,
    walking_question,
)
from geodata.commands._console import Console
from geodata.commands._files import write_answer
from geodata.commands._form import Command
from geodata.commands._options import add_layer, form_of, open_district, parameters_of
from geodata.commands._parser import Parser
from geodata.commands._problems import show_problems
from layers import Text, every_layer

if TYPE_CHECKING:
    import pandas as pd

    from geodata.comparing import Comparison

_HEADING = (Text("图层", "Layer"), Text("标准", "Standard"), Text("覆盖前", "Covered before"), Text("覆盖后", "after"), Text("中位步行前", "Median walk before"), Text("中位步行后", "after"),
            Text("节省人·分钟", "Person-minutes saved"), Text("新进入标准", "Newly covered"), Text("走不到", "Capped"), Text("变远", "Longer"))


def _options(parser: Parser) -> None:
    add_layer(parser)
    add_scenario(parser)
    add_walking(parser)
    parser.option("--out", type=Path, metavar="FILE.geojson|.csv", about=Text("把每个人口点前后的步行写成文件", "write the walk of every demand point before and after to a file"))


def _run(options: Namespace, console: Console) -> None:
    question = walking_question(options)
    form = form_of(options.out, among=("geojson", "csv")) if options.out else None
    district, hashes = open_district(options)
    from geodata.comparing import compare, records_of
    from geodata.scenario import apply, check_changes
    from geodata.scenario_file import save_scenario

    changes = scenario_of(options, district)
    after = apply(district, changes)
    warnings = check_changes(district, changes)
    answer = compare(district, after, question, stand_ins=not options.no_stand_ins, progress=console.progress(Text("比较改动前后", "Comparing before and after")))
    if warnings:
        show_problems(warnings, console)
    if options.save:
        again = Text("（替换了原有文件）", " (replaced the file that was there)") if options.save.exists() else Text("", "")
        save_scenario(options.save, district, changes)
        console.note(Text(f"情景已保存到 {options.save}{again.zh}", f"The scenario is in {options.save}{again.en}"))
    if form is not None:
        table = _table(answer, csv=form.key == "csv")
        write_answer(table, form, options, console, district=district, hashes=hashes, key="what_if", title=Text("改动前后的步行", "Walks before and after"), method=answer.method)
        return
    rows = records_of(answer.rows)
    console.document(
        rows, parameters=parameters_of(options) | question.parameters(), sources=sources_of(district), data_hashes=hashes, demonstration=answer.demonstration,
        heading=answer.heading, sentences=answer.sentences, longer_walks=answer.longer_walks, connected=answer.connected,
        connections=[connection_record(c) for c in answer.connections.values()], streets=streets_record(answer.streets),
        warnings=[{"row": p.row, "code": p.code, "message": p.message, "remedy": p.remedy} for p in warnings], method=answer.method)
    console.lead(answer.heading, answer.sentences)
    known = every_layer()
    console.table(_HEADING, [(known[row["layer"]].name, row["standard"], percent(row["covered_share_before"]), percent(row["covered_share_after"]),
                              median_walk(row, "walk_m_before"), median_walk(row, "walk_m_after"), spread(row, "person_minutes_saved"),
                              spread(row, "people_newly_covered"), spread(row, "capped_people"), row["longer_walks"]) for row in rows])
    console.say()
    _say_streets(answer, console)
    console.points(answer.method)


def _table(answer: "Comparison", *, csv: bool) -> "pd.DataFrame":
    """The demand points before and after as a file takes them."""
    points = answer.gains
    table: pd.DataFrame = points.drop(columns="geometry") if csv else points
    table = table.assign(**{name: table[name].round(3) for name in ("walk_before_m", "walk_after_m", "difference_m", "minutes_saved")})
    table.attrs = {"demonstration": answer.demonstration, "draw": 1 if answer.rows["range"].notna().any() else None}
    return table


def _say_streets(answer: "Comparison", console: Console) -> None:
    """The streets before and after."""
    figures = {"dead_ends": Text("断头（步行）", "dead ends (on foot)"), "vehicle_dead_ends": Text("断头（行车）", "dead ends (for vehicles)"),
               "intersections_per_km2": Text("路口/km²", "intersections per km²"), "vehicle_density_km_per_km2": Text("行车道路密度 km/km²（GB 50180：≥ 8）", "density of streets for vehicles, km/km² (GB 50180: ≥ 8)")}
    told = streets_record(answer.streets)
    console.table((Text("街道", "Streets"), Text("前", "Before"), Text("后", "After")),
                  [(name, round(told["before"][key], 3), round(told["after"][key], 3)) for key, name in figures.items()])
    console.say()


COMMAND = Command(
    name="what-if",
    help=Text("假如：打通或封闭道路、增减设施，步行有何变化", "what if streets are opened or closed, facilities added or removed"),
    options=_options,
    run=_run,
    order=62,
    example="what-if --open road.geojson --layer public_toilets",
)
