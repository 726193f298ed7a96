"""Figures about everything, for graphs and alarms: right whichever of several processes is asked."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, func, select

from monitor.storage import schema
from monitor.storage.agenda import is_active
from monitor.storage.deliveries import WAITING, DeliveryState

_T, _A, _D = schema.deliveries.c, schema.attempts.c, schema.destinations.c
_N, _S, _R = schema.notices.c, schema.sightings.c, schema.revisions.c
_P, _B = schema.subscribers.c, schema.subscriptions.c
_SRC, _E = schema.sources.c, schema.episodes.c


class SourceCounts(NamedTuple):
    """How many sources are in each state; `overdue` ones should have been checked five minutes ago."""

    total: int
    paused: int
    failing: int
    leased: int
    overdue: int


class Totals(NamedTuple):
    """How much there is; `new` and `sent` of late."""

    subscribers: int
    destinations: int
    subscriptions: int
    notices: int
    new: int
    sent: int


class Figures:
    """Counts over many tables. Nothing here changes anything."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def deliveries(self) -> dict[tuple[str, str], int]:
        """(state, channel) → how many deliveries."""
        query = select(_T.state, _D.channel, func.count()).join(schema.destinations)
        rows = self._connection.execute(query.group_by(_T.state, _D.channel))
        return {(state, channel): count for state, channel, count in rows}

    def oldest_due(self) -> dt.datetime | None:
        """When the delivery fell due that has waited longest."""
        oldest: dt.datetime | None = self._connection.scalar(
            select(func.min(_T.due_at)).where(_T.state.in_(WAITING))
        )
        return oldest

    def attempts(self) -> dict[tuple[str, str], int]:
        """(outcome, channel) → how many attempts; `leased` where the outcome is not known yet."""
        outcome = func.coalesce(_A.outcome, DeliveryState.LEASED.value)
        query = (
            select(outcome, _D.channel, func.count())
            .join(schema.deliveries, _T.id == _A.delivery_id)
            .join(schema.destinations, _D.id == _T.destination_id)
            .group_by(outcome, _D.channel)
        )
        return {(kind, channel): count for kind, channel, count in self._connection.execute(query)}

    def rate_limited(self) -> dict[str, int]:
        """Channel → how many attempts its provider put off because they were too many."""
        query = (
            select(_D.channel, func.count())
            .join(schema.deliveries, _T.id == _A.delivery_id)
            .join(schema.destinations, _D.id == _T.destination_id)
            .where(_A.answer.contains("429"))
            .group_by(_D.channel)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def publication_lags(self, since: dt.datetime, limit: int = 10_000) -> list[tuple[dt.date, dt.datetime]]:
        """Day of publication and first sight of the notices first seen since then, without baselines."""
        query = (
            select(_N.published_date, _N.first_seen_at)
            .where(_N.first_seen_at >= since, _N.opened_at.is_not(None), _N.published_date.is_not(None))
            .order_by(_N.first_seen_at.desc())
            .limit(limit)
        )
        return [(day, seen) for day, seen in self._connection.execute(query)]

    def delivery_lags(self, since: dt.datetime, limit: int = 10_000) -> list[dt.timedelta]:
        """From recording a text to its alert being sent, of the alerts sent since then."""
        query = (
            select(_T.finished_at, _R.recorded_at)
            .join(schema.revisions, _R.id == _T.revision_id)
            .where(_T.state == DeliveryState.SENT, _T.finished_at >= since)
            .order_by(_T.finished_at.desc())
            .limit(limit)
        )
        return [sent - seen for sent, seen in self._connection.execute(query)]

    def sources(self, now: dt.datetime) -> SourceCounts:
        """How the sources stand, those that are configured no more included."""
        active = is_active(now)
        late = and_(active, _SRC.next_check_at < now - dt.timedelta(minutes=5), _SRC.lease_until.is_(None))
        conditions = (~active, and_(active, _SRC.failures > 0), _SRC.lease_until > now, late)
        sums = (func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions)
        return SourceCounts(
            *self._connection.execute(select(func.count(), *sums).select_from(schema.sources)).one()
        )

    def totals(self, since: dt.datetime) -> Totals:
        """Subscribers who are no operators, active destinations and subscriptions, notices; notices first
        seen and deliveries sent since then."""
        everybody = select(_P.id).where(_P.operator.is_(False))
        counts = (
            select(func.count()).where(_P.operator.is_(False)),
            select(func.count()).where(_D.active, _D.subscriber_id.in_(everybody)),
            select(func.count()).where(_B.active),
            select(func.count(_N.id)),
            select(func.count()).where(_N.first_seen_at >= since),
            select(func.count()).where(_T.state == DeliveryState.SENT, _T.finished_at >= since),
        )
        return Totals(*(self._connection.scalar(count) or 0 for count in counts))

    def unwell(self) -> dict[str, int]:
        """Symptom → how many sources have it now."""
        query = select(_E.symptom, func.count()).where(_E.ended_at.is_(None)).group_by(_E.symptom)
        return {row[0]: row[1] for row in self._connection.execute(query)}
