"""Who gains: the map's table twin, by area and place by place, and who finds room where capacity is known."""

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.district import District
from geodata.numerals import metres, share
from geodata.pages._answer import Table
from geodata.pages._roads_tables import cell, count, joined, row_of, table_of
from geodata.pages._roads_words import WORDS
from geodata.room_change import RoomChange
from geodata.wording import DEMAND_NAMES, DEMAND_UNITS, MINUTES
from layers import Lang, Text, every_layer

MOST_POINTS: Final = 30
_SAVED: Final = Text("少走（{minutes}）", "Saved ({minutes})")
_NO_WAY: Final = Text("走不到", "unreachable")
_OFF: Final = Text("路网外", "off the network")


def gainers_tables(district: District, points: gpd.GeoDataFrame, layer: str, lang: Lang, *, draw: int | None, two: bool = False) -> list[Table]:
    """Return what changes by area, where the data hold areas, and the places that change most.

    Args:
        district: where.
        points: of a comparison, of the layer on the map.
        layer: that layer.
        lang: the visit's language.
        draw: the draw of the demo sites the walks are of, None where none are counted.
        two: whether two scenarios are held against each other.
    """
    changed = points[points["minutes_saved"].abs() > 0] if len(points) else points
    areas = _areas_table(district, points, lang, draw) if len(points) and len(district.areas) else None
    return [table for table in (areas, _points_table(district, changed, layer, lang, draw, two=two) if len(points) else None) if table]


def _areas_table(district: District, points: gpd.GeoDataFrame, lang: Lang, draw: int | None) -> Table:
    """Every area: who walks less, who more, who comes within the standard."""
    hit = gpd.sjoin(points, district.areas[["area_id", "name_zh", "name_en", "geometry"]], predicate="intersects")
    hit = hit[~hit.index.duplicated()]
    rows = []
    for (_, zh, en), mine in hit.groupby(["area_id", "name_zh", "name_en"], sort=False):
        people, saved = mine["people"].to_numpy(float), mine["minutes_saved"].to_numpy(float)
        rows.append((float(people @ saved), row_of([
            cell(Text(str(zh), str(en or zh)).say(lang)), cell(count(people.sum())), cell(count(people @ saved)), cell(count(people @ (saved > 0))),
            cell(count(people @ (saved < 0))), cell(count(people @ mine["newly_covered"].to_numpy(bool)))])))
    unit = district.demand_unit
    heads = [Text("片区", "Area"), _demand(unit), _SAVED, Text("步行变近（{unit}）", "Shorter walks ({unit})"), Text("步行变远（{unit}）", "Longer walks ({unit})"),
             Text("新进入标准（{unit}）", "Newly within the standard ({unit})")]
    heads = [head.format(unit=DEMAND_UNITS[unit], minutes=MINUTES[unit]) for head in heads]
    ordered = [row for _, row in sorted(rows, key=lambda entry: -entry[0])]
    return table_of("areas", WORDS["table_areas"], heads, ordered, lang, left=(0,), note=WORDS["note_draw"] if draw else None)


def _points_table(district: District, points: gpd.GeoDataFrame, layer: str, lang: Lang, draw: int | None, *, two: bool) -> Table:
    """The places that change most, each to be found on the map."""
    weight = (points["people"].astype(float) * points["minutes_saved"].astype(float)).to_numpy()
    order = np.lexsort((points["demand_id"].astype(str).to_numpy(), -np.abs(weight)))[:MOST_POINTS]
    most = points.iloc[order]
    places = most.geometry.to_crs(4326) if len(most) else most.geometry
    sides = (WORDS["view_held"], WORDS["view_this"]) if two else (Text("之前", "Before"), Text("之后", "After"))
    unit = district.demand_unit
    heads = [Text("编号", "Point"), _demand(unit), *sides, Text("变化", "Change"), _SAVED.format(minutes=MINUTES[unit])]
    rows = []
    for row, saved, at in zip(most.to_dict("records"), weight[order], places, strict=True):
        was, now = (_walk(row, word).say(lang) for word in ("before", "after"))
        key = str(row["demand_id"])
        rows.append(row_of([cell(key), cell(count(row["people"])), cell(was), cell(now), cell(_difference(row["difference_m"])), cell(count(saved))],
                           place={"id": key, "lon": round(at.x, 6), "lat": round(at.y, 6), "text": f"{key} · {was} → {now}"}))
    notes = [WORDS["note_points"] if rows else WORDS["points_none"], *([WORDS["note_draw"]] if draw else [])]
    title = WORDS["table_points"].format(n=len(rows), name=every_layer()[layer].name)
    return table_of("points", title, heads, rows, lang, left=(0,), note=joined(notes))


def _demand(unit: str) -> Text:
    name = DEMAND_NAMES[unit]
    return Text(name.zh, name.en[:1].upper() + name.en[1:])


def room_table(found: Sequence[RoomChange], lang: Lang, *, two: bool) -> Table | None:
    """Return who finds room, before and after, a row a layer; None where no capacity is known."""
    if not found:
        return None
    way = Text("对照 → 本情景", "other → this") if two else Text("前 → 后", "before → after")
    heads = [Text("图层", "Layer"), Text("标准", "Standard"), Text("每单位服务", "People a unit"),
             *(Text(f"{zh} {way.zh}", f"{en}, {way.en}") for zh, en in (("有位置（人）", "Find room"), ("没有余位（人）", "Find none"), ("太远（人）", "Too far")))]
    rows = []
    for one in found:
        cells = [{"text": f"{count(was)} → {count(now)}", "range": f"{share(was / one.people)} → {share(now / one.people)}"} for was, now in one.split().values()]
        rows.append(row_of([cell(every_layer()[one.layer].name.say(lang)), cell(metres(one.metres)), cell(f"{one.people_per_unit:,.4g}"), *cells]))
    return table_of("room", WORDS["table_room"], heads, rows, lang, left=(0,), note=WORDS["note_room"])


def _walk(row: dict[Any, Any], word: str) -> Text:
    if row[f"off_network_{word}"]:
        return _OFF
    value = row[f"walk_{word}_m"]
    return _NO_WAY if pd.isna(value) else Text(metres(value), metres(value))


def _difference(value: float) -> str:
    return "—" if pd.isna(value) else f"{value:+,.0f} m".replace("-", "−")
