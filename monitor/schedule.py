"""When: pure functions of the time and the settings."""

import datetime as dt
import zlib
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

_JITTER_SHARE = 0.1
_MOST_JITTER = dt.timedelta(minutes=5)
_START_WITHIN = dt.timedelta(seconds=60)
_FIRST_WAIT, _LONGEST_WAIT = dt.timedelta(minutes=1), dt.timedelta(hours=6)


def trigger(every: dt.timedelta, cron: str | None, timezone: str) -> BaseTrigger:
    """APScheduler's trigger of a source: a cron expression where there is one, else an interval.

    Both are spread by up to a tenth of the interval (5 minutes at most), so that many sources do not start
    together and a site does not see us at the full hour.
    """
    jitter = int(min(every * _JITTER_SHARE, _MOST_JITTER).total_seconds()) or None
    if cron is None:
        return IntervalTrigger(seconds=every.total_seconds(), jitter=jitter)
    result = CronTrigger.from_crontab(cron, timezone=ZoneInfo(timezone))
    result.jitter = jitter
    return result


def first_run(
    source_id: str, when: BaseTrigger, now: dt.datetime, last: dt.datetime | None
) -> dt.datetime | None:
    """When a source is checked first after a start; None for never again.

    At once where it never was; else when it is due. What is overdue is spread over a minute by the source's
    name, so that a thousand sources do not start together.
    """
    if last is None:
        return now
    due: dt.datetime | None = when.get_next_fire_time(last, last)
    spread = zlib.crc32(source_id.encode()) / 0xFFFF_FFFF * _START_WITHIN
    return due and max(due, now + spread)


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
