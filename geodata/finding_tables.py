"""The tables of a coverage report: every figure as the page and the other files have it, none worked out here."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from geodata.comparing import records_of as rows_of
from geodata.completion import UNKNOWN, is_unknown
from geodata.findings import Findings
from geodata.ledger import amount_text
from geodata.measures import CAP_MIN
from geodata.numerals import count
from geodata.positions import what_it_holds
from geodata.sheets import Below, Column, Figure, Sheet, Value
from geodata.wording import COUNTED_NAMES, STREET_FIGURES, WHO, layer_name, standard_name
from layers import Text

CAPPED: Final = Text("走不到的按 {n} 分钟计入人·分钟，“按 {n} 分钟计”一列为只在之前、或只在之后走不到的人；其余步行照实计。", "Where no way leads {n} minutes count as person-minutes; the column \"Counted as {n} min\" has the people without a way either only before or only after; other walks count in full.")
QUANTILES: Final = ("p10", "p25", "p50", "p75", "p90")
MOST_UNSERVED: Final = 200
"""So many unserved points of a layer stand in the workbook; the GeoPackage holds all."""
_FIRST: Final = Text("未达标的地点，前 {n} 处", "Places beyond the standard: the first {n}")
_LAYER: Final = Column("layer", Text("图层", "Layer"), part=1.6)
_SHOWN: Final = Column("shown", Text("图层", "Layer"), part=2.0, on="paper")
_NAME: Final = Column("layer", Text("图层", "Layer"), on="files")
_KEY: Final = Column("layer_key", Text("图层代码", "Layer key"), on="files")
_COUNTED: Final = Column("counted", Text("计入", "Counted"), on="files")
_STANDARD: Final = Column("standard", Text("标准", "Standard"), part=1.8)
_SIDES: Final = (("before", Text("前", "Before")), ("after", Text("后", "After")), ("difference", Text("差", "Difference")))
_WHO: Final = (_KEY, _SHOWN, _NAME, _COUNTED, _STANDARD)
_BY: Final = ("layer_key", "standard", "counted")


def every_sheet(found: Findings) -> list[Sheet]:
    """Return the tables that hold something, in the order of the report."""
    sheets = [_ledger(found), _results(found), _quantiles(found), _by_area(found), _streets(found), _alleys(found), _newly(found),
              _unserved_sums(found), _unserved(found), *_scenario(found)]
    return [sheet for sheet in sheets if sheet.rows]


def figure(row: Mapping[str, Any], name: str, inside: str | None = None) -> Figure:
    """Return a figure of a row with its range; `inside` names one of its quantiles."""
    value, ends = row[name], (row.get("range") or {}).get(name)
    if inside is not None:
        value, ends = (value or {}).get(inside), (ends or {}).get(inside)
    low, high = ends or (None, None)
    return Figure(value, low, high)


def _who(row: Mapping[str, Any]) -> tuple[Value, ...]:
    return *_named(row["layer"], row["counted"]), standard_name(row)


def _named(layer: str, counted: str) -> tuple[Value, ...]:
    name, whose = layer_name(layer), COUNTED_NAMES[counted]
    return layer, Below(name, whose), name, whose


def _unit(found: Findings) -> Text:
    """Return what the demand counts, as a heading says it."""
    names = {"people": Text("人", "people"), "buildings": Text("栋建筑", "buildings"), "street_metres": Text("米沿街需求", "metres of frontage")}
    return names[found.district.demand_unit]


def _results(found: Findings) -> Sheet:
    unit, answer = _unit(found), found.answer
    shares = [figure(row, "covered_share") for row in rows_of(answer.rows)]
    moved = [Figure(_known(ends.median), _known(ends.low), _known(ends.high)) for ends in found.positions.itertuples(index=False)]
    told = any(one.low is not None and one != share for one, share in zip(moved, shares, strict=True))  # where demo sites alone move, both are the same
    columns = (
        *_WHO, Column("counts", Text("已落位/承诺", "Located / promised"), part=1.1, on="paper"),
        Column("sites_counted", Text("计入处数", "Sites counted"), "count", on="files"), Column("sites_promised", Text("承诺处数", "Promised"), "count", on="files"), Column("people", Text("总量（{u}）", "In all ({u})").format(u=unit), "count", on="files"),
        Column("covered_people", Text("范围内（{u}）", "Within ({u})").format(u=unit), "count", spread=True, part=1.6),
        Column("covered_share", Text("沿街覆盖率", "Share along the streets"), "share", spread=True, part=1.2),
        Column("straight_line_share", Text("直线覆盖率（对照）", "Straight-line share"), "share", spread=True, part=1.2),
        Column("positions", Text("点位误差：中位数与区间", "Positions: median, interval"), "share", spread=True, part=1.4, on="all" if told else "files"),
        Column("off_network_people", Text("路网外（{u}）", "Off the streets ({u})").format(u=unit), "count", part=1.2),
        Column("unreachable_people", Text("不可达（{u}）", "Unreachable ({u})").format(u=unit), "count", spread=True, part=1.4),
        Column("draws", Text("抽样次数", "Draws"), "count", on="files"), Column("seed", Text("种子", "Seed"), "number", on="files"),
    )
    rows = [(
        *_who(row), f"{count(row['sites_counted'])} / {count(row['sites_promised'])}", row["sites_counted"], row["sites_promised"], row["people"], figure(row, "covered_people"), share,
        figure(row, "straight_line_share"), ends, row["off_network_people"], figure(row, "unreachable_people"),
        row["draws"], row["seed"]) for row, share, ends in zip(rows_of(answer.rows), shares, moved, strict=True)]
    return Sheet("results", Text("各项结果", "All results"), columns, tuple(rows), _BY, what_it_holds(answer.question))


def _quantiles(found: Findings) -> Sheet:
    columns = (*_WHO, *(Column(f"walk_{name}_m", Text(f"步行 {name}", f"Walk {name}"), "metres", spread=True) for name in QUANTILES))
    rows = [(*_who(row), *(figure(row, "walk_m", name) for name in QUANTILES)) for row in rows_of(found.answer.rows)]
    note = Text("p50 即一半{who}的步行不超过此距离；“—”表示该分位的{who}走不到或在路网外。", "p50: half of the {who} walk no farther; a dash: at that quantile there is no way, or they are off the network.").format(who=WHO[found.district.demand_unit])
    return Sheet("quantiles", Text("步行距离分位", "Quantiles of the walk"), columns, tuple(rows), _BY, note)


def _by_area(found: Findings) -> Sheet:
    unit = _unit(found)
    columns = (
        Column("area_id", Text("片区编号", "Area id"), on="files"), Column("area", Text("片区", "Area"), part=1.5), *_WHO,
        Column("people", Text("总量（{u}）", "In all ({u})").format(u=unit), "count"),
        Column("covered_share", Text("沿街覆盖率", "Share along the streets"), "share", spread=True), Column("straight_line_share", Text("直线覆盖率", "Straight-line share"), "share", spread=True),
        Column("walk_p50_m", Text("中位步行", "Median walk"), "metres", spread=True), Column("unreachable_people", Text("不可达（{u}）", "Unreachable ({u})").format(u=unit), "count", spread=True))
    rows = [(row["area_id"], Text(str(row["name_zh"]), str(row["name_en"] or row["name_zh"])), *_who(row), row["people"], figure(row, "covered_share"),
             figure(row, "straight_line_share"), figure(row, "walk_m", "p50"), figure(row, "unreachable_people")) for row in rows_of(found.answer.by_area)]
    return Sheet("by_area", Text("分片区", "By area"), columns, tuple(rows), ("area_id", *_BY))


def _ledger(found: Findings) -> Sheet:
    columns = (
        Column("id", Text("编号", "Id"), on="files"), Column("commitment", Text("承诺事项", "Commitment"), part=2.1), Column("year", Text("年份", "Year"), part=0.7),
        Column("amount", Text("承诺数量", "Promised"), part=1.1), Column("quantity", Text("数量", "Quantity"), "number", on="files"), Column("unit", Text("单位", "Unit"), on="files"),
        *(Column(key, name, "number", part=1.2) for key, name in (
            ("located", Text("已落位", "Located")), ("proposed", Text("建议", "Proposed")), ("unlocated", Text("待落位", "Not yet located")),
            ("beyond", Text("超出", "Beyond")))),
        Column("completed", Text("已完成", "Completed"), "number", on="files"), Column("completed_told", Text("已完成", "Completed"), "number", part=1.0, on="paper"),
        Column("quote", Text("报告原文", "The report's words"), part=2.8), Column("document", Text("文件", "Document"), on="files"))
    rows = [(row["id"], Text(row["zh"], row["en"]), _year(row["year"]), amount_text(row["quantity"], row["unit"], row["comparator"]), _known(row["quantity"]), row["unit"],
             *(_known(row[name]) for name in ("located", "proposed", "unlocated", "beyond", "completed")), UNKNOWN if is_unknown(row) else _known(row["completed"]), row["quote"], row["document"])
            for row in rows_of(found.ledger)]
    note = Text("每行按承诺自己的单位；年份不同的从不相加；示意点不计入。", "Each row in the commitment's own unit; years are never added up; demo sites are not counted.")
    return Sheet("ledger", Text("承诺台账", "Ledger of promises"), columns, tuple(rows), ("id",), note)


def _streets(found: Findings) -> Sheet:
    supply = {(row["layer"], row["counted"]): row for row in rows_of(found.answer.supply)}
    columns = (
        _KEY, _SHOWN, _NAME, _COUNTED, Column("metres", Text("标准", "Standard"), "metres"), Column("served_m", Text("范围内街道", "Streets within reach"), "kilometres", spread=True),
        Column("served_share", Text("占全部街道", "Of all streets"), "share", spread=True), Column("drawn", Text("示意点", "Demo sites"), "count"),
        Column("per_thousand", Text("每千人供给", "Per 1,000 people") if found.district.demand_unit == "people" else Text("每千单位需求供给", "Per 1,000 of demand"), "supply"))
    rows = []
    for row in rows_of(found.streets):
        given = supply.get((row["layer"], row["counted"]))
        rows.append((*_named(row["layer"], row["counted"]), row["metres"], figure(row, "served_m"), figure(row, "served_share"), row["drawn"],
                     _known(given["per_thousand"]) if given else None))
    runs = [int(row["draws"]) for row in rows_of(found.streets) if row["drawn"]]
    note = Text("范围内街道为 {draws} 次抽样中 {n} 次的中位数；供给只计已落位点位。", "Streets within reach: median of {n} of the {draws} draws; supply counts located sites alone.").format(
        n=max(runs), draws=found.asked.question.draws) if runs else Text("供给只计已落位点位。", "Supply counts located sites alone.")
    return Sheet("streets", Text("街道与供给", "Streets and supply"), columns, tuple(rows), ("layer_key", "metres", "counted"), note)


def _alleys(found: Findings) -> Sheet:
    columns = (_KEY, _SHOWN, _NAME, _COUNTED, Column("metres", Text("标准", "Standard"), "metres"), Column("alleys", Text("已落位条数", "Located"), "count"),
               Column("length_m", Text("总长", "Length"), "kilometres"), Column("people", Text("范围内（{u}）", "Within ({u})").format(u=_unit(found)), "count"))
    rows = [(*_named(row["layer"], row["counted"]), row["metres"], row["alleys"], row["length_m"], row["people"]) for row in rows_of(found.answer.alleys)]
    return Sheet("alleys", Text("背街小巷", "Alleys"), columns, tuple(rows), ("layer_key", "counted"))


def _newly(found: Findings) -> Sheet:
    columns = (_KEY, _LAYER, Column("metres", Text("标准", "Standard"), "metres"), Column("people", Text("新增覆盖（{u}）", "Newly covered ({u})").format(u=_unit(found)), "count"))
    rows = [(row["layer"], layer_name(row["layer"]), row["metres"], row["people"]) for row in rows_of(found.answer.newly)]
    return Sheet("newly", Text("新建点位新增的覆盖", "Newly covered by new sites"), columns, tuple(rows), ("layer_key",),
                 Text("既有设施未覆盖、由新建点位覆盖；提升改造不计。", "Covered by new sites and not by existing ones; upgrades do not count."))


def shown_unserved(found: Findings, layer: str) -> pd.DataFrame:
    """Return the demand points beyond the standard of a layer as the page lists them: of the widest count, the many first."""
    mine: pd.DataFrame = found.answer.unserved[found.answer.unserved["layer"] == layer]
    return mine[mine["counted"] == mine["counted"].iloc[-1]] if len(mine) else mine


def _unserved_sums(found: Findings) -> Sheet:
    unit = _unit(found)
    columns = (_KEY, _SHOWN, _NAME, _COUNTED, Column("metres", Text("标准", "Standard"), "metres"), Column("points", _of_draw(found, Text("需求点数", "Points")), "count", part=1.4),
               Column("people", _of_draw(found, Text("未达标（{u}）", "Beyond the standard ({u})").format(u=unit)), "count", part=1.8),
               Column("off_network", Text("其中路网外（{u}）", "Of them off the network ({u})").format(u=unit), "count", part=1.4))
    rows = []
    for key, mine in _by_layer(found):
        people = mine["people"].astype(float)
        rows.append((*_named(key, str(mine["counted"].iloc[0])), float(mine["metres"].iloc[0]), len(mine), float(people.sum()), float(people[mine["off_network"].astype(bool)].sum())))
    return Sheet("unserved_totals", Text("未达标合计", "Beyond the standard, totals"), columns, tuple(rows), ("layer_key",), _one_draw(found))


def _unserved(found: Findings) -> Sheet:
    columns = (_KEY, _LAYER, Column("demand_id", Text("编号", "Point")), Column("lon", Text("经度", "Longitude"), "degrees"), Column("lat", Text("纬度", "Latitude"), "degrees"),
               Column("people", Text("总量（{u}）", "In all ({u})").format(u=_unit(found)), "count"), Column("walk_m", _of_draw(found, Text("沿街步行", "Walk along the streets")), "metres", part=1.9),
               Column("straight_m", _of_draw(found, Text("直线", "Straight line")), "metres", part=1.4), Column("off_network", Text("路网外", "Off the network")))
    rows: list[tuple[Value, ...]] = []
    yes, no = Text("是", "yes"), Text("否", "no")
    for key, mine in _by_layer(found):
        first = mine.head(MOST_UNSERVED)
        points = first.geometry.to_crs(4326)
        rows += [(key, layer_name(key), str(row["demand_id"]), round(point.x, 5), round(point.y, 5), float(row["people"]), _known(row["walk_m"]), _known(row["straight_m"]),
                  yes if row["off_network"] else no) for row, point in zip(rows_of(first), points, strict=True)]
    note = Text("每个图层按数量从多到少，至多列 {n} 处；全部见 GeoPackage。{draw}", "Of every layer the first {n}, most first; all of them are in the GeoPackage. {draw}").format(n=MOST_UNSERVED, draw=_one_draw(found) or Text("", ""))
    return Sheet("unserved", Text("未达标的地点", "Places beyond the standard"), columns, tuple(rows), ("layer_key", "demand_id"), note)


def first_unserved(found: Findings, unserved: Sheet, layer: str, most: int) -> Sheet:
    """Return the first `most` rows that a layer has in the table of places beyond the standard, without columns that say nothing there; it may have none."""
    rows = tuple(row for row in unserved.rows if row[0] == layer)[:most]
    hidden = {"layer"} | (set() if any(found.answer.unserved["off_network"]) else {"off_network"})
    columns = tuple(replace(column, on="files") if column.key in hidden else column for column in unserved.columns)
    return replace(unserved, title=_FIRST.format(n=len(rows)), columns=columns, rows=rows, note=None)


def _by_layer(found: Findings) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the layers that leave somebody beyond their standard, with those points."""
    for one in found.layers:
        mine = shown_unserved(found, one.layer.key)
        if len(mine):
            yield one.layer.key, mine


