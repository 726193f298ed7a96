"""Every rule against one notice: exact, explained, and fast at any number of rules.

    notice → Evidence → triggers found → graph → rows whose conditions are all true → Matches

All words of all rules are found in one pass (`patterns`), with the facets they make nodes of a graph true
(`triggers`, `graph`, `looks`), and each rule is looked at only when the rarest of its conditions is true
(`rows`). What is new is kept beside what is sorted, and sorted in by a thread of its own.
"""

import datetime as dt
import threading
from collections.abc import Iterable
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np

from rules.errors import RuleError
from rules.evidence import Evidence
from rules.index.arrays import Growing
from rules.index.compiling import Compiler
from rules.index.graph import Graph, is_denial
from rules.index.rows import Rows
from rules.meaning import ALWAYS
from rules.model import Match, NoticeLike, Reason, Rule, RuleId
from rules.reasons import reasons
from rules.vocabulary import Vocabulary, default_vocabulary

_UNSORTED_SHARE = 50
"""The new are sorted in when they are one in so many."""


class RuleIndex:
    """Rules by id, and which of them a notice meets. Safe to use from several threads."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._vocabulary = vocabulary or default_vocabulary()
        self._graph = Graph()
        self._compiler = Compiler(self._graph, self._vocabulary)
        self._rows = Rows()
        self._ids: list[RuleId] = []  # by slot, the number of a rule in here
        self._slots: dict[RuleId, int] = {}
        self._alive = Growing()  # by slot: 1, or 0 for a rule that was removed
        self._removed = 0
        self._lock = threading.RLock()
        self._sorting: threading.Thread | None = None

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, rule_id: RuleId) -> bool:
        return rule_id in self._slots

    def add(self, rule_id: RuleId, rule: Rule | str) -> None:
        """Add a rule, or put it in place of the one with that id. Text is read best in its canonical form.

        Raises:
            RuleError: the text is no rule; nothing was changed.
        """
        with self._lock:
            if isinstance(rule, str):
                literals = self._compiler.compile_text(rule)
            else:
                literals = self._compiler.compile(rule.condition)
            self._put(rule_id, literals)
        self._sort_if_due()

    def extend(self, rules: Iterable[tuple[RuleId, Rule | str]]) -> list[tuple[RuleId, RuleError]]:
        """Add many rules; those that could not be read are returned with the reason, the others are in."""
        problems = []
        for rule_id, rule in rules:
            try:
                self.add(rule_id, rule)
            except RuleError as error:
                problems.append((rule_id, error))
        return problems

    def remove(self, rule_id: RuleId) -> None:
        """Take a rule out.

        Raises:
            KeyError: there is no rule with that id.
        """
        with self._lock:
            self._alive.array[self._slots.pop(rule_id)] = 0
            self._removed += 1

    def match(self, notice: NoticeLike, *, today: dt.date | None = None) -> list[Match]:
        """The rules that the notice meets, in the order in which they came.

        `today` is the day that `截止<14d` is counted from: the present one in China unless given.
        """
        evidence = Evidence(notice, self._vocabulary, today or dt.datetime.now(_CHINA).date())
        with self._lock:
            slots = self._met(evidence)
            ids = [self._ids[slot] for slot in slots]
        explain = partial(self._explain, evidence)
        return [Match(rule_id, slot, explain) for rule_id, slot in zip(ids, slots, strict=True)]

    def settle(self) -> None:
        """Sort in what is new. Goes on by itself in the background; matching waits only for the last step."""
        self._compiler.triggers.patterns.seal()
        graph = self._graph.sorted_in()
        with self._lock:
            alive = self._alive.array != 0
        rows = self._rows.sorted_in(graph.nodes, alive)
        with self._lock:
            self._graph.settle(graph)
            self._rows.settle(rows)

    def _put(self, rule_id: RuleId, literals: list[int]) -> None:
        if all(map(is_denial, literals)):
            literals = [self._compiler.triggers.literal(ALWAYS), *literals]
        if rule_id in self._slots:
            self.remove(rule_id)
        slot = self._slots[rule_id] = len(self._ids)
        self._ids.append(rule_id)
        self._alive.append(1)
        self._rows.add(self._graph.rarest_first(set(literals)), slot)

    def _met(self, evidence: Evidence) -> list[int]:
        seeds = self._compiler.triggers.seeds(evidence)
        nodes = self._graph.propagate(seeds, partial(self._compiler.looks.true, evidence))
        slots = self._rows.met(nodes, self._graph.truth)
        self._graph.clear(nodes)
        if self._removed:
            slots = slots[self._alive.array[slots] != 0]
        met: list[int] = np.sort(slots).tolist()
        return met

    def _explain(self, evidence: Evidence, slot: int) -> tuple[Reason, ...]:
        with self._lock:
            try:
                condition = self._compiler.condition(self._rows.literals(slot))
            except KeyError:
                return ()
        return reasons(Rule(condition), evidence)

    def _sort_if_due(self) -> None:
        unsorted = self._rows.unsettled
        if unsorted < 1000 or unsorted * _UNSORTED_SHARE < len(self):
            return
        with self._lock:
            if self._sorting is None or not self._sorting.is_alive():
                self._sorting = threading.Thread(target=self.settle, name="rule index", daemon=True)
                self._sorting.start()


_CHINA = ZoneInfo("Asia/Shanghai")
