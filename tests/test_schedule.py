"""When sources are checked."""

import datetime as dt
from zoneinfo import ZoneInfo

from monitor.schedule import first_run, late_by, trigger

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=BEIJING)  # a Friday
HOUR = dt.timedelta(hours=1)
WEEK = dt.timedelta(days=7)


def test_a_source_never_checked_is_checked_at_once() -> None:
    assert first_run("a", trigger(HOUR, None, "Asia/Shanghai"), NOW, None) == NOW


def test_a_restart_does_not_check_again_before_it_is_due() -> None:
    last = NOW - dt.timedelta(minutes=10)
    due = first_run("a", trigger(HOUR, None, "Asia/Shanghai"), NOW, last)
    assert due is not None
    assert dt.timedelta(minutes=44) <= due - NOW <= dt.timedelta(minutes=56)


def test_overdue_sources_are_spread_over_a_minute() -> None:
    last = NOW - dt.timedelta(days=3)
    when = trigger(HOUR, None, "Asia/Shanghai")
    starts = {first_run(f"source-{n}", when, NOW, last) for n in range(200)}
    assert len(starts) > 190
    assert all(s is not None and NOW <= s <= NOW + dt.timedelta(minutes=1) for s in starts)


def test_a_cron_expression_names_days_as_people_do() -> None:
    when = trigger(HOUR, "0 9 * * mon-fri", "Asia/Shanghai")
    monday = when.get_next_fire_time(None, NOW)
    assert monday is not None
    assert (
        dt.timedelta(0) <= monday - dt.datetime(2026, 11, 23, 9, 0, tzinfo=BEIJING) < dt.timedelta(minutes=6)
    )


def test_a_time_missed_while_the_program_was_down_is_made_up_for() -> None:
    when = trigger(HOUR, "0 9 * * *", "Asia/Shanghai")
    due = first_run("a", when, NOW, NOW - dt.timedelta(days=1))
    assert due is not None
    assert due <= NOW + dt.timedelta(minutes=1)


def test_a_notice_of_last_month_is_late_and_one_of_yesterday_is_not() -> None:
    month_ago, yesterday = NOW.date() - dt.timedelta(days=30), NOW.date() - dt.timedelta(days=1)
    late = late_by(month_ago, NOW, WEEK, "Asia/Shanghai")
    assert late is not None
    assert late.days == 29
    assert late_by(yesterday, NOW, WEEK, "Asia/Shanghai") is None
    assert late_by(None, NOW, WEEK, "Asia/Shanghai") is None
