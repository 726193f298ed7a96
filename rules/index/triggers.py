"""From what is found in a notice to the nodes of the graph that this makes true."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from rules.conditions import Term
from rules.evidence import Evidence
from rules.index.arrays import Growing, Ints
from rules.index.graph import Graph
from rules.index.patterns import Patterns
from rules.meaning import ALWAYS, Fact, Range, Trigger, Word

# First guesses at how often a trigger is true of a notice. They decide by which of its conditions a rule is
# looked up: a wrong guess costs time and nothing else.
_FACT_CHANCES = {"region": 0.04, "own": 0.03, "agency": 0.02, "agency.kind": 0.15, "agency.level": 0.4}
_SCOPE_CHANCES = {"title": 0.1, "keywords": 0.1, "category": 0.1, "section": 0.1, "source": 0.1}


def _chance(trigger: Trigger) -> float:
    if isinstance(trigger, Word):
        return 0.3 * 0.5 ** min(len(trigger.text), 12) * _SCOPE_CHANCES.get(trigger.scope, 1.0)
    if isinstance(trigger, Range):
        return 0.2
    if trigger == ALWAYS:
        return 1.0
    return _FACT_CHANCES.get(trigger[0], 0.3)


class _Table:
    """A node for each number, -1 where there is none."""

    def __init__(self) -> None:
        self.nodes: Ints = np.full(64, -1, np.int32)

    def put(self, number: int, node: int) -> None:
        if number >= len(self.nodes):
            room = np.full(2 * number, -1, np.int32)
            room[: len(self.nodes)] = self.nodes
            self.nodes = room
        self.nodes[number] = node

    def get(self, number: int) -> int:
        return int(self.nodes[number]) if number < len(self.nodes) else -1


class _Axis:
    """The ranges that are asked for of one number of a notice."""

    def __init__(self) -> None:
        self.low, self.high, self.nodes = Growing(), Growing(), Growing()

    def add(self, low: int, high: int, node: int) -> None:
        self.low.append(low)
        self.high.append(high)
        self.nodes.append(node)

    def around(self, number: int) -> Ints:
        return self.nodes.array[(self.low.array <= number) & (number <= self.high.array)]


class Triggers:
    """The triggers of all rules."""

    def __init__(self, graph: Graph) -> None:
        self.patterns = Patterns()
        self._graph = graph
        self._words: dict[str, _Table] = {}  # by scope
        self._facts: dict[Fact, int] = {}
        self._words_of = _Table()  # by node: the number of its word
        self._ranges: dict[Range, int] = {}
        self._axes: dict[str, _Axis] = {}

    def literal(self, trigger: Trigger) -> int:
        """The literal of a trigger."""
        if isinstance(trigger, Word):
            return 2 * self._node_of_word(trigger)
        known: dict[Any, int] = self._ranges if isinstance(trigger, Range) else self._facts
        node = known.get(trigger)
        if node is None:
            node = known[trigger] = self._new_node(trigger)
            if isinstance(trigger, Range):
                self._axes.setdefault(trigger.axis, _Axis()).add(trigger.low, trigger.high, node)
        return 2 * node

    @staticmethod
    def term(trigger: Trigger) -> Term | None:
        """The term that needs nothing said besides its word; None for other triggers."""
        return Term(trigger.text, trigger.scope) if isinstance(trigger, Word) else None

    def term_at(self, node: int) -> Term:
        """The `term` of the trigger that a node stands for."""
        number = self._words_of.get(node)
        scope = next(scope for scope, table in self._words.items() if table.get(number) == node)
        return Term(self.patterns[number], scope)

    def seeds(self, evidence: Evidence) -> Ints:
        """The nodes of the triggers that are true, some more than once."""
        return np.concatenate(
            [*self._found_words(evidence), *self._found_ranges(evidence), self._found_facts(evidence)]
        )

    def _found_words(self, evidence: Evidence) -> Iterator[Ints]:
        tables = list(self._words.items())
        found = self.patterns.scan(evidence.text, [evidence.scopes[scope] for scope, _ in tables])
        for (_, table), numbers in zip(tables, found, strict=False):
            nodes = table.nodes[numbers[numbers < len(table.nodes)]]
            yield nodes[nodes >= 0]

    def _found_ranges(self, evidence: Evidence) -> Iterator[Ints]:
        for axis, ranges in self._axes.items():
            if axis in evidence.numbers:
                yield ranges.around(evidence.numbers[axis])

    def _found_facts(self, evidence: Evidence) -> Ints:
        nodes = [node for fact in evidence.facts if (node := self._facts.get(fact, -1)) >= 0]
        return np.array(nodes, np.int32)

    def _node_of_word(self, word: Word) -> int:
        table = self._words.get(word.scope)
        if table is None:
            table = self._words[word.scope] = _Table()
        number = self.patterns.number(word.text)
        node = table.get(number)
        if node < 0:
            node = self._new_node(word)
            table.put(number, node)
            self._words_of.put(node, number)
        return node

    def _new_node(self, trigger: Trigger) -> int:
        return self._graph.trigger(_chance(trigger)) >> 1
