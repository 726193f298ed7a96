"""When sources are checked."""

import datetime as dt
from collections import Counter
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from monitor.errors import FetchCause
from monitor.rhythm import Publication, Rhythm, learn
from monitor.schedule import LONGEST_BACKOFF, late_by, next_check, next_try
from monitor.units import AUTO, Interval

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=BEIJING)  # a Friday
MINUTE, HOUR, DAY, WEEK = (dt.timedelta(minutes=m) for m in (1, 60, 1440, 10080))
HOURLY = Interval(HOUR, HOUR)
WIDE = Interval(10 * MINUTE, 6 * HOUR)
CAUSES = [*FetchCause, "parse", "lost_rows", "internal"]


def checks_of(
    source_id: str, every: Interval, rhythm: Rhythm, start: dt.datetime, until: dt.datetime
) -> list[dt.datetime]:
    times = [start]
    while (due := next_check(source_id, every, None, rhythm, times[-1])) < until:
        times.append(due)
    return times


def test_a_fixed_interval_is_kept() -> None:
    times = checks_of("a", HOURLY, Rhythm(), NOW, NOW + 2 * DAY)
    gaps = [after - before for before, after in pairwise(times)]
    assert all(0.9 * HOUR <= gap <= HOUR for gap in gaps)
    assert set(gaps[10:]) == {HOUR}


def test_an_interval_stays_between_its_least_and_its_most() -> None:
    for rhythm in (Rhythm(), Rhythm(per_day=50), Rhythm(per_day=0.01)):
        times = checks_of("a", WIDE, rhythm, NOW, NOW + WEEK)
        gaps = {after - before for before, after in pairwise(times)}
        assert min(gaps) >= 9 * MINUTE
        assert max(gaps) <= 6 * HOUR


def test_a_source_that_publishes_often_is_checked_more_often() -> None:
    seldom, often = (len(checks_of("a", WIDE, Rhythm(per_day=n), NOW, NOW + WEEK)) for n in (0.2, 10))
    assert often > 5 * seldom


def test_beijing_working_time_is_watched_more_closely_than_nights_and_weekends() -> None:
    monday = dt.datetime(2026, 11, 23, tzinfo=BEIJING)
    times = checks_of("a", WIDE, Rhythm(per_day=3), monday - DAY, monday + 6 * DAY)
    office = sum(t.weekday() < 5 and 8 <= t.hour < 18 for t in times)
    night = sum(t.hour < 6 for t in times)
    sunday = sum(t.weekday() == 6 and 8 <= t.hour < 18 for t in times)
    assert office / 5 > 4 * night / 7
    assert office / 5 > 2 * sunday


def test_the_hours_at_which_a_source_publishes_are_learned() -> None:
    evenings = [
        Publication(NOW - n * DAY + 11 * HOUR, (NOW - n * DAY).date()) for n in range(1, 80)
    ]  # at nine in the evening, every day
    rhythm = learn(evenings, NOW)
    assert (rhythm.days, rhythm.usual_gap) == (79, 1)
    assert rhythm.per_day == pytest.approx(1, abs=0.1)
    times = checks_of("a", WIDE, rhythm, NOW, NOW + 2 * WEEK)
    by_hour = Counter(t.hour for t in times)
    assert by_hour[20] + by_hour[21] > by_hour[9] + by_hour[10] > 0


def test_a_batch_of_notices_is_one_publication() -> None:
    batch = [Publication(NOW - 3 * DAY + n * dt.timedelta(seconds=1), None) for n in range(50)]
    assert learn(batch, NOW).per_day < 0.5


def test_what_a_baseline_found_says_on_which_days_but_not_at_which_hours() -> None:
    listed = [Publication(NOW, (NOW - 7 * n * DAY).date(), baseline=True) for n in range(1, 12)]
    rhythm = learn(listed, NOW)
    assert (rhythm.usual_gap, rhythm.longest_gap, dict(rhythm.hours)) == (7, 7, {})
    assert rhythm.last_day == str(NOW.date() - WEEK)


