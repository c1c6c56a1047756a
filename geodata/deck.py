"""What is shown in a meeting or handed over as a document: slides with their maps, tables and charts, before any format.

Everything is worked out and worded here once; a page, a PDF or a PowerPoint file only lays it out, so all of them show
the same numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import geopandas as gpd

from layers import Text

Cell = Text | str | int | float | None
"""A cell of a table: numbers stay numbers, so that a spreadsheet or a native table can count on them."""
Mark = Literal["point", "line", "area", "note"]
SlideKind = Literal["title", "text", "table", "map", "chart", "divider"]


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend.

    Attributes:
        name: what it stands for, as a sentence or name.
        mark: point, line or area; a note has none and speaks of the map as a whole.
        colour: `#rrggbb` of the outline, or of the whole.
        fill: `#rrggbb` inside; None is hollow.
        shape: of a point, as `layers.Style.shape` names it.
        letter: one character inside a point's symbol, or empty.
        dashed: a demo site, a planned road.
        count: how many the map shows; None where nothing is counted.
    """

    name: Text
    mark: Mark
    colour: str
    fill: str | None = None
    shape: str = "circle"
    letter: str = ""
    dashed: bool = False
    count: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Shapes:
    """Shapes between the ground and the sites: cells by their walk, a service area, an opened road.

    Attributes:
        frame: points, lines or areas in the district's metric CRS.
        colours: `#rrggbb`, one a row.
        opacities: 0 to 1, one a row.
        filled: areas and points are filled, else their outline is drawn.
        width_pt: of lines and outlines, in points (1/72 inch) on paper.
        dashed: whether lines are dashed.
        names: what is written beside each row, None where nothing is; empty where nothing is written at all.
    """

    frame: gpd.GeoDataFrame
    colours: Sequence[str]
    opacities: Sequence[float]
    filled: bool = True
    width_pt: float = 1.0
    dashed: bool = False
    names: Sequence[Text | None] = ()


@dataclass(frozen=True, eq=False, slots=True)
class MapPicture:
    """A map of the district, before it is drawn.

    Attributes:
        sites: what the filter shows, columns of `district.SITE_COLUMNS`, metric CRS; those without a place are not drawn.
        shapes: what lies under the sites, bottom first.
        legend: its lines, top first; the ground's own lines are added where it is drawn.
        bounds: west, south, east, north in the metric CRS; None is the whole district.
        sketch: whether 示意 belongs into the picture.
        faded: opacity of the layers that are not fully drawn, 0 to 1, by their key.
    """

    sites: gpd.GeoDataFrame
    shapes: tuple[Shapes, ...]
    legend: tuple[LegendEntry, ...]
    bounds: tuple[float, float, float, float] | None
    sketch: bool
    faded: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a slide or report.

    Attributes:
        title: what it lists.
        headings: one a column.
        rows: cells, as many as headings.
        numeric: which columns hold numbers and stand to the right.
        digits: decimals of numbers, one a column.
    """

    title: Text
    headings: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[bool, ...]
    digits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that every format draws natively.

    Attributes:
        title: what it compares.
        kind: bars side by side, bars lying down, or lines over a number.
        categories: what stands along the axis.
        series: name and values, as many as categories; None leaves a gap.
        unit: of the values, as the axis says it.
        percent: values are shares of 1, shown in per cent.
    """

    title: Text
    kind: Literal["column", "bar", "line"]
    categories: tuple[Text, ...]
    series: tuple[tuple[Text, tuple[float | None, ...]], ...]
    unit: Text
    percent: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Slide:
    """One slide, worded and counted.

    Attributes:
        id: of the saved view it came from; part of links and file names.
        kind: how it is laid out.
        title: big, one line; plain text whatever stands in it.
        demonstration: headed 演示, since streets or people are a sketch or demo sites are counted.
        sentences: at most a few, plain words with their numbers.
        map, table, chart: what it shows beside them.
        class_note: how sure the places on it are; on every slide with a map.
        sources: what its numbers rest on, one line each.
        notes: for the presenter only.
        address: page and query that reopen what it shows, or empty.
        untold: whether it only says why what it should show cannot be worked out.
    """

    id: str
    kind: SlideKind
    title: Text
    demonstration: bool
    sentences: tuple[Text, ...] = ()
    map: MapPicture | None = None
    table: Table | None = None
    chart: Chart | None = None
    class_note: Text | None = None
    sources: tuple[Text, ...] = ()
    notes: Text | None = None
    address: str = ""
    untold: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Deck:
    """Slides in the order they are shown.

    Attributes:
        title: of the whole.
        district: its name.
        made_at: when it was worked out (SOURCE_DATE_EPOCH where set), with its zone.
        data_hash: the district's stamp.
        approval: 审图号, or what is printed while there is none.
        grade: security grade, or empty.
        slides: in order.
    """

    title: Text
    district: Text
    made_at: datetime
    data_hash: str
    approval: Text
    grade: Text
    slides: tuple[Slide, ...]
