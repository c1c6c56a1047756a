"""Missing links in words."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from geodata.district import District
from geodata.figures import FEWEST_RUNS
from geodata.wording import WHO
from layers import Layer, Text

LINK_NAME: Final = Text("缺失连接 {n}", "Missing link {n}")
"""What a link is called by its rank, on the map, in files and as a road of a scenario."""


def links_sentences(district: District, links: pd.DataFrame, layers: Sequence[Layer], candidates: int, max_length_m: float, *,
                    demonstration: bool) -> list[Text]:
    """Return what was looked at, and what the best link saves.

    Args:
        district: where.
        links: the ranked table.
        layers: what is walked to.
        candidates: how many links were judged.
        max_length_m: longest of them.
        demonstration: whether the answer is one.
    """
    head = Text("演示：", "Demonstration: ") if demonstration else Text("", "")
    names = Text("、".join(layer.name.zh for layer in layers), ", ".join(layer.name.en for layer in layers))
    looked = Text("{head}在 {n:,} 条不超过 {m:g} 米、不穿过铁路和水面的可能连接中", "{head}of {n:,} possible links of at most {m:g} m that cross no rail and no water,").format(
        head=head, n=candidates, m=max_length_m)
    if not len(links):
        return [Text("{looked}，没有一条能缩短到{names}的步行。", "{looked} none shortens a walk to {names}.").format(looked=looked, names=names)]
    best = links.iloc[0]
    minutes = f"{best['person_minutes_saved']:,.0f}" if best["runs"] < FEWEST_RUNS else f"{best['low']:,.0f}–{best['high']:,.0f}"
    drawn = Text("", "") if best["runs"] < FEWEST_RUNS else Text("（{n} 次随机抽样中 90 % 落在此区间）", " (90 % of {n} random draws fall in this range)").format(n=int(best["runs"]))
    way = Text("原来绕行 {w:,.0f} 米", "{w:,.0f} m by the way before").format(w=best["way_before_m"]) if best["way_before_m"] == best["way_before_m"] else Text("原来无路", "no way before")
    return [Text("{looked}，作用最大的一条长 {m:,.0f} 米（{way}）：到{names}，每人走一趟合计少走 {minutes} 人·分钟，{near:,.0f} {who}走得更近{drawn}。",
                 "{looked} the best is {m:,.0f} m long ({way}): one walk each to {names} takes {minutes} person-minutes less, {near:,.0f} {who} walk less{drawn}.").format(
                     looked=looked, m=best["length_m"], way=way, names=names, minutes=minutes, near=best["people_nearer"], who=WHO[district.demand_unit], drawn=drawn),
            Text("这是按步行计算的线索，不是建议：没有考虑建筑、围墙、地权和造价。",
                 "These are clues from walking distances, not proposals: buildings, walls, ownership and cost are not known here.")]


def links_method(speed_m_per_s: float, layers: int) -> list[Text]:
    """How missing links are found and judged, for so many kinds of facility."""
    added = [Text("所选各类设施的人·分钟和人数是相加的：一个人到两类设施都走得更近，就计两次。",
                  "Person-minutes and people are added up over the chosen kinds of facility: who walks less to two of them counts twice.")] if layers > 1 else []
    return [
        Text("从每个断头（只接一条路的路口）到长度以内的每条街道画一条直线，取中间不碰到其他街道、铁路和水面的。",
             "From every dead end (a junction with one way) a straight line to every street within the length; those that meet no other street, rail or water on the way are kept."),
        Text("每条单独加入，只更新因它变近的步行（精确，与重新计算一致），再还原；人·分钟按 {v:g} 米/秒，走不到的按 30 分钟计。",
             "Each is added by itself, only walks that become shorter are updated (exact, equal to measuring anew) and then put back; person-minutes at {v:g} m/s, no way counts 30 minutes.").format(v=speed_m_per_s),
        *added,
    ]
