"""The openings nobody has proposed: short links between a dead end and a street nearby, ranked by what they save."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.changes import OpenRoad
from geodata.comparing import walked_layers
from geodata.connection import connections
from geodata.counting import people_asked
from geodata.district import District
from geodata.entering import NEARER_M, doors_of
from geodata.errors import Misasked
from geodata.figures import HIGH, LOW
from geodata.gains import LayerWalks, layer_walks, share_of_runs, walk_fields
from geodata.link_words import LINK_NAME, links_method, links_sentences
from geodata.measures import CAP_MIN
from geodata.moving import entries_of, moved_sites
from geodata.network import Metres, Network, build_network
from geodata.opening_work import Opening, Work, counted, row_of
from geodata.question import Question
from geodata.reach import Progress, nearest, walks_to
from geodata.snapping import (
    Access,
    Barriers,
    Entries,
    Numbers,
    Shapes,
    crosses,
    site_entries,
    snap,
)
from geodata.updates import (
    Beside,
    Judged,
    Links,
    demand_beside,
    judge_links,
    nobody_beside,
    settle,
    sites_beside,
)
from geodata.walking import SHARED, Ground, Kept, ground
from geodata.wording import heading_of
from layers import Text

LINK_COLUMNS: Final = ("rank", "layer", "person_minutes_saved", "people_newly_covered", "people_nearer", "capped_people", "length_m",
                       "way_before_m", "from_street_zh", "from_street_en", "to_street_zh", "to_street_en", "low", "high",
                       "people_newly_covered_low", "people_newly_covered_high", "people_nearer_low", "people_nearer_high",
                       "capped_people_low", "capped_people_high", "runs")
"""Columns of a ranking of missing links, added up over the asked layers.

