"""A coverage answer in words: the sentences, how it was worked out, what it rests on, where it comes from."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geodata import numerals
from geodata.answering import Part, headlines
from geodata.district import District
from geodata.figures import FEWEST_RUNS
from geodata.numerals import several
from geodata.question import Question
from geodata.standards import LIVING_CIRCLES_M, Held
from layers import Layer, Text, every_layer

WHO: Final[Mapping[str, Text]] = {
    "people": Text("居民", "residents"),
    "buildings": Text("建筑", "buildings"),
    "street_metres": Text("沿街需求点（按街道米数）", "street frontage (by metres)"),
}
"""What a share is a share of."""
DEMAND_UNITS: Final[Mapping[str, Text]] = {
    "people": Text("人", "people"),
    "buildings": Text("栋建筑", "buildings"),
    "street_metres": Text("米沿街需求", "metres of frontage"),
}
"""What the demand is counted in."""
DEMAND_NAMES: Final[Mapping[str, Text]] = {
    "people": Text("人口", "people"),
    "buildings": Text("建筑（栋）", "buildings"),
    "street_metres": Text("沿街需求（米）", "metres of frontage"),
}
"""What the demand is, with its unit."""
MINUTES: Final[Mapping[str, Text]] = {
    "people": Text("人·分钟", "person-minutes"),
    "buildings": Text("栋·分钟", "building-minutes"),
    "street_metres": Text("米·分钟", "metre-minutes"),
}
"""What saved walking is counted in."""
_ONE: Final = {"people": "resident", "buildings": "building", "street_metres": "metre of frontage"}
COUNTED_NAMES: Final[Mapping[str, Text]] = {
    "programme": Text("按计划点位", "by the programme's sites"),
    "existing": Text("按既有设施", "by existing facilities"),
    "together": Text("计划与既有合计", "by both together"),
}
MODE_NAMES: Final[Mapping[str, Text]] = {
    "distance": Text("沿街", "along the streets"),
    "time": Text("步行", "on foot"),
    "walk": Text("步行", "on foot"),
    "run": Text("跑步", "running"),
    "e-bike": Text("骑电动自行车", "by e-bike"),
}
"""How the distance of a row is covered, by its `mode`."""
ALL_OF_IT: Final[Mapping[str, Text]] = {
    "people": Text("全部人口", "all people"),
    "buildings": Text("全部建筑", "all buildings"),
    "street_metres": Text("全部沿街需求", "all street frontage"),
}
"""What is shared out where everybody counts."""
JOINT: Final[Mapping[str, Text]] = {
    "any": Text("任一类（就近）", "Any of them (the nearest)"),
    "all": Text("每一类都达标", "All of them"),
}
"""What the rows over several layers are called."""
PART_NAMES: Final[Mapping[str, Text]] = {
    "boundary": Text("边界", "Boundary"), "streets": Text("道路", "Streets"), "people": Text("人口", "People"),
    "water": Text("水系", "Water"), "rail": Text("铁路", "Railways"), "places": Text("地名", "Places"),
    "areas": Text("片区", "Areas"), "sites": Text("点位", "Sites"), "ledger": Text("承诺台账", "Ledger"),
}
STREET_FIGURES: Final[tuple[tuple[str, Text, int], ...]] = (
    ("dead_ends", Text("断头（处）", "Dead ends"), 0),
    ("intersections", Text("路口（处）", "Intersections"), 0),
    ("intersections_per_km2", Text("路口密度（处/km²）", "Intersections per km²"), 2),
    ("street_km", Text("可步行的街道（km）", "Streets people walk (km)"), 2),
    ("density_km_per_km2", Text("步行网密度（km/km²）", "Walking network, km/km²"), 3),
    ("vehicle_dead_ends", Text("车行断头（处）", "Dead ends for vehicles"), 0),
    ("vehicle_intersections_per_km2", Text("车行路口密度（处/km²）", "Vehicle intersections per km²"), 2),
    ("vehicle_density_km_per_km2", Text("车行路网密度（km/km²，国标 ≥ 8）", "Roads that carry vehicles, km/km² (code: ≥ 8)"), 3),
)
"""What is told of the streets before and after: the measure, what it is called, and its decimals."""
_COMMA: Final = Text("、", ", ")


def layer_name(key: str) -> Text:
    """Return the name of a row's layer, or what `any` and `all` mean."""
    return JOINT[key] if key in JOINT else every_layer()[key].name


