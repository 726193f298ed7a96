"""Dates in every dress that government sites give them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parsing.dates import find_dates, parse_date, read_number

DAY = dt.date(2022, 12, 1)


@pytest.mark.parametrize(
    "printed",
    [
        "2022年12月1日",
        "2022 年 12 月 1 日",
        "2022年12月1号",
        "２０２２年１２月１日",
        "2 0 2 2年1 2月1日",
        "二〇二二年十二月一日",
        "二○二二年十二月一日",
        "二零二二年 十二 月 一 日",
        "二O二二年十二月一日",
        "2022-12-01",
        "2022/12/1",
        "2022.12.1",
        "[2022-12-01]",
        "（2022-12-01）",
        "发布时间：2022-12-01 10:30",
        "2022-12-01-08:15:00",
        "20221201",
        "2022-12-01T18:00:00+08:00",
        "2022-11-30T17:00:00Z",
        "1669824000",
        "1669824000000",
        "/Date(1669824000000)/",
        "Thu, 01 Dec 2022 09:00:00 +0800",
        "Wed, 30 Nov 2022 17:00:00 GMT",
        "01 2022-12",
        "2022.12 01",
        "2022年12月 01日",
        "2022年12月1",
    ],
)
def test_a_date_is_read_in_every_form(printed: str) -> None:
    assert parse_date(printed) == DAY


@pytest.mark.parametrize(
    ("printed", "date"),
    [
        ("一九八一年五月二十三日", dt.date(1981, 5, 23)),
        ("二○○六年十一月十日", dt.date(2006, 11, 10)),
        ("二〇二三年元月卅一日", dt.date(2023, 1, 31)),
        ("二〇二三年三月廿日", dt.date(2023, 3, 20)),
    ],
)
def test_chinese_numerals_are_read(printed: str, date: dt.date) -> None:
    assert parse_date(printed) == date


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "无",
        "2022年2月30日",
        "2026-02-30",
        "20221301",
        "2026-02-00018",
        "000014349/2018-00222",
        "1-10月",
        "3.1.4.1.5",
    ],
)
def test_what_is_no_date_is_none(printed: str) -> None:
    assert parse_date(printed) is None


def test_yesterday_needs_a_today() -> None:
    assert parse_date("昨天 18:30") is None
    assert parse_date("昨天 18:30", today=dt.date(2022, 12, 2)) == DAY


def test_dates_of_a_text_come_in_order_with_their_places() -> None:
    text = "自2022年12月1日起施行，有效期至二〇二七年十一月三十日（见 2022-12-02 的通知）。"
    found = find_dates(text)
    assert [date.value for date in found] == [DAY, dt.date(2027, 11, 30), dt.date(2022, 12, 2)]
    assert [text[date.start : date.end] for date in found] == [
        "2022年12月1日",
        "二〇二七年十一月三十日",
        "2022-12-02",
    ]


def test_a_date_over_a_line_end_is_found() -> None:
    assert [date.value for date in find_dates("二〇二二年\n十二月一日")] == [DAY]


@given(st.dates(dt.date(1949, 10, 1), dt.date(2099, 12, 31)))
def test_any_day_is_read_back_in_figures_and_in_chinese(date: dt.date) -> None:
    digits = "〇一二三四五六七八九"
    year = "".join(digits[int(digit)] for digit in str(date.year))
    chinese = f"{year}年{in_chinese(date.month)}月{in_chinese(date.day)}日"
    assert parse_date(chinese) == parse_date(f"{date.year}年{date.month}月{date.day}日") == date


def in_chinese(number: int) -> str:
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (
        digits[ones] if ones or not tens else ""
    )


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        *(("30", 30), ("十", 10), ("十五", 15), ("三十", 30), ("廿一", 21), ("两", 2)),
        *(("百", 100), ("一百二十", 120), ("一百零五", 105)),
        *(("", None), ("三五", None), ("十十", None), ("3十", None), ("二十三五", None), ("若干", None)),
    ],
)
def test_a_number_is_read_in_figures_and_in_chinese(printed: str, number: int | None) -> None:
    assert read_number(printed) == number


def test_an_impossible_number_makes_no_date() -> None:
    assert find_dates("二〇二二年十十月一日，二〇二二年一月二十三五日") == []


@given(st.text(alphabet="二〇○2022年月日 -/.十1３\n", max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for date in find_dates(text):
        assert 0 <= date.start < date.end <= len(text)
    parse_date(text)
