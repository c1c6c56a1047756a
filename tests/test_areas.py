import numpy as np
import pytest
import shapely

from geodata.areas import service_bands
from geodata.errors import BadInput
from geodata.network import build_network
from geodata.reach import nearest
from geodata.snapping import site_entries
from tests import toytown as toy

GRID = build_network(toy.streets())


def bands(place: object, *limits: float, **more: float) -> object:
    """Bands round one site."""
    entries = site_entries(GRID, [place], access_m=200)
    return service_bands(GRID, nearest(GRID, entries).walk_m, entries, limits, crs=toy.CRS, **more)


def test_a_short_walk_is_one_strip_with_round_ends() -> None:
    found = bands(toy.at(150, 100), 20, strip_m=10)
    assert found["street_m"].tolist() == pytest.approx([40])
    assert found["area_m2"][0] == pytest.approx(40 * 20 + np.pi * 100, rel=0.01)
    assert found.geometry[0].bounds == pytest.approx((toy.X0 + 120, toy.Y0 + 90, toy.X0 + 180, toy.Y0 + 110))


def test_bands_do_not_overlap_and_leave_no_hole() -> None:
    inner, outer = bands(toy.at(450, 450), 120, 250).geometry
    whole = bands(toy.at(450, 450), 250).geometry[0]
    assert shapely.intersection(inner, outer).area == pytest.approx(0, abs=1e-6)
    assert shapely.union(inner, outer).symmetric_difference(whole).area == pytest.approx(0, abs=1e-3)


def test_the_streets_of_a_band_are_counted_once() -> None:
    found = bands(toy.at(400, 400), 250, 100, 250)
    assert found["to_m"].tolist() == [100, 250]
    # 4 arms of 100 m; then from the 4 crossings at 100 m 3 new edges each, and half the 20 edges at 200 m.
    assert found["street_m"].tolist() == pytest.approx([400, 12 * 100 + 20 * 50])


def test_what_reaches_nothing_is_empty() -> None:
    found = bands(toy.at(5000, 5000), 100)
    assert found.geometry.is_empty.all()
    assert found["area_m2"].tolist() == [0]


@pytest.mark.parametrize("limits", [(), (0.0,), (-5.0, 100.0), (float("nan"),)])
def test_a_band_needs_a_distance(limits: tuple[float, ...]) -> None:
    with pytest.raises(BadInput):
        bands(toy.at(0, 0), *limits)
