"""`missing-links`: the openings nobody has proposed."""

from argparse import Namespace
from pathlib import Path

from geodata.answer_json import sources_of
from geodata.commands._changing import add_walking, walking_question
from geodata.commands._console import Console
from geodata.commands._files import write_answer
from geodata.commands._form import Command
from geodata.commands._options import add_layer, form_of, open_district, parameters_of
from geodata.commands._parser import Parser, number
from layers import Text

_HEADING = (Text("名次", "Rank"), Text("节省人·分钟", "Person-minutes saved"), Text("新进入标准", "Newly covered"), Text("走得更近", "Walk less"), Text("长度", "Length"), Text("原来绕行", "Way before"),
            Text("经度", "lon"), Text("纬度", "lat"))


def _options(parser: Parser) -> None:
    add_layer(parser)
    parser.option("--max-length", type=number(parser.lang), metavar="M", default=150.0, about=Text("连接的最大长度，米（默认 150）", "longest link, metres (default 150)"))
    parser.option("--top", type=number(parser.lang, least=1, whole=True), metavar="N", default=20, about=Text("列出前几条（默认 20）", "how many to list (default 20)"))
    add_walking(parser)
    parser.option("--out", type=Path, metavar="FILE.geojson", about=Text("写成 GeoJSON，可直接交给 what-if --open", "write them as GeoJSON, which what-if --open takes"))


def _run(options: Namespace, console: Console) -> None:
    question = walking_question(options)
    form = form_of(options.out, among=("geojson",)) if options.out else None
    district, hashes = open_district(options)
    from geodata.comparing import records_of
    from geodata.crs import to_wgs84
    from geodata.figures import FEWEST_RUNS
    from geodata.link_words import LINK_NAME
    from geodata.missing_links import WITHIN_M, missing_links

    answer = missing_links(district, question, max_length_m=options.max_length, top=int(options.top), stand_ins=not options.no_stand_ins,
                           progress=console.progress(Text("逐条试算", "Judging links")))
    middle = answer.links.geometry.interpolate(0.5, normalized=True)
    lon, lat = to_wgs84(middle.x.to_numpy(), middle.y.to_numpy(), district.metric_crs)
    if form is not None:
        table = answer.links.assign(name_zh=[LINK_NAME.format(n=n).zh for n in answer.links["rank"]], name_en=[LINK_NAME.format(n=n).en for n in answer.links["rank"]], within_m=WITHIN_M)
        table.attrs = {"demonstration": answer.demonstration}
        write_answer(table, form, options, console, district=district, hashes=hashes, key="missing_links", title=Text("缺失的连接", "Missing links"), method=answer.method)
        return
    rows = [row | {"lon": round(float(x), 7), "lat": round(float(y), 7), "connected": True, "longer_walks": 0}
            for row, x, y in zip(records_of(answer.links.drop(columns="geometry")), lon, lat, strict=True)]
    console.document(rows, parameters=parameters_of(options) | question.parameters(), sources=sources_of(district), data_hashes=hashes, demonstration=answer.demonstration,
                     heading=answer.heading, sentences=answer.sentences, candidates=answer.candidates, method=answer.method)
    console.lead(answer.heading, answer.sentences)
    if rows:
        console.table(_HEADING, [(row["rank"], f"{row['low']:,.0f}–{row['high']:,.0f}" if row["runs"] >= FEWEST_RUNS else f"{row['person_minutes_saved']:,.0f}", row["people_newly_covered"],
                                  row["people_nearer"], f"{row['length_m']:,.0f} m", "—" if row["way_before_m"] != row["way_before_m"] else f"{row['way_before_m']:,.0f} m",
                                  round(row["lon"], 5), round(row["lat"], 5)) for row in rows])
        console.say()
    console.points(answer.method)


COMMAND = Command(
    name="missing-links",
    help=Text("没人提过的打通：断头与附近街道之间的短连接，按节省的步行排名", "openings nobody proposed: short links between dead ends and streets nearby, ranked"),
    options=_options,
    run=_run,
    order=63,
    example="missing-links --layer public_toilets --max-length 150 --top 20 --out links.geojson",
)
