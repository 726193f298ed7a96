"""What the archive of raw pages holds; the bytes themselves stand in files (`monitor.archive`)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, or_, select, update

from monitor.storage import schema
from monitor.storage.columns import short_key
from monitor.types import Page

_T = schema.pages.c


class PageRole(StrEnum):
    """What a page was read as."""

    LIST = "list"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPage:
    """One content of one address. `hash` is SHA-256 in hexadecimal and names the file that holds the bytes;
    `problem` says why the page could not be read, None where it could. Sizes are in bytes; `fetched_at` is
    when the address last answered with this. `id` is None until the page is stored."""

    id: int | None = None
    source_id: str
    role: PageRole
    url: str
    final_url: str | None
    status: int
    media_type: str | None
    charset: str | None
    hash: str
    size: int
    packed_size: int
    problem: str | None = None
    fetched_at: dt.datetime

    def page(self, body: bytes) -> Page:
        """The page as it was fetched, with the bytes that its hash names."""
        return Page(
            url=self.url,
            body=body,
            final_url=self.final_url,
            media_type=self.media_type,
            charset=self.charset,
            status=self.status,
            fetched_at=self.fetched_at,
        )


_PAGE = tuple(name for name in ArchivedPage.__dataclass_fields__)


class Pages:
    """The table `pages`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, page: ArchivedPage) -> None:
        """Keep a page; what the address answered with before is renewed, not repeated."""
        values = {name: value for name, value in asdict(page).items() if name != "id"}
        key = short_key(page.url)
        same = (_T.source_id == page.source_id, _T.url_key == key, _T.hash == page.hash)
        if not self._connection.execute(update(schema.pages).where(*same).values(values)).rowcount:
            self._connection.execute(insert(schema.pages).values(url_key=key, **values))

    def get(self, name: str) -> ArchivedPage | None:
        """The page with this id, or the latest one whose hash begins so (8 digits or more)."""
        if name.isdecimal() and len(name) < 8:
            found = self._select(_query().where(_T.id == int(name)))
        else:
            found = self._select(_query().where(_T.hash.startswith(name, autoescape=True)).limit(1))
        return found[0] if found else None

    def latest(
        self, *, source_id: str | None = None, containing: str = "", failed: bool = False, limit: int = 50
    ) -> list[ArchivedPage]:
        """The pages fetched last, newest first: of a source, with a text in the address, unreadable ones."""
        query = _query().limit(limit)
        if source_id is not None:
            query = query.where(_T.source_id == source_id)
        if containing:
            query = query.where(or_(_T.url.contains(containing, autoescape=True), _T.hash == containing))
        if failed:
            query = query.where(_T.problem.is_not(None))
        return self._select(query)

    def at(self, source_id: str, url: str) -> list[ArchivedPage]:
        """What a source's address answered with, newest first."""
        return self._select(_query().where(_T.source_id == source_id, _T.url_key == short_key(url)))

    def forget(self, before: dt.datetime, most_bytes: int) -> int:
        """Forget pages fetched before a time, and the oldest ones while all files together are larger.

        The latest readable page of each list stays: it shows how the list was when it last was well.
        Returns how many pages were forgotten; their files are for `hashes` to tell from the others.
        """
        kept = select(func.max(_T.id)).where(_T.role == PageRole.LIST, _T.problem.is_(None))
        kept = kept.group_by(_T.source_id, _T.url_key)
        old = _T.fetched_at < before
        done = self._connection.execute(delete(schema.pages).where(old, _T.id.not_in(kept))).rowcount
        sizes = select(_T.hash, func.max(_T.packed_size)).group_by(_T.hash)
        newest_first = self._connection.execute(sizes.order_by(func.max(_T.fetched_at).desc())).all()
        totals = accumulate(size for _, size in newest_first)
        beyond = [hash_ for (hash_, _), total in zip(newest_first, totals, strict=True) if total > most_bytes]
        for hash_ in beyond:
            done += self._connection.execute(delete(schema.pages).where(_T.hash == hash_)).rowcount
        return done

    def hashes(self) -> set[str]:
        """The names of all files that are needed."""
        return set(self._connection.scalars(select(_T.hash).distinct()))

    def _select(self, query: Select[Any]) -> list[ArchivedPage]:
        return [_archived(row._mapping) for row in self._connection.execute(query)]


def _query() -> Select[Any]:
    return select(*(_T[name] for name in _PAGE)).order_by(_T.fetched_at.desc(), _T.id.desc())


def _archived(values: Mapping[Any, Any]) -> ArchivedPage:
    return ArchivedPage(**{**values, "role": PageRole(values["role"])})
