"""Delivering: claim due deliveries → compose → send → record each result.

A round is a series of turns. Each turn is one transaction that records the results which came in since the
last one and claims as many deliveries as there are free hands; sending goes on meanwhile. Whatever happens to
the process, a delivery is at any moment waiting, leased (then its lease runs out) or settled.

Where a provider limits how fast it is sent to, a claim comes with a slot, the moment at which it may go out;
one that was missed is given back for another.
"""

import asyncio
import contextlib
import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import structlog

from monitor.errors import DeliveryError, StorageError
from monitor.hands import AHEAD, Line, Taken
from monitor.limits import Limits
from monitor.messages import message
from monitor.notify import Channel
from monitor.sending import Sender, Sent, Unsent
from monitor.settling import PATIENCE, postponed, record_answers
from monitor.storage import Claim, Claimed, Storage, Transaction

log = structlog.get_logger()

SEND_LIMIT = dt.timedelta(seconds=60)
"""The longest one attempt can be allowed to take; what has not answered then may have arrived."""
LEASE_FACTOR = 3
"""A lease gives room for the attempt and for recording it, even on a slow disk."""
LEASE = LEASE_FACTOR * SEND_LIMIT
"""The longest lease."""
GRACE = dt.timedelta(seconds=10)
"""How long a stopping worker waits for sends that are under way."""
SLOT_PATIENCE = 2.0
"""A round does not end while something can go out within so many seconds."""
SLOTS = 32
"""How many deliveries may wait for their slots, whose number is limited by time anyway."""
GATHER = 0.1
"""Seconds between turns while nothing but slots is waited for, so that a turn is not one message."""
LONGEST_LEAD = 5.0
"""Seconds that a worker may need from giving a slot to being ready for it; a slow disk takes long."""
TURN_PAUSES = (0.2, 1.0, 4.0)
"""Seconds before each further try of a transaction: a server restarts, a disk is full for a moment."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How many deliveries were claimed in a round, and what became of them. `late` results came after the
    lease had run out and somebody else had begun. `opens_in` is in how many seconds a provider's limits let
    through what had to wait."""

    claimed: int = 0
    sent: int = 0
    retried: int = 0
    failed: int = 0
    late: int = 0
    opens_in: float | None = None


