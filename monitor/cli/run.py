"""`policy-monitor run` and `check`: the work itself."""

import asyncio
from typing import Annotated

import typer

from monitor.app import App, open_app
from monitor.cli import app, purpose
from monitor.cli.source_waiting import waiting_said
from monitor.cli.terminal import ConfigOption, configuration, err, out, refuse_unknown, set_up_log, words
from monitor.config.model import Config
from monitor.memory import settle
from monitor.recording import Status
from monitor.storage import CheckOutcome
from monitor.tally import CheckReport

_OUTCOMES = {
    CheckOutcome.OK: ("green", words("正常", "ok")),
    CheckOutcome.UNCHANGED: ("dim", words("无变化", "unchanged")),
    CheckOutcome.PARTIAL: ("yellow", words("部分失败", "partly failed")),
    CheckOutcome.FAILED: ("yellow", words("未能读取", "not readable")),
}
_STATUSES = {
    Status.NEW: words("新", "new"),
    Status.CORRECTED: words("修订", "corrected"),
    Status.VARIANT: words("已知，文字不同", "known, other words"),
    Status.SEEN: words("已知", "known"),
}


@app.command(help=purpose("run"))
def run(
    config: ConfigOption = None,
    once: Annotated[
        bool, typer.Option("--once", help=words("只做一轮就结束", "one round, then end"))
    ] = False,
) -> None:
    """Exit status: 0, 1 when the database fails, 2 for a wrong configuration."""
    settings = configuration(config)
    set_up_log(settings.log)
    for sentence in waiting_said(settings.waiting):
        err.print(sentence, style="yellow", markup=False)
    asyncio.run(_once(settings) if once else _forever(settings))


@app.command(help=purpose("check"))
def check(
    sources: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...")] = None,
    config: ConfigOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=words("只演练，什么也不保存", "rehearse: nothing is kept"))
    ] = False,
) -> None:
    """Exit status: 0, 1 when a source failed or the database fails, 2 for a wrong name or configuration."""
    settings = configuration(config)
    set_up_log(settings.log)
    refuse_unknown(sources or [], [source.id for source in settings.sources])
    if not asyncio.run(_check(settings, sources or [], dry_run)):
        raise typer.Exit(1)


async def _check(settings: Config, sources: list[str], dry_run: bool) -> bool:
    well = True
    async with open_app(settings) as program:
        async for report in program.check(sources, dry_run=dry_run):
            _print_report(report)
            for status, notice in report.notices if dry_run else ():
                out.print(f"    {_STATUSES[status]}  {notice.title}", markup=False)
            well = well and report.check.outcome is not CheckOutcome.FAILED
    return well


async def _once(settings: Config) -> None:
    async with open_app(settings) as program:
        await program.repair()
        out.print(words("检查来源", "Checking sources"), style="bold")
        async for report in program.check():
            _print_report(report)
        sent = (await program.deliver()).sent
        out.print(words(f"发送了 {sent} 条消息", f"{sent} message(s) sent"), style="bold")
        _print_state(program)


async def _forever(settings: Config) -> None:
    async with open_app(settings) as program:
        settle()
        out.print(
            words(
                f"正在监测 {len(program.sources)} 个来源，按 Ctrl-C 停止",
                f"Watching {len(program.sources)} source(s); Ctrl-C stops",
            )
        )
        await program.run()


def _print_report(report: CheckReport) -> None:
    check = report.check
    style, outcome = _OUTCOMES[check.outcome]
    counts = words(
        f"列出 {check.listed}，读取 {check.read}，失败 {check.failed}，新 {check.new}，"
        f"修订 {check.corrected}，匹配 {check.matched}，待发 {check.queued}",
        f"{check.listed} listed, {check.read} read, {check.failed} failed, {check.new} new, "
        f"{check.corrected} corrected, {check.matched} matched, {check.queued} queued",
    )
    out.print(f"  {check.source_id}  [{style}]{outcome}[/]  {counts}")
    if check.baseline and check.new:
        out.print(
            words(
                "    首次检查只作记录，不提醒（first_check: alert 则提醒）",
                "    a first check records silently (first_check: alert tells)",
            ),
            style="dim",
        )
    for problem in report.problems:
        out.print(f"    {problem}", style=style, markup=False)


def _print_state(program: App) -> None:
    with program.storage.read() as tx:
        counts = tx.deliveries.counts()
    waiting = ", ".join(f"{state.value} {count}" for state, count in counts.items() if state.value != "sent")
    if waiting:
        out.print(words(f"尚未送达：{waiting}", f"not delivered yet: {waiting}"), style="yellow")
