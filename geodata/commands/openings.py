"""`openings`: the road openings of the pack, ranked by the walking they save."""

from argparse import Namespace

from geodata.answer_json import sources_of
from geodata.commands._changing import (
    add_walking,
    connection_record,
    median_walk,
    percent,
    ranged_share,
    say_method,
    say_streets,
    say_table,
    spread,
    streets_record,
    walking_question,
)
from geodata.commands._console import Console
from geodata.commands._form import Command
from geodata.commands._options import add_layer, open_district, parameters_of
from geodata.commands._parser import Parser
from layers import Text, every_layer

_HEADING = (Text("名次", "Rank"), Text("道路", "Road"), Text("图层", "Layer"), Text("单独：{minutes}", "Alone: {minutes}"), Text("最后打通：{minutes}", "Last added: {minutes}"),
            Text("新进入标准", "Newly covered"), Text("覆盖前", "Covered before"), Text("覆盖后", "after"), Text("中位步行前", "Median walk before"), Text("中位步行后", "after"),
            Text("按 30 分钟计", "Capped at 30 min"), Text("变远", "Longer"), Text("两端接通", "Connected"))
_TOTAL = Text("各类合计：{minutes}", "All kinds: {minutes}")
_TRIAL = (Text("取法", "Variation"), Text("次数", "Draws"), Text("最常居首", "Most often first"), Text("答案居首的比例", "Share of the answer's first"))


def _options(parser: Parser) -> None:
    add_layer(parser)
    add_walking(parser)


def _run(options: Namespace, console: Console) -> None:
    question = walking_question(options)
    district, hashes = open_district(options)
    from geodata.comparing_words import draws_of, records_of
    from geodata.opening_words import trial_name
    from geodata.openings import TOGETHER, rank_openings
    from geodata.wording import MINUTES

    answer = rank_openings(district, question, stand_ins=not options.no_stand_ins, progress=console.progress(Text("比较打通前后", "Comparing before and after")))
    rows = records_of(answer.rows)
    firm = answer.stability
    console.document(
        rows, parameters=parameters_of(options) | question.parameters(), sources=sources_of(district), data_hashes=hashes, demonstration=answer.demonstration,
        heading=answer.heading, sentences=answer.sentences, longer_walks=answer.longer_walks,
        connections={key: connection_record(found) for key, found in answer.connections.items()},
        connections_together={key: connection_record(found) for key, found in answer.connections_together.items()},
        stability={"first": firm.first, "share": firm.share, "draws": firm.draws, "stable": firm.stable, "worst": firm.worst, "trials": records_of(firm.table)},
        streets=streets_record(answer.streets), waiting=[{"id": w.id, "name": w.name, "reason": w.reason} for w in answer.waiting], method=answer.method)
    console.lead(answer.heading, answer.sentences)
    if rows:
        known, several = every_layer(), len(question.layers) > 1
        heads = [head.format(minutes=MINUTES[district.demand_unit]) for head in (*_HEADING[:3], *([_TOTAL] if several else []), *_HEADING[3:])]
        say_table(heads, [(
            "—" if row["rank"] is None else str(row["rank"]), Text(row["name_zh"], row["name_en"]), known[row["layer"]].name,
            *([spread(row, "person_minutes_saved_total")] if several else []), spread(row, "person_minutes_saved"),
            spread(row, "last_added_person_minutes"), spread(row, "people_newly_covered"),
            ranged_share(row, "covered_share_before"), ranged_share(row, "covered_share_after"), median_walk(row, "walk_m_before"), median_walk(row, "walk_m_after"),
            spread(row, "capped_people"), row["longer_walks"], row["connected"]) for row in rows], draws_of(answer.rows), console)
        names = {o.id: o.road.name for o in answer.openings}
        console.table(_TRIAL, [(trial_name(row), row["draws"], names.get(row["first"] or "", "—"), percent(row["share"] if row["first"] else None)) for row in records_of(firm.table)])
        console.say()
        say_streets(answer.streets, {"before": Text("之前", "Before"), **names, TOGETHER: Text("全部打通", "All together")}, console)
    say_method(answer.method, draws_of(answer.rows), console)


COMMAND = Command(
    name="openings",
    help=Text("打通断头路：单独、合计、最后打通各省多少步行，排名", "road openings: the walking each saves alone, together and last added, ranked"),
    options=_options,
    run=_run,
    order=61,
    example="openings --layer public_toilets,micro_fire_stations --speed 1.2",
)
