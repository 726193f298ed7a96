"""`policy-monitor sources show`, `pause`, `resume`: how a source fares, and whether it is checked."""

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli.source_texts import report_lines
from monitor.cli.sources import group
from monitor.cli.terminal import (
    ConfigOption,
    configuration,
    err,
    migrated,
    out,
    refuse_unknown,
    shown_time,
    words,
)
from monitor.config.model import Config
from monitor.opening import open_storage
from monitor.standing import health_report

SourceArgument = Annotated[str, typer.Argument(metavar="ID", help=words("来源的 id", "the source's id"))]


@group.command(help=words("暂停检查一个来源", "do not check a source for now"))
def pause(
    source: SourceArgument,
    until: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
            help=words("到什么时候为止；不写则直到 resume", "until when; until it is resumed if absent"),
        ),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """A program that runs follows at once."""
    settings = configuration(config)
    kind = known(settings, source)
    now = dt.datetime.now(ZoneInfo(settings.timezone))
    end = until.replace(tzinfo=now.tzinfo) if until else None
    if end is not None and end <= now:
        err.print(words(f"{shown_time(end)} 已经过去了", f"{shown_time(end)} is past"), style="red")
        raise typer.Exit(2)
    with migrated(open_storage(settings)).begin() as tx:
        tx.sources.ensure(source, kind, now)
        tx.agenda.pause(source, end)
    if end is None:
        out.print(words(f"{source} 已暂停", f"{source} is paused"))
    else:
        out.print(words(f"{source} 暂停到 {shown_time(end)}", f"{source} is paused until {shown_time(end)}"))


@group.command(help=words("恢复检查一个来源，并马上检查", "check a source again, at once"))
def resume(source: SourceArgument, config: ConfigOption = None) -> None:
    """A program that runs checks it within a second; its backoff begins anew."""
    settings = configuration(config)
    kind, now = known(settings, source), dt.datetime.now(dt.UTC)
    with migrated(open_storage(settings)).begin() as tx:
        tx.sources.ensure(source, kind, now)
        tx.agenda.resume(source, now)
    out.print(words(f"{source} 已恢复，即将检查", f"{source} is resumed and due now"))


@group.command(help=words("一个来源的健康与历史", "a source's health and history"))
def show(source: SourceArgument, config: ConfigOption = None) -> None:
    """State, rhythm, failures by cause, what was the matter and when, the latest checks."""
    settings = configuration(config)
    known(settings, source)
    enabled = next(one.enabled for one in settings.sources if one.id == source)
    with migrated(open_storage(settings)).read() as tx:
        report = health_report(tx, source, dt.datetime.now(dt.UTC), enabled=enabled)
    for line in report_lines(report):
        out.print(line, markup=False)


def known(settings: Config, source_id: str) -> str:
    """The kind of a configured source; ends the command where there is none of this id."""
    kinds = {source.id: source.kind for source in settings.sources}
    refuse_unknown([source_id], list(kinds))
    return kinds[source_id]
