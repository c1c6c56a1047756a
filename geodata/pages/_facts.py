"""What the explore page shows, as one document that browsers keep: layers, sites, commitments, figures."""

import json
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.district import LOCATION_CLASSES, ORIGINS, STATUSES, District
from geodata.drawing import blob, rounded
from geodata.exports import site_kinds, site_texts
from geodata.ledger import GROUPS, UNITS, programme_counts, strip_sentence
from geodata.placing import was_clicked
from geodata.plates import middle
from geodata.standins import GAP_LAYER
from layers import Layer, Text, every_layer

YEAR: Final = 2022
"""The year whose promises the strip counts."""
_SITE_FIELDS: Final = (
    "id", "layer", "commitment", "origin", "name_zh", "name_en", "amount", "capacity", "status", "status_as_of", "year",
    "location_class", "uncertainty_m", "place_hint_zh", "place_hint_en", "basis_zh", "basis_en", "source_zh", "source_en",
    "document", "updated_at", "updated_by",
)
_WHOLE: Final = frozenset({"year", "amount", "capacity", "uncertainty_m"})


def facts(district: District, stand_ins: gpd.GeoDataFrame | None, *, draw: int) -> tuple[str, bytes]:
    """Return name and content of the document.

    Args:
        district: whose sites and ledger.
        stand_ins: the demo sites drawn beside them, or None.
        draw: number of the draw they come from.
    """
    frames = [district.sites] if stand_ins is None or stand_ins.empty else [district.sites, stand_ins]
    known = every_layer()
    counted = counted_commitments(district.ledger)
    sites = [site for frame in frames for site in _sites(frame, counted, site_texts(district, frame)) if site["layer"] in known]
    counts = programme_counts(district.ledger, district.sites, YEAR)
    document = {
        "year": YEAR,
        "draw": draw,
        "layers": [_layer(layer) for layer in known.values()],
        "sites": sites,
        "commitments": _commitments(district.ledger, {site.get("commitment") for site in sites}),
        "kinds": {key: _both(name) for key, name in site_kinds(district.ledger).items()},
        "groups": {key: _both(name) for key, name in GROUPS.items()},
        "orders": {"status": STATUSES, "class": LOCATION_CLASSES, "origin": ORIGINS, "group": list(GROUPS)},
        "places": _places(district.labels),
        "strip": {
            "sentence": _both(strip_sentence(counts, demo_sites=len(frames) > 1)),
            "promised": counts.promised, "located": counts.located, "proposed": counts.proposed,
            "unlocated": counts.unlocated, "named": counts.named_beside,
        },
    }
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")
    return blob(content, ".json"), content


def counted_commitments(ledger: pd.DataFrame) -> set[str]:
    """Return the ids of the commitments whose places the strip counts."""
    ours = (ledger["unit_is_place"] & (ledger["kind"] == "target") & ledger["quantity"].notna() & (ledger["layer"] != "")
            & (ledger["year"] == YEAR).fillna(value=False).astype(bool))
    return set(ledger.loc[ours & (ledger["of"] == "") & (ledger["part_of"] == ""), "id"])


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _layer(layer: Layer) -> dict[str, Any]:
    standard = layer.standard
    held = standard and Text(f"服务标准：{standard.metres:,.0f} 米；{standard.source.zh} {standard.certainty}",
                             f"Standard: {standard.metres:,.0f} m; {standard.source.en} {standard.certainty}")
    return {
        "key": layer.key, "name": _both(layer.name), "one": _both(layer.one), "legend": _both(layer.legend), "order": layer.order,
        "style": {"colour": layer.style.colour, "shape": layer.style.shape, "letter": layer.style.letter}, "popup": list(layer.popup),
        "opening": layer.opening, "drawn": layer.key != GAP_LAYER, "standard": _both(held) if held else None,
        "held_by": _both(layer.held_by) if layer.held_by else None,
    }


def _sites(frame: gpd.GeoDataFrame, counted: set[str], texts: "pd.Series[str]") -> list[dict[str, Any]]:
    """Return each site as a plain record; what is empty is left out."""
    shapes = frame.geometry.to_crs(4326)
    points = _label_points(frame).to_crs(4326)
    records = []
    for row, shape, point, text in zip(frame[list(_SITE_FIELDS)].to_dict("records"), shapes, points, texts, strict=True):
        record = {name: _plain(name, value) for name, value in row.items()}
        site = {name: value for name, value in record.items() if value not in {None, ""}}
        site["find"] = text  # the very words a download searches, so that both show the same
        if row["commitment"] in counted:
            site["counted"] = 1
        if was_clicked(row):
            site["clicked"] = 1
        if shape is not None and not shape.is_empty:
            site["geometry"] = rounded(shape, 6)
            site["at"] = [round(point.x, 6), round(point.y, 6)]
        records.append(site)
    return records


def _plain(name: str, value: Any) -> Any:
    """Return a cell as JSON takes it."""
    if value is None or value is pd.NA or (isinstance(value, float | np.floating) and not np.isfinite(value)):
        return None
    if name in _WHOLE:
        return int(value) if float(value).is_integer() else float(value)
    return str(value)


def _label_points(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return where each site's symbol stands: the point, the middle of the line, a point inside the area."""
    return gpd.GeoSeries([shape if shape is None or shape.is_empty else middle(shape) for shape in frame.geometry], index=frame.index, crs=frame.crs)


def _commitments(ledger: pd.DataFrame, used: set[str | None]) -> dict[str, dict[str, Any]]:
    """Return the commitments that sites stand for, and those that say the same."""
    twice = ledger[ledger["same_as"].isin(used)]
    kept = ledger[ledger["id"].isin(used) | ledger["id"].isin(twice["id"])]
    other = dict(zip(twice["same_as"], twice["id"], strict=True)) | dict(zip(twice["id"], twice["same_as"], strict=True))
    found: dict[str, dict[str, Any]] = {}
    for row in kept.to_dict("records"):
        unit = UNITS.get(row["unit"], Text(row["unit"], row["unit"]))
        found[str(row["id"])] = {
            "zh": row["zh"], "en": row["en"], "group": row["group"], "quote": row["quote"], "section": row["section"],
            "unit": _both(unit), "same_as": other.get(row["id"]),
        }
    return found


def _places(labels: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return the named places a search can find."""
    points = _label_points(labels).to_crs(4326)
    return [{"zh": zh, "en": en, "at": [round(point.x, 6), round(point.y, 6)]}
            for zh, en, point in zip(labels["name_zh"], labels["name_en"], points, strict=True)]

