"""The sending side of deliveries: claim, attempt, result.

A claim leases deliveries to one worker and counts an attempt for each before anything goes over the network.
The attempt's number is the fence: a result counts only while no later attempt has begun.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Update, func, insert, or_, select, update

from monitor.errors import SendOutcome
from monitor.storage import schema
from monitor.storage.deliveries import WAITING, DeliveryState
from monitor.storage.matches import Matches, StoredMatch
from monitor.types import Notice

_T, _A, _D = schema.deliveries.c, schema.attempts.c, schema.destinations.c
_N, _R, _P = schema.notices.c, schema.revisions.c, schema.subscribers.c

LOST = "lost"
"""The outcome of an attempt whose worker did not report before its lease ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery leased to a worker, with everything its message is made of.

    `number` is the attempt's and the fence. `told_before` counts earlier deliveries about the same notice to
    the same destination. `give_up_at` is when trying again ends.
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
    notice: Notice | None
    first_seen_at: dt.datetime | None
    told_before: int
    matches: tuple[StoredMatch, ...]
    content: dict[str, str] | None
    may_repeat: bool
    lease_until: dt.datetime
    give_up_at: dt.datetime


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


class RunOut(NamedTuple):
    """A lease that ran out, and the attempt that held it."""

    delivery_id: int
    destination_id: int
    number: int
    give_up_at: dt.datetime


