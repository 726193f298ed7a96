"""From when and until when a notice is in force.

Only what the text says of the notice itself counts: what starts on a day may as well be a price, a tender's
result or another document. Such a day is shown in a warning and never taken.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.parsing.lifecycle.mentions import MARK, MarkedText
from monitor.parsing.lifecycle.moments import SPAN, Moment, Span, find_moments, find_month_ends, span_of
from monitor.parsing.lifecycle.subjects import Setting, Subject, in_cover, subject_of
from monitor.parsing.signature import find_signature
from monitor.types import Notice

_NEAR = 90  # days; a start without a year that lies further off may be another year's
_LATEST = dt.timedelta(days=3 * 366)  # from writing to a start; more is a misprint
_EARLIEST = dt.timedelta(days=2 * 366)
_STALE = dt.timedelta(days=200)  # between writing and publication; more is a misprint or a republication
_SHOWN = 40  # characters of a sentence in a warning

_KEYWORDS = re.compile(r"施行|实施|执行|生效|试行|实行|启用|有效|失效|废止|暂行|终止")
_VERB = r"(?:施行|实施|执行|生效|试行|实行|启用|有效)"
_A_SPAN = re.sub(r"\?P<\w+>", "?:", SPAN)
_STARTS = re.compile(
    r"(?:[（(][^（）()]{0,12}[）)])?(?:零时|零点|[012]?\d[时点]|\d{1,2}[:：]\d\d)?(?:起|开始|始|之?后)?(?:[，,](?=正式|按))?"
    r"(?:正式|开始|全面|统一|同步|组织|予以){0,2}(?:(?:按照?|依照|遵照)(?:本|上述|此)[^，,。；]{1,12}?)?"
    rf"{_VERB}{{1,2}}(?=$|[。；;，,、）)（(！!”]|[至到]|为期|期|并|同时|[,，]?原?{MARK}|{_A_SPAN})"
)
_RELATIVE = re.compile(
    r"[自从于](?P<what>[^，,。；;：:自从]{0,16}?)"
    r"(?P<word>印发|下发|发布|公布|公告|颁布|颁发|发文|签发|发出|刊发|通过|批准|备案|即)(?:之)?日(?:起|开始)?"
)
_OF_THE_NOTICE = re.compile(r"(?:(?:本|此)[^的]{0,12}|文件|正式|公开)?")
_OFFSET = re.compile(rf"(?:届?满|第)?{SPAN}(?P<within>之?内|以内)?(?:届?满|之?后|以后|起|之日|次日)*")
_UNDATED = ("通过", "批准", "备案")
_MONTH_START = re.compile(r"(?:19|20)\d{2}年(?:1[0-2]|0?[1-9])月份?(?=起|开始|后)")
_START_LABEL = re.compile(r"\s*[（(【]?(?:施行|实施|执行|生效)(?:日期|时间)[】）)]?(?:为|[：:])?\s*")

_TERM = r"(?:(?:有效|执行|实施|施行|试行|试点|暂行)期限?|有效|执行|施行|实施|试行|暂行|暂定)(?:时间|日期)?"
_UNTIL = re.compile(rf"{_TERM}(?:暂定|限|为|是|[：:]|截止|截至|延长|延续)*[至到]$")
_DURING = re.compile(rf"{_TERM}(?:暂定|限|为|是|[：:]|自|从)*$")
_FOR = re.compile(
    rf"{_TERM}(?:暂定|为期|限|为|是|[：:])*(?:[自从][^，,。]{{1,16}}起)?{SPAN}(?=$|[。；;，,、）)（(止自])"
)
_ENDS = re.compile(
    r"(?:[起后]?(?:自行|自动|即行|同时|予以)?(?:废止|失效|终止|停止执行|停止施行|作废)|止(?=$|[。；;，,）)]))"
)
_RANGE = re.compile(r"起?[，,]?(?:至|到|—{1,2}|-|－|~|～|–)")
_END_LABEL = re.compile(r"\s*[（(【]?(?:失效|废止|终止|有效期?截止)(?:日期|时间)[】）)]?(?:为|[：:])?\s*")
_EXTENDS = re.compile(r"延长|延续|顺延|延期|继续(?:有效|执行|实施|施行|试行)")
_EXTENDED = re.compile(
    r"(?:延长|延续|顺延|延期|继续(?:有效|执行|实施|施行|试行)(?:[，,]?有效期限?)?(?:延长|延续|为)?)(?:执行|实施|施行)?[至到]$"
)


@dataclass(frozen=True, slots=True)
class Validity:
    """What a text says of its own force, and a sentence for each thing that was seen and not taken."""

    effective: dt.date | None = None
    expiry: dt.date | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Start:
    """A clause that says from when; `day` is None where the day cannot be told."""

    day: dt.date | None
    subject: Subject
    phrase: str
    end: int
    start: int
    why_not: str = ""


@dataclass(slots=True)
class _Found:
    starts: list[_Start]
    ends: list[dt.date]
    spans: list[tuple[Span, str]]


def find_validity(notice: Notice, text: MarkedText, own: frozenset[int], *, forwards: bool) -> Validity:
    """Read when the notice takes and loses force; what is uncertain stays None with a warning."""
    found = _Found([], [], [])
    setting = Setting(notice.title, own, forwards)
    days = _Days(notice)
    extends = bool(_EXTENDS.search(notice.title))
    follows = False  # the sentence before said from when the notice is in force
    for sentence, cover in in_cover(text):
        if sentence.in_title or not _KEYWORDS.search(sentence.text):
            follows = False
            continue
        here = replace(setting, cover=cover)
        moments = find_moments(sentence.text, days.base, within=_NEAR)
        starts = list(_starts(sentence.text, moments, here, days))
        found.starts += starts
        _add_ends(found, sentence.text, moments, here, starts, follows=follows, extends=extends)
        follows = any(start.subject is not Subject.OTHER for start in starts)
    return _decide(found, days)


class _Days:
    """The notice's own days, and what "the day of issue" means by them."""

    def __init__(self, notice: Notice) -> None:
        self.written, self.published = notice.written_date, notice.published_date
        self.base = self.written or self.published
        self._lines = notice.body.split("\n")

    def doubt(self) -> str:
        """Why the day of issue cannot be told, or an empty string."""
        if self.base is None:
            return "成文日期和发布日期都没有"
        if self.written and self.published and not dt.timedelta(0) <= self.published - self.written <= _STALE:
            return f"成文日期{self.written}与发布日期{self.published}相互矛盾"
        signature = find_signature(self._lines)
        if self.written and signature and signature.date not in (None, self.written):
            return f"成文日期{self.written}与落款日期{signature.date}不一致"
        return ""

    def is_plausible(self, start: dt.date) -> bool:
        """The start lies near enough to the writing to be no misprint."""
        return self.base is None or -_EARLIEST <= start - self.base <= _LATEST


