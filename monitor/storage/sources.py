"""Sources as they stand, and the history of their checks."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, update

from monitor.rhythm import Publication, Rhythm
from monitor.storage import schema
from monitor.storage.agenda import Agenda
from monitor.storage.counters import Counters
from monitor.storage.episodes import Sample
from monitor.types import Validators

_T = schema.sources.c
_C = schema.checks.c
_N, _S = schema.notices.c, schema.sightings.c


class CheckOutcome(StrEnum):
    """How a check of a source ended."""

    OK = "ok"
    UNCHANGED = "unchanged"  # the server or the bytes said that nothing is new
    PARTIAL = "partial"  # some entries could not be read; they are read again next time
    FAILED = "failed"  # the source as a whole could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSource:
    """What is known of a source. `failures` counts failed checks in a row; `cause` and `message` are of the
    last one, None after a good one. `new_at` is when it last brought a new notice.

    `retries` are the failures that its backoff grows with: those since the last good check or the last word
    of an operator. `sample` are the first rows of its last good list, `layouts` the forms in which lists of
    it were read. `worker` checks it until `lease_until` at most.
    """

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
    paused_until: dt.datetime | None
    retries: int
    worker: str | None
    lease_until: dt.datetime | None
    rhythm: Rhythm
    sample: Sample | None
    layouts: tuple[str, ...]
    created_at: dt.datetime

    def is_paused(self, now: dt.datetime) -> bool:
        """Whether it is not checked now because an operator said so."""
        return self.paused and (self.paused_until is None or self.paused_until > now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of one source and what came of it. `rows` are those of the list's first page; `listed`,
    `read` and `failed` count entries, `new` and
    `corrected` notices, `matched` subscriptions met, `queued` deliveries."""

    source_id: str
    started_at: dt.datetime
    finished_at: dt.datetime
    outcome: CheckOutcome
    baseline: bool = False
    rows: int | None = None
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

_OF_CHECK = (
    update(schema.sources)
    .where(_T.id == bindparam("of"))
    .values(
        checked_at=bindparam("at"),
        new_at=func.coalesce(bindparam("new_at_", type_=_T.new_at.type), _T.new_at),
        cause=bindparam("cause_"),
        message=bindparam("message_"),
    )
)
_FAILED = _OF_CHECK.values(failures=_T.failures + 1)
_WELL = _OF_CHECK.values(failures=0, retries=0, succeeded_at=bindparam("at"))


