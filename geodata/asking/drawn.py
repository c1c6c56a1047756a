"""The scenario in the address: a JSON list, one short entry a change, so that a link holds what was drawn.

An entry is `[change, geometry type, coordinates, properties]`, the parts of a feature of a scenario file
(`geodata.scenario_file`), which is what reads it. Files that are brought become entries too.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from geodata.changes import Change
from geodata.district import District
from geodata.errors import BadInput, Problem, Unreadable
from geodata.scenario_file import FORMAT, open_scenario
from layers import Text

ENTRY: Final = 4
"""Parts of an entry."""
MOST_CHANGES: Final = 200
LINK_BAD: Final = Text("链接里的情景读不出来，可能没有复制完整。请重新复制链接，或打开情景文件。", "The scenario in the link cannot be read, perhaps because it was cut. Copy the link again, or open the scenario file.")
NO_LINES: Final = Text("{name} 里没有线，也不是情景文件。请选择含道路中心线（LineString）的 GeoJSON，或本页保存的情景文件。", "{name} holds no lines and is no scenario. Choose GeoJSON of road centre lines (LineString), or a scenario saved on this page.")
NOT_JSON: Final = Text("{name} 不是 GeoJSON。请选择扩展名为 .geojson 或 .json 的文件。", "{name} is not GeoJSON. Choose a .geojson or .json file.")
_LINES: Final = ("LineString", "MultiLineString")

Entry = list[Any]


@dataclass(frozen=True)
class Drawn:
    """A scenario read from the address.

    Attributes:
        changes: those that can be read.
        problems: what is wrong with them, by their place in the list from 1; warnings too.
    """

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        """Whether something must be put right before anything can be worked out."""
        return any(problem.level == "error" for problem in self.problems)


def drawn(text: str, district: District) -> Drawn:
    """Return the scenario of an address.

    Args:
        text: the parameter `s`; empty is no change.
        district: the one it is to be applied to.
    """
    if not text:
        return Drawn((), ())
    try:
        features = [_feature(entry) for entry in _listed(text)]
        saved = open_scenario(json.dumps({"scenario": {"format": FORMAT, "district": district.id, "stamp": district.stamp}, "features": features}), district)
    except (ValueError, TypeError, Unreadable):
        return Drawn((), (Problem(None, "link", "", "bad_link", LINK_BAD, Text("", "")),))
    return Drawn(saved.changes, saved.problems)


def entries_of(content: str, name: str, district: District) -> list[Entry]:
    """Return what a brought file adds: the changes of a scenario, or a road for every line.

    Args:
        content: of the file.
        name: what it is called, for messages.
        district: in use.

    Raises:
        BadInput: it is no GeoJSON, holds no lines, or belongs to another district.
    """
    try:
        found = json.loads(content.removeprefix("\ufeff"))
        features = [feature for feature in found["features"] if isinstance(feature, dict)]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(NOT_JSON.format(name=name)) from error
    if "scenario" in found:
        open_scenario(json.dumps(found), district)  # refuses another district's
        return [_entry(feature) for feature in features][:MOST_CHANGES]
    entries = [["open_road", "LineString", line, _named(feature.get("properties") or {})] for feature in features for line in _lines(feature.get("geometry") or {})]
    if not entries:
        raise BadInput(NO_LINES.format(name=name))
    return entries[:MOST_CHANGES]


def _listed(text: str) -> list[Any]:
    """The entries of an address."""
    found = json.loads(text)
    if not isinstance(found, list):
        raise TypeError(type(found).__name__)
    return found[:MOST_CHANGES]


def _feature(entry: Any) -> dict[str, Any]:
    """An entry as a feature; one that is none becomes a change nobody knows, which is then said."""
    if not isinstance(entry, list) or len(entry) != ENTRY or not isinstance(entry[3], dict):
        return {"properties": {"change": "?"}, "geometry": None}
    change, kind, coordinates, told = entry
    return {"properties": {**told, "change": change}, "geometry": {"type": kind, "coordinates": coordinates} if kind else None}


def _entry(feature: Mapping[str, Any]) -> Entry:
    """A feature of a scenario file as an entry."""
    told = {name: value for name, value in (feature.get("properties") or {}).items() if value not in (None, "")}
    shape = feature.get("geometry") or {}
    return [str(told.pop("change", "?")), shape.get("type"), shape.get("coordinates"), told]


def _lines(shape: Mapping[str, Any]) -> list[Any]:
    """The lines of a geometry."""
    if shape.get("type") not in _LINES or not isinstance(shape.get("coordinates"), list):
        return []
    return [shape["coordinates"]] if shape["type"] == "LineString" else list(shape["coordinates"])


def _named(told: Mapping[str, Any]) -> dict[str, str]:
    """The names a feature carries under the usual headings."""
    zh = next((str(told[name]) for name in ("name_zh", "name", "名称", "道路名称", "NAME") if told.get(name)), "")
    en = str(told.get("name_en") or "") or zh
    return {name: text[:80] for name, text in (("name_zh", zh or en), ("name_en", en)) if text}
