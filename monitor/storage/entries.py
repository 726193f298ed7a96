"""What was already read of each source, entry by entry."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select, update

from monitor.storage import schema
from monitor.storage.columns import short_key
from monitor.storage.statements import insert_new
from monitor.types import Entry

_T = schema.entries.c


class Failure(NamedTuple):
    """An entry that could not be read: which version of it, how many times in a row, when last, and why."""

    version: str
    times: int
    at: dt.datetime
    message: str


class Entries:
    """The table `entries`: an address of a source and the version of it that was recorded.

    An entry that could not be read has no version, or the one before, so the next check reads it again.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, source_id: str) -> dict[str, str]:
        """Address → version of every entry of the source that was recorded."""
        query = select(_T.url, _T.version).where(_T.source_id == source_id, _T.version.is_not(None))
        return {row.url: row.version for row in self._connection.execute(query)}

    def note(self, source_id: str, listed: Iterable[Entry], *, baseline: bool, now: dt.datetime) -> None:
        """Take down that these were listed, before any of them is read.

        An entry first listed in the baseline stays silent even if it can only be read in a later check.
        """
        rows = [
            {
                "source_id": source_id,
                "url_key": short_key(entry.url),
                "url": entry.url,
                "baseline": baseline,
                "failures": 0,
                "first_seen_at": now,
            }
            for entry in listed
        ]
        insert_new(self._connection, schema.entries, rows)

    def is_baseline(self, source_id: str, url: str) -> bool:
        """Whether the entry was first listed in the source's baseline and has not been recorded since."""
        query = select(_T.baseline).where(*_is(source_id, url), _T.recorded_at.is_(None))
        return bool(self._connection.scalar(query))

    def recorded(self, source_id: str, entry: Entry, now: dt.datetime) -> None:
        """Everything of this version of the entry is in the same transaction."""
        values = {
            "version": entry.version,
            "recorded_at": now,
            "failures": 0,
            "message": None,
            "failed_at": None,
        }
        self._connection.execute(update(schema.entries).where(*_is(source_id, entry.url)).values(values))

    def failed(self, source_id: str, entry: Entry, message: str, now: dt.datetime) -> int:
        """The entry could not be read. Returns how many times in a row that was so, of any version."""
        values = {
            "failures": _T.failures + 1,
            "message": message,
            "failed_at": now,
            "failed_version": entry.version,
        }
        statement = update(schema.entries).where(*_is(source_id, entry.url)).values(values)
        return self._connection.scalar(statement.returning(_T.failures)) or 0

    def failing(self, source_id: str) -> dict[str, Failure]:
        """Address → how the last reading failed, of the entries that could not be read."""
        columns = (_T.failed_version, _T.failures, _T.failed_at, _T.message)
        query = select(_T.url, *columns).where(_T.source_id == source_id, _T.failures > 0)
        return {url: Failure(*rest) for url, *rest in self._connection.execute(query)}


def _is(source_id: str, url: str) -> tuple[ColumnElement[bool], ...]:
    return _T.source_id == source_id, _T.url_key == short_key(url)
