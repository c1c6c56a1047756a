"""Sparse tables against dense ones."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from geodata.siting_models import Sparse, from_pairs, merged
from geodata.siting_models._sparse import held_by_another, holding_another

FLAGS = arrays(bool, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9))


def sparse(dense: np.ndarray) -> Sparse:
    return from_pairs(*np.nonzero(dense), dense.shape)


def dense(table: Sparse) -> np.ndarray:
    full = np.zeros((table.rows, table.columns), dtype=bool)
    full[table.row_of_entry(), table.index] = True
    return full


@given(FLAGS, st.integers(0, 2**32 - 1))
def test_a_table_is_what_its_entries_say(flags: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = sparse(flags)
    rows, columns = rng.random(flags.shape[0]) < 0.5, rng.random(flags.shape[1]) < 0.5
    weights = rng.random(flags.shape[0])
    assert np.array_equal(dense(table), flags)
    assert np.array_equal(dense(table.transposed()), flags.T)
    assert np.array_equal(dense(table.take(rows)), flags[rows])
    assert np.array_equal(dense(table.take_columns(columns)), flags[:, columns])
    assert np.array_equal(table.meets(columns), flags[:, columns].any(axis=1))
    assert np.allclose(table.column_sums(weights), flags.T @ weights)


@given(FLAGS, st.integers(0, 2**32 - 1))
def test_merging_keeps_every_row_and_all_weight(flags: np.ndarray, seed: int) -> None:
    weights = np.random.default_rng(seed).random(len(flags))
    table, heavy, group = merged(sparse(flags), weights)
    assert np.array_equal(dense(table)[group], flags)
    assert len(np.unique(dense(table), axis=0)) == table.rows
    assert np.allclose(heavy, np.bincount(group, weights))


@given(FLAGS)
def test_what_is_thinned_out_is_implied_by_what_stays(flags: np.ndarray) -> None:
    larger, smaller = holding_another(sparse(flags)), held_by_another(sparse(flags))
    for i in range(len(flags)):
        if larger[i]:
            assert any((flags[k] <= flags[i]).all() and flags[k].any() for k in np.flatnonzero(~larger))
        if smaller[i]:
            assert not flags[i].any() or any((flags[i] <= flags[k]).all() for k in np.flatnonzero(~smaller))
