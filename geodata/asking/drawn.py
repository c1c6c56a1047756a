"""The scenario in the address: a JSON list, one short entry a change, so that a link holds what was drawn.

An entry is `[change, geometry type, coordinates, properties]`, the parts of a feature of a scenario file
(`geodata.scenario_file`), which is what reads it. Files that are brought become entries too.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from geodata.change_files import number_in, read_places
from geodata.changes import NAMELESS, Change
from geodata.district import District
from geodata.errors import BadInput, Problem, Unreadable
from geodata.scenario_file import FORMAT, open_scenario
from layers import Text

ENTRY: Final = 4
"""Parts of an entry."""
MOST_CHANGES: Final = 200
LINK_BAD: Final = Text("链接里的情景读不出来，可能没有复制完整。请重新复制链接，或打开情景文件。",
                       "The scenario in the link cannot be read, perhaps because it was cut. Copy the link again, or open the scenario file.")
TOO_MANY: Final = Text("情景有 {n} 项改动，一次最多计算 {most} 项。画好的都还在：请去掉一些，或分成几个情景。",
                       "The scenario has {n} changes; at most {most} are worked out at once. All of them are kept: remove some, or make several scenarios of them.")
FILE_TOO_MANY: Final = Text("加上 {name} 共有 {n} 项改动，一次最多计算 {most} 项，因此一项也没有加入。请分成几个文件。",
                            "With {name} there would be {n} changes; at most {most} are worked out at once, so none was added. Split the file.")
TWICE: Final = Text("{n} 条线在文件中重复，只加入一次。", "Lines that the file holds more than once, added once: {n}.")
LEFT_OUT: Final = Text("{n} 个图形不是线，没有加入。", "Left out, being no lines: {n}.")
ROW_WRONG: Final = Text("第 {row} 项没有加入：{message}", "Item {row} was left out: {message}")
NO_LINES: Final = Text("{name} 里没有线，也不是情景文件。请选择含道路中心线（LineString）的文件，或本页保存的情景文件。",
                       "{name} holds no lines and is no scenario. Choose a file of road centre lines (LineString), or a scenario saved on this page.")
NOT_JSON: Final = Text("{name} 不是 GeoJSON。请选择扩展名为 .geojson 或 .json 的文件。", "{name} is not GeoJSON. Choose a .geojson or .json file.")
_OTHER_DATA: Final = "other_data"
_JSON: Final = (".geojson", ".json")
_LONGEST_NAME: Final = 80
_MOST_NOTES: Final = 5
_DIGITS: Final = 9  # a tenth of a millimetre: the end of a missing link lies on its street

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
        entries = _listed(text)
        if len(entries) > MOST_CHANGES:
            return Drawn((), (Problem(None, "link", str(len(entries)), "too_many", TOO_MANY.format(n=len(entries), most=MOST_CHANGES), NAMELESS),))
        features = [_feature(entry) for entry in entries]
        saved = open_scenario(json.dumps({"scenario": {"format": FORMAT, "district": district.id, "stamp": district.stamp}, "features": features}), district)
    except (ValueError, TypeError, Unreadable):
        return Drawn((), (Problem(None, "link", "", "bad_link", LINK_BAD, Text("", "")),))
    return Drawn(saved.changes, saved.problems)


@dataclass(frozen=True)
class Brought:
    """What a file adds.

    Attributes:
        entries: one a change.
        name: of the scenario, empty where the file gives none.
        notes: what the user should know of it: data that changed since, shapes left out.
    """

    entries: list[Entry]
    name: Text = NAMELESS
    notes: tuple[Text, ...] = ()
    wrong: bool = False
    """Whether one of the notes is a warning."""


def brought(content: str | bytes, name: str, district: District, *, already: int = 0) -> Brought:
    """Return what a file adds: the changes of a scenario, or a road for every line.

    Args:
        content: of the file: a scenario, or anything with lines that `geodata.intake` reads.
        name: what it is called, for messages and its format.
        district: in use.
        already: changes there are, to which these are added.

    Raises:
        BadInput: it is no GeoJSON, holds no lines, too many, or belongs to another district.
        ChanheError: as `geodata.intake.read_vector`.
    """
    scenario = _scenario_in(content, name)
    if scenario is not None:
        saved = open_scenario(json.dumps(scenario), district)
        entries = [_entry(feature) for feature in scenario["features"] if isinstance(feature, dict)]
        notes = tuple(Text("{what}{remedy}", "{what} {remedy}").format(what=problem.message, remedy=problem.remedy) for problem in saved.problems if problem.code == _OTHER_DATA)
        found = Brought(entries, saved.name, notes, wrong=bool(notes))
    else:
        found = _roads_in(content, name)
    if already + len(found.entries) > MOST_CHANGES:
        raise BadInput(FILE_TOO_MANY.format(name=name, n=already + len(found.entries), most=MOST_CHANGES))
    return found


def _scenario_in(content: str | bytes, name: str) -> dict[str, Any] | None:
    """The scenario a file is, None where it is another file.

    Raises:
        BadInput: it should be GeoJSON by its name and is none.
    """
    if not name.lower().endswith(_JSON):
        return None
    try:
        found = json.loads(content.removeprefix("\ufeff") if isinstance(content, str) else content)
    except ValueError as error:
        raise BadInput(NOT_JSON.format(name=name)) from error
    if not isinstance(found, dict) or ("type" not in found and "features" not in found):
        raise BadInput(NOT_JSON.format(name=name))
    return found if isinstance(found.get("scenario"), dict) and isinstance(found.get("features"), list) else None


def _roads_in(content: str | bytes, name: str) -> Brought:
    """A road for every line of a file, each once; what is no line is counted, and a row that cannot be used is named."""
    raw = content.removeprefix("\ufeff").encode("utf-8") if isinstance(content, str) else content
    frame, problems = read_places(raw, name=name)
    lines = frame[frame.geometry.geom_type == "LineString"] if len(frame) else frame
    entries: list[Entry] = []
    known: set[tuple[tuple[float, float], ...]] = set()  # a ranking as a file has a road once a kind of facility, and again in all together
    for row, line in zip(lines.drop(columns="geometry").to_dict("records"), lines.geometry, strict=True):
        told = {heading: str(row[heading])[:_LONGEST_NAME] for heading in ("name_zh", "name_en") if row[heading]}
        within = number_in(row, "within_m")
        at = [[round(x, _DIGITS), round(y, _DIGITS)] for x, y in line.coords]
        shape = tuple((x, y) for x, y in at)
        if shape in known:
            continue
        known.add(shape)
        entries.append(["open_road", "LineString", at, told if within is None else {**told, "within_m": within}])
    errors = [problem for problem in problems if problem.level == "error"]
    if not entries and not errors:
        raise BadInput(NO_LINES.format(name=name))
    notes = [ROW_WRONG.format(row=problem.row, message=problem.message) if problem.row else problem.message for problem in errors[:_MOST_NOTES]]
    left, twice = len(frame) - len(lines), len(lines) - len(entries)
    aside = [text.format(n=n) for text, n in ((LEFT_OUT, left), (TWICE, twice)) if n]
    return Brought(entries, notes=(*notes, *aside), wrong=bool(notes or left))


def count_of(text: str) -> int:
    """Return how many changes a scenario of an address lists, 0 where it cannot be read."""
    try:
        return len(_listed(text)) if text else 0
    except (ValueError, TypeError):
        return 0


def _listed(text: str) -> list[Any]:
    """The entries of an address."""
    found = json.loads(text)
    if not isinstance(found, list):
        raise TypeError(type(found).__name__)
    return found


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