def test_a_date_to_come_is_no_day_of_publication() -> None:
    assert learn([Publication(NOW, dt.date(2036, 11, 20), baseline=True)], NOW).days == 0


def test_a_rhythm_survives_storage() -> None:
    rhythm = learn([Publication(NOW - n * DAY, None) for n in range(1, 9)], NOW)
    assert Rhythm.from_record(rhythm.to_record()) == rhythm
    assert Rhythm.from_record(None) == Rhythm()


@pytest.mark.parametrize("every", [AUTO, HOURLY, WIDE], ids=["auto", "1h", "10m-6h"])
def test_a_thousand_sources_never_start_together(every: Interval) -> None:
    """All start within the same ten minutes, as after an outage, and are then spread by their own beat."""
    per_minute: Counter[int] = Counter()
    for number in range(1000):
        source_id, start = f"province-{number % 31}.agency-{number}", NOW + number * 10 * MINUTE / 1000
        for time in checks_of(source_id, every, Rhythm(per_day=number % 7 / 2), start, NOW + 2 * DAY)[1:]:
            if time > NOW + DAY:
                per_minute[int(time.timestamp() // 60)] += 1
    mean = per_minute.total() / (24 * 60)
    assert max(per_minute.values()) < 5 * mean
    assert max(per_minute.values()) < 150


def test_a_cron_expression_names_days_as_people_do() -> None:
    monday = next_check("a", HOURLY, "0 9 * * mon-fri", Rhythm(), NOW)
    assert dt.timedelta(0) <= monday - dt.datetime(2026, 11, 23, 9, 0, tzinfo=BEIJING) < 6 * MINUTE


def test_sources_with_one_cron_expression_do_not_start_together() -> None:
    starts = [next_check(f"a{n}", HOURLY, "0 9 * * *", Rhythm(), NOW) for n in range(1000)]
    assert max(Counter(start.minute for start in starts).values()) < 300
    assert next_check("a0", HOURLY, "0 9 * * *", Rhythm(), starts[0]) - starts[0] == DAY


@pytest.mark.parametrize("cause", CAUSES)
def test_whatever_the_cause_three_failures_are_known_within_the_hour(cause: str) -> None:
    broken = NOW
    first = broken + AUTO.most + MINUTE  # a minute for a check that runs into its time limit
    second = next_try("a", cause, 1, first) + MINUTE
    third = next_try("a", cause, 2, second) + MINUTE
    assert third - broken <= HOUR


@pytest.mark.parametrize("cause", CAUSES)
def test_a_backoff_grows_to_a_ceiling_of_its_own(cause: str) -> None:
    waits = [next_try("a", cause, n, NOW) - NOW for n in range(1, 60)]
    assert waits[0] < waits[1] < waits[2]
    assert waits[-1] <= LONGEST_BACKOFF * 1.1
    assert waits[-1] >= 0.9 * max(waits)


def test_what_a_person_must_put_right_is_tried_less_often_than_what_passes() -> None:
    tries = {cause: next_try("a", cause, 20, NOW) - NOW for cause in CAUSES}
    assert tries["parse"] < tries["timeout"] < tries["blocked"] < tries["robots"]
    assert len({round(wait / HOUR) for wait in tries.values()}) >= 4


def test_a_server_that_asks_for_a_pause_gets_it_up_to_a_day() -> None:
    assert next_try("a", "status", 1, NOW, retry_after=7200) == NOW + 2 * HOUR
    assert next_try("a", "status", 1, NOW, retry_after=1e9) == NOW + DAY


def test_a_notice_of_last_month_is_late_and_one_of_yesterday_is_not() -> None:
    month_ago, yesterday = NOW.date() - dt.timedelta(days=30), NOW.date() - dt.timedelta(days=1)
    late = late_by(month_ago, NOW, WEEK, "Asia/Shanghai")
    assert late is not None
    assert late.days == 29
    assert late_by(yesterday, NOW, WEEK, "Asia/Shanghai") is None
    assert late_by(None, NOW, WEEK, "Asia/Shanghai") is None