class Sources:
    """The tables `sources` and `checks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ensure(self, source_id: str, kind: str, now: dt.datetime) -> StoredSource:
        """The source's row, made at its first mention."""
        return self.ensure_all({source_id: kind}, now)[source_id]

    def ensure_all(self, kinds: Mapping[str, str], now: dt.datetime) -> dict[str, StoredSource]:
        """The rows of sources by id, each made at its first mention; `kinds`: id → kind."""
        known = self._by_id(kinds)
        Agenda(self._connection).enter(((id_, kind) for id_, kind in kinds.items() if id_ not in known), now)
        for source in known.values():
            if source.kind != kinds[source.id]:
                self._set(source.id, kind=kinds[source.id])
        anew = [id_ for id_, kind in kinds.items() if id_ not in known or known[id_].kind != kind]
        return known | (self._by_id(anew) if anew else {})

    def get(self, source_id: str) -> StoredSource | None:
        return self._by_id([source_id]).get(source_id)

    def all(self) -> list[StoredSource]:
        """Every source ever checked, by id."""
        return self._select(select(schema.sources).order_by(_T.id))

    def remember_sample(self, source_id: str, sample: Sample) -> None:
        """Keep what a good list looked like."""
        self._set(source_id, sample=sample)

    def remember_layouts(self, source_id: str, layouts: Iterable[str]) -> None:
        """Keep the forms in which its lists are read well."""
        self._set(source_id, layouts=list(layouts))

    def remember_rhythm(self, source_id: str, rhythm: Rhythm) -> None:
        """Keep what was learned of how it publishes."""
        self._set(source_id, rhythm=rhythm.to_record())

    def publications(self, source_id: str, since: dt.datetime) -> list[Publication]:
        """The notices first seen at the source since then, oldest first."""
        query = (
            select(_S.first_seen_at, _N.published_date, _S.baseline, _N.doc_number.is_not(None))
            .join(schema.notices, _N.id == _S.notice_id)
            .where(_S.source_id == source_id, _S.first_seen_at >= since)
            .order_by(_S.first_seen_at)
        )
        return [Publication(*row) for row in self._connection.execute(query)]

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

    def add_checks(self, *checks: Check) -> None:
        """Record finished checks and what they say about their sources' health."""
        rows = [{name: getattr(check, name) for name in _CHECK} for check in checks]
        self._connection.execute(insert(schema.checks), rows)
        counts = Counter[str]()
        for statement, failed in ((_FAILED, True), (_WELL, False)):
            some = [check for check in checks if (check.outcome is CheckOutcome.FAILED) is failed]
            if some:
                self._connection.execute(statement, [_health(check) for check in some])
            for check in some:
                counts[f"checks:{check.outcome}"] += 1
                counts["notices:new"] += check.new
                counts["notices:corrected"] += check.corrected
                if failed:
                    counts[f"failures:{check.cause}"] += 1
        Counters(self._connection).add(counts)

    def checks(self, source_id: str, limit: int = 20) -> list[Check]:
        """The latest checks of a source, newest first."""
        found = self._connection.execute(
            select(*(_C[name] for name in _CHECK))
            .where(_C.source_id == source_id)
            .order_by(_C.started_at.desc(), _C.id.desc())
            .limit(limit)
        )
        return [Check(**{**row._mapping, "outcome": CheckOutcome(row.outcome)}) for row in found]

    def failures_since(self, source_id: str, time: dt.datetime) -> dict[str, int]:
        """How many checks failed since then, by cause, the most frequent first."""
        count = func.count()
        query = select(_C.cause, count).where(_C.source_id == source_id, _C.started_at >= time)
        query = query.where(_C.outcome == CheckOutcome.FAILED).group_by(_C.cause).order_by(count.desc())
        return {cause or "internal": number for cause, number in self._connection.execute(query)}

    def unreachable_since(self, time: dt.datetime, causes: Iterable[str]) -> tuple[int, int]:
        """How many sources failed for these causes since then, of how many that were checked."""
        checked = select(func.count(_C.source_id.distinct())).where(_C.finished_at >= time)
        failed = checked.where(_C.outcome == CheckOutcome.FAILED, _C.cause.in_(list(causes)))
        return self._connection.scalar(failed) or 0, self._connection.scalar(checked) or 0

    def forget_checks(self, before: dt.datetime, *outcomes: CheckOutcome, limit: int = 10_000) -> int:
        """Delete checks that ended before then, with one of these outcomes. Returns how many."""
        old = select(_C.id).where(_C.finished_at < before, _C.outcome.in_(outcomes)).limit(limit)
        return self._connection.execute(delete(schema.checks).where(_C.id.in_(old))).rowcount

    def _set(self, source_id: str, **values: object) -> None:
        self._connection.execute(update(schema.sources).where(_T.id == source_id).values(**values))

    def _by_id(self, source_ids: Iterable[str]) -> dict[str, StoredSource]:
        query = select(schema.sources).where(_T.id.in_(source_ids))
        return {source.id: source for source in self._select(query)}

    def _select(self, query: Select[Any]) -> list[StoredSource]:
        return [_stored(row) for row in self._connection.execute(query)]


def _health(check: Check) -> dict[str, object]:
    """What a check says of its source, as parameters of `_WELL` and `_FAILED`."""
    return {
        "of": check.source_id,
        "at": check.finished_at,
        "new_at_": check.finished_at if check.new else None,
        "cause_": check.cause,
        "message_": check.message,
    }


def _stored(row: Row[Any]) -> StoredSource:
    values = dict(row._mapping)
    validators = Validators(values.pop("etag"), values.pop("last_modified"))
    values["rhythm"] = Rhythm.from_record(values["rhythm"])
    values["layouts"] = tuple(values["layouts"] or ())
    return StoredSource(validators=validators, **values)
