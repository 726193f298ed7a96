"""Clauses that say until when something is in force: 有效期5年, 执行至…, …自行失效."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from monitor.parsing.lifecycle.moments import RANGE, SPAN, Moment, Span, find_month_ends, span_of
from monitor.parsing.lifecycle.starts import Start
from monitor.parsing.lifecycle.subjects import Setting, Subject, subject_of

_TERM = r"(?:(?:有效|执行|实施|施行|试行|试点|暂行)期限?|有效|执行|施行|实施|试行|暂行|暂定)(?:时间|日期)?"
_UNTIL = re.compile(rf"{_TERM}(?:暂定|限|为|是|[：:]|延长|延续){{0,3}}(?:截?[至到]|截止[至到]?)$")
_DURING = re.compile(rf"{_TERM}(?:暂定|限|为|是|[：:]|自|从){{0,3}}$")
_LABEL = re.compile(r"[（(【]?(?:失效|废止|终止|有效期?截止)(?:日期|时间)[】）)]?(?:为|[：:])?\s?$")
_LONGEST_TERM = 20  # characters before a day
_FOR = re.compile(
    rf"{_TERM}(?:暂定|为期|限|为|是|[：:]){{0,3}}(?:[自从][^，,。；;]{{1,16}}起)?{SPAN}(?=$|[。；;，,、.）)（(止自])"
)
_ENDS = re.compile(
    r"[起后]?(?:自行|自动|即行|同时|予以)?(?:废止|失效|终止|停止执行|停止施行|作废)|止(?=$|[。；;，,）)])"
)
_ARRIVING = re.compile(r"[至到于]$")
_EXTENDED = re.compile(
    r"(?:(?:延长|延续|顺延|延期)(?:执行|实施|施行)?"
    r"|继续(?:有效|执行|实施|施行|试行)(?:[，,]?有效期限?)?(?:延长|延续|为)?)[至到]$"
)


@dataclass(frozen=True, slots=True)
class End:
    """A clause that says until when: a `day`, or a `span` from the start; `subject` is whose end it is."""

    subject: Subject
    phrase: str
    day: dt.date | None = None
    span: Span | None = None


def find_ends(
    text: str,
    moments: Sequence[Moment],
    starts: Sequence[Start],
    setting: Setting,
    *,
    follows: bool,
    extends: bool,
) -> Iterator[End]:
    """Every clause of a sentence that says until when something is in force.

    A clause without a subject goes with the start before it in the sentence (`starts`), or with that of the
    sentence before (`follows`); in a notice that `extends` another document, with what it extends.
    """
    ours = [start for start in starts if start.subject is not Subject.OTHER]

    def whose(position: int, end: int) -> Subject:
        if any(start.start <= position <= start.end for start in ours):
            return Subject.NOTICE
        subject = subject_of(text[:position], setting)
        told_before = follows or any(start.start < end for start in ours)
        return Subject.NOTICE if subject is Subject.UNNAMED and told_before else subject

    days = sorted((*moments, *find_month_ends(text)), key=lambda moment: moment.start)
    for opened, moment in zip((None, *days), days, strict=False):
        extended = extends and _EXTENDED.search(text, max(0, moment.start - _LONGEST_TERM), moment.start)
        subject = Subject.NOTICE if extended else _subject_of_end(text, moment, opened, starts, whose)
        if subject:
            phrase = text[max(0, moment.start - _LONGEST_TERM) : moment.end]
            yield End(subject, phrase, moment.value)
    for term in _FOR.finditer(text):
        if span := span_of(term):
            yield End(whose(term.start(), term.end()), term[0], span=span)


def _subject_of_end(
    text: str,
    moment: Moment,
    opened: Moment | None,
    starts: Sequence[Start],
    whose: Callable[[int, int], Subject],
) -> Subject | None:
    """Whose end the moment is, None where it is nobody's; `opened` is the day before it in the sentence."""
    if opened and RANGE.fullmatch(text, opened.end, moment.start):
        if term := _DURING.search(text, max(0, opened.start - _LONGEST_TERM), opened.start):
            return whose(term.start(), moment.end)
        return next((s.subject for s in starts if s.start == opened.start and s.end > moment.end), None)
    near = max(0, moment.start - _LONGEST_TERM)
    if term := _UNTIL.search(text, near, moment.start) or _LABEL.search(text, near, moment.start):
        return whose(term.start(), moment.end)
    if _ENDS.match(text, moment.end):
        arriving = _ARRIVING.search(text, near, moment.start)
        return whose(arriving.start() if arriving else moment.start, moment.end)
    return None
