"""One district: its frames and its street network, never changed in place.

Every frame inside is in the district's metric CRS (EPSG:32649 for Chanhe); files and downloads are WGS-84. The gate
between them is `geodata.crs`, and only `packs`, `importing` and `exports` pass through it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import geopandas as gpd
import pandas as pd

from geodata.network import Network, build_network
from layers import Text

Ground = Literal["sketch", "real"]
DemandUnit = Literal["people", "buildings", "street_metres"]

SITE_COLUMNS: tuple[str, ...] = (
    "id", "layer", "commitment", "origin", "name_zh", "name_en", "amount", "capacity", "status", "status_as_of",
    "year", "location_class", "uncertainty_m", "place_hint_zh", "place_hint_en", "basis_zh", "basis_en",
    "source_zh", "source_en", "document", "updated_at", "updated_by",
)
"""Columns of `District.sites` besides `geometry`; the same names stand in every file and download."""

ORIGINS = ("programme", "existing")
STATUSES = ("planned", "under_construction", "done")
LOCATED_CLASSES = ("surveyed", "address", "street", "area")
LOCATION_CLASSES = (*LOCATED_CLASSES, "proposed", "unlocated", "stand_in")
STREET_CLASSES = ("trunk", "primary", "secondary", "tertiary", "residential", "lane", "path")
"""From the widest to the narrowest; the first five carry vehicles, a lane is an alley, a path is for feet alone."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where one part of a district comes from.

    Attributes:
        part: `boundary`, `streets`, `people`, `water`, `rail`, `places`, `areas`, `sites` or `ledger`.
        title: what it is called.
        licence: its licence, or how it may be used.
        date: the date of the data, ISO 8601, or empty where unknown.
        sure: how sure it is, in words, or None where there is nothing to add.
    """

    part: str
    title: Text
    licence: str = ""
    date: str = ""
    sure: Text | None = None


@dataclass(frozen=True)
class District:
    """The frames and the network of one place.

    Attributes:
        id: short ASCII name (`chanhe`).
        name: what it is called.
        metric_crs: `EPSG:n` of every frame here.
        boundary: one row, polygon; `area_km2` computed, with `source`.
        neighbours: polygons of the districts around, `name_zh`, `name_en`.
        streets: one row an edge, LineString split at junctions: `edge_id` (int), `class` (STREET_CLASSES), `name_zh`,
            `name_en` (empty where nameless), `vehicle` (bool), `u`, `v` (node ids, int; optional, else joined by
            equal end points).
        water: polygons or lines, `kind`. A barrier to access legs.
        rail: lines, `name_zh`, `name_en`. A barrier to access legs.
        gaps: the sketch's own missing links 示意断头路 A/B/C: `id`, `name_zh`, `name_en`, LineString; empty on real streets.
        demand: one row a demand point: `demand_id` (str), `people` (float, in `demand_unit`), point.
        areas: polygons of 街道 or 社区: `area_id`, `name_zh`, `name_en`; may be empty.
        labels: places whose position can be defended: `id`, `name_zh`, `name_en`, `kind`, `uncertainty_m`, `basis_zh`, `basis_en`; points or lines.
        sites: one row a site, columns SITE_COLUMNS; geometry may be None.
        ledger: one row a commitment, columns of `geodata.ledger.COMMITMENT_COLUMNS`.
        streets_kind: whose streets: the sketch's or real ones.
        people_kind: whose people, likewise.
        demand_unit: what `demand.people` counts.
        cell_m: side of the population squares in metres, 0 where demand is points.
        document: title, publisher, date and sha256 of the report the ledger quotes.
        sources: where each part comes from.
        stamp: hash of everything read; equal stamps are equal districts.
        base: the district before, where a scenario changed this one; its streets then carry `base_edge` and
            `base_from_m` (see `geodata.network.Descent`).
        changes: what that scenario changed, in order.
        approval: the review number (审图号) the pack says its maps have, or empty.
        grade: the security grade the pack says its maps have, or empty.
    """

    id: str
    name: Text
    metric_crs: str
    boundary: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    rail: gpd.GeoDataFrame
    gaps: gpd.GeoDataFrame
    demand: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    labels: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    ledger: pd.DataFrame
    streets_kind: Ground
    people_kind: Ground
    demand_unit: DemandUnit
    cell_m: float
    document: dict[str, str]
    sources: tuple[Source, ...]
    stamp: str
    base: "District | None" = None
    changes: tuple[object, ...] = ()
    approval: str = ""
    grade: str = ""

    @property
    def is_sketch(self) -> bool:
        """Whether an answer drawn from this ground is a demonstration: its streets or its people are sketched."""
        return "sketch" in {self.streets_kind, self.people_kind}

    @cached_property
    def network(self) -> Network:
        """The walking network of `streets`; built at the first use and kept."""
        return build_network(self.streets, base=None if self.base is None else self.base.network)
