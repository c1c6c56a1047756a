"""A coverage answer as the page shows it: tables of plain texts in the visit's language, and the curve."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geodata.district import District
from geodata.numerals import count, kilometres, metres, share, supply
from geodata.reached import has_figure
from geodata.report import Coverage
from geodata.wording import (
    COUNTED_NAMES,
    DEMAND_NAMES,
    DEMAND_UNITS,
    amount,
    layer_name,
    standard_name,
)
from layers import Lang, Text, every_layer

_MOST_UNSERVED: Final = 30
_GROUND: Final[Mapping[str, Text]] = {"sketch": Text("示意路网", "Sketched streets"), "real": Text("真实路网", "Real streets")}
Cell = dict[str, str]
Table = dict[str, Any]


def unit_of(district: District) -> Text:
    """Return what the demand counts."""
    return DEMAND_UNITS[district.demand_unit]


def demand_name(district: District) -> Text:
    """Return what the demand is, with its unit."""
    return DEMAND_NAMES[district.demand_unit]


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as mappings."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def rows_table(answer: Coverage, lang: Lang) -> Table:
    """Return the fixed fields of every row in words, each figure with its range where sites are drawn."""
    demo = answer.demonstration
    served = Text("范围内示意人口", "Sketch people within") if demo else Text("服务人口", "People served")
    if not _counts_people(answer):
        served = Text("范围内需求", "Demand within")
    heads = (
        Text("图层", "Layer"), Text("标准", "Standard"), Text("计入", "Counted"), Text("已落位/承诺", "Located / promised"), served,
        Text("沿街覆盖率", "Share along the streets"), Text("直线覆盖率（对照）", "Straight-line share (for comparison)"),
        Text("步行距离 p10", "Walk p10"), Text("p25", "p25"), Text("中位 p50", "Median p50"), Text("p75", "p75"), Text("p90", "p90"),
        Text("路网外", "Off the network"), Text("不可达", "Unreachable"),
    )
    return {
        "columns": [{"name": head.say(lang), "right": place > 2} for place, head in enumerate(heads)],
        "rows": [_row(row, lang) for row in records_of(answer.rows)],
    }


def _counts_people(answer: Coverage) -> bool:
    """Return whether the demand is people."""
    return answer.rows["demand_unit"].iloc[0:1].tolist() == ["people"]


def _row(row: Mapping[str, Any], lang: Lang) -> list[Cell]:
    """Return one row's cells."""
    ranged = row["range"] or {}
    walks, walk_ranges = row["walk_m"] or {}, ranged.get("walk_m") or {}
    return [
        _cell(layer_name(row["layer"]).say(lang)),
        _cell(standard_name(row).say(lang)),
        _cell(COUNTED_NAMES[row["counted"]].say(lang)),
        _cell(f"{count(row['sites_counted'])} / {'—' if row['sites_promised'] is None else count(row['sites_promised'])}"),
        _figure(row["covered_people"], ranged.get("covered_people"), count),
        {**_figure(row["covered_share"], ranged.get("covered_share"), share), "strong": "1"},
        _figure(row["straight_line_share"], ranged.get("straight_line_share"), share),
        *(_figure(walks.get(name), walk_ranges.get(name), metres) for name in ("p10", "p25", "p50", "p75", "p90")),
        _figure(row["off_network_people"], None, count),
        _figure(row["unreachable_people"], ranged.get("unreachable_people"), count),
    ]


