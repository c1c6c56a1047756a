"""What a ranking of road openings is worked out from: the walks before, with each opening, with all, with all but one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geodata.changes import OpenRoad
from geodata.counting import Tally
from geodata.district import LOCATED_CLASSES, District
from geodata.gains import (
    FIRM_M,
    Gain,
    LayerWalks,
    count_fields,
    gain,
    gain_fields,
    layer_walks,
    summed,
    total_fields,
    walk_fields,
)
from geodata.network import Metres
from geodata.question import Question
from geodata.reach import Progress
from geodata.scenario import apply
from geodata.stability import Trial, Variation
from geodata.walking import Kept
from layers import Layer, every_layer

SPEEDS_M_PER_S: Final = (0.8, 1.0, 1.2)
"""Speeds at which a ranking is tried beside the one asked for: elders, GB 50180's own pace, adults."""
OTHER_DRAWS: Final = 20
"""Draws of a kind of facility that was not asked for: a ranking is tried against every kind in the data."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One road that may be opened.

    Attributes:
        id: of its site, or of the sketch's missing link.
        road: where it runs.
        demo: whether it belongs to the sketch.
    """

    id: str
    road: OpenRoad
    demo: bool


@dataclass(frozen=True, eq=False)
class Kind:
    """The walks to one kind of facility, before and with each opening alone."""

    layer: Layer
    before: LayerWalks
    after: tuple[LayerWalks, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """One layer asked for: its walks, and what each opening changes alone, all together, and each as the last."""

    kind: Kind
    was: tuple[dict[str, Any], dict[str, Any]]
    alone: tuple[Gain, ...]
    every: LayerWalks
    together: Gain
    last: tuple[Gain, ...]


@dataclass(frozen=True, eq=False)
class Work:
    """One ranking: what is asked, and what was measured for it.

    Attributes:
        district: where.
        question: what was asked.
        openings: what is ranked.
        stand_ins: whether demo sites stand for promised places without a position.
        kept: where walks measured before are found.
        chosen: which demand points are asked about.
        tallies: sites counted, by layer; no opening changes them.
    """

    district: District
    question: Question
    openings: tuple[Opening, ...]
    stand_ins: bool
    kept: Kept
    chosen: npt.NDArray[np.bool_]
    tallies: dict[str, Tally] = field(default_factory=dict)

    @property
    def everyone(self) -> Metres:
        """People at each demand point."""
        return np.asarray(self.district.demand["people"], dtype=float)

    @property
    def people(self) -> Metres:
        """The same, those not asked about left out."""
        return np.where(self.chosen, self.everyone, 0.0)

    def built(self, openings: Sequence[Opening]) -> District:
        """The district with some of the openings, made once."""
        key = ("opened", self.district.stamp, tuple((o.id, shapely.to_wkb(o.road.line), o.road.within_m) for o in openings))
        return self.kept.get(key, lambda: apply(self.district, [o.road for o in openings]), lambda d: d.network.nbytes)

    def without(self, left_out: Opening) -> list[Opening]:
        """All openings but one."""
        return [o for o in self.openings if o is not left_out]

    def walks(self, district: District, layer: Layer, question: Question, kept: Kept, *, loose: bool = False) -> LayerWalks | None:
        """The walks to one layer in one of the districts."""
        found = layer_walks(district, layer, question, stand_ins=self.stand_ins, loose=loose, kept=kept, tally=self.tallies.get(layer.key))
        if found is not None:
            self.tallies[layer.key] = found.tally
        return found

    def kind(self, layer: Layer, question: Question, step: Callable[[], None], kept: Kept, *, loose: bool = False) -> Kind | None:
        """The walks to a layer before and with each opening alone; None where the data hold nothing of it."""
        before = self.walks(self.district, layer, question, kept, loose=loose)
        step()
        if before is None:
            return None
        after = []
        for opening in self.openings:
            one = self.walks(self.built([opening]), layer, question, kept, loose=loose)
            assert one is not None
            after.append(one)
            step()
        return Kind(layer, before, tuple(after))

    def table(self, layer: Layer, step: Callable[[], None]) -> Table | None:
        """Everything about one layer; None where the data hold nothing of it."""
        kind = self.kind(layer, self.question, step, self.kept)
        every = self.walks(self.built(self.openings), layer, self.question, self.kept)
        step()
        if kind is None or every is None:
            return None
        speed, last = self.question.speed_m_per_s, []
        for opening in self.openings:
            rest = self.walks(self.built(self.without(opening)), layer, self.question, self.kept)
            assert rest is not None
            last.append(gain(rest, every, self.people, speed))
            step()
        return Table(kind, walk_fields(kind.before, self.everyone, self.chosen, "before"), self.gains(kind, speed), every,
                     gain(kind.before, every, self.people, speed), tuple(last))

    def gains(self, kind: Kind, speed_m_per_s: float) -> tuple[Gain, ...]:
        """What each opening alone changes for a kind of facility."""
        return tuple(gain(kind.before, one, self.people, speed_m_per_s) for one in kind.after)

    def at_speed(self, table: Table, speed_m_per_s: float) -> tuple[Gain, ...]:
        """What each opening alone changes at another speed; where nobody is capped, the same minutes but for a factor."""
        factor = self.question.speed_m_per_s / speed_m_per_s
        return tuple(gain(table.kind.before, one, self.people, speed_m_per_s) if found.capped.any() else replace(found, minutes=found.minutes * factor)
                     for one, found in zip(table.kind.after, table.alone, strict=True))


def row_of(work: Work, kind: Kind, was: tuple[dict[str, Any], dict[str, Any]], changed: tuple[LayerWalks, Gain], of_all: Sequence[Gain]) -> dict[str, Any]:
    """Return the fields of one layer of one opening, or of several opened together, the names a comparison gives them.

    Args:
        work: the ranking.
        kind: the layer.
        was: `walk_fields` before.
        changed: the walks after, and what changes.
        of_all: what changes for each asked layer; the total is theirs.
    """
    after, found = changed
    told, (total, total_range) = gain_fields(found), total_fields(of_all)
    now, now_range = walk_fields(after, work.everyone, work.chosen, "after")
    held, before = kind.before.held, kind.before
    drawn = before.runs.drawn > 0 or before.runs.moved
    return told | total | was[0] | now | count_fields(before) | {
        "range": (told["range"] or {}) | total_range | was[1] | now_range or None, "layer": kind.layer.key, "standard": held.label or None, "metres": held.metres, "demand_unit": work.district.demand_unit,
        "demonstration": work.district.is_sketch or before.runs.drawn > 0,
        "draws": work.question.draws if drawn else None, "seed": work.question.seed if drawn else None}


def counted(progress: Progress | None, steps: int) -> Callable[[], None]:
    """Return a function to call after each step."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(min(done / max(steps, 1), 0.99))
    return step


def steps_of(work: Work, layers: Sequence[Layer]) -> int:
    """Return how many walks a ranking measures."""
    alone = 1 + len(work.openings)
    return 2 * alone * len(layers) + alone * (len(loose_layers(work, layers)) + len(other_layers(layers)))


def loose_layers(work: Work, layers: Sequence[Layer]) -> list[Layer]:
    """Return those layers with located points known less exactly than FIRM_M; outlines do not move by that alone."""
    sites = work.district.sites
    known = sites[sites["location_class"].isin(LOCATED_CLASSES) & (sites["uncertainty_m"].astype(float) > FIRM_M) & (shapely.get_dimensions(sites.geometry.to_numpy()) == 0)]
    return [layer for layer in layers if (known["layer"] == layer.key).any()]


def other_layers(layers: Sequence[Layer]) -> list[Layer]:
    """Return the layers people walk to that were not asked for."""
    asked = {layer.key for layer in layers}
    return [layer for key, layer in every_layer().items() if layer.serves_on_foot and key not in asked]


def trials_of(work: Work, tables: Sequence[Table], step: Callable[[], None]) -> list[Trial]:
    """Return the ranking under every variation; each changes one thing of what was asked.

    As asked, all asked layers added up; at other speeds; for each kind of facility in the data by itself; with located
    sites moved within their uncertainty.
    """
    asked, question = work.question.speed_m_per_s, work.question
    kinds = [table.kind for table in tables]
    layers = [kind.layer for kind in kinds]
    trials = [_trial("asked", layers, asked, [table.alone for table in tables])]
    trials += [_trial("speed", layers, speed, [work.at_speed(table, speed) for table in tables]) for speed in SPEEDS_M_PER_S if speed != asked]
    if len(tables) > 1:
        trials += [_trial("kind", [table.kind.layer], asked, [table.alone]) for table in tables]
    loose = {layer.key: work.kind(layer, question, step, work.kept, loose=True) for layer in loose_layers(work, layers)}
    if loose:
        moved = [loose.get(kind.layer.key) or kind for kind in kinds]
        trials.append(_trial("positions", layers, asked, [work.gains(kind, asked) for kind in moved]))
    aside, fewer = work.kept.lent(), replace(question, draws=OTHER_DRAWS)
    for layer in other_layers(layers):
        kind = work.kind(layer, fewer, step, aside)
        if kind is not None:
            trials.append(_trial("kind", [layer], asked, [work.gains(kind, asked)]))
    return trials


def _trial(variation: Variation, layers: Sequence[Layer], speed_m_per_s: float, gains: Sequence[Sequence[Gain]]) -> Trial:
    """One variation; `gains` of each layer, opening by opening."""
    by_opening = list(zip(*gains, strict=True))
    runs = max(len(found.minutes) for one in by_opening for found in one)
    minutes, newly = (np.stack([np.broadcast_to(summed([getattr(found, name) for found in one]), runs) for one in by_opening]) for name in ("minutes", "newly"))
    return Trial(variation, tuple(layer.key for layer in layers), speed_m_per_s, minutes, newly)
