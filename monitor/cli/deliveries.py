"""`policy-monitor deliveries`: what was sent, to whom, why, and what the provider answered."""

import datetime as dt
import difflib
from typing import Annotated, NoReturn

import typer

from monitor.cli import app, purpose
from monitor.cli.terminal import ConfigOption, configuration, err, migrated, out, shown_time, table, words
from monitor.explain import outcome_said
from monitor.opening import open_storage
from monitor.storage import Delivery, DeliveryState, Transaction

group = typer.Typer(invoke_without_command=True, help=purpose("deliveries"))
app.add_typer(group, name="deliveries")

STATES = {
    DeliveryState.PENDING: words("待发", "pending"),
    DeliveryState.LEASED: words("发送中", "being sent"),
    DeliveryState.RETRY: words("将重试", "to be retried"),
    DeliveryState.HELD: words("搁置", "held"),
    DeliveryState.SENT: words("已发送", "sent"),
    DeliveryState.FAILED: words("失败", "failed"),
    DeliveryState.CANCELLED: words("已取消", "cancelled"),
}


@group.callback()
def listing(
    context: typer.Context,
    config: ConfigOption = None,
    state: Annotated[
        list[DeliveryState] | None, typer.Option(help=words("只列这些状态", "only these states"))
    ] = None,
    subscriber: Annotated[str | None, typer.Option(help=words("只列此人", "only this subscriber"))] = None,
    limit: Annotated[int, typer.Option(min=1, help=words("最多几条", "at most"))] = 50,
) -> None:
    """Without a further command: the latest deliveries, newest first."""
    if context.invoked_subcommand is not None:
        return
    with migrated(open_storage(configuration(config))).read() as tx:
        if subscriber is not None:
            _refuse_unknown(subscriber, [known.name for known in tx.destinations.subscribers()])
        found = tx.deliveries.latest(*(state or ()), subscriber=subscriber, limit=limit)
        rows = [_row(tx, delivery) for delivery in found]
    table(
        words(
            "编号 时间 订阅人 渠道 状态 次数 内容 因为 回答",
            "id time subscriber channel state tries about because answer",
        ).split(),
        rows,
    )


def _row(tx: Transaction, delivery: Delivery) -> tuple[str, ...]:
    attempts = tx.deliveries.attempts(delivery.id)
    answer = delivery.note or (attempts[-1].answer if attempts else "") or ""
    return (
        str(delivery.id),
        shown_time(delivery.finished_at or delivery.created_at),
        delivery.subscriber,
        delivery.channel,
        STATES[delivery.state],
        str(delivery.attempts),
        _about(tx, delivery),
        "; ".join(dict.fromkeys(match.subscription for match in tx.matches.of_delivery(delivery.id))),
        answer,
    )


def _about(tx: Transaction, delivery: Delivery) -> str:
    if delivery.revision_id is not None:
        return tx.notices.revision(delivery.revision_id).notice.title
    content = delivery.content or {}
    if "summary" not in content:
        return str(content.get("headline", ""))
    summary = content["summary"]
    parts = f" ({summary['part']}/{summary['parts']})" if summary["parts"] > 1 else ""
    return words(f"汇总：{summary['notices']} 条公文", f"summary: {summary['notices']} notices") + parts


@group.command(help=words("查看一条：原因与每次尝试", "show one: reasons and every attempt"))
def show(number: Annotated[int, typer.Argument(metavar="ID")], config: ConfigOption = None) -> None:
    """The reasons with their snippets, and each try with its answer."""
    with migrated(open_storage(configuration(config))).read() as tx:
        delivery = tx.deliveries.get(number)
        if delivery is None:
            _refuse(number)
        out.print(f"{STATES[delivery.state]}  {_about(tx, delivery)}", markup=False)
        for match in tx.matches.of_delivery(number):
            out.print(f"  {match.subscription}: {match.rule}", markup=False)
            for reason in match.reasons:
                via = f" ({reason.alias})" if reason.alias else ""
                out.print(f"    {reason.term}{via}  {reason.field}: {reason.snippet}", markup=False)
        for attempt in tx.deliveries.attempts(number):
            outcome = outcome_said(attempt.outcome, words)
            when = shown_time(attempt.started_at)
            out.print(f"  {attempt.number}. {when}  {outcome}  {attempt.answer or ''}", markup=False)


@group.command(help=words("立即重发失败或待发的一条", "send again at once what failed or waits"))
def retry(number: Annotated[int, typer.Argument(metavar="ID")], config: ConfigOption = None) -> None:
    """Exit status 2 where it is sent already or on its way."""
    with migrated(open_storage(configuration(config))).begin() as tx:
        if not tx.deliveries.retry(number, dt.datetime.now(dt.UTC)):
            _refuse(number)
    out.print(words(f"{number} 将立即重发", f"{number} is sent again at once"))


def _refuse_unknown(name: str, known: list[str]) -> None:
    if name not in known:
        near = ", ".join(difflib.get_close_matches(name, known, n=3))
        hint = words(f"，是不是 {near}？", f"; did you mean {near}?") if near else ""
        err.print(
            words(f"没有订阅人 {name}", f"there is no subscriber {name}") + hint, style="red", markup=False
        )
        raise typer.Exit(2)


def _refuse(number: int) -> NoReturn:
    err.print(
        words(
            f"{number}：没有这条；或已发送、正在发送、被搁置（请启用其去处）",
            f"{number}: there is none, or it is sent, on its way, or held (activate its destination)",
        ),
        style="red",
    )
    raise typer.Exit(2)
