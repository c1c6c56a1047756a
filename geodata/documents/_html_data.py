"""What the maps of an HTML file draw, as compact data: the ground once, equal shapes once, each site once.

Coordinates are whole numbers of 0.00001° (about a metre), each as its step from the one before: a third of the size of
GeoJSON. The browser puts them together again (`slides/given.js`).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.deck import Deck, MapPicture, Shapes
from geodata.district import District
from geodata.documents._cells import line, said
from geodata.drawing import ground_features, rounded
from geodata.plate_symbols import REHEARSAL
from geodata.selecting import shown_name, site_kinds
from layers import Text, every_layer

_STEPS: Final = 100_000
_CLASSES: Final[Mapping[str, Text]] = {
    "surveyed": Text("实测", "Surveyed"), "address": Text("按地址落位", "By address"), "street": Text("在所名道路上", "On the named street"),
    "area": Text("大致范围", "Approximate area"), "proposed": Text("建议位置，尚未确定", "Proposed, not decided"),
    REHEARSAL: Text("演练点：在示意路网上求解，不能据此选址", "Rehearsal site: sited on sketched streets, nothing can be sited by it"),
    "stand_in": Text("示意点：随机抽取，不代表选址，不计入任何数字", "Demo site: drawn at random, not a chosen place, never counted"),
}
_STATUS: Final[Mapping[str, Text]] = {"planned": Text("计划", "Planned"), "under_construction": Text("在建", "Under construction"), "done": Text("建成", "Done")}
_FIELDS: Final[Mapping[str, Text]] = {
    "location_class": Text("位置", "Position"), "status": Text("状态", "Status"), "year": Text("年份", "Year"), "capacity": Text("规模", "Capacity"),
    "place_hint": Text("位置线索", "Known of the place"), "basis": Text("依据", "Basis"), "source": Text("来源", "Source"), "document": Text("文件", "Document"),
}


def map_data(deck: Deck, district: District) -> dict[str, Any]:
    """Return what the file's script reads: ground, layers, sites, shapes, and what each slide's map shows of them."""
    store = _Store(district)
    slides = [None if slide.map is None else store.picture(slide.map) for slide in deck.slides]
    ground = [{**feature, "geometry": packed(feature["geometry"])} for feature in ground_features(district)] if any(slides) else []
    used = {site["layer"] for site in store.sites}
    layers = {key: {"key": key, "order": layer.order, "name": _both(layer.name), "style": {"colour": layer.style.colour, "shape": layer.style.shape, "letter": layer.style.letter}}
              for key, layer in every_layer().items() if key in used}
    return {"ground": ground, "layers": layers, "sites": store.sites, "shapes": store.shapes, "maps": slides, "whole": store.whole}


def as_script(data: Mapping[str, Any]) -> str:
    """Return data as the text of a JSON script element, from which no text inside can break out."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def packed(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a WGS-84 GeoJSON geometry with every run of positions as steps; a point as it is.

    >>> packed({"type": "LineString", "coordinates": [[112.5, 34.7], [112.50001, 34.69998]]})
    {'type': 'LineString', 'coordinates': [11250000, 3470000, 1, -2]}
    """
    if geometry["type"] in {"Point", "MultiPoint"}:
        return dict(geometry)
    return {"type": geometry["type"], "coordinates": _packed(geometry["coordinates"])}


def _packed(part: Any) -> Any:
    if not part or not isinstance(part[0][0], float | int):
        return [_packed(inner) for inner in part]
    steps: list[int] = []
    x = y = 0
    for lng, lat in part:
        east, north = round(lng * _STEPS), round(lat * _STEPS)
        steps += [east - x, north - y]
        x, y = east, north
    return steps


def _both(text: Text) -> dict[str, str]:
    return {"zh": said(text, "zh"), "en": said(text, "en")}


class _Store:
    """Sites and shapes of all slides, each once.

    Attributes:
        sites: what the popups and symbols read.
        shapes: geometries by a hash of them.
        whole: south-west and north-east corner of the district, latitude first.
    """

    def __init__(self, district: District) -> None:
        self._district = district
        self._kinds = site_kinds(district.ledger) if len(district.ledger) else {}
        self._places: dict[str, int] = {}
        self.sites: list[dict[str, Any]] = []
        self.shapes: dict[str, list[dict[str, Any]]] = {}
        self.whole = self._corners(tuple(float(v) for v in district.boundary.total_bounds))

    def picture(self, picture: MapPicture) -> dict[str, Any]:
        """Return what one map shows."""
        return {"sites": self._sites(picture.sites), "shapes": [self._shapes(shapes) for shapes in picture.shapes if len(shapes.frame)],
                "bounds": self._corners(picture.bounds) if picture.bounds else self.whole, "sketch": picture.sketch, "faded": dict(picture.faded)}

    def _corners(self, bounds: tuple[float, ...]) -> list[list[float]]:
        west, south, east, north = gpd.GeoSeries([shapely.box(*bounds)], crs=self._district.metric_crs).to_crs(4326).total_bounds
        return [[round(float(south), 5), round(float(west), 5)], [round(float(north), 5), round(float(east), 5)]]

    def _sites(self, frame: gpd.GeoDataFrame) -> list[int]:
        """Return the numbers of the sites that have a place."""
        drawn = frame[frame.geometry.notna() & ~frame.geometry.is_empty & frame["layer"].isin(every_layer())]
        if not len(drawn):
            return []
        shapes = drawn.geometry.to_crs(4326)
        points = drawn.geometry.apply(_middle).set_crs(drawn.crs, allow_override=True).to_crs(4326)
        found = []
        for row, shape, point in zip(drawn.drop(columns="geometry").to_dict("records"), shapes, points, strict=True):
            site = self._site({str(name): value for name, value in row.items()}, rounded(shape), [round(point.x, 5), round(point.y, 5)])
            mark = json.dumps(site, ensure_ascii=False, sort_keys=True)
            if mark not in self._places:
                self._places[mark] = len(self.sites)
                self.sites.append({"id": f"{len(self.sites)}", **site})
            found.append(self._places[mark])
        return found

    def _site(self, row: dict[str, Any], geometry: dict[str, Any], at: list[float]) -> dict[str, Any]:
        doubt = row["uncertainty_m"]
        return {"layer": row["layer"], "location_class": row["location_class"], "uncertainty_m": round(float(doubt), 1) if pd.notna(doubt) else 0,
                "at": at, "geometry": geometry, "name": _both(shown_name(row, self._kinds.get(str(row["commitment"])))), "says": list(_says(row))}

    def _shapes(self, shapes: Shapes) -> dict[str, Any]:
        mark = hashlib.sha256(b"".join(shapely.to_wkb(shapes.frame.geometry.to_numpy()))).hexdigest()[:16]
        if mark not in self.shapes:
            self.shapes[mark] = [packed(rounded(shape)) for shape in shapes.frame.geometry.to_crs(4326)]
        paints = [f"{colour}|{opacity:.3g}" for colour, opacity in zip(shapes.colours, shapes.opacities, strict=True)]
        palette = list(dict.fromkeys(paints))
        numbers = {paint: number for number, paint in enumerate(palette)}
        return {"of": mark, "paints": [_paint(paint) for paint in palette], "by": [numbers[paint] for paint in paints],
                "filled": shapes.filled, "width": round(shapes.width_pt * 4 / 3, 2), "dashed": shapes.dashed,
                "names": [None if name is None else _both(name) for name in shapes.names]}


def _paint(paint: str) -> list[Any]:
    colour, opacity = paint.split("|")
    return [colour, float(opacity)]


def _middle(shape: shapely.Geometry) -> shapely.Point:
    """Return where a site's symbol stands: half way along a line, inside an area."""
    if shape.geom_type == "Point":
        return shape
    if "Line" in shape.geom_type:
        longest = max(shapely.get_parts(shape), key=lambda part: float(part.length))
        return longest.interpolate(0.5, normalized=True)
    return shape.representative_point()


