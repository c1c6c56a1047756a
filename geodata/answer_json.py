"""Answers as JSON: plain values under names that stay as they are, the same from the command line and from a page."""

import math
from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from layers import Text

if TYPE_CHECKING:
    from geodata.district import District

Json = dict[str, Any]


def document_of(result: object, *, parameters: Mapping[str, object], sources: object, data_hashes: Mapping[str, str], **more: object) -> Json:
    """Return the one document of an answer: result, parameters, sources, data hashes, then whatever else it says."""
    found: Json = as_json({"result": result, "parameters": parameters, "sources": sources, "data_hashes": data_hashes, **more})
    return found


def as_json(value: object) -> Any:
    """Return `value` as JSON takes it: unknown and infinite as null, both languages of a wording, paths and dates as text, whole numbers whole.

    >>> as_json({"a": float("inf"), "b": (2.0, Text("一", "one"))})
    {'a': None, 'b': [2, {'zh': '一', 'en': 'one'}]}
    """
    if isinstance(value, Mapping):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, str | bool | None):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(inner) for inner in value]
    if isinstance(value, PurePath | date):
        return str(value)
    return _number(value)


def sources_of(district: "District") -> list[Json]:
    """Return where the parts of a district come from."""
    return [{"part": source.part, "title": source.title, "licence": source.licence, "date": source.date, "sure": source.sure} for source in district.sources]


def records_of(frame: Any) -> list[Json]:
    """Return a table's rows by column name; geometry is left out."""
    return [{str(name): value for name, value in row.items() if name != "geometry"} for row in frame.to_dict("records")]


def _number(value: object) -> Any:
    """Return a number of Python, numpy or pandas; what is none becomes null."""
    number = value.item() if hasattr(value, "item") else value
    if isinstance(number, bool | int | str):
        return number
    if not isinstance(number, float) or not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
