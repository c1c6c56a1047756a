"""`site`: where the next sites of a layer help most, exactly, with what is proven and what is not."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from geodata.answer_json import records_of
from geodata.commands._console import Console
from geodata.commands._files import Written, tried_form, write_files
from geodata.commands._form import Command
from geodata.commands._options import open_district, parameters_of, query_of
from geodata.commands._parser import Parser, listed, number
from geodata.commands._problems import show_problems
from layers import Text

if TYPE_CHECKING:
    import geopandas as gpd

    from geodata.district import District
    from geodata.exports import Format
    from geodata.siting_answer import Sited
    from geodata.siting_question import Siting

_MODELS: Final = ("mclp", "lscp", "p-median", "p-centre")
_HEADING: Final = (Text("次序", "Order"), Text("候选点", "Candidate"), Text("新增服务", "Newly served"), Text("可达", "Reached"), Text("经度", "Longitude"), Text("纬度", "Latitude"))
_LEFT: Final = (Text("需求点", "Demand point"), Text("位置", "Where"), Text("数量", "How much"), Text("经度", "Longitude"), Text("纬度", "Latitude"))
_CURVE: Final = (Text("站点数", "Sites"), Text("覆盖", "Covered"), Text("增加", "Adds"), Text("增加（百分点）", "Adds (points)"), Text("差距", "Gap"), Text("最优", "Optimal"))
_TIES: Final = (Text("候选点", "Candidate"), Text("在最优方案中", "In the optima"), Text("可换成", "Instead"), Text("不用它至少损失", "Costs at least"))
_UNPROVEN: Final = Text("结果未证明最优，不比较同样好的方案；可加大 --seconds 再试。", "The answer is not proven optimal, so equally good choices are not compared; try with more --seconds.")
_MOST_LEFT: Final = 20
_REACHES: Final = (Text("方式", "Mode"), Text("标准", "Standard"), Text("选址前", "Before"), Text("选址后", "After"), Text("直线", "Straight line"))


def _options(parser: Parser) -> None:
    lang = parser.lang
    parser.option("--layer", metavar="KEY", required=True, about=Text("图层，一个；见 layers 命令", "one layer; see the command layers"))
    parser.option("--model", choices=_MODELS, default="mclp", about=Text("mclp 数量一定覆盖最多（默认）；lscp 全覆盖用点最少；p-median 总步行最少；p-centre 最远者最近", "mclp: most people with so many sites (default); lscp: everybody with fewest; p-median: least walking in total; p-centre: shortest longest walk"))
    parser.option("--number", type=number(lang, whole=True), metavar="P", about=Text("新建数量；lscp 可不写", "how many new sites; lscp can do without"))
    parser.option("--metres", type=number(lang), metavar="M", about=Text("标准距离，米；与 --minutes 二选一，都不写则用图层自己的标准", "service distance, metres; this or --minutes; neither means the layer's own standard"))
    parser.option("--minutes", type=number(lang), metavar="T", about=Text("时间，分钟", "time, minutes"))
    parser.option("--speed", type=number(lang), metavar="M/S", about=Text("步行速度，米/秒（默认 1.2），与 --minutes 同用", "walking speed, m/s (default 1.2), with --minutes"))
    parser.option("--turnout", type=number(lang), metavar="MIN", about=Text("出动准备时间，分钟（默认 0）", "minutes before anyone leaves (default 0)"))
    parser.option("--mode", choices=("walk", "run", "e-bike"), about=Text("微型消防站按哪种方式优化（默认 walk）；三种的结果都列出", "micro fire stations: which reach to optimise (default walk); all three are reported"))
    parser.option("--candidates", metavar="F|grid:M|corners|layer:KEY", default="grid", about=Text("候选点：文件、grid:边长（每格一处，默认 150 米）、corners（路口）、layer:图层", "candidates: a file, grid:METRES (one a square, 150 m by default), corners (street corners), layer:KEY"))
    parser.option("--datum", metavar="DATUM", about=Text("候选点文件的坐标系", "datum of the file of candidates"))
    parser.option("--force", type=listed, metavar="ID[,ID]", default=[], about=Text("必选的候选点；编号里的逗号写作 %2C", "candidates that must be chosen; a comma inside an id is written %2C"))
    parser.option("--forbid", type=listed, metavar="ID[,ID]", default=[], about=Text("禁选的候选点", "candidates that must not"))
    parser.option("--move", type=listed, metavar="ID~LON~LAT[,…]", default=[], about=Text("把候选点移到别处：编号~经度~纬度（WGS-84），必设在那里", "a candidate dragged elsewhere: its id~lon~lat (WGS-84); it must stand there"))
    parser.option("--each", type=number(lang), metavar="N", about=Text("每处的数量（如每个充电站点的桩数）", "how much goes to each site (piles a charging site)"))
    parser.option("--without-kept", action="store_true", about=Text("不计现有和已落位的点", "leave existing and located sites out"))
    parser.option("--access", type=number(lang), metavar="M", default=200.0, about=Text("到最近街道的最远直线距离，米（默认 200）", "longest straight way to the streets, metres (default 200)"))
    parser.option("--seconds", type=number(lang, least=0.1), metavar="S", default=60.0, about=Text("求解时限，秒（默认 60）；到时给出已找到的最好结果和差距", "time limit of the solve, seconds (default 60); then the best found comes with its gap"))
    parser.option("--curve", action="store_true", about=Text("另算 1 至 P 处的边际曲线（mclp）", "the marginal curve from 1 to P as well (mclp)"))
    parser.option("--alternatives", action="store_true", about=Text("另算同样好的方案，以及哪些点在每个最优方案中", "equally good choices as well, and which sites stand in every one"))
    parser.option("--out", type=Path, metavar="FILE.geojson", about=Text("把建议点写成文件", "write the proposed sites to a file"))


def _run(options: Namespace, console: Console) -> None:
    if options.minutes is None and not (options.speed is None and options.turnout is None) and options.layer != "micro_fire_stations":
        options.parser.refuse(Text("--speed、--turnout 须与 --minutes 同用", "--speed and --turnout go with --minutes"))
    form = tried_form(options.out, among=("geojson", "gpkg", "csv", "xlsx")) if options.out else None
    asked, places = _asked(options, console)
    from geodata.siting import site
    from geodata.siting_curve import check_curve
    from geodata.siting_document import siting_document
    from geodata.siting_words import method_of, sentences_of

    if options.curve:
        check_curve(asked)
    district, hashes = open_district(options)
    sited = site(district, asked, places=places, progress=console.progress(Text("选址", "Siting")))
    told = _more(options, district, sited, places, console)
    written = Written((), ()) if form is None else _written(form, options, district, sited, console)
    console.write(siting_document(district, sited, parameters=parameters_of(options), data_hashes=hashes, files=list(written.files), replaced=list(written.replaced), **told))
    for text in sentences_of(district, sited):
        console.say(text)
    if "wishes" in told:
        console.say(told["wishes"]["sentence"])
    console.say()
    _tables(district, sited, console)
    _further(options, sited, told, console)
    console.points(method_of(sited))
    written.say(console)


def _written(form: "Format", options: Namespace, district: "District", sited: "Sited", console: Console) -> Written:
    """Write the proposals; of an infeasible question the places that make it so, with those that are left."""
    from geodata.exports import demo_notes, meta_of, with_units
    from geodata.proposals import proposals_of
    from geodata.siting_answer import places_of_none
    from geodata.siting_words import method_of, sentences_of, title_of

    meta = meta_of(district, title=title_of(sited), query=query_of(options), method=(*sentences_of(district, sited), *method_of(sited)), notes=demo_notes(district))
    if sited.status == "infeasible":
        return write_files(form, places_of_none(sited), options.out, meta=meta, lang=console.lang, key="infeasible", name=title_of(sited))
    return write_files(form, with_units(proposals_of(district, sited), district.ledger), options.out, meta=meta, lang=console.lang, key="proposals", name=title_of(sited))


def _asked(options: Namespace, console: Console) -> "tuple[Siting, gpd.GeoDataFrame | None]":
    """Return the question and, where the candidates come from a file, those."""
    from geodata.exports import check_layers
    from geodata.question import DEFAULT_SPEED_M_PER_S
    from geodata.siting_question import Siting

    check_layers([options.layer])
    told, places = str(options.candidates), None
    if told.partition(":")[0] not in {"grid", "corners", "layer"}:
        places, told = _read(options, console), "file"
    return Siting(
        layer=options.layer, model=options.model, number=options.number, metres=options.metres, minutes=options.minutes,
        speed_m_per_s=DEFAULT_SPEED_M_PER_S if options.speed is None else options.speed, turnout_min=options.turnout or 0.0, mode=options.mode,
        candidates=told, keep=not options.without_kept, forced=tuple(map(unquote, options.force)), forbidden=tuple(map(unquote, options.forbid)), moved=_moved(options), amount_each=options.each,
        access_m=options.access, seconds=options.seconds), places


def _moved(options: Namespace) -> tuple[tuple[str, float, float], ...]:
    """Return the candidates that are dragged elsewhere."""
    found = []
    for told in options.move:
        name, *place = str(told).rsplit("~", 2)
        try:
            lon, lat = (float(value) for value in place)
        except ValueError:
            options.parser.refuse(Text(f"--move {told} 不可用，请写 编号~经度~纬度", f"--move {told} cannot be used; write id~lon~lat"))
        found.append((unquote(name), lon, lat))
    return tuple(found)


def _read(options: Namespace, console: Console) -> "gpd.GeoDataFrame":
    """Read the file of candidates; rows that cannot be used stop it, with their table of findings; what else is odd is told."""
    from geodata.checks import refuse_errors
    from geodata.intake import read_vector

    frame, problems = read_vector(Path(options.candidates), datum=options.datum)
    refuse_errors(problems, Text("候选点文件", "The file of candidates"))
    if problems:
        show_problems(problems, console)
    return frame


def _more(options: Namespace, district: "District", sited: "Sited", places: "gpd.GeoDataFrame | None", console: Console) -> dict[str, Any]:
    """Return what was asked beside the answer."""
    told: dict[str, Any] = {}
    if sited.asked.has_wishes:
        from geodata.siting_wishes import cost_of_wishes

        told["wishes"] = cost_of_wishes(district, sited, places=places, progress=console.progress(Text("要求的代价", "What the wishes cost")))
    if options.curve:
        from geodata.siting_curve import marginal_curve

        told["curve"] = marginal_curve(district, sited.asked, places=places, progress=console.progress(Text("边际曲线", "Marginal curve")))
    if options.alternatives and sited.proven:
        from geodata.siting_ties import alternatives

        told["ties"] = alternatives(district, sited, places=places, progress=console.progress(Text("同样好的方案", "Equally good choices")))
    return told


def _further(options: Namespace, sited: "Sited", told: dict[str, Any], console: Console) -> None:
    """Print what was asked beside the answer."""
    if "curve" in told:
        from geodata.siting_curve import curve_sentence

        console.say(curve_sentence(told["curve"], unit=sited.demand_unit))
        console.table(_CURVE, [(row["number"], f"{100 * row['share']:.1f} %", f"{row['added_people']:,.0f}", f"{100 * row['added_share']:.2f}", f"{100 * row['gap']:.2f} %", bool(row["proven"]))
                               for row in records_of(told["curve"])])
        console.say()
    if "ties" in told:
        from geodata.siting_ties import STANDING_NAMES, replaced_in_words

        console.say(told["ties"].sentence)
        console.table(_TIES, [(row["candidate"], STANDING_NAMES[row["standing"]], replaced_in_words(row), f"{row['loss']:,.1f}" if row["loss"] > 0 else "—") for row in records_of(told["ties"].sites)])
        console.say()
    elif options.alternatives:
        console.say(_UNPROVEN)
        console.say()


def _tables(district: "District", sited: "Sited", console: Console) -> None:
    from geodata.siting_amount import unit_each
    from geodata.siting_words import place_of
    from geodata.wording import MODE_NAMES

    if sited.status == "infeasible":
        for title, places in ((Text("须各设一处的地方", "Places that need a site each"), sited.cause), (Text("找到的最好方案仍余", "Left by the best choice found"), sited.unmet)):
            if len(places):
                console.say(Text("{t}（{n} 处）：", "{t} ({n}):").format(t=title, n=len(places)))
                console.table(_LEFT, [(row["demand_id"], place_of(row, console.lang) or "—", f"{row['people']:,.0f}", f"{row['lon']:.6f}", f"{row['lat']:.6f}") for row in records_of(places)[:_MOST_LEFT]])
                console.say()
        return
    unit, rows = unit_each(district, sited.asked), records_of(sited.sites)
    each = [Text(f"每处（{unit}）", "At each")] if unit else []
    console.table([*_HEADING[:2], *each, *_HEADING[2:]], [
        (row["order"], row["candidate"], *([sited.asked.amount_each] if unit else []), row["added_people"], row["reached_people"], f"{row['lon']:.6f}", f"{row['lat']:.6f}") for row in rows])
    console.say()
    if len(sited.reaches) > 1:
        console.table(_REACHES, [(MODE_NAMES[row["mode"]], row["label"], *(f"{100 * row[k]:.1f} %" for k in ("share_before", "share_after", "straight_line_share")))
                                 for row in records_of(sited.reaches)])
        console.say()


COMMAND = Command(
    name="site",
    help=Text("选址：下一批点设在哪里最有用（精确求解）", "siting: where the next sites help most, solved exactly"),
    options=_options,
    run=_run,
    order=65,
    example="site --layer micro_fire_stations --model mclp --number 48 --minutes 3",
)