def _says(row: Mapping[str, Any]) -> Iterable[list[dict[str, str]]]:
    """Yield what a popup says of a site, name and value."""
    sure = _CLASSES.get(row["location_class"], Text(str(row["location_class"]), str(row["location_class"])))
    if row["location_class"] == "stand_in":
        yield [_both(_FIELDS["location_class"]), _both(sure)]
        return
    doubt = row["uncertainty_m"]
    beside = f" ±{float(doubt):,.0f} m" if pd.notna(doubt) and float(doubt) > 0 else ""
    yield [_both(_FIELDS["location_class"]), _both(Text(sure.zh + beside, sure.en + beside))]
    state = _STATUS.get(row["status"])
    if state is not None:
        since = line(str(row["status_as_of"] or ""))
        yield [_both(_FIELDS["status"]), _both(Text(f"{state.zh}（截至 {since}）", f"{state.en} (as of {since})") if since else state)]
    for name in ("year", "capacity"):
        if pd.notna(row[name]) and row[name] != "":
            value = f"{float(row[name]):g}"
            yield [_both(_FIELDS[name]), _both(Text(value, value))]
    for name in ("place_hint", "basis", "source"):
        told = Text(str(row[f"{name}_zh"] or ""), str(row[f"{name}_en"] or ""))
        if said(told, "zh"):
            yield [_both(_FIELDS[name]), _both(told)]
    if line(str(row["document"] or "")):
        yield [_both(_FIELDS["document"]), _both(Text(str(row["document"]), str(row["document"])))]
