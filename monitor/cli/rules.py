"""`policy-monitor rules`: what a rule would have sent, and why it takes a notice or leaves it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer
from pydantic import TypeAdapter, ValidationError
from rich.text import Text

from monitor.app import load_vocabulary, open_storage
from monitor.cli import app, purpose
from monitor.cli.reading import failures_said, load_page, print_problems, read_page
from monitor.cli.terminal import (
    ZONE,
    ConfigOption,
    configuration,
    err,
    migrated,
    optional_configuration,
    out,
    table,
    words,
)
from monitor.compose.reasons import reason_lines
from monitor.config.model import Config
from monitor.rehearsal import Arrival, Judgement, Period, Rehearsal, arrivals, arrivals_of, judge, rehearse
from monitor.rehearsal.sentences import hindrances, notes, summary, verdict
from monitor.storage import Storage
from monitor.units import Duration
from rules import Reason, Rule, RuleError, Vocabulary, default_vocabulary, parse_rule

group = typer.Typer(no_args_is_help=True, help=purpose("rules"))
app.add_typer(group, name="rules")

BAR_COLUMNS = 40
REASONS, CONTEXT = 6, 30
"""So many reasons are shown for a notice, with so many characters on either side of a hit."""

RuleArgument = Annotated[str, typer.Argument(metavar="RULE")]
FileOption = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|URL",
        help=words("看这里面的公文，而不是已记录的", "the notices in here instead of those recorded"),
    ),
]


@group.command(help=words("试用：一条规则本来会发送什么", "try a rule: what it would have sent"))
def test(
    rule: RuleArgument,
    since: Annotated[str, typer.Option(help=words("往回看多久，如 90d、12w", "how far back"))] = "90d",
    most: Annotated[int, typer.Option(min=0, help=words("一天几条算太多", "more a day is too many"))] = 20,
    examples: Annotated[int, typer.Option(min=0, help=words("最多几个例子", "how many examples"))] = 5,
    file: FileOption = None,
    config: ConfigOption = None,
) -> None:
    """Exit status: 0, 1 when there is nothing to try it on, 2 for a wrong rule or configuration."""
    trial = _Trial.of(rule, file, config)
    first = trial.today - _days(since)
    found = trial.arrivals_in(file) if file is not None else arrivals(trial.recorded(), first, trial.zone)
    rehearsal = rehearse(
        trial.rule, _with_progress(found), trial.vocabulary, last=trial.today, examples=examples
    )
    if not rehearsal.notices:
        _end(_nothing_since(first, trial.recorded()))
    _print_rehearsal(rehearsal, most)


@group.command(help=words("说明：规则为什么符合或不符合一份公文", "why a rule takes a notice, or not"))
def explain(
    rule: RuleArgument,
    notice: Annotated[
        int | None,
        typer.Argument(metavar="NOTICE", help=words("编号；--file 中的序号", "its id; its place in --file")),
    ] = None,
    file: FileOption = None,
    config: ConfigOption = None,
) -> None:
    """Exit status: 0, 1 when there is no such notice, 2 for a wrong rule or configuration."""
    trial = _Trial.of(rule, file, config)
    if file is not None:
        found = [[text] for text in trial.arrivals_in(file) if notice in (None, text.notice_id)]
    elif notice is not None:
        found = [texts for texts in (trial.arrivals_of(notice),) if texts]
    else:
        _end(words("请给出公文编号，或 --file", "name the notice by its id, or a --file"), 2)
    if not found:
        _end(words(f"没有编号为 {notice} 的公文", f"there is no notice {notice}"))
    _print_rule(trial.rule)
    for texts in found:
        _print_judgement(judge(trial.rule, texts, trial.vocabulary))


@dataclass(frozen=True, slots=True)
class _Trial:
    """A rule that was understood, and what it is tried on."""

    rule: Rule
    vocabulary: Vocabulary
    settings: Config | None
    zone: dt.tzinfo

    @classmethod
    def of(cls, rule: str, file: str | None, config: Path | None) -> "_Trial":
        """Only a file can be looked at without a configuration. Ends the command where the rule is wrong."""
        settings = configuration(config) if file is None else optional_configuration(config)
        vocabulary = load_vocabulary(settings) if settings else default_vocabulary()
        try:
            parsed = parse_rule(rule, vocabulary)
        except RuleError as error:
            _end(error.render(words.language), 2)
        return cls(parsed, vocabulary, settings, ZoneInfo(settings.timezone) if settings else ZONE)

    @property
    def today(self) -> dt.date:
        return dt.datetime.now(self.zone).date()

    def recorded(self) -> Storage:
        assert self.settings is not None, "without a configuration there is a file"
        return migrated(open_storage(self.settings))

    def arrivals_of(self, notice_id: int) -> list[Arrival]:
        with self.recorded().read() as tx:
            return arrivals_of(tx, notice_id, self.zone)

    def arrivals_in(self, file: str) -> list[Arrival]:
        """The notices of a file as if they arrived today, numbered as `parse` numbers them."""
        with failures_said():
            reading = read_page(
                load_page(file), vocabulary=self.settings.vocabulary_files if self.settings else ()
            )
        print_problems(reading)
        return [
            Arrival(notice_id=number, day=self.today, notice=notice)
            for number, notice in enumerate(reading.notices, 1)
        ]


def _nothing_since(first: dt.date, storage: Storage) -> str:
    with storage.read() as tx:
        empty = not tx.notices.latest(limit=1)
    if empty:
        return words(
            "还没有记录任何公文：先运行 policy-monitor check，或用 --file 看一份文件",
            "no notice is recorded yet: run policy-monitor check, or look at a --file",
        )
    return words(
        f"{first} 以来没有公文：请用 --since 看得更早",
        f"no notice since {first}: look further back with --since",
    )


def _days(written: str) -> dt.timedelta:
    """So many days before today that the time named ends with today, a century at most."""
    try:
        time: dt.timedelta = TypeAdapter(Duration).validate_python(written)
    except (ValidationError, OverflowError):
        _end(
            words(
                f"--since 应写成 90d 或 12w，而不是“{written}”", f"--since: write 90d or 12w, not {written!r}"
            ),
            2,
        )
    return dt.timedelta(days=min(max(time.days, 1), 36_500) - 1)


def _with_progress(found: Iterable[Arrival]) -> Iterator[Arrival]:
    """The same, with a word on the terminal about how many there were so far."""
    with err.status("") as status:
        for number, arrival in enumerate(found, 1):
            if number % 100 == 1:
                status.update(words(f"已看过 {number} 份", f"{number} looked at"))
            yield arrival


def _print_rehearsal(rehearsal: Rehearsal, most: int) -> None:
    _print_rule(rehearsal.rule)
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


def _print_judgement(judgement: Judgement) -> None:
    matched = judgement.explanation.matched
    _print_title(judgement.arrival, "✓ " if matched else "✗ ")
    for sentence in verdict(judgement, words):
        out.print(f"    {sentence}", style="" if matched else "yellow", markup=False)
    if judgement.explanation.reasons and not matched:
        out.print(words("    已符合：", "    what is met:"))
    _print_reasons(judgement.explanation.reasons)


def _print_rule(rule: Rule) -> None:
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


def _end(sentence: str, status: int = 1) -> NoReturn:
    err.print(sentence, style="red", markup=False)
    raise typer.Exit(status)
