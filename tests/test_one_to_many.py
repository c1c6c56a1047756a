"""Walks from many places against one search a place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import one_to_many
from geodata.network import build_network
from geodata.one_to_many import walks_from
from geodata.reach import nearest, walks_to
from geodata.snapping import no_entries, site_entries, snap
from tests.toytown import at, streets, way


@pytest.fixture(scope="module")
def network() -> object:
    return build_network(streets([way((0, 0), (50, 60), (100, 0)), way((900, 900), (950, 950), (900, 1000), (900, 900))]))


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 60.0, 250.0, 700.0, np.inf]))
def test_every_walk_is_that_of_its_own_search(network, seed: int, limit_m: float) -> None:  # type: ignore[no-untyped-def]  # a fixture
    rng = np.random.default_rng(seed)
    places = np.asarray([at(*rng.uniform(-40, 940, 2)) for _ in range(6)], dtype=object)
    demand = np.asarray([at(*rng.uniform(-90, 990, 2)) for _ in range(40)], dtype=object)
    access = snap(network, demand, access_m=60)
    found = walks_from(network, site_entries(network, places, access_m=200), 6, access, limit_m=limit_m).table(40)
    for j in range(6):
        door = site_entries(network, places[[j]], access_m=200)
        own = walks_to(network, nearest(network, door), door, access).walk_m
        assert found[j] == pytest.approx(np.where(own <= limit_m, own, np.inf), abs=1e-9)


def test_small_rooms_and_pools_change_nothing(network, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]  # a fixture
    places = np.asarray([at(x, y) for x in (10, 410, 830) for y in (20, 555)], dtype=object)
    access = snap(network, np.asarray([at(x, 333) for x in range(0, 900, 7)], dtype=object), access_m=200)
    entries = site_entries(network, places, access_m=200)
    plain = walks_from(network, entries, len(places), access, limit_m=500)
    monkeypatch.setattr(one_to_many, "_ROOM", 3)
    monkeypatch.setattr(one_to_many, "AT_A_TIME", 4)
    first = one_to_many._Pool.of

    def tiny(*given: object) -> one_to_many._Pool:
        per_m, ring, labels = first(*given).arrays
        return one_to_many._Pool((per_m, ring, labels[:5]))
    monkeypatch.setattr(one_to_many._Pool, "of", staticmethod(tiny))
    small = walks_from(network, entries, len(places), access, limit_m=500)
    assert np.array_equal(plain.start, small.start)
    assert np.array_equal(plain.table(len(access.edge)), small.table(len(access.edge)))


def test_a_place_off_the_streets_reaches_nobody(network) -> None:  # type: ignore[no-untyped-def]  # a fixture
    access = snap(network, np.asarray([at(0, 0)], dtype=object), access_m=10)
    entries = site_entries(network, np.asarray([at(5000, 5000), at(0, 30)], dtype=object), access_m=200)
    assert walks_from(network, entries, 2, access).table(1).tolist() == [[np.inf], [30.0]]
    assert walks_from(network, no_entries(), 0, access).table(1).shape == (0, 1)


def test_one_street_walked_along_without_its_ends(network) -> None:  # type: ignore[no-untyped-def]  # a fixture
    access = snap(network, np.asarray([at(140, 0), at(199, 0)], dtype=object), access_m=10)
    place = np.asarray([at(150, 0)], dtype=object)
    assert walks_from(network, site_entries(network, place, access_m=10), 1, access, limit_m=20).table(2).tolist() == [[10.0, np.inf]]


def test_stopping_leaves_the_rest_unreached_and_progress_is_told(network) -> None:  # type: ignore[no-untyped-def]  # a fixture
    places = np.asarray([at(x, 0) for x in range(0, 900, 9)], dtype=object)
    access = snap(network, places, access_m=10)
    told: list[float] = []
    found = walks_from(network, site_entries(network, places, access_m=10), len(places), access, limit_m=5,
                       progress=told.append, stop=lambda: bool(told))
    assert told == [one_to_many.AT_A_TIME / len(places)]
    assert set(found.place) == set(range(one_to_many.AT_A_TIME))
    assert len(found.start) == len(places) + 1
