"""The sending side of deliveries: claim, attempt, result."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import (
    Boolean,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from monitor.errors import SendOutcome
from monitor.storage import schema
from monitor.storage.buckets import Buckets, Closed
from monitor.storage.claims import Claim, Claimed, Claims, Hands, LimitsOf, unlimited
from monitor.storage.columns import UtcDateTime
from monitor.storage.deliveries import WAITING, DeliveryState
from monitor.types import Hold

_T, _A, _D = schema.deliveries.c, schema.attempts.c, schema.destinations.c
_M = schema.matches.c

_Fence = tuple[int, int]  # a delivery's id and the number of an attempt
_UNSETTLED = (DeliveryState.LEASED, DeliveryState.RETRY, DeliveryState.HELD)

CLOCKS_DIFFER = dt.timedelta(minutes=10)
"""By more than this no two right clocks differ: a time so far ahead was set by a wrong one."""
LOST = "lost"
"""The outcome of an attempt whose worker did not report before its lease ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an attempt came to, and what becomes of its delivery: `due_at` is the next try of a `retry`."""

    outcome: SendOutcome
    answer: str
    state: DeliveryState
    provider_id: str | None = None
    due_at: dt.datetime | None = None
    may_repeat: bool = False
    note: str | None = None


class Ended(NamedTuple):
    """An attempt that is over, and what it came to."""

    delivery_id: int
    number: int
    result: Result


class RunOut(NamedTuple):
    """A lease that is over, and the attempt that held it."""

    delivery_id: int
    destination_id: int
    number: int
    give_up_at: dt.datetime


class Ledger:
    """The tables `deliveries` and `attempts`, as workers use them."""

    def __init__(self, connection: Connection, buckets: Buckets) -> None:
        self._connection = connection
        self._buckets = buckets

    def claim(
        self,
        worker: str,
        channels: Collection[str],
        *,
        limit: int,
        lease: dt.timedelta,
        patience: dt.timedelta,
        now: dt.datetime,
        limits: LimitsOf = unlimited,
        lead: float | None = None,
        hands: Hands | None = None,
    ) -> Claimed:
        """Lease up to `limit` due deliveries of these channels, the longest due first.

        Two workers never get the same one, and none is claimed before its provider's limits let it go: with
        `lead`, the seconds that this worker needs before it can begin, each gets a slot; without, limits can
        only be paused. `hands` says how many one destination or channel may get at most.
        `patience` is how long after its first attempt a delivery is tried again.
        """
        claims = Claims(
            self._connection,
            self._buckets,
            channels,
            limits,
            lead=lead,
            hands=hands or Hands(limit, limit),
        )
        return claims.take(worker, limit, lease, patience, now)

    def move(self, claim: Claim, lead: float) -> Claim | None:
        """Another slot for a claim that missed its own; None where there is none for now."""
        assert claim.slot is not None
        self._buckets.settle(claim.limits, claim.slot, None)
        slot = self._buckets.plan(claim.limits, lead, even=False)
        self._buckets.save()
        if isinstance(slot, Closed):
            return None
        return replace(claim, slot=slot, send_at=self._buckets.monotonic(slot))

    def release(self, claim: Claim) -> bool:
        """Put back what was claimed and not begun, as if it had not been: it counts as no attempt. False
        where the lease is not this claim's any more."""
        if claim.slot is not None:
            self._buckets.settle(claim.limits, claim.slot, None)
            self._buckets.save()
        waiting = DeliveryState.PENDING if claim.number == 1 else DeliveryState.RETRY
        values = {"state": waiting, "attempts": claim.number - 1, "worker": None, "lease_until": None}
        holder = (_T.id == claim.delivery_id, _T.attempts == claim.number, _T.state == DeliveryState.LEASED)
        if self._connection.execute(update(schema.deliveries).where(*holder).values(values)).rowcount == 0:
            return False
        attempt = (_A.delivery_id == claim.delivery_id, _A.number == claim.number)
        self._connection.execute(delete(schema.attempts).where(*attempt))
        return True

    def postpone(self, claim: Claim, until: dt.datetime) -> None:
        """Put a claim back until its reader may be disturbed again."""
        if self.release(claim):
            mine = update(schema.deliveries).where(_T.id == claim.delivery_id)
            fresh = {"give_up_at": None} if claim.number == 1 else {}
            self._connection.execute(mine.values(due_at=until, **fresh))
            told = update(schema.matches).where(_M.delivery_id == claim.delivery_id)
            self._connection.execute(told.values(held_by=Hold.QUIET_HOURS, due_at=until))

    def finish(self, ended: Sequence[Ended], now: dt.datetime) -> list[bool]:
        """Record what attempts came to. False where a later attempt has begun or the delivery was settled
        otherwise: then only the attempt's answer is kept.

        A worker whose lease ran out is still believed while nobody else has tried: what it says is true, and
        a message that arrived after all is not sent twice.
        """
        open_, current = self._standing(ended)
        heard = [one for one in ended if one[:2] in open_]
        counted = [one for one in heard if one[:2] in current]
        self._report(counted, now)
        self._report([_too_late(one) for one in heard if one[:2] not in current], now, LOST)
        self._settle(counted, now)
        return [one[:2] in open_ and one[:2] in current for one in ended]

    def workers(self) -> set[str]:
        """Who is sending something, as far as is known here."""
        query = select(_T.worker).where(_T.state == DeliveryState.LEASED).distinct()
        return {worker for worker in self._connection.scalars(query) if worker}

    def run_out(self, now: dt.datetime, longest: dt.timedelta, dead: Collection[str] = ()) -> list[RunOut]:
        """Leases that are over, those of dead workers, and those that end later than any lease can: a clock
        went back."""
        over = or_(_T.lease_until <= now, _T.lease_until > now + longest, _T.worker.in_(dead))
        query = select(_T.id, _T.destination_id, _T.attempts, _T.give_up_at)
        query = query.where(_T.state == DeliveryState.LEASED, over).with_for_update(skip_locked=True)
        found = self._connection.execute(query)
        return [RunOut(*row) for row in found]

    def tried_before(self, delivery_ids: Sequence[int]) -> dict[int, int]:
        """Delivery id → how many attempts are over that count: those that broke a limit do not."""
        if not delivery_ids:
            return {}
        query = select(_A.delivery_id, func.count()).where(
            _A.delivery_id.in_(delivery_ids), _A.outcome != SendOutcome.TOO_FAST
        )
        counts = self._connection.execute(query.group_by(_A.delivery_id))
        return {row[0]: row[1] for row in counts}

    def lose(self, lost: RunOut, result: Result, now: dt.datetime) -> bool:
        """The worker did not report: the message may have arrived or not. False where it did report."""
        one = Ended(lost.delivery_id, lost.number, result)
        open_, current = self._standing([one])
        if not current:
            return False
        if open_:
            self._report([one], now, LOST)
        self._settle([one], now)
        return bool(open_)

    def bring_forward(self, latest: dt.datetime, now: dt.datetime) -> int:
        """Make due what waits for a time that only a wrong clock can have set: one that is very far off, or
        that was set later than it is now."""
        ahead = now + CLOCKS_DIFFER
        set_later = or_(_T.created_at > ahead, exists().where(_A.delivery_id == _T.id, _A.started_at > ahead))
        wrong = or_(_T.due_at > latest, and_(_T.due_at > ahead, set_later))
        statement = update(schema.deliveries).where(_T.state.in_(WAITING), wrong)
        return self._connection.execute(statement.values(due_at=now)).rowcount

    def hold_unreachable(self) -> int:
        """Hold what waits for inactive destinations: results that came in after the deactivation."""
        reason = select(_D.reason).where(_D.id == _T.destination_id).scalar_subquery()
        inactive = select(_D.id).where(_D.active.is_(False))
        statement = update(schema.deliveries).where(_T.state.in_(WAITING), _T.destination_id.in_(inactive))
        return self._connection.execute(statement.values(state=DeliveryState.HELD, note=reason)).rowcount

    def _standing(self, ended: Iterable[Ended]) -> tuple[set[_Fence], set[_Fence]]:
        """Of these attempts those that have no outcome yet, and those that still stand for their delivery.
        Each attempt has one outcome; only the word that it was lost can be taken back."""
        ids = {"ids": [one.delivery_id for one in ended]}
        rows = self._connection.execute(_STANDING, ids).all() if ids["ids"] else []
        open_ = {(row.delivery_id, row.number) for row in rows if row.outcome in (None, LOST)}
        current = {
            (row.delivery_id, row.number)
            for row in rows
            if row.number == row.attempts and row.state in _UNSETTLED
        }
        return open_, current

    def _report(self, ended: Iterable[Ended], now: dt.datetime, outcome: str | None = None) -> None:
        """What became of attempts; the outcome that they had, or this one."""
        for result, some in _alike(ended):
            said = {"answer": result.answer, "provider_id": result.provider_id}
            values = {"outcome": outcome or result.outcome, **said, "finished_at": now}
            self._connection.execute(_REPORT, {"of": [one[:2] for one in some], **values})

    def _settle(self, ended: Iterable[Ended], now: dt.datetime) -> None:
        """What becomes of deliveries."""
        for result, some in _alike(ended):
            values = {
                "state": result.state,
                "note": result.note,
                "repeat": result.may_repeat,
                "due": result.due_at,
                "finished_at": None if result.state is DeliveryState.RETRY else now,
            }
            self._connection.execute(_SETTLE, {"of": [one.delivery_id for one in some], **values})


