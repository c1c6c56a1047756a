"""A siting answer in words: one sentence a mayor understands, then how it was worked out and what it rests on."""

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd

from geodata.district import District
from geodata.ledger import amount_text
from geodata.numerals import several, share
from geodata.siting_amount import unit_each
from geodata.siting_answer import Sited
from geodata.siting_models import Status
from geodata.siting_question import MODELS
from geodata.standards import Held
from geodata.wording import (
    DEMAND_UNITS,
    MODE_NAMES,
    WHO,
    amount,
    headed,
    inside,
)
from layers import Lang, Text, every_layer

STATUS_NAMES: Final[dict[Status, Text]] = {
    "optimal": Text("已证明最优", "proven optimal"), "time_limit": Text("到时限，最优性未证明", "time limit, not proven optimal"),
    "stopped": Text("已停止，最优性未证明", "stopped, not proven optimal"), "infeasible": Text("无解", "infeasible"),
}
_KEPT: Final = Text("已落位、建议和现有设施全部保留，一并计入。", "Located, proposed and existing sites stay as they are and count.")
_NONE_BEFORE: Final = Text("（此前没有可走到的）", " (none could be walked to before)")
_ONE: Final = {"people": "person", "buildings": "building", "street_metres": "metre of frontage"}
_NOT_KEPT: Final = Text("未计入现有设施和已落位的点。", "Existing and located sites are left out.")


def sentences_of(district: District, sited: Sited) -> list[Text]:
    """Return the answer in words, the headline first, how sure it is second."""
    bad = sited.status == "infeasible"
    first = headed(_infeasible(sited) if bad else _headline(district, sited), demonstration=sited.demonstration)
    said = [first, sure(sited)]
    if not bad:
        said += _amounts(district, sited)
    if sited.uncoverable_people > 0:
        said.append(Text("{n}（{k}）无论选哪些候选点，{reach}都覆盖不到：候选点不够近，或离街道太远。",
                         "{n} ({k}) cannot be covered {reach} whichever candidates are chosen: none is near enough, or any street is too far.").format(
                             n=_who(sited.uncoverable_people, sited), k=_points(sited.uncoverable), reach=_reach(sited.held) if sited.held.metres is not None else Text("步行", "on foot")))
    lost = sited.people_total - sited.people_with_way
    if not bad and sited.asked.model in {"p-median", "p-centre"} and lost > 0:
        said.append(Text("{n}没有路通到任何点，未计入步行距离。", "{n} without a way to any site: not counted in the walks.").format(n=_who(lost, sited)))
    said += sited.notes
    if sited.demonstration:
        said.append(Text("路网或人口为示意，本结果是演练，不能据此选址，也不能采纳。", "Streets or people are a sketch: this is a rehearsal, nothing can be sited by it, and it cannot be accepted."))
    return said


def _amounts(district: District, sited: Sited) -> list[Text]:
    """Say how much goes to each site where the promise counts something other than places."""
    unit, each = unit_each(district, sited.asked), sited.asked.amount_each
    if not unit or each is None:
        return []
    n = len(sited.sites)
    if n == 1:
        return [Text("这一处 {each}。", "{each} at the one site.").format(each=amount_text(each, unit))]
    return [Text("每处 {each}，{n} 处共 {all}。", "{each} at each site, {all} at all {n}.").format(each=amount_text(each, unit), n=f"{n:,}", all=amount_text(n * each, unit))]


def method_of(sited: Sited) -> list[Text]:
    """Return how it was worked out."""
    held = sited.held
    told = [
        Text("模型：{m}。", "Model: {m}.").format(m=MODELS[sited.asked.model]),
        Text("候选点：{words}，共 {n} 处。", "Candidates: {words}, {n} of them.").format(words=sited.words, n=f"{sited.candidates:,}"),
        _KEPT if sited.asked.keep else _NOT_KEPT,
        Text("步行距离 = 到街道的直线段 + 沿街道的长度，从街道上的真实位置进出。", "Walk = straight leg to the street + length along the streets, entered and left at the true point."),
        Text("{solver} 精确求解；目标值由所选点重新算出，界由求解器与拉格朗日乘子给出。", "Solved exactly by {solver}; the objective is worked out anew from the chosen sites, the bound comes from the solver and from Lagrange's multipliers.").format(solver=sited.solver),
    ]
    if held.metres is not None:
        told.insert(1, Text("标准：{reach}。", "Standard: {reach}.").format(reach=_reach(held)))
    return told


def title_of(sited: Sited) -> Text:
    """Return what an answer is called, headed 演示 where it is a demonstration."""
    name = Text("{name}选址（{model}）", "Siting {name} ({model})").format(name=inside(every_layer()[sited.layer]), model=sited.asked.model)
    return Text("演示 · {name}", "Demonstration · {name}").format(name=name) if sited.demonstration else name


