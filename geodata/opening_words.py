"""A ranking of road openings in words a mayor understands: the number, the comparison, the caveat."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd

from geodata.comparing_words import counted_words, number_of, records_of
from geodata.connection import Connection, connection_sentence
from geodata.district import District
from geodata.stability import Stability
from geodata.wording import WHO
from layers import Text, every_layer


class Unranked(Protocol):
    """A road that is not ranked, and why."""

    @property
    def name(self) -> Text:
        """What it is called."""

    @property
    def reason(self) -> Text:
        """Why it is not ranked."""


def ranking_sentences(district: District, rows: pd.DataFrame, told: Mapping[str, Connection], names: Mapping[str, Text],
                      waiting: Sequence[Unranked]) -> list[Text]:
    """Return the best first, then each opening's connection, then what is not ranked.

    Args:
        district: where.
        rows: of the ranking.
        told: how each opening is connected, by id.
        names: of the openings, by id.
        waiting: what is not ranked.
    """
    head = Text("演示：", "Demonstration: ") if district.is_sketch or (len(rows) and bool(rows["demonstration"].any())) else Text("", "")
    records = records_of(rows)
    said = [_best(district, head, [r for r in records if r["layer"] == layer], len(told))
            for layer in dict.fromkeys(row["layer"] for row in records)]
    if not len(told):
        said.append(Text("{head}没有可以排序的打通方案。", "{head}there is no opening to rank.").format(head=head))
    for key, connection in told.items():
        gains = any(r["opening"] == key and r["verdict"] == "gains" for r in records)
        said.append(connection_sentence(names[key], connection, connection.verdict(gains=gains)))
    return said + not_ranked(waiting)


def _best(district: District, head: Text, rows: list[dict[str, Any]], count: int) -> Text:
    """The winner for one layer, beside all together."""
    layer = every_layer()[rows[0]["layer"]]
    alone = sorted((r for r in rows if r["rank"] is not None), key=lambda r: -r["person_minutes_saved"])
    best, every = alone[0], next(r for r in rows if r["rank"] is None)
    if all(r["verdict"] != "gains" for r in alone):
        return Text("{head}单独打通任何一条，到{layer}的步行都没有变化。", "{head}no single opening changes any walk to {layer}.").format(head=head, layer=layer.name)
    told = Text("{head}到{layer}{have}，{n} 条中单独打通作用最大的是{name}：{near} {who}走得更近，每人走一趟合计少走 {saved} 人·分钟",
                "{head}of {n} openings {name} does most for walks to {layer}{have}: {near} {who} walk less, one walk each takes {saved} person-minutes less").format(
                    head=head, layer=layer.name, have=counted_words(best), n=count, name=Text(best["name_zh"] or best["opening"], best["name_en"] or best["name_zh"] or best["opening"]),
                    near=number_of(best, "people_nearer"), who=WHO[district.demand_unit], saved=number_of(best, "person_minutes_saved"))
    if best["metres"] is not None:
        told = _with_newly(told, best)
    drawn = Text("（{n} 次随机抽样中 90 % 落在此区间）", " (90 % of {n} random draws fall in these ranges)").format(n=best["draws"]) if best["range"] else Text("", "")
    return Text("{told}；全部打通为 {every} 人·分钟{drawn}。", "{told}; all opened together: {every} person-minutes{drawn}.").format(
        told=told, every=number_of(every, "person_minutes_saved"), drawn=drawn)


def _with_newly(told: Text, best: dict[str, Any]) -> Text:
    """The same, and who comes within the standard."""
    newly = number_of(best, "people_newly_covered")
    if newly.en == "0":
        return Text("{told}，没有人因此进入 {metres:g} 米之内", "{told}, and nobody comes within {metres:g} m by it").format(told=told, metres=best["metres"])
    return Text("{told}，{newly} 人新进入 {metres:g} 米之内", "{told}, and {newly} come within {metres:g} m").format(told=told, newly=newly, metres=best["metres"])


def stability_sentence(found: Stability, names: Mapping[str, Text], *, demonstration: bool) -> list[Text]:
    """Return in words whether the first place holds, with the numbers; nothing where there is none to hold."""
    if found.first is None or len(names) < 2:
        return []
    verdict = Text("稳定", "stable") if found.stable else Text("不稳定", "not stable")
    head = Text("演示：", "Demonstration: ") if demonstration else Text("", "")
    return [Text("{head}排序{verdict}：{draws:,} 次取法中，{share:.1f} % 居第一的是{name}（95 % 以上为稳定）。",
                 "{head}the ranking is {verdict}: {name} is first in {share:.1f} % of {draws:,} draws (stable from 95 %).").format(
                     head=head, verdict=verdict, name=names[found.first], draws=found.draws, share=100 * found.share)]


def not_ranked(waiting: Sequence[Unranked]) -> list[Text]:
    """Return what is not ranked, those of one reason in one sentence."""
    said = []
    for reason in dict.fromkeys(w.reason for w in waiting):
        names = [w.name for w in waiting if w.reason == reason]
        zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
        said.append(Text(f"未参加排序：{zh}。{reason.zh}", f"Not ranked: {en}. {reason.en}"))
    return said
