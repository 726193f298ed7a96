"""Conditions that need a look at the text: words with wildcards and words near each other."""

import numpy as np

from rules.conditions import Near, Term
from rules.evidence import Evidence
from rules.index.arrays import Growing, Ints
from rules.index.rows import Truth
from rules.reasons import leaf_holds


class Looks:
    """Each has two gates, literals that must be true for the look to be worth it."""

    def __init__(self) -> None:
        self._gates = Growing(), Growing()
        self._nodes = Growing()
        self._leaves: list[Near | Term] = []

    def add(self, leaf: Near | Term, gates: tuple[int, int], node: int) -> None:
        """Add a condition, and the node that it makes true."""
        self._leaves.append(leaf)
        for gate, column in zip(gates, self._gates, strict=True):
            column.append(gate)
        self._nodes.append(node)

    def true(self, evidence: Evidence, truth: Truth) -> Ints:
        """The nodes of those that hold."""
        first, second = (column.array for column in self._gates)
        opened = np.flatnonzero(truth[first] & truth[second])
        held = [place for place in opened if leaf_holds(self._leaves[place], evidence)]
        return self._nodes.array[held]
