"""The recorded texts of notices, each with the day on which subscribers could be told of it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.storage import Revision, Storage, Transaction
from monitor.types import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A text of a notice, on the day from which it could be told.

    `notice_id` is the number that people know the notice by: its id, or its place in a file. A `baseline` was
    told to nobody; it stands on the day of its publication, as if it had been watched for.
    """

    notice_id: int
    day: dt.date
    notice: Notice
    number: int = 1
    edition: int = 1
    variant: bool = False
    baseline: bool = False


def arrivals(storage: Storage, since: dt.date, zone: dt.tzinfo) -> Iterator[Arrival]:
    """What could be told from that day on, in the order in which it was recorded.

    Read in pieces, each in a short transaction of its own: a long one would keep the database from tidying
    up. Raises `StorageError`.
    """
    start, last = dt.datetime.combine(since, dt.time(), zone), 0
    while True:
        with storage.read() as tx:
            found = tx.notices.arrived_since(start, after=last)
        if not found:
            return
        last = found[-1][0].id
        arrived = (_arrival(revision, opened_at, zone) for revision, opened_at in found)
        yield from (arrival for arrival in arrived if arrival.day >= since)


def arrivals_of(tx: Transaction, notice_id: int, zone: dt.tzinfo) -> list[Arrival]:
    """Every text of one notice, oldest first; nothing where there is no such notice."""
    stored = tx.notices.get(notice_id)
    if stored is None:
        return []
    return [_arrival(revision, stored.opened_at, zone) for revision in tx.notices.revisions(notice_id)]


def _arrival(revision: Revision, opened_at: dt.datetime | None, zone: dt.tzinfo) -> Arrival:
    recorded, notice = revision.recorded_at, revision.notice
    arrival = Arrival(
        notice_id=revision.notice_id,
        day=max(recorded, opened_at or recorded).astimezone(zone).date(),
        notice=notice,
        number=revision.number,
        edition=revision.edition,
        variant=revision.variant,
    )
    return arrival if opened_at else _as_baseline(arrival)


def _as_baseline(arrival: Arrival) -> Arrival:
    """One that nobody was told of has no editions yet: its texts are all of the first."""
    published = arrival.notice.published_date or arrival.notice.written_date or arrival.day
    return replace(
        arrival, day=min(published, arrival.day), edition=1, variant=arrival.number > 1, baseline=True
    )
