"""`policy-monitor sources export` and `import`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.source_catalogue import end, say_restart
from monitor.cli.sources import group
from monitor.cli.terminal import ConfigOption, configuration, err, out, words
from monitor.config.exchange import take, to_opml, to_yaml
from monitor.config.overlay import OVERLAY, add_sources
from monitor.errors import ConfigError
from monitor.sources.catalogue import catalogue


class Form(StrEnum):
    """How sources are written."""

    YAML = "yaml"
    OPML = "opml"


@group.command("export", help=words("导出来源：YAML 或 OPML", "write the sources as YAML or OPML"))
def export(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None,
    config: ConfigOption = None,
    form: Annotated[
        Form | None,
        typer.Option(
            "--format",
            help=words(
                "yaml（全部）或 opml（订阅源）；默认看文件名", "yaml (all) or opml (feeds); by the name"
            ),
        ),
    ] = None,
) -> None:
    """To standard output without a file. Exit status 1 where the file cannot be written."""
    settings = configuration(config)
    form = form or (Form.OPML if file and file.suffix.lower() == ".opml" else Form.YAML)
    text, left_out = (to_opml if form is Form.OPML else to_yaml)(settings.sources)
    if file is None:
        typer.echo(text, nl=False)
    else:
        try:
            file.write_text(text, "utf-8")
        except OSError as error:
            end(words(f"{file} 无法写入：{error.strerror}", f"{file} cannot be written: {error.strerror}"))
    if left_out:
        names = ", ".join(left_out)
        err.print(
            words(f"OPML 只收订阅源，未导出：{names}", f"OPML takes feeds alone; left out: {names}")
            if form is Form.OPML
            else words(f"密码和密钥未导出：{names}", f"passwords and keys were left out: {names}"),
            style="yellow",
            markup=False,
        )


@group.command("import", help=words("导入来源：YAML 或 OPML", "add the sources of a YAML or OPML file"))
def import_sources(
    file: Annotated[str, typer.Argument(metavar="FILE|-")], config: ConfigOption = None
) -> None:
    """`-` reads standard input. Exit status 2 where the file cannot be read."""
    settings = configuration(config)
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "UTF-8?"
        end(words(f"{file} 无法读取：{reason}", f"{file} cannot be read: {reason}"), 2)
    usable = {entry.id for entry in catalogue().values() if not entry.unusable}
    try:
        found = take(text, settings.sources, usable, words)
    except ConfigError as error:
        why = "; ".join(error.problems)
        end(words(f"{file} 无法导入：{why}", f"{file} cannot be imported: {why}"), 2)
    add_sources(settings.folder, *found.sources)
    for source in found.sources:
        out.print(
            f"+ {source['id']}  {source['kind']}  {source.get('url') or source.get('path')}", markup=False
        )
    for name, free in found.renamed.items():
        out.print(words(f"  {name} 改名为 {free}", f"  {name} is now {free}"), style="dim", markup=False)
    for name, why in found.skipped:
        out.print(f"- {name}  {why}", style="yellow", markup=False)
    out.print(
        words(
            f"导入 {len(found.sources)}，跳过 {len(found.skipped)}（{OVERLAY}）",
            f"{len(found.sources)} imported, {len(found.skipped)} skipped ({OVERLAY})",
        ),
        style="bold",
    )
    if found.sources:
        say_restart()
