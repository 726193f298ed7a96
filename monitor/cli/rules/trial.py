"""`policy-monitor rules test` and `explain`: what a rule would send, and why it takes a notice or not."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import TypeAdapter, ValidationError

from monitor.cli.reading import failures_said, load_page, print_problems, read_page
from monitor.cli.rules.group import RuleArgument, SubscriberOption, chosen_subscriber, end, group
from monitor.cli.rules.showing import print_judgement, print_rehearsal, print_rule
from monitor.cli.terminal import (
    ZONE,
    ConfigOption,
    configuration,
    err,
    migrated,
    optional_configuration,
    words,
)
from monitor.config.model import Config, RulesSettings
from monitor.opening import load_vocabulary, open_storage
from monitor.rehearsal import Arrival, arrivals, arrivals_of, judge, rehearse
from monitor.saved_rules import texts_of
from monitor.storage import Storage
from monitor.units import Duration
from rules import Rule, RuleError, Vocabulary, default_vocabulary, parse_rule
from rules.language import saved_names

FileOption = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|URL",
        help=words("看这里面的公文，而不是已记录的", "the notices in here instead of those recorded"),
    ),
]


MostOption = Annotated[
    int | None,
    typer.Option(
        min=0,
        help=words(
            "一天超过几条算太多；不写则按配置的 rules.too_many",
            "more a day is too many; rules.too_many of the configuration if absent",
        ),
    ),
]


@group.command(help=words("试用：一条规则本来会发送什么", "try a rule: what it would have sent"))
def test(
    rule: RuleArgument,
    since: Annotated[str, typer.Option(help=words("往回看多久，如 90d、12w", "how far back"))] = "90d",
    most: MostOption = None,
    examples: Annotated[int, typer.Option(min=0, help=words("最多几个例子", "how many examples"))] = 5,
    file: FileOption = None,
    subscriber: SubscriberOption = None,
    config: ConfigOption = None,
) -> None:
    """Exit status: 0, 1 when there is nothing to try it on, 2 for a wrong rule or configuration."""
    trial = _Trial.of(rule, file, subscriber, config)
    first = trial.today - _days(since)
    found = trial.arrivals_in(file) if file is not None else arrivals(trial.recorded(), first, trial.zone)
    rehearsal = rehearse(
        trial.rule, _with_progress(found), trial.vocabulary, last=trial.today, examples=examples
    )
    if not rehearsal.notices:
        end(_nothing_since(first, trial.recorded()))
    print_rehearsal(rehearsal, trial.too_many if most is None else most)


@group.command(help=words("说明：规则为什么符合或不符合一份公文", "why a rule takes a notice, or not"))
def explain(
    rule: RuleArgument,
    notice: Annotated[
        int | None,
        typer.Argument(metavar="NOTICE", help=words("编号；--file 中的序号", "its id; its place in --file")),
    ] = None,
    file: FileOption = None,
    subscriber: SubscriberOption = None,
    config: ConfigOption = None,
) -> None:
    """Exit status: 0, 1 when there is no such notice, 2 for a wrong rule or configuration."""
    trial = _Trial.of(rule, file, subscriber, config)
    if file is not None:
        found = [[text] for text in trial.arrivals_in(file) if notice in (None, text.notice_id)]
    elif notice is not None:
        found = [texts for texts in (trial.arrivals_of(notice),) if texts]
    else:
        end(words("请给出公文编号，或 --file", "name the notice by its id, or a --file"), 2)
    if not found:
        end(words(f"没有编号为 {notice} 的公文", f"there is no notice {notice}"))
    print_rule(trial.rule)
    for texts in found:
        print_judgement(judge(trial.rule, texts, trial.vocabulary))


@dataclass(frozen=True, slots=True)
class _Trial:
    """A rule that was understood, and what it is tried on."""

    rule: Rule
    vocabulary: Vocabulary
    settings: Config | None
    zone: dt.tzinfo

    @classmethod
    def of(cls, rule: str, file: str | None, subscriber: str | None, config: Path | None) -> "_Trial":
        """Only a file can be looked at without a configuration. Ends the command where the rule is wrong."""
        settings = configuration(config) if file is None else optional_configuration(config)
        vocabulary = load_vocabulary(settings) if settings else default_vocabulary()
        try:
            saved = _saved_for(rule, settings, subscriber) if settings else {}
            parsed = parse_rule(rule, vocabulary, saved)
        except RuleError as error:
            end(error.render(words.language), 2)
        return cls(parsed, vocabulary, settings, ZoneInfo(settings.timezone) if settings else ZONE)

    @property
    def too_many(self) -> int:
        """What the configuration calls too many messages a day."""
        return (self.settings.rules if self.settings else RulesSettings()).too_many

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


def _saved_for(rule: str, settings: Config, subscriber: str | None) -> dict[str, str]:
    """What names in the rule stand for; without a name nobody need be chosen."""
    if not saved_names(rule):
        return {}
    with migrated(open_storage(settings)).read() as tx:
        return texts_of(tx, chosen_subscriber(tx, subscriber).id)


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
        end(
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
