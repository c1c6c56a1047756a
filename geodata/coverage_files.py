"""What is handed over of a coverage answer, from a page and from the command line alike: rows, walks, service areas, the document."""

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geodata.answer_json import Json, document_of, records_of, sources_of
from geodata.district import District
from geodata.positions import what_it_holds
from geodata.report import Coverage
from layers import Text

WALK_METHOD: Final = (
    Text("步行距离 = 到街道的直线段（上限见 access）+ 沿街道的长度；在街道上的真实位置进出，不取最近的路口；不横穿铁路、水面。",
         "Walk = straight leg to the streets (limit: access) + length along them; entered and left at the true point on the street, never moved to a junction; legs never cross rail or water."),
    Text("reachable 为 false 表示走不到，walk_m 为空；off_network 表示离街道超过上限。", "reachable is false and walk_m empty where no way leads; off_network: further from the streets than the limit."),
    Text("问多个图层时，步行距离到其中最近的一处，nearest_site_id 写明是哪一处。", "Where several layers are asked, the walk is to the nearest site of all; nearest_site_id says which."),
)
AREA_METHOD: Final = (
    Text("每一环为沿街道走到设施的距离在 from_m 与 to_m 之间的街段，各向两侧扩 strip_m；people 按每个需求点自身的步行距离计，不按面积切分。",
         "Each band holds the stretches of street whose walk to a site lies between from_m and to_m, widened by strip_m on both sides; column people: each demand point counts by its own walk, not by the polygon."),
)
WALKS_TITLE: Final = Text("到最近设施的步行距离", "Walks to the nearest site")
AREAS_TITLE: Final = Text("步行服务范围", "Service areas on foot")
_BESIDE: Final = ("supply", "alleys", "newly")
_SPREAD: Final = ("covered_people", "covered_share", "straight_line_share", "unreachable_people")
_WALKS: Final = ("p10", "p25", "p50", "p75", "p90")


def quantile_column(name: str, quantile: str) -> str:
    """Return the column of a quantile of the walk.

    >>> quantile_column("walk_m", "p50"), quantile_column("walk_m_before", "p50")
    ('walk_p50_m', 'walk_p50_m_before')
    """
    return f"walk_{quantile}_m{name.removeprefix('walk_m')}"


def flat_rows(answer: Coverage) -> pd.DataFrame:
    """Return the rows as a plain table: `walk_m` and `range` become columns `walk_p10_m`, `covered_share_p5` and so on."""
    rows = []
    for row in answer.rows.to_dict("records"):
        plain = {name: value for name, value in row.items() if name not in {"walk_m", "range"}}
        walk, spread = row["walk_m"] or {}, row["range"] or {}
        plain |= {quantile_column("walk_m", name): walk.get(name) for name in _WALKS}
        for name in _SPREAD:
            plain |= dict(zip((f"{name}_p5", f"{name}_p95"), spread.get(name) or (None, None), strict=True))
        for name in _WALKS:
            plain |= dict(zip((f"walk_{name}_m_p5", f"walk_{name}_m_p95"), (spread.get("walk_m") or {}).get(name) or (None, None), strict=True))
        rows.append(plain)
    return pd.DataFrame(rows)


def walk_table(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return walks as a file holds them: degrees to about a centimetre, metres to a millimetre; `attrs` stay."""
    digits = {"lon": 7, "lat": 7, "walk_m": 3, "straight_m": 3}
    return _rounded(found, digits)


def area_table(bands: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return service areas as a file holds them: lengths and areas to a tenth; `attrs` stay."""
    return _rounded(bands, {"street_m": 1, "area_m2": 1})


def coverage_document(district: District, answer: Coverage, positions: pd.DataFrame, *, data_hashes: Mapping[str, str], more: Mapping[str, object] | None = None) -> Json:
    """Return a whole answer as one JSON document, the names of `coverage --json`.

    Args:
        district: where.
        answer: what was answered.
        positions: `positions.position_ranges` of its rows.
        data_hashes: of the data it was worked out from.
        more: what else was asked, beside the question itself.
    """
    rows = [{**row, "positions": interval_of(ends)} for row, ends in zip(records_of(answer.rows), records_of(positions), strict=True)]
    method = [*answer.method, *([what_it_holds(answer.question)] if any(row["positions"] for row in rows) else [])]
    counted = ",".join(dict.fromkeys(str(row["counted"]) for row in rows))
    beside: dict[str, Any] = {name: records_of(getattr(answer, name)) for name in _BESIDE}
    return document_of(
        rows, parameters={**(more or {}), **answer.question.parameters(), "counted": counted}, sources=sources_of(district), data_hashes=data_hashes,
        demonstration=answer.demonstration, heading=answer.heading, sentences=answer.sentences, by_area=records_of(answer.by_area), **beside,
        access=answer.access.to_dict(), method=method, assumptions=answer.assumptions)


def interval_of(ends: Mapping[str, Any]) -> Json | None:
    """Return what the positions leave open of a row, a row of `positions.position_ranges`; None where nothing moves."""
    if pd.isna(ends["low"]):
        return None
    return {"covered_share": [ends["low"], ends["high"]], **{name: ends[name] for name in ("median", "above", "below", "draws")}}


def _rounded(frame: gpd.GeoDataFrame, digits: Mapping[str, int]) -> gpd.GeoDataFrame:
    told = frame.assign(**{name: frame[name].round(places) for name, places in digits.items()})
    told.attrs = dict(frame.attrs)
    return told
