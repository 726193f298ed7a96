"""Subscriptions, with a counter by which every process's rule index follows their changes."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from monitor.storage import schema
from monitor.storage.statements import insert_new

_T, _D, _C = schema.subscriptions.c, schema.destinations.c, schema.counters.c
_COUNTER = "subscriptions"


class Frequency(StrEnum):
    """How often a subscription tells what it met."""

    AT_ONCE = "at_once"


class Origin(StrEnum):
    """Where a subscription was made, and so where it is changed."""

    CONFIG = "config"
    CLI = "cli"
    CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A rule (in its canonical form), a destination and a frequency. `changed` is the counter's value at its
    last change; `created_at` matters because only what is seen later is told."""

    id: int
    subscriber_id: int
    destination_id: int
    name: str
    rule: str
    frequency: Frequency
    origin: Origin
    active: bool
    created_at: dt.datetime
    changed: int


class Subscriptions:
    """The table `subscriptions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ensure(
        self,
        destination_id: int,
        name: str,
        rule: str,
        *,
        frequency: Frequency = Frequency.AT_ONCE,
        origin: Origin,
        now: dt.datetime,
    ) -> Subscription:
        """The destination's subscription of that name, active and with this rule; made where there was none.

        One that is as it should be is left alone, so that a restart changes nothing. A destination that
        moved stands for the one it moved to.
        """
        moved_to = select(func.coalesce(_D.moved_to, _D.id)).where(_D.id == destination_id)
        destination_id = self._connection.execute(moved_to).scalar_one()
        wanted = {"rule": rule, "frequency": frequency, "origin": origin, "active": True}
        this = (_T.destination_id == destination_id, _T.name == name)
        if not self._select(_QUERY.where(*this)):
            row = dict(wanted, destination_id=destination_id, name=name, created_at=now)
            insert_new(self._connection, schema.subscriptions, [row | {"changed": self._count()}])
        (found,) = self._select(_QUERY.where(*this))
        if any(getattr(found, field) != value for field, value in wanted.items()):
            self._change(found.id, **wanted)
            (found,) = self._select(_QUERY.where(*this))
        return found

    def set_active(self, subscription_id: int, active: bool) -> None:
        """Pause or resume. What was matched before is still delivered."""
        self._change(subscription_id, active=active)

    def keep_only(self, origin: Origin, ids: Collection[int]) -> int:
        """Pause every other subscription of this origin: the configuration does not have them any more.

        Returns how many that were.
        """
        gone = [s.id for s in self.all() if s.origin is origin and s.active and s.id not in ids]
        for subscription_id in gone:
            self.set_active(subscription_id, False)
        return len(gone)

    def get(self, subscription_id: int) -> Subscription | None:
        found = self._select(_QUERY.where(_T.id == subscription_id))
        return found[0] if found else None

    def all(self) -> list[Subscription]:
        """Every subscription, paused ones too, in the order they were made."""
        return self._select(_QUERY.order_by(_T.id))

    def counter(self) -> int:
        """Grows with every change of a subscription. An index that has this value is up to date."""
        return self._connection.scalar(select(_C.value).where(_C.name == _COUNTER)) or 0

    def changed_since(self, counter: int) -> list[Subscription]:
        """The subscriptions made, changed, paused or resumed since the counter had this value."""
        return self._select(_QUERY.where(_T.changed > counter).order_by(_T.changed))

    def _change(self, subscription_id: int, **values: object) -> None:
        values["changed"] = self._count()
        self._connection.execute(
            update(schema.subscriptions).where(_T.id == subscription_id).values(**values)
        )

    def _count(self) -> int:
        """The counter's next value. Its row is locked until the transaction ends, so that values become
        visible in their order: an index that has seen 7 never misses a 6."""
        insert_new(self._connection, schema.counters, [{"name": _COUNTER, "value": 0}])
        statement = update(schema.counters).where(_C.name == _COUNTER).values(value=_C.value + 1)
        value: int = self._connection.execute(statement.returning(_C.value)).scalar_one()
        return value

    def _select(self, query: Select[Any]) -> list[Subscription]:
        return [_stored(row) for row in self._connection.execute(query)]


_QUERY = select(schema.subscriptions, _D.subscriber_id).join(schema.destinations)


def _stored(row: Row[Any]) -> Subscription:
    values = dict(row._mapping)
    return Subscription(
        frequency=Frequency(values.pop("frequency")), origin=Origin(values.pop("origin")), **values
    )
