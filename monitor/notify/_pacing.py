"""Keeping below a provider's limits within one process."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.errors import DeliveryError, SendOutcome

_MANY_KEYS = 10_000
# A sleep ends a little late; what was lost by that is made up by the next one, or 29 a second becomes 28.
_CATCH_UP = 0.005


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` messages in any `period` seconds."""

    count: int
    period: float


class Pacer:
    """Lets sends through as their limits allow, or tells them when to come back.

    `patience` is the longest wait in seconds. It is short, so that a crowded chat holds up no worker.
    """

    def __init__(self, patience: float = 2.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience
        self._clock = clock
        self._sent: dict[str, deque[float]] = defaultdict(deque)
        self._paused: dict[str, float] = {}

    async def turn(self, limits: Mapping[str, Rate]) -> None:
        """Wait until every limit, named by what it limits, has room, and take that room.

        Raises `DeliveryError` (nothing was sent) with `retry_after` where that would take too long.
        """
        deadline = self._clock() + self._patience
        while (wait := self._wait(limits)) > 0:
            if self._clock() + wait > deadline:
                raise DeliveryError(
                    f"Sending pauses for {wait:.1f} s to stay below the provider's limits.",
                    outcome=SendOutcome.RETRY,
                    answer="paced",
                    retry_after=wait,
                )
            await asyncio.sleep(wait)
        self._take(limits)

    def pause(self, name: str, seconds: float) -> None:
        """The provider itself asked for a pause."""
        self._paused[name] = self._clock() + seconds

    def _wait(self, limits: Mapping[str, Rate]) -> float:
        now = self._clock()
        return max(self._due(name, rate) - now for name, rate in limits.items())

    def _due(self, name: str, rate: Rate) -> float:
        """When the next message may go."""
        sent, paused = self._sent.get(name, ()), self._paused.get(name, 0.0)
        return max(paused, sent[-rate.count] + rate.period) if len(sent) >= rate.count else paused

    def _take(self, limits: Mapping[str, Rate]) -> None:
        now = self._clock()
        if len(self._sent) > _MANY_KEYS:
            self._forget(now)
        for name, rate in limits.items():
            time_taken = max(self._due(name, rate), now - _CATCH_UP)
            sent = self._sent[name]
            sent.append(time_taken)
            while len(sent) > rate.count:
                sent.popleft()

    def _forget(self, now: float) -> None:
        """Drop what is too old to limit anything."""
        old = [name for name, sent in self._sent.items() if sent[-1] < now - 120]
        for name in old:
            del self._sent[name]
        self._paused = {name: until for name, until in self._paused.items() if until > now}
