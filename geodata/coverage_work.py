"""Files of a coverage answer that take a while: tasks for another process, told how far they are and whether to stop."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata.asking.coverage import bands_of, serving_layers
from geodata.coverage_files import area_table
from geodata.district import District
from geodata.errors import ChanheError
from geodata.exports import Meta, as_download, as_files, every_format
from geodata.findings import Asked
from geodata.question import Question
from geodata.reach import Progress
from geodata.report import service_areas
from geodata.standards import standards_of
from layers import Lang, Text, every_layer

STOPPED: Final = Text("已停止，没有生成文件。", "Stopped; no file was made.")
_DRAWING: Final = Text("计算步行服务范围", "Working out service areas")
_WRITING: Final = Text("写文件", "Writing the file")
_MOST: Final = 0.95
"""The share of the time that goes before writing."""


def areas_of(district: District, question: Question, *, stand_ins: bool, progress: Progress | None = None) -> gpd.GeoDataFrame:
    """Return the service areas of every layer, each by its own standard and the living circles beyond it, as a file holds them."""
    keys, found = serving_layers(question), []
    for place, key in enumerate(keys, start=1):
        metres = standards_of(every_layer()[key], question)[0].metres
        found.append(service_areas(district, replace(question, layers=(key,)), bands_of(metres), stand_ins=stand_ins))
        if progress:
            progress(place / len(keys))
    both = gpd.GeoDataFrame(pd.concat(found, ignore_index=True), geometry="geometry", crs=district.metric_crs)
    both.attrs = dict(found[0].attrs)
    return area_table(both)


def areas_file(district: District, asked: Asked, meta: Meta, lang: Lang, stem: str, *,
               progress: Callable[[float, Text], None], stop: Callable[[], bool]) -> bytes:
    """Return the service areas as GeoJSON.

    Args:
        district: where.
        asked: what, and whether demo sites count.
        meta: what the file says of itself.
        lang: its language.
        stem: its name without suffix.
        progress: told the share done and what is being done.
        stop: asked between layers.

    Raises:
        ChanheError: it was stopped.
    """
    def tell(share: float) -> None:
        if stop():
            raise ChanheError(STOPPED)
        progress(_MOST * share, _DRAWING)

    tell(0.0)
    table = areas_of(district, asked.question, stand_ins=asked.stand_ins, progress=tell)
    progress(_MOST, _WRITING)
    form = every_format()["geojson"]
    return as_download(as_files(table, stem, form, meta=meta, lang=lang, key="service_areas", name=meta.title), form)[2]
