"""Access where room is limited: served, unserved for lack of room, unserved for distance; and E2SFCA as an index beside it.

People are assigned to sites within the standard such that most are served and, among all ways to serve so many, least is
walked in total. E2SFCA (Luo & Qi 2009, https://doi.org/10.1016/j.healthplace.2009.06.002) shares room out instead; it is an
index, not a number of people.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.counting import located
from geodata.district import District
from geodata.errors import BadInput, Misasked, Stopped
from geodata.one_to_many import Reached, walks_from
from geodata.question import DEFAULT_ACCESS_M, Question
from geodata.siting_models import Clock, Floats, Status, from_pairs
from geodata.siting_models.program import Program, solve, solver_name
from geodata.snapping import site_entries
from geodata.standards import standards_of
from geodata.walking import SHARED, Kept, ground
from geodata.wording import ALL_OF_IT, COUNTED_NAMES, DEMAND_UNITS, WHO
from layers import Text, every_layer

TOLERANCE_M: Final = 1e-6
GAUSS_AT_LIMIT: Final = 0.01
"""Weight of a walk as long as the standard in E2SFCA, of 1 at the door."""
UNITS: Final = {
    "parking_lots": Text("车位", "stall"), "charging_sites": Text("桩", "pile"), "elder_care_street": Text("床位", "bed"), "elder_care_community": Text("床位", "bed"),
    "kindergartens": Text("学位", "place"), "primary_schools": Text("学位", "place"), "middle_schools": Text("学位", "place"),
}
"""What one unit of a layer's capacity is."""
_UNIT: Final = Text("容量", "unit")
SITE_FIELDS: Final = ("id", "name_zh", "name_en", "capacity", "room", "assigned_people", "use")


@dataclass(frozen=True, eq=False)
class Capacity:
    """An answer about room; people are in the district's demand unit.

    Attributes:
        layer: layer key.
        metres: the standard.
        people_per_unit: how many people one unit of capacity serves.
        shared_evenly: whether nobody said so, and all people were shared out evenly over all units.
        people: all people.
        served_people: assigned to a site within the standard.
        no_room_people: within the standard of a site with capacity, and left over when it is full.
        too_far_people: beyond the standard of every such site, those off the network included; where the capacity of others
            is unknown (`unknown`), some of them may be near one of those.
        mean_walk_m: of those served, None where nobody is.
        sites: SITE_FIELDS and geometry: `room` is capacity x people_per_unit, `use` assigned ÷ room (NaN where there is none)
        unknown: ids of located sites whose capacity is not known: they take nobody, and are named.
        demand: `demand_id`, `people`, `served`, `no_room`, `too_far`, `walk_m` (mean walk of those served), `e2sfca`, points.
        counted: whose sites they are: `programme`, `existing` or `together`.
        status: how the assignment ended; it is exact where `optimal`.
        solver: name and version.
        demonstration: whether streets or people are the sketch's.
        demand_unit: what is counted.
    """

    layer: str
    metres: float
    people_per_unit: float
    shared_evenly: bool
    people: float
    served_people: float
    no_room_people: float
    too_far_people: float
    mean_walk_m: float | None
    sites: gpd.GeoDataFrame
    unknown: tuple[str, ...]
    demand: gpd.GeoDataFrame
    counted: str
    status: Status
    solver: str
    demonstration: bool
    demand_unit: str

    @property
    def unit(self) -> Text:
        """What one unit of the capacity is."""
        return unit_of(self.layer)

    @property
    def far(self) -> Text:
        """What those beyond the standard are called: not too far, where a site of unknown capacity may be near them."""
        return far_from(len(self.unknown))

    def index_mean(self) -> float | None:
        """Mean of the E2SFCA index over all people, units a person."""
        return float(self.demand["people"] @ self.demand["e2sfca"] / self.people) if self.people else None

    def facts(self) -> dict[str, Any]:
        """Return the figures under the names that files and the command line give them, JSON-ready."""
        return {
            "layer": self.layer, "metres": self.metres, "people_per_unit": self.people_per_unit, "shared_evenly": self.shared_evenly, "people": self.people,
            "served_people": self.served_people, "no_room_people": self.no_room_people, "too_far_people": self.too_far_people,
            "mean_walk_m": self.mean_walk_m, "e2sfca_mean": self.index_mean(), "unknown": list(self.unknown), "counted": self.counted, "status": self.status, "solver": self.solver,
            "demonstration": self.demonstration, "demand_unit": self.demand_unit,
        }

    def sentence(self) -> Text:
        """Return the split in words: first how many sites it rests on, then who finds room."""
        share = {name: f"{100 * value / self.people:.1f} %" if self.people else "—" for name, value in
                 (("a", self.served_people), ("b", self.no_room_people), ("c", self.too_far_people))}
        head = Text("演示：", "Demonstration: ") if self.demonstration else Text("", "")
        even = Text("，即{all}平均到全部容量", ", {all} shared evenly over all there is").format(all=ALL_OF_IT[self.demand_unit]) if self.shared_evenly else Text("", "")
        sure = Text("", "") if self.status == "optimal" else Text("（到时限，分配未证明最优）", " (the time was up: the assignment is not proven best)")
        return Text("{head}{name}（{counted}）：{basis}沿街 {m} 米内有位置的{who} {a}，够近但没有余位的 {b}，{far} {c}（每个{unit}服务 {per} {what}{even}）{sure}。",
                    "{head}{name} ({counted}): {basis}{a} of the {who} find room within {m} m along the streets, {b} are near enough but find none, {c} are {far} (each {unit} serves {per} {what}{even}){sure}.").format(
                        counted=COUNTED_NAMES[self.counted], basis=counted_of(len(self.sites), len(self.unknown)), far=told_far(len(self.unknown)), sure=sure, what=DEMAND_UNITS[self.demand_unit], head=head,
                        name=every_layer()[self.layer].name, m=f"{self.metres:,.0f}", per=f"{self.people_per_unit:,.4g}", even=even, unit=self.unit, who=WHO[self.demand_unit], **share)


