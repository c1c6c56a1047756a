"""`export`: the sites a filter shows, as a file."""

from argparse import Namespace

from geodata.commands._console import Console
from geodata.commands._files import report_files, tried_form, write_files
from geodata.commands._form import Command
from geodata.commands._options import add_layer, add_out, open_district
from geodata.commands._parser import Parser, listed, number, numbers
from layers import Text


def _options(parser: Parser) -> None:
    add_layer(parser, required=False)
    parser.option("--format", metavar="geojson|gpkg|csv|xlsx", about=Text("格式；不写则按文件名后缀", "format; without it that of the file's suffix"))
    add_out(parser, "FILE", Text("结果文件", "the file to write"))
    parser.option("--status", type=listed, metavar="STATUS[,…]", default=[], about=Text("状态：planned、under_construction、done", "status: planned, under_construction, done"))
    parser.option("--year", type=numbers(parser.lang, whole=True), metavar="YEAR[,…]", default=[], about=Text("年份", "year"))
    parser.option("--location-class", type=listed, metavar="CLASS[,…]", default=[], about=Text("位置类别：surveyed、address、street、area、proposed、unlocated、stand_in", "location class: surveyed, address, street, area, proposed, unlocated, stand_in"))
    parser.option("--origin", type=listed, metavar="ORIGIN[,…]", default=[], about=Text("来历：programme（报告承诺）、existing（现有）", "origin: programme, existing"))
    parser.option("--group", type=listed, metavar="GROUP[,…]", default=[], about=Text("报告部分，如 livelihood_6", "part of the report, such as livelihood_6"))
    parser.option("--text", default="", metavar="WORDS", about=Text("名称、位置线索或报告原文中含有", "what stands in names, place hints or the report's words"))
    parser.option("--stand-ins", action="store_true", about=Text("另附示意点（单独的文件、图层或工作表，名称带“示意”）", "demo sites as well (a file, layer or sheet of their own whose name carries 示意)"))
    parser.option("--draw", type=number(parser.lang, least=1, whole=True), metavar="N", default=1, about=Text("示意点取第几次抽样（默认 1）", "which draw of the demo sites (default 1)"))
    parser.option("--crs", metavar="4490|4546|4547", about=Text("坐标系（CGCS2000）；不写为 WGS-84。GeoJSON 恒为 WGS-84", "CRS (CGCS2000); without it WGS-84. GeoJSON is always WGS-84"))


def _run(options: Namespace, console: Console) -> None:
    from geodata.exports import Selection, demo_notes, meta_of, parse_crs, selected

    form, crs = tried_form(options.out, options.format), parse_crs(options.crs)
    selection = Selection(tuple(options.layer or ()), tuple(options.status), tuple(options.year), tuple(options.location_class), tuple(options.origin),
                          tuple(options.group), options.text, options.stand_ins, options.draw)
    if "stand_in" in selection.location_classes and not selection.stand_ins:
        options.parser.refuse(Text("要下载示意点，请加 --stand-ins", "to download demo sites, add --stand-ins"))
    selection.check()
    district, hashes = open_district(options)
    frame = selected(district, selection)
    drawn = int((frame["location_class"] == "stand_in").sum())
    meta = meta_of(district, title=Text("项目与设施", "Sites"), query=selection.query(),
                   notes=demo_notes(district, draw=selection.draw) if drawn else ())
    written = write_files(form, frame, options.out, meta=meta, lang=console.lang, crs=crs)
    if crs and form.wgs84_only:
        console.note(Text(f"GeoJSON 按 RFC 7946 恒为 WGS-84，未按 --crs {crs} 转换。", f"GeoJSON is always WGS-84 (RFC 7946); --crs {crs} was not applied."))
    if selection.stand_ins and not drawn:
        console.note(Text("没有示意点：真实路网上不设示意点，或条件内没有。", "There are no demo sites: real streets have none, or none match."))
    if frame.empty:
        console.note(Text("没有符合条件的项目，文件只有表头。", "Nothing matches; the file holds headings only."))
    counts = {str(key): int(n) for key, n in frame["location_class"].value_counts(sort=False).items()}
    report_files(written, len(frame) - drawn, options, console, district=district, hashes=hashes, demo_rows=drawn, location_classes=counts)


COMMAND = Command(
    name="export",
    help=Text("下载：把筛选出的项目写成文件", "download: the sites a filter shows, as a file"),
    options=_options,
    run=_run,
    order=70,
    example="export --layer public_toilets --format gpkg --out toilets.gpkg",
)
