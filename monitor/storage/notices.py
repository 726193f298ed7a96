"""Notices, their revisions, and where each was seen.

Which notice a new arrival is, is decided by `monitor.identity`; here its decisions are kept.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, or_, select, union, update

from monitor.storage import schema
from monitor.storage.columns import clean, short_key
from monitor.storage.statements import insert_new
from monitor.types import Notice

_N, _R, _S, _K = schema.notices.c, schema.revisions.c, schema.sightings.c, schema.notice_keys.c


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNotice:
    """A notice as it stands. `opened_at`: since when it may be told, None while only baselines saw it."""

    id: int
    kind: str
    title: str
    doc_number: str | None
    written_date: dt.date | None
    published_date: dt.date | None
    provinces: tuple[str, ...]
    edition: int
    first_seen_at: dt.datetime
    opened_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A text of a notice, never changed once written. `number` counts from 1; a `variant` is the same notice
    in another source's wording, every other revision begins a new `edition`."""

    notice_id: int
    number: int
    edition: int
    variant: bool
    notice: Notice
    recorded_at: dt.datetime
    matched_at: dt.datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One appearance of a notice; `revision_id` is the text it showed there last."""

    notice_id: int
    revision_id: int
    source_id: str
    url: str
    position: str | None
    baseline: bool
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known notice that a new arrival may be.

    `revisions` are its texts, first one first; `seen_here` says how it was seen at the new arrival's address,
    None where it was not; `seen_beside`: it was seen at another address of the same source.
    """

    notice: StoredNotice
    revisions: tuple[Revision, ...]
    seen_here: Sighting | None
    seen_beside: bool


