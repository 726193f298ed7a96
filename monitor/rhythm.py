"""How a source publishes: how often, and at which hours of the Beijing week.

Learned from when its notices were first seen and on which days they were published. Where little is known,
an office's hours stand in: Chinese agencies publish on working days, and little at other times.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any, Self
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
LEARNED_FROM = dt.timedelta(days=365)
"""How far back publications count for a rhythm."""

_WEEK = 7 * 24  # hours
_RECENT = dt.timedelta(days=90)  # of which the frequency is taken
_PRIOR_WEIGHT = 20.0  # publications that outweigh an office's hours
_UNKNOWN_PER_DAY = 1.0
_LEAST_PER_DAY = 1 / 90
_NEW_AMONG = 0.1
"""So many publications are to be expected between two checks: nine in ten notices wait alone."""


def _office_hours(hour_of_week: int) -> float:
    """How likely an office publishes in an hour of the week, 0 being Monday after midnight."""
    day, hour = divmod(hour_of_week, 24)
    if day < 5 and 8 <= hour < 18:
        return 1.0
    return 0.2 if 8 <= hour < 22 else 0.03


_OFFICE = [_office_hours(hour) for hour in range(_WEEK)]
_PRIOR = [_PRIOR_WEIGHT * office / sum(_OFFICE) for office in _OFFICE]


@dataclass(frozen=True, slots=True)
class Publication:
    """A notice of a source: when it was first seen there, and what is known of it.

    `baseline`: the first check found it, so when it was seen says nothing about when it came.
    """

    seen_at: dt.datetime
    published: dt.date | None
    baseline: bool = False
    numbered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a source publishes.

    `per_day`: times a day that something new comes, a batch counting once. `hours`: hour of the Beijing week
    (0 is Monday after midnight) → how often something came in it. `days`: how many days of publication this
    was learned from, `last_day` the last of them; `usual_gap` and `longest_gap`: days between two of them,
    None where there are not three. Times are ISO 8601.
    """

    per_day: float = _UNKNOWN_PER_DAY
    hours: Mapping[int, int] = field(default_factory=dict)
    days: int = 0
    usual_gap: float | None = None
    longest_gap: float | None = None
    last_day: str | None = None
    learned_at: str = ""

    def is_fresh(self, now: dt.datetime) -> bool:
        """Whether it was learned today."""
        return self.learned_at[:10] == now.astimezone(dt.UTC).isoformat()[:10]

    def to_record(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any] | None) -> Self:
        """The inverse; of nothing, what is assumed of any source."""
        if record is None:
            return cls()
        return cls(**{**record, "hours": {int(hour): count for hour, count in record["hours"].items()}})


def learn(publications: Iterable[Publication], now: dt.datetime) -> Rhythm:
    """The rhythm behind these publications; those of the last year count, the last 90 days for how often."""
    known = [p for p in publications if p.seen_at <= now and now - p.seen_at <= LEARNED_FROM]
    came = {_hour(p.seen_at) for p in known if not p.baseline}
    days = sorted({day for p in known if (day := _day(p)) and now.date() - day <= LEARNED_FROM})
    gaps = [float((after - before).days) for before, after in pairwise(days)]
    return Rhythm(
        per_day=_per_day(days, came, now),
        hours=dict(Counter(hour.weekday() * 24 + hour.hour for hour in came)),
        days=len(days),
        usual_gap=median(gaps) if len(gaps) > 1 else None,
        longest_gap=max(gaps) if len(gaps) > 1 else None,
        last_day=days[-1].isoformat() if days else None,
        learned_at=now.astimezone(dt.UTC).isoformat(),
    )


def next_expected(rhythm: Rhythm, now: dt.datetime, least: dt.timedelta, most: dt.timedelta) -> dt.timedelta:
    """How long to wait until something new is likely enough to look, between `least` and `most`."""
    weights = _PRIOR.copy()
    for hour, count in rhythm.hours.items():  # what came at ten may come at nine or eleven
        for beside, share in ((-1, 0.25), (0, 0.5), (1, 0.25)):
            weights[(hour + beside) % _WEEK] += count * share
    per_hour = rhythm.per_day * 7 / sum(weights)
    at, expected = _beijing(now), 0.0
    end = at + most
    while at < end:
        until = min(_next_hour(at), end)
        rate = per_hour * weights[at.weekday() * 24 + at.hour]
        hours = (until - at) / dt.timedelta(hours=1)
        if expected + rate * hours >= _NEW_AMONG:
            at += (_NEW_AMONG - expected) / rate * dt.timedelta(hours=1)
            break
        expected += rate * hours
        at = until
    return max(least, at - _beijing(now))


def _per_day(days: list[dt.date], came: set[dt.datetime], now: dt.datetime) -> float:
    """Of days of publication, or of what came where that is more, in the time that is known."""
    if not days and not came:
        return _UNKNOWN_PER_DAY
    recent = _beijing(now) - _RECENT
    oldest = min([*days, *(hour.date() for hour in came)])
    span = max((_beijing(now).date() - max(oldest, recent.date())).days, 7)
    count = max(sum(day >= recent.date() for day in days), sum(hour >= recent for hour in came))
    return max(count / span, _LEAST_PER_DAY)


def _day(publication: Publication) -> dt.date | None:
    """The day of publication; a day to come is a mistake."""
    seen = _beijing(publication.seen_at).date()
    if publication.published is not None and publication.published <= seen:
        return publication.published
    return None if publication.baseline else seen


def _hour(time: dt.datetime) -> dt.datetime:
    return _beijing(time).replace(minute=0, second=0, microsecond=0)


def _next_hour(time: dt.datetime) -> dt.datetime:
    return time.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)


def _beijing(time: dt.datetime) -> dt.datetime:
    return time.astimezone(BEIJING)
