"""Automata that find many words in one pass over a text."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation

from rules.index.arrays import Ints

Bounds = tuple[int, int]

_MERGE_RATIO = 4

_number_of = itemgetter(0)
_end_of = itemgetter(2)


@dataclass(frozen=True, slots=True)
class Automaton:
    """Finds the words numbered from `first` up to `end`."""

    first: int
    end: int
    machine: AhoCorasick

    @classmethod
    def over(cls, words: Sequence[str], first: int, end: int) -> "Automaton":
        """An automaton for `words[first:end]`."""
        covered = [words[number] for number in range(first, end)]
        machine = AhoCorasick(covered, store_patterns=False, implementation=Implementation.ContiguousNFA)
        return cls(first, end, machine)

    def __len__(self) -> int:
        return self.end - self.first

    def scan(self, text: str, scopes: Sequence[Bounds]) -> list[Ints]:
        """The words in each scope, a word as often as it occurs."""
        hits = self.machine.find_matches_as_indexes(text, overlapping=True)
        numbers = np.fromiter(map(_number_of, hits), np.int32, len(hits)) + np.int32(self.first)
        # Hits come in the order of their ends, and none reaches over the end of a scope.
        return [numbers[_up_to(hits, start) : _up_to(hits, end)] for start, end in scopes]


def _up_to(hits: list[tuple[int, int, int]], end: int) -> int:
    """How many hits end at `end` or before."""
    return bisect_right(hits, end, key=_end_of)


def covering(
    automata: tuple[Automaton, ...], words: Sequence[str], end: int, largest: int
) -> tuple[Automaton, ...]:
    """Automata for all words up to `end`, most of them those there are.

    An automaton cannot grow; a new one takes in its neighbours that are not much larger, so there are never
    many. None larger than `largest` is taken in: making an automaton stops the other threads for a while.
    """
    kept = list(automata)
    covered = kept[-1].end if kept else 0
    first = covered if covered < end or not kept else kept.pop().first
    while kept and len(kept[-1]) <= min(_MERGE_RATIO * (end - first), largest):
        first = kept.pop().first
    if first == end or (automata and first == automata[-1].first and covered == end):
        return automata
    return (*kept, Automaton.over(words, first, end))
