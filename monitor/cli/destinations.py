"""`policy-monitor destinations`: where messages go; switch one on again, and try one."""

import asyncio
import datetime as dt
import uuid
from typing import Annotated, NoReturn

import typer

from monitor.app import App, open_app
from monitor.cli import app, purpose
from monitor.cli.terminal import ConfigOption, configuration, err, migrated, out, table, words
from monitor.config.model import Config
from monitor.errors import DeliveryError
from monitor.opening import open_storage
from monitor.storage import Destination
from monitor.types import Message

group = typer.Typer(invoke_without_command=True, help=purpose("destinations"))
app.add_typer(group, name="destinations")


@group.callback()
def listing(context: typer.Context, config: ConfigOption = None) -> None:
    """Without a further command: all destinations; an address can be a secret and is not shown."""
    if context.invoked_subcommand is not None:
        return
    with migrated(open_storage(configuration(config))).read() as tx:
        subscribers = {person.id: person.name for person in tx.destinations.subscribers()}
        found = tx.destinations.all()
    table(
        words("编号 订阅人 渠道 状态 原因", "id subscriber channel state reason").split(),
        ((str(d.id), subscribers[d.subscriber_id], d.channel, _state(d), d.reason or "") for d in found),
    )


def _state(destination: Destination) -> str:
    return words("启用", "active") if destination.active else words("停用", "inactive")


@group.command(help=words("重新启用，并补发搁置的消息", "switch it on again and send what was held"))
def activate(number: Annotated[int, typer.Argument(metavar="ID")], config: ConfigOption = None) -> None:
    """For a destination that refused messages for good and takes them again. Exit status 2 without one."""
    with migrated(open_storage(configuration(config))).begin() as tx:
        if tx.destinations.get(number) is None:
            _refuse(number)
        waiting = tx.destinations.activate(number, dt.datetime.now(dt.UTC))
    out.print(words(f"已启用，{waiting} 条消息将发送", f"active; {waiting} message(s) will be sent"))


@group.command(help=words("发送一条试验消息，显示回答", "send a sample and show the answer"))
def test(number: Annotated[int, typer.Argument(metavar="ID")], config: ConfigOption = None) -> None:
    """Exit status 1 where it was not taken, 2 where there is no such destination."""
    asyncio.run(_test(configuration(config), number))


async def _test(settings: Config, number: int) -> None:
    async with open_app(settings) as program:
        with program.storage.read() as tx:
            destination = tx.destinations.get(number)
        if destination is None or destination.channel not in program.channels:
            _refuse(number)
        await _send(program, destination)


async def _send(program: App, destination: Destination) -> None:
    message = Message(
        delivery_id=uuid.uuid4().hex,
        language=words.language,
        headline=words("试验消息", "A test message"),
        text=words("收到这条消息，说明这个去处可用。", "If you read this, this destination works."),
    )
    try:
        receipt = await program.channels[destination.channel].send(destination.address, message)
    except DeliveryError as error:
        told = error.answer in str(error)
        err.print(str(error) if told else f"{error} ({error.answer})", style="red", markup=False)
        raise typer.Exit(1) from None
    out.print(words(f"已发送：{receipt.answer}", f"sent: {receipt.answer}"), markup=False)


def _refuse(number: int) -> NoReturn:
    sentence = words(
        f"没有编号为 {number} 的去处，或它的渠道没有设置",
        f"there is no destination {number}, or its channel is not set up",
    )
    err.print(sentence, style="red")
    raise typer.Exit(2)
