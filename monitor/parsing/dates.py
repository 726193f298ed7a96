"""Dates as Chinese government sites print them.

Our own expressions: general date libraries go wrong on several of these forms and are a thousand times
slower. Impossible dates (30 February) are not dates.
"""

import datetime as dt
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_HALF_WIDTH = str.maketrans("０１２３４５６７８９－／．", "0123456789-/.")
_ZEROS = "〇○◯零OoＯΟО0"
_DIGIT = {
    **dict.fromkeys(_ZEROS, 0),
    **{digit: n for n, digit in enumerate("一二三四五六七八九", start=1)},
    "两": 2,
}
_ONE_TO_NINE = "[一二两三四五六七八九]"
_COUNT = re.compile(rf"(?:({_ONE_TO_NINE}?)百零?)?(?:({_ONE_TO_NINE}?)十)?({_ONE_TO_NINE})?")

_YEAR_IN_CHINESE = rf"[一二]\s?[九{_ZEROS}](?:\s?[一二三四五六七八九{_ZEROS}]){{2}}"
_YEAR = rf"(?<!\d)(?P<year>(?:1\s?9|2\s?0)\s?\d\s?\d|{_YEAR_IN_CHINESE})"
_MONTH = r"(?P<month>\d\s?\d?|[一二三四五六七八九十元]\s?[一二]?)"
_DAY = r"(?P<day>\d\s?\d?|[一二三四五六七八九十廿卅](?:\s?[一二三四五六七八九十]){0,2})"
_IN_WORDS = re.compile(rf"{_YEAR}\s{{0,3}}年\s{{0,3}}{_MONTH}\s{{0,3}}月\s{{0,3}}{_DAY}\s{{0,3}}[日号]")
_IN_FIGURES = re.compile(
    r"(?<![\d./-])(?P<year>(?:19|20)\d{2})\s?(?P<mark>[-/.])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<day>\d{1,2})"
    r"(?!\d|[./]\d)"
)


class PrintedDate(NamedTuple):
    """A full date in a text: `text[start:end]` prints it."""

    value: dt.date
    start: int
    end: int


def find_dates(text: str) -> list[PrintedDate]:
    """Every full date (year, month, day) printed in running text, in order.

    2022年12月1日, 2022 年 12 月 1 日, ２０２２年…, 二〇二二年十二月一日, 2022-12-01, 2022/12/1,
    2022.12.1. Index codes such as 2026-02-00018 are no dates.
    """
    half_width = text.translate(_HALF_WIDTH)
    found = [
        PrintedDate(date, match.start(), match.end())
        for pattern in (_IN_WORDS, _IN_FIGURES)
        for match in pattern.finditer(half_width)
        if (date := _date(match)) is not None
    ]
    return sorted(found, key=lambda printed: printed.start)


def _date(match: re.Match[str]) -> dt.date | None:
    return _possible(*(_number("".join(match[part].split())) for part in ("year", "month", "day")))


def _possible(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _number(printed: str) -> int:
    """A part of a date: also figure by figure (二〇二二), 元 for the first month; 0 for what is no number."""
    if printed == "元":
        return 1
    if (number := read_number(printed)) is not None:
        return number
    return int("".join(str(_DIGIT[figure]) for figure in printed)) if _DIGIT.keys() >= set(printed) else 0


def read_number(printed: str) -> int | None:
    """30, 三十, 十五, 廿一, 两, 一百二十 → a number; None for anything else, such as 三五 (three to five)."""
    if printed.isdecimal():
        return int(printed)
    match = _COUNT.fullmatch(printed.replace("廿", "二十").replace("卅", "三十"))
    if not match or not printed:
        return None
    hundreds, tens, ones = (part if part is None else _DIGIT.get(part, 1) for part in match.groups())
    return 100 * (hundreds or 0) + 10 * (tens or 0) + (ones or 0)


_COMPACT = re.compile(r"\D{0,2}((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{6})?\D{0,2}")
_EPOCH = re.compile(r"(?:/Date\()?(\d{10})(\d{3})?(?:[+-]\d{4})?(?:\)/)?")
_WITH_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?\s?(?:Z|[+-]\d{2}:?\d{2})")
_DAY_BOX = re.compile(r"(?P<day>\d{1,2})\s+(?P<year>(?:19|20)\d{2})\s?[-/.年]\s?(?P<month>\d{1,2})月?")
_MONTH_BOX = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s?[-/.年]\s?(?P<month>\d{1,2})(?:\s?月\s?|\s+)(?P<day>\d{1,2})日?"
)
_DAYS_AGO = {"今天": 0, "昨天": 1, "前天": 2}


def parse_date(text: str, *, today: dt.date | None = None) -> dt.date | None:
    """The first date in a short text that should be one (a cell, a label's value), or None.

    Beyond `find_dates`: 20221201, epoch seconds and milliseconds, /Date(1700000000000)/, RFC 822, ISO 8601
    with a zone, split day and month boxes (`06 2026.06`), a day without its 日 and, where `today` is given,
    今天 昨天 前天. Days are those of Asia/Shanghai.
    """
    text = text.translate(_HALF_WIDTH).strip()
    if today is not None and text[:2] in _DAYS_AGO:
        return today - dt.timedelta(days=_DAYS_AGO[text[:2]])
    return next((date for form in _FORMS if (date := form(text)) is not None), None)


def _zoned(text: str) -> dt.date | None:
    return (
        _in_shanghai(dt.datetime.fromisoformat, text.replace(" +", "+"))
        if _WITH_ZONE.fullmatch(text)
        else None
    )


def _printed(text: str) -> dt.date | None:
    return next((printed.value for printed in find_dates(text)), None)


def _compact(text: str) -> dt.date | None:
    match = _COMPACT.fullmatch(text)
    return _possible(*map(int, match.groups())) if match else None


def _epoch(text: str) -> dt.date | None:
    match = _EPOCH.fullmatch(text)
    return dt.datetime.fromtimestamp(int(match[1]), SHANGHAI).date() if match else None


def _boxes(text: str) -> dt.date | None:
    match = _DAY_BOX.fullmatch(text) or _MONTH_BOX.fullmatch(text)
    return _date(match) if match else None


def _rfc_822(text: str) -> dt.date | None:
    return _in_shanghai(parsedate_to_datetime, text)


def _in_shanghai(read: Callable[[str], dt.datetime], text: str) -> dt.date | None:
    """The day of a moment in Shanghai; a time without a zone is Shanghai's."""
    try:
        moment = read(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo is None else moment.astimezone(SHANGHAI)).date()


_FORMS = (_zoned, _printed, _compact, _epoch, _boxes, _rfc_822)
