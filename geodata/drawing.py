"""A district becomes a Folium map: one description, rendered the same for the same content.

The map's data does not stand in its script. Small Folium elements of our own name it by an address that carries a hash
of the content, so that browsers keep it, and say which layers take values later. Element ids are fixed: an unchanged map
renders to the same text, and the hash of that text decides whether a page mounts it anew.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import folium
import geopandas as gpd
import shapely
from branca.element import MacroElement
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from geodata.district import STREET_CLASSES, District
from geodata.place_names import near, place_names
from geodata.plate_furniture import WATERMARK
from layers import Text

_DIGITS: Final = 5  # about 1 m, finer than a screen shows
_STREET_TOLERANCE_M: Final = 0.4


@dataclass(frozen=True)
class ValueLayer:
    """Shapes whose colours come later as one short string.

    Attributes:
        id: name in the patches.
        frame: points, lines or polygons in the district's metric CRS, in the order of the string.
        style: how they are drawn while no string was sent (Leaflet path options).
        z: stacking order; the ground is 250, sites stand above 400.
        tips: one wording a shape, shown under the pointer; plain text.
        radius_px: radius of points.
    """

    id: str
    frame: gpd.GeoDataFrame
    style: Mapping[str, Any] = field(default_factory=dict)
    z: int = 300
    tips: Sequence[str] = ()
    radius_px: float = 4.0


@dataclass(frozen=True)
class Picture:
    """A rendered map.

    Attributes:
        name: the JavaScript name of its Leaflet map and the id of its element.
        script: address of what Folium rendered.
        hash: of that script; while it stays, the page keeps the map it has.
        bounds: south-west and north-east corner of the district, latitude first.
        blobs: what has to be served, by address below `blob/`.
        sketch: whether 示意 belongs into the picture.
    """

    name: str
    script: str
    hash: str
    bounds: tuple[tuple[float, float], tuple[float, float]]
    blobs: Mapping[str, bytes]
    sketch: bool


class GroundElement(MacroElement):
    """The ground of the map: streets, water, rail, neighbours, names, by address."""

    _template = Template("{% macro script(this, kwargs) %}\nchanhe.ground({{ this._parent.get_name() }}, {{ this.options|tojson }});\n{% endmacro %}")

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is untyped
        self._name, self._id, self.options = "Ground", "ground", {"url": url}


class SitesElement(MacroElement):
    """The sites of every layer; which ones comes from the page."""

    _template = Template("{% macro script(this, kwargs) %}\nchanhe.sites({{ this._parent.get_name() }});\n{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is untyped
        self._name, self._id = "Sites", "sites"


class ValuesElement(MacroElement):
    """Shapes by address, their classes by patch."""

    _template = Template("{% macro script(this, kwargs) %}\nchanhe.values({{ this._parent.get_name() }}, {{ this.layer|tojson }}, {{ this.options|tojson }});\n{% endmacro %}")

    def __init__(self, layer: str, url: str, options: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is untyped
        self._name, self._id, self.layer, self.options = "Values", f"values_{layer}", layer, {"url": url, **options}


def blob(content: bytes, suffix: str) -> str:
    """Return the name of `content` below `blob/`: a hash of it, so that equal names are equal content."""
    return hashlib.sha256(content).hexdigest()[:24] + suffix


def working_map(district: District, *, name: str = "explore", sites: bool = True, values: Sequence[ValueLayer] = ()) -> Picture:
    """Return the map of `district`: the quiet ground, its sites, and layers that take values.

    Args:
        district: what is drawn; only its ground is read here.
        name: tells several maps of one page apart.
        sites: whether the page will send sites.
        values: layers coloured later, bottom first.
    """
    ground = _collection(ground_features(district))
    blobs = {blob(ground, ".geojson"): ground}
    west, south, east, north = (float(value) for value in district.boundary.to_crs(4326).total_bounds)
    chart = folium.Map(
        location=[round((south + north) / 2, 6), round((west + east) / 2, 6)], zoom_start=13, tiles=None, prefer_canvas=False,
        zoom_control=False, control_scale=True, zoom_snap=0, zoom_delta=0.5, max_zoom=19, min_zoom=9, wheel_px_per_zoom_level=90,
    )
    chart._id = name  # noqa: SLF001  the id decides the rendered text; Folium has no public way to fix it
    chart.add_child(GroundElement(f"blob/{blob(ground, '.geojson')}"))
    for layer in values:
        content = _collection(_value_features(layer))
        blobs[blob(content, ".geojson")] = content
        chart.add_child(ValuesElement(layer.id, f"blob/{blob(content, '.geojson')}", {"z": layer.z, "style": dict(layer.style) or None, "radius": layer.radius_px, "tip": bool(layer.tips)}))
    if sites:
        chart.add_child(SitesElement())
    script = _script(chart)
    blobs[blob(script, ".js")] = script
    return Picture(
        name=chart.get_name(), script=f"blob/{blob(script, '.js')}", hash=hashlib.sha256(script).hexdigest()[:16],
        bounds=((round(south, 6), round(west, 6)), (round(north, 6), round(east, 6))), blobs=blobs, sketch=district.is_sketch,
    )


def values_address(layer: ValueLayer) -> tuple[str, bytes]:
    """Return address and content of `layer`'s shapes, for a patch that changes the shapes of a mounted map."""
    content = _collection(_value_features(layer))
    return f"blob/{blob(content, '.geojson')}", content


