"""What a scenario may change: one small fact each, in metres of the district's metric CRS. A scenario is a list of them."""

from dataclasses import dataclass
from typing import Final

import shapely

from layers import Text

WITHIN_M: Final = 5.0
"""A drawn road joins every street it touches or comes this near, unless it says otherwise."""
MOST_WITHIN_M: Final = 50.0
"""A road that is to join streets farther off must be drawn on to them."""
NEAR_STREET_M: Final = 20.0
"""A place that stands for a street or a gate lies on a street, or within this of one."""
NAMELESS: Final = Text("", "")


@dataclass(frozen=True, slots=True)
class OpenRoad:
    """Open a road. It joins every street, and every other added road, that it touches or comes near.

    Attributes:
        line: where it runs, LineString.
        name: what it is called.
        within_m: how near it must come to a street to join it; the way between is walked.
        street_class: one of `geodata.district.STREET_CLASSES`.
        vehicle: whether it carries vehicles.
    """

    line: shapely.LineString
    name: Text = NAMELESS
    within_m: float = WITHIN_M
    street_class: str = "residential"
    vehicle: bool = True


@dataclass(frozen=True, slots=True)
class CloseStreet:
    """Close streets, each from junction to junction.

    Attributes:
        shape: a line: every street that runs along it within `within_m`, or, where it covers none whole, the one it lies
            on. A point: the nearest street.
        name: what it is called.
        within_m: see `shape`.
    """

    shape: shapely.Geometry
    name: Text = NAMELESS
    within_m: float = WITHIN_M


@dataclass(frozen=True, slots=True)
class AddFacility:
    """Add a facility that counts as located.

    Attributes:
        layer: key of its layer.
        place: point, line or polygon.
        name: what it is called.
        id: its id; empty gives it one.
        capacity: how many it can serve, or None.
    """

    layer: str
    place: shapely.Geometry
    name: Text = NAMELESS
    id: str = ""
    capacity: float | None = None


@dataclass(frozen=True, slots=True)
class MoveFacility:
    """Move a site elsewhere; one that is not yet located is then located.

    Attributes:
        site: its id.
        place: where it is to stand.
    """

    site: str
    place: shapely.Geometry


@dataclass(frozen=True, slots=True)
class RemoveFacility:
    """Remove a site.

    Attributes:
        site: its id.
    """

    site: str


@dataclass(frozen=True, slots=True)
class CloseGate:
    """Close a gate: nobody passes this point of a street; either side of it is still entered from its own end.

    Attributes:
        place: on the street.
        name: what it is called.
    """

    place: shapely.Point
    name: Text = NAMELESS


@dataclass(frozen=True, slots=True)
class OpenGate:
    """Open a gate: one closed before in the list, else a way through between the streets that end or pass near this point.

    Attributes:
        place: where it is.
        name: what it is called.
        within_m: streets this near are joined.
    """

    place: shapely.Point
    name: Text = NAMELESS
    within_m: float = WITHIN_M


Change = OpenRoad | CloseStreet | AddFacility | MoveFacility | RemoveFacility | OpenGate | CloseGate
