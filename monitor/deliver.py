"""Delivering: claim due deliveries → compose → send → record each result.

A round is a series of turns. Each turn is one transaction that records the results which came in since the
last one and claims as many deliveries as there are free hands; sending goes on meanwhile. Whatever happens to
the process, a delivery is at any moment waiting, leased (then its lease runs out) or settled.
"""

import asyncio
import contextlib
import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from monitor.errors import DeliveryError, SendOutcome, StorageError
from monitor.notify import Channel
from monitor.schedule import late_by
from monitor.settling import PATIENCE, Answer, record_answer
from monitor.storage import Claim, Storage
from monitor.types import Hit, Message

log = structlog.get_logger()

SEND_LIMIT = dt.timedelta(seconds=60)
"""The longest one attempt can be allowed to take; what has not answered then may have arrived."""
LEASE_FACTOR = 3
"""A lease gives room for the attempt and for recording it, even on a slow disk."""
LEASE = LEASE_FACTOR * SEND_LIMIT
"""The longest lease."""
LATE_AFTER = dt.timedelta(days=7)
"""A notice first seen this long after its publication says so."""
GRACE = dt.timedelta(seconds=10)
"""How long a stopping worker waits for sends that are under way."""
TURN_PAUSES = (0.2, 1.0, 4.0)
"""Seconds before each further try of a transaction: a server restarts, a disk is full for a moment."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How many deliveries were claimed in a round, and what became of them. `late` results came after the
    lease had run out and somebody else had begun."""

    claimed: int = 0
    sent: int = 0
    retried: int = 0
    failed: int = 0
    late: int = 0


async def deliver_due(
    storage: Storage,
    channels: Mapping[str, Channel],
    *,
    worker: str,
    clock: Callable[[], dt.datetime],
    concurrency: int = 10,
    send_limit: dt.timedelta = SEND_LIMIT,
) -> DeliveryReport:
    """Send everything that is due over these channels, until nothing is.

    Any number of workers, threads, processes or machines may do this at once. When it is cancelled, what is
    under way is given a moment to finish and is recorded; the rest goes back. Raises `StorageError`; every
    other failure is recorded with its delivery.
    """
    round_ = _Round(
        storage=storage,
        channels=channels,
        worker=worker,
        clock=clock,
        concurrency=concurrency,
        send_limit=send_limit,
    )
    return await round_.run()


def message(claim: Claim, *, repeat_safe: bool) -> Message:
    """What a claimed delivery says: the same at every attempt, but for the word that it may be a repeat."""
    if claim.notice is None:
        content = claim.content or {}
        return Message(
            delivery_id=claim.message_id,
            language=claim.language,
            headline=content.get("headline", ""),
            text=content.get("text", ""),
            may_repeat=claim.may_repeat and not repeat_safe,
        )
    hits = (Hit(match.subscription, match.rule, match.reasons) for match in claim.matches)
    return Message(
        delivery_id=claim.message_id,
        language=claim.language,
        notice=claim.notice,
        hits=tuple(hits),
        revision=claim.told_before + 1,
        published_late=_late(claim),
        may_repeat=claim.may_repeat and not repeat_safe,
    )


def _late(claim: Claim) -> dt.timedelta | None:
    if claim.notice is None or claim.first_seen_at is None:
        return None
    return late_by(claim.notice.published_date, claim.first_seen_at, LATE_AFTER, claim.timezone)


@dataclass(eq=False, kw_only=True)
class _Round:
    """One call of `deliver_due`."""

    storage: Storage
    channels: Mapping[str, Channel]
    worker: str
    clock: Callable[[], dt.datetime]
    concurrency: int
    send_limit: dt.timedelta
    _sending: set[asyncio.Task[None]] = field(default_factory=set)
    _answers: list[tuple[Claim, Answer]] = field(default_factory=list)
    _turn: asyncio.Task[list[Claim]] | None = None
    _count: Counter[str] = field(default_factory=Counter)

    @property
    def _lease(self) -> dt.timedelta:
        return LEASE_FACTOR * self.send_limit

    async def run(self) -> DeliveryReport:
        try:
            await self._work()
        except BaseException:
            await self._wind_down()
            raise
        return DeliveryReport(**self._count)

    async def _work(self) -> None:
        while True:
            self._turn = asyncio.create_task(self._take_turn(self.concurrency - len(self._sending)))
            begun = time.monotonic()
            for claim in await asyncio.shield(self._turn):
                task = asyncio.create_task(
                    self._send(claim, begun + (self._lease - self.send_limit).total_seconds())
                )
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)
            self._turn = None
            if self._sending:
                await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
            elif not self._answers:  # a last answer can come while the turn before is being written
                return

    async def _take_turn(self, hands: int) -> list[Claim]:
        """One transaction in a thread; a database that is away for a moment is waited for."""
        answers, self._answers = self._answers, []
        for pause in (*TURN_PAUSES, None):
            try:
                return await asyncio.to_thread(self._exchange, answers, hands)
            except StorageError as error:
                if pause is None:
                    self._answers[:0] = answers
                    raise
                log.warning("database does not answer", error=str(error), again_in=pause)
                await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    def _exchange(self, answers: list[tuple[Claim, Answer]], hands: int) -> list[Claim]:
        """Record answers and claim as many deliveries as there are free hands, in one transaction."""
        # A failure can have consequences for its destination's other deliveries.
        alone = any(isinstance(answer, DeliveryError) for _, answer in answers)
        with self.storage.begin(alone=alone) as tx:
            now = self.clock()
            kinds = [record_answer(tx, claim, answer, now) for claim, answer in answers]
            claims = (
                tx.ledger.claim(
                    self.worker, self.channels, limit=hands, lease=self._lease, patience=PATIENCE, now=now
                )
                if hands
                else []
            )
        self._count.update(kinds)
        self._count["claimed"] += len(claims)
        return claims

    async def _send(self, claim: Claim, start_before: float) -> None:
        """One attempt; its answer waits for the next turn."""
        answer: Answer
        channel = self.channels[claim.channel]
        try:
            if time.monotonic() > start_before:
                raise _not_tried("the worker was stopped for so long that its lease ran out")
            async with asyncio.timeout(self.send_limit.total_seconds()):
                what = message(claim, repeat_safe=channel.repeat_safe)
                answer = await channel.send(claim.address, what)
        except DeliveryError as error:
            answer = error
        except TimeoutError:
            answer = _may_have_arrived(f"no answer within {self.send_limit.total_seconds():.0f} s")
        except Exception as error:  # a bug of ours must not stop the other deliveries
            log.exception("channel failed", channel=claim.channel, delivery=claim.delivery_id)
            answer = _may_have_arrived(f"internal error: {type(error).__name__}")
        self._answers.append((claim, answer))

    async def _wind_down(self) -> None:
        """Give what is under way a moment, put back what was not begun, and record what came of the rest."""
        if self._turn is not None:
            with contextlib.suppress(Exception):
                claims = await self._turn
                self._answers += [(claim, _not_tried("the worker is stopping")) for claim in claims]
        if self._sending:
            await asyncio.wait(self._sending, timeout=GRACE.total_seconds())
        for task in self._sending:
            task.cancel()  # stays leased: nobody knows whether it arrived
        with contextlib.suppress(Exception):  # what stopped the work is being raised already
            await self._take_turn(0)


def _not_tried(why: str) -> DeliveryError:
    return DeliveryError(f"not sent: {why}", outcome=SendOutcome.RETRY)


def _may_have_arrived(why: str) -> DeliveryError:
    return DeliveryError(why, outcome=SendOutcome.AMBIGUOUS)
