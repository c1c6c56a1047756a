"""Before and after: one question asked of two Districts, and the difference in rows, on the map and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.changes import Change, OpenRoad
from geodata.connection import Connection, connection_sentence, connections
from geodata.counting import people_asked
from geodata.district import District
from geodata.errors import Misasked
from geodata.gains import LayerWalks, gain, gain_fields, layer_walks, walk_fields
from geodata.measures import LONGER_M, connectivity, minutes_saved
from geodata.question import Question
from geodata.reach import Progress
from geodata.standards import asked_layers
from geodata.walking import SHARED, Kept
from geodata.wording import WHO, heading_of
from layers import Layer, Text, every_layer

COMPARED: Final = ("layer", "standard", "metres", "mode", "counted", "people", "demand_unit", "covered_people_before",
                   "covered_people_after", "covered_share_before", "covered_share_after", "walk_m_before", "walk_m_after",
                   "person_minutes_saved", "people_newly_covered", "people_no_longer_covered", "people_nearer",
                   "unreachable_people_before", "unreachable_people_after", "capped_people", "cap_minutes", "longer_walks",
                   "connected", "demonstration", "range", "draws", "seed")
"""Columns of a comparison, the names every table, file and command gives them."""
NAMELESS_ROAD: Final = Text("未命名道路 {n}", "unnamed road {n}")


@dataclass(frozen=True, eq=False)
class Comparison:
    """What lies between two districts. Shares are fractions of 1; what does not exist is None.

    Attributes:
        question: what was asked of both.
        demonstration: whether streets or people are sketched or demo sites are counted.
        heading: `演示 / Demonstration`, or empty; it stands above every use of the answer.
        rows: columns COMPARED, one row a layer.
        gains: demand points with `layer`, `demand_id`, `people`, `walk_before_m`, `walk_after_m`, `difference_m` (negative:
            nearer), `minutes_saved` (for each of them), `newly_covered`; of the first draw where sites are drawn. Metric CRS.
        streets: `connectivity` before and after, columns `before`, `after`, `difference`.
        connections: how every added road is connected, by its place in the list of changes.
        sentences: the answer in words.
        method: how it was worked out.
    """

    question: Question
    demonstration: bool
    heading: Text
    rows: pd.DataFrame
    gains: gpd.GeoDataFrame
    streets: pd.DataFrame
    connections: dict[int, Connection]
    sentences: list[Text]
    method: list[Text]

    @property
    def longer_walks(self) -> int:
        """Demand points whose walk got longer, over all layers; 0 where roads were only opened."""
        return int(self.rows["longer_walks"].sum())

    @property
    def connected(self) -> bool | None:
        """Whether every added road is connected at both ends; None where none was added."""
        return all(c.connected for c in self.connections.values()) if self.connections else None


def compare(before: District, after: District, question: Question, *, stand_ins: bool = True, progress: Progress | None = None,
            kept: Kept = SHARED) -> Comparison:
    """Ask one question of two districts.

    Args:
        before: usually the one `after` was made from by `geodata.scenario.apply`.
        after: with the same demand.
        question: `speed_m_per_s` turns metres into minutes.
        stand_ins: whether demo sites stand for promised places without a position (on a sketch only).
        progress: told the share done, 0 to 1.
        kept: where walks measured before are found.

    Raises:
        Misasked: a standard of 0, or no layer that people walk to.
        Unknown: no such layer or area.
    """
    layers = walked_layers(question)
    chosen = people_asked(before, question)
    people = before.demand["people"].to_numpy(float) * chosen
    rows, gains = [], []
    told = connections(after, _changes(after)) if after.base is not None else {}
    for i, layer in enumerate(layers):
        one, other = (layer_walks(d, layer, question, stand_ins=stand_ins, kept=kept, progress=_part(progress, 2 * i + k, 2 * len(layers)))
                      for k, d in enumerate((before, after)))
        if one is not None and other is not None:
            rows.append(_row(before, question, (one, other), people, chosen) | {
                "connected": all(c.connected for c in told.values()) if told else None})
            gains.append(gaining_points(before, question, (one, other), chosen))
        if progress:
            progress((i + 1) / len(layers))
    table = pd.DataFrame(rows, columns=list(COMPARED), dtype=object)
    demonstration = before.is_sketch or bool(table["demonstration"].any())
    points = gpd.GeoDataFrame(pd.concat(gains, ignore_index=True), crs=before.metric_crs) if gains else gpd.GeoDataFrame(geometry=[], crs=before.metric_crs)
    return Comparison(question, demonstration, heading_of(demonstration), table, points, street_change(before, after), told,
                      [*sentences_of(before, table), *_connection_sentences(after, told, table)], method_of(question))


def _part(progress: Progress | None, place: int, steps: int) -> Progress | None:
    """The progress of one of several steps, told as a share of all."""
    return None if progress is None else lambda share: progress((place + share) / steps)


def walked_layers(question: Question) -> list[Layer]:
    """Return the asked layers that people walk to.

    Raises:
        Misasked: a standard of 0, or none of the layers is walked to.
        Unknown: no such layer.
    """
    if question.metres is not None and question.metres <= 0:
        raise Misasked(Text("标准不能是 0 米，请给一个大于 0 的距离。", "The standard cannot be 0 m; give a distance above 0."))
    layers = asked_layers(question)
    walked_to = [layer for layer in layers if layer.serves_on_foot]
    if not walked_to:
        names = Text("、".join(layer.name.zh for layer in layers), ", ".join(layer.name.en for layer in layers))
        raise Misasked(Text("{names}不是居民步行前往的设施，无法比较步行距离。请另选图层。",
                            "Nobody walks to {names}, so walks cannot be compared. Choose another layer.").format(names=names))
    return walked_to


def _changes(district: District) -> list[Change]:
    """What a scenario changed."""
    return list(district.changes)  # type: ignore[arg-type]  # written by geodata.scenario.apply


def _row(district: District, question: Question, pair: tuple[LayerWalks, LayerWalks], people: np.ndarray,
         chosen: np.ndarray) -> dict[str, Any]:
    """One layer."""
    one, other = pair
    found = gain_fields(gain(one, other, people, question.speed_m_per_s))
    everyone = district.demand["people"].to_numpy(float)
    was, was_range = walk_fields(one, everyone, chosen, "before")
    now, now_range = walk_fields(other, everyone, chosen, "after")
    spread = (found["range"] or {}) | was_range | now_range or None
    return found | was | now | {
        "range": spread, "layer": one.held.layer.key, "standard": one.held.label or None, "metres": one.held.metres, "mode": one.held.mode,
        "counted": one.tally.counted, "demand_unit": district.demand_unit,
        "demonstration": district.is_sketch or one.runs.drawn > 0, "draws": question.draws if spread else None,
        "seed": question.seed if spread else None}


def gaining_points(district: District, question: Question, pair: tuple[LayerWalks, LayerWalks], chosen: np.ndarray) -> gpd.GeoDataFrame:
    """Return every demand point before and after, in the first run; see Comparison.gains."""
    was, now = (walks.runs.walk_m[0] for walks in pair)
    metres = pair[0].held.metres
    saved = minutes_saved(was, now, question.speed_m_per_s)
    with np.errstate(invalid="ignore"):
        difference = now - was
    inside = np.zeros(len(was), dtype=bool) if metres is None else (now <= metres + LONGER_M) & (was > metres + LONGER_M)
    table = gpd.GeoDataFrame({
        "layer": pair[0].held.layer.key, "demand_id": district.demand["demand_id"].to_numpy(), "people": district.demand["people"].to_numpy(float),
        "walk_before_m": np.where(np.isfinite(was), was, np.nan), "walk_after_m": np.where(np.isfinite(now), now, np.nan),
        "difference_m": np.where(np.isfinite(difference), np.where(np.abs(difference) > LONGER_M, difference, 0.0), np.nan),
        "minutes_saved": saved, "newly_covered": inside,
    }, geometry=district.demand.geometry.to_numpy(), crs=district.metric_crs)
    return table[chosen].reset_index(drop=True)


def street_change(before: District, after: District) -> pd.DataFrame:
    """Return the connectivity of the streets before and after, and the difference."""
    told = {word: connectivity(d.streets, d.network, d.boundary) for word, d in (("before", before), ("after", after))}
    table = pd.DataFrame(told).astype(float)
    return table.assign(difference=table["after"] - table["before"])


def sentences_of(district: District, rows: pd.DataFrame) -> list[Text]:
    """One sentence a layer: minutes saved, people newly within the standard, and the caveat."""
    known = every_layer()
    return [_sentence(district, row, known[row["layer"]]) for row in records_of(rows)]


def records_of(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _sentence(district: District, row: dict[str, Any], layer: Layer) -> Text:
    """One layer in words."""
    head = Text("演示：", "Demonstration: ") if row["demonstration"] else Text("", "")
    if not row["people_nearer"] and not row["people_no_longer_covered"] and not row["longer_walks"]:
        return Text("{head}到{name}的步行没有变化。", "{head}no walk to {name} changes.").format(head=head, name=layer.name)
    more = row["person_minutes_saved"] < 0
    told = Text("{head}每人走一趟最近的{name}，合计{way} {saved} 人·分钟，{near} {who}走得更近",
                "{head}one walk each to the nearest of {name} takes {saved} person-minutes {way}; {near} {who} walk less").format(
                    head=head, name=layer.name, way=Text("多走", "more") if more else Text("少走", "less"),
                    saved=number_of(row, "person_minutes_saved", turned=more), near=number_of(row, "people_nearer"), who=WHO[district.demand_unit])
    if row["metres"] is not None:
        told = Text("{told}，{newly} 人新进入 {metres:g} 米之内（{a} → {b}）", "{told}, and {newly} come within {metres:g} m ({a} → {b})").format(
            told=told, newly=number_of(row, "people_newly_covered"), metres=row["metres"], a=_share(row["covered_share_before"]), b=_share(row["covered_share_after"]))
    longer = Text("；有 {n} 处走得更远", "; {n} places walk farther").format(n=row["longer_walks"]) if row["longer_walks"] else Text("", "")
    drawn = Text("（{n} 次随机抽样中 90 % 落在此区间）", " (90 % of {n} random draws fall in these ranges)").format(n=row["draws"]) if row["range"] else Text("", "")
    return Text("{told}{longer}{drawn}。", "{told}{longer}{drawn}.").format(told=told, longer=longer, drawn=drawn)


def number_of(row: dict[str, Any], name: str, *, turned: bool = False) -> Text:
    """Return a figure of a row in words, as a range where sites are drawn; `turned` says it with the other sign."""
    sign = -1 if turned else 1
    spread = sorted(sign * end for end in (row.get("range") or {}).get(name) or ())
    if spread and round(spread[0]) != round(spread[1]):
        between = " to " if spread[0] < 0 else "–"
        return Text(f"{spread[0]:,.0f}{'至' if spread[0] < 0 else '–'}{spread[1]:,.0f}", f"{spread[0]:,.0f}{between}{spread[1]:,.0f}")
    return Text(f"{sign * row[name]:,.0f}", f"{sign * row[name]:,.0f}")


def _share(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.1f} %"


def _connection_sentences(district: District, told: dict[int, Connection], rows: pd.DataFrame) -> list[Text]:
    """Whether every added road is connected; with a single one, also why it saves nothing."""
    saves = bool((rows["people_nearer"].astype(float) > 0).any())
    changes = _changes(district) if told else []
    said = []
    for i, connection in told.items():
        gains = saves or len(told) > 1
        said.append(connection_sentence(road_name(changes[i], i), connection, connection.verdict(gains=gains)))
    return said


def road_name(change: Change, place: int) -> Text:
    """Return what an added road is called; one without a name is called by its place in the list."""
    name = change.name if isinstance(change, OpenRoad) else Text("", "")
    nameless = NAMELESS_ROAD.format(n=place + 1)
    return Text(name.zh or name.en or nameless.zh, name.en or name.zh or nameless.en)


def method_of(question: Question, more: Sequence[Text] = ()) -> list[Text]:
    """How a comparison is worked out."""
    speed = question.speed_m_per_s
    return [
        Text("同一个问题分别问打通前与打通后的路网：步行 = 到街道的直线段 + 沿街道的长度，取最近的设施。",
             "The same question asked of the streets before and after: walk = straight leg to the streets + length along them, to the nearest facility."),
        Text("人·分钟 = Σ 人数 ×（之前分钟 − 之后分钟），步速 {v:g} 米/秒；走不到的按 30 分钟计（capped_people 为之前或之后走不到的人数），其余步行不封顶。",
             "Person-minutes = Σ people × (minutes before − minutes after) at {v:g} m/s; where no way leads, 30 minutes count (capped_people: people without a way before or after); other walks count in full.").format(v=speed),
        Text("新增道路与它碰到的、或在容差以内的每条街道相接；居民原来的进出点不变，新路更近时才多一个进出点。",
             "An added road joins every street it touches or comes within its tolerance of; people keep their way onto the streets, and get one more where the new road is nearer."),
        *more,
    ]
