"""Summary windows and quiet hours by the reader's clock, on the days it is changed too."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.preferences import HOURLY, Frequency, Pace, QuietHours
from monitor.windows import LONGEST_WAIT, day_start, next_day, quiet_until, window_end
from tests.test_preferences import TIMES

ZONES = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
zones = st.sampled_from(ZONES)
moments = st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2027, 12, 31), timezones=st.just(dt.UTC))
summaries = (
    st.just(HOURLY)
    | st.builds(Frequency, st.just(Pace.DAILY), TIMES)
    | st.builds(Frequency, st.just(Pace.WEEKLY), TIMES, st.integers(0, 6))
)
_LENGTHS = {
    Pace.HOURLY: dt.timedelta(hours=1),
    Pace.DAILY: dt.timedelta(days=1),
    Pace.WEEKLY: dt.timedelta(days=7),
}
DAILY_9 = Frequency(Pace.DAILY, dt.time(9))
NIGHT = QuietHours(dt.time(22), dt.time(8))


def local(zone: str, *fields: int, fold: int = 0) -> dt.datetime:
    """In UTC: Python finds a time that comes twice equal to none of another zone."""
    there = dt.datetime(*fields, tzinfo=ZoneInfo(zone), fold=fold)  # type: ignore[misc,arg-type]
    return there.astimezone(dt.UTC)


@given(summaries, zones, moments)
def test_windows_follow_each_other_without_a_gap(
    frequency: Frequency, zone: str, moment: dt.datetime
) -> None:
    """Every moment lies in one window, whose end is the same from wherever in it one looks."""
    end = window_end(frequency, zone, moment)
    assert moment < end <= moment + _LENGTHS[frequency.pace] + dt.timedelta(hours=2)
    assert window_end(frequency, zone, moment + (end - moment) / 2) == end
    assert window_end(frequency, zone, end - dt.timedelta(microseconds=1)) == end
    assert window_end(frequency, zone, end) > end


@given(summaries, zones, moments, moments)
def test_who_looks_later_never_sees_an_earlier_window(
    frequency: Frequency, zone: str, one: dt.datetime, other: dt.datetime
) -> None:
    earlier, later = sorted([one, other])
    assert window_end(frequency, zone, earlier) <= window_end(frequency, zone, later)


@given(zones, moments, TIMES)
def test_each_day_has_one_window_whatever_its_clock_does(zone: str, moment: dt.datetime, at: dt.time) -> None:
    frequency, end = Frequency(Pace.DAILY, at), moment
    days = []
    for _ in range(10):
        end = window_end(frequency, zone, end)
        days.append(end.astimezone(ZoneInfo(zone)).date())
    assert [day - days[0] for day in days] == [dt.timedelta(days=number) for number in range(10)]


@given(st.builds(QuietHours, TIMES, TIMES), zones, moments)
def test_quiet_hours_are_over_when_they_say_so(quiet: QuietHours, zone: str, moment: dt.datetime) -> None:
    until = quiet_until(quiet, zone, moment)
    if until is None:
        return
    assert moment < until < moment + dt.timedelta(hours=26)
    assert quiet_until(quiet, zone, until) is None or quiet.start == quiet.end
    assert quiet_until(quiet, zone, until - dt.timedelta(microseconds=1)) == until


@given(st.builds(QuietHours, TIMES, TIMES), zones, moments)
def test_it_is_quiet_when_the_reader_s_clock_shows_these_hours(
    quiet: QuietHours, zone: str, moment: dt.datetime
) -> None:
    """But around a change of the clock, where a time that it skips stands for a later one."""
    here, hours = moment.astimezone(ZoneInfo(zone)), dt.timedelta(hours=26)
    if (here - hours).utcoffset() != here.utcoffset() or (here + hours).utcoffset() != here.utcoffset():
        return
    time = here.time()
    between = quiet.start <= time < quiet.end
    over_midnight = quiet.end < quiet.start and (time >= quiet.start or time < quiet.end)
    assert (quiet_until(quiet, zone, moment) is not None) == (between or over_midnight)


@given(summaries, zones, moments, st.builds(QuietHours, TIMES, TIMES))
def test_nobody_waits_longer_than_the_longest_wait(
    frequency: Frequency, zone: str, moment: dt.datetime, quiet: QuietHours
) -> None:
    end = window_end(frequency, zone, moment)
    assert (quiet_until(quiet, zone, end) or end) - moment < LONGEST_WAIT


def test_a_window_at_a_time_that_the_clock_skips_ends_an_hour_later() -> None:
    at_half_past_two = Frequency(Pace.DAILY, dt.time(2, 30))
    end = window_end(at_half_past_two, "America/New_York", local("America/New_York", 2026, 3, 8, 0, 0))
    assert end == local("America/New_York", 2026, 3, 8, 3, 30)


def test_a_window_at_a_time_that_comes_twice_ends_at_the_first() -> None:
    at_half_past_two = Frequency(Pace.DAILY, dt.time(2, 30))
    end = window_end(at_half_past_two, "Europe/Berlin", local("Europe/Berlin", 2026, 10, 25, 0, 0))
    assert end == local("Europe/Berlin", 2026, 10, 25, 2, 30, fold=0)
    again = window_end(at_half_past_two, "Europe/Berlin", end)
    assert again == local("Europe/Berlin", 2026, 10, 26, 2, 30)


def test_quiet_hours_that_end_at_a_time_that_comes_twice_end_at_the_second() -> None:
    quiet = QuietHours(dt.time(22), dt.time(2, 30))
    night = local("Europe/Berlin", 2026, 10, 25, 2, 45, fold=0)
    assert quiet_until(quiet, "Europe/Berlin", night) == local("Europe/Berlin", 2026, 10, 25, 2, 30, fold=1)


@pytest.mark.parametrize(
    ("hour", "until"),
    [(21, None), (22, (2026, 3, 3, 8)), (23, (2026, 3, 3, 8)), (7, (2026, 3, 2, 8)), (8, None)],
)
def test_a_night_lasts_over_midnight(hour: int, until: tuple[int, ...] | None) -> None:
    now = local("Asia/Shanghai", 2026, 3, 2, hour)
    expected = None if until is None else local("Asia/Shanghai", *until)
    assert quiet_until(NIGHT, "Asia/Shanghai", now) == expected


def test_the_same_window_ends_at_another_hour_in_summer() -> None:
    winter = window_end(DAILY_9, "America/New_York", dt.datetime(2026, 3, 7, tzinfo=dt.UTC))
    summer = window_end(DAILY_9, "America/New_York", dt.datetime(2026, 3, 9, tzinfo=dt.UTC))
    assert (winter.astimezone(dt.UTC).hour, summer.astimezone(dt.UTC).hour) == (14, 13)


def test_days_begin_where_the_reader_is() -> None:
    now = dt.datetime(2026, 3, 2, 17, 0, tzinfo=dt.UTC)
    assert day_start("Asia/Shanghai", now) == local("Asia/Shanghai", 2026, 3, 3)
    assert day_start("America/New_York", now) == local("America/New_York", 2026, 3, 2)
    assert next_day("Asia/Shanghai", dt.time(8), now) == local("Asia/Shanghai", 2026, 3, 4, 8)
