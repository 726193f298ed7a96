"""What a notice met: a sequence that costs little until it is looked into."""

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import Any, overload

from numpy.typing import NDArray

from rules.index.arrays import Ints
from rules.model import Match, Reason


class Matches(Sequence[Match]):
    """The rules that a notice met, in the order in which they came.

    It does not change. A `Match` is made when it is asked for, and its reasons when they are.
    """

    __slots__ = ("_explain", "_ids", "_slots")

    def __init__(self, ids: NDArray[Any], slots: Ints, explain: Callable[[int], tuple[Reason, ...]]) -> None:
        self._ids = ids  # by slot, of all rules
        self._slots = slots
        self._explain = explain

    @property
    def rule_ids(self) -> list[Any]:
        """The ids of the rules."""
        ids: list[Any] = self._ids[self._slots].tolist()
        return ids

    def __len__(self) -> int:
        return len(self._slots)

    @overload
    def __getitem__(self, place: int) -> Match: ...
    @overload
    def __getitem__(self, place: slice) -> "Matches": ...
    def __getitem__(self, place: int | slice) -> "Match | Matches":
        if isinstance(place, slice):
            return Matches(self._ids, self._slots[place], self._explain)
        slot = int(self._slots[place])
        return Match(self._ids[slot], slot, self._explain)

    def __iter__(self) -> Iterator[Match]:
        return map(Match, self.rule_ids, self._slots.tolist(), repeat(self._explain))

    def __repr__(self) -> str:
        return f"Matches({self.rule_ids!r})"
