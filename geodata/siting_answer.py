"""The answer of a siting question: the sites in the order to build them, whom they serve, who is left, and how sure it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.crs import to_wgs84
from geodata.district import District
from geodata.nearby import near_names
from geodata.siting_models import Floats, Numbers, Solved, Status, gap_of
from geodata.siting_question import Siting
from geodata.standards import Held
from layers import Text

Reason = Literal["off_network", "no_candidate", "too_few_sites", "apart"]
REASONS: Final[dict[Reason, Text]] = {
    "off_network": Text("离街道太远", "too far from any street"),
    "no_candidate": Text("标准内没有可用的候选点", "no candidate within the standard"),
    "too_few_sites": Text("数量不足以全部服务", "the sites are too few to serve everybody"),
    "apart": Text("须单独设点", "needs a site of its own"),
}
SITE_FIELDS: Final = ("order", "candidate", "name_zh", "name_en", "near_zh", "near_en", "kind", "wished", "added_people", "reached_people", "only_people",
                      "served_people", "lon", "lat")
LEFT_FIELDS: Final = ("demand_id", "people", "reason", "area_zh", "area_en", "near_zh", "near_en", "walk_m", "lon", "lat")
REACH_FIELDS: Final = ("mode", "label", "metres", "people_before", "people_after", "share_before", "share_after", "straight_line_share")
_TOLERANCE_M: Final = 1e-6


@dataclass(frozen=True, eq=False)
class Sited:
    """A whole answer; frames are in the district's metric CRS, shares are fractions of 1. It can be sent between processes.

    Attributes:
        asked: the question.
        layer: its layer's key.
        held: the standard that was optimised.
        demonstration: whether streets or people are the sketch's: a rehearsal, which can be exported and never accepted.
        status: `optimal` (proven), `time_limit`, `stopped` or `infeasible`.
        objective: of mclp the people within the standard of kept and new sites together; of lscp the new sites; of p-median
            people x metres; of p-centre metres. None where nothing does.
        bound: no choice can be better; equal to the objective where it is proven. None where unknown.
        gap: |bound - objective| ÷ |objective|, None where there is none.
        seconds: of the solve.
        solver: name and version.
        sites: SITE_FIELDS and points, in the order to build them: each next one adds most (`added_people` newly within the
            standard; `reached_people` within it of this site; `only_people` of no other; `served_people` whose nearest it is;
            `near_zh` and `near_en` from `nearby.near_names`).
        kept: the sites that stay.
        uncoverable: demand within the standard of no kept site and no candidate that may be chosen, whatever the model (of a layer
            without a standard: without a way to any of them): LEFT_FIELDS and points.
        unmet: of an infeasible question the demand that the best choice found leaves over, likewise.
        cause: of an infeasible question demand no two of which one candidate serves, more of it than sites, likewise; empty where
            none was found.
        unserved: demand left beyond the standard (or without a way), likewise.
        reaches: REACH_FIELDS, one row a standard of the layer, the headline first.
        walk_before_m: walk of every demand point to the nearest kept site, inf where there is none.
        walk_after_m: likewise, new sites included.
        people_total: all people.
        people_before: of them within the standard before.
        people_after: and after.
        uncoverable_people: people of `uncoverable`.
        candidates: how many candidates there were.
        words: what they are.
        notes: what was left out of them, and what is odd about a wish.
        demand_unit: what people counts.
    """

    asked: Siting
    layer: str
    held: Held
    demonstration: bool
    status: Status
    objective: float | None
    bound: float | None
    gap: float | None
    seconds: float
    solver: str
    sites: gpd.GeoDataFrame
    kept: gpd.GeoDataFrame
    uncoverable: gpd.GeoDataFrame
    unmet: gpd.GeoDataFrame
    cause: gpd.GeoDataFrame
    unserved: gpd.GeoDataFrame
    reaches: pd.DataFrame
    walk_before_m: Floats
    walk_after_m: Floats
    people_total: float
    people_before: float
    people_after: float
    uncoverable_people: float
    candidates: int
    words: Text
    notes: tuple[Text, ...]
    demand_unit: str

    @property
    def proven(self) -> bool:
        """Whether it is proven optimal."""
        return self.status == "optimal"

    @property
    def mean_walk_m(self) -> float | None:
        """Mean walk of those who have a way, metres."""
        return _mean(self.walk_after_m, self._people)

    @property
    def people_with_way(self) -> float:
        """How many have a way to any site."""
        return float(self._people[np.isfinite(self.walk_after_m)].sum())

    @property
    def mean_walk_before_m(self) -> float | None:
        """Mean walk before of those who had a way, metres; None where nobody had."""
        return _mean(self.walk_before_m, self._people)

    @property
    def longest_walk_before_m(self) -> float | None:
        """Longest walk before of anybody who has a way now, metres; None where one of them had none."""
        walk = self.walk_before_m[np.isfinite(self.walk_after_m) & (self._people > 0)]
        return _finite(float(walk.max())) if len(walk) else None

    @property
    def _people(self) -> Floats:
        return np.asarray(self.unserved.attrs["people"], dtype=float)

    def facts(self) -> dict[str, Any]:
        """Return the figures under the names that files and the command line give them, JSON-ready but for Text."""
        return {
            "layer": self.layer, "model": self.asked.model, "number": self.asked.number, "metres": self.held.metres, "mode": self.held.mode,
            "standard": self.held.label or None, "amount_each": self.asked.amount_each, "demonstration": self.demonstration, "status": self.status, "proven": self.proven,
            "objective": self.objective, "bound": self.bound, "gap": self.gap, "seconds": self.seconds, "solver": self.solver,
            "people": self.people_total, "covered_people_before": self.people_before, "covered_people": self.people_after,
            "covered_share": self.people_after / self.people_total if self.people_total else None,
            "uncoverable_people": self.uncoverable_people, "mean_walk_m": self.mean_walk_m, "mean_walk_before_m": self.mean_walk_before_m, "demand_unit": self.demand_unit,
            "kept_sites": len(self.kept), "candidates": self.candidates, "candidates_from": self.words, "notes": list(self.notes),
        }


def build_sited(district: District, asked: Siting, *, held: Held, reaches: Sequence[Held], solved: Solved, chosen: gpd.GeoDataFrame,
                kept: gpd.GeoDataFrame, walks: Floats, kept_m: Floats, straight_m: Floats, people: Floats,
                reasons: dict[Reason, Numbers], candidates: int, words: Text, notes: tuple[Text, ...], wished: np.ndarray[Any, np.dtype[np.bool_]]) -> Sited:
    """Put the answer together; `walks` are those of the chosen candidates, shape (chosen, demand)."""
    after = np.minimum(walks.min(axis=0, initial=np.inf), kept_m)
    metres = np.inf if held.metres is None else held.metres + _TOLERANCE_M
    before, served = (float(people[(walk <= metres) & np.isfinite(walk)].sum()) for walk in (kept_m, after))
    plus = before if asked.model == "mclp" else 0.0
    left = np.flatnonzero(~((after <= metres) & np.isfinite(after)) & (people > 0))
    nobody = np.concatenate([reasons["off_network"], reasons["no_candidate"]]).astype(np.int64)
    why = {int(i): reason for reason, numbers in reasons.items() if reason != "apart" for i in numbers}
    unserved = _left(district, left, why, after, people)
    unserved.attrs["people"] = people
    there = solved.status != "infeasible"
    return Sited(
        asked, asked.layer, held, district.is_sketch, solved.status, solved.objective + plus if there else None,
        _finite(solved.bound + plus), _finite(gap_of(solved.objective + plus, solved.bound + plus, proven=solved.proven)) if there else None, solved.seconds, solved.solver,
        _ordered(district, chosen, walks, kept_m, people, metres=metres, wished=wished), kept.reset_index(drop=True),
        _left(district, nobody, why, after, people), _left(district, reasons["too_few_sites"], why, after, people),
        _left(district, reasons["apart"], dict.fromkeys(reasons["apart"].tolist(), "apart"), after, people), unserved,
        _reaches(reaches, kept_m, after, straight_m, people), kept_m, after, float(people.sum()), before, served,
        float(people[nobody].sum()), candidates, words, notes, district.demand_unit)


def places_of_none(sited: Sited) -> gpd.GeoDataFrame:
    """Return of an infeasible question the demand that makes it so, then the demand that is left, `reason` telling which is which."""
    both = pd.concat([sited.cause, sited.unmet], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=sited.unmet.crs)


def _ordered(district: District, chosen: gpd.GeoDataFrame, walks: Floats, kept_m: Floats, people: Floats, *, metres: float,
             wished: np.ndarray[Any, np.dtype[np.bool_]]) -> gpd.GeoDataFrame:
    """Return the chosen sites in the order to build them: each next one adds most people, then saves most walking."""
    now, left, order, added = kept_m.copy(), list(range(len(chosen))), [], []
    far = float(np.max(walks, where=np.isfinite(walks), initial=0.0)) + 1.0
    while left:
        gains = [(float(people[(walks[j] <= metres) & ~(now <= metres)].sum()),
                  float(people @ (np.minimum(now, far) - np.minimum(np.minimum(now, walks[j]), far))), -j) for j in left]
        best = int(np.argmax([g[0] * 1e6 + g[1] / max(far, 1.0) for g in gains]))
        order.append(left[best])
        added.append(gains[best][0])
        now = np.minimum(now, walks[left.pop(best)])
    within = walks <= metres
    alone = within & (within.sum(axis=0) == 1)[None] & ~(kept_m <= metres)[None]
    nearest = np.where(np.isfinite(now) & (now < kept_m), walks.argmin(axis=0) if len(chosen) else -1, -1)
    xy = np.asarray([(p.x, p.y) for p in chosen.geometry]).reshape(-1, 2)
    lon, lat = to_wgs84(xy[:, 0], xy[:, 1], district.metric_crs)
    near = near_names(district, chosen.geometry.to_numpy())
    table = gpd.GeoDataFrame({
        **{name: chosen[name].to_numpy() for name in ("candidate", "name_zh", "name_en", "kind")}, "wished": wished,
        "near_zh": [text.zh for text in near], "near_en": [text.en for text in near], "reached_people": within @ people, "only_people": alone @ people,
        "served_people": np.bincount(nearest[nearest >= 0], people[nearest >= 0], minlength=len(chosen)), "lon": lon, "lat": lat,
    }, geometry=chosen.geometry.to_numpy(), crs=district.metric_crs).iloc[order].reset_index(drop=True)
    table["order"], table["added_people"] = np.arange(1, len(table) + 1), np.asarray(added, dtype=float)
    return table[[*SITE_FIELDS, "geometry"]]


def _left(district: District, numbers: Numbers, why: Mapping[int, Reason], walk_m: Floats, people: Floats) -> gpd.GeoDataFrame:
    """Return demand points with the reason they are left and where they are, the most people first."""
    numbers = numbers[np.argsort(-people[numbers], kind="stable")]
    points = district.demand.geometry.to_numpy()[numbers]
    near = near_names(district, points)
    xy = np.asarray([(p.x, p.y) for p in points]).reshape(-1, 2)
    lon, lat = to_wgs84(xy[:, 0], xy[:, 1], district.metric_crs)
    frame = gpd.GeoDataFrame({
        "demand_id": district.demand["demand_id"].to_numpy()[numbers], "people": people[numbers],
        "reason": [why.get(int(i), "") for i in numbers], "area_zh": "", "area_en": "",
        "near_zh": [text.zh for text in near], "near_en": [text.en for text in near],
        "walk_m": np.where(np.isfinite(walk_m[numbers]), walk_m[numbers], np.nan), "lon": lon, "lat": lat,
    }, geometry=points, crs=district.metric_crs)
    if len(district.areas) and len(frame):
        hit = gpd.sjoin(frame[["geometry"]], district.areas[["name_zh", "name_en", "geometry"]], how="left", predicate="intersects")
        hit = hit[~hit.index.duplicated()]
        frame["area_zh"], frame["area_en"] = hit["name_zh"].fillna("").astype(str), hit["name_en"].fillna("").astype(str)
    return frame[[*LEFT_FIELDS, "geometry"]]


def _reaches(reaches: Sequence[Held], before: Floats, after: Floats, straight: Floats, people: Floats) -> pd.DataFrame:
    """Return the people within every standard of the layer, before and after."""
    total = float(people.sum())
    rows = []
    for held in reaches:
        if held.metres is None:
            continue
        sums = [float(people[walk <= held.metres + _TOLERANCE_M].sum()) for walk in (before, after, straight)]
        shares = [value / total if total else 0.0 for value in sums]
        rows.append((held.mode, held.label, held.metres, sums[0], sums[1], *shares))
    return pd.DataFrame(rows, columns=list(REACH_FIELDS))


def _mean(walk_m: Floats, people: Floats) -> float | None:
    """Return the mean walk of those who have a way."""
    there = np.isfinite(walk_m)
    return float(people[there] @ walk_m[there] / people[there].sum()) if people[there].sum() > 0 else None


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
