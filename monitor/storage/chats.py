"""What people said to the bot, what is being asked, and what buttons carry."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from monitor.storage import schema
from monitor.storage.statements import insert_new

_U, _C, _P = schema.chat_updates.c, schema.conversations.c, schema.chat_payloads.c


@dataclass(frozen=True, slots=True)
class ChatUpdate:
    """Something that was said to the bot, as the chat program told it. `replies` were made and perhaps not
    sent: the program was stopped before it knew."""

    id: int
    content: Any
    replies: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatError:
    """A mistake of ours that somebody met. `kind` is the exception's class, `trace` where it was raised;
    nothing of what was said is in it."""

    reference: str
    chat: str
    kind: str
    trace: str
    happened_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a user of a chat is being asked, and what was answered so far."""

    asking: str
    data: dict[str, Any]


class Chats:
    """The tables `chat_updates`, `conversations`, `chat_payloads` and `chat_errors`.

    A `chat` is named by its key, channel and address: `telegram:-100123/45`.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take_in(self, channel: str, updates: Mapping[int, Any], now: dt.datetime) -> list[int]:
        """Keep what was said, before it is acted upon. Returns the ids of those not kept before."""
        rows = [
            {"channel": channel, "id": number, "content": content, "received_at": now}
            for number, content in updates.items()
        ]
        known = set(
            self._connection.scalars(select(_U.id).where(_U.channel == channel, _U.id.in_(list(updates))))
        )
        fresh = [row for row in rows if row["id"] not in known]
        insert_new(self._connection, schema.chat_updates, fresh)
        return [row["id"] for row in fresh]

    def finish(self, channel: str, update_id: int, replies: Any, now: dt.datetime) -> bool:
        """The update was acted upon, in this transaction, and these are the replies to send, None where there
        are none. False where it had been acted upon already.

        What was said is forgotten; only the number stays for a while.
        """
        statement = update(schema.chat_updates).where(
            _U.channel == channel, _U.id == update_id, _U.done_at.is_(None)
        )
        values = {"content": None, "done_at": now, "replies": replies}
        return self._connection.execute(statement.values(values)).rowcount > 0

    def replied(self, channel: str, update_ids: Sequence[int]) -> None:
        """The replies to these updates went out."""
        statement = update(schema.chat_updates).where(_U.channel == channel, _U.id.in_(update_ids))
        self._connection.execute(statement.values(replies=None))

    def unfinished(self, channel: str) -> list[ChatUpdate]:
        """What was said and not acted upon, or not replied to, first one first."""
        left = _U.done_at.is_(None) | _U.replies.is_not(None)
        query = select(_U.id, _U.content, _U.replies).where(_U.channel == channel, left).order_by(_U.id)
        return [ChatUpdate(*row) for row in self._connection.execute(query)]

    def conversation(self, chat: str, user: str, now: dt.datetime) -> Conversation | None:
        """What the user is being asked there, unless that was too long ago."""
        query = select(_C.asking, _C.data).where(_C.chat == chat, _C.user == user, _C.expires_at > now)
        row = self._connection.execute(query).one_or_none()
        return Conversation(*row) if row else None

    def ask(
        self, chat: str, user: str, asking: str, data: Mapping[str, Any], expires_at: dt.datetime
    ) -> None:
        """From now on this is asked, whatever was asked before."""
        values = {"asking": asking, "data": dict(data), "expires_at": expires_at}
        insert_new(self._connection, schema.conversations, [values | {"chat": chat, "user": user}])
        statement = update(schema.conversations).where(_C.chat == chat, _C.user == user)
        self._connection.execute(statement.values(values))

    def end(self, chat: str, user: str) -> bool:
        """Nothing is asked any more. False where nothing was."""
        statement = delete(schema.conversations).where(_C.chat == chat, _C.user == user)
        return self._connection.execute(statement).rowcount > 0

    def keep(self, chat: str, content: Any, now: dt.datetime) -> int:
        """Keep what a button is too small for. Returns its number."""
        row = {"chat": chat, "content": content, "created_at": now}
        statement = insert(schema.chat_payloads).values(row).returning(_P.id)
        number: int = self._connection.execute(statement).scalar_one()
        return number

    def kept(self, chat: str, number: int) -> Any:
        """What was kept for this chat under that number; None where it is gone or another chat's."""
        query = select(_P.content).where(_P.id == number, _P.chat == chat)
        return self._connection.execute(query).scalar_one_or_none()

    def failed(self, error: ChatError) -> None:
        """Keep what happened, to be looked up by its reference."""
        row = {field.name: getattr(error, field.name) for field in fields(error)}
        self._connection.execute(insert(schema.chat_errors).values(row))

    def error(self, reference: str) -> ChatError | None:
        """What happened; None where nothing did, or too long ago."""
        query = select(schema.chat_errors).where(schema.chat_errors.c.reference == reference)
        row = self._connection.execute(query).one_or_none()
        return ChatError(**row._mapping) if row else None

    def forget(self, before: dt.datetime) -> int:
        """Drop what is older: payloads, the numbers of updates, questions that nobody answered, errors."""
        gone = (
            delete(schema.chat_payloads).where(_P.created_at < before),
            delete(schema.chat_updates).where(_U.done_at < before, _U.replies.is_(None)),
            delete(schema.conversations).where(_C.expires_at < before),
            delete(schema.chat_errors).where(schema.chat_errors.c.happened_at < before),
        )
        return sum(self._connection.execute(statement).rowcount for statement in gone)

    def move(self, old: str, new: str) -> None:
        """A chat got another address: what was asked there goes on, and buttons go on working."""
        asked_there = select(_C.user).where(_C.chat == new)
        self._connection.execute(delete(schema.conversations).where(_C.chat == old, _C.user.in_(asked_there)))
        for table in (schema.conversations, schema.chat_payloads):
            self._connection.execute(update(table).where(table.c.chat == old).values(chat=new))

    def waiting(self, channel: str) -> int:
        """How many updates were taken in and not acted upon."""
        query = select(func.count()).where(_U.channel == channel, _U.done_at.is_(None))
        return self._connection.scalar(query) or 0
