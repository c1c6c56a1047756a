"""A ranking of road openings in words a mayor understands: the number, the comparison, the caveat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from geodata.comparing_words import counted_words, newly_words, number_of, of_draws, records_of
from geodata.connection import Connection, connection_sentence
from geodata.district import District
from geodata.stability import Stability
from geodata.wording import MINUTES, amount, headed, inside
from layers import Text, every_layer


class Unranked(Protocol):
    """A road that is not ranked, and why."""

    @property
    def name(self) -> Text:
        """What it is called."""

    @property
    def reason(self) -> Text:
        """Why it is not ranked."""


@dataclass(frozen=True, slots=True)
class Connected:
    """How the openings are connected, by id: each when it alone is opened, and once all are."""

    alone: dict[str, Connection]
    together: dict[str, Connection]


def ranking_sentences(district: District, rows: pd.DataFrame, told: Connected, names: Mapping[str, Text],
                      waiting: Sequence[Unranked]) -> list[Text]:
    """Return the best first (over all layers, then for each), then each opening's connection, then what is not ranked.

    Args:
        district: where.
        rows: of the ranking.
        told: how the openings are connected.
        names: of the openings, by id.
        waiting: what is not ranked.
    """
    demonstration = district.is_sketch or (len(rows) > 0 and bool(rows["demonstration"].any()))
    records = records_of(rows)
    layers = list(dict.fromkeys(row["layer"] for row in records))
    said = _over_all(district, records, layers)
    said += [_best(district, [r for r in records if r["layer"] == layer], len(told.alone)) for layer in layers]
    if not told.alone:
        said.append(Text("没有可以排序的打通方案。", "there is no opening to rank."))
    said = [headed(text, demonstration=demonstration) for text in said]
    for key, connection in told.alone.items():
        gains = any(r["opening"] == key and r["verdict"] == "gains" for r in records)
        said.append(connection_sentence(names[key], connection, connection.verdict(gains=gains)))
    later = [names[key] for key, connection in told.alone.items() if not connection.connected and told.together[key].connected]
    if later:
        said.append(Text("全部打通后两端才都接通：{zh}。", "Connected at both ends only once all are opened: {en}.").format(zh="、".join(n.zh for n in later), en=", ".join(n.en for n in later)))
    return said + not_ranked(waiting)


def _over_all(district: District, rows: Sequence[dict[str, Any]], layers: Sequence[str]) -> list[Text]:
    """The winner over several layers added up, beside all together; nothing for a single layer or where nothing saves anything."""
    if len(layers) < 2 or all(row["verdict"] != "gains" for row in rows if row["rank"] is not None):
        return []
    best, every = rows[0], next(row for row in rows if row["rank"] is None)
    return [Text("{n} 类设施合计，单独打通作用最大的是{name}：每类各走一趟，合计少走 {saved} {minutes}；全部打通为 {every} {minutes}{drawn}。",
                 "over {n} kinds of facility added up, {name} does most by itself: one walk each to every kind takes {saved} {minutes} less; all opened together: {every} {minutes}{drawn}.").format(
                     n=len(layers), name=_called(best), saved=number_of(best, "person_minutes_saved_total"), every=number_of(every, "person_minutes_saved_total"),
                     minutes=MINUTES[district.demand_unit], drawn=_of_draws(rows))]


def _of_draws(rows: Sequence[dict[str, Any]]) -> Text:
    """What the figures of some rows are taken from, in brackets: those of one are added up with the draws of the others."""
    drawn = next((row for row in rows if row["draws"] is not None), None)
    return Text("", "") if drawn is None else of_draws(drawn["draws"], ranged=bool(drawn["range"]))


def _called(row: Mapping[str, Any]) -> Text:
    """What the opening of a row is called."""
    return Text(row["name_zh"] or row["opening"], row["name_en"] or row["name_zh"] or row["opening"])


def _best(district: District, rows: list[dict[str, Any]], count: int) -> Text:
    """The winner for one layer, beside all together."""
    layer, unit = inside(every_layer()[rows[0]["layer"]]), district.demand_unit
    alone = sorted((r for r in rows if r["rank"] is not None), key=lambda r: -r["person_minutes_saved"])
    best, every = alone[0], next(r for r in rows if r["rank"] is None)
    if all(r["verdict"] != "gains" for r in alone):
        return Text("单独打通任何一条，到{layer}的步行都没有变化。", "no single opening changes any walk to {layer}.").format(layer=layer)
    which = Text("{n} 条中单独打通作用最大的是{name}", "of {n} openings {name} does most for walks to {layer}{have}") if count > 1 else \
        Text("打通{name}", "{name} helps walks to {layer}{have}")
    told = Text("到{layer}{have}，{which}：{near}步行变近，各走一趟合计少走 {saved} {minutes}",
                "{which}: the walk gets shorter for {near}, one walk each takes {saved} {minutes} less").format(
                    layer=layer, have=counted_words(best), which=which.format(n=count, name=_called(best), layer=layer, have=counted_words(best)),
                    near=amount(number_of(best, "people_nearer"), unit), saved=number_of(best, "person_minutes_saved"), minutes=MINUTES[unit])
    if best["metres"] is not None:
        told = Text("{told}，{newly}", "{told}, and {newly}").format(told=told, newly=newly_words(best, unit))
    together = Text("；全部打通为 {every} {minutes}", "; all opened together: {every} {minutes}").format(every=number_of(every, "person_minutes_saved"), minutes=MINUTES[unit]) if count > 1 else Text("", "")
    return Text("{told}{together}{drawn}。", "{told}{together}{drawn}.").format(told=told, together=together, drawn=_of_draws([best]))


def stability_sentence(found: Stability, names: Mapping[str, Text], *, demonstration: bool) -> list[Text]:
    """Return in words whether the first place holds, with the numbers and what speaks against it most; nothing where there is none to hold."""
    if found.first is None or found.worst is None or len(names) < 2:
        return []
    worst, asked = records_of(found.table.loc[[found.worst]])[0], records_of(found.table)[0]
    verdict = Text("稳定", "stable") if found.stable else Text("不稳定", "not stable")
    return [headed(Text("排序{verdict}：{name}居第一的，照所问为 {share:.1f} %，最低的一种取法（{what}）为 {least:.1f} %（共 {draws:,} 次；每一种都达 95 % 才算稳定）。",
                 "the ranking is {verdict}: {name} is first in {share:.1f} % of the draws as asked, at least in {least:.1f} % ({what}), {draws:,} draws in all; stable needs 95 % each way.").format(
                     verdict=verdict, name=names[found.first], draws=found.draws, share=100 * asked["share"], what=trial_name(worst), least=100 * worst["share"]), demonstration=demonstration)]


def trial_name(row: Mapping[str, Any]) -> Text:
    """Return what a row of `Stability.table` changes, in words."""
    if row["variation"] == "kind":
        return Text("只看到{layers}的步行", "walks to {layers} alone").format(layers=layers_named(row["layer"]))
    return {"asked": Text("照所问", "as asked"), "speed": Text("步速 {v:g} m/s", "at {v:g} m/s").format(v=row["speed_m_per_s"]),
            "positions": Text("设施在位置误差内移动", "sites moved within their uncertainty")}[row["variation"]]


def layers_named(keys: str) -> Text:
    """Return what layers whose keys are joined by commas are called inside a sentence."""
    names = [inside(every_layer()[key]) for key in keys.split(",")]
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def not_ranked(waiting: Sequence[Unranked]) -> list[Text]:
    """Return what is not ranked, those of one reason in one sentence."""
    said = []
    for reason in dict.fromkeys(w.reason for w in waiting):
        names = [w.name for w in waiting if w.reason == reason]
        zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
        said.append(Text(f"未参加排序：{zh}。{reason.zh}", f"Not ranked: {en}. {reason.en}"))
    return said
