"""Conjunctions in rows of literals, found by the one of them that is true most rarely.

A literal is `2 * node` for "the node is true" and `2 * node + 1` for "it is not". The first of a row, its
anchor, is a positive one, so a row is looked at only when its anchor is true.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.index.arrays import EMPTY, Ints, grouped, spread

Truth = NDArray[np.bool_]
"""By literal: whether it is true of the notice at hand."""

Chances = NDArray[np.float32]
"""By node: a guess at how often it is true of a notice."""


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

    @property
    def anchors(self) -> Ints:
        """The anchor of each row."""
        return np.repeat(np.arange(len(self.bounds) - 1, dtype=np.int32), np.diff(self.bounds))


_NONE = SortedRows(np.zeros(1, np.int32), np.zeros(1, np.int32), EMPTY, EMPTY, EMPTY)


class Rows:
    """Conjunctions, each with a target: the rule or the node that it makes true. A target may have several.

    New rows stand in no order, and all of them are looked at; `snapshot` and `settle` change that.
    """

    def __init__(self, rows: SortedRows = _NONE) -> None:
        self._sorted = rows
        self._targets, self._literals = array("i"), array("i")
        self._starts = array("i", [0])

    def __len__(self) -> int:
        return len(self._sorted.targets) + self.unsettled

    @property
    def unsettled(self) -> int:
        """How many rows are not sorted in."""
        return len(self._targets)

    def add(self, literals: Sequence[int], target: int) -> None:
        """Add a conjunction; at least one of its literals is no denial."""
        self._literals.extend(literals)
        self._starts.append(len(self._literals))
        self._targets.append(target)

    def met(self, nodes: Ints, truth: Truth) -> Ints:
        """The targets of the rows whose literals are all true, a target as often as it has such rows; `nodes`
        are all true nodes, each once."""
        known = nodes[nodes < len(self._sorted.bounds) - 1]
        candidates = spread(self._sorted.bounds[known], self._sorted.bounds[known + 1])
        met = self._sorted.targets[_survivors(candidates, self._sorted.starts, self._sorted.literals, truth)]
        if not self.unsettled:
            return met
        recent = np.arange(self.unsettled, dtype=np.int32)
        survivors = _survivors(recent, np.array(self._starts), np.array(self._literals), truth)
        return np.concatenate((met, np.array(self._targets)[survivors]))

    def conjunctions(self, target: int) -> list[list[int]]:
        """The literals of each row with that target; nothing where no row has it."""
        rows = self._sorted
        of_row = rows.targets.__getitem__
        first = bisect_left(rows.by_target, target, key=of_row)
        end = bisect_right(rows.by_target, target, lo=first, key=of_row)
        return [self._sorted_row(row) for row in rows.by_target[first:end]] or [
            self._literals[self._starts[row] : self._starts[row + 1]].tolist()
            for row in np.flatnonzero(np.array(self._targets) == target)
        ]

    def _sorted_row(self, row: int) -> list[int]:
        rows = self._sorted
        anchor = int(np.searchsorted(rows.bounds, row, side="right")) - 1
        return [2 * anchor, *rows.literals[rows.starts[row] : rows.starts[row + 1]].tolist()]

    def snapshot(self, chances: Chances, keep: NDArray[np.bool_] | None = None) -> "Snapshot":
        """All rows so far, to be sorted while others come; `keep` says of which targets, all if absent."""
        recent = np.array(self._literals), np.array(self._starts), np.array(self._targets)
        return Snapshot(self._sorted, *recent, chances, keep)

    def settle(self, rows: SortedRows) -> None:
        """Take sorted rows in place of the present ones."""
        count = rows.recent
        first = self._starts[count]
        self._sorted = rows
        self._targets, self._literals = self._targets[count:], self._literals[first:]
        self._starts = array("i", [start - first for start in self._starts[count:]])


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows of a moment, those that are sorted and the others."""

    old: SortedRows
    literals: Ints
    starts: Ints
    targets: Ints
    chances: Chances
    keep: NDArray[np.bool_] | None

    def sorted(self) -> SortedRows:
        """All rows in the order of their anchors, for `Rows.settle`."""
        old, fresh = self.old, self._rarest_first()
        first = self.starts[:-1]
        anchors = np.concatenate((old.anchors, fresh[first] >> 1))
        # An anchor is no longer among the literals of its row.
        literals = np.concatenate((old.literals, np.delete(fresh, first)))
        later_starts = old.starts[-1] + self.starts - np.arange(len(self.starts), dtype=np.int32)
        starts = np.concatenate((old.starts[:-1], later_starts))
        targets = np.concatenate((old.targets, self.targets))
        rows = np.arange(len(targets)) if self.keep is None else np.flatnonzero(self.keep[targets])
        order, bounds = grouped(anchors[rows], len(self.chances))
        rows = rows[order]
        moved = literals[spread(starts[:-1][rows], starts[1:][rows])]
        new_starts = np.concatenate((np.zeros(1, np.int32), np.cumsum(np.diff(starts)[rows], dtype=np.int32)))
        by_target = np.argsort(targets[rows]).astype(np.int32)
        return SortedRows(bounds, new_starts, moved, targets[rows], by_target, len(self.targets))

    def _rarest_first(self) -> Ints:
        """The literals of each new row by how rarely they are true, but one that is no denial first."""
        lengths = np.diff(self.starts)
        chance = self.chances[self.literals >> 1]
        denial = (self.literals & 1).astype(np.bool_)
        chance = np.where(denial, 1 - chance, chance)
        row = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        order = np.lexsort((chance, row))
        ordered = self.literals[order]
        if not len(ordered):
            return ordered
        place = np.arange(len(ordered), dtype=np.int32)
        first = self.starts[:-1]
        anchor = np.minimum.reduceat(np.where(denial[order], len(ordered), place), first)
        # What stands before the anchor makes room for it.
        moves = (place > first[row]) & (place <= anchor[row])
        moved = np.where(moves, np.roll(ordered, 1), ordered)
        moved[first] = ordered[anchor]
        return moved


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