Figures are medians over `runs`; `low` and `high` are p5 and p95 of the minutes, and those after a name p5 and p95 of it.
"""
WITHIN_M: Final = 0.01
"""A missing link joins what it ends on and nothing else."""
MOST_LENGTH_M: Final = 1_000.0
SAME_PLACE_M: Final = (30.0, 75.0)
"""Two links are one place where an end of each lies within the first of these distances and the other ends within the second: a dead end, or
two beside each other, and neighbouring stretches of street. The better one is listed."""
_SAME_M: Final = 0.001


@dataclass(frozen=True, eq=False)
class MissingLinks:
    """Missing links ranked by the person-minutes each saves by itself.

    Attributes:
        question: what was asked.
        demonstration: whether streets or people are sketched or demo sites are counted.
        heading: `演示 / Demonstration`, or empty.
        candidates: how many links were judged.
        similar: of them, those left out since they save walking at the same place as a listed one (SAME_PLACE_M).
        draws: how many draws the figures are taken from; None where nothing is drawn.
        links: columns LINK_COLUMNS, the best ones, LineStrings in the metric CRS.
        sentences: the answer in words.
        method: how it was worked out.
    """

    question: Question
    demonstration: bool
    heading: Text
    candidates: int
    similar: int
    draws: int | None
    links: gpd.GeoDataFrame
    sentences: list[Text]
    method: list[Text]

    def road(self, row: int) -> OpenRoad:
        """A link as a change of a scenario: `geodata.scenario.apply` then answers the same."""
        place = self.links.iloc[row]
        return OpenRoad(place.geometry, LINK_NAME.format(n=place["rank"]), within_m=WITHIN_M)


def links_opened(district: District, found: MissingLinks, *, stand_ins: bool = True, progress: Progress | None = None, kept: Kept = SHARED) -> list[list[dict[str, Any]]]:
    """Return what each listed link changes, measured anew: for each link a row a layer, with the fields of `geodata.comparing.COMPARED`.

    Args:
        district: as in `missing_links`.
        found: its answer.
        stand_ins: as there.
        progress: told the share done, 0 to 1.
        kept: where walks measured before are found; what is measured here is not kept.
    """
    root = district if district.base is None else district.base
    question, layers = found.question, walked_layers(found.question)
    roads = tuple(Opening(str(row), found.road(row), demo=False) for row in range(len(found.links)))
    work = Work(root, question, roads, stand_ins, kept.lent(), people_asked(root, question))
    step = counted(progress, len(layers) * (1 + len(roads)))
    kinds = [kind for layer in layers if (kind := work.kind(layer, question, step, work.kept)) is not None] if roads else []
    gains = [work.gains(kind, question.speed_m_per_s) for kind in kinds]
    was = [walk_fields(kind.before, work.everyone, work.chosen, "before") for kind in kinds]
    told = []
    for i, road in enumerate(roads):
        link = connections(root, [road.road], built=work.built([road]))[0]
        told.append([row_of(work, kind, before, (kind.after[i], gain[i]), [one[i] for one in gains]) | {"mode": kind.before.held.mode, "connected": link.connected,
                      "length_m": link.length_m, "way_before_m": link.way_before_m}
                     for kind, before, gain in zip(kinds, was, gains, strict=True)])
    if progress:
        progress(1.0)
    return told


def missing_links(district: District, question: Question, *, max_length_m: float = 150.0, top: int = 20, stand_ins: bool = True,
                  progress: Progress | None = None, kept: Kept = SHARED) -> MissingLinks:
    """Judge every short link between a dead end and a street nearby, each by itself.

    Args:
        district: where; not one that a scenario made.
        question: of its layers the minutes are summed up.
        max_length_m: longest link.
        top: how many to return.
        stand_ins: whether demo sites stand for promised places without a position (on a sketch only).
        progress: told the share done, 0 to 1.
        kept: where walks measured before are found.

    Raises:
        Misasked: a length or number that cannot be, a standard of 0, or no layer that people walk to.
        Unknown: no such layer or area.
    """
    layers = walked_layers(question)
    if not 0 < max_length_m <= MOST_LENGTH_M:
        raise Misasked(Text(f"最大长度应大于 0、不超过 {MOST_LENGTH_M:g} 米，收到 {max_length_m:g}。",
                            f"The greatest length must be above 0 and at most {MOST_LENGTH_M:g} m, got {max_length_m:g}."))
    if top < 1:
        raise Misasked(Text(f"条数应不小于 1，收到 {top}。", f"The number of links must be at least 1, got {top}."))
    root = district if district.base is None else district.base
    shared = ground(root, question.access_m, kept)
    found = find_links(shared.network, max_length_m, shared.barriers)
    people = root.demand["people"].to_numpy(float) * people_asked(root, question)
    beside = _demand_beside(shared, found, question.access_m)
    walks = [w for layer in layers if (w := layer_walks(root, layer, question, stand_ins=stand_ins, kept=kept)) is not None]
    runs = max((w.runs.runs for w in walks), default=1)
    totals = _Totals(np.zeros((4, len(found.links), runs)))
    for n, layer in enumerate(walks):
        for run, judged in enumerate(_judged(root, shared, layer, found, beside, question=question, people=people)):
            totals.add(judged, run, spread=layer.runs.runs == 1, speed=question.speed_m_per_s)
            if progress:
                progress((n + (run + 1) / layer.runs.runs) / len(walks))
    demonstration = root.is_sketch or any(w.runs.drawn for w in walks)
    order, similar = one_a_place(found.lines, _order(found, totals.values[0]), top)
    table = _ranked(root, found, totals.values, [w.held.layer.key for w in walks], order)
    draws = question.draws if any(w.runs.drawn or w.runs.moved for w in walks) else None
    return MissingLinks(question, demonstration, heading_of(demonstration), len(found.links), similar, draws, table,
                        links_sentences(root, table, [w.held.layer for w in walks], len(found.links), max_length_m, draws=draws, demonstration=demonstration),
                        links_method(question.speed_m_per_s, len(walks), root.demand_unit, same_place_m=SAME_PLACE_M, similar=similar, draws=draws))


@dataclass(frozen=True, eq=False)
class Found:
    """Links between the dead ends of a network and its streets nearby.

    Attributes:
        links: where they end.
        lines: from the dead end to the street, LineStrings.
    """

    links: Links
    lines: npt.NDArray[np.object_]


def find_links(network: Network, max_length_m: float, barriers: Barriers | None) -> Found:
    """Return the straight links from every dead end to every street within `max_length_m` that nothing lies between.

    A link crosses no rail and no water, and no other street: the nearer street has a link of its own. Fragments of street
    that nobody can enter are left out.
    """
    ways = np.bincount(network.edge_u, minlength=network.nodes) + np.bincount(network.edge_v, minlength=network.nodes)
    dead = np.zeros(network.nodes, dtype=bool)
    dead[ways == 1] = True
    at_end = np.concatenate([network.edge_u, network.edge_v])
    own = np.full(network.nodes, -1, dtype=np.int64)
    own[at_end] = np.tile(np.arange(network.edges), 2)
    ends = np.flatnonzero(dead & (own >= 0))
    ends = ends[network.enterable[own[ends]]]
    places = shapely.points(network.x[ends], network.y[ends])
    tree, numbers = network.index
    who, hit = tree.query(places, predicate="dwithin", distance=max_length_m)
    edge = numbers[hit]
    keep = edge != own[ends[who]]
    who, edge = who[keep], edge[keep]
    at_m = np.minimum(shapely.line_locate_point(network.lines[edge], places[who]), network.edge_m[edge])
    feet = shapely.line_interpolate_point(network.lines[edge], at_m)
    xy, start = shapely.get_coordinates(feet), np.column_stack([network.x[ends[who]], network.y[ends[who]]])
    length_m = np.hypot(*(xy - start).T)
    order = np.lexsort((edge, length_m, who))
    order = order[(length_m[order] > _SAME_M) & (length_m[order] <= max_length_m)]
    ends_of = np.sort(np.round(np.stack([start[order], xy[order]], axis=1) / _SAME_M).view(np.complex128)[..., 0], axis=1)
    order = order[np.sort(np.unique(ends_of, axis=0, return_index=True)[1])]  # several streets at one junction, or two dead ends
    lines = np.asarray(shapely.linestrings(np.stack([start[order], xy[order]], axis=1)), dtype=object) if len(order) else np.empty(0, object)
    free = ~crosses(start[order], xy[order], barriers)
    free[free] &= _uncrossed(network, lines[free], length_m[order][free])
    order, lines = order[free], lines[free]
    mine = own[ends[who[order]]]
    at_a = np.where(network.edge_u[mine] == ends[who[order]], 0.0, network.edge_m[mine])
    return Found(Links(mine, at_a, edge[order], at_m[order], np.asarray(shapely.length(lines), dtype=float)), lines)


def _uncrossed(network: Network, lines: npt.NDArray[np.object_], length_m: Metres) -> npt.NDArray[np.bool_]:
    """Which links meet no street between their ends."""
    trim = np.minimum(0.05, length_m / 4)
    inner = shapely.linestrings(np.stack([
        shapely.get_coordinates(shapely.line_interpolate_point(lines, trim)),
        shapely.get_coordinates(shapely.line_interpolate_point(lines, length_m - trim))], axis=1)) if len(lines) else lines
    hit = shapely.STRtree(network.lines).query(inner, predicate="dwithin", distance=WITHIN_M)[0]
    free = np.ones(len(lines), dtype=bool)
    free[hit] = False
    return free


def _demand_beside(shared: Ground, found: Found, access_m: float) -> Beside:
    """Demand points to which a link is nearer than their street: they may enter it."""
    points = np.asarray(shapely.points(shared.x, shared.y), dtype=object)
    if not len(points) or not len(found.lines):
        return nobody_beside(len(found.links))
    legs = np.minimum(np.where(shared.access.off, access_m, shared.access.leg_m), access_m)
    who, link = shapely.STRtree(found.lines).query(points, predicate="dwithin", distance=legs)
    leg_m = shapely.distance(points[who], found.lines[link])
    near = (leg_m < shared.access.leg_m[who] - NEARER_M) & (leg_m <= access_m)
    who, link = who[near], link[near]
    at_m = np.minimum(shapely.line_locate_point(found.lines[link], points[who]), found.links.length_m[link])
    feet = shapely.line_interpolate_point(found.lines[link], at_m)
    leg_m = shapely.distance(points[who], feet)
    hidden = crosses(np.column_stack([shared.x, shared.y])[who], shapely.get_coordinates(feet), shared.barriers)
    for i in np.flatnonzero(hidden):
        seen = snap(_alone(found.lines[link[i]]), points[who[i] : who[i] + 1], access_m=access_m, barriers=shared.barriers)
        nearer = bool(seen.leg_m[0] < shared.access.leg_m[who[i]] - NEARER_M)
        hidden[i], at_m[i], leg_m[i] = not nearer, seen.offset_m[0], seen.leg_m[0]
    return demand_beside(link[~hidden], who[~hidden], at_m[~hidden], leg_m[~hidden], len(found.links))


def _alone(line: shapely.LineString) -> Network:
    """A link as streets of its own that may be entered."""
    network = build_network(gpd.GeoDataFrame(geometry=[line]))
    return replace(network, enterable=np.ones(1, dtype=bool))


def _sites_entering(root: District, shared: Ground, walks: LayerWalks, found: Found, question: Question) -> Callable[[int], Beside]:
    """Located sites that enter a link, run by run: nearer than their street, or within reach of their outline."""
    sites, links = walks.tally.sites, len(found.links)
    shapes, moves = np.asarray(sites.geometry.to_numpy(), dtype=object), np.zeros(len(sites), dtype=bool)
    if walks.runs.moved and walks.held.metres is not None:
        moves = (sites["uncertainty_m"].astype(float) > walks.held.metres / 2).to_numpy(bool)
    doors = doors_of(shapes[~moves])[0]
    firm = _stretches(shared, found, doors, site_entries(shared.network, doors, access_m=question.access_m, barriers=shared.barriers), question.access_m)[1]
    run, moved = [np.empty(0, np.int64)], [np.empty((0, 4))]
    for one in moved_sites(root, sites[moves], runs=walks.runs.runs, seed=question.seed, access_m=question.access_m, barriers=shared.barriers) if moves.any() else ():
        there = entries_of(one, shared.network, access_m=question.access_m, barriers=shared.barriers)
        which, table = _stretches(shared, found, one.places, there, question.access_m)
        run.append(which)
        moved.append(table)
    of_run, every = np.concatenate(run), np.concatenate(moved)

    def beside(number: int) -> Beside:
        table = np.concatenate([firm, every[of_run == number]])
        return sites_beside(table[:, 0].astype(np.int64), table[:, 1], table[:, 2], table[:, 3], links)
    return beside


def _stretches(shared: Ground, found: Found, shapes: Shapes, before: Entries, access_m: float) -> tuple[Numbers, Metres]:
    """Which shape enters, and the number of the link, start, end and leg of the stretch; `before` is where they enter the streets."""
    if not len(shapes) or not len(found.lines):
        return np.empty(0, np.int64), np.empty((0, 4))
    least = np.full(len(shapes), np.inf)
    np.minimum.at(least, before.site, before.leg_m)
    flat = shapely.get_dimensions(shapes) == 0
    who, link = shapely.STRtree(found.lines).query(shapes, predicate="dwithin", distance=np.where(flat, np.minimum(least, access_m), access_m))
    which: list[int] = []
    parts: list[tuple[float, float, float, float]] = []
    for s, i in zip(who.tolist(), link.tolist(), strict=True):
        more = site_entries(_alone(found.lines[i]), shapes[s : s + 1], access_m=access_m, barriers=shared.barriers)
        keep = (~flat[s] & ~more.nearest_outline) | (more.leg_m < least[s] - NEARER_M)
        which += [s] * int(keep.sum())
        parts += [(i, float(a), float(b), float(leg)) for a, b, leg in zip(more.from_m[keep], more.to_m[keep], more.leg_m[keep], strict=True)]
    return np.asarray(which, dtype=np.int64), np.asarray(parts, dtype=float).reshape(-1, 4)


@dataclass(frozen=True, eq=False)
class _Totals:
    """Minutes, newly covered, nearer and capped people of every link, run by run, summed up over layers."""

    values: Metres

    def add(self, judged: Judged, run: int, *, spread: bool, speed: float) -> None:
        """Add one run of a layer; the only run of a layer counts in every one."""
        into = slice(None) if spread else slice(run, run + 1)
        for row, figure in enumerate((judged.saved_m / (60 * speed), judged.newly, judged.nearer, judged.capped)):
            self.values[row][:, into] += figure[:, None]


def _judged(root: District, shared: Ground, walks: LayerWalks, found: Found, beside: Beside, *, question: Question, people: Metres) -> Iterator[Judged]:
    """Every link against the walks of every run, run by run, so that the caller can tell how far it is."""
    entering = _sites_entering(root, shared, walks, found, question)
    for run in range(walks.runs.runs):
        entries = walks.runs.entries(run)
        nodes = nearest(shared.network, entries)
        base = walks_to(shared.network, nodes, entries, shared.access)
        settled = settle(shared.network, entries, nodes, base, shared.access, people=people)
        yield judge_links(settled, found.links, cap_m=CAP_MIN * 60 * question.speed_m_per_s, standard_m=walks.held.metres,
                          demand_beside=beside, sites_beside=entering(run))


def _order(found: Found, minutes: Metres) -> Numbers:
    """The links by the median of the minutes saved; those that save nothing are left out."""
    median = np.asarray([share_of_runs(row, 0.5) for row in minutes])
    mean = minutes.mean(axis=1) if len(median) else median
    order = np.lexsort((found.links.length_m, -mean, -median))
    return np.asarray(order[(median[order] > 0) | (mean[order] > 0)], dtype=np.int64)


def one_a_place(lines: Shapes, order: Numbers, top: int) -> tuple[list[int], int]:
    """Return the first `top` of `order` of which no two are at one place (SAME_PLACE_M), and how many of the others are at one with them.

    Args:
        lines: of two points each.
        order: numbers of them, the best first.
        top: how many are wanted.
    """
    near_m, far_m = SAME_PLACE_M
    ends = shapely.get_coordinates(lines[order]).reshape(-1, 2, 2)
    elsewhere = np.ones(len(order), dtype=bool)
    kept: list[int] = []
    while len(kept) < top and elsewhere.any():
        kept.append(int(np.argmax(elsewhere)))
        for mine in (ends[kept[-1]], ends[kept[-1]][::-1]):
            apart_m = np.hypot(*(ends - mine).transpose(2, 0, 1))
            elsewhere &= (apart_m.min(axis=1) > near_m) | (apart_m.max(axis=1) > far_m)
    return [int(order[place]) for place in kept], int((~elsewhere).sum()) - len(kept)


def _ranked(district: District, found: Found, totals: Metres, layers: Sequence[str], order: Sequence[int]) -> gpd.GeoDataFrame:
    """What each of the links in `order` changes."""
    median = [share_of_runs(totals[0][i], 0.5) for i in order]
    before = _ways_before(district.network, found, order)
    streets = district.streets
    rows: list[dict[str, Any]] = []
    for rank, i in enumerate(order, start=1):
        newly, nearer, capped = (share_of_runs(totals[k][i], 0.5) for k in (1, 2, 3))
        a, b = int(found.links.edge_a[i]), int(found.links.edge_b[i])
        rows.append({"rank": rank, "layer": ",".join(layers), "person_minutes_saved": median[rank - 1], "people_newly_covered": newly,
                     "people_nearer": nearer, "capped_people": capped, "length_m": float(found.links.length_m[i]), "way_before_m": before[rank - 1],
                     "from_street_zh": streets["name_zh"].iloc[a], "from_street_en": streets["name_en"].iloc[a],
                     "to_street_zh": streets["name_zh"].iloc[b], "to_street_en": streets["name_en"].iloc[b],
                     "runs": totals.shape[2]} | {
                         f"{name}{end}": share_of_runs(totals[k][i], share) for k, name in ((0, ""), (1, "people_newly_covered_"), (2, "people_nearer_"), (3, "capped_people_"))
                         for end, share in (("low", LOW), ("high", HIGH))})
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=list(LINK_COLUMNS)), geometry=gpd.GeoSeries(list(found.lines[order]), crs=district.metric_crs),
                            crs=district.metric_crs)


def _ways_before(network: Network, found: Found, order: Sequence[int]) -> list[float]:
    """The shortest way between a link's ends on the streets as they are; nan where there is none."""
    told = []
    for i in order:
        one = shapely.get_point(found.lines[i], 0)
        entries = site_entries(network, [one], access_m=1.0)
        there = Access(found.links.edge_b[i : i + 1], found.links.at_b[i : i + 1], np.zeros(1))
        way_m = float(walks_to(network, nearest(network, entries), entries, there).walk_m[0])
        told.append(way_m if np.isfinite(way_m) else float("nan"))
    return told
