"""`policy-monitor db`: upgrade, backup, restore."""

import typer

from monitor.app import open_storage
from monitor.cli import app, purpose
from monitor.cli.terminal import ConfigOption, configuration, migrated, out, words

group = typer.Typer(no_args_is_help=True, help=purpose("db"))
app.add_typer(group, name="db")


@group.command(
    help=words(
        "升级数据库的表（启动时也会自动进行）", "bring the tables up to date (done at every start too)"
    )
)
def upgrade(config: ConfigOption = None) -> None:
    """Does nothing where they are up to date."""
    migrated(open_storage(configuration(config)))
    out.print(words("数据库已是最新", "the database is up to date"))
