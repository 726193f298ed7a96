"""Copies of a database: made while it is in use, and put back."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.engine import URL

from monitor.errors import StorageError
from monitor.storage import schema
from monitor.storage.database import Storage
from monitor.storage.deliveries import UNFINISHED


def backup(storage: Storage, target: Path) -> None:
    """Write a copy of the database to a new file: an SQLite file, or for PostgreSQL what `pg_dump` makes.

    The copy is of one moment, whatever is written meanwhile. Raises `StorageError`, also where the file
    exists already.
    """
    if target.exists():
        raise StorageError(f"{target} exists already: name a new file")
    if storage.path is None:
        _run("pg_dump", "--format=custom", f"--file={target}", f"--dbname={_address(storage.url)}")
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
    repeat. Returns how many deliveries that are. Raises `StorageError`; then the database is as it was.
    """