class Ledger:
    """The tables `deliveries` and `attempts`, as workers use them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(
        self,
        worker: str,
        channels: Collection[str],
        *,
        limit: int,
        lease: dt.timedelta,
        patience: dt.timedelta,
        now: dt.datetime,
    ) -> list[Claim]:
        """Lease up to `limit` due deliveries of these channels, the longest due first.

        Two workers never get the same one. `patience` is how long after its first attempt a delivery is
        tried again.
        """
        due = (
            select(_T.id)
            .join(schema.destinations)
            .where(_T.state.in_(WAITING), _T.due_at <= now, _D.active, _D.channel.in_(list(channels)))
            .order_by(_T.due_at, _T.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=schema.deliveries)
            .cte("due")
        )
        leased = {
            "state": DeliveryState.LEASED,
            "attempts": _T.attempts + 1,
            "worker": worker,
            "lease_until": now + lease,
            "give_up_at": func.coalesce(_T.give_up_at, now + patience),
        }
        statement = update(schema.deliveries).where(_T.id.in_(select(due.c.id))).values(leased)
        claimed = self._connection.execute(statement.returning(_T.id, _T.attempts)).all()
        if not claimed:
            return []
        begun = [{"delivery_id": i, "number": n, "worker": worker, "started_at": now} for i, n in claimed]
        self._connection.execute(insert(schema.attempts), begun)
        return self._claims([delivery_id for delivery_id, _ in claimed])

    def finish(self, delivery_id: int, number: int, result: Result, now: dt.datetime) -> bool:
        """Record what an attempt came to. False where a later attempt has begun or the delivery was settled
        otherwise: then only the attempt's answer is kept.

        A worker whose lease ran out is still believed while nobody else has tried: what it says is true, and
        a message that arrived after all is not sent twice.
        """
        values = {"outcome": result.outcome, "answer": result.answer, "provider_id": result.provider_id}
        if not self._report(delivery_id, number, finished_at=now, **values):
            return False
        if self._settle(delivery_id, number, result, now):
            return True
        late = f"reported too late: {result.outcome}: {result.answer}"
        self._connection.execute(self._attempt(delivery_id, number).values(outcome=LOST, answer=late))
        return False

    def run_out(self, now: dt.datetime, longest: dt.timedelta) -> list[RunOut]:
        """Leases that are over, and those that end later than any lease can: a clock went back."""
        over = or_(_T.lease_until <= now, _T.lease_until > now + longest)
        query = select(_T.id, _T.destination_id, _T.attempts, _T.give_up_at)
        query = query.where(_T.state == DeliveryState.LEASED, over).with_for_update(skip_locked=True)
        found = self._connection.execute(query)
        return [RunOut(*row) for row in found]

    def lose(self, lost: RunOut, result: Result, now: dt.datetime) -> bool:
        """The worker did not report: the message may have arrived or not. False where it did report."""
        if not self._settle(lost.delivery_id, lost.number, result, now):
            return False
        return self._report(
            lost.delivery_id, lost.number, outcome=LOST, answer=result.answer, finished_at=now
        )

    def bring_forward(self, latest: dt.datetime, now: dt.datetime) -> int:
        """Make due what waits for a time so far off that only a wrong clock can have set it."""
        statement = update(schema.deliveries).where(_T.state.in_(WAITING), _T.due_at > latest)
        return self._connection.execute(statement.values(due_at=now)).rowcount

    def hold_unreachable(self) -> int:
        """Hold what waits for inactive destinations: results that came in after the deactivation."""
        reason = select(_D.reason).where(_D.id == _T.destination_id).scalar_subquery()
        inactive = select(_D.id).where(_D.active.is_(False))
        statement = update(schema.deliveries).where(_T.state.in_(WAITING), _T.destination_id.in_(inactive))
        return self._connection.execute(statement.values(state=DeliveryState.HELD, note=reason)).rowcount

    def _report(self, delivery_id: int, number: int, **values: object) -> bool:
        """Each attempt has one outcome; only the word that it was lost can be taken back."""
        open_ = or_(_A.outcome.is_(None), _A.outcome == LOST)
        statement = self._attempt(delivery_id, number).where(open_).values(**values)
        return self._connection.execute(statement).rowcount > 0

    def _attempt(self, delivery_id: int, number: int) -> Update:
        return update(schema.attempts).where(_A.delivery_id == delivery_id, _A.number == number)

    def _settle(self, delivery_id: int, number: int, result: Result, now: dt.datetime) -> bool:
        unsettled = (DeliveryState.LEASED, DeliveryState.RETRY, DeliveryState.HELD)
        values = {
            "state": result.state,
            "note": result.note,
            "may_repeat": True if result.may_repeat else _T.may_repeat,
            "worker": None,
            "lease_until": None,
            "due_at": result.due_at or _T.due_at,
            "finished_at": None if result.state is DeliveryState.RETRY else now,
        }
        holder = (_T.id == delivery_id, _T.attempts == number, _T.state.in_(unsettled))
        statement = update(schema.deliveries).where(*holder).values(values)
        return self._connection.execute(statement).rowcount > 0

    def _claims(self, delivery_ids: Collection[int]) -> list[Claim]:
        matches = Matches(self._connection).of_deliveries(delivery_ids)
        rows = self._connection.execute(_CLAIM.where(_T.id.in_(delivery_ids)).order_by(_T.due_at, _T.id))
        return [_claim(row, matches.get(row.delivery_id, [])) for row in rows]


_earlier = schema.deliveries.alias()
_TOLD_BEFORE = (
    select(func.count())
    .where(
        _earlier.c.destination_id == _T.destination_id,
        _earlier.c.notice_id == _T.notice_id,
        _earlier.c.id < _T.id,
        _earlier.c.state.not_in((DeliveryState.CANCELLED, DeliveryState.FAILED)),
    )
    .correlate(schema.deliveries)
    .scalar_subquery()
)
_CLAIM = (
    select(
        _T.id.label("delivery_id"),
        _T.attempts.label("number"),
        _T.message_id,
        _T.destination_id,
        _D.channel,
        _D.address,
        _D.subscriber_id,
        _P.language,
        _P.timezone,
        _R.record,
        _N.first_seen_at,
        _TOLD_BEFORE.label("told_before"),
        _T.content,
        _T.may_repeat,
        _T.lease_until,
        _T.give_up_at,
    )
    .join(schema.destinations, _D.id == _T.destination_id)
    .join(schema.subscribers, _P.id == _D.subscriber_id)
    .outerjoin(schema.revisions, _R.id == _T.revision_id)
    .outerjoin(schema.notices, _N.id == _T.notice_id)
)


def _claim(row: Row[*tuple[Any, ...]], matches: Sequence[StoredMatch]) -> Claim:
    values = dict(row._mapping)
    record = values.pop("record")
    notice = None if record is None else Notice.from_record(record)
    return Claim(notice=notice, matches=tuple(matches), **values)
