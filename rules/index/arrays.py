"""Small tools over arrays that the parts of the index share."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Ints = NDArray[np.int32]
EMPTY: Ints = np.empty(0, np.int32)


class Growing:
    """An array that grows at its end. Of objects it is unlike a list in that the garbage collector, which
    would look at a million of them time and again, leaves them alone."""

    def __init__(self, kind: DTypeLike = np.int32) -> None:
        self._room: NDArray[Any] = np.empty(16, kind)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, value: object) -> None:
        """Add one value."""
        if self._length == len(self._room):
            room = np.empty(2 * self._length, self._room.dtype)
            room[: self._length] = self._room
            self._room = room
        self._room[self._length] = value
        self._length += 1

    @property
    def array(self) -> NDArray[Any]:
        """The values so far. They stay as they are when others are added."""
        return self._room[: self._length]


def spread(starts: Ints, ends: Ints) -> Ints:
    """Every number of the ranges `starts[i]:ends[i]`, one range after the other."""
    filled = ends > starts
    starts, lengths = starts[filled], (ends - starts)[filled]
    if not len(starts):
        return EMPTY
    ends = np.cumsum(lengths, dtype=np.int32)
    places = np.arange(ends[-1], dtype=np.int32)
    places += np.repeat(starts - ends + lengths, lengths)
    return places


def grouped(keys: Ints, size: int) -> tuple[Ints, Ints]:
    """`(order, bounds)` such that `order[bounds[k]:bounds[k + 1]]` are the places of `k` in `keys`."""
    order = np.argsort(keys, kind="stable").astype(np.int32)
    bounds = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(keys, minlength=size), out=bounds[1:])
    return order, bounds


def distinct(numbers: Ints) -> Ints:
    """The numbers in order, each once."""
    ordered = np.sort(numbers)
    if len(ordered) < 2:
        return ordered
    first = np.empty(len(ordered), np.bool_)
    first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]
