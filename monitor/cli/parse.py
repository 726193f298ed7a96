"""`policy-monitor parse`: what a file or a page holds, without storing anything."""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import app, purpose
from monitor.cli.reading import failures_said, load_page, print_problems, read_page
from monitor.cli.terminal import (
    ConfigOption,
    configuration,
    err,
    optional_configuration,
    out,
    table,
    words,
)
from monitor.parsing import LAYOUT_NAMES
from monitor.reading import Reading
from monitor.types import Notice, Page

if TYPE_CHECKING:
    from monitor.config.model import Config
    from monitor.sources.lists import ListRows


class Format(StrEnum):
    """How results are printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


class Role(StrEnum):
    """What the input is."""

    AUTO = "auto"
    DETAIL = "detail"
    LIST = "list"
    JSON_LIST = "json_list"
    FEED = "feed"


@app.command(help=purpose("parse"))
def parse(
    source: Annotated[str, typer.Argument(metavar="FILE|URL")],
    form: Annotated[Format, typer.Option("--format", help=words("输出格式", "output"))] = Format.TABLE,
    layout: Annotated[
        str, typer.Option(help=words("版式：auto, ", "layout: auto, ") + ", ".join(LAYOUT_NAMES))
    ] = "auto",
    role: Annotated[
        Role, typer.Option("--as", help=words("把它当作什么来读", "what to read it as"))
    ] = Role.AUTO,
    base_url: Annotated[
        str | None, typer.Option(help=words("文件原来的网址", "the address that a saved page came from"))
    ] = None,
    archived: Annotated[
        bool,
        typer.Option(
            "--archived",
            help=words(
                "FILE 是存档页面的编号或哈希（见 pages）", "FILE is a page of the archive (see pages)"
            ),
        ),
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Exit status: 0, 1 when nothing could be parsed, 2 for a wrong command line, 3 when blocked.

    Needs no configuration; one that is named, or here, adds its vocabulary.
    """
    if layout not in ("auto", *LAYOUT_NAMES):
        raise typer.BadParameter(f"{layout}: auto, {', '.join(LAYOUT_NAMES)}", param_hint="--layout")
    settings = optional_configuration(config)
    vocabulary = settings.vocabulary_files if settings else ()
    if archived:
        _parse_archived(source, configuration(config), form, layout)
        return
    with failures_said():
        page = load_page(source, base_url)
        if role in (Role.AUTO, Role.DETAIL):
            chosen = "notice" if role is Role.DETAIL else layout
            _print_reading(read_page(page, chosen, vocabulary), form)
        else:
            _print_list(_read_list(page, role), form)


def _parse_archived(name: str, settings: "Config", form: Format, layout: str) -> None:
    """What a page of the archive holds, read as its source reads it now."""
    from monitor.cli.pages import archived_page, list_rows  # noqa: PLC0415 - files need no archive
    from monitor.storage import PageRole  # noqa: PLC0415

    row, page, source = archived_page(settings, name)
    with failures_said():
        if row.role is PageRole.LIST:
            _print_list(list_rows(page, source), form)
        else:
            chosen = source.layout if source and layout == "auto" else layout
            _print_reading(read_page(page, chosen, settings.vocabulary_files), form)


def _read_list(page: Page, role: Role) -> "ListRows":
    from monitor.sources.lists import read_feed, read_list  # noqa: PLC0415 - documents need none of it

    return read_feed(page) if role is Role.FEED else read_list(page)


def _print_reading(reading: Reading, form: Format) -> None:
    records = [notice.to_record() for notice in reading.notices]
    if form is Format.TABLE:
        table(
            words("序号 日期 机构 标题 文号 截止", "# date agencies title number deadline").split(),
            (_row(number, notice) for number, notice in enumerate(reading.notices, 1)),
        )
    else:
        _print_json(records, form)
    print_problems(reading)
    for number, notice in enumerate(reading.notices, 1):
        for warning in notice.warnings:
            err.print(f"{number}. {notice.title[:30]}: {warning}", style="yellow", markup=False)


def _row(number: int, notice: Notice) -> tuple[str, ...]:
    date = notice.published_date or notice.written_date
    return (
        str(number),
        str(date or ""),
        " ".join(notice.agencies) or "、".join(notice.provinces),
        notice.title,
        notice.doc_number or "",
        str(notice.comment_deadline or ""),
    )


def _print_list(found: "ListRows", form: Format) -> None:
    rows = [
        {"title": row.title, "date": row.date and row.date.isoformat(), "url": row.url} for row in found.rows
    ]
    if form is Format.TABLE:
        table(
            words("日期 标题 网址", "date title url").split(),
            ((row["date"] or "", row["title"] or "", row["url"] or "") for row in rows),
        )
        out.print(words("下一页：", "next page: ") + (found.next_url or "-"), markup=False)
    else:
        _print_json([*rows, {"next_url": found.next_url}], form)
    for warning in found.warnings:
        err.print(warning, style="yellow", markup=False)


def _print_json(records: Iterable[dict[str, Any]], form: Format) -> None:
    if form is Format.JSON:
        typer.echo(json.dumps(list(records), ensure_ascii=False, indent=2))
        return
    for record in records:
        typer.echo(json.dumps(record, ensure_ascii=False))
