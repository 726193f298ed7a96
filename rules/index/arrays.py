"""Small tools over int32 arrays that the parts of the index share."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
EMPTY: Ints = np.empty(0, np.int32)


class Growing:
    """A list of numbers, four bytes each, that can be read as an array without a copy."""

    def __init__(self, numbers: Ints = EMPTY) -> None:
        self._room = numbers
        self._length = len(numbers)

    def __len__(self) -> int:
        return self._length

    def append(self, number: int) -> None:
        """Add one number."""
        if self._length == len(self._room):
            self._make_room(1)
        self._room[self._length] = number
        self._length += 1

    def extend(self, numbers: Iterable[int] | Ints) -> None:
        """Add several numbers."""
        added = np.asarray(numbers if isinstance(numbers, np.ndarray) else list(numbers), np.int32)
        if self._length + len(added) > len(self._room):
            self._make_room(len(added))
        self._room[self._length : self._length + len(added)] = added
        self._length += len(added)

    @property
    def array(self) -> Ints:
        """The numbers so far; valid until the next one is added."""
        return self._room[: self._length]

    def _make_room(self, number: int) -> None:
        room = np.empty(max(16, 2 * self._length, self._length + number), np.int32)
        room[: self._length] = self._room[: self._length]
        self._room = room


def spread(starts: Ints, ends: Ints) -> Ints:
    """Every number of the ranges `starts[i]:ends[i]`, one range after the other."""
    filled = ends > starts
    starts, lengths = starts[filled], (ends - starts)[filled]
    if not len(starts):
        return EMPTY
    shifts = starts - np.concatenate(([0], np.cumsum(lengths)[:-1]))
    return (np.arange(lengths.sum()) + np.repeat(shifts, lengths)).astype(np.int32)


def grouped(keys: Ints, size: int) -> tuple[Ints, Ints]:
    """`(order, bounds)` such that `order[bounds[k]:bounds[k + 1]]` are the places of `k` in `keys`."""
    order = np.argsort(keys, kind="stable").astype(np.int32)
    bounds = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(keys, minlength=size), out=bounds[1:])
    return order, bounds
