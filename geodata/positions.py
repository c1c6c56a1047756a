"""What the positions alone leave open: the covered share when sites move within their uncertainty, again and again."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geodata.answering import parts_of
from geodata.counting import located, people_asked
from geodata.district import District
from geodata.figures import Measured
from geodata.gains import FIRM_M
from geodata.measures import covered_people
from geodata.question import Question
from geodata.reach import Progress
from geodata.walking import SHARED, Kept
from layers import Text

NOT_IN_IT: Final = Text("区间只含点位：误差超过 {firm:g} 米的已落位点在其误差范围内移动（按地址、道路定位的沿街道移动，按地址的也可越过断头一端，只知范围的任意移动；有轮廓的只在误差超过标准一半时移动），示意点按其规则重抽，共 {draws} 次，90 % 的结果落在此区间；道路与人口的误差不在区间内。",
                        "The interval speaks of positions alone: located points known less exactly than {firm:g} m move within their uncertainty (along the streets where an address or a street is known, an address also past a dead end, anywhere where only an area is; mapped outlines only where it exceeds half the standard), "
                        "demo sites are redrawn by their rule, {draws} times, and 90 % of the results fall in it; streets and people are not in it.")
_EQUAL: Final = 1e-6
"""People; less is the rounding of a share."""
_COLUMNS: Final = ["low", "median", "high", "above", "below", "draws"]


def position_ranges(district: District, question: Question, rows: pd.DataFrame, *, stand_ins: bool = True, progress: Progress | None = None,
                    kept: Kept = SHARED) -> pd.DataFrame:
    """Return what becomes of the covered share while points known less exactly than FIRM_M move within their uncertainty (`geodata.moving`).

    An answer's own range moves only sites whose uncertainty exceeds half the standard; where no other point is uncertain, both are the same. Outlines that were mapped
    move in both only then: shifting one as a whole touches other streets, and shares would rise.

    Args:
        district: where.
        question: what was asked.
        rows: the rows of its answer (`report.Coverage.rows`).
        stand_ins: whether demo sites were counted.
        progress: told the share done, 0 to 1.
        kept: where walks measured before are found.

    Returns:
        `low`, `median` and `high` (p5, p50, p95) on the index of `rows`, fractions of 1; how many of the `draws` lie `above` and `below` the
        answer's own share. NaN where nothing moves or there is no share.
    """
    told = [_told(row) for _, row in rows.iterrows()]
    sites = located(district.sites[district.sites["layer"].isin(question.layers)])
    if (sites["uncertainty_m"].astype(float) > FIRM_M).any():
        chosen = people_asked(district, question)
        parts, _ = parts_of(district, question, chosen, stand_ins=stand_ins, progress=progress, kept=kept, firm_m=FIRM_M)
        told = [_told(part.row) | _beside(part.measured.within(chosen), own) for part, own in zip(parts, rows["covered_share"], strict=True)]
    if progress:
        progress(1.0)
    return pd.DataFrame(told, index=rows.index, columns=_COLUMNS, dtype=float)


def _told(row: Mapping[str, Any] | pd.Series) -> dict[str, Any]:
    """The ends and the median a row tells itself."""
    ends = (row["range"] or {}).get("covered_share")
    return {} if ends is None else {"low": ends[0], "median": row["covered_share"], "high": ends[1]}


def _beside(measured: Measured, own: float | None) -> dict[str, int]:
    """How many draws lie above and below a share."""
    over_m = measured.over_m
    if over_m is None or own is None or len(over_m) == 1:
        return {}
    covered = covered_people(pd.Series(measured.people), pd.DataFrame(over_m.T), 0).to_numpy()
    people = own * measured.people.sum()
    return {"above": int((covered > people + _EQUAL).sum()), "below": int((covered < people - _EQUAL).sum()), "draws": len(covered)}


def what_it_holds(question: Question) -> Text:
    """Return what the interval is made of, and what is not in it."""
    return NOT_IN_IT.format(firm=FIRM_M, draws=question.draws)
