"""Room before and after: who finds a place where capacity is known, who is near and finds none, who is too far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from geodata import numerals
from geodata.capacity import (
    Capacity,
    capacity_access,
    counted_of,
    has_capacity,
    told_far,
    unit_of,
    units_of,
)
from geodata.counting import located
from geodata.district import District
from geodata.question import DEFAULT_ACCESS_M, Question
from geodata.standards import standards_of
from geodata.walking import SHARED, Kept
from geodata.wording import ALL_OF_IT, DEMAND_UNITS, WHO
from layers import Text, every_layer

SPLIT: Final = ("served_people", "no_room_people", "too_far_people")
"""What becomes of people where room is limited."""


@dataclass(frozen=True, eq=False)
class RoomChange:
    """How the split changes for one layer; people in the district's demand unit.

    Attributes:
        layer: layer key.
        metres: the standard.
        people_per_unit: how many people a unit of capacity serves, the same before and after.
        shared_evenly: whether nobody said so, and all people were shared out evenly over the units before.
        people: all people.
        before: the answer before, None where no site had a known capacity: then everybody is too far.
        after: likewise.
        demonstration: whether streets or people are the sketch's.
        demand_unit: what is counted.
    """

    layer: str
    metres: float
    people_per_unit: float
    shared_evenly: bool
    people: float
    before: Capacity | None
    after: Capacity | None
    demonstration: bool
    demand_unit: str

    def split(self) -> dict[str, tuple[float, float]]:
        """Return every part of SPLIT before and after."""
        nobody = {"served_people": 0.0, "no_room_people": 0.0, "too_far_people": self.people}
        return {name: (nobody[name] if self.before is None else getattr(self.before, name), nobody[name] if self.after is None else getattr(self.after, name)) for name in SPLIT}

    def facts(self) -> dict[str, Any]:
        """Return the figures under the names of `capacity`, with before, after and difference; JSON-ready."""
        told: dict[str, Any] = {"layer": self.layer, "metres": self.metres, "people_per_unit": self.people_per_unit, "shared_evenly": self.shared_evenly, "people": self.people,
                                "demand_unit": self.demand_unit, "demonstration": self.demonstration}
        for name, (was, now) in self.split().items():
            told |= {f"{name}_before": was, f"{name}_after": now, f"{name}_difference": now - was}
        for word, found in (("before", self.before), ("after", self.after)):
            told |= {f"e2sfca_mean_{word}": None if found is None else found.index_mean(), f"unknown_{word}": [] if found is None else list(found.unknown),
                     f"status_{word}": None if found is None else found.status}
        return told

    def sentence(self) -> Text:
        """Return the change in one sentence."""
        head = Text("演示：", "Demonstration: ") if self.demonstration else Text("", "")
        parts = {name: Text(f"{_share(was, self.people)} → {_share(now, self.people)}", f"{_share(was, self.people)} → {_share(now, self.people)}") for name, (was, now) in self.split().items()}
        even = Text("，按之前的全部容量平均", ", {all} shared evenly over all there was before").format(all=ALL_OF_IT[self.demand_unit]) if self.shared_evenly else Text("", "")
        held = max((found for found in (self.before, self.after) if found is not None), key=lambda found: len(found.unknown))
        unknown = len(held.unknown)
        return Text("{head}{name}的容量：{basis}沿街 {m} 内有位置的{who} {a}，够近但没有余位的 {b}，{far} {c}（每个{unit}服务 {per} {what}{even}）。",
                    "{head}Room ({name}): {basis}{a} of the {who} find it within {m} along the streets, {b} are near enough but find none, {c} are {far} (each {unit} serves {per} {what}{even}).").format(
                        head=head, name=every_layer()[self.layer].name, m=numerals.metres(self.metres), who=WHO[self.demand_unit], a=parts["served_people"], b=parts["no_room_people"],
                        c=parts["too_far_people"], unit=unit_of(self.layer), per=f"{self.people_per_unit:,.4g}", even=even, basis=counted_of(len(held.sites), unknown), far=told_far(unknown), what=DEMAND_UNITS[self.demand_unit])


def room_changes(before: District, after: District, layers: Sequence[str], *, people_per_unit: float | None = None, metres: float | None = None,
                 access_m: float = DEFAULT_ACCESS_M, kept: Kept = SHARED) -> list[RoomChange]:
    """Ask both districts who finds room, for every layer whose capacity is known in either; the others are left out.

    Args:
        before: one district.
        after: the other, with the same demand.
        layers: layer keys.
        people_per_unit: people a unit of capacity serves; None shares all people evenly over the units there are before, or,
            where there are none, after.
        metres: longest walk; None takes each layer's own standard, and a layer without one is left out.
        access_m: longest straight access leg.
        kept: where walks measured before are found.
    """
    found = []
    people = float(before.demand["people"].astype(float).sum())
    for layer in layers:
        held = standards_of(every_layer()[layer], Question((layer,)))[0].metres if metres is None else metres
        known = [has_capacity(district, layer) for district in (before, after)]
        if held is None or not any(known) or people <= 0:
            continue
        per = people / _units(before if known[0] else after, layer) if people_per_unit is None else people_per_unit
        sides = [capacity_access(district, layer, metres=held, people_per_unit=per, access_m=access_m, kept=kept) if has else None
                 for district, has in zip((before, after), known, strict=True)]
        found.append(RoomChange(layer, held, per, people_per_unit is None, people, sides[0], sides[1], before.is_sketch, before.demand_unit))
    return found


def _units(district: District, layer: str) -> float:
    units: pd.Series = units_of(district, located(district.sites[district.sites["layer"] == layer]))
    return float(units.sum())


def _share(value: float, people: float) -> str:
    return numerals.share(value / people)
