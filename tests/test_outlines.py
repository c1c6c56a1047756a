"""Strips drawn on a grid against the same strips buffered and united."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import outlines
from geodata.areas import drawn, united
from geodata.outlines import outline
from tests import toytown as toy

STREETS = toy.streets().geometry.to_numpy()


def test_one_street_is_a_strip_with_round_ends() -> None:
    found = outline(np.asarray([toy.way((0, 0), (200, 0))]), 30)
    assert found.area == pytest.approx(200 * 60 + np.pi * 900, rel=0.01)
    assert found.bounds == pytest.approx((toy.X0 - 30, toy.Y0 - 30, toy.X0 + 230, toy.Y0 + 30), abs=0.5)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(5, 60))
def test_it_differs_from_the_exact_strips_by_half_a_per_cent(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, np.pi)
    some = shapely.transform(rng.choice(STREETS, count, replace=False), lambda xy: (xy - [toy.X0, toy.Y0]) @ [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    exact, found = united(some, 30), outline(some, 30)
    assert found.is_valid
    assert shapely.symmetric_difference(exact, found).area <= 0.005 * exact.area


def test_a_block_inside_the_streets_stays_open() -> None:
    ring = np.asarray([toy.way((0, 0), (200, 0), (200, 200), (0, 200), (0, 0))])
    found = outline(ring, 30)
    assert not found.contains(toy.at(100, 100))
    assert len(found.interiors) == 1


def test_parts_far_apart_are_one_geometry_and_nothing_is_nothing() -> None:
    found = outline(np.asarray([toy.way((0, 0), (50, 0)), toy.way((500, 500), (550, 500))]), 20)
    assert len(found.geoms) == 2
    assert outline(np.empty(0, object), 20).is_empty


def test_a_grid_too_large_is_left_to_exact_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlines, "MOST_POINTS", 100)
    assert outline(STREETS, 30) is None
    assert drawn(STREETS[:4], 30).equals(united(STREETS[:4], 30))