def _too_late(one: Ended) -> Ended:
    answer = f"reported too late: {one.result.outcome}: {one.result.answer}"
    return one._replace(result=replace(one.result, answer=answer))


def _alike(ended: Iterable[Ended]) -> Iterable[tuple[Result, list[Ended]]]:
    """Attempts by what they came to: most were sent, and are recorded by one statement."""
    found = defaultdict[Result, list[Ended]](list)
    for one in ended:
        found[one.result].append(one)
    return found.items()


# Made once: to build them for every result costs more than to run them.
_STANDING = (
    select(_A.delivery_id, _A.number, _A.outcome, _T.attempts, _T.state)
    .join(schema.deliveries)
    .where(_A.delivery_id.in_(bindparam("ids", expanding=True)))
    .order_by(_A.delivery_id)
    .with_for_update(of=schema.deliveries)
)
_REPORT = (
    update(schema.attempts)
    .where(tuple_(_A.delivery_id, _A.number).in_(bindparam("of", expanding=True)))
    .values({name: bindparam(name) for name in ("outcome", "answer", "finished_at", "provider_id")})
)
_SETTLE = (
    update(schema.deliveries)
    .where(_T.id.in_(bindparam("of", expanding=True)))
    .values(
        state=bindparam("state"),
        note=bindparam("note"),
        may_repeat=or_(_T.may_repeat, bindparam("repeat", type_=Boolean)),
        worker=None,
        lease_until=None,
        due_at=func.coalesce(bindparam("due", type_=UtcDateTime), _T.due_at),
        finished_at=bindparam("finished_at"),
    )
)