class Notices:
    """The tables `notices`, `notice_keys`, `revisions` and `sightings`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def candidates(self, keys: Iterable[str], source_id: str, url: str) -> list[Candidate]:
        """The notices that share a key, or had this address to themselves, oldest first."""
        by_key = select(_K.notice_id).where(_K.key.in_([short_key(key) for key in keys]))
        at_address = (_S.source_id == source_id, _S.url_key == short_key(url))
        by_place = select(_S.notice_id).where(*at_address, _S.position.is_(None))
        ids = list(self._connection.scalars(union(by_key, by_place)))
        if not ids:
            return []
        sightings = self._sightings(_S.source_id == source_id, _S.notice_id.in_(ids))
        here = {sighting.notice_id: sighting for sighting in sightings if sighting.url == clean(url)}
        beside = {sighting.notice_id for sighting in sightings if sighting.url != clean(url)}
        revisions: dict[int, list[Revision]] = {}
        for revision in self._revisions(_REVISIONS.where(_R.notice_id.in_(ids))):
            revisions.setdefault(revision.notice_id, []).append(revision)
        notices = self._notices(select(schema.notices).where(_N.id.in_(ids)).order_by(_N.id))
        return [Candidate(n, tuple(revisions[n.id]), here.get(n.id), n.id in beside) for n in notices]

    def add(self, notice: Notice, keys: Iterable[str], *, baseline: bool, now: dt.datetime) -> Revision:
        """A notice not known before, with its first revision."""
        row = dict(_facts(notice), edition=1, first_seen_at=now, opened_at=None if baseline else now)
        statement = insert(schema.notices).values(row).returning(_N.id)
        notice_id: int = self._connection.execute(statement).scalar_one()
        first = Revision(
            notice_id=notice_id, number=1, edition=1, variant=False, notice=notice, recorded_at=now
        )
        return self._add_revision(first, keys)

    def revise(
        self, notice_id: int, notice: Notice, keys: Iterable[str], *, corrected: bool, now: dt.datetime
    ) -> Revision:
        """Another text of a known notice: a correction begins a new edition, a variant does not."""
        self._update_facts(notice_id, notice, corrected)
        edition = select(_N.edition).where(_N.id == notice_id)
        count = select(func.count()).where(_R.notice_id == notice_id)
        next_one = Revision(
            notice_id=notice_id,
            number=self._connection.execute(count).scalar_one() + 1,
            edition=self._connection.execute(edition).scalar_one(),
            variant=not corrected,
            notice=notice,
            recorded_at=now,
        )
        return self._add_revision(next_one, keys)

    def sight(
        self,
        revision: Revision,
        source_id: str,
        url: str,
        position: str | None,
        *,
        baseline: bool,
        now: dt.datetime,
    ) -> bool:
        """Record where a revision was seen. True where this notice was not seen at this address before."""
        place = {"notice_id": revision.notice_id, "source_id": source_id, "url_key": short_key(url)}
        shown = {"revision_id": revision.id, "position": position, "last_seen_at": now}
        fresh = {"url": url, "baseline": baseline, "first_seen_at": now}
        if insert_new(self._connection, schema.sightings, [place | shown | fresh]):
            return True
        same = (schema.sightings.c[name] == value for name, value in place.items())
        self._connection.execute(update(schema.sightings).where(*same).values(shown))
        return False

    def open(self, notice_id: int, now: dt.datetime) -> bool:
        """From now on the notice may be told. False where that was so already."""
        statement = update(schema.notices).where(_N.id == notice_id, _N.opened_at.is_(None))
        return self._connection.execute(statement.values(opened_at=now)).rowcount > 0

    def mark_matched(self, revision_id: int, now: dt.datetime) -> None:
        """The revision was held against the subscriptions, or is of a baseline and need not be."""
        self._connection.execute(update(schema.revisions).where(_R.id == revision_id).values(matched_at=now))

    def unmatched(self, limit: int = 100) -> list[Revision]:
        """Revisions nobody has held against the subscriptions yet, oldest first."""
        query = select(schema.revisions).where(_R.matched_at.is_(None))
        return self._revisions(query.order_by(_R.id).limit(limit))

    def arrived_since(
        self, time: dt.datetime, *, after: int = 0, limit: int = 200
    ) -> list[tuple[Revision, dt.datetime | None]]:
        """The texts that were recorded since then, or first told since then, oldest first, beginning after
        the revision of that id; each with its notice's `opened_at`."""
        query = select(schema.revisions, _N.opened_at).join(schema.notices, _N.id == _R.notice_id)
        query = query.where(_R.id > after, or_(_R.recorded_at >= time, _N.opened_at >= time))
        found = self._connection.execute(query.order_by(_R.id).limit(limit))
        return [(_revision(row, "opened_at"), row.opened_at) for row in found]

    def get(self, notice_id: int) -> StoredNotice | None:
        found = self._notices(select(schema.notices).where(_N.id == notice_id))
        return found[0] if found else None

    def latest(
        self, *, containing: str = "", since: dt.datetime | None = None, limit: int = 50
    ) -> list[StoredNotice]:
        """The latest notices, newest first; `containing` is part of the title or the number."""
        query = select(schema.notices).order_by(_N.first_seen_at.desc(), _N.id.desc()).limit(limit)
        if containing:
            hits = (column.contains(containing, autoescape=True) for column in (_N.title, _N.doc_number))
            query = query.where(or_(*hits))
        if since is not None:
            query = query.where(_N.first_seen_at >= since)
        return self._notices(query)

    def revision(self, revision_id: int) -> Revision:
        return self._revisions(select(schema.revisions).where(_R.id == revision_id))[0]

    def revisions(self, notice_id: int) -> list[Revision]:
        """Every text of the notice, oldest first."""
        return self._revisions(_REVISIONS.where(_R.notice_id == notice_id))

    def sightings(self, notice_id: int) -> list[Sighting]:
        """Where the notice was seen, first place first."""
        return self._sightings(_S.notice_id == notice_id)

    def _add_revision(self, revision: Revision, keys: Iterable[str]) -> Revision:
        row = {
            "notice_id": revision.notice_id,
            "number": revision.number,
            "edition": revision.edition,
            "variant": revision.variant,
            "record": revision.notice.to_record(),
            "recorded_at": revision.recorded_at,
        }
        inserted = insert(schema.revisions).values(row).returning(_R.id)
        revision_id: int = self._connection.execute(inserted).scalar_one()
        named = [{"key": short_key(key), "notice_id": revision.notice_id} for key in keys]
        insert_new(self._connection, schema.notice_keys, named)
        return replace(revision, id=revision_id)

    def _update_facts(self, notice_id: int, notice: Notice, corrected: bool) -> None:
        """A correction replaces the facts shown in lists, a variant fills in those that were missing."""
        facts = {name: value for name, value in _facts(notice).items() if value}
        if not corrected:
            known = self._connection.execute(select(schema.notices).where(_N.id == notice_id)).one()._mapping
            facts = {name: value for name, value in facts.items() if not known[name]}
        if corrected:
            facts["edition"] = _N.edition + 1
        if facts:
            self._connection.execute(update(schema.notices).where(_N.id == notice_id).values(facts))

    def _sightings(self, *conditions: ColumnElement[bool]) -> list[Sighting]:
        columns = (_S[field.name] for field in fields(Sighting))
        query = select(*columns).where(*conditions).order_by(_S.first_seen_at, _S.id)
        return [Sighting(**row._mapping) for row in self._connection.execute(query)]

    def _notices(self, query: Select[Any]) -> list[StoredNotice]:
        found = self._connection.execute(query)
        return [StoredNotice(**{**row._mapping, "provinces": tuple(row.provinces)}) for row in found]

    def _revisions(self, query: Select[Any]) -> list[Revision]:
        return [_revision(row) for row in self._connection.execute(query)]


_REVISIONS = select(schema.revisions).order_by(_R.notice_id, _R.number)


def _facts(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind.value,
        "title": notice.title,
        "doc_number": notice.doc_number,
        "written_date": notice.written_date,
        "published_date": notice.published_date,
        "provinces": list(notice.provinces),
    }


def _revision(row: Row[Any], *others: str) -> Revision:
    """The revision in a row that also has the columns `others`."""
    values = {name: value for name, value in row._mapping.items() if name not in others}
    return Revision(notice=Notice.from_record(values.pop("record")), **values)
