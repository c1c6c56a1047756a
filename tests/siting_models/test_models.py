"""The four models against trying every choice, and what is always true of them."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.siting_models import (
    Choice,
    Clock,
    Solved,
    Sparse,
    cover_all,
    cover_most,
    covered_weight,
    from_pairs,
    longest_walk,
    mclp,
    total_walk,
    walk_least,
    walk_shortest_longest,
)
from geodata.siting_models._cover_search import search_cover
from geodata.siting_models.program import Found, Program, solve
from geodata.siting_models.warming import warm_up

LONG_S = 60.0


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    warm_up()


@dataclass(frozen=True)
class Town:
    """Walks candidates × demand, people, walks to what stands already, a standard, and who must or must not be chosen."""

    walks: np.ndarray
    people: np.ndarray
    kept: np.ndarray
    metres: float
    choice: Choice

    @property
    def cover(self) -> Sparse:
        candidate, demand = np.nonzero(self.walks <= self.metres)
        return from_pairs(demand, candidate, self.walks.T.shape)

    def choices(self, number: int | None = None) -> Iterator[list[int]]:
        for picked in itertools.combinations(range(len(self.walks)), self.choice.number if number is None else number):
            if set(np.flatnonzero(self.choice.forced)) <= set(picked) and not self.choice.forbidden[list(picked)].any():
                yield list(picked)

    def nearest(self, picked: list[int]) -> np.ndarray:
        return np.minimum(self.walks[picked].min(axis=0, initial=np.inf), self.kept)

    @property
    def reachable(self) -> np.ndarray:
        return (self.people > 0) & (np.isfinite(self.kept) | np.isfinite(self.walks[self.choice.allowed]).any(axis=0))


@st.composite
def towns(draw: st.DrawFn, *, most: int = 9) -> Town:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    candidates, demand = draw(st.integers(2, most)), draw(st.integers(1, 24))
    here, there = rng.integers(0, 10, (candidates, 2)), rng.integers(0, 10, (demand, 2))
    walks = np.abs(here[:, None] - there[None]).sum(axis=2).astype(float)
    if draw(st.booleans()):  # two parts without a way between them
        walks[np.ix_(np.arange(candidates) % 2 == 0, there[:, 0] < 5)] = np.inf
        walks[np.ix_(np.arange(candidates) % 2 == 1, there[:, 0] >= 5)] = np.inf
    kept = np.where(rng.random(demand) < 0.4, rng.integers(0, 9, demand), np.inf) if draw(st.booleans()) else np.full(demand, np.inf)
    number = draw(st.integers(1, candidates))
    forced, forbidden = np.zeros(candidates, dtype=bool), np.zeros(candidates, dtype=bool)
    if draw(st.booleans()):
        some = rng.permutation(candidates)
        forced[some[0]] = True
        forbidden[some[1]] = number < candidates
    return Town(walks, rng.integers(0, 6, demand).astype(float), kept, float(draw(st.integers(0, 8))), Choice(number, forced, forbidden))


def honest(answer: Solved) -> None:
    """Whatever a model answers, what it says of itself is so."""
    assert answer.proven
    assert answer.gap == 0.0
    assert answer.bound == answer.objective
    assert answer.solver.startswith("HiGHS ")


@given(towns(most=12))
def test_mclp_equals_trying_every_choice_and_is_never_below_greedy(town: Town) -> None:
    answer = cover_most(town.cover, town.people, town.choice, Clock(LONG_S))
    best = max(town.people[(town.walks[picked] <= town.metres).any(axis=0)].sum() for picked in town.choices())
    honest(answer)
    assert answer.objective == best == covered_weight(town.cover, town.people, answer.chosen)
    assert len(answer.chosen) == town.choice.number
    greedy = search_cover(town.cover, town.people, town.choice, Clock(LONG_S), kicks=0)
    assert answer.objective >= covered_weight(town.cover, town.people, greedy)


@given(towns())
def test_lscp_equals_trying_every_choice(town: Town) -> None:
    answer = cover_all(town.cover, Choice(None, town.choice.forced, town.choice.forbidden), Clock(LONG_S))
    able = town.cover.meets(town.choice.allowed)
    fewest = next(k for k in range(len(town.walks) + 1) for picked in town.choices(k)
                  if ((town.walks[picked] <= town.metres).any(axis=0) | ~able).all())
    honest(answer)
    assert answer.objective == fewest == len(answer.chosen)


@given(towns())
def test_lscp_fed_to_mclp_covers_all_that_can_be_covered(town: Town) -> None:
    free = Choice.free(len(town.walks), None)
    fewest = cover_all(town.cover, free, Clock(LONG_S))
    if fewest.objective:
        most = cover_most(town.cover, town.people, Choice.free(len(town.walks), int(fewest.objective)), Clock(LONG_S))
        assert most.objective == town.people[town.cover.counts > 0].sum()


@given(towns())
def test_lscp_with_too_few_sites_leaves_as_few_people_as_can_be_and_names_who_makes_it_so(town: Town) -> None:
    fewest = int(cover_all(town.cover, Choice.free(len(town.walks), None), Clock(LONG_S)).objective)
    if fewest < 2:
        return
    limit, cover, people = fewest - 1, town.cover, town.people + 1.0
    answer = cover_all(cover, Choice.free(len(town.walks), limit), Clock(LONG_S), weights=people)
    assert answer.status == "infeasible"
    assert answer.bound > limit
    able = cover.counts > 0
    left = min(people[able & ~(town.walks[list(picked)] <= town.metres).any(axis=0)].sum() for picked in itertools.combinations(range(len(town.walks)), limit))
    assert people[answer.unmet].sum() == pytest.approx(left)
    assert able[answer.unmet].all()
    shared = (town.walks[:, answer.cause] <= town.metres).sum(axis=1).max(initial=0)
    assert len(answer.cause) == 0 or (len(answer.cause) > limit and shared == 1)
    columns = {tuple(cover.row(i)) for i in np.flatnonzero(able)}
    if any(len({c for row in rows for c in row}) == sum(map(len, rows)) for rows in itertools.combinations(columns, limit + 1)):
        assert len(answer.cause) > limit
    enough = cover_all(cover, Choice.free(len(town.walks), fewest + 1), Clock(LONG_S))
    assert (enough.status, enough.objective) == ("optimal", fewest)  # a limit is no reason to stop at it
    assert len(cover_all(cover, Choice.free(len(town.walks), limit), Clock(LONG_S)).unmet) == 0  # nobody is named where nobody asks


@given(towns())
def test_p_median_equals_trying_every_choice(town: Town) -> None:
    answer = walk_least(town.walks, town.kept, town.people, town.choice, Clock(LONG_S))
    who = town.reachable
    able = [picked for picked in town.choices() if np.isfinite(town.nearest(picked)[who]).all()]
    if not able:
        assert answer.status == "infeasible"
        assert who[answer.unmet].all()
        return
    honest(answer)
    best = min(float(town.people[who] @ town.nearest(picked)[who]) for picked in able)
    assert answer.objective == pytest.approx(best, abs=1e-6)
    assert answer.objective == pytest.approx(total_walk(town.walks, town.kept, town.people, answer.chosen), abs=1e-6)


@given(towns())
def test_p_centre_equals_trying_every_choice(town: Town) -> None:
    answer = walk_shortest_longest(town.walks, town.kept, town.people, town.choice, Clock(LONG_S))
    who = town.reachable
    able = [picked for picked in town.choices() if np.isfinite(town.nearest(picked)[who]).all()]
    if not able:
        assert answer.status == "infeasible"
        assert len(answer.unmet) > 0
        return
    honest(answer)
    assert answer.objective == min(town.nearest(picked)[who].max(initial=0.0) for picked in able)
    assert answer.objective == longest_walk(town.walks[:, who], town.kept[who], answer.chosen)


@given(towns(), st.integers(0, 2**32 - 1))
def test_covered_people_never_fall_with_another_site(town: Town, seed: int) -> None:
    last = 0.0
    for number in range(1, len(town.walks) + 1):
        found = cover_most(town.cover, town.people, Choice.free(len(town.walks), number), Clock(LONG_S)).objective
        assert found >= last
        last = found


def hard(demand: int = 1_200, candidates: int = 300, seed: int = 3) -> tuple[Sparse, np.ndarray, np.ndarray]:
    """A town whose cover the relaxation does not settle: cover, people, walks."""
    rng = np.random.default_rng(seed)
    here, there = rng.random((candidates, 2)) * 1000, rng.random((demand, 2)) * 1000
    walks = np.hypot(*(here[:, None] - there[None]).transpose(2, 0, 1))
    candidate, point = np.nonzero(walks <= 110)
    return from_pairs(point, candidate, (demand, candidates)), rng.gamma(2.0, 40.0, demand), walks


def test_a_time_limit_gives_the_best_found_with_an_honest_gap() -> None:
    cover, people, walks = hard()
    choice = Choice.free(cover.columns, 25)
    quick = cover_most(cover, people, choice, Clock(0.0))
    assert quick.status == "time_limit"
    assert quick.objective == pytest.approx(covered_weight(cover, people, quick.chosen))
    assert quick.objective < quick.bound
    assert quick.gap == pytest.approx((quick.bound - quick.objective) / quick.objective)
    longer = cover_most(cover, people, choice, Clock(2.0))
    assert quick.objective <= longer.objective <= longer.bound <= quick.bound + 1e-6
    fewest = cover_all(cover, Choice.free(cover.columns, None), Clock(0.0))
    assert fewest.status == "time_limit"
    assert fewest.objective == len(fewest.chosen) > fewest.bound == 1
    beyond = cover_all(cover, Choice.free(cover.columns, 10), Clock(0.0), weights=people)
    assert (beyond.status, beyond.bound) == ("time_limit", 1)
    assert len(beyond.chosen) > 10  # the best there is, more than the limit
    for kept in (np.full(cover.rows, np.inf), np.where(np.arange(cover.rows) % 2, 200.0, np.inf)):
        for model in (walk_least, walk_shortest_longest):
            answer = model(walks, kept, people, choice, Clock(0.0))
            assert answer.status == "time_limit"
            assert len(answer.chosen) == 25
            assert 0 <= answer.bound < answer.objective


def test_the_search_for_a_median_ends_with_the_clock_and_tells_what_it_has() -> None:
    _, people, walks = hard(150, 60)
    told: list[tuple[float, float]] = []
    asked = iter([False] * 4)
    none, free = np.full(len(people), np.inf), Choice.free(len(walks), 8)
    stopped = walk_least(walks, none, people, free, Clock(LONG_S, stop=lambda: next(asked, True)))
    assert stopped.status == "stopped"
    assert len(set(stopped.chosen)) == 8  # a few were chosen well, the rest are anybody
    walk_least(walks, none, people, free, Clock(LONG_S, tell=lambda _, best, bound: told.append((best, bound))))
    assert all(a[0] >= b[0] and a[1] <= b[1] for a, b in itertools.pairwise(told))
    assert all(bound <= best for best, bound in told)


@given(towns(), st.integers(0, 9))
def test_prices_of_a_large_table_bound_every_choice(town: Town, steps: int) -> None:
    asked = iter([False] * steps)
    prices = mclp._prices(town.cover, town.people, town.choice, 0.0, Clock(LONG_S, stop=lambda: next(asked, True)))
    best = max(town.people[(town.walks[picked] <= town.metres).any(axis=0)].sum() for picked in town.choices())
    able = town.cover.meets(town.choice.allowed)  # a model is given no others
    bound, inside, outside = mclp._settled(town.cover.take(able), town.people[able], np.where(able, prices, 0.0)[able], town.choice, best - 0.5)
    assert bound >= best - 1e-6
    better = [picked for picked in town.choices() if town.people[(town.walks[picked] <= town.metres).any(axis=0)].sum() == best]
    assert all(set(np.flatnonzero(inside)) <= set(picked) and not outside[picked].any() for picked in better)


def test_a_large_table_has_a_bound_before_its_relaxation(monkeypatch: pytest.MonkeyPatch) -> None:
    cover, people, _ = hard()
    monkeypatch.setattr(mclp, "_MANY", 0)
    monkeypatch.setattr(mclp, "relax", lambda *_: Found(None, np.inf, np.empty(0), feasible=True, ended=False))
    monkeypatch.setattr(mclp, "solve", lambda *_, **__: Found(None, np.inf, np.empty(0), feasible=True, ended=False))
    answer = cover_most(cover, people, Choice.free(cover.columns, 25), Clock(LONG_S))
    assert 0 < answer.gap < 0.05


def test_a_solve_can_be_stopped_and_tells_how_it_goes() -> None:
    cover, people, _ = hard()
    told: list[tuple[float, float, float]] = []
    asked = iter([False] * 3)
    answer = cover_most(cover, people, Choice.free(cover.columns, 25),
                        Clock(LONG_S, stop=lambda: next(asked, True), tell=lambda *how: told.append(how)))
    assert answer.status == "stopped"
    assert len(answer.chosen) == 25
    assert told[-1][1] == answer.objective
    assert all(a[0] <= b[0] for a, b in itertools.pairwise(told))


def test_the_solver_itself_is_stopped_while_it_runs() -> None:
    cover, people, _ = hard(seed=5)
    n, m = cover.rows, cover.columns
    row = np.concatenate([cover.row_of_entry(), np.arange(n), np.full(m, n)])
    column = np.concatenate([cover.index, m + np.arange(n), np.arange(m)])
    value = np.concatenate([np.ones(len(cover.index)), -np.ones(n), np.ones(m)])
    program = Program(np.concatenate([np.zeros(m), people]), np.zeros(m + n), np.ones(m + n), np.arange(m + n) < m,
                      from_pairs(row, column, (n + 1, m + n), value), np.append(np.zeros(n), 25.0), np.append(np.full(n, np.inf), 25.0), maximise=True)
    began = time.perf_counter()
    found = solve(program, Clock(600.0, stop=lambda: time.perf_counter() - began > 0.2))
    assert not found.ended
    assert found.bound >= (0.0 if found.x is None else float(program.cost @ found.x))


def test_forced_and_forbidden_candidates_cost_what_the_difference_is() -> None:
    # Three candidates on a line reach 10, 6 and 1 people.
    cover = from_pairs(np.array([0, 1, 2]), np.array([0, 1, 2]), (3, 3))
    people = np.array([10.0, 6.0, 1.0])
    free = cover_most(cover, people, Choice.free(3, 1), Clock(LONG_S))
    forced = cover_most(cover, people, Choice(1, np.array([False, False, True]), np.zeros(3, dtype=bool)), Clock(LONG_S))
    barred = cover_most(cover, people, Choice.free(3, 1).without(0), Clock(LONG_S))
    assert (free.objective, forced.objective, barred.objective) == (10.0, 1.0, 6.0)
