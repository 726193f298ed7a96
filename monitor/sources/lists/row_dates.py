"""The date of a list row: what is displayed beats what stands in the address."""

import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise

from monitor.parsing.dates import find_dates, parse_date

_LABEL = (
    r"(?:[^\d\[\](（）)【】<>:：]{1,10}[:：]"
    r"|(?:发布|公布|公开|发文|成文|生成|印发|更新|截止|截至)?(?:日期|时间|于)?)"
)
_OPEN, _CLOSE = r"[\[(（【<〔\s]*", r"[\])）】>〕\s]*"
_FIGURES = r"(?:19|20)\d\d\s?[-/.年]\s?[01]?\d\s?[-/.月]\s?[0-3]?\d\s?日?"
_TIME = r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_ONLY_A_DATE = re.compile(
    rf"{_OPEN}(?P<label>{_LABEL})\s*{_OPEN}(?P<date>{_FIGURES}|(?:19|20)\d\d[01]\d[0-3]\d){_TIME}{_CLOSE}"
)
_LONGEST = 40
_CLOCK = re.compile(r"星期[一二三四五六日天]|今天是")  # the date of today, at the head of a page
_FIGURE = re.compile(r"\d|[二一]\s?[〇○零九]")

_MONTH_AND_DAY = re.compile(rf"{_OPEN}(?P<month>[01]?\d)\s?[-/.月]\s?(?P<day>[0-3]?\d)\s?日?{_CLOSE}")
_DAY = re.compile(r"[0-3]?\d\s?日?")
_YEAR = re.compile(r"(?:19|20)\d\d\s?年?")
_YEAR_AND_MONTH = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?[01]?\d\s?月?")

_PUBLISHED = re.compile(r"发布|公开|公布|上网|发文|发稿|开始|起始|时间$|日期$")
_NOT_PUBLISHED = re.compile(r"成文|生成|印发|签发|截止|结束|更新|修改|实施|施行|生效|有效|失效|废止")

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
_FIRST_YEAR, _LAST_YEAR = 1990, 2099


def is_date(text: str) -> bool:
    """Whether a piece of text is a date and nothing else, but for brackets, a label and a time."""
    return len(text) <= _LONGEST and _ONLY_A_DATE.fullmatch(text) is not None


def displayed_date(pieces: Sequence[str], labels: Sequence[str] = ()) -> dt.date | None:
    """The date that a row shows, from its pieces of text without the title.

    With several dates, the one labelled as that of publication wins; `labels` are the column headings of a
    table's cells, where the pieces are its cells. Unlabelled, the last one stands: tables print the day of
    writing before the day of publication.
    """
    if not any(map(_FIGURE.search, pieces)) or any(map(_CLOCK.search, pieces)):
        return None
    found = _labelled_dates(pieces, labels)
    if found:
        best = max(rank for rank, _ in found)
        return [date for rank, date in found if rank == best][-1]
    return _boxed_date(pieces) or _first_date(" ".join(pieces))


def _labelled_dates(pieces: Sequence[str], labels: Sequence[str]) -> list[tuple[int, dt.date]]:
    found = []
    for index, piece in enumerate(pieces):
        match = _ONLY_A_DATE.fullmatch(piece) if len(piece) <= _LONGEST else None
        date = parse_date(match["date"]) if match else None
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


def _boxed_date(pieces: Sequence[str]) -> dt.date | None:
    """A date split into boxes: `06` beside `2026-06`, `2026` beside `09-11`."""
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


def day_of_year(pieces: Sequence[str], url: str) -> dt.date | None:
    """The date of a row that shows only month and day; the year is that of its address, if it has one."""
    near = date_in_address(url)
    if near is None:
        return None
    for piece in pieces:
        match = _MONTH_AND_DAY.fullmatch(piece) if len(piece) <= _LONGEST else None
        if match is not None:
            return _from_figures(f"{near.year} {match['month']} {match['day']}")
    return None


def _from_figures(text: str) -> dt.date | None:
    figures = re.findall(r"\d+", text)
    if len(figures) == 1:
        figures = [text[:4], text[4:6], text[6:]]
    elif len(figures) == 2:  # 2026/0911
        figures = [figures[0], figures[1][:2], figures[1][2:]]
    try:
        date = dt.date(*map(int, figures))
    except (ValueError, TypeError):
        return None
    return date if _FIRST_YEAR <= date.year <= _LAST_YEAR else None