def standard_name(row: Mapping[str, Any]) -> Text:
    """Return what a row is held to: a distance, or a time at a pace with the distance it makes."""
    if row["metres"] is None or pd.isna(row["metres"]):
        return Text("各自标准", "each its own") if row["layer"] in JOINT else Text("没有标准", "none")
    distance = numerals.metres(row["metres"])
    if row["mode"] in {None, "distance"}:
        return Text(distance, distance)
    how = MODE_NAMES[row["mode"]]
    said = str(row["standard"] or "").replace("min", "分钟")
    return Text(f"{how.zh} {distance}（{said}）", f"{how.en} {distance} ({row['standard']})")


def heading_of(demonstration: bool) -> Text:
    """The word that stands above every demonstration."""
    return Text("演示", "Demonstration") if demonstration else Text("", "")


def without_heading(sentence: Text) -> Text:
    """Return a sentence without the word that stands above the page.

    >>> without_heading(Text("演示：若 1 处", "Demonstration: if 1 stood")).en
    'If 1 stood'
    """
    heading = heading_of(demonstration=True)
    zh, en = sentence.zh.removeprefix(f"{heading.zh}："), sentence.en.removeprefix(f"{heading.en}: ")
    return Text(zh, en[:1].upper() + en[1:])


def headed(sentence: Text, *, demonstration: bool) -> Text:
    """Return a sentence, written small, under the word that stands above every demonstration, else with a capital.

    >>> headed(Text("没有变化。", "no walk changes."), demonstration=False).en
    'No walk changes.'
    """
    heading = heading_of(demonstration)
    return Text(f"{heading.zh}：{sentence.zh}", f"{heading.en}: {sentence.en}") if demonstration else Text(sentence.zh, sentence.en[:1].upper() + sentence.en[1:])


def amount(number: Text, demand_unit: str) -> Text:
    """Return so many of what the demand counts, inside a sentence.

    >>> amount(Text("1", "1"), "people").en, amount(Text("0–9", "0–9"), "buildings").zh
    ('1 resident', '0–9 栋建筑')
    """
    many = DEMAND_UNITS[demand_unit].en if demand_unit == "street_metres" else WHO[demand_unit].en
    return Text(f"{number.zh} {DEMAND_UNITS[demand_unit].zh}", f"{number.en} {_ONE[demand_unit] if number.en == '1' else many}")


def inside(layer: Layer) -> Text:
    """Return what a layer is called inside a sentence."""
    return Text(layer.name.zh, _small(layer.name.en))


def sentences_of(district: District, question: Question, parts: list[Part], empty: list[Layer]) -> list[Text]:
    """The answer in words, one sentence a row, then what has no row and why."""
    said = [_sentence(district, question, part) for part in parts]
    return said + [_why_empty(layer) for layer in empty]


def _sentence(district: District, question: Question, part: Part) -> Text:
    """One row in words."""
    if part.joint is not None:
        return _joint(district, question, part)
    if part.held.metres is None:
        return _without_standard(district, part)
    if part.drawn:
        return _drawn(district, question, part)
    return _known(district, question, part)


def _drawn(district: District, question: Question, part: Part) -> Text:
    """A demonstration: what would be if the places still to be located were spread at random."""
    n = part.drawn
    rest = Text("其余 ", "the other ") if part.tally.programme_amount else Text(" ", "")
    return Text(
        "演示：{have}若{rest}{n} 处{name}随机分布，{reach}可达 {share} {who}{of_draws}。",
        "Demonstration: {have}if {rest}{n} {name} stood at random, {they} would reach {share} of {who} {reach}{of_draws}.",
    ).format(
        have=_have(part, Text("已落位 {a}/{b} 处；", "{a} of {b} located; ")) if part.tally.programme_amount else Text("", ""), rest=rest,
        they="it" if n == 1 else "they", n=n, name=_name(part.held.layer, n), reach=reach_of(part.held), share=_share(part, "covered_share"),
        who=WHO[district.demand_unit], of_draws=_of_draws(question, part))


def _of_draws(question: Question, part: Part) -> Text:
    """What the figures of drawn sites are taken from: a range of many draws, the median of a few, or one."""
    if part.row["range"]:
        return Text("（{n} 次随机抽样中 90 % 落在此区间）", " (90 % of {n} random draws fall in this range)").format(n=question.draws)
    if question.draws == 1:
        return Text("（仅 1 次随机抽样）", " (one random draw)")
    return Text("（{n} 次随机抽样的中位数）", " (median of {n} random draws)").format(n=question.draws)


