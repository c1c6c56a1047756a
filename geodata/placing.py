"""Placing one site by hand, and taking it back: what a click or typed coordinates may claim on this ground."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.checks import ROW, check_inside, errors_of
from geodata.crs import WGS84, Datum, parse_datum, point_to_wgs84
from geodata.district import LOCATED_CLASSES, District
from geodata.errors import BadInput, Unknown
from layers import Text

How = Literal["click", "typed", "file"]

CLASS_LIMITS_M: Final[Mapping[str, float]] = {"surveyed": 10.0, "address": 100.0, "street": 2_000.0, "area": 2_000.0}
"""The largest uncertainty each location class may carry, metres."""
CLASS_NAMES: Final[Mapping[str, Text]] = {
    "surveyed": Text("实测位置", "Surveyed"), "address": Text("按地址落位", "By address"), "street": Text("在所名道路上", "On the named street"), "area": Text("大致范围", "Approximate area"),
}
"""What the location classes are called: the same on every page."""
SKETCH_CLICK_M: Final = 500.0
"""A click on sketched streets is never surer than this, metres."""
SKETCH_WARNING: Final = Text("路网为示意，点击不能定位。", "The streets are a sketch: a click cannot locate anything on them.")
_POSITION_ZH: Final = "；位置："
_POSITION_EN: Final = "; position: "
_BEFORE_ZH: Final = "落位前所知："
_BEFORE_EN: Final = "Known before it was located: "
_HOW: Final[Mapping[str, Text]] = {
    "click": Text("在地图上点选", "clicked on the map"), "typed": Text("输入坐标，{datum}", "typed coordinates, {datum}"),
    "file": Text("文件导入", "from a file"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a placing may claim.

    Attributes:
        classes: location classes it may choose from, surest first.
        least_m: the smallest uncertainty it may state, metres.
        default_class: the class to offer first.
        default_m: the uncertainty to offer first, metres.
        warning: what the planner must be told, or None.
    """

    classes: tuple[str, ...]
    least_m: float
    default_class: str
    default_m: float
    warning: Text | None = None


def placing_limits(district: District, how: How, *, on_basemap: bool = False) -> Limits:
    """Return what a placing may claim: on the sketch, without an online basemap in view, a click gives an area at best."""
    if how == "click" and district.streets_kind == "sketch" and not on_basemap:
        return Limits(("area",), SKETCH_CLICK_M, "area", SKETCH_CLICK_M, SKETCH_WARNING)
    return Limits(LOCATED_CLASSES, 1.0, "address", CLASS_LIMITS_M["address"])


def place_site(
    district: District, site_id: str, *, lon: float, lat: float, datum: Datum | str = "wgs84", how: How,
    location_class: str | None = None, uncertainty_m: float | None = None, basis: str, on_basemap: bool = False,
    amount: float | None = None, updated_by: str = "",
) -> gpd.GeoDataFrame:
    """Return the district's sites with one of them placed; `packs.write_sites` keeps them.

    Args:
        district: the district as it stands.
        site_id: the site to place, or to move.
        lon: longitude (or easting) in `datum`.
        lat: latitude (or northing) in `datum`.
        datum: what the numbers mean; a click on our map is WGS-84.
        how: by a click, by typed coordinates, or from a file.
        location_class: one of LOCATED_CLASSES; None takes the default of `placing_limits`.
        uncertainty_m: metres; None takes that default.
        basis: what the position rests on; required.
        on_basemap: whether an online basemap was in view.
        amount: how much of the site's amount stands here (of 200 charging piles, say); None means all of it.
        updated_by: who placed it.

    Raises:
        Unknown: no site of that id.
        BadInput: no basis, a class or uncertainty that cannot be claimed, or a place that is not in the district.
    """
    at = _find(district, site_id)
    limits = placing_limits(district, how, on_basemap=on_basemap)
    chosen, metres = location_class or limits.default_class, limits.default_m if uncertainty_m is None else float(uncertainty_m)
    check_claim(chosen, metres, limits)
    if not basis.strip():
        raise BadInput(Text("请填写依据（如现场踏勘、批文号）。", "State what the position rests on (a site visit, a permit number)."))
    known = parse_datum(datum) if isinstance(datum, str) else datum
    place = _place(district, lon, lat, known)
    sites, at = _part(district.sites, at, amount)
    where = _HOW[how].format(datum=known.key if known.epsg else known.name)
    changes = {
        "location_class": chosen, "uncertainty_m": metres, "basis_zh": basis.strip(), "basis_en": basis.strip(),
        "source_zh": f"{str(sites.at[at, 'source_zh']).split(_POSITION_ZH, maxsplit=1)[0]}{_POSITION_ZH}{where.zh}",
        "source_en": f"{str(sites.at[at, 'source_en']).split(_POSITION_EN, maxsplit=1)[0]}{_POSITION_EN}{where.en}",
        "updated_at": now(), "updated_by": updated_by, **hints_of_a_located(sites.loc[at]),
    }
    return changed(sites, at, changes, place)


