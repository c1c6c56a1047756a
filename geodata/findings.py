"""Every fact of a coverage report, worked out by the very functions that answer on the page: nothing is counted anew here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import pandas as pd

from geodata.changes import NAMELESS, Change
from geodata.comparing import Comparison, compare
from geodata.completion import balance_told
from geodata.district import District
from geodata.positions import position_ranges
from geodata.question import Question
from geodata.reach import Progress
from geodata.report import Coverage, coverage, street_service, walks
from geodata.scenario import apply
from geodata.standards import asked_layers
from geodata.walking import Kept, demo_sites
from layers import Layer, Text

KEPT_BYTES = 320 * 2**20
"""What one report keeps of its walks while it is made."""
_STEPS: Mapping[str, float] = {"coverage": 0.6, "positions": 0.05, "streets": 0.1, "layers": 0.15, "scenario": 0.1}
"""The parts of the work, as shares of its time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked.

    Attributes:
        question: layers, standard, whose sites count.
        stand_ins: whether demo sites stand for promised places without a position (on a sketch only).
        changes: a scenario to compare with, or none.
        scenario: what it is called.
        demo_sites: whether the data also hold the demo sites of draw 1, in a layer of their own.
    """

    question: Question
    stand_ins: bool = True
    changes: tuple[Change, ...] = ()
    scenario: Text = NAMELESS
    demo_sites: bool = False


@dataclass(frozen=True, eq=False)
class LayerFound:
    """What a map shows of one layer.

    Attributes:
        layer: the layer.
        metres: its headline standard, None without one.
        counted: whose sites its walks go to.
        walks: of every demand point asked about (`report.walks`); with demo sites, of draw 1.
        sites: the located sites counted.
        demo: the demo sites of draw 1, or None.
    """

    layer: Layer
    metres: float | None
    counted: str
    walks: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    demo: gpd.GeoDataFrame | None

    @property
    def drawn(self) -> bool:
        """Whether it shows demo sites, those of draw 1."""
        return self.demo is not None and len(self.demo) > 0


@dataclass(frozen=True, eq=False)
class Findings:
    """Every fact of a report.

    Attributes:
        district: where.
        asked: what.
        answer: the coverage.
        positions: `positions.position_ranges` of its rows.
        streets: metres of street within reach.
        ledger: `completion.balance_told` of the commitments of the chosen layers.
        layers: what the maps show, one a layer some site of which has a place or is drawn; of others nothing can be said.
        comparison: before and after the scenario, or None.
    """

    district: District
    asked: Asked
    answer: Coverage
    positions: pd.DataFrame
    streets: pd.DataFrame
    ledger: pd.DataFrame
    layers: tuple[LayerFound, ...]
    comparison: Comparison | None

    @property
    def demonstration(self) -> bool:
        """Whether it is headed 演示: a sketch, or demo sites counted."""
        return self.answer.demonstration

    @property
    def drawn(self) -> bool:
        """Whether what is listed and mapped place by place is that of one draw of the demo sites."""
        return any(one.drawn for one in self.layers)


@dataclass
class _Told:
    """Progress over several pieces of work."""

    tell: Progress | None
    done: float = field(default=0.0)

    def part(self, name: str) -> Progress:
        """Return the progress of one piece; what was told of it counts from where the last ended."""
        start, share = self.done, _STEPS[name]
        self.done += share

        def told(done: float) -> None:
            if self.tell:
                self.tell(min(1.0, start + share * done))

        return told


def find(district: District, asked: Asked, *, progress: Progress | None = None, kept: Kept | None = None) -> Findings:
    """Work out a report.

    Args:
        district: where.
        asked: what.
        progress: told the share done, 0 to 1.
        kept: where walks measured before are found; without one they are kept while the report is made.

    Raises:
        Unknown: no such layer or area.
        Misasked: a standard that cannot be.
        ProblemsFound: a change of the scenario that cannot be made.
    """
    kept = kept or Kept(most_bytes=KEPT_BYTES)
    told, question = _Told(progress), asked.question
    answer = coverage(district, question, stand_ins=asked.stand_ins, progress=told.part("coverage"), kept=kept)
    positions = position_ranges(district, question, answer.rows, stand_ins=asked.stand_ins, progress=told.part("positions"), kept=kept)
    streets = street_service(district, question, stand_ins=asked.stand_ins, kept=kept)
    told.part("streets")(1.0)
    layers = _layers(district, asked, answer, told.part("layers"), kept)
    comparison = None
    if asked.changes:
        after = apply(district, asked.changes)
        comparison = compare(district, after, question, stand_ins=asked.stand_ins, progress=told.part("scenario"), kept=kept)
    if progress:
        progress(1.0)
    return Findings(district, asked, answer, positions, streets, _ledger(district, question), tuple(layers), comparison)


def _layers(district: District, asked: Asked, answer: Coverage, told: Progress, kept: Kept) -> Sequence[LayerFound]:
    """Return what the map of each layer shows, as the coverage page shows it."""
    question, found = asked.question, []
    wanted = [layer for layer in asked_layers(question) if (answer.rows["layer"] == layer.key).any()]
    drawn = demo_sites(district, question, kept) if asked.stand_ins and district.streets_kind == "sketch" else None
    for place, layer in enumerate(wanted, start=1):
        ways = walks(district, replace(question, layers=(layer.key,)), stand_ins=asked.stand_ins, kept=kept)
        own = answer.rows.loc[answer.rows["layer"] == layer.key, "metres"].iloc[0]
        demo = drawn[drawn["layer"] == layer.key] if drawn is not None and ways.attrs.get("draw") is not None else None
        sites = answer.sites[answer.sites["layer"] == layer.key]
        if len(sites) or (demo is not None and len(demo)):
            found.append(LayerFound(layer, None if own is None else float(own), str(ways.attrs["counted"]), ways, sites, demo))
        told(place / len(wanted))
    return found


def _ledger(district: District, question: Question) -> pd.DataFrame:
    """Return the balance of the commitments whose places are of the chosen layers."""
    if not len(district.ledger):
        return pd.DataFrame(columns=["id"])
    rows = balance_told(district)
    return rows[rows["layer"].isin(question.layers)].reset_index(drop=True)
