"""What the positions alone leave open: the covered share when sites move within their uncertainty, again and again."""

from typing import Final

import pandas as pd

from geodata.answering import parts_of
from geodata.counting import located, people_asked
from geodata.district import District
from geodata.gains import FIRM_M
from geodata.question import Question
from geodata.reach import Progress
from geodata.walking import SHARED, Kept
from layers import Text

NOT_IN_IT: Final = Text("区间只含点位：误差超过 {firm:g} 米的已落位点在其误差范围内移动（有轮廓的只在误差超过标准一半时移动），示意点按其规则重抽，共 {draws} 次，90 % 的结果落在此区间；道路与人口的误差不在区间内。",
                        "The interval speaks of positions alone: located points known less exactly than {firm:g} m move within their uncertainty (mapped outlines only where it exceeds half the standard), "
                        "demo sites are redrawn by their rule, {draws} times, and 90 % of the results fall in it; streets and people are not in it.")
_ENDS: Final = ["low", "high"]


def position_ranges(district: District, question: Question, rows: pd.DataFrame, *, stand_ins: bool = True, progress: Progress | None = None,
                    kept: Kept = SHARED) -> pd.DataFrame:
    """Return p5 and p95 of the covered share while points known less exactly than FIRM_M move within their uncertainty.

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
        `low`, `high` on the index of `rows`, fractions of 1; NaN where nothing moves or there is no share.
    """
    told = list(rows["range"])
    sites = located(district.sites[district.sites["layer"].isin(question.layers)])
    if (sites["uncertainty_m"].astype(float) > FIRM_M).any():
        parts, _ = parts_of(district, question, people_asked(district, question), stand_ins=stand_ins, progress=progress, kept=kept, firm_m=FIRM_M)
        told = [part.row["range"] for part in parts]
    if progress:
        progress(1.0)
    ends = [(spread or {}).get("covered_share") or (None, None) for spread in told]
    return pd.DataFrame(ends, index=rows.index, columns=_ENDS, dtype=float)


def what_it_holds(question: Question) -> Text:
    """Return what the interval is made of, and what is not in it."""
    return NOT_IN_IT.format(firm=FIRM_M, draws=question.draws)