def hints_of_a_located(site: Mapping[str, Any]) -> dict[str, str]:
    """Return a site's place hints as they read once it is located: as what was known before, never against its position."""
    told = {}
    for name, mark in (("place_hint_zh", _BEFORE_ZH), ("place_hint_en", _BEFORE_EN)):
        hint = site[name] if isinstance(site[name], str) else ""
        told[name] = hint if not hint or hint.startswith(mark) else mark + hint
    return told


def unplace_site(district: District, site_id: str, *, updated_by: str = "") -> gpd.GeoDataFrame:
    """Return the district's sites with one of them unlocated again; what is known of its place stays in the hint.

    Raises:
        Unknown: no site of that id.
    """
    at = _find(district, site_id)
    sites = district.sites
    changes = {
        "location_class": "unlocated", "uncertainty_m": np.nan, "basis_zh": "", "basis_en": "",
        "source_zh": str(sites.at[at, "source_zh"]).split(_POSITION_ZH, maxsplit=1)[0],
        "source_en": str(sites.at[at, "source_en"]).split(_POSITION_EN, maxsplit=1)[0],
        "place_hint_zh": str(sites.at[at, "place_hint_zh"]).removeprefix(_BEFORE_ZH), "place_hint_en": str(sites.at[at, "place_hint_en"]).removeprefix(_BEFORE_EN),
        "updated_at": now(), "updated_by": updated_by,
    }
    return changed(sites, at, changes, None)


def was_clicked(site: Mapping[str, Any]) -> bool:
    """Return whether a located site's position is a click on the map: moving it by a form makes it no surer."""
    return str(site["source_zh"]).endswith(f"{_POSITION_ZH}{_HOW['click'].zh}")


def check_claim(location_class: str, uncertainty_m: float, limits: Limits) -> None:
    """Raise BadInput where a class or an uncertainty cannot be claimed, saying what can."""
    if location_class not in LOCATED_CLASSES:
        raise BadInput(Text(f"定位类别 {location_class!r} 不可用。可用：{'、'.join(CLASS_NAMES[name].zh for name in limits.classes)}。",
                            f"Location class {location_class!r} cannot be used. Use one of {', '.join(CLASS_NAMES[name].en for name in limits.classes)}."))
    if location_class not in limits.classes or uncertainty_m < limits.least_m:
        raise BadInput(Text("{warning}最多可定为“大致范围”，误差不小于 {m:,.0f} 米；更准的类别需输入坐标、导入文件、真实路网或在线底图。",
                            "{warning} It can be \"Approximate area\" at best, with an uncertainty of at least {m:,.0f} m; surer classes need typed coordinates, a file, real streets or an online basemap.").format(
                                warning=limits.warning or Text("误差过小。", "The uncertainty is too small."), m=limits.least_m))
    most = CLASS_LIMITS_M[location_class]
    if not uncertainty_m <= most:
        raise BadInput(Text(f"“{CLASS_NAMES[location_class].zh}”的误差不超过 {most:,.0f} 米，所填为 {uncertainty_m:,.0f} 米。请改类别或误差。",
                            f"\"{CLASS_NAMES[location_class].en}\" allows an uncertainty of at most {most:,.0f} m; {uncertainty_m:,.0f} m was given. Change the class or the uncertainty."))


