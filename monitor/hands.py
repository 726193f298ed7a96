"""The hands of a worker: what it sends at once, what stands in line for a free hand, and who gets how many.

One destination or channel that does not answer must not hold up the others: half of the hands are left for
others than any one destination, and a quarter for other channels than any one, where there are several.
"""

import asyncio
import datetime as dt
import math
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple

from monitor.storage import Claim, Hands

AHEAD = 3
"""A worker claims this many times what it has hands for, so that none is idle while the next are claimed; no
more than can begin while their lease is long enough. Not of channels that are not repeat-safe: a killed
worker's line would be marked as possible repeats."""


class Taken(NamedTuple):
    """How many deliveries a worker has claimed and that are not over: those that go at once by destination
    and by channel, and all together those that wait for slots."""

    by_destination: Counter[int]
    by_channel: Counter[str]
    slotted: int


class Line:
    """Begins what is claimed: with a slot at once, else as hands get free. `over` is called after each."""

    def __init__(
        self,
        attempt: Callable[[Claim], Awaitable[None]],
        over: Callable[[], None],
        *,
        hands: int,
        channels: int,
    ) -> None:
        self._attempt = attempt
        self._over = over
        self._hands = hands
        self._most_of_channel = max(hands - max(hands // 4, 1), 1) if channels > 1 else hands
        self._line: deque[Claim] = deque()
        self._under_way: dict[asyncio.Task[None], Claim] = {}

    def __bool__(self) -> bool:
        """Whether anything is under way."""
        return bool(self._under_way)

    @property
    def only_slots(self) -> bool:
        """Whether what is under way waits for slots alone."""
        return bool(self) and all(claim.send_at is not None for claim in self._under_way.values())

    def put(self, claims: Iterable[Claim]) -> None:
        """Take over what was claimed."""
        for claim in claims:
            if claim.send_at is None:
                self._line.append(claim)
            else:
                self._begin(claim)
        self._fill_hands()

    def taken(self) -> Taken:
        """What counts when more is claimed."""
        claims = [*self._under_way.values(), *self._line]
        at_once = [claim for claim in claims if claim.send_at is None]
        by_destination = Counter(claim.destination_id for claim in at_once)
        by_channel = Counter(claim.channel for claim in at_once)
        return Taken(by_destination, by_channel, len(claims) - len(at_once))

    def shares(self, taken: Taken, *, ahead: bool) -> Hands:
        """What one destination or channel may get, if more than there are hands for may be claimed or not."""
        most = AHEAD * self._most_of_channel if ahead else self._most_of_channel
        return Hands(math.ceil(self._hands / 2), most, taken.by_destination, taken.by_channel)

    def leave(self) -> list[Claim]:
        """Begin nothing more. Returns what was not begun."""
        left = list(self._line)
        self._line.clear()
        return left

    async def end(self, grace: dt.timedelta) -> None:
        """Give what is under way a moment, and stop the rest: nobody knows whether it arrived."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=grace.total_seconds())
        for task in self._under_way:
            task.cancel()

    def _fill_hands(self) -> None:
        busy = Counter(claim.channel for claim in self._under_way.values() if claim.send_at is None)
        passed_over: list[Claim] = []
        while self._line and busy.total() < self._hands:
            claim = self._line.popleft()
            if busy[claim.channel] < self._most_of_channel:
                busy[claim.channel] += 1
                self._begin(claim)
            else:
                passed_over.append(claim)
        self._line.extendleft(reversed(passed_over))

    def _begin(self, claim: Claim) -> None:
        async def attempt() -> None:
            await self._attempt(claim)

        task = asyncio.create_task(attempt())
        self._under_way[task] = claim
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self._fill_hands()
        self._over()
