"""Every word of every rule, by number, and which of them a text contains."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np

from rules.index import lookup
from rules.index.arrays import Ints
from rules.index.automata import Automaton, Bounds, covering
from rules.index.lookup import Lookup


class Words(Sequence[str]):
    """Texts by number, those that are settled in one string."""

    def __init__(self) -> None:
        self._settled = ""
        self._ends = np.zeros(1, np.int32)
        self._recent: list[str] = []

    def __len__(self) -> int:
        return len(self._ends) - 1 + len(self._recent)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[str]: ...
    def __getitem__(self, number: int | slice) -> str | Sequence[str]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
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
    """Numbered words. Those newer than the last `seal` share an automaton that is made when it is needed."""

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
    def unsealed(self) -> int:
        """How many words have no automaton that lasts."""
        return len(self._words) - (self._sealed[-1].end if self._sealed else 0)

    def seal(self, largest: int) -> None:
        """Give all words automata that last (see `automata.covering`)."""
        self._sealed = covering(self._sealed, self._words, len(self._words), largest)

    def snapshot(self, largest: int) -> "Snapshot":
        """The words of this moment, to be sealed and sorted while others come."""
        return Snapshot(self._sealed, self._words, len(self._words), largest, self._numbers.snapshot())

    def settle(self, words: "Snapshot") -> None:
        """Take what was sorted."""
        self._sealed = words.automata
        self._words.settle()
        self._numbers.settle(words.numbers)

    def _automata(self) -> tuple[Automaton, ...]:
        if not self.unsealed:
            return self._sealed
        end = len(self._words)
        first = end - self.unsealed
        if self._recent is None or (self._recent.first, self._recent.end) != (first, end):
            self._recent = Automaton.over(self._words, first, end)
        return (*self._sealed, self._recent)

    def __getstate__(self) -> dict[str, object]:
        """The words; automata and hashes are worked out again."""
        return {"words": list(self._words)}

    def __setstate__(self, state: dict[str, list[str]]) -> None:
        words = state["words"]
        self._words = Words()
        for word in words:
            self._words.append(word)
        self._words.settle()
        self._numbers = Lookup(self._is_word)
        self._numbers.rehash(words, range(len(words)))
        self._sealed = (Automaton.over(words, 0, len(words)),) if words else ()
        self._recent = None

    def _is_word(self, number: int, word: str) -> bool:
        return self._words[number] == word


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The words up to `end`, their numbers, and the automata there are."""

    automata: tuple[Automaton, ...]
    words: Words
    end: int
    largest: int
    numbers: lookup.Snapshot[str]

    def sorted(self) -> "Snapshot":
        """The same with automata for all words, for `Patterns.settle`."""
        automata = covering(self.automata, self.words, self.end, self.largest)
        return replace(self, automata=automata, numbers=self.numbers.sorted())
