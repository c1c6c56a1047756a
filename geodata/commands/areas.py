"""`areas`: what lies within walking distance of the sites, as polygons in bands."""

from argparse import Namespace

from geodata.commands._console import Console
from geodata.commands._files import write_answer
from geodata.commands._form import Command
from geodata.commands._options import add_layer, add_out, add_question, form_of, open_district, question_of
from geodata.commands._parser import Parser, numbers
from layers import Text

_METHOD = (
    Text("每一环为沿街道走到设施的距离在 from_m 与 to_m 之间的街段，各向两侧扩 strip_m；people 按居民自身的步行距离计，不按面积切分。",
         "Each band holds the stretches of street whose walk to a site lies between from_m and to_m, widened by strip_m on both sides; people are counted by their own walk, not by the polygon."),
)


def _options(parser: Parser) -> None:
    add_layer(parser)
    parser.option("--metres", type=numbers(parser.lang, least=1), metavar="M,M,…", required=True, about=Text("各环的距离，米，如 300,500,1000", "distances of the bands, metres, such as 300,500,1000"))
    add_out(parser, "FILE.geojson|.gpkg", Text("结果文件；后缀定格式：.geojson（恒为 WGS-84）或 .gpkg", "the file to write; its suffix says the format: .geojson (always WGS-84) or .gpkg"))
    add_question(parser)


def _run(options: Namespace, console: Console) -> None:
    form = form_of(options.out, among=("geojson", "gpkg"))
    question = question_of(options)
    district, hashes = open_district(options)
    from geodata.report import service_areas

    bands = service_areas(district, question, sorted(set(options.metres)), stand_ins=not options.no_stand_ins)
    rounded = bands.assign(street_m=bands["street_m"].round(1), area_m2=bands["area_m2"].round(1))
    rounded.attrs = bands.attrs
    write_answer(rounded, form, options, console, district=district, hashes=hashes, key="areas", title=Text("步行服务范围", "Service areas on foot"), method=_METHOD)


COMMAND = Command(
    name="areas",
    help=Text("步行服务范围（分环的面），写成文件", "service areas on foot (polygons in bands), as a file"),
    options=_options,
    run=_run,
    order=60,
    example="areas --layer public_toilets --metres 300,500,1000 --out areas.geojson",
)
