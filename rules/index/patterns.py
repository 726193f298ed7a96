"""Every word of every rule, found in one pass over a text."""

from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation

from rules.index.arrays import Ints

Bounds = tuple[int, int]

_MERGE_RATIO = 8
"""A new automaton takes in its neighbour unless that is more than so many times larger."""

_number_of = itemgetter(0)
_end_of = itemgetter(2)


@dataclass(frozen=True, slots=True)
class _Automaton:
    """Finds the words numbered from `first` up to `end`."""

    first: int
    end: int
    machine: AhoCorasick

    @classmethod
    def over(cls, words: list[str], first: int) -> "_Automaton":
        machine = AhoCorasick(
            words[first:], store_patterns=False, implementation=Implementation.ContiguousNFA
        )
        return cls(first, len(words), machine)

    def scan(self, text: str, scopes: list[Bounds]) -> list[Ints]:
        """The words in each scope, a word as often as it occurs. Hits come in the order of their ends."""
        hits = self.machine.find_matches_as_indexes(text, overlapping=True)
        numbers = np.fromiter(map(_number_of, hits), np.int32, len(hits)) + np.int32(self.first)
        return [numbers[_place(hits, start) : _place(hits, end)] for start, end in scopes]


def _place(hits: list[tuple[int, int, int]], end: int) -> int:
    """How many hits end at `end` or before."""
    return bisect_right(hits, end, key=_end_of)


class Patterns:
    """Numbered words. An automaton cannot grow, so each covers a stretch of the numbers; words newer than
    the last `seal` share a small one that is made when it is first needed."""

    def __init__(self, words: list[str] | None = None) -> None:
        self.words = words or []
        self._numbers = {word: number for number, word in enumerate(self.words)}
        self._sealed: tuple[_Automaton, ...] = ()
        self._recent: _Automaton | None = None

    def __len__(self) -> int:
        return len(self.words)

    def number(self, word: str) -> int:
        """The number of a word, a new one if it has none yet."""
        number = self._numbers.setdefault(word, len(self.words))
        if number == len(self.words):
            self.words.append(word)
        return number

    def scan(self, text: str, scopes: list[Bounds]) -> list[Ints]:
        """The numbers of the words that occur in each of the scopes, with repetitions."""
        found = [automaton.scan(text, scopes) for automaton in self._automata()]
        return [np.concatenate(scope) for scope in zip(*found, strict=True)] if found else []

    @property
    def unsealed(self) -> int:
        """How many words have no automaton that lasts."""
        return len(self.words) - self._sealed_end

    def seal(self) -> None:
        """Give the newest words an automaton that lasts. Safe beside `scan` and `number` in other threads."""
        words = self.words[:]
        sealed, first = list(self._sealed), self._sealed_end
        while sealed and (sealed[-1].end - sealed[-1].first) <= _MERGE_RATIO * (len(words) - first):
            first = sealed.pop().first
        if first < len(words):
            self._sealed = (*sealed, _Automaton.over(words, first))

    @property
    def _sealed_end(self) -> int:
        return self._sealed[-1].end if self._sealed else 0

    def _automata(self) -> tuple[_Automaton, ...]:
        sealed, words = self._sealed, self.words
        end = sealed[-1].end if sealed else 0
        if end == len(words):
            return sealed
        recent = self._recent
        if recent is None or (recent.first, recent.end) != (end, len(words)):
            recent = self._recent = _Automaton.over(words, end)
        return (*sealed, recent)
