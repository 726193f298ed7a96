"""Copies of a database: made while it is in use, and put back."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL

from monitor.errors import StorageError
from monitor.storage import schema
from monitor.storage.database import Storage, make_folder


def backup(storage: Storage, target: Path) -> None:
    """Write a copy of the database to a new file: an SQLite file, or for PostgreSQL what `pg_dump` makes.

    The copy is of one moment, whatever is written meanwhile. Raises `StorageError`, also where the file
    exists already.
    """
    if target.exists():
        raise StorageError(f"{target} exists already: name a new file")
    if storage.path is None:
        dump = ["--format=custom", f"--file={target}", f"--dbname={_address(storage.url)}"]
        _run("pg_dump", *dump, password=storage.url.password)
        return
    if not storage.path.exists():
        raise StorageError(f"there is no database at {storage.path}")
    try:
        with closing(sqlite3.connect(storage.path)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise StorageError(f"the backup to {target} failed: {error}") from error


def restore(storage: Storage, source: Path) -> int:
    """Put a copy back in place of the database, which nobody may be using, and bring it up to date.

    What was waiting when the copy was made may have been sent since, so it goes out marked as a possible
    repeat. Returns how many deliveries that are. Raises `StorageError`.
    """
    if not source.is_file():
        raise StorageError(f"there is no file {source}")
    folder = None if storage.path is None else make_folder(storage.path.parent)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        if storage.path is None:
            return _restore_postgresql(storage, source, Path(scratch, "restored.sql"))
        return _restore_sqlite(storage.path, source, Path(scratch, "restored.db"))


def _restore_sqlite(target: Path, source: Path, copy: Path) -> int:
    """Make the copy fit first, so that a bad one leaves the database as it was."""
    _copy(source, copy)
    with closing(Storage(f"sqlite:///{copy}")) as prepared:
        if prepared.version() is None:
            raise _no_copy(source)
        marked = _take_over(prepared)
    _copy_into(copy, target)
    return marked


def _restore_postgresql(storage: Storage, source: Path, script: Path) -> int:
    """Write the whole script first, then run it with the removal of the present tables in one transaction."""
    _run("pg_restore", "--no-owner", f"--file={script}", source)
    with script.open(encoding="utf-8") as lines:
        if not any("CREATE TABLE public.alembic_version" in line for line in lines):
            raise _no_copy(source)
    tables = ", ".join([*schema.metadata.tables, "search_grams", "alembic_version"])
    once = ["--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    steps = [f"--command=DROP TABLE IF EXISTS {tables} CASCADE", f"--file={script}"]
    _run("psql", *once, *steps, f"--dbname={_address(storage.url)}", password=storage.url.password)
    return _take_over(storage)


def _no_copy(source: Path) -> StorageError:
    return StorageError(f"{source} is no copy of a policy-monitor database")


def _take_over(storage: Storage) -> int:
    storage.migrate()
    with storage.begin() as tx:
        return tx.deliveries.mark_may_repeat()


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise StorageError(f"{source} cannot be copied: {error}") from error


def _copy_into(source: Path, target: Path) -> None:
    """Replace the content of a database file in one transaction of its own."""
    try:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)
    except sqlite3.Error as error:
        raise StorageError(f"the copy could not be put in place of {target}: {error}") from error


def _address(url: URL) -> str:
    """The address without its password, which would show in the list of processes."""
    return url.set(drivername="postgresql", password=None).render_as_string()


def _run(program: str, *arguments: str | Path, password: str | None = None) -> None:
    """Run one of PostgreSQL's programs."""
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    command = [program, *map(str, arguments)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    except FileNotFoundError:
        raise StorageError(f"{program} is missing: install the PostgreSQL client programs") from None
    except subprocess.CalledProcessError as error:
        raise StorageError(f"{program} failed: {error.stderr.strip()}") from error
