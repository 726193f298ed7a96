"""A channel whose provider is the test: it keeps what was sent and answers as it is told."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from monitor.errors import DeliveryError, SendOutcome
from monitor.limits import Limits
from monitor.types import Message, Receipt
from tests.making import NOW

Answer = Callable[[Message], Receipt | Exception]


def refuse(outcome: SendOutcome, **details: object) -> Answer:
    """Every send ends so."""
    return lambda _: DeliveryError(f"the provider says {outcome}", outcome=outcome, **details)  # type: ignore[arg-type]


class Outbox:
    """`sent` holds address and message of every send, whatever came of it. `{}` in the name of a bucket is
    the address."""

    def __init__(
        self,
        name: str = "webhook",
        answer: Answer | None = None,
        *,
        seconds: float = 0,
        repeat_safe: bool = False,
        limits: Limits = (),
    ) -> None:
        self.name = name
        self.repeat_safe = repeat_safe
        self.paced = any(limit.rates for limit in limits)
        self._limits = limits
        self.sent: list[tuple[str, Message]] = []
        self.answer = answer or (lambda _: Receipt("200 OK", "provider-1"))
        self.seconds = seconds
        self.under_way = 0
        self.most_at_once = 0

    def limits(self, address: str) -> Limits:
        return tuple(replace(limit, bucket=limit.bucket.format(address)) for limit in self._limits)

    async def begun(self, count: int) -> None:
        """Wait until so many sends were begun."""
        while len(self.sent) < count:  # noqa: ASYNC110 - an event would have to know the count
            await asyncio.sleep(0.005)

    async def send(self, address: str, message: Message) -> Receipt:
        self.sent.append((address, message))
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.under_way -= 1
        answer = self.answer(message)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def probe(self) -> str:
        return "The test answers."

    async def aclose(self) -> None:
        pass


class Clock:
    """A clock that stands until it is set."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now
