"""`policy-monitor db`: upgrade, backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import app, purpose
from monitor.cli.terminal import ConfigOption, configuration, migrated, out, words
from monitor.opening import open_storage
from monitor.storage.backup import backup as copy_database
from monitor.storage.backup import restore as restore_database

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


@group.command(help=words("备份到一个新文件，运行中也可以", "copy it to a new file, also while it is in use"))
def backup(file: Annotated[Path, typer.Argument(metavar="FILE")], config: ConfigOption = None) -> None:
    """An SQLite file, or for PostgreSQL what pg_dump makes. Exit status 1 where that fails."""
    copy_database(open_storage(configuration(config)), file)
    out.print(words(f"已备份到 {file}", f"copied to {file}"), markup=False)


@group.command(help=words("用备份替换现有数据库；先停止程序", "put a copy back; stop the program first"))
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    yes: Annotated[bool, typer.Option("--yes", help=words("不再询问", "do not ask"))] = False,
    config: ConfigOption = None,
) -> None:
    """What waited when the copy was made may have been sent since: it goes out marked as a repeat."""
    storage = open_storage(configuration(config))
    question = words("现有数据库将被替换，继续吗？", "The present database will be replaced. Go on?")
    if not yes:
        typer.confirm(question, abort=True)
    marked = restore_database(storage, file)
    out.print(
        words(f"已恢复；{marked} 条待发消息可能重复", f"restored; {marked} waiting message(s) may be repeats")
    )
