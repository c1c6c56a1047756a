"""The tables that stand beside a coverage answer: by area, who is left out, supply, streets, alleys, what is newly covered."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.answering import Part
from geodata.counting import located
from geodata.district import District
from geodata.figures import ROW_COLUMNS, figures
from geodata.measures import TOLERANCE_M, alley_reach, streets_served, supply_per_thousand, unserved
from geodata.question import Question
from geodata.reach import reached
from geodata.walking import Kept, Walked, ground, walked

RUNS_OF_STREETS = 40
"""Draws that the served metres of street are the median of."""

def by_area(district: District, parts: list[Part], chosen: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Every row again for every area, people outside all areas left out."""
    rows = []
    points = district.demand.geometry.to_numpy()
    for area in district.areas.itertuples() if len(district.areas) else ():
        inside = np.asarray(shapely.intersects(area.geometry, points), dtype=bool) & chosen
        if not inside.any():
            continue
        rows += [{"area_id": str(area.area_id), "name_zh": area.name_zh, "name_en": area.name_en}
                 | part.row | figures(part.measured.within(inside), nowhere=part.row["unreachable_people"] is None) for part in parts]
    return pd.DataFrame(rows, columns=["area_id", "name_zh", "name_en", *ROW_COLUMNS], dtype=object)


def _single(district: District, question: Question, part: Part, kept: Kept) -> Walked:
    """The run that stands for a row where one is wanted: sites as stated, draw 1 of the demo sites."""
    return walked(district, part.tally, question, single=True, kept=kept)


def left_out(district: District, question: Question, heads: list[Part], chosen: npt.NDArray[np.bool_],
              kept: Kept) -> gpd.GeoDataFrame:
    """Demand points beyond the headline standards."""
    columns = ["layer", "metres", "counted", "demand_id", "people", "walk_m", "straight_m", "off_network", "geometry"]
    off = ground(district, question.access_m, kept).access.off
    found = []
    for part in heads:
        if part.held.metres is None:
            continue
        runs = _single(district, question, part, kept)
        table = pd.DataFrame({"walk_m": runs.walk_m[0], "straight_m": runs.straight_m[0], "off_network": off},
                             index=district.demand.index)
        beyond = unserved(district.demand[chosen], table[chosen], part.held.metres)
        beyond = beyond.replace({"walk_m": {np.inf: np.nan}, "straight_m": {np.inf: np.nan}})
        found.append(beyond.assign(layer=part.held.layer.key, metres=part.held.metres, counted=part.tally.counted))
    if not found:
        return gpd.GeoDataFrame({c: [] for c in columns[:-1]}, geometry=[], crs=district.metric_crs)
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True)[columns], geometry="geometry", crs=district.metric_crs)


def counted_sites(district: District, parts: list[Part]) -> gpd.GeoDataFrame:
    """The located sites that any row counts, each once."""
    ids = set().union(*(p.tally.sites["id"] for p in parts)) if parts else set()
    sites = located(district.sites)
    return sites[sites["id"].isin(ids)].reset_index(drop=True)


def supply(district: District, heads: list[Part], chosen: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Supply per thousand people; capacity where every counted site has one, else its amount."""
    people, rows = float(district.demand["people"].to_numpy(float)[chosen].sum()), []
    for part in heads:
        sites = part.tally.sites
        capacity = sites["capacity"].astype(float)
        amounts = capacity if len(sites) and capacity.notna().all() else sites["amount"].astype(float).fillna(1)
        rows.append({"layer": part.held.layer.key, "counted": part.tally.counted,
                     **supply_per_thousand(people, amounts).to_dict()})
    return pd.DataFrame(rows, columns=["layer", "counted", "sites", "amount", "people", "per_thousand"])


def streets_within(district: District, parts: list[Part]) -> pd.DataFrame:
    """Metres of street within every standard, the median over RUNS_OF_STREETS of the draws."""
    rows, length_m = [], pd.Series(district.network.edge_m)
    for part in parts:
        if part.joint is not None or part.held.metres is None:
            continue
        runs = [streets_served(length_m, reached(district.network, part.runs.node_m[i], part.runs.entries(i), part.held.metres))
                for i in range(0, part.runs.runs, max(1, part.runs.runs // RUNS_OF_STREETS))]
        served = pd.DataFrame(runs).median()
        rows.append({"layer": part.held.layer.key, "counted": part.tally.counted, "metres": part.held.metres,
                     **served.to_dict()})
    return pd.DataFrame(rows, columns=["layer", "counted", "metres", "street_m", "served_m", "served_share"])


def alleys(district: District, question: Question, heads: list[Part], chosen: npt.NDArray[np.bool_],
            kept: Kept) -> pd.DataFrame:
    """Length of the located lines and the people within reach of them; demo sites are left out."""
    rows = []
    for part in heads:
        if part.held.layer.geometry != "line" or part.held.metres is None or not len(part.tally.sites):
            continue
        bare = replace(part.tally, demo=False)
        runs = walked(district, bare, question, single=True, kept=kept)
        row = alley_reach(bare.sites, district.demand["people"][chosen],
                          pd.Series(runs.walk_m[0], index=district.demand.index)[chosen], part.held.metres)
        rows.append({"layer": part.held.layer.key, "counted": part.tally.counted, "metres": part.held.metres, **row.to_dict()})
    return pd.DataFrame(rows, columns=["layer", "counted", "metres", "alleys", "without_length", "length_m", "people",
                                       "people_per_km"])


def newly_covered(district: District, question: Question, heads: list[Part], chosen: npt.NDArray[np.bool_],
           kept: Kept) -> pd.DataFrame:
    """People that new sites of the programme cover and existing ones do not; asked only where existing ones are known."""
    rows, people = [], district.demand["people"].to_numpy(float)
    for part in heads:
        if part.tally.counted != "together" or part.held.metres is None:
            continue
        existing = (part.tally.sites["origin"] == "existing").to_numpy(bool)
        new = part.tally.newly.to_numpy(bool)
        covered = []
        for kind in (existing, existing | new):
            bare = replace(part.tally, sites=part.tally.sites[kind], newly=part.tally.newly[kind], demo=False)
            covered.append(walked(district, bare, question, single=True, kept=kept).walk_m[0] <= part.held.metres + TOLERANCE_M)
        rows.append({"layer": part.held.layer.key, "metres": part.held.metres,
                     "people": float(people[covered[1] & ~covered[0] & chosen].sum())})
    return pd.DataFrame(rows, columns=["layer", "metres", "people"])
