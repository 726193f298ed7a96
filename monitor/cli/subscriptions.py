"""`policy-monitor subscriptions`: rules and where their alerts go."""

import datetime as dt
from typing import Annotated, NoReturn

import typer

from monitor.app import load_vocabulary, open_storage
from monitor.cli import app, purpose
from monitor.cli.terminal import ConfigOption, configuration, err, migrated, out, table, words
from monitor.notify import CHANNELS
from monitor.storage import Origin
from rules import RuleError, parse_rule

group = typer.Typer(invoke_without_command=True, help=purpose("subscriptions"))
app.add_typer(group, name="subscriptions")


@group.callback()
def listing(context: typer.Context, config: ConfigOption = None) -> None:
    """Without a further command: a table of all subscriptions."""
    if context.invoked_subcommand is not None:
        return
    with migrated(open_storage(configuration(config))).read() as tx:
        subscribers = {person.id: person.name for person in tx.destinations.subscribers()}
        channels = {destination.id: destination.channel for destination in tx.destinations.all()}
        found = tx.subscriptions.all()
    states = {True: words("生效", "active"), False: words("暂停", "paused")}
    table(
        words("编号 订阅人 渠道 名称 规则 状态 来自", "id subscriber channel name rule state from").split(),
        (
            (
                str(s.id),
                subscribers[s.subscriber_id],
                channels[s.destination_id],
                s.name,
                s.rule,
                states[s.active],
                s.origin.value,
            )
            for s in found
        ),
    )


@group.command(help=words("添加一项订阅", "add a subscription"))
def add(
    rule: Annotated[str, typer.Argument(metavar="RULE")],
    subscriber: Annotated[str, typer.Option(help=words("订阅人", "who"))],
    channel: Annotated[str, typer.Option(help=", ".join(CHANNELS))],
    address: Annotated[
        str, typer.Option(help=words("聊天编号、邮箱或网址", "chat id, mail address or URL"))
    ] = "",
    name: Annotated[str | None, typer.Option(help=words("提醒中的名称", "how alerts call it"))] = None,
    config: ConfigOption = None,
) -> None:
    """Exit status 2 for a rule, channel or address that cannot be used."""
    settings = configuration(config)
    if channel not in settings.channels:
        known = ", ".join(settings.channels)
        _refuse(
            words(
                f"配置的 channels 里没有 {channel}，已设置的有：{known}",
                f"the configuration's channels do not have {channel}; they have: {known}",
            )
        )
    try:
        parsed = parse_rule(rule, vocabulary=load_vocabulary(settings))
        checked = CHANNELS[channel].check_address(address)
    except RuleError as error:
        _refuse(error.render(words.language))
    except ValueError as error:
        _refuse(str(error))
    now = dt.datetime.now(dt.UTC)
    with migrated(open_storage(settings)).begin() as tx:
        person = tx.destinations.ensure_subscriber(
            subscriber, language=settings.language, timezone=settings.timezone, now=now
        )
        destination = tx.destinations.ensure(person.id, channel, checked, now)
        made = tx.subscriptions.ensure(
            destination.id, name or str(parsed), str(parsed), origin=Origin.CLI, now=now
        )
    out.print(
        words(f"已订阅（编号 {made.id}）：{parsed}", f"subscribed (id {made.id}): {parsed}"), markup=False
    )


@group.command(help=words("暂停一项订阅", "pause a subscription"))
def pause(number: Annotated[int, typer.Argument(metavar="ID")], config: ConfigOption = None) -> None:
    """What was matched before is still delivered."""
    _set_active(number, False, config)


@group.command(help=words("恢复一项订阅", "resume a subscription"))
def resume(number: Annotated[int, typer.Argument(metavar="ID")], config: ConfigOption = None) -> None:
    """From now on; what was recorded during the pause is not told."""
    _set_active(number, True, config)


def _set_active(number: int, active: bool, config: ConfigOption) -> None:
    with migrated(open_storage(configuration(config))).begin() as tx:
        found = tx.subscriptions.get(number)
        if found is None:
            _refuse(words(f"没有编号为 {number} 的订阅", f"there is no subscription {number}"))
        tx.subscriptions.set_active(number, active)
    state = words("已恢复", "resumed") if active else words("已暂停", "paused")
    out.print(f"{state}: {found.rule}", markup=False)


def _refuse(sentence: str) -> NoReturn:
    err.print(sentence, style="red", markup=False)
    raise typer.Exit(2)
