"""Street connectivity and minutes saved, done in the head."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.measures import connectivity, minutes_saved
from geodata.network import build_network
from tests import toytown as toy


def test_the_connectivity_of_the_grid() -> None:
    streets = toy.streets([toy.way((500, 500), (540, 540))])
    streets.loc[0, "vehicle"] = False
    boundary = toy.frame([toy.box(-50, -50, 950, 950)])
    found = connectivity(streets, build_network(streets), boundary)
    assert found["area_km2"] == 1.0
    assert found["street_km"] == pytest.approx(18 + 0.04 * 2**0.5)
    assert found["density_km_per_km2"] == pytest.approx(found["street_km"])
    assert (found["dead_ends"], found["intersections"]) == (1, 96)  # all but the four corners
    assert (found["vehicle_dead_ends"], found["vehicle_intersections"]) == (2, 95)  # the corner (0, 0), and (100, 0) has two ways left
    assert found["vehicle_street_km"] == pytest.approx(found["street_km"] - 0.1)


def test_streets_are_counted_inside_the_boundary_only() -> None:
    streets = toy.streets()
    found = connectivity(streets, build_network(streets), toy.frame([toy.box(-50, -50, 450, 950)]))
    assert found["street_km"] == pytest.approx(5 * 0.9 + 10 * 0.45)
    assert found["intersections"] == 50 - 2


walks = st.floats(0, 10_000) | st.just(float("inf"))


@given(st.lists(st.tuples(walks, walks), min_size=1))
def test_minutes_never_turn_a_shorter_walk_into_a_loss(pairs: list[tuple[float, float]]) -> None:
    was, now = np.array(pairs).T
    saved = minutes_saved(was, now, 1.2)
    assert (saved[now <= was] >= 0).all()
    assert (saved[now >= was] <= 0).all()
    assert saved == pytest.approx(-minutes_saved(now, was, 1.2))
