"""`areas`: what lies within walking distance of the sites, as polygons in bands."""

from argparse import Namespace
from typing import TYPE_CHECKING

from geodata.commands._console import Console
from geodata.commands._files import Answer, run_answer
from geodata.commands._form import Command
from geodata.commands._options import add_layer, add_out, add_question
from geodata.commands._parser import Parser, numbers
from layers import Text

if TYPE_CHECKING:
    from geodata.district import District
    from geodata.question import Question

def _options(parser: Parser) -> None:
    add_layer(parser)
    parser.option("--metres", type=numbers(parser.lang, least=1), metavar="M,M,…", required=True, about=Text("各环的距离，米，如 300,500,1000", "distances of the bands, metres, such as 300,500,1000"))
    add_out(parser, "FILE.geojson|.gpkg", Text("结果文件；后缀定格式：.geojson（恒为 WGS-84）或 .gpkg", "the file to write; its suffix says the format: .geojson (always WGS-84) or .gpkg"))
    add_question(parser)


def _run(options: Namespace, console: Console) -> None:
    run_answer(options, console, _found, among=("geojson", "gpkg"), key="areas")


def _found(district: "District", question: "Question", options: Namespace) -> Answer:
    from geodata.coverage_files import AREA_METHOD, AREAS_TITLE, area_table
    from geodata.report import service_areas

    return Answer(area_table(service_areas(district, question, sorted(set(options.metres)), stand_ins=not options.no_stand_ins)), AREAS_TITLE, AREA_METHOD)


COMMAND = Command(
    name="areas",
    help=Text("步行服务范围（分环的面），写成文件", "service areas on foot (polygons in bands), as a file"),
    options=_options,
    run=_run,
    order=60,
    example="areas --layer public_toilets --metres 300,500,1000 --out areas.geojson",
)
