"""What a rule would have sent."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.rehearsal.arrivals import Arrival
from monitor.rehearsal.suspects import Inquiry, Suspect
from rules import Match, Reason, Rule, RuleIndex, Vocabulary

_DAYS_OF = ((31, 1), (26 * 7, 7))
"""Up to so many days are shown in periods of so many; longer times in periods of four weeks."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One message that a rule would have sent. What is `corrected` goes to whoever was told before, although
    the rule does not match it any more: it has no reasons."""

    arrival: Arrival
    reasons: tuple[Reason, ...]
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """Messages from the day `first` to the day `last`."""

    first: dt.date
    last: dt.date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What a rule would have sent from the day `first`, that of the earliest text, to the day `last`.

    `notices` were looked at, `baseline` of them were told to nobody and stand on the day of their
    publication; `days` are the messages of each day that has any; `examples` are the latest. `suspects` are
    there where nothing would have been sent.
    """

    rule: Rule
    first: dt.date
    last: dt.date
    notices: int
    baseline: int
    days: Mapping[dt.date, int]
    examples: tuple[Sending, ...]
    suspects: tuple[Suspect, ...]

    @property
    def total(self) -> int:
        """All messages."""
        return sum(self.days.values())

    @property
    def length(self) -> int:
        """The number of days, both ends counted."""
        return (self.last - self.first).days + 1

    @property
    def average(self) -> float:
        """Messages a day."""
        return self.total / self.length

    @property
    def busiest(self) -> Period | None:
        """The day with the most messages, the latest of them; None where there is none."""
        if not self.days:
            return None
        day = max(self.days, key=lambda day: (self.days[day], day))
        return Period(day, day, self.days[day])

    @property
    def blocker(self) -> Suspect | None:
        """The condition without which the rule would have matched most; None where it takes more than one."""
        return next((suspect for suspect in self.suspects if suspect.without), None)

    def busy_days(self, most: int) -> list[dt.date]:
        """Days with more messages than that."""
        return sorted(day for day, count in self.days.items() if count > most)

    def periods(self) -> list[Period]:
        """Days, weeks or four weeks, whichever keeps the list short, without gaps, oldest first."""
        step = next((step for length, step in _DAYS_OF if self.length <= length), 28)
        starts = [self.first + dt.timedelta(days) for days in range(0, self.length, step)]
        return [self._period(start, min(start + dt.timedelta(step - 1), self.last)) for start in starts]

    def _period(self, first: dt.date, last: dt.date) -> Period:
        return Period(first, last, sum(n for day, n in self.days.items() if first <= day <= last))


def rehearse(
    rule: Rule, arrivals: Iterable[Arrival], vocabulary: Vocabulary, *, last: dt.date, examples: int = 5
) -> Rehearsal:
    """Hold a rule against what arrived, oldest first, as if it had been subscribed to all the time.

    An edition of a notice is told once, whichever of its texts matches; a correction also to whoever was told
    before. `last` is the present day.
    """
    rehearsing = _Rehearsing(rule, vocabulary, examples)
    for arrival in arrivals:
        rehearsing.take(arrival)
    return rehearsing.result(last)


class _Rehearsing:
    def __init__(self, rule: Rule, vocabulary: Vocabulary, examples: int) -> None:
        self._rule, self._most = rule, examples
        self._index = RuleIndex(vocabulary)
        self._index.add("rule", rule)
        self._inquiry: Inquiry | None = Inquiry(rule, vocabulary)  # until something matches
        self._first: dt.date | None = None
        self._seen: dict[int, bool] = {}  # notice → whether it is of a baseline
        self._told: dict[int, int] = {}  # notice → edition
        self._days: Counter[dt.date] = Counter()
        self._latest: list[tuple[Arrival, Match | None]] = []

    def take(self, arrival: Arrival) -> None:
        self._first = min(self._first or arrival.day, arrival.day)
        self._seen[arrival.notice_id] = arrival.baseline
        if self._inquiry and not arrival.variant:
            self._inquiry.look(arrival.notice, arrival.day)
        told = self._told.get(arrival.notice_id)
        if told == arrival.edition:
            return
        match = next(iter(self._index.match(arrival.notice, today=arrival.day)), None)
        if match or (told is not None and not arrival.variant):
            self._told[arrival.notice_id] = arrival.edition
            self._send(arrival, match)

    def _send(self, arrival: Arrival, match: Match | None) -> None:
        self._inquiry = None
        self._days[arrival.day] += 1
        self._latest.insert(0, (arrival, match))
        self._latest.sort(key=lambda one: one[0].day, reverse=True)
        del self._latest[self._most :]

    def result(self, last: dt.date) -> Rehearsal:
        return Rehearsal(
            rule=self._rule,
            first=min(self._first or last, last),
            last=last,
            notices=len(self._seen),
            baseline=sum(self._seen.values()),
            days=dict(self._days),
            examples=tuple(
                Sending(arrival, match.reasons) if match else Sending(arrival, (), corrected=True)
                for arrival, match in self._latest
            ),
            suspects=self._inquiry.suspects() if self._inquiry and self._seen else (),
        )