def _headline(district: District, sited: Sited) -> Text:
    """The one sentence."""
    model, n = sited.asked.model, len(sited.sites)
    names = {"doubt": _doubt(sited), "n": f"{n:,}", "name": every_layer()[sited.layer].name, "one": _name(sited, n), "who": WHO[district.demand_unit]}
    if model == "p-median":
        had = sited.mean_walk_before_m
        was = _NONE_BEFORE if had is None else Text(f"，此前 {had:,.0f} 米", f", {had:,.0f} m before")
        return Text("{name}再设 {n} 处，{who}平均步行 {m} 米{was}{doubt}。", "with {n} more {one} the mean walk of {who} is {m} m{was}{doubt}.").format(**names, m=_metres(sited.mean_walk_m), was=was)
    if model == "p-centre":
        had = sited.longest_walk_before_m
        none = _NONE_BEFORE if sited.mean_walk_before_m is None else Text("（此前并非都走得到）", " (some could walk to none before)")
        was = none if had is None else Text(f"，此前 {had:,.0f} 米", f", {had:,.0f} m before")
        return Text("{name}再设 {n} 处，最远的{who}步行 {m} 米{was}{doubt}。", "with {n} more {one} the longest walk of any of the {who} is {m} m{was}{doubt}.").format(**names, m=_metres(sited.objective), was=was)
    before, after = (percent(x / sited.people_total if sited.people_total else None) for x in (sited.people_before, sited.people_after))
    if model == "lscp":
        said = Text("要覆盖所有能覆盖的{who}，{sure}再设 {n} 处{name}（{reach}），覆盖率由 {a} 升至 {b}{doubt}。",
                    "to cover all the {who} that can be covered {reach}, {n} more {one} {are} needed{sure}: from {a} to {b} of {who}{doubt}.")
        sure = Text("最少须", " at least") if sited.proven else Text("已找到的最好方案须", " in the best choice found")
        return said.format(**names, sure=sure, are="is" if n == 1 else "are", reach=_reach(sited.held), a=before, b=after)
    return Text("再设 {n} 处{name}，{reach}覆盖的{who}由 {a} 升至 {b}（增加 {more}）{doubt}。",
                "{n} more {one} would raise the share of {who} covered {reach} from {a} to {b} ({more} more){doubt}.").format(
                    **names, reach=_reach(sited.held), a=before, b=after, more=amount_of(sited.people_after - sited.people_before, sited.demand_unit))


def _doubt(sited: Sited) -> Text:
    """What the headline must not hide where it is not proven: by how much a better choice could be better at most."""
    if sited.proven or sited.objective is None:
        return Text("", "")
    if sited.bound is None:
        return Text("（未证明最优）", " (not proven optimal)")
    more = abs(sited.bound - sited.objective)
    if sited.asked.model == "mclp":
        return Text("（未证明最优，最多还可多 {n}）", " (not proven optimal: at most {n} more could be)").format(n=amount_of(more, sited.demand_unit))
    if sited.asked.model == "lscp":
        limit = sited.asked.number
        over = Text(f"，多于所限的 {limit:,} 处：到时尚未判定 {limit:,} 处够不够", f", more than the limit of {limit:,}: the time was up before it was decided whether {limit:,} suffice") \
            if limit is not None and sited.objective > limit else Text("", "")
        return Text("（未证明最少，至少须 {n} 处{over}）", " (not proven fewest: at least {n} are needed{over})").format(n=number_of(sited.bound), over=over)
    metres = more if sited.asked.model == "p-centre" else more / max(sited.people_with_way, 1e-9)
    return Text("（未证明最优，最多还可少 {n} 米）", " (not proven optimal: it could be {n} m less at most)").format(n=number_of(metres))


def _infeasible(sited: Sited) -> Text:
    """Why nothing does, who is left, and who makes it so."""
    names = {"n": sited.asked.number, "name": every_layer()[sited.layer].name, "one": _name(sited, sited.asked.number or 0),
             "p": amount_of(float(sited.unmet["people"].sum()), sited.demand_unit), "k": _points(sited.unmet)}
    least = f"{sited.bound:,.0f}" if sited.bound is not None else None
    need = Text(f"至少需要 {least} 处。", f"At least {least} {'is' if least == '1' else 'are'} needed.") if least and sited.asked.model == "lscp" else Text("请增加数量。", "Ask for more sites.")
    places = sited.cause if len(sited.cause) else sited.unmet
    where = Text("，如{zh}", ", such as {en}").format(zh=Text("、".join(_where(places, "zh")), ""), en=Text("", ", ".join(_where(places, "en")))) if _where(places, "zh") else Text("", "")
    if len(sited.cause):
        apart = Text("原因：有 {c}，其中任何两处都不能由同一个点服务{where}", "The reason: {c} no two of which one site can serve{where}").format(c=_points(sited.cause), where=where)
        return Text("无解：{n} 处{name}不足以服务所有能服务的，找到的最好方案仍余 {p}（{k}）。{apart}。{need}",
                    "no solution: {n} {one} cannot serve all that can be served; the best choice found leaves {p} ({k}). {apart}. {need}").format(**names, apart=apart, need=need)
    return Text("无解：{n} 处{name}不足以服务所有能服务的，找到的最好方案仍余 {p}（{k}{where}）。{need}",
                "no solution: {n} {one} cannot serve all that can be served; the best choice found leaves {p} ({k}{where}). {need}").format(**names, where=where, need=need)


