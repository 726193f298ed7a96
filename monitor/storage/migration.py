"""Bringing a database's tables up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from monitor.errors import StorageError


def upgrade(connection: Connection, target: str = "head") -> None:
    """Apply the migrations that the database lacks, all of them or none, in the caller's transaction."""
    config = _config()
    present, known = version(connection), versions()
    if present is not None and present not in known:
        raise StorageError(
            f"the database is of version {present}, which this program does not know (it knows up to"
            f" {known[-1]}): it was used by a newer policy-monitor; upgrade the program or restore a backup"
        )
    if present != known[-1]:
        config.attributes["connection"] = connection
        command.upgrade(config, target)


def version(connection: Connection) -> str | None:
    """The version of the database's tables, None where it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def versions() -> list[str]:
    """Every version there was, oldest first."""
    script = ScriptDirectory.from_config(_config())
    return [revision.revision for revision in script.walk_revisions()][::-1]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config
