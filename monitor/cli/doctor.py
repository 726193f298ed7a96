"""`policy-monitor doctor`: is everything as it should be? One report."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import typer
from rich.progress import Progress

from monitor.app import App, open_app
from monitor.cli import app, purpose
from monitor.cli.source_waiting import waiting_said
from monitor.cli.terminal import ConfigOption, configuration, err, migrated, out, shown_time, words
from monitor.config.model import ChatSettings, Config
from monitor.diagnosis import symptom_name
from monitor.errors import DeliveryError, MonitorError, SourceError
from monitor.explain import explain
from monitor.notify.telegram import TelegramChannel
from monitor.opening import open_storage
from monitor.sources import SourceState

ASKED = 100
"""So many groups and channels are asked about."""

Finding = tuple[bool, str, str]
"""Whether it is well, what was looked at, and a sentence."""


@app.command(help=purpose("doctor"))
def doctor(
    config: ConfigOption = None,
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help=words("查看聊天机器人给出的错误编号", "look up the number of an error of the bot"),
        ),
    ] = None,
) -> None:
    """Exit status 0 when all is well, 1 when something is not, 2 for a wrong configuration."""
    settings = configuration(config)
    if reference is not None:
        _look_up(settings, reference.strip().upper())
        return
    out.print(f"[green]✓[/] {words('配置', 'configuration')}")
    for sentence in waiting_said(settings.waiting):
        out.print("[yellow]![/]", end=" ")
        out.print(sentence, style="yellow", markup=False)
    if not asyncio.run(_examine(settings)):
        raise typer.Exit(1)


def _look_up(settings: Config, reference: str) -> None:
    with migrated(open_storage(settings)).read() as tx:
        found = tx.chats.error(reference)
    if found is None:
        err.print(
            words(
                f"没有编号为 {reference} 的错误：编号有六位，错误保留 30 天。",
                f"There is no error {reference}: numbers have six characters, errors are kept for 30 days.",
            )
        )
        raise typer.Exit(1)
    out.print(f"{found.reference}  {shown_time(found.happened_at)}  {found.chat}  {found.kind}", markup=False)
    out.print(found.trace, markup=False, highlight=False, soft_wrap=True)


async def _examine(settings: Config) -> bool:
    well = True
    async with open_app(settings) as program:
        with Progress(console=err, transient=True) as progress:
            task = progress.add_task("", total=1 + len(program.sources) + len(program.channels))
            async for good, subject, sentence in _findings(program):
                well = well and good
                mark = "[green]✓[/]" if good else "[red]✗[/]"
                progress.advance(task)
                out.print(f"{mark} {subject}", end="  ")
                out.print(sentence, style="dim" if good else "red", markup=False)
    return well


async def _findings(program: App) -> AsyncIterator[Finding]:
    with program.storage.read() as tx:
        counts = tx.deliveries.counts()
    stuck = ", ".join(
        f"{state.value} {n}" for state, n in counts.items() if state.value in ("failed", "held")
    )
    backend = program.storage.url.get_backend_name()
    yield not stuck, f"{words('数据库', 'database')} {backend}", stuck
    with program.storage.read() as tx:
        episodes = [episode for episode in tx.episodes.open() if episode.source_id in program.sources]
    for episode in episodes:
        what = symptom_name(episode.symptom, words)
        subject = f"{words('来源', 'source')} {episode.source_id}"
        since = words(f"自 {shown_time(episode.began_at)}", f"since {shown_time(episode.began_at)}")
        yield False, subject, f"{what} ({since}): policy-monitor sources show {episode.source_id}"
    for coming in asyncio.as_completed([_source(program, name) for name in program.sources]):
        yield await coming
    for name, channel in program.channels.items():
        subject = f"{words('渠道', 'channel')} {name}"
        try:
            yield True, subject, await channel.probe()
        except MonitorError as error:
            yield False, subject, str(error)
            continue
        if isinstance(channel, TelegramChannel) and program.config.chat.enabled:
            yield await _bot(channel, program.config.chat)
            yield await _rights(program, channel)


async def _rights(program: App, channel: TelegramChannel) -> Finding:
    """Where the bot may not write although it is to, and what it hears in groups."""
    subject = words("群组与频道", "groups and channels")
    with program.storage.read() as tx:
        own = (one for one in tx.destinations.all() if one.active and one.channel == channel.name)
        chats = list(dict.fromkeys(one.address.partition("/")[0] for one in own))
    shared = [chat for chat in chats if not chat.isdigit()][:ASKED]
    try:
        hears = (
            words("在群里听到所有发言", "it hears everything in groups")
            if await channel.hears_all()
            else words(
                "在群里只听到命令和回复（隐私模式）", "in groups it hears commands and replies (privacy mode)"
            )
        )
    except DeliveryError as error:
        return False, subject, str(error)
    silent = [sentence for chat in shared if (sentence := await _silence(channel, chat))]
    return not silent, subject, "; ".join([*silent, hears])


async def _silence(channel: TelegramChannel, chat: str) -> str:
    """Why the bot cannot write in a chat; empty where it can."""
    try:
        if await channel.may_write(chat):
            return ""
    except DeliveryError as error:
        return f"{chat}: {error}"
    return words(
        f"{chat} 不允许机器人发言：群里请允许它发送消息，频道里请设为可发布的管理员",
        f"{chat} does not let the bot write: allow it to send messages, in a channel make it an "
        "administrator who may post",
    )


async def _bot(channel: TelegramChannel, chat: ChatSettings) -> Finding:
    """Whether updates come in the way that is configured, and who may use the bot."""
    subject = words("聊天机器人", "chat bot")
    wanted = str(chat.webhook.url) if chat.webhook else ""
    try:
        found = await channel.webhook()
    except MonitorError as error:
        return False, subject, str(error)
    if found.url != wanted:
        return (
            False,
            subject,
            words(
                f"Telegram 把消息推送到 {found.url or '（无，轮询）'}，配置的是 {wanted or '（无，轮询）'}："
                "重新启动程序即可更正；若又变回，则另有程序在用此 token。",
                f"Telegram pushes updates to {found.url or '(nowhere: polling)'}, configured is "
                f"{wanted or '(nowhere: polling)'}: starting the program puts it right; if it comes back, "
                "another program uses the token.",
            ),
        )
    access = {
        "open": words("人人可用", "open to all"),
        "invite": words("凭邀请使用", "by invitation"),
        "allow_list": words("仅限名单", "only those of the list"),
    }[chat.access]
    how = words("推送（webhook）", "webhook") if wanted else words("轮询", "polling")
    waiting = words(f"待处理 {found.waiting} 条", f"{found.waiting} updates waiting")
    trouble = f"; {found.trouble}" if found.trouble else ""
    return not found.trouble, subject, f"{access}, {how}, {waiting}{trouble}"


async def _source(program: App, name: str) -> Finding:
    source, settings = program.sources[name]
    subject = f"{words('来源', 'source')} {name}"
    if not settings.enabled:
        return True, subject, words("停用", "disabled")
    try:
        listing = await source.list(program.checker.fetcher, SourceState(first=True))
    except SourceError as error:
        return False, subject, explain(error, words)
    count = len(listing.entries)
    return True, subject, words(f"可以读取，列出 {count} 条", f"readable, {count} listed")
