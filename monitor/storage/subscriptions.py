"""Subscriptions, with a counter by which every process's rule index follows their changes."""

import datetime as dt
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from monitor.preferences import Frequency, parse_frequency
from monitor.storage import schema
from monitor.storage.statements import insert_new
from monitor.storage.waiting import reconsider

_T, _D, _C = schema.subscriptions.c, schema.destinations.c, schema.counters.c
_COUNTER = "subscriptions"


class Origin(StrEnum):
    """Where a subscription was made, and so where it is changed."""

    CONFIG = "config"
    CLI = "cli"
    CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A rule (in its canonical form) and a destination. `frequency` is its own, None for the subscriber's; an
    `urgent` one tells at once, also in quiet hours and above the daily cap. `changed` is the counter's value
    at its last change; `created_at` matters because only what is seen later is told. One that is not active
    is paused, where there is a `paused_until` up to that time, or was removed. One that is a `copy_of`
    another sends what that one does to a further destination, and follows whatever becomes of it."""

    id: int
    subscriber_id: int
    destination_id: int
    name: str
    rule: str
    frequency: Frequency | None
    urgent: bool
    origin: Origin
    active: bool
    created_at: dt.datetime
    changed: int
    paused_until: dt.datetime | None = None
    removed_at: dt.datetime | None = None
    copy_of: int | None = None


class Change(NamedTuple):
    """A subscription that changed: its rule, None where it is not active."""

    id: int
    rule: str | None


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
        frequency: Frequency | None = None,
        urgent: bool = False,
        origin: Origin,
        now: dt.datetime,
    ) -> Subscription:
        """The destination's subscription of that name, active and with this rule; made where there was none.

        One that is as it should be is left alone, so that a restart changes nothing. A destination that
        moved stands for the one it moved to.
        """
        moved_to = select(func.coalesce(_D.moved_to, _D.id)).where(_D.id == destination_id)
        destination_id = self._connection.execute(moved_to).scalar_one()
        wanted = {"rule": rule, "origin": origin} | _ACTIVE
        this = (_T.destination_id == destination_id, _T.name == name)
        if not self._select(_QUERY.where(*this)):
            row = dict(wanted, destination_id=destination_id, name=name, created_at=now, urgent=urgent)
            row |= {"frequency": _text(frequency), "changed": self._count()}
            insert_new(self._connection, schema.subscriptions, [row])
        (found,) = self._select(_QUERY.where(*this))
        if any(getattr(found, field) != value for field, value in wanted.items()):
            self._change(found.id, **wanted)
        self.set_frequency(found.id, frequency, urgent=urgent)
        return self._select(_QUERY.where(*this))[0]

    def set_frequency(self, subscription_id: int, frequency: Frequency | None, *, urgent: bool) -> bool:
        """Tell so often from now on, what waits already included. False where it did so before."""
        found = self.get(subscription_id)
        if found is None or (found.frequency, found.urgent) == (frequency, urgent):
            return False
        self._change(subscription_id, frequency=_text(frequency), urgent=urgent)
        reconsider(self._connection, _T.id == subscription_id)
        return True

    def set_active(self, subscription_id: int, active: bool, until: dt.datetime | None = None) -> None:
        """Pause (`until` a time, or for good) or resume. What was matched before is still delivered."""
        self._change(subscription_id, active=active, paused_until=None if active else until)

    def resume_due(self, now: dt.datetime) -> int:
        """Resume what was paused until now. Returns how many that are."""
        over = self._select(
            _QUERY.where(_T.active.is_(False), _T.removed_at.is_(None), _T.paused_until <= now)
        )
        for subscription in over:
            self.set_active(subscription.id, True)
        return len(over)

    def change(self, subscription_id: int, *, name: str, rule: str) -> None:
        """Give it another rule (in canonical form) and name, which no other of the destination has."""
        self._change(subscription_id, name=name, rule=rule)

    def remove(self, subscription_id: int, now: dt.datetime) -> None:
        """Take it away; what it told stays known."""
        self._change(subscription_id, active=False, paused_until=None, removed_at=now)

    def restore(self, subscription_id: int) -> None:
        """Undo a removal."""
        self._change(subscription_id, **_ACTIVE)

    def copy(self, subscription_id: int, destination_id: int, now: dt.datetime) -> None:
        """Send what the subscription does also there; again it changes nothing."""
        original = self.get(subscription_id)
        if original is None or subscription_id in self.copied(destination_id):
            return
        row = {
            "destination_id": destination_id,
            "name": self._free_name(destination_id, original.name, subscription_id),
            "rule": original.rule,
            "frequency": _text(original.frequency),
            "urgent": original.urgent,
            "origin": Origin.CHAT,
            "active": original.active,
            "paused_until": original.paused_until,
            "created_at": now,
            "changed": self._count(),
            "copy_of": subscription_id,
        }
        self._connection.execute(insert(schema.subscriptions).values(row))

    def drop_copy(self, subscription_id: int, destination_id: int, now: dt.datetime) -> None:
        """Do not send there any more what the subscription does."""
        this = (_T.copy_of == subscription_id, _T.destination_id == destination_id)
        for copy in self._select(_QUERY.where(*this)):
            name = f"{copy.name} ({copy.id})"  # the next copy has it
            self._change(copy.id, active=False, paused_until=None, removed_at=now, copy_of=None, name=name)

    def copied(self, destination_id: int) -> set[int]:
        """The subscriptions that this destination has copies of."""
        query = select(_T.copy_of).where(_T.destination_id == destination_id, _T.copy_of.is_not(None))
        return set(self._connection.scalars(query))

    def keep_only(self, origin: Origin, ids: Collection[int]) -> int:
        """Pause every other subscription of this origin: the configuration does not have them any more.

        Returns how many that were.
        """
        active = select(_T.id).where(_T.origin == origin, _T.active)
        gone = [found for found in self._connection.scalars(active) if found not in ids]
        for subscription_id in gone:
            self.set_active(subscription_id, False)
        return len(gone)

    def get(self, subscription_id: int) -> Subscription | None:
        found = self._select(_QUERY.where(_T.id == subscription_id))
        return found[0] if found else None

    def all(self) -> list[Subscription]:
        """Every subscription, paused ones too and removed ones not, in the order they were made."""
        return self._select(_QUERY.where(_T.removed_at.is_(None)).order_by(_T.id))

    def of_destination(self, destination_id: int) -> list[Subscription]:
        """Those of one destination, as `all` gives them."""
        own = _QUERY.where(_T.destination_id == destination_id, _T.removed_at.is_(None))
        return self._select(own.order_by(_T.id))

    def counter(self) -> int:
        """Grows with every change of a subscription. An index that has this value is up to date."""
        return self._connection.scalar(select(_C.value).where(_C.name == _COUNTER)) or 0

    def changes_since(self, counter: int) -> Iterator[Change]:
        """The subscriptions made, changed, paused or resumed since the counter had this value; since 0 only
        those that are active. A few at a time, since they can be all."""
        query = select(_T.id, _T.rule, _T.active).where(_T.changed > counter)
        if not counter:
            query = query.where(_T.active)
        rows = self._connection.execute(query, execution_options={"yield_per": _AT_ONCE})
        return (Change(number, rule if active else None) for number, rule, active in rows)

    def count_since(self, counter: int) -> int:
        """How many changed since the counter had this value."""
        count = select(func.count()).select_from(schema.subscriptions).where(_T.changed > counter)
        return self._connection.execute(count).scalar_one()

    def rule_of(self, subscription_id: int) -> str | None:
        """Its rule, None where it is not active."""
        query = select(_T.rule).where(_T.id == subscription_id, _T.active)
        return self._connection.execute(query).scalar_one_or_none()

    def with_ids(self, ids: Sequence[int]) -> dict[int, Subscription]:
        """The subscriptions of these ids."""
        parts = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
        return {found.id: found for part in parts for found in self._select(_QUERY.where(_T.id.in_(part)))}

    def mark(self, counter: int, *, instead_of: str | None) -> str:
        """Leave a mark that nobody can guess, by which this database is known again as one that has been at
        this value of the counter; `instead_of` is a mark that is not needed any more."""
        if instead_of is not None:
            self._connection.execute(delete(schema.counters).where(_C.name == instead_of))
        name = f"rules {secrets.token_hex(16)}"
        self._connection.execute(insert(schema.counters).values(name=name, value=counter))
        return name

    def marked(self, mark: str) -> int | None:
        """The value of the counter that the mark was left for, None where this database does not have it."""
        return self._connection.scalar(select(_C.value).where(_C.name == mark))

    def with_saved_rules(self, subscriber_id: int) -> list[Subscription]:
        """The subscriber's subscriptions whose rules may name saved rules."""
        return self._select(_QUERY.where(_D.subscriber_id == subscriber_id, _T.rule.contains("@")))

    def touch(self, subscription_id: int) -> None:
        """Let the indexes read the subscription anew: what its rule refers to has changed."""
        self._change(subscription_id)

    def _change(self, subscription_id: int, **values: object) -> None:
        values["changed"] = self._count()
        self._connection.execute(
            update(schema.subscriptions).where(_T.id == subscription_id).values(**values)
        )
        followed = {name: value for name, value in values.items() if name not in ("origin", "copy_of")}
        for copy in self._select(_QUERY.where(_T.copy_of == subscription_id)):
            if "name" in followed:
                followed["name"] = self._free_name(copy.destination_id, str(values["name"]), copy.id)
            self._connection.execute(update(schema.subscriptions).where(_T.id == copy.id).values(**followed))

    def _free_name(self, destination_id: int, name: str, number: int) -> str:
        """The name, with a number after it where another one at the destination has it."""
        same = (_T.destination_id == destination_id, _T.name == name, _T.id != number)
        taken = self._connection.scalar(select(_T.id).where(*same))
        return name if taken is None else f"{name} ({number})"

    def _count(self) -> int:
        """The counter's next value. Its row is locked until the transaction ends, so that values become
        visible in their order: an index that has seen 7 never misses a 6."""
        insert_new(self._connection, schema.counters, [{"name": _COUNTER, "value": 0}])
        statement = update(schema.counters).where(_C.name == _COUNTER).values(value=_C.value + 1)
        value: int = self._connection.execute(statement.returning(_C.value)).scalar_one()
        return value

    def _select(self, query: Select[Any]) -> list[Subscription]:
        return [_stored(row) for row in self._connection.execute(query)]


_AT_ONCE = 5000
"""So many rows are read, or asked for, in one go."""

_ACTIVE = {"active": True, "paused_until": None, "removed_at": None}
_QUERY = select(schema.subscriptions, _D.subscriber_id).join(schema.destinations)


def _stored(row: Row[Any]) -> Subscription:
    values = dict(row._mapping)
    own, origin = values.pop("frequency"), Origin(values.pop("origin"))
    return Subscription(frequency=parse_frequency(own) if own else None, origin=origin, **values)


def _text(frequency: Frequency | None) -> str | None:
    return None if frequency is None else str(frequency)
