"""Notices, their revisions, and where each was seen.

Which notice a new arrival is, is decided by `monitor.identity`; here its decisions are kept.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Row,
    Select,
    and_,
    func,
    insert,
    or_,
    select,
    union,
    update,
)

from monitor.storage import schema, search
from monitor.storage.columns import clean, short_key
from monitor.storage.statements import batches, insert_new
from monitor.types import Notice

_N, _R, _S, _K = schema.notices.c, schema.revisions.c, schema.sightings.c, schema.notice_keys.c
_W = schema.search_texts.c


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
class Found:
    """A notice that was looked for, and its `day`: when it was published, else written, else first seen. Day
    and id are its place among all that is found."""

    notice: StoredNotice
    day: dt.date

    @property
    def place(self) -> tuple[dt.date, int]:
        return self.day, self.notice.id


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known notice that a new arrival may be.

    `revisions` are its texts, first one first; `seen_here` says how it was seen at the new arrival's address,
    None where it was not; `seen_beside`: it was seen at another address of the same source; `seen_elsewhere`:
    another source had it at this very web address, which it had to itself.
    """

    notice: StoredNotice
    revisions: tuple[Revision, ...]
    seen_here: Sighting | None
    seen_beside: bool
    seen_elsewhere: bool


class Notices:
    """The tables `notices`, `notice_keys`, `revisions` and `sightings`, and the index of their words."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def candidates(self, keys: Iterable[str], source_id: str, url: str) -> list[Candidate]:
        """The notices that share a key, or had this address to themselves, oldest first."""
        by_key = select(_K.notice_id).where(_K.key.in_([short_key(key) for key in keys]))
        alone_there = (_S.url_key == short_key(url), _S.position.is_(None))
        by_place = select(_S.notice_id).where(*alone_there)
        if not (on_the_web := _is_web_address(url)):  # two folders can hold files of one name
            by_place = by_place.where(_S.source_id == source_id)
        ids = list(self._connection.scalars(union(by_key, by_place)))
        if not ids:
            return []
        sightings = self._sightings(_S.source_id == source_id, _S.notice_id.in_(ids))
        here = {sighting.notice_id: sighting for sighting in sightings if sighting.url == clean(url)}
        beside = {sighting.notice_id for sighting in sightings if sighting.url != clean(url)}
        others = select(_S.notice_id).where(*alone_there, _S.source_id != source_id)
        elsewhere = set(self._connection.scalars(others)) if on_the_web else set()
        revisions: dict[int, list[Revision]] = {}
        for revision in self._revisions(_REVISIONS.where(_R.notice_id.in_(ids))):
            revisions.setdefault(revision.notice_id, []).append(revision)
        notices = self._notices(select(schema.notices).where(_N.id.in_(ids)).order_by(_N.id))
        return [
            Candidate(n, tuple(revisions[n.id]), here.get(n.id), n.id in beside, n.id in elsewhere)
            for n in notices
        ]

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
        """The latest notices, newest first; `containing` are words that stand in all of them."""
        query = select(schema.notices).order_by(_N.first_seen_at.desc(), _N.id.desc()).limit(limit)
        if words := search.words_of(containing):
            query = query.where(_N.id.in_(search.holding(self._connection, words)))
        if since is not None:
            query = query.where(_N.first_seen_at >= since)
        return self._notices(query)

    def search(
        self, query: str = "", *, after: tuple[dt.date, int] | None = None, limit: int = 10
    ) -> list[Found]:
        """The notices with all words of the query in one of their texts, those of the latest day first,
        beginning after the place of one found before."""
        day = func.coalesce(_N.published_date, _N.written_date, func.date(_N.first_seen_at), type_=Date)
        found = select(schema.notices, day.label("day")).order_by(day.desc(), _N.id.desc()).limit(limit)
        if words := search.words_of(query):
            found = found.where(_N.id.in_(search.holding(self._connection, words)))
        if after is not None:
            found = found.where(or_(day < after[0], and_(day == after[0], _N.id < after[1])))
        return [Found(_notice(row, "day"), row.day) for row in self._connection.execute(found)]

    def consultations(self, since: dt.date) -> list[Revision]:
        """The texts that stand of the consultations whose comments are due on that day or later, the soonest
        first."""
        due = select(_W.notice_id).where(_W.comment_deadline >= since)
        found = self._revisions(_STANDING.where(_N.id.in_(due)))
        still = [(one.notice.comment_deadline, one.id, one) for one in found if one.notice.comment_deadline]
        return [one for day, _, one in sorted(still) if day >= since]

    def standing(self, notice_ids: Collection[int]) -> dict[int, Notice]:
        """The texts that stand of these notices, by their ids."""
        found = self._revisions(_STANDING.where(_N.id.in_(notice_ids)))
        return {one.notice_id: one.notice for one in found}

    def at_address(self, url: str) -> list[StoredNotice]:
        """The notices that were seen at an address, however its scheme, its `www.` and its last slash are
        written; latest first."""
        seen = select(_S.notice_id).where(_S.url_key.in_(map(short_key, _spellings(url))))
        return self._notices(select(schema.notices).where(_N.id.in_(seen)).order_by(_N.id.desc()))

    def make_searchable(self, limit: int = 100) -> int:
        """Index revisions that were recorded before there was a search, latest first. Returns how many."""
        found = self._revisions(
            select(schema.revisions).where(_UNSEARCHABLE).order_by(_R.id.desc()).limit(limit)
        )
        for one in found:
            search.index(self._connection, one.id, one.notice_id, one.notice)
        return len(found)

    def not_searchable(self) -> int:
        """How many revisions no search finds yet."""
        query = select(func.count()).select_from(schema.revisions).where(_UNSEARCHABLE)
        return self._connection.execute(query).scalar_one()

    def revision(self, revision_id: int) -> Revision:
        return self._revisions(select(schema.revisions).where(_R.id == revision_id))[0]

    def revisions(self, notice_id: int) -> list[Revision]:
        """Every text of the notice, oldest first."""
        return self._revisions(_REVISIONS.where(_R.notice_id == notice_id))

    def texts(self, revision_ids: Iterable[int]) -> dict[int, Notice]:
        """Revision id → its text."""
        query = select(_R.id, _R.record)
        return {
            row.id: Notice.from_record(row.record)
            for ids in batches(revision_ids)
            for row in self._connection.execute(query.where(_R.id.in_(ids)))
        }

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
        search.index(self._connection, revision_id, revision.notice_id, revision.notice)
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
        return [_notice(row) for row in self._connection.execute(query)]

    def _revisions(self, query: Select[Any]) -> list[Revision]:
        return [_revision(row) for row in self._connection.execute(query)]


_STANDING = (
    select(schema.revisions)
    .join(schema.notices, _N.id == _R.notice_id)
    .where(
        _R.number
        == select(func.max(_R.number))
        .where(_R.notice_id == _N.id, ~_R.variant)
        .correlate(schema.notices)
        .scalar_subquery()
    )
)
"""Of each notice the text that began its last edition."""
_UNSEARCHABLE = ~select(_W.revision_id).where(_W.revision_id == _R.id).exists()
_REVISIONS = select(schema.revisions).order_by(_R.notice_id, _R.number)


def _spellings(url: str) -> set[str]:
    """The address as it may have been recorded."""
    rest = url.partition("#")[0].partition("://")[2]
    bare = rest.removeprefix("www.").rstrip("/")
    return {
        f"{scheme}://{www}{bare}{end}"
        for scheme in ("http", "https")
        for www in ("", "www.")
        for end in ("", "/")
    }


def _facts(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind.value,
        "title": notice.title,
        "doc_number": notice.doc_number,
        "written_date": notice.written_date,
        "published_date": notice.published_date,
        "provinces": list(notice.provinces),
    }


def _notice(row: Row[Any], *others: str) -> StoredNotice:
    """The notice in a row that also has the columns `others`."""
    values = {name: value for name, value in row._mapping.items() if name not in others}
    return StoredNotice(**{**values, "provinces": tuple(row.provinces)})


def _revision(row: Row[Any], *others: str) -> Revision:
    """The revision in a row that also has the columns `others`."""
    values = {name: value for name, value in row._mapping.items() if name not in others}
    return Revision(notice=Notice.from_record(values.pop("record")), **values)


def _is_web_address(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))
