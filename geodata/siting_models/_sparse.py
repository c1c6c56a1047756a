"""Sparse tables as plain arrays: which candidate reaches which demand, transposed, merged and thinned."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numba import njit

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_HASH_SEED: Final = 20220425


@dataclass(frozen=True, eq=False)
class Sparse:
    """A table of few entries, row by row; within a row the columns ascend.

    Attributes:
        start: row `i` holds entries `start[i]:start[i + 1]`, shape (rows + 1,).
        index: column of each entry.
        value: its value, or None where an entry only says yes.
        columns: how many columns there are.
    """

    start: Numbers
    index: Numbers
    columns: int
    value: Floats | None = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.start) - 1

    @property
    def counts(self) -> Numbers:
        """How many entries each row holds."""
        return np.diff(self.start)

    def row_of_entry(self) -> Numbers:
        """Return the row of each entry."""
        return np.repeat(np.arange(self.rows), self.counts)

    def row(self, i: int) -> Numbers:
        """Return the columns of one row."""
        return self.index[self.start[i]:self.start[i + 1]]

    def transposed(self) -> "Sparse":
        """Return the same table column by column."""
        return from_pairs(self.index, self.row_of_entry(), (self.columns, self.rows), self.value)

    def take(self, rows: npt.NDArray[Any]) -> "Sparse":
        """Return some rows: numbers, or one flag a row."""
        numbers = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        counts = self.counts[numbers]
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        entry = np.arange(start[-1]) - np.repeat(start[:-1], counts) + np.repeat(self.start[numbers], counts)
        return Sparse(start, self.index[entry], self.columns, None if self.value is None else self.value[entry])

    def take_columns(self, keep: Flags) -> "Sparse":
        """Return the table with the kept columns only, numbered anew."""
        there = keep[self.index]
        new = np.cumsum(keep) - 1
        counts = np.bincount(self.row_of_entry()[there], minlength=self.rows)
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Sparse(start, new[self.index[there]], int(keep.sum()), None if self.value is None else self.value[there])

    def column_sums(self, weights: Floats) -> Floats:
        """Return for every column the weights of the rows that hold it, added up."""
        return np.bincount(self.index, weights[self.row_of_entry()], minlength=self.columns).astype(np.float64)

    def meets(self, columns: Flags) -> Flags:
        """Return which rows hold any of the flagged columns."""
        found = np.zeros(self.rows, dtype=bool)
        found[self.row_of_entry()[columns[self.index]]] = True
        return found


def from_pairs(row: Numbers, column: Numbers, shape: tuple[int, int], value: Floats | None = None) -> Sparse:
    """Return the table of such entries; no pair stands twice."""
    order = np.lexsort((column, row))
    start = np.zeros(shape[0] + 1, dtype=np.int64)
    start[1:] = np.cumsum(np.bincount(row, minlength=shape[0]))
    return Sparse(start, np.ascontiguousarray(column[order], dtype=np.int64), shape[1], None if value is None else value[order])


def merged(table: Sparse, weights: Floats) -> tuple[Sparse, Floats, Numbers]:
    """Merge rows with the same columns, exactly.

    Returns:
        The rows that differ, their weights added up, and for each old row the number of its new one.
    """
    rng = np.random.default_rng(_HASH_SEED)
    marks = rng.integers(0, 2**63, (2, table.columns), dtype=np.uint64)
    row = table.row_of_entry()
    sign = np.zeros((2, table.rows), dtype=np.uint64)
    for k in range(2):
        np.add.at(sign[k], row, marks[k][table.index])
    _, first, group = np.unique(np.stack([*sign, table.counts.astype(np.uint64)]), axis=1, return_index=True, return_inverse=True)
    group = group.reshape(-1)
    kept = table.take(first)
    back = kept.take(group)
    if not (np.array_equal(back.start, table.start) and np.array_equal(back.index, table.index)):
        raise AssertionError("two different rows share a hash of 128 bits")
    return kept, np.bincount(group, weights, minlength=len(first)).astype(np.float64), group.astype(np.int64)


def holding_another(table: Sparse) -> Flags:
    """Return which rows hold all the columns of some other row (of equal rows all but the first): who serves that serves them."""
    flags = np.zeros(table.rows, dtype=np.bool_)
    by = table.transposed()
    _nested(table.start, table.index, by.start, by.index, flags, True)
    return flags


def held_by_another(table: Sparse) -> Flags:
    """Return which rows are held by some other row (of equal rows all but the first), empty ones included."""
    flags: Flags = np.asarray(table.counts == 0)
    by = table.transposed()
    _nested(table.start, table.index, by.start, by.index, flags, False)
    return flags


@njit(cache=True, nogil=True)
def _inside(start, index, small, large):  # type: ignore[no-untyped-def]  # numba types it
    """Whether one row's columns all stand in another row."""
    e, end = start[large], start[large + 1]
    for f in range(start[small], start[small + 1]):
        while e < end and index[e] < index[f]:
            e += 1
        if e == end or index[e] != index[f]:
            return False
    return True


@njit(cache=True, nogil=True)
def _nested(start, index, by_start, by_index, flags, larger):  # type: ignore[no-untyped-def]  # noqa: PLR0917  numba types it
    """Flag the larger, or the smaller, of every two rows of which one holds the other; a flagged row flags no other."""
    for k in range(len(start) - 1):
        size = start[k + 1] - start[k]
        if flags[k] or size == 0:
            continue
        rare = index[start[k]]
        for j in index[start[k]:start[k + 1]]:
            if by_start[j + 1] - by_start[j] < by_start[rare + 1] - by_start[rare]:
                rare = j
        for i in by_index[by_start[rare]:by_start[rare + 1]]:
            more = start[i + 1] - start[i] - size
            if i == k or flags[i] or more < 0 or (more == 0 and (i < k) == larger) or not _inside(start, index, k, i):
                continue
            if larger:
                flags[i] = True
            else:
                flags[k] = True
                break
