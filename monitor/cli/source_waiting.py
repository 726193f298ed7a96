"""Selected sources that are not checked: said wherever somebody looks."""

from collections.abc import Iterable, Iterator

from monitor.cli.terminal import words
from monitor.config.selection import Waiting, Why

_SHOWN = 12


def waiting_said(waiting: Iterable[Waiting]) -> Iterator[str]:
    """A sentence for each reason why selected entries are not checked, with what to do."""
    by_reason: dict[Why, list[Waiting]] = {why: [] for why in Why}
    for entry in waiting:
        by_reason[entry.why].append(entry)
    if unverified := by_reason[Why.UNVERIFIED]:
        yield words(
            f"所选来源有 {len(unverified)} 个尚未验证，不会检查：{_ids(unverified)}"
            "（policy-monitor sources verify 逐个试读）",
            f"{len(unverified)} selected source(s) were never verified and are not checked: "
            f"{_ids(unverified)} "
            "(policy-monitor sources verify tries them)",
        )
    if failed := by_reason[Why.FAILED]:
        yield words(
            f"有 {len(failed)} 个验证时未能读取，不会检查：{_ids(failed)}"
            "（policy-monitor sources catalogue ID 看原因，sources verify ID 再试）",
            f"{len(failed)} could not be read when they were tried and are not checked: {_ids(failed)} "
            "(policy-monitor sources catalogue ID says why, sources verify ID tries again)",
        )
    if unusable := by_reason[Why.UNUSABLE]:
        yield words(
            f"有 {len(unusable)} 个没有可用的网址：{_ids(unusable)}"
            "（找到列表页后 policy-monitor sources add 网址 --id ID）",
            f"{len(unusable)} have no usable address: {_ids(unusable)} "
            "(find the list, then policy-monitor sources add URL --id ID)",
        )


def _ids(entries: list[Waiting]) -> str:
    names = ", ".join(entry.id for entry in entries[:_SHOWN])
    return names if len(entries) <= _SHOWN else f"{names} …"