def _starts(text: str, moments: Sequence[Moment], setting: Setting, days: _Days) -> Iterator[_Start]:
    for number, moment in enumerate(moments):
        label = _START_LABEL.fullmatch(text, 0, moment.start)
        verb = _STARTS.match(text, moment.end)
        if not verb and not label:
            continue
        opened = moments[number - 1] if number else moment
        first = opened if verb and _RANGE.fullmatch(text, opened.end, moment.start) else moment
        subject = Subject.NOTICE if label else subject_of(text[: first.start], setting)
        end = verb.end() if verb else moment.end
        yield _Start(first.value, subject, text[first.start : end], end, first.start, "没有写明年份")
    yield from _counted_starts(text, setting, days)
    for month in _MONTH_START.finditer(text):
        if verb := _STARTS.match(text, month.end()):
            phrase = text[month.start() : verb.end()]
            yield _Start(
                None,
                subject_of(text[: month.start()], setting),
                phrase,
                verb.end(),
                month.start(),
                "只写到月份",
            )


def _counted_starts(text: str, setting: Setting, days: _Days) -> Iterator[_Start]:
    """自印发之日起施行, 自公布之日起30日后施行."""
    for issue in _RELATIVE.finditer(text):
        offset = _OFFSET.match(text, issue.end())
        verb = _STARTS.match(text, issue.end()) or (offset and _STARTS.match(text, offset.end()))
        if not verb or (offset and offset["within"]):
            continue
        counted = offset if offset and offset.end() <= verb.start() else None
        subject = subject_of(text[: issue.start()], setting)
        if not _OF_THE_NOTICE.fullmatch(issue["what"]):
            subject = Subject.OTHER
        day, why_not = _counted(issue["word"], span_of(counted) if counted else Span(), days)
        yield _Start(day, subject, text[issue.start() : verb.end()], verb.end(), issue.start(), why_not)


