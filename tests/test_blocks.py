import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.blocks import Manner, cut_land


def manner(want_m2: float, slant: float = 0.1) -> Manner:
    return Manner(lambda x, y: want_m2, lambda times, chance, x, y: "tertiary" if times > 4 else "residential", lambda x, y: slant)


@settings(max_examples=30)
@given(st.floats(300, 1500), st.floats(300, 1500), st.floats(8_000, 60_000), st.floats(0, 0.3), st.integers(0, 999))
def test_blocks_fill_the_land_and_none_is_left_too_large(wide: float, deep: float, want_m2: float, slant: float, seed: int) -> None:
    land = shapely.box(0, 0, wide, deep)
    cuts, blocks = cut_land([land], manner(want_m2, slant), np.random.RandomState(seed))
    assert sum(b.area for b in blocks) == pytest.approx(land.area, rel=0.01)
    assert max(b.area for b in blocks) < 1.36 * want_m2
    assert len(blocks) == 1 or len(cuts) >= len(blocks) - 1


def test_every_street_reaches_what_it_ends_on() -> None:
    cuts, _ = cut_land([shapely.box(0, 0, 1000, 800)], manner(30_000), np.random.RandomState(1))
    rim = shapely.box(0, 0, 1000, 800).exterior
    for i, cut in enumerate(cuts):
        others = shapely.union_all([rim, *(c.line for j, c in enumerate(cuts) if j != i)])
        for end in (cut.line.coords[0], cut.line.coords[-1]):
            assert others.distance(shapely.Point(end)) < 0.06


def test_streets_go_straight_on_more_often_than_they_miss_by_a_little() -> None:
    cuts, _ = cut_land([shapely.box(0, 0, 3000, 3000)], manner(20_000), np.random.RandomState(2))
    ends = np.array([e for c in cuts for e in (c.line.coords[0], c.line.coords[-1])])
    away = np.sqrt(((ends[:, None] - ends[None]) ** 2).sum(axis=2)) + np.eye(len(ends)) * 1e9
    nearest = away.min(axis=1)
    assert (nearest < 1.0).sum() > 2 * ((nearest > 1.0) & (nearest < 12.0)).sum() > 0


def test_the_same_seed_cuts_the_same_streets_and_another_does_not() -> None:
    one, same, other = (cut_land([shapely.box(0, 0, 900, 700)], manner(20_000), np.random.RandomState(s))[0] for s in (5, 5, 6))
    assert [c.line.wkt for c in one] == [c.line.wkt for c in same] != [c.line.wkt for c in other]


def test_land_smaller_than_wanted_stays_whole() -> None:
    cuts, blocks = cut_land([shapely.box(0, 0, 50, 50)], manner(10_000), np.random.RandomState(0))
    assert cuts == []
    assert len(blocks) == 1
