"""Rules that subscribers saved under names."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, select, update

from monitor.storage import schema
from monitor.storage.statements import insert_new
from monitor.storage.subscriptions import Origin

_T = schema.saved_rules.c


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRule:
    """A rule, in its canonical form, that its subscriber's other rules may name as `@name`."""

    subscriber_id: int
    name: str
    rule: str
    origin: Origin
    saved_at: dt.datetime


class SavedRules:
    """The table `saved_rules`. `monitor.saved_rules` keeps it such that every rule can be read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, subscriber_id: int) -> dict[str, SavedRule]:
        """By their names, the rules that a subscriber saved."""
        return {saved.name: saved for saved in self._select(_T.subscriber_id == subscriber_id)}

    def made_by(self, origin: Origin) -> list[SavedRule]:
        """Everybody's rules of this origin."""
        return self._select(_T.origin == origin)

    def put(self, subscriber_id: int, name: str, rule: str, *, origin: Origin, now: dt.datetime) -> None:
        """Save a rule, in place of the one that has the name."""
        values = {"rule": rule, "origin": origin, "saved_at": now}
        row = values | {"subscriber_id": subscriber_id, "name": name}
        if not insert_new(self._connection, schema.saved_rules, [row]):
            this = (_T.subscriber_id == subscriber_id, _T.name == name)
            self._connection.execute(update(schema.saved_rules).where(*this).values(values))

    def remove(self, subscriber_id: int, name: str) -> None:
        """Forget a rule."""
        this = (_T.subscriber_id == subscriber_id, _T.name == name)
        self._connection.execute(delete(schema.saved_rules).where(*this))

    def _select(self, condition: ColumnElement[bool]) -> list[SavedRule]:
        query = select(schema.saved_rules).where(condition).order_by(_T.name)
        return [
            SavedRule(**{**row._mapping, "origin": Origin(row.origin)})
            for row in self._connection.execute(query)
        ]
