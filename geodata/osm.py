"""Streets, facilities, buildings and barriers out of an OpenStreetMap extract (.osm.pbf), in WGS-84.

Walkable is every highway except motorway(_link), trunk_link, construction, proposed, raceway, and except foot=no/private, and
access=no/private without foot=yes. Ways are split where they meet. OpenStreetMap data is under the ODbL: attribute it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import osmium
import shapely

from geodata.causes import cause
from geodata.crs import WGS84
from geodata.errors import BadInput, Problem, Unknown, Unreadable
from layers import Text, every_layer

ATTRIBUTION: Final = Text("© OpenStreetMap 贡献者，ODbL", "© OpenStreetMap contributors, ODbL")
SUFFIXES: Final = (".pbf", ".osm", ".osm.bz2", ".osm.gz")
REACH_DEG: Final = 0.01
"""Streets up to about 1 km outside a given boundary are kept, so that walks may leave the district and come back."""
NEVER_WALKED: Final = frozenset({"motorway", "motorway_link", "trunk_link", "construction", "proposed", "raceway"})
RAIL_KINDS: Final = frozenset({"rail", "light_rail", "narrow_gauge", "monorail"})
WATER_LINES: Final = frozenset({"river", "canal"})
_CLASS_OF: Final[Mapping[str, str]] = {
    "trunk": "trunk", "primary": "primary", "primary_link": "primary", "secondary": "secondary", "secondary_link": "secondary",
    "tertiary": "tertiary", "tertiary_link": "tertiary", "residential": "residential", "unclassified": "residential",
    "living_street": "residential", "road": "residential", "service": "lane", "track": "lane", "services": "lane",
}
"""OpenStreetMap's classes in ours; whatever is not here is a path."""

Tags = Mapping[str, str]


@dataclass(frozen=True)
class OsmExtract:
    """What an extract holds, every frame in WGS-84.

    Attributes:
        streets: one row an edge, with `edge_id`, `class`, `name_zh`, `name_en`, `vehicle`, `u`, `v` (node ids of OpenStreetMap).
        facilities: existing facilities by layer key: `osm_id`, `name_zh`, `name_en`, `capacity`; points, or polygons where mapped so.
        buildings: their centres.
        water: polygons and lines, `kind`.
        rail: lines at the surface, `name_zh`, `name_en`.
        boundary: the boundary given, else the convex hull of the streets; one row.
        date: date of the newest object kept, ISO 8601.
        problems: what could not be used.
    """

    streets: gpd.GeoDataFrame
    facilities: dict[str, gpd.GeoDataFrame]
    buildings: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    rail: gpd.GeoDataFrame
    boundary: gpd.GeoDataFrame
    date: str
    problems: list[Problem]
_PUBLIC: Final = frozenset({"parking_lots", "public_toilets"})
_CLOSED: Final = frozenset({"no", "private", "customers"})
"""Values of `access` of a car park or toilet that is not for everybody."""


@dataclass
class _Found:
    """What one reading of the file has gathered."""

    within: tuple[float, float, float, float] | None
    runs: list[tuple[list[int], list[tuple[float, float]], str, str, str]] = field(default_factory=list)
    facilities: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    buildings: list[tuple[float, float]] = field(default_factory=list)
    water: list[dict[str, Any]] = field(default_factory=list)
    rail: list[dict[str, Any]] = field(default_factory=list)
    cut_ways: int = 0
    broken_areas: int = 0
    not_public: Counter[str] = field(default_factory=Counter)
    newest: str = ""

    def near(self, points: list[tuple[float, float]]) -> bool:
        """Return whether a run of points comes near the boundary's box."""
        if self.within is None:
            return True
        west, south, east, north = self.within
        lon, lat = zip(*points, strict=True)
        return bool(max(lon) >= west and min(lon) <= east and max(lat) >= south and min(lat) <= north)


