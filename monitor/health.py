"""Is a source well? What a check saw, held against what is known of the source.

Pure: from one check and the history to the symptoms that are there, those that are not, and those that this
check says nothing about. What is done about them is `monitor.care`'s.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.rhythm import BEIJING, Rhythm
from monitor.types import Entry


class Symptom(StrEnum):
    """What can be the matter with a source."""

    FAILING = "failing"  # it could not be read several times in a row
    LOST_ROWS = "lost_rows"  # its list shows a fraction of its rows
    LAYOUT = "layout"  # its list was found in another form than ever before
    OLD_DATES = "old_dates"  # its list shows older notices than before, or only old ones as new
    SILENT = "silent"  # nothing new for far longer than usual


BLIND_AFTER = dt.timedelta(hours=1)
"""An operator is to know by then: a source whose next try is later is said to fail at once."""
NEW_LAYOUT_AFTER = dt.timedelta(days=1)
"""A list that reads well in another form for so long has a new layout."""

_SAMPLE = 5
_FEW_LEFT = 1 / 3
_ENOUGH_ROWS = 5
_ENOUGH_DAYS = 8  # of publication, before silence means anything
_SHORTEST_SILENCE = 10.0  # days; a national holiday takes eight
_BACKWARDS = dt.timedelta(days=7)
_LONG_AGO = dt.timedelta(days=30)
_SEVERAL = 3

Sample = list[tuple[str, str | None]]
"""The newest rows of a list: title, and date as YYYY-MM-DD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a check saw, and what was known before it.

    `failures` in a row with this one; `failing_since` is when they began, `next_try` when the source is tried
    again. `entries`: None where the list is as it was, or could not be read. `rows` are those of its first
    page,
    `usual_rows` what there were of late. `new_dates` are the days of publication of the notices it brought.
    `sample` and `layouts` are of good checks before.
    """

    now: dt.datetime
    failed: bool
    cause: str | None = None
    failures: int = 0
    failing_since: dt.datetime | None = None
    next_try: dt.datetime | None = None
    alarm_after: int = 3
    entries: Sequence[Entry] | None = None
    rows: int | None = None
    usual_rows: float | None = None
    new_dates: Sequence[dt.date | None] = ()
    layout: str | None = None
    sample: Sample | None = None
    layouts: tuple[str, ...] = ()
    rhythm: Rhythm = field(default_factory=Rhythm)


def judge(seen: Seen) -> dict[Symptom, bool]:
    """Symptom → whether it is there; one that this check says nothing about is missing."""
    if seen.failed:
        which = Symptom.LOST_ROWS if seen.cause == "lost_rows" else Symptom.FAILING
        return {which: True} if _is_failing(seen) else {}
    found = {Symptom.FAILING: False, Symptom.SILENT: is_silent(seen.rhythm, seen.now)}
    if seen.rows is not None and seen.usual_rows is not None:
        few = seen.rows <= seen.usual_rows * _FEW_LEFT
        found[Symptom.LOST_ROWS] = few and seen.usual_rows >= _ENOUGH_ROWS
    if seen.layout is not None and seen.layouts:
        found[Symptom.LAYOUT] = seen.layout not in seen.layouts
    if seen.sample is not None and seen.entries is not None:
        found[Symptom.OLD_DATES] = _shows_old_dates(seen, seen.sample)
    return found


def is_silent(rhythm: Rhythm, now: dt.datetime) -> bool:
    """Whether nothing came for far longer than usual."""
    limit = silent_after(rhythm)
    return limit is not None and silent_days(rhythm, now) > limit


def silent_after(rhythm: Rhythm) -> float | None:
    """After how many days without anything new a source is silent; None while too little is known of it."""
    if rhythm.days < _ENOUGH_DAYS or rhythm.usual_gap is None or rhythm.longest_gap is None:
        return None
    return max(_SHORTEST_SILENCE, 4 * rhythm.usual_gap, 1.5 * rhythm.longest_gap)


def silent_days(rhythm: Rhythm, now: dt.datetime) -> int:
    """Days since the last day of publication; 0 where none is known."""
    if rhythm.last_day is None:
        return 0
    return (now.astimezone(BEIJING).date() - dt.date.fromisoformat(rhythm.last_day)).days


def needed_quiet(earlier: int) -> dt.timedelta:
    """How long a symptom must be gone before that is believed, after so many earlier episodes of a week.

    A source that breaks and recovers every hour is not told about every hour.
    """
    return dt.timedelta(hours=3.0 ** min(earlier, 5)) if earlier else dt.timedelta(0)


def sample_of(entries: Iterable[Entry]) -> Sample:
    """The newest rows, those without a date last, else in the list's order."""
    titled = [entry for entry in entries if entry.title]
    newest = sorted(titled, key=lambda entry: entry.date or dt.date.min, reverse=True)
    return [(entry.title or "", entry.date.isoformat() if entry.date else None) for entry in newest[:_SAMPLE]]


def _is_failing(seen: Seen) -> bool:
    if seen.failures >= seen.alarm_after:
        return True
    if seen.failing_since is None or seen.next_try is None:
        return False
    return seen.next_try - seen.failing_since > BLIND_AFTER


def _shows_old_dates(seen: Seen, sample: Sample) -> bool:
    """Whether the newest date went back while the rows of the last good list are gone, or what is new is old.

    One notice that was withdrawn takes its date with it, but leaves the others.
    """
    before = _newest(day for _, day in sample)
    if before is None:
        return False
    only_old = [day for day in seen.new_dates if day is not None and day < before - _LONG_AGO]
    if len(seen.new_dates) >= _SEVERAL and len(only_old) == len(seen.new_dates):
        return True
    today = seen.now.astimezone(BEIJING).date()
    entries = seen.entries or ()
    present = max((e.date for e in entries if e.date and e.date <= today), default=None)
    titles = {entry.title for entry in entries}
    still_there = sum(title in titles for title, _ in sample)
    return present is not None and present < before - _BACKWARDS and 2 * still_there < len(sample)


def _newest(days: Iterable[str | None]) -> dt.date | None:
    return max((dt.date.fromisoformat(day) for day in days if day), default=None)
