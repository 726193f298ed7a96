"""`policy-monitor subscriptions`: rules and where their alerts go."""

import datetime as dt
from dataclasses import replace
from typing import Annotated, NoReturn

import typer

from monitor.cli import app, purpose
from monitor.cli.terminal import ConfigOption, configuration, err, migrated, out, table, words
from monitor.notify import CHANNELS
from monitor.opening import load_vocabulary, open_storage
from monitor.planning import plan_untold
from monitor.preferences import PreferenceError, parse_frequency
from monitor.saved_rules import read_rule
from monitor.storage import Origin, Subscriber, Subscription
from rules import RuleError

group = typer.Typer(invoke_without_command=True, help=purpose("subscriptions"))
app.add_typer(group, name="subscriptions")


@group.callback()
def listing(context: typer.Context, config: ConfigOption = None) -> None:
    """Without a further command: a table of all subscriptions."""
    if context.invoked_subcommand is not None:
        return
    with migrated(open_storage(configuration(config))).read() as tx:
        subscribers = {person.id: person for person in tx.destinations.subscribers()}
        channels = {destination.id: destination.channel for destination in tx.destinations.all()}
        found = tx.subscriptions.all()
    states = {True: words("生效", "active"), False: words("暂停", "paused")}
    table(
        words(
            "编号 订阅人 渠道 名称 规则 频率 状态 来自",
            "id subscriber channel name rule frequency state from",
        ).split(),
        (
            (
                str(s.id),
                subscribers[s.subscriber_id].name,
                channels[s.destination_id],
                s.name,
                s.rule,
                _often(s, subscribers[s.subscriber_id]),
                states[s.active],
                s.origin.value,
            )
            for s in found
        ),
    )


def _often(subscription: Subscription, person: Subscriber) -> str:
    if subscription.urgent:
        return words("紧急", "urgent")
    own = subscription.frequency
    return (own or person.preferences.frequency).show(words)


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
    vocabulary = load_vocabulary(settings)
    try:
        checked = CHANNELS[channel].check_address(address)
    except ValueError as error:
        _refuse(str(error))
    now = dt.datetime.now(dt.UTC)
    with migrated(open_storage(settings)).begin() as tx:
        person = tx.destinations.named(subscriber) or tx.destinations.ensure_subscriber(
            subscriber, language=settings.language, timezone=settings.timezone, now=now
        )
        try:
            parsed = read_rule(tx, person.id, rule, vocabulary)
        except RuleError as error:
            _refuse(error.render(words.language))
        destination = tx.destinations.ensure(person.id, channel, checked, now)
        made = tx.subscriptions.ensure(
            destination.id, name or str(parsed), str(parsed), origin=Origin.CLI, now=now
        )
    out.print(
        words(f"已订阅（编号 {made.id}）：{parsed}", f"subscribed (id {made.id}): {parsed}"), markup=False
    )


@group.command("set", help=words("设定一项订阅的频率、是否紧急", "set how often one is told"))
def set_(
    number: Annotated[int, typer.Argument(metavar="ID")],
    frequency: Annotated[
        str | None,
        typer.Option(help=words("即时、每天 9点…；default 随订阅人", "daily 09:00 …, or default")),
    ] = None,
    urgent: Annotated[
        bool | None, typer.Option(help=words("即时，免打扰和上限都不管", "through quiet hours and caps"))
    ] = None,
    config: ConfigOption = None,
) -> None:
    """What waits already is told by the new wish."""
    try:
        own = None if frequency in (None, "default", "默认") else parse_frequency(frequency)
    except PreferenceError as error:
        _refuse(error.render(words))
    with migrated(open_storage(configuration(config))).begin() as tx:
        found = tx.subscriptions.get(number)
        if found is None:
            _refuse(words(f"没有编号为 {number} 的订阅", f"there is no subscription {number}"))
        wanted = found.frequency if frequency is None else own
        is_urgent = found.urgent if urgent is None else urgent
        if is_urgent and wanted is not None and not wanted.is_at_once:
            _refuse(
                words(
                    f"紧急的订阅总是即时提醒，不能又是“{wanted.show(words)}”",
                    f"what is urgent is told at once and cannot be {wanted} too",
                )
            )
        tx.subscriptions.set_frequency(number, wanted, urgent=is_urgent)
        plan_untold(tx, dt.datetime.now(dt.UTC))
        person = tx.destinations.subscriber(found.subscriber_id)
    assert person is not None, "a subscription has a subscriber"
    changed = replace(found, frequency=wanted, urgent=is_urgent)
    out.print(f"{_often(changed, person)}: {found.rule}", markup=False)


@group.command(help=words("暂停一项订阅", "pause a subscription"))
def pause(number: Annotated[int, typer.Argument(metavar="ID")], config: ConfigOption = None) -> None:
    """What was matched before is still delivered."""
    _set_active(number, False, config)


@group.command(help=words("恢复一项订阅", "resume a subscription"))
def resume(number: Annotated[int, typer.Argument(metavar="ID")], config: ConfigOption = None) -> None:
    """From now on; what was recorded during the pause is not told."""
    _set_active(number, True, config)


def _set_active(number: int, active: bool, config: ConfigOption) -> None:
    settings = configuration(config)
    with migrated(open_storage(settings)).begin() as tx:
        found = tx.subscriptions.get(number)
        if found is None:
            _refuse(words(f"没有编号为 {number} 的订阅", f"there is no subscription {number}"))
        if active:
            try:
                read_rule(tx, found.subscriber_id, found.rule, load_vocabulary(settings))
            except RuleError as error:  # a saved rule that it names may be gone
                _refuse(error.render(words.language))
        tx.subscriptions.set_active(number, active)
    state = words("已恢复", "resumed") if active else words("已暂停", "paused")
    out.print(f"{state}: {found.rule}", markup=False)


def _refuse(sentence: str) -> NoReturn:
    err.print(sentence, style="red", markup=False)
    raise typer.Exit(2)
