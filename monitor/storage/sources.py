"""Sources as they stand, and the history of their checks."""

import datetime as dt
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from monitor.storage import schema
from monitor.storage.statements import insert_new
from monitor.types import Validators

_T = schema.sources.c
_C = schema.checks.c


class CheckOutcome(StrEnum):
    """How a check of a source ended."""

    OK = "ok"
    UNCHANGED = "unchanged"  # the server or the bytes said that nothing is new
    PARTIAL = "partial"  # some entries could not be read; they are read again next time
    FAILED = "failed"  # the source as a whole could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSource:
    """What is known of a source. `failures` counts failed checks in a row; `cause` and `message` are of the
    last one, None after a good one. `new_at` is when it last brought a new notice."""

    id: str
    kind: str
    paused: bool
    baseline_done_at: dt.datetime | None
    validators: Validators
    page_hash: str | None
    row_count: int | None
    failures: int
    cause: str | None
    message: str | None
    checked_at: dt.datetime | None
    succeeded_at: dt.datetime | None
    new_at: dt.datetime | None
    next_check_at: dt.datetime | None
    created_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of one source and what came of it. `listed`, `read` and `failed` count entries, `new` and
    `corrected` notices, `matched` subscriptions met, `queued` deliveries."""

    source_id: str
    started_at: dt.datetime
    finished_at: dt.datetime
    outcome: CheckOutcome
    baseline: bool = False
    listed: int = 0
    read: int = 0
    failed: int = 0
    new: int = 0
    corrected: int = 0
    matched: int = 0
    queued: int = 0
    cause: str | None = None
    message: str | None = None


_CHECK = tuple(field.name for field in fields(Check))


class Sources:
    """The tables `sources` and `checks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ensure(self, source_id: str, kind: str, now: dt.datetime) -> StoredSource:
        """The source's row, made at its first mention."""
        known = self.get(source_id)
        if known is None:
            row = {"id": source_id, "kind": kind, "paused": False, "failures": 0, "created_at": now}
            insert_new(self._connection, schema.sources, [row])
        elif known.kind != kind:
            self._set(source_id, kind=kind)
        else:
            return known
        (found,) = self._select(select(schema.sources).where(_T.id == source_id))
        return found

    def get(self, source_id: str) -> StoredSource | None:
        rows = self._select(select(schema.sources).where(_T.id == source_id))
        return rows[0] if rows else None

    def all(self) -> list[StoredSource]:
        """Every source ever checked, by id."""
        return self._select(select(schema.sources).order_by(_T.id))

    def pause(self, source_id: str, paused: bool) -> None:
        self._set(source_id, paused=paused)

    def schedule(self, source_id: str, next_check_at: dt.datetime) -> None:
        self._set(source_id, next_check_at=next_check_at)

    def remember_listing(
        self, source_id: str, validators: Validators, page_hash: str | None, row_count: int | None
    ) -> None:
        """Keep what asks "has it changed?" next time. Only after every entry of the listing was recorded."""
        self._set(
            source_id,
            etag=validators.etag,
            last_modified=validators.last_modified,
            page_hash=page_hash,
            row_count=row_count,
        )

    def finish_baseline(self, source_id: str, now: dt.datetime) -> None:
        """From now on what is new at this source is told."""
        self._set(source_id, baseline_done_at=now)

    def add_check(self, check: Check) -> None:
        """Record a finished check and what it says about the source's health."""
        self._connection.execute(insert(schema.checks), {name: getattr(check, name) for name in _CHECK})
        health: dict[str, object] = {
            "checked_at": check.finished_at,
            "cause": check.cause,
            "message": check.message,
        }
        if check.outcome is CheckOutcome.FAILED:
            health["failures"] = _T.failures + 1
        else:
            health |= {"failures": 0, "succeeded_at": check.finished_at}
        if check.new:
            health["new_at"] = check.finished_at
        self._set(check.source_id, **health)

    def checks(self, source_id: str, limit: int = 20) -> list[Check]:
        """The latest checks of a source, newest first."""
        found = self._connection.execute(
            select(*(_C[name] for name in _CHECK))
            .where(_C.source_id == source_id)
            .order_by(_C.started_at.desc(), _C.id.desc())
            .limit(limit)
        )
        return [Check(**{**row._mapping, "outcome": CheckOutcome(row.outcome)}) for row in found]

    def _set(self, source_id: str, **values: object) -> None:
        self._connection.execute(update(schema.sources).where(_T.id == source_id).values(**values))

    def _select(self, query: Select[Any]) -> list[StoredSource]:
        return [_stored(row) for row in self._connection.execute(query)]


def _stored(row: Row[Any]) -> StoredSource:
    values = dict(row._mapping)
    validators = Validators(values.pop("etag"), values.pop("last_modified"))
    return StoredSource(validators=validators, **values)
