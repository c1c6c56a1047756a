"""From an answer to the plan: the chosen sites as proposals, and accepting them in place of sites not yet located."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.district import SITE_COLUMNS, District
from geodata.errors import BadInput, Refused
from geodata.placing import next_id, now
from geodata.sitefile import normal_sites
from geodata.siting_amount import amount_each, number_or_zero, open_promises, open_sites
from geodata.siting_answer import Sited
from geodata.siting_words import STATUS_NAMES
from geodata.standins import YEAR
from layers import Text, every_layer

PROPOSAL_COLUMNS: Final = (*SITE_COLUMNS, "method_zh", "method_en", "date", "candidate", "order", "added_people", "objective", "bound", "gap",
                           "solver_status", "demonstration")
"""Columns of proposals beside geometry: those of every site, then what the siting says."""
NEEDS_STREETS: Final = Text("需真实路网：示意路网上的选址只是演练，可导出，不能采纳。", "Needs real streets: on the sketch a siting is a rehearsal, which can be exported and not accepted.")


def proposals_of(district: District, sited: Sited, *, commitment: str | None = None, on: date | None = None, only: Sequence[int] | None = None) -> gpd.GeoDataFrame:
    """Return the chosen sites as proposals: `location_class` is `proposed`, with the method and the date.

    Args:
        district: where.
        sited: the answer.
        commitment: whose they would be; None takes the promises still open, one after the other (`open_promises`).
        on: the date, today if not said.
        only: the `order` of those wanted; None takes all.

    Returns:
        PROPOSAL_COLUMNS and points in the metric CRS; of a rehearsal `demonstration` is true and the names say 演示.

    Raises:
        BadInput: the layer's promise does not count places (piles) and no amount a site was given.
    """
    sites = sited.sites if only is None else sited.sites[sited.sites["order"].isin(list(only))].reset_index(drop=True)
    promises = open_promises(district, sited.layer) if commitment is None else ()
    first = commitment if commitment is not None else promises[0] if promises else ""
    mine = [promises[k] if k < len(promises) else first for k in range(len(sites))]
    amount = amount_each(district, sited.asked, first, len(sites))
    day = (on or datetime.now(UTC).date()).isoformat()
    method = _method(sited)
    rows = pd.DataFrame(index=range(len(sites)), columns=list(SITE_COLUMNS), dtype=object)
    rows["id"] = [f"{'demo-' if sited.demonstration else ''}proposal-{sited.layer}-{k:02d}" for k in sites["order"]]
    rows = rows.assign(
        layer=sited.layer, commitment=mine, origin="programme", amount=amount, status="planned", year=[_year(district, one) for one in mine],
        location_class="proposed", uncertainty_m=np.nan, basis_zh=f"{method.zh}，{day}", basis_en=f"{method.en}, {day}",
        source_zh="选址计算", source_en="siting", updated_at=now())
    numbered = [_numbered(sited.layer, int(k), demo=sited.demonstration) for k in sites["order"]]
    rows["name_zh"] = [name or one.zh for name, one in zip(sites["name_zh"], numbered, strict=True)]
    rows["name_en"] = [name or one.en for name, one in zip(sites["name_en"], numbered, strict=True)]
    frame = normal_sites(gpd.GeoDataFrame(rows, geometry=sites.geometry.to_numpy(), crs=district.metric_crs))
    more = {"method_zh": method.zh, "method_en": method.en, "date": day, "objective": sited.objective, "bound": sited.bound, "gap": sited.gap,
            "solver_status": sited.status, "demonstration": sited.demonstration}
    for name in ("candidate", "order", "added_people"):
        more[name] = sites[name].to_numpy()
    return frame.assign(**more)[[*PROPOSAL_COLUMNS, "geometry"]]


def most_accepted(district: District, sited: Sited) -> int:
    """Return how many of the proposed sites, the first ones, fit what is still waiting for a place."""
    open_ = open_sites(district.sites, sited.layer)
    waiting = open_promises(district, sited.layer)
    each = amount_each(district, sited.asked, waiting[0] if waiting else "", None)
    amounts = open_[open_["commitment"].isin(waiting)]["amount"].astype(float)
    return min(len(sited.sites), int((amounts // each).sum()))


def accept_proposals(district: District, proposals: gpd.GeoDataFrame, *, updated_by: str = "") -> gpd.GeoDataFrame:
    """Return the district's sites with unlocated ones of the proposals' commitments replaced; `packs.write_sites` keeps them.

    Each proposal takes over the id of one unlocated, nameless site of its commitment, or part of its amount: what is
    promised stays what it was, and nothing counts twice. A candidate's own name goes with it.

    Args:
        district: the district as it stands.
        proposals: rows of `proposals_of`, all or some of them.
        updated_by: who accepts.

    Raises:
        Refused: the proposals are a rehearsal on the sketch.
        BadInput: there are none, or fewer sites are still to be located than proposals, or less of their amount.
    """
    if district.is_sketch or bool(proposals["demonstration"].any()):
        raise Refused(NEEDS_STREETS)
    if proposals.empty:
        raise BadInput(Text("没有要采纳的建议。", "There is no proposal to accept."))
    sites = district.sites.copy()
    for proposal in proposals.to_dict("records"):
        sites = _accept(sites, proposal, updated_by)
    return normal_sites(gpd.GeoDataFrame(sites, geometry="geometry", crs=district.metric_crs))


def _accept(sites: gpd.GeoDataFrame, proposal: dict[str, object], by: str) -> gpd.GeoDataFrame:
    """Let one proposal take the place of an unlocated site, or of a part of one."""
    free = open_sites(sites, str(proposal["layer"]))
    free = free[free["commitment"] == proposal["commitment"]]
    amount = float(str(proposal["amount"]))
    enough = free[free["amount"].astype(float) >= amount]
    left = free["amount"].astype(float)
    if enough.empty and left.sum() >= amount:
        most = f"{left.max():g}"
        raise BadInput(Text(f"承诺 {proposal['commitment']} 待落位的分成几份（{'、'.join(f'{one:g}' for one in left)}），没有一份够这处建议的 {amount:g}。请把每处数量改为不超过 {most}。",
                            f"What is still to be located of commitment {proposal['commitment']} stands in parts ({', '.join(f'{one:g}' for one in left)}), none of which holds the {amount:g} of this proposal. Ask for {most} at each site at most."))
    if enough.empty:
        raise BadInput(Text(f"承诺 {proposal['commitment']} 待落位的不足：还余 {left.sum():g}，这处建议需 {amount:g}。请少采纳几处。",
                            f"Too little of commitment {proposal['commitment']} is still to be located: {left.sum():g} is left, this proposal needs {amount:g}. Accept fewer."))
    at = enough.index[0]
    whole = float(enough.at[at, "amount"])
    if amount < whole:
        rest = sites.loc[[at]].assign(amount=whole - amount, updated_at=now())
        piece = sites.loc[[at]].assign(id=next_id(sites, str(proposal["commitment"])), amount=amount)
        sites = gpd.GeoDataFrame(pd.concat([sites.drop(index=at), rest, piece], ignore_index=True), crs=sites.crs)
        at = sites.index[-1]
    for name in ("basis_zh", "basis_en", "source_zh", "source_en", "uncertainty_m", "location_class"):
        sites.at[at, name] = proposal[name]
    if proposal["name_zh"] != _numbered(str(proposal["layer"]), int(str(proposal["order"])), demo=False).zh:
        sites.at[at, "name_zh"], sites.at[at, "name_en"] = proposal["name_zh"], proposal["name_en"]
    sites.at[at, "updated_at"], sites.at[at, "updated_by"] = now(), by
    shapes = sites.geometry.to_numpy().copy()
    shapes[sites.index.get_loc(at)] = proposal["geometry"]
    return sites.set_geometry(gpd.GeoSeries(shapes, index=sites.index, crs=sites.crs))


def _numbered(layer: str, order: int, *, demo: bool) -> Text:
    """What a proposal is called whose candidate has no name of its own."""
    one, head = every_layer()[layer].one, Text("演示 ", "Demo ") if demo else Text("", "")
    return Text(f"{head.zh}建议{one.zh} {order}", f"{head.en}proposed {one.en} {order}")


def _method(sited: Sited) -> Text:
    """How the sites were found, in a line."""
    gap = "" if sited.gap is None else f"{100 * sited.gap:.2f} %"
    return Text("选址 {model}，标准 {held}，候选点为{words}，{status}（差距 {gap}，{solver}）",
                "siting {model}, standard {held}, candidates: {words}, {status} (gap {gap}, {solver})").format(
                    model=sited.asked.model, held=sited.held.label or "—", words=sited.words, status=STATUS_NAMES[sited.status], gap=gap, solver=sited.solver)


def _year(district: District, commitment: str) -> int:
    ledger = district.ledger
    row = ledger[ledger["id"] == commitment] if "id" in ledger.columns else ledger.iloc[:0]
    return int(number_or_zero(row["year"].iloc[0])) or YEAR if len(row) else YEAR
