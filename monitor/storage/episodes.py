"""Episodes: the times when a source was unwell, from the check that showed it to the one that was well
again."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, insert, select, update

from monitor.storage import schema

_T = schema.episodes.c

Sample = list[tuple[str, str | None]]
"""The first rows of a list: title, and date as YYYY-MM-DD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One time when a source was unwell.

    `symptom`: a `monitor.health.Symptom`; `cause` as of the check. `good` is the sample of the last good
    check before it, `present` that of the check that showed it, None where it could not be read. `told`: the
    operator was told of it by itself. `seen_at`: the last check that showed it. Open while `ended_at` is
    None.
    """

    source_id: str
    symptom: str
    cause: str | None
    message: str
    told: bool
    good: Sample | None
    present: Sample | None
    began_at: dt.datetime
    seen_at: dt.datetime
    ended_at: dt.datetime | None = None
    id: int = 0


class Episodes:
    """The table `episodes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, episode: Episode) -> int:
        """Record that a source is unwell from now on. Returns the episode's id."""
        values = {f.name: getattr(episode, f.name) for f in fields(Episode) if f.name != "id"}
        statement = insert(schema.episodes).values(values).returning(_T.id)
        number: int = self._connection.execute(statement).scalar_one()
        return number

    def end(self, episode_id: int, now: dt.datetime) -> None:
        """The source is well again in this respect."""
        self._connection.execute(update(schema.episodes).where(_T.id == episode_id).values(ended_at=now))

    def see(self, episode_id: int, now: dt.datetime) -> None:
        """The source is still unwell in this respect."""
        self._connection.execute(update(schema.episodes).where(_T.id == episode_id).values(seen_at=now))

    def open(self, source_ids: Collection[str] | None = None) -> list[Episode]:
        """What is the matter now with these sources, or with any, the longest first."""
        theirs = [_T.source_id.in_(source_ids)] if source_ids is not None else []
        return self._select(_T.ended_at.is_(None), *theirs)

    def since(self, source_id: str, time: dt.datetime) -> list[Episode]:
        """The source's episodes that began since then, and those that are open, oldest first."""
        recent = (_T.began_at >= time) | _T.ended_at.is_(None)
        return self._select(_T.source_id == source_id, recent)

    def _select(self, *conditions: Any) -> list[Episode]:
        query = select(schema.episodes).where(*conditions).order_by(_T.began_at, _T.id)
        return [Episode(**row._mapping) for row in self._connection.execute(query)]
