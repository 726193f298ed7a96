"""Counters that only grow, whatever is tidied away: what happened since the database was made."""

from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from monitor.storage import schema
from monitor.storage.statements import insert_new

_T = schema.counters.c


class Counters:
    """The table `counters`: names of parts joined by colons, such as `checks:ok`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, counts: Mapping[str, int]) -> None:
        """Count so many more of each."""
        for name, count in sorted(counts.items()):
            statement = update(schema.counters).where(_T.name == name).values(value=_T.value + count)
            if count and not self._connection.execute(statement).rowcount:
                insert_new(self._connection, schema.counters, [{"name": name, "value": count}])

    def of(self, kind: str) -> dict[str, int]:
        """Of every counter whose name begins with this, what follows the colon → its value."""
        query = select(_T.name, _T.value).where(_T.name.startswith(f"{kind}:", autoescape=True))
        return {row.name.partition(":")[2]: row.value for row in self._connection.execute(query)}
