"""What a coverage report says beside its tables: summary, parameters with source and certainty, what is not known."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from geodata.asking.coverage import SPEEDS, STATUS_NAMES
from geodata.comparing import records_of
from geodata.counting import located
from geodata.district import LOCATED_CLASSES
from geodata.findings import Findings
from geodata.measures import CAP_MIN
from geodata.numerals import count, metres, several, share
from geodata.positions import what_it_holds
from geodata.question import DEFAULT_ACCESS_M, DEFAULT_SPEED_M_PER_S
from geodata.scenario import check_changes
from geodata.sheets import Column, Sheet, Value
from geodata.standards import asked_layers, standards_of
from geodata.wording import COUNTED_NAMES, MODE_NAMES, PART_NAMES, layer_name, without_heading
from layers import Layer, Text

CONVENTION: Final = Text("约定", "convention")
ASKED: Final = Text("本报告指定", "asked for in this report")
NOT_READ: Final = Text("未核", "not checked")
_NOTHING: Final = Text("", "")
_EVERY: Final = Text("数据中有的，分别列出", "each that the data hold, listed apart")
_ALL: Final = Text("全部", "all")
_STARS: Final = Text("★★★ 条文已核，★★ 转述，★ 未核；“约定”为本产品的取值，可改。", "★★★ the clause was read, ★★ second-hand, ★ not checked; \"convention\" is this product's choice and may be changed.")
_WALKING: Final = "★"


def title_of(found: Findings) -> Text:
    """Return what the report is called."""
    return Text("{name}步行覆盖报告", "Walking coverage of {name}").format(name=found.district.name)


def summary_of(found: Findings) -> list[Text]:
    """Return the answer in plain words: the sentences of the page, without the word its heading says already."""
    sentences = [without_heading(text) if found.demonstration else text for text in found.answer.sentences]
    beside = [without_heading(text) if found.demonstration else text for text in found.comparison.sentences] if found.comparison else []
    return [*sentences, *beside]


def parameters(found: Findings) -> Sheet:
    """Return everything the answer was worked out by, each with where it comes from and how sure that is."""
    columns = (Column("key", Text("代码", "Key"), on="files"), Column("name", Text("参数", "Parameter"), part=1.5), Column("value", Text("取值", "Value"), part=1.7),
               Column("source", Text("出处", "Source"), part=2.3), Column("certainty", Text("把握", "Certainty"), part=0.7), Column("note", Text("说明", "Note"), on="files"))
    return Sheet("parameters", Text("参数", "Parameters"), columns, (*_standards(found), *_general(found)), ("key",), _STARS)


def _standards(found: Findings) -> Iterator[tuple[Value, ...]]:
    """Yield the standards each layer is held to."""
    question = found.asked.question
    for layer in asked_layers(question):
        if not layer.serves_on_foot:
            yield f"standard.{layer.key}", layer.name, Text("不按步行评价", "not judged by walks"), layer.why_not or _NOTHING, "—", _NOTHING
            continue
        own = layer.standard
        for held in standards_of(layer, question):
            how = MODE_NAMES[held.mode]
            name = Text(f"{layer.name.zh}：{how.zh}", f"{layer.name.en}: {how.en}")
            given = question.metres is not None or question.minutes is not None
            value = Text("没有标准", "none") if held.metres is None else Text(f"{metres(held.metres)}{_beside(held.label, zh=True)}", f"{metres(held.metres)}{_beside(held.label, zh=False)}")
            source, certainty = (ASKED, "—") if given else (own.source, own.certainty) if own is not None else (Text("没有查到服务距离标准", "no service distance was found"), "—")
            yield f"standard.{layer.key}.{held.mode}", name, value, source, certainty, (own.note if own is not None and own.note and not given else None) or _NOTHING


def _beside(label: str, *, zh: bool) -> str:
    """Return the time and speed behind a distance, in brackets, or nothing where it is a distance itself."""
    if "×" not in label:
        return ""
    return f"（{label.replace('min', '分钟').replace('m/s', '米/秒')}）" if zh else f" ({label})"


def _general(found: Findings) -> Iterator[tuple[Value, ...]]:
    """Yield the parameters that are no layer's own."""
    question, district = found.asked.question, found.district
    names = dict(SPEEDS)
    speed = Text(f"{question.speed_m_per_s:g} 米/秒", f"{question.speed_m_per_s:g} m/s")
    known = question.speed_m_per_s == DEFAULT_SPEED_M_PER_S or question.speed_m_per_s in names
    yield "speed", Text("步行速度（标准为时间时用）", "Walking speed (where the standard is a time)"), speed, Text("信号配时常用值", "signal-timing practice") if known else ASKED, _WALKING if known else "—", _NOTHING
    yield "turnout", Text("出动准备时间", "Turnout"), Text(f"{question.turnout_min:g} 分钟", f"{question.turnout_min:g} min"), _origin(question.turnout_min == 0), CONVENTION, _NOTHING
    yield "access", Text("到街道的最远直线距离", "Longest straight way to a street"), metres(question.access_m), _origin(question.access_m == DEFAULT_ACCESS_M), CONVENTION, _NOTHING
    yield "counted", Text("计入哪些点位", "Sites that count"), COUNTED_NAMES[question.counted] if question.counted else _EVERY, _origin(question.counted is None), CONVENTION, _NOTHING
    yield "status", Text("状态", "Status"), _listed([STATUS_NAMES.get(key, Text(key, key)) for key in question.status]), _origin(not question.status), CONVENTION, _NOTHING
    yield "year", Text("年份", "Year"), _listed([Text(str(year), str(year)) for year in question.years], Text("本期承诺", "what is promised now")), _origin(not question.years), CONVENTION, _NOTHING
    yield "area", Text("片区", "Area"), Text(question.area or "全区", question.area or "the whole district"), _origin(question.area is None), CONVENTION, _NOTHING
    yield "stand-ins", Text("示意点", "Demo sites"), _demo_sites(found), CONVENTION, CONVENTION, _NOTHING
    yield "draws", Text("随机抽样次数，种子", "Random draws, seed"), Text(f"{question.draws}，{question.seed}", f"{question.draws}, {question.seed}"), CONVENTION, CONVENTION, _NOTHING
    yield "interval", Text("点位误差区间", "Interval of positions"), Text("5 %–95 %", "5 % to 95 %"), what_it_holds(question), CONVENTION, _NOTHING
    yield "demand", Text("覆盖的是", "What is covered"), _demand(found), _of_part(found, "people"), _kind(district.people_kind), _NOTHING
    yield "streets", Text("路网", "Streets"), Text("示意", "sketch") if district.streets_kind == "sketch" else Text("实际道路", "real streets"), _of_part(found, "streets"), _kind(district.streets_kind), _NOTHING
    yield "datum", Text("坐标系", "Datum"), Text(f"计算用 {district.metric_crs}，文件用 WGS-84", f"{district.metric_crs} for measuring, WGS-84 in files"), CONVENTION, CONVENTION, _NOTHING
    if found.comparison is not None:
        yield "scenario", Text("情景", "Scenario"), _scenario(found), ASKED, "—", _NOTHING
        yield "cap", Text("走不到时计入的时间", "Time counted where no way leads"), Text(f"{CAP_MIN:g} 分钟", f"{CAP_MIN:g} min"), CONVENTION, CONVENTION, _NOTHING


