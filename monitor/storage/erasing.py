"""Erasing a person: every row that belongs to a subscriber, and what their chats said.

What belongs to a subscriber is what refers to it by foreign keys, directly or through other tables, so that
a table that is added later is not forgotten.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from monitor.storage import schema

_A, _I, _V, _B = schema.admissions.c, schema.invites.c, schema.deliveries.c, schema.buckets.c


class Erasing:
    """Deletes for good."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def subscriber(self, subscriber_id: int) -> dict[str, int]:
        """Erase a subscriber with all that belongs to it. Returns how many rows of each table went."""
        owned: dict[str, ColumnElement[bool]] = {"subscribers": schema.subscribers.c.id == subscriber_id}
        for table in schema.metadata.sorted_tables:  # what others refer to comes first
            refers = [
                key.parent.in_(select(key.column).where(owned[key.column.table.name]))
                for key in table.foreign_keys
                if key.column.table.name in owned and key.column.table is not table
            ]
            if refers:
                owned[table.name] = or_(*refers)
        tables = [table for table in reversed(schema.metadata.sorted_tables) if table.name in owned]
        return {
            table.name: self._connection.execute(delete(table).where(owned[table.name])).rowcount
            for table in tables
        }

    def chats(self, chats: Collection[str], user: str) -> None:
        """Forget what these chats and this user were asked and shown, what they told the operator, how fast
        they were sent to, and that they were let in.

        That a chat is kept out stays: by erasing itself it would be let in.
        """
        asked, shown = schema.conversations.c, schema.chat_payloads.c
        told = or_(*(_V.topic.startswith(f"feedback:{chat}:", autoescape=True) for chat in chats))
        feedback = select(_V.id).where(told)
        sent_to = or_(
            *(_B.name.like(f"{channel}:%:{address.partition('/')[0]}") for channel, address in _parts(chats))
        )
        for statement in (
            delete(schema.conversations).where(or_(asked.chat.in_(chats), asked.user == user)),
            delete(schema.chat_payloads).where(shown.chat.in_(chats)),
            delete(schema.attempts).where(schema.attempts.c.delivery_id.in_(feedback)),
            delete(schema.deliveries).where(told),
            delete(schema.buckets).where(sent_to),
            delete(schema.admissions).where(and_(_A.chat.in_(chats), _A.admitted)),
            update(schema.invites).where(_I.used_by.in_(chats)).values(used_by="erased"),
        ):
            self._connection.execute(statement)


def _parts(chats: Collection[str]) -> list[tuple[str, str]]:
    """(channel, address) of keys of chats."""
    return [(channel, address) for channel, _, address in (chat.partition(":") for chat in chats)]
