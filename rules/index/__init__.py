"""Every rule against one notice: exact, explained, and fast at any number of rules.

    notice → Evidence → triggers found → graph → rows whose conditions are all true → Matches

All words of all rules are found in one pass (`patterns`), with the facets they make nodes of a graph true
(`triggers`, `graph`, `looks`), and each rule is looked at only when the rarest of its conditions is true
(`rows`). What is new is kept beside what is sorted, and sorted in by a thread of its own.
"""

import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo

import numpy as np

from rules.errors import RuleError
from rules.evidence import Evidence
from rules.index.arrays import Growing, Ints, distinct
from rules.index.compiling import Compiler
from rules.index.graph import Graph, only_denials
from rules.index.lookup import Lookup
from rules.index.matches import Matches
from rules.index.rows import Rows
from rules.meaning import ALWAYS
from rules.model import NoticeLike, Reason, Rule, RuleId
from rules.reasons import reasons
from rules.vocabulary import Vocabulary, default_vocabulary

_AT_ONCE, _BATCH = 1000, 100_000
"""Many rules are put in so many at once, and sorted in so many at a time, or a third of all if that is more:
the peak of memory stays low."""

_NEW_RULES, _NEW_SHARE = 5000, 50
"""So many new rules are sorted in, if they are one in so many of all."""

_NEW_WORDS, _SMALL, _LARGEST = 250, 1000, 10_000
"""So many new words are given an automaton that lasts. Older automata that it takes in have at most `_SMALL`
words while a rule waits to be added (2 ms), `_LARGEST` in the background (20 ms)."""


