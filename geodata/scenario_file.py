"""A scenario as a file: GeoJSON, one feature a change, with the district it belongs to. What is saved reopens as it was."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from geodata.causes import cause
from geodata.changes import (
    NAMELESS,
    AddFacility,
    Change,
    CloseGate,
    CloseStreet,
    MoveFacility,
    OpenGate,
    OpenRoad,
    RemoveFacility,
)
from geodata.crs import from_wgs84, to_wgs84
from geodata.district import District
from geodata.errors import BadInput, Problem, Unreadable
from geodata.scenario_checks import check_changes, no_line
from geodata.storing import write_file
from layers import Text

FORMAT: Final = "chanhe-scenario-1"
_DIGITS: Final = 12
"""Decimals of a degree: finer than a micrometre, so that a scenario answers the same after it was reopened."""
_KINDS: Final[Mapping[str, type]] = {
    "open_road": OpenRoad, "close_street": CloseStreet, "add_facility": AddFacility, "move_facility": MoveFacility,
    "remove_facility": RemoveFacility, "open_gate": OpenGate, "close_gate": CloseGate,
}
_SHAPES: Final = ("line", "shape", "place")
_FIELDS: Final[Mapping[str, str]] = {"within_m": "within_m", "street_class": "class", "vehicle": "vehicle", "layer": "layer",
                                     "id": "id", "capacity": "capacity", "site": "site"}


@dataclass(frozen=True, slots=True)
class SavedScenario:
    """A scenario read from a file.

    Attributes:
        name: what it is called.
        changes: in the district's metric CRS.
        problems: what is wrong with it for this district, other data than it was made on included (a warning).
    """

    name: Text
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


def scenario_json(district: District, changes: Sequence[Change], *, name: Text = NAMELESS, method: Sequence[Text] = ()) -> str:
    """Return a scenario as GeoJSON.

    Args:
        district: the one it is applied to.
        changes: in order.
        name: what it is called.
        method: how its answer is worked out; for whoever reads the file, not read again.
    """
    root = district if district.base is None else district.base
    head: dict[str, Any] = {"format": FORMAT, "district": root.id, "stamp": root.stamp, "name": {"zh": name.zh, "en": name.en}}
    if method:
        head["method"] = {"zh": [text.zh for text in method], "en": [text.en for text in method]}
    lines = [json.dumps(_feature(root, change), ensure_ascii=False, allow_nan=False) for change in changes]
    return ('{"type": "FeatureCollection", "scenario": ' + json.dumps(head, ensure_ascii=False) + ', "features": [\n'
            + ",\n".join(lines) + "\n]}\n")


def save_scenario(path: Path, district: District, changes: Sequence[Change], *, name: Text = NAMELESS, method: Sequence[Text] = ()) -> None:
    """Write a scenario to a file, whole or not at all; see `scenario_json`.

    Raises:
        CannotWrite: the file cannot be written.
    """
    write_file(path, scenario_json(district, changes, name=name, method=method))


def open_scenario(source: Path | str | bytes, district: District) -> SavedScenario:
    """Return the scenario of a file, or of its content.

    Args:
        source: the file, or GeoJSON as text.
        district: the one it is to be applied to.

    Raises:
        Unreadable: it cannot be opened, or is no scenario.
        BadInput: it belongs to another district.
    """
    root = district if district.base is None else district.base
    head, features = _parsed(source)
    if head.get("district") != root.id:
        raise BadInput(Text("这个情景属于另一个地区（{theirs}），当前是 {ours}。请打开它所属的数据包，或重新绘制。",
                            "This scenario belongs to another district ({theirs}); this one is {ours}. Open the pack it was made on, or draw it anew.").format(
                                theirs=head.get("district") or "—", ours=root.id))
    changes: list[Change] = []
    rows: list[int] = []
    problems: list[Problem] = []
    for row, feature in enumerate(features, start=1):
        try:
            changes.append(_change(root, feature))
            rows.append(row)
        except _OnePointError:
            problems.append(no_line(row, None))
        except (KeyError, TypeError, ValueError, shapely.errors.GEOSException) as error:
            problems.append(Problem(row, "change", str(error)[:80], "not_a_change", Text("这一项不是可识别的改动。", "This is not a change we know."),
                                    Text(f"change 可为：{'、'.join(_KINDS)}。", f"change may be one of: {', '.join(_KINDS)}.")))
    if head.get("stamp") != root.stamp:
        problems.append(Problem(None, "stamp", str(head.get("stamp", "")), "other_data", Text("数据在保存之后有变化。", "The data changed since it was saved."),
                                Text("结果可能与当时不同，其余无需处理。", "Results may differ from then; nothing else to do."), "warning"))
    name = head.get("name") or {}
    return SavedScenario(Text(str(name.get("zh", "")), str(name.get("en", ""))), tuple(changes),
                         (*problems, *(_at(problem, rows) for problem in check_changes(root, changes))))


def _at(problem: Problem, rows: Sequence[int]) -> Problem:
    """A finding by its change's place in the file, since what cannot be read is not among the changes."""
    return problem if problem.row is None else replace(problem, row=rows[problem.row - 1])


class _OnePointError(ValueError):
    """A line of fewer than two points."""


def _parsed(source: Path | str | bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The head and the features."""
    told = source.name if isinstance(source, Path) else "GeoJSON"
    try:
        raw = source.read_text(encoding="utf-8-sig") if isinstance(source, Path) else source
        found = json.loads(raw)
        return dict(found["scenario"]), list(found["features"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(Text("{told} 不是情景文件：{why}。请选择由本程序保存的情景 GeoJSON。",
                              "{told} is not a scenario: {why}. Choose a scenario GeoJSON saved by this program.").format(told=told, why=cause(error))) from error


def _feature(district: District, change: Change) -> dict[str, Any]:
    """A change as a feature."""
    kind = next(key for key, cls in _KINDS.items() if isinstance(change, cls))
    told: dict[str, Any] = {"change": kind}
    shape = None
    for field in change.__slots__:
        value = getattr(change, field)
        if field in _SHAPES:
            shape = json.loads(shapely.to_geojson(shapely.transform(value, _to_degrees(district))))
        elif field == "name":
            told |= {"name_zh": value.zh, "name_en": value.en}
        else:
            told[_FIELDS[field]] = value
    return {"type": "Feature", "properties": told, "geometry": shape}


def _to_degrees(district: District) -> Callable[[np.ndarray], np.ndarray]:
    return lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], district.metric_crs)).round(_DIGITS)


def _change(district: District, feature: dict[str, Any]) -> Change:
    """A feature as a change."""
    told = dict(feature["properties"])
    cls = _KINDS[told["change"]]
    values: dict[str, Any] = {}
    for field in cls.__slots__:  # type: ignore[attr-defined]  # every change has slots
        if field in _SHAPES:
            values[field] = metric_shape(district, feature["geometry"])
        elif field == "name":
            values[field] = Text(str(told.get("name_zh") or ""), str(told.get("name_en") or ""))
        elif told.get(_FIELDS[field]) is not None:
            values[field] = float(told[field]) if field in {"within_m", "capacity"} else told[_FIELDS[field]]
    return cls(**values)  # type: ignore[no-any-return]  # one of the changes


def metric_shape(district: District, geometry: dict[str, Any]) -> shapely.Geometry:
    """Return a GeoJSON geometry in the district's metric CRS."""
    if geometry["type"] == "LineString" and len(geometry["coordinates"]) < 2:
        raise _OnePointError
    shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    return shapely.transform(shape, lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], district.metric_crs)))
