"""Claiming: leasing due deliveries to one worker, as fast as the limits of their providers allow.

A claim counts an attempt for each delivery before anything goes over the network. The attempt's number is the
fence: a result counts only while no later attempt has begun.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from monitor.limits import Limits
from monitor.preferences import QuietHours, parse_quiet_hours
from monitor.storage.buckets import Buckets, Closed
from monitor.storage.counters import Counters
from monitor.storage.deliveries import WAITING
from monitor.storage.due import BEGIN, DUE, LEASE
from monitor.storage.matches import StoredMatch
from monitor.storage.tellings import Telling, tellings

LimitsOf = Callable[[str, str], Limits]
"""The limits of a channel's address."""


def unlimited(channel: str, address: str) -> Limits:
    """No provider counts."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery leased to a worker, with everything its message is made of.

    `number` is the attempt's and the fence. `tellings` are empty for a message that is about no notice.
    `give_up_at` is when trying again ends. `slot` is when it may go out (s by the clock
    of the database), `send_at` the same by `time.monotonic()`, as `claimed_at`; None where it may go at once.
    `refused`: its bucket let nothing through since a "too fast".
    """

    delivery_id: int
    number: int
    message_id: str
    destination_id: int
    channel: str
    address: str = field(repr=False)
    subscriber_id: int
    language: str
    timezone: str
    quiet_hours: QuietHours | None
    tellings: tuple[Telling, ...]
    content: dict[str, Any] | None
    may_repeat: bool
    lease_until: dt.datetime
    give_up_at: dt.datetime
    claimed_at: float = 0.0
    limits: Limits = ()
    slot: float | None = None
    send_at: float | None = None
    refused: bool = False

    @property
    def matches(self) -> list[StoredMatch]:
        """The matches of all notices."""
        return [match for telling in self.tellings for match in telling.matches]


class Hands(NamedTuple):
    """How many of its hands a worker gives to one destination and to one channel at most, and how many each
    has already: one that does not answer must not hold up the others."""

    destination_share: int
    channel_share: int
    by_destination: Mapping[int, int] = MappingProxyType({})
    by_channel: Mapping[str, int] = MappingProxyType({})


class _Chosen(NamedTuple):
    """A row of `DUE` that may go, and its slot where it has to wait for one."""

    row: Row[Any]
    limits: Limits
    slot: float | None


class Claimed(NamedTuple):
    """Leased deliveries, and in how many seconds one that is due and had to wait for its provider may go."""

    claims: list[Claim]
    opens_in: float | None = None


