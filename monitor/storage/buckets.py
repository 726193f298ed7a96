"""What providers' limits leave free, for all workers together."""

import time
from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, Double, cast, delete, extract, func, select
from sqlalchemy.dialects import postgresql, sqlite

from monitor.limits import AHEAD, Bucket, Limit, Limits
from monitor.storage import schema

_B = schema.buckets.c
_PLANNING = 0x706D_534C  # the advisory lock of PostgreSQL under which slots are given


SEVERAL, AT_ONCE = 3, 5.0
"""Where so many buckets of a shared one are paused within so many seconds, the shared one is full."""


class Closed(NamedTuple):
    """No slot for now: which limit lets nothing through, and in how many seconds to ask again."""

    limit: Limit
    seconds: float


class _Moment(NamedTuple):
    """One moment by the database's clock (s since the epoch) and by this process's `time.monotonic()`."""

    time: float
    monotonic: float


class Buckets:
    """The table `buckets`. Slots are times by a clock that all workers share, whatever their own say."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._locked = self._is_sqlite
        self._known: dict[str, Bucket] = {}
        self._changed: set[str] = set()

    def lock(self) -> None:
        """Have slots to oneself until the end of the transaction; where they are given, this comes first."""
        if self._locked:
            return
        self._connection.execute(select(func.pg_advisory_xact_lock(_PLANNING)))
        self._locked = True
        self._known.clear()
        self.__dict__.pop("_now", None)

    def load(self, limits: Iterable[Limit]) -> None:
        """Look these buckets up at once, ahead of the questions about them."""
        missing = {limit.bucket: limit.rates for limit in limits if limit.bucket not in self._known}
        if not missing:
            return
        rows = self._connection.execute(select(schema.buckets).where(_B.name.in_(missing)))
        found = {row.name: row for row in rows}
        for name, rates in missing.items():
            row = found.get(name)
            bucket = Bucket(rates)
            if row is not None:
                bucket = Bucket(
                    rates, row.sends, row.slots, row.paused_at, row.paused_until, row.refused_since
                )
            bucket.follow(self._now.time)
            self._known[name] = bucket

    def plan(self, limits: Limits, lead: float, *, even: bool = True) -> float | Closed:
        """Promise the next slot that all these buckets have free, `lead` seconds from now at the earliest."""
        self._prepare(limits)
        earliest = at = self._now.time + lead
        buckets = [self._known[limit.bucket] for limit in limits]
        while (later := max((bucket.free_at(at, even=even) for bucket in buckets), default=at)) > at:
            at = later
        if at > max(earliest, self._now.time + AHEAD):
            free = {limit: bucket.free_at(earliest) for limit, bucket in zip(limits, buckets, strict=True)}
            last = max(free, key=lambda limit: free[limit])
            return Closed(last, max(at - earliest - AHEAD / 2, AHEAD / 2))
        for bucket in buckets:
            bucket.promise(at)
        self._changed.update(limit.bucket for limit in limits)
        return at

    def paused(self, limits: Limits) -> Closed | None:
        """Whether the provider asked for a pause that is not over."""
        if any(limit.bucket not in self._known for limit in limits):
            self.load(limits)
        pauses = (Closed(limit, self._known[limit.bucket].paused_until - self._now.time) for limit in limits)
        longest = max(pauses, key=lambda pause: pause.seconds, default=None)
        return longest if longest and longest.seconds > 0 else None

    def settle(self, limits: Limits, slot: float, late: float | None) -> None:
        """What had this slot went, and can have reached the provider so many seconds late; None: it did not
        go, and others may have the slot."""
        self._prepare(limits)
        for limit in limits:
            self._known[limit.bucket].settle(slot, None if late is None else slot + late)
        self._changed.update(limit.bucket for limit in limits)

    def interject(self, limits: Limits) -> float:
        """Something that has no slot is sent as soon as what was promised there is over, and every pause that
        the provider asked for. Returns the seconds until then; 0 where nothing was."""
        self._prepare(limits)
        known = {limit: self._known[limit.bucket] for limit in limits}
        waits = (one.paused_for if limit.shared else one.busy_for for limit, one in known.items())
        wait = max(waits, default=0.0)
        for limit in limits:
            self._known[limit.bucket].settle(self._now.time, self._now.time + wait)
        self._changed.update(limit.bucket for limit in limits)
        return wait

    def refuse(self, limits: Limits) -> float:
        """The provider said "too fast". For how many seconds the narrowest bucket has let nothing through."""
        self._prepare(limits)
        self._changed.add(narrowest := limits[0].bucket)
        return self._known[narrowest].refuse()

    def refused(self, limit: Limit) -> bool:
        """Whether the last that was heard of this bucket, which was looked up, is a "too fast"."""
        return self._known[limit.bucket].refused_since > 0

    def let_through(self, limits: Limits) -> None:
        """A message was taken after all."""
        self._prepare(limits)
        self._known[limits[0].bucket].refused_since = 0.0
        self._changed.add(limits[0].bucket)

    def pause(self, limits: Limits, seconds: float) -> None:
        """The provider asks for a pause: of the narrowest bucket, as long as it does not ask so for several
        of one shared bucket at once. Then it is that one which is full."""
        self._prepare(limits)
        narrowest = limits[0].bucket
        self._known[narrowest].pause(seconds)
        self._changed.add(narrowest)
        for shared in (limit for limit in limits[1:] if limit.shared):
            self.save()
            if (pauses := self._pauses_within(shared.bucket)) and len(pauses) >= SEVERAL:
                self._known[shared.bucket].pause(min(pauses))
                self._changed.add(shared.bucket)

    def _pauses_within(self, shared: str) -> list[float]:
        """For how many seconds buckets that belong to a shared one are paused, of those paused just now."""
        query = select(_B.paused_until).where(
            _B.name.startswith(shared + ":", autoescape=True),
            _B.paused_at > self._now.time - AT_ONCE,
            _B.paused_until > self._now.time,
        )
        return [until - self._now.time for until in self._connection.scalars(query)]

    def save(self) -> None:
        """Write what was changed; nothing of it is stored before."""
        if not self._changed:
            return
        rows = [self._row(name) for name in sorted(self._changed)]
        self._changed.clear()
        dialect: Any = sqlite if self._is_sqlite else postgresql
        statement = dialect.insert(schema.buckets)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "name"}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed), rows)

    def forget(self) -> int:
        """Remove the buckets of which nothing matters any more."""
        statement = delete(schema.buckets).where(_B.idle_at < self._now.time)
        return self._connection.execute(statement).rowcount

    def monotonic(self, slot: float) -> float:
        """The slot by `time.monotonic()` of this process."""
        return self._now.monotonic + slot - self._now.time

    def ahead(self, slot: float) -> float:
        """The seconds until a slot."""
        return slot - self._now.time

    @cached_property
    def _now(self) -> _Moment:
        if self._is_sqlite:
            return _Moment(time.time(), time.monotonic())
        now = self._connection.scalar(select(cast(extract("epoch", func.clock_timestamp()), Double)))
        assert now is not None
        return _Moment(now, time.monotonic())

    def _prepare(self, limits: Iterable[Limit]) -> None:
        self.lock()
        self.load(limits)

    def _row(self, name: str) -> dict[str, object]:
        bucket = self._known[name]
        return {
            "name": name,
            "sends": bucket.sends,
            "slots": bucket.slots,
            "paused_at": bucket.paused_at,
            "paused_until": bucket.paused_until,
            "refused_since": bucket.refused_since,
            "idle_at": bucket.idle_at,
        }