def read_osm(path: Path, *, boundary: gpd.GeoDataFrame | None = None) -> OsmExtract:
    """Read an extract; with a `boundary` (any CRS that is set) keep what lies in it, streets up to 1 km around.

    Raises:
        Unknown: no such kind of file.
        Unreadable: the file is missing or is no OpenStreetMap extract.
        BadInput: it holds no walkable street, or none near the boundary.
    """
    if not path.name.lower().endswith(SUFFIXES):
        raise Unknown(Text(f"{path.name} 不是 OpenStreetMap 数据文件名。可用：{'、'.join(SUFFIXES)}。", f"{path.name} is no name of an OpenStreetMap extract. Use one of {', '.join(SUFFIXES)}."))
    area = None if boundary is None else boundary.to_crs(WGS84).union_all()
    found = _Found(None if area is None else tuple(np.array(area.bounds) + np.array([-REACH_DEG, -REACH_DEG, REACH_DEG, REACH_DEG])))
    _read(path, found)
    if not found.runs:
        where = Text("在本区范围内", " near the district") if area is not None else Text("", "")
        raise BadInput(Text("{path} {where}没有可步行的道路。请换一份覆盖本区的 OpenStreetMap 数据（.osm.pbf）。",
                            "{path} holds no walkable street{where}. Take an extract (.osm.pbf) that covers the district.").format(path=path, where=where))
    streets = _clipped(_split(found), None if area is None else shapely.buffer(area, REACH_DEG))
    around = area if area is not None else shapely.convex_hull(shapely.multipoints(shapely.get_coordinates(streets.geometry.to_numpy())))
    layers = {key: _clipped(_frame(rows, ("osm_id", "name_zh", "name_en", "capacity")), area) for key, rows in sorted(found.facilities.items())}
    return OsmExtract(
        streets=streets.reset_index(drop=True).assign(edge_id=lambda f: np.arange(len(f), dtype=np.int64)),
        facilities={key: rows for key, rows in layers.items() if len(rows)},
        buildings=_clipped(gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapely.points(np.array(found.buildings, float).reshape(-1, 2)), crs=WGS84)), area),
        water=_clipped(_frame(found.water, ("kind",)), None if area is None else shapely.buffer(area, REACH_DEG)),
        rail=_clipped(_frame(found.rail, ("name_zh", "name_en")), None if area is None else shapely.buffer(area, REACH_DEG)),
        boundary=gpd.GeoDataFrame(geometry=[around], crs=WGS84), date=found.newest, problems=_problems(found, path.name),
    )


def walkable(tags: Tags) -> bool:
    """Return whether people walk a way with these tags.

    >>> walkable({"highway": "service", "access": "private"}), walkable({"highway": "service", "access": "private", "foot": "yes"})
    (False, True)
    """
    foot = tags.get("foot", "")
    if tags.get("highway", "") in NEVER_WALKED or "highway" not in tags or foot in {"no", "private"}:
        return False
    return foot == "yes" or tags.get("access", "") not in {"no", "private"}


def names(tags: Tags) -> tuple[str, str]:
    """Return the Chinese and the English name; a name in another script than Latin stands as the Chinese one.

    >>> names({"name": "中州东路", "name:en": "East Zhongzhou Road"}), names({"name": "Mannerheimintie"})
    (('中州东路', 'East Zhongzhou Road'), ('Mannerheimintie', 'Mannerheimintie'))
    """
    plain = tags.get("name", "")
    latin = plain if plain and all(ord(c) < 0x250 for c in plain) else ""
    return tags.get("name:zh-Hans", tags.get("name:zh", plain)), tags.get("name:en", latin)


def layers_of(tags: Tags) -> list[str]:
    """Return the keys of the layers whose declared tags a thing carries; of `1;2` each value counts."""
    return [key for key, layer in every_layer().items() if any(v in tags.get(k, "").split(";") for k, v in layer.osm)]


def open_to_all(layer: str, tags: Tags) -> bool:
    """Return whether a car park or toilet is for anyone to use; of other layers the tag speaks of the grounds.

    >>> open_to_all("parking_lots", {"access": "private"}), open_to_all("kindergartens", {"access": "private"})
    (False, True)
    """
    return layer not in _PUBLIC or tags.get("access", "") not in _CLOSED


