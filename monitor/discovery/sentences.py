"""What a finding is, in words."""

from monitor.discovery.finding import Doubt, Finding
from monitor.words import Words


def summary(finding: Finding, words: Words) -> str:
    """What was detected, in one line: `20 条，最新 2026-11-18，TRS，utf-8，能翻页`."""
    paging = {
        True: words("能翻页", "further pages"),
        False: words("翻页不通", "paging does not work"),
        None: "",
    }
    parts = (
        words(f"{finding.row_count} 条", f"{finding.row_count} row(s)"),
        words(f"最新 {finding.newest}", f"newest {finding.newest}") if finding.newest else "",
        finding.family or "",
        finding.encoding or "",
        paging[finding.paging],
    )
    return words("，", ", ").join(filter(None, parts))


def doubtful(doubt: Doubt, words: Words) -> str:
    """What speaks against watching it."""
    if doubt is Doubt.UNDATED:
        return words(
            "但没有一条带日期，可能是导航栏，不是公文列表",
            "but no row has a date: it may be a menu rather than a list of notices",
        )
    return words(
        "但最新一条已过去一年多，栏目可能已停用",
        "but its newest row is over a year old: the column may be abandoned",
    )
