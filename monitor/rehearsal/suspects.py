"""What keeps a rule from ever matching, found by trying: the rule without each of its conditions, and with
others in their places, all in one index and held against the same notices."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.rehearsal.changes import Change, changes, replaced, required
from monitor.types import Notice
from rules import Rule, RuleId, RuleIndex, Vocabulary
from rules.conditions import Condition, Everything, Term

MOST_NEARBY = 3


@dataclass(frozen=True, slots=True)
class Nearby:
    """A condition in place of another: how many notices the rule would match with it, and how many meet it
    `alone`."""

    condition: Condition
    matches: int
    alone: int


@dataclass(frozen=True, slots=True)
class Suspect:
    """A condition that a rule which matched nothing requires.

    `without`: how many notices the rule would match if the condition were taken away; `alone`: how many meet
    it by itself. `nearby`: what would have matched in its place, best first; where nothing would, and the
    word occurs nowhere, words like it that do.
    """

    condition: Condition
    without: int
    alone: int
    nearby: tuple[Nearby, ...]


class Inquiry:
    """Counts, notice by notice, what a rule would match if it were another."""

    def __init__(self, rule: Rule, vocabulary: Vocabulary) -> None:
        self._whole = rule.expanded.condition
        self._changes = {
            suspect: tuple(changes(suspect, vocabulary)) for suspect in dict.fromkeys(required(self._whole))
        }
        self._numbers = {condition: number for number, condition in enumerate(dict.fromkeys(self._to_try()))}
        self._hits: Counter[RuleId] = Counter()
        self._index = RuleIndex(vocabulary)
        for condition, number in self._numbers.items():
            self._index.add(number, Rule(condition))

    def look(self, notice: Notice, day: dt.date) -> None:
        """Count one more notice, as of that day."""
        self._hits.update(match.rule_id for match in self._index.match(notice, today=day))

    def suspects(self) -> tuple[Suspect, ...]:
        """The conditions that the rule requires, the one first without which it would match most."""
        found = (
            Suspect(
                suspect,
                without=self._count(self._without(suspect)),
                alone=self._count(suspect),
                nearby=self._nearby(suspect, others),
            )
            for suspect, others in self._changes.items()
        )
        return tuple(sorted(found, key=lambda suspect: -suspect.without))

    def _to_try(self) -> Iterator[Condition]:
        for suspect, others in self._changes.items():
            yield from (suspect, self._without(suspect))
            for change in others:
                yield from (change.new, self._with(change))

    def _count(self, condition: Condition) -> int:
        return self._hits[self._numbers[condition]]

    def _without(self, suspect: Condition) -> Condition:
        return replaced(self._whole, suspect, Everything())

    def _with(self, change: Change) -> Condition:
        return replaced(self._whole, change.old, change.new)

    def _nearby(self, suspect: Condition, others: Iterable[Change]) -> tuple[Nearby, ...]:
        found = [
            (change, Nearby(change.new, self._count(self._with(change)), self._count(change.new)))
            for change in others
        ]
        matching = [(change.distance, -one.matches, one) for change, one in found if one.matches]
        if matching or self._count(suspect):
            return _nearest(matching)
        return _nearest(
            (change.distance, -one.alone, one)
            for change, one in found
            if one.alone and isinstance(change.old, Term)
        )


def _nearest(found: Iterable[tuple[int, int, Nearby]]) -> tuple[Nearby, ...]:
    """The first few by distance, then by hits; a word inside one that was chosen says nothing new."""
    chosen: list[Nearby] = []
    for *_, one in sorted(found, key=lambda one: one[:2]):
        if len(chosen) < MOST_NEARBY and not any(str(one.condition) in str(c.condition) for c in chosen):
            chosen.append(one)
    return tuple(chosen)
