"""All conditions of all rules as one graph, in which equal conditions are one node.

A node is a trigger (something found in a notice), *any* of other nodes, or *all* of some literals. Every node
is false of an empty notice; what would be true of one is written as the denial of a node. That is always
possible: all of denials only is the denial of any, and any with a denial in it is the denial of all.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from rules.index import lookup, rows
from rules.index.arrays import EMPTY, Ints, grouped, spread
from rules.index.lookup import Lookup
from rules.index.rows import Chances, Rows, SortedRows, Truth


def denied(literal: int) -> int:
    """The opposite literal."""
    return literal ^ 1


def is_denial(literal: int) -> bool:
    """Whether the literal says that its node is not true."""
    return bool(literal & 1)


def only_denials(literals: Sequence[int]) -> bool:
    """Whether each of the literals is a denial."""
    return bool(literals[0] & 1) and all(literal & 1 for literal in literals)


@dataclass(frozen=True, slots=True)
class SortedGraph:
    """The first `nodes` nodes of a graph, sorted: node `n` is among the members of the `any` nodes
    `anys[bounds[n]:bounds[n + 1]]`."""

    nodes: int
    bounds: Ints
    anys: Ints
    layers: list[SortedRows]
    known_anys: lookup.Snapshot[tuple[int, ...]]
    known_alls: lookup.Snapshot[tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The nodes of a moment: `members[starts[n]:starts[n + 1]]` are those of node `n`."""

    starts: Ints
    members: Ints
    layers: list[rows.Snapshot]
    known_anys: lookup.Snapshot[tuple[int, ...]]
    known_alls: lookup.Snapshot[tuple[int, ...]]

    @property
    def nodes(self) -> int:
        """How many there are."""
        return len(self.starts) - 1

    def sorted(self) -> SortedGraph:
        """The nodes as `Graph.settle` wants them."""
        order, bounds = grouped(self.members, self.nodes)
        anys = np.repeat(np.arange(self.nodes, dtype=np.int32), np.diff(self.starts))[order]
        layers = [layer.sorted() for layer in self.layers]
        known = self.known_anys.sorted(), self.known_alls.sorted()
        return SortedGraph(self.nodes, bounds, anys, layers, *known)


