"""Clauses that say from when something is in force: 自…起施行."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.parsing.lifecycle.mentions import MARK
from monitor.parsing.lifecycle.moments import RANGE, SPAN, Moment, Span, span_of
from monitor.parsing.lifecycle.subjects import Setting, Subject, subject_of
from monitor.parsing.signature import find_signature
from monitor.types import Notice

_STALE = dt.timedelta(days=200)  # between writing and publication; more is a misprint or a republication
_LATEST = dt.timedelta(days=3 * 366)  # from writing to a start; more is a misprint
_EARLIEST = dt.timedelta(days=2 * 366)

_VERB = r"(?:施行|实施|执行|生效|试行|实行|启用|有效)"
_A_SPAN = re.sub(r"\?P<\w+>", "?:", SPAN)
_STARTS = re.compile(
    r"(?:[（(][^（）()]{0,12}[）)])?(?:零时|零点|[012]?\d[时点]|\d{1,2}[:：]\d\d)?(?:起|开始|始|之?后)?(?:[，,](?=正式|按))?"
    r"(?:正式|开始|全面|统一|同步|组织|予以){0,2}(?:(?:按照?|依照|遵照)(?:本|上述|此)[^，,。；]{1,12}?)?"
    rf"{_VERB}{{1,2}}(?=$|[。；;，,、）)（(！!”.]|[至到]|为期|期|并|同时|原?{MARK}|{_A_SPAN})"
)
_ISSUED = re.compile(
    r"[自从于](?P<what>[^，,。；;：:自从]{0,16}?)"
    r"(?P<word>印发|下发|发布|公布|公告|颁布|颁发|发文|签发|发出|刊发|通过|批准|备案|即)(?:之)?日(?:起|开始)?"
)
_OF_THE_NOTICE = re.compile(r"(?:(?:本|此)[^的]{0,12}|文件|正式|公开)?")
_OFFSET = re.compile(rf"(?:届?满|第)?{SPAN}(?P<within>之?内|以内)?(?:届?满|之?后|以后|起|之日|次日)*")
_NOT_AN_ISSUE = ("通过", "批准", "备案")
_ON_PUBLICATION = ("发布", "公布", "公告", "颁布", "刊发")
_MONTH = re.compile(r"(?:19|20)\d{2}年(?:1[0-2]|0?[1-9])月份?(?=起|开始|后)")
_LABEL = re.compile(r"[（(【]?(?:施行|实施|执行|生效)(?:日期|时间)[】）)]?(?:为|[：:])?\s?$")
_LONGEST_LABEL = 12


@dataclass(frozen=True, slots=True)
class Start:
    """A clause, `text[start:end]`, that says from when; `day` is None where it cannot be told.

    `note` says why not, or what a day that was counted rests on.
    """

    day: dt.date | None
    subject: Subject
    phrase: str
    start: int
    end: int
    note: str = ""


class IssueDays:
    """The notice's own days, and what "the day of issue" means by them."""

    def __init__(self, notice: Notice) -> None:
        self.written, self.published = notice.written_date, notice.published_date
        self.base = self.written or self.published
        self._body = notice.body

    def doubt(self) -> str:
        """Why the day of issue cannot be told, or an empty string."""
        if self.base is None:
            return "成文日期和发布日期均不明"
        if self.written and self.published and not dt.timedelta(0) <= self.published - self.written <= _STALE:
            return f"成文日期{self.written}与发布日期{self.published}对不上"
        signature = find_signature(self._body.split("\n"))
        if self.written and signature and signature.date not in (None, self.written):
            return f"成文日期{self.written}与落款日期{signature.date}不一致"
        return ""

    def is_plausible(self, start: dt.date) -> bool:
        """The start lies near enough to the writing to be no misprint."""
        return self.base is None or -_EARLIEST <= start - self.base <= _LATEST


def find_starts(text: str, moments: Sequence[Moment], setting: Setting, days: IssueDays) -> Iterator[Start]:
    """Every clause of a sentence that says from when something is in force, whatever its subject."""
    yield from _printed(text, moments, setting)
    yield from _counted(text, setting, days)
    for month in _MONTH.finditer(text):
        if verb := _STARTS.match(text, month.end()):
            subject = subject_of(text[: month.start()], setting)
            phrase = text[month.start() : verb.end()]
            yield Start(None, subject, phrase, month.start(), verb.end(), "只写到月份")


def _printed(text: str, moments: Sequence[Moment], setting: Setting) -> Iterator[Start]:
    """自2023年1月1日起施行, 自2023年1月1日至2025年12月31日施行, 施行日期：2023年1月1日."""
    for number, moment in enumerate(moments):
        label = _LABEL.search(text, max(0, moment.start - _LONGEST_LABEL), moment.start)
        verb = _STARTS.match(text, moment.end)
        if not verb and not label:
            continue
        opened = moments[number - 1] if number else moment
        first = opened if verb and RANGE.fullmatch(text, opened.end, moment.start) else moment
        subject = subject_of(text[: label.start() if label else first.start], setting)
        end = verb.end() if verb else moment.end
        yield Start(first.value, subject, text[first.start : end], first.start, end, _no_year(first))


def _no_year(moment: Moment) -> str:
    return "" if moment.value else "年份无法推定"


def _counted(text: str, setting: Setting, days: IssueDays) -> Iterator[Start]:
    """自印发之日起施行, 自公布之日起30日后施行."""
    for issue in _ISSUED.finditer(text):
        offset = _OFFSET.match(text, issue.end())
        verb = _STARTS.match(text, issue.end())
        if offset and not verb and not offset["within"]:
            verb = _STARTS.match(text, offset.end())
        else:
            offset = None
        if not verb:
            continue
        ours = _OF_THE_NOTICE.fullmatch(issue["what"])
        subject = subject_of(text[: issue.start()], setting) if ours else Subject.OTHER
        day, note = _day_counted(issue["word"], span_of(offset) if offset else Span(), days)
        yield Start(day, subject, text[issue.start() : verb.end()], issue.start(), verb.end(), note)


def _day_counted(word: str, span: Span | None, days: IssueDays) -> tuple[dt.date | None, str]:
    doubt = "起算日不是发文日期" if word in _NOT_AN_ISSUE else days.doubt()
    if doubt or days.base is None or span is None:
        return None, doubt
    day = span.after(days.base)
    if day is None:
        return None, "以工作日计算"
    differs = word in _ON_PUBLICATION and days.written and days.published not in (None, days.written)
    return day, f"按成文日期{days.written}推算，而发布日期为{days.published}" if differs else ""
