"""A comparison in words: the number, what is held against it, whose sites are counted, and the caveat."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from geodata import numerals
from geodata.changes import Change, OpenRoad
from geodata.district import District
from geodata.question import Question
from geodata.wording import (
    COUNTED_NAMES,
    DEMAND_NAMES,
    JOINT,
    MINUTES,
    MODE_NAMES,
    amount,
    headed,
    inside,
    layer_name,
)
from layers import Layer, Text, every_layer

NAMELESS_ROAD: Final = Text("未命名道路 {n}", "unnamed road {n}")
_NOTHING: Final = Text("", "")


def records_of(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def headline_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the first row of every layer: without a crew's other paces, and without what several layers do together."""
    found: pd.DataFrame = rows[~rows["layer"].isin(list(JOINT))].drop_duplicates("layer") if len(rows) else rows
    return found


def sentences_of(district: District, rows: pd.DataFrame) -> list[Text]:
    """One sentence a layer: minutes saved, people newly within the standard, and the caveat; then what stands beside them."""
    known = every_layer()
    heads = records_of(headline_rows(rows))
    said = []
    for row in heads:
        said.append(_sentence(district, row, known[row["layer"]]))
        paces = [other for other in records_of(rows) if other["layer"] == row["layer"] and other["mode"] in {"run", "e-bike"}]
        said += _beside(paces, lambda other: Text(f"{MODE_NAMES[other['mode']].zh} {other['metres']:,.0f} 米", f"{MODE_NAMES[other['mode']].en} {other['metres']:,.0f} m"))
    joint = [row for row in records_of(rows) if row["layer"] in JOINT]
    return said + _beside(joint, lambda row: Text(layer_name(row["layer"]).zh, layer_name(row["layer"]).en.lower()))


def _sentence(district: District, row: dict[str, Any], layer: Layer) -> Text:
    """One layer in words."""
    have, unit = counted_words(row), district.demand_unit
    if not any(_most(row, name) for name in ("people_nearer", "people_no_longer_covered", "longer_walks")):
        return headed(Text("到{name}{have}的步行没有变化。", "no walk to {name}{have} changes.").format(name=inside(layer), have=have), demonstration=row["demonstration"])
    ends = sorted((row["range"] or {}).get("person_minutes_saved") or [row["person_minutes_saved"]] * 2)
    more = ends[1] <= 0 and ends[0] < 0
    either = Text("（负数为多走）", " (a negative figure: more)") if round(ends[0]) < 0 < round(ends[1]) else _NOTHING
    told = Text("各走一趟最近的{name}{have}，合计{way} {saved} {minutes}{either}，{near}步行变近",
                "one walk each to the nearest of {name}{have} takes {saved} {minutes} {way}{either}; the walk gets shorter for {near}").format(
                    name=inside(layer), have=have, way=Text("多走", "more") if more else Text("少走", "less"), minutes=MINUTES[unit], either=either,
                    saved=number_of(row, "person_minutes_saved", turned=more), near=amount(number_of(row, "people_nearer"), unit))
    if row["metres"] is not None:
        told = Text("{told}，{newly}（{a} → {b}）", "{told}, and {newly} ({a} → {b})").format(told=told, newly=newly_words(row, unit), a=share_of(row, "before"), b=share_of(row, "after"))
    n = row["longer_walks"]
    longer = Text(f"；有 {n:,} 处步行变远", f"; the walk gets longer at {numerals.several(n, 'place')}") if n else _NOTHING
    return headed(Text("{told}{longer}{drawn}。", "{told}{longer}{drawn}.").format(told=told, longer=longer, drawn=of_draws(row["draws"], ranged=bool(row["range"]))),
                  demonstration=row["demonstration"])


def _most(row: Mapping[str, Any], name: str) -> float:
    """A figure, or where sites are drawn the upper end of its range: what any of the draws changes is a change."""
    ends = (row["range"] or {}).get(name)
    return float(max(ends) if ends else row[name] or 0.0)


def _beside(rows: Sequence[Mapping[str, Any]], named: Any) -> list[Text]:
    """What stands beside a headline in one sentence: covered shares before and after; nothing where there are none."""
    told = [Text("{name} {a} → {b}", "{name} {a} → {b}").format(name=named(row), a=share_of(row, "before"), b=share_of(row, "after"))
            for row in rows if row["covered_share_before"] is not None or row["covered_share_after"] is not None]
    if not told:
        return []
    return [headed(Text("覆盖率前后：{told}。", "share covered before and after: {told}.").format(told=Text("；".join(text.zh for text in told), "; ".join(text.en for text in told))),
                   demonstration=rows[0]["demonstration"])]


def newly_words(row: Mapping[str, Any], demand_unit: str) -> Text:
    """Return who comes within the standard."""
    newly = number_of(row, "people_newly_covered")
    if newly.en == "0":
        return Text("没有新进入 {m:g} 米之内的", "none comes within {m:g} m by it").format(m=row["metres"])
    return Text("{newly}新进入 {m:g} 米之内", "{newly} come{s} within {m:g} m").format(newly=amount(newly, demand_unit), s="s" if newly.en == "1" else "", m=row["metres"])


