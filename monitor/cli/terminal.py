"""What every command shares: the language, the two consoles, and the configuration that was asked for."""

import datetime as dt
import difflib
import logging
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from monitor.errors import ConfigError
from monitor.words import Words

if TYPE_CHECKING:  # these load most of the program, and `--help` needs none of it
    from monitor.config.model import Config, LogSettings
    from monitor.storage import Storage


def _chosen_language() -> Words:
    """`--lang en` or POLICY_MONITOR_LANG=en, looked at first: the help texts need it."""
    arguments = sys.argv[1:]
    asked = os.environ.get("POLICY_MONITOR_LANG", "zh")
    for index, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
        elif argument == "--lang" and index + 1 < len(arguments):
            asked = arguments[index + 1]
    return Words("en" if asked.lower().startswith("en") else "zh")


_PIPE_WIDTH = 200  # columns of a table that goes to a file or a program

words = _chosen_language()
out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
err = Console(stderr=True, soft_wrap=True, highlight=False)

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        envvar="POLICY_MONITOR_CONFIG",
        help=words("配置文件，默认为 config.yaml", "configuration file, config.yaml by default"),
        show_default=False,
    ),
]

DEFAULT_CONFIG = Path("config.yaml")
ZONE = ZoneInfo("Asia/Shanghai")
_zone = ZONE


def configuration(path: Path | None) -> "Config":
    """The configuration that a command was given. Raises `ConfigError`."""
    from monitor.config.load import load_config  # noqa: PLC0415 - see above

    if path is None and not DEFAULT_CONFIG.exists():
        raise ConfigError(
            [
                words(
                    "这里没有 config.yaml：请用 --config 指定，或由 config.example.yaml 复制一份",
                    "there is no config.yaml here: name one with --config, or copy config.example.yaml to it",
                )
            ]
        )
    global _zone  # noqa: PLW0603 - one command, one configuration
    config = load_config(path or DEFAULT_CONFIG)
    _zone = ZoneInfo(config.timezone)
    return config


def optional_configuration(path: Path | None) -> "Config | None":
    """The same for a command that can do without: None where none was named and none is here."""
    return configuration(path) if path is not None or DEFAULT_CONFIG.exists() else None


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under headings; long cells wrap."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        grid.add_column(name, overflow="fold")
    for row in rows:
        grid.add_row(*row)
    out.print(grid, soft_wrap=False)


def set_up_log(settings: "LogSettings") -> None:
    """Log to standard error, for people or as JSON."""
    import structlog  # noqa: PLC0415 - slow to load, and `--help` logs nothing

    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=err.is_terminal)
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a skipped run is coalesced, not lost
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.level.upper()]
        ),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def migrated(storage: "Storage") -> "Storage":
    """The database with its tables up to date. Raises `StorageError`."""
    storage.migrate()
    return storage


def shown_time(time: dt.datetime) -> str:
    """A time in the reader's zone."""
    return time.astimezone(_zone).strftime("%Y-%m-%d %H:%M")


def refuse_unknown(asked: Iterable[str], known: Sequence[str]) -> None:
    """End the command with status 2 where a source is asked for that there is not; name the nearest."""
    for name in asked:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1) or known
            hint = ", ".join(near)
            err.print(
                words(f"没有来源 {name}，是不是 {hint}？", f"there is no source {name}; did you mean {hint}?")
            )
            raise typer.Exit(2)
