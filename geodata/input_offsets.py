"""Whether an office's inputs stand apart from what they belong to: sites, streets, areas and people each held against the rest."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata.crs import WGS84
from geodata.district import District
from geodata.errors import Problem
from geodata.offsets import DatumGuess, datum_problem, guess_by_boundary, guess_by_lines, guess_by_names
from layers import Text

_SURE_LABEL_M: Final = 300.0


def site_offsets(district: District, frame: gpd.GeoDataFrame, stated: str | None, what: Text, file: str) -> list[Problem]:
    """Return a warning where a file's sites stand apart from the names, streets or boundary they belong to."""
    datum, placed = stated or "wgs84", frame[frame.geometry.notna()]
    guess = _by_names(district, placed, datum)
    if guess is not None:
        return told_of(guess, what, Text("同名地点", "places of the same name"), file)
    if district.streets_kind == "real":
        guess = guess_by_lines(placed.geometry, district.streets.geometry, stated=datum)
        if guess is not None:
            return told_of(guess, what, Text("路网", "the streets"), file)
    return told_of(guess_by_boundary(placed.geometry, district.boundary.geometry, stated=datum), what, Text("区界", "the boundary"), file)


def ground_offsets(district: District, given: Mapping[str, Path], datums: Mapping[str, str]) -> list[Problem]:
    """Return warnings for files that stand apart from the boundary or the streets."""
    found: list[Problem] = []
    for part, words in (("streets", Text("路网", "The streets")), ("areas", Text("分区", "The areas"))):
        if part in given:
            frame = {"streets": district.streets, "areas": district.areas}[part].to_crs(WGS84)
            guess = guess_by_boundary(frame.geometry, district.boundary.geometry, stated=datums.get(part, datums.get("", "wgs84")))
            found += told_of(guess, words, Text("区界", "the boundary"), given[part].name)
    if "population" in given and district.streets_kind == "real":
        guess = guess_by_lines(district.demand.geometry.to_crs(WGS84), district.streets.geometry, stated=datums.get("population", datums.get("", "wgs84")))
        found += told_of(guess, Text("人口", "The population"), Text("路网", "the streets"), given["population"].name)
    return found


def told_of(guess: DatumGuess | None, what: Text, reference: Text, file: str) -> list[Problem]:
    """Return a guess as a finding, if there is one."""
    return [] if guess is None else [datum_problem(guess, what, reference, file)]


def _by_names(district: District, placed: gpd.GeoDataFrame, datum: str) -> DatumGuess | None:
    """Compare places with labels and surely located sites of the same name."""
    if "name_zh" not in placed:
        return None
    sure = district.sites[district.sites.geometry.notna() & (district.sites["uncertainty_m"] <= _SURE_LABEL_M)]
    marks = district.labels[(district.labels["uncertainty_m"] <= _SURE_LABEL_M) & (district.labels.geom_type == "Point")]
    known = pd.concat([marks[["name_zh", "geometry"]], sure[["name_zh", "geometry"]]]).to_crs(WGS84)
    known = known[(known["name_zh"] != "") & ~known["name_zh"].duplicated(keep=False)].set_index("name_zh").geometry
    mine = placed[placed["name_zh"].isin(known.index)]
    return guess_by_names(mine.geometry, gpd.GeoSeries(known.loc[mine["name_zh"]].to_numpy(), crs=WGS84), stated=datum)
