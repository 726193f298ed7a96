"""`policy-monitor sources`: what is watched, and how it fares."""

import datetime as dt

import typer

from monitor.cli import app, purpose
from monitor.cli.source_texts import source_row
from monitor.cli.source_waiting import waiting_said
from monitor.cli.terminal import ConfigOption, configuration, migrated, out, table, words
from monitor.opening import open_storage
from monitor.standing import standings

group = typer.Typer(invoke_without_command=True, help=purpose("sources"))
app.add_typer(group, name="sources")


@group.callback()
def listing(context: typer.Context, config: ConfigOption = None) -> None:
    """Without a further command: a table of the configured sources; those never checked say so."""
    if context.invoked_subcommand is not None:
        return
    settings = configuration(config)
    now = dt.datetime.now(dt.UTC)
    with migrated(open_storage(settings)).read() as tx:
        found = standings(tx, [(source.id, source.enabled) for source in settings.sources], now)
    table(
        words(
            "来源 状况 上次检查 下次检查 上次有新 平常间隔 失败 说明",
            "source state checked next new rhythm failures note",
        ).split(),
        map(source_row, found),
    )
    for sentence in waiting_said(settings.waiting):
        out.print(sentence, style="yellow", markup=False)


# their commands belong to the group
from monitor.cli import (  # noqa: E402
    source_add,  # noqa: F401
    source_catalogue,  # noqa: F401
    source_exchange,  # noqa: F401
    source_health,  # noqa: F401
    source_verify,  # noqa: F401
)
