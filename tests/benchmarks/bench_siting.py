"""Siting: proven covers and medians over walks of a generated town, against spopt with the same solver; what is certified, and when."""

import time
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from geodata.network import Network, build_network
from geodata.one_to_many import walks_from
from geodata.siting_models import Choice, Clock, Solved, Sparse, cover_all, cover_most, from_pairs, walk_least
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
    return found + _fewest(network) + _median(network)


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
        candidate, demand = np.nonzero(walks <= 1_000.0)
        return cover_most(from_pairs(demand, candidate, walks.T.shape), people, Choice.free(300, NUMBER), Clock(120.0))
    mine = ours()
    seconds = _median_seconds(ours)
    lines = [Result("MCLP 2,000 × 300, p = 48, 1 km", f"{seconds:,.2f} s, {mine.status}, gap {mine.gap:.2%}", "proven optimal", mine.proven)]
    missing = [name for name in ("spopt", "pulp") if find_spec(name) is None]
    if missing:
        return [*lines, Result("the same by spopt", f"skipped: {', '.join(missing)} not installed")]
    theirs, took = _spopt(walks.T, people)
    same = abs(theirs - mine.objective) <= 1e-6 * mine.objective
    return [*lines, Result("the same by spopt with HiGHS, building included", f"{took:,.2f} s, objective {'equal' if same else f'{theirs:,.0f}'}"),
            Result("end to end", f"{took / seconds:,.1f} times faster than spopt", f"at least {LEAST_FASTER:g}", took / seconds >= LEAST_FASTER)]


def _spopt(walks: np.ndarray, people: np.ndarray) -> tuple[float, float]:
    """Their objective, counted anew, and the median seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs
        pulp, locate = import_module("pulp"), import_module("spopt.locate")  # slow to import, and they warn while they are
        far = np.where(np.isfinite(walks), walks, 1e9)
        seconds, covered = [], 0.0
        for _ in range(ROUNDS):
            began = time.perf_counter()
            model = locate.MCLP.from_cost_matrix(far, people, 1_000.0, p_facilities=NUMBER).solve(pulp.HiGHS(msg=False))
            seconds.append(time.perf_counter() - began)
            opened = [j for j, var in enumerate(model.fac_vars) if var.value() > 0.5]
            covered = float(people[(far[:, opened] <= 1_000.0).any(axis=1)].sum())
    return covered, float(np.median(seconds))


def _large(network: Network, metres: float, *, seconds: float) -> list[Result]:
    """MCLP 10,000 × 1,000, p = 48."""
    cover, people, _ = instance(network, 10_000, 1_000, metres)
    answer = cover_most(cover, people, Choice.free(1_000, NUMBER), Clock(seconds))
    what = f"MCLP 10,000 × 1,000, p = 48, {metres:,.0f} m ({len(cover.index):,} pairs)"
    told = f"{answer.seconds:,.2f} s, {answer.status}, gap {answer.gap:.2%}"
    return [Result(what, told, "proven" if metres <= 500 else "gap at most 1 % in 10 s", answer.proven if metres <= 500 else answer.gap <= 0.01)]


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


def _median_seconds(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))
