"""Every word of every rule, found in one pass over a text."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation

from rules.index import lookup
from rules.index.arrays import Ints
from rules.index.lookup import Lookup

Bounds = tuple[int, int]

_MERGE_RATIO = 4
"""A new automaton takes in its neighbour unless that is more than so many times larger."""

_number_of = itemgetter(0)
_end_of = itemgetter(2)


@dataclass(frozen=True, slots=True)
class Automaton:
    """Finds the words numbered from `first` up to `end`."""

    first: int
    end: int
    machine: AhoCorasick

    @classmethod
    def over(cls, words: Sequence[str], first: int) -> "Automaton":
        """An automaton for words, the first of which has the number `first`."""
        machine = AhoCorasick(words, store_patterns=False, implementation=Implementation.ContiguousNFA)
        return cls(first, first + len(words), machine)

    def scan(self, text: str, scopes: Sequence[Bounds]) -> list[Ints]:
        """The words in each scope, a word as often as it occurs."""
        hits = self.machine.find_matches_as_indexes(text, overlapping=True)
        numbers = np.fromiter(map(_number_of, hits), np.int32, len(hits)) + np.int32(self.first)
        # Hits come in the order of their ends, and none reaches over the end of a scope.
        return [numbers[_up_to(hits, start) : _up_to(hits, end)] for start, end in scopes]


def _up_to(hits: list[tuple[int, int, int]], end: int) -> int:
    """How many hits end at `end` or before."""
    return bisect_right(hits, end, key=_end_of)


class Words:
    """Texts by number, those that are settled in one string."""

    def __init__(self) -> None:
        self._settled = ""
        self._ends = np.zeros(1, np.int32)
        self._recent: list[str] = []

    def __len__(self) -> int:
        return len(self._ends) - 1 + len(self._recent)

    def __getitem__(self, number: int) -> str:
        settled = len(self._ends) - 1
        if number >= settled:
            return self._recent[number - settled]
        return self._settled[self._ends[number] : self._ends[number + 1]]

    def append(self, word: str) -> None:
        """Add a word under the next number."""
        self._recent.append(word)

    def settle(self) -> None:
        """Put the recent words into the string."""
        lengths = np.fromiter(map(len, self._recent), np.int32, len(self._recent))
        self._settled += "".join(self._recent)
        self._ends = np.concatenate((self._ends, self._ends[-1] + np.cumsum(lengths, dtype=np.int32)))
        self._recent = []


class Patterns:
    """Numbered words. An automaton cannot grow, so each covers a stretch of the numbers; words newer than
    the last `settle` share a small one that is made when it is first needed."""

    def __init__(self) -> None:
        self._words = Words()
        self._numbers = Lookup(self._is_word)
        self._sealed: tuple[Automaton, ...] = ()
        self._recent: Automaton | None = None

    def __len__(self) -> int:
        return len(self._words)

    def __getitem__(self, number: int) -> str:
        return self._words[number]

    def number(self, word: str) -> int:
        """The number of a word, a new one if it has none yet."""
        number = self._numbers.get(word)
        if number is None:
            number = len(self._words)
            self._numbers.put(word, number)
            self._words.append(word)
        return number

    def scan(self, text: str, scopes: Sequence[Bounds]) -> list[Ints]:
        """The numbers of the words that occur in each of the scopes, with repetitions."""
        found = [automaton.scan(text, scopes) for automaton in self._automata()]
        return [np.concatenate(scope) for scope in zip(*found, strict=True)]

    @property
    def unsettled(self) -> int:
        """How many words have no automaton that lasts."""
        return len(self._words) - self._sealed_end

    def snapshot(self, largest: int) -> "Snapshot":
        """The words of this moment, to be given automata while others come. No automaton of more than
        `largest` words is made to take in older ones: making one stops the other threads for a while."""
        kept, end = list(self._sealed), len(self._words)
        first = self._sealed_end
        while kept and first < end:
            neighbour = kept[-1]
            if neighbour.end - neighbour.first > min(_MERGE_RATIO * (end - first), largest):
                break
            first = kept.pop().first
        return Snapshot(tuple(kept), self._words, first, end, self._numbers.snapshot())

    def settle(self, words: "Snapshot") -> None:
        """Take what was sorted."""
        self._sealed = words.automata
        self._words.settle()
        self._numbers.settle(words.numbers)

    @property
    def _sealed_end(self) -> int:
        return self._sealed[-1].end if self._sealed else 0

    def _automata(self) -> tuple[Automaton, ...]:
        first, end = self._sealed_end, len(self._words)
        if first == end:
            return self._sealed
        if self._recent is None or (self._recent.first, self._recent.end) != (first, end):
            self._recent = Automaton.over([self._words[number] for number in range(first, end)], first)
        return (*self._sealed, self._recent)

    def __getstate__(self) -> dict[str, object]:
        """The words; automata and hashes are worked out again."""
        return {"words": [self._words[number] for number in range(len(self._words))]}

    def __setstate__(self, state: dict[str, list[str]]) -> None:
        words = state["words"]
        self._words = Words()
        for word in words:
            self._words.append(word)
        self._words.settle()
        self._numbers = Lookup(self._is_word)
        self._numbers.rehash(words, range(len(words)))
        self._sealed = (Automaton.over(words, 0),) if words else ()
        self._recent = None

    def _is_word(self, number: int, word: str) -> bool:
        return self._words[number] == word


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The automata that stay, the words from `first` to `end` that are to get one, and all numbers."""

    automata: tuple[Automaton, ...]
    words: Words
    first: int
    end: int
    numbers: lookup.Snapshot[str]

    def sorted(self) -> "Snapshot":
        """The same with an automaton for the words, for `Patterns.settle`."""
        automata = self.automata
        if self.first < self.end:
            words = [self.words[number] for number in range(self.first, self.end)]
            automata = (*automata, Automaton.over(words, self.first))
        return replace(self, automata=automata, numbers=self.numbers.sorted())
