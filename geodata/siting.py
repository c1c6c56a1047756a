"""Where the next sites of a layer help most: an exact model over true walks, what stands already kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.candidates import candidates_of, in_water, place_candidates
from geodata.district import LOCATED_CLASSES, District
from geodata.errors import BadInput, Misasked, Stopped, Unknown
from geodata.numerals import several
from geodata.one_to_many import walks_from
from geodata.question import Question
from geodata.reach import nearest, walks_to
from geodata.siting_amount import amount_each, open_commitment
from geodata.siting_answer import Reason, Sited, build_sited
from geodata.siting_models import (
    Choice,
    Clock,
    Flags,
    Floats,
    Numbers,
    Solved,
    Sparse,
    cover_all,
    cover_most,
    from_pairs,
    walk_least,
    walk_shortest_longest,
)
from geodata.siting_models.warming import warm_up
from geodata.siting_question import MODELS, Siting
from geodata.snapping import Entries, Shapes, site_entries
from geodata.standards import Held, asked_layers, standards_of
from geodata.walking import SHARED, Kept, ground
from layers import Text

TOLERANCE_M: Final = 1e-6
"""A walk this little longer than the standard still counts as within it."""
MOST_WALKS: Final = 60_000_000
"""p-median and p-centre hold every walk; beyond so many the candidates are too many."""
Progress = Callable[[float, Text], None]

_PREPARING: Final = Text("准备候选点与步行距离", "Measuring walks from the candidates")
_COMPILING: Final = Text("准备求解器（本机首次使用约需十几秒）", "Preparing the solver (some seconds at the first use of a machine)")
_SOLVING: Final = Text("求解", "Solving")
_STOPPED: Final = Text("还没量完步行距离就停止了，没有结果。请重新求解。", "It was stopped before the walks were measured, so there is no answer. Solve it again.")


@dataclass(frozen=True, eq=False)
class Prepared:
    """A question with its candidates and walks: what a model is given.

    Attributes:
        district: where.
        asked: the question.
        held: the standard that is optimised; its `metres` may be None for p-median and p-centre.
        reaches: every standard of the layer.
        candidates: CANDIDATE_COLUMNS and points.
        words: what the candidates are.
        notes: what was left out of them, who of them serves nobody, and where a dragged one stands.
        entries: where they meet the streets.
        kept: the sites that stay.
        kept_m: walk of every demand point to the nearest of them, inf where there is none.
        people: at the demand.
        off: which demand points are off the network.
        cover: demand × candidates within the standard; None for p-median and p-centre.
        walks: (candidates, demand), for those two.
        choice: how many, who must and who must not be chosen.
    """

    district: District
    asked: Siting
    held: Held
    reaches: tuple[Held, ...]
    candidates: gpd.GeoDataFrame
    words: Text
    notes: tuple[Text, ...]
    entries: Entries
    kept: gpd.GeoDataFrame
    kept_m: Floats
    people: Floats
    off: Flags
    cover: Sparse | None
    walks: Floats | None
    choice: Choice

    @property
    def served(self) -> Flags:
        """Which demand points the kept sites cover."""
        return self.kept_m <= (self.held.metres or 0.0) + TOLERANCE_M

    def able(self, choice: Choice) -> Flags:
        """Return which demand points a kept site serves or an allowed candidate can: within the standard, else by any way at all."""
        if self.cover is not None:
            return self.served | self.cover.meets(choice.allowed)
        assert self.walks is not None
        return np.isfinite(self.kept_m) | np.isfinite(self.walks[choice.allowed]).any(axis=0)

    def near(self, choice: Choice) -> Flags:
        """Return which demand points lie within the standard of a kept site or an allowed candidate, whatever the model; as `able` where there is no standard."""
        if self.walks is None or self.held.metres is None:
            return self.able(choice)
        limit_m = self.held.metres + TOLERANCE_M
        return (self.kept_m <= limit_m) | (self.walks[choice.allowed] <= limit_m).any(axis=0)

    def numbers_of(self, ids: tuple[str, ...]) -> Numbers:
        """Return the candidates of such ids.

        Raises:
            Unknown: there is no such candidate.
        """
        known = {name: i for i, name in enumerate(self.candidates["candidate"])}
        strange = [name for name in ids if name not in known]
        if strange:
            raise Unknown(Text(f"没有编号为 {strange[0]} 的候选点（共 {len(known)} 处）。", f"There is no candidate {strange[0]} (there are {len(known)})."))
        return np.asarray([known[name] for name in ids], dtype=np.int64)


def site(district: District, asked: Siting, *, places: gpd.GeoDataFrame | None = None, progress: Progress | None = None,
         stop: Callable[[], bool] | None = None, kept: Kept = SHARED) -> Sited:
    """Choose the sites, and say how good the choice is.

    Args:
        district: where.
        asked: what.
        places: the candidates, WGS-84, where `asked.candidates` is `file`.
        progress: told the share of the time limit spent and what is being done; with the solve also the best and the bound.
        stop: asked again and again; when true the best found comes back with its gap. An event's `is_set` will do, also one
            of another process.
        kept: where the ground's walks measured before are found.

    Raises:
        Unknown: no such layer or kind of candidates.
        BadInput: a number, standard or wish that cannot be; no candidates, or fewer than sites asked for; a promise of piles and
            no word how many go to a site.
        Stopped: before all walks were measured; nothing can be said of an answer to a part of them.
    """
    prepared = prepare(district, asked, places=places, progress=progress, stop=stop, kept=kept)
    if progress is not None:
        progress(0.1, _COMPILING)
    warm_up()
    return answer(prepared, solve(prepared, Clock(asked.seconds, stop, _teller(asked, progress))), kept=kept)


def prepare(district: District, asked: Siting, *, places: gpd.GeoDataFrame | None = None, progress: Progress | None = None,
            stop: Callable[[], bool] | None = None, kept: Kept = SHARED) -> Prepared:
    """Measure everything a model needs; see `site` for arguments and errors."""
    held, reaches = _standard(asked)
    amount_each(district, asked, open_commitment(district, asked.layer), asked.number)
    shared = ground(district, asked.access_m, kept)
    found = candidates_of(district, asked.candidates, places)
    frame, choice = _wished(district, asked, found.frame)
    entries = site_entries(shared.network, frame.geometry.to_numpy(), access_m=asked.access_m, barriers=shared.barriers)
    stays = _kept_sites(district, asked)
    doors = site_entries(shared.network, stays.geometry.to_numpy(), access_m=asked.access_m, barriers=shared.barriers)
    kept_m = walks_to(shared.network, nearest(shared.network, doors), doors, shared.access).walk_m
    covering = asked.model in {"mclp", "lscp"}
    if not covering and len(frame) * len(kept_m) > MOST_WALKS:
        raise BadInput(Text(f"候选点 {len(frame):,} 处 × 需求点 {len(kept_m):,} 处过多。请用更大的网格或更少的候选点。",
                            f"{len(frame):,} candidates × {len(kept_m):,} demand points are too many. Use a coarser grid or fewer candidates."))
    reached = walks_from(shared.network, entries, len(frame), shared.access, stop=stop,
                         limit_m=(held.metres or 0.0) + TOLERANCE_M if covering else np.inf,
                         progress=None if progress is None else lambda share: progress(0.1 * share, _PREPARING))
    if not reached.complete:
        raise Stopped(_STOPPED)
    cover = from_pairs(reached.demand, reached.place, (len(kept_m), len(frame))) if covering else None
    return Prepared(
        district, asked, held, reaches, frame, found.words, (*found.notes, *_odd(district, asked, frame, entries)), entries, stays, kept_m, district.demand["people"].to_numpy(float),
        shared.access.off, cover, None if covering else reached.table(len(kept_m)), choice)


def solve(prepared: Prepared, clock: Clock, *, choice: Choice | None = None, start: Numbers | None = None,
          target: float | None = None) -> Solved:
    """Solve the model of a prepared question; of mclp the objective counts people the kept sites do not serve yet.

    Args:
        prepared: the question.
        clock: how long, and who may stop it.
        choice: another choice than the question's own.
        start: candidates to begin with.
        target: of mclp and lscp, stop as soon as this good an answer is found or proven not to exist.
    """
    asked, wanted = prepared.asked, choice or prepared.choice
    if prepared.cover is not None and asked.model == "mclp":
        return cover_most(prepared.cover, np.where(prepared.served, 0.0, prepared.people), wanted, clock, start=start, target=target)
    if prepared.cover is not None:
        rows = np.flatnonzero(~prepared.served & (prepared.people > 0))
        found = cover_all(prepared.cover.take(rows), wanted, clock, most=None if target is None else int(target), weights=prepared.people[rows] if target is None else None)
        return replace(found, unmet=rows[found.unmet], cause=rows[found.cause])
    assert prepared.walks is not None
    if asked.model == "p-median":
        return walk_least(prepared.walks, prepared.kept_m, prepared.people, wanted, clock, start=start)
    return walk_shortest_longest(prepared.walks, prepared.kept_m, prepared.people, wanted, clock)


def answer(prepared: Prepared, solved: Solved, *, kept: Kept = SHARED) -> Sited:
    """Return a solved question as its answer: the sites, whom they serve, and who is left."""
    shared = ground(prepared.district, prepared.asked.access_m, kept)
    chosen = prepared.candidates.iloc[solved.chosen].reset_index(drop=True)
    mine = prepared.entries.site
    order = np.full(len(prepared.candidates), -1, dtype=np.int64)
    order[solved.chosen] = np.arange(len(solved.chosen))
    there = order[mine] >= 0
    doors = Entries(order[mine][there], *(getattr(prepared.entries, name)[there] for name in
                                          ("edge", "from_m", "to_m", "leg_m", "nearest_outline")))
    each = walks_from(shared.network, doors, len(chosen), shared.access)
    demand = prepared.district.demand.geometry.to_numpy()
    straight = _straight(np.concatenate([prepared.kept.geometry.to_numpy(), chosen.geometry.to_numpy()]), demand)
    return build_sited(
        prepared.district, prepared.asked, held=prepared.held, reaches=prepared.reaches, solved=solved, chosen=chosen,
        kept=prepared.kept, walks=each.table(len(prepared.people)), kept_m=prepared.kept_m, straight_m=straight,
        people=prepared.people, reasons=_reasons(prepared, solved), candidates=len(prepared.candidates) - len(prepared.asked.moved), words=prepared.words, notes=prepared.notes,
        wished=prepared.choice.forced[solved.chosen])


def _teller(asked: Siting, progress: Progress | None) -> Callable[[float, float, float], None] | None:
    """Return what a solve tells while it runs, in words."""
    if progress is None:
        return None

    def tell(seconds: float, best: float, bound: float) -> None:
        gap = abs(bound - best) / abs(best) if best and np.isfinite([best, bound]).all() else np.nan
        sure = Text(f"：当前最好 {best:,.0f}，差距 {gap:.2%}", f": best so far {best:,.0f}, gap {gap:.2%}") if gap < 1 else Text("", "")
        progress(0.1 + 0.9 * min(1.0, seconds / max(asked.seconds, 1e-9)), Text("{a}{b}", "{a}{b}").format(a=_SOLVING, b=sure))
    return tell


def _standard(asked: Siting) -> tuple[Held, tuple[Held, ...]]:
    """Return the standard to optimise, and all the layer is held to.

    Raises:
        Misasked: a distance of 0, a model or number that cannot be, or no standard where one is needed.
    """
    layer = asked_layers(Question((asked.layer,)))[0]
    if asked.model not in MODELS:
        raise Misasked(Text(f"没有模型 {asked.model}。可用：{'、'.join(MODELS)}。", f"There is no model {asked.model}. Use one of {', '.join(MODELS)}."))
    if not layer.serves_on_foot:
        raise Misasked(Text("{name}不按步行评价，不能选址：{why}", "{name} cannot be sited by walks: {why}").format(name=layer.name, why=layer.why_not or Text("", "")))
    if asked.metres is not None and asked.metres <= 0:
        raise Misasked(Text("标准不能为 0 米，请给出正的距离。", "A standard of 0 m covers nobody; give a distance above 0."))
    if not 0 < asked.seconds < np.inf:
        raise Misasked(Text("求解时限须为正数（秒）。", "The time limit must be a number of seconds above 0."))
    if asked.number is not None and asked.number < 1:
        raise Misasked(Text("新建数量至少为 1。", "Ask for at least 1 site."))
    if asked.number is None and asked.model != "lscp":
        raise Misasked(Text("请给出新建数量。", "Say how many sites."))
    question = Question((asked.layer,), metres=asked.metres, minutes=asked.minutes, speed_m_per_s=asked.speed_m_per_s, turnout_min=asked.turnout_min)
    reaches = tuple(standards_of(layer, question))
    held = next((one for one in reaches if asked.mode in {None, one.mode}), None)
    if held is None:
        raise Misasked(Text(f"没有方式 {asked.mode}。可用：{'、'.join(one.mode for one in reaches)}。", f"There is no mode {asked.mode}. Use one of {', '.join(one.mode for one in reaches)}."))
    if held.metres is None and asked.model in {"mclp", "lscp"}:
        raise Misasked(Text("{name}没有自己的标准，请给出距离（如 300、500、800、1000 米）。", "{name} have no standard of their own; give a distance (such as 300, 500, 800 or 1,000 m).").format(name=layer.name))
    return held, reaches


def _wished(district: District, asked: Siting, frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Choice]:
    """Return the candidates with those dragged added, and the choice that the wishes leave.

    Raises:
        Unknown: a wish for a candidate that is not there.
        Misasked: wishes against each other, or more sites than candidates.
    """
    dragged = place_candidates(district, [(lon, lat) for _, lon, lat in asked.moved], [f"{name}→" for name, _, _ in asked.moved])
    both = gpd.GeoDataFrame(pd.concat([frame, dragged], ignore_index=True), crs=district.metric_crs) if len(dragged) else frame
    known = {name: i for i, name in enumerate(frame["candidate"])}
    forced, forbidden = np.zeros(len(both), dtype=bool), np.zeros(len(both), dtype=bool)
    forced[len(frame):] = True
    for names, flags in ((asked.forced, forced), (asked.forbidden, forbidden), (tuple(name for name, _, _ in asked.moved), forbidden)):
        for name in names:
            if name not in known:
                raise Unknown(Text(f"没有编号为 {name} 的候选点（共 {len(known):,} 处）。", f"There is no candidate {name} (there are {len(known):,})."))
            flags[known[name]] = True
    if (forced & forbidden).any():
        name = both["candidate"].iloc[int(np.flatnonzero(forced & forbidden)[0])]
        raise Misasked(Text(f"候选点 {name} 不能既必选又禁选。", f"Candidate {name} cannot be both forced and forbidden."))
    if asked.number is not None:
        _check_number(asked, int((~forbidden).sum()), int(forced.sum()))
    return both, Choice(asked.number, forced, forbidden)


def _check_number(asked: Siting, allowed: int, forced: int) -> None:
    number = int(asked.number or 0)
    if number > allowed and asked.model != "lscp":
        raise Misasked(Text(f"要选 {number:,} 处，而可用候选点只有 {allowed:,} 处。请减少数量，或用更密的候选点。",
                            f"{several(number, 'site')} asked for, and only {several(allowed, 'candidate')} may be chosen. Ask for fewer, or give more candidates."))
    if forced > number:
        raise Misasked(Text(f"必选 {forced:,} 处，多于要选的 {number:,} 处。", f"{forced:,} candidates are forced, more than the {several(number, 'site')} asked for."))


def _odd(district: District, asked: Siting, frame: gpd.GeoDataFrame, entries: Entries) -> list[Text]:
    """Return what is to be said of candidates that reach no street or stand in water."""
    off, wet = ~np.isin(np.arange(len(frame)), entries.site), in_water(district, frame.geometry.to_numpy())
    mine = np.arange(len(frame)) >= len(frame) - len(asked.moved)
    metres, told = f"{asked.access_m:g}", []
    for row in np.flatnonzero(mine & (off | wet)):
        name = str(frame["candidate"].iloc[row]).removesuffix("→")
        where = Text(f"离最近的街道超过 {metres} 米", f"more than {metres} m from any street") if off[row] else Text("", "")
        water = Text("在水面上", "in water") if wet[row] else Text("", "")
        both = Text("，", " and ") if off[row] and wet[row] else Text("", "")
        serves = Text("，谁也服务不到", ", where it serves nobody") if off[row] else Text("", "")
        told.append(Text("注意：{name} 移到的位置{water}{both}{where}{serves}。", "Note: {name} was moved to a place {water}{both}{where}{serves}.").format(name=name, water=water, both=both, where=where, serves=serves))
    idle = int((off & ~mine).sum())
    if idle:
        told.append(Text(f"候选点中有 {idle:,} 处离街道超过 {metres} 米，服务不到任何人。", f"Candidates more than {metres} m from any street, which serve nobody: {idle:,}."))
    return told


def _kept_sites(district: District, asked: Siting) -> gpd.GeoDataFrame:
    """Return the sites of the layer that stand, or have a place to stand: located ones and accepted proposals."""
    sites = district.sites[district.sites["layer"] == asked.layer]
    stands = sites["location_class"].isin([*LOCATED_CLASSES, "proposed"]) & sites.geometry.notna() & ~sites.geometry.is_empty
    found = sites[stands.to_numpy(bool)] if asked.keep else sites.iloc[:0]
    return gpd.GeoDataFrame(found, geometry="geometry", crs=district.metric_crs)


def _reasons(prepared: Prepared, solved: Solved) -> dict[Reason, Numbers]:
    """Return the demand with people that nothing asked can cover, by reason; of an infeasible question who makes it so."""
    without = ~prepared.near(prepared.choice) & (prepared.people > 0)
    return {"off_network": np.flatnonzero(without & prepared.off), "no_candidate": np.flatnonzero(without & ~prepared.off),
            "too_few_sites": solved.unmet, "apart": solved.cause}


def _straight(shapes: Shapes, points: Shapes) -> Floats:
    """Straight distance of every point to the nearest shape."""
    away = np.full(len(points), np.inf)
    if len(shapes) and len(points):
        (point, _), metres = shapely.STRtree(shapes).query_nearest(points, return_distance=True, all_matches=False)
        away[point] = metres
    return away
