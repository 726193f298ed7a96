"""`policy-monitor doctor`: is everything as it should be? One report."""

import asyncio
from collections.abc import AsyncIterator

import typer
from rich.progress import Progress

from monitor.app import App, open_app
from monitor.cli import app, purpose
from monitor.cli.terminal import ConfigOption, configuration, err, out, words
from monitor.config.model import Config
from monitor.errors import MonitorError, SourceError
from monitor.explain import explain
from monitor.sources import SourceState

Finding = tuple[bool, str, str]
"""Whether it is well, what was looked at, and a sentence."""


@app.command(help=purpose("doctor"))
def doctor(config: ConfigOption = None) -> None:
    """Exit status 0 when all is well, 1 when something is not, 2 for a wrong configuration."""
    settings = configuration(config)
    out.print(f"[green]✓[/] {words('配置', 'configuration')}")
    if not asyncio.run(_examine(settings)):
        raise typer.Exit(1)


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
    for coming in asyncio.as_completed([_source(program, name) for name in program.sources]):
        yield await coming
    for name, channel in program.channels.items():
        subject = f"{words('渠道', 'channel')} {name}"
        try:
            yield True, subject, await channel.probe()
        except MonitorError as error:
            yield False, subject, str(error)


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
