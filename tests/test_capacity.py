import dataclasses

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.capacity import assign, by_area, capacity_access, e2sfca, has_capacity, units_of
from geodata.errors import BadInput, Stopped
from geodata.one_to_many import Reached
from geodata.siting_models import Clock
from geodata.siting_models.program import Found
from tests.toytown import at, box, commitment, district, frame, people, site

HOMES = people([at(0, 0), at(100, 0), at(800, 0), at(450, 5000)], [10, 4, 6, 3])


def stalls(number: int, x: float, capacity: float | None) -> dict[str, object]:
    return site("parking_lots", number, at(x, 0), capacity=capacity)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Reached, np.ndarray, np.ndarray]:
    """Walks of whole metres between a few sites and homes, people and room."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sites, homes = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    there = rng.random((sites, homes)) < 0.6
    start = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    walks = rng.integers(1, 300, int(there.sum())).astype(float)
    return Reached(start, np.nonzero(there)[1], walks), rng.integers(0, 9, homes).astype(float), rng.integers(0, 12, sites).astype(float)


@given(pairs())
def test_most_are_served_and_then_least_is_walked(case: tuple[Reached, np.ndarray, np.ndarray]) -> None:
    reached, homes, room = case
    flow, status = assign(reached, homes, room, Clock(60.0))
    assert status == "optimal"
    assert flow is not None
    graph = nx.DiGraph()
    graph.add_nodes_from(["from", "to"])
    graph.add_edges_from((("from", ("home", i), {"capacity": int(n), "weight": 0}) for i, n in enumerate(homes)))
    graph.add_edges_from(((("site", j), "to", {"capacity": int(n), "weight": 0}) for j, n in enumerate(room)))
    for i, j, metres in zip(reached.demand, reached.place, reached.walk_m, strict=True):
        graph.add_edge(("home", int(i)), ("site", int(j)), capacity=1000, weight=int(metres))
    best = nx.max_flow_min_cost(graph, "from", "to")
    assert flow.sum() == pytest.approx(sum(best["from"].values()), abs=1e-6)
    assert flow @ reached.walk_m == pytest.approx(nx.cost_of_flow(graph, best), abs=1e-5)


@given(pairs())
def test_nobody_is_served_twice_and_no_site_beyond_its_room(case: tuple[Reached, np.ndarray, np.ndarray]) -> None:
    reached, homes, room = case
    flow, _ = assign(reached, homes, room, Clock(60.0))
    assert flow is not None
    assert (np.bincount(reached.demand, flow, minlength=len(homes)) <= homes + 1e-7).all()
    assert (np.bincount(reached.place, flow, minlength=len(room)) <= room + 1e-7).all()


@given(pairs())
def test_e2sfca_shares_out_exactly_the_room_that_reaches_anybody(case: tuple[Reached, np.ndarray, np.ndarray]) -> None:
    reached, homes, room = case
    index = e2sfca(reached, homes, room, 300.0)
    wanted = np.bincount(reached.place, homes[reached.demand], minlength=len(room)) > 0
    assert index @ homes == pytest.approx(room[wanted].sum())


def test_the_split_adds_up_to_everybody() -> None:
    town = district(HOMES, [stalls(1, 0, 4), stalls(2, 800, 5), stalls(3, 300, None)])
    found = capacity_access(town, "parking_lots", metres=150, people_per_unit=2)
    assert (found.people, found.served_people, found.no_room_people, found.too_far_people) == (23, 14, 6, 3)
    assert found.served_people + found.no_room_people + found.too_far_people == found.people
    assert found.mean_walk_m == pytest.approx(0)  # whoever is nearest is served where not all can be
    assert found.sites["use"].tolist() == pytest.approx([1.0, 0.6])
    assert found.unknown == ("parking_lots-03",)
    assert found.demand["no_room"].tolist() == pytest.approx([2, 4, 0, 0])
    assert "60.9 %" in found.sentence().en
    for said, basis, never in ((found.sentence().en, "of 3 located the capacity of 2 is known, and only those count", "too far"), (found.sentence().zh, "已落位 3 处中只有 2 处容量已知", "太远")):
        assert said.index(basis) < said.index("%")  # what it rests on before what it says
        assert never not in said  # a site of unknown capacity may stand beside them
        assert never not in found.far.zh + found.far.en


def test_a_site_of_no_room_stays_and_who_is_near_it_lacks_room_not_distance() -> None:
    """Closed for rebuilding, it takes nobody; leaving it out would put the six beside it among those too far."""
    town = district(HOMES, [stalls(1, 0, 4.0), stalls(2, 800, 0.0)])
    found = capacity_access(town, "parking_lots", metres=300.0, people_per_unit=1.0)
    assert (found.served_people, found.no_room_people, found.too_far_people) == pytest.approx((4, 16, 3))
    assert list(found.sites["assigned_people"]) == pytest.approx([4, 0])
    assert np.isnan(found.sites["use"].iloc[1])
    assert found.unknown == ()


def test_more_room_never_serves_fewer() -> None:
    served = [capacity_access(district(HOMES, [stalls(1, 0, n), stalls(2, 800, 1)]), "parking_lots", metres=150, people_per_unit=1).served_people
              for n in range(1, 16)]
    assert served == sorted(served)
    assert served[-1] == 15


def test_by_area_adds_up_too() -> None:
    areas = frame([box(-50, -50, 500, 500), box(500, -50, 1000, 500)], area_id=["w", "e"], name_zh=["西", "东"], name_en=["West", "East"])
    town = district(HOMES, [stalls(1, 0, 4)], areas=areas)
    found = capacity_access(town, "parking_lots", metres=150, people_per_unit=1)
    table = by_area(found, areas).set_index("area_id")
    assert table.loc["w", ["served", "no_room", "too_far"]].tolist() == pytest.approx([4, 10, 0])
    assert table.loc["e", ["served", "no_room", "too_far"]].tolist() == pytest.approx([0, 0, 6])
    assert by_area(found, town.areas.iloc[:0]).empty


def test_left_unsaid_the_standard_is_the_layers_and_all_people_are_shared_evenly() -> None:
    town = district(HOMES, [stalls(1, 0, 4), stalls(2, 800, 6)])
    found = capacity_access(town, "parking_lots")
    assert (found.metres, found.people_per_unit, found.shared_evenly) == (300, 2.3, True)
    assert found.sites["room"].sum() == pytest.approx(found.people)
    assert "平均" in found.sentence().zh
    assert "capacity of" not in found.sentence().en  # all are known, so nothing to say of it
    assert "are too far" in found.sentence().en
    assert found.index_mean() == pytest.approx(10 / 23)  # every stall reaches somebody, and no stall counts twice
    assert not capacity_access(town, "parking_lots", people_per_unit=2.3).shared_evenly


def test_piles_are_capacity_where_the_promise_counts_piles() -> None:
    ledger = [commitment("charging_sites", 40.0, unit="个桩", unit_is_place=False)]
    town = district(HOMES, [site("charging_sites", 1, at(0, 0), amount=25.0), site("charging_sites", 2, at(800, 0), amount=15.0, capacity=10)], ledger=ledger)
    assert units_of(town, town.sites).tolist() == [25, 10]
    assert has_capacity(town, "charging_sites")
    assert not has_capacity(district(HOMES, [stalls(1, 0, None)]), "parking_lots")


def test_it_says_whose_sites_count_and_what_is_not_proven() -> None:
    rows = [stalls(1, 0, 4), stalls(2, 800, 5) | {"origin": "existing"}]
    for sites, words in ((rows, "停车场（计划与既有合计）"), (rows[:1], "停车场（按计划点位）"), (rows[1:], "停车场（按既有设施）")):
        assert words in capacity_access(district(HOMES, sites), "parking_lots", metres=150).sentence().zh
    found = capacity_access(district(HOMES, rows, demand_unit="buildings"), "parking_lots", metres=150, people_per_unit=2)
    assert "每个车位服务 2 栋建筑" in found.sentence().zh
    assert "（到时限，分配未证明最优）" in dataclasses.replace(found, status="time_limit").sentence().zh
    with pytest.raises(BadInput, match=r"Fill in the column capacity .容量. of the file of sites with the stalls of each"):
        capacity_access(district(HOMES, [stalls(1, 0, None)]), "parking_lots", metres=150)
    with pytest.raises(Stopped):
        capacity_access(district(HOMES, rows), "parking_lots", metres=150, stop=lambda: True)


def test_an_assignment_without_time_is_no_assignment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geodata.capacity.solve", lambda *_: Found(None, np.inf, np.empty(0), feasible=True, ended=False))
    with pytest.raises(BadInput, match="found nothing within 5 s"):
        capacity_access(district(HOMES, [stalls(1, 0, 4)]), "parking_lots", metres=150, seconds=5.0)


@pytest.mark.parametrize(("metres", "each", "capacity"), [(0, 1, 5), (100, 0, 5), (100, 1, None)])
def test_what_cannot_be_answered_is_refused(metres: float, each: float, capacity: float | None) -> None:
    with pytest.raises(BadInput):
        capacity_access(district(HOMES, [stalls(1, 0, capacity)]), "parking_lots", metres=metres, people_per_unit=each)
