"""`pack`: builds a data pack out of an office's files and OpenStreetMap."""

from argparse import Namespace
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.answer_json import sources_of
from geodata.commands._console import Console
from geodata.commands._form import Command
from geodata.commands._options import add_out, parameters_of
from geodata.commands._parser import Parser
from geodata.commands._problems import show_problems
from layers import Text, every_layer

if TYPE_CHECKING:
    from geodata.importing import BuiltPack
    from geodata.outcomes import Outcome

_INPUTS = (Text("输入", "Input"), Text("文件", "File"), Text("坐标系", "Read as"), Text("行数", "Rows"), Text("采用", "Imported"), Text("新落位", "Newly located"),
           Text("超出承诺", "Beyond the promise"), Text("现有设施", "Existing"), Text("更新", "Updated"), Text("未变", "Unchanged"), Text("略过", "Skipped"))


def _options(parser: Parser) -> None:
    add_out(parser, "DIR", Text("新数据包文件夹；与 --from 相同则在其上追加", "folder of the new pack; the same as --from adds to it"))
    parser.option("--from", dest="base", metavar="embedded|none|DIR", about=Text("以随产品附带的瀍河区（embedded）或已有数据包为底；none 为独立数据包；不写则按输入所在位置判断", "start from the Chanhe shipped (embedded) or from a pack; none stands alone; without it where the inputs lie decides"))
    parser.option("--osm", type=Path, metavar="F.osm.pbf", about=Text("OpenStreetMap 数据：街道、建筑、水系、铁路、现有设施", "OpenStreetMap extract: streets, buildings, water, rail, existing facilities"))
    parser.option("--boundary", type=Path, metavar="F", about=Text("区界（面）", "boundary (polygon)"))
    parser.option("--streets", type=Path, metavar="F", about=Text("街道（线）", "streets (lines)"))
    parser.option("--population", type=Path, metavar="F", about=Text("人口（点或小方格，列 people）", "population (points or small squares, column people)"))
    parser.option("--areas", type=Path, metavar="F", about=Text("街道、社区的面", "polygons of subdistricts or communities"))
    parser.option("--sites", action="append", default=[], metavar="KEY=F", about=Text("某图层的位置文件；可重复", "a file of positions for a layer; may be repeated"))
    parser.option("--datum", action="append", default=[], metavar="DATUM", about=Text("坐标系：wgs84、cgcs2000、gcj02、bd09、EPSG:编号；或 输入=坐标系，如 sites=gcj02；不写则按文件自述", "datum: wgs84, cgcs2000, gcj02, bd09, EPSG:n; or INPUT=DATUM such as sites=gcj02; without it what each file says"))
    parser.option("--name", default="", about=Text("独立数据包的名称", "name of a pack that stands alone"))
    parser.option("--updated-by", default="", metavar="WHO", about=Text("导入者，记入每个位置", "who imports; kept with every position"))
    parser.option("--skip-bad-rows", action="store_true", about=Text("略过有错的行，其余照常导入", "leave out rows with errors and import the rest"))


def _run(options: Namespace, console: Console) -> None:
    from geodata.importing import build_pack
    from geodata.wording import DEMAND_NAMES

    base = options.base or (str(options.pack) if options.pack else None)
    built = build_pack(
        options.out, base=base, osm=options.osm, boundary=options.boundary, streets=options.streets, population=options.population, areas=options.areas,
        sites=_site_files(options), datum=options.datum or None, progress=console.progress(Text("生成数据包", "Building the pack")), name=options.name,
        updated_by=options.updated_by, skip_bad_rows=options.skip_bad_rows, lang=console.lang)
    district = built.district
    counts = {"streets": len(district.streets), "demand": len(district.demand), "areas": len(district.areas), "sites": len(district.sites)}
    problems = [{"file": p.file, "row": p.row, "field": p.field, "value": p.value, "level": p.level, "code": p.code, "message": p.message, "remedy": p.remedy} for p in built.problems]
    console.document({"folder": built.folder, "district": district.name, "counts": counts, "inputs": [_input(outcome) for outcome in built.outcomes], "problems": problems}, parameters=parameters_of(options),
                     sources=sources_of(district), data_hashes={"district": district.stamp})
    if built.problems:
        show_problems(built.problems, console)
        console.note(Text(f"以上问题见 {built.folder / 'problems.csv'}", f"These findings are in {built.folder / 'problems.csv'}"))
    _table(built, console)
    console.say(Text(f"已生成 {built.folder}", f"Built {built.folder}"))
    unit = DEMAND_NAMES[district.demand_unit]
    console.table((Text("内容", "Part"), Text("数量", "Number")), [
        (Text("街段", "street edges"), counts["streets"]), (Text(f"需求点（按{unit.zh}）", f"demand points ({unit.en})"), counts["demand"]),
        (Text("片区", "areas"), counts["areas"]), (Text("项目与设施", "sites"), counts["sites"])])


def _input(outcome: "Outcome") -> dict[str, object]:
    """Return what became of an input as JSON takes it."""
    return {field.name: getattr(outcome, field.name) for field in fields(outcome)} | {"skipped": outcome.skipped}


def _table(built: "BuiltPack", console: Console) -> None:
    """Print what became of each input; `—` where a column does not apply."""
    if built.outcomes:
        console.table(_INPUTS, [(o.name, o.file, o.read_as, o.rows, o.imported, o.newly_located, o.beyond, o.existing, o.updated, o.unchanged, o.skipped) for o in built.outcomes])
        console.say()


def _site_files(options: Namespace) -> list[tuple[str, Path]]:
    """Return the files of --sites with their layers."""
    from geodata.exports import check_layers

    pairs = []
    for told in options.sites:
        key, equals, path = told.partition("=")
        if not equals or not path:
            options.parser.refuse(Text(f"--sites 应写作 图层=文件，如 public_toilets=厕所.xlsx，而不是 {told}", f"--sites is written LAYER=FILE, such as public_toilets=toilets.xlsx, not {told}"))
        pairs.append((key.strip(), Path(path)))
    check_layers([key for key, _ in pairs])
    assert all(key in every_layer() for key, _ in pairs)
    return pairs


COMMAND = Command(
    name="pack",
    help=Text("由 OpenStreetMap 或单位自有文件生成数据包", "build a data pack from OpenStreetMap or an office's own files"),
    options=_options,
    run=_run,
    order=80,
    example="pack --out ours --sites micro_fire_stations=stations.xlsx --datum gcj02",
)
