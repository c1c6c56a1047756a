"""`missing-links`: the openings nobody has proposed."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geodata.answer_json import sources_of
from geodata.commands._changing import add_walking, say_method, say_table, spread, walking_question
from geodata.commands._console import Console
from geodata.commands._files import tried_form, write_table
from geodata.commands._form import Command
from geodata.commands._options import add_layer, open_district, parameters_of
from geodata.commands._parser import Parser, number
from layers import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from geodata.missing_links import MissingLinks

_HEADING = (Text("名次", "Rank"), Text("节省{minutes}", "Saved: {minutes}"), Text("新进入标准", "Newly covered"), Text("步行变近", "Shorter walks"), Text("长度", "Length"), Text("原来绕行", "Way before"),
            Text("变远", "Longer"), Text("两端接通", "Connected"), Text("经度", "lon"), Text("纬度", "lat"))
_FIGURES: Final = ("person_minutes_saved", "people_newly_covered", "people_nearer")


def _options(parser: Parser) -> None:
    add_layer(parser)
    parser.option("--max-length", type=number(parser.lang), metavar="M", default=150.0, about=Text("连接的最大长度，米（默认 150）", "longest link, metres (default 150)"))
    parser.option("--top", type=number(parser.lang, least=1, whole=True), metavar="N", default=20, about=Text("列出前几条（默认 20）", "how many to list (default 20)"))
    add_walking(parser)
    parser.option("--out", type=Path, metavar="FILE.geojson", about=Text("写成 GeoJSON，可直接交给 what-if --open", "write them as GeoJSON, which what-if --open takes"))


def _run(options: Namespace, console: Console) -> None:
    question = walking_question(options)
    form = tried_form(options.out, among=("geojson",)) if options.out else None
    district, hashes = open_district(options)
    from geodata.answer_json import records_of
    from geodata.crs import to_wgs84
    from geodata.link_words import link_range
    from geodata.missing_links import links_opened, missing_links
    from geodata.numerals import metres
    from geodata.wording import MINUTES

    answer = missing_links(district, question, max_length_m=options.max_length, top=int(options.top), stand_ins=not options.no_stand_ins,
                           progress=console.progress(Text("逐条试算", "Judging links")))
    opened = links_opened(district, answer, stand_ins=not options.no_stand_ins, progress=console.progress(Text("逐条比较打通前后", "Comparing before and after")))
    middle = answer.links.geometry.interpolate(0.5, normalized=True)
    lon, lat = to_wgs84(middle.x.to_numpy(), middle.y.to_numpy(), district.metric_crs)
    links = [row | {"lon": round(float(x), 7), "lat": round(float(y), 7)} for row, x, y in zip(records_of(answer.links), lon, lat, strict=True)]
    written = None
    if form is not None:
        written = write_table(_table(answer, opened), form, options, console, district=district, key="missing_links", title=Text("缺失的连接", "Missing links"), method=answer.method)
    rows = [link | row for link, found in zip(links, opened, strict=True) for row in found]
    console.document(rows, parameters=parameters_of(options) | question.parameters(), sources=sources_of(district), data_hashes=hashes, demonstration=answer.demonstration,
                     heading=answer.heading, sentences=answer.sentences, candidates=answer.candidates, similar=answer.similar, longer_walks=sum(row["longer_walks"] for row in rows), method=answer.method,
                     files=list(written.files) if written else [])
    console.lead(answer.heading, answer.sentences)
    if links:
        say_table([head.format(minutes=MINUTES[district.demand_unit]) for head in _HEADING],
                  [(link["rank"], *(spread(link | {"range": link_range(link)}, name) for name in _FIGURES), metres(link["length_m"]), metres(link["way_before_m"]),
                    sum(row["longer_walks"] for row in found), all(row["connected"] for row in found), round(link["lon"], 5), round(link["lat"], 5))
                   for link, found in zip(links, opened, strict=True)], answer.draws, console)
    say_method(answer.method, answer.draws, console)
    if written:
        written.say(console)


def _table(answer: "MissingLinks", opened: "list[list[dict[str, Any]]]") -> "gpd.GeoDataFrame":
    """The links as a file takes them, with what each changes; with several layers these fields carry the layer's key."""
    import pandas as pd

    from geodata.link_words import LINK_NAME
    from geodata.missing_links import WITHIN_M

    ranks = answer.links["rank"]
    table = answer.links.assign(name_zh=[LINK_NAME.format(n=n).zh for n in ranks], name_en=[LINK_NAME.format(n=n).en for n in ranks], within_m=WITHIN_M,
                                longer_walks=[sum(row["longer_walks"] for row in rows) for rows in opened], connected=[all(row["connected"] for row in rows) for rows in opened],
                                demonstration=answer.demonstration)
    for place, layer in enumerate(row["layer"] for row in (opened[0] if opened else [])):
        mark = f"_{layer}" if len(opened[0]) > 1 else ""
        told = pd.DataFrame([_sides(rows[place], mark) for rows in opened], index=table.index)
        table[list(told)] = told
    table.attrs = {"demonstration": answer.demonstration}
    return table


def _sides(row: "Mapping[str, Any]", mark: str) -> dict[str, float | None]:
    """Who is covered and how far the walks are before and after a link, `mark` after the names, each with its range (`_low`, `_high`) where sites are drawn."""
    told: dict[str, float | None] = {}
    for word in ("before", "after"):
        ranged = row["range"] or {}
        walks, walk_range = f"walk_m_{word}", ranged.get(f"walk_m_{word}") or {}
        figures = {name: (row[name], ranged.get(name)) for name in (f"covered_people_{word}", f"covered_share_{word}")}
        figures |= {f"{walks}_{quantile}": (value, walk_range.get(quantile)) for quantile, value in row[walks].items()}
        for name, (value, ends) in figures.items():
            told |= {f"{name}{mark}": value} | (dict(zip((f"{name}{mark}_low", f"{name}{mark}_high"), ends, strict=True)) if ends else {})
    return told


COMMAND = Command(
    name="missing-links",
    help=Text("没人提过的打通：断头与附近街道之间的短连接，按节省的步行排名", "openings nobody proposed: short links between dead ends and streets nearby, ranked"),
    options=_options,
    run=_run,
    order=63,
    example="missing-links --layer public_toilets --max-length 150 --top 20 --out links.geojson",
)