def _one_draw(found: Findings) -> Text | None:
    """Return the note that these points are those of one draw of the demo sites."""
    return Text("演示：以 {n} 次抽样中的第 1 次为例，不代表真实地点。", "Demonstration: of draw 1 of {n}; none of them is a real place.").format(n=found.asked.question.draws) if found.drawn else None


def _of_draw(found: Findings, heading: Text) -> Text:
    """Return a heading over figures of one draw, beside which others are medians of all."""
    return Text("{heading}，第 1 次抽样", "{heading}, draw 1").format(heading=heading) if found.drawn else heading


def _scenario(found: Findings) -> Iterator[Sheet]:
    """Yield what the scenario changes, by layer and in the streets."""
    if found.comparison is None:
        return
    unit = _unit(found)
    columns = (  # many figures with ranges: names give way
        *(replace(column, part=1.5) if column.part > 1.5 else column for column in _WHO), Column("covered_share_before", Text("覆盖率 前", "Share before"), "share", spread=True), Column("covered_share_after", Text("覆盖率 后", "Share after"), "share", spread=True),
        Column("walk_p50_m_before", Text("中位步行 前", "Median walk before"), "metres", spread=True), Column("walk_p50_m_after", Text("中位步行 后", "Median walk after"), "metres", spread=True),
        Column("people_newly_covered", Text("新进入标准（{u}）", "Newly within ({u})").format(u=unit), "count", spread=True), Column("people_no_longer_covered", Text("不再达标（{u}）", "No longer within ({u})").format(u=unit), "count", spread=True),
        Column("people_nearer", Text("走得更近（{u}）", "Nearer ({u})").format(u=unit), "count", spread=True), Column("person_minutes_saved", Text("节省人·分钟", "Person-minutes saved"), "count", spread=True),
        Column("capped_people", Text("按 {n} 分钟计（{u}）", "Counted as {n} min ({u})").format(n=f"{CAP_MIN:g}", u=unit), "count", spread=True, part=1.2), Column("longer_walks", Text("变远处数", "Longer walks"), "count", on="files"))
    rows = [(*_who(row), figure(row, "covered_share_before"), figure(row, "covered_share_after"), figure(row, "walk_m_before", "p50"), figure(row, "walk_m_after", "p50"),
             figure(row, "people_newly_covered"), figure(row, "people_no_longer_covered"), figure(row, "people_nearer"), figure(row, "person_minutes_saved"),
             figure(row, "capped_people"), row["longer_walks"]) for row in rows_of(found.comparison.rows)]
    yield Sheet("scenario", Text("情景前后", "Scenario before and after"), columns, tuple(rows), _BY, CAPPED.format(n=f"{CAP_MIN:g}"))
    streets = found.comparison.streets
    yield Sheet("scenario_streets", Text("路网前后", "Streets before and after"), (
        Column("key", Text("代码", "Key"), on="files"), Column("figure", Text("指标", "Figure"), part=3), *(Column(side, name, "number") for side, name in _SIDES)),
        tuple((key, name, *(Figure(_known(streets.loc[key, side]), digits=digits) for side, _ in _SIDES)) for key, name, digits in STREET_FIGURES if key in streets.index), ("key",))


def _known(value: Any) -> float | None:
    """Return a number, None where it is none."""
    return None if value is None or pd.isna(value) else float(value)


def _year(value: Any) -> str:
    """Return a year as text, so that nobody parts its thousands."""
    return "" if value is None or pd.isna(value) else str(int(value))