def by_area_table(answer: Coverage, lang: Lang) -> Table | None:
    """Return the rows of every area, or None where the data holds no areas."""
    frame = answer.by_area
    if not len(frame):
        return None
    heads = (Text("片区", "Area"), Text("图层", "Layer"), Text("标准", "Standard"), Text("计入", "Counted"), Text("人口", "People") if _counts_people(answer) else Text("需求", "Demand"),
             Text("沿街覆盖率", "Share along the streets"), Text("直线覆盖率", "Straight-line share"), Text("中位步行", "Median walk"), Text("不可达", "Unreachable"))
    rows = []
    for row in records_of(frame):
        ranged = row["range"] or {}
        name = Text(str(row["name_zh"]), str(row["name_en"] or row["name_zh"])).say(lang)
        rows.append([_cell(name), _cell(layer_name(row["layer"]).say(lang)), _cell(standard_name(row).say(lang)), _cell(COUNTED_NAMES[row["counted"]].say(lang)),
                     _cell(count(row["people"])), _figure(row["covered_share"], ranged.get("covered_share"), share),
                     _figure(row["straight_line_share"], ranged.get("straight_line_share"), share),
                     _figure((row["walk_m"] or {}).get("p50"), (ranged.get("walk_m") or {}).get("p50"), metres),
                     _figure(row["unreachable_people"], ranged.get("unreachable_people"), count)])
    return {"columns": [{"name": head.say(lang), "right": place > 3} for place, head in enumerate(heads)], "rows": rows}


def side_table(answer: Coverage, streets: pd.DataFrame, lang: Lang) -> Table:
    """Return what one row a layer says beside the walk: streets within reach, supply; a row without an answer says nothing."""
    people = _counts_people(answer)
    heads = (Text("图层", "Layer"), Text("计入", "Counted"), Text("标准", "Standard"),
             Text("范围内街道（演示）", "Streets within reach (demonstration)") if answer.demonstration else Text("范围内街道", "Streets within reach"),
             Text("占全部街道", "Of all streets"), Text("每千人供给", "Per 1,000 people") if people else Text("每千单位需求供给", "Per 1,000 of demand"))
    told = {(row["layer"], row["counted"]) for row in records_of(answer.rows) if has_figure(row)}
    supplied = {(row["layer"], row["counted"]): row for row in records_of(answer.supply)}
    rows = []
    for row in records_of(streets):
        if (row["layer"], row["counted"]) not in told:
            continue
        given = supplied.get((row["layer"], row["counted"]))
        ranged = row["range"] or {}
        counted = COUNTED_NAMES[row["counted"]].say(lang)
        drawn = Text(f"示意点 {row['drawn']} 处", f"demo sites: {row['drawn']}").say(lang) if row["drawn"] else ""
        rows.append([_cell(layer_name(row["layer"]).say(lang)), {"text": counted, "range": drawn} if drawn else _cell(counted), _cell(metres(row["metres"])),
                     _figure(row["served_m"], ranged.get("served_m"), kilometres), _figure(row["served_share"], ranged.get("served_share"), share), _cell(_supply(given))])
    return {"columns": [{"name": head.say(lang), "right": place > 1} for place, head in enumerate(heads)], "rows": rows}


def extra_lines(answer: Coverage) -> list[Text]:
    """Return sentences for what only some layers have: alleys, and people newly covered."""
    alley = Text("{name}：已落位 {n} 条，共长 {km}；{m} 内有 {people}。", "{name}: {n} located, {km} in all; {people} within {m}.")
    new = Text("{name}：{m} 标准下，新建点位使 {people}由未覆盖变为覆盖（提升改造不计）。", "{name}: at {m}, new sites cover {people} that no existing one does (upgrades do not count).")
    return [
        *(alley.format(name=layer_name(row["layer"]), n=count(row["alleys"]), km=kilometres(row["length_m"]), m=metres(row["metres"]), people=_amount(row, answer)) for row in records_of(answer.alleys)),
        *(new.format(name=layer_name(row["layer"]), m=metres(row["metres"]), people=_amount(row, answer)) for row in records_of(answer.newly)),
    ]


def _amount(row: Mapping[str, Any], answer: Coverage) -> Text:
    """Return how many a row counts, with what they are."""
    number = count(row["people"])
    return amount(Text(number, number), str(answer.rows["demand_unit"].iloc[0]))


