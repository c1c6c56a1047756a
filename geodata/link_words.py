"""Missing links in words."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from geodata.comparing_words import number_of, of_draws, own_draws
from geodata.district import District
from geodata.figures import FEWEST_RUNS
from geodata.wording import MINUTES, amount, headed, inside
from layers import Layer, Text

LINK_NAME: Final = Text("缺失连接 {n}", "Missing link {n}")
"""What a link is called by its rank, on the map, in files and as a road of a scenario."""


def links_sentences(district: District, links: pd.DataFrame, layers: Sequence[Layer], candidates: int, max_length_m: float, *,
                    draws: int | None, demonstration: bool) -> list[Text]:
    """Return what was looked at, and what the best link saves.

    Args:
        district: where.
        links: the ranked table.
        layers: what is walked to.
        candidates: how many links were judged.
        max_length_m: longest of them.
        draws: how many draws the figures are taken from; None where nothing is drawn.
        demonstration: whether the answer is one.
    """
    called = [inside(layer) for layer in layers]
    names = Text("、".join(name.zh for name in called), ", ".join(name.en for name in called))
    looked = Text("在 {n:,} 条不超过 {m:g} 米、不穿过铁路和水面的可能连接中", "of {n:,} possible link{s} of at most {m:g} m that cross{es} no rail and no water,").format(
        n=candidates, m=max_length_m, s="" if candidates == 1 else "s", es="es" if candidates == 1 else "")
    if not len(links):
        return [headed(Text("{looked}，没有一条能缩短到{names}的步行。", "{looked} none shortens a walk to {names}.").format(looked=looked, names=names), demonstration=demonstration)]
    best: dict[str, Any] = {str(name): value for name, value in links.iloc[0].items()}
    best["range"] = link_range(best)
    way = Text("原来绕行 {w:,.0f} 米", "{w:,.0f} m by the way before").format(w=best["way_before_m"]) if best["way_before_m"] == best["way_before_m"] else Text("原来无路", "no way before")
    return [headed(Text("{looked}，作用最大的一条长 {m:,.0f} 米（{way}）：到{names}，各走一趟合计少走 {saved} {minutes}，{near}步行变近{drawn}。",
                        "{looked} the best is {m:,.0f} m long ({way}): one walk each to {names} takes {saved} {minutes} less, the walk gets shorter for {near}{drawn}.").format(
                            looked=looked, m=best["length_m"], way=way, names=names, saved=number_of(best, "person_minutes_saved"), minutes=MINUTES[district.demand_unit],
                            near=amount(number_of(best, "people_nearer"), district.demand_unit), drawn=of_draws(draws, ranged=bool(best["range"]))), demonstration=demonstration),
            Text("这是按步行计算的线索，不是建议：没有考虑建筑、围墙、地权和造价。",
                 "These are clues from walking distances, not proposals: buildings, walls, ownership and cost are not known here.")]


def link_range(link: Mapping[str, Any]) -> dict[str, list[float]]:
    """Return the range of every figure of a link over its draws, by the figure's name; empty where there are too few."""
    ends = {"person_minutes_saved": "", **{name: f"{name}_" for name in ("people_newly_covered", "people_nearer", "capped_people")}}
    return {name: [link[f"{mark}low"], link[f"{mark}high"]] for name, mark in ends.items()} if link["runs"] >= FEWEST_RUNS else {}


def links_method(speed_m_per_s: float, layers: int, demand_unit: str, *, same_place_m: tuple[float, float], similar: int, draws: int | None) -> list[Text]:
    """How missing links are found and judged.

    Args:
        speed_m_per_s: of those who walk.
        layers: how many kinds of facility.
        demand_unit: what the demand counts.
        same_place_m: how near the ends of two links at one place are.
        similar: how many links were left out for a better one at their place.
        draws: how many draws the figures are taken from; None where nothing is drawn.
    """
    left = Text("同一处只列最好的一条：另有 {n:,} 条也省步行，但一端与所列某条的一端相距 {near:g} 米以内、另一端 {far:g} 米以内，不再列出。",
                "Of each place the best is listed: left out {are} {n:,} more that {save} walking, one end within {near:g} m of a listed one's, the other within {far:g} m.").format(
                    n=similar, near=same_place_m[0], far=same_place_m[1], are="is" if similar == 1 else "are", save="saves" if similar == 1 else "save")
    added = [Text("所选各类设施的{minutes}和受益的多少是相加的：到两类设施的步行都变近，就计两次。",
                  "What is saved and who gains are added up over the chosen kinds of facility: who walks less to two of them counts twice.")] if layers > 1 else []
    return [
        Text("从每个断头（只接一条路的路口）到长度以内的每条街道画一条直线，取中间不碰到其他街道、铁路和水面的。",
             "From every dead end (a junction with one way) a straight line to every street within the length; those that meet no other street, rail or water on the way are kept."),
        Text("每条单独加入，只更新因它变近的步行（精确，与重新计算一致），再还原；{minutes}按 {v:g} 米/秒，走不到的按 30 分钟计。",
             "Each is added by itself, only walks that become shorter are updated (exact, equal to measuring anew) and then put back; {minutes} at {v:g} m/s, no way counts 30 minutes.").format(
                 v=speed_m_per_s, minutes=MINUTES[demand_unit]),
        *([left] if similar else []),
        *(text.format(minutes=MINUTES[demand_unit]) for text in added),
        *own_draws(draws),
    ]
