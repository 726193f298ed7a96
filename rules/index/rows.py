"""Conjunctions in rows of literals, found by the one of them that is true most rarely.

A literal is `2 * node` for "the node is true" and `2 * node + 1` for "it is not". The first of a row, its
anchor, is a positive one, so a row is looked at only when its anchor is true.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.index.arrays import EMPTY, Ints, grouped, spread

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

    @property
    def anchors(self) -> Ints:
        """The anchor of each row."""
        return np.repeat(np.arange(len(self.bounds) - 1, dtype=np.int32), np.diff(self.bounds))


_NONE = SortedRows(np.zeros(1, np.int32), np.zeros(1, np.int32), EMPTY, EMPTY, EMPTY)


class Rows:
    """Conjunctions, each with a target: the rule or the node that it makes true.

    New rows stand in no order, and all their anchors are looked at; `snapshot` and `settle` change that.
    """

    def __init__(self, rows: SortedRows = _NONE) -> None:
        self._sorted = rows
        self._anchors, self._targets, self._literals = array("i"), array("i"), array("i")
        self._starts = array("i", [0])

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
        recent = np.flatnonzero(truth[2 * np.array(self._anchors)]).astype(np.int32)
        survivors = _survivors(recent, np.array(self._starts), np.array(self._literals), truth)
        return np.concatenate((met, np.array(self._targets)[survivors]))

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
        try:
            recent = self._targets.index(target)
        except ValueError:
            raise KeyError(target) from None
        start, end = self._starts[recent : recent + 2]
        return [2 * self._anchors[recent], *self._literals[start:end]]

    def snapshot(self, nodes: int, keep: NDArray[np.bool_] | None = None) -> "Snapshot":
        """All rows so far, to be sorted while others come. `nodes` is how many nodes there are; rows whose
        target is not in `keep` are left out."""
        old = self._sorted
        return Snapshot(
            nodes=nodes,
            keep=keep,
            recent=self.unsettled,
            anchors=(old.anchors, np.array(self._anchors)),
            starts=(old.starts, np.array(self._starts)),
            literals=(old.literals, np.array(self._literals)),
            targets=(old.targets, np.array(self._targets)),
        )

    def settle(self, rows: SortedRows) -> None:
        """Take sorted rows in place of the present ones."""
        count = rows.recent
        first = self._starts[count]
        self._sorted = rows
        self._targets, self._anchors = self._targets[count:], self._anchors[count:]
        self._literals = self._literals[first:]
        self._starts = array("i", [start - first for start in self._starts[count:]])


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows of a moment, those sorted in and the `recent` ones."""

    nodes: int
    keep: NDArray[np.bool_] | None
    recent: int
    anchors: tuple[Ints, Ints]
    starts: tuple[Ints, Ints]
    literals: tuple[Ints, Ints]
    targets: tuple[Ints, Ints]

    def sorted(self) -> SortedRows:
        """The rows in the order of their anchors, for `Rows.settle`."""
        anchors, literals, targets = map(np.concatenate, (self.anchors, self.literals, self.targets))
        old_starts, recent_starts = self.starts
        starts = np.concatenate((old_starts[:-1], recent_starts + old_starts[-1]))
        rows = np.arange(len(targets)) if self.keep is None else np.flatnonzero(self.keep[targets])
        order, bounds = grouped(anchors[rows], self.nodes)
        rows = rows[order]
        moved = literals[spread(starts[:-1][rows], starts[1:][rows])]
        lengths = np.diff(starts)[rows]
        new_starts = np.concatenate((np.zeros(1, np.int32), np.cumsum(lengths, dtype=np.int32)))
        by_target = np.argsort(targets[rows]).astype(np.int32)
        return SortedRows(bounds, new_starts, moved, targets[rows], by_target, self.recent)


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
