"""`walks`: the walk of every demand point to its nearest site, as a file."""

from argparse import Namespace

from geodata.commands._console import Console
from geodata.commands._files import write_answer
from geodata.commands._form import Command
from geodata.commands._options import add_layer, add_out, add_question, form_of, open_district, question_of
from geodata.commands._parser import Parser
from layers import Text

_METHOD = (
    Text("步行距离 = 到街道的直线段（上限见 access）+ 沿街道的长度；在街道上的真实位置进出，不取最近的路口；不横穿铁路、水面。",
         "Walk = straight leg to the streets (limit: access) + length along them; entered and left at the true point on the street, never moved to a junction; legs never cross rail or water."),
    Text("reachable 为 false 表示走不到，walk_m 为空；off_network 表示离街道超过上限。", "reachable is false and walk_m empty where no way leads; off_network: further from the streets than the limit."),
)


def _options(parser: Parser) -> None:
    add_layer(parser)
    add_out(parser, "FILE.csv|.geojson", Text("结果文件；后缀定格式：.csv 或 .geojson", "the file to write; its suffix says the format: .csv or .geojson"))
    add_question(parser)


def _run(options: Namespace, console: Console) -> None:
    form = form_of(options.out, among=("csv", "geojson"))
    question = question_of(options)
    district, hashes = open_district(options)
    from geodata.report import walks

    found = walks(district, question, stand_ins=not options.no_stand_ins)
    table = found.drop(columns="geometry") if form.key == "csv" else found
    table = table.assign(lon=table["lon"].round(7), lat=table["lat"].round(7), walk_m=table["walk_m"].round(3), straight_m=table["straight_m"].round(3))
    table.attrs = found.attrs
    write_answer(table, form, options, console, district=district, hashes=hashes, key="walks", title=Text("到最近设施的步行距离", "Walks to the nearest site"), method=_METHOD)


COMMAND = Command(
    name="walks",
    help=Text("每个人口点到最近设施的步行距离，写成文件", "the walk of every demand point to its nearest site, as a file"),
    options=_options,
    run=_run,
    order=50,
    example="walks --layer public_toilets --out walks.csv",
)