def _origin(usual: bool) -> Text:
    return Text("默认值", "the default") if usual else ASKED


def _listed(names: list[Text], empty: Text = _ALL) -> Text:
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names)) if names else empty


def _demo_sites(found: Findings) -> Text:
    if found.district.streets_kind != "sketch":
        return Text("没有（真实道路上不用示意点）", "none (real streets have none)")
    return Text("代表尚无位置的承诺", "stand for promises without a position") if found.asked.stand_ins else Text("不计入", "left out")


def _demand(found: Findings) -> Text:
    names = {"people": Text("人口", "people"), "buildings": Text("建筑（没有人口数据）", "buildings (no population in the data)"),
             "street_metres": Text("沿街米数（没有人口与建筑数据）", "metres of frontage (no population or buildings in the data)")}
    sketched = Text("示意", "sketch ") if found.district.people_kind == "sketch" else _NOTHING
    return Text("{sketch}{name} {n}", "{sketch}{name}, {n}").format(sketch=sketched, name=names[found.district.demand_unit], n=count(float(found.answer.access["people"])))


def _of_part(found: Findings, part: str) -> Text:
    """Return where a part of the data comes from, with its date and how sure it is."""
    source = next((source for source in found.district.sources if source.part == part), None)
    if source is None:
        return Text("未说明", "not stated")
    sure = source.sure or _NOTHING
    return Text("{title}{date}{sure}", "{title}{date}{sure}").format(
        title=source.title, date=Text(f"（{source.date}）", f" ({source.date})") if source.date else _NOTHING, sure=Text(f"；{sure.zh}" if sure.zh else "", f"; {sure.en}" if sure.en else ""))


