"""`policy-monitor sources verify`: entries of the catalogue are tried before they are watched."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from fnmatch import fnmatchcase
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from monitor.cli.source_catalogue import FacetsArgument, chosen, say_restart
from monitor.cli.source_findings import print_rows
from monitor.cli.sources import group
from monitor.cli.terminal import ZONE, ConfigOption, configuration, err, out, words
from monitor.config.exchange import address_of
from monitor.config.model import Config
from monitor.config.overlay import OVERLAY, Failure, Verification, change_entry
from monitor.config.selection import Why, entry_values
from monitor.discovery import Finding, advice, doubtful, summary, verify
from monitor.errors import SourceError
from monitor.explain import explain
from monitor.fetch import Fetcher
from monitor.sources import SOURCE_KINDS, SourceSettings
from monitor.sources.catalogue import catalogue


@group.command(
    "verify", help=words("试读目录中的来源，记下结果", "try entries of the catalogue, keep what came")
)
def verify_entries(
    facets: FacetsArgument = None,
    config: ConfigOption = None,
    enable: Annotated[
        bool, typer.Option("--enable", help=words("通过的即启用", "have those checked that pass"))
    ] = False,
    samples: Annotated[
        int, typer.Option(min=0, max=20, help=words("每个显示几条", "rows shown of each"))
    ] = 3,
) -> None:
    """Without facets those that wait. Exit status 1 where one did not pass, 130 after Ctrl-C."""
    settings = configuration(config)
    wanted = _wanted(facets or [], settings)
    if not wanted:
        out.print(
            words(
                "没有待验证的来源；可写名称、省份、机构等，例如 policy-monitor sources verify 山西",
                "nothing waits to be verified; name some, as in policy-monitor sources verify 山西",
            )
        )
        return
    trial = _Trial(settings, enable=enable, samples=samples)
    try:
        asyncio.run(trial.run(wanted))
    except KeyboardInterrupt:
        err.print(words("已中断；此前的结果已保存", "interrupted; what came before is kept"), style="yellow")
        trial.sum_up()
        raise typer.Exit(130) from None
    trial.sum_up()
    if trial.failed:
        raise typer.Exit(1)


def _wanted(facets: list[str], settings: Config) -> list[SourceSettings]:
    """What is to be tried, as it would be set. Entries without an address are said and left out."""
    own = [source for source in settings.sources if source.id not in catalogue()]
    mine = [source for source in own if any(fnmatchcase(source.id, facet) for facet in facets)]
    others = [facet for facet in facets if not any(fnmatchcase(source.id, facet) for source in own)]
    if facets:
        entries = list(chosen(others, settings)) if others else []
    else:
        entries = [catalogue()[entry.id] for entry in settings.waiting if entry.why is not Why.UNUSABLE]
    sources = []
    for entry in entries:
        override = settings.overrides.get(entry.id, {})
        if entry.unusable and "url" not in override:
            out.print(f"- {entry.id}  {entry.unusable}  {entry.home or ''}", style="dim", markup=False)
            continue
        values = entry_values(entry, override)
        sources.append(SOURCE_KINDS[values["kind"]].settings.model_validate(values))
    return [*mine, *sources]


class _Trial:
    """One run over many sources: says and keeps each result as it comes."""

    def __init__(self, settings: Config, *, enable: bool, samples: int) -> None:
        self._settings = settings
        self._enable = enable
        self._samples = samples
        self._today = dt.datetime.now(ZONE).date()
        self.passed = 0
        self.failed = 0

    async def run(self, sources: list[SourceSettings]) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err, transient=True) as progress:
            task = progress.add_task(words("试读", "trying"), total=len(sources))
            async for source, result in self._results(sources):
                if isinstance(result, Finding):
                    self._found(source, result)
                else:
                    self._not_found(source, result)
                progress.advance(task)

    async def _results(
        self, sources: list[SourceSettings]
    ) -> AsyncIterator[tuple[SourceSettings, Finding | SourceError]]:
        async with Fetcher(self._settings.fetch) as fetcher:
            concurrency = self._settings.check.concurrency
            async for result in verify(fetcher, sources, self._settings.folder, concurrency=concurrency):
                yield result

    def _found(self, source: SourceSettings, finding: Finding) -> None:
        found, doubt = summary(finding, words), finding.doubt(self._today)
        if doubt is not None:
            self._keep_failure(source, f"{found}{words('，', ', ')}{doubtful(doubt, words)}")
            out.print(f"[yellow]?[/] {source.id}  {found}")
            out.print(f"    {doubtful(doubt, words)}", style="yellow", markup=False)
        else:
            self.passed += 1
            out.print(f"[green]✓[/] {source.id}  {found}")
            self._keep(source, finding)
        print_rows(finding, self._samples)

    def _not_found(self, source: SourceSettings, error: SourceError) -> None:
        self._keep_failure(source, explain(error, words))
        what, *hints = advice(error, words)
        out.print(f"[red]✗[/] {source.id}", end="  ")
        out.print(what, style="red", markup=False)
        for hint in hints:
            out.print(f"    {hint}", style="dim", markup=False)

    def _keep(self, source: SourceSettings, finding: Finding) -> None:
        address = address_of(source)
        verified = Verification(
            date=self._today,
            address=address,
            url=finding.address if finding.address != address else None,
            rows=finding.row_count,
            newest=finding.newest,
            family=finding.family,
            encoding=finding.encoding,
            paging=finding.paging,
        )
        switched = {"enabled": True} if self._enable else {}
        change_entry(self._settings.folder, source.id, verified=verified, failed=None, **switched)

    def _keep_failure(self, source: SourceSettings, reason: str) -> None:
        self.failed += 1
        failure = Failure(date=self._today, address=address_of(source), reason=reason)
        change_entry(self._settings.folder, source.id, failed=failure)

    def sum_up(self) -> None:
        out.print(
            words(
                f"通过 {self.passed}，未通过 {self.failed}；已记入 {OVERLAY}",
                f"{self.passed} passed, {self.failed} did not; kept in {OVERLAY}",
            ),
            style="bold",
        )
        if self.passed:
            say_restart()
