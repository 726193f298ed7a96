"""Conjunctions in rows of literals, found by the one of them that is true most rarely.

A literal is `2 * node` for "the node is true" and `2 * node + 1` for "it is not". The first of a row, its
anchor, is a positive one, so a row is looked at only when its anchor is true.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.index.arrays import EMPTY, Growing, Ints, grouped, spread

Truth = NDArray[np.bool_]
"""By literal: whether it is true of the notice at hand."""


@dataclass(frozen=True, slots=True)
class SortedRows:
    """Rows in the order of their anchors: those of node `n` are `bounds[n]:bounds[n + 1]`. The literals of
    row `r` besides the anchor are `literals[starts[r]:starts[r + 1]]`. `by_target` sorts the targets.
    `recent` is how many rows were not sorted in before."""

    bounds: Ints
    starts: Ints
    literals: Ints
    targets: Ints
    by_target: Ints
    recent: int = 0


_NONE = SortedRows(np.zeros(1, np.int32), np.zeros(1, np.int32), EMPTY, EMPTY, EMPTY)


class Rows:
    """Conjunctions, each with a target: the rule or the node that it makes true.

    New rows stand in no order, and all their anchors are looked at; `sorted_in` and `settle` change that.
    """

    def __init__(self, rows: SortedRows = _NONE) -> None:
        self._sorted = rows
        self._anchors, self._targets, self._literals = Growing(), Growing(), Growing()
        self._starts = Growing(np.zeros(1, np.int32))

    def __len__(self) -> int:
        return len(self._sorted.targets) + self.unsettled

    @property
    def unsettled(self) -> int:
        """How many rows are not sorted in."""
        return len(self._targets)

    def add(self, literals: Sequence[int], target: int) -> None:
        """Add a conjunction; the first literal is its anchor, the others are best sorted rarest first."""
        self._anchors.append(literals[0] >> 1)
        self._literals.extend(literals[1:])
        self._starts.append(len(self._literals))
        self._targets.append(target)

    def met(self, nodes: Ints, truth: Truth) -> Ints:
        """The targets of the rows whose literals are all true; `nodes` are all true nodes, each once."""
        known = nodes[nodes < len(self._sorted.bounds) - 1]
        candidates = spread(self._sorted.bounds[known], self._sorted.bounds[known + 1])
        met = self._sorted.targets[_survivors(candidates, self._sorted.starts, self._sorted.literals, truth)]
        if not self.unsettled:
            return met
        recent = np.flatnonzero(truth[2 * self._anchors.array]).astype(np.int32)
        survivors = _survivors(recent, self._starts.array, self._literals.array, truth)
        return np.concatenate((met, self._targets.array[survivors]))

    def literals(self, target: int) -> list[int]:
        """The literals of the row with that target.

        Raises:
            KeyError: no row has it.
        """
        rows = self._sorted
        place = np.searchsorted(rows.targets, target, sorter=rows.by_target)
        if place < len(rows.targets) and rows.targets[row := rows.by_target[place]] == target:
            anchor = int(np.searchsorted(rows.bounds, row, side="right")) - 1
            return [2 * anchor, *rows.literals[rows.starts[row] : rows.starts[row + 1]].tolist()]
        for recent in np.flatnonzero(self._targets.array == target):
            start, end = self._starts.array[recent : recent + 2]
            return [2 * int(self._anchors.array[recent]), *self._literals.array[start:end].tolist()]
        raise KeyError(target)

    def sorted_in(self, nodes: int, keep: NDArray[np.bool_] | None = None) -> SortedRows:
        """All rows so far, sorted for `settle`. Safe beside everything else in other threads.

        `nodes` is how many nodes there are; rows whose target is not in `keep` are left out.
        """
        old, count = self._sorted, self.unsettled
        recent_starts = self._starts.array[: count + 1]
        anchors = np.concatenate((_anchors(old), self._anchors.array[:count]))
        literals = np.concatenate((old.literals, self._literals.array[: recent_starts[-1]]))
        starts = np.concatenate((old.starts[:-1], recent_starts + old.starts[-1]))
        targets = np.concatenate((old.targets, self._targets.array[:count]))
        order, bounds = grouped(anchors, nodes)
        if keep is not None:
            order = order[keep[targets[order]]]
            bounds = grouped(anchors[order], nodes)[1]
        lengths = np.diff(starts)[order]
        new_starts = np.concatenate((np.zeros(1, np.int32), np.cumsum(lengths, dtype=np.int32)))
        moved = literals[spread(starts[:-1][order], starts[1:][order])]
        targets = targets[order]
        by_target = np.argsort(targets).astype(np.int32)
        return SortedRows(bounds, new_starts, moved, targets, by_target, count)

    def settle(self, rows: SortedRows) -> None:
        """Take sorted rows in place of the present ones."""
        count = rows.recent
        later = self._targets.array[count:], self._anchors.array[count:]
        first = self._starts.array[count]
        literals, starts = self._literals.array[first:], self._starts.array[count:] - first
        self._sorted = rows
        self._targets, self._anchors = (Growing(numbers.copy()) for numbers in later)
        self._literals, self._starts = Growing(literals.copy()), Growing(starts)


def _anchors(rows: SortedRows) -> Ints:
    """The anchor of each row."""
    return np.repeat(np.arange(len(rows.bounds) - 1, dtype=np.int32), np.diff(rows.bounds))


def _survivors(rows: Ints, starts: Ints, literals: Ints, truth: Truth) -> Ints:
    """Those of the rows whose literals are all true; most fall at the first, so one literal at a time."""
    place, end = starts[rows], starts[rows + 1]
    met = []
    while len(rows):
        whole = place == end
        if whole.any():
            met.append(rows[whole])
            rows, place, end = rows[~whole], place[~whole], end[~whole]
        holds = truth[literals[place]]
        rows, place, end = rows[holds], place[holds] + 1, end[holds]
    return np.concatenate(met) if met else EMPTY