def _counted(word: str, span: Span | None, days: _Days) -> tuple[dt.date | None, str]:
    doubt = "起算日不是发文日期" if word in _UNDATED else days.doubt()
    if doubt or days.base is None or span is None:
        return None, doubt
    return span.after(days.base), "以工作日计算"


def _add_ends(
    found: _Found,
    text: str,
    moments: Sequence[Moment],
    setting: Setting,
    starts: Sequence[_Start],
    *,
    follows: bool,
    extends: bool,
) -> None:
    def is_own(position: int, clause_end: int) -> bool:
        """The words from the clause's start to `position` speak of the notice."""
        own = [start for start in starts if start.subject is not Subject.OTHER and start.start <= clause_end]
        if any(start.start <= position <= start.end for start in own):
            return True
        subject = subject_of(text[:position], setting)
        return subject is Subject.NOTICE or (subject is Subject.UNNAMED and bool(own or follows))

    for moment in sorted((*moments, *find_month_ends(text)), key=lambda moment: moment.start):
        before = text[: moment.start]
        opened = next((m for m in moments if _RANGE.fullmatch(text, m.end, moment.start)), None)
        if opened and (term := _DURING.search(before[: opened.start])):
            own = is_own(term.start(), moment.end)
        elif opened and _STARTS.match(text, moment.end):
            own = is_own(opened.start, moment.end)
        elif term := _UNTIL.search(before):
            own = is_own(term.start(), moment.end)
        elif _ENDS.match(text, moment.end):
            own = is_own(len(before.removesuffix("至").removesuffix("于")), moment.end)
        else:
            own = bool(_END_LABEL.fullmatch(before))
        if (own or (extends and _EXTENDED.search(before))) and moment.value:
            found.ends.append(moment.value)
    for term in _FOR.finditer(text):
        if is_own(term.start(), term.end()) and (span := span_of(term)):
            found.spans.append((span, term[0]))


def _decide(found: _Found, days: _Days) -> Validity:
    warnings: list[str] = []
    effective = _effective(found.starts, days, warnings)
    expiry = _expiry(found, effective, warnings)
    return Validity(effective, expiry, tuple(warnings))


def _effective(starts: Sequence[_Start], days: _Days, warnings: list[str]) -> dt.date | None:
    own = [start for start in starts if start.subject is not Subject.OTHER]
    known = sorted({start.day for start in own if start.day})
    if len(known) > 1:
        warnings.append(f"正文写有不止一个施行日期（{'、'.join(map(str, known))}），未采用其中任何一个。")
    elif known and days.is_plausible(known[0]):
        return known[0]
    elif known:
        warnings.append(f"正文所写施行日期{known[0]}与发文日期{days.base}相差过大，未采用。")
    elif own:
        warnings.append(f"正文称“{own[0].phrase[:_SHOWN]}”，但{own[0].why_not}，施行日期无法确定。")
    elif other := [start for start in starts if start.day]:
        warnings.append(f"正文称“{other[0].phrase[:_SHOWN]}”，所指似非本文件自身，未作为施行日期。")
    return None


def _expiry(found: _Found, effective: dt.date | None, warnings: list[str]) -> dt.date | None:
    days = set(found.ends)
    spans = dict(found.spans)
    if not days and effective:
        days = {end - dt.timedelta(days=1) for span in spans if (end := span.after(effective))}
    if len(days) > 1:
        warnings.append(
            f"正文写有不止一个失效日期（{'、'.join(map(str, sorted(days)))}），未采用其中任何一个。"
        )
    elif not days and spans:
        warnings.append(f"正文称“{next(iter(spans.values()))[:_SHOWN]}”，但起算日期无法确定，失效日期未填。")
    elif days and effective and min(days) <= effective:
        warnings.append(f"正文所写失效日期{min(days)}不晚于施行日期{effective}，未采用。")
    elif days:
        return min(days)
    return None