def _known(district: District, question: Question, part: Part) -> Text:
    """What the located sites serve, and how many of the promised ones they are."""
    head = Text("{sketch}{name}（{counted}）：", "{sketch}{name} ({counted}): ").format(
        sketch=_sketched(district),
        name=part.held.layer.name, counted=COUNTED_NAMES[part.tally.counted])
    promised, here = part.tally.promised, part.tally.programme_amount
    if not len(part.tally.sites) and part.tally.promised is None:
        return _join(head, Text("数据中没有这类点位，没有覆盖结果。", "the data hold no such sites, so nothing can be said about coverage."))
    if not len(part.tally.sites):
        return _join(head, _have(part, Text("已落位 {a}/{b} 处，位置到位前没有覆盖结果。",
                                            "{a} of {b} located; nothing can be said about coverage until positions are given.")))
    if part.tally.counted == "existing" or promised is None:
        have = Text("{n} 处", "from {n}, ").format(n=Text(_number(part.tally.amount), several(part.tally.amount, "known place")))
    elif here >= promised:
        have = Text("计划的 {b} 处已全部落位，", "all {b} promised are located; ").format(b=_number(promised))
    else:
        have = _have(part, Text("已落位 {a}/{b} 处，仅这些点", "{a} of {b} located; from these alone "))
        if part.tally.counted == "together":
            have = _have(part, Text("计划点位已落位 {a}/{b} 处，连同既有设施", "{a} of {b} promised are located; from these and the existing ones "))
    tail = Text("{reach}可达 {share} {who}，同样距离按直线计为 {straight}{moved}。",
                "{share} of {who} are {reach} ({straight} within the same straight line){moved}.").format(
        reach=reach_of(part.held), share=_share(part, "covered_share"), who=WHO[district.demand_unit],
        straight=_share(part, "straight_line_share"), moved=_moved(question, part))
    return _join(head, have, tail)


def _sketched(district: District) -> Text:
    """What makes an answer a demonstration although its sites are known."""
    streets, people = district.streets_kind == "sketch", district.people_kind == "sketch"
    if not (streets or people):
        return Text("", "")
    what = (Text("示意路网、示意人口", "sketched streets and people") if streets and people
            else Text("示意路网", "sketched streets") if streets else Text("示意人口", "sketched people"))
    return Text("演示（{what}）：", "Demonstration ({what}): ").format(what=what)


def _moved(question: Question, part: Part) -> Text:
    """Why the answer of known sites is a range."""
    if not part.runs.moved:
        return Text("", "")
    return Text("；其中 {k} 处位置误差超过标准的一半，按误差范围移动 {n} 次，90 % 的结果在此区间",
                "; {k} less exactly known than half the standard, moved within that {n} times: "
                "90 % of the results fall in this range").format(k=part.runs.moved, n=question.draws)


def _without_standard(district: District, part: Part) -> Text:
    """A layer nobody has set a distance for."""
    offer = Text(_COMMA.zh.join(f"{m:g}" for m in LIVING_CIRCLES_M), ", ".join(f"{m:g}" for m in LIVING_CIRCLES_M))
    said = Text("{name}没有查到服务距离标准，请给出距离（可参考生活圈 {offer} 米）。",
                "no service distance was found for {name}; give one (the living circles are {offer} m).").format(name=inside(part.held.layer), offer=offer)
    return headed(said, demonstration=district.is_sketch)


