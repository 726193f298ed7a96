"""`policy-monitor sources add`: one address is recognised, shown, and saved as a source."""

import asyncio
import datetime as dt
import re
from enum import StrEnum
from typing import Annotated, Literal

import typer

from monitor.cli.source_catalogue import end, say_restart
from monitor.cli.source_findings import print_rows
from monitor.cli.sources import group
from monitor.cli.terminal import ZONE, ConfigOption, configuration, err, out, words
from monitor.config.model import Config
from monitor.config.overlay import OVERLAY, add_sources, as_written
from monitor.discovery import Finding, advice, doubtful, summary
from monitor.discovery.addresses import typed_address
from monitor.errors import SourceError
from monitor.fetch import FetchOptions
from monitor.new_sources import known, tried
from monitor.opening import load_vocabulary

_ID = re.compile(r"[\w.-]{1,80}")
_SAMPLES = 5


class WebKind(StrEnum):
    """The kinds that an address can be."""

    HTML_LIST = "html_list"
    FEED = "feed"
    JSON_LIST = "json_list"
    PAGE = "page"


@group.command(
    help=words("添加一个网址：识别、显示、询问、保存", "add an address: recognise, show, ask, save")
)
def add(
    address: Annotated[str, typer.Argument(metavar="URL")],
    config: ConfigOption = None,
    name: Annotated[
        str | None, typer.Option("--id", help=words("编号；默认由机构得出", "id; from the agency if absent"))
    ] = None,
    kind: Annotated[
        WebKind | None, typer.Option(help=words("类型；默认自动识别", "kind; recognised if absent"))
    ] = None,
    browser: Annotated[
        Literal["never", "auto", "always"],
        typer.Option(help=words("何时用浏览器打开", "when a browser opens it")),
    ] = "never",
    yes: Annotated[bool, typer.Option("--yes", "-y", help=words("不询问", "do not ask"))] = False,
) -> None:
    """Exit status 1 where there is nothing to watch, or the answer is no; 2 for what is taken already."""
    settings = configuration(config)
    _refuse_name(name, settings)
    try:
        _refuse_known(typed_address(address)[0], name, settings)
        with err.status(words("正在读取……", "reading …")):
            finding = asyncio.run(
                tried(
                    address,
                    settings.sources,
                    settings.fetch,
                    load_vocabulary(settings),
                    kind=kind.value if kind else None,
                    options=FetchOptions(browser=browser) if browser != "never" else FetchOptions(),
                )
            )
    except SourceError as error:
        what, *hints = advice(error, words)
        err.print(what, style="red", markup=False)
        for hint in hints:
            err.print(hint, markup=False)
        raise typer.Exit(1) from None
    _refuse_known(finding.address, name, settings)
    _print_finding(finding)
    doubt = finding.doubt(dt.datetime.now(ZONE).date())
    if name is None and not yes:
        name = typer.prompt(words("编号", "id"), default=finding.settings.id)
        _refuse_name(name, settings)
    source = finding.settings.model_copy(update={"id": name or finding.settings.id})
    if not yes and not typer.confirm(
        words(f"添加为 {source.id}？", f"add it as {source.id}?"), default=doubt is None
    ):
        raise typer.Exit(1)
    add_sources(settings.folder, as_written(source))
    out.print(
        words(
            f"已添加 {source.id}（{OVERLAY}）；现在检查一次：policy-monitor check {source.id}",
            f"added {source.id} ({OVERLAY}); check it now: policy-monitor check {source.id}",
        ),
        markup=False,
    )
    say_restart()


def _refuse_name(name: str | None, settings: Config) -> None:
    if name is None:
        return
    if not _ID.fullmatch(name):
        end(
            words(
                f"编号 {name!r} 只能由字母、数字、汉字和 _ . - 组成，至多 80 个",
                f"the id {name!r} may have letters, digits, _ . and - only, at most 80",
            ),
            2,
        )
    if any(source.id == name for source in settings.sources):
        end(words(f"编号 {name} 已用于另一来源", f"{name} names another source already"), 2)


def _refuse_known(address: str, name: str | None, settings: Config) -> None:
    """End the command where the address is watched already, or stands in the catalogue."""
    entry = known(address, settings.sources)
    if entry is None:
        return
    if entry.watched:
        end(words(f"已在监测这个网址：{entry.id}", f"this address is watched already: {entry.id}"), 2)
    if name is None:
        command = f"policy-monitor sources verify {entry.id} --enable"
        end(
            words(
                f"来源目录里已有：{entry.id}（{entry.name}）\n{command}\n要另起编号，请用 --id",
                f"the catalogue has it: {entry.id} ({entry.name})\n{command}\nor give it an own id: --id",
            ),
            2,
        )


def _print_finding(finding: Finding) -> None:
    out.print(f"{finding.settings.kind}  {summary(finding, words)}", style="bold", markup=False)
    if finding.agency:
        out.print(f"{words('机构', 'agency')}  {finding.agency}", markup=False)
    out.print(f"{words('网址', 'address')}  {finding.address}", markup=False)
    if finding.feed:
        out.print(f"{words('这一页另有订阅源', 'the page also names a feed')}  {finding.feed}", markup=False)
    print_rows(finding, _SAMPLES)
    doubt = finding.doubt(dt.datetime.now(ZONE).date())
    if doubt is not None:
        out.print(doubtful(doubt, words), style="yellow", markup=False)
