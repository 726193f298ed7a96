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
from monitor.storage.database import Storage, make_folder


def backup(storage: Storage, target: Path) -> None:
    """Write a copy of the database to a new file: an SQLite file, or for PostgreSQL what `pg_dump` makes.

    The copy is of one moment, whatever is written meanwhile. Raises `StorageError`, also where the file
    exists already.
    """
    if target.exists():
        raise StorageError(f"{target} exists already: name a new file")
    if storage.path is None:
        _run("pg_dump", "--format=custom", f"--file={target}", url=storage.url)
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
    if storage.path is None:
        _run(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            source,
            url=storage.url,
        )
        return _take_over(storage)
    make_folder(storage.path.parent)
    with tempfile.TemporaryDirectory(dir=storage.path.parent) as folder:
        copy = Path(folder, "restored.db")
        _copy(source, copy)
        with closing(Storage(f"sqlite:///{copy}")) as prepared:
            if prepared.version() is None:
                raise StorageError(f"{source} is no copy of a policy-monitor database")
            marked = _take_over(prepared)
        _copy_into(copy, storage.path)
    return marked


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


def _run(program: str, *arguments: str | Path, url: URL) -> None:
    """Run one of PostgreSQL's programs on a database; its password does not show in the list of processes."""
    address = url.set(drivername="postgresql", password=None).render_as_string()
    password = {"PGPASSWORD": url.password} if url.password else {}
    command = [program, *map(str, arguments), f"--dbname={address}"]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | password)
    except FileNotFoundError:
        raise StorageError(f"{program} is missing: install the PostgreSQL client programs") from None
    except subprocess.CalledProcessError as error:
        raise StorageError(f"{program} failed: {error.stderr.strip()}") from error