class Graph:
    """Nodes, what they are made of, and which of them are true of the notice at hand."""

    def __init__(self) -> None:
        self._truth: Truth = np.zeros(0, np.bool_)
        self._place: Ints = EMPTY  # scratch of `_mark`, by node
        self._marked: list[Ints] = []  # the nodes that are true now
        self._chance = array("f")
        self._level = array("H")
        self._starts = array("i", [0])  # of a node's members, which an `any` has
        self._members = array("i")
        self._anys = Lookup(self._is_any_of)
        self._alls = Lookup(self._is_all_of)
        self._layers: list[Rows] = []  # the nodes that are `all`, by how deep they are nested
        known = self._anys.snapshot(), self._alls.snapshot()
        self._sorted = SortedGraph(0, np.zeros(1, np.int32), EMPTY, [], *known)

    def __len__(self) -> int:
        return len(self._chance)

    def trigger(self, chance: float) -> int:
        """A new literal that is true when its node is given to `given`. `chance` is a guess at how often
        that is so."""
        return 2 * self._add(chance, 0)

    def any_of(self, literals: Iterable[int]) -> int:
        """The literal that is true when one of these is."""
        members = tuple(sorted(set(literals)))
        if len(members) == 1:
            return members[0]
        if any(map(is_denial, members)):
            return denied(self.all_of(map(denied, members)))
        node = self._anys.get(members)
        if node is None:
            chance = min(1.0, sum(map(self.chance, members)))
            nodes = [member >> 1 for member in members]
            node = self._add(chance, max([self._level[node] for node in nodes]), nodes)
            self._anys.put(members, node)
        return 2 * node

    def all_of(self, literals: Iterable[int]) -> int:
        """The literal that is true when all of these are."""
        members = tuple(sorted(set(literals)))
        if len(members) == 1:
            return members[0]
        if only_denials(members):
            return denied(self.any_of(map(denied, members)))
        node = self._alls.get(members)
        if node is None:
            node = self._add_all(members)
            self._alls.put(members, node)
        return 2 * node

    def synonym(self, literal: int) -> int:
        """A new literal that is true whenever this positive one is."""
        node = literal >> 1
        return 2 * self._add(self._chance[node], self._level[node], [node])

    def chance(self, literal: int) -> float:
        """A guess at how often the literal is true."""
        chance = self._chance[literal >> 1]
        return 1 - chance if is_denial(literal) else chance

    @property
    def chances(self) -> Chances:
        """By node: a guess at how often it is true."""
        return np.array(self._chance)

    @contextmanager
    def given(self, seeds: Ints, look: Callable[[Truth], Ints]) -> Iterator[tuple[Ints, Truth]]:
        """All nodes that follow from the seeds, each once, and the truth of every literal while it lasts.

        `look` is given the truth of what needs no look at the text, and returns the nodes that do and are
        true.
        """
        self._marked = []
        try:
            self._close(seeds)
            self._close(look(self._truth))
            for layer in self._layers:
                self._close(layer.met(np.concatenate(self._marked), self._truth))
            yield np.concatenate(self._marked), self._truth
        finally:
            for nodes in self._marked:
                self._truth[2 * nodes] = False
                self._truth[2 * nodes + 1] = True

    def members(self, node: int) -> list[int]:
        """The nodes that an `any` is any of; nothing for other nodes."""
        start, end = self._starts[node : node + 2]
        return self._members[start:end].tolist()

    def literals(self, node: int) -> list[int]:
        """The literals that an `all` is all of; nothing for other nodes."""
        level = self._level[node]
        if not level or self.members(node):
            return []
        (literals,) = self._layers[level - 1].conjunctions(node)
        return literals

    def snapshot(self) -> "Snapshot":
        """All nodes so far, to be sorted while others come."""
        chances = self.chances
        layers = [layer.snapshot(chances) for layer in self._layers]
        starts, members = np.array(self._starts), np.array(self._members)
        return Snapshot(starts, members, layers, self._anys.snapshot(), self._alls.snapshot())

    def settle(self, graph: SortedGraph) -> None:
        """Take sorted nodes, so that `given` need not look at all that came since the last time."""
        self._sorted = graph
        self._anys.settle(graph.known_anys)
        self._alls.settle(graph.known_alls)
        for layer, sorted_rows in zip(self._layers, graph.layers, strict=False):
            layer.settle(sorted_rows)

    def _close(self, nodes: Ints) -> None:
        """Mark the nodes, every `any` that they make true, and so on."""
        fresh = self._mark(nodes)
        while len(fresh):
            fresh = self._mark(self._reached(fresh))

    def _mark(self, nodes: Ints) -> Ints:
        """Make nodes true; those that were not, each once."""
        fresh: Ints = nodes[~self._truth[2 * nodes]]
        self._marked.append(fresh)
        self._truth[2 * fresh] = True
        self._truth[2 * fresh + 1] = False
        places = np.arange(len(fresh), dtype=np.int32)
        self._place[fresh] = places  # of equal nodes the last stays
        self._marked[-1] = fresh = fresh[self._place[fresh] == places]
        return fresh

    def _reached(self, nodes: Ints) -> Ints:
        """The nodes that are any of these and perhaps others."""
        graph = self._sorted
        known = nodes[nodes < graph.nodes]
        found = graph.anys[spread(graph.bounds[known], graph.bounds[known + 1])]
        first = self._starts[graph.nodes]
        if first == len(self._members):
            return found
        starts, members = np.array(self._starts[graph.nodes :]), np.array(self._members[first:])
        recent = np.repeat(np.arange(graph.nodes, len(self), dtype=np.int32), np.diff(starts))
        return np.concatenate((found, recent[self._truth[2 * members]]))

    def _is_any_of(self, node: int, literals: tuple[int, ...]) -> bool:
        return literals == tuple(2 * member for member in self.members(node))

    def _is_all_of(self, node: int, literals: tuple[int, ...]) -> bool:
        return literals == tuple(sorted(self.literals(node)))

    def _add_all(self, members: Sequence[int]) -> int:
        level = 1 + max(self._level[member >> 1] for member in members)
        node = self._add(min(map(self.chance, members)), level)
        while len(self._layers) < level:
            self._layers.append(Rows())
        self._layers[level - 1].add(members, node)
        return node

    def _add(self, chance: float, level: int, members: Sequence[int] = ()) -> int:
        node = len(self)
        if 2 * node == len(self._truth):
            self._make_room(max(64, 2 * node))
        self._members.extend(members)
        self._starts.append(len(self._members))
        self._level.append(level)
        self._chance.append(chance)
        return node

    def _make_room(self, nodes: int) -> None:
        truth = np.tile(np.array([False, True]), nodes)
        truth[: len(self._truth)] = self._truth
        self._truth = truth
        self._place = np.zeros(nodes, np.int32)
