"""The form every format fills in, and what each file says about itself beside its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geodata.district import Source
from layers import Lang, Text

DEMO_WORD: Final = "示意"
"""Stands in the name of every file, layer and sheet that holds demo sites, in both languages."""


@dataclass(frozen=True)
class Meta:
    """What a file says about itself.

    Attributes:
        title: what it holds.
        district: whose it is.
        query: what was asked, each parameter under its command-line name; empty ones left out.
        method: how the rows came about, one sentence each.
        sources: where the data comes from.
        document: title, publisher, date and sha256 of the report, as in `District.document`.
        data_hash: `District.stamp`; equal hashes are equal data.
        made_at: when the file was made, with time zone.
        notes: what a reader must not overlook (a demonstration says so here).
    """

    title: Text
    district: Text
    query: Mapping[str, str]
    method: tuple[Text, ...]
    sources: tuple[Source, ...]
    document: Mapping[str, str]
    data_hash: str
    made_at: datetime
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows that stay together in a file: a sheet of a workbook, layers of a GeoPackage, or a file of their own.

    Attributes:
        key: ASCII name.
        name: what it is called.
        frame: the rows; with geometry in any CRS that is set, or without.
        demo: whether these are demo sites.
        by_layer: whether a GeoPackage gives each layer a table of its own, where the rows say whose they are.
        forms: number formats of a workbook by column, as `0.0%`.
        wrap: whether long texts of a workbook run over several lines.
    """

    key: str
    name: Text
    frame: pd.DataFrame | gpd.GeoDataFrame
    demo: bool = False
    by_layer: bool = True
    forms: Mapping[str, str] = field(default_factory=dict)
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """One format a download can have.

    Attributes:
        key: the file's own name; the value of `--format`.
        suffix: with its dot.
        mime: media type.
        name: what it is called in a menu, with what it is good for.
        render: tables, what they say about themselves, language and EPSG number (None: WGS-84) → the file's bytes.
            The same arguments give the same bytes.
        tables: whether one file holds several tables; else demo sites get a file of their own.
        wgs84_only: whether the format allows no other datum.
    """

    key: str
    suffix: str
    mime: str
    name: Text
    render: Callable[[Sequence[Table], Meta, Lang, int | None], bytes]
    tables: bool = False
    wgs84_only: bool = False


Json = dict[str, Any]