def _taken(tags: Tags, found: _Found) -> list[str]:
    """Return the layers a thing belongs to, and note those it is not public enough for."""
    keys = layers_of(tags)
    kept = [key for key in keys if open_to_all(key, tags)]
    found.not_public.update(set(keys) - set(kept))
    return kept


def _read(path: Path, found: _Found) -> None:
    """Go through the file once and gather."""
    if not path.is_file():
        raise Unreadable(Text(f"找不到文件 {path}。", f"There is no file {path}."))
    keys = sorted({"highway", "building", "natural", "waterway", "railway"} | {k for layer in every_layer().values() for k, _ in layer.osm})
    try:
        things: Iterator[Any] = iter(osmium.FileProcessor(str(path)).with_locations().with_areas().with_filter(osmium.filter.KeyFilter(*keys)))
        for thing in things:
            tags = dict(thing.tags)
            if thing.is_way():
                _take_way(thing, tags, found)
            elif thing.is_area():
                _take_area(thing, tags, found)
            elif thing.is_node() and thing.location.valid():
                _take_node(thing, tags, found)
    except (RuntimeError, OSError, ValueError) as error:
        raise Unreadable(Text("{path} 不是可读的 OpenStreetMap 数据（.osm.pbf）：{why}。请重新下载，并核对文件是否完整。",
                              "{path} is not a readable OpenStreetMap extract (.osm.pbf): {why}. Download it again and check that it is whole.").format(path=path, why=cause(error))) from error


def _take_node(node: Any, tags: Tags, found: _Found) -> None:
    point = (node.location.lon, node.location.lat)
    for key in _taken(tags, found):
        found.facilities[key].append(_facility(f"node/{node.id}", tags, shapely.Point(point)))


def _take_way(way: Any, tags: Tags, found: _Found) -> None:
    """Gather a street, a railway, a line of water, and what the extract's edge has cut so that it is no area any more."""
    _take_cut_area(way, tags, found)
    if walkable(tags):
        zh, en = names(tags)
        for ids, points in _runs(way, found):
            if found.near(points):
                found.runs.append((ids, points, _CLASS_OF.get(tags["highway"], "path"), zh, en))
                found.newest = max(found.newest, f"{way.timestamp:%Y-%m-%d}")
    if tags.get("tunnel", "no") != "no":
        return
    if tags.get("railway") in RAIL_KINDS:
        zh, en = names(tags)
        found.rail += [{"name_zh": zh, "name_en": en, "geometry": shapely.LineString(points)} for _, points in _runs(way, found) if found.near(points)]
    kind = tags["waterway"] if tags.get("waterway") in WATER_LINES else "coastline" if tags.get("natural") == "coastline" else ""
    if kind:
        found.water += [{"kind": kind, "geometry": shapely.LineString(points)} for _, points in _runs(way, found) if found.near(points)]


def _take_cut_area(way: Any, tags: Tags, found: _Found) -> None:
    """Gather a facility or building whose outline is not closed (any more) as a point amid the nodes that are there."""
    points = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
    if not points or (way.is_closed() and len(points) == len(way.nodes)):
        return
    middle = (sum(lon for lon, _ in points) / len(points), sum(lat for _, lat in points) / len(points))
    for key in _taken(tags, found):
        found.facilities[key].append(_facility(f"way/{way.id}", tags, shapely.Point(middle)))
    if tags.get("building", "no") != "no":
        found.buildings.append(middle)


def _runs(way: Any, found: _Found) -> Iterator[tuple[list[int], list[tuple[float, float]]]]:
    """Give the pieces of a way whose nodes the extract holds; nothing is drawn across a missing node."""
    ids: list[int] = []
    points: list[tuple[float, float]] = []
    whole = True
    for node in way.nodes:
        if node.location.valid():
            ids.append(node.ref)
            points.append((node.lon, node.lat))
            continue
        whole = False
        if len(ids) > 1:
            yield ids, points
        ids, points = [], []
    found.cut_ways += not whole
    if len(ids) > 1:
        yield ids, points


