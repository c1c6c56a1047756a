"""Access where room is limited: served, unserved for lack of room, unserved for distance; and E2SFCA as an index beside it.

People are assigned to sites within the standard such that most are served and, among all ways to serve so many, least is
walked in total. E2SFCA (Luo & Qi 2009, https://doi.org/10.1016/j.healthplace.2009.06.002) shares room out instead; it is an
index, not a number of people.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.counting import located
from geodata.district import District
from geodata.errors import BadInput
from geodata.one_to_many import Reached, walks_from
from geodata.question import DEFAULT_ACCESS_M
from geodata.siting_models import Clock, Floats, Status, from_pairs
from geodata.siting_models.program import Program, solve, solver_name
from geodata.snapping import site_entries
from geodata.walking import SHARED, Kept, ground
from layers import Text, every_layer

TOLERANCE_M: Final = 1e-6
GAUSS_AT_LIMIT: Final = 0.01
"""Weight of a walk as long as the standard in E2SFCA, of 1 at the door."""
SITE_FIELDS: Final = ("id", "name_zh", "name_en", "capacity", "room", "assigned_people", "use")


@dataclass(frozen=True, eq=False)
class Capacity:
    """An answer about room; people are in the district's demand unit.

    Attributes:
        layer: layer key.
        metres: the standard.
        people_per_unit: how many people one unit of capacity serves.
        people: all people.
        served_people: assigned to a site within the standard.
        no_room_people: within the standard of a site with capacity, and left over when it is full.
        too_far_people: beyond the standard of every such site, those off the network included.
        mean_walk_m: of those served, None where nobody is.
        sites: SITE_FIELDS and geometry: `room` is capacity x people_per_unit, `use` assigned ÷ room.
        unknown: ids of located sites whose capacity is not known: they take nobody, and are named.
        demand: `demand_id`, `people`, `served`, `no_room`, `too_far`, `walk_m` (mean walk of those served), `e2sfca`, points.
        status: how the assignment ended; it is exact where `optimal`.
        solver: name and version.
        demonstration: whether streets or people are the sketch's.
    """

    layer: str
    metres: float
    people_per_unit: float
    people: float
    served_people: float
    no_room_people: float
    too_far_people: float
    mean_walk_m: float | None
    sites: gpd.GeoDataFrame
    unknown: tuple[str, ...]
    demand: gpd.GeoDataFrame
    status: Status
    solver: str
    demonstration: bool

    def sentence(self) -> Text:
        """Return the split in one sentence."""
        share = {name: f"{100 * value / self.people:.1f} %" if self.people else "—" for name, value in
                 (("a", self.served_people), ("b", self.no_room_people), ("c", self.too_far_people))}
        head = Text("演示：", "Demonstration: ") if self.demonstration else Text("", "")
        left = Text(f"；{len(self.unknown)} 处容量未知，未计入", f"; {len(self.unknown)} sites of unknown capacity are left out") if self.unknown else Text("", "")
        return Text("{head}{name}：{m} 米内有位置的居民 {a}，够近但没有余位的 {b}，离得太远的 {c}（每单位容量服务 {per} 人）{left}。",
                    "{head}{name}: {a} of the people find room within {m} m, {b} are near enough but find none, {c} live too far ({per} people a unit){left}.").format(
                        head=head, name=every_layer()[self.layer].name, m=f"{self.metres:,.0f}", per=f"{self.people_per_unit:g}", left=left, **share)


def capacity_access(district: District, layer: str, *, metres: float, people_per_unit: float, access_m: float = DEFAULT_ACCESS_M,
                    seconds: float = 60.0, stop: Callable[[], bool] | None = None, kept: Kept = SHARED) -> Capacity:
    """Split the people into served, unserved for lack of room and unserved for distance.

    Args:
        district: where.
        layer: of which layer the located sites count; those without a capacity take nobody.
        metres: longest walk.
        people_per_unit: people that one unit of capacity (a stall, a pile, a bed) serves.
        access_m: longest straight access leg.
        seconds: time limit of the assignment.
        stop: asked while it is solved.
        kept: where the ground's walks measured before are found.

    Raises:
        BadInput: a distance or a number of people per unit that is not above 0; no site with a capacity.
    """
    if not (0 < metres < np.inf and 0 < people_per_unit < np.inf):
        raise BadInput(Text("距离和每单位容量服务人数都须大于 0。", "The distance and the people a unit serves must be above 0."))
    sites = located(district.sites[district.sites["layer"] == layer])
    known = sites["capacity"].astype(float) > 0
    unknown = tuple(map(str, sites["id"][sites["capacity"].isna()]))
    sites = sites[known.to_numpy(bool)].reset_index(drop=True)
    if sites.empty:
        raise BadInput(Text("该图层没有已知容量的已落位设施。请在“容量”列填写车位、桩或床位数。", "No located site of this layer has a known capacity. Fill in the column capacity (stalls, piles, beds)."))
    shared = ground(district, access_m, kept)
    doors = site_entries(shared.network, sites.geometry.to_numpy(), access_m=access_m, barriers=shared.barriers)
    reached = walks_from(shared.network, doors, len(sites), shared.access, limit_m=metres + TOLERANCE_M, stop=stop)
    people = district.demand["people"].to_numpy(float)
    room = sites["capacity"].to_numpy(float) * people_per_unit
    flow, status = assign(reached, people, room, Clock(seconds, stop))
    taken = np.bincount(reached.demand, flow, minlength=len(people))
    near = np.zeros(len(people), dtype=bool)
    near[reached.demand] = True
    walked = np.bincount(reached.demand, flow * reached.walk_m, minlength=len(people))
    frame = gpd.GeoDataFrame({
        "demand_id": district.demand["demand_id"].to_numpy(), "people": people, "served": taken, "no_room": np.where(near, people - taken, 0.0),
        "too_far": np.where(near, 0.0, people), "walk_m": np.divide(walked, taken, out=np.full(len(people), np.nan), where=taken > 0),
        "e2sfca": e2sfca(reached, people, sites["capacity"].to_numpy(float), metres),
    }, geometry=district.demand.geometry.to_numpy(), crs=district.metric_crs)
    assigned = np.bincount(reached.place, flow, minlength=len(sites))
    table = gpd.GeoDataFrame(sites[["id", "name_zh", "name_en", "capacity"]].assign(room=room, assigned_people=assigned, use=assigned / room),
                             geometry=sites.geometry.to_numpy(), crs=district.metric_crs)
    return Capacity(
        layer, metres, people_per_unit, float(people.sum()), float(taken.sum()), float(frame["no_room"].sum()), float(frame["too_far"].sum()),
        float(walked.sum() / taken.sum()) if taken.sum() > 0 else None, table, unknown, frame, status, solver_name(), district.is_sketch)


def assign(reached: Reached, people: Floats, room: Floats, clock: Clock) -> tuple[Floats, Status]:
    """Return the people on each walk of `reached`: most people served, then least walked; a transportation problem.

    Serving one person more is worth more than any walk saved by it could cost.
    """
    pairs = len(reached.demand)
    if not pairs or people.sum() <= 0:
        return np.zeros(pairs), "optimal"
    worth = 1.0 + float(reached.walk_m.max()) * 2.0 * min(len(room), len(people))  # longer than any chain of exchanges
    demand, place = reached.demand, reached.place
    row = np.concatenate([demand, len(people) + place])
    rows = from_pairs(row, np.tile(np.arange(pairs), 2), (len(people) + len(room), pairs), np.ones(2 * pairs))
    program = Program(
        cost=worth - reached.walk_m, low=np.zeros(pairs), high=np.minimum(people[demand], room[place]), integer=np.zeros(pairs, dtype=bool), rows=rows,
        row_low=np.full(rows.rows, -np.inf), row_high=np.concatenate([people, room]), maximise=True)
    found = solve(program, clock)
    if found.x is None:
        return np.zeros(pairs), "stopped" if clock.stopped else "time_limit"
    return np.maximum(found.x, 0.0), "optimal" if found.ended else "stopped" if clock.stopped else "time_limit"


def e2sfca(reached: Reached, people: Floats, capacity: Floats, metres: float) -> Floats:
    """Return the index of every demand point: capacity a person within reach, nearer room weighing more (a Gauss curve).

    Summed over the people it is the capacity of all sites that reach anybody.
    """
    weight = np.exp(np.log(GAUSS_AT_LIMIT) * (reached.walk_m / metres) ** 2)
    wanted = np.bincount(reached.place, weight * people[reached.demand], minlength=len(capacity))
    share = np.divide(capacity, wanted, out=np.zeros(len(capacity)), where=wanted > 0)
    return np.bincount(reached.demand, weight * share[reached.place], minlength=len(people)).astype(np.float64)


def by_area(found: Capacity, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the split of every area: `area_id`, `name_zh`, `name_en`, `people`, `served`, `no_room`, `too_far`."""
    if areas.empty:
        return pd.DataFrame(columns=["area_id", "name_zh", "name_en", "people", "served", "no_room", "too_far"])
    hit = gpd.sjoin(found.demand, areas[["area_id", "name_zh", "name_en", "geometry"]], predicate="intersects")
    hit = hit[~hit.index.duplicated()]
    sums = hit.groupby(["area_id", "name_zh", "name_en"], sort=False)[["people", "served", "no_room", "too_far"]].sum()
    return pd.DataFrame(sums.reset_index())
