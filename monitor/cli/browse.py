"""`policy-monitor notices` and `sources`: what is known."""

from typing import Annotated

import typer

from monitor.app import open_storage
from monitor.cli import app, purpose
from monitor.cli.terminal import ConfigOption, configuration, migrated, out, shown_time, table, words
from monitor.storage import StoredNotice, StoredSource, Transaction


@app.command(help=purpose("notices"))
def notices(
    containing: Annotated[str, typer.Argument(metavar="[TEXT]")] = "",
    config: ConfigOption = None,
    number: Annotated[
        int | None, typer.Option("--id", help=words("显示一条的全部", "show one in full"))
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help=words("最多几条", "at most"))] = 50,
) -> None:
    """A table, or with `--id` one notice with its history."""
    settings = configuration(config)
    with migrated(open_storage(settings)).read() as tx:
        if number is not None:
            _show(tx, number)
            return
        found = tx.notices.latest(containing=containing, limit=limit)
    table(words("编号 日期 省份 标题 文号", "id date province title number").split(), map(_row, found))


def _row(notice: StoredNotice) -> tuple[str, ...]:
    date = notice.published_date or notice.written_date
    return (
        str(notice.id),
        str(date or ""),
        "、".join(notice.provinces),
        notice.title,
        notice.doc_number or "",
    )


def _show(tx: Transaction, notice_id: int) -> None:
    stored = tx.notices.get(notice_id)
    if stored is None:
        out.print(words(f"没有编号为 {notice_id} 的公文", f"there is no notice {notice_id}"), style="red")
        raise typer.Exit(1)
    latest = tx.notices.revisions(notice_id)[-1].notice
    for name, value in latest.to_record().items():
        if value not in (None, [], "", False) and name not in ("body", "interpretations"):
            out.print(f"{name:18} {value}", markup=False)
    out.print(f"\n{latest.body}\n", markup=False)
    for sighting in tx.notices.sightings(notice_id):
        where = f"{sighting.source_id} {sighting.url} {sighting.position or ''}"
        out.print(f"{shown_time(sighting.first_seen_at)}  {where}", style="dim", markup=False)


@app.command(help=purpose("sources"))
def sources(config: ConfigOption = None) -> None:
    """A table of the configured sources; those never checked say so."""
    settings = configuration(config)
    with migrated(open_storage(settings)).read() as tx:
        stored = {source.id: source for source in tx.sources.all()}
    table(
        words(
            "来源 类型 状况 上次检查 上次成功 上次有新 说明", "source kind state checked succeeded new note"
        ).split(),
        (
            (source.id, source.kind, *_health(stored.get(source.id), source.enabled))
            for source in settings.sources
        ),
    )


def _health(source: StoredSource | None, enabled: bool) -> tuple[str, ...]:
    if not enabled:
        return words("停用", "disabled"), "", "", "", ""
    if source is None or source.checked_at is None:
        return words("尚未检查", "never checked"), "", "", "", ""
    state = words("正常", "well")
    if source.failures:
        state = words(f"连续失败 {source.failures} 次", f"failed {source.failures} times in a row")
    times = (shown_time(t) if t else "" for t in (source.checked_at, source.succeeded_at, source.new_at))
    return state, *times, source.message or ""
