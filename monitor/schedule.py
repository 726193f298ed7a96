"""When: pure functions of the time and the settings."""

import datetime as dt
import math
import zlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from monitor.rhythm import Rhythm, next_expected
from monitor.units import Interval

_SPREAD_SHARE = 0.1
_MOST_SPREAD = dt.timedelta(minutes=5)
_FIRST_WAIT, _LONGEST_WAIT = dt.timedelta(minutes=1), dt.timedelta(hours=6)
LONGEST_BACKOFF = dt.timedelta(days=1)
"""No failure keeps a source unchecked for longer, whatever the server asks for."""


@dataclass(frozen=True, slots=True)
class _Backoff:
    """Minutes until the first further try, how they grow from one to the next, and to how many hours."""

    first: float
    growth: float
    hours: float


# Whatever the cause, the third try comes within 20 minutes: an operator is to know within the hour. From
# there on, what a site does on purpose (blocking, robots.txt) or a person must put right is asked for seldom,
# and what passes by itself more often. Names: `FetchCause`, and the causes of `monitor.tally`.
_BACKOFF = {
    "dns": _Backoff(2, 2, 3),
    "connect": _Backoff(2, 2, 3),
    "timeout": _Backoff(3, 2, 3),
    "status": _Backoff(2, 2, 3),
    "redirect": _Backoff(4, 2.5, 6),
    "tls": _Backoff(3, 3, 12),
    "blocked": _Backoff(3, 3, 12),
    "wrong_type": _Backoff(3, 3, 12),
    "too_large": _Backoff(3, 4, 24),
    "robots": _Backoff(3, 4, 24),
    "forbidden_address": _Backoff(3, 4, 24),
    "file": _Backoff(1, 2, 1),
    "parse": _Backoff(3, 2, 1),
    "lost_rows": _Backoff(3, 2, 1),
    "internal": _Backoff(4, 2, 6),
}


def next_check(
    source_id: str, every: Interval, cron: str | None, rhythm: Rhythm, now: dt.datetime
) -> dt.datetime:
    """When a source that is well is checked again.

    By its cron expression, meant in the zone of `now`, where it has one. Else after as long as its rhythm
    says, between the least and the most of `every`. A fraction that follows from its name spreads sources
    evenly over whatever interval they have; for that a check may come a tenth of the least sooner.
    """
    if cron is not None:
        return _by_cron(source_id, cron, now)
    wait = next_expected(rhythm, now, every.least, every.most) if every.least < every.most else every.most
    return now + max(_to_own_beat(source_id, wait, now), every.least * (1 - _SPREAD_SHARE))


def next_try(
    source_id: str, cause: str | None, failures: int, now: dt.datetime, retry_after: float | None = None
) -> dt.datetime:
    """When a source that has failed so many times in a row is checked again; never before the server asked.

    `retry_after`: seconds.
    """
    backoff = _BACKOFF.get(cause or "internal", _BACKOFF["internal"])
    ceiling = dt.timedelta(hours=backoff.hours)
    steps = min(max(failures, 1) - 1, 12)
    wait = min(dt.timedelta(minutes=backoff.first) * backoff.growth**steps, ceiling)
    wait *= 1 + _SPREAD_SHARE * _fraction(f"{source_id} {failures}")
    asked = dt.timedelta(seconds=min(retry_after or 0.0, LONGEST_BACKOFF.total_seconds()))
    return now + max(wait, asked)


def _by_cron(source_id: str, cron: str, now: dt.datetime) -> dt.datetime:
    trigger = CronTrigger.from_crontab(cron, timezone=now.tzinfo)
    first = trigger.get_next_fire_time(None, now)
    second = trigger.get_next_fire_time(first, first) if first else None
    if first is None or second is None:
        return now + LONGEST_BACKOFF  # such as 30 February: look again whether the setting has changed
    spread = min((second - first) * _SPREAD_SHARE, _MOST_SPREAD)
    due: dt.datetime = first + spread * _fraction(source_id)
    return due


def _to_own_beat(source_id: str, wait: dt.timedelta, now: dt.datetime) -> dt.timedelta:
    """The time to the next beat of a clock that ticks every `wait`, at a point of its own for each source."""
    period = wait.total_seconds()
    passed = math.fmod(now.timestamp() + _fraction(source_id) * period, period)
    return dt.timedelta(seconds=period - passed)


def _fraction(name: str) -> float:
    """A number from 0 to 1 that follows from a name."""
    return zlib.crc32(name.encode()) / 0x1_0000_0000


def next_reading(failures: int, failed_at: dt.datetime) -> dt.datetime:
    """When an entry that could not be read so many times in a row is tried again: from a minute, doubling, to
    six hours. A changed entry does not wait."""
    wait: dt.timedelta = min(_FIRST_WAIT * 2 ** min(failures - 1, 20), _LONGEST_WAIT)
    return failed_at + wait


def late_by(
    published: dt.date | None, first_seen: dt.datetime, after: dt.timedelta, timezone: str
) -> dt.timedelta | None:
    """How long after its publication a notice was first seen, where that is longer than `after`.

    Publishers give a day; a notice is late only by what is past the end of that day.
    """
    if published is None:
        return None
    end = dt.datetime.combine(published + dt.timedelta(days=1), dt.time(), ZoneInfo(timezone))
    return first_seen - end if first_seen - end > after else None
