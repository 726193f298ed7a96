"""The date of a list row: what is displayed beats what stands in the address."""

import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise

from monitor.parsing.dates import find_dates

_LABEL = (
    r"(?:[^\d\[\](（）)【】<>:：]{1,10}[:：]"
    r"|(?:发布|公布|公开|发文|成文|生成|印发|更新|截止|截至)?(?:日期|时间|于)?)"
)
_OPEN, _CLOSE = r"[\[(（【<〔\s]*", r"[\])）】>〕\s]*"
_FIGURES = r"(?:19|20)\d\d\s?[-/.年]\s?[01]?\d\s?[-/.月]\s?[0-3]?\d\s?日?"
_TIME = r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_WEEKDAY = (
    r"(?:[\s(（\[]*(?:(?:星期|周|礼拜)[一二三四五六日天]|(?:Mon|Tues?|Wed|Thu|Fri|Sat|Sun)[a-z]*)[\s)）\]]*)?"
)
_ONLY_A_DATE = re.compile(
    rf"{_OPEN}(?P<label>{_LABEL})\s*{_OPEN}{_WEEKDAY}(?P<date>{_FIGURES}|(?:19|20)\d\d[01]\d[0-3]\d)"
    rf"{_WEEKDAY}{_TIME}{_CLOSE}",
    re.I,
)
_LONGEST = 40
_CLOCK = re.compile(r"星期[一二三四五六日天]|今天是")  # the date of today, at the head of a page
_FIGURE = re.compile(r"\d|[二一]\s?[〇○零九]")

_MONTH_AND_DAY = re.compile(rf"{_OPEN}(?P<month>[01]?\d)\s?[-/.月]\s?(?P<day>[0-3]?\d)\s?日?{_CLOSE}")
_SHORT_YEAR = re.compile(rf"{_OPEN}(?P<date>\d\d(?P<mark>[-/.])[01]\d(?P=mark)[0-3]\d){_CLOSE}")
_BEHIND_A_DATE = re.compile(r"[\s\d:：)）\]】〕]*")
_DAY = re.compile(r"[0-3]?\d\s?日?")
_MONTH = re.compile(r"[01]?\d\s?月?")
_YEAR = re.compile(r"(?:19|20)\d\d\s?年?")
_YEAR_AND_MONTH = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?[01]?\d\s?月?")

_PUBLISHED = re.compile(r"发布|公开|公布|上网|发文|发稿|开始|起始|时间$|日期$")
_NOT_PUBLISHED = re.compile(r"成文|生成|印发|签发|截止|结束|更新|修改|实施|施行|生效|有效|失效|废止")

