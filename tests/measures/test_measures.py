import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.measures import (
    alley_reach,
    covered_people,
    network_access,
    streets_served,
    supply_per_thousand,
    unserved,
    walk_quantiles,
)
from geodata.network import build_network
from geodata.reach import Stretches
from geodata.snapping import snap
from tests import toytown as toy

walks = st.floats(0, 5000) | st.just(float("inf"))
lived = st.lists(st.tuples(st.integers(0, 50), walks), min_size=1, max_size=30)


def one(values: list[float]) -> pd.DataFrame:
    """Walks of a single run."""
    return pd.DataFrame({0: values}, dtype=float)


def test_the_rounding_of_metres_costs_nobody_the_standard() -> None:
    people, walk = pd.Series([1, 2, 4]), one([300 + 9e-7, 300 + 2e-6, np.inf])
    assert covered_people(people, walk, 300).tolist() == [1]


@given(lived, st.floats(0, 3000), st.floats(0, 3000))
def test_coverage_never_falls_when_the_standard_grows(pairs: list[tuple[int, float]], metres: float, more: float) -> None:
    people, walk = pd.Series([p for p, _ in pairs]), one([w for _, w in pairs])
    assert covered_people(people, walk, metres + more)[0] >= covered_people(people, walk, metres)[0]


@given(lived, st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9, 1.0]))
def test_a_quantile_is_the_smallest_walk_so_many_do_not_exceed(pairs: list[tuple[int, float]], share: float) -> None:
    people, walk = pd.Series([p for p, _ in pairs]), one([w for _, w in pairs])
    found = walk_quantiles(people, walk, [share]).iloc[0, 0]
    total = people.sum()
    if not total:
        assert np.isnan(found)
        return
    enough = [w for p, w in pairs if p and people[(walk[0] <= w).to_numpy()].sum() >= share * total - 1e-9]
    assert found == min(enough)


def test_every_draw_has_its_own_figures() -> None:
    people, walk = pd.Series([3, 1]), pd.DataFrame({"a": [100.0, 500.0], "b": [np.inf, 50.0]})
    assert covered_people(people, walk, 200).to_dict() == {"a": 3, "b": 1}
    assert walk_quantiles(people, walk, [0.5, 1])["p50"].to_dict() == {"a": 100, "b": np.inf}


def test_the_unserved_are_named_the_many_first() -> None:
    demand = toy.people([toy.at(0, 0), toy.at(1, 0), toy.at(2, 0), toy.at(3, 0)], [5, 9, 7, 0])
    table = pd.DataFrame({"walk_m": [301, np.inf, 300, 999], "straight_m": [200, 700, 100, 800],
                          "off_network": [False, True, False, False]})
    found = unserved(demand, table, 300)
    assert found["demand_id"].tolist() == ["d1", "d0"]
    assert found.crs == demand.crs
    assert found.geometry.iloc[0].x == toy.X0 + 1


def test_supply_is_per_thousand_of_all_people() -> None:
    row = supply_per_thousand(4000, pd.Series([1, 1, 2]))
    assert (row["sites"], row["amount"], row["per_thousand"]) == (3, 4, 1)
    assert np.isnan(supply_per_thousand(0, pd.Series([1]))["per_thousand"])


def test_streets_served_are_metres_of_street() -> None:
    stretches = Stretches(np.array([0, 1]), np.array([0.0, 20.0]), np.array([100.0, 50.0]))
    row = streets_served(pd.Series([100.0, 100.0, 60.0]), stretches)
    assert row.to_dict() == {"street_m": 260, "served_m": 130, "served_share": 0.5}


def test_alleys_have_a_length_and_people() -> None:
    alleys = toy.frame([toy.way((0, 0), (0, 400)), toy.at(5, 5), toy.way((0, 0), (100, 0))])
    row = alley_reach(alleys, pd.Series([10, 20, 30]), pd.Series([0, 300, np.inf]), 300)
    assert row.to_dict() == {"alleys": 3, "without_length": 1, "length_m": 500, "people": 30, "people_per_km": 60}


def test_access_says_who_is_off_the_network() -> None:
    network = build_network(toy.streets([toy.way((2000, 0), (2000, 80))]))
    points = [toy.at(0, 50), toy.at(50, 10), toy.at(-150, 0), toy.at(2000, 10)]
    access = snap(network, points, access_m=100)
    row = network_access(network, pd.Series([1, 6, 3, 2]), access, 100)
    assert row["off_network_people"] == 5
    assert row["off_network_points"] == 2
    assert (row["parts"], row["enterable_parts"]) == (2, 1)
    assert (row["street_m"], row["enterable_m"]) == (18_080, 18_000)
    assert (row["leg_p50_m"], row["leg_p90_m"]) == pytest.approx((10, 10))
