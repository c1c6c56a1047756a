"""What is wrong with a list of changes; all of it is found before any change is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geodata.changes import (
    MOST_WITHIN_M,
    NEAR_STREET_M,
    AddFacility,
    Change,
    CloseGate,
    CloseStreet,
    MoveFacility,
    OpenGate,
    OpenRoad,
    RemoveFacility,
)
from geodata.checks import NEAR_M, errors_of
from geodata.district import STREET_CLASSES, District
from geodata.errors import Level, Problem
from geodata.joining import TOUCH_M, streets_at_gate, streets_closed, streets_of_gate
from geodata.snapping import Numbers
from layers import Text, every_layer

FIELD: Final = "geometry"
_SHAPES: Final[Mapping[str, Text]] = {
    "Point": Text("点", "point"), "MultiPoint": Text("多个点", "set of points"), "Polygon": Text("面", "polygon"), "MultiPolygon": Text("多个面", "set of polygons"),
    "MultiLineString": Text("多条线", "set of lines"), "GeometryCollection": Text("几何集合", "collection of shapes"),
}
"""Shapes that are no road, by the names of their kinds."""


def check_changes(district: District, changes: Sequence[Change]) -> list[Problem]:
    """Return what is wrong with `changes`, in their order; `row` is a change's place in the list, from 1.

    Errors keep the list from being applied; warnings do not.

    Args:
        district: the one they are to be applied to.
        changes: in order: a facility can be moved only after it was added.
    """
    sites = set(district.sites["id"].astype(str))
    ground = _Ground(district, shapely.STRtree(district.network.lines), np.zeros(district.network.edges, dtype=bool),
                     [c.line for c in changes if isinstance(c, OpenRoad) and _is_line(c.line)])
    shut = {row: streets_closed(district.network, c) for row, c in enumerate(changes, start=1) if isinstance(c, CloseStreet) and _usable(c.shape)}
    for edges in shut.values():
        ground.closed[edges] = True
    found: list[Problem] = []
    for row, change in enumerate(changes, start=1):
        if isinstance(change, CloseStreet):
            found += _check_closing(ground, change, row, shut.get(row))
        else:
            found += _check(ground, change, row, sites)
    if not errors_of(found) and len(ground.closed) and ground.closed.all():
        found.append(_problem(None, FIELD, "", "all_closed", Text("所有街道都被封闭。", "Every street is closed."), Text("请至少留下一条。", "Leave at least one open.")))
    return found


@dataclass(frozen=True, eq=False)
class _Ground:
    """The streets that the changes of a list are held against: which of them the list closes, and what it adds."""

    district: District
    tree: shapely.STRtree
    closed: npt.NDArray[np.bool_]
    roads: list[shapely.LineString]

    def on_added(self, place: shapely.Geometry) -> bool:
        """Whether a place lies on an added road, and no street from before is as near."""
        away = min((float(road.distance(place)) for road in self.roads), default=np.inf)
        near = self.tree.query_nearest(place, max_distance=NEAR_STREET_M, return_distance=True, all_matches=False)[1] if len(self.tree) else np.empty(0)
        return bool(away <= NEAR_STREET_M and away < near.min(initial=np.inf) - TOUCH_M)


def _check(ground: _Ground, change: Change, row: int, sites: set[str]) -> list[Problem]:
    """What is wrong with one change; `sites` is kept up to date."""
    if isinstance(change, OpenRoad):
        return _check_road(ground.district, change, row)
    if isinstance(change, AddFacility):
        return _check_adding(ground.district, change, row, sites)
    if isinstance(change, MoveFacility | RemoveFacility):
        return _check_site(ground.district, change, row, sites)
    assert isinstance(change, OpenGate | CloseGate)
    return _check_gate(ground, change, row)


def _check_road(district: District, road: OpenRoad, row: int) -> list[Problem]:
    """A line of at least two places that does not cross itself, in the district."""
    if not _is_line(road.line):
        return [no_line(row, road.line)]
    found = []
    if not road.line.is_simple:
        found.append(_problem(row, FIELD, "", "self_crossing", Text("这条线与自身相交。", "The line crosses itself."),
                              Text("请重画，或在交叉处拆成两条。", "Draw it anew, or split it in two where it crosses.")))
    if not (np.isfinite(road.within_m) and 0 <= road.within_m <= MOST_WITHIN_M):
        found.append(_problem(row, "within_m", f"{road.within_m:g}", "bad_tolerance",
                              Text(f"连接容差应在 0 至 {MOST_WITHIN_M:g} 米之间。", f"The joining tolerance must lie between 0 and {MOST_WITHIN_M:g} m."),
                              Text("请改小容差，把线画到街道上。", "Lower it and draw the line up to the street.")))
    if road.street_class not in STREET_CLASSES:
        found.append(_problem(row, "class", road.street_class, "unknown_value", Text("没有这一道路等级。", "There is no such street class."),
                              Text(f"可用：{'、'.join(STREET_CLASSES)}。", f"Use one of: {', '.join(STREET_CLASSES)}.")))
    return found + _check_inside(district, road.line, row) + _check_bridge(district, road, row)


def no_line(row: int | None, shape: shapely.Geometry | None) -> Problem:
    """The finding about a road that is no line: of another kind of shape, or without two places."""
    kind = _SHAPES.get(shape.geom_type) if shape is not None and not shape.is_empty else None
    if kind is not None:
        return _problem(row, FIELD, kind.en, "not_a_line", Text("道路应是一条线，这里是{kind}。", "A road is a line; this is a {kind}.").format(kind=kind),
                        Text("请给出道路的中心线（LineString），至少两个不同的点。", "Give the road's centre line (LineString) of at least two different points."))
    return _problem(row, FIELD, "", "line_too_short", Text("没有图形，或线不足两个不同的点。", "There is no shape, or the line has fewer than two different points."),
                    Text("请至少点两处再结束。", "Set at least two points before finishing."))


def _check_inside(district: District, shape: shapely.Geometry, row: int) -> list[Problem]:
    """Near the district it may lie outside, which is said; what reaches farther off, with any corner, is a mistake."""
    outline = shapely.union_all(district.boundary.geometry.to_numpy())
    farthest = float(shapely.distance(outline, shapely.points(shapely.get_coordinates(shape))).max())
    if farthest > NEAR_M:
        far = Text(f"{farthest / 1000:,.1f} 公里", f"{farthest / 1000:,.1f} km")
        said = Text("伸出区界 {far}。", "It reaches {far} beyond the boundary of the district.") if outline.intersects(shape) else \
            Text("不在本区：最远处距区界 {far}。", "Not in the district: it lies up to {far} from its boundary.")
        return [_problem(row, FIELD, "", "outside", said.format(far=far),
                         Text("请核对坐标和坐标系（datum），或换成所属地区的数据包。", "Check the coordinates and their datum, or open the pack of the right district."))]
    if not outline.covers(shape):
        return [_problem(row, FIELD, "", "just_outside", Text("有一部分在区界之外。", "Part of it lies outside the boundary."),
                         Text("无需处理；若不应在区外，请核对位置。", "Nothing to do, unless it should lie inside: then check it."), level="warning")]
    return []


def _check_bridge(district: District, road: OpenRoad, row: int) -> list[Problem]:
    """A road across rail or water is taken for a bridge, which is said."""
    over = [name for name, frame in ((Text("铁路", "a railway"), district.rail), (Text("水面", "water"), district.water))
            if len(frame) and bool(shapely.crosses(road.line, frame.geometry.to_numpy()).any())]
    return [_problem(row, FIELD, "", "crosses_barrier", Text("这条路穿过{what}。", "The road crosses {what}.").format(what=what),
                     Text("按可通行的桥或地道计算；若不能通过，请在此处断开。", "It is taken for a bridge or underpass; end it there if nobody can pass."), level="warning")
            for what in over]


def _check_closing(ground: _Ground, change: CloseStreet, row: int, shut: Numbers | None) -> list[Problem]:
    """It names at least one street; a road of the same list is none."""
    if shut is None:
        return [_no_place(row)]
    if shapely.get_dimensions(change.shape) == 0:
        added = ground.on_added(change.shape)
    else:
        beside = shapely.buffer(change.shape, change.within_m)
        added = any(beside.covers(road) or road.buffer(change.within_m).covers(change.shape) for road in ground.roads)
    if added:
        return [_on_added(row, level="warning" if len(shut) and shapely.get_dimensions(change.shape) else "error")]
    if not len(shut):
        return [_problem(row, FIELD, "", "no_street", Text("这里没有可以封闭的街道。", "There is no street here to close."),
                         Text(f"点须在街道 {NEAR_STREET_M:g} 米以内；线须沿街道画。", f"A point must lie within {NEAR_STREET_M:g} m of a street; a line must run along one."))]
    return []


def _check_adding(district: District, change: AddFacility, row: int, sites: set[str]) -> list[Problem]:
    """A known layer, a place in the district, an id of its own."""
    known = every_layer()
    found = []
    if change.layer not in known:
        found.append(_problem(row, "layer", change.layer, "unknown_layer", Text("没有这个图层。", "There is no such layer."),
                              Text(f"可用：{'、'.join(known)}。", f"Use one of: {', '.join(known)}.")))
    if change.id and change.id in sites:
        found.append(_problem(row, "id", change.id, "duplicate_id", Text("编号已被使用。", "This id is in use."),
                              Text("请换一个编号，或留空由程序编号。", "Choose another, or leave it empty.")))
    if change.capacity is not None and not (np.isfinite(change.capacity) and change.capacity >= 0):
        found.append(_problem(row, "capacity", f"{change.capacity:g}", "bad_capacity", Text("容量不能小于 0。", "A capacity cannot be below 0."),
                              Text("请填 0 或更大的数；不知道就留空。", "Give 0 or more, or leave it empty where it is not known.")))
    sites.add(change.id or added_id(change.layer, row))
    return found + (_check_inside(district, change.place, row) if _usable(change.place) else [_no_place(row)])


def added_id(layer: str, row: int) -> str:
    """Return the id of an added facility that was given none: its layer and its place in the list."""
    return f"added-{layer}-{row:02d}"


def _check_site(district: District, change: MoveFacility | RemoveFacility, row: int, sites: set[str]) -> list[Problem]:
    """The site is there, and its new place is one."""
    if change.site not in sites:
        return [_problem(row, "site", change.site, "unknown_site", Text("没有这个编号的设施。", "There is no site of this id."),
                         Text("请核对编号；示意点不能移动或移除。", "Check the id; demo sites cannot be moved or removed."))]
    if isinstance(change, RemoveFacility):
        sites.discard(change.site)
        return []
    return _check_inside(district, change.place, row) if _usable(change.place) else [_no_place(row)]


def _on_added(row: int, *, level: Level) -> Problem:
    """Gates stand on, and closing means, the streets from before."""
    return _problem(row, FIELD, "", "on_added_road", Text("这里是本情景打通的道路，不能再封闭，也不能设门。", "This is a road that the same list opens: it is not closed again, nor does a gate stand on it."),
                    Text("请改画或去掉那条路：要断开，就在断开处把线分成两条。", "Change or remove that road instead; to part it, draw it as two lines with a gap."), level=level)


def _check_gate(ground: _Ground, change: OpenGate | CloseGate, row: int) -> list[Problem]:
    """A gate is a point on a street that is not closed."""
    if not isinstance(change.place, shapely.Point) or not _usable(change.place):
        return [_no_place(row)]
    if ground.on_added(change.place):
        return [_on_added(row, level="error")]
    network, tree = ground.district.network, ground.tree
    near = streets_of_gate(network, tree, change.place)
    if not len(near):
        return [_problem(row, FIELD, "", "gate_off_street", Text(f"{NEAR_STREET_M:g} 米内没有街道。", f"There is no street within {NEAR_STREET_M:g} m."),
                         Text("门是街道上的一个点，请点在街道上。", "A gate is a point on a street: set it on one."))]
    if ground.closed[near].all():
        return [_problem(row, FIELD, "", "gate_on_closed_street", Text("门所在的街道已被本情景封闭，门没有作用。", "The street of this gate is closed by the same list, so the gate does nothing."),
                         Text("请去掉这道门，或保留街道只关门。", "Remove the gate, or leave the street open and close the gate alone."), level="warning")]
    everywhere = np.arange(network.edges)
    if isinstance(change, OpenGate) and len(streets_at_gate(network, everywhere, tree, change)) < 2:
        return [_problem(row, FIELD, "", "gate_without_effect", Text("门的两侧没有可以接通的街道。", "No two streets meet the gate, so opening it joins nothing."),
                         Text("若要打开前面封闭的门，可忽略；否则请点在两条街道之间。", "Ignore this if it opens a gate closed before; else set it between two streets."), level="warning")]
    return []


def _is_line(shape: shapely.Geometry | None) -> bool:
    """Whether a shape can be a road: a line with a length."""
    return isinstance(shape, shapely.LineString) and _finite(shape) and shape.length > 0


def _usable(shape: shapely.Geometry | None) -> bool:
    return shape is not None and not shape.is_empty and _finite(shape)


def _finite(shape: shapely.Geometry) -> bool:
    return bool(np.isfinite(shapely.get_coordinates(shape)).all())


def _no_place(row: int) -> Problem:
    return _problem(row, FIELD, "", "no_place", Text("没有位置，或坐标无效。", "There is no place, or its coordinates are not valid."),
                    Text("请在图上点一处，或输入坐标。", "Click on the map or type coordinates."))


def _problem(row: int | None, field: str, value: str, code: str, *said: Text, level: Level = "error") -> Problem:
    """One finding; what is said is the message and the remedy."""
    message, remedy = said
    return Problem(row, field, value, code, message, remedy, level)