def of_draws(draws: int | None, *, ranged: bool) -> Text:
    """Return in brackets what the figures of so many draws are; nothing where nothing is drawn.

    >>> of_draws(10, ranged=False).en, of_draws(1, ranged=False).zh, of_draws(None, ranged=False).en
    (' (medians of 10 random draws)', '（仅 1 次随机抽样）', '')
    """
    if draws is None:
        return _NOTHING
    if ranged:
        return Text("（{n} 次随机抽样中 90 % 落在此区间）", " (90 % of {n} random draws fall in these ranges)").format(n=f"{draws:,}")
    return Text("（仅 1 次随机抽样）", " (one random draw)") if draws == 1 else Text("（{n} 次随机抽样的中位数）", " (medians of {n} random draws)").format(n=draws)


def own_draws(draws: int | None) -> list[Text]:
    """Return why figures of draws that stand beside one another need not add up; nothing where there are not several draws."""
    told = Text("每个数只取自己的 {n} 次抽样（中间值，或其中 90 % 的区间），并列的数不必能相加减。",
                "Each figure is taken over its own {n} draws (their middle, or the range of 90 % of them); figures side by side need not add up.")
    return [told.format(n=f"{draws:,}")] if draws is not None and draws > 1 else []


def draws_of(rows: pd.DataFrame) -> int | None:
    """Return how many draws the figures of a table are taken from; None where nothing is drawn."""
    some = rows["draws"].dropna()
    return int(some.iloc[0]) if len(some) else None


def counted_words(row: Mapping[str, Any]) -> Text:
    """Return whose sites a figure rests on, and how many of the promised ones have a place, in brackets."""
    here, promised, demo = row["sites_counted"] or 0, row["sites_promised"], row["demo_sites"]
    if demo:
        rest = Text("其余 {n} 处" if here else " {n} 处", "the other {n}" if here else "{n}").format(n=f"{demo:,.0f}")
        have = _have(here, promised) if here else _NOTHING
        return Text("（{have}若{rest}随机分布）", " ({have}if {rest} stood at random)").format(have=Text(f"{have.zh}；", f"{have.en}; ") if here else _NOTHING, rest=rest)
    if row["counted"] == "programme" and promised is not None and here < promised:
        return Text("（{have}，仅这些点）", " ({have}, these alone)").format(have=_have(here, promised))
    return Text("（{counted} {n} 处）", " ({counted}: {n})").format(counted=COUNTED_NAMES[row["counted"]], n=f"{here:,.0f}")


def _have(here: float, promised: float | None) -> Text:
    if promised is None:
        return Text("已落位 {a} 处", "{a} located").format(a=f"{here:,.0f}")
    return Text("已落位 {a}/{b} 处", "{a} of {b} located").format(a=f"{here:,.0f}", b=f"{promised:,.0f}")


def share_of(row: Mapping[str, Any], word: str) -> str:
    """Return the covered share `before` or `after` as it is read: as a range where sites are drawn."""
    return numerals.share_range(row, f"covered_share_{word}")


def number_of(row: Mapping[str, Any], name: str, *, turned: bool = False) -> Text:
    """Return a figure of a row in words, as a range where sites are drawn; `turned` says it with the other sign."""
    sign = -1 if turned else 1
    spread = sorted(sign * round(end) for end in (row.get("range") or {}).get(name) or ())
    if spread and spread[0] != spread[1]:
        between = " to " if spread[0] < 0 else "–"
        low, high = (f"{end:,}".replace("-", "−") for end in spread)
        return Text(f"{low}{' 至 ' if spread[0] < 0 else '–'}{high}", f"{low}{between}{high}")
    told = f"{sign * round(row[name]):,}".replace("-", "−")
    return Text(told, told)


def road_name(change: Change, place: int) -> Text:
    """Return what an added road is called; one without a name is called by its place in the list."""
    name = change.name if isinstance(change, OpenRoad) else _NOTHING
    nameless = NAMELESS_ROAD.format(n=place + 1)
    return Text(name.zh or name.en or nameless.zh, name.en or name.zh or nameless.en)


def method_of(question: Question, demand_unit: str, more: Sequence[Text] = (), *, changes: Iterable[Change] = ()) -> list[Text]:
    """How a comparison is worked out.

    Args:
        question: what was asked.
        demand_unit: what the demand counts.
        more: further lines.
        changes: what was changed: how near its roads join the streets is said.
    """
    speed = question.speed_m_per_s
    near = sorted({change.within_m for change in changes if isinstance(change, OpenRoad)})
    told = Text("、".join(f"{m:g}" for m in near), ", ".join(f"{m:g}" for m in near))
    within = Text("（本情景：{m} 米）", " (here: {m} m)").format(m=told) if near else _NOTHING
    return [
        Text("同一个问题分别问打通前与打通后的路网：步行 = 到街道的直线段 + 沿街道的长度，取最近的设施。",
             "The same question asked of the streets before and after: walk = straight leg to the streets + length along them, to the nearest facility."),
        headed(Text("{minutes} = Σ {who} ×（之前分钟 − 之后分钟），步速 {v:g} 米/秒；走不到的按 30 分钟计（capped_people：只在之前、或只在之后走不到的{who}），其余步行不封顶。",
                    "{minutes} = Σ {who} × (minutes before − minutes after) at {v:g} m/s; where no way leads, 30 minutes count "
                    "(capped_people: {who} without a way on exactly one of the two sides); other walks count in full.").format(
                        v=speed, minutes=MINUTES[demand_unit], who=DEMAND_NAMES[demand_unit]), demonstration=False),
        Text("新增道路与它碰到的、或在容差以内{within}的每条街道相接；原来的进出点不变，新路更近时才多一个进出点。",
             "An added road joins every street it touches or comes within its tolerance of{within}; ways onto the streets stay as they were, "
             "with one more where the new road is nearer.").format(within=within),
        *more,
    ]
