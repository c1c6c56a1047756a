"""A small ledger of toilets and its sites, row by row."""

import pandas as pd


def commitment(name: str, **fields: object) -> dict[str, object]:
    """A row of a small ledger of toilets."""
    return {"id": name, "zh": name, "en": name, "group": "livelihood_6", "kind": "target", "year": 2022, "layer": "public_toilets",
            "unit": "座", "comparator": "=", "unit_is_place": True, "quote": name, "offset": 0, "section": "s", "document": "d"} | fields


def site(of: str, location_class: str = "unlocated", **fields: object) -> dict[str, object]:
    return {"commitment": of, "location_class": location_class, "amount": 1.0, "status": "planned", "status_as_of": "2022-04"} | fields


def frame_of(*found: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(found), columns=["commitment", "location_class", "amount", "status", "status_as_of"])
