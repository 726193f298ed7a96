"""`policy-monitor pages`: the archive of raw pages, and what its pages hold."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from monitor.cli import app, purpose
from monitor.cli.reading import failures_said, read_page
from monitor.cli.terminal import ConfigOption, configuration, err, migrated, out, shown_time, table, words
from monitor.config.model import Config
from monitor.opening import open_archive, open_storage
from monitor.sources import SOURCE_KINDS, SourceSettings
from monitor.storage import ArchivedPage, PageRole, Sighting
from monitor.types import Notice, Page

if TYPE_CHECKING:
    from monitor.sources.lists import ListRows

group = typer.Typer(invoke_without_command=True, help=purpose("pages"))
app.add_typer(group, name="pages")

_ROLES = {PageRole.LIST: words("列表", "list"), PageRole.NOTICE: words("公文", "notice")}
_NOT_COMPARED = frozenset(("source_id", "url", "position", "fingerprint"))


@group.callback()
def listing(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help=words("只看这个来源", "of this source"))] = None,
    containing: Annotated[
        str, typer.Option("--url", help=words("网址含有这段文字", "with this text in the address"))
    ] = "",
    failed: Annotated[
        bool, typer.Option("--failed", help=words("只看没读懂的", "those that could not be read"))
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help=words("最多几页", "at most"))] = 50,
    config: ConfigOption = None,
) -> None:
    """Without a further command: the pages fetched last, newest first."""
    if context.invoked_subcommand is not None:
        return
    with migrated(open_storage(configuration(config))).read() as tx:
        found = tx.pages.latest(source_id=source, containing=containing, failed=failed, limit=limit)
    table(
        words(
            "编号 取得时间 来源 类型 字节 网址 问题", "id fetched source kind bytes address problem"
        ).split(),
        map(_row, found),
    )


def _row(page: ArchivedPage) -> tuple[str, ...]:
    fetched, role = shown_time(page.fetched_at), _ROLES[page.role]
    return (str(page.id), fetched, page.source_id, role, str(page.size), page.url, page.problem or "")


@group.command(help=words("把一页的原始内容存成文件", "write a page as it was fetched to a file"))
def save(
    name: Annotated[str, typer.Argument(metavar="ID|HASH")],
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    config: ConfigOption = None,
) -> None:
    """Exit status 1 where the file exists already or cannot be written."""
    _, page, _ = archived_page(configuration(config), name)
    try:
        with file.open("xb") as target:
            target.write(page.body)
    except OSError as error:
        err.print(f"{file}: {error.strerror or error}", style="red", markup=False)
        raise typer.Exit(1) from None


def archived_page(config: Config, name: str) -> tuple[ArchivedPage, Page, SourceSettings | None]:
    """A page of the archive by its id or hash, with its source where that is still configured.

    Ends the command with status 2 where there is none. Raises `StorageError`.
    """
    with migrated(open_storage(config)).read() as tx:
        archived = tx.pages.get(name)
    if archived is None:
        sentence = words(
            f"存档里没有 {name}；policy-monitor pages 列出有哪些",
            f"the archive has no page {name}; policy-monitor pages lists what there is",
        )
        err.print(sentence, style="red", markup=False)
        raise typer.Exit(2)
    settings = next((source for source in config.sources if source.id == archived.source_id), None)
    return archived, open_archive(config).page(archived), settings


def list_rows(page: Page, settings: SourceSettings | None) -> "ListRows":
    """The rows of an archived list, read as its source reads it now. Raises `SourceError`."""
    from monitor.sources.lists import read_feed, read_list  # noqa: PLC0415 - not needed to list pages
    from monitor.sources.lists.feeds import is_feed  # noqa: PLC0415

    if settings is not None:
        source = SOURCE_KINDS[settings.kind].create(settings, Path())
        if hasattr(source, "rows_of"):
            return source.rows_of(page)  # type: ignore[no-any-return]  # the kinds are known by name
    return read_feed(page) if is_feed(page) else read_list(page)


@group.command(help=words("重读一条公文的存档页面，列出不同", "read a notice's page again and compare"))
def reparse(
    notice_id: Annotated[int, typer.Argument(metavar="NOTICE", help=words("公文编号", "id of the notice"))],
    config: ConfigOption = None,
) -> None:
    """Stores nothing. Exit status 1 where the page cannot be read, or no longer holds the notice."""
    settings = configuration(config)
    with migrated(open_storage(settings)).read() as tx:
        if tx.notices.get(notice_id) is None:
            _refuse(words(f"没有编号为 {notice_id} 的公文", f"there is no notice {notice_id}"))
        recorded = tx.notices.revisions(notice_id)[-1].notice
        seen = reversed(tx.notices.sightings(notice_id))
        found = ((place, page) for place in seen for page in tx.pages.at(place.source_id, place.url))
        place, archived = next(found, (None, None))
    if place is None or archived is None:
        _refuse(words("存档里没有它的页面", "its page is not in the archive"))
    with failures_said():
        page = open_archive(settings).page(archived)
        layout = next((source.layout for source in settings.sources if source.id == place.source_id), "auto")
        again = _same_place(read_page(page, layout, settings.vocabulary_files).notices, recorded, place)
    if again is None:
        _refuse(words("重读时没有找到它", "it is not found in its page any more"))
    _print_differences(recorded, again)


def _refuse(sentence: str) -> NoReturn:
    err.print(sentence, style="red", markup=False)
    raise typer.Exit(1)


def _print_differences(recorded: Notice, again: Notice) -> None:
    again = replace(again, published_date=again.published_date or recorded.published_date)  # a list's date
    then, now = recorded.to_record(), again.to_record()
    changed = [name for name in then if name not in _NOT_COMPARED and then[name] != now[name]]
    if not changed:
        out.print(words("重读与记录相同", "read again, it is as recorded"), style="green")
        return
    columns = words("字段 记录 重读", "field recorded again").split()
    table(columns, ((name, str(then[name]), str(now[name])) for name in changed))


def _same_place(found: tuple[Notice, ...], recorded: Notice, sighting: Sighting) -> Notice | None:
    """The notice of a page that stands where one was seen."""
    if len(found) == 1:
        return found[0]
    here = (notice for notice in found if notice.position == sighting.position)
    titled = (notice for notice in found if notice.title == recorded.title)
    return next(here, None) if sighting.position else next(titled, None)