METHOD: Final = (
    Text("分配：每个单位容量服务给定的数量，在标准内先让有位置的最多，再让总步行最少（运输问题，精确求解）。", "Assignment: each unit serves so many people; within the standard first as many as can be find room, then the walks add up to least (a transportation problem, solved exactly)."),
    Text("E2SFCA 是对照指数（可及范围内平均可得的容量，近处权重大，到标准距离时权重 1 %），不是有位置的数量。", "E2SFCA is an index beside it (what capacity there is for each within reach, nearer room weighing more, 1 % at the standard), not a count of who finds room."),
)


def share_used(use: float) -> str:
    """Return how much of a site's room is taken, as it is read; a dash where it has none.

    >>> share_used(0.625), share_used(float("nan"))
    ('62 %', '—')
    """
    return f"{100 * use:.0f} %" if np.isfinite(use) else "—"


def counted_of(known: int, unknown: int) -> Text:
    """Return how many located sites an answer rests on, empty where the capacity of all is known.

    >>> counted_of(1, 30).en
    'of 31 located the capacity of 1 is known, and only that counts: '
    """
    if not unknown:
        return Text("", "")
    return Text(f"已落位 {known + unknown:,} 处中只有 {known:,} 处容量已知，只计这些：", f"of {known + unknown:,} located the capacity of {known:,} is known, and only {'that counts' if known == 1 else 'those count'}: ")


def told_far(unknown: int) -> Text:
    """Return what a sentence says of those beyond the standard of every site counted."""
    return Text("附近没有这些设施（但可能有容量未知的）的", "near none of these, though maybe near one of unknown capacity") if unknown else Text("离得太远的", "too far")


def far_from(unknown: int) -> Text:
    """Return the same as a heading."""
    return Text("附近没有容量已知的", "None of known capacity near") if unknown else Text("太远", "Too far")


def nothing_known(district: District, layer: str) -> Text:
    """Return what is said where no located site of a layer has a known capacity, and what to bring."""
    n, unit = len(located(district.sites[district.sites["layer"] == layer])), unit_of(layer)
    return Text("{name}：已落位 {n} 处，容量都未知，无法回答位置够不够。请在点位文件的“容量”列（capacity）填写每处的{unit}数，再导入。",
                "{name}: {n} located, none with a known capacity, so nothing can be said about room. Fill in the column capacity (容量) of the file of sites with the {unit}s of each, and bring it in.").format(
                    name=every_layer()[layer].name, n=n, unit=unit)


def standard_for(layer: str, metres: float | None, people_per_unit: float | None) -> float:
    """Return the longest walk that is asked about: `metres`, else the layer's own standard.

    Raises:
        Misasked: a distance or a number of people per unit that is not above 0, or no distance where the layer has no standard.
    """
    held = standards_of(every_layer()[layer], Question((layer,)))[0].metres if metres is None else metres
    if held is None:
        raise Misasked(Text("{name}没有自己的标准，请给出距离（如 300、500、800、1000 米）。", "{name}: no standard of their own; give a distance (such as 300, 500, 800 or 1,000 m).").format(name=every_layer()[layer].name))
    if not (0 < held < np.inf and (people_per_unit is None or 0 < people_per_unit < np.inf)):
        raise Misasked(Text("距离和每单位容量服务的数量都须大于 0。", "The distance and what a unit serves must be above 0."))
    return held


def unit_of(layer: str) -> Text:
    """Return what one unit of a layer's capacity is."""
    return UNITS.get(layer, _UNIT)


def units_of(district: District, sites: gpd.GeoDataFrame) -> pd.Series:
    """Return the known capacity of sites, NaN where unknown: as stated, else their amount where the promise counts units, not places."""
    ledger = district.ledger
    counts = set(ledger.loc[~ledger["unit_is_place"].astype(bool), "id"]) if "unit_is_place" in ledger.columns else set()
    stated = sites["capacity"].astype(float)
    return pd.Series(stated.where(stated.notna(), sites["amount"].astype(float).where(sites["commitment"].isin(counts) & sites["layer"].isin(UNITS))))


