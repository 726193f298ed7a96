"""Who may use the bot: chats let in or kept out by an operator, and invitations."""

import datetime as dt
import secrets

from sqlalchemy import Connection, insert, select, update

from monitor.storage import schema
from monitor.storage.statements import insert_new

_A, _I = schema.admissions.c, schema.invites.c


class Admissions:
    """The tables `admissions` and `invites`. A `chat` is named by its key: `telegram:12345`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def admitted(self, chat: str) -> bool | None:
        """Whether the chat was let in (True) or kept out (False); None where nobody has decided."""
        return self._connection.scalar(select(_A.admitted).where(_A.chat == chat))

    def decide(self, chat: str, admitted: bool, by: str, now: dt.datetime) -> None:
        """Let a chat in, or keep it out; the last word counts."""
        values = {"admitted": admitted, "by": by, "created_at": now}
        if not insert_new(self._connection, schema.admissions, [values | {"chat": chat}]):
            self._connection.execute(update(schema.admissions).where(_A.chat == chat).values(values))

    def move(self, old: str, new: str, now: dt.datetime) -> None:
        """A chat got another address: what was decided of it holds there."""
        decided = self._connection.execute(select(_A.admitted, _A.by).where(_A.chat == old)).one_or_none()
        if decided is not None:
            self.decide(new, decided.admitted, decided.by, now)

    def invite(self, by: str, expires_at: dt.datetime, now: dt.datetime) -> str:
        """A new invitation for one chat. Returns its code."""
        code = secrets.token_urlsafe(9)
        row = {"code": code, "by": by, "created_at": now, "expires_at": expires_at}
        self._connection.execute(insert(schema.invites).values(row))
        return code

    def redeem(self, code: str, chat: str, now: dt.datetime) -> bool:
        """Let the chat in on an invitation. False where it was used, ran out or never was."""
        statement = update(schema.invites).where(_I.code == code, _I.used_by.is_(None), _I.expires_at > now)
        if self._connection.execute(statement.values(used_by=chat, used_at=now)).rowcount == 0:
            return False
        self.decide(chat, True, f"invite {code}", now)
        return True
