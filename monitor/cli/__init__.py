"""The command line: its table of contents. Each module here holds the commands of one group."""

import sys
from importlib import import_module

import typer

from monitor import __version__
from monitor.cli.terminal import err, words
from monitor.errors import ConfigError, MonitorError

# Command → its module and what it is for. Only the module of the command that is asked for is loaded.
CONTENTS = {
    "run": (
        "run",
        words("按计划检查来源、发送提醒，直到被停止", "check sources and send alerts, until stopped"),
    ),
    "check": (
        "run",
        words("现在检查一轮来源，并说明结果；不发送", "check sources now and say what came of it"),
    ),
    "parse": ("parse", words("解析一个文件或网址，只显示，不保存", "show what a file or a page holds")),
    "notices": (
        "browse",
        words("已记录的公文，可按标题或文号查找", "recorded notices; find by title or number"),
    ),
    "sources": ("sources", words("来源及其状况", "sources and how they fare")),
    "pages": (
        "pages",
        words("存档的原始页面：列出、另存、重读", "raw pages as fetched: list, save, read again"),
    ),
    "subscriptions": ("subscriptions", words("订阅：列出、添加、暂停、恢复", "list, add, pause, resume")),
    "subscribers": (
        "subscribers",
        words("订阅人：频率、免打扰、上限", "who is told, how often and when"),
    ),
    "rules": ("rules", words("规则：试用、说明、保存", "try, explain and save rules")),
    "destinations": ("destinations", words("去处：列出、启用、试发", "list, activate, try one")),
    "deliveries": ("deliveries", words("发送记录：列出、查看、重发", "what was sent; show, retry")),
    "doctor": (
        "doctor",
        words("体检：配置、数据库、来源、渠道", "configuration, database, sources, channels"),
    ),
    "db": ("database", words("数据库：升级、备份、恢复", "upgrade, backup, restore")),
    "vocabulary": ("vocabulary", words("词表：别名与同义词", "aliases and synonyms, explained")),
}

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


def purpose(command: str) -> str:
    """What a command is for, as its help says."""
    return CONTENTS[command][1]


def _elsewhere() -> None:
    """Stands for a command whose module is not loaded: only its help is shown."""


def _load(arguments: list[str]) -> None:
    """Register every command: with its module where it is asked for, else for the list of commands alone."""
    asked = next((CONTENTS[argument][0] for argument in arguments if argument in CONTENTS), None)
    for name, (module, help_) in CONTENTS.items():
        if module != asked:
            app.command(name, help=help_)(_elsewhere)
    if asked is not None:
        import_module(f"monitor.cli.{asked}")


def main() -> None:
    """Run the command line; expected errors end as sentences, with status 2 for a wrong configuration."""
    _load(sys.argv[1:])
    try:
        app()
    except ConfigError as error:
        count = len(error.problems)
        err.print(
            words(f"配置有 {count} 处问题：", f"{count} problem(s) in the configuration:"), style="bold red"
        )
        for problem in error.problems:
            err.print(f"  {problem}", markup=False)
        sys.exit(2)
    except MonitorError as error:
        err.print(str(error), style="red", markup=False)
        sys.exit(1)