def _script(chart: folium.Map) -> bytes:
    """Return the script that Folium renders for `chart`; it does nothing where its place is gone, as when a visitor has gone on before it came."""
    figure: Any = chart.get_root()
    figure.render()
    return f"if (document.getElementById({json.dumps(chart.get_name())})) {{\n{figure.script.render()}\n}}\n".encode()


def ground_features(district: District) -> Iterator[dict[str, Any]]:
    """Yield the ground as GeoJSON features (WGS-84), bottom first; lines merged by class, which draws five times faster."""
    yield from _surroundings(district)
    for kind, rows in _by_kind(district.water, "kind"):
        lines = rows.geom_type.str.contains("LineString")
        yield from _feature("water", rows[~lines], kind="area")
        yield from _feature("water", rows[lines], kind="line", name=kind)
    for kind in reversed(STREET_CLASSES):
        yield from _feature("street", district.streets[district.streets["class"] == kind], kind=kind, tolerance_m=_STREET_TOLERANCE_M)
    yield from _feature("rail", district.rail)
    yield from _feature("boundary", district.boundary.set_geometry(district.boundary.boundary), merge=False)
    yield from _labels(district)


def _surroundings(district: District) -> Iterator[dict[str, Any]]:
    """Yield the neighbours near the district, and the district's own area."""
    around = district.neighbours.assign(geometry=district.neighbours.intersection(near(district)))
    yield from _feature("neighbour", around[~around.is_empty], merge=False)
    yield from _feature("district", district.boundary, merge=False)


def _by_kind(frame: gpd.GeoDataFrame, column: str) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    if len(frame):
        yield from ((str(kind), rows) for kind, rows in frame.groupby(column, sort=True))


def _feature(part: str, frame: gpd.GeoDataFrame, *, merge: bool = True, tolerance_m: float = 0.0, **properties: str) -> Iterator[dict[str, Any]]:
    """Yield one feature of everything in `frame`, or none where it is empty."""
    if not len(frame):
        return
    shape = _merged(frame) if merge else frame.geometry.union_all()
    if tolerance_m:
        shape = shape.simplify(tolerance_m)
    moved = gpd.GeoSeries([shape], crs=frame.crs).to_crs(4326).iloc[0]
    if not moved.is_empty:
        yield {"type": "Feature", "properties": {"part": part, **properties}, "geometry": rounded(moved)}


def _merged(frame: gpd.GeoDataFrame) -> BaseGeometry:
    """Return all shapes of `frame` as one: areas united, lines joined end to end without computing their crossings."""
    parts = shapely.get_parts(frame.geometry.to_numpy())
    if set(shapely.get_type_id(parts)) & {shapely.GeometryType.POLYGON}:
        return shapely.union_all(parts)
    return shapely.line_merge(shapely.multilinestrings(parts))


def _labels(district: District) -> Iterator[dict[str, Any]]:
    """Yield the names as point features with the angle they are written at."""
    for name in place_names(district):
        moved = gpd.GeoSeries([name.at], crs=district.metric_crs).to_crs(4326).iloc[0]
        properties = {"part": "label", "kind": name.kind, "zh": name.name.zh, "en": name.name.en, "angle": name.angle, "dot": name.dot, "min_zoom": name.min_zoom}
        yield {"type": "Feature", "properties": properties, "geometry": rounded(moved)}


def _value_features(layer: ValueLayer) -> Iterator[dict[str, Any]]:
    """Yield the shapes of a value layer, numbered in the order of its string."""
    for i, shape in enumerate(layer.frame.geometry.to_crs(4326)):
        tip = {"tip": layer.tips[i]} if layer.tips else {}
        yield {"type": "Feature", "properties": {"i": i, **tip}, "geometry": rounded(shape)}


def _collection(features: Iterator[dict[str, Any]]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def rounded(shape: BaseGeometry, digits: int = _DIGITS) -> dict[str, Any]:
    """Return a WGS-84 shape as a GeoJSON geometry with few decimals.

    >>> rounded(shapely.Point(112.4812345678, 34.7))
    {'type': 'Point', 'coordinates': [112.48123, 34.7]}
    """
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    geometry["coordinates"] = _round(geometry["coordinates"], digits)
    return geometry


def _round(value: Any, digits: int) -> Any:
    return round(value, digits) if isinstance(value, float | int) else [_round(inner, digits) for inner in value]


def watermark(picture: Picture) -> Text | None:
    """Return the word that belongs into a sketch's picture."""
    return WATERMARK if picture.sketch else None
