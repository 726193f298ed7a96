"""When sources are checked next, and by whom: so that several processes share the work.

A source is *due* when its time has come or it was never checked, unless it is paused. Whoever checks it
claims it first with a lease, and prolongs the lease while the check goes on; one that a dead process holds
is taken from it where that is known, else it runs out.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Connection, and_, bindparam, not_, or_, select, update

from monitor.storage import schema
from monitor.storage.statements import insert_new

_T = schema.sources.c
_PUT = (
    update(schema.sources)
    .where(_T.id == bindparam("of"))
    .values(next_check_at=bindparam("next_"), retries=bindparam("retries_"), worker=None, lease_until=None)
)


class Agenda:
    """The columns of `sources` that say when it is checked next, and who does it now."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enter(self, sources: Iterable[tuple[str, str]], now: dt.datetime) -> None:
        """Take down sources, as (id, kind), that are not known yet; they are due at once."""
        rows = [
            {"id": source_id, "kind": kind, "paused": False, "failures": 0, "retries": 0, "created_at": now}
            for source_id, kind in sources
        ]
        insert_new(self._connection, schema.sources, rows)

    def due(self, now: dt.datetime, lease: dt.timedelta) -> list[str]:
        """The sources to be checked now that nobody checks, the longest due first, never checked ones last.

        A lease that ends later than two of length `lease` was set by a wrong clock and holds nobody up.
        """
        query = select(_T.id).where(_is_due(now), is_active(now), _is_free(now, lease))
        never = _T.next_check_at.is_(None)
        return list(self._connection.scalars(query.order_by(never, _T.next_check_at, _T.id)))

    def paused(self, now: dt.datetime) -> set[str]:
        """The sources that are not checked now because an operator said so."""
        return set(self._connection.scalars(select(_T.id).where(not_(is_active(now)))))

    def still_due(self, source_ids: Collection[str], now: dt.datetime) -> set[str]:
        """Those of these sources that are to be checked."""
        query = select(_T.id).where(_T.id.in_(source_ids), _is_due(now), is_active(now))
        return set(self._connection.scalars(query))

    def claim(
        self, source_ids: Collection[str], worker: str, lease: dt.timedelta, now: dt.datetime
    ) -> set[str]:
        """Take these sources, due or not; those that somebody else is checking are not in the answer."""
        free = (_T.id.in_(source_ids), _is_free(now, lease))
        values = {"worker": worker, "lease_until": now + lease}
        statement = update(schema.sources).where(*free).values(values).returning(_T.id)
        return set(self._connection.scalars(statement))

    def workers(self) -> set[str]:
        """Who is checking something, as far as is known here."""
        return set(self._connection.scalars(select(_T.worker).where(_T.worker.is_not(None)).distinct()))

    def take_from(self, workers: Collection[str]) -> list[str]:
        """These workers are dead: nobody checks their sources. Returns those."""
        statement = update(schema.sources).where(_T.worker.in_(workers)).values(worker=None, lease_until=None)
        return list(self._connection.scalars(statement.returning(_T.id))) if workers else []

    def prolong(self, source_id: str, worker: str, lease: dt.timedelta, now: dt.datetime) -> bool:
        """The check goes on. False where the lease was lost."""
        mine = (_T.id == source_id, _T.worker == worker)
        return self._set(*mine, lease_until=now + lease)

    def release(self, source_id: str, worker: str) -> None:
        """The check is over, or was broken off."""
        self._set(_T.id == source_id, _T.worker == worker, worker=None, lease_until=None)

    def put(self, source_id: str, next_check_at: dt.datetime, *, retries: int) -> None:
        """A check is over: when the next one is, and with how many failures its backoff grows."""
        self.put_all([(source_id, next_check_at, retries)])

    def put_all(self, checked: Iterable[tuple[str, dt.datetime, int]]) -> None:
        """`put` for many: (id, when next, failures)."""
        rows = [{"of": id_, "next_": at, "retries_": retries} for id_, at, retries in checked]
        if rows:
            self._connection.execute(_PUT, rows)

    def hurry(self, source_id: str, now: dt.datetime) -> None:
        """Check it as soon as there is a free hand, and let its backoff begin anew."""
        self._set(_T.id == source_id, next_check_at=now, retries=0)

    def bring_forward(self, source_id: str, latest: dt.datetime) -> None:
        """Check it at this time at the latest: its settings changed, or a clock was wrong."""
        self._set(_T.id == source_id, _T.next_check_at > latest, next_check_at=latest)

    def pause(self, source_id: str, until: dt.datetime | None = None) -> None:
        """Do not check it, until then or until it is resumed."""
        self._set(_T.id == source_id, paused=True, paused_until=until)

    def resume(self, source_id: str, now: dt.datetime) -> None:
        """Check it again, at once."""
        self._set(_T.id == source_id, paused=False, paused_until=None)
        self.hurry(source_id, now)

    def _set(self, *which: ColumnElement[bool], **values: object) -> bool:
        statement = update(schema.sources).where(*which).values(**values)
        return self._connection.execute(statement).rowcount > 0


def _is_due(now: dt.datetime) -> ColumnElement[bool]:
    return or_(_T.next_check_at.is_(None), _T.next_check_at <= now)


def is_active(now: dt.datetime) -> ColumnElement[bool]:
    """That a source is not paused now."""
    return or_(_T.paused.is_(False), and_(_T.paused_until.is_not(None), _T.paused_until <= now))


def _is_free(now: dt.datetime, lease: dt.timedelta) -> ColumnElement[bool]:
    # Twice, since `now` may have been read a moment before the other one's.
    return or_(_T.lease_until.is_(None), _T.lease_until <= now, _T.lease_until > now + 2 * lease)