_MONTH_IN_ADDRESS = re.compile(r"/(?:19|20)\d\d/?(?:0[1-9]|1[0-2])/")
_DAY_IN_ADDRESS = re.compile(
    r"""
      /t(?P<a>\d{8})_\d                              # TRS: t20260910_1.html
    | /art/(?P<b>\d{4}/\d{1,2}/\d{1,2})/             # 大汉
    | /(?P<c>\d{4}-\d{1,2}-\d{1,2})/
    | /(?P<d>\d{4}-\d{2}/\d{2})/
    | /(?P<e>\d{4}/\d{2}-?\d{2})/
    | /(?P<f>\d{4}/\d{1,2}/\d{1,2})/
    | /(?P<g>\d{8})/
    | /(?P<h>\d{8})(?:[01]\d|2[0-3])[0-5]\d[0-5]\d\d{0,6}[./]   # a moment: 20251014104752137.html
    | /[PW]0(?P<i>\d{8})\d{6,}\.                     # TRS attachments
    """,
    re.X,
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2099  # of what stands in an address; laws in force are older
_FIRST_PRINTED = 1900


def is_date(text: str) -> bool:
    """Whether a piece of text is a date and nothing else, but for brackets, a label and a time."""
    return len(text) <= _LONGEST and (_ONLY_A_DATE.fullmatch(text) or _SHORT_YEAR.fullmatch(text)) is not None


def displayed_date(pieces: Sequence[str], labels: Sequence[str] = ()) -> dt.date | None:
    """The date that a row shows, from its pieces of text without the title.

    With several dates, the one labelled as that of publication wins; `labels` are the column headings of a
    table's cells, where the pieces are its cells. Unlabelled, the last one stands: tables print the day of
    writing before the day of publication.
    """
    if not any(map(_FIGURE.search, pieces)) or any(map(_is_clock, pieces)):
        return None
    found = _labelled_dates(pieces, labels)
    if found:
        best = max(rank for rank, _ in found)
        return [date for rank, date in found if rank == best][-1]
    return boxed_date(pieces) or _short_year(pieces) or _first_date(" ".join(pieces))


def _is_clock(piece: str) -> bool:
    """Whether it tells what day it is today; a date of a notice can have its weekday beside it too."""
    return _CLOCK.search(piece) is not None and not is_date(piece)


def date_at_end(text: str) -> dt.date | None:
    """The date that a text ends in; one inside of a title (…9月1日前…) is not that of the row."""
    last = next(reversed(find_dates(text)), None)
    return last.value if last is not None and _BEHIND_A_DATE.fullmatch(text, last.end) else None


def _short_year(pieces: Sequence[str]) -> dt.date | None:
    """26-09-12, alone in its element."""
    matches = (_SHORT_YEAR.fullmatch(piece) for piece in pieces if len(piece) <= _LONGEST)
    match = next(filter(None, matches), None)
    return _from_figures(f"20{match['date']}") if match else None


def _labelled_dates(pieces: Sequence[str], labels: Sequence[str]) -> list[tuple[int, dt.date]]:
    found = []
    for index, piece in enumerate(pieces):
        match = _ONLY_A_DATE.fullmatch(piece) if len(piece) <= _LONGEST else None
        date = _from_figures(match["date"], _FIRST_PRINTED) if match else None
        if match is not None and date is not None:
            before = pieces[index - 1] if index and pieces[index - 1][-1:] in ":：" else ""
            heading = labels[index] if index < len(labels) else ""
            found.append((_rank(match["label"] or before or heading), date))
    return found


def _rank(label: str) -> int:
    label = label.strip(" :：")
    if _NOT_PUBLISHED.search(label):
        return 0
    return 2 if _PUBLISHED.search(label) else 1


def boxed_date(pieces: Sequence[str]) -> dt.date | None:
    """A date split into boxes: `06` beside `2026-06`, `2026` beside `09-11`, or `2026`, `9月` and `11`."""
    for three in zip(pieces, pieces[1:], pieces[2:], strict=False):
        for year, month, day in (three, three[::-1]):
            if _YEAR.fullmatch(year) and _MONTH.fullmatch(month) and _DAY.fullmatch(day):
                return _from_figures(f"{year} {month} {day}")
    for first, second in pairwise(pieces):
        for one, other in ((first, second), (second, first)):
            if len(one) > _LONGEST or len(other) > _LONGEST:
                continue
            if _DAY.fullmatch(one) and _YEAR_AND_MONTH.fullmatch(other):
                return _from_figures(f"{other} {one}")
            month_and_day = _MONTH_AND_DAY.fullmatch(other)
            if _YEAR.fullmatch(one) and month_and_day:
                return _from_figures(f"{one} {month_and_day['month']} {month_and_day['day']}")
    return None


def _first_date(text: str) -> dt.date | None:
    return next((found.value for found in find_dates(text)), None)


def date_in_address(url: str) -> dt.date | None:
    """The day in the path of an address, in one of the forms of the known site families."""
    match = _DAY_IN_ADDRESS.search(url)
    return _from_figures(match[match.lastgroup]) if match and match.lastgroup else None


def month_and_day(pieces: Sequence[str]) -> tuple[int, int] | None:
    """The month and day that a row shows without a year."""
    for piece in pieces:
        match = _MONTH_AND_DAY.fullmatch(piece) if len(piece) <= _LONGEST else None
        if match is not None and _from_figures(f"2024 {match['month']} {match['day']}"):  # a leap year
            return int(match["month"]), int(match["day"])
    return None


def year_in_address(url: str, month: int) -> int | None:
    """The year in the path of an address that has the day, or the month if it is this one (`/202609/`)."""
    if (date := date_in_address(url)) is not None:
        return date.year
    match = _MONTH_IN_ADDRESS.search(url)
    figures = re.sub(r"\D", "", match[0]) if match else ""
    return int(figures[:4]) if figures[4:] == f"{month:02}" else None


def year_alone(text: str) -> int | None:
    """The year that a text is and nothing else, as in the heading over a part of a list."""
    text = text.strip()
    return int(text[:4]) if _YEAR.fullmatch(text.removesuffix("度")) else None


def date_of(year: int, month: int, day: int) -> dt.date | None:
    """The date, None where there is none such."""
    return _from_figures(f"{year} {month} {day}")


def _from_figures(text: str, first_year: int = _FIRST_YEAR) -> dt.date | None:
    figures = re.findall(r"\d+", text)
    if len(figures) == 1:
        figures = [text[:4], text[4:6], text[6:]]
    elif len(figures) == 2:  # 2026/0911
        figures = [figures[0], figures[1][:2], figures[1][2:]]
    try:
        date = dt.date(*map(int, figures))
    except (ValueError, TypeError):
        return None
    return date if first_year <= date.year <= _LAST_YEAR else None