def _take_area(area: Any, tags: Tags, found: _Found) -> None:
    """Gather a facility, a building or a surface of water."""
    keys = _taken(tags, found)
    building = tags.get("building", "no") != "no"
    water = tags.get("natural") == "water" or tags.get("waterway") == "riverbank"
    if not (keys or building or water):
        return
    try:
        shape = shapely.from_wkb(osmium.geom.WKBFactory().create_multipolygon(area))
    except (RuntimeError, shapely.errors.GEOSException):
        found.broken_areas += 1
        return
    inner = shape.representative_point() if building else None
    if inner is not None:
        found.buildings.append((inner.x, inner.y))
    if water and tags.get("tunnel", "no") == "no":
        found.water.append({"kind": tags.get("water", "water"), "geometry": shape})
    name = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
    for key in keys:
        found.facilities[key].append(_facility(name, tags, shape.geoms[0] if len(shape.geoms) == 1 else shape))


def _facility(osm_id: str, tags: Tags, shape: shapely.Geometry) -> dict[str, Any]:
    """Return one existing facility."""
    zh, en = names(tags)
    said = tags.get("capacity", "")
    return {"osm_id": osm_id, "name_zh": zh, "name_en": en, "capacity": float(said) if said.isdecimal() else np.nan, "geometry": shape}


def _split(found: _Found) -> gpd.GeoDataFrame:
    """Return the streets, split at every node where two pieces meet, or one meets itself."""
    uses = Counter(node for ids, *_ in found.runs for node in ids)
    for ids, *_ in found.runs:
        uses.update((ids[0], ids[-1]))
    rows: dict[str, list[Any]] = {name: [] for name in ("class", "name_zh", "name_en", "u", "v", "geometry")}
    for ids, points, kind, zh, en in found.runs:
        start = 0
        for place in range(1, len(ids)):
            if uses[ids[place]] > 1 or place == len(ids) - 1:
                piece = points[start:place + 1]
                if len(set(piece)) > 1:
                    for name, value in zip(rows, (kind, zh, en, ids[start], ids[place], shapely.LineString(piece)), strict=True):
                        rows[name].append(value)
                start = place
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=WGS84)
    return frame.assign(vehicle=~frame["class"].isin(["lane", "path"]))


def _frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return gathered rows as a WGS-84 frame, also where there are none."""
    return gpd.GeoDataFrame({c: [row[c] for row in rows] for c in columns}, geometry=gpd.GeoSeries([row["geometry"] for row in rows], crs=WGS84), crs=WGS84)


def _clipped(frame: gpd.GeoDataFrame, area: shapely.Geometry | None) -> gpd.GeoDataFrame:
    """Return the rows that meet `area`: lines by any part, points and polygons by a point inside them."""
    if area is None or frame.empty:
        return frame
    shapely.prepare(area)
    shapes = frame.geometry.to_numpy()
    lines = shapely.get_dimensions(shapes) == 1
    spots = np.where(lines, shapes, shapely.point_on_surface(shapes))
    return frame[shapely.intersects(area, spots)].reset_index(drop=True)


def _problems(found: _Found, file: str) -> list[Problem]:
    """Return what was left out, as findings."""
    told = []
    for key, count in sorted(found.not_public.items()):
        name = every_layer()[key].name
        told.append(Problem(None, "access", str(count), "not_public", Text("数据中 {n} 处{name}标注为不对公众开放（access=no、private 或 customers），未计入。", "Marked as not open to the public (access=no, private or customers), left out: {n} ({name}).").format(n=count, name=Text(name.zh, name.en.lower())),
                            Text("如实际开放，请在位置文件中补充。", "Bring those that are open in a file of positions."), "warning", file))
    if found.cut_ways:
        told.append(Problem(None, "way", str(found.cut_ways), "cut_way", Text(f"{found.cut_ways} 条线在数据边缘被截断。", f"Ways cut at the extract's edge: {found.cut_ways}."),
                            Text("如需完整，请取范围更大的数据。", "Take a larger extract if they matter."), "warning", file))
    if found.broken_areas:
        told.append(Problem(None, "area", str(found.broken_areas), "broken_area", Text(f"{found.broken_areas} 个面不完整，未使用。", f"Incomplete areas, left out: {found.broken_areas}."),
                            Text("如需完整，请取范围更大的数据。", "Take a larger extract if they matter."), "warning", file))
    return told
