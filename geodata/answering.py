"""The rows of a coverage answer, each with the walks it was taken from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from geodata.counting import COUNTED, Tally, tallies
from geodata.district import District
from geodata.figures import Measured, figures
from geodata.network import Metres
from geodata.question import Counted, Question
from geodata.reach import Progress
from geodata.standards import Held, asked_layers, standards_of
from geodata.walking import Kept, Walked, ground, walked
from layers import Layer


@dataclass(frozen=True, eq=False)
class Part:
    """One row, and what stands behind it.

    Attributes:
        tally: the sites it counts; of a joint row, those of its first layer.
        held: the standard; of a joint row, that of its first layer.
        runs: the walks; of a joint row, those of its first layer.
        measured: what its figures were taken from.
        row: its fields by `geodata.figures.ROW_COLUMNS`.
        over: of a joint row, the rows it joins.
        joint: `any` or `all` for a joint row, else None.
    """

    tally: Tally
    held: Held
    runs: Walked
    measured: Measured
    row: dict[str, Any]
    over: "tuple[Part, ...]" = ()
    joint: Literal["any", "all"] | None = None

    @property
    def drawn(self) -> int:
        """Demo sites counted."""
        return sum(p.drawn for p in self.over) if self.over else self.runs.drawn


def parts_of(district: District, question: Question, chosen: npt.NDArray[np.bool_], *, stand_ins: bool,
           progress: Progress | None, kept: Kept, firm_m: float | None = None, ways: Mapping[str, Counted] | None = None) -> tuple[list[Part], list[Layer]]:
    """Every row of the answer with what it was taken from, and the layers that have none.

    With `ways` each layer named there is counted in that one way, and the others are left out.
    With `firm_m`, points known less exactly than that are moved within their uncertainty too, not only where the standard calls for it.
    """
    asked = asked_layers(question)
    todo = [(tally, held) for layer in asked if layer.serves_on_foot and (ways is None or layer.key in ways)
            for tally in tallies(district, layer, question if ways is None else replace(question, counted=ways[layer.key]), stand_ins=stand_ins)
            for held in standards_of(layer, question)]
    parts = []
    for i, (tally, held) in enumerate(todo):
        def told(share: float, i: int = i) -> None:
            if progress:
                progress((i + share) / len(todo))
        runs = walked(district, tally, question, metres=held.metres, firm_m=firm_m, kept=kept, progress=told)
        off = ground(district, question.access_m, kept).access.off
        parts.append(_part(district, question, tally, held, runs=runs, off=off, chosen=chosen))
        told(1.0)
    answered = {p.held.layer.key for p in parts}
    if len(asked) > 1:
        parts += _joint(district, question, headlines(parts), chosen)
    return parts, [layer for layer in asked if layer.key not in answered]


def _part(district: District, question: Question, tally: Tally, held: Held, *, runs: Walked,
          off: npt.NDArray[np.bool_], chosen: npt.NDArray[np.bool_]) -> Part:
    """One row of one layer."""
    measured = Measured(district.demand["people"].to_numpy(float), runs.walk_m, runs.straight_m, held.metres, off)
    row = figures(measured.within(chosen), nowhere=_nowhere(tally, runs)) | {
        "layer": held.layer.key, "standard": held.label or None, "metres": held.metres, "mode": held.mode,
        "counted": tally.counted, "sites_counted": _whole(tally.amount), "sites_promised": _whole(tally.promised) if tally.counted == "programme" else None,
    }
    return Part(tally, held, runs, measured, _finished(row, district, question, runs.drawn, moved=runs.moved))


def _nowhere(tally: Tally, runs: Walked) -> bool:
    """Whether no site of a row has a place: none is located, and none is drawn."""
    return not len(tally.sites) and not runs.drawn


def _joint(district: District, question: Question, heads: list[Part], chosen: npt.NDArray[np.bool_]) -> list[Part]:
    """The rows `any` (the nearest of all) and `all` (people within every one), for each way of counting all layers have.

    Where they have none in common, each layer's widest is taken, `together`.
    """
    keys = dict.fromkeys(p.held.layer.key for p in heads)
    if len(keys) < 2:
        return []
    common = {c: [p for p in heads if p.tally.counted == c] for c in COUNTED}
    groups = {c: same for c, same in common.items() if len(same) == len(keys)}
    if not groups:
        groups = {"together": [[p for p in heads if p.held.layer.key == key][-1] for key in keys]}
    return [_joined(district, question, name, counted, same, chosen=chosen)
            for counted, same in groups.items() for name in ("any", "all")]


def _joined(district: District, question: Question, name: Literal["any", "all"], counted: Counted, same: list[Part], *,
            chosen: npt.NDArray[np.bool_]) -> Part:
    """One of the two rows over several layers, each held to its own standard."""
    fold = np.minimum if name == "any" else np.maximum
    first = same[0]
    known = all(p.held.metres is not None for p in same)
    walk_m, straight_m = _fold(fold, (p.measured.walk_m for p in same)), _fold(fold, (p.measured.straight_m for p in same))
    folded = (_fold(fold, (p.measured.over_m for p in same)), _fold(fold, (p.measured.straight_over_m for p in same))) if known else None
    measured = Measured(first.measured.people, walk_m, straight_m, None, first.measured.off, folded)
    held = {(p.held.label, p.held.metres, p.held.mode) for p in same}
    label, metres, mode = held.pop() if len(held) == 1 else (" / ".join(_named(p) for p in same) if known else None, None, "distance")
    promised = [p.row["sites_promised"] for p in same]
    # Within every one is no one where one is nowhere, and no more is known of the nearest of all than of those that are.
    nowhere = (any if name == "all" else all)(_nowhere(p.tally, p.runs) for p in same)
    row = figures(measured.within(chosen), nowhere=nowhere) | {
        "layer": name, "standard": label or None, "metres": metres, "mode": mode, "counted": counted,
        "sites_counted": _whole(sum(p.tally.amount for p in same)),
        "sites_promised": None if None in promised else _whole(sum(x for x in promised if x is not None)),
    }
    drawn = sum(p.drawn for p in same)
    return Part(first.tally, first.held, first.runs, measured, _finished(row, district, question, drawn, moved=sum(p.runs.moved for p in same)),
                over=tuple(same), joint=name)


def _named(part: Part) -> str:
    """The standard of a row inside a joint one, with the distance it makes: `300 m`, `216 m (3 min × 1.2 m/s)`."""
    metres = f"{part.held.metres:g} m"
    return metres if part.held.label == metres else f"{metres} ({part.held.label})"


def _fold(fold: np.ufunc, tables: Iterator[Any]) -> Metres:
    """Fold tables of one run or of many into one, one after the other; a single run stands for every draw."""
    folded = next(tables)
    for table in tables:
        folded = fold(folded, table)
    return np.asarray(folded, dtype=float)


def _finished(row: dict[str, Any], district: District, question: Question, drawn: int, *, moved: int) -> dict[str, Any]:
    """Add what every row says of itself."""
    several = drawn + moved > 0
    return row | {"demand_unit": district.demand_unit, "demonstration": district.is_sketch or drawn > 0,
                  "draws": question.draws if several else None, "seed": question.seed if several else None}


def _whole(value: float | None) -> float | int | None:
    """A count without a needless fraction."""
    return value if value is None or value % 1 else int(value)


def headlines(parts: list[Part]) -> list[Part]:
    """The first standard of every layer and way of counting."""
    seen: dict[tuple[str, Counted], Part] = {}
    for part in parts:
        if part.joint is None:
            seen.setdefault((part.held.layer.key, part.tally.counted), part)
    return list(seen.values())
