"""Numbers by key in twelve bytes each."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from rules.index.arrays import EMPTY, Ints

Key = TypeVar("Key", bound=Hashable)


class Lookup(Generic[Key]):
    """Numbers by key. Only the hashes of settled keys are kept: `is_key(number, key)` says whether the key is
    that number's. New keys stand in a table until `settle`."""

    def __init__(self, is_key: Callable[[int, Key], bool]) -> None:
        self._is_key = is_key
        self._hashes: NDArray[np.int64] = np.empty(0, np.int64)
        self._numbers = EMPTY
        self._recent: dict[Key, int] = {}
        self._leaving: dict[Key, int] = {}  # recent when the last snapshot was taken

    def get(self, key: Key) -> int | None:
        """The number of a key, None if it has none."""
        number = self._recent.get(key)
        if number is None:
            number = self._leaving.get(key)
        if number is not None or not len(self._hashes):
            return number
        hashed = hash(key)
        place = int(self._hashes.searchsorted(hashed))
        while place < len(self._hashes) and self._hashes[place] == hashed:
            number = int(self._numbers[place])
            if self._is_key(number, key):
                return number
            place += 1
        return None

    def perhaps(self, keys: Sequence[Key]) -> set[Key]:
        """Those of the keys that may have a number; the others have none."""
        recent = {key for key in keys if key in self._recent or key in self._leaving}
        hashes = np.fromiter(map(hash, keys), np.int64, len(keys))
        settled = np.searchsorted(self._hashes, hashes, "right") > np.searchsorted(self._hashes, hashes)
        return recent | {keys[place] for place in np.flatnonzero(settled).tolist()}

    def put(self, key: Key, number: int) -> None:
        """Give a key its number."""
        self._recent[key] = number

    def forget(self, key: Key) -> None:
        """Forget a new key; of a settled one `is_key` says that it is gone."""
        self._recent.pop(key, None)
        self._leaving.pop(key, None)

    def rehash(self, keys: Iterable[Key], numbers: Iterable[int]) -> None:
        """Start again with these keys: hashes of text differ from process to process."""
        recent = dict(zip(keys, numbers, strict=True))
        self.settle(Snapshot(np.empty(0, np.int64), EMPTY, recent).sorted())

    def snapshot(self) -> "Snapshot[Key]":
        """The keys of this moment, to be sorted while others come. One at a time."""
        self._leaving |= self._recent
        self._recent = {}
        return Snapshot(self._hashes, self._numbers, dict(self._leaving))

    def settle(self, keys: "Snapshot[Key]") -> None:
        """Take sorted keys."""
        self._hashes, self._numbers = keys.hashes, keys.numbers
        self._leaving = {}


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[Key]):
    """The keys of a moment: hashes in order with their numbers, and those that were recent."""

    hashes: NDArray[np.int64]
    numbers: Ints
    recent: dict[Key, int]

    def sorted(self) -> "Snapshot[Key]":
        """The same with the recent ones among the hashes, for `Lookup.settle`."""
        added = np.fromiter(map(hash, self.recent), np.int64, len(self.recent))
        hashes = np.concatenate((self.hashes, added))
        recent = np.fromiter(self.recent.values(), np.int32, len(self.recent))
        order = np.argsort(hashes, kind="stable")
        return Snapshot(hashes[order], np.concatenate((self.numbers, recent))[order], self.recent)
