"""The contents of an issue: `title ..... page` under the names of sections, and the period below them."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.parsing.markdown import Unmarked
from monitor.parsing.text import compact, is_blank, join_lines, tidy_title

_LEADER = r".．…·⋯_—－–\- \t\u3000"
_AFTER_TITLE = (
    "通知公告示函见定案法表录划议报程复南范则单书）)》”"  # what a title ends with, where no leader follows
)
_PAGED = re.compile(
    rf"^(?P<title>.{{0,300}}?)(?:[{_LEADER}]{{2,200}}|\s|(?<=[{_AFTER_TITLE}]))第?(?P<page>\d{{1,3}})页?$"
)
_RUN_TOGETHER = re.compile(
    rf"[{_LEADER}]{{4,200}}\d{{1,3}}(?![\d年月日])[{_LEADER}]{{0,200}}(?=\S)"
    rf"|(?<=[{_AFTER_TITLE}])\s{{0,4}}\d{{1,3}}(?=关于|国家|国务院|《)"
)
_PAGE_ALONE = re.compile(rf"^[{_LEADER}]{{0,200}}第?(?P<page>\d{{1,3}})页?$")
_RULE = re.compile(rf"^[{_LEADER}=*]+$")
_SECTION_LENGTH = 10
_LONGEST = 1000  # characters of a line
_YEAR, _MONTH, _DAY = r"(?:(?P<y{0}>20\d{{2}})年)?", r"(?:(?P<m{0}>\d{{1,2}})月)?", r"(?P<d{0}>\d{{1,2}})日?"
_PERIOD = re.compile(
    "本期收录.{0,12}?" + "[~～—–至到-]{1,3}".join((_YEAR + _MONTH + _DAY).format(n) for n in (1, 2))
)


class Entry(NamedTuple):
    """A line of the contents."""

    title: str
    section: str | None
    page: int | None


class Contents(NamedTuple):
    """The entries, the period that the issue covers and the index of the first line after both."""

    entries: tuple[Entry, ...]
    period: tuple[dt.date, dt.date] | None
    end: int


def read_contents(lines: Sequence[Unmarked], stop: int) -> Contents:
    """The contents among `lines[:stop]`; no entries where there are none."""
    start = next((n for n in range(stop) if compact(lines[n].text) in ("目录", "目錄", "目次")), None)
    if start is None:
        return Contents((), None, 0)
    reader = _Reader()
    for number in range(start + 1, stop):
        if period := _period(lines[number].text):
            return Contents(tuple(reader.entries), period, number + 1)
        for line in _apart(lines[number]):
            reader.take(line, number)
    return Contents(tuple(reader.entries), None, reader.end or start + 1)


def _apart(line: Unmarked) -> Iterator[Unmarked]:
    """The entries of a line into which several ran together, each up to its page."""
    start = 0
    for match in _RUN_TOGETHER.finditer(line.text[:_LONGEST]):
        yield line._replace(text=line.text[start : match.end()].rstrip("-—–_ ."))
        start = match.end()
    yield line._replace(text=line.text[start:])


class _Reader:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.end = 0  # the line after the last entry with a page
        self._section: str | None = None
        self._open: list[str] = []  # lines of an entry whose page has not come yet

    def take(self, line: Unmarked, number: int) -> None:
        text = line.text.strip()
        if is_blank(text):
            return
        match = _PAGE_ALONE.match(text) or _PAGED.match(text)
        if match and int(match["page"]) >= self._page():
            title = match["title"].rstrip() if "title" in match.re.groupindex else ""
            self._close(title, int(match["page"]))
            self.end = number + 1
        elif not _RULE.match(text):
            if self._is_section(line):
                self._section, self._open = compact(text), []
            else:
                self._open.append(text)

    def _page(self) -> int:
        """The last page so far: pages never go down, another figure is part of a title."""
        return next((entry.page for entry in reversed(self.entries) if entry.page is not None), 0)

    def _is_section(self, line: Unmarked) -> bool:
        short = len(compact(line.text)) <= _SECTION_LENGTH
        return short and (line.level > 0 or not self._open)

    def _close(self, title: str, page: int) -> None:
        parts = [*self._open, title] if title else self._open
        self._open = []
        text = tidy_title(join_lines(parts))
        if len(parts) == 1 and len(compact(text)) <= _SECTION_LENGTH // 2:
            self._section = compact(text)
        elif text:
            self.entries.append(Entry(text, self._section, page))


def _period(text: str) -> tuple[dt.date, dt.date] | None:
    """(本期收录2022年7月16日~7月31日医药政策信息); the second year and month can be left out."""
    match = _PERIOD.search(compact(text)[:200])
    if not match or not match["y1"] or not match["m1"]:
        return None
    try:
        first = dt.date(int(match["y1"]), int(match["m1"]), int(match["d1"]))
        month = int(match["m2"] or match["m1"])
        year = int(match["y2"] or first.year + (month < first.month))
        return first, dt.date(year, month, int(match["d2"]))
    except ValueError:
        return None
