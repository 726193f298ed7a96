"""Days in a sentence as deadlines and validity use them: printed, without a year, or counted from another."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.parsing.dates import find_dates, read_number

_MONTH_DAY = re.compile(
    r"(?:(?P<year>今年|本年|明年|次年|当年|同年)|(?<![\d年]))(?P<day>(?:\d{1,2}|十[一二]?|[一二三四五六七八九])月"
    r"(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号])"
)
_MONTH_END = re.compile(
    r"(?P<year>(?:19|20)\d{2})年(?:(?P<month>1[0-2]|0?[1-9])月(?:底|末)?|底|末|年底|年末)(?!\d|\s?\d)"
)
RANGE = re.compile(r"(?:\d{1,2}[:：]\d{2})?起?[，,]?\s?(?:至|到|—{1,2}|-|－|~|～|–)\s?")
"""What stands between the two days of a stretch of time."""
_A_YEAR = 366
_NUMERAL = r"[\d一二两三四五六七八九十百]{1,4}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day named in a sentence: `sentence[start:end]`; `value` is None where its year cannot be told."""

    value: dt.date | None
    start: int
    end: int


def find_moments(sentence: str, base: dt.date | None, *, within: int) -> list[Moment]:
    """The days of a sentence in order.

    A day without a year ends the range that the day before it opens, or else it is the first not before
    `base`; further away than `within` days it is nobody's guess.
    """
    full = [Moment(date.value, date.start, date.end) for date in find_dates(sentence)]
    if "月" not in sentence:
        return full
    ends = {moment.end for moment in full}
    partial = {match.start(): match for match in _MONTH_DAY.finditer(sentence) if match.end() not in ends}
    unread = [Moment(None, match.start(), match.end()) for match in partial.values()]
    moments: list[Moment] = []
    for moment in sorted((*full, *unread), key=lambda moment: moment.start):
        value = moment.value
        if match := partial.get(moment.start):
            opened = (
                moments[-1] if moments and RANGE.fullmatch(sentence, moments[-1].end, moment.start) else None
            )
            value = _dated(match, opened.value, _A_YEAR) if opened else _dated(match, base, within)
        moments.append(replace(moment, value=value))
    return moments


def _dated(match: re.Match[str], base: dt.date | None, within: int) -> dt.date | None:
    if base is None:
        return None
    later = match["year"] in ("明年", "次年")
    years = [base.year + 1] if later else [base.year] if match["year"] else [base.year, base.year + 1]
    for year in years:
        date = next((found.value for found in find_dates(f"{year}年{match['day']}")), None)
        if date and date >= base and (match["year"] or date - base <= dt.timedelta(days=within)):
            return date
    return None


def find_month_ends(sentence: str) -> Iterator[Moment]:
    """2025年底, 2025年6月底 and, as an end, 2025年6月: the last day of them."""
    for match in _MONTH_END.finditer(sentence):
        year, month = int(match["year"]), int(match["month"] or 12)
        yield Moment(dt.date(year, month, calendar.monthrange(year, month)[1]), match.start(), match.end())


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in words: 5年, 三十日, 一个月, 10个工作日."""

    years: int = 0
    months: int = 0
    days: int = 0
    working_days: int = 0

    def after(self, date: dt.date) -> dt.date | None:
        """The day that lies so far after `date`; None for working days, which need a calendar of holidays."""
        if self.working_days:
            return None
        months = date.year * 12 + date.month - 1 + 12 * self.years + self.months
        year, month = divmod(months, 12)
        if year > dt.MAXYEAR - 1000:
            return None
        day = min(date.day, calendar.monthrange(year, month + 1)[1])
        return dt.date(year, month + 1, day) + dt.timedelta(days=self.days)


SPAN = rf"(?P<count>{_NUMERAL})\s?个?\s?(?P<unit>工作日|[日天年]|月|周(?!年)|星期)"
"""Pattern of a stretch of time, with the groups `count` and `unit` that `span_of` reads."""


def span_of(match: re.Match[str]) -> Span | None:
    """The stretch that a match of `SPAN` prints, None where its number is none."""
    count = read_number(match["count"])
    if not count:
        return None
    match match["unit"]:
        case "年":
            return Span(years=count)
        case "月":
            return Span(months=count)
        case "工作日":
            return Span(working_days=count)
        case "周" | "星期":
            return Span(days=7 * count)
        case _:
            return Span(days=count)
