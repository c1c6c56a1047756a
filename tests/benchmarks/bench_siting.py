"""Siting: proven covers and medians over walks of a generated town, against spopt with the same solver; what is certified, and when."""

import time
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from geodata.network import Network, build_network
from geodata.one_to_many import walks_from
from geodata.siting_models import (
    Choice,
    Clock,
    Solved,
    Sparse,
    cover_all,
    cover_most,
    from_pairs,
    walk_least,
    walk_shortest_longest,
)
from geodata.siting_models.warming import warm_up
from geodata.snapping import Access, Entries
from tests.benchmarks.race import Result
from tests.benchmarks.town_maker import make_streets

NODES = 20_000
NUMBER = 48
LEAST_FASTER = 5.0
ROUNDS = 3


def results() -> list[Result]:
    """Each instance is drawn once from its own seed; spopt is given the very table of walks."""
    warm_up()
    network = build_network(make_streets(NODES))
    found = [Result("generated network", f"{network.nodes:,} nodes, {network.edges:,} edges")]
    found += _against_spopt(network)
    found += _large(network, 500.0, seconds=30.0)
    found += _large(network, 1_000.0, seconds=10.0)
    return found + _curve(network) + _fewest(network) + _median(network) + _centre(network)


def instance(network: Network, demand: int, candidates: int, limit_m: float, seed: int = 7) -> tuple[Sparse, np.ndarray, np.ndarray]:
    """Random places on the streets: cover (demand × candidates), people, walks (candidates × demand)."""
    rng = np.random.default_rng(seed)
    edge, share = rng.integers(0, network.edges, demand), rng.random(demand)
    access = Access(edge, share * network.edge_m[edge], np.zeros(demand))
    doors, where = rng.choice(network.edges, candidates, replace=False), rng.random(candidates)
    offset_m = where * network.edge_m[doors]
    entries = Entries(np.arange(candidates), doors, offset_m, offset_m, np.zeros(candidates), np.zeros(candidates, dtype=bool))
    reached = walks_from(network, entries, candidates, access, limit_m=limit_m)
    cover = from_pairs(reached.demand, reached.place, (demand, candidates))
    table = reached.table(demand) if np.isinf(limit_m) else np.empty((0, 0))
    return cover, rng.gamma(2.0, 50.0, demand).round(), table


def _against_spopt(network: Network) -> list[Result]:
    """MCLP 2,000 × 300, p = 48, 1 km, from the table of walks to the proven optimum, building included."""
    _, people, walks = instance(network, 2_000, 300, np.inf)

    def ours() -> Solved:
        return _covered(walks, people, 1_000.0, 120.0)
    mine = ours()
    seconds = _median_seconds(ours)
    what = "MCLP 2,000 × 300, p = 48, 1 km"
    lines = [Result(what, f"{seconds:,.2f} s, {mine.status}, gap {mine.gap:.2%}", "proven optimal", mine.proven)]
    if missing := _missing():
        return [*lines, Result("the same by spopt", missing)]
    theirs, took = _spopt(walks, people, 1_000.0, rounds=ROUNDS)
    return [*lines, _same(theirs, took, mine), Result("end to end", f"{took / seconds:,.1f} times faster than spopt", f"at least {LEAST_FASTER:g}", took / seconds >= LEAST_FASTER)]


def _covered(walks: np.ndarray, people: np.ndarray, metres: float, seconds: float) -> Solved:
    """The most people within a distance, from the table of walks."""
    candidate, demand = np.nonzero(walks <= metres)
    return cover_most(from_pairs(demand, candidate, walks.T.shape), people, Choice.free(len(walks), NUMBER), Clock(seconds))


def _missing() -> str:
    """Why spopt does not race, empty where it does."""
    missing = [name for name in ("spopt", "pulp") if find_spec(name) is None]
    return f"skipped: {', '.join(missing)} not installed" if missing else ""


def _same(theirs: float, took: float, mine: Solved) -> Result:
    """Their seconds, and whether both found as much."""
    same = abs(theirs - mine.objective) <= 1e-6 * mine.objective
    return Result("the same by spopt with HiGHS, building included", f"{took:,.2f} s, objective {theirs:,.0f} against ours {mine.objective:,.0f}", "equal objectives", same)


