"""`walks`: the walk of every demand point to its nearest site, as a file."""

from argparse import Namespace
from typing import TYPE_CHECKING

from geodata.commands._console import Console
from geodata.commands._files import Answer, run_answer
from geodata.commands._form import Command
from geodata.commands._options import add_layer, add_out, add_question
from geodata.commands._parser import Parser
from layers import Text

if TYPE_CHECKING:
    from geodata.district import District
    from geodata.question import Question

def _options(parser: Parser) -> None:
    add_layer(parser)
    add_out(parser, "FILE.csv|.geojson", Text("结果文件；后缀定格式：.csv 或 .geojson", "the file to write; its suffix says the format: .csv or .geojson"))
    add_question(parser)


def _run(options: Namespace, console: Console) -> None:
    run_answer(options, console, _found, among=("csv", "geojson"), key="walks")


def _found(district: "District", question: "Question", options: Namespace) -> Answer:
    from geodata.coverage_files import WALK_METHOD, WALKS_TITLE, walk_table
    from geodata.report import walks

    return Answer(walk_table(walks(district, question, stand_ins=not options.no_stand_ins)), WALKS_TITLE, WALK_METHOD)


COMMAND = Command(
    name="walks",
    help=Text("每个人口点到最近设施的步行距离，写成文件", "the walk of every demand point to its nearest site, as a file"),
    options=_options,
    run=_run,
    order=50,
    example="walks --layer public_toilets --out walks.csv",
)