def _kind(ground: str) -> Text:
    return Text("示意", "sketch") if ground == "sketch" else Text("—", "—")


def _scenario(found: Findings) -> Text:
    name, changes = found.asked.scenario, len(found.asked.changes)
    called = Text(name.zh or name.en, name.en or name.zh)
    return Text("{name}{n} 项改动", "{name}{many}").format(many=several(changes, "change"), name=Text(f"{called.zh}，" if called.zh else "", f"{called.en}, " if called.en else ""), n=changes)


def unknowns(found: Findings) -> Sheet:
    """Return what is not known, and what the answer would need."""
    columns = (Column("about", Text("关于", "About"), part=1.0), Column("what", Text("不知道什么", "What is not known"), part=3.2), Column("need", Text("怎样补上", "What would help"), part=2.0))
    rows = [*_ground_unknowns(found), *(row for layer in asked_layers(found.asked.question) for row in _layer_unknowns(found, layer)), *_outside(found), *_scenario_warnings(found), *_method_unknowns(found)]
    return Sheet("unknowns", Text("还不知道的", "What is not known"), columns, tuple(rows), ("about", "what"))


def _ground_unknowns(found: Findings) -> Iterator[tuple[Value, ...]]:
    """Yield what the ground leaves open."""
    district, told = found.district, found.answer.access
    for part, kind in (("streets", district.streets_kind), ("people", district.people_kind)):
        if kind == "sketch":
            yield PART_NAMES[part], Text("随附的只是示意，不对应真实地点，结果只用于演示。", "What comes with the product is a sketch; nothing about a real place follows from the result."), Text("导入真实路网与人口（命令 pack 或“导入”页）", "bring real streets and people (command pack or page \"Bring data\")")
    if district.demand_unit != "people":
        yield PART_NAMES["people"], Text("数据中没有人口，以建筑或沿街米数代替。", "The data hold no population; buildings or metres of frontage stand for it."), Text("按网格或社区的人口", "people by square or community")
    off, people = float(told["off_network_people"]), float(told["people"])
    if off:
        yield PART_NAMES["streets"], Text("{n}（{part}）离街道超过 {m} 或被铁路、水体隔开，怎样走到街上不知道，计为未覆盖。", "How {n} ({part}) more than {m} from a street, or cut off by rail or water, get to one is not known; they count as not covered.").format(
            n=count(off), part=share(off / people), m=metres(found.asked.question.access_m)), Text("小路、出入口的资料", "paths and entrances")
    if not len(district.areas):
        yield PART_NAMES["areas"], Text("数据中没有街道、社区的面，没有分片区结果。", "The data hold no polygons of subdistricts or communities, so there are no results by area."), Text("街道、社区面", "their polygons")
    undated = [source for source in district.sources if not source.date and source.part in {"streets", "people", "sites"}]
    for source in undated:
        yield PART_NAMES.get(source.part, Text(source.part, source.part)), Text("来源没有日期：{title}", "The source carries no date: {title}").format(title=source.title), Text("数据的截止日期", "the date the data speak for")