def _joint(district: District, question: Question, part: Part) -> Text:
    """The rows over several layers."""
    names = Text("、".join(p.held.layer.name.zh for p in part.over), ", ".join(_small(p.held.layer.name.en) for p in part.over))
    demonstration = bool(part.row["demonstration"])
    if not any(len(p.tally.sites) or p.drawn for p in part.over) or (part.joint == "all" and not all(len(p.tally.sites) or p.drawn for p in part.over)):
        return headed(Text("{names}：有图层尚无位置，位置到位前没有合并结果。",
                           "{names}: one of them has no position yet; nothing can be said about them together until positions are given.").format(names=names), demonstration=demonstration)
    if part.row["covered_share"] is None:
        return headed(Text("{names}：有图层没有距离标准，不能合并计算；请给出同一距离。",
                           "{names}: one of them has no standard, so they cannot be joined; give one distance.").format(names=names), demonstration=demonstration)
    if part.drawn:
        what = (Text("若没有位置的点随机分布，{names}中至少一类达标的{who}占 {share}",
                     "were the places without a position spread at random, {share} of {who} would have at least one of {names} within its standard")
                if part.joint == "any" else
                Text("若没有位置的点随机分布，{names}全部达标的{who}占 {share}",
                     "were the places without a position spread at random, {share} of {who} would have all of {names} within their standards"))
    else:
        what = (Text("{names}中至少一类达标的{who}占 {share}", "{share} of {who} have at least one of {names} within its standard")
                if part.joint == "any" else
                Text("{names}全部达标的{who}占 {share}", "{share} of {who} have all of {names} within their standards"))
    held = Text("（{how}）", " ({how})").format(how=part.row["standard"]) if part.row["metres"] is None else Text("", "")
    tail = _of_draws(question, part) if part.drawn else Text("", "")
    said = _join(what.format(names=names, who=WHO[district.demand_unit], share=_share(part, "covered_share")), held, tail, Text("。", "."))
    return headed(said, demonstration=demonstration)


def _why_empty(layer: Layer) -> Text:
    """Why a layer has no row."""
    if not layer.serves_on_foot:
        why = layer.why_not or Text("不按步行服务。", "it does not serve people on foot.")
        return Text("{name}没有步行覆盖：{why}", "{name} have no walking coverage: {why}").format(name=layer.name, why=why)
    return Text("{name}：数据中没有所问的点位，也没有相应承诺。", "{name}: the data hold no such sites and no promise of any.").format(
        name=layer.name)


def reach_of(held: Held) -> Text:
    """Within what: `3 分钟步行（216 米）` / `within 3 minutes on foot (216 m)`."""
    metres = _number(held.metres or 0.0)
    if held.minutes is None:
        return Text("沿街 {m} 米内", "within {m} m along the streets").format(m=metres)
    turnout = Text("含出动准备 {t} 分钟，", "{t} min turnout included, ").format(t=f"{held.turnout_min:g}")
    return Text("{min} 分钟{how}（{turnout}{m} 米）", "within {min} min {how} ({turnout}{m} m)").format(
        min=f"{held.minutes:g}", how=MODE_NAMES[held.mode], m=metres, turnout=turnout if held.turnout_min else Text("", ""))


def method_of(question: Question, parts: list[Part]) -> list[Text]:
    """How the answer was worked out."""
    unit = str(parts[0].row["demand_unit"]) if parts else "people"
    said = [
        Text("步行距离＝到街边的直线＋沿街长度，从街段上的真实位置进出路网，不吸附到路口；直线接驳不超过 {a} 米，不穿越铁路和水体，超出者计为路网外、未覆盖。",
             "A walk is a straight leg to the street and the way along it, entered and left at the true place on the edge, never "
             "at a junction; the leg is at most {a} m and crosses no rail or water; whoever is beyond that is off the network and "
             "counts as not covered.").format(a=_number(question.access_m)),
        Text("覆盖率＝步行距离不超过标准的{who}÷{all}；是否达标按沿街距离判定，直线距离仅作对照（国标服务半径一般指直线）。",
             "The covered share is the {who} whose walk is within the standard ÷ {all}. The verdict uses the way along the "
             "streets; the straight line stands beside it (Chinese service radii usually mean the straight line).").format(who=WHO[unit], all=ALL_OF_IT[unit]),
    ]
    if any(p.drawn for p in parts):
        said.append(Text("示意点沿准许的街段、按人口加权随机布点，不作优选；抽样 {n} 次（种子 {s}），{given}，不代表任何选址。",
                         "Demo sites are drawn at random along permitted streets, weighted by people, never optimised; draws: {n} "
                         "(seed {s}){given}. They are no chosen places.").format(
            n=question.draws, s=question.seed, given=_given(question)))
    return said


def _given(question: Question) -> Text:
    """What is told of so many draws."""
    if question.draws >= FEWEST_RUNS:
        return Text("给出中位数和 5 %–95 % 区间", ", told as the median and the 5 % to 95 % range")
    if question.draws > 1:
        return Text("给出中位数，次数过少，不给区间", ", told as the median; they are too few for a range")
    return Text("结果即该次抽样", ", told as it is")


