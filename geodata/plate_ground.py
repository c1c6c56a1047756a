"""The quiet ground of a drawn map as SVG: neighbours, water, streets by class, rail, the boundary; as the browser shows it in daylight."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pyproj
import shapely

from geodata.deck import LegendEntry
from geodata.district import STREET_CLASSES, District
from geodata.plate_symbols import INSIDE
from geodata.plate_window import Window
from layers import Text

OUTSIDE: Final = "#eceeec"
EDGE: Final = "#d6d9d7"
BOUNDARY: Final = "#6d767c"
WATER: Final = "#cddfe8"
RAIL: Final = "#8f979c"
STREETS: Final[Mapping[str, str]] = {"trunk": "#c3c8ca", "primary": "#c9cdcf", "secondary": "#d2d6d7", "tertiary": "#dadddd",
                                     "residential": "#e2e4e3", "lane": "#e6e7e5", "path": "#e4e5e1"}
WIDTHS_PX: Final[Mapping[str, float]] = {"trunk": 3.4, "primary": 3.0, "secondary": 2.3, "tertiary": 1.7, "residential": 1.1, "lane": 0.75, "path": 0.6}

_DATUM: Final = Text("{name}（{code}）；按 CGCS2000 使用相差不到 1 米", "{name} ({code}); taken as CGCS2000 it differs by less than 1 m")


def ground(district: District, window: Window) -> Iterator[str]:
    """Yield the ground as SVG elements, bottom first."""
    px, line = window.px, window.line / window.grow
    yield f'<rect width="{window.width_mm:g}" height="{window.height_mm:g}" fill="{OUTSIDE}"/>'
    yield _stroke(window.path(district.neighbours.geometry.to_numpy()), EDGE, px(1))
    yield _fill(window.path(district.boundary.geometry.to_numpy()), INSIDE)
    areas = district.water.geom_type.str.contains("Polygon").to_numpy(dtype=bool)
    yield _fill(window.path(district.water.geometry.to_numpy()[areas]), WATER)
    yield _stroke(window.path(district.water.geometry.to_numpy()[~areas]), WATER, px(2.4 * line))
    kinds = district.streets["class"].to_numpy()
    for kind in reversed(STREET_CLASSES):
        mine = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(district.streets.geometry.to_numpy()[kinds == kind])))
        yield _stroke(window.path([mine]), STREETS[kind], px(WIDTHS_PX[kind] * line))
    rail = window.path(district.rail.geometry.to_numpy())
    yield _stroke(rail, RAIL, px(max(1.6, 1.8 * line)), cap="butt")
    yield _stroke(rail, INSIDE, px(max(0.8, line)), cap="butt", dash=(px(6), px(6)))
    yield _stroke(window.path(district.boundary.boundary.to_numpy()), BOUNDARY, px(1.8), dash=(px(7), px(3), px(1.5), px(3)))


def ground_legend(district: District) -> tuple[LegendEntry, ...]:
    """Return the ground's own lines of a legend: those of what the district has."""
    sketch = Text("（示意）", " (sketch)") if district.streets_kind == "sketch" else Text("", "")
    rows = [LegendEntry(Text("区界", "District boundary"), "line", BOUNDARY, dashed=True),
            LegendEntry(Text("道路{sketch}", "Streets{sketch}").format(sketch=sketch), "line", STREETS["primary"])]
    rows += [LegendEntry(Text("铁路{sketch}", "Railway{sketch}").format(sketch=sketch), "line", RAIL, dashed=True)] if len(district.rail) else []
    rows += [LegendEntry(Text("水面{sketch}", "Water{sketch}").format(sketch=sketch), "area", WATER, fill=WATER)] if len(district.water) else []
    return tuple(rows)


def datum_of(district: District) -> Text:
    """Return what a map's coordinates are in, as it stands on a sheet."""
    return _DATUM.format(name=pyproj.CRS.from_user_input(district.metric_crs).name, code=district.metric_crs)


def _fill(path: str, colour: str) -> str:
    return f'<path d="{path}" fill="{colour}"/>' if path else ""


def _stroke(path: str, colour: str, width_mm: float, *, cap: str = "round", dash: tuple[float, ...] = ()) -> str:
    told = f' stroke-dasharray="{" ".join(f"{part:.2f}" for part in dash)}"' if dash else ""
    return (f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{np.round(width_mm, 3):g}" stroke-linecap="{cap}" '
            f'stroke-linejoin="round"{told}/>') if path else ""
