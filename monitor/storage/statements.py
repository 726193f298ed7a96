"""Statements whose spelling depends on the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_Id = TypeVar("_Id", int, str)


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows that no unique key says are there already. Returns how many that are."""
    if not rows:
        return 0
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).on_conflict_do_nothing()
    # RETURNING, since a driver need not count the rows of many statements.
    return len(connection.execute(statement.returning(*table.primary_key), list(rows)).all())


def batches(ids: Iterable[_Id], size: int = 5000) -> Iterator[list[_Id]]:
    """The ids in lists short enough for an `IN`: databases take some 32,000 parameters."""
    rest = iter(ids)
    while batch := list(islice(rest, size)):
        yield batch