def place_of(row: Mapping[Any, Any], lang: Lang) -> str:
    """Return where a row of LEFT_FIELDS is, in words: what it is near, else its area; empty where neither has a name."""
    for name in ("near", "area"):
        told = row[f"{name}_{lang}"] or row[f"{name}_zh"]
        if told:
            return str(told)
    return ""


def _where(places: gpd.GeoDataFrame, lang: Lang) -> list[str]:
    """Return up to three of the places by name."""
    return list(dict.fromkeys(filter(None, (place_of(row, lang) for row in places.to_dict("records")))))[:3]


def sure(sited: Sited) -> Text:
    """Return how sure an answer is: objective, bound, gap, time and solver."""
    if sited.status == "infeasible":
        return _sure_of_none(sited)
    figures = {"objective": with_unit(sited, sited.objective), "bound": with_unit(sited, sited.bound), "gap": "—" if sited.gap is None else f"{100 * sited.gap:.2f} %",
               "seconds": f"{sited.seconds:.1f}", "solver": sited.solver, "status": headed(STATUS_NAMES[sited.status], demonstration=False)}
    return Text("{status}：目标值 {objective}，界 {bound}，差距 {gap}，用时 {seconds} 秒，{solver}。",
                "{status}: objective {objective}, bound {bound}, gap {gap}, {seconds} s, {solver}.").format(**figures)


def plain_proof(sited: Sited) -> Text | None:
    """Return for who watches a slide whether a better choice could exist; nothing where the headline says by how much."""
    if not sited.proven:
        return None
    return Text("已证明：在这些候选点里没有更好的摆法。", "Proven: among these candidates no better choice exists.")


def _sure_of_none(sited: Sited) -> Text:
    """How sure it is that there is no answer."""
    bound = Text("", "") if sited.bound is None or sited.asked.model != "lscp" else Text("：界 {b}", ": bound {b}").format(b=with_unit(sited, sited.bound))
    return Text("已证明无解{bound}，用时 {t} 秒，{solver}。", "Proven infeasible{bound}, {t} s, {solver}.").format(bound=bound, t=f"{sited.seconds:.1f}", solver=sited.solver)


def number_of(value: float) -> str:
    """Return a count as it is read: whole, unless it is a fraction below 10.

    >>> number_of(1234.4), number_of(0.25)
    ('1,234', '0.25')
    """
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:,.2f}"


def percent(value: float | None) -> str:
    """Return a share as a sentence has it: its space may be broken at."""
    return share(value).replace("\u00a0", " ")


def amount_of(value: float, demand_unit: str) -> Text:
    """Return a count of the demand with its unit: 1,234 人.

    >>> amount_of(1234.0, "people").en, amount_of(1.0, "people").en
    ('1,234 people', '1 person')
    """
    number = number_of(value)
    return Text("{n} {unit}", "{n} {unit}").format(n=number, unit=Text(DEMAND_UNITS[demand_unit].zh, _ONE[demand_unit]) if number == "1" else DEMAND_UNITS[demand_unit])


def _who(value: float, sited: Sited) -> Text:
    """Return how many of those who are served or not."""
    return amount(Text(number_of(value), number_of(value)), sited.demand_unit)


def _points(places: gpd.GeoDataFrame) -> Text:
    """Return how many demand points a table lists."""
    return Text(f"{len(places):,} 处需求点", several(len(places), "demand point"))


def with_unit(sited: Sited, value: float | None) -> Text:
    """Return an objective or a bound with what it counts."""
    if value is None:
        return Text("—", "—")
    number = f"{value:,.1f}".removesuffix(".0")
    unit = DEMAND_UNITS[sited.demand_unit]
    return {"mclp": Text("{n} {unit}", "{n} {unit}"), "lscp": Text("{n} 处", "{n} site" if number == "1" else "{n} sites"), "p-median": Text("{n} {unit}·米", "{n} {unit} × m"),
            "p-centre": Text("{n} 米", "{n} m")}[sited.asked.model].format(n=number, unit=unit)


def _name(sited: Sited, n: int) -> Text:
    layer = every_layer()[sited.layer]
    return Text(layer.one.zh, layer.one.en if n == 1 else inside(layer).en)


def _reach(held: Held) -> Text:
    """A standard in words: 步行 3 分钟（216 米）."""
    metres = f"{held.metres or 0.0:,.0f}"
    if held.minutes is None:
        return Text(f"沿街 {metres} 米内", f"within {metres} m along the streets")
    return Text("{mode} {t:g} 分钟（{m} 米）内", "within {t:g} min {mode} ({m} m)").format(mode=MODE_NAMES[held.mode], t=held.minutes, m=metres)


def _metres(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}"
