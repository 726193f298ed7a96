"""`policy-monitor notices`: what is recorded."""

from typing import Annotated

import typer

from monitor.cli import app, purpose
from monitor.cli.terminal import ConfigOption, configuration, migrated, out, shown_time, table, words
from monitor.opening import open_storage
from monitor.storage import StoredNotice, Transaction


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
        missing = tx.notices.not_searchable() if containing else 0
    table(words("编号 日期 省份 标题 文号", "id date province title number").split(), map(_row, found))
    if missing:
        out.print(
            words(
                f"还有 {missing} 份较早的文本没有建立索引：`policy-monitor run` 会逐步完成",
                f"{missing} older texts are not searchable yet: `policy-monitor run` makes them so",
            ),
            style="yellow",
        )


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
