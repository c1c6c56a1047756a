"""The hinge: a question in, its whole answer out. Pages show it, exports write it, the command line prints it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.answering import headlines, parts_of
from geodata.areas import STRIP_M, Unite, service_bands, united
from geodata.beside import alleys, by_area, counted_sites, left_out, newly_covered, streets_within, supply
from geodata.counting import people_asked, tallies
from geodata.crs import to_wgs84
from geodata.district import District
from geodata.figures import ROW_COLUMNS, walk_shares
from geodata.measures import network_access
from geodata.network import Metres
from geodata.question import Question
from geodata.reach import Progress
from geodata.snapping import join_entries, no_entries
from geodata.standards import asked_layers
from geodata.walking import SHARED, Kept, Walked, ground, walked
from geodata.wording import assumptions_of, heading_of, method_of, sentences_of, sources_of
from layers import Text

CURVE_M: Final = np.arange(0.0, 3000.1, 25.0)
"""Distances of the curve of people by walk."""
WALK_COLUMNS: Final = ("demand_id", "lon", "lat", "people", "walk_m", "straight_m", "nearest_site_id", "reachable",
                       "off_network")
"""Columns of `walks`, the names every file gives them."""


@dataclass(frozen=True, eq=False)
class Coverage:
    """A whole answer. Frames are in the district's metric CRS; shares are fractions of 1; what does not exist is None.

    Attributes:
        question: what was asked.
        demonstration: whether streets or people are sketched or demo sites are counted.
        heading: `演示 / Demonstration`, or empty; it stands above every use of the answer.
        rows: columns ROW_COLUMNS; one row a layer, standard and way of counting; `any` and `all` at the end.
        by_area: the same for every area that is in the data, with `area_id`, `name_zh`, `name_en`.
        unserved: demand points beyond the headline standard: `layer`, `metres`, `counted`, `demand_id`, `people`,
            `walk_m`, `straight_m`, `off_network`; with demo sites, of draw 1.
        sites: the located sites counted.
        access: the streets, and who is off them: read this first.
        supply: `layer`, `counted`, `sites`, `amount`, `people`, `per_thousand`; located sites only.
        alleys: `layer`, `counted`, `metres`, `alleys`, `without_length`, `length_m`, `people`, `people_per_km`; located only.
        newly: `layer`, `metres`, `people`: covered by new sites of the programme and not by existing ones.
        sentences: the answer in words, the headline first.
        method: how it was worked out.
        assumptions: what it rests on, standards and their certainty included.
        sources: where the ground and the sites come from.
    """

    question: Question
    demonstration: bool
    heading: Text
    rows: pd.DataFrame
    by_area: pd.DataFrame
    unserved: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    access: pd.Series
    supply: pd.DataFrame
    alleys: pd.DataFrame
    newly: pd.DataFrame
    sentences: list[Text]
    method: list[Text]
    assumptions: list[Text]
    sources: list[Text]


def coverage(district: District, question: Question, *, stand_ins: bool = True, progress: Progress | None = None,
             kept: Kept = SHARED) -> Coverage:
    """Answer whom the sites of the asked layers serve.

    Args:
        district: where.
        question: what.
        stand_ins: whether demo sites stand for promised places without a position (on a sketch only).
        progress: told the share done, 0 to 1.
        kept: where walks measured before are found; another standard measures nothing anew.

    Raises:
        Unknown: no such layer or area.
        Misasked: a standard that cannot be.
    """
    chosen = people_asked(district, question)
    parts, empty = parts_of(district, question, chosen, stand_ins=stand_ins, progress=progress, kept=kept)
    heads = headlines(parts)
    demonstration = district.is_sketch or any(p.drawn for p in parts)
    return Coverage(
        question=question, demonstration=demonstration, heading=heading_of(demonstration),
        rows=pd.DataFrame([p.row for p in parts], columns=list(ROW_COLUMNS), dtype=object),
        by_area=by_area(district, parts, chosen), unserved=left_out(district, question, heads, chosen, kept),
        sites=counted_sites(district, parts), access=access_report(district, question, kept=kept),
        supply=supply(district, heads, chosen), alleys=alleys(district, question, heads, chosen, kept),
        newly=newly_covered(district, question, heads, chosen, kept), sentences=sentences_of(district, question, parts, empty),
        method=method_of(question, parts), assumptions=assumptions_of(district, question, parts), sources=sources_of(district),
    )


def street_service(district: District, question: Question, *, stand_ins: bool = True, kept: Kept = SHARED) -> pd.DataFrame:
    """Return the metres of street within every standard of the question.

    Returns:
        `layer`, `counted`, `metres`, `street_m`, `served_m`, `served_share`, `drawn` (demo sites), `range` ([p5, p95] of the two
        served figures, else None), `draws`; medians where sites are drawn.

    Raises:
        Unknown: no such layer.
    """
    everyone = np.ones(len(district.demand), dtype=bool)
    parts, _ = parts_of(district, question, everyone, stand_ins=stand_ins, progress=None, kept=kept)
    return streets_within(district, parts)


def walks(district: District, question: Question, *, stand_ins: bool = True, kept: Kept = SHARED) -> gpd.GeoDataFrame:
    """Return the walk of every demand point to the nearest counted site of the asked layers.

    The widest way of counting the data holds is taken unless the question names one; with demo sites, draw 1.

    Returns:
        Columns WALK_COLUMNS and the points in the metric CRS; `walk_m` NaN and `nearest_site_id` None where unreachable.
        `attrs` holds `demonstration`, `draw` (1 with demo sites, else None), `counted` and `layers`.

    Raises:
        Unknown: no such layer or area.
    """
    chosen = people_asked(district, question)
    found = _nearest_of_all(district, question, stand_ins=stand_ins, kept=kept)
    demand = district.demand[["demand_id", "people"]].reset_index(drop=True)
    xy = shapely.get_coordinates(district.demand.geometry.to_numpy()).reshape(-1, 2)
    demand["lon"], demand["lat"] = to_wgs84(xy[:, 0], xy[:, 1], district.metric_crs)
    off = ground(district, question.access_m, kept).access.off
    demand["walk_m"] = np.where(np.isfinite(found.walk_m), found.walk_m, np.nan)
    demand["straight_m"] = np.where(np.isfinite(found.straight_m), found.straight_m, np.nan)
    demand["nearest_site_id"] = pd.Series([found.ids[i] if i >= 0 else None for i in found.site], dtype=object)
    demand["reachable"], demand["off_network"] = np.isfinite(found.walk_m), off
    table = gpd.GeoDataFrame(demand[list(WALK_COLUMNS)], geometry=district.demand.geometry.to_numpy(), crs=district.metric_crs)
    table = table[chosen].reset_index(drop=True)
    table.attrs = found.attrs | {"demonstration": district.is_sketch or found.attrs["draw"] is not None}
    return table


def service_areas(district: District, question: Question, bands_m: Sequence[float], *, stand_ins: bool = True,
                  unite: Unite = united, kept: Kept = SHARED) -> gpd.GeoDataFrame:
    """Return what lies within each walking distance of the counted sites, as bands; with demo sites, draw 1.

    Exact unless `unite` is `geodata.areas.drawn`, which is for the screen.

    Returns:
        `layer` (keys joined by `,`), `counted`, `from_m`, `to_m`, `street_m`, `area_m2`, `people` (by their own walk, not by
        the polygon), `strip_m`, polygons in the metric CRS; `attrs` as `walks`.

    Raises:
        Unknown: no such layer.
        Misasked: a band that is no distance.
    """
    shared = ground(district, question.access_m, kept)
    found = _nearest_of_all(district, question, stand_ins=stand_ins, kept=kept)
    entries = join_entries([no_entries(), *(w.entries() for w in found.parts)])
    bands = service_bands(shared.network, found.node_m, entries, bands_m, crs=district.metric_crs, unite=unite)
    people = district.demand["people"].to_numpy(float)
    bands.insert(0, "layer", ",".join(found.attrs["layers"]))
    bands.insert(1, "counted", found.attrs["counted"])
    bands["people"] = [float(people[(found.walk_m > (a if a else -1.0)) & (found.walk_m <= b + 1e-6)].sum())
                       for a, b in zip(bands["from_m"], bands["to_m"], strict=True)]
    bands["strip_m"] = STRIP_M
    bands.attrs = found.attrs | {"demonstration": district.is_sketch or found.attrs["draw"] is not None}
    return bands


def walk_curve(district: District, question: Question, *, stand_ins: bool = True, kept: Kept = SHARED) -> pd.DataFrame:
    """Return the share of the people by how far they walk, on CURVE_M, for every layer and way of counting.

    Returns:
        `layer`, `counted`, `metres`, `share`, `low`, `high`; the last two are p5 and p95 of the draws, else the share.

    Raises:
        Unknown: no such layer or area.
    """
    chosen = people_asked(district, question)
    parts, _ = parts_of(district, question, chosen, stand_ins=stand_ins, progress=None, kept=kept)
    curves = []
    for part in headlines(parts):
        curve = walk_shares(part.measured.within(chosen), CURVE_M)
        curve.insert(0, "layer", part.held.layer.key)
        curve.insert(1, "counted", part.tally.counted)
        curves.append(curve)
    return pd.concat(curves, ignore_index=True) if curves else pd.DataFrame(
        columns=["layer", "counted", "metres", "share", "low", "high"])


def access_report(district: District, question: Question, *, kept: Kept = SHARED) -> pd.Series:
    """Return what the streets are like and who is off them; fields of `geodata.measures.network_access`."""
    shared = ground(district, question.access_m, kept)
    return network_access(shared.network, district.demand["people"], shared.access, question.access_m)


@dataclass(frozen=True, eq=False)
class _Nearest:
    """The nearest of all asked layers, in a single run."""

    walk_m: Metres
    straight_m: Metres
    site: npt.NDArray[np.int64]
    ids: list[str]
    node_m: npt.NDArray[np.floating]
    parts: list[Walked]
    attrs: dict[str, Any]


def _nearest_of_all(district: District, question: Question, *, stand_ins: bool, kept: Kept) -> _Nearest:
    """Take the widest count of every layer that is walked to, and of all of them the nearest."""
    count, nodes = len(district.demand), district.network.nodes
    walk_m, straight_m, node_m = np.full(count, np.inf), np.full(count, np.inf), np.full(nodes, np.inf)
    site = np.full(count, -1, dtype=np.int64)
    ids: list[str] = []
    parts: list[Walked] = []
    counted: list[str] = []
    asked = asked_layers(question)
    for layer in asked:
        every = tallies(district, layer, question, stand_ins=stand_ins) if layer.serves_on_foot else []
        if not every:
            continue
        runs = walked(district, every[-1], question, single=True, kept=kept)
        nearer = runs.walk_m[0] < walk_m
        site[nearer] = runs.nearest[nearer] + len(ids)
        walk_m[nearer] = runs.walk_m[0][nearer]
        straight_m, node_m = np.minimum(straight_m, runs.straight_m[0]), np.minimum(node_m, runs.node_m[0])
        ids += runs.site_ids
        parts.append(runs)
        counted.append(every[-1].counted)
    drawn = any(p.drawn for p in parts)
    attrs = {"draw": 1 if drawn else None, "layers": [layer.key for layer in asked], "seed": question.seed if drawn else None,
             "counted": ",".join(dict.fromkeys(counted))}
    return _Nearest(walk_m, straight_m, site, ids, node_m, parts, attrs)
