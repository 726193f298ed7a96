"""One attempt: wait for the slot, send, and say what came of it."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from monitor.errors import DeliveryError, SendOutcome
from monitor.limits import LATEST
from monitor.notify import Channel
from monitor.settling import Answer
from monitor.storage import Claim
from monitor.types import Message

log = structlog.get_logger()

_KNOWN_TIMES = 50


@dataclass(frozen=True, slots=True)
class Sent:
    """An attempt was made. `late` is by how many seconds after its slot it can have reached the provider."""

    claim: Claim
    answer: Answer
    late: float = 0.0


@dataclass(frozen=True, slots=True)
class Unsent:
    """Nothing was sent: the slot was missed, or its provider asked for a pause meanwhile."""

    claim: Claim


@dataclass(kw_only=True)
class Sender:
    """Makes attempts over these channels.

    `start_within` is how many seconds after the claim its lease is long enough to begin; `hands` is how many
    that had to wait for a slot go at a time.
    """

    channels: Mapping[str, Channel]
    compose: Callable[[Claim, bool], Message]
    send_limit: dt.timedelta
    start_within: float
    hands: int
    _pauses: dict[str, float] = field(default_factory=dict)
    _times: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._free = asyncio.Semaphore(self.hands)

    async def attempt(self, claim: Claim) -> Sent | Unsent:
        """Send once, in its slot where it has one."""
        if claim.send_at is None:
            return await self._send(claim)
        await asyncio.sleep(claim.send_at - time.monotonic())
        async with self._free:
            if time.monotonic() > claim.send_at + LATEST or self._is_paused(claim):
                return Unsent(claim)
            return await self._send(claim)

    async def _send(self, claim: Claim) -> Sent:
        answer: Answer
        channel = self.channels[claim.channel]
        started = time.monotonic()
        try:
            if started > claim.claimed_at + self.start_within:
                raise _not_tried("the worker was stopped for so long that its lease ran out")
            async with asyncio.timeout(self.send_limit.total_seconds()):
                what = self.compose(claim, channel.repeat_safe)
                answer = await channel.send(claim.address, what)
        except DeliveryError as error:
            answer = error
        except TimeoutError:
            answer = _may_have_arrived(f"no answer within {self.send_limit.total_seconds():.0f} s")
        except Exception as error:  # a bug of ours must not stop the other deliveries
            log.exception("channel failed", channel=claim.channel, delivery=claim.delivery_id)
            answer = _may_have_arrived(f"internal error: {type(error).__name__}")
        self._heed(claim, answer)
        return Sent(claim, answer, self._late(claim, started))

    def _late(self, claim: Claim, started: float) -> float:
        """Where an answer takes longer than the quickest one did, the message may have been on its way for
        that long. The first ones, for which connections had to be opened, say nothing of what is quick."""
        if claim.send_at is None:
            return 0.0
        took = time.monotonic() - started
        times = self._times.setdefault(claim.channel, [])
        times.append(took)
        del times[:-_KNOWN_TIMES]
        usual = min(times) if len(times) == _KNOWN_TIMES else 0.0
        return started - claim.send_at + took - usual

    def _heed(self, claim: Claim, answer: Answer) -> None:
        """What waits for a slot in the same bucket need not run into the same wall."""
        if isinstance(answer, DeliveryError) and answer.too_fast and claim.limits:
            until = time.monotonic() + (answer.retry_after or 0.0)
            self._pauses[claim.limits[0].bucket] = until

    def _is_paused(self, claim: Claim) -> bool:
        now = time.monotonic()
        return any(self._pauses.get(limit.bucket, 0.0) > now for limit in claim.limits)


def _not_tried(why: str) -> DeliveryError:
    return DeliveryError(f"not sent: {why}", outcome=SendOutcome.RETRY)


def _may_have_arrived(why: str) -> DeliveryError:
    return DeliveryError(why, outcome=SendOutcome.AMBIGUOUS)
