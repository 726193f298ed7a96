"""What a database driver's error means, in a sentence."""

from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError

from monitor.errors import StorageError

_SENTENCES = {
    "locknotavailable": "another process has kept the database locked for too long",
    "database is locked": "another process has kept the database locked for too long",
    "disk is full": "the disk is full: nothing of this step was written; free some space",
    "unable to open": "the file cannot be opened: check that its folder exists and may be written",
    "readonly database": "the file may not be written",
    "not a database": "the file is not an SQLite database",
    "malformed": "the file is damaged: restore a backup",
    "disk i/o error": "the disk reports an error",
    "no such table": "its tables are missing: run `policy-monitor db upgrade`",
    "undefinedtable": "its tables are missing: run `policy-monitor db upgrade`",
    "connection refused": "no server answers there",
    "connection failed": "the server cannot be reached",
    "idleintransaction": "the server ended a step that stood still for too long: nothing of it was written",
    "terminating connection": "the server closed the connection",
    "server closed the connection": "the server closed the connection",
    "no space left": "the server's disk is full: nothing of this step was written",
    "diskfull": "the server's disk is full: nothing of this step was written",
}


def as_storage_error(error: DBAPIError, url: URL) -> StorageError | None:
    """A `StorageError` that says what is wrong; None where the error is a mistake of ours."""
    described = f"{type(error.orig).__name__} {error.orig}"
    known = next((says for sign, says in _SENTENCES.items() if sign in described.lower()), None)
    if known is None and isinstance(error, IntegrityError | ProgrammingError | DataError | NotSupportedError):
        return None
    place = url.render_as_string(hide_password=True)
    return StorageError(f"database {place}: {known or error.orig}")
