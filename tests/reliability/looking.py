"""Looks into the database of a running program, and what its operator can do there."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import update

from monitor.storage import DeliveryState, Storage, schema


@contextmanager
def opened(url: str) -> Iterator[Storage]:
    """The database, for a moment."""
    storage = Storage(url)
    try:
        yield storage
    finally:
        storage.close()


def states(url: str) -> Counter[str]:
    """How many deliveries are in each state."""
    with opened(url) as storage, storage.read() as tx:
        return Counter({state.value: count for state, count in tx.deliveries.counts().items()})


def try_again(url: str) -> None:
    """Let what waits to be tried again be tried now, as `policy-monitor deliveries retry` does."""
    with opened(url) as storage, storage.begin() as tx:
        for delivery in tx.deliveries.latest(DeliveryState.RETRY, limit=100_000):
            tx.deliveries.retry(delivery.id, dt.datetime.now(dt.UTC))


def let_the_hour_pass(url: str) -> bool:
    """End the windows of all summaries now. False where nothing waits for one."""
    waits = schema.matches.c.delivery_id.is_(None)
    with opened(url) as storage, storage.begin() as tx:
        ended = update(schema.matches).where(waits).values(due_at=dt.datetime.now(dt.UTC))
        return tx.matches._connection.execute(ended).rowcount > 0
