"""`capacity`: who finds room where capacity is known, who is near and finds none, who lives too far."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.answer_json import records_of, sources_of
from geodata.commands._console import Console
from geodata.commands._files import tried_form, write_answer
from geodata.commands._form import Command
from geodata.commands._options import open_district, parameters_of
from geodata.commands._parser import Parser, number
from layers import Text

if TYPE_CHECKING:
    from geodata.district import District

_SITES = (Text("设施", "Site"), Text("容量", "Capacity"), Text("可服务", "Room for"), Text("分到", "Assigned"), Text("利用", "Use"))


def _options(parser: Parser) -> None:
    lang = parser.lang
    parser.option("--layer", metavar="KEY", required=True, about=Text("图层，一个；见 layers 命令", "one layer; see the command layers"))
    parser.option("--metres", type=number(lang), metavar="M", about=Text("标准距离，沿街道，米；不写则用图层自己的标准", "service distance along the streets, metres; without it the layer's own standard"))
    parser.option("--per", type=number(lang), metavar="N", about=Text("每个车位（桩、床位、学位）服务多少人；不写则把全部人口平均到全部容量", "how many people one stall (pile, bed, place) serves; without it all people are shared evenly over all there is"))
    parser.option("--access", type=number(lang), metavar="M", default=200.0, about=Text("到最近街道的最远直线距离，米（默认 200）", "longest straight way to the streets, metres (default 200)"))
    parser.option("--out", type=Path, metavar="FILE.geojson|.csv", about=Text("把每个人口点的结果写成文件", "write what becomes of every demand point to a file"))


def _run(options: Namespace, console: Console) -> None:
    form = tried_form(options.out, among=("geojson", "csv")) if options.out else None
    district, hashes = open_district(options)
    from geodata.capacity import METHOD, by_area, capacity_access, has_capacity, share_used, standard_for
    from geodata.selecting import check_layers
    from geodata.wording import DEMAND_NAMES

    check_layers([options.layer])
    metres = standard_for(options.layer, options.metres, options.per)
    if form is None and not has_capacity(district, options.layer):
        _say_nothing_known(options, console, district, hashes=hashes, metres=metres)
        return
    found = capacity_access(district, options.layer, metres=options.metres, people_per_unit=options.per, access_m=options.access)
    if form is not None:
        table = found.demand.drop(columns="geometry") if form.key == "csv" else found.demand
        table.attrs = {"demonstration": found.demonstration}
        write_answer(table, form, options, console, district=district, hashes=hashes, key="capacity", title=Text("容量与步行可达", "Room within a walk"), method=(found.sentence(), *METHOD))
        return
    sites, areas = records_of(found.sites), records_of(by_area(found, district.areas))
    console.document(found.facts() | {"sites": sites, "by_area": areas}, parameters=parameters_of(options), sources=sources_of(district), data_hashes=hashes,
                     demonstration=found.demonstration, sentences=[found.sentence()], method=METHOD)
    console.say(found.sentence())
    console.say()
    console.table(_SITES, [(row[f"name_{console.lang}"] or row["id"], row["capacity"], row["room"], row["assigned_people"], share_used(row["use"])) for row in sites])
    if areas:
        console.say()
        heads = (Text("片区", "Area"), DEMAND_NAMES[found.demand_unit], Text("有位置", "Served"), Text("没有余位", "No room"), found.far, Text("E2SFCA", "E2SFCA"))
        console.table(heads, [(row[f"name_{console.lang}"] or row["name_zh"], row["people"], row["served"], row["no_room"], row["too_far"], f"{row['e2sfca']:.4f}") for row in areas])
    for text in METHOD:
        console.say(Text(f"  · {text.zh}", f"  · {text.en}"))


def _say_nothing_known(options: Namespace, console: Console, district: "District", *, hashes: dict[str, str], metres: float) -> None:
    """Answer that no capacity is known, and what to bring; figures that nobody can know are null."""
    from geodata.capacity import nothing_known
    from geodata.counting import located

    said = nothing_known(district, options.layer)
    sites = located(district.sites[district.sites["layer"] == options.layer])
    console.document({"layer": options.layer, "metres": metres, "people": float(district.demand["people"].sum()), "demand_unit": district.demand_unit, "demonstration": district.is_sketch,
                      "served_people": None, "no_room_people": None, "too_far_people": None, "unknown": list(map(str, sites["id"])), "sites": [], "by_area": []},
                     parameters=parameters_of(options), sources=sources_of(district), data_hashes=hashes, demonstration=district.is_sketch, sentences=[said])
    console.say(said)


COMMAND = Command(
    name="capacity",
    help=Text("容量：谁有位置，谁够近却没有余位，谁太远（车位、桩、床位、学位）", "capacity: who finds room, who is near and finds none, who is too far (stalls, piles, beds, places)"),
    options=_options,
    run=_run,
    order=45,
    example="capacity --layer parking_lots --metres 500 --per 3",
)