class RuleIndex:
    """Rules by id, and which of them a notice meets. Safe to use from several threads."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._vocabulary = vocabulary or default_vocabulary()
        self._graph = Graph()
        self._compiler = Compiler(self._graph, self._vocabulary)
        self._rows = Rows()
        self._ids = Growing(object)  # by slot, the number of a rule in here
        self._slots = Lookup(self._is_at)
        self._alive = Growing(np.bool_)  # by slot: not removed
        self._count = 0
        self._lock = threading.RLock()
        self._settling = threading.Lock()

    def __len__(self) -> int:
        return self._count

    def __contains__(self, rule_id: RuleId) -> bool:
        return self._slots.get(rule_id) is not None

    @property
    def words(self) -> list[str]:
        """The words that it looks for in texts, folded, other ways to say a term included."""
        patterns = self._compiler.triggers.patterns
        return [patterns[number] for number in range(len(patterns))]

    def add(self, rule_id: RuleId, rule: Rule | str) -> None:
        """Add a rule, or put it in place of the one with that id. Text is read best in its canonical form.

        Raises:
            RuleError: the text is no rule; nothing was changed.
            LookupError: the rule was read with a vocabulary that has other names.
        """
        with self._lock:
            self._put(rule_id, rule)
            if self._compiler.triggers.patterns.unsealed > _NEW_WORDS:
                self._compiler.triggers.patterns.seal(_SMALL)
        self._settle_if_due()

    def extend(self, rules: Iterable[tuple[RuleId, Rule | str]]) -> list[tuple[RuleId, RuleError]]:
        """Add many rules; those that could not be read are returned with the reason, the others are in."""
        problems: list[tuple[RuleId, RuleError]] = []
        remaining = iter(rules)
        while some := list(islice(remaining, _AT_ONCE)):
            with self._lock:
                problems += self._put_all(some)
            if self._rows.unsettled >= max(_BATCH, len(self._rows) // 3):
                self.settle()
        self.settle()
        return problems

    def remove(self, rule_id: RuleId) -> None:
        """Take a rule out.

        Raises:
            KeyError: there is no rule with that id.
        """
        with self._lock:
            slot = self._slots.get(rule_id)
            if slot is None:
                raise KeyError(rule_id)
            self._alive.array[slot] = False
            self._slots.forget(rule_id)
            self._count -= 1

    def match(self, notice: NoticeLike, *, today: dt.date | None = None) -> Matches:
        """The rules that the notice meets, in the order in which they came.

        `today` is the day that `截止<14d` is counted from: the present one in China unless given.
        """
        evidence = Evidence(notice, self._vocabulary, today or dt.datetime.now(_CHINA).date())
        with self._lock:
            return Matches(self._ids.array, self._met(evidence), partial(self._explain, evidence))

    def settle(self, largest: int = 1_000_000) -> None:
        """Sort in what is new. Goes on by itself in the background; matching waits only for the last step.

        Words go into automata of more than `largest` words only when they are that many themselves.
        """
        patterns = self._compiler.triggers.patterns
        with self._settling:
            with self._lock:
                words, slots = patterns.snapshot(largest), self._slots.snapshot()
                graph = self._graph.snapshot()
                rows = self._rows.snapshot(self._graph.chances, self._alive.array.copy())
            sorted_words, sorted_slots = words.sorted(), slots.sorted()
            sorted_graph, sorted_rows = graph.sorted(), rows.sorted()
            with self._lock:
                patterns.settle(sorted_words)
                self._slots.settle(sorted_slots)
                self._graph.settle(sorted_graph)
                self._rows.settle(sorted_rows)

    def __getstate__(self) -> dict[str, object]:
        """Without what belongs to this process."""
        own = {"_lock", "_settling", "_slots"}
        return {name: value for name, value in vars(self).items() if name not in own}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state, _lock=threading.RLock(), _settling=threading.Lock())
        self._slots = Lookup(self._is_at)
        slots = np.flatnonzero(self._alive.array).tolist()
        self._slots.rehash(self._ids.array[slots].tolist(), slots)

    def _put_all(self, rules: Sequence[tuple[RuleId, Rule | str]]) -> Iterator[tuple[RuleId, RuleError]]:
        """Each that could not be read is given back."""
        known = self._slots.perhaps([rule_id for rule_id, _ in rules])
        for rule_id, rule in rules:
            try:
                self._put(rule_id, rule, new=rule_id not in known)
            except RuleError as error:
                yield rule_id, error
            known.add(rule_id)

    def _put(self, rule_id: RuleId, rule: Rule | str, *, new: bool = False) -> None:
        if isinstance(rule, str):
            conjunctions = self._compiler.compile_text(rule)
        else:
            conjunctions = self._compiler.compile(rule.condition)
        if not new and rule_id in self:
            self.remove(rule_id)
        slot = len(self._ids)
        self._ids.append(rule_id)
        self._alive.append(True)
        self._slots.put(rule_id, slot)
        self._count += 1
        for literals in conjunctions:
            if only_denials(literals):
                literals.append(self._compiler.triggers.literal(ALWAYS))
            self._rows.add(literals, slot)

    def _is_at(self, slot: int, rule_id: RuleId) -> bool:
        return self._ids.array[slot] == rule_id and bool(self._alive.array[slot])

    def _met(self, evidence: Evidence) -> Ints:
        seeds = self._compiler.triggers.seeds(evidence)
        with self._graph.given(seeds, partial(self._compiler.looks.true, evidence)) as (nodes, truth):
            slots = self._rows.met(nodes, truth)
        if self._count < len(self._ids):
            slots = slots[self._alive.array[slots]]
        return distinct(slots)

    def _explain(self, evidence: Evidence, slot: int) -> tuple[Reason, ...]:
        with self._lock:
            conjunctions = self._rows.conjunctions(slot)
            if not conjunctions:
                return ()
            condition = self._compiler.condition(conjunctions)
        return reasons(Rule(condition), evidence)

    def _settle_if_due(self) -> None:
        """Start a thread for it. The program waits for it at its end: one that is killed while it makes an
        automaton takes the whole process down."""
        unsettled = self._rows.unsettled
        if unsettled > max(_NEW_RULES, len(self) // _NEW_SHARE) and not self._settling.locked():
            threading.Thread(target=self.settle, args=(_LARGEST,)).start()


_CHINA = ZoneInfo("Asia/Shanghai")
