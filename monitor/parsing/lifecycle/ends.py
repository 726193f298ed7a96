"""Clauses that say until when something is in force: 有效期5年, 执行至…, …自行失效."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.parsing.lifecycle.mentions import MARK, index_of
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
_OTHERS = re.compile(rf"上述|以上|{MARK}")  # 以上文件自…起废止 speaks of those that a list repeals
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
    reading = _Reading(text, starts, setting, follows)
    days = sorted((*moments, *find_month_ends(text)), key=lambda moment: moment.start)
    for opened, moment in zip((None, *days), days, strict=False):
        near = max(0, moment.start - _LONGEST_TERM)
        extended = extends and _EXTENDED.search(text, near, moment.start)
        if subject := Subject.NOTICE if extended else reading.subject_of_end(moment, opened):
            yield End(subject, text[near : moment.end], moment.value)
    for term in _FOR.finditer(text):
        if span := span_of(term):
            yield End(reading.subject_of_term(term.start(), term.end()), term[0], span=span)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence, the starts in it, and what is known of the notice."""

    text: str
    starts: Sequence[Start]
    setting: Setting
    follows: bool

    def subject_of_end(self, moment: Moment, opened: Moment | None) -> Subject | None:
        """Whose last day the moment is, None where it is nobody's; `opened` is the day before it."""
        if opened and RANGE.fullmatch(self.text, opened.end, moment.start):
            near = max(0, opened.start - _LONGEST_TERM)
            if term := _DURING.search(self.text, near, opened.start):
                return self.subject_of_term(term.start(), moment.end)
            ranged = (
                start for start in self.starts if start.start == opened.start and start.end > moment.end
            )
            return next((start.subject for start in ranged), None)
        near = max(0, moment.start - _LONGEST_TERM)
        if term := _UNTIL.search(self.text, near, moment.start) or _LABEL.search(
            self.text, near, moment.start
        ):
            return self.subject_of_term(term.start(), moment.end)
        return self._subject_of_repeal(moment) if _ENDS.match(self.text, moment.end) else None

    def subject_of_term(self, position: int, end: int) -> Subject:
        """Of whom the words before `position` speak, where a term ends at `end`."""
        ours = [start for start in self.starts if start.subject is not Subject.OTHER]
        if any(start.start <= position <= start.end for start in ours):
            return Subject.NOTICE
        told_before = self.follows or any(start.start < end for start in ours)
        subject = subject_of(self.text[:position], self.setting)
        return Subject.NOTICE if subject is Subject.UNNAMED and told_before else subject

    def _subject_of_repeal(self, moment: Moment) -> Subject:
        """Who ends in 自…起废止: what was named since the last start, or the notice."""
        arriving = _ARRIVING.search(self.text, max(0, moment.start - 1), moment.start)
        position = arriving.start() if arriving else moment.start
        told = max((start.end for start in self.starts if start.end <= position), default=0)
        others = _OTHERS.search(self.text, told, position)
        if others and not (len(others[0]) == 1 and index_of(others[0]) in self.setting.own):
            return Subject.OTHER
        return self.subject_of_term(position, moment.end)
