"""Figures as people read them: shares, distances, counts, and the range of a figure that draws decide."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

_PER_CENT: Final = "\u00a0%"
_FAR_M: Final = 10_000.0
_ALL: Final = 1e-9  # the rounding of sums over people
_MOST, _LEAST = ">99.9", "<0.1"


def share(value: float | None) -> str:
    """Return a share in per cent; only all of it is 100 %, and only nothing 0 %.

    >>> [share(part).replace(chr(160), " ") for part in (0.4127, 0.99982, 1.0, 0.0002)]
    ['41.3 %', '>99.9 %', '100.0 %', '<0.1 %']
    """
    if value is None or pd.isna(value):
        return "—"
    nearly = _MOST if 1 - _ALL > value >= 0.9995 else _LEAST if _ALL < value < 0.0005 else ""
    return (nearly or f"{100 * value:.1f}") + _PER_CENT


def metres(value: float | None) -> str:
    """Return a distance, kilometres from 10,000 m on."""
    if value is None or pd.isna(value):
        return "—"
    return f"{value:,.0f} m" if value < _FAR_M else kilometres(value)


def metres_range(value: float | None, ends: Any) -> str:
    """Return a distance, or `low–high` where draws give a range of it; an end to which no way leads is infinite.

    >>> metres_range(450.0, [400.0, 1200.0]), metres_range(450.0, [400.0, None]), metres_range(450.0, [450.0, 450.0])
    ('400–1,200 m', '400–∞ m', '450 m')
    """
    if not ends or ends[0] is None or metres(ends[0]) == metres(ends[1]):
        return metres(value)
    low, high = metres(ends[0]), "∞ m" if ends[1] is None else metres(ends[1])
    return f"{low.removesuffix(' m') if high.endswith(' m') else low}–{high}"


def kilometres(value: float | None) -> str:
    """Return metres as kilometres."""
    return "—" if value is None or pd.isna(value) else f"{value / 1000:,.1f} km"


def count(value: float | None) -> str:
    """Return a count with thousands parted."""
    return "—" if value is None or pd.isna(value) else f"{value:,.0f}"


def several(value: float, one: str, many: str = "") -> str:
    """Return a count with the English word for it; `many` is only needed where it is not `one` with an s.

    >>> several(1, "site"), several(1200, "site"), several(0, "facility", "facilities")
    ('1 site', '1,200 sites', '0 facilities')
    """
    return f"{value:,.0f} {one if value == 1 else many or one + 's'}"


def supply(value: float | None) -> str:
    """Return what there is per 1,000 people, to three digits that matter.

    >>> supply(0.012345)
    '0.0123'
    """
    return "—" if value is None or pd.isna(value) else f"{value:,.3g}"


def decimals(value: float | None, digits: int) -> str:
    """Return a number with so many decimals and a true minus."""
    return "—" if value is None or pd.isna(value) else f"{value:,.{digits}f}".replace("-", "−")


def share_range(row: Mapping[str, Any], field: str = "covered_share") -> str:
    """Return a share of a coverage row, as the range of the draws where sites are drawn."""
    ends = (row["range"] or {}).get(field)
    if not ends or None in ends or share(ends[0]) == share(ends[1]):
        return share(row[field])
    return f"{share(ends[0]).removesuffix(_PER_CENT)}–{share(ends[1])}"


def count_range(value: float | None, ends: Any) -> str:
    """Return a count, or `low–high` where draws give a range of it."""
    if not ends or None in ends or round(ends[0]) == round(ends[1]):
        return count(value)
    return f"{ends[0]:,.0f}–{ends[1]:,.0f}"
