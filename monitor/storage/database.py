"""The database: opening it, and transactions on it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from monitor.errors import StorageError
from monitor.storage import migration
from monitor.storage.failures import as_storage_error
from monitor.storage.transaction import Transaction

BUSY_SECONDS = 30
"""How long a write waits for another process's write."""
IDLE_SECONDS = 20
"""After this time of silence PostgreSQL ends a write: its process hangs, and others are waiting."""

SWITCH_SECONDS = 0.0005
"""How long a thread may compute on while another waits to go on. A transaction in a thread gives way at every
statement and row; with Python's own 5 ms, sending beside it makes it ten times as long."""

_WRITING = 0x706D_5752  # the advisory lock of PostgreSQL under which writers take turns
CONNECT_SECONDS = 10
"""How long a PostgreSQL server may take to answer a connection, where its address does not say."""


class Storage:
    """One database, SQLite or PostgreSQL. Safe to share between threads.

    `url` is SQLAlchemy's: `sqlite:///data/monitor.db`, `postgresql://user:password@host/name`. Nothing is
    opened before the first transaction. Every method raises `StorageError` with a sentence when the database
    is unreachable, locked, full, damaged or of another version.
    """

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_SECONDS))
        self._engine = _engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    def migrate(self) -> None:
        """Create the database's tables or bring them up to date; does nothing where they are.

        A database of a newer version of the program is refused and left as it is.
        """
        if self.path is not None:
            make_folder(self.path.parent)
        with self._connection(write=True) as connection:
            migration.upgrade(connection)

    def version(self) -> str | None:
        """The version of the tables, None where there are none."""
        with self._connection(write=False) as connection:
            return migration.version(connection)

    @contextmanager
    def begin(self, *, alone: bool = True) -> Iterator[Transaction]:
        """A transaction that writes: committed at the end of the block, rolled back if it raises.

        Writers take turns, on PostgreSQL as on SQLite, so that what one has looked up stays true until it has
        written. With `alone=False` they need not on PostgreSQL: for transactions that only claim deliveries
        and record results of their own claims.
        """
        with self._connection(write=True, alone=alone) as connection:
            yield Transaction(connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only reads; it sees one state of the database and never waits for writers."""
        with self._connection(write=False) as connection:
            yield Transaction(connection)

    @contextmanager
    def rehearse(self) -> Iterator[Transaction]:
        """A transaction that writes and is always rolled back: what would happen, without it happening."""
        with self._connection(write=True) as connection:
            yield Transaction(connection)
            connection.rollback()

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    @contextmanager
    def _connection(self, *, write: bool, alone: bool = True) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                options: dict[str, Any] = {"monitor_write": write}
                if not self.is_sqlite and not write:
                    options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
                connection.execution_options(**options)
                with connection.begin():
                    if write and not self.is_sqlite:
                        _take_turn(connection, alone)
                    yield connection
        except DBAPIError as error:
            explained = as_storage_error(error, self.url)
            if explained is None:
                raise
            raise explained from error


def make_folder(path: Path) -> Path:
    """The folder, made where it was missing."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"the folder of the database cannot be made: {error}") from error
    return path


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        start = url.partition(":")[0]  # what follows may hold a password
        raise StorageError(
            f"not a database address: {start}… (it is sqlite:///file.db or postgresql://user@host/name)"
        ) from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StorageError(f"{parsed.get_backend_name()} is not supported: use SQLite or PostgreSQL")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StorageError("an SQLite database needs a file: one in memory would forget what was sent")
    return parsed


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "postgresql":
            url = url.update_query_dict({"connect_timeout": f"{CONNECT_SECONDS}"} | dict(url.query))
            engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
        else:
            engine = create_engine(url, hide_parameters=True)  # they hold addresses, which are secrets
    except ModuleNotFoundError as error:
        raise StorageError(
            f"{error.name} is missing: install policy-monitor[postgres] to use PostgreSQL"
        ) from error
    except NoSuchModuleError as error:
        raise StorageError(f"unknown database driver in {url.drivername!r}") from error
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would come too late and without IMMEDIATE
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",  # an alert that was recorded as sent stays so after a power cut
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("monitor_write")
    # IMMEDIATE takes the write lock at once: a lock taken half-way cannot wait and fails instead.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _take_turn(connection: Connection, alone: bool) -> None:
    lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
    connection.execute(
        select(
            func.set_config("lock_timeout", f"{BUSY_SECONDS}s", True),
            func.set_config("idle_in_transaction_session_timeout", f"{IDLE_SECONDS}s", True),
            func.set_config("jit", "off", True),  # compiling a claim takes longer than running it
            lock(_WRITING),
        )
    )
