"""Deliveries: what is to be told to whom, and what became of it.

| state     |                                   | and then                                               |
|-----------|-----------------------------------|--------------------------------------------------------|
| pending   | waits for a worker                | leased                                                 |
| leased    | a worker is sending it            | sent, retry or failed; retry when its lease runs out   |
| retry     | goes again when it is due         | leased                                                 |
| held      | its destination is inactive       | pending, when the destination is activated             |
| failed    | refused, or given up after days   | pending, by hand or when the destination is activated  |
| cancelled | nobody wants it any more          | pending, by hand                                       |
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, Text, cast, func, select, update

from monitor.storage import schema
from monitor.storage.matches import StoredMatch, latest_text
from monitor.storage.statements import batches, insert_new

_T, _A, _M = schema.deliveries.c, schema.attempts.c, schema.matches.c
_D, _P, _B = schema.destinations.c, schema.subscribers.c, schema.subscriptions.c


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    LEASED = "leased"  # a worker is sending it
    RETRY = "retry"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


_TOLD, _NOT_TOLD = _M.delivery_id.is_not(None), _M.delivery_id.is_(None)

WAITING = (DeliveryState.PENDING, DeliveryState.RETRY)
UNFINISHED = (*WAITING, DeliveryState.LEASED, DeliveryState.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one destination. `message_id` stays the same over attempts and is unlike that of any
    other installation; `note` says why it is held, failed or cancelled; `content` is the headline and text of
    a message that is about no notice."""

    id: int
    message_id: str
    destination_id: int
    subscriber: str
    channel: str
    topic: str
    notice_id: int | None
    revision_id: int | None
    content: dict[str, Any] | None
    state: DeliveryState
    note: str | None
    due_at: dt.datetime
    attempts: int
    may_repeat: bool
    lease_until: dt.datetime | None
    created_at: dt.datetime
    finished_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at a delivery: `outcome` is None while it is under way, else a `SendOutcome` or `lost`."""

    delivery_id: int
    number: int
    worker: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    outcome: str | None
    answer: str | None
    provider_id: str | None


class Deliveries:
    """The table `deliveries`, and `attempts` to look at. `Ledger` does the sending."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(self, notice_id: int, now: dt.datetime, last_of_day: Mapping[int, int] | None = None) -> int:
        """Queue deliveries that tell the notice's matches which neither are told nor wait: one for each
        destination and edition, with all the subscriptions of that destination in it. Returns how many are
        new. `last_of_day` has the daily caps of destinations for which this is the last message of the day.

        A match whose notice the destination is told already joins that delivery, and one that waits for a
        window does so too.
        """
        self._join(notice_id)
        free = (_M.notice_id == notice_id, _M.delivery_id.is_(None), _M.held_by.is_(None))
        untold = (
            select(_B.destination_id, _M.edition, func.min(_M.revision_id).label("revision_id"))
            .join(schema.subscriptions, _B.id == _M.subscription_id)
            .where(*free)
            .group_by(_B.destination_id, _M.edition)
            .order_by(_B.destination_id, _M.edition)
        )
        caps = last_of_day or {}
        rows = [
            {
                "topic": _topic(notice_id, edition),
                "destination_id": to,
                "revision_id": revision,
                "content": {"daily_cap": caps[to]} if to in caps else None,
            }
            for to, edition, revision in self._connection.execute(untold)
        ]
        queued = self._queue(rows, now, notice_id=notice_id)
        told = (
            select(_T.id)
            .join(schema.subscriptions, _B.destination_id == _T.destination_id)
            .where(_B.id == _M.subscription_id, _T.topic == _topic(notice_id, _M.edition))
        )
        join = update(schema.matches).where(*free).values(delivery_id=told.scalar_subquery())
        self._connection.execute(join)
        self._join(notice_id)
        return queued

    def plan_one(self, matches: Sequence[StoredMatch], now: dt.datetime) -> int:
        """Queue a delivery that tells one notice, which these matches of one destination have waited for.
        Returns 1, or 0 where that is told."""
        first = latest_text(matches)
        row = {
            "topic": _topic(first.notice_id, first.edition),
            "destination_id": first.destination_id,
            "revision_id": first.revision_id,
        }
        queued = self._queue([row], now, notice_id=first.notice_id)
        self._assign(matches, row["destination_id"], row["topic"])
        return queued

    def plan_summary(
        self, window: dt.datetime, matches: Sequence[StoredMatch], content: dict[str, Any], now: dt.datetime
    ) -> None:
        """Queue a delivery that tells what these matches of one destination have waited for.

        A clock that goes back can make a window end twice: then another message tells the rest.
        """
        (destination_id,) = {match.destination_id for match in matches}
        name = f"summary:{window.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}:"
        mine = (_T.destination_id == destination_id, _T.topic.startswith(name, autoescape=True))
        number = self._connection.execute(select(func.count()).where(*mine)).scalar_one() + 1
        row = {"topic": f"{name}{number}", "destination_id": destination_id}
        self._queue([row], now, content={"summary": content})
        self._assign(matches, destination_id, row["topic"])

    def _assign(self, matches: Iterable[StoredMatch], destination_id: Any, topic: Any) -> None:
        told = select(_T.id).where(_T.destination_id == destination_id, _T.topic == topic).scalar_subquery()
        for ids in batches(match.id for match in matches):
            mine = update(schema.matches).where(_M.id.in_(ids), _M.delivery_id.is_(None))
            self._connection.execute(mine.values(delivery_id=told))

    def _join(self, notice_id: int) -> None:
        """Let untold matches join the delivery that tells their destination of the notice: of the same
        edition, or of a later one where they wait."""
        this = select(_M.id, _B.destination_id, _M.edition, _M.delivery_id, _M.held_by).join(
            schema.subscriptions, _B.id == _M.subscription_id
        )
        this = this.where(_M.notice_id == notice_id).order_by(_M.edition)
        if not all(self._connection.execute(this.where(one).limit(1)).all() for one in (_TOLD, _NOT_TOLD)):
            return
        told: dict[int, list[tuple[int, int]]] = {}
        for row in self._connection.execute(this.where(_TOLD)):
            told.setdefault(row.destination_id, []).append((row.edition, row.delivery_id))
        joining: dict[int, list[int]] = {}
        for row in self._connection.execute(this.where(_NOT_TOLD)):
            for edition, delivery_id in told.get(row.destination_id, ()):
                if edition == row.edition or (edition > row.edition and row.held_by):
                    joining.setdefault(delivery_id, []).append(row.id)
                    break
        for delivery_id, match_ids in joining.items():
            mine = update(schema.matches).where(_M.id.in_(match_ids))
            self._connection.execute(mine.values(delivery_id=delivery_id))

    def say(self, destination_id: int, topic: str, headline: str, text: str, now: dt.datetime) -> bool:
        """Tell a destination something that is about no notice, once per topic. False where it was told."""
        content = {"headline": headline, "text": text}
        return self._queue([{"topic": topic, "destination_id": destination_id}], now, content=content) > 0

    def said_since(self, topic: str, time: dt.datetime) -> int:
        """How many different topics that begin so were told since then, to whomever."""
        begun = (_T.topic.startswith(topic, autoescape=True), _T.created_at >= time)
        query = select(func.count(_T.topic.distinct())).where(*begun)
        return self._connection.execute(query).scalar_one()

    def retry(self, delivery_id: int, now: dt.datetime) -> bool:
        """Send at once what failed, was cancelled or waits. False where it is sent or on its way."""
        sendable = (*WAITING, DeliveryState.FAILED, DeliveryState.CANCELLED)
        return self._change(delivery_id, sendable, **sent_again(now))

    def cancel(self, delivery_id: int, note: str, now: dt.datetime) -> bool:
        """Do not send it. False where it is too late for that."""
        values = {"state": DeliveryState.CANCELLED, "note": note, "finished_at": now}
        return self._change(delivery_id, (*WAITING, DeliveryState.HELD), **values)

    def get(self, delivery_id: int) -> Delivery | None:
        found = self._select(_QUERY.where(_T.id == delivery_id))
        return found[0] if found else None

    def by_message_id(self, message_id: str) -> Delivery | None:
        """The delivery whose messages carry this id."""
        found = self._select(_QUERY.where(_T.message_id == message_id))
        return found[0] if found else None

    def told_as(self, destination_id: int, provider_id: str) -> Delivery | None:
        """What a destination was told with the message that its provider calls so."""
        sent = select(_A.delivery_id).where(_A.provider_id == provider_id)
        found = self._select(_QUERY.where(_T.destination_id == destination_id, _T.id.in_(sent)))
        return found[0] if found else None

    def told_last(self, destination_id: int) -> Delivery | None:
        """What a destination was told last about a notice, or is being told at this moment."""
        told = _QUERY.where(
            _T.destination_id == destination_id,
            _T.state.in_((DeliveryState.SENT, DeliveryState.LEASED)),
            _T.notice_id.is_not(None),
        )
        latest = (_T.finished_at.desc().nulls_first(), _T.id.desc())
        found = self._select(told.order_by(*latest).limit(1))
        return found[0] if found else None

    def is_being_told(self, destination_id: int) -> bool:
        """Whether something is on its way there, of which it is not known yet whether it arrived."""
        leased = select(_T.id).where(_T.destination_id == destination_id, _T.state == DeliveryState.LEASED)
        return self._connection.scalar(select(leased.exists())) or False

    def latest(
        self, *states: DeliveryState, subscriber: str | None = None, limit: int = 50
    ) -> list[Delivery]:
        """The latest deliveries, newest first; in one of these states, to this subscriber."""
        query = _QUERY.order_by(_T.id.desc()).limit(limit)
        if states:
            query = query.where(_T.state.in_(states))
        if subscriber is not None:
            query = query.where(_P.name == subscriber)
        return self._select(query)

    def attempts(self, delivery_id: int) -> list[Attempt]:
        """The tries at a delivery, first one first."""
        columns = [column for column in _A if column.name != "id"]
        query = select(*columns).where(_A.delivery_id == delivery_id).order_by(_A.number)
        return [Attempt(**row._mapping) for row in self._connection.execute(query)]

    def counts(self) -> dict[DeliveryState, int]:
        """How many deliveries are in each state."""
        query = select(_T.state, func.count()).group_by(_T.state)
        return {DeliveryState(state): count for state, count in self._connection.execute(query)}

    def mark_may_repeat(self) -> int:
        """Everything unfinished may have arrived already: this is an older state of the database."""
        statement = update(schema.deliveries).where(_T.state.in_(UNFINISHED)).values(may_repeat=True)
        return self._connection.execute(statement).rowcount

    def waiting_since(self, before: dt.datetime, limit: int = 1000) -> list[Delivery]:
        """Deliveries that were due before this and that nobody has sent."""
        return self._select(_QUERY.where(_T.state.in_(WAITING), _T.due_at < before).limit(limit))

    def _queue(self, rows: Sequence[dict[str, Any]], now: dt.datetime, **common: Any) -> int:
        """Add the deliveries that are not there yet; what goes to an inactive destination is held."""
        to = {row["destination_id"] for row in rows}
        inactive = select(_D.id, _D.reason).where(_D.id.in_(to), _D.active.is_(False))
        held = {row.id: row.reason for row in self._connection.execute(inactive)}
        same = {
            "due_at": now,
            "created_at": now,
            "attempts": 0,
            "may_repeat": False,
            "content": None,
        } | common
        fresh = [
            same
            | row
            | {
                "message_id": uuid.uuid4().hex,
                "state": DeliveryState.HELD if row["destination_id"] in held else DeliveryState.PENDING,
                "note": held.get(row["destination_id"]),
            }
            for row in rows
        ]
        return insert_new(self._connection, schema.deliveries, fresh)

    def _change(self, delivery_id: int, states: Sequence[DeliveryState], **values: object) -> bool:
        statement = update(schema.deliveries).where(_T.id == delivery_id, _T.state.in_(states))
        return self._connection.execute(statement.values(**values)).rowcount > 0

    def _select(self, query: Select[Any]) -> list[Delivery]:
        return [_stored(row) for row in self._connection.execute(query)]


def _topic(notice_id: int, edition: int | Column[Any]) -> Any:
    """What a delivery that tells an edition of a notice is about; of a column, as SQL."""
    number = str(edition) if isinstance(edition, int) else cast(edition, Text)
    return f"notice:{notice_id}:" + number


def sent_again(now: dt.datetime) -> dict[str, object]:
    """The values of a delivery that is to go as if for the first time."""
    return {
        "state": DeliveryState.PENDING,
        "note": None,
        "due_at": now,
        "give_up_at": None,
        "finished_at": None,
    }


_QUERY = (
    select(
        *(column for column in _T if column.name not in ("worker", "give_up_at")),
        _P.name.label("subscriber"),
        _D.channel,
    )
    .join(schema.destinations, _D.id == _T.destination_id)
    .join(schema.subscribers, _P.id == _D.subscriber_id)
)


def _stored(row: Row[Any]) -> Delivery:
    return Delivery(**{**row._mapping, "state": DeliveryState(row.state)})
