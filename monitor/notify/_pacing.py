"""Keeping below a provider's limits within one process."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from monitor.errors import DeliveryError, SendOutcome

_MANY_GATES = 10_000
_LONG_AGO = 120.0
# A sleep ends a little late; what was lost by that is made up by the next one, or 29 a second becomes 28.
_CATCH_UP = 0.005
# The first message after a rest has a connection to open and arrives late; the second keeps its distance.
_REST = 1.0
_LATE_START = 0.1


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` messages in any `period` seconds."""

    count: int
    period: float


@dataclass(slots=True)
class _Gate:
    """What one limit remembers; who waits at it passes in the order of arrival."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    sent: deque[float] = field(default_factory=deque)
    closed_until: float = 0.0
    waiting: int = 0

    def due(self, rate: Rate) -> float:
        """When the next message may pass."""
        if len(self.sent) < rate.count:
            return self.closed_until
        return max(self.closed_until, self.sent[-rate.count] + rate.period)

    def take(self, rate: Rate, now: float) -> None:
        """Count a message."""
        due = self.due(rate)
        self.sent.append(now + _LATE_START if now - due > _REST else max(due, now - _CATCH_UP))
        while len(self.sent) > rate.count:
            self.sent.popleft()

    def is_idle(self, now: float) -> bool:
        last = max(self.closed_until, self.sent[-1] if self.sent else 0.0)
        return not self.waiting and last < now - _LONG_AGO


class Pacer:
    """Lets sends through as their limits allow, or tells them when to come back.

    `patience` is the longest wait in seconds. It is short, so that a crowded chat holds up no worker.
    """

    def __init__(self, patience: float = 2.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience
        self._clock = clock
        self._gates: dict[str, _Gate] = defaultdict(_Gate)

    async def turn(self, limits: Mapping[str, Rate]) -> None:
        """Pass all limits, named by what they limit, the narrowest first.

        Raises `DeliveryError` (nothing was sent) with `retry_after` where that would take too long.
        """
        deadline = self._clock() + self._patience
        if len(self._gates) > _MANY_GATES:
            self._forget()
        gates = [(self._gates[name], rate) for name, rate in limits.items()]
        async with AsyncExitStack() as held:
            for gate, rate in gates:
                await self._reach(gate, rate, held, deadline)
            for gate, rate in gates:
                gate.take(rate, self._clock())

    def pause(self, name: str, seconds: float) -> None:
        """The provider itself asked for a pause."""
        self._gates[name].closed_until = self._clock() + seconds

    async def _reach(self, gate: _Gate, rate: Rate, held: AsyncExitStack, deadline: float) -> None:
        """Wait in line at a gate, and keep it until the message is counted at all of them."""
        now = self._clock()
        expected = max(gate.due(rate) - now, 0.0) + gate.waiting * rate.period / rate.count
        if now + expected > deadline:
            raise DeliveryError(
                f"Sending pauses for {expected:.1f} s to stay below the provider's limits.",
                outcome=SendOutcome.RETRY,
                answer="paced",
                retry_after=expected,
            )
        gate.waiting += 1
        try:
            await held.enter_async_context(gate.lock)
            while (wait := gate.due(rate) - self._clock()) > 0:  # noqa: ASYNC110 - time is what is waited for
                await asyncio.sleep(wait)
        finally:
            gate.waiting -= 1

    def _forget(self) -> None:
        now = self._clock()
        for name in [name for name, gate in self._gates.items() if gate.is_idle(now)]:
            del self._gates[name]
