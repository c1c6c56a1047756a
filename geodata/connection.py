"""Is a drawn road connected? Told apart: joined at both ends, short of the streets at one, or passable before anyway."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely

from geodata.changes import Change, OpenRoad
from geodata.district import District
from geodata.joining import TOUCH_M
from geodata.numerals import several
from geodata.reach import nearest, walks_to
from geodata.scenario import apply, joined_streets
from geodata.snapping import Barriers, build_barriers, site_entries, snap
from layers import Text

Verdict = Literal["gains", "already_passable", "nobody_nearer", "not_connected"]
NEAR_END_M: Final = 60.0
"""The way between a road's ends before it was opened is measured from streets within this of them."""
SAME_WAY_M: Final = 1.0
"""Where the way before is longer than the road by at most this, the road adds nothing."""
_SIDES: Final = (Text("东", "east"), Text("东北", "north-east"), Text("北", "north"), Text("西北", "north-west"),
                 Text("西", "west"), Text("西南", "south-west"), Text("南", "south"), Text("东南", "south-east"))


@dataclass(frozen=True, slots=True)
class RoadEnd:
    """One end of an added road.

    Attributes:
        side: which end it is, by where it lies from the other one.
        joined: whether it meets a street, or another added road that leads to one by itself.
        short_m: metres to the nearest street from before; inf where there is none.
        barred: whether it is near enough to that street, and rail or water lies between.
    """

    side: Text
    joined: bool
    short_m: float
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """How an added road hangs together with the streets.

    Attributes:
        connected: both ends meet the streets, and these are streets people can enter.
        ends: start and end of the line.
        joins: places at which it meets streets or other added roads.
        length_m: of the road.
        way_before_m: the shortest way between its ends before; inf where there was none.
    """

    connected: bool
    ends: tuple[RoadEnd, RoadEnd]
    joins: int
    length_m: float
    way_before_m: float

    def verdict(self, *, gains: bool) -> Verdict:
        """What a road that saves walking (`gains`), or does not, is found to be."""
        if gains:
            return "gains"
        if not self.connected:
            return "not_connected"
        return "already_passable" if self.way_before_m <= self.length_m + SAME_WAY_M else "nobody_nearer"


def connections(district: District, changes: Sequence[Change], *, built: District | None = None) -> dict[int, Connection]:
    """Return how each added road of a scenario is connected, by its place in the list (from 0), all of them built.

    Args:
        district: before, or one that a scenario made of it.
        changes: the scenario.
        built: what it makes of the district, where that is known already.
    """
    root = district if district.base is None else district.base
    joined = joined_streets(root, changes)
    network = (apply(root, changes) if built is None else built).network
    by = joined.streets["opened_by"].to_numpy()
    barriers = build_barriers(root.water, root.rail)
    found = {}
    for i, change in enumerate(changes):
        if isinstance(change, OpenRoad):
            told = joined.ends[i]
            met = list(told.joined)
            if not all(met) and any(told.roads):
                held = _anchored(root, changes, i)
                met = [here or bool(held & set(roads)) for here, roads in zip(met, told.roads, strict=True)]
            barred = [not here and m <= change.within_m + TOUCH_M for here, m in zip(met, told.short_m, strict=True)]
            ends = [RoadEnd(*end) for end in zip(sides_of(change.line), met, told.short_m, barred, strict=True)]
            walkable = bool(network.enterable[by == i].any()) and told.joins > 0
            found[i] = Connection(walkable and ends[0].joined and ends[1].joined, (ends[0], ends[1]), told.joins,
                                  float(change.line.length), way_between(root, change.line, barriers))
    return found


def _anchored(district: District, changes: Sequence[Change], without: int) -> set[int]:
    """Added roads that lead to the streets without the help of one of them."""
    others = [change for i, change in enumerate(changes) if i != without]
    after = apply(district, others)
    by = after.streets["opened_by"].to_numpy() if after.base is not None else np.empty(0, int)
    held = np.unique(by[after.network.enterable & (by >= 0)]) if len(by) else by
    return {int(i) + (int(i) >= without) for i in held}


