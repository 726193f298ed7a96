"""`policy-monitor subscribers`: who is told, how often, when and how much."""

import datetime as dt
from typing import Annotated, Any, NoReturn

import typer

from monitor.cli import app, purpose
from monitor.cli.terminal import ConfigOption, configuration, err, migrated, out, shown_time, table, words
from monitor.opening import open_storage
from monitor.planning import plan_untold
from monitor.preferences import (
    PreferenceError,
    parse_count,
    parse_frequency,
    parse_quiet_hours,
    parse_timezone,
)
from monitor.storage import Subscriber, Transaction

group = typer.Typer(invoke_without_command=True, help=purpose("subscribers"))
app.add_typer(group, name="subscribers")


@group.callback()
def listing(context: typer.Context, config: ConfigOption = None) -> None:
    """Without a further command: a table of all subscribers, and what waits for them."""
    if context.invoked_subcommand is not None:
        return
    with migrated(open_storage(configuration(config))).read() as tx:
        rows = [_row(tx, person) for person in tx.destinations.subscribers()]
    table(
        words(
            "订阅人 语言 时区 频率 免打扰 每日上限 合并起点 等待",
            "subscriber language timezone frequency quiet cap group waiting",
        ).split(),
        rows,
    )


def _row(tx: Transaction, person: Subscriber) -> tuple[str, ...]:
    wants = person.preferences
    count, first = tx.waiting.next_due(person.id)
    waiting = f"{count}" if first is None else f"{count} → {shown_time(first)}"
    return (
        person.name,
        person.language,
        wants.timezone,
        wants.frequency.show(words),
        str(wants.quiet_hours or "-"),
        str(wants.daily_cap or "-"),
        str(wants.group_from or "-"),
        waiting if count else "-",
    )


@group.command("set", help=words("设定频率、免打扰、上限、时区", "set frequency, quiet hours, cap, zone"))
def set_(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    frequency: Annotated[
        str | None,
        typer.Option(help=words("即时、每小时、每天 9点 等", "at once, daily 09:00 …")),
    ] = None,
    quiet_hours: Annotated[
        str | None, typer.Option(help=words("22:00-08:00 或 无", "22:00-08:00 or none"))
    ] = None,
    daily_cap: Annotated[
        str | None, typer.Option(help=words("每天最多几条消息，或 无", "messages a day, or none"))
    ] = None,
    group_from: Annotated[
        str | None,
        typer.Option(help=words("一次检查满几条合为一条，或 无", "notices in one message, or none")),
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Asia/Shanghai, Europe/Berlin …")] = None,
    config: ConfigOption = None,
) -> None:
    """What waits already is told by the new wish. Exit status 2 for a wish that is not understood."""
    settings = configuration(config)
    given: dict[str, Any] = {
        "frequency": (parse_frequency, frequency),
        "quiet_hours": (parse_quiet_hours, quiet_hours),
        "daily_cap": (parse_count, daily_cap),
        "group_from": (parse_count, group_from),
        "timezone": (parse_timezone, timezone),
    }
    try:
        changes = {field: parse(text) for field, (parse, text) in given.items() if text is not None}
    except PreferenceError as error:
        _refuse(error.render(words))
    with migrated(open_storage(settings)).begin() as tx:
        person = tx.destinations.named(name)
        if person is None:
            known = ", ".join(one.name for one in tx.destinations.subscribers())
            _refuse(words(f"没有订阅人 {name}，已有：{known}", f"no subscriber {name}; there are: {known}"))
        person = tx.destinations.prefer(person.id, **changes)
        plan_untold(tx, dt.datetime.now(dt.UTC))
        row = _row(tx, person)
    out.print(" · ".join(row[:1] + row[2:]), markup=False)


def _refuse(sentence: str) -> NoReturn:
    err.print(sentence, style="red", markup=False)
    raise typer.Exit(2)
