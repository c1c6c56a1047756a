"""Cells as spreadsheets must get them: numbers as numbers, and no text of a file that is taken for a formula."""

from typing import Any, Final

import numpy as np
import pandas as pd

Cell = str | int | float | bool | None
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the start of a formula, full-width forms included, which Chinese Excel reads alike.

Source: OWASP, CSV Injection.
"""
_FLOAT_DIGITS: Final = 12


def plain(value: Any) -> Cell:
    r"""Return a cell's value as plain text, number, truth value, or None where unknown; infinite is unknown.

    >>> plain(np.float64(2.0)), plain(float("inf")), plain(np.bool_(True)), plain("\ud800a")
    (2, None, True, '�a')
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return _number(float(value))
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would take `text` for a formula."""
    return text.startswith(FORMULA_STARTS)


def safe_text(text: str) -> str:
    """Return `text` so that a spreadsheet reading a text file shows it and computes nothing.

    >>> safe_text("=1+1"), safe_text("兴业路")
    ("'=1+1", '兴业路')
    """
    return f"'{text}" if is_formula(text) else text


def _number(value: float) -> int | float | None:
    """Return a number without noise past its twelfth digit, whole ones whole."""
    if not np.isfinite(value):
        return None
    if value.is_integer() and abs(value) < 2**53:
        return int(value)
    return float(f"{value:.{_FLOAT_DIGITS}g}")