def has_capacity(district: District, layer: str) -> bool:
    """Whether any located site of a layer has a known capacity."""
    return bool((units_of(district, located(district.sites[district.sites["layer"] == layer])) > 0).any())


def capacity_access(district: District, layer: str, *, metres: float | None = None, people_per_unit: float | None = None, access_m: float = DEFAULT_ACCESS_M,
                    seconds: float = 60.0, stop: Callable[[], bool] | None = None, kept: Kept = SHARED) -> Capacity:
    """Split the people into served, unserved for lack of room and unserved for distance.

    Args:
        district: where.
        layer: of which layer the located sites count; those without a capacity take nobody.
        metres: longest walk; None takes the layer's own standard.
        people_per_unit: people that one unit of capacity (a stall, a pile, a bed) serves; None shares all people evenly over all units.
        access_m: longest straight access leg.
        seconds: time limit of the assignment.
        stop: asked while it is solved.
        kept: where the ground's walks measured before are found.

    Raises:
        Misasked: as `standard_for`.
        BadInput: no site with a capacity; no assignment within the time.
        Stopped: before all walks were measured.
    """
    metres = standard_for(layer, metres, people_per_unit)
    sites = located(district.sites[district.sites["layer"] == layer])
    units = units_of(district, sites)
    unknown = tuple(map(str, sites["id"][units.isna()]))
    sites = sites.assign(capacity=units)[units.notna().to_numpy(bool)].reset_index(drop=True)
    if not (sites["capacity"] > 0).any():
        raise BadInput(nothing_known(district, layer))
    origins = set(sites["origin"])
    counted = "together" if len(origins) > 1 else "existing" if origins == {"existing"} else "programme"
    shared = ground(district, access_m, kept)
    doors = site_entries(shared.network, sites.geometry.to_numpy(), access_m=access_m, barriers=shared.barriers)
    reached = walks_from(shared.network, doors, len(sites), shared.access, limit_m=metres + TOLERANCE_M, stop=stop)
    if not reached.complete:
        raise Stopped(Text("还没量完步行距离就停止了，没有结果。", "It was stopped before the walks were measured, so there is no answer."))
    people = district.demand["people"].to_numpy(float)
    per = float(people.sum() / sites["capacity"].sum()) if people_per_unit is None else people_per_unit
    room = sites["capacity"].to_numpy(float) * per
    flow, status = assign(reached, people, room, Clock(seconds, stop))
    if flow is None:
        raise BadInput(Text(f"分配在 {seconds:g} 秒内没有算出结果（{len(reached.demand):,} 对）。请缩短距离。",
                            f"The assignment found nothing within {seconds:g} s ({len(reached.demand):,} pairs). Ask for a shorter distance."))
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
    table = gpd.GeoDataFrame(sites[["id", "name_zh", "name_en", "capacity"]].assign(room=room, assigned_people=assigned, use=np.divide(assigned, room, out=np.full(len(room), np.nan), where=room > 0)),
                             geometry=sites.geometry.to_numpy(), crs=district.metric_crs)
    return Capacity(
        layer, metres, per, people_per_unit is None, float(people.sum()), float(taken.sum()), float(frame["no_room"].sum()), float(frame["too_far"].sum()),
        float(walked.sum() / taken.sum()) if taken.sum() > 0 else None, table, unknown, frame, counted, status, solver_name(), district.is_sketch, district.demand_unit)


def assign(reached: Reached, people: Floats, room: Floats, clock: Clock) -> tuple[Floats | None, Status]:
    """Return the people on each walk of `reached`: most people served, then least walked; a transportation problem.

    None where the time was up before there was anything: nobody served would be an answer. Serving one person more is worth more than any walk saved by it could cost.
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
        return None, "stopped" if clock.stopped else "time_limit"
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
    """Return the split of every area: `area_id`, `name_zh`, `name_en`, `people`, `served`, `no_room`, `too_far`, and the mean `e2sfca` over its people."""
    names = ["area_id", "name_zh", "name_en", "people", "served", "no_room", "too_far", "e2sfca"]
    if areas.empty:
        return pd.DataFrame(columns=names)
    hit = gpd.sjoin(found.demand, areas[["area_id", "name_zh", "name_en", "geometry"]], predicate="intersects")
    hit = hit[~hit.index.duplicated()]
    weighed = hit.assign(e2sfca=hit["e2sfca"] * hit["people"])
    sums = weighed.groupby(["area_id", "name_zh", "name_en"], sort=False)[["people", "served", "no_room", "too_far", "e2sfca"]].sum().reset_index()
    sums["e2sfca"] = (sums["e2sfca"] / sums["people"]).where(sums["people"] > 0)
    return pd.DataFrame(sums[names])
