"""When what was met is told: summary windows and quiet hours. Pure; every time is aware.

Windows are counted by the reader's calendar: of each day one, whatever the clocks do on it. A time that the
clocks skip (02:30 in the night they go forward) stands for the same time counted from before, here 03:30; of
a time that comes twice a window ends at the first, and quiet hours end at the second.
"""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from monitor.preferences import Frequency, Pace, QuietHours

_DAY, _HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
LONGEST_WAIT = dt.timedelta(days=9)
"""Longer than any window and the quiet hours after it: only a wrong clock can make anybody wait longer."""


def window_end(frequency: Frequency, timezone: str, after: dt.datetime) -> dt.datetime:
    """When the window ends in which `after` lies: the first end that is later than it."""
    zone = ZoneInfo(timezone)
    if frequency.pace is Pace.HOURLY:
        return _next_full_hour(after.astimezone(zone))
    assert frequency.at is not None, "what is told at once has no windows"
    for day in _days(after.astimezone(zone).date(), 9):
        end = _instant(day, frequency.at, zone)
        if end > after and frequency.weekday in (None, day.weekday()):
            return end
    raise AssertionError("no calendar lacks a weekday for so long")


def quiet_until(quiet: QuietHours | None, timezone: str, now: dt.datetime) -> dt.datetime | None:
    """When the quiet hours end in which `now` lies; None where it lies in none."""
    if quiet is None:
        return None
    zone = ZoneInfo(timezone)
    over_midnight = quiet.end < quiet.start
    for day in _days(now.astimezone(zone).date(), 3):
        start = _instant(day, quiet.start, zone)
        end = _instant(day + _DAY * over_midnight, quiet.end, zone, last=True)
        if start <= now < end:
            return end
    return None


def day_start(timezone: str, now: dt.datetime) -> dt.datetime:
    """When the reader's day began."""
    zone = ZoneInfo(timezone)
    return _instant(now.astimezone(zone).date(), dt.time(), zone)


def next_day(timezone: str, at: dt.time, now: dt.datetime) -> dt.datetime:
    """This time on the reader's next day."""
    zone = ZoneInfo(timezone)
    return _instant(now.astimezone(zone).date() + _DAY, at, zone)


def _days(today: dt.date, count: int) -> Iterator[dt.date]:
    """So many days, from yesterday on."""
    return (today + _DAY * (number - 1) for number in range(count))


def _instant(day: dt.date, time: dt.time, zone: ZoneInfo, *, last: bool = False) -> dt.datetime:
    """A time of the reader's clock, in UTC; the `last` one where it comes twice."""
    first, second = (
        dt.datetime.combine(day, time.replace(fold=fold), zone).astimezone(dt.UTC) for fold in (0, 1)
    )
    return max(first, second) if last else first


def _next_full_hour(local: dt.datetime) -> dt.datetime:
    past = dt.timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return local.astimezone(dt.UTC) - past + _HOUR
