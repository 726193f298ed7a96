"""Until when the public may send its opinion on a draft."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.parsing.lifecycle.mentions import MarkedText
from monitor.parsing.lifecycle.moments import RANGE, SPAN, Moment, find_moments, span_of
from monitor.types import Notice

_NEAR = 120  # days; a deadline without a year that lies further off may be another year's
_LATEST = dt.timedelta(days=366)  # from publication to a deadline; more is a misprint
_SHOWN = 40  # characters of a sentence in a warning

_ABOUT_OPINIONS = re.compile(
    r"意见|建议|反馈|反映|征求|征集|公示|邮[箱件寄]|传真|来信|来函|信函|书面|截止|截至|结束"
)
_OTHER_EVENT = re.compile(
    r"施行|生效|废止|座谈会|听证|报名|培训|申报|有效期|收到[^，,。]{0,12}意见|已[^，,。]{0,12}征求|召开|起草了?|制定了?"
)
_CLAUSE_END = re.compile(r"[，,；;：:]")
_GLANCE = 8  # characters after a clause in which 截至…，共收到… gives itself away
_BEFORE = re.compile(
    r"(?:[（(][^（）()]{0,14}[）)])?(?:[上下]午|中午|晚上?)?\s?"
    r"(?:\d{1,2}\s?[:：]\s?\d{2}(?:[:：]\d{2})?|\d{1,2}[时点](?:\d{1,2}分?|半|整)?)?(?:[（(][^（）()]{0,10}[）)])?"
    r"(?:下班)?(?:之?前|以前|[（(]含[^（）()]{0,6}[）)]之?前|截止|为?止|结束|期间|之?间|内)"
)
_UNTIL = re.compile(
    r"(?:截至|截止(?:日期|时间|期限|日)?|结束(?:日期|时间)|最迟|不迟于|不晚于|(?:征求意见|征集|反馈|公示)(?:日期|时间|期限|期)?[至到])"
    r"(?:为|是|[：:]|[至到]|于|\s)*$"
)
_COUNTED = re.compile(
    r"(?:[自从于为是：:，,期限]|^)(?P<what>[^，,。；;：:自从为是期限]{0,16}?)(?P<word>发布|公布|公告|公示|刊登|刊载|登载|印发|见报|挂网|公开|发文|即)(?:之)?日(?:起|后|开始|计算|算)*[，,]?"
    rf"(?:[^，,。；;\d]{{0,10}}?(?:为期|期限为|为))?{SPAN}"
)
_LONGEST_LABEL = 20
_FROM_DAY = re.compile(rf"(?:起|后)[，,]?{SPAN}(?:之?内|以内)")
_LASTS = re.compile(
    rf"(?:征求意见|征集意见|征集|公示|反馈)(?:的)?(?:时间|期限|期)?(?:共|为期|为|[：:])*{SPAN}"
)
_OF_THE_NOTICE = re.compile(r"(?:(?:本|此)[^的]{0,12}|公告|通知|通告|文件|正式|在?[^，,。]{0,6}网站?)?")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, and a sentence for each thing that was seen and not taken."""

    day: dt.date | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    day: dt.date | None
    phrase: str
    why_not: str = ""


def find_deadline(notice: Notice, text: MarkedText) -> Deadline:
    """Read the last day for opinions; what is uncertain stays None with a warning.

    A year that is not printed is the one that puts the day next after publication.
    """
    if not notice.body:
        return Deadline()
    base = min((day for day in (notice.written_date, notice.published_date) if day), default=None)
    issued = notice.published_date or notice.written_date
    found: list[_Candidate] = []
    for sentence in text.sentences:
        if not sentence.in_title and _ABOUT_OPINIONS.search(sentence.text):
            found += _candidates(sentence.text, base, issued)
    return _decide(found, base)


def _candidates(text: str, base: dt.date | None, issued: dt.date | None) -> Iterator[_Candidate]:
    moments = find_moments(text, base, within=_NEAR)
    for number, moment in enumerate(moments):
        opened = moments[number - 1] if number else None
        if _OTHER_EVENT.search(_around(text, moment)):
            continue
        if _is_last(text, moment, opened):
            yield _Candidate(moment.value, text[moment.start : moment.end + 6], "没有写明年份")
        elif (counted := _FROM_DAY.match(text, moment.end)) and moment.value:
            span = span_of(counted)
            yield _Candidate(
                span.after(moment.value) if span else None, text[moment.start : counted.end()], "以工作日计算"
            )
    yield from _counted(text, issued) if not moments else ()


def _around(text: str, moment: Moment) -> str:
    """The clause that a day stands in, and a glance at the next."""
    before = _CLAUSE_END.split(text[max(0, moment.start - _SHOWN) : moment.start])[-1]
    end = _CLAUSE_END.search(text, moment.end)
    return before + text[moment.end : min(end.start() if end else len(text), moment.end + _SHOWN) + _GLANCE]


def _is_last(text: str, moment: Moment, opened: Moment | None) -> bool:
    if opened and RANGE.fullmatch(text, opened.end, moment.start):
        return True
    return bool(
        _BEFORE.match(text, moment.end)
        or _UNTIL.search(text, max(0, moment.start - _LONGEST_LABEL), moment.start)
    )


def _counted(text: str, issued: dt.date | None) -> Iterator[_Candidate]:
    """自本公告发布之日起30日内."""
    for issue in _COUNTED.finditer(text):
        span = span_of(issue)
        if not span or not _OF_THE_NOTICE.fullmatch(issue["what"]):
            continue
        if issued is None:
            yield _Candidate(None, issue[0], "发布日期不明")
        else:
            yield _Candidate(span.after(issued), issue[0], "以工作日计算，节假日须另行推算")
        return
    if lasting := _LASTS.search(text):
        yield _Candidate(None, lasting[0], "没有写明起算日期")


def _decide(found: list[_Candidate], base: dt.date | None) -> Deadline:
    days = sorted({candidate.day for candidate in found if candidate.day})
    if len(days) > 1:
        return Deadline(
            None, (f"正文写有不止一个意见反馈期限（{'、'.join(map(str, days))}），请以原文为准。",)
        )
    if not days and found:
        doubt = f"正文称「{found[0].phrase[:_SHOWN]}」，但{found[0].why_not}，意见反馈截止日期未填。"
        return Deadline(None, (doubt,))
    if not days:
        return Deadline(None, ("正文未见意见反馈截止日期。",))
    if base and not dt.timedelta(0) <= days[0] - base <= _LATEST:
        return Deadline(None, (f"正文所写意见反馈期限{days[0]}与发布日期{base}不符，未采用。",))
    return Deadline(days[0])
