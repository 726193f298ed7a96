"""How often, when and how much, as people write it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.preferences import (
    AT_ONCE,
    HOURLY,
    Frequency,
    Pace,
    PreferenceError,
    QuietHours,
    parse_count,
    parse_frequency,
    parse_quiet_hours,
    parse_timezone,
)
from monitor.words import Words

TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0, tzinfo=None, fold=0))
FREQUENCIES = (
    st.sampled_from([AT_ONCE, HOURLY])
    | st.builds(Frequency, st.just(Pace.DAILY), TIMES)
    | st.builds(Frequency, st.just(Pace.WEEKLY), TIMES, st.integers(0, 6))
)


@given(FREQUENCIES)
def test_every_frequency_is_read_back_as_it_is_shown_in_both_languages(frequency: Frequency) -> None:
    assert parse_frequency(str(frequency)) == frequency
    assert parse_frequency(frequency.show(Words("zh"))) == frequency
    assert parse_frequency(frequency.show(Words("en"))) == frequency


@given(TIMES, TIMES)
def test_quiet_hours_are_read_back_as_they_are_shown(start: dt.time, end: dt.time) -> None:
    if start != end:
        assert parse_quiet_hours(str(QuietHours(start, end))) == QuietHours(start, end)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("Daily", "daily 09:00"),
        ("daily at 9:30 pm", "daily 21:30"),
        ("每天 9点", "daily 09:00"),
        ("每天九点半", "daily 09:30"),
        ("每日 下午三点一刻", "daily 15:15"),
        ("每天晚上12点", "daily 00:00"),
        ("每天中午12点", "daily 12:00"),
        ("每天 二十一点", "daily 21:00"),
        ("每周一 ０９：００", "weekly mon 09:00"),
        ("every friday at 6pm", "weekly fri 18:00"),
        ("周日", "weekly sun 09:00"),
        ("每周 9点", "weekly mon 09:00"),
        ("每星期天晚上8点", "weekly sun 20:00"),
        ("实时", "at once"),
        ("每 小时", "hourly"),
    ],
)
def test_a_frequency_may_be_written_as_people_do(written: str, canonical: str) -> None:
    assert str(parse_frequency(written)) == canonical


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("22-8", "22:00-08:00"),
        ("10pm to 7am", "22:00-07:00"),
        ("晚上10点到次日早上8点", "22:00-08:00"),
        ("２２：００～０７：３０", "22:00-07:30"),
        ("中午12点到下午2点", "12:00-14:00"),
    ],
)
def test_quiet_hours_may_be_written_as_people_do(written: str, canonical: str) -> None:
    assert str(parse_quiet_hours(written)) == canonical


@pytest.mark.parametrize("none", ["none", "无", "off", " 关闭 "])
def test_none_is_said_in_several_ways(none: str) -> None:
    assert parse_quiet_hours(none) is None
    assert parse_count(none) is None


@pytest.mark.parametrize("text", ["monthly", "daily 25:00", "daily 9:61", "weekly 8:00 fri", "每天十三月"])
def test_what_is_no_frequency_is_refused_with_what_may_be_written(text: str) -> None:
    with pytest.raises(PreferenceError) as refused:
        parse_frequency(text)
    assert "每天 09:00" in refused.value.render(Words("zh"))
    assert "daily 09:00" in refused.value.render(Words("en"))


@pytest.mark.parametrize("text", ["8:00-8:00", "22:00", "22-8-9", "nachts"])
def test_what_are_no_quiet_hours_is_refused(text: str) -> None:
    with pytest.raises(PreferenceError, match="22:00-08:00"):
        parse_quiet_hours(text)


def test_counts_are_above_zero() -> None:
    assert parse_count("30") == parse_count(30) == 30
    for text in ("0", "-1", "many", "1.5"):
        with pytest.raises(PreferenceError, match="above 0"):
            parse_count(text)


def test_time_zones_are_those_of_the_database_and_a_few_in_chinese() -> None:
    assert parse_timezone(" Europe/Berlin ") == "Europe/Berlin"
    assert parse_timezone("北京时间") == "Asia/Shanghai"
    for text in ("Mars/Olympus", "../etc/passwd", ""):
        with pytest.raises(PreferenceError, match="no time zone"):
            parse_timezone(text)
