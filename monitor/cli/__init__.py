"""The command line. Each module here registers the commands of one group."""

import sys

import typer

from monitor import __version__
from monitor.cli.terminal import err, words
from monitor.errors import ConfigError, MonitorError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=words(
        "替你读卫生健康、医保、药监公文：抓取、解析、按规则匹配，每条提醒只发一次。",
        "Reads Chinese health-policy notices for you and alerts each subscriber once.",
    ),
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"policy-monitor {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    lang: str = typer.Option(
        "zh", "--lang", help=words("界面语言：zh 或 en", "language of messages: zh or en")
    ),
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help=words("显示版本", "show the version")
    ),
) -> None:
    """Options of the program as a whole; `--lang` was looked at before (see terminal)."""


def main() -> None:
    """Run the command line; expected errors end as sentences, with status 2 for a wrong configuration."""
    for group in (
        "run",
        "parse",
        "browse",
        "subscriptions",
        "deliveries",
        "doctor",
        "database",
        "vocabulary",
    ):
        __import__(f"monitor.cli.{group}")
    try:
        app()
    except ConfigError as error:
        heading = words(
            f"配置有 {len(error.problems)} 处问题：",
            f"{len(error.problems)} problem(s) in the configuration:",
        )
        err.print(heading, style="bold red")
        for problem in error.problems:
            err.print(f"  {problem}", markup=False)
        sys.exit(2)
    except MonitorError as error:
        err.print(str(error), style="red", markup=False)
        sys.exit(1)