def assumptions_of(district: District, question: Question, parts: list[Part]) -> list[Text]:
    """What the answer rests on."""
    said: list[Text] = []
    if district.is_sketch:
        said.append(Text("路网、人口为示意，结果只用于演示，不能对任何真实地点下结论。",
                         "Streets or people are a sketch: the result is a demonstration and says nothing about any real place."))
    for part in headlines(parts):
        said += _of_layer(question, part)
    if question.status or question.years:
        said.append(Text("只计：状态 {s}；年份 {y}。", "Counted only: status {s}; years {y}.").format(
            s="、".join(question.status) or "—", y="、".join(map(str, question.years)) or "—"))
    return list(dict.fromkeys(said))


def _of_layer(question: Question, part: Part) -> list[Text]:
    """What one layer's rows rest on."""
    layer, said = part.held.layer, []
    own = layer.standard
    if own is not None and question.metres is None and question.minutes is None:
        said.append(Text("{name}的标准：{source}（把握 {stars}）。{note}", "Standard of {name}: {source} (certainty {stars}). {note}").format(
            name=inside(layer), source=own.source, stars=own.certainty, note=own.note or Text("", "")))
    if part.tally.counted == "programme":
        said.append(Text("{name}：数据中没有既有设施，只计计划点位。" if not part.tally.existing_known else "{name}：此行只计计划点位，不含既有设施。",
                         "{name}: existing facilities are not in the data; only the programme's sites count." if not part.tally.existing_known
                         else "{name}: this row counts the programme's sites alone, not existing facilities.").format(name=layer.name))
        if not part.tally.newly.any() and len(part.tally.sites):
            said.append(Text("{name}：点位为提升改造或未写明新建，不计为新增覆盖。",
                             "{name}: these are upgrades or do not say they are new, and never count as newly covered.").format(name=layer.name))
    if part.runs.apart:
        said.append(Text("{name}：{n} 处点位在 {a} 米内接不上路网，服务不到任何人：{ids}。",
                         "{name}: sites that meet no street within {a} m and serve nobody: {n} ({ids}).").format(
            name=layer.name, n=len(part.runs.apart), a=_number(question.access_m), ids=", ".join(part.runs.apart)))
    if part.runs.approximate_entry:
        said.append(Text("{name}：{ids} 周边 30 米内无街道，按外轮廓最近点进入。",
                         "{name}: no street runs within 30 m of {ids}; entered at the outline's nearest point.").format(
            name=layer.name, ids=", ".join(part.runs.approximate_entry)))
    return said


def sources_of(district: District) -> list[Text]:
    """Where the ground and the sites come from, one line a part."""
    lines = []
    for source in district.sources:
        beside = [x for x in (source.licence, source.date) if x]
        zh = f"（{'，'.join(beside)}）" if beside else ""
        en = f" ({', '.join(beside)})" if beside else ""
        sure = source.sure or Text("", "")
        lines.append(Text("{part}：{title}{beside}{sure}", "{part}: {title}{beside}{sure}").format(
            part=PART_NAMES.get(source.part, Text(source.part, source.part)), title=source.title, beside=Text(zh, en),
            sure=Text(f"；{sure.zh}" if sure.zh else "", f"; {sure.en}" if sure.en else "")))
    return lines


def _have(part: Part, text: Text) -> Text:
    """Counted over promised."""
    promised = part.tally.promised
    return text.format(a=_number(part.tally.programme_amount), b="?" if promised is None else _number(promised))


def _share(part: Part, field: str) -> str:
    """A share in per cent, as a range where sites are drawn."""
    ranged = part.row["range"]
    if ranged is not None and None not in ranged[field]:
        low, high = (f"{100 * value:.1f}" for value in ranged[field])
        return f"{low} %" if low == high else f"{low}–{high} %"
    return "—" if part.row[field] is None else f"{100 * part.row[field]:.1f} %"


def _name(layer: Layer, count: int) -> Text:
    """What so many of a layer are called inside a sentence."""
    return Text(layer.one.zh, _small(layer.one.en if count == 1 else layer.name.en))


def _small(name: str) -> str:
    """An English name inside a sentence; abbreviations keep their capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _number(value: float) -> str:
    """A figure with thousands separators and no needless decimals."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def _join(*texts: Text) -> Text:
    """Wordings one after the other."""
    return Text("".join(t.zh for t in texts), "".join(t.en for t in texts))
