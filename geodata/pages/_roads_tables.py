"""The tables of a road opening: plain texts in the visit's language, with what can be pressed in each row."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from geodata.comparing import Comparison, records_of
from geodata.comparing_words import draws_of, own_draws
from geodata.connection import Connection
from geodata.link_words import link_range
from geodata.missing_links import MissingLinks
from geodata.numerals import count_range, decimals, metres, metres_range, share, share_range
from geodata.opening_words import trial_name
from geodata.openings import TOGETHER, Ranking
from geodata.pages._answer import Cell, Table
from geodata.pages._roads_words import WORDS
from geodata.wording import (
    COUNTED_NAMES,
    DEMAND_UNITS,
    MINUTES,
    MODE_NAMES,
    STREET_FIGURES,
    layer_name,
    standard_name,
)
from layers import Lang, Text, every_layer

_VERDICTS: Final[Mapping[str, Text]] = {
    "gains": Text("有步行变近", "walks get shorter"),
    "already_passable": Text("没有变化：行人本来就能通过", "no effect: walkers could already pass"),
    "nobody_nearer": Text("已接通，但没有步行变近", "connected, yet no walk gets shorter"),
    "not_connected": Text("未接通", "not connected"),
}
_SOME_DRAWS: Final = Text("个别抽样中有人少走", "walks get shorter in some draws only")
_BEFORE: Final = Text("之前", "Before")
_AFTER: Final = Text("之后", "After")
_LAYER: Final = Text("图层", "Layer")
_SAVED: Final = Text("少走（{minutes}）", "Saved ({minutes})")
_NEWLY: Final = Text("新进入标准（{unit}）", "Newly within the standard ({unit})")
_NEARER: Final = Text("步行变近（{unit}）", "Shorter walks ({unit})")
_CAPPED: Final = Text("按 30 分钟封顶（{unit}）", "Capped at 30 min ({unit})")
_LONGER: Final = Text("步行变远（处）", "Longer walks (places)")
_COUNTED: Final = (Text("计入", "Counted"), Text("已落位/承诺", "Located / promised"))
_WAYS: Final = {False: Text("前 → 后", "before → after"), True: Text("对照 → 本情景", "other → this")}
"""From what to what figures lead: in time, or from one scenario to the other."""
_QUANTILES: Final = ("p10", "p25", "p50", "p75", "p90")


def ranking_table(ranking: Ranking, lang: Lang, chosen: str, entries: Mapping[str, list[list[Any]]] | None = None) -> Table:
    """Return the openings by rank, each to be pressed and to be put into a scenario (`entries`, by id); the last rows are all of them together."""
    several = len(ranking.question.layers) > 1
    total = [Text("各类合计：少走（{minutes}）", "All kinds: saved ({minutes})")] if several else []
    heads = [Text("名次", "Rank"), Text("打通", "Opening"), _LAYER, *total, Text("单独打通：少走（{minutes}）", "Alone: saved ({minutes})"),
             Text("最后打通：少走（{minutes}）", "Last added: saved ({minutes})"), _NEWLY, _NEARER, Text("中位步行 前 → 后", "Median walk, before → after"),
             Text("是否接通", "Connected?"), Text("结论", "Finding"), Text("", "")]
    rows = []
    for row in records_of(ranking.rows):
        every = row["opening"] == TOGETHER
        ranged = row["range"] or {}
        name = WORDS["together"] if every else Text(str(row["name_zh"] or row["opening"]), str(row["name_en"] or row["name_zh"] or row["opening"]))
        link = None if every else ranking.connections.get(str(row["opening"]))
        rows.append(row_of([
            cell("—" if every else str(row["rank"])), cell(name.say(lang)), cell(every_layer()[row["layer"]].name.say(lang)),
            *([drawn_cell(row["person_minutes_saved_total"], ranged.get("person_minutes_saved_total"))] if several else []),
            drawn_cell(row["person_minutes_saved"], ranged.get("person_minutes_saved")), drawn_cell(row["last_added_person_minutes"], ranged.get("last_added_person_minutes")),
            drawn_cell(row["people_newly_covered"], ranged.get("people_newly_covered")) if row["metres"] is not None else cell("—"),
            drawn_cell(row["people_nearer"], ranged.get("people_nearer")),
            _change(row, "p50"), cell(connected_text(link).say(lang) if link else "—"), cell("—" if every else _finding(row).say(lang)), cell(""),
        ], pick=str(row["opening"]), name=name.say(lang), on=row["opening"] == chosen, entries=(entries or {}).get(str(row["opening"]))))
    return table_of("rank", WORDS["table_rank"], _units(heads, ranking.rows), rows, lang, left=(1, 2, 8 + several, 9 + several, 10 + several),
                    note=joined([WORDS["note_sum"], *own_draws(draws_of(ranking.rows))]))


def _finding(row: Mapping[str, Any]) -> Text:
    """What an opening is found to do: where it gains in some draws only, its median being nothing, that is what is said."""
    some = row["verdict"] == "gains" and not round(row["people_nearer"]) and not round(row["person_minutes_saved"])
    return _SOME_DRAWS if some and row["range"] else _VERDICTS[row["verdict"]]


def spread_table(frame: pd.DataFrame, lang: Lang, *, two: bool = False) -> Table:
    """Return what is beside the headline of a ranking or a comparison: whose sites, the straight line, walks by quantile, the capped, the self-check."""
    named, way = "opening" in frame, _WAYS[two]
    walks = [Text(f"步行 {q} {way.zh}", f"Walk {q}, {way.en}") for q in _QUANTILES]
    heads = [*([Text("打通", "Opening")] if named else []), _LAYER, *_COUNTED, Text(f"直线覆盖率 {way.zh}", f"Straight-line share, {way.en}"), *walks,
             Text(f"路网外（{{unit}}）{way.zh}", f"Off the network ({{unit}}), {way.en}"), _CAPPED, _LONGER]
    rows = []
    for row in records_of(frame):
        name = WORDS["together"] if row.get("opening") == TOGETHER else Text(str(row.get("name_zh") or ""), str(row.get("name_en") or row.get("name_zh") or ""))
        rows.append(row_of([*([cell(name.say(lang))] if named else []), cell(_layer(row, lang)), *_counted(row, lang), cell(_shares(row, "straight_line_share")),
                          *(_change(row, q) for q in _QUANTILES), _pair(row, "off_network_people"), drawn_cell(row["capped_people"], (row["range"] or {}).get("capped_people")), cell(count(row["longer_walks"]))]))
    return table_of("spread", WORDS["more_columns"], _units(heads, frame), rows, lang, left=(0, 1, 2) if named else (0, 1))


def comparison_table(found: Comparison, lang: Lang, *, two: bool = False) -> Table:
    """Return a row for every layer and standard: before, after and what lies between; `two` scenarios are held against each other."""
    way = _WAYS[two]
    heads = [_LAYER, Text("标准", "Standard"), *_COUNTED, _SAVED, _NEWLY, Text("不再达标（{unit}）", "No longer within ({unit})"), _NEARER,
             *(Text(f"{zh} {way.zh}", f"{en}, {way.en}") for zh, en in (("覆盖率", "Share covered"), ("直线覆盖率", "Straight-line share"), ("中位步行", "Median walk"),
                                                                        ("走不到（{unit}）", "Unreachable ({unit})"), ("路网外（{unit}）", "Off the network ({unit})")))]
    rows = []
    for row in records_of(found.rows):
        ranged = row["range"] or {}
        held = row["covered_share_before"] is not None or row["covered_share_after"] is not None
        within = [drawn_cell(row[name], ranged.get(name)) if held else cell("—") for name in ("people_newly_covered", "people_no_longer_covered")]
        rows.append(row_of([
            cell(layer_name(row["layer"]).say(lang)), cell(standard_name(row).say(lang)), *_counted(row, lang), drawn_cell(row["person_minutes_saved"], ranged.get("person_minutes_saved")),
            *within, drawn_cell(row["people_nearer"], ranged.get("people_nearer")), cell(_shares(row, "covered_share")), cell(_shares(row, "straight_line_share")),
            _change(row, "p50"), _pair(row, "unreachable_people"), _pair(row, "off_network_people"),
        ]))
    return table_of("compare", WORDS["table_two" if two else "table_compare"], _units(heads, found.rows), rows, lang, left=(0, 1, 2), note=joined(own_draws(draws_of(found.rows))))


def _units(heads: Sequence[Text], rows: pd.DataFrame) -> list[Text]:
    """Headings with what the demand of the rows counts."""
    unit = str(rows["demand_unit"].iloc[0])
    return [head.format(unit=DEMAND_UNITS[unit], minutes=MINUTES[unit]) for head in heads]


def _layer(row: Mapping[str, Any], lang: Lang) -> str:
    """What a row is about: a layer, for a crew with its pace, or several layers together."""
    name = layer_name(row["layer"]).say(lang)
    return f"{name} · {MODE_NAMES[row['mode']].say(lang)}" if row.get("mode") in {"run", "e-bike"} else name


def _counted(row: Mapping[str, Any], lang: Lang) -> list[Cell]:
    """Whose sites, and how many of the promised have a place; demo sites are said apart."""
    promised = "—" if row["sites_promised"] is None or pd.isna(row["sites_promised"]) else count(row["sites_promised"])
    told = cell(f"{count(row['sites_counted'] or 0)} / {promised}")
    if row["demo_sites"]:
        told = {**told, "range": Text("示意点 {n} 处", "demo sites: {n}").format(n=count(row["demo_sites"])).say(lang)}
    return [cell(COUNTED_NAMES[row["counted"]].say(lang)), told]


def _shares(row: Mapping[str, Any], name: str) -> str:
    """A share before and after, as ranges where sites are drawn."""
    return f"{share_range(row, f'{name}_before')} → {share_range(row, f'{name}_after')}"


def _pair(row: Mapping[str, Any], name: str) -> Cell:
    """A number of people before and after, under it their ranges."""
    names = [f"{name}_{word}" for word in ("before", "after")]
    return _ranged([count(row[one]) for one in names], [count_range(row[one], (row["range"] or {}).get(one)) for one in names])


def _ranged(figures: Sequence[str], ranges: Sequence[str]) -> Cell:
    """Figures before and after, under them their ranges where they have any."""
    text, small = " → ".join(figures), " → ".join(ranges)
    return cell(text) if small == text else {"text": text, "range": small}


def links_table(found: MissingLinks, lang: Lang, chosen: str, entries: Sequence[list[Any]], unit: str) -> Table:
    """Return the missing links by rank, each to be pressed and to be put into the scenario (`entries`, one a row); `unit` is what the demand counts."""
    heads = [Text("名次", "Rank"), _SAVED, _NEWLY, _NEARER, Text("长度", "Length"), Text("原来的路", "Way before"), Text("两端的街道，无名的为坐标", "Streets at its ends, coordinates where nameless"),
             Text("", "")]
    rows = []
    for row, entry in zip(records_of(pd.DataFrame(found.links.drop(columns="geometry"))), entries, strict=True):
        rank = str(row["rank"])
        streets = [str(row[f"{end}_street_{lang}"] or row[f"{end}_street_zh"]) for end in ("from", "to")]
        ends = [street or at_text(*place) for street, place in zip(streets, (entry[2][0], entry[2][-1]), strict=True)]
        way = metres(row["way_before_m"]) if np.isfinite(row["way_before_m"]) else Text("无路", "no way").say(lang)
        rows.append(row_of([
            cell(rank), *(drawn_cell(row[name], link_range(row).get(name)) for name in ("person_minutes_saved", "people_newly_covered", "people_nearer")),
            cell(metres(row["length_m"])), cell(way), cell(" — ".join(ends)), cell(""),
        ], pick=rank, name=WORDS["link_n"].format(n=rank).say(lang), on=rank == chosen, entries=[entry]))
    heads = [head.format(unit=DEMAND_UNITS[unit], minutes=MINUTES[unit]) for head in heads]
    return table_of("links", WORDS["table_links"], heads, rows, lang, left=(0, 6, 7), note=joined([WORDS["note_links"], *own_draws(found.draws)]))


def streets_table(frame: pd.DataFrame, names: Mapping[str, Text], lang: Lang) -> Table:
    """Return the connectivity of the streets, a column a state: `before`, `after` or openings by id, `together`."""
    shown = [str(column) for column in frame.columns if column != "difference"]
    titles = {"before": _BEFORE, "after": _AFTER, TOGETHER: WORDS["together"], **names}
    rows = []
    for key, name, digits in STREET_FIGURES:
        values = [float(frame[column][key]) for column in shown]
        rows.append(row_of([cell(name.say(lang)), *(_state(value, values[0], digits) for value in values)]))
    heads = [Text("指标", "Measure"), *(titles[column] for column in shown)]
    return table_of("streets", WORDS["table_streets"], heads, rows, lang, left=(0,), note=WORDS["note_density"])


def stability_table(ranking: Ranking, lang: Lang) -> Table | None:
    """Return how often each opening is first, a row a variation, or None where there is nothing to rank."""
    held = ranking.stability
    if held.first is None or len(ranking.openings) < 2 or not len(held.table):
        return None
    heads = [Text("取法", "Variation"), Text("次数", "Draws"), *(Text("{name}居第一", "{name} first").format(name=opening.road.name) for opening in ranking.openings)]
    rows = []
    for row in records_of(held.table):
        name, figures = trial_name(row).say(lang), [count(row["draws"]), *(share(row[opening.id]) for opening in ranking.openings)]
        if row["first"] is None:  # nothing saves anything: such a row neither holds nor breaks the ranking
            rows.append(row_of([{"text": name, "range": WORDS["no_say"].say(lang)}, *(cell("—") for _ in figures)]))
        else:
            rows.append(row_of([cell(name), *map(cell, figures)]))
    return table_of("stable", WORDS["table_stable"], heads, rows, lang, left=(0,))


def connected_text(found: Connection) -> Text:
    """Return whether a road is connected, or how far short it is and at which end."""
    loose = [end for end in found.ends if not end.joined]
    if found.connected:
        return Text("两端已接通", "at both ends")
    if not loose:
        return Text("只接到走不到的零散路段", "to unreachable fragments only")
    told = [Text("{side}端隔着铁路或水面", "rail or water at the {side} end").format(side=end.side) if end.barred
            else Text("{side}端差 {m}", "{m} short at the {side} end").format(side=end.side, m=metres(end.short_m)) if np.isfinite(end.short_m)
            else Text("{side}端附近没有街道", "no street near the {side} end").format(side=end.side) for end in loose]
    return Text("；".join(text.zh for text in told), "; ".join(text.en for text in told))


def _change(row: Mapping[str, Any], quantile: str) -> Cell:
    """A quantile of the walk before and after, under it the ranges."""
    names = [f"walk_m_{word}" for word in ("before", "after")]
    held = [((row[name] or {}).get(quantile), ((row["range"] or {}).get(name) or {}).get(quantile)) for name in names]
    return _ranged([metres(value) for value, _ in held], [metres_range(value, ends) for value, ends in held])


def _state(value: float, before: float, digits: int) -> Cell:
    """A measure of the streets, under it what it changed by."""
    text, by = decimals(value, digits), value - before
    return {"text": text, "range": f"{'+' if by > 0 else ''}{decimals(by, digits)}"} if round(by, digits) else cell(text)


def drawn_cell(value: float | None, ranged: Sequence[float] | None) -> Cell:
    """Return a figure, under it the range of the draws."""
    if ranged is None or round(ranged[0]) == round(ranged[1]):
        return cell(count(value))
    between = " … " if round(min(ranged)) < 0 else "–"
    return {"text": count(value), "range": f"{count(ranged[0])}{between}{count(ranged[1])}"}


def at_text(lon: float, lat: float) -> str:
    """Return a place by its coordinates, to a metre.

    >>> at_text(112.4651234, 34.6912345)
    '34.69123, 112.46512'
    """
    return f"{lat:.5f}, {lon:.5f}"


def row_of(cells: list[Cell], *, pick: str = "", name: str = "", on: bool = False, entries: list[list[Any]] | None = None, place: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a row; `pick` shows a road, `place` is found on the map, `entries` go into a scenario."""
    return {"cells": cells, "pick": pick, "name": name, "on": on, "entries": entries, "place": place}


def table_of(key: str, title: Text, heads: Sequence[Text], rows: list[dict[str, Any]], lang: Lang, *, left: Sequence[int], note: Text | None = None) -> Table:
    """Return a table as the page's script takes it; columns `left` stand to the left."""
    return {"key": key, "title": title.say(lang), "columns": [{"name": head.say(lang), "right": place not in left} for place, head in enumerate(heads)], "rows": rows,
            "note": note.say(lang) if note else ""}


def count(value: float | None) -> str:
    """Return a count; a negative one with the minus sign of the page."""
    return "—" if value is None or pd.isna(value) else f"{round(value):,}".replace("-", "−")


def joined(notes: Sequence[Text]) -> Text:
    """Return notes one after the other."""
    return Text("".join(note.zh for note in notes), " ".join(note.en for note in notes))


def cell(text: str) -> Cell:
    """Return a plain cell."""
    return {"text": text}
