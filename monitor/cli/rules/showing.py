"""How `rules test` and `rules explain` show what they found."""

from collections.abc import Sequence

from rich.text import Text

from monitor.cli.terminal import out, table, words
from monitor.compose.reasons import reason_lines
from monitor.rehearsal import Arrival, Judgement, Period, Rehearsal
from monitor.rehearsal.sentences import hindrances, notes, summary, verdict
from rules import Reason, Rule

BAR_COLUMNS = 40
REASONS, CONTEXT = 6, 30
"""So many reasons are shown for a notice, with so many characters on either side of a hit."""


def print_rehearsal(rehearsal: Rehearsal, most: int) -> None:
    """What a rule would have sent; more than `most` messages a day are too many."""
    print_rule(rehearsal.rule)
    out.print(summary(rehearsal, words), markup=False)
    for sentence in notes(rehearsal, most, words):
        out.print(sentence, style="yellow", markup=False)
    for sentence in hindrances(rehearsal, words):
        out.print(sentence, markup=False)
    if rehearsal.total and rehearsal.length > 1:
        _print_periods(rehearsal)
    if rehearsal.examples:
        out.print(words("\n最近的例子", "\nThe latest"), style="bold")
    for example in rehearsal.examples:
        _print_title(example.arrival)
        _print_reasons(example.reasons)
        if example.corrected:
            out.print(words("    更正：之前提醒过", "    a correction of what was told before"), style="dim")


def _print_periods(rehearsal: Rehearsal) -> None:
    periods = rehearsal.periods()
    largest = max(period.count for period in periods)
    out.print()
    table(
        words("日期 条数", "date messages").split(),
        (
            (_dates(period), str(period.count), "█" * -(-period.count * BAR_COLUMNS // largest))
            for period in periods
        ),
    )


def _dates(period: Period) -> str:
    return f"{period.first}–{period.last}" if period.first < period.last else str(period.first)


def print_judgement(judgement: Judgement) -> None:
    """Why a rule takes a notice, or what failed first."""
    matched = judgement.explanation.matched
    _print_title(judgement.arrival, "✓ " if matched else "✗ ")
    for sentence in verdict(judgement, words):
        out.print(f"    {sentence}", style="" if matched else "yellow", markup=False)
    if judgement.explanation.reasons and not matched:
        out.print(words("    已符合：", "    what is met:"))
    _print_reasons(judgement.explanation.reasons)


def print_rule(rule: Rule) -> None:
    """The rule as it was understood."""
    out.print(words(f"规则：{rule}", f"rule: {rule}"), style="bold", markup=False)


def _print_title(arrival: Arrival, mark: str = "") -> None:
    parts = (
        str(arrival.notice_id),
        str(arrival.day),
        "、".join(arrival.notice.provinces),
        arrival.notice.title,
    )
    out.print(mark + "  ".join(filter(None, parts)), markup=False)


def _print_reasons(reasons: Sequence[Reason]) -> None:
    """As deliveries show them, the hit standing out."""
    for line in reason_lines(reasons, REASONS, CONTEXT, words):
        text = Text("    · ")
        for span in line.spans:
            bare = out.is_terminal or not span.hit
            text.append(span.text if bare else f"«{span.text}»", "bold yellow" if span.hit else "")
        out.print(text)
