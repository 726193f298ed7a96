"""The things tests are about, made in one line each."""

import datetime as dt
from typing import Any

from sqlalchemy import text

from monitor.errors import SendOutcome
from monitor.storage import (
    Claim,
    DeliveryState,
    Destination,
    Ended,
    Met,
    Origin,
    Result,
    Revision,
    Storage,
    Subscription,
    Transaction,
)
from monitor.types import Notice
from rules import Reason

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
LEASE, PATIENCE = 3 * MINUTE, 3 * DAY
REASON = Reason("text", "集采", "带量采购", "title", "关于药品带量采购的通知", 4, 8)


def a_notice(title: str = "关于做好药品集中带量采购工作的通知", **fields: Any) -> Notice:
    return Notice(title=title, **fields)


def a_destination(
    tx: Transaction,
    subscriber: str = "wang",
    channel: str = "webhook",
    address: str = "https://example.org/a",
) -> Destination:
    person = tx.destinations.ensure_subscriber(subscriber, now=NOW)
    return tx.destinations.ensure(person.id, channel, address, NOW)


def a_subscription(
    tx: Transaction, name: str = "集采", rule: str = "集采", *, to: Destination | None = None
) -> Subscription:
    destination = to or a_destination(tx)
    return tx.subscriptions.ensure(destination.id, name, rule, origin=Origin.CLI, now=NOW)


def a_revision(tx: Transaction, notice: Notice | None = None) -> Revision:
    return tx.notices.add(notice or a_notice(), ["key"], baseline=False, now=NOW)


def forget_search(tx: Transaction) -> None:
    """As a database is that comes from a version without search."""
    connection = tx.notices._connection
    if connection.dialect.name == "sqlite":
        connection.execute(text("DROP TABLE search_grams"))
        connection.execute(
            text("CREATE VIRTUAL TABLE search_grams USING fts5(grams, content='', detail=none)")
        )
    connection.execute(text("DELETE FROM search_texts"))


def met(
    tx: Transaction,
    revision: Revision,
    *subscriptions: Subscription,
    now: dt.datetime = NOW,
    unread_since: dt.datetime | None = None,
) -> int:
    """These subscriptions meet this text; for how many that is news."""
    hits = [Met(subscription.id, subscription.rule, [REASON]) for subscription in subscriptions]
    return tx.matches.add(revision, hits, now, unread_since=unread_since)


def queued(storage: Storage, count: int = 1, *, to: int | None = None) -> list[int]:
    """The ids of so many deliveries, of one notice each, to one destination."""
    with storage.begin() as tx:
        destination = tx.destinations.get(to) if to is not None else None
        subscription = a_subscription(tx, to=destination)
        for number in range(count):
            revision = a_revision(tx, a_notice(f"第{number}号通知"))
            assert met(tx, revision, subscription) == 1
            assert tx.deliveries.plan(revision.notice_id, NOW) == 1
        return [delivery.id for delivery in reversed(tx.deliveries.latest(limit=count))]


def claimed(storage: Storage, limit: int = 100, *, now: dt.datetime = NOW, worker: str = "a") -> list[Claim]:
    """What a worker gets now, over the channel of `a_destination`."""
    with storage.begin() as tx:
        found = tx.ledger.claim(worker, {"webhook"}, limit=limit, lease=LEASE, patience=PATIENCE, now=now)
        return found.claims


def sent(answer: str = "200 OK") -> Result:
    return Result(outcome=SendOutcome.SENT, answer=answer, state=DeliveryState.SENT)


def to_retry(due_at: dt.datetime, answer: str = "503") -> Result:
    return Result(outcome=SendOutcome.RETRY, answer=answer, state=DeliveryState.RETRY, due_at=due_at)


def finish_attempt(tx: Transaction, delivery: int, number: int, result: Result, now: dt.datetime) -> bool:
    """Record what one attempt came to; whether that counts."""
    (counts,) = tx.ledger.finish([Ended(delivery, number, result)], now)
    return counts