def _spopt(walks: np.ndarray, people: np.ndarray, metres: float, *, rounds: int) -> tuple[float, float]:
    """Their objective, counted anew, and the median seconds; `walks` candidates × demand."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs
        pulp, locate = import_module("pulp"), import_module("spopt.locate")  # slow to import, and they warn while they are
        far = np.where(np.isfinite(walks.T), walks.T, 1e9)
        seconds, covered = [], 0.0
        for _ in range(rounds):
            began = time.perf_counter()
            model = locate.MCLP.from_cost_matrix(far, people, metres, p_facilities=NUMBER).solve(pulp.HiGHS(msg=False))
            seconds.append(time.perf_counter() - began)
            opened = [j for j, var in enumerate(model.fac_vars) if var.value() > 0.5]
            covered = float(people[(far[:, opened] <= metres).any(axis=1)].sum())
    return covered, float(np.median(seconds))


def _large(network: Network, metres: float, *, seconds: float) -> list[Result]:
    """MCLP 10,000 × 1,000, p = 48; at 500 m spopt has one round."""
    cover, people, _ = instance(network, 10_000, 1_000, metres)
    answer = cover_most(cover, people, Choice.free(1_000, NUMBER), Clock(seconds))
    what = f"MCLP 10,000 × 1,000, p = 48, {metres:,.0f} m ({len(cover.index):,} pairs)"
    told = f"{answer.seconds:,.2f} s, {answer.status}, gap {answer.gap:.2%}"
    small = metres <= 500
    lines = [Result(what, told, "proven" if small else "gap at most 1 % in 10 s", answer.proven if small else answer.gap <= 0.01)]
    if not small or _missing():
        return [*lines, *([Result("the same by spopt", _missing())] if small else [])]
    table = np.full((1_000, 10_000), np.inf)
    table[cover.index, cover.row_of_entry()] = 0.0  # who is within the distance is all that counts
    began = time.perf_counter()
    mine = _covered(table, people, metres, seconds)
    ours = time.perf_counter() - began
    theirs, took = _spopt(table, people, metres, rounds=1)
    return [*lines, _same(theirs, took, mine), Result("end to end, from the table of walks", f"{ours:,.2f} s, {took / ours:,.1f} times faster than spopt")]


def _curve(network: Network) -> list[Result]:
    """The marginal curve, MCLP 2,000 × 300 at 500 m with 1, 2, … 48 sites, each from the one before."""
    cover, people, _ = instance(network, 2_000, 300, 500.0)
    began, chosen, proven = time.perf_counter(), None, 0
    for number in range(1, NUMBER + 1):
        answer = cover_most(cover, people, Choice.free(300, number), Clock(30.0), start=chosen)
        chosen, proven = answer.chosen, proven + answer.proven
    return [Result("marginal curve 1…48, MCLP 2,000 × 300, 500 m", f"{time.perf_counter() - began:,.2f} s, {proven} of {NUMBER} proven", "all proven", proven == NUMBER)]


def _fewest(network: Network) -> list[Result]:
    """LSCP at 500 m."""
    cover, _, _ = instance(network, 10_000, 1_000, 500.0)
    answer = cover_all(cover, Choice.free(1_000, None), Clock(30.0))
    nobody = int((cover.counts == 0).sum())
    return [Result("LSCP 10,000 × 1,000, 500 m", f"{answer.seconds:,.2f} s, {answer.status}, {answer.objective:,.0f} sites"),
            Result("demand that nobody can cover, left out and reported", f"{nobody:,}")]


def _median(network: Network) -> list[Result]:
    """p-median 2,000 × 300, p = 48."""
    _, people, walks = instance(network, 2_000, 300, np.inf)
    answer = walk_least(walks, np.full(2_000, np.inf), people, Choice.free(300, NUMBER), Clock(10.0))
    return [Result("p-median 2,000 × 300, p = 48", f"{answer.seconds:,.2f} s, {answer.status}, gap {answer.gap:.3%}", "gap at most 0.5 % in 10 s", answer.gap <= 0.005)]


def _centre(network: Network) -> list[Result]:
    """p-centre 2,000 × 300, p = 48."""
    _, people, walks = instance(network, 2_000, 300, np.inf)
    answer = walk_shortest_longest(walks, np.full(2_000, np.inf), people, Choice.free(300, NUMBER), Clock(30.0))
    return [Result("p-centre 2,000 × 300, p = 48", f"{answer.seconds:,.2f} s, {answer.status}, {answer.objective:,.0f} m, gap {answer.gap:.3%}")]


def _median_seconds(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))