def access_line(district: District, answer: Coverage) -> Text:
    """Return what is asked before anything else: the streets, and who is off them."""
    told = answer.access
    people = float(told["people"])
    off = float(told["off_network_people"])
    return Text(
        "{kind}：可步行的街道全部计入（高速公路等不许步行的除外），共 {km}，节点 {nodes} 个；{unit} {people}，其中 {off}（{part}）在路网外（离街道超过 {m} 或被铁路、水体隔开），计为未覆盖。",
        "{kind}: every street open to walkers counts (no motorways and the like), {km} in all, {nodes} nodes. Of {people} {unit}, {off} ({part}) are off the network (over {m} from a street, or cut off by rail or water): not covered.",
    ).format(kind=_GROUND[district.streets_kind], km=kilometres(told["street_m"]), nodes=count(told["nodes"]), unit=Text("示意人口", "sketch people") if district.people_kind == "sketch" and district.demand_unit == "people" else demand_name(district),
             people=count(people), off=count(off), part=share(off / people if people else None), m=metres(told["access_m"]))


def unserved_table(answer: Coverage, mine: gpd.GeoDataFrame, lang: Lang) -> Table:
    """Return demand points beyond the standard, the many first, how many there are in all, and where each stands on the map."""
    points = mine.geometry.to_crs(4326)
    unit = (Text("示意人口 ", "sketch people ") if answer.demonstration else Text("人口 ", "people ")).say(lang) if _counts_people(answer) else ""
    heads = (Text("编号", "Point"), Text("经度", "Longitude"), Text("纬度", "Latitude"), Text("人口", "People") if _counts_people(answer) else Text("需求", "Demand"), Text("沿街步行", "Walk along the streets"), Text("直线", "Straight line"))
    rows, places = [], []
    for row, point in zip(mine.head(_MOST_UNSERVED).to_dict("records"), points.head(_MOST_UNSERVED), strict=True):
        walk = Text("路网外", "off the network").say(lang) if row["off_network"] else metres(row["walk_m"]) if pd.notna(row["walk_m"]) else Text("不可达", "unreachable").say(lang)
        rows.append([_cell(str(row["demand_id"])), _cell(f"{point.x:.5f}"), _cell(f"{point.y:.5f}"), _cell(count(row["people"])), _cell(walk),
                     _cell(metres(row["straight_m"]) if pd.notna(row["straight_m"]) else "—")])
        places.append({"id": str(row["demand_id"]), "lon": round(point.x, 6), "lat": round(point.y, 6), "text": f"{row['demand_id']} · {unit}{count(row['people'])} · {walk}"})
    return {
        "columns": [{"name": head.say(lang), "right": place > 0} for place, head in enumerate(heads)], "rows": rows, "places": places,
        "points": count(len(mine)), "people": count(float(mine["people"].sum())), "shown": len(rows),
    }


def curve(frame: pd.DataFrame, answer: Coverage) -> list[dict[str, Any]]:
    """Return one line a layer and way of counting: shares in thousandths, with the headline standard to mark."""
    found = []
    for (layer, counted), part in frame.groupby(["layer", "counted"], sort=False):
        mine = answer.rows[(answer.rows["layer"] == layer) & (answer.rows["counted"] == counted)]
        if not any(has_figure(row) for row in records_of(mine)):
            continue
        name = layer_name(str(layer))
        found.append({
            "layer": layer, "name": {"zh": name.zh, "en": name.en}, "counted": {"zh": COUNTED_NAMES[str(counted)].zh, "en": COUNTED_NAMES[str(counted)].en},
            "colour": every_layer()[str(layer)].style.colour, "step": float(part["metres"].iloc[1] - part["metres"].iloc[0]),
            "marks": [float(value) for value in mine["metres"] if value is not None],
            **{side: [round(1000 * float(value)) for value in part[side].fillna(0)] for side in ("share", "low", "high")},
        })
    return found


def _supply(row: Mapping[str, Any] | None) -> str:
    return supply(None if row is None else row["per_thousand"])


def _cell(text: str) -> Cell:
    return {"text": text}


def _figure(value: float | None, ranged: list[float | None] | None, say: Callable[[float | None], str]) -> Cell:
    """Return a figure, under it the range of the draws."""
    if ranged is None:
        return _cell(say(value))
    low, high = (say(end) for end in ranged)
    if low == high:
        return _cell(low)
    for unit in ("\u00a0%", " km", " m"):
        low = low.removesuffix(unit)
    return {"text": say(value), "range": f"{low}–{high}"}