def _layer_unknowns(found: Findings, layer: Layer) -> Iterator[tuple[Value, ...]]:
    """Yield what is not known of one layer: positions, existing facilities, its standard."""
    sites = found.district.sites[found.district.sites["layer"] == layer.key]
    waiting = found.ledger[found.ledger["layer"] == layer.key] if len(found.ledger) else found.ledger
    missing = float(waiting["unlocated"].where((waiting["same_as"] == "") & (waiting["kind"] == "target")).fillna(0).sum()) if len(waiting) else 0.0
    if missing:
        yield layer.name, Text("承诺中有 {n} 处（或户、桩，按承诺的单位）没有位置。", "{n} of what is promised (in the promise's own unit) have no position.").format(n=count(missing)), _holder(layer)
    rough = sites[sites["location_class"] == "area"]
    if len(rough):
        yield layer.name, Text("{n} 处只知道大致范围，误差至 {m}。", "{n} are known to an area only, to within {m}.").format(n=len(rough), m=metres(float(rough["uncertainty_m"].astype(float).max()))), _holder(layer)
    if not layer.serves_on_foot:
        return
    if not len(located(sites[sites["origin"] == "existing"])):
        yield layer.name, Text("数据中没有既有设施，覆盖率只计计划点位。", "Existing facilities are not in the data; only the programme's sites count."), Text("现有设施的位置", "positions of the existing ones")
    if layer.standard is None:
        yield layer.name, Text("没有查到服务距离标准。", "No service distance was found."), Text("主管部门的标准", "the responsible office's standard")
    elif layer.standard.certainty != "★★★":
        yield layer.name, Text("标准的条文没有核到原文（{stars}）。", "The clause of the standard was not read in the original ({stars}).").format(stars=layer.standard.certainty), Text("标准原文", "the standard itself")
    there = sites[sites["location_class"].isin(LOCATED_CLASSES)]
    if len(there) and there["capacity"].isna().any():
        yield layer.name, Text("{n} 处规模未知；覆盖只看距离，不看够不够用。", "The capacity of {n} is not known; coverage is about distance, not about room.").format(n=int(there["capacity"].isna().sum())), Text("车位、床位、学位等", "stalls, beds, places")


def _outside(found: Findings) -> Iterator[tuple[Value, ...]]:
    """Yield the shares that lie outside their own interval, with how many draws lie to either side; why is not known without looking at the sites."""
    for row, ends in zip(records_of(found.answer.rows), records_of(found.positions), strict=True):
        own, low, high = row["covered_share"], ends["low"], ends["high"]
        if not lies_outside(own, low, high):
            continue
        yield layer_name(row["layer"]), Text("覆盖率 {own} 在点位误差区间 {low}–{high} 之外：{draws} 次抽样中 {above} 次高于它，{below} 次低于它。", "The share of {own} lies outside the interval of positions, {low}–{high}: of {draws} draws {above} lie above it and {below} below.").format(
            own=share(own), low=share(low).removesuffix("\u00a0%"), high=share(high), **{name: count(ends[name]) for name in ("draws", "above", "below")}), Text("核实点位的出入口", "check where these sites are entered")


def lies_outside(own: float | None, low: float, high: float) -> bool:
    """Return whether there is a share and an interval, and it lies outside."""
    return own is not None and not pd.isna(low) and not low - 1e-9 <= own <= high + 1e-9


def _scenario_warnings(found: Findings) -> Iterator[tuple[Value, ...]]:
    """Yield what the scenario's changes warn of, by their place in its list."""
    for problem in check_changes(found.district, found.asked.changes):
        yield Text("情景第 {n} 项", "Scenario, change {n}").format(n=problem.row), problem.message, problem.remedy


def _holder(layer: Layer) -> Text:
    return Text("{who}的点位表（推断由其掌握）", "the list of sites of: {who} (inferred to hold it)").format(who=layer.held_by) if layer.held_by else Text("点位表或坐标", "a list of sites, or coordinates")


def _method_unknowns(found: Findings) -> Iterator[tuple[Value, ...]]:
    """Yield what no figure of the report speaks of."""
    about = Text("方法", "Method")
    yield about, what_it_holds(found.asked.question), Text("实测位置、实际路网与人口", "surveyed positions, real streets and people")
    yield about, Text("坡度、过街等候、无障碍、开放时间和夜间照明没有计入。", "Slopes, waits at crossings, step-free ways, opening hours and light at night are not taken into account."), Text("现场核实", "a look on the spot")
    if found.district.cell_m:
        yield about, Text("人口按 {m} 网格的中心计算，格内住在哪里不知道。", "People stand at the middle of squares of {m}; where in a square they live is not known.").format(m=metres(found.district.cell_m)), Text("按楼栋的人口", "people by building")