async def deliver_due(
    storage: Storage,
    channels: Mapping[str, Channel],
    *,
    worker: str,
    clock: Callable[[], dt.datetime],
    concurrency: int = 10,
    send_limit: dt.timedelta = SEND_LIMIT,
) -> DeliveryReport:
    """Send everything that is due over these channels, until nothing is, or until providers' limits let
    nothing through for a while.

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


@dataclass(eq=False, kw_only=True)
class _Round:
    """One call of `deliver_due`."""

    storage: Storage
    channels: Mapping[str, Channel]
    worker: str
    clock: Callable[[], dt.datetime]
    concurrency: int
    send_limit: dt.timedelta
    _results: list[Sent | Unsent] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: asyncio.Task[Claimed] | None = None
    _lead: float = 0.02
    _count: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._sender = Sender(
            channels=self.channels,
            compose=lambda claim, repeat_safe: message(claim, self.clock(), repeat_safe=repeat_safe),
            send_limit=self.send_limit,
            start_within=(self._lease - self.send_limit).total_seconds(),
            hands=self.concurrency,
        )
        self._paced = {name for name, channel in self.channels.items() if channel.paced}
        at_once = self.channels.keys() - self._paced
        self._safe = {name for name in at_once if self.channels[name].repeat_safe}
        self._unsafe = at_once - self._safe
        self._line = Line(self._attempt, self._news.set, hands=self.concurrency, channels=len(at_once))

    @property
    def _lease(self) -> dt.timedelta:
        return LEASE_FACTOR * self.send_limit

    async def run(self) -> DeliveryReport:
        try:
            opens_in = await self._work()
        except BaseException:
            await self._wind_down()
            raise
        return DeliveryReport(**self._count, opens_in=opens_in)

    async def _work(self) -> float | None:
        while True:
            self._news.clear()
            self._turn = asyncio.create_task(self._take_turn())
            begun = time.monotonic()
            claimed = await asyncio.shield(self._turn)
            self._turn = None
            self._lead = min(max(1.5 * (time.monotonic() - begun), 0.9 * self._lead), LONGEST_LEAD)
            self._line.put(claimed.claims)
            opens_in = claimed.opens_in
            idle = not self._line and not self._results  # a result can come while the turn is written
            if idle and (opens_in is None or opens_in > SLOT_PATIENCE):
                return opens_in
            if self._line.only_slots:
                await asyncio.sleep(GATHER)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), opens_in)

    async def _attempt(self, claim: Claim) -> None:
        result = await self._sender.attempt(claim)
        self._results.append(result)  # a turn may have taken the list meanwhile

    async def _take_turn(self, *, last: bool = False) -> Claimed:
        """One transaction in a thread; a database that is away for a moment is waited for."""
        results, self._results = self._results, []
        taken = None if last else self._line.taken()
        for pause in (*TURN_PAUSES, None):
            try:
                return await asyncio.to_thread(self._exchange, results, taken)
            except StorageError as error:
                if pause is None:
                    self._results[:0] = results
                    raise
                log.warning("database does not answer", error=str(error), again_in=pause)
                await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    def _exchange(self, results: list[Sent | Unsent], taken: Taken | None) -> Claimed:
        """Record results and claim as many deliveries as there are free hands, in one transaction.

        `taken` is what this worker has already; None to claim no more.
        """
        attempts = [result for result in results if isinstance(result, Sent)]
        # A failure can have consequences for its destination's other deliveries.
        alone = any(isinstance(attempt.answer, DeliveryError) for attempt in attempts)
        with self.storage.begin(alone=alone) as tx:
            now = self.clock()
            kinds = record_answers(tx, [(attempt.claim, attempt.answer) for attempt in attempts], now)
            for attempt in attempts:
                if attempt.claim.slot is not None:
                    tx.buckets.settle(attempt.claim.limits, attempt.claim.slot, attempt.late)
            tx.buckets.save()
            moved = [
                self._moved(tx, result.claim, again=taken is not None)
                for result in results
                if isinstance(result, Unsent)
            ]
            claimed = Claimed([]) if taken is None else self._claim(tx, taken, now)
            claims = [claim for claim in claimed.claims if not postponed(tx, claim, now)]
        self._count.update(kinds)
        self._count["claimed"] += len(claims)
        return Claimed([*filter(None, moved), *claims], claimed.opens_in)

    def _moved(self, tx: Transaction, claim: Claim, *, again: bool) -> Claim | None:
        """A claim that missed its slot gets another one, or is put back."""
        moved = tx.ledger.move(claim, self._lead) if again else None
        if moved is None:
            tx.ledger.release(claim)
        return moved

    def _claim(self, tx: Transaction, taken: Taken, now: dt.datetime) -> Claimed:
        """What may go at once, and what has to wait for a slot."""
        claim = partial(
            tx.ledger.claim,
            self.worker,
            lease=self._lease,
            patience=PATIENCE,
            now=now,
            limits=self._limits,
        )
        found: list[Claimed] = []
        room = AHEAD * self.concurrency - taken.by_channel.total()
        unsafe = sum(taken.by_channel[channel] for channel in self._unsafe)
        free = min(room, self.concurrency - unsafe)
        if self._unsafe and free > 0:
            shares = self._line.shares(taken, ahead=False)
            found.append(claim(self._unsafe, limit=free, hands=shares))
            room -= len(found[-1].claims)
        if self._safe and room > 0:
            found.append(claim(self._safe, limit=room, hands=self._line.shares(taken, ahead=True)))
        if self._paced and (slots := SLOTS - taken.slotted) > 0:
            found.append(claim(self._paced, limit=slots, lead=self._lead))
        waits = [one.opens_in for one in found if one.opens_in is not None]
        return Claimed([claim for one in found for claim in one.claims], min(waits, default=None))

    def _limits(self, channel: str, address: str) -> Limits:
        return self.channels[channel].limits(address)

    async def _wind_down(self) -> None:
        """Give what is under way a moment, put back what was not begun, and record what came of the rest."""
        self._results += [Unsent(claim) for claim in self._line.leave()]
        if self._turn is not None:
            with contextlib.suppress(Exception):
                self._results += [Unsent(claim) for claim in (await self._turn).claims]
        await self._line.end(GRACE)  # what has not ended stays leased
        with contextlib.suppress(Exception):  # what stopped the work is being raised already
            await self._take_turn(last=True)
