"""What a check says about a source: judged from what it saw and what was known."""

import datetime as dt

import pytest

from monitor.diagnosis import symptom_name, what_to_try
from monitor.errors import FetchCause
from monitor.health import Seen, Symptom, judge, needed_quiet, sample_of, silent_after
from monitor.rhythm import Rhythm
from monitor.types import Entry
from monitor.words import Words
from tests.making import DAY, HOUR, NOW


def test_a_check_that_failed_says_nothing_of_the_list() -> None:
    assert judge(Seen(now=NOW, failed=True, failures=1)) == {}
    assert judge(Seen(now=NOW, failed=True, failures=3, cause="dns")) == {Symptom.FAILING: True}


def test_an_unchanged_list_says_only_that_the_source_can_be_read() -> None:
    assert judge(Seen(now=NOW, failed=False, layouts=("a",))) == {
        Symptom.FAILING: False,
        Symptom.SILENT: False,
    }


def test_a_next_try_beyond_the_hour_is_a_failure_to_tell_now() -> None:
    seen = {"now": NOW, "failed": True, "failures": 1, "failing_since": NOW}
    assert judge(Seen(**seen, next_try=NOW + 2 * HOUR)) == {Symptom.FAILING: True}
    assert judge(Seen(**seen, next_try=NOW + HOUR / 2)) == {}


def test_the_first_list_of_a_source_is_no_change_of_layout() -> None:
    entries = (Entry(url="a", version="1", title="通知", date=NOW.date()),)
    assert Symptom.LAYOUT not in judge(Seen(now=NOW, failed=False, entries=entries, layout="x"))


@pytest.mark.parametrize(
    ("usual", "longest", "limit"),
    [(1, 8, 12), (1, 2, 10), (7, 14, 28), (2, 9, 13.5)],
    ids=["daily, with a holiday", "daily", "weekly", "every other day"],
)
def test_silence_is_measured_by_the_usual_and_the_longest_gap(
    usual: float, longest: float, limit: float
) -> None:
    assert silent_after(Rhythm(days=20, usual_gap=usual, longest_gap=longest)) == limit


def test_little_history_makes_no_silence() -> None:
    assert silent_after(Rhythm(days=5, usual_gap=1, longest_gap=2)) is None


def test_the_quiet_that_is_needed_grows_with_each_relapse() -> None:
    assert [needed_quiet(n) / HOUR for n in range(4)] == [0, 3, 9, 27]
    assert needed_quiet(50) < 11 * DAY


def test_a_sample_is_of_the_newest_rows() -> None:
    days = [None, dt.date(2026, 1, 1), dt.date(2026, 3, 1), dt.date(2026, 2, 1)]
    entries = [Entry(url=str(n), version="1", title=f"第{n}号", date=day) for n, day in enumerate(days)]
    assert sample_of(entries) == [
        ("第2号", "2026-03-01"),
        ("第3号", "2026-02-01"),
        ("第1号", "2026-01-01"),
        ("第0号", None),
    ]


@pytest.mark.parametrize("words", [Words("zh"), Words("en")], ids=["zh", "en"])
def test_there_is_something_to_try_for_every_symptom_and_cause(words: Words) -> None:
    for symptom in Symptom:
        assert symptom_name(symptom, words)
        for cause in (*FetchCause, "parse", "internal", "lost_rows", None):
            advice = what_to_try(symptom, cause, "agency", words)
            assert advice
            assert "{" not in advice
