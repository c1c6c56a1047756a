"""What is known of a promise's completion: nothing is said to be unfinished that nobody has told of since the document was printed."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geodata.district import District
from geodata.ledger import balance, completed_as_of
from layers import Text

UNKNOWN: Final = Text("未知", "unknown")
"""Stands for a completion nobody has told of; data leave it empty."""
UNTIL: Final = Text("报告只说到 {date}", "the report ends in {date}")
"""Why it is not known."""


def told_until(district: District) -> str:
    """Return the month the document's own account ends, empty where its date is not known."""
    date = district.document.get("date")
    return date[:7] if isinstance(date, str) else ""


def told_later(district: District) -> dict[str, str]:
    """Return for each commitment the latest date at which somebody told of its sites after the document was printed."""
    sites = district.sites[district.sites["location_class"] != "stand_in"]
    latest = sites["status_as_of"].astype(object).fillna("").astype(str).groupby(sites["commitment"]).max()
    return {str(key): date for key, date in latest.items() if date[:7] > told_until(district)}


def balance_told(district: District) -> pd.DataFrame:
    """Return `ledger.balance` of a district, `completed` empty where nothing is completed and nobody has told of it since."""
    ledger = district.ledger
    found = balance(ledger, district.sites)
    told = (completed_as_of(ledger, district.sites) != "") | ledger["same_as"].where(ledger["same_as"] != "", ledger["id"]).isin(set(told_later(district)))
    return found.assign(completed=found["completed"].mask((found["kind"] == "target") & (found["completed"] == 0) & ~told))


def is_unknown(row: Mapping[Any, Any]) -> bool:
    """Tell whether a row of `balance_told` promises places of which nobody has told whether they are completed."""
    return bool(row["kind"] == "target" and pd.notna(row["located"]) and pd.isna(row["completed"]))