class Claims:
    """What `Ledger.claim` does, one transaction long."""

    def __init__(
        self,
        connection: Connection,
        buckets: Buckets,
        channels: Collection[str],
        limits: LimitsOf,
        *,
        lead: float | None,
        hands: Hands,
    ) -> None:
        self._connection = connection
        self._limits_of = limits
        self._lead = lead
        self._hands = hands
        self._by_destination = Counter(hands.by_destination)
        self._by_channel = Counter(hands.by_channel)
        self._full = {one for one, count in self._by_destination.items() if count >= hands.destination_share}
        self._channels = {one for one in channels if self._by_channel[one] < hands.channel_share}
        self._opens_in: list[float] = []
        self._buckets = buckets

    def take(
        self, worker: str, limit: int, lease: dt.timedelta, patience: dt.timedelta, now: dt.datetime
    ) -> Claimed:
        """Every look takes what may go, or passes over a destination or channel where nothing may."""
        if self._lead is not None:
            self._buckets.lock()
        found: list[_Chosen] = []
        while len(found) < limit and self._channels:
            waiting = self._waiting(most := limit - len(found), now)
            chosen = self._choose(waiting)
            self._lease(chosen, worker, now, {"until": now + lease, "last": now + patience})
            found += chosen
            if len(waiting) < most:
                break
        self._buckets.save()
        self._count_waits(found)
        told = tellings(self._connection, [one.row for one in found]) if found else {}
        claims = [self._claim(one, told.get(one.row.delivery_id, ()), now, lease, patience) for one in found]
        return Claimed(claims, min(self._opens_in, default=None))

    def _waiting(self, limit: int, now: dt.datetime) -> list[Row[Any]]:
        """Due deliveries, the longest due first; nobody else gets them before the transaction ends.

        State by state, since in each the index has them in their order: the rest is not looked at.
        """
        values = {"now": now, "channels": list(self._channels), "full": list(self._full), "limit": limit}
        found: list[Row[Any]] = []
        for state in WAITING:
            found += self._connection.execute(DUE, {"state": state, **values})
        return sorted(found, key=attrgetter("due_at", "delivery_id"))[:limit]

    def _choose(self, waiting: Sequence[Row[Any]]) -> list[_Chosen]:
        """Those that may go, with their limits and slots."""
        limits = {row.delivery_id: self._limits_of(row.channel, row.address) for row in waiting}
        self._buckets.load(limit for its in limits.values() for limit in its)
        chosen: list[_Chosen] = []
        for row in waiting:
            if row.destination_id in self._full or row.channel not in self._channels:
                continue
            slot = self._slot(its := limits[row.delivery_id])
            if isinstance(slot, Closed):
                self._pass_over(row, slot)
                continue
            chosen.append(_Chosen(row, its, slot))
            self._count(row)
        return chosen

    def _count(self, row: Row[Any]) -> None:
        self._by_destination[row.destination_id] += 1
        if self._by_destination[row.destination_id] >= self._hands.destination_share:
            self._full.add(row.destination_id)
        self._by_channel[row.channel] += 1
        if self._by_channel[row.channel] >= self._hands.channel_share:
            self._channels.discard(row.channel)

    def _slot(self, limits: Limits) -> float | Closed | None:
        if self._lead is not None and any(limit.rates for limit in limits):
            return self._buckets.plan(limits, self._lead)
        return self._buckets.paused(limits)

    def _pass_over(self, row: Row[Any], closed: Closed) -> None:
        self._opens_in.append(closed.seconds)
        if closed.limit.shared:
            self._channels.discard(row.channel)
        else:
            self._full.add(row.destination_id)

    def _lease(self, chosen: Sequence[_Chosen], worker: str, now: dt.datetime, times: dict[str, Any]) -> None:
        if not chosen:
            return
        ids = [one.row.delivery_id for one in chosen]
        self._connection.execute(LEASE, {"ids": ids, "worker": worker, **times})
        self._connection.execute(BEGIN, {"ids": ids, "now": now})

    def _count_waits(self, chosen: Sequence[_Chosen]) -> None:
        """How many of them the limits keep from going at once, for the graphs."""
        slots = [(one.row.channel, one.slot) for one in chosen if one.slot is not None]
        later = (channel for channel, slot in slots if self._buckets.ahead(slot) > (self._lead or 0.0))
        Counters(self._connection).add(Counter(f"rate_limit_waits:{channel}" for channel in later))

    def _claim(
        self,
        one: _Chosen,
        told: Sequence[Telling],
        now: dt.datetime,
        lease: dt.timedelta,
        patience: dt.timedelta,
    ) -> Claim:
        row = one.row
        return Claim(
            delivery_id=row.delivery_id,
            number=row.attempts + 1,
            message_id=row.message_id,
            destination_id=row.destination_id,
            channel=row.channel,
            address=row.address,
            subscriber_id=row.subscriber_id,
            language=row.language,
            timezone=row.timezone,
            quiet_hours=parse_quiet_hours(row.quiet_hours) if row.quiet_hours else None,
            tellings=tuple(told),
            content=row.content,
            may_repeat=row.may_repeat,
            lease_until=now + lease,
            give_up_at=row.give_up_at or now + patience,
            claimed_at=time.monotonic(),
            limits=one.limits,
            slot=one.slot,
            send_at=None if one.slot is None else self._buckets.monotonic(one.slot),
            refused=bool(one.limits) and self._buckets.refused(one.limits[0]),
        )
