"""Bringing a database's tables up to date.

Alembic is loaded only where there is something to migrate: nearly every start finds nothing.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from monitor.errors import StorageError

_MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(connection: Connection, target: str = "head") -> None:
    """Apply the migrations that the database lacks, all of them or none, in the caller's transaction."""
    present, known = version(connection), versions()
    if present is not None and present not in known:
        raise StorageError(
            f"the database is of version {present}, which this program does not know (it knows up to"
            f" {known[-1]}): it was used by a newer policy-monitor; upgrade the program or restore a backup"
        )
    if present != known[-1]:
        _migrate(connection, target)


def version(connection: Connection) -> str | None:
    """The version of the database's tables, None where it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    number: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return number


def versions() -> list[str]:
    """Every version there was, oldest first: the numbers before the names of the files."""
    return sorted(path.name.split("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _migrate(connection: Connection, target: str) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