def sides_of(line: shapely.LineString) -> tuple[Text, Text]:
    """Return which end of a line is its start and which its end, in words.

    >>> [side.en for side in sides_of(shapely.LineString([(0, 0), (100, 5)]))]
    ['west', 'east']
    """
    (x0, y0), (x1, y1) = shapely.get_coordinates(line)[[0, -1]]
    turn = round(float(np.arctan2(y1 - y0, x1 - x0)) / (np.pi / 4))
    return _SIDES[(turn + 4) % 8], _SIDES[turn % 8]


def way_between(district: District, line: shapely.LineString, barriers: Barriers) -> float:
    """Return the shortest walk between a line's ends on the streets as they are; inf where there is none.

    Args:
        district: its streets are walked.
        line: from where to where.
        barriers: rail and water that lie between no end and the streets near it.
    """
    network = district.network
    start, end = (shapely.get_point(line, k) for k in (0, -1))
    entries = site_entries(network, [start], access_m=NEAR_END_M, barriers=barriers)
    there = snap(network, [end], access_m=NEAR_END_M, barriers=barriers)
    return float(walks_to(network, nearest(network, entries), entries, there).walk_m[0])


def _loose_end(end: RoadEnd) -> Text:
    """Why an end is not joined."""
    if end.barred:
        return Text("{side}端与 {m:,.0f} 米外的街道之间隔着铁路或水面", "rail or water lies between the {side} end and the street {m:,.0f} m away").format(side=end.side, m=end.short_m)
    if np.isfinite(end.short_m):
        return Text("{side}端距最近的街道 {m:,.0f} 米", "{m:,.0f} m short at the {side} end").format(side=end.side, m=end.short_m)
    return Text("{side}端附近没有街道", "no street near the {side} end").format(side=end.side)


def connection_sentence(name: Text, connection: Connection, verdict: Verdict) -> Text:
    """Return in words whether a road is connected and, where it saves nothing, why."""
    if not connection.connected:
        loose = [end for end in connection.ends if not end.joined]
        if not loose:
            return Text("{name}：只接到行人走不到的零散路段。", "{name}: joined only to fragments of street that nobody can reach.").format(name=name)
        said = [_loose_end(end) for end in loose]
        if verdict == "gains":
            where_to = Text("；".join(t.zh for t in said), "; ".join(t.en for t in said))
            return Text("{name}：接到 {n} 处街道，但{told}。", "{name}: joined to streets at {places}, but {told}.").format(
                name=name, n=connection.joins, places=several(connection.joins, "place"), told=where_to)
        told = said[0] if len(said) == 1 else Text(f"{said[0].zh}，{said[1].zh}", f"{said[0].en}, {said[1].en}")
        return Text("{name}：未接通，{told}。", "{name}: not connected: {told}.").format(name=name, told=told)
    if verdict == "already_passable":
        return Text("{name}：两端已接通，但没有变化，因为行人本来就能通过（原来的路 {way:,.0f} 米，与它一样短）。断头路可能只是对车辆而言。",
                    "{name}: both ends connected; no effect, because walkers could already pass (the way before is {way:,.0f} m, as short as the road). "
                    "It may be a dead end for vehicles only.").format(name=name, way=connection.way_before_m)
    way = Text(" {m:,.0f} 米", "{m:,.0f} m").format(m=connection.way_before_m) if np.isfinite(connection.way_before_m) else Text("无路可走", "no way at all")
    tail = Text("", "") if verdict == "gains" else Text("但到这类设施最近一处的步行都没有因此变近", "; yet no walk to the nearest facility of this kind gets shorter")
    return Text("{name}：两端已接通，两端之间由{way}变为 {m:,.0f} 米{comma}{tail}。",
                "{name}: both ends connected; the way between them goes from {way} to {m:,.0f} m{tail}.").format(
                    name=name, way=way, m=connection.length_m, tail=tail, comma=Text("，" if tail.zh else "", ""))
