"""Subscribers, and where their messages go."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, and_, cast, delete, func, or_, select, update

from monitor.preferences import Preferences
from monitor.storage import schema
from monitor.storage.columns import short_key
from monitor.storage.deliveries import UNFINISHED, WAITING, DeliveryState, sent_again
from monitor.storage.statements import insert_new
from monitor.storage.waiting import reconsider, stored_preferences

_P, _D = schema.subscribers.c, schema.destinations.c
_B, _V, _M = schema.subscriptions.c, schema.deliveries.c, schema.mutes.c
_QUERY = (
    select(
        *(column for column in _D if column.name != "address_key"),
        _P.name.label("subscriber"),
        _P.language,
    )
    .join(schema.subscribers, _P.id == _D.subscriber_id)
    .order_by(_D.id)
)

_UNCONFIRMED = select(schema.confirmations.c.destination_id).where(
    schema.confirmations.c.confirmed_at.is_(None)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Somebody who is told things. An `operator` hears what only who runs the program can put right."""

    id: int
    name: str
    language: str
    preferences: Preferences
    operator: bool
    created_at: dt.datetime

    @property
    def timezone(self) -> str:
        return self.preferences.timezone


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A chat, an address or a URL. Deliveries to one that is not active are held."""

    id: int
    subscriber_id: int
    subscriber: str
    language: str
    channel: str
    address: str = field(repr=False)  # a webhook's address is a secret
    active: bool
    deactivated_at: dt.datetime | None
    reason: str | None
    moved_to: int | None
    created_at: dt.datetime


class Destinations:
    """The tables `subscribers` and `destinations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ensure_subscriber(
        self,
        name: str,
        *,
        language: str | None = None,
        timezone: str | None = None,
        operator: bool = False,
        now: dt.datetime,
    ) -> Subscriber:
        """The subscriber of that name with these settings, made where there was none: then Chinese and in
        the zone of Beijing unless said otherwise. What is not said otherwise stays as it was."""
        row = {"name": name, "language": language or "zh", "operator": operator, "created_at": now}
        if not insert_new(self._connection, schema.subscribers, [row | _stored(Preferences())]):
            settings = {"operator": operator} | ({"language": language} if language else {})
            self._connection.execute(update(schema.subscribers).where(_P.name == name).values(settings))
        found = self.named(name)
        assert found is not None
        return found if timezone is None else self.prefer(found.id, timezone=timezone)

    def prefer(self, subscriber_id: int, **changes: Any) -> Subscriber:
        """Change what a subscriber wants: fields of `Preferences`. What waits already is told by the new ones
        and is neither lost nor told twice."""
        this = _P.id == subscriber_id
        (before,) = self._subscribers(select(schema.subscribers).where(this))
        wanted = replace(before.preferences, **changes)
        if wanted == before.preferences:
            return before
        self._connection.execute(update(schema.subscribers).where(this).values(_stored(wanted)))
        own = select(_D.id).where(_D.subscriber_id == subscriber_id)
        reconsider(self._connection, _B.destination_id.in_(own))
        return replace(before, preferences=wanted)

    def newly_configured(self, subscriber_id: int, said: Mapping[str, str]) -> set[str]:
        """Keep what the configuration says of a subscriber. Returns the names of what it says anew: the rest
        may have been chosen otherwise since."""
        this = _P.id == subscriber_id
        before = self._connection.scalar(select(_P.configured).where(this)) or {}
        if said != before:
            self._connection.execute(update(schema.subscribers).where(this).values(configured=dict(said)))
        return {name for name, value in said.items() if before.get(name) != value}

    def named(self, name: str) -> Subscriber | None:
        """The subscriber of that name."""
        found = self._subscribers(select(schema.subscribers).where(_P.name == name))
        return found[0] if found else None

    def subscribers(self) -> list[Subscriber]:
        return self._subscribers(select(schema.subscribers).order_by(_P.name))

    def subscriber(self, subscriber_id: int) -> Subscriber | None:
        return next(iter(self._subscribers(select(schema.subscribers).where(_P.id == subscriber_id))), None)

    def speak(self, subscriber_id: int, language: str) -> None:
        """Speak this language to the subscriber from now on."""
        this = update(schema.subscribers).where(_P.id == subscriber_id)
        self._connection.execute(this.values(language=language))

    def ensure(self, subscriber_id: int, channel: str, address: str, now: dt.datetime) -> Destination:
        """The subscriber's destination, made where there was none. One that was deactivated stays so; for
        one that moved it is the one it moved to."""
        row = {
            "subscriber_id": subscriber_id,
            "channel": channel,
            "address": address,
            "address_key": short_key(address),
            "active": True,
            "created_at": now,
        }
        insert_new(self._connection, schema.destinations, [row])
        same = (
            _D.subscriber_id == subscriber_id,
            _D.channel == channel,
            _D.address_key == row["address_key"],
        )
        (found,) = self._destinations(_QUERY.where(*same))
        return (
            found if found.moved_to is None else self._destinations(_QUERY.where(_D.id == found.moved_to))[0]
        )

    def get(self, destination_id: int) -> Destination | None:
        found = self._destinations(_QUERY.where(_D.id == destination_id))
        return found[0] if found else None

    def all(self) -> list[Destination]:
        return self._destinations(_QUERY)

    def at(self, channel: str, address: str) -> list[Destination]:
        """Every subscriber's destination there, or where its messages go since it moved."""
        same = (_D.channel == channel, _D.address_key == short_key(address))
        here = select(func.coalesce(_D.moved_to, _D.id)).where(*same)
        return self._destinations(_QUERY.where(_D.id.in_(here)))

    def in_chat(self, channel: str, address: str) -> list[Destination]:
        """Every subscriber's destinations in a chat and in its topics, `address/…`."""
        here = or_(
            _D.address_key == short_key(address), _D.address.startswith(f"{address}/", autoescape=True)
        )
        return self._destinations(_QUERY.where(_D.channel == channel, _D.moved_to.is_(None), here))

    def active_of(self, subscriber_id: int) -> list[Destination]:
        """The destinations where this subscriber can be reached; what waits to be confirmed is none."""
        own = (_D.active, _D.subscriber_id == subscriber_id, _D.id.not_in(_UNCONFIRMED))
        return self._destinations(_QUERY.where(*own))

    def first_of_each(self) -> list[Destination]:
        """One for each subscriber who is no operator: the oldest where they can be reached."""
        able = (_D.active, _P.operator.is_(False), _D.id.not_in(_UNCONFIRMED))
        first: dict[int, Destination] = {}
        for one in self._destinations(_QUERY.where(*able)):
            first.setdefault(one.subscriber_id, one)
        return list(first.values())

    def give_up(self, destination_id: int, reason: str, now: dt.datetime) -> None:
        """Send nothing there any more, also what waits."""
        self.deactivate(destination_id, reason, now)
        waiting = and_(_V.destination_id == destination_id, _V.state == DeliveryState.HELD)
        cancelled = {"state": DeliveryState.CANCELLED, "note": reason, "finished_at": now}
        self._connection.execute(update(schema.deliveries).where(waiting).values(cancelled))

    def of_operators(self) -> list[Destination]:
        """The destinations where the operators can be reached."""
        return self._destinations(_QUERY.where(_D.active, _P.operator))

    def deactivate(self, destination_id: int, reason: str, now: dt.datetime) -> bool:
        """Send nothing there any more: what waits for it is held. False where it was inactive already."""
        statement = update(schema.destinations).where(_D.id == destination_id, _D.active)
        values = {"active": False, "deactivated_at": now, "reason": reason}
        if self._connection.execute(statement.values(values)).rowcount == 0:
            return False
        waiting = and_(_V.destination_id == destination_id, _V.state.in_(WAITING))
        held = {"state": DeliveryState.HELD, "note": reason}
        self._connection.execute(update(schema.deliveries).where(waiting).values(held))
        return True

    def activate(self, destination_id: int, now: dt.datetime) -> int:
        """Send there again, and what was held or refused meanwhile. Returns how many deliveries that is."""
        destination = self.get(destination_id)
        if destination is None or destination.active:
            return 0
        self._set(destination_id, active=True, deactivated_at=None, reason=None, moved_to=None)
        refused = and_(_V.state == DeliveryState.FAILED, _V.finished_at >= destination.deactivated_at)
        again = or_(_V.state == DeliveryState.HELD, refused)
        statement = update(schema.deliveries).where(_V.destination_id == destination_id, again)
        return self._connection.execute(statement.values(sent_again(now))).rowcount

    def move(self, channel: str, address: str, new_address: str, now: dt.datetime) -> None:
        """A provider gave a chat another address: everybody's subscriptions and deliveries go there, and who
        still names the old address means the new one."""
        same = (_D.channel == channel, _D.address_key == short_key(address))
        for old in self._destinations(_QUERY.where(*same)):
            new = self.ensure(old.subscriber_id, channel, new_address, now)
            if new.id != old.id:
                self.deactivate(old.id, f"moved to destination {new.id}", now)
                self._set(old.id, moved_to=new.id)
                followers = update(schema.destinations).where(_D.moved_to == old.id)
                self._connection.execute(followers.values(moved_to=new.id))  # one step leads there for all
                self._move_deliveries(old.id, new.id, now)
                self._move_subscriptions(old.id, new.id)
                self._move_mutes(old.id, new.id)

    def _move_deliveries(self, old: int, new: int, now: dt.datetime) -> None:
        told_there = select(_V.topic).where(_V.destination_id == new)
        unfinished = update(schema.deliveries).where(_V.destination_id == old, _V.state.in_(UNFINISHED))
        waiting = unfinished.where(_V.state != DeliveryState.LEASED, _V.topic.not_in(told_there))
        self._connection.execute(waiting.values(sent_again(now) | {"destination_id": new}))
        self._connection.execute(unfinished.where(_V.topic.not_in(told_there)).values(destination_id=new))
        cancelled = {"state": DeliveryState.CANCELLED, "note": f"told at destination {new}"}
        self._connection.execute(unfinished.values(cancelled | {"finished_at": now}))

    def _move_subscriptions(self, old: int, new: int) -> None:
        there = select(_B.name).where(_B.destination_id == new)
        moved = update(schema.subscriptions).where(_B.destination_id == old)
        self._connection.execute(moved.where(_B.name.not_in(there)).values(destination_id=new))
        own_name = _B.name + " (" + cast(_B.id, Text) + ")"  # another has its name there
        self._connection.execute(moved.values(destination_id=new, name=own_name))

    def _move_mutes(self, old: int, new: int) -> None:
        there = select(_M.kind + ":" + _M.value).where(_M.destination_id == new)
        known = (_M.destination_id == old, (_M.kind + ":" + _M.value).in_(there))
        self._connection.execute(delete(schema.mutes).where(*known))
        self._connection.execute(
            update(schema.mutes).where(_M.destination_id == old).values(destination_id=new)
        )

    def _set(self, destination_id: int, **values: object) -> None:
        self._connection.execute(update(schema.destinations).where(_D.id == destination_id).values(**values))

    def _subscribers(self, query: Select[Any]) -> list[Subscriber]:
        return [_subscriber(row) for row in self._connection.execute(query)]

    def _destinations(self, query: Select[Any]) -> list[Destination]:
        return [Destination(**row._mapping) for row in self._connection.execute(query)]


def _stored(preferences: Preferences) -> dict[str, Any]:
    texts = {name: getattr(preferences, name) for name in ("frequency", "quiet_hours")}
    rest = {name: getattr(preferences, name) for name in ("timezone", "daily_cap", "group_from")}
    return {name: None if value is None else str(value) for name, value in texts.items()} | rest


def _subscriber(row: Row[Any]) -> Subscriber:
    values = dict(row._mapping)
    del values["configured"]
    return Subscriber(preferences=stored_preferences(values), **values)