def changed(sites: gpd.GeoDataFrame, at: Any, values: Mapping[str, object], place: Any) -> gpd.GeoDataFrame:
    """Return a copy of `sites` with one row's values and geometry changed."""
    new = sites.copy()
    for name, value in values.items():
        new.at[at, name] = value
    shapes = new.geometry.to_numpy().copy()
    shapes[new.index.get_loc(at)] = place
    return new.set_geometry(gpd.GeoSeries(shapes, index=new.index, crs=sites.crs))


def next_id(sites: pd.DataFrame, stem: str) -> str:
    """Return the first id `stem-nn` above those in use."""
    used = sites["id"].str.extract(rf"^{stem}-(\d+)$", expand=False).dropna().astype(int)
    return f"{stem}-{int(used.max() if len(used) else 0) + 1:02d}"


def now() -> str:
    """Return this moment in UTC, ISO 8601 with milliseconds: later text is a later moment."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _find(district: District, site_id: str) -> Any:
    """Return the row label of a site."""
    found = district.sites.index[district.sites["id"] == site_id]
    if len(found) == 0:
        raise Unknown(Text(f"没有编号为 {site_id} 的项目（示意点不对应任何项目，不能落位）。",
                           f"There is no site {site_id} (demo sites stand for no project and cannot be placed)."))
    return found[0]


def _place(district: District, lon: float, lat: float, datum: Datum) -> Any:
    """Return the point in the district's metric CRS."""
    x, y = point_to_wgs84(lon, lat, datum)
    if not (np.isfinite([x, y]).all() and abs(x) <= 180 and abs(y) <= 90):
        raise BadInput(Text("坐标 {at} 不是“{datum}”的坐标。请先填经度（东坐标）后填纬度（北坐标），或改选坐标系。",
                            "{at} are no coordinates of {datum}. Give longitude (easting) before latitude (northing), or choose another datum.").format(
                                at=f"{lon:.10g}, {lat:.10g}", datum=datum.key if datum.epsg else datum.name))
    frame = gpd.GeoDataFrame({ROW: [1]}, geometry=gpd.points_from_xy([x], [y]), crs=WGS84)
    for problem in errors_of(check_inside(frame, district.boundary)):
        raise BadInput(Text("{a}{b}", "{a} {b}").format(a=problem.message, b=problem.remedy))
    return frame.to_crs(district.metric_crs).geometry.iloc[0]


def _part(sites: gpd.GeoDataFrame, at: Any, amount: float | None) -> tuple[gpd.GeoDataFrame, Any]:
    """Return the sites with a part of one split off to be placed, and that part's label; all of it where no part is named."""
    whole = float(sites.at[at, "amount"])
    if amount is None or amount == whole:
        return sites, at
    if not 0 < amount < whole:
        raise BadInput(Text(f"数量应大于 0 且不超过 {whole:g}。", f"The amount must be above 0 and at most {whole:g}."))
    part = sites.loc[[at]].assign(id=next_id(sites, str(sites.at[at, "commitment"] or sites.at[at, "id"])), amount=float(amount))
    rest = changed(sites, at, {"amount": whole - amount, "updated_at": now()}, sites.geometry.loc[at])
    both = gpd.GeoDataFrame(pd.concat([rest, part], ignore_index=True), crs=sites.crs)
    return both, both.index[-1]
