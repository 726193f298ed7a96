"""What was met and waits to be told: for the end of a summary's window, of quiet hours, of a check.

The end of its window stands with each match, so that whenever somebody looks, what is over is found: nothing
depends on having looked at the right moment.
"""

import datetime as dt
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from monitor.preferences import Frequency, Preferences, parse_frequency, parse_quiet_hours
from monitor.storage import schema
from monitor.storage.matches import MATCHES, StoredMatch, stored_match
from monitor.storage.statements import batches
from monitor.types import Hold

_M, _B, _D = schema.matches.c, schema.subscriptions.c, schema.destinations.c
_P, _V = schema.subscribers.c, schema.deliveries.c
_UNTOLD = _M.delivery_id.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A match that nobody has given a time yet, and what its reader wants. `frequency` is the subscription's
    own or else the subscriber's; `held_by` says why it waited before the reader wanted something else."""

    match_id: int
    destination_id: int
    frequency: Frequency
    urgent: bool
    preferences: Preferences
    held_by: Hold | None


@dataclass(frozen=True, slots=True)
class Reader:
    """A destination and what its subscriber wants."""

    destination_id: int
    channel: str
    preferences: Preferences


class Waiting:
    """The matches that wait, in the table `matches`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def undecided(self, notice_id: int) -> list[Undecided]:
        """The notice's matches that have no time yet and whose readers want anything but to be told at once,
        at any hour and as often as it happens."""
        own = func.coalesce(_B.frequency, _P.frequency)
        particular = or_(
            own != str(Frequency()),
            _P.quiet_hours.is_not(None),
            _P.daily_cap.is_not(None),
            _M.held_by.is_not(None),
        )
        query = (
            select(
                _M.id.label("match_id"),
                _M.held_by,
                _B.destination_id,
                _B.urgent,
                own.label("own_frequency"),
                *_PREFERENCES,
            )
            .join(schema.subscriptions, _B.id == _M.subscription_id)
            .join(schema.destinations, _D.id == _B.destination_id)
            .join(schema.subscribers, _P.id == _D.subscriber_id)
            .where(_M.notice_id == notice_id, _UNTOLD, _M.due_at.is_(None), particular)
            .order_by(_M.id)
        )
        return [_undecided(row) for row in self._connection.execute(query)]

    def hold(self, match_ids: Collection[int], held_by: Hold, due_at: dt.datetime) -> None:
        """Let them wait until then."""
        self._set(match_ids, held_by=held_by, due_at=due_at)

    def hold_for_check(self, notice_id: int, due_at: dt.datetime) -> int:
        """Let what nothing else holds wait for the end of a check, `due_at` at the latest, where the readers
        want what a check finds together. Returns how many matches that are."""
        together = (
            select(_B.id)
            .join(schema.destinations, _D.id == _B.destination_id)
            .join(schema.subscribers, _P.id == _D.subscriber_id)
            .where(_P.group_from.is_not(None), _B.urgent.is_(False))
        )
        free = (_UNTOLD, _M.due_at.is_(None), _M.held_by.is_(None))
        statement = update(schema.matches).where(
            _M.notice_id == notice_id, *free, _M.subscription_id.in_(together)
        )
        return self._connection.execute(statement.values(held_by=Hold.CHECK, due_at=due_at)).rowcount

    def of_check(self, notice_ids: Container[int]) -> list[StoredMatch]:
        """What these notices met and what waits for the end of the check that found them, with what else
        waits as in `due`."""
        checks = self._select(_M.held_by == Hold.CHECK, _M.due_at.is_not(None))
        return self._with_the_same(match for match in checks if match.notice_id in notice_ids)

    def left_by_checks(self, source_ids: Collection[str]) -> set[int]:
        """The notices of these sources that wait for the end of a check."""
        query = (
            select(_M.notice_id)
            .join(schema.sightings, schema.sightings.c.notice_id == _M.notice_id)
            .where(_UNTOLD, _M.held_by == Hold.CHECK, _M.due_at.is_not(None))
        )
        found = (query.where(schema.sightings.c.source_id.in_(ids)) for ids in batches(source_ids))
        return {notice_id for one in found for notice_id in self._connection.scalars(one)}

    def let_go(self, match_ids: Collection[int]) -> None:
        """Let them wait no more: the next plan tells them."""
        self._set(match_ids, held_by=None, due_at=None)

    def due(self, now: dt.datetime) -> list[StoredMatch]:
        """What has waited long enough, and what else waits for the same destinations about the same notices:
        a notice is told once, with all its reasons."""
        return self._with_the_same(self._select(_M.due_at <= now))

    def _with_the_same(self, matches: Iterable[StoredMatch]) -> list[StoredMatch]:
        pairs = {(match.destination_id, match.notice_id) for match in matches}
        same = (
            match
            for notice_ids in batches({notice_id for _, notice_id in pairs})
            for match in self._select(_M.due_at.is_not(None), _M.notice_id.in_(notice_ids))
        )
        return [match for match in same if (match.destination_id, match.notice_id) in pairs]

    def readers(self, destination_ids: Iterable[int]) -> dict[int, Reader]:
        """Destination id → who reads there."""
        query = select(_D.id, _D.channel, *_PREFERENCES).join(schema.subscribers, _P.id == _D.subscriber_id)
        found: dict[int, Reader] = {}
        for ids in batches(destination_ids):
            for row in self._connection.execute(query.where(_D.id.in_(ids))):
                wants = stored_preferences(dict(row._mapping))
                found[row.id] = Reader(row.id, row.channel, wants)
        return found

    def reconsider_after(self, latest: dt.datetime) -> int:
        """Take the time from what waits longer than anything can: a clock was wrong. Returns how many."""
        statement = update(schema.matches).where(_UNTOLD, _M.due_at > latest)
        return self._connection.execute(statement.values(due_at=None)).rowcount

    def told_since(self, destination_id: int, since: dt.datetime) -> int:
        """How many messages about notices a destination was sent, or will be, since then."""
        about_notices = or_(_V.notice_id.is_not(None), _V.topic.like("summary:%"))
        query = select(func.count()).where(
            _V.destination_id == destination_id, _V.created_at >= since, about_notices
        )
        return self._connection.execute(query).scalar_one()

    def next_due(self, subscriber_id: int) -> tuple[int, dt.datetime | None]:
        """How many matches wait for a subscriber, and when the first of them are told."""
        query = (
            select(func.count(), func.min(_M.due_at))
            .join(schema.subscriptions, _B.id == _M.subscription_id)
            .join(schema.destinations, _D.id == _B.destination_id)
            .where(_UNTOLD, _D.subscriber_id == subscriber_id)
        )
        count, first = self._connection.execute(query).one()
        return count, first

    def _set(self, match_ids: Collection[int], **values: object) -> None:
        for ids in batches(match_ids):
            self._connection.execute(update(schema.matches).where(_M.id.in_(ids), _UNTOLD).values(values))

    def _select(self, *conditions: ColumnElement[bool]) -> list[StoredMatch]:
        query = MATCHES.where(and_(_UNTOLD, *conditions)).order_by(_M.id)
        return [stored_match(row) for row in self._connection.execute(query)]


_PREFERENCES = (_P.timezone, _P.frequency, _P.quiet_hours, _P.daily_cap, _P.group_from)


def stored_preferences(values: dict[str, Any]) -> Preferences:
    """The preferences in a row of `subscribers`, taken out of it."""
    quiet_hours = values.pop("quiet_hours")
    return Preferences(
        timezone=values.pop("timezone"),
        frequency=parse_frequency(values.pop("frequency")),
        quiet_hours=parse_quiet_hours(quiet_hours) if quiet_hours else None,
        daily_cap=values.pop("daily_cap"),
        group_from=values.pop("group_from"),
    )


def _undecided(row: Row[*tuple[Any, ...]]) -> Undecided:
    values = dict(row._mapping)
    held_by, own = values.pop("held_by"), values.pop("own_frequency")
    return Undecided(
        preferences=stored_preferences(values),
        frequency=parse_frequency(own),
        held_by=Hold(held_by) if held_by else None,
        **values,
    )


def reconsider(connection: Connection, subscriptions: ColumnElement[bool]) -> None:
    """Somebody wants it otherwise now: what waits for these subscriptions is given another time by the next
    plan. The reason stays, so that it is told in one message and not one by one."""
    theirs = select(_B.id).where(subscriptions)
    waiting = (_UNTOLD, _M.due_at.is_not(None), _M.subscription_id.in_(theirs))
    connection.execute(update(schema.matches).where(*waiting).values(due_at=None))
