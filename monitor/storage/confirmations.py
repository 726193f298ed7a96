"""Destinations that a subscriber added to a chat: whether they are theirs, and what goes there."""

import datetime as dt
import hmac
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from monitor.storage import schema
from monitor.storage.statements import insert_new

_T, _D, _V = schema.confirmations.c, schema.destinations.c, schema.deliveries.c

MOST_TRIES = 5
"""So often a code may be typed; then another is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A destination is used once it is confirmed, with `code` before `expires_at`. One that `takes_all` gets
    the chat's later subscriptions, too."""

    destination_id: int
    code: str
    tries: int
    takes_all: bool
    expires_at: dt.datetime
    confirmed_at: dt.datetime | None


class Confirmations:
    """The table `confirmations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, destination_id: int, code: str, expires_at: dt.datetime) -> None:
        """Have the destination confirmed, by this code and by none before it."""
        values = {"code": code, "tries": 0, "expires_at": expires_at, "confirmed_at": None}
        row = values | {"destination_id": destination_id, "takes_all": True}
        if not insert_new(self._connection, schema.confirmations, [row]):
            self._set(destination_id, **values)

    def try_code(self, destination_id: int, code: str, now: dt.datetime) -> bool:
        """Confirm by a code that was typed. False where it is wrong, ran out or was tried too often."""
        found = self.get(destination_id)
        if found is None or found.tries >= MOST_TRIES or found.expires_at <= now:
            return False
        self._set(destination_id, tries=found.tries + 1)
        if not hmac.compare_digest(found.code.encode(), code.encode()):
            return False
        self.confirm(destination_id, now)
        return True

    def confirm(self, destination_id: int, now: dt.datetime) -> None:
        """It is theirs; the code is used up."""
        self._set(destination_id, confirmed_at=now, tries=MOST_TRIES)

    def take_all(self, destination_id: int, takes_all: bool) -> None:
        """Whether later subscriptions go there, too."""
        self._set(destination_id, takes_all=takes_all)

    def get(self, destination_id: int) -> Confirmation | None:
        query = select(schema.confirmations).where(_T.destination_id == destination_id)
        row = self._connection.execute(query).one_or_none()
        return Confirmation(**row._mapping) if row else None

    def of_subscriber(self, subscriber_id: int) -> list[Confirmation]:
        """Those of one subscriber, in the order they were added."""
        own = select(_D.id).where(_D.subscriber_id == subscriber_id)
        query = select(schema.confirmations).where(_T.destination_id.in_(own)).order_by(_T.destination_id)
        return [Confirmation(**row._mapping) for row in self._connection.execute(query)]

    def forget(self, destination_id: int) -> None:
        """It is not theirs any more."""
        self._connection.execute(delete(schema.confirmations).where(_T.destination_id == destination_id))

    def codes_since(self, subscriber_id: int, address: str, time: dt.datetime) -> tuple[int, int]:
        """How many codes were mailed since then: for this subscriber, and to this address for anybody."""
        mailed = (
            select(func.count())
            .join(schema.destinations, _D.id == _V.destination_id)
            .where(_V.topic.startswith(CODE_TOPIC), _V.created_at >= time)
        )
        for_all = self._connection.scalar(mailed.where(_D.address == address)) or 0
        return self._connection.scalar(mailed.where(_D.subscriber_id == subscriber_id)) or 0, for_all

    def _set(self, destination_id: int, **values: object) -> None:
        this = update(schema.confirmations).where(_T.destination_id == destination_id)
        self._connection.execute(this.values(**values))


CODE_TOPIC = "confirm:"
"""How the topics of the messages with codes begin."""
